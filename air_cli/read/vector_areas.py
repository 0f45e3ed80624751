"""Areas of vector charts: the upper edge of filled outlines, stacked or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from air_cli.read.scene import AxisFit, MarkReading
from air_cli.read.vector_crisp import align_to_data
from air_cli.read.vector_legend import series_names
from air_cli.read.vector_plot import Plot
from air_cli.read.vector_sampling import at_places
from air_cli.read.vector_shapes import Points, Shape, is_white
from air_cli.read.vector_values import abscissa, difference, name_places, reading
from air_cli.records import Mark, Series


@dataclass(frozen=True, eq=False)
class _Area:
    """A filled outline: at each x of its vertices the upper and the lower edge."""

    shape: Shape
    xs: Points
    upper: Points
    lower: Points


def read_areas(plot: Plot) -> MarkReading | None:
    """Filled areas that run across the plot, or None."""
    fit = plot.y
    if fit is None or fit.kind != "linear":
        return None
    width = plot.box[2] - plot.box[0]
    areas = [
        area
        for shape in plot.data("blob")
        if shape.fill and not is_white(shape.fill) and shape.size[0] > 0.3 * width
        if (area := _area(shape)) is not None
    ]
    align_to_data(plot, [float(x) for area in areas for x in area.xs])
    fit = plot.y or fit
    others = [float(x) for area in areas for x in area.xs]
    areas = [_at_places(plot, area, others) for area in areas]
    bases = [_base(plot, fit, area) for area in areas]
    resting = [area for area, base in zip(areas, bases, strict=True) if base is not None]
    stacked = [area for area in areas if area not in resting and _rests_on(area, areas)]
    if not resting or len(resting) + len(stacked) < len(areas):
        return None
    return _reading(plot, fit, areas, bool(stacked))


def _at_places(plot: Plot, area: _Area, others: Sequence[float]) -> _Area:
    """The area at the places that its axis names (`at_places`)."""
    height = plot.box[3] - plot.box[1]
    upper = at_places(np.column_stack([area.xs, area.upper]), plot.x, height, others)
    xs = upper[:, 0]
    return _Area(area.shape, xs, upper[:, 1], np.interp(xs, area.xs, area.lower))


def _area(shape: Shape) -> _Area | None:
    """Split the outline at its leftmost and rightmost vertices into an upper and a lower edge."""
    points = shape.points
    if np.allclose(points[0], points[-1], atol=0.01):
        points = points[:-1]
    left, right = points[:, 0].min(), points[:, 0].max()
    xs = np.unique(points[:, 0].round(2))
    if len(xs) < 3:
        return None
    start = int(np.argmin(points[:, 0]))
    ring = np.roll(points, -start, axis=0)
    far = int(np.argmax(ring[:, 0]))
    one, other = ring[: far + 1], np.vstack([ring[far:], ring[:1]])[::-1]
    edges = [_edge(part, xs) for part in (one, other)]
    if any(edge is None for edge in edges) or right - left <= 0:
        return None
    first, second = edges
    assert first is not None
    assert second is not None
    return _Area(shape, xs, np.minimum(first, second), np.maximum(first, second))


def _edge(part: Points, xs: Points) -> Points | None:
    """The edge's y at each x; None when the edge turns back."""
    if np.any(np.diff(part[:, 0]) < -0.3):
        return None
    # The ends may be vertical sides: only the vertex that leads on along the edge counts.
    first, last = part[0, 0], part[-1, 0]
    start = max(int(np.sum(part[:, 0] <= first + 0.05)) - 1, 0)
    stop = len(part) - max(int(np.sum(part[:, 0] >= last - 0.05)) - 1, 0)
    edge = part[start:stop]
    if len(edge) < 2:
        edge = part[[start, -1]] if start < len(part) - 1 else part
    return np.interp(xs, np.maximum.accumulate(edge[:, 0]), edge[:, 1])


def _base(plot: Plot, fit: AxisFit, area: _Area) -> float | None:
    """The level line an area stands on: zero, or the edge of the plot."""
    for level in (fit.px(0.0), plot.box[3]):
        inner = slice(1, -1) if len(area.xs) > 3 else slice(None)
        if np.all(np.abs(area.lower[inner] - level) < 0.8 * plot.pt):
            return float(level)
    return None


def _rests_on(area: _Area, areas: Sequence[_Area]) -> bool:
    inner = slice(1, -1) if len(area.xs) > 3 else slice(None)
    for other in areas:
        if other is area:
            continue
        top = np.interp(area.xs, other.xs, other.upper)
        if np.all(np.abs(area.lower[inner] - top[inner]) < 1.0):
            return True
    return False


def _reading(plot: Plot, fit: AxisFit, areas: Sequence[_Area], stacked: bool) -> MarkReading:
    names = series_names(plot, list(dict.fromkeys(area.shape.color for area in areas)))
    marks: list[Mark] = []
    places: dict[float, str] = {}
    for area in areas:
        called = name_places(plot.x, [float(x) for x in area.xs], plot.pt)
        for n, (px, category) in enumerate(zip(area.xs.tolist(), called, strict=True)):
            upper, lower = float(area.upper[n]), float(area.lower[n])
            value, low, high = (
                difference(fit, lower, upper, plot.pt) if stacked else reading(fit, upper, plot.pt)
            )
            box = (px - plot.pt, upper, px + plot.pt, lower)
            places.setdefault(px, category)
            marks.append(
                Mark(names[area.shape.color], category, value, low, high, "vector", box,
                     area.shape.color, "", abscissa(plot.x, px, plot.pt))
            )  # fmt: skip
    series = tuple(Series(name, color, "area") for color, name in names.items())
    categories = tuple(dict.fromkeys(places[px] for px in sorted(places)))
    return MarkReading("stacked-area" if stacked else "area", tuple(marks), series, categories, 0.9)
