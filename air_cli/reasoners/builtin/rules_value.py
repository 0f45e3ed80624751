"""Rules for questions that ask for a number. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

from air_cli.reasoners.builtin.across import extreme_operations
from air_cli.reasoners.builtin.asked import noun_at
from air_cli.reasoners.builtin.choices import level_of, size_of
from air_cli.reasoners.builtin.context import NOWHERE, Context, marks_in, number_of, whole_row
from air_cli.reasoners.builtin.heads import Head
from air_cli.reasoners.builtin.program import (
    Aggregate,
    Binary,
    Expression,
    Growth,
    Holding,
    Many,
    Marks,
    Number,
    Pick,
    Steps,
    There,
)
from air_cli.reasoners.builtin.quantity import FOLDED, quantity
from air_cli.reasoners.builtin.rules_open import in_time
from air_cli.reasoners.builtin.rules_share import at_latest, shares
from air_cli.reasoners.builtin.statements import columns_of
from air_cli.reasoners.builtin.tokens import forms

Proposal = tuple[float, Expression, str]
# What a word for a change after it is no change to work out for.
OUTER = ("median", "mode", "product", "difference", "ratio")
APART = frozenset(("individually", "respectively", "separately", "apiece"))


def values(ctx: Context, prior: float) -> Iterator[Proposal]:
    """Programs whose answer is a number."""
    yield from _changes(ctx, prior)
    yield from shares(ctx, prior)
    yield from _apart(ctx, prior)
    yield from _extreme_of_operation(ctx, prior)
    yield from _summed_changes(ctx, prior)
    yield from _when(ctx, prior)
    found = quantity(ctx, 0, ctx.end)
    if found is None or isinstance(found, Number):
        return
    if isinstance(found, Marks):
        yield from _several(ctx, found, prior)
        return
    if isinstance(found, Binary) and found.op == "difference" and _signed(ctx, found):
        yield prior * 1.05, replace(found, op="rise"), "the change, with its sign"
    if isinstance(found, Pick) and (dated := _dated(ctx, found)):
        yield prior, dated, "one value, looked up"
        return
    if isinstance(found, Pick) and _negated(ctx, found):
        rest = Binary("minus", Number(100.0), found)
        yield prior * 1.05, rest, "what is left of a hundred"
    unnamed = isinstance(found, Pick) and found.how == "only" and not found.of.named
    yield prior * (0.5 if unnamed else 1.0), found, _why(found)


def _summed_changes(ctx: Context, prior: float) -> Iterator[Proposal]:
    """ "The total percentage change from A to B" of a chart of changes, some of them below zero:
    the changes added up, as growth of growth means nothing."""
    heads = {head.value for head in ctx.heads_in(0, ctx.end, "operation")}
    below = any((mark.value or 0.0) < 0.0 for mark in ctx.schema.marks)
    marks = marks_in(ctx, 0, ctx.end)
    one = ctx.schema.single or len(marks.series) == 1
    grows = heads & {"growth", "increase", "decrease", "decline"}
    summed = "sum" in heads or "total" in ctx.words(0, ctx.end)
    if summed and grows and below and one and marks.span and "%" in ctx.schema.unit:
        yield prior * 1.35, Aggregate("sum", (marks,)), "the changes, added up"


def _signed(ctx: Context, found: Binary) -> bool:
    """ "By how many points did it change from A to B?": a fall is below zero."""
    words = ctx.words(0, ctx.end)
    times = [s for s in ctx.spans_in(0, ctx.end, "category") if ctx.schema.ordered]
    changed = {"change", "changed"} & set(words) and "from" in words and "to" in words
    return bool(changed) and len(times) == 2 and {type(found.a), type(found.b)} == {Pick}


def _dated(ctx: Context, found: Pick) -> Pick | None:
    """The latest or the earliest of a table's columns of years, which run either way."""
    years, of = "year" in ctx.schema.series_dims, found.of
    if not years or ctx.schema.kind != "table" or of.series or found.how not in ("first", "last"):
        return None
    columns = sorted(ctx.schema.series, reverse=found.how == "last")
    if found.rank > len(columns) or len(of.categories) != 1:
        return None
    return Pick(replace(of, series=(columns[found.rank - 1],)))


def _when(ctx: Context, prior: float) -> Iterator[Proposal]:
    """ "What was B when A was highest?", "… in the year with the lowest A"."""
    words = ctx.words(0, ctx.end)
    cuts = [n for n, word in enumerate(words) if n > 1 and (
        word in ("when", "where") or (word == "year" and words[n + 1 : n + 2] in (
            ["with"], ["that"], ["of"], ["when"], ["in"])))]  # fmt: skip
    for cut in cuts[:1]:
        left = marks_in(ctx, 0, cut)
        where = quantity(ctx, cut, ctx.end)
        extreme = isinstance(where, Pick) and where.how in ("highest", "lowest")
        free = left.series and not left.categories and not ctx.heads_in(0, cut)
        if extreme and free and isinstance(where, Pick) and where.of.series != left.series:
            yield prior * 1.15, There(left, where), "one series where another is at its extreme"


def _negated(ctx: Context, found: Pick) -> bool:
    """ "What percentage do not approve?" where the chart shows those who approve."""
    named = ctx.spans_in(0, ctx.end, "series", "category")
    before = [word for span in named for word in ctx.words(span.lo - 2, span.lo)]
    negated = bool({"not", "don't", "doesn't", "didn't", "dont"} & set(before))
    chosen = found.how == "only" and found.of.named and not found.of.without
    return negated and chosen and ctx.schema.unit == "%"


def holding(ctx: Context, prior: float) -> Iterator[Proposal]:
    """Several values that stand together: their name, or the value that is missing of them."""
    words = set(ctx.words(0, ctx.end))
    free = [
        number_of(ctx, span)
        for span in ctx.spans_in(0, ctx.end, "number")
        if not any(head.lo <= span.lo < head.hi for head in ctx.heads)
    ]
    if len(free) >= 2 and words & {"missing", "missed", "miss"}:
        yield prior * 1.2, Holding(tuple(free), "rest"), "the values that stand with those given"
    elif len(free) >= 2 and marks_in(ctx, 0, ctx.end).test is None:
        yield prior * 1.1, Holding(tuple(free), "name"), "the name with these values"


def _why(found: Expression) -> str:
    if isinstance(found, Pick):
        return "one value, looked up"
    if isinstance(found, Binary):
        return f"{found.op} of two values"
    if isinstance(found, Aggregate):
        return f"{found.op} over the marks that the question names"
    return "a value"


def _several(ctx: Context, marks: Marks, prior: float) -> Iterator[Proposal]:
    """A look-up that names several marks: a list, their total, or one too few names."""
    counting = any(s.kind == "count" for s in ctx.linked.spans) or "much" in ctx.words(0, ctx.end)
    several = len(marks.series) > 1 or len(marks.categories) > 1
    summed = bool({"total", "sum", "combined", "altogether"} & set(ctx.words(0, ctx.end)))
    either = "or" in ctx.words(0, ctx.end) and (counting or ctx.schema.unit == "%")
    if (summed or either) and several:
        yield prior * 0.9, Aggregate("sum", (marks,)), "several values, added up"
    much = "much" in ctx.words(0, 4)
    if counting and several and (much or "%" not in ctx.schema.unit):
        yield prior * 0.85, Aggregate("sum", (marks,)), "several values, added up"
    chosen = len(marks.series) > 1 or len(marks.categories) > 1 or marks.take or marks.test
    if chosen and size_of(ctx, marks) <= 12:
        parts = _spread(marks)
        yield prior * 0.8, Many(parts) if len(parts) > 1 else marks, "several values, listed"
    if marks.without and not marks.named and ctx.schema.single and ctx.schema.unit == "%":
        yield prior * 0.9, Aggregate("sum", (marks,)), "all but what is left out, added up"
    if not marks.named and not marks.take and not marks.test:
        return
    if marks.series and not marks.categories and not ctx.schema.lone:
        if row := whole_row(ctx):
            yield prior * 0.85, Pick(replace(marks, categories=(row,))), f"no category named: {row}"
        last = Pick(marks, "last") if ctx.schema.ordered else None
        if last is not None:
            yield prior * 0.45, last, "no category named: the latest"
        yield prior * 0.4, Aggregate("sum", (marks,)), "no category named: their total"
    latest = at_latest(ctx, marks) if ctx.schema.kind == "table" else None
    if latest is not None:
        yield prior * 0.9, Pick(latest), "no year named: the latest"
        return
    if marks.categories and not marks.series and not ctx.schema.single:
        yield from _which_series(ctx, marks, prior)


def _which_series(ctx: Context, marks: Marks, prior: float) -> Iterator[Proposal]:
    """A category is named, the series is not: the total of all, or each."""
    whole = [n for n in ctx.schema.series if forms(n) and set(forms(n)) <= ctx.lexicon.whole]
    counting = any(s.kind == "count" for s in ctx.linked.spans)
    if whole:
        yield prior * 0.6, Pick(replace(marks, series=(whole[0],))), f"no series named: {whole[0]}"
    elif {"net", "combined", "altogether"} & set(ctx.words(0, ctx.end)):
        yield prior * 0.8, Aggregate("sum", (marks,)), "all series together"
    elif (counting or ctx.schema.kind.startswith("stacked")) and "%" not in ctx.schema.unit:
        yield prior * 0.5, Aggregate("sum", (marks,)), "no series named: all of them together"
    if len(ctx.schema.series) > 2:
        return  # one of many would be a guess: better to say that no series is named
    for n, name in enumerate(ctx.schema.series):
        weight = 0.45 - 0.05 * n
        yield prior * weight, Pick(replace(marks, series=(name,))), f"no series named: {name}"


def _spread(marks: Marks) -> tuple[Expression, ...]:
    if len(marks.categories) > 1 and not marks.span and len(marks.series) <= 1:
        return tuple(Pick(replace(marks, categories=(name,))) for name in marks.categories)
    if len(marks.series) > 1 and len(marks.categories) == 1:
        return tuple(Pick(replace(marks, series=(name,))) for name in marks.series)
    return (marks,)


def _level(ctx: Context, marks: Marks, name: str) -> Expression:
    """The value at a category: of a stack that no series is named of, its height."""
    there = replace(marks, categories=(name,), span=False)
    summed = any(head.value == "sum" for head in ctx.heads_in(0, ctx.end, "operation"))
    whole = (summed or ctx.schema.kind.startswith("stacked")) and size_of(ctx, there) > 1
    return Aggregate("sum", (there,)) if whole else Pick(there)


def _changes(ctx: Context, prior: float) -> Iterator[Proposal]:
    """Increase from A to B, the largest increase between neighbours, compound rates."""
    heads = ctx.heads_in(0, ctx.end, "operation")
    marks = marks_in(ctx, 0, ctx.end)
    yield from _exceeds(ctx, prior)
    yield from _between_columns(ctx, marks, prior)
    for head in heads:
        if any(h.value in OUTER for h in heads if h.lo < head.lo):
            continue  # part of what is worked out: "the difference of those who fall into poverty"
        if head.value == "cagr":
            yield prior, Growth(_over(marks), "cagr"), "the compound rate"
        rows = ctx.schema.kind == "table" and "year" in ctx.schema.series_dims
        timed = in_time(ctx.schema) and not rows
        ranked = ctx.heads_in(0, ctx.end, "extreme")
        if head.value == "growth" and not marks.categories and timed and not ranked:
            yield prior, Growth(_over(marks), "both"), "the change over the whole period"
        if head.value in ("increase", "decrease") and len(marks.categories) == 2:
            a, b = (_level(ctx, marks, name) for name in marks.categories)
            percent = any(w in ("percentage", "percent", "%") for w in ctx.words(0, head.hi))
            percent = percent or _in_percent(ctx)
            percent = percent and not (ctx.schema.unit == "%" and "much" in ctx.words(0, head.lo))
            points = "point" in ctx.words(0, head.hi)
            if percent and not points:
                op = "growth" if head.value == "increase" else "decline"
            else:
                change = "change" in ctx.words(head.lo, head.hi) and not _plain_amount(ctx, head)
                op = "rise" if change else "difference"
            yield prior * 1.05, Binary(op, a, b), "the change between two categories"
            if op == "difference" and _plain_amount(ctx, head):
                share = "growth" if head.value == "increase" else "decline"
                yield prior * 0.9, Binary(share, a, b), "the same in percent"
        if head.value == "growth" and len(marks.categories) == 2 and _plain_amount(ctx, head):
            a, b = (_level(ctx, marks, name) for name in marks.categories)
            yield prior * 1.1, Binary("rise", a, b), "the change between two categories"
        if head.value in ("increase", "decrease") and ctx.heads_in(0, ctx.end, "extreme"):
            yield prior * 0.95, Steps(_over(marks), head.value, "change"), "the largest step"


def _in_percent(ctx: Context) -> bool:
    """ "… in percent", "in percentage terms", of a chart of amounts."""
    words = ctx.words(0, ctx.end)
    terms = ("percentage", "percent", "%")
    said = any(a in ("in", "as") and b in terms for a, b in itertools.pairwise(words))
    return said and "point" not in words and "%" not in ctx.schema.unit


def _between_columns(ctx: Context, marks: Marks, prior: float) -> Iterator[Proposal]:
    """ "The change of A from 2013 to 2014" where each year is a series."""
    moved = [
        h for h in ctx.heads_in(0, ctx.end, "operation") if h.value in ("increase", "decrease")
    ]
    columns = columns_of(marks.series)
    if not moved or len(columns) != 2 or len(marks.series) != 2 or len(marks.categories) > 1:
        return
    words = ctx.words(0, ctx.end)
    percent = {"percentage", "percent", "%"} & set(words) and "point" not in words
    a, b = (level_of(ctx, replace(marks, series=(name,))) for name in marks.series)
    if percent:
        op = "growth" if moved[0].value == "increase" else "decline"
    else:
        op = "rise" if "change" in ctx.words(moved[0].lo, moved[0].hi) else "difference"
    yield prior * 1.05, Binary(op, a, b), "the change from one year's series to another's"


def _plain_amount(ctx: Context, head: Head) -> bool:
    """ "How much did it grow": an amount, though a percentage may be meant."""
    words = ctx.words(0, ctx.end)
    rate = {"percentage", "percent", "%", "rate", "point"} & set(words)
    return "how" in words[: head.lo] and "much" in words[: head.lo] and not rate


def _apart(ctx: Context, prior: float) -> Iterator[Proposal]:
    """ "The average of A and B, individually", "the total per series": the same of each."""
    words = ctx.words(0, ctx.end)
    heads = [h for h in ctx.heads_in(0, ctx.end, "operation") if h.value in FOLDED]
    marks = marks_in(ctx, 0, ctx.end)
    apart = APART & set(words)
    for n, word in enumerate(words[:-1]):
        if word in ("each", "every", "per"):
            apart |= {word} if noun_at(ctx, n + 1)[1] == "series" else set()
            apart |= {word} if words[n + 1] in ("series", "line") else set()
    names = marks.series or ctx.schema.series
    if apart and len(heads) == 1 and 1 < len(names) <= 12 and len(ctx.heads) == 1:
        each = tuple(Aggregate(heads[0].value, (replace(marks, series=(n,)),)) for n in names)
        yield prior * 1.2, Many(each), f"the {heads[0].value} of each series"


def _exceeds(ctx: Context, prior: float) -> Iterator[Proposal]:
    """ "By how much does A exceed B?": the difference of what stands on either side."""
    words = ctx.words(0, 5)
    compares = [s for s in ctx.spans_in(0, ctx.end, "compare") if s.value in ("gt", "lt")]
    times = "many" in words and "time" in words
    points = "many" in words and "point" in words
    if "how" not in words or not ("much" in words or times or points) or not compares:
        return
    at = compares[0]
    start = words.index("time" if times else "point" if points else "much") + 1
    a, b = quantity(ctx, start, at.lo), quantity(ctx, at.hi, ctx.end)
    if isinstance(a, Marks) and isinstance(b, Pick | Marks):
        of = b.of if isinstance(b, Pick) else b
        a = quantity(ctx, start, at.lo, replace(of, series=(), color="")) if of.categories else a
    if isinstance(a, Pick) and isinstance(b, Marks) and b.series and not b.categories:
        b = quantity(ctx, at.hi, ctx.end, replace(NOWHERE, categories=a.of.categories))
    if a is None or b is None or a == b:
        return
    lines = ctx.schema.ordered and ctx.schema.kind == "line"
    sides = [Aggregate("sum", (x,)) if isinstance(x, Marks) else x for x in (a, b)]
    if lines and all(isinstance(x, Marks) and not x.categories and x.series for x in (a, b)):
        sides = [Pick(x, "last") for x in (a, b) if isinstance(x, Marks)]
    if all(not isinstance(x, Aggregate) or x.of != (Marks(),) for x in sides):
        sides = sides[::-1] if times and at.value == "lt" else sides
        op = "ratio" if times else "difference"
        single = times and all(isinstance(side, Pick) for side in sides)
        prior *= 1.5 if single else 1.0
        yield prior * 1.05, Binary(op, sides[0], sides[1]), "how much one exceeds another"


def _over(marks: Marks) -> Marks:
    return replace(marks, span=len(marks.categories) == 2)


def _extreme_of_operation(ctx: Context, prior: float) -> Iterator[Proposal]:
    """The largest difference between A and B across the categories, as a number."""
    found = extreme_operations(ctx, 0, ctx.end)
    for across in found if len(found) == 1 else []:
        yield prior * 1.05, across, f"the {across.how} {across.op} of all"
