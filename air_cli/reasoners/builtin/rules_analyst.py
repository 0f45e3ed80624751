"""Rules for what analysts ask of charts through time: who grows fastest, what adds to growth, the
mix, how a line did, one line against another, a whole year of quarters. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from air_cli.reasoners.builtin.asked import Asked
from air_cli.reasoners.builtin.choices import level_of, size_of
from air_cli.reasoners.builtin.context import Context, marks_in
from air_cli.reasoners.builtin.program import (
    Across,
    Aggregate,
    Binary,
    Compare,
    Expression,
    Growth,
    Many,
    Marks,
    Pick,
    Together,
)
from air_cli.reasoners.builtin.rules_open import in_time
from air_cli.reasoners.builtin.statements import row_of, said_in
from air_cli.reasoners.builtin.yearly import Times, times_of

Proposal = tuple[float, Expression, str]
MOST_PARTS = 12
_GROWING = frozenset(("growing", "grew", "grow", "grown", "growth", "performed", "perform",
                      "performing", "performer", "expanding"))  # fmt: skip
_ADDED = frozenset(("contributed", "contribute", "contributor", "added", "drove", "driver"))
_MIX = frozenset(("mix", "breakdown", "split", "composition", "makeup"))
_DID = frozenset(("do", "doing", "perform", "performed", "performing", "develop", "developed",
                  "fare", "fared", "evolve", "evolved"))  # fmt: skip
_MAKE_UP = frozenset(("account", "represent", "make", "contribute", "comprise", "constitute"))
_FALLS = ("decrease", "decline")


def analysed(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """Programs for the questions of analysts."""
    words = ctx.words(0, ctx.end)
    if want.kind == "bool":
        yield from _outgrown(ctx, words)
    if want.kind == "name":
        yield from _fastest(ctx, words)
        yield from _all_steps(ctx, want)
    if want.kind in ("value", "count"):
        yield from _mix(ctx, words)
        yield from _top_together(ctx, words)
    if want.kind in ("value", "name"):
        yield from _whole_year(ctx, words)
        yield from _did(ctx, words)
        yield from _factor(ctx, words)


def _named_times(ctx: Context) -> tuple[Times, tuple[str, ...]] | None:
    """The times and, in order, those that the question names, with the one before a lone one; the
    first and the last where it names none."""
    times = times_of(ctx)
    if times is None:
        return None
    named = times.named(ctx, marks_in(ctx, 0, ctx.end))
    if len(named) == 1:
        named = (times.before(named[0]), named[0])
    ends = (named[0], named[-1]) if named else (times.names[0], times.names[-1])
    return (times, ends) if all(ends) else None


def _fastest(ctx: Context, words: list[str]) -> Iterator[Proposal]:
    """ "Which segment is growing fastest?", "which contributed most to growth in 2023?": the line
    that changes most, in percent or in amount."""
    extremes = ctx.heads_in(0, ctx.end, "extreme")
    found = _named_times(ctx)
    lines = ctx.schema.series
    if len(extremes) != 1 or found is None or found[0].across or len(lines) < 2:
        return
    if ctx.spans_in(0, ctx.end, "series", "number") or not (_GROWING | _ADDED) & set(words):
        return
    first, last = found[1]
    how = "highest" if extremes[0].value == "max" else "lowest"
    if _ADDED & set(words):
        if _grows(ctx):  # to growth, to the increase
            yield 1.3, Across("series", "minus", how, last, first), "the line that adds most"
    else:
        yield 1.3, Across("series", "growth", how, first, last), "the line that grows most"


def _grows(ctx: Context) -> bool:
    """Whether a rise or fall is spoken of."""
    heads = ctx.heads_in(0, ctx.end, "operation")
    return any(head.value in ("growth", "increase", *_FALLS) for head in heads)


def _all_steps(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """ "In which quarters did sales fall?": every step that goes this way."""
    moves = [h.value for h in ctx.heads_in(0, ctx.end, "operation")]
    heads = ctx.heads_in(0, ctx.end, "extreme", "position", "arithmetic")
    others = bool(heads or ctx.spans_in(0, ctx.end, "number", "category", "compare"))
    marks = marks_in(ctx, 0, ctx.end)
    one = ctx.schema.single or len(marks.series) == 1
    plural = any(
        token.text.casefold() in (f"{want.noun}s", f"{want.noun[:-1]}ies")
        for token in ctx.linked.tokens[want.at : want.at + 2]
    )
    if not (want.noun and plural and one and not others and ctx.schema.ordered) or len(moves) != 1:
        return
    if moves[0] in ("increase", "decrease", "growth", "decline"):
        how = "decrease" if moves[0] in _FALLS else "increase"
        name = marks.series[0] if marks.series else ctx.schema.series[0]
        yield 1.2, Together(((name, how),)), "every step that goes this way"


def _mix(ctx: Context, words: list[str]) -> Iterator[Proposal]:
    """ "What is the revenue mix in 2023?": the share of every line at that time, or the last."""
    marks = marks_in(ctx, 0, ctx.end)
    lines = ctx.schema.series
    moved = {"change", "changed", "shift", "shifted"} & set(words)
    if not _MIX & set(words) or marks.series or not 1 < len(lines) <= MOST_PARTS:
        return
    if ctx.schema.kind == "table" or not ctx.schema.categories:
        return
    times = times_of(ctx)
    if moved and times is not None and not times.across:
        first, last = (_shares_at(ctx, (name,)) for name in _since(ctx, times))
        parts = tuple(Binary("rise", a, b) for a, b in zip(first, last, strict=True))
        yield 1.3, Many(parts), "how the share of each has changed"
    elif not moved and len(marks.categories) < 2:
        at = marks.categories or (ctx.schema.categories[-1],)
        yield 1.3, Many(_shares_at(ctx, at)), "the share of each in their total"


def _since(ctx: Context, times: Times) -> tuple[str, str]:
    """The ends of a change: those named, "since 2019" from then to the last, else the whole."""
    named = times.named(ctx, marks_in(ctx, 0, ctx.end))
    if len(named) > 1:
        return named[0], named[-1]
    return (named or times.names)[0], times.names[-1]


def _shares_at(ctx: Context, at: tuple[str, ...]) -> tuple[Expression, ...]:
    """The share of every line at one time; the values themselves where they are shares."""
    picks = tuple(Pick(Marks(series=(name,), categories=at)) for name in ctx.schema.series)
    if "%" in ctx.schema.unit:
        return picks
    whole = Aggregate("sum", (Marks(categories=at),))
    return tuple(Binary("share", pick, whole) for pick in picks)


def _whole_year(ctx: Context, words: list[str]) -> Iterator[Proposal]:
    """ "What were full-year 2023 sales?": the quarters or months of that year, added up."""
    whole = any(words[n : n + 2] == ["full", "year"] for n in range(len(words)))
    whole = whole or bool({"annual", "yearly", "total"} & set(words))
    marks = marks_in(ctx, 0, ctx.end)
    several = len(marks.categories) > 1 and not marks.span
    spoken = any(span.kind == "category" for span in ctx.linked.spans)
    moves = [h for h in ctx.heads_in(0, ctx.end, "operation") if h.value != "sum"]
    one = ctx.schema.single or len(marks.series) == 1
    if whole and several and one and not spoken and not moves and "%" not in ctx.schema.unit:
        yield 1.25, Aggregate("sum", (marks,)), "the parts of the year, added up"


def _top_together(ctx: Context, words: list[str]) -> Iterator[Proposal]:
    """ "What do the top two regions account for?": their sum, as a share where it is none yet."""
    takes = [head for head in ctx.heads_in(0, ctx.end, "extreme") if head.take > 1]
    marks = marks_in(ctx, 0, ctx.end)
    if len(takes) != 1 or not _MAKE_UP & set(words) or ctx.heads_in(0, ctx.end, "operation"):
        return
    end = "top" if takes[0].value == "max" else "bottom"
    chosen = replace(marks, take=(end, takes[0].take))
    summed = Aggregate("sum", (chosen,))
    shares = "%" in ctx.schema.unit
    if ctx.schema.single or marks.series or marks.categories:
        found = summed if shares else Binary("share", summed, Aggregate("sum", (marks,)))
        yield 1.2, found, "what they are together"


def _did(ctx: Context, words: list[str]) -> Iterator[Proposal]:
    """ "How did Cloud do?", "what was the total return of A?": its change over the period."""
    marks = marks_in(ctx, 0, ctx.end)
    plain = not ctx.heads and not ctx.spans_in(0, ctx.end, "number", "compare", "color")
    how = words[:1] == ["how"] and bool(_DID & set(words))
    returned = "return" in words and "return" in ctx.schema.words and ctx.schema.kind == "line"
    one = len(marks.series) == 1 or (ctx.schema.single and how)
    if plain and (how or returned) and one and not marks.categories and in_time(ctx.schema):
        yield 1.2, Growth(Marks(series=marks.series)), "the change over the whole period"


def _factor(ctx: Context, words: list[str]) -> Iterator[Proposal]:
    """ "By what factor did Cloud grow?": the last over the first."""
    moves = ctx.heads_in(0, ctx.end, "operation")
    found = _named_times(ctx)
    marks = marks_in(ctx, 0, ctx.end)
    grows = any(head.value in ("growth", "increase", "ratio") for head in moves)
    if "factor" not in words or not grows or found is None or not found[0].lone(ctx, marks):
        return
    times, ends = found
    first, last = (level_of(ctx, times.at(marks, name)) for name in ends)
    yield 1.4, Binary("ratio", last, first), f"{ends[1]} over {ends[0]}"


def _outgrown(ctx: Context, words: list[str]) -> Iterator[Proposal]:
    """ "Did net income grow faster than sales in 2023?": one growth against another."""
    pace = {"faster", "quicker", "slower"} & set(words)
    found = _named_times(ctx)
    lines = _lines(ctx)
    if not pace or not _grows(ctx) or found is None or len(lines) != 2:
        return
    times, (first, last) = found
    sides = []
    for name in lines:
        row = Marks(categories=(name,)) if times.across else Marks(series=(name,))
        ends = [times.at(row, at) for at in (first, last)]
        if any(size_of(ctx, end) != 1 for end in ends):
            return
        sides.append(Binary("growth", *map(Pick, ends)))
    op = "lt" if "slower" in pace else "gt"
    yield 1.3, Compare(op, sides[0], sides[1]), f"two growths from {first} to {last}"


def _lines(ctx: Context) -> list[str]:
    """The lines that a question names, in its order: series, or rows where the years stand side by
    side, of a statement also by what they are called."""
    kind = "category" if "year" in ctx.schema.series_dims else "series"
    named = [(s.lo, str(s.value)) for s in ctx.spans_in(0, ctx.end, kind)]
    if kind == "category":
        _, said = said_in(ctx.linked.tokens, ctx.lexicon)
        named += [(s.lo, row) for s in said if (row := row_of(str(s.value), ctx.schema))]
    return list(dict.fromkeys(name for _, name in sorted(named)))
