"""Follow one stroke through a plot and measure its centre to a fraction of a pixel.

A stroke is one y for each x. Where several pieces of its colour share a column, dynamic programming
over the pieces picks the smoothest chain (as Amini, Weymouth & Jain, "Using dynamic programming for
solving variational problems in vision", 1990, do for contours). Gaps (dashes, text, another line on
top) are bridged and told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import Mask
from air_cli.read.marks.rings import close_rings

Floats = NDArray[np.floating[Any]]
_Side = tuple[float, float, float]
_STEEP = 1.5  # pixels up for one across, from which the abscissa's own error counts
_CORNER = 1.6  # pixels that a corner may lie beside its abscissa
_DASHED = 0.93  # of a stroke's columns: with fewer it is dashed
_BACK = 6  # columns with ink that a link may reach back


@dataclass(frozen=True)
class Point:
    """A stroke at one abscissa: `y` in pixels, `reach` its tolerance; `bridged` over a gap."""

    y: float
    reach: float
    bridged: bool = False


@dataclass(frozen=True)
class Stroke:
    """Columns `xs` (rising, whole pixels) with the stroke's centre `ys`, extent `tops`..`bottoms`
    and the stroke's `width`, all in pixels of the crop; `dot` is the size of its markers or 0.
    `points` are places (abscissa and point) that were measured one by one; `depths` say how far
    inside the ink a column's deepest pixel lies, where that was measured."""

    xs: Floats
    ys: Floats
    tops: Floats
    bottoms: Floats
    width: float
    dot: float = 0.0
    points: tuple[tuple[float, Point], ...] = ()
    depths: Floats | None = None

    @property
    def span(self) -> tuple[float, float]:
        """First and last column."""
        return float(self.xs[0]), float(self.xs[-1])

    @property
    def filled(self) -> float:
        """Share of the columns between first and last that have ink."""
        return len(self.xs) / float(self.xs[-1] - self.xs[0] + 1)

    def mask(self, shape: tuple[int, int]) -> Mask:
        """The stroke's pixels, bridged gaps included."""
        canvas = np.zeros(shape, np.uint8)
        for x, point in self.points:
            centre = (round(x), round(point.y))
            cv2.circle(canvas, centre, max(1, round(0.6 * self.dot)), 1, -1)
        points = np.stack([self.xs, self.ys], axis=1).round().astype(np.int32)
        cv2.polylines(canvas, [points], False, 1, max(1, round(self.width)))
        for x, top, bottom in zip(self.xs, self.tops, self.bottoms, strict=True):
            canvas[max(0, int(top)) : int(bottom) + 1, int(x)] = 1
        return canvas > 0

    def at(self, x: float, before: float = 20.0, after: float = 20.0) -> Point | None:
        """The stroke at `x`, or None when it does not reach there.

        Straight pieces are fitted on both sides (at most `before`/`after` pixels, where the next
        vertices may be) and carried to `x`: at a vertex, the ink of a column is not its centre.
        """
        for place, point in self.points:
            if abs(place - x) <= max(3.0, 0.5 * self.dot):
                return point
        # A text beside an end hides a little of it.
        slack = max(6.0, 1.5 * self.width, min(10.0, 0.3 * max(before, after)))
        first, last = self.span
        if not first - slack <= x <= last + slack:
            return None
        skip = max(0.35 * self.width, 0.5 * self.dot)
        room = min(before, after) - 2 * skip
        # The columns at the ends of dashes hold a part of them: their middles lie off the line.
        if self.dot and (room < 4 or self.filled < _DASHED) and (here := self._dot_at(x)):
            return here
        far = 0.5 * self.dot if room >= 4 else 0.0  # a neighbour's marker is no straight line
        left = self._side(x, max(0.0, x - min(20.0, before - far)), x - skip)
        right = self._side(x, x + skip, x + min(20.0, after - far))
        if left and right:
            return self._joined(x, left, right)
        if left or right:
            y, spread, slope = left or right or (0.0, 0.0, 0.0)
            inked = (self.bottoms > self.tops).any()  # the edge of a fill has no tip
            near = min(abs(x - first), abs(x - last)) < 3 + self.width
            if inked and near and abs(slope) > _STEEP:
                return self._end(0 if x - first < last - x else -1, slope)
            alone = 0.35 if min(x - first, last - x) < skip + 3 else 1.2  # the other is hidden
            alone += 0.25 * max(0.0, first - x, x - last)
            return Point(y, max(alone, 2 * spread, 0.12 * self.width))
        return self._nearest(x)

    def with_dots(self, at: Floats) -> Stroke:
        """The same stroke, told whether it is thicker at the abscissas `at`: has markers there."""
        tall = self.bottoms - self.tops + 1
        places = np.searchsorted(self.xs, at[(at >= self.xs[0] - 1) & (at <= self.xs[-1] + 1)])
        if len(places) < 2:
            return self
        near = [tall[max(0, i - 1) : i + 2].max() for i in places]
        size = float(np.quantile(near, 0.3))
        usual = float(np.median(tall))
        if size >= 1.6 * self.width + 1.5 and size > 1.3 * usual:
            return replace(self, dot=size)
        if self.depths is None:
            return self
        # Of a steep line the columns are tall between its markers too, but not deep.
        deep = [self.depths[max(0, i - 2) : i + 3].max() for i in places]
        size, usual = (2 * float(v) for v in (np.quantile(deep, 0.3), np.median(self.depths)))
        return replace(self, dot=size) if size > 1.7 * usual + 1 else self

    def _dot_at(self, x: float) -> Point | None:
        """The centre of the marker at `x`, where one stands out from the stroke."""
        i = int(np.searchsorted(self.xs, x))
        near = slice(max(0, i - 1), min(len(self.xs), i + 1))
        tall = self.bottoms[near] - self.tops[near] + 1
        good = (np.abs(self.xs[near] - x) <= 1.01) & (tall <= 1.25 * self.dot + 1)
        good &= tall >= 0.75 * self.dot - 1
        if not good.any():
            return None
        weights = 1.01 - np.abs(self.xs[near][good] - x) + 0.01
        y = float(np.average(self.ys[near][good], weights=weights))
        return Point(y, max(0.7, 0.06 * self.dot))  # some renderers snap markers

    def _end(self, end: int, slope: float) -> Point:
        """The end of a steep line: its tip, since an abscissa half a pixel off moves it far."""
        down = (slope > 0) != (end == 0)
        near = slice(0, 3) if end == 0 else slice(-3, None)
        tip = self.bottoms[near].max() - 0.3 if down else self.tops[near].min() + 0.3
        return Point(float(tip), max(1.0, 0.3 * self.width))

    def _joined(self, x: float, left: _Side, right: _Side) -> Point:
        apart = abs(left[0] - right[0])
        bend = left[2] - right[2]
        if abs(bend) > 0.8 and max(abs(left[2]), abs(right[2])) > _STEEP:
            # Of a steep line a small error of the abscissa moves the value far: the corner, where
            # the two lines meet, does not depend on it.
            by = (right[0] - left[0]) / bend
            if abs(by) <= _CORNER + 0.15 * self.width:
                spread = max(0.3 * min(left[1], right[1]), 0.15 * min(abs(left[2]), abs(right[2])))
                return Point(left[0] + left[2] * by, max(0.4, 0.12 * self.width, spread))
        weights = 1 / (0.1 + left[1]) ** 2, 1 / (0.1 + right[1]) ** 2
        y = (left[0] * weights[0] + right[0] * weights[1]) / sum(weights)
        reach = max(0.35, 0.12 * self.width, 0.8 * apart)
        if apart > 2.5 + 0.5 * self.width:
            here = self._nearest(x)
            return Point(here.y, max(here.reach, min(reach, 0.5 * self._tall(x))), here.bridged)
        return Point(float(y), reach)

    def _tall(self, x: float) -> float:
        i = int(np.abs(self.xs - x).argmin())
        return float(self.bottoms[i] - self.tops[i]) + 1

    def _side(self, x: float, start: float, stop: float) -> _Side | None:
        """The value at `x` of a line through the columns in [start, stop], its deviation, and the
        line's slope."""
        lo, hi = np.searchsorted(self.xs, [start - 0.01, stop + 0.01])
        while hi - lo >= 2:
            xs, ys = self.xs[lo:hi] - x, self.ys[lo:hi]
            if np.abs(xs).min() > 6 + 0.5 * self.dot:  # nothing near: a gap
                return None
            slope, y, rms = _fit(xs, ys)
            if rms < 0.3 + 0.06 * abs(slope) or hi - lo <= 3:
                steep = 0.12 * min(abs(slope), 6.0)
                return y, rms / float(np.sqrt(hi - lo)) * 2 + steep, slope
            middle = max(2, (hi - lo) * 2 // 3)
            lo, hi = (hi - middle, hi) if xs[-1] <= 0 else (lo, lo + middle)
        return None

    def _nearest(self, x: float) -> Point:
        """The column at `x`; where there is none, the straight bridge between its neighbours."""
        i = int(np.searchsorted(self.xs, x))
        a, b = max(0, i - 1), min(len(self.xs) - 1, i)
        if min(abs(self.xs[a] - x), abs(self.xs[b] - x)) <= 1.01:
            j = a if abs(self.xs[a] - x) <= abs(self.xs[b] - x) else b
            tall = float(self.bottoms[j] - self.tops[j] + 1)
            return Point(self._tip(j), max(0.5, 0.2 * self.width, 0.35 * (tall - self.width)))
        y = float(np.interp(x, self.xs, self.ys))
        return Point(y, max(1.5, 0.3 * abs(float(self.ys[b] - self.ys[a]))), True)

    def _tip(self, j: int) -> float:
        """The centre in column j; at a sharp peak or dip, half a stroke inside its tip."""
        near = slice(max(0, j - 2), j + 3)
        tall = self.bottoms[j] - self.tops[j] + 1
        if tall > 1.8 * self.width:
            up = self.tops[j] <= self.tops[near].min() + 0.1
            down = self.bottoms[j] >= self.bottoms[near].max() - 0.1
            if up != down:
                half = self.width / 2
                return float(self.tops[j] + half if up else self.bottoms[j] - half)
        return float(self.ys[j])


@dataclass(frozen=True)
class Line:
    """A stroke with its colour (`ink` is the palette's index) and the series it stands for."""

    stroke: Stroke
    ink: int
    color: str
    name: str = ""


def _fit(xs: Floats, ys: Floats) -> tuple[float, float, float]:
    """Robust straight line: (slope, value at 0, RMS of the residuals it trusts)."""
    weights = np.ones(len(xs))
    slope = y = rms = 0.0
    for _ in range(3):
        total = weights.sum()
        mx, my = (weights @ xs) / total, (weights @ ys) / total
        dx = xs - mx
        spread = weights @ (dx * dx)
        slope = float(weights @ (dx * (ys - my)) / spread) if spread > 1e-9 else 0.0
        y = float(my - slope * mx)
        rest = ys - y - slope * xs
        rms = float(np.sqrt((weights @ (rest * rest)) / total))
        scale = max(0.15, 1.5 * float(np.median(np.abs(rest))))
        weights = 1 / (1 + (rest / scale) ** 2)
    return slope, y, rms


def stroke_width(mask: Mask) -> float:
    """Typical thickness of the shapes in a mask, in pixels (4 times the mean depth for a strip)."""
    if not mask.any():
        return 0.0
    padded = np.pad(mask.astype(np.uint8), 1)
    depth = cv2.distanceTransform(padded, cv2.DIST_L2, 3)[padded > 0]
    # Deep places (markers) count little: the lower half of the ridge is the stroke.
    return float(max(1.0, 4 * np.quantile(depth, 0.6) - 2.2))


def trace(cover: NDArray[np.float32], width: float | None = None) -> Stroke | None:
    """Follow the stroke in a coverage map (h, w; 0..1). None when there is nothing to follow."""
    mask = close_rings(cover > 0.3)
    width = width or stroke_width(mask)
    nodes = _runs(mask, np.where(mask, np.maximum(cover, (cover <= 0.3) * 1.0), cover))
    if nodes is None:
        return None
    nodes = _join_near(nodes, 1.5 * width + 1)
    picked = nodes[_chain(nodes)]
    depths = _depths(mask, picked)
    # Thickness of the ink: the typical height of a column where the stroke is flat.
    return Stroke(picked[:, 0], picked[:, 3], picked[:, 1], picked[:, 2], width, depths=depths)


def _depths(mask: Mask, runs: Floats) -> Floats:
    """How far inside the ink the deepest pixel of each run lies."""
    depth = cv2.distanceTransform(np.pad(mask.astype(np.uint8), 1), cv2.DIST_L2, 3)
    rows = runs[:, :3].astype(int)
    return np.array([depth[top + 1 : stop + 2, col + 1].max() for col, top, stop in rows])


def _runs(mask: Mask, cover: Floats) -> Floats | None:
    """Vertical runs as rows (column, top, bottom, centre), sorted by column and top."""
    columns = mask.T
    edges = np.diff(np.pad(columns.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    col, top = np.nonzero(edges == 1)
    _, stop = np.nonzero(edges == -1)
    if not len(col):
        return None
    weights = np.pad(cover.T.astype(np.float64), ((0, 0), (2, 2)))
    rows = np.arange(weights.shape[1]) - 2.0
    mass = np.concatenate([np.zeros((len(weights), 1)), weights.cumsum(axis=1)], axis=1)
    moment = np.concatenate([np.zeros((len(weights), 1)), (weights * rows).cumsum(axis=1)], axis=1)
    a, b = top + 1, stop + 3  # one pixel more on either side: the faint edge
    total = mass[col, b] - mass[col, a]
    centre = (moment[col, b] - moment[col, a]) / np.maximum(total, 1e-6)
    result: Floats = np.stack([col, top, stop - 1, centre], axis=1).astype(np.float64)
    return result


def _join_near(nodes: Floats, gap: float) -> Floats:
    """Join runs of one column that are less than `gap` apart (noise splits a stroke)."""
    joined: list[list[float]] = []
    for col, top, bottom, centre in nodes:
        last = joined[-1] if joined else None
        if last and last[0] == col and top - last[2] - 1 <= min(gap, 4.0):
            one, two = last[2] - last[1] + 1, bottom - top + 1
            last[3] = (last[3] * one + centre * two) / (one + two)
            last[2] = bottom
        else:
            joined.append([col, top, bottom, centre])
    return np.array(joined)


def _chain(nodes: Floats) -> NDArray[np.int64]:
    """Indices of the runs that make the longest smooth chain, one a column."""
    cols = nodes[:, 0]
    starts = np.flatnonzero(np.diff(cols, prepend=-1))
    best = np.empty(len(nodes))
    back = np.full(len(nodes), -1, np.int64)
    for k, start in enumerate(starts):
        stop = starts[k + 1] if k + 1 < len(starts) else len(nodes)
        low = starts[max(0, k - _BACK)]
        here = nodes[start:stop]
        size = np.minimum(here[:, 2] - here[:, 1] + 1, 4) / 4
        if low == start:
            best[start:stop] = size
            continue
        prev = nodes[low:start]
        dx = here[:, None, 0] - prev[None, :, 0]
        apart = np.maximum(prev[None, :, 1] - here[:, None, 2], here[:, None, 1] - prev[None, :, 2])
        away = np.abs(prev[None, :, 3] - here[:, None, 3])
        jump = np.maximum(apart - 1, 0) / (0.5 + 0.5 * dx) + 0.02 * away / dx
        score = best[None, low:start] - np.minimum(0.8 * jump, 25.0) - 0.05 * np.minimum(dx - 1, 20)
        choice = score.argmax(axis=1)
        value = score[np.arange(len(here)), choice]
        fresh = value < 0
        best[start:stop] = size + np.where(fresh, 0, value)
        back[start:stop] = np.where(fresh, -1, choice + low)
    path = [int(best.argmax())]
    while back[path[-1]] >= 0:
        path.append(int(back[path[-1]]))
    return np.array(path[::-1])
