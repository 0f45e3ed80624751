"""Data behind smoothed lines that do not pass through it.

d3's `curveBasis` (Vega's "basis") draws a uniform cubic B-spline: the curve stays off the data, but
each of its Bézier segments from P to Q has its handles at (2P + Q)/3 and (P + 2Q)/3 of two data
points that follow each other, so they can be computed back exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

_FEWEST = 3
# How exactly the segments must agree, in points and relative to the steps (arcs nearly do).
_AGREE_PT, _AGREE = 0.02, 0.003


def basis_points(curves: Sequence[Any]) -> Points | None:
    """The data, (n + 1, 2), of n Bézier segments (start, handle, handle, end) that follow each
    other, or None when they are no B-spline."""
    if len(curves) < _FEWEST:
        return None
    parts = np.array([[tuple(point) for point in curve] for curve in curves], dtype=np.float64)
    first, second, end = parts[:, 1], parts[:, 2], parts[:, 3]
    before, after = 2 * first - second, 2 * second - first
    steps = np.hypot(*(after - before).T)
    slack = max(_AGREE_PT, _AGREE * float(np.median(steps)))
    gaps = np.hypot(*(after[:-1] - before[1:]).T)
    if float(gaps.max()) > slack:
        return None
    points: Points = np.vstack([before[:1], (after[:-1] + before[1:]) / 2, after[-1:]])
    expected = (points[:-2] + 4 * points[1:-1] + points[2:]) / 6
    off = np.hypot(*(end[:-1] - expected).T)
    return points if float(off.max()) <= slack else None
