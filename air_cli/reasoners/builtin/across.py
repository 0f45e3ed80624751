"""A number for each category (or series), such as the difference of two series. Pure."""

from __future__ import annotations

import itertools
from dataclasses import replace

from air_cli.reasoners.builtin.choices import NAMED
from air_cli.reasoners.builtin.context import Context, marks_in
from air_cli.reasoners.builtin.heads import Head
from air_cli.reasoners.builtin.program import Across, Marks

PAIRED = ("difference", "ratio", "growth", "decline")
# Beside those, what may be worked out for each name: one series in percent of another.
EACH = (*PAIRED, "share")


def extreme_operations(ctx: Context, lo: int, hi: int) -> list[Across]:
    """ "The largest difference", "the smallest and the largest differences": the extremes of an
    operation over all categories, as numbers, in the order they are named."""
    heads = ctx.heads_in(lo, hi)
    found = []
    for first, second in itertools.pairwise(heads):
        if first.kind != "extreme" or second.kind != "operation" or second.lo - first.hi > 1:
            continue
        if second.value not in (*PAIRED, "sum", "mean"):
            continue
        before = [h for h in heads if h.kind == "extreme" and h.hi < first.lo <= h.hi + 2]
        for extreme in (*before, first):
            how = "highest" if extreme.value == "max" else "lowest"
            across = across_of(ctx, second.value, how, "number")
            if across is not None:
                found.append(replace(across, rank=extreme.rank))
    return found


def stack_at(ctx: Context, head: Head, of: Marks, want: str) -> Across | None:
    """ "The highest year", "the lowest bar" of stacked bars of which no part is named: the height
    of whole stacks. None where the stacks are all as high, as shares of a hundred are."""
    whole = ctx.schema.kind in ("stacked-bar", "stacked-barh") and head.kind == "extreme"
    if not whole or head.take or of.series or of.color or of.test or ctx.schema.single:
        return None
    heights: dict[str, float] = {}
    for mark in ctx.schema.marks:
        heights[mark.category] = heights.get(mark.category, 0.0) + (mark.value or 0.0)
    top, low = max(heights.values()), min(heights.values())
    if top - low < 0.02 * abs(top):
        return None
    how = "highest" if head.value == "max" else "lowest"
    return Across("category", "sum", how, among=of, want=want, rank=head.rank)


def across_of(ctx: Context, op: str, how: str, want: str, dim: str = "") -> Across | None:
    """A number for each category (or series) by what the question names twice."""
    spans = ctx.spans_in(0, ctx.end, *NAMED)
    lines = list(dict.fromkeys(str(s.value) for s in spans if s.kind == "series"))
    rows = list(dict.fromkeys(str(s.value) for s in spans if s.kind == "category"))
    colors = list(dict.fromkeys(str(s.value) for s in spans if s.kind == "color"))
    if op in EACH:
        if len(lines) == 2:
            # "From 2012 to 2015": the names that lie between, where a stretch is named.
            marks = marks_in(ctx, 0, ctx.end)
            within = Marks(categories=marks.categories, span=True) if marks.span else Marks()
            return Across("category", op, how, lines[0], lines[1], among=within, want=want)
        if len(colors) == 2:
            return Across("category", op, how, f"color:{colors[0]}", f"color:{colors[1]}",
                          want=want)  # fmt: skip
        if len(rows) == 2 and dim != "category":
            return Across("series", op, how, rows[0], rows[1], want=want)
        if not lines and len(ctx.schema.series) == 2 and dim != "series":
            a, b = ctx.schema.series
            return Across("category", op, how, a, b, want=want)
        if not rows and len(ctx.schema.categories) == 2:
            a, b = ctx.schema.categories
            return Across("series", op, how, a, b, want=want)
        return None
    if ctx.schema.single:
        return None
    among = Marks(series=tuple(lines), categories=tuple(rows))
    return Across(dim or "category", op, how, among=among, want=want)
