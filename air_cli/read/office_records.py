"""The record of a chart whose data an Office file keeps, and the picture that shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from air_cli.read.numbers import parse_axis_unit, parse_unit
from air_cli.read.office_charts import ChartData, Row
from air_cli.read.office_layout import Sheet, lay_out
from air_cli.read.office_numbers import number_text
from air_cli.records import Axis, Box, Chart, Figure, Mark, Series, Text


def chart_of(data: ChartData, figure: Figure) -> tuple[Sheet, Chart]:
    """A chart's record and its picture: a row a category (of points: a row each), a column a
    series."""
    names = list(dict.fromkeys(name for row in data.rows for name in row.categories))
    lines, places = _lines(data, names)
    sheet = lay_out(data.title or figure.caption, lines)
    marks = [
        _mark(data.rows[m], n, sheet.boxes[at][m + 1])
        for (m, n), at in places.items()
        if data.rows[m].values[n] is not None
    ]
    return sheet, _chart(data, figure, names, marks, sheet)


def _lines(
    data: ChartData, names: Sequence[str]
) -> tuple[list[list[str]], dict[tuple[int, int], int]]:
    """The picture's rows, and in which one each series' n-th value stands."""
    pointed = data.kind in ("scatter", "bubble")
    lines = [["", *(row.name for row in data.rows)]]
    if not pointed:
        lines += [[name, *[""] * len(data.rows)] for name in names]
    rank = {name: n for n, name in enumerate(names, 1)}
    places: dict[tuple[int, int], int] = {}
    for m, row in enumerate(data.rows):
        for n, (name, value) in enumerate(zip(row.categories, row.values, strict=True)):
            if pointed:
                lines.append([name, *[""] * len(data.rows)])
            at = len(lines) - 1 if pointed else rank[name]
            lines[at][m + 1] = "" if value is None else number_text(value)
            places[m, n] = at
    return lines, places


def _mark(row: Row, n: int, box: Box) -> Mark:
    value = row.values[n]
    text = number_text(value) if value is not None else ""
    x = row.xs[n] if row.xs else None
    size = row.sizes[n] if row.sizes else None
    return Mark(
        row.name, row.categories[n], value, value, value, "cell", box, row.color, text, x, size
    )


def _chart(
    data: ChartData, figure: Figure, names: Sequence[str], marks: Sequence[Mark], sheet: Sheet
) -> Chart:
    single = len(data.rows) == 1
    y_title = " / ".join(data.y_titles)
    unit, scale = _unit(data, figure)
    kept = [replace(mark, series="") for mark in marks] if single else list(marks)
    series = tuple(Series("" if single else row.name, row.color, row.kind) for row in data.rows)
    texts = [
        Text(text, box, "tick" if n == 0 or m == 0 else "label")
        for n, row in enumerate(sheet.texts)
        for m, (text, box) in enumerate(zip(row, sheet.boxes[n], strict=False))
        if text
    ]
    titles = ((data.title, "title"), (data.x_title, "axis-title"), (y_title, "axis-title"))
    texts += [Text(text, (0.0, 0.0, 1.0, 1.0), role) for text, role in titles if text]
    across = "linear" if data.kind in ("scatter", "bubble") else "category"
    return Chart(
        figure.id,
        data.kind,
        data.title or figure.caption,
        axes=(Axis("x", across, (), data.x_title), Axis("y", "linear", (), y_title, unit, scale)),
        series=series,
        categories=tuple(names),
        marks=tuple(kept),
        text=tuple(texts),
        unit=unit,
        scale=scale,
        confidence=0.98,
        size_px=sheet.size,
    )


def _unit(data: ChartData, figure: Figure) -> tuple[str, float]:
    if data.unit:
        return data.unit, 1.0
    for title in data.y_titles:
        unit, scale = parse_axis_unit(title)
        if unit or scale != 1:
            return unit, scale
    for text in (data.title, figure.caption):
        unit, scale = parse_unit(text)
        if unit or scale != 1:
            return unit, scale
    return "", 1.0
