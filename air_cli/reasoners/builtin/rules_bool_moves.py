"""Rules for truths about how values move and who leads. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from air_cli.reasoners.builtin.across import across_of
from air_cli.reasoners.builtin.asked import Asked
from air_cli.reasoners.builtin.context import Context, marks_in
from air_cli.reasoners.builtin.heads import Head
from air_cli.reasoners.builtin.program import (
    Aggregate,
    Agreed,
    Binary,
    Compare,
    Crosses,
    Direction,
    Expression,
    Leads,
    Marks,
    Number,
    Pick,
    Present,
)

Proposal = tuple[float, Expression, str]
STEADY = frozenset(
    ("every", "each", "consistently", "steadily", "always", "continuously", "throughout", "all")
)
ONWARD = frozenset(("since", "after", "from", "following"))
UPWARD = frozenset(("upward", "rising", "increasing", "growing", "climbing", "up"))
DOWNWARD = frozenset(("downward", "falling", "decreasing", "declining", "dropping", "shrinking"))
PRESENT = frozenset(
    ("present", "appear", "appears", "included", "exist", "exists", "shown", "represented")
)
CHANGES = frozenset(("change", "growth", "yoy", "increase", "decrease"))


def moved(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """Truths about rises and falls, crossings, majorities and leads."""
    yield from _majority(ctx, want)
    yield from _leads(ctx, want)
    yield from _present(ctx, want)
    yield from _direction(ctx, want)
    yield from _crossing(ctx)


def _leads(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """ "A was the largest source in every quarter.": it leads at each place."""
    extremes = ctx.heads_in(want.at, ctx.end, "extreme")
    marks = marks_in(ctx, want.at, ctx.end)
    steady = (STEADY - {"all"}) & set(ctx.words(want.at, ctx.end))
    several = len(ctx.schema.series) > 1 and not marks.categories
    if len(extremes) == 1 and len(marks.series) == 1 and steady and several:
        how = "highest" if extremes[0].value == "max" else "lowest"
        yield 1.15, Leads(marks.series[0], how), "whether one leads everywhere"


def _direction(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """ "Is revenue increasing?", "Does the graph increase or decrease?"."""
    moves = [h for h in ctx.heads_in(want.at, ctx.end, "operation")
             if h.value in ("increase", "decrease")]  # fmt: skip
    told = ctx.spans_in(want.at, ctx.end, "number")
    if len(told) == 2 and len(marks_in(ctx, want.at, ctx.end).categories) == 2:
        yield from _told(ctx, want, [float(n.value) for n in told])
    if not moves and (said := (UPWARD | DOWNWARD) & set(ctx.words(want.at, ctx.end))):
        moves = [Head("operation", "increase" if said & UPWARD else "decrease", want.at, want.at)]
    compared = ctx.spans_in(want.at, ctx.end, "compare", "number")
    marks = marks_in(ctx, want.at, ctx.end)
    if not moves or compared or ctx.heads_in(want.at, ctx.end, "extreme"):
        return
    over = replace(marks, span=len(marks.categories) == 2)
    if not ctx.schema.single and not marks.series and not marks.color:
        yield from _of_each(ctx, want, marks, _sense(ctx, want, [move.value for move in moves]))
        return
    if len(marks.categories) == 1 and ctx.schema.ordered:
        yield from _at_one_time(ctx, want, over, moves[0].value)
        return
    if not ctx.schema.single and len(marks.series) != 1 and not marks.color:
        return
    both = {head.value for head in moves} == {"increase", "decrease"}
    wanted = "word" if both else moves[0].value
    if not both and (STEADY | ctx.lexicon.steady) & set(ctx.words(want.at, ctx.end)):
        wanted = f"always {wanted}"
    yield 0.95, Direction(over, wanted), "which way it goes"


def _sense(ctx: Context, want: Asked, moves: list[str]) -> str:
    """ "It falls as prices rise": against the way of the axis when the other way is named."""
    words = ctx.words(want.at, ctx.end)
    up = moves[0] == "increase"
    if len(moves) == 2 and "as" in words and moves[1] == "decrease":
        up = not up
    return "gt" if up else "lt"


def _of_each(ctx: Context, want: Asked, marks: Marks, sense: str) -> Iterator[Proposal]:
    """A rise or fall where no series is named: of the whole of a stack, else of each series."""
    words = set(ctx.words(want.at, ctx.end))
    rows = marks.categories or (ctx.schema.categories[0], ctx.schema.categories[-1])
    if len(rows) != 2 or STEADY & words:
        return
    first, last = rows
    summed = bool({"total", "overall", "combined", "altogether"} & words)
    if summed or ctx.schema.kind.startswith("stacked"):
        b, a = (Aggregate("sum", (Marks(categories=(row,)),)) for row in (last, first))
        yield 1.0 if summed else 0.8, Compare(sense, b, a), "the whole of one time and another"
    names = [
        name
        for name in ctx.schema.series
        if {first, last} <= {m.category for m in ctx.schema.marks if m.series == name}
    ]
    each = tuple(
        Compare(sense, *(Pick(Marks(series=(name,), categories=(row,))) for row in (last, first)))
        for name in names
    )
    if each:
        yield 0.75, Agreed(each), "the change of each series"


def _present(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """ "Phase 3 is present in 2015.": there is a mark."""
    marks = marks_in(ctx, want.at, ctx.end)
    said = PRESENT & set(ctx.words(want.at, ctx.end))
    others = ctx.spans_in(want.at, ctx.end, "compare", "color") or ctx.heads_in(want.at, ctx.end)
    numbers = [n for n in ctx.spans_in(want.at, ctx.end, "number")
               if n.value != len(marks.series)]  # fmt: skip
    if said and marks.series and not others and not numbers:
        found = Present(marks.series, marks.categories, marks.span)
        yield 1.1, found, "whether there is a mark"


def _told(ctx: Context, want: Asked, values: list[float]) -> Iterator[Proposal]:
    """ "… increased from 10.5% in 2008 to 16.4% in 2013.": both values are as said."""
    marks = marks_in(ctx, want.at, ctx.end)
    if ctx.schema.single or len(marks.series) == 1 or marks.color:
        checks = tuple(
            Compare("eq", Pick(replace(marks, categories=(row,), span=False)), Number(value))
            for row, value in zip(marks.categories, values, strict=True)
        )
        yield 1.1, Agreed(checks, every=True), "both values checked"


def _at_one_time(ctx: Context, want: Asked, marks: Marks, move: str) -> Iterator[Proposal]:
    """ "In Q3, sales fell": against the time before it, or its sign where changes are shown; "since
    Q3" goes on to the end."""
    if not ctx.schema.single and len(marks.series) != 1 and not marks.color:
        return
    (name,) = marks.categories
    place = next(s.lo for s in ctx.spans_in(want.at, ctx.end, "category"))
    names = list(ctx.schema.categories)
    at = names.index(name)
    sense = "gt" if move == "increase" else "lt"
    if ONWARD & set(ctx.words(place - 2, place)) and at < len(names) - 1:
        yield 0.95, Direction(replace(marks, categories=(name, names[-1]), span=True), move), "on"
    elif ctx.schema.unit == "%" and CHANGES & ctx.schema.words:
        yield 0.95, Compare(sense, Pick(marks), Number(0.0)), "the sign of a change"
    elif at > 0:
        before = Pick(replace(marks, categories=(names[at - 1],)))
        yield 0.9, Compare(sense, Pick(marks), before), "against the time before"


def _crossing(ctx: Context) -> Iterator[Proposal]:
    if any(h.value == "crossing" for h in ctx.heads_in(0, ctx.end, "operation")):
        across = across_of(ctx, "difference", "lowest", "name")
        if across is not None:
            yield 1.1, Crosses(across.a, across.b, "bool"), "whether two series cross"


def _majority(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """ "Do most of the years have more than 50?": the marks that pass, twice, against all."""
    marks = marks_in(ctx, want.at, ctx.end)
    if marks.test is None or not {"majority", "most"} & set(ctx.words(want.at, want.at + 3)):
        return
    passed, whole = (Aggregate("count", (m,)) for m in (marks, replace(marks, test=None)))
    yield 1.15, Compare("gt", Binary("times", passed, Number(2.0)), whole), "more than half pass"
