"""Heat maps of vector charts whose cells have their numbers printed: names on both axes, a number
where a row and a column meet. What the cells are painted with (rectangles or one picture) does not
matter."""

from __future__ import annotations

import itertools

from air_cli.read.numbers import parse_number
from air_cli.read.page import center, inside
from air_cli.read.scene import AxisFit, MarkReading
from air_cli.read.vector_plot import Plot
from air_cli.read.vector_text import Label
from air_cli.records import Box, Mark, Series, Tick

# A number may stand so far (in steps) from where its row and column meet; so many cells must have
# one (of tables of distances only half is filled).
_NEAR, _FILLED = 0.3, 0.4


def read_heatmap(plot: Plot) -> MarkReading | None:
    """The numbers of the cells, rows as categories and columns as series; None where the plot is no
    such grid."""
    if plot.x is None or plot.y is None or "category" not in (plot.x.kind, plot.y.kind):
        return None
    columns, rows = plot.x.ticks, plot.y.ticks
    if len(columns) < 2 or len(rows) < 2:
        return None
    wide, high = _step(plot.x), _step(plot.y)
    cells: dict[tuple[Tick, Tick], Label] = {}
    for label in plot.free():
        x, y = center(label.box)
        if label.angle or not inside((x, y), plot.box) or parse_number(label.text) is None:
            continue
        column = min(columns, key=lambda tick: abs(tick.px - x))
        row = min(rows, key=lambda tick: abs(tick.px - y))
        near = abs(column.px - x) < _NEAR * wide and abs(row.px - y) < _NEAR * high
        if not near or (row, column) in cells:
            return None
        cells[row, column] = label
    if len(cells) < _FILLED * len(columns) * len(rows):
        return None
    marks = tuple(
        _mark(plot, row, column, cells[row, column], wide, high)
        for row in rows
        for column in columns
        if (row, column) in cells
    )
    for label in cells.values():
        plot.roles[label] = "label"
    missing = len(columns) * len(rows) - len(cells)
    problems = (f"{missing} cells have no number printed",) if missing else ()
    series = tuple(Series(tick.text, "", "cell") for tick in columns)
    names = tuple(dict.fromkeys(tick.text for tick in rows))
    return MarkReading("heatmap", marks, series, names, 0.95, problems)


def _step(fit: AxisFit) -> float:
    places = sorted(tick.px for tick in fit.ticks)
    return min(b - a for a, b in itertools.pairwise(places)) or 1.0


def _mark(plot: Plot, row: Tick, column: Tick, label: Label, wide: float, high: float) -> Mark:
    number = parse_number(label.text)
    assert number is not None
    box: Box = (
        column.px - wide / 2,
        row.px - high / 2,
        column.px + wide / 2,
        row.px + high / 2,
    )
    color = next(
        (
            shape.fill
            for shape in plot.shapes
            if shape.kind == "rect"
            and shape.fill
            and inside(center(shape.full), box, -wide / 4)
            and shape.size[0] < 1.2 * wide
        ),
        "",
    )
    value, half = number.total, number.half
    return Mark(
        column.text, row.text, value, value - half, value + half, "label", box, color, label.text
    )
