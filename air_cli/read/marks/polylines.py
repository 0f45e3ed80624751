"""Lines whose ink a column-wise trace cannot follow: broken, steep or hidden ones, as the polyline
between the categories that explains most of their ink.

The candidates at a category are where ink crosses it and where pieces of the line on either side
point to. Dynamic programming over the categories (Viterbi, 1967) picks the chain that lies most on
ink and least on bare ground; what other shapes hide counts neither way. The places are then fitted
to the ink together, by least squares over hat functions.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from air_cli.read.colors import Mask
from air_cli.read.ink import Plot
from air_cli.read.marks.families import Family
from air_cli.read.marks.strokes import Floats, Point, Stroke

_BARE = 0.35  # what a pixel of bare ground costs, against one of ink
_MOST = 24  # candidates at a category
_EXPLAINED = 0.8  # of the ink, by a polyline that is to be believed
_DENSE = 3.0  # widths of the stroke between categories: columns hold corners and markers only
_SEEN = 0.1  # of a piece, by which fine dots show that it is there
_BETTER = 0.03  # by which it must explain more than the trace


@dataclass(frozen=True)
class _Fit:
    """Rows at the abscissas, the share of ink explained, and how far off the ink lies there."""

    ys: Floats
    explained: float
    seen: Floats


def through_knots(plot: Plot, family: Family, width: float, at: Floats) -> Stroke | None:
    """The polyline through the abscissas `at` (crop pixels, rising) that explains the ink of a
    family, as a stroke; None where none does."""
    fit = _fitted(plot, family, width, at)
    if fit is None or fit.explained < _EXPLAINED or float(np.mean(fit.seen > _SEEN)) < 0.8:
        return None
    return _stroke(fit, at, width)


def mended(plot: Plot, family: Family, stroke: Stroke, at: Floats) -> Stroke:
    """A traced stroke, or the polyline through `at` where it explains the ink clearly better; where
    it explains it as well, the trace with the points that it had to bridge from the polyline."""
    inside = at[(at >= stroke.span[0] - 8) & (at <= stroke.span[1] + 8)]
    core = family.cover > 0.4
    own = _share(core, _grown(stroke.mask(plot.shape), 2))
    points = [stroke.at(float(x)) for x in at]
    doubtful = [p is None or p.bridged or p.reach > 3 for p in points]
    if len(at) < 2 or (own > 0.97 and not any(doubtful)):
        return stroke
    fit = _fitted(plot, family, stroke.width, at if own < 0.9 else inside)
    if fit is None or fit.explained < own - 0.02:
        return stroke
    dense = float(np.median(np.diff(at))) < _DENSE * stroke.width
    if fit.explained > own + _BETTER or dense:
        return _stroke(fit, at if own < 0.9 else inside, stroke.width)
    if own >= 0.9:
        hidden = dict(zip(inside.tolist(), fit.ys.tolist(), strict=True))
        more = [
            (float(x), Point(hidden[x], 1.5, True))
            for x, unsure in zip(at.tolist(), doubtful, strict=True)
            if unsure and x in hidden
        ]
        return replace(stroke, points=(*stroke.points, *more))
    return stroke


def _stroke(fit: _Fit, at: Floats, width: float) -> Stroke:
    xs = np.arange(np.ceil(at[0]), np.floor(at[-1]) + 1)
    ys = np.interp(xs, at, fit.ys)
    half = width / 2
    points = tuple(
        (float(x), Point(float(y), 0.7 if seen > 0.3 else 2.0, seen <= 0.3))
        for x, y, seen in zip(at, fit.ys, fit.seen, strict=True)
    )
    return Stroke(xs, ys, ys - half, ys + half, width, points=points)


def _share(ink: Mask, covered: Mask) -> float:
    total = float(ink.sum())
    return float((ink & covered).sum()) / total if total else 0.0


def _grown(mask: Mask, by: int) -> Mask:
    kernel = np.ones((2 * by + 1, 2 * by + 1), np.uint8)
    return np.asarray(cv2.dilate(mask.astype(np.uint8), kernel) > 0)


def _fitted(plot: Plot, family: Family, width: float, at: Floats) -> _Fit | None:
    if len(at) < 2 or float(np.diff(at).min()) < 4:
        return None
    ink = np.asarray(family.cover > 0.4)
    others = plot.palette.labels >= 0
    for member in family.members:
        others &= plot.palette.labels != member
    hidden = (others & ~plot.grid) | ~plot.palette.allowed
    value = np.where(ink, 1.0, np.where(hidden, 0.0, -_BARE)).astype(np.float32)
    value = cv2.dilate(value, np.ones((3, 3), np.uint8))
    places = _candidates(ink, at)
    if any(not len(rows) for rows in places):
        return None
    rows, seen = _best_chain(value, at, places)
    ys = _settled_rows(family.cover, at, rows, width)
    drawn = np.zeros(plot.shape, np.uint8)
    line = np.stack([at, ys], axis=1).round().astype(np.int32)
    cv2.polylines(drawn, [line], False, 1, max(1, round(width)) + 4)
    for x, y in line.tolist():  # markers
        cv2.circle(drawn, (x, y), max(3, round(2.2 * width)), 1, -1)
    return _Fit(ys, _share(ink, np.asarray(drawn > 0)), seen)


def _candidates(ink: Mask, at: Floats) -> list[Floats]:
    """Rows at each abscissa where the line may be."""
    found: list[list[float]] = [_crossing(ink, x) for x in at]
    for k, (start, stop) in enumerate(itertools.pairwise(at)):
        first, last = int(np.ceil(start)), int(np.floor(stop)) + 1
        for a, b in _pointed(
            ink[:, max(0, first) : last], max(0, first), float(start), float(stop)
        ):
            found[k].append(a)
            found[k + 1].append(b)
    high = len(ink)
    return [_distinct([r for r in rows if -2 <= r <= high + 1]) for rows in found]


def _crossing(ink: Mask, x: float) -> list[float]:
    """Middles and ends of the runs of ink in the columns at an abscissa."""
    rows: list[float] = []
    for column in range(max(0, round(x) - 1), min(ink.shape[1], round(x) + 2)):
        edges = np.flatnonzero(np.diff(np.pad(ink[:, column].astype(np.int8), 1)))
        for top, stop in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            rows.append((top + stop - 1) / 2)
            if stop - top > 6:
                rows += [top + 1.0, stop - 2.0]
    return rows


def _pointed(part: Mask, left: int, start: float, stop: float) -> list[tuple[float, float]]:
    """Where the pieces of ink between two abscissas point to at these: each by itself, and any two
    of them together."""
    count, _, stats, centres = cv2.connectedComponentsWithStats(part.astype(np.uint8))
    order = sorted(range(1, count), key=lambda n: -int(stats[n][4]))[:8]
    found: list[tuple[float, float]] = []
    labels = cv2.connectedComponents(part.astype(np.uint8))[1] if order else None
    for n in order:
        if labels is None or stats[n][4] < 5:
            continue
        ys, xs = np.nonzero(labels == n)
        dx, dy = xs - xs.mean(), ys - ys.mean()
        if np.ptp(xs) < 2 and np.ptp(ys) < 6:
            continue
        # The main direction (total least squares): dashes may be steep.
        angle = 0.5 * np.arctan2(2 * float(dx @ dy), float(dx @ dx - dy @ dy))
        slope = float(np.tan(angle)) if abs(np.cos(angle)) > 1e-3 else 1e3
        middle = float(xs.mean()) + left
        found.append(tuple(float(ys.mean()) + slope * (x - middle) for x in (start, stop)))  # type: ignore[arg-type]
    for one, two in itertools.combinations(order, 2):
        (x0, y0), (x1, y1) = centres[one], centres[two]
        if abs(x1 - x0) >= 2:
            slope = float(y1 - y0) / float(x1 - x0)
            found.append(tuple(float(y0) + slope * (x - left - float(x0)) for x in (start, stop)))  # type: ignore[arg-type]
    return found


def _distinct(rows: Sequence[float]) -> Floats:
    kept: list[float] = []
    for row in rows:  # what crosses the abscissa comes first
        if len(kept) < _MOST and all(abs(row - other) > 1.2 for other in kept):
            kept.append(row)
    return np.array(kept)


def _best_chain(value: Floats, at: Floats, places: Sequence[Floats]) -> tuple[Floats, Floats]:
    """The rows of the best chain, and the share of ink on the pieces beside each (Viterbi)."""
    total = np.zeros(len(places[0]))
    back, shares = [], []
    for k in range(len(at) - 1):
        gain, share = _pieces(value, at[k], at[k + 1], places[k], places[k + 1])
        link = total[:, None] + gain
        back.append(link.argmax(axis=0))
        shares.append(share)
        total = link.max(axis=0)
    path = [int(total.argmax())]
    for choice in reversed(back):
        path.append(int(choice[path[-1]]))
    path.reverse()
    rows = np.array([own[i] for own, i in zip(places, path, strict=True)])
    on = [float(s[a, b]) for s, (a, b) in zip(shares, itertools.pairwise(path), strict=True)]
    seen = [max(on[max(0, k - 1) : k + 1]) for k in range(len(at))]
    return rows, np.array(seen)


def _pieces(
    value: Floats, start: float, stop: float, tops: Floats, ends: Floats
) -> tuple[Floats, Floats]:
    """For each pair of rows at two abscissas: what the straight piece gains, by its length, and the
    share of it on ink."""
    wide = stop - start
    tall = float(np.abs(tops[:, None] - ends[None, :]).max())
    t = (np.arange(n := int(np.clip(max(wide, tall), 8, 90))) + 0.5) / n
    ys = tops[:, None, None] * (1 - t) + ends[None, :, None] * t
    columns = np.clip(np.rint(start + t * wide).astype(int), 0, value.shape[1] - 1)
    rows = np.clip(np.rint(ys).astype(int), 0, value.shape[0] - 1)
    on = value[rows, columns]
    length = np.hypot(wide, tops[:, None] - ends[None, :])
    return on.mean(axis=-1) * length, (on > 0.5).mean(axis=-1)


def _settled_rows(cover: Floats, at: Floats, rows: Floats, width: float) -> Floats:
    """The rows moved to where the ink near their polyline lies, all together."""
    ys, xs = np.nonzero(cover > 0.3)
    inside = (xs >= at[0] - 0.5) & (xs <= at[-1] + 0.5)
    ys, xs = ys[inside], xs[inside]
    weights = cover[ys, xs]
    found = rows.astype(float)
    hats = np.stack([np.interp(xs, at, unit) for unit in np.eye(len(at))], axis=1)
    for reach in (width / 2 + 2.5, width / 2 + 1.2):
        slopes = np.interp(xs, (at[:-1] + at[1:]) / 2, np.diff(found) / np.diff(at))
        rest = (ys - hats @ found) / np.sqrt(1 + slopes**2)
        near = np.abs(rest) <= reach
        if near.sum() < len(at):
            break
        scale = np.sqrt(weights[near] / (1 + slopes[near] ** 2))
        system = np.concatenate([hats[near] * scale[:, None], 0.3 * np.eye(len(at))])
        wanted = np.concatenate([ys[near] * scale, 0.3 * found])
        found = np.linalg.lstsq(system, wanted, rcond=None)[0]
    return np.asarray(found)
