"""Sectors of discs and rings: by the circle through their arcs, or by their straight sides."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from air_cli.read.page import union
from air_cli.read.vector_shapes import Points, Shape, is_white

FULL = 2 * math.pi
# How far, in px, a vertex of a straight side is off it at most.
_STRAIGHT = 0.06


@dataclass(frozen=True, eq=False)
class Wedge:
    """A sector of a disc or ring: angles in radians clockwise from the right, lengths in px; `hole`
    is the inner radius over the outer one."""

    shape: Shape
    start: float
    sweep: float
    cx: float
    cy: float
    radius: float
    hole: float

    @property
    def middle(self) -> float:
        """The angle in the middle of it."""
        return self.start + self.sweep / 2


def full_turn(shapes: Sequence[Shape]) -> list[Wedge]:
    """The shapes that are sectors around one centre and make up a full turn; none otherwise."""
    wedges = _one_ring([wedge for shape in shapes if (wedge := _wedge(shape)) is not None])
    if not _is_full(wedges):
        wedges = _by_sides(shapes)
    return wedges if _is_full(wedges) else []


def _is_full(wedges: Sequence[Wedge]) -> bool:
    return len(wedges) > 1 and abs(sum(wedge.sweep for wedge in wedges) / FULL - 1) < 0.03


def _by_sides(shapes: Sequence[Shape]) -> list[Wedge]:
    """Wedges by the straight sides that point to the middle of them all: their corners may be
    rounded off. None where they do not make up a disc, or one of them has no such sides."""
    if len(shapes) < 2:
        return []
    left, top, right, bottom = union([shape.full for shape in shapes])
    radius = (right - left) / 2
    if abs((bottom - top) / 2 - radius) > 0.1 * radius:
        return []
    cx, cy = _meeting(shapes, ((left + right) / 2, (top + bottom) / 2), radius)
    wedges = []
    for shape in shapes:
        rays = _rays(shape.points - np.array([cx, cy]), radius)
        if len(rays) != 2:
            return []
        (one, other), hole = sorted(angle for angle, _ in rays), min(near for _, near in rays)
        angles = np.arctan2(shape.points[:, 1] - cy, shape.points[:, 0] - cx)
        between = np.sum((angles > one + 1e-3) & (angles < other - 1e-3))
        beyond = np.sum((angles < one - 1e-3) | (angles > other + 1e-3))
        inward = between > beyond or (between == beyond and other - one < math.pi)
        start, sweep = (one, other - one) if inward else (other, FULL - other + one)
        wedges.append(Wedge(shape, start, sweep, cx, cy, radius, hole / radius))
    return wedges


def _meeting(
    shapes: Sequence[Shape], near: tuple[float, float], radius: float
) -> tuple[float, float]:
    """Where the straight sides that pass by `near` meet, by least squares; `near` without any."""
    at = np.array(near)
    normals, offsets = [], []
    for shape in shapes:
        for a, b in itertools.pairwise([*shape.points, shape.points[0]]):
            long = float(np.hypot(*(b - a)))
            normal = np.array([a[1] - b[1], b[0] - a[0]]) / max(long, 1e-9)
            by = abs(float(normal @ (at - a)))
            if long > 0.15 * radius and by < 0.06 * radius:
                normals.append(normal)
                offsets.append(float(normal @ a))
    if len(normals) < 3:
        return near
    rows, sides = np.array(normals), np.array(offsets)
    for _ in range(3):
        at = np.linalg.lstsq(rows, sides, rcond=None)[0]
        kept = np.abs(rows @ at - sides) <= max(np.median(np.abs(rows @ at - sides)), 1e-3) * 3
        rows, sides = rows[kept], sides[kept]
    return float(at[0]), float(at[1])


def _rays(points: Points, radius: float) -> list[tuple[float, float]]:
    """(angle, nearer end) of the sides that point to the origin."""
    ring = points if np.allclose(points[0], points[-1], atol=0.01) else [*points, points[0]]
    rays = []
    for a, b in itertools.pairwise(ring):
        long = float(np.hypot(*(b - a)))
        far, near = max(a, b, key=lambda p: np.hypot(*p)), min(a, b, key=lambda p: np.hypot(*p))
        off = abs(float(a[0] * b[1] - a[1] * b[0])) / max(long, 1e-9)
        if long > 0.15 * radius and off < 0.004 * radius and long <= 1.1 * radius:
            rays.append((float(math.atan2(far[1], far[0])), float(np.hypot(*near))))
    return rays


def _wedge(shape: Shape) -> Wedge | None:
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
    if not 1e-4 < sweep <= FULL + 1e-6:
        return None
    return Wedge(shape, float(angles.min()), sweep, cx, cy, radius, hole if hole < 0.98 else 0.0)


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


def _one_ring(wedges: Sequence[Wedge]) -> list[Wedge]:
    """Wedges of the common radius; pulled-out (exploded) ones keep it. White holes are dropped."""
    if not wedges:
        return []
    largest = max(wedge.radius for wedge in wedges)
    ring = [wedge for wedge in wedges if wedge.radius > 0.9 * largest]
    seen: dict[tuple[int, int], Wedge] = {}
    for wedge in ring:
        key = round(math.degrees(wedge.start) % 360 * 2), round(math.degrees(wedge.sweep) * 2)
        if key not in seen or is_white(seen[key].shape.color):
            seen[key] = wedge
    return list(seen.values())
