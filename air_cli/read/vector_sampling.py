"""Values of a drawn line at the places that its axis names.

Charting programs leave out vertices on a straight stretch, and draw smooth curves by many vertices
that are no data. Where the axis names its places, those are what was plotted.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from air_cli.read.scene import AxisFit
from air_cli.read.vector_shapes import Points

# Vertices for each named place from which a line is taken for a curve, and how far (of the plot's
# height) a vertex of a smooth curve may be off the parabola through its neighbours.
_DENSE, _SMOOTH = 4, 0.004
# A vertex this near a tick (in steps between ticks) only helps to join areas.
_BESIDE = 0.03
# A vertex this near a tick (in steps between vertices) is the value there.
_HIT = 0.1
# How many vertices are looked at to tell a smooth curve.
_TRIED = 120


def at_places(
    points: Points, fit: AxisFit | None, height: float, others: Sequence[float], curved: bool = True
) -> Points:
    """The line's vertices, (n, 2): a smooth curve's at the axis' ticks only; of others, those left
    out at a tick put back. `others` are the x of all lines' vertices: they show at which ticks
    there are data."""
    if fit is None or fit.kind not in ("category", "time"):
        return points
    if len(fit.ticks) < 3:
        return points
    ticks = np.array(sorted(tick.px for tick in fit.ticks))
    slack = 0.002 * (ticks[-1] - ticks[0])
    # A line as long as the longest, of which nothing but its ends may be left.
    ends = points[[0, -1], 0] - [min(others, default=np.inf), max(others, default=-np.inf)]
    whole = bool(np.all(np.abs(ends) <= slack))
    if len(points) < 3 and not whole:
        return points
    inside = ticks[(ticks >= points[0, 0] - slack) & (ticks <= points[-1, 0] + slack)]
    dense = len(points) >= _DENSE * len(inside) > 2 * _DENSE
    if dense and curved and is_smooth(points, height):
        return _sampled(points, inside)
    points = _without_bends(points, inside, slack, fit.kind)
    places = inside
    if fit.kind == "time":
        places = np.unique(np.concatenate([inside, _shared(points, others, slack)]).round(3))
    known = np.array(others)
    missing = [
        float(px)
        for px in places
        if points[0, 0] < px < points[-1, 0]
        and np.abs(points[:, 0] - px).min() > slack
        and np.abs(known - px).min() <= slack
    ]
    if not missing or (len(missing) > len(points) and not whole):
        return points
    added = np.column_stack([missing, np.interp(missing, points[:, 0], points[:, 1])])
    every = np.vstack([points, added])
    return every[np.argsort(every[:, 0], kind="stable")]


def _without_bends(points: Points, ticks: Points, slack: float, kind: str) -> Points:
    """The line without vertices that are no data: between named places that all have one, and
    those that stand right beside a place (some programs set them around each to join areas)."""
    if len(ticks) < 3:
        return points
    away = np.abs(points[:, 0][:, None] - ticks[None, :]).min(axis=1)
    hit = np.abs(points[:, 0][None, :] - ticks[:, None]).min(axis=1) <= slack
    step = float(np.diff(ticks).min())
    if not hit.all() or len(points) > 6 * len(ticks):
        return points
    nearest = np.abs(points[:, 0][None, :] - ticks[:, None]).argmin(axis=1)
    beside = away < _BESIDE * step
    beside[nearest] = False
    between = (away > slack) & ((kind == "category") | _uneven(points, ticks, slack))
    kept: Points = points[~(beside | between)]
    return kept


def _uneven(points: Points, ticks: Points, slack: float) -> bool:
    """Whether some steps between places hold several vertices and others none: a smooth curve of
    which a program kept only the bends."""
    free = points[np.abs(points[:, 0][:, None] - ticks[None, :]).min(axis=1) > slack, 0]
    counts, _ = np.histogram(free, ticks)
    return bool((counts == 0).sum() >= 2 and counts.max(initial=0) >= 3)


def _shared(points: Points, others: Sequence[float], slack: float) -> Points:
    """Where two and more lines have a vertex, if this line has one at most such places."""
    xs = np.sort(np.array(others))
    near = np.searchsorted(xs, xs + slack, "right") - np.searchsorted(xs, xs - slack, "left")
    common = xs[near >= 2]
    if not len(common):
        return common
    places: Points = common[np.concatenate([[True], np.diff(common) > 2 * slack])]
    hit = np.abs(points[:, 0][None, :] - places[:, None]).min(axis=1) <= slack
    return places if hit.mean() > 0.6 else places[:0]


def is_smooth(points: Points, height: float) -> bool:
    """Whether nearly every vertex lies where its neighbours' curve passes."""
    xs, ys = points[:, 0], points[:, 1]
    if len(points) < 8 or np.any(np.diff(xs) <= 0):
        keep = np.concatenate([[True], np.diff(xs) > 1e-6])
        xs, ys = xs[keep], ys[keep]
    if len(xs) < 8:
        return False
    tried = np.unique(np.linspace(2, len(xs) - 3, _TRIED).astype(int))
    off = [abs(float(ys[n]) - _cubic(xs, ys, int(n))) / max(height, 1.0) for n in tried]
    # Corners between pieces of a curve may be sharp; noise is rough nearly everywhere.
    return bool(np.quantile(off, 0.9) < _SMOOTH or np.quantile(off, 0.75) < 0.1 * _SMOOTH)


def _cubic(xs: Points, ys: Points, n: int) -> float:
    """What the two vertices on either side of the n-th say about it."""
    near = [n - 2, n - 1, n + 1, n + 2]
    return _lagrange(xs[near], ys[near], float(xs[n]))


def _lagrange(xs: Points, ys: Points, at: float) -> float:
    total = 0.0
    for i in range(len(xs)):
        rest = np.delete(xs, i)
        total += float(ys[i] * np.prod((at - rest) / (xs[i] - rest)))
    return total


def _sampled(points: Points, ticks: Points) -> Points:
    xs, ys = points[:, 0], points[:, 1]
    keep = np.concatenate([[True], np.diff(xs) > 1e-6])
    xs, ys = xs[keep], ys[keep]
    values = []
    for px in ticks:
        at = float(np.clip(px, xs[0], xs[-1]))
        nearest = int(np.abs(xs - at).argmin())
        if abs(xs[nearest] - at) < _HIT * (xs[-1] - xs[0]) / len(xs):
            values.append(float(ys[nearest]))
            continue
        n = int(np.clip(np.searchsorted(xs, at) - 2, 0, len(xs) - 4))
        values.append(_lagrange(xs[n : n + 4], ys[n : n + 4], at))
    return np.column_stack([ticks, values])
