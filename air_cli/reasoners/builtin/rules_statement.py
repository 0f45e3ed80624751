"""Rules for the ratios of financial statements: margins, the tax rate, free cash flow. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from air_cli.reasoners.builtin.asked import Asked
from air_cli.reasoners.builtin.context import CLOSERS, Context, marks_in
from air_cli.reasoners.builtin.program import (
    Aggregate,
    Binary,
    Expression,
    Many,
    Marks,
    Number,
    Pick,
)
from air_cli.reasoners.builtin.statements import (
    RATIO,
    columns_of,
    is_held,
    latest_column,
    load,
    row_of,
    years_in,
)

Proposal = tuple[float, Expression, str]
_RATES = frozenset(("percentage", "percent", "%", "rate", "ratio", "margins"))


def ratios(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """A ratio of two rows for the columns that are named, else for the latest."""
    spans = ctx.spans_in(0, ctx.end, RATIO)
    if len(spans) != 1 or want.kind in ("name", "count", "bool"):
        return
    known = load()
    ratio = known.ratios[str(spans[0].value)]
    if not is_held(str(spans[0].value), ctx.schema):
        return
    columns = _columns(ctx) or _latest(ctx)
    parts = tuple(
        Binary(ratio.op, *(_side(ctx, item, column) for item in (ratio.a, ratio.b)))
        for column in columns
    )
    if not parts:
        return
    # The amount may go by the same name: "gross margin" in dollars.
    said = set(ctx.words(0, ctx.end)) & _RATES
    row = row_of(ratio.amount, ctx.schema) if ratio.amount and not said else ""
    amount = row.casefold() == spans[0].value
    if amount:
        picks = tuple(Pick(Marks(series=(column,), categories=(row,))) for column in columns)
        yield 1.0, picks[0] if len(picks) == 1 else Many(picks), "the amount of that name"
    names = " and ".join(repr(row_of(item, ctx.schema)) for item in (ratio.a, ratio.b))
    why = f"the {spans[0].value}: {ratio.op} of {names}"
    mean = any(head.value == "mean" for head in ctx.heads_in(0, ctx.end, "operation"))
    listed = Aggregate("mean", parts) if mean else Many(parts)
    yield 0.8 if amount else 1.3, parts[0] if len(parts) == 1 else listed, why


def _side(ctx: Context, item: str, column: str) -> Expression:
    """The value of a line; of what is paid, its size, whatever its sign in the statement."""
    row = row_of(item, ctx.schema)
    pick = Pick(Marks(series=(column,) if column else (), categories=(row,)))
    marks = [m for m in ctx.schema.marks if m.category == row and m.series == column]
    negative = any(mark.value is not None and mark.value < 0 for mark in marks)
    if item in load().paid and negative:
        return Binary("times", Number(-1.0), pick)
    return pick


def _latest(ctx: Context) -> tuple[str, ...]:
    if ctx.schema.single:
        return ("",)
    latest = latest_column(ctx.schema)
    return (latest,) if latest else ()


def _columns(ctx: Context) -> tuple[str, ...]:
    """The columns that are named; of "2018 to 2020" those between as well, in order of time."""
    years, columns = years_in(ctx.linked.tokens, ctx.linked.text), columns_of(ctx.schema.series)
    if years and all(year in columns for year in years):
        return tuple(columns[year] for year in sorted(years))
    named = marks_in(ctx, 0, ctx.end).series
    timed = len(named) == 2 and "year" in ctx.schema.series_dims
    if not timed or not set(ctx.words(0, ctx.end)) & set(CLOSERS) - {"and"}:
        return named
    return tuple(sorted(s for s in ctx.schema.series if min(named) <= s <= max(named)))
