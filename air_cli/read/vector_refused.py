"""Vector charts of kinds that AIR does not read: told by their frames, so that none is read wrong.

Polar axes are circles or polygons around one middle with spokes; three-dimensional ones have grid
lines in several slanted directions; a violin is an outline that mirrors itself, sampled along its
axis; circles that are packed, or strung along a time line, say by size alone what they are worth.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from air_cli.read.numbers import parse_number
from air_cli.read.page import area, center, inside
from air_cli.read.vector_plot import Plot
from air_cli.read.vector_shapes import Points, Shape, is_neutral, is_white
from air_cli.records import Box

# Rings and spokes of polar axes, and how far their middles may differ, of the largest one's size.
_RINGS, _SPOKES, _OFF = 3, 3, 0.02
# Parallel lines of a slanted direction, such directions, and degrees between two of them.
_PARALLEL, _DIRECTIONS, _DEGREES = 4, 2, 2
_SLANTED, _MOST = 3.0, 0.7
# Vertices of a violin's outline, and how exactly its halves mirror each other.
_SAMPLED, _MIRRORED = 24, 0.01
# Circles, how much larger the large ones are than the small ones; numbers in a column, and its
# breadth in points, that are a value axis; rows and columns of a heat map.
_CIRCLES, _VARIED, _LABELS, _COLUMN, _GRID = 6, 1.4, 3, 3.0, 3


def unread_kind(plot: Plot) -> str | None:
    """In plain words the kind of chart that this is, where AIR does not read it; else None."""
    if _is_polar(plot):
        return "a chart on polar axes (a radar or a rose)"
    if _is_solid(plot):
        return "a three-dimensional chart"
    if any(_is_violin(shape) for shape in plot.shapes):
        return "a violin plot"
    if _is_circles(plot):
        return "a chart of circles sized by their values, with no axis to measure them"
    return None


def _is_circles(plot: Plot) -> bool:
    """Whether the figure is filled circles of several sizes, and numbers stand in no column."""
    circles = [
        shape.full
        for shape in plot.shapes
        if shape.fill and shape.closed and shape.curved and shape.kind in ("blob", "marker")
        if abs(shape.size[0] - shape.size[1]) < 0.03 * shape.size[0] and len(shape.points) <= 13
    ]
    sizes = sorted(box[2] - box[0] for box in circles)
    if len(circles) < _CIRCLES or sizes[-2] < _VARIED * sizes[1]:
        return False
    if _is_printed_grid(plot, circles):
        return False
    if any(shape.kind == "rect" and not is_white(shape.fill or "#ffffff") for shape in plot.shapes
           if area(shape.full) > sizes[-1] ** 2):  # fmt: skip
        return False
    columns = Counter(
        round(label.box[side] / plot.pt / _COLUMN)
        for label in plot.labels
        if parse_number(label.text) is not None
        and not any(inside(center(label.box), box) for box in circles)
        for side in (0, 2)
    )
    return max(columns.values(), default=0) < _LABELS


def _is_printed_grid(plot: Plot, circles: Sequence[Box]) -> bool:
    """Whether circles stand in rows and columns with numbers in them: a heat map of circles."""
    places = [center(box) for box in circles]
    rows, columns = ({round(at[n] / plot.pt) for at in places} for n in (1, 0))
    printed = sum(
        parse_number(label.text) is not None and any(inside(center(label.box), b) for b in circles)
        for label in plot.labels
    )
    full = len(rows) * len(columns) <= 1.6 * len(circles) and min(len(rows), len(columns)) >= _GRID
    return full and printed >= 0.5 * len(circles)


def _is_polar(plot: Plot) -> bool:
    rings = [
        shape
        for shape in plot.shapes
        if not shape.fill
        and shape.closed
        and (shape.curved or (len(shape.points) > 3 and shape.kind != "rect"))
        and _is_round(shape)
    ]
    if not rings:
        return False
    whole = max(rings, key=lambda shape: shape.size[0])
    middle, reach = _middle(whole), _OFF * whole.size[0]
    around = [ring for ring in rings if math.dist(_middle(ring), middle) <= 2 * reach]
    sizes = {round(ring.size[0] / max(reach, 1e-9)) for ring in around}
    ends = [
        shape.points
        for shape in plot.shapes
        if shape.kind in ("rule", "line") and len(shape.points) == 2
    ]
    spokes = sum(min(math.dist(point, middle) for point in pair) <= 2 * reach for pair in ends)
    across = sum(math.dist(pair.mean(axis=0), middle) <= reach for pair in ends)
    return len(sizes) >= _RINGS and spokes + 2 * across >= _SPOKES


def _middle(shape: Shape) -> Points:
    """The middle of the corners, each counted once."""
    points = shape.points
    closed = len(points) > 1 and math.dist(points[0], points[-1]) < 0.01
    middle: Points = (points[:-1] if closed else points).mean(axis=0)
    return middle


def _is_round(shape: Shape) -> bool:
    """Whether all corners are about equally far from the middle."""
    wide, high = shape.size
    if min(wide, high) < 0.7 * max(wide, high) or wide <= 0:
        return False
    far = np.hypot(*(shape.points - _middle(shape)).T)
    return len(shape.points) > 3 and bool(np.ptp(far) < 0.1 * far.max())


def _is_solid(plot: Plot) -> bool:
    """Whether most grey lines run in a few slanted directions, many to each."""
    angles = []
    count = 0
    for shape in plot.shapes:
        grey = shape.stroke and not shape.fill and is_neutral(shape.stroke)
        if shape.kind not in ("rule", "line") or not grey or not 2 <= len(shape.points) <= 3:
            continue
        for a, b in zip(shape.points[:-1], shape.points[1:], strict=True):
            angle = math.degrees(math.atan2(b[1] - a[1], b[0] - a[0])) % 180
            count += 1
            if min(angle % 90, 90 - angle % 90) > _SLANTED:
                angles.append(round(angle / _DEGREES))
    tally = Counter(angles)
    families = [at for at, n in tally.items() if n + tally[at + 1] >= _PARALLEL]
    apart = {at for at in families if at - 1 not in families}
    within = sum(tally[at] + (tally[at + 1] if at + 1 not in families else 0) for at in families)
    return len(apart) >= _DIRECTIONS and within >= _MOST * max(count, 1)


def _is_violin(shape: Shape) -> bool:
    if shape.kind != "blob" or not shape.fill or shape.curved or len(shape.points) < _SAMPLED:
        return False
    return _mirrors(shape.points) or _mirrors(shape.points[:, ::-1])


def _mirrors(points: Points) -> bool:
    """Whether an outline is its own mirror image left and right, evenly sampled downwards."""
    size = np.ptp(points, axis=0)
    if size.min() <= 0:
        return False
    middle = (points[:, 0].min() + points[:, 0].max()) / 2
    rows: dict[int, list[float]] = {}
    unit = size[1] * 1e-3
    for x, y in points.tolist():
        rows.setdefault(round(y / unit), []).append(x - middle)
    if len(rows) < _SAMPLED / 2 or len(rows) > 0.7 * len(points):
        return False
    off = [abs(max(xs) + min(xs)) for xs in rows.values()]
    steps = np.diff(sorted(rows))
    even = float(np.percentile(steps, 90) - np.percentile(steps, 10)) <= 0.1 * np.median(steps) + 2
    widths = [max(xs) - min(xs) for xs in rows.values()]
    return max(off) <= _MIRRORED * size[0] and even and _varies(widths)


def _varies(widths: Sequence[float]) -> bool:
    """Whether the outline narrows and widens, rather than being a bar."""
    return float(np.ptp(widths)) > 0.3 * max(widths)
