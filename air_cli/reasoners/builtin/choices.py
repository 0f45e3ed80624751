"""Which marks and which one of them some words choose. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from air_cli.reasoners.builtin.context import (
    Context,
)
from air_cli.reasoners.builtin.heads import Head
from air_cli.reasoners.builtin.program import (
    Aggregate,
    Expression,
    Marks,
    Pick,
)
from air_cli.reasoners.builtin.spans import Span

NAMED = ("series", "category", "color")


def placed(ctx: Context, heads: Sequence[Head], marks: Marks) -> tuple[Head, Marks]:
    """An extreme among the marks of a place: "the highest value of the last bar", "the lowest of
    the first three years"."""
    extreme = next((h for h in heads if h.kind == "extreme"), None)
    place = next((h for h in heads if h.kind == "position"), None)
    if extreme is None or place is None:
        return heads[0], marks
    if place.take:
        end = "last" if place.value in ("last", "right", "bottom") else "first"
        return extreme, replace(marks, take=(end, place.take))
    name = category_at(ctx, place)
    if name and not marks.categories:
        return extreme, replace(marks, categories=(name,))
    return extreme, marks


def category_at(ctx: Context, place: Head) -> str:
    """The category at a place, where each has several marks; empty when there is none."""
    names = ctx.schema.categories
    if ctx.schema.single or not 1 <= place.rank <= len(names):
        return ""
    if place.value == "middle":
        return names[(len(names) - 1) // 2]
    ends = place.value in ("last", "right", "bottom")
    return names[-place.rank] if ends else names[place.rank - 1]


def cell_named(ctx: Context, marks: Marks) -> bool:
    """Whether names alone choose one mark, so that "end" or "left" is no place."""
    return bool(marks.categories) and size_of(ctx, marks) == 1


def lookup(ctx: Context, marks: Marks) -> Expression:
    """Marks as one value where they are one, else as marks."""
    return Pick(marks) if size_of(ctx, marks) == 1 else marks


def size_of(ctx: Context, marks: Marks) -> int:
    """How many marks of the chart a choice names (colours count as one series)."""
    found = [
        mark
        for mark in ctx.schema.marks
        if (not marks.series or mark.series in marks.series)
        and (not marks.categories or marks.span or mark.category in marks.categories)
        and mark.category not in marks.without
        and mark.series not in marks.without
    ]
    if not marks.color:
        return len(found)
    if len(ctx.schema.series) > 1:
        return max(1, round(len(found) / len(ctx.schema.series)))
    return sum(1 for m in found if m.color) and 1


def level_of(ctx: Context, marks: Marks) -> Expression:
    """The value of a choice: of its one mark, else the sum of its marks."""
    return Pick(marks) if size_of(ctx, marks) == 1 else Aggregate("sum", (marks,))


def picked(ctx: Context, head: Head, of: Marks) -> Expression:
    """The mark or marks that an extreme or a position names."""
    if size_of(ctx, of) <= 1 and not of.color:
        of = replace(of, categories=()) if ctx.schema.single else replace(of, series=())
    if head.kind == "extreme":
        how = "highest" if head.value == "max" else "lowest"
        if head.take:
            return replace(of, take=("top" if head.value == "max" else "bottom", head.take))
        return Pick(of, how, head.rank)
    side = head.value
    if side == "top" and not ctx.schema.horizontal and ctx.schema.kind in ("bar", "grouped-bar"):
        return Pick(of, "highest", head.rank)
    if head.take:
        return replace(of, take=("last" if side in ("last", "right") else "first", head.take))
    return Pick(of, side, head.rank)


def two(of: Marks) -> list[Expression]:
    """ "The ratio of the two lowest": the first and the second of them."""
    side = of.take[0] if of.take else "top"
    how = {"top": "highest", "bottom": "lowest"}.get(side, side)
    return [Pick(replace(of, take=None), how, rank) for rank in (1, 2)]


def single(part: Expression) -> Expression:
    """An operand that must be one number: several marks count with their sum."""
    return Aggregate("sum", (part,)) if isinstance(part, Marks) else part


def of_spans(spans: Sequence[Span]) -> Marks:
    return Marks(
        series=tuple(dict.fromkeys(str(s.value) for s in spans if s.kind == "series")),
        categories=tuple(dict.fromkeys(str(s.value) for s in spans if s.kind == "category")),
        color=next((str(s.value) for s in spans if s.kind == "color"), ""),
    )


def alternate(names: Sequence[Span]) -> bool:
    """Whether series and categories come in pairs: A in X and B in Y."""
    kinds = ["row" if span.kind == "category" else "line" for span in names]
    return len(kinds) % 2 == 0 and all(
        {kinds[n], kinds[n + 1]} == {"row", "line"} for n in range(0, len(kinds), 2)
    )


def pairs(names: Sequence[Span]) -> list[Sequence[Span]]:
    return [names[n : n + 2] for n in range(0, len(names), 2)]
