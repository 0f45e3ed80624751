"""Operands of sums, averages and differences as the operation means them. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from air_cli.reasoners.builtin.choices import size_of
from air_cli.reasoners.builtin.context import Context, marks_in
from air_cli.reasoners.builtin.program import Aggregate, Expression, Marks, Pick, There

THAT = [(word, time) for word in ("that", "same") for time in ("year", "month", "time")]


def ends(marks: Marks) -> list[Expression]:
    """The totals of the two categories that a stretch goes from and to."""
    if len(marks.categories) != 2:
        return []
    return [
        Aggregate("sum", (replace(marks, categories=(name,), span=False),))
        for name in marks.categories
    ]


def leaving_out(ctx: Context, lo: int, hi: int, shared: Marks) -> Marks | None:
    """ "… excluding the largest one": all marks but those at an extreme."""
    for span in ctx.spans_in(lo, hi, "not"):
        heads = ctx.heads_in(span.hi, hi, "extreme")
        left_out = span.value in ("except", "excluding", "without", "including")
        if left_out and heads and heads[0].lo - span.hi <= 2:
            marks = marks_in(ctx, lo, span.lo, shared)
            side = "bottom" if heads[0].value == "max" else "top"
            return replace(marks, take=(side, size_of(ctx, marks) - max(heads[0].take, 1)))
    return None


def folded_alike(parts: Sequence[Expression]) -> list[Expression]:
    """ "The difference between the modes of A and B": the second operand, which is several marks,
    is folded or chosen from as the first one is."""
    first, second = parts
    if not isinstance(second, Marks) or second.take or second.test:
        return list(parts)
    if isinstance(first, Aggregate) and len(first.of) == 1 and isinstance(first.of[0], Marks):
        return [first, Aggregate(first.op, (second,))]
    if isinstance(first, Pick) and first.how in ("highest", "lowest"):
        return [first, replace(first, of=second)]
    return list(parts)


def at_that_time(ctx: Context, lo: int, hi: int, parts: Sequence[Expression]) -> list[Expression]:
    """ "The highest of A and B in that year": the second operand stands at the category of the
    first one."""
    first, second = parts
    words = ctx.words(lo, hi)
    back = any(pair in itertools.pairwise(words) for pair in THAT)
    of = second.of if isinstance(second, Pick) else second
    if not back or not isinstance(first, Pick) or not isinstance(of, Marks) or not of.series:
        return list(parts)
    return [first, There(Marks(series=of.series), first)]


def each(ctx: Context, part: Aggregate) -> tuple[Expression, ...]:
    """ "Add the medians of the two": an operation over the same operation for each series."""
    of = part.of[0]
    several = len(part.of) == 1 and isinstance(of, Marks) and 1 < len(ctx.schema.series) <= 6
    if not several or not isinstance(of, Marks) or len(of.series) == 1 or of.color:
        return (part,)
    names = of.series or ctx.schema.series
    return tuple(Aggregate(part.op, (replace(of, series=(name,)),)) for name in names)
