"""Rules for changes: from one end to another, of whole series, over a limit for the first time.
Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace

from air_cli.reasoners.builtin.asked import Asked
from air_cli.reasoners.builtin.choices import level_of, size_of
from air_cli.reasoners.builtin.context import Context, marks_in, number_of
from air_cli.reasoners.builtin.heads import Head
from air_cli.reasoners.builtin.program import (
    Across,
    Binary,
    Expression,
    Marks,
    Names,
    Number,
    Pick,
    Standing,
    Test,
    Trend,
)

Proposal = tuple[float, Expression, str]
MOVES = ("increase", "decrease", "growth", "decline")
DOWN = ("decrease", "decline")
REACHED = frozenset(
    ("reach", "reached", "hit", "pass", "passed", "top", "topped", "cross", "crossed")
)
PERIODS = frozenset(("annual", "annually", "yearly", "quarterly", "monthly", "weekly", "daily"))
TIMES = frozenset(("year", "month", "quarter", "date", "time", "period"))
_AGE = re.compile(r"\D{0,8}(\d{1,3})\s?(?:[-–+]|to|year|and|or)", re.I)
PERCENT = frozenset(("percentage", "percent", "%", "rate"))


def moves(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """Programs about changes that the plain rules do not see."""
    if ctx.offer.moves and want.kind != "bool":
        marks = marks_in(ctx, 0, ctx.end)
        over = Marks(marks.series, marks.categories, marks.color, len(marks.categories) == 2)
        yield 1.3, Trend(over), "which of the choices says how it goes"
    if ctx.offer.numbers and want.kind in ("value", "count"):
        marks = marks_in(ctx, 0, ctx.end)
        if not ctx.heads and not marks.test:
            yield 0.7, Standing(marks), "the one of the choices that stands there"
    if want.kind in ("value", "count"):
        yield from _ages(ctx)
        yield from _of_total(ctx)
        yield from _given(ctx)
        yield from _from_to(ctx)
        yield from _per_period(ctx)
    if want.kind == "name":
        yield from _first_past(ctx)
    if want.kind in ("name", "count") and want.dim in ("series", ""):
        yield from _series_moves(ctx, want)


def _heads(ctx: Context) -> list[Head]:
    return [head for head in ctx.heads_in(0, ctx.end, "operation") if head.value in MOVES]


def _operation(ctx: Context, head: Head) -> str:
    """What a change is worked out as: growth or decline in percent, signed, or its size."""
    words = set(ctx.words(0, ctx.end))
    points = any(
        pair[0] in PERCENT and pair[1] == "point"
        for pair in itertools.pairwise(ctx.words(0, ctx.end))
    )
    if not points and (head.value in ("growth", "decline") or words & PERCENT):
        return "decline" if head.value in DOWN else "growth"
    return "rise" if "change" in ctx.words(head.lo, head.hi) else "difference"


def _ages(ctx: Context) -> Iterator[Proposal]:
    """ "80 years and older", "under 30 years": the age groups on that side, added up."""
    words = ctx.words(0, ctx.end)
    numbers = ctx.spans_in(0, ctx.end, "number")
    aged = {"age", "aged", "year", "old", "older", "younger"} & set(words)
    starts = {name: int(found[1]) for name in ctx.schema.categories
              if (found := _AGE.match(name))}  # fmt: skip
    if len(numbers) != 1 or not aged or len(starts) < 3:
        return
    limit, around = float(numbers[0].value), set(words[max(numbers[0].lo - 3, 0) :])
    up = around & {"older", "above", "over", "up", "more"}
    down = around & {"younger", "under", "below", "less"}
    chosen = tuple(n for n, age in starts.items() if (age >= limit if up else age < limit))
    if bool(up) != bool(down) and 1 <= len(chosen) < len(starts):
        marks = marks_in(ctx, 0, ctx.end)
        of = Marks(series=marks.series, color=marks.color, categories=chosen)
        # The number is part of names, though as a number it stands unexplained.
        yield 3.0, level_of(ctx, of), "the age groups on one side, added up"


def _given(ctx: Context) -> Iterator[Proposal]:
    """ "… from its peak in April ($2.82) to its low in May ($1.06)": the question gives the two
    values in brackets."""
    given = [
        span
        for span in ctx.spans_in(0, ctx.end, "number")
        if "(" in ctx.words(span.lo - 2, span.lo) and ")" in ctx.words(span.hi, span.hi + 2)
    ]
    heads = _heads(ctx) or [h for h in ctx.heads_in(0, ctx.end) if h.value == "difference"]
    if len(given) == 2 and heads:
        a, b = (Number(float(span.value)) for span in given)
        yield 1.3, Binary(_operation(ctx, heads[0]), a, b), "the change between two given values"


def _of_total(ctx: Context) -> Iterator[Proposal]:
    """ "If all amounts to $369 million, how much is A?" of a chart of shares."""
    numbers = [n for n in ctx.spans_in(0, ctx.end, "number") if float(n.value) > 0.0]
    marks = replace(marks_in(ctx, 0, ctx.end), test=None)
    whole = {"total", "if", "amount", "amounts", "whole"} & set(ctx.words(0, ctx.end))
    amount = "how" in ctx.words(0, ctx.end) and {"much", "many"} & set(ctx.words(0, ctx.end))
    percent = any("%" in ctx.linked.tokens[n.lo].text for n in numbers)
    share = ctx.schema.unit == "%" and len(numbers) == 1 and not percent
    if share and whole and amount and marks.named and size_of(ctx, marks) == 1:
        part = Binary("ratio", Pick(marks), Number(100.0))
        given = Number(float(numbers[0].value))
        yield 1.3, Binary("times", given, part), "the share of a given total"


def _from_to(ctx: Context) -> Iterator[Proposal]:
    """ "… from 2008 to its lowest point": a change one of whose ends is an extreme."""
    words, heads = ctx.words(0, ctx.end), _heads(ctx)
    start = next((n for n, word in enumerate(words) if word == "from"), None)
    if not heads or start is None or "to" not in words[start:]:
        return
    middle = start + words[start:].index("to")
    marks = marks_in(ctx, 0, ctx.end)
    one = ctx.schema.single or len(marks.series) == 1 or marks.color
    ends = [_end(ctx, lo, hi, marks) for lo, hi in ((start, middle), (middle, ctx.end))]
    a, b = ends
    if one and a is not None and b is not None and any(end.how != "only" for end in (a, b)):
        a, b = _of_both(a, b)
        yield 1.3, Binary(_operation(ctx, heads[0]), a, b), "the change between two ends"


def _end(ctx: Context, lo: int, hi: int, marks: Marks) -> Pick | None:
    """One end of a change: an extreme, within the times that are named with it, or one time."""
    of = Marks(series=marks.series, color=marks.color)
    extremes = ctx.heads_in(lo, hi, "extreme")
    within = marks_in(ctx, lo, hi)
    rows = ctx.spans_in(lo, hi, "category")
    if not extremes:
        return Pick(replace(of, categories=(str(rows[0].value),))) if rows else None
    how = "highest" if extremes[0].value == "max" else "lowest"
    return Pick(replace(of, categories=within.categories, span=within.span), how)


def _of_both(a: Pick, b: Pick) -> tuple[Pick, Pick]:
    """A stretch of time after the second end holds for both."""
    if b.how != "only" and b.of.span and not a.of.categories:
        return replace(a, of=replace(a.of, categories=b.of.categories, span=True)), b
    return a, b


def _per_period(ctx: Context) -> Iterator[Proposal]:
    """ "The average annual increase from A to B": the change over the number of years between, or
    of the steps from one to the other."""
    words = ctx.words(0, ctx.end)
    means = [h for h in ctx.heads_in(0, ctx.end, "operation") if h.value == "mean"]
    moved = [h for h in _heads(ctx) if means and 0 <= h.lo - means[0].hi <= 2]
    period = PERIODS & set(words) or {"per", "each"} & set(words)
    marks = replace(marks_in(ctx, 0, ctx.end), test=None)
    names = marks.categories or (ctx.schema.categories[0], ctx.schema.categories[-1])
    if not moved or not period or not ctx.schema.ordered or len(names) != 2:
        return
    if PERCENT & set(words) and "point" not in words:
        return
    first, last = (level_of(ctx, replace(marks, categories=(name,), span=False)) for name in names)
    steps = _steps(ctx, *names)
    if steps:
        op = "minus" if moved[0].value in DOWN else "rise"
        change = Binary(op, first, last)
        yield 1.35, Binary("over", change, Number(float(steps))), f"the change over {steps} steps"


def _steps(ctx: Context, first: str, last: str) -> int:
    """How many years lie between two years, else how many steps between two categories."""
    years = [ctx.schema.forms(name) for name in (first, last)]
    if all(len(words) == 1 and words[0].isdigit() for words in years):
        return abs(int(years[1][0]) - int(years[0][0]))
    places = [ctx.schema.categories.index(name) for name in (first, last)]
    return abs(places[1] - places[0])


def _first_past(ctx: Context) -> Iterator[Proposal]:
    """ "In which quarter did sales first exceed 40 million?"."""
    words = ctx.words(0, ctx.end)
    if "first" not in words[:-1] or not ctx.schema.ordered:
        return
    at = words.index("first")
    marks = marks_in(ctx, 0, ctx.end)
    test = marks.test
    numbers = ctx.spans_in(at, ctx.end, "number")
    if test is None and numbers and set(words[at : at + 3]) & REACHED:
        test = Test("ge", number_of(ctx, numbers[0]))
    passing = any(s.kind == "compare" and 0 < s.lo - at <= 2 for s in ctx.linked.spans)
    reaching = bool(set(words[at : at + 3]) & REACHED)
    one = ctx.schema.single or len(marks.series) == 1 or marks.color
    if test is not None and one and (passing or reaching):
        over = replace(marks, categories=(), span=False, test=test)
        yield 1.3, Names(Pick(over, "first"), "category"), "the first that passes"
    summed = any(head.value == "sum" for head in ctx.heads_in(0, ctx.end, "operation"))
    whole = summed or ctx.schema.kind.startswith("stacked")
    if test is not None and not one and whole and not marks.series and (passing or reaching):
        of_all = Across("category", "sum", "", want="first", test=test)
        yield 1.3, of_all, "the first whole that passes"


def _series_moves(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """ "Which segment grew most from 2019 to 2023?", "which of them decreased?": each series from
    one time to another, or over the whole period."""
    heads = _heads(ctx)
    schema = ctx.schema
    rows = list(dict.fromkeys(str(s.value) for s in ctx.spans_in(0, ctx.end, "category")))
    numbers = ctx.spans_in(0, ctx.end, "number")
    if not heads or schema.single or not schema.ordered or len(rows) > 2 or numbers:
        return
    since = "since" in ctx.words(0, ctx.end) and rows != [schema.categories[-1]]
    if (want.dim != "series" and want.noun in TIMES) or (len(rows) == 1 and not since):
        return
    if not rows:
        rows = [schema.categories[0], schema.categories[-1]]
    if len(rows) == 1:
        rows = [rows[0], schema.categories[-1]]
    down = heads[-1].value in DOWN
    op = "growth" if _operation(ctx, heads[-1]) in ("growth", "decline") else "minus"
    first, last = (rows[0], rows[1]) if op == "growth" else (rows[1], rows[0])
    across = Across("series", op, "lowest" if down else "highest", first, last)
    words = ctx.words(0, ctx.end)
    rivals = any(s.tag("comparative") for s in ctx.linked.spans) and "than" not in words
    extreme = bool(ctx.heads_in(0, ctx.end, "extreme")) or rivals
    if extreme and want.kind == "name":
        yield 1.25, across, "the series that changes most"
        yield 1.0, replace(across, op="minus", a=rows[1], b=rows[0], want="number"), "its change"
    elif not extreme:
        test = Test("lt" if down else "gt", 0.0)
        wanted = "names" if want.kind == "name" else "count"
        yield 1.1, replace(across, want=wanted, test=test), "the series that move so"
