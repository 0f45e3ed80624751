"""Rules for the ratios of financial statements: margins, the tax rate, free cash flow. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from air_cli.reasoners.builtin.asked import Asked
from air_cli.reasoners.builtin.context import CLOSERS, Context, marks_in
from air_cli.reasoners.builtin.joint import joint_of
from air_cli.reasoners.builtin.program import (
    Across,
    Aggregate,
    Binary,
    Compare,
    Expression,
    Many,
    Marks,
    Number,
    Pick,
)
from air_cli.reasoners.builtin.statements import (
    RATIO,
    columns_of,
    latest_column,
    load,
    row_of,
    years_in,
)

Proposal = tuple[float, Expression, str]
MOST_LISTED = 12
_RATES = frozenset(("percentage", "percent", "%", "rate", "ratio", "margins"))


def ratios(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """A ratio of two rows for the columns that are named, else for the latest."""
    spans = ctx.spans_in(0, ctx.end, RATIO)
    if ctx.schema.kind != "table":
        yield from _of_series(ctx, want)
        return
    if len(spans) != 1 or want.kind in ("name", "count"):
        return
    line = ratio_at(ctx)
    columns = _columns(ctx) or _latest(ctx)
    if line is None or not columns:
        return
    if want.kind == "bool":
        compares = [s for s in ctx.spans_in(0, ctx.end, "compare") if s.value != "eq"]
        numbers = ctx.spans_in(0, ctx.end, "number")
        if len(compares) == len(numbers) == len(columns) == 1:
            limit = Number(float(numbers[0].value))
            found = Compare(str(compares[0].value), line(columns[0]), limit)
            yield 1.3, found, f"the {spans[0].value} held against a limit"
        return
    parts = tuple(map(line, columns))
    ratio = load().ratios[str(spans[0].value)]
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


def ratio_at(ctx: Context) -> Callable[[str], Expression] | None:
    """The ratio of two rows that a question names ("gross margin", "capex in percent of sales"),
    for a column; None where it names none, or a row is missing."""
    spans = ctx.spans_in(0, ctx.end, RATIO)
    joint = joint_of(ctx.linked.text) if not spans and ctx.schema.kind == "table" else None
    if len(spans) == 1:
        ratio = load().ratios[str(spans[0].value)]
    elif joint is not None:
        ratio = joint.ratio
    else:
        return None
    if not all(row_of(item, ctx.schema) for item in (ratio.a, ratio.b)):
        return None
    op, items = ratio.op, (ratio.a, ratio.b)
    return lambda column: Binary(op, *(_side(ctx, item, column) for item in items))


def _of_series(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """Two series of a chart put together at each category: "EBIT as a percentage of sales", "the
    operating margin in 2016", its average, its highest value and where that is."""
    found = _two_series(ctx)
    if found is None or want.kind in ("count", "bool"):
        return
    op, a, b = found
    places = [{m.category for m in ctx.schema.marks if m.series == name} for name in (a, b)]
    held = tuple(name for name in ctx.schema.categories if name in places[0] & places[1])
    marks = marks_in(ctx, 0, ctx.end)
    chosen = held if marks.span else tuple(n for n in held if n in marks.categories) or held
    why = f"{op} of {a!r} and {b!r}"
    extremes = ctx.heads_in(0, ctx.end, "extreme")
    if extremes:
        how = "highest" if extremes[0].value == "max" else "lowest"
        wanted = "name" if want.kind == "name" else "number"
        yield 1.3, Across("category", op, how, a, b, want=wanted), f"the {how} {why}"
        return
    cells = [(Marks(series=(a,), categories=(n,)), Marks(series=(b,), categories=(n,)))
             for n in chosen]  # fmt: skip
    parts = tuple(Binary(op, Pick(one), Pick(other)) for one, other in cells)
    mean = any(head.value == "mean" for head in ctx.heads_in(0, ctx.end, "operation"))
    if want.kind == "name" or not parts or len(parts) > MOST_LISTED:
        return
    listed = Aggregate("mean", parts) if mean else Many(parts)
    yield 1.3, parts[0] if len(parts) == 1 else listed, why


def _two_series(ctx: Context) -> tuple[str, str, str] | None:
    """What puts two series together: a ratio by name, or "as a percentage of" between them."""
    spans = ctx.spans_in(0, ctx.end, RATIO)
    if len(spans) == 1:
        ratio = load().ratios[str(spans[0].value)]
        return ratio.op, row_of(ratio.a, ctx.schema), row_of(ratio.b, ctx.schema)
    heads = [h for h in ctx.heads_in(0, ctx.end, "operation") if h.value == "share"]
    if len(heads) != 1:
        return None
    before = ctx.spans_in(0, heads[0].lo, "series")
    after = ctx.spans_in(heads[0].hi, ctx.end, "series")
    if len(before) != 1 or len(after) != 1 or before[0].value == after[0].value:
        return None
    return "share", str(before[0].value), str(after[0].value)


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
