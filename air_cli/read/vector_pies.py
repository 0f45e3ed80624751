"""Pies and donuts of vector charts: wedges by the circle through their arcs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from air_cli.read.numbers import parse_number
from air_cli.read.page import center
from air_cli.read.scene import MarkReading
from air_cli.read.vector_legend import name_of
from air_cli.read.vector_plot import Plot
from air_cli.read.vector_shapes import Points, Shape, is_white
from air_cli.read.vector_text import Label
from air_cli.records import Mark, Series

_FULL = 2 * math.pi
# Some programs draw arcs as polygons, of at least so many vertices.
_POLYGON = 8
# How far, in px, a vertex of a straight side is off it at most.
_STRAIGHT = 0.06


@dataclass(frozen=True, eq=False)
class _Wedge:
    shape: Shape
    start: float
    sweep: float
    cx: float
    cy: float
    radius: float
    hole: float

    @property
    def middle(self) -> float:
        return self.start + self.sweep / 2


def read_pie(plot: Plot) -> MarkReading | None:
    """Wedges around one centre that make up a full turn, or None."""
    wedges = [
        wedge
        for shape in plot.shapes
        if shape.kind == "blob"
        and (shape.curved or len(shape.points) >= _POLYGON)
        and shape.fill
        and shape not in plot.taken
        if (wedge := _wedge(shape)) is not None
    ]
    wedges = _one_ring(wedges)
    total = sum(wedge.sweep for wedge in wedges)
    if len(wedges) < 2 or not 0.97 * _FULL < total < 1.03 * _FULL:
        return None
    # Clockwise from the top, as people read a pie.
    wedges.sort(key=lambda wedge: (wedge.middle + math.pi / 2) % _FULL)
    names = _names(plot, wedges)
    marks = []
    for wedge, name in zip(wedges, names, strict=True):
        share = 100 * wedge.sweep / total
        slack = 0.02
        marks.append(
            Mark("", name, round(share, 3), share - slack, share + slack, "vector",
                 wedge.shape.box, wedge.shape.color, _printed(plot, wedge, share))
        )  # fmt: skip
    kind = "donut" if min(wedge.hole for wedge in wedges) > 0.15 else "pie"
    categories = tuple(names)
    return MarkReading(kind, tuple(marks), (Series("", "", "slice"),), categories, 0.95)


def _wedge(shape: Shape) -> _Wedge | None:
    """The sector that a filled path draws: arcs of one or two radii about a common centre."""
    points = shape.points
    if len(points) > 3 and np.allclose(points[0], points[-1], atol=0.01):
        points = points[:-1]
    if len(points) < 3:
        return None
    fitted = _circle(points)
    if fitted is None:
        # Some programs cut the straight sides into many pieces, too.
        points = _corners(points)
        fitted = _circle(points)
    if fitted is None:
        return None
    cx, cy, radius = fitted
    distances = np.hypot(points[:, 0] - cx, points[:, 1] - cy) / radius
    outer = np.abs(distances - 1) < 0.01
    inner = distances[~outer]
    hole = float(inner.mean()) if len(inner) else 1.0
    if outer.sum() < 2 or (len(inner) and float(np.ptp(inner)) > 0.02):
        return None
    angles = np.unwrap(np.arctan2(points[outer, 1] - cy, points[outer, 0] - cx))
    sweep = float(np.ptp(angles))
    if not 1e-4 < sweep <= _FULL + 1e-6:
        return None
    return _Wedge(shape, float(angles.min()), sweep, cx, cy, radius, hole if hole < 0.98 else 0.0)


def _corners(points: Points) -> Points:
    """The vertices that stand off the line through their neighbours."""
    last, following = np.roll(points, 1, axis=0), np.roll(points, -1, axis=0)
    chord, to = following - last, points - last
    off = np.abs(chord[:, 0] * to[:, 1] - chord[:, 1] * to[:, 0])
    kept: Points = points[off > _STRAIGHT * np.maximum(np.hypot(*chord.T), 1e-9)]
    return kept if len(kept) >= 3 else points


def _circle(points: Points) -> tuple[float, float, float] | None:
    """Centre and radius: the vertex (pie) or the point (donut) all outer vertices are equally far
    from. Tries the path's own vertices first, then the circle through three outer ones."""
    for candidate in points:
        distances = np.hypot(*(points - candidate).T)
        far = distances > 1e-3 * max(float(distances.max()), 1e-9)
        radii = distances[far]
        if len(radii) >= 2 and float(np.ptp(radii)) < 0.01 * float(radii.mean()):
            return float(candidate[0]), float(candidate[1]), float(radii.mean())
    return _ring_centre(points)


def _ring_centre(points: Points) -> tuple[float, float, float] | None:
    """Where the two straight sides of a ring segment meet, its arcs having one radius each; for a
    half ring, whose sides are parallel, the least-squares circle through one half of the outline.
    """
    count = len(points)
    if count % 2:
        return _common_centre(points)
    half = count // 2
    for start in range(half):
        ring = np.roll(points, -start, axis=0)
        meet = _crossing(ring[-1], ring[0], ring[half - 1], ring[half])
        fitted = (*meet, 0.0) if meet is not None else (_kasa(ring[:half]) if half > 3 else None)
        if fitted is None:
            continue
        radii = np.hypot(ring[:, 0] - fitted[0], ring[:, 1] - fitted[1])
        outer, inner = sorted((radii[:half], radii[half:]), key=np.mean, reverse=True)
        slack = 0.004 * float(outer.mean())
        if np.ptp(outer) < slack and np.ptp(inner) < slack and inner.mean() < 0.97 * outer.mean():
            return fitted[0], fitted[1], float(outer.mean())
    return _common_centre(points)


def _common_centre(points: Points) -> tuple[float, float, float] | None:
    """Of a ring segment whose two arcs were cut into different numbers of curves: where the centres
    of the circles through three neighbouring vertices agree. All but those at its sides do."""
    around = [np.roll(points, -n, axis=0) for n in range(3)]
    (ax, ay), (bx, by), (cx, cy) = (part.T for part in around)
    twice = 2 * (ax * (by - cy) + bx * (cy - ay) + cx * (ay - by))
    sure = np.abs(twice) > 1e-2
    if sure.sum() < 3:
        return None
    aa, bb, cc = ax**2 + ay**2, bx**2 + by**2, cx**2 + cy**2
    with np.errstate(divide="ignore", invalid="ignore"):
        xs = (aa * (by - cy) + bb * (cy - ay) + cc * (ay - by)) / twice
        ys = (aa * (cx - bx) + bb * (ax - cx) + cc * (bx - ax)) / twice
    x, y = float(np.median(xs[sure])), float(np.median(ys[sure]))
    radii = np.hypot(points[:, 0] - x, points[:, 1] - y)
    outer = radii > 0.99 * radii.max()
    if outer.sum() > 3 and (better := _kasa(points[outer])) is not None:
        x, y = better[0], better[1]
        radii = np.hypot(points[:, 0] - x, points[:, 1] - y)
    slack = 0.004 * float(radii.max())
    rings = (radii[outer], radii[~outer])
    if any(len(ring) < 2 or np.ptp(ring) > slack for ring in rings):
        return None
    return x, y, float(radii[outer].mean())


def _crossing(a: Points, b: Points, c: Points, d: Points) -> tuple[float, float] | None:
    """Where the lines ab and cd meet; None when they are (nearly) parallel."""
    one, other = b - a, d - c
    cross = float(one[0] * other[1] - one[1] * other[0])
    if abs(cross) < 1e-4 * float(np.hypot(*one) * np.hypot(*other)) or cross == 0:
        return None
    along = float((c - a)[0] * other[1] - (c - a)[1] * other[0]) / cross
    return float(a[0] + along * one[0]), float(a[1] + along * one[1])


def _kasa(points: Points) -> tuple[float, float, float] | None:
    design = np.column_stack([2 * points, np.ones(len(points))])
    solution, _, rank, _ = np.linalg.lstsq(design, (points**2).sum(axis=1), rcond=None)
    if rank < 3:
        return None
    cx, cy, rest = solution
    square = rest + cx * cx + cy * cy
    return (float(cx), float(cy), float(math.sqrt(square))) if square > 0 else None


def _one_ring(wedges: Sequence[_Wedge]) -> list[_Wedge]:
    """Wedges of the common radius; pulled-out (exploded) ones keep it. White holes are dropped."""
    if not wedges:
        return []
    largest = max(wedge.radius for wedge in wedges)
    ring = [wedge for wedge in wedges if wedge.radius > 0.9 * largest]
    seen: dict[tuple[int, int], _Wedge] = {}
    for wedge in ring:
        key = round(math.degrees(wedge.start) % 360 * 2), round(math.degrees(wedge.sweep) * 2)
        if key not in seen or is_white(seen[key].shape.color):
            seen[key] = wedge
    return list(seen.values())


def _names(plot: Plot, wedges: Sequence[_Wedge]) -> list[str]:
    """By the legend's colours, else by the word that stands at each wedge."""
    legend = [name_of(plot, wedge.shape.color) for wedge in wedges]
    if sum(name is not None for name in legend) >= 0.6 * len(wedges):
        return [name or f"slice {n}" for n, name in enumerate(legend, 1)]
    # What looked like a legend and names no colour here is text with a pointer to its slice.
    words = [
        label
        for label in plot.labels
        if plot.roles.get(label) in (None, "legend")
        and parse_number(label.text) is None
        and _word(label.text)
    ]
    names: dict[int, str] = {}
    pairs = sorted(
        ((_apart(wedge, label), n, label) for n, wedge in enumerate(wedges) for label in words),
        key=lambda item: item[0],
    )
    used: set[Label] = set()
    for apart, n, label in pairs:
        if n in names or label in used or apart > 1.0:
            continue
        names[n] = label.text
        used.add(label)
        plot.roles[label] = "label"
    return [names.get(n, f"slice {n + 1}") for n in range(len(wedges))]


def _word(text: str) -> bool:
    return sum(c.isalpha() for c in text) >= 2 or len(text) == 1


def _apart(wedge: _Wedge, label: Label) -> float:
    """Angle between a label and the middle of a wedge, relative to the wedge, with distance."""
    x, y = center(label.box)
    # The nearest end of an outside label counts, not its middle.
    x = min(max(wedge.cx, label.box[0]), label.box[2]) if abs(y - wedge.cy) > wedge.radius else x
    far = math.hypot(x - wedge.cx, y - wedge.cy) / wedge.radius
    if far > 2.2:
        return 9.0
    angle = math.atan2(y - wedge.cy, x - wedge.cx)
    off = abs((angle - wedge.middle + math.pi) % _FULL - math.pi)
    return off / max(wedge.sweep / 2, 0.15) * 0.8 + 0.1 * max(far - 1.3, 0.0)


def _printed(plot: Plot, wedge: _Wedge, share: float) -> str:
    """The percentage printed at a wedge, when it agrees with the angle."""
    best: tuple[float, Label] | None = None
    for label in plot.labels:
        number = parse_number(label.text)
        if number is None or abs(number.value - share) > max(number.half * 1.1, 0.06):
            continue
        apart = _apart(wedge, label)
        if apart < 1.2 and (best is None or apart < best[0]):
            best = apart, label
    if best is None:
        return ""
    plot.roles.setdefault(best[1], "label")
    return best[1].text
