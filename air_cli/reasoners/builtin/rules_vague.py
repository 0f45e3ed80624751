"""Rules for questions of a few words, as people type them into a search box. Pure.

"best year?", "fastest growing?", "2023?", "compare A and B", "share of A", "who leads?".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from air_cli.reasoners.builtin.asked import Asked
from air_cli.reasoners.builtin.choices import size_of
from air_cli.reasoners.builtin.context import Context, marks_in, without_wholes
from air_cli.reasoners.builtin.program import (
    Across,
    Aggregate,
    Binary,
    Expression,
    Growth,
    Many,
    Marks,
    Names,
    Pick,
    Summary,
)
from air_cli.reasoners.builtin.rules_open import in_time

Proposal = tuple[float, Expression, str]
FEW = 4
RANKING = frozenset(("rank", "ranking", "sort", "order", "sorted", "ranked"))
LEADING = frozenset(("lead", "leads", "leading", "ahead", "leader"))
MOVING = frozenset(("mover", "riser", "gainer", "faller", "loser"))
PARTS = frozenset(("share", "proportion", "fraction"))


def vague(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """What is useful where little is said."""
    words = [word for word in ctx.words(0, ctx.end) if word not in ("?", ".", "!", ",", "the")]
    if want.kind in ("value", "name"):
        yield from _ranked(ctx, words)
        yield from _leader(ctx, words)
        yield from _mover(ctx, words)
        yield from _compared(ctx, words)
    if want.kind == "value":
        yield from _at_a_time(ctx, words)
        yield from _both_ends(ctx)
        yield from _part(ctx, words)
        yield from _whole_change(ctx, words)
        if words in (["what", "changed"], ["what", "has", "changed"], ["changes"], ["change"]):
            across = "year" in ctx.schema.series_dims and not in_time(ctx.schema)
            which = "across" if across else "both"
            yield 1.2, Growth(Marks(), which), "the change over the whole period"


def _things(ctx: Context) -> str:
    """The dimension that is no time: what a rank or a leader is among."""
    return "series" if ctx.schema.ordered and not ctx.schema.single else "category"


def _latest(ctx: Context, marks: Marks) -> Marks:
    """The marks at the last time, where times are told apart and none is named."""
    timed = ctx.schema.ordered and not ctx.schema.single and not marks.categories
    return replace(marks, categories=(ctx.schema.categories[-1],)) if timed else marks


def _ranked(ctx: Context, words: list[str]) -> Iterator[Proposal]:
    """ "Rank the regions in 2023": all names, the largest first."""
    if not words or words[0] not in RANKING or ctx.heads:
        return
    dim = _things(ctx)
    marks = without_wholes(ctx, _latest(ctx, marks_in(ctx, 0, ctx.end)), dim)
    count = size_of(ctx, marks)
    if count > 1:
        yield 1.2, Names(replace(marks, take=("top", count)), dim, many=True), "ranked by value"


def _leader(ctx: Context, words: list[str]) -> Iterator[Proposal]:
    """ "Who leads?": the name with the highest value, at the last time."""
    if len(words) <= FEW + 2 and LEADING & set(words) and not ctx.heads_in(0, ctx.end, "operation"):
        dim = _things(ctx)
        marks = without_wholes(ctx, _latest(ctx, marks_in(ctx, 0, ctx.end)), dim)
        yield 1.1, Names(Pick(marks, "highest"), dim), "the leader"


def _mover(ctx: Context, words: list[str]) -> Iterator[Proposal]:
    """ "Fastest growing?", "biggest mover?": the series that changes most over the period."""
    grows = {"growing", "grew", "growth", "grow"} & set(words)
    fast = {"fastest", "biggest", "largest", "most", "strongest", "slowest"} & set(words)
    moves = MOVING & set(words)
    names = ctx.schema.categories
    if len(words) > FEW or not fast or not (grows or moves) or not ctx.schema.ordered:
        return
    if ctx.schema.single or len(names) < 2:
        return
    how = "lowest" if "slowest" in words or moves & {"faller", "loser"} else "highest"
    found = Across("series", "growth", how, names[0], names[-1])
    yield 1.3, found, "the series that changes most"


def _compared(ctx: Context, words: list[str]) -> Iterator[Proposal]:
    """ "Compare A and B": the key figures of each."""
    marks = marks_in(ctx, 0, ctx.end)
    if words[:1] == ["compare"] and len(marks.series) > 1 and not marks.categories:
        timed = "time" if in_time(ctx.schema) else ""
        yield 1.1, Summary(Marks(series=marks.series), timed), "the key figures of each"


def _at_a_time(ctx: Context, words: list[str]) -> Iterator[Proposal]:
    """ "2023?": the value of every series there."""
    marks = marks_in(ctx, 0, ctx.end)
    several = ctx.schema.ordered and not ctx.schema.single and len(ctx.schema.series) <= 12
    said = [word for word in words if word not in (*ctx.lexicon.stop, "happened", "happen")]
    few = len(words) <= 3 or len(said) == 1
    if few and several and len(marks.categories) == 1 and not marks.series:
        held = {m.series for m in ctx.schema.marks if m.category == marks.categories[0]}
        names = [name for name in ctx.schema.series if name in held]
        if len(names) > 1 and not ctx.heads:
            picks = tuple(Pick(replace(marks, series=(name,))) for name in names)
            yield 1.0, Many(picks), "the value of every series"


def _both_ends(ctx: Context) -> Iterator[Proposal]:
    """ "Highest and lowest?": both."""
    heads = ctx.heads_in(0, ctx.end)
    kinds = [(head.kind, head.value) for head in heads]
    joined = len(heads) == 2 and "and" in ctx.words(heads[0].hi, heads[1].lo)
    apart = {"between", "spread", "gap"} & set(ctx.words(0, ctx.end))
    if joined and not apart and sorted(kinds) == [("extreme", "max"), ("extreme", "min")]:
        marks = marks_in(ctx, 0, ctx.end)
        ends = ["highest" if head.value == "max" else "lowest" for head in heads]
        yield 1.2, Many(tuple(Pick(marks, how) for how in ends)), "both ends"


def _part(ctx: Context, words: list[str]) -> Iterator[Proposal]:
    """ "Share of A in 2023" of a chart of amounts: of all there."""
    marks = marks_in(ctx, 0, ctx.end)
    shown = PARTS | {"percent", "%"}
    said = next((n for n, word in enumerate(words[:-1]) if word in PARTS), None)
    if said is None or words[said + 1] != "of" or ctx.schema.unit == "%":
        return
    if shown & ctx.schema.words or size_of(ctx, marks) != 1 or ctx.heads:
        return
    amounts = bool(ctx.schema.unit) or any((m.value or 0.0) > 100.0 for m in ctx.schema.marks)
    if not marks.series or not marks.categories or not amounts:
        return
    whole = replace(marks, series=(), color="")
    found = Binary("share", Pick(marks), Aggregate("sum", (whole,)))
    yield 1.15, found, "the share of one in all there"


def _whole_change(ctx: Context, words: list[str]) -> Iterator[Proposal]:
    """ "By how much did the total grow?": from the first time to the last."""
    marks = marks_in(ctx, 0, ctx.end)
    heads = ctx.heads_in(0, ctx.end, "operation")
    moves = [h for h in heads if h.value in ("growth", "increase", "decrease", "decline")]
    summed = any(head.value == "sum" for head in heads)
    names = ctx.schema.categories
    much = "how" in words and "much" in words
    if not moves or not much or marks.categories or not ctx.schema.ordered or len(names) < 2:
        return
    ends = [replace(marks, categories=(name,)) for name in (names[0], names[-1])]
    sides: list[Expression] = [Pick(end) for end in ends]
    if not ctx.schema.single and len(marks.series) != 1:
        sides = [Aggregate("sum", (end,)) for end in ends]
        if not summed:
            return
    yield 1.25, Binary("difference", sides[0], sides[1]), "from the first time to the last"
