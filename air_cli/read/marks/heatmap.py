"""Heat maps: a value in each cell, from the number printed in it and from its colour."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from air_cli.read.colors import to_hex
from air_cli.read.marks.heatmap_grid import Grid, find_grid
from air_cli.read.marks.heatmap_scale import ColorBar, find_bar
from air_cli.read.numbers import parse_number, repaired
from air_cli.read.ocr import Ocr
from air_cli.read.scene import AxisFit, MarkReading, Scene
from air_cli.read.texts import height_of, is_numeric, reading_order
from air_cli.records import Box, Mark, Series, Text, Tick

_SCORE = 1.0  # a lattice of flat cells in many colours is no accident
_UNNAMED_ROW = re.compile(r"row \d+ has no name")
_NAMED = 0.35  # share of rows and columns that must have a name
_AGREE = 0.05  # of the bar's range: a printed number and a colour that say the same


@dataclass(frozen=True)
class _Label:
    """What is printed in a cell: its words, what they may mean, half their last digit."""

    text: str
    readings: tuple[float, ...]
    half: float


def read(scene: Scene) -> MarkReading | None:
    """The cells of a heat map: rows are categories, columns series; None where there is no lattice
    of flat cells, or hardly a name beside it."""
    grid = find_grid(scene.rgb, scene.texts)
    if grid is None:
        return None
    rows, columns = _row_names(scene, grid), _column_names(scene, grid)
    named = sum(map(bool, [*rows, *columns]))
    if named < _NAMED * (len(rows) + len(columns)):
        return None
    problems = [
        f"{what} {n + 1} has no name that could be read"
        for what, names in (("row", rows), ("column", columns))
        for n, name in enumerate(names)
        if not name
    ]
    rows, columns = _unique(rows, "row"), _unique(columns, "column")
    bar, labels = find_bar(scene, grid), _labels(scene, grid)
    if bar is None and len(labels) < 0.5 * len(rows) * len(columns):
        problems.append("no colour bar was found: nothing tells what the colours are worth")
    marks = []
    for c, column in enumerate(columns):
        for r, row in enumerate(rows):
            mark, problem = _cell(grid, r, c, (row, column), labels.get((r, c)), bar)
            marks.append(mark)
            problems += [f"{row}, {column}: {problem}"] if problem else []
    series = tuple(Series(name, "", "heatmap") for name in columns)
    axes = [_axis("x", columns, grid.centres(0)), _axis("y", rows, grid.centres(1))]
    axes += [bar.fit] if bar else []
    found = tuple(marks), series, tuple(rows), _SCORE, tuple(problems), tuple(axes)
    return MarkReading("heatmap", *found)


def lacks_names(reading: MarkReading) -> bool:
    """Whether a reading is of a heat map whose rows have not all been named."""
    return reading.kind == "heatmap" and any(_UNNAMED_ROW.match(p) for p in reading.problems)


def names_beside(scene: Scene, reading: MarkReading, reader: Ocr) -> list[Text]:
    """What recognition finds in the strip to the left of the cells when it sees nothing else: small
    names beside large fields of colour are overlooked."""
    left = min(m.bbox_px[0] for m in reading.marks)
    top, bottom = (f(m.bbox_px[n] for m in reading.marks) for f, n in ((min, 1), (max, 3)))
    start = max(0.0, top - 10)
    strip = np.ascontiguousarray(scene.rgb[round(start) : round(bottom) + 10, : round(left)])
    if min(strip.shape[:2]) < 12:
        return []
    levels = [(t.bbox_px[1], t.bbox_px[3]) for t in scene.texts if t.bbox_px[2] < left + 8]
    found = []
    for text in reader.read(strip):
        x0, y0, x1, y1 = text.bbox_px
        middle = (y0 + y1) / 2 + start
        if abs(text.angle) < 20 and not any(low < middle < high for low, high in levels):
            found.append(replace(text, bbox_px=(x0, y0 + start, x1, y1 + start)))
    return found


def _axis(role: str, names: Sequence[str], places: Sequence[float]) -> AxisFit:
    step = (places[-1] - places[0]) / (len(places) - 1)
    ticks = tuple(Tick(name, None, at) for name, at in zip(names, places, strict=True))
    span = (places[0], places[-1])
    return AxisFit(role, "category", 1 / step, -places[0] / step, ticks, span=span)


def _cell(
    grid: Grid,
    row: int,
    column: int,
    names: tuple[str, str],
    label: _Label | None,
    bar: ColorBar | None,
) -> tuple[Mark, str]:
    """The mark of a cell and what is wrong with it."""
    color = grid.colors[row, column]
    told = bar.value(color) if bar else None
    value, low, high, how = (*told, "geometry") if told else (None, None, None, "geometry")
    problem = ""
    if label is not None:
        said = label.readings[0]
        if told is not None and bar is not None:
            near = _AGREE * _span(bar) + (told[2] - told[1])
            agreed = [v for v in label.readings if abs(v - told[0]) <= near]
            if agreed:
                said, how = min(agreed, key=lambda v: abs(v - told[0])), "both"
            else:
                problem = f'label "{label.text}" and the colour ({told[0]:.4g}) disagree'
        if not problem:
            how = how if how == "both" else "label"
            value, low, high = said, said - label.half, said + label.half
    elif told is None:
        problem = "the cell's colour is not on the colour bar" if bar else ""
    mark = Mark(
        names[1], names[0], value, low, high, how, grid.cell(row, column), to_hex(color),  # type: ignore[arg-type]
        label.text if label else "",
    )  # fmt: skip
    return mark, problem


def _span(bar: ColorBar) -> float:
    return abs(bar.fit.value(float(bar.places[-1])) - bar.fit.value(float(bar.places[0])))


def _labels(scene: Scene, grid: Grid) -> dict[tuple[int, int], _Label]:
    """(row, column) -> the number printed in the cell."""
    found: dict[tuple[int, int], _Label] = {}
    for text in scene.texts:
        if abs(text.angle) > 10:
            continue
        for words, box in _pieces(text, grid.xs):
            x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
            row, column = int(np.searchsorted(grid.ys, y)) - 1, int(np.searchsorted(grid.xs, x)) - 1
            if not (0 <= row < len(grid.ys) - 1 and 0 <= column < len(grid.xs) - 1):
                continue
            label = _number(words)
            if label is not None:
                found.setdefault((row, column), label)
    return found


def _number(words: str) -> _Label | None:
    for reading in repaired(words):
        number = parse_number(reading)
        if number is not None:
            values = [number.total, number.value]
            values += [number.other] if number.other is not None else []
            values += [-v for v in values if v > 0]
            return _Label(words, tuple(dict.fromkeys(values)), number.half)
    return None


def _pieces(text: Text, edges: Sequence[float]) -> list[tuple[str, Box]]:
    """A text, or its words one by one where it runs over as many columns as it has words."""
    left, top, right, bottom = text.bbox_px
    words = text.text.split()
    over = [n for n, (a, b) in enumerate(itertools.pairwise(edges)) if left < (a + b) / 2 < right]
    if len(over) < 2 or len(words) != len(over):
        return [(text.text, text.bbox_px)]
    return [
        (word, (edges[n], top, edges[n + 1], bottom)) for word, n in zip(words, over, strict=True)
    ]


def _column_names(scene: Scene, grid: Grid) -> list[str]:
    """The names under the grid, else over it."""
    left, top, right, bottom = grid.box
    below = _band(scene, (left, bottom - 3, right, scene.rgb.shape[0]), first=True)
    above = _band(scene, (left, 0, right, top + 3), first=False)
    best: list[str] = []
    for texts in (below, above):
        names = _named(texts, grid)
        if sum(map(bool, names)) > sum(map(bool, best)):
            best = names
    return best or [""] * (len(grid.xs) - 1)


def _band(scene: Scene, box: Box, *, first: bool) -> list[Text]:
    """The row of texts of a band that is nearest to the grid, wrapped lines with it."""
    left, top, right, bottom = box
    inside = [
        t
        for t in scene.texts
        if top <= t.bbox_px[1] + (0.3 * height_of(t) if first else 0)
        and t.bbox_px[3] <= bottom + (0 if first else 6)
        and t.bbox_px[2] > left - 20
        and t.bbox_px[0] < right + 20
    ]
    if not inside:
        return []
    if first:
        start = min(t.bbox_px[1] for t in inside)
        return [t for t in inside if t.bbox_px[1] < start + 0.8 * height_of(t)]
    foot = max(t.bbox_px[3] for t in inside)
    return [t for t in inside if t.bbox_px[3] > foot - 0.8 * height_of(t)]


def _named(texts: Sequence[Text], grid: Grid) -> list[str]:
    """The text of each column among those of a row of names."""
    names = [""] * (len(grid.xs) - 1)
    for text in texts:
        for words, box in _pieces(text, grid.xs):
            x = (box[0] + box[2]) / 2
            if text.angle > 15:
                x = box[2] - min(8.0, 0.5 * (box[2] - box[0]))
            elif text.angle < -15:
                x = box[0] + min(8.0, 0.5 * (box[2] - box[0]))
            column = int(np.searchsorted(grid.xs, x)) - 1
            if 0 <= column < len(names):
                names[column] = f"{names[column]} {words}".strip()
    return names


def _row_names(scene: Scene, grid: Grid) -> list[str]:
    """The names to the left of the grid, else to its right; wrapped ones joined."""
    left, _, right, _ = grid.box
    pitch = grid.ys[1] - grid.ys[0]
    sides = (
        [t for t in scene.texts if t.bbox_px[2] < left + max(4.0, 0.4 * height_of(t))],
        [t for t in scene.texts if t.bbox_px[0] > right - 4 and not is_numeric(t)],
    )
    best = [""] * (len(grid.ys) - 1)
    for texts in sides:
        gathered: list[list[Text]] = [[] for _ in best]
        for text in texts:
            y = (text.bbox_px[1] + text.bbox_px[3]) / 2
            row = int(np.searchsorted(grid.ys, y)) - 1
            if 0 <= row < len(best) and abs(text.angle) < 30 and height_of(text) < 1.5 * pitch:
                gathered[row].append(text)
        # A tick mark beside a name is often read as a dash.
        names = [re.sub(r"\s*[-–—_|]+$", "", reading_order(own)) for own in gathered]
        if sum(map(bool, names)) > sum(map(bool, best)):
            best = names
    return best


def _unique(names: Sequence[str], what: str) -> list[str]:
    """Names with numbers where they are empty or come twice."""
    result: list[str] = []
    for n, name in enumerate(names):
        name = name or f"{what} {n + 1}"
        result.append(name if name not in result else f"{name} ({n + 1})")
    return result
