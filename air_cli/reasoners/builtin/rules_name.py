"""Rules for questions that ask for a name: which year, which country, what colour. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from air_cli.reasoners.builtin.across import EACH, across_of, stack_at
from air_cli.reasoners.builtin.asked import Asked, free_dimension
from air_cli.reasoners.builtin.choices import picked
from air_cli.reasoners.builtin.context import (
    NOWHERE,
    Context,
    marks_in,
    number_of,
    without_wholes,
)
from air_cli.reasoners.builtin.program import (
    Across,
    Choose,
    Crosses,
    Expression,
    Marks,
    Names,
    Pick,
    Steps,
    Test,
)
from air_cli.reasoners.builtin.quantity import FOLDED, quantity
from air_cli.reasoners.builtin.rules_count import beyond
from air_cli.reasoners.builtin.spans import Span
from air_cli.reasoners.builtin.tokens import forms
from air_cli.reasoners.builtin.uncoloured import stood_for

Proposal = tuple[float, Expression, str]
TURNS = frozenset(
    ("go", "turn", "become", "drop", "fall", "cross", "climb", "dip", "first", "pass")
)
_AGES = re.compile(r"\d{2}\s?(?:[-–]\s?\d{2}|\+)")


def names(ctx: Context, want: Asked, prior: float = 1.0) -> Iterator[Proposal]:
    """Programs whose answer is a name or a list of names."""
    marks = _beyond_noun(ctx, marks_in(ctx, 0, ctx.end), want)
    colors = ctx.spans_in(0, ctx.end, "color")
    if colors and not marks.series and not marks.color:
        marks = replace(marks, color=str(colors[0].value))
    dim = want.dim or free_dimension(
        ctx, bool(marks.series or marks.color), bool(marks.categories), want.noun
    )
    open_marks = _alike(ctx, _open(marks, dim), dim, want.noun)
    yield from _chosen(ctx, dim, prior)
    yield from _by_operation(ctx, dim, prior)
    yield from _by_step(ctx, open_marks, dim, prior)
    yield from _by_head(ctx, open_marks, dim, prior)
    yield from _by_value(ctx, open_marks, dim, prior)
    yield from _by_equality(ctx, dim, prior)
    yield from _by_relation(ctx, dim, prior)
    yield from _like_another(ctx, marks, dim, prior)
    if dim in ("category", "series"):
        yield from ((prior * p, found, why) for p, found, why in beyond(ctx, want, dim))
    if marks.color and dim != "color" and not ctx.heads:
        yield from stood_for(ctx, marks.color, want.dim, prior)
    if dim == "color" and (marks.series or marks.categories):
        yield prior, Names(replace(marks, color="", test=None), "color"), "the colour of a name"


def _beyond_noun(ctx: Context, marks: Marks, want: Asked) -> Marks:
    """The noun that is asked for ("which industry"), and weak likenesses within it, choose nothing:
    "which type of school" does not mean the one name that has the word school."""
    noun = ctx.words(want.at, min(want.at + 4, ctx.end))
    end = next((n for n, word in enumerate(noun) if word in ("for", "of", "in", "by")), len(noun))
    weak = {
        str(span.value)
        for span in ctx.spans_in(want.at, want.at + end, "series", "category")
        if span.score < 0.8
        or (span.hi == want.at + 1 and ctx.words(span.lo, span.hi) == [want.noun])
    }
    return replace(
        marks,
        series=tuple(name for name in marks.series if name not in weak),
        categories=tuple(name for name in marks.categories if name not in weak),
    )


def _alike(ctx: Context, marks: Marks, dim: str, noun: str) -> Marks:
    """Only the names of the kind asked for, where a chart mixes kinds: "which age group"."""
    if ctx.schema.kind == "table" and not marks.categories and dim == "category":
        alike = tuple(name for name in ctx.schema.categories if _called(ctx, name, noun))
        return replace(marks, categories=alike) if len(alike) > 1 else marks
    if dim == "series" or marks.categories or noun not in ("age_group", "age", "age_range"):
        return marks
    fits = tuple(name for name in ctx.schema.categories if _AGES.search(name))
    if len(fits) < 2 or len(fits) == len(ctx.schema.categories):
        return marks
    return replace(marks, categories=fits)


def _called(ctx: Context, name: str, noun: str) -> bool:
    """Whether a row has a noun, or one that means the same, in its name: costs are expenses."""
    same = ctx.lexicon.same
    wanted = same.get((noun,), noun)
    return bool(noun) and wanted in {same.get((word,), word) for word in forms(name)}


def _open(marks: Marks, dim: str) -> Marks:
    """The marks without a choice in the dimension that is asked for, unless a stretch."""
    if dim == "category" and not marks.span and len(marks.categories) == 1:
        return replace(marks, categories=())
    if dim == "series" and len(marks.series) == 1:
        return replace(marks, series=())
    return marks


def _chosen(ctx: Context, dim: str, prior: float) -> Iterator[Proposal]:
    """ "Which is larger, A or B?": the options stand around "or"."""
    words = ctx.words(0, ctx.end)
    comparatives = [s for s in ctx.linked.spans
                    if s.tag("comparative") or s.kind == "extreme"]  # fmt: skip
    if "or" not in words or not comparatives:
        return
    at = len(words) - 1 - words[::-1].index("or")
    sense = comparatives[0].tag("comparative") or comparatives[0].value
    how = "highest" if sense == "max" else "lowest"
    before = words[:at][::-1]
    said = comparatives[0].hi if comparatives[0].hi < at else 0  # "is it A or B that has more?"
    comma = at - 1 - before.index(",") if "," in before else said
    lo = comma if comma < at else said
    left, right = _option(ctx, lo, at), _option(ctx, at + 1, ctx.end)
    if left is None or right is None or left[0] == right[0]:
        return
    yield prior * 1.1, Choose(how, (left, right)), "one of two options"


def _option(ctx: Context, lo: int, hi: int) -> tuple[str, Expression] | None:
    named = ctx.spans_in(lo, hi, "series", "category", "color")
    heads = ctx.heads_in(lo, hi, "operation", "extreme")
    shared = _context(ctx, lo, hi)
    if heads:
        found = quantity(ctx, lo, hi, shared)
        label = " ".join(t.text for t in ctx.linked.tokens[lo:hi] if not t.punctuation)
        return (_stripped(ctx, label), found) if found is not None else None
    if not named:
        return None
    found = quantity(ctx, lo, hi, shared)
    return (str(named[-1].value), found) if found is not None else None


def _stripped(ctx: Context, label: str) -> str:
    words = label.split()
    while words and words[0].lower() in ("the", "and", "or", "a"):
        words = words[1:]
    return " ".join(words)


def _context(ctx: Context, lo: int, hi: int) -> Marks:
    """What the rest of the question says of the dimension that the option leaves open."""
    inside = {span.kind for span in ctx.spans_in(lo, hi, "series", "category", "color")}
    shared: list[Span] = [
        span
        for span in ctx.spans_in(0, ctx.end, "series", "category")
        if span.kind not in inside and not lo <= span.lo < hi
    ]
    lines = tuple(dict.fromkeys(str(s.value) for s in shared if s.kind == "series"))
    rows = tuple(dict.fromkeys(str(s.value) for s in shared if s.kind == "category"))
    return replace(NOWHERE, series=lines[:1], categories=rows[:1])


def _by_operation(ctx: Context, dim: str, prior: float) -> Iterator[Proposal]:
    """The name at which a difference, ratio, sum or average is the largest or smallest."""
    operations = ctx.heads_in(0, ctx.end, "operation")
    extremes = ctx.heads_in(0, ctx.end, "extreme")
    numbers = ctx.spans_in(0, ctx.end, "number")
    for operation in operations:
        if operation.value == "closest" and not numbers:
            across = across_of(ctx, "difference", "lowest", "name", dim)
            if across is not None:
                yield prior, across, "the name at which two are closest"
        if operation.value not in (*EACH, *FOLDED):
            continue
        op = "difference" if operation.value == "growth" else operation.value
        for extreme in extremes[-1:]:
            how = "highest" if extreme.value == "max" else "lowest"
            across = across_of(ctx, op, how, "name", dim)
            if across is not None and dim in ("", across.dim):
                found = replace(across, rank=extreme.rank)
                yield prior * 1.1, found, f"the name with the {how} {op}"
        if not extremes and numbers:
            across = across_of(ctx, op, "nearest", "name", dim)
            if across is not None and dim in ("", across.dim):
                seek = number_of(ctx, numbers[-1])
                yield prior, _seeking(across, seek), f"the name whose {op} is {seek:g}"


def _seeking(across: Across, value: float) -> Across:
    return replace(across, test=Test("eq", value))


def _by_step(ctx: Context, marks: Marks, dim: str, prior: float) -> Iterator[Proposal]:
    for head in ctx.heads_in(0, ctx.end, "operation"):
        if head.value in ("increase", "decrease") and dim == "category" and ctx.schema.ordered:
            strong = bool(ctx.heads_in(0, ctx.end, "extreme"))
            yield prior * (1.1 if strong else 0.5), Steps(marks, head.value), "the largest step"


def _by_head(ctx: Context, marks: Marks, dim: str, prior: float) -> Iterator[Proposal]:
    heads = ctx.heads_in(0, ctx.end, "extreme", "position")
    if not heads:
        yield from _by_comparative(ctx, marks, dim, prior)
        return
    head = next((h for h in heads if h.kind == "extreme"), heads[0])
    if len(heads) > 1 and head.kind == "extreme" and dim != "category":
        head = heads[0]
    among = without_wholes(ctx, replace(marks, test=None), dim)
    if dim == "category" and (stack := stack_at(ctx, head, among, "name")) is not None:
        yield prior * 1.05, stack, f"the {stack.how} of whole stacks"
    found = picked(ctx, head, among)
    many = isinstance(found, Marks)
    clean = _without_color(ctx, found, dim)
    yield prior, Names(clean, dim, many), f"the name of the {head.value}"


def _by_comparative(ctx: Context, marks: Marks, dim: str, prior: float) -> Iterator[Proposal]:
    """ "Which line has a higher value in 2017?": a comparative that compares with the rest."""
    senses = [s for s in ctx.linked.spans if s.tag("comparative")]
    than = {"than", "then"} & set(ctx.words(0, ctx.end))
    if not senses or than or marks.test is not None or ctx.spans_in(0, ctx.end, "number"):
        return
    how = "highest" if senses[0].tag("comparative") == "max" else "lowest"
    if (dim == "series" and not marks.categories) or (
        dim == "category" and not (marks.series or ctx.schema.single)
    ):
        among = replace(marks, test=None)
        yield prior * 0.7, Across(dim, "mean", how, among=among), f"the {how} on average"
    else:
        yield prior * 0.8, Names(Pick(marks, how), dim), f"the name of the {how}"


def _without_color(ctx: Context, found: Expression, dim: str) -> Expression:
    if dim != "color":
        return found
    if isinstance(found, Pick):
        return replace(found, of=replace(found.of, color=""))
    return found


def _by_value(ctx: Context, marks: Marks, dim: str, prior: float) -> Iterator[Proposal]:
    numbers = ctx.spans_in(0, ctx.end, "number")
    free = [n for n in numbers if not any(h.lo <= n.lo < h.hi for h in ctx.heads)]
    if marks.test is not None and marks.test.op not in ("eq",):
        several = ctx.heads_in(0, ctx.end, "extreme", "operation")
        marks = without_wholes(ctx, marks, dim)
        if dim == "category" and _turns(ctx):
            yield prior * 1.1, Names(Pick(marks, "first"), dim), "the first that passes"
        yield prior * (0.6 if several else 1.0), Names(marks, dim, True), "the names that pass"
    elif free and (not ctx.heads or any(_stands(ctx, number_of(ctx, n)) for n in free)):
        value = _likely(ctx, [number_of(ctx, span) for span in free])
        prior = prior * 1.15 if _stands(ctx, value) else prior
        plain = replace(marks, test=None)
        yield prior, Names(Pick(plain, "nearest", value=value), dim), "the name with a value"
        if len(free) == 2 and not ctx.schema.single:
            pair = (number_of(ctx, free[0]), number_of(ctx, free[1]))
            yield prior * 0.9, Names(Pick(plain, "nearest", value=pair[0]), dim), "two values"


def _turns(ctx: Context) -> bool:
    """ "When did it turn negative?", "first exceed 100", "drop below 50": it happens once."""
    words = ctx.words(0, ctx.end)
    first = {"first time", "first exceed", "first pass"} & {
        f"{a} {b}" for a, b in itertools.pairwise(words)
    }
    did = "did" in words and words[:1] != ["how"] and not ctx.heads_in(0, ctx.end, "extreme")
    once = not {"years", "months", "quarters", "all"} & {
        token.text.casefold() for token in ctx.linked.tokens
    }
    return bool(first) or (did and once and ctx.schema.ordered and bool(TURNS & set(words)))


def _likely(ctx: Context, values: Sequence[float]) -> float:
    """Of several numbers of a question the one that stands in the chart, else the last."""
    return next((value for value in reversed(values) if _stands(ctx, value)), values[-1])


def _stands(ctx: Context, value: float) -> bool:
    """Whether a mark has this value, to half a percent."""
    return any(abs((m.value or 0.0) - value) <= 0.005 * abs(value) for m in ctx.schema.marks)


def _by_relation(ctx: Context, dim: str, prior: float) -> Iterator[Proposal]:
    """ "In which country is A less than B?": the names at which one is above the other."""
    compares = [s for s in ctx.spans_in(0, ctx.end, "compare") if s.value in ("gt", "lt")]
    senses = [str(s.value) for s in compares] or [
        "gt" if s.tag("comparative") == "max" else "lt"
        for s in ctx.linked.spans
        if s.tag("comparative")
    ]
    if not senses or ctx.spans_in(0, ctx.end, "number"):
        return
    across = across_of(ctx, "difference", "", "names", dim)
    named = ctx.spans_in(0, ctx.end, "series", "category", "color")
    if across is not None and across.dim != dim and len(named) < 2:
        return
    if across is not None and len(named) >= 2:
        found = replace(across, op="minus", test=Test(senses[0], 0.0))
        yield prior * 0.95, found, "where one is above the other"


def _like_another(ctx: Context, marks: Marks, dim: str, prior: float) -> Iterator[Proposal]:
    """ "In what year was it similar to that in 2020?": the other mark with the nearest value."""
    words = ctx.words(0, ctx.end)
    alike = {"similar", "same", "equal", "identical", "close"} & set(words)
    rows = [str(s.value) for s in ctx.spans_in(0, ctx.end, "category")]
    one = ctx.schema.single or len(marks.series) == 1
    if not alike or dim != "category" or len(rows) != 1 or not one or ctx.heads:
        return
    values = [m.value for m in ctx.schema.marks if m.category == rows[0] and m.value is not None
              and (not marks.series or m.series in marks.series)]  # fmt: skip
    if len(values) == 1:
        others = Marks(series=marks.series, without=(rows[0],))
        found = Names(Pick(others, "nearest", value=values[0]), dim)
        yield prior * 1.05, found, f"the other one nearest to {rows[0]}"


def _by_equality(ctx: Context, dim: str, prior: float) -> Iterator[Proposal]:
    """The name at which two series are the same, or cross."""
    crossing = [h for h in ctx.heads_in(0, ctx.end, "operation") if h.value == "crossing"]
    same = [s for s in ctx.spans_in(0, ctx.end, "compare") if s.value == "eq"]
    if not crossing and not same:
        return
    across = across_of(ctx, "difference", "lowest", "name", dim)
    if across is not None and across.dim == "category":
        yield prior * 0.9, across, "where two series are equal"
        if crossing:
            yield prior * 0.85, Crosses(across.a, across.b, "category"), "where two series cross"
