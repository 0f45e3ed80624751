"""Lines drawn as uniform cubic B-splines, which keep off their data: the data taken back.

d3's `curveBasis` (Vega's "basis", rounded lines of other programs) draws the B-spline whose control
points are the data (de Boor, "A practical guide to splines", 1978): at an interior place it shows a
sixth of each neighbour and two thirds of the point itself; only the ends are on the data. The
control points follow from the drawn curve by least squares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from air_cli.read.marks.strokes import Floats, Line, Point, Stroke

_CURVED = 1.0  # pixels (RMS) that a curve must keep off its chords, to be no broken line
_NEAR = 0.6  # pixels (RMS) that the B-spline may be off the stroke
_EVEN = 0.04  # share of a step by which the places may be uneven


def off_splines(lines: Sequence[Line], at: Floats) -> list[Line]:
    """The lines with the data of B-splines as their points, where they are drawn as such.

    `at`: the places of the data, in pixels of the crop, rising. All curved lines of a chart are
    drawn alike: most must fit, and better than as the curves through the data that programs draw
    (monotone, Catmull-Rom). A spline with steady curvature through the data would look the same;
    charts are hardly ever drawn so.
    """
    steps = np.diff(at)
    if len(at) < 5 or steps.min() < 8 or np.ptp(steps) > 2 * _EVEN * steps.mean() + 2:
        return list(lines)
    fitted = [_fitted(line.stroke, at) for line in lines]
    curved = [found for found in fitted if found is not None]
    if not curved or sum(good for _, good in curved) < 0.6 * len(curved):
        return list(lines)
    return [
        line if found is None else replace(line, stroke=_pointed(line.stroke, at, found[0]))
        for line, found in zip(lines, fitted, strict=True)
    ]


def _fitted(stroke: Stroke, at: Floats) -> tuple[Floats, bool] | None:
    """The control points and whether the B-spline explains the stroke best; None for a stroke that
    is straight between the places, or does not reach over all of them."""
    step = float(np.diff(at).mean())
    even = at[0] + step * np.arange(len(at))
    if stroke.xs[0] > at[0] + 0.25 * step or stroke.xs[-1] < at[-1] - 0.25 * step:
        return None
    inside = (stroke.xs >= at[0]) & (stroke.xs <= at[-1])
    xs, ys = stroke.xs[inside], stroke.ys[inside]
    if len(xs) < 4 * len(at):
        return None
    chords = np.interp(xs, even, np.interp(even, stroke.xs, stroke.ys))
    if _rms(chords - ys) < _CURVED:
        return None
    points = _control_points(xs, ys, even)
    off = _rms(np.interp(xs, *_basis_curve(even, points)) - ys)
    through = min(
        _rms(_hermite(xs, even, knots, slopes) - ys)
        for knots in [np.interp(even, stroke.xs, stroke.ys)]
        for slopes in (_monotone(knots), np.gradient(knots))
    )
    return points, bool(off < _NEAR and off < 0.5 * through)


def _rms(rest: Floats) -> float:
    """Root mean square without the worst sixth: other lines hide parts of a stroke."""
    return float(np.sqrt(np.mean(np.sort(rest**2)[: max(1, len(rest) * 5 // 6)])))


def _weights(u: Floats) -> Floats:
    """The weights (n, 4) of four control points at the fractions `u` of the middle step."""
    v = 1 - u
    return np.stack(
        [v**3, 3 * u**3 - 6 * u**2 + 4, 3 * v**3 - 6 * v**2 + 4, u**3], axis=1
    ) / 6  # fmt: skip


def _control_points(xs: Floats, ys: Floats, at: Floats) -> Floats:
    """Least squares over the inner steps, and the two ends, which are on the data; what is far off
    (another line on top) counts less each time."""
    count, step = len(at), at[1] - at[0]
    inner = (xs >= at[1]) & (xs <= at[-2])
    where = (xs[inner] - at[0]) / step
    first = np.clip(where.astype(int), 1, count - 3)
    rows = np.zeros((inner.sum() + 2, count))
    index = np.arange(inner.sum())
    weights = _weights(where - first)
    for k in range(4):
        rows[index, first - 1 + k] += weights[:, k]
    rows[-2, 0] = rows[-1, -1] = firm = 5.0
    ends = [float(np.interp(at[0], xs, ys)), float(np.interp(at[-1], xs, ys))]
    wanted = np.concatenate([ys[inner], firm * np.array(ends)])
    trust = np.ones(len(wanted))
    for _ in range(6):
        points = np.linalg.lstsq(rows * trust[:, None], wanted * trust, rcond=None)[0]
        trust = 1 / (1 + np.abs(rows @ points - wanted))
        trust[-2:] = 1.0
    return np.asarray(points)


def _basis_curve(at: Floats, points: Floats) -> tuple[Floats, Floats]:
    """The curve as d3 draws it: the end points count twice, and are joined to it by short lines."""
    u = np.linspace(0, 1, 24)
    weights = _weights(u)
    curves = []
    for values in (at, points):
        padded = np.concatenate([values[:1], values, values[-1:]])
        pieces = [weights @ padded[i : i + 4] for i in range(len(padded) - 3)]
        curves.append(np.concatenate([values[:1], *pieces, values[-1:]]))
    return curves[0], curves[1]


def _hermite(xs: Floats, at: Floats, knots: Floats, slopes: Floats) -> Floats:
    """The cubic pieces through `knots` with these slopes (a step) at them."""
    where = (xs - at[0]) / (at[1] - at[0])
    n = np.clip(where.astype(int), 0, len(at) - 2)
    t = where - n
    rise = knots[n + 1] - knots[n]
    bow = t * (1 - t) * ((1 - t) * (slopes[n] - rise) - t * (slopes[n + 1] - rise))
    return np.asarray(knots[n] + t * rise + bow)


def _monotone(knots: Floats) -> Floats:
    """Slopes that keep a curve between its data (Steffen, 1990; d3's `curveMonotoneX`)."""
    rises = np.diff(knots)
    before, after = rises[:-1], rises[1:]
    middle = (np.sign(before) + np.sign(after)) * np.minimum(
        np.minimum(np.abs(before), np.abs(after)), 0.25 * np.abs(before + after)
    )
    first, last = (3 * rises[0] - middle[0]) / 2, (3 * rises[-1] - middle[-1]) / 2
    return np.concatenate([[first], middle, [last]])


def _pointed(stroke: Stroke, at: Floats, points: Floats) -> Stroke:
    """The stroke with the data as its points; what is taken back is less sure than what is seen."""
    told = [(float(x), Point(float(y), 1.2)) for x, y in zip(at, points, strict=True)]
    return replace(stroke, points=tuple(told))
