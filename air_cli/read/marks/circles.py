"""Circles by their arcs: bubbles that overlap, hide parts of each other, or are mere rings."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import Mask

Floats = NDArray[np.floating[Any]]
_EDGE = 9.0  # grey levels a pixel at an edge, at least
_TURNS = 72  # directions around a centre in which an arc is looked for
_ASKEW = 0.25  # radians that an edge's normal may be off the radius
_ARC = 0.3  # share of a circumference that must be seen
_VOTES = 0.22  # the same of the votes that make a candidate
_PIXELS = 5.66  # edge pixels of a circle with radius 1
_MOST = 400  # candidates
_ROW = 1024  # places sampled in a row
_CROWDED = 0.12  # share of a picture's pixels that are edges where it is no chart of circles


@dataclass(frozen=True)
class Circle:
    """Centre and radius in pixels of the crop, and the share of the circumference seen."""

    x: float
    y: float
    radius: float
    seen: float


@dataclass(frozen=True)
class _Edges:
    """Points on edges (n, 2) to a fraction of a pixel, and the unit normals there (n, 2)."""

    at: Floats
    normal: Floats


def find_circles(rgb: NDArray[np.uint8], skip: Mask, widest: float) -> list[Circle]:
    """The circles of up to `widest` pixels radius in a crop (height, width, 3), those that show
    most of themselves first. `skip` marks pixels that are no circle's: grid lines, texts.

    Edge points vote for the centres that lie along their normals, a radius away (Kimme, Ballard
    and Sklansky, 1975); each candidate is fitted to its points, and the points of one that is
    accepted are taken from the others.
    """
    edges = _edges(rgb, skip)
    if not 20 <= len(edges.at) <= _CROWDED * skip.size:
        return []
    free = np.ones(len(edges.at), bool)
    starts = _candidates(edges, rgb.shape[:2], widest)
    fitted = [c for start in starts if (c := _fitted(edges, free, start, widest)) is not None]
    queue = [(-c.seen, n, c) for n, c in enumerate(fitted)]
    heapq.heapify(queue)
    found: list[Circle] = []
    while queue:
        before, n, circle = heapq.heappop(queue)
        if any(_same(circle, other) for other in found):
            continue
        now = _fitted(edges, free, (circle.x, circle.y, circle.radius), widest)
        if now is not None and -now.seen <= 0.9 * before:
            found.append(circle if now.seen > 0.97 * circle.seen else now)
            free &= ~_on(edges, circle, float(np.clip(0.25 * circle.radius, 2.5, 5.0)))
        elif now is not None:  # others have taken part of it since
            heapq.heappush(queue, (-now.seen, n, now))
    return [c for c in found if not _is_speck(c, found)]


def _is_speck(circle: Circle, found: Sequence[Circle]) -> bool:
    """Whether a circle lies in a far larger one: what compression leaves within a fill."""
    return any(
        np.hypot(circle.x - other.x, circle.y - other.y) + circle.radius < other.radius
        and circle.radius < 0.35 * other.radius
        for other in found
    )


def _sampled(values: Floats, x: Floats, y: Floats) -> Floats:
    """`values`, (h, w), between the pixels at x and y, both (n,). OpenCV takes neither no places
    nor more than 32,766 in a row."""
    maps = np.zeros((2, -(-max(len(x), 1) // _ROW) * _ROW), np.float32)
    maps[:, : len(x)] = x, y
    across, down = maps.reshape(2, -1, _ROW)
    return np.asarray(cv2.remap(values, across, down, cv2.INTER_LINEAR).ravel()[: len(x)])


def _edges(rgb: NDArray[np.uint8], skip: Mask) -> _Edges:
    """Where the strongest channel changes most, along its own gradient."""
    image = cv2.GaussianBlur(rgb.astype(np.float32), (0, 0), 0.8)
    gx, gy = (cv2.Sobel(image, cv2.CV_32F, 1 - n, n, ksize=3) / 4 for n in (0, 1))
    strength = np.hypot(gx, gy)
    channel = strength.argmax(axis=2)[..., None]
    gx, gy, size = (np.take_along_axis(v, channel, axis=2)[..., 0] for v in (gx, gy, strength))
    least = max(_EDGE, 0.12 * float(np.quantile(size[~skip], 0.99))) if (~skip).any() else _EDGE
    ys, xs = np.nonzero((size > least) & ~skip)
    inside = (xs > 1) & (ys > 1) & (xs < size.shape[1] - 2) & (ys < size.shape[0] - 2)
    ys, xs = ys[inside], xs[inside]
    normal = np.stack([gx[ys, xs], gy[ys, xs]], axis=1) / size[ys, xs][:, None]
    here = size[ys, xs]
    ahead, behind = (
        _sampled(size, xs + sign * normal[:, 0], ys + sign * normal[:, 1]) for sign in (1, -1)
    )
    top = (here >= ahead) & (here > behind)
    bend = 2 * here - ahead - behind
    shift = np.clip(0.5 * (ahead - behind) / np.maximum(bend, 1e-3), -0.7, 0.7)
    at = np.stack([xs, ys], axis=1) + shift[:, None] * normal
    return _Edges(at[top], normal[top])


def _candidates(
    edges: _Edges, shape: tuple[int, ...], widest: float
) -> list[tuple[float, float, float]]:
    height, width = shape[:2]
    found: list[tuple[float, float, float, float]] = []
    for radius in np.arange(3.0, widest + 1, 1.0 if widest < 60 else 1.5):
        votes = np.zeros(height * width, np.float32)
        for sign in (1, -1):
            place = np.rint(edges.at + sign * radius * edges.normal).astype(int)
            inside = ((place >= 0) & (place < (width, height))).all(axis=1)
            flat = place[inside] @ np.array([1, width])
            votes += np.bincount(flat, minlength=height * width).astype(np.float32)
        reach = 3 if radius < 15 else 5
        near = cv2.boxFilter(votes.reshape(height, width), -1, (reach, reach), normalize=False)
        peak = (near >= cv2.dilate(near, np.ones((5, 5), np.uint8))) & (
            near > _VOTES * _PIXELS * radius
        )
        ys, xs = np.nonzero(peak)
        share = near[ys, xs] / (_PIXELS * radius)
        places = zip(share.tolist(), xs.tolist(), ys.tolist(), strict=True)
        found += [(part, x, y, float(radius)) for part, x, y in places]
    found.sort(reverse=True)
    return [(x, y, r) for _, x, y, r in found[:_MOST]]


def _on(edges: _Edges, circle: Circle, reach: float) -> Mask:
    """The edge points that lie on a circle and run along it."""
    away = edges.at - (circle.x, circle.y)
    far = np.hypot(away[:, 0], away[:, 1])
    along = np.abs((away * edges.normal).sum(axis=1)) / np.maximum(far, 1e-6)
    return np.asarray((np.abs(far - circle.radius) < reach) & (along > np.cos(_ASKEW)))


def _fitted(
    edges: _Edges, free: Mask, start: tuple[float, float, float], widest: float
) -> Circle | None:
    """A candidate fitted to the free points near it; None when too little of it is seen."""
    circle = Circle(*start, 1.0)
    for reach in (2.5, 1.5, 1.2):
        on = _on(edges, circle, reach) & free
        if on.sum() < 8:
            return None
        points = edges.at[on]
        # Kåsa's fit (1976): linear in the centre and in what the radius adds.
        left = np.column_stack([2 * points, np.ones(len(points))])
        (x, y, rest), *_ = np.linalg.lstsq(left, (points**2).sum(axis=1), rcond=None)
        radius = float(np.sqrt(max(rest + x * x + y * y, 0.0)))
        moved = np.hypot(x - start[0], y - start[1])
        if not 2.5 <= radius <= 1.1 * widest or moved > 4 + 0.15 * start[2]:
            return None
        circle = Circle(float(x), float(y), radius, 1.0)
    points = edges.at[_on(edges, circle, 1.2) & free] - (circle.x, circle.y)
    turns = np.arctan2(points[:, 1], points[:, 0]) / (2 * np.pi) % 1
    count = min(_TURNS, max(12, round(3.5 * circle.radius)))
    seen = len(np.unique((turns * count).astype(int))) / count
    return Circle(circle.x, circle.y, circle.radius, seen) if seen >= _ARC else None


def _same(one: Circle, other: Circle) -> bool:
    """Whether two circles are the edges of one: the inner and the outer one of an outline."""
    apart = float(np.hypot(one.x - other.x, one.y - other.y))
    radius = max(one.radius, other.radius)
    differ = abs(one.radius - other.radius)
    return apart < max(2.0, 0.2 * radius) and differ < max(4.0, 0.25 * radius)
