"""Which rectangles of a vector chart can be bars, and whether they stand or lie."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from air_cli.read.page import center
from air_cli.read.scene import AxisFit
from air_cli.read.vector_plot import Plot, covers, numeric
from air_cli.read.vector_shapes import Shape, is_neutral, is_square, is_white

_YEAR = re.compile(r"(?:1[5-9]|20|21)\d\d")


def bar_candidates(plot: Plot) -> list[Shape]:
    """Filled (or outlined) rectangles that can be bars, each place once."""
    found: dict[tuple[int, ...], Shape] = {}
    for shape in plot.data("rect"):
        color = shape.fill or shape.stroke
        if not color or covers(shape.box, plot.box):
            continue
        if is_white(color) and (not shape.stroke or is_white(shape.stroke)):
            continue
        if _is_band(plot, shape, color):
            continue
        key = tuple(round(part) for part in shape.box)
        if key not in found or (shape.fill and not found[key].fill):
            found[key] = shape
    rects = _without_markers(_without_outlines(list(found.values()), plot.pt), plot.pt)
    rects = _without_caps(plot, rects)
    return rects + _low_bars(plot, rects)


def _without_caps(plot: Plot, rects: list[Shape]) -> list[Shape]:
    """Without the caps at the ends of error bars."""
    ends = [
        (tuple(stroke.points[n].tolist()), stroke.stroke)
        for stroke in plot.data("rule", "line")
        if len(stroke.points) == 2
        for n in (0, 1)
    ]
    near = 0.6 * plot.pt
    return [
        rect
        for rect in rects
        if min(rect.size) > 2.5 * plot.pt
        or not any(
            color == rect.fill and abs(x - cx) < near and abs(y - cy) < near
            for cx, cy in [center(rect.full)]
            for (x, y), color in ends
        )
    ]


def _low_bars(plot: Plot, rects: Sequence[Shape]) -> list[Shape]:
    """Grey bars too low to be told from rules by themselves: of the width and in a place of others
    (or, lying, of the height)."""
    slack = 0.05 * plot.pt
    low = []
    for shape in plot.data("rule"):
        if not shape.fill or len(shape.points) != 4 or is_white(shape.fill):
            continue
        side = 0 if shape.size[0] > shape.size[1] else 1
        if any(
            abs(shape.size[side] - rect.size[side]) < slack
            and min(
                abs(a - b)
                for a in (shape.full[1 - side], shape.full[3 - side])
                for b in (rect.full[1 - side], rect.full[3 - side])
            )
            < slack
            for rect in rects
        ):
            low.append(shape)
    return low


def _without_outlines(rects: list[Shape], pt: float) -> list[Shape]:
    """Without the outlines that were drawn around filled ones in a turn of their own."""
    filled = np.array([rect.box for rect in rects if rect.fill])
    if not len(filled):
        return rects
    return [
        rect
        for rect in rects
        if rect.fill or np.abs(filled - np.array(rect.box)).max(axis=1).min() > 0.3 * pt
    ]


def _without_markers(rects: list[Shape], pt: float) -> list[Shape]:
    """Without the squares of one size that stand on lines."""
    kept = []
    for shapes in _by_color(rects).values():
        sizes = {(round(shape.size[0]), round(shape.size[1])) for shape in shapes}
        if len(shapes) < 2 or len(sizes) > 1 or not all(is_square(shape, pt) for shape in shapes):
            kept += shapes
    return kept


def _is_band(plot: Plot, shape: Shape, color: str) -> bool:
    """A grey or white stripe over the whole height or width: shading, not data."""
    width, height = plot.box[2] - plot.box[0], plot.box[3] - plot.box[1]
    whole = shape.size[0] > 0.97 * width or shape.size[1] > 0.97 * height
    light = sum(int(color[i : i + 2], 16) for i in (1, 3, 5)) > 3 * 200
    return whole and (is_neutral(color) or light or shape.opacity < 0.6)


def _by_color(shapes: Sequence[Shape]) -> dict[str, list[Shape]]:
    """Shapes by their colour, in painting order."""
    groups: dict[str, list[Shape]] = defaultdict(list)
    for shape in shapes:
        groups[shape.color].append(shape)
    return dict(groups)


def is_upright(plot: Plot, rects: Sequence[Shape]) -> bool:
    """Whether bars stand rather than lie, by what the axes are and by the sides they share."""
    if plot.y is not None and plot.y.kind == "category" and not numeric(plot.x):
        # Names on both sides: some charts set those of the series beside the last bar.
        return plot.x is not None and plot.x.kind == "category" and not _lie(rects, plot.pt)
    if plot.y is None:
        return True
    if not numeric(plot.x):
        # Years beside lying bars are their names.
        return not (_is_years(plot.y) and _lie(rects, plot.pt))
    return numeric(plot.y) and not _lie(rects, plot.pt)


def _is_years(fit: AxisFit) -> bool:
    """Whether the labels of an axis are years."""
    return all(_YEAR.fullmatch(tick.text.strip()) for tick in fit.ticks)


def _lie(rects: Sequence[Shape], pt: float) -> bool:
    """Whether more rectangles share a height and a left end than a width and a foot."""
    widths = Counter(round(shape.size[0] / pt) for shape in rects)
    heights = Counter(round(shape.size[1] / pt) for shape in rects)
    bottoms = Counter(round(shape.full[3] / pt) for shape in rects)
    lefts = Counter(round(shape.full[0] / pt) for shape in rects)
    upright = max(widths.values()) + max(bottoms.values())
    return max(heights.values()) + max(lefts.values()) > upright
