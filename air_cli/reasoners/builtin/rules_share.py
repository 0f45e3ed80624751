"""Rules for shares: of a total, and of one value in another. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from air_cli.reasoners.builtin.choices import size_of
from air_cli.reasoners.builtin.context import Context, marks_in
from air_cli.reasoners.builtin.program import Aggregate, Binary, Expression, Marks, Pick
from air_cli.reasoners.builtin.statements import latest_column

Proposal = tuple[float, Expression, str]


def shares(ctx: Context, prior: float) -> Iterator[Proposal]:
    """Programs that put one value in percent of a total, or of another value."""
    yield from _share(ctx, prior)
    yield from _part_of(ctx, prior)


def _share(ctx: Context, prior: float) -> Iterator[Proposal]:
    """ "What share of the total is A?", unless the chart shows percentages already."""
    words = ctx.words(0, ctx.end)
    part = {"share", "percentage", "percent", "proportion", "fraction", "%"} & set(words)
    whole = {"total", "whole", "overall", "sum", "entire"} & set(words)
    marks = marks_in(ctx, 0, ctx.end)
    if not part or not whole or "%" in ctx.schema.unit or size_of(ctx, marks) != 1:
        return
    shown = sum(abs(mark.value or 0.0) for mark in ctx.schema.marks)
    if ctx.schema.single and 95.0 <= shown <= 105.0:
        return  # the values are shares of a hundred already
    base = Marks() if ctx.schema.single else replace(marks, series=(), color="")
    if marks.categories and (marks.series or ctx.schema.single):
        found = Binary("share", Pick(marks), Aggregate("sum", (base,)))
        yield prior * 1.1, found, "the share of one in the total"


def _part_of(ctx: Context, prior: float) -> Iterator[Proposal]:
    """ "Costs as a percentage of revenue", "the share of revenue that goes to costs": two values
    that are named apart, one in percent of the other."""
    words = ctx.words(0, ctx.end)
    parts = ("share", "percentage", "percent", "proportion", "fraction", "%")
    at = next((n for n in range(len(words) - 1) if words[n] in parts and words[n + 1] == "of"), 0)
    if not at or "%" in ctx.schema.unit:
        return
    named = ctx.spans_in(0, ctx.end, "category", "series")
    after = [span for span in named if span.lo > at]
    shared = marks_in(ctx, 0, ctx.end)
    for kind in ("category", "series"):
        whole = next((span for span in after if span.kind == kind), None)
        others = [s for s in named if s.kind == kind and whole and s.value != whole.value]
        if whole is None or len(others) != 1:
            continue
        # "The percentage of A and B" names two parts, and no whole.
        if others[0].lo > at and {"and", ",", "&"} & set(words[whole.hi : others[0].lo]):
            continue
        names = [(str(span.value),) for span in (others[0], whole)]
        if kind == "series":
            sides = [replace(shared, series=name) for name in names]
        else:
            sides = [replace(shared, categories=name) for name in names]
        latest = [at_latest(ctx, side) or side for side in sides]
        if all(size_of(ctx, side) == 1 for side in latest):
            a, b = map(Pick, latest)
            yield prior * 1.2, Binary("share", a, b), "one value in percent of another"


def at_latest(ctx: Context, marks: Marks) -> Marks | None:
    """The latest year for a row that is named without one, where the columns are years."""
    latest = latest_column(ctx.schema)
    if marks.series or marks.color or len(marks.categories) != 1 or not latest:
        return None
    return replace(marks, series=(latest,))
