"""Rules for one line of a statement or chart through time: against the time before, at every time,
up or down, the compound rate. The line may be a ratio of two others. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from air_cli.reasoners.builtin.asked import Asked
from air_cli.reasoners.builtin.choices import level_of
from air_cli.reasoners.builtin.context import Context, marks_in
from air_cli.reasoners.builtin.program import (
    Binary,
    Choose,
    Compare,
    Expression,
    Growth,
    Many,
    Marks,
)
from air_cli.reasoners.builtin.rules_moves import PERCENT
from air_cli.reasoners.builtin.rules_statement import ratio_at
from air_cli.reasoners.builtin.yearly import (
    TIMES,
    Times,
    before_said,
    every_said,
    times_of,
    year_ago_said,
    year_over_year,
)

Proposal = tuple[float, Expression, str]
Line = Callable[[str], Expression]
_MOVES = {"growth": 1, "increase": 1, "decrease": -1, "decline": -1}
_BETTER = frozenset(("improve", "improved", "better", "expand", "expanded", "widen", "widened"))
_WORSE = frozenset(("worsen", "worsened", "deteriorate", "deteriorated", "narrow", "narrowed",
                    "shrink", "shrank", "contract", "contracted"))  # fmt: skip


def yearly(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """Programs over the times of one line."""
    times = times_of(ctx)
    over = year_over_year(ctx)
    compares = [s for s in ctx.spans_in(0, ctx.end, "compare", "color") if s.lo not in over]
    if times is None or compares:
        return
    marks = marks_in(ctx, 0, ctx.end)
    ratio = ratio_at(ctx) if times.across else None
    if ratio is None and not times.lone(ctx, marks):
        return
    line: Line = ratio or (lambda name: level_of(ctx, times.at(marks, name)))
    named = times.named(ctx, marks)
    if want.kind == "bool":
        yield from _truths(ctx, times, named, line)
    elif want.kind == "value":
        yield from _every(ctx, times, named, line)
        yield from _changes(ctx, times, named, line, of_ratio=ratio is not None)
        if ratio is None and times.across:
            yield from _compound(ctx, times, marks, named)
    if ratio is not None:
        yield from _extremes(ctx, times, want, named, line)


def _operations(ctx: Context) -> set[str]:
    """The operations that the question names."""
    return {head.value for head in ctx.heads_in(0, ctx.end, "operation")}


def _moved(ctx: Context) -> int:
    """1 where a rise is asked about, -1 for a fall, 0 for neither."""
    said = [h.value for h in ctx.heads_in(0, ctx.end, "operation")]
    words = set(ctx.words(0, ctx.end))
    if words & _BETTER:
        return 1
    if words & _WORSE:
        return -1
    return next((_MOVES[value] for value in said if value in _MOVES), 0)


def _ends(ctx: Context, times: Times, named: tuple[str, ...]) -> tuple[str, str] | None:
    """The two times that a change is between: those named, one and the time before it, or the last
    two where the time before is spoken of, or "the change in inventory" of a statement."""
    if len(named) >= 2:
        return named[0], named[-1]
    if ctx.spans_in(0, ctx.end, "year"):
        return None  # the other end is a year that no single time here stands for
    last = named[0] if named else times.names[-1]
    heads = _operations(ctx)
    moved = times.across and heads <= {"increase", "decrease"}
    if not named and not (before_said(ctx) or moved):
        return None
    before = times.year_before(last) if year_ago_said(ctx) else times.before(last)
    return (before, last) if before else None


def _changes(
    ctx: Context, times: Times, named: tuple[str, ...], line: Line, of_ratio: bool
) -> Iterator[Proposal]:
    """ "Revenue growth in 2022", "… from the previous year", "How did the margin change?"."""
    sense, ends = _moved(ctx), _ends(ctx, times, named)
    words = ctx.words(0, ctx.end)
    if not sense or ctx.heads_in(0, ctx.end, "extreme", "position"):
        return
    if of_ratio and ends is None:
        ends = times.names[0], times.names[-1]
    shown = {"growth", "change", "yoy"} & ctx.schema.words
    if ends is None or (shown and not times.across):
        return
    # "Who say that spending should increase" is what a chart's line may be about.
    heads = _operations(ctx)
    if not times.across and "growth" not in heads and not before_said(ctx):
        return
    a, b = map(line, ends)
    why = f"the change from {ends[0]} to {ends[1]}"
    if of_ratio:
        yield 1.4, Binary("rise", a, b), f"{why}, in points"
        return
    if len(named) > 1:
        return  # between two times that are named there are rules already
    much = "how" in words and "much" in words and not set(words) & PERCENT
    percent = bool(heads & {"growth", "decline"} or set(words) & PERCENT) and not much
    falls = heads <= {"decrease", "decline"}
    if percent:
        yield 1.25, Binary("decline" if falls else "growth", a, b), why
    else:
        yield 1.25, Binary("minus", a, b) if falls else Binary("rise", a, b), why


def _every(ctx: Context, times: Times, named: tuple[str, ...], line: Line) -> Iterator[Proposal]:
    """ "Net income in each year", "operating margin by year"."""
    words = ctx.words(0, ctx.end)
    if (
        named
        or not every_said(words, TIMES)
        or any(head.value != "share" for head in ctx.heads_in(0, ctx.end))
    ):
        return
    parts = tuple(line(name) for name in times.names)
    if len(parts) <= 24:
        yield 1.35, Many(parts), "the value at every time"


def _truths(ctx: Context, times: Times, named: tuple[str, ...], line: Line) -> Iterator[Proposal]:
    """ "Did revenue grow in 2023?", "Has the margin improved from 2021 to 2023?"."""
    sense = _moved(ctx)
    ends = _ends(ctx, times, named) or (times.names[0], times.names[-1])
    told = ctx.spans_in(0, ctx.end, "number") or ctx.heads_in(0, ctx.end, "extreme", "position")
    words = set(ctx.words(0, ctx.end))
    grown = "growth" in _operations(ctx) or bool((_BETTER | _WORSE) & words)
    # Of other moves along the categories of a chart there are rules already.
    if sense and not told and (times.across or grown):
        a, b = map(line, ends)
        op = "gt" if sense > 0 else "lt"
        yield 1.1, Compare(op, b, a), f"{ends[1]} against {ends[0]}"


def _compound(
    ctx: Context, times: Times, marks: Marks, named: tuple[str, ...]
) -> Iterator[Proposal]:
    """ "CAGR of revenue from 2018 to 2022" of a statement."""
    if "cagr" in _operations(ctx):
        chosen = (named[0], named[-1]) if len(named) > 1 else times.names
        of = Marks(series=chosen, categories=marks.categories)
        yield 1.3, Growth(of, "across cagr"), "the compound rate"


def _extremes(
    ctx: Context, times: Times, want: Asked, named: tuple[str, ...], line: Line
) -> Iterator[Proposal]:
    """ "Which year had the highest operating margin?"."""
    heads = ctx.heads_in(0, ctx.end, "extreme")
    if len(heads) != 1 or heads[0].rank != 1 or want.kind not in ("name", "value"):
        return
    options = tuple((name, line(name)) for name in (named or times.names))
    how = "highest" if heads[0].value == "max" else "lowest"
    if want.kind == "name" and len(options) > 1:
        yield 1.5, Choose(how, options), f"the year of the {how}"
