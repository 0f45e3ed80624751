"""Find a disc or ring in an image: whole, half, with slices pulled out of it, or seen at a slant.

Circles are proposed by random triples of outline points (RANSAC: Fischler & Bolles, 1981) and
judged by walking round them: on a rim there is ink just inside and none just outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import Mask, farthest, page_background
from air_cli.read.scene import Rgb
from air_cli.records import Text

_FAR = 16  # a slice differs from the page by more than this many levels
_TRIES = 160
_WALK = 180  # directions in which a rim is judged
# Share of the full turn that must be rim: half a disc has half of it.
_LEAST_RIM = 0.42
_SMALLEST_PX = 12.0


@dataclass(frozen=True)
class Disc:
    """Centre and radii in pixels (`hole` is 0 for a full disc); `quality` is how round it is."""

    x: float
    y: float
    radius: float
    hole: float
    quality: float


@dataclass(frozen=True)
class Pulled:
    """A slice pulled out of its disc: its pixels, and by how much (x, y) it was moved."""

    mask: Mask
    dx: float
    dy: float


@dataclass(frozen=True)
class Blobs:
    """The solid shapes of an image: `ink` where there is any, `labels` from 1, the outline points
    (n, 2) and area of each."""

    ink: Mask
    labels: NDArray[np.int32]
    outlines: tuple[NDArray[np.float64], ...]
    areas: tuple[float, ...]


def find_round(rgb: Rgb, texts: Sequence[Text]) -> tuple[Disc, list[Pulled]] | None:
    """The largest disc of an image with the slices that are pulled out of it; None where nothing is
    round. Thin things touching it are ignored."""
    blobs = _blobs(rgb, texts)
    circle = _best_circle(blobs)
    if circle is None:
        return None
    rim = _rim(blobs.ink, circle)
    pulled, spans = _pulled(blobs, circle, rim)
    rim = rim | spans
    if rim.mean() < _LEAST_RIM:
        return None
    x, y, radius = circle
    inside = np.hypot(*(np.indices(blobs.ink.shape) - np.array([y, x])[:, None, None])) <= radius
    if not _mostly_inside(blobs, inside, pulled, circle):
        return None
    whole = blobs.ink.copy()
    for piece in pulled:
        whole = _moved(whole, piece)
    hole = _hole(whole, x, y, radius)
    quality = float(min(1.0, rim.mean() / max(0.5, _covered(whole, circle, hole))))
    return Disc(x, y, radius, hole, quality), pulled


def _blobs(rgb: Rgb, texts: Sequence[Text]) -> Blobs:
    back = np.array(page_background(rgb), dtype=np.int16)
    ink = (farthest(rgb.astype(np.int16) - back) > _FAR).astype(np.uint8)
    for text in texts:  # words outside a shape would widen it; inside they are filled again
        x0, y0, x1, y1 = (max(0, round(v)) for v in text.bbox_px)
        rim = _border_share(ink, x0, y0, x1, y1)
        if rim < 0.15 or rim > 0.85:
            ink[y0:y1, x0:x1] = rim > 0.5
    size = max(3, round(0.006 * max(rgb.shape)) | 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    solid = cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=8)
    least = max(30.0, 2e-4 * ink.size)
    order = sorted(range(1, count), key=lambda i: -stats[i][4])
    kept = [i for i in order if stats[i][4] >= least][:60]
    table = np.zeros(count, np.int32)
    table[kept] = np.arange(1, len(kept) + 1)
    renamed = table[labels]
    outlines = []
    for number in range(1, len(kept) + 1):
        contours, _ = cv2.findContours(
            (renamed == number).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
        )
        outlines.append(max(contours, key=len)[:, 0].astype(np.float64))
    areas = tuple(float(stats[i][4]) for i in kept)
    return Blobs(renamed > 0, renamed.astype(np.int32), tuple(outlines), areas)


def _border_share(ink: NDArray[np.uint8], x0: int, y0: int, x1: int, y1: int) -> float:
    """Share of ink on the rim of a box."""
    part = ink[max(0, y0 - 1) : y1 + 1, max(0, x0 - 1) : x1 + 1]
    if part.shape[0] < 2 or part.shape[1] < 2:
        return 0.0
    rim = np.concatenate([part[0], part[-1], part[:, 0], part[:, -1]])
    return float(rim.mean())


Circle = tuple[float, float, float]


def _best_circle(blobs: Blobs) -> Circle | None:
    """The circle with the longest rim, in pixels, of those through outline points."""
    rng = np.random.default_rng(0)
    best: Circle | None = None
    most = 0.0
    largest = 0.6 * max(blobs.ink.shape)
    for outline in blobs.outlines[:5]:
        if len(outline) < 40:
            continue
        tries = [rng.choice(len(outline), 3, replace=False) for _ in range(_TRIES)]
        circles = _through(outline[np.array(tries)])
        circles = circles[(circles[:, 2] >= _SMALLEST_PX) & (circles[:, 2] <= largest)]
        lengths = _rims(blobs.ink, circles, 60).mean(axis=1) * circles[:, 2]
        if len(circles) and lengths.max() > most:
            x, y, radius = circles[int(lengths.argmax())].tolist()
            best, most = (x, y, radius), float(lengths.max())
    if best is None:
        return None
    points = np.concatenate(blobs.outlines)
    for _ in range(3):
        best = _refined(points, best)
    return best if _rim(blobs.ink, best).mean() >= 0.2 else None


def _through(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The circles (x, y, radius) through three points each, (n, 3, 2); without those of points in
    a line."""
    systems = np.concatenate([2 * points, np.ones((len(points), 3, 1))], axis=2)
    proper = np.abs(np.linalg.det(systems)) >= 1.0
    systems, squares = systems[proper], (points[proper] ** 2).sum(axis=2)
    a, b, c = np.linalg.solve(systems, squares[:, :, None])[:, :, 0].T
    return np.stack([a, b, np.sqrt(np.maximum(c + a * a + b * b, 0.0))], axis=1)


def _refined(points: NDArray[np.float64], circle: Circle) -> Circle:
    """Algebraic least squares (Kåsa, 1976) over the points near a circle."""
    x, y, radius = circle
    off = np.abs(np.hypot(points[:, 0] - x, points[:, 1] - y) - radius)
    used = points[off <= max(1.5, 0.015 * radius)]
    if len(used) < 12:
        return circle
    system = np.column_stack([used, np.ones(len(used))])
    (a, b, c), *_ = np.linalg.lstsq(system, (used**2).sum(axis=1), rcond=None)
    size = float(np.sqrt(max(c + a * a / 4 + b * b / 4, 0.0)))
    near = abs(a / 2 - x) + abs(b / 2 - y) + abs(size - radius) < 0.1 * radius
    return (float(a / 2), float(b / 2), size) if near else circle


def _rim(ink: Mask, circle: Circle) -> Mask:
    """In which directions, clockwise from the top, a circle is the rim of ink."""
    rim: Mask = _rims(ink, np.array([circle]), _WALK)[0]
    return rim


def _rims(ink: Mask, circles: NDArray[np.float64], steps: int) -> Mask:
    """In which of `steps` directions, clockwise from the top, each of the circles (n, 3) is the rim
    of ink: (n, steps)."""
    x, y, radius = circles.T[:, :, None]
    reach = np.maximum(2.0, 0.022 * radius)
    turns = (np.arange(steps) + 0.5) / steps * 2 * np.pi
    flags = []
    for size, wanted in ((radius - reach, True), (radius + reach, False)):
        xs = (x + size * np.sin(turns)).round().astype(int)
        ys = (y - size * np.cos(turns)).round().astype(int)
        within = (xs >= 0) & (ys >= 0) & (xs < ink.shape[1]) & (ys < ink.shape[0])
        seen = within & ink[ys.clip(0, ink.shape[0] - 1), xs.clip(0, ink.shape[1] - 1)]
        flags.append(seen if wanted else ~seen)
    return np.asarray(flags[0] & flags[1])


def _pulled(blobs: Blobs, circle: Circle, rim: Mask) -> tuple[list[Pulled], Mask]:
    """The blobs beside a disc that are slices of it, pulled out; and the directions they fill."""
    x, y, radius = circle
    found: list[Pulled] = []
    spans = np.zeros(_WALK, bool)
    for number, outline in enumerate(blobs.outlines, 1):
        middle = outline.mean(axis=0) - (x, y)
        away = float(np.hypot(*middle))
        if not 0.1 * radius < away < 1.5 * radius:
            continue
        own = blobs.labels == number
        best, offset = rim & ~rim, (0.0, 0.0)
        at_home = int((_rim(own, circle) & _span(outline, circle)).sum())
        for share in np.arange(0.02, 0.36, 0.01):
            move = middle / away * share * radius
            shifted = (x + move[0], y + move[1], radius)
            arc = _rim(own, shifted) & _rim(blobs.ink, shifted)
            if arc.sum() > best.sum():
                best, offset = arc, (float(move[0]), float(move[1]))
        span = _span(outline, (x + offset[0], y + offset[1], radius))
        filled = best.sum() > 0.7 * span.sum() and best.sum() > at_home + 0.15 * span.sum()
        if filled and 2 <= span.sum() < 0.6 * _WALK:
            found.append(Pulled(own, *offset))
            spans |= best
    return found, spans


def _span(outline: NDArray[np.float64], circle: Circle) -> Mask:
    """The directions that the outer part of an outline covers."""
    x, y, radius = circle
    away = outline - (x, y)
    outer = away[np.hypot(away[:, 0], away[:, 1]) > 0.8 * radius]
    turns = np.arctan2(outer[:, 0], -outer[:, 1]) / (2 * np.pi) % 1
    span = np.zeros(_WALK, bool)
    span[(turns * _WALK).astype(int) % _WALK] = True
    return span


def _mostly_inside(blobs: Blobs, inside: Mask, pulled: Sequence[Pulled], circle: Circle) -> bool:
    """Whether the shapes that the disc consists of end where it ends: a bar with a round corner, or
    a map that a circle fits by chance, goes on outside."""
    touching = [n for n in np.unique(blobs.labels[inside]) if n]
    own = np.isin(blobs.labels, touching)
    for piece in pulled:
        own &= ~piece.mask
    x, y, radius = circle
    rows, columns = np.nonzero(own & ~inside)
    beyond = np.hypot(columns - x, rows - y) > radius + max(2.0, 0.02 * radius)
    return float(beyond.sum()) < 0.12 * float((own & inside).sum() + 1)


def _covered(ink: Mask, circle: Circle, hole: float) -> float:
    """Share of directions in which there is anything between hole and rim."""
    x, y, radius = circle
    turns = (np.arange(_WALK) + 0.5) / _WALK * 2 * np.pi
    depth = np.linspace(hole + 0.25 * (radius - hole), 0.93 * radius, 8)
    xs = (x + np.outer(depth, np.sin(turns))).round().astype(int).clip(0, ink.shape[1] - 1)
    ys = (y - np.outer(depth, np.cos(turns))).round().astype(int).clip(0, ink.shape[0] - 1)
    return float((ink[ys, xs].mean(axis=0) > 0.5).mean())


def _hole(ink: Mask, x: float, y: float, radius: float) -> float:
    """Radius of a ring's hole, 0 when the disc is full to its centre."""
    rays = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    depth = np.arange(0.05, 0.96, 0.01) * radius
    xs = np.clip((x + np.outer(depth, np.cos(rays))).round().astype(int), 0, ink.shape[1] - 1)
    ys = np.clip((y + np.outer(depth, np.sin(rays))).round().astype(int), 0, ink.shape[0] - 1)
    share = ink[ys, xs].mean(axis=1)
    full = share > 0.6 * share.max()
    empty = np.flatnonzero(~full)
    if not len(empty) or empty[-1] < 0.15 * len(full) or full[: empty[-1]].mean() > 0.5:
        return 0.0
    return float(depth[min(empty[-1] + 1, len(depth) - 1)])


def _moved(ink: Mask, piece: Pulled) -> Mask:
    result = ink & ~piece.mask
    rows, columns = np.nonzero(piece.mask)
    to_x = (columns - round(piece.dx)).clip(0, ink.shape[1] - 1)
    to_y = (rows - round(piece.dy)).clip(0, ink.shape[0] - 1)
    result[to_y, to_x] = True
    return result


def pushed_in(rgb: Rgb, texts: Sequence[Text], pulled: Sequence[Pulled]) -> tuple[Rgb, list[Text]]:
    """The image and its texts with every pulled slice moved back into its disc."""
    result, back = rgb.copy(), page_background(rgb)
    moved = list(texts)
    grown = [
        cv2.dilate(piece.mask.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0 for piece in pulled
    ]
    filled = [cv2.morphologyEx(g.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 9))) for g in grown]
    for mask in filled:
        result[mask > 0] = back
    for piece, mask in zip(pulled, filled, strict=True):
        rows, columns = np.nonzero(mask)
        to_x, to_y = columns - round(piece.dx), rows - round(piece.dy)
        fits = (to_x >= 0) & (to_y >= 0) & (to_x < rgb.shape[1]) & (to_y < rgb.shape[0])
        source = rgb[rows[fits], columns[fits]]
        drawn = np.abs(source.astype(int) - back).max(axis=1) > _FAR
        result[to_y[fits][drawn], to_x[fits][drawn]] = source[drawn]
        moved = [_with(text, piece) for text in moved]
    return result, moved


def _with(text: Text, piece: Pulled) -> Text:
    """A text that lies on a pulled slice, moved with it."""
    left, top, right, bottom = text.bbox_px
    x, y = round((left + right) / 2), round((top + bottom) / 2)
    box = piece.mask[max(0, y - 3) : y + 4, max(0, x - 3) : x + 4]
    if not box.size or not box.any():
        return text
    dx, dy = round(piece.dx), round(piece.dy)
    return replace(text, bbox_px=(left - dx, top - dy, right - dx, bottom - dy))
