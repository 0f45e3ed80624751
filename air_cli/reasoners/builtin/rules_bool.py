"""Rules for questions that are answered by yes or no. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from air_cli.reasoners.builtin.asked import Asked
from air_cli.reasoners.builtin.choices import picked
from air_cli.reasoners.builtin.context import NOWHERE, Context, marks_in, number_of
from air_cli.reasoners.builtin.program import (
    Across,
    Aggregate,
    Agreed,
    Binary,
    Compare,
    Exists,
    Expression,
    Marks,
    Names,
    Number,
    Pick,
    Size,
    Test,
)
from air_cli.reasoners.builtin.quantity import quantity
from air_cli.reasoners.builtin.rules_bool_moves import moved
from air_cli.reasoners.builtin.rules_either import either
from air_cli.reasoners.builtin.rules_moves import REACHED
from air_cli.reasoners.builtin.rules_name import names
from air_cli.reasoners.builtin.spans import Span

Proposal = tuple[float, Expression, str]
FACTORS = {"twice": 2.0, "double": 2.0, "thrice": 3.0, "triple": 3.0, "half": 0.5}


def truths(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """Programs whose answer is yes or no; a question with "or" asks for a name instead."""
    words = ctx.words(0, ctx.end)
    if "or" in words:
        found = [p for p in names(ctx, Asked("name")) if p[2] == "one of two options"]
        yield from found
        yield from either(ctx, want, _comparison)
    yield from _existence(ctx, want)
    yield from _colours_counted(ctx)
    yield from moved(ctx, want)
    yield from _colour(ctx)
    compares = [s for s in ctx.linked.spans if s.kind == "compare" and s.lo >= want.at]
    for n, span in enumerate(sorted(compares, key=lambda s: s.value == "eq")):
        found_compare = _comparison(ctx, want.at, span)
        if found_compare is not None:
            yield from _for_each(ctx, found_compare, 1.0 - 0.05 * n)
    yield from _split_comparison(ctx, want)
    yield from _equality(ctx, want, bool(compares))


def _comparison(ctx: Context, lo: int, span: Span) -> Compare | None:
    right_lo, factor = _factor(ctx, span)
    left_marks = marks_in(ctx, lo, span.lo)
    a = quantity(ctx, lo, span.lo)
    b = quantity(ctx, right_lo, ctx.end, _handed(ctx, left_marks, right_lo))
    if a is not None and isinstance(a, Marks):
        tail = marks_in(ctx, right_lo, ctx.end)
        a = quantity(ctx, lo, span.lo, _handed_back(left_marks, tail))
    rivals = {"any", "all", "every"} & set(ctx.words(right_lo, ctx.end))
    if rivals and {"other", "previous", "rest"} & set(ctx.words(right_lo, ctx.end)):
        how = "highest" if span.value in ("gt", "ge") else "lowest"
        among = replace(left_marks, categories=(), span=False, test=None)
        b = Pick(among, how)
        if isinstance(a, Marks):  # a stack is held against the other stacks
            b = Across("category", "sum", how, among=among, want="number")
        return Compare("eq", _number(a), b) if a is not None else None
    if rivals and isinstance(b, Marks) and len(b.categories) > 1 and a is not None:
        # "Higher than in any quarter of 2013": than the highest of them.
        b = Pick(b, "highest" if span.value in ("gt", "ge") else "lowest")
    if factor != 1.0 and ctx.schema.single and (b is None or _nothing(b)):
        b = Aggregate("sum", (NOWHERE,))  # "more than half" is half of all
    if (share := _share_of_whole(ctx, span)) is not None:
        b = share
    if a is None or b is None or a == b or _nothing(a) or _nothing(b):
        return None
    a, b = _number(a), _number(b)
    if factor != 1.0:
        b = Binary("times", b, Number(factor))
    return Compare(str(span.value), a, b)


def _share_of_whole(ctx: Context, span: Span) -> Number | None:
    """ "More than 20% of the total" of a chart that is in percent: the number itself."""
    numbers = [n for n in ctx.spans_in(span.hi, span.hi + 3, "number") if n.lo - span.hi <= 1]
    whole = {"total", "whole", "all", "overall"} & set(ctx.words(span.hi, ctx.end))
    if numbers and ctx.linked.tokens[numbers[0].lo].text.endswith("%"):
        whole |= {"of"} & set(ctx.words(numbers[0].hi, numbers[0].hi + 1))
    if ctx.schema.unit == "%" and numbers and whole and "of" in ctx.words(span.hi, ctx.end):
        return Number(number_of(ctx, numbers[0]))
    return None


def _for_each(ctx: Context, found: Compare, prior: float) -> Iterator[Proposal]:
    """A comparison; where it adds up series that the question does not name, one for each of
    them instead, unless the chart stacks them."""
    sides = [part.of[0] for part in (found.a, found.b) if isinstance(part, Aggregate)]
    open_sides = [m for m in sides if isinstance(m, Marks) and not (m.series or m.color)]
    names = ctx.schema.series
    summed = any(h.value == "sum" for h in ctx.heads_in(0, ctx.end, "operation"))
    stacked = ctx.schema.kind.startswith("stacked")
    if not open_sides or summed or stacked or not 2 <= len(names) <= 6 or found.op == "eq":
        yield prior, found, "two values compared"
        return
    each = tuple(
        Compare(found.op, _of_series(found.a, name), _of_series(found.b, name)) for name in names
    )
    yield prior * 0.8, Agreed(each), "two values compared, for each series"


def _of_series(part: Expression, name: str) -> Expression:
    if isinstance(part, Aggregate) and isinstance(part.of[0], Marks):
        of = part.of[0]
        return part if of.series or of.color else Pick(replace(of, series=(name,)))
    return part


def _nothing(part: Expression) -> bool:
    """A side of a comparison that chooses nothing is not understood."""
    return isinstance(part, Marks) and not (part.named or part.take or part.test)


def _handed(ctx: Context, left: Marks, at: int) -> Marks:
    """What the right side leaves open is as on the left."""
    own = marks_in(ctx, at, ctx.end)
    heads = ctx.heads_in(at, ctx.end, "operation", "extreme", "position")
    if heads and not own.named:
        return replace(left, test=None)
    given = NOWHERE
    if own.categories and not (own.series or own.color):
        given = replace(given, series=left.series, color=left.color)
    if (own.series or own.color) and not own.categories:
        given = replace(given, categories=left.categories, span=left.span)
    return given


def _handed_back(left: Marks, right: Marks) -> Marks:
    given = NOWHERE
    if not left.categories and len(right.categories) == 1:
        given = replace(given, categories=right.categories)
    if not left.series and not left.color and len(right.series) == 1:
        given = replace(given, series=right.series)
    return given


def _factor(ctx: Context, span: Span) -> tuple[int, float]:
    """ "three times the value of", "twice"."""
    words = ctx.words(span.hi, span.hi + 4)
    for n, word in enumerate(words[:2]):
        if word in FACTORS:
            return span.hi + n + 1, FACTORS[word]
    if "time" in words:
        at = words.index("time")
        numbers = ctx.spans_in(span.hi, span.hi + at, "number")
        if numbers:
            return span.hi + at + 1, float(numbers[0].value)
    return span.hi, 1.0


def _number(part: Expression) -> Expression:
    return Aggregate("sum", (part,)) if isinstance(part, Marks) else part


def _split_comparison(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """ "Does A have more … than B?", "Is A three times B?", "Is there more A than B"."""
    words = ctx.words(0, ctx.end)
    than = next((n for n, w in enumerate(words) if w in ("than", "then") and n > want.at), 0)
    senses = [s for s in ctx.linked.spans if s.tag("comparative") and s.lo < (than or ctx.end)]
    if than and senses:
        pivot = Span("compare", "gt" if senses[0].tag("comparative") == "max" else "lt",
                     than, than + 1)  # fmt: skip
        found = _comparison(ctx, want.at, pivot)
        if found is not None:
            yield 0.85, found, "two values compared"
    for n, word in enumerate(words):
        if word in ("time", *FACTORS) and n > want.at and not than:
            pivot = Span("compare", "eq", n - (word == "time"), n - (word == "time"))
            found = _comparison(ctx, want.at, pivot)
            if found is not None:
                yield 0.8, found, "a multiple"
            return


def _existence(ctx: Context, want: Asked) -> Iterator[Proposal]:
    words = ctx.words(want.at, want.at + 3)
    marks = marks_in(ctx, want.at, ctx.end)
    numbers = ctx.spans_in(want.at, ctx.end, "number")
    whole = set(ctx.words(want.at, ctx.end))
    ever = bool(whole & {"ever", "any"}) and not whole & {"than", "previous", "other"}
    always = bool(whole & {"always", "every", "throughout", "consistently", "all"})
    signed = bool(ctx.spans_in(want.at, ctx.end, "sign")) and marks.named
    if marks.test is not None and (always or signed or ("both" in whole and marks.named)):
        kept = marks.categories if marks.span or not always else ()
        yield 1.1, Exists(replace(marks, categories=kept), every=True), "whether all marks pass"
    elif numbers and "each" in whole and max(len(marks.categories), len(marks.series)) > 1:
        test = marks.test or Test("eq", number_of(ctx, numbers[0]))
        yield 1.15, Exists(replace(marks, test=test), every=True), "whether each of them passes"
    elif numbers and whole & REACHED and whole & {"any", "ever"}:
        test = Test("ge", number_of(ctx, numbers[0]))
        yield 1.1, Exists(replace(marks, test=test)), "whether any mark reaches it"
    elif words[:1] == ["there"] or "any" in words or (ever and marks.test is not None):
        above = marks.test or (Test("eq", number_of(ctx, numbers[0])) if numbers else None)
        if above is not None:
            yield 1.1, Exists(replace(marks, test=above)), "whether any mark passes"
    elif words[:1] in (["all"], ["every"], ["each"]) and marks.test is not None:
        yield 1.1, Exists(marks, every=True), "whether all marks pass"


def _colour(ctx: Context) -> Iterator[Proposal]:
    """ "Is the colour of Yes green?": the marks of the name are those of the colour."""
    colors = ctx.spans_in(0, ctx.end, "color")
    marks = marks_in(ctx, 0, ctx.end)
    named = ctx.spans_in(0, ctx.end, "dimension")
    about = any(span.value == "colour" for span in named)
    others = ctx.heads or ctx.spans_in(0, ctx.end, "number", "compare", "category")
    about = about or (not others and bool(ctx.schema.colors))
    if len(colors) == 1 and about and (marks.series or marks.categories):
        plain = replace(marks, color="")
        yield 1.1, Compare("eq", Names(plain, "color"), Names(
            Marks(color=str(colors[0].value)), "color")), "a colour checked"  # fmt: skip


def _colours_counted(ctx: Context) -> Iterator[Proposal]:
    """ "Are there only two colours?"."""
    named = any(s.value == "colour" for s in ctx.spans_in(0, ctx.end, "dimension"))
    counted = ctx.spans_in(0, ctx.end, "number", "cardinal")
    plural = {"colors", "colours", "colored", "coloured"} & {
        token.text.casefold() for token in ctx.linked.tokens
    }
    beside = any("color" in ctx.words(span.hi, span.hi + 3) for span in counted)
    if named and plural and beside and not ctx.spans_in(0, ctx.end, "series", "category", "color"):
        dim = "color" if ctx.schema.colors else "series"
        found = Compare("eq", Size(dim), Number(float(counted[0].value)))
        yield 1.15, found, "the colours counted"


def _equality(ctx: Context, want: Asked, compared: bool) -> Iterator[Proposal]:
    """ "Is the value of A 38 in 2015?", "Is A the highest?"."""
    numbers = [n for n in ctx.spans_in(want.at, ctx.end, "number")
               if not any(h.lo <= n.lo < h.hi for h in ctx.heads)]  # fmt: skip
    marks = replace(marks_in(ctx, want.at, ctx.end), test=None)
    heads = ctx.heads_in(want.at, ctx.end, "extreme", "operation", "position")
    if numbers and not compared and (marks.named or heads):
        a = quantity(ctx, want.at, numbers[-1].lo, marks)
        if not ctx.spans_in(want.at, numbers[-1].lo, "series", "category", "color") and not heads:
            a = quantity(ctx, want.at, ctx.end, marks)
        if a is not None:
            value = Number(number_of(ctx, numbers[-1]))
            yield 0.9, Compare("eq", _number(a), value), "a value checked"
    extremes = ctx.heads_in(want.at, ctx.end, "extreme")
    names_ = ctx.spans_in(want.at, ctx.end, "series", "category")
    if extremes and len(names_) == 1 and len(numbers) == 1 and ctx.schema.single and not compared:
        at = ctx.words(numbers[0].lo - 1, numbers[0].lo)
        if names_[0].hi <= extremes[0].lo and at in (["at"], ["with"]):
            held = Pick(_only(names_[0], "category"))
            top = Pick(NOWHERE, "highest" if extremes[0].value == "max" else "lowest")
            claims = (Compare("eq", held, Number(number_of(ctx, numbers[0]))),)
            yield 1.0, Agreed((*claims, Compare("eq", held, top)), every=True), "two claims checked"
    if extremes and names_ and not numbers and not compared:
        yield from _is_extreme(ctx, want, _claimed(ctx, names_, extremes[0].lo))


def _claimed(ctx: Context, named: list[Span], at: int) -> Span:
    """Which name is said to be at the extreme: the time in "A reached its peak in 2019" and "A was
    highest in 2019", the series in "A was the highest in 2019"."""
    times = [span for span in named if span.kind == "category" and span.lo > at]
    series = {span.value for span in named if span.kind == "series"}
    before = ctx.words(at - 2, at)
    own = {"its", "their", "a", "an"} & set(before)
    own |= {"peak", "peaked"} & set(ctx.words(at, at + 1))
    alone = ctx.schema.single or len(series) == 1
    if times and ctx.schema.ordered and alone and (own or "the" not in before):
        return times[0]
    lines = [span for span in named if span.kind == "series"]
    return lines[0] if lines and ctx.schema.ordered else named[0]


def _is_extreme(ctx: Context, want: Asked, name: Span) -> Iterator[Proposal]:
    dim = "series" if name.kind == "series" else "category"
    head = ctx.heads_in(want.at, ctx.end, "extreme")[0]
    marks = marks_in(ctx, want.at, ctx.end)
    given = tuple(n for n in (marks.series if dim == "series" else marks.categories)
                  if n != name.value)  # fmt: skip
    rest = replace(marks, series=given) if dim == "series" else replace(marks, categories=given)
    yield (
        0.8,
        Compare("eq", Names(picked(ctx, head, rest), dim), Names(_only(name, dim), dim)),
        "whether a name is at the extreme",
    )


def _only(name: Span, dim: str) -> Marks:
    value = (str(name.value),)
    return Marks(series=value) if dim == "series" else Marks(categories=value)
