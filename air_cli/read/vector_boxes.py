"""Box plots of vector charts: a box with the median across it and whiskers at its ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from air_cli.read.page import center, inside
from air_cli.read.scene import AxisFit, MarkReading
from air_cli.read.vector_plot import Plot, covers, numeric
from air_cli.read.vector_shapes import Shape
from air_cli.read.vector_values import name_places, reading
from air_cli.records import Mark, Series

NUMBERS = ("minimum", "lower quartile", "median", "upper quartile", "maximum")


@dataclass(frozen=True, eq=False)
class _Box:
    """One box: its shape, and the places of its five numbers in px, lowest value first."""

    shape: Shape
    places: tuple[float, float, float, float, float]


def read_boxes(plot: Plot) -> MarkReading | None:
    """Upright boxes of quartiles with their whiskers, or None. Outliers are left out: they are
    points beyond the whiskers."""
    if not numeric(plot.y) or plot.y is None:
        return None
    strokes = [
        shape
        for shape in plot.data("rule", "line", "rect")
        if _is_straight(shape) and inside(center(shape.box), plot.box, -plot.pt)
    ]
    boxes: list[_Box] = []
    for shape in plot.data("rect"):
        found = _box(plot, shape, strokes)
        if found is not None and all(_apart(found, other) for other in boxes):
            boxes.append(found)
    if not boxes or sum(box.places[0] - box.places[4] > _height(box) for box in boxes) == 0:
        return None
    boxes.sort(key=lambda box: center(box.shape.full)[0])
    names = name_places(plot.x, [center(box.shape.full)[0] for box in boxes], plot.pt)
    marks = [
        _mark(plot, plot.y, box, n, name)
        for box, name in zip(boxes, names, strict=True)
        for n in range(5)
    ]
    series = tuple(Series(name, "", "box") for name in NUMBERS)
    return MarkReading("box", tuple(marks), series, tuple(dict.fromkeys(names)), 0.9)


def _is_straight(shape: Shape) -> bool:
    wide, high = shape.size
    return min(wide, high) <= 0.12 * max(wide, high)


def _box(plot: Plot, shape: Shape, strokes: Sequence[Shape]) -> _Box | None:
    """The five places, where a stroke as wide as the shape lies across it and others leave it."""
    left, top, right, bottom = shape.full
    wide = right - left
    if covers(shape.full, plot.box) or bottom - top < 1 or wide < 3:
        return None
    slack = max(0.08 * wide, 0.6 * plot.pt)
    medians = [
        (s.full[1] + s.full[3]) / 2
        for s in strokes
        if s is not shape
        and abs(s.full[0] - left) <= slack
        and abs(s.full[2] - right) <= slack
        and s.size[1] < 0.3 * max(bottom - top, 4)
        and top + 0.2 < (s.full[1] + s.full[3]) / 2 < bottom - 0.2
    ]
    if not medians:
        return None
    middle = (left + right) / 2
    upright = [
        s.full
        for s in strokes
        if s.size[0] <= 2 * plot.pt and abs((s.full[0] + s.full[2]) / 2 - middle) <= slack
    ]
    near = 1.5 * plot.pt
    upper = min([b[1] for b in upright if abs(b[3] - top) <= near], default=top)
    lower = max([b[3] for b in upright if abs(b[1] - bottom) <= near], default=bottom)
    return _Box(shape, (lower, bottom, medians[0], top, upper))


def _height(box: _Box) -> float:
    return box.places[1] - box.places[3] + 1.0


def _apart(one: _Box, other: _Box) -> bool:
    """Whether two boxes are not one that was filled and stroked in turn."""
    (x, y), (p, q) = center(one.shape.full), center(other.shape.full)
    return abs(x - p) > 2 or abs(y - q) > 2


def _mark(plot: Plot, fit: AxisFit, box: _Box, n: int, name: str) -> Mark:
    left, _, right, _ = box.shape.full
    at = box.places[n]
    value, low, high = reading(fit, at, plot.pt)
    reach = plot.pt
    frame = (left, at - reach, right, at + reach)
    return Mark(NUMBERS[n], name, value, low, high, "vector", frame, box.shape.color)
