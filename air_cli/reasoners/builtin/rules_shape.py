"""Rules for the shape of what is shown: turns, outliers, steady lines. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from air_cli.reasoners.builtin.asked import Asked
from air_cli.reasoners.builtin.context import Context, marks_in
from air_cli.reasoners.builtin.program import (
    Across,
    Binary,
    Expression,
    Marks,
    Names,
    Outliers,
    Peaks,
    Pick,
    Start,
    Steady,
    Test,
)

Proposal = tuple[float, Expression, str]
OPENING = frozenset(("since", "begin", "began", "start", "started", "begun", "steadily"))
DRIVERS = frozenset(("driver", "drove", "contributor", "contributed", "contribution", "impact"))
SAID = 0.7
UPWARD = frozenset(("upward", "rising", "increasing", "growing", "climbing"))
DOWNWARD = frozenset(("downward", "falling", "decreasing", "declining", "dropping", "shrinking"))


def shapes(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """Programs about the shape of lines and bars."""
    words = set(ctx.words(0, ctx.end))
    if ctx.schema.kind == "box" and words & {
        "interquartile",
        "iqr",
        "spread",
        "widest",
        "narrowest",
    }:
        yield from _quartiles(ctx, want)
    if ctx.schema.kind == "waterfall" and want.kind in ("name", "value"):
        yield from _contribution(ctx, want)
    if want.kind in ("name", "count") and want.dim == "series":
        yield from _peaks(ctx, want)
    if want.kind == "name":
        yield from _begun(ctx, want, words)
        yield from _start(ctx, words)
        yield from _leader(ctx, want, words)
    if words & ctx.lexicon.odd and want.kind in ("name", "value"):
        dim = want.dim if want.dim in ("category", "series") else "category"
        over = marks_in(ctx, 0, ctx.end)
        yield 1.1, Outliers(Marks(series=over.series), dim), "what stands out from the others"
    if words & ctx.lexicon.steady and want.kind in ("count", "name"):
        wanted = "count" if want.kind == "count" else "names"
        yield 1.2, Steady(wanted), "the lines that never turn"


def _quartiles(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """The interquartile range of a box, or the box where it is the largest."""
    named = marks_in(ctx, 0, ctx.end).categories
    inner = {"interquartile", "iqr"} & set(ctx.words(0, ctx.end))
    lower, upper = ("lower quartile", "upper quartile") if inner else ("minimum", "maximum")
    extremes = ctx.heads_in(0, ctx.end, "extreme")
    if len(named) == 1:
        ends = [Pick(Marks(series=(name,), categories=named)) for name in (upper, lower)]
        yield 1.3, Binary("difference", *ends), "the interquartile range"
    elif extremes:
        how = "highest" if extremes[0].value == "max" else "lowest"
        wanted = "name" if want.kind == "name" else "number"
        found = Across("category", "difference", how, upper, lower, want=wanted)
        yield 1.3, found, f"the {how} interquartile range"


def _contribution(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """ "What contributed the largest decrease?", "what was the biggest driver?", "what reduced
    it?", "the net change" of a waterfall: its bars are the changes, some of them levels."""
    words = set(ctx.words(0, ctx.end))
    heads = ctx.heads_in(0, ctx.end, "operation")
    moves = [h.value for h in heads if h.value in ("increase", "decrease")]
    signs = ctx.spans_in(0, ctx.end, "sign")
    moves += ["increase" if sign.value == "gt" else "decrease" for sign in signs]
    driven = [ctx.lexicon.driven[word] for word in words if word in ctx.lexicon.driven]
    moves += driven
    extremes = ctx.heads_in(0, ctx.end, "extreme")
    levels = _levels(ctx)
    if _steps_named(ctx, levels) or not (moves or words & DRIVERS):
        return
    if not extremes:
        if "net" in words and len(levels) > 1:
            ends = [Pick(Marks(categories=(name,))) for name in (levels[0], levels[-1])]
            yield 1.3, Binary("rise", *ends), "from the first level to the last"
        elif driven:
            test = Test("gt" if driven[0] == "increase" else "lt", 0.0)
            yield 1.3, Names(Marks(without=levels, test=test), "category", True), "those changes"
        return
    up = moves[0] == "increase" if moves else _rises(ctx, levels)
    pick = Pick(Marks(without=levels), "highest" if up else "lowest", extremes[0].rank)
    yield 1.3, Names(pick, "category") if want.kind == "name" else pick, "the largest change"


def _steps_named(ctx: Context, levels: tuple[str, ...]) -> bool:
    """Whether the question names one of the changes itself."""
    spans = ctx.spans_in(0, ctx.end, "category")
    return any(span.value not in levels and span.score >= SAID for span in spans)


def _rises(ctx: Context, levels: tuple[str, ...]) -> bool:
    """Whether the last level is above the first."""
    height = {mark.category: mark.value or 0.0 for mark in ctx.schema.marks}
    return len(levels) < 2 or height[levels[-1]] >= height[levels[0]]


def _levels(ctx: Context) -> tuple[str, ...]:
    """The bars of a waterfall that are levels: the first, and those that reach what the changes
    before them add up to."""
    levels: list[str] = []
    reached = 0.0
    for mark in ctx.schema.marks:
        value = mark.value or 0.0
        if not levels or abs(value - reached) <= 0.01 * abs(reached):
            levels.append(mark.category)
            reached = value
        else:
            reached += value
    return tuple(levels)


def _peaks(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """ "How many countries reach their peak in 2006?"."""
    heads = ctx.heads_in(want.at, ctx.end)
    at = [str(s.value) for s in ctx.spans_in(want.at, ctx.end, "category")]
    peak = {"reach", "reached", "peak", "peaked", "hit"} & set(ctx.words(want.at, ctx.end))
    named = ctx.spans_in(0, ctx.end, "series", "number", "compare")
    if len(at) == 1 and len(heads) == 1 and heads[0].kind == "extreme" and peak and not named:
        wanted = "count" if want.kind == "count" else "names"
        how = "highest" if heads[0].value == "max" else "lowest"
        yield 1.2, Peaks(at[0], how, wanted), f"the series whose {how} is there"


def _begun(ctx: Context, want: Asked, words: set[str]) -> Iterator[Proposal]:
    """ "In what year did it begin?", "what year is the forecast for?": an end of the times."""
    ends = {"first": {"begin", "began", "start", "started", "begun"},
            "last": {"forecast", "forecasted", "projected", "predicted", "projection"}}  # fmt: skip
    named = ctx.spans_in(0, ctx.end, "category", "number", "compare") or ctx.heads
    if want.noun != "year" or named or not ctx.schema.ordered:
        return
    for end, said in ends.items():
        if words & said:
            yield 0.6, Names(Pick(Marks(), end), "category"), f"the {end} of the times"


def _start(ctx: Context, words: set[str]) -> Iterator[Proposal]:
    """ "Since what year has it been falling?", "when did it start to rise?"."""
    moves = [
        head.value
        for head in ctx.heads_in(0, ctx.end, "operation")
        if head.value in ("increase", "decrease")
    ]
    moves += ["increase"] if words & UPWARD else []
    moves += ["decrease"] if words & DOWNWARD else []
    marks = marks_in(ctx, 0, ctx.end)
    one = ctx.schema.single or len(marks.series) == 1
    plain = not ctx.spans_in(0, ctx.end, "number", "category", "compare")
    if words & OPENING and moves and one and plain and ctx.schema.ordered:
        yield 1.15, Start(Marks(series=marks.series), moves[0]), "where it starts to go this way"


def _leader(ctx: Context, want: Asked, words: set[str]) -> Iterator[Proposal]:
    """ "Who is the leader in assists?": the name of the highest."""
    heads = ctx.heads_in(0, ctx.end, "extreme", "position", "operation")
    named = ctx.spans_in(0, ctx.end, "category", "number", "compare")
    if want.noun == "person" and words & ctx.lexicon.leading and not heads and not named:
        marks = marks_in(ctx, 0, ctx.end)
        yield 0.9, Names(Pick(Marks(series=marks.series), "highest"), "category"), "the leader"
