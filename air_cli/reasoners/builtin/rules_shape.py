"""Rules for the shape of what is shown: turns, outliers, steady lines. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from air_cli.reasoners.builtin.asked import Asked
from air_cli.reasoners.builtin.context import Context, marks_in
from air_cli.reasoners.builtin.program import (
    Expression,
    Marks,
    Names,
    Outliers,
    Pick,
    Start,
    Steady,
)

Proposal = tuple[float, Expression, str]
OPENING = frozenset(("since", "begin", "began", "start", "started", "begun", "steadily"))
UPWARD = frozenset(("upward", "rising", "increasing", "growing", "climbing"))
DOWNWARD = frozenset(("downward", "falling", "decreasing", "declining", "dropping", "shrinking"))


def shapes(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """Programs about the shape of lines and bars."""
    words = set(ctx.words(0, ctx.end))
    if want.kind == "name":
        yield from _start(ctx, words)
        yield from _leader(ctx, want, words)
    if words & ctx.lexicon.odd and want.kind in ("name", "value"):
        dim = want.dim if want.dim in ("category", "series") else "category"
        over = marks_in(ctx, 0, ctx.end)
        yield 1.1, Outliers(Marks(series=over.series), dim), "what stands out from the others"
    if words & ctx.lexicon.steady and want.kind in ("count", "name"):
        wanted = "count" if want.kind == "count" else "names"
        yield 1.2, Steady(wanted), "the lines that never turn"


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
