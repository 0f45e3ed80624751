"""Points of vector charts: scatter, bubbles, and dots over names (dot plots, lollipops)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from air_cli.read.page import center
from air_cli.read.scene import AxisFit, MarkReading
from air_cli.read.vector_legend import name_of, same_marker
from air_cli.read.vector_plot import Plot, numeric
from air_cli.read.vector_second_axis import axis_of
from air_cli.read.vector_shapes import Shape, color_distance, is_square, is_white
from air_cli.read.vector_values import abscissa, name_places, reading
from air_cli.records import Mark, Series

# The largest circle, of the plot's width; circles that can be bubbles: how many at least, how much
# their areas differ, and across how many points the larger ones are.
_LARGEST, _FEWEST, _DIFFER, _SEEN_PT = 0.35, 5, 2.2, 6.0

# (colour, the legend's name for the marker where the colour alone does not tell)
_Key = tuple[str, str]


def read_scatter(plot: Plot) -> MarkReading | None:
    """Markers that no line joins, as points, or None. Over a named axis they are a dot plot, whose
    values the other axis measures."""
    lying = not numeric(plot.y) and plot.y is not None and numeric(plot.x)
    if not numeric(plot.y) and not lying:
        return None
    groups = {key: shapes for key, shapes in _groups(plot).items() if _alike(shapes)}
    if sum(map(len, groups.values())) < 3:
        return None
    marks: list[Mark] = []
    series: list[Series] = []
    for number, ((color, marker), shapes) in enumerate(groups.items(), 1):
        name = marker or name_of(plot, color)
        if name is None:
            name = "" if len(groups) == 1 else f"series {number}"
        series.append(Series(name, color, "point"))
        shown = _distinct(shapes)
        if lying and plot.x is not None:
            marks += _points(plot, plot.x, plot.y, shown, name, 0)
            continue
        places = [center(shape.full)[1] for shape in shapes]
        marks += _points(plot, axis_of(plot, color, name, places, False), plot.x, shown, name, 1)
    categories = tuple(dict.fromkeys(mark.category for mark in marks))
    named = lying or (plot.x is not None and plot.x.kind == "category")
    kind = "dot" if named else "scatter"
    shown = [shape for shapes in groups.values() for shape in _distinct(shapes)]
    if kind == "scatter" and len(shown) == len(marks) and _are_bubbles(shown, plot.pt):
        kind, marks = "bubble", _with_sizes(marks, shown)
    return MarkReading(kind, tuple(marks), tuple(series), categories, 0.85)


def _groups(plot: Plot) -> dict[_Key, list[Shape]]:
    """The markers by colour; of colours that several entries of the legend share, by outline."""
    groups: dict[_Key, list[Shape]] = defaultdict(list)
    for shape in plot.data("marker", "rect", "blob", "line"):
        if shape.kind == "rect" and not is_square(shape, plot.pt):
            continue
        if shape.kind in ("blob", "line") and not _is_disc(shape, plot):
            continue
        if shape.color and not (is_white(shape.color) and not shape.stroke):
            groups[shape.color, _by_marker(plot, shape)].append(shape)
    return groups


def _is_disc(shape: Shape, plot: Plot) -> bool:
    """Whether a shape too large for a marker is a circle all the same."""
    wide, high = shape.size
    if not shape.curved or not shape.closed or wide > _LARGEST * (plot.box[2] - plot.box[0]):
        return False
    far = np.hypot(*(shape.points - np.array(center(shape.full))).T)
    return abs(wide - high) < 0.03 * wide and float(np.abs(far - wide / 2).max()) < 0.03 * wide


def _are_bubbles(shapes: Sequence[Shape], pt: float) -> bool:
    """Whether round markers differ so much in area that it means something."""
    if len(shapes) < _FEWEST or not all(shape.curved for shape in shapes):
        return False
    areas = [shape.size[0] * shape.size[1] for shape in shapes]
    low, high = np.quantile(areas, (0.15, 0.85))
    return bool(high > _DIFFER * low and high > (_SEEN_PT * pt) ** 2)


def _with_sizes(marks: Sequence[Mark], shapes: Sequence[Shape]) -> list[Mark]:
    """The marks with their areas as shares of the largest."""
    areas = [shape.size[0] * shape.size[1] for shape in shapes]
    largest = max(areas)
    return [
        replace(mark, size=round(one / largest, 4)) for mark, one in zip(marks, areas, strict=True)
    ]


def _by_marker(plot: Plot, shape: Shape) -> str:
    near = [e.name for e in plot.legend if color_distance(e.color, shape.color) <= 12]
    if len(set(near)) < 2:
        return ""
    return next((name for name in near if same_marker(plot.markers.get(name), shape)), "")


def _points(
    plot: Plot, fit: AxisFit, names: AxisFit | None, shapes: Sequence[Shape], name: str, side: int
) -> list[Mark]:
    """A mark for each shape: `fit` measures along x (`side` 0) or y (1), `names` the other way."""
    centres = [center(shape.full) for shape in shapes]
    places = [at[1 - side] for at in centres]
    called = name_places(names, places, plot.pt)
    marks = []
    for shape, at, category in zip(shapes, centres, called, strict=True):
        value, low, high = reading(fit, at[side], plot.pt)
        x = abscissa(names, at[1 - side], plot.pt)
        marks.append(
            Mark(name, category, value, low, high, "vector", shape.box, shape.color, "", x)
        )
    return marks


def _alike(shapes: Sequence[Shape]) -> bool:
    """Markers of one series share a size, or are round (bubbles)."""
    sizes = {(round(s.size[0]), round(s.size[1])) for s in shapes}
    return len(sizes) <= max(2, len(shapes) // 3) or all(
        abs(s.size[0] - s.size[1]) < 1 for s in shapes
    )


def _distinct(shapes: Sequence[Shape]) -> list[Shape]:
    """Each place once: a marker may be filled and stroked by two operations."""
    seen: dict[tuple[float, float, int], Shape] = {}
    for n, shape in enumerate(shapes):
        x, y = center(shape.full)
        twin = (
            n and shapes[n - 1].order + 1 == shape.order and (round(x, 1), round(y, 1), 0) in seen
        )
        if not twin:
            seen[
                round(x, 1), round(y, 1), 0 if (round(x, 1), round(y, 1), 0) not in seen else n
            ] = shape
    return list(seen.values())
