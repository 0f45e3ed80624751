"""Find a disc or ring in an image and cut it into sectors of one colour each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import Mask, page_background, to_hex
from air_cli.read.ink import cover_boxes
from air_cli.read.palette import Palette
from air_cli.read.scene import Rgb
from air_cli.records import Text

_TURN = 1440  # directions sampled around the centre


@dataclass(frozen=True)
class Disc:
    """Centre and radii in pixels (`hole` is 0 for a full disc); `quality` is how round it is."""

    x: float
    y: float
    radius: float
    hole: float
    quality: float


@dataclass(frozen=True)
class Sector:
    """From `start` to `stop` in turns, clockwise from the top; `stop` may pass 1."""

    start: float
    stop: float
    color: str

    @property
    def share(self) -> float:
        """Share of the full turn, 0..1."""
        return self.stop - self.start

    @property
    def middle(self) -> float:
        """The direction of the sector's middle, in turns."""
        return (self.start + self.stop) / 2 % 1

    def away(self, turn: float) -> float:
        """Distance in turns from a direction to the sector, 0 inside it."""
        inside = (turn - self.start) % 1 <= self.share
        ends = ((turn - self.start) % 1, (turn - self.stop) % 1)
        return 0.0 if inside else min(min(e, 1 - e) for e in ends)


def find_disc(rgb: Rgb, texts: Sequence[Text]) -> Disc | None:
    """The largest round shape of an image, or None. Thin things touching it are ignored."""
    back = np.array(page_background(rgb), dtype=np.int16)
    ink = (np.abs(rgb.astype(np.int16) - back).max(axis=2) > 22).astype(np.uint8)
    for text in texts:  # words outside a shape would widen it; inside they are filled again
        x0, y0, x1, y1 = (max(0, round(v)) for v in text.bbox_px)
        rim = _border_share(ink, x0, y0, x1, y1)
        if rim < 0.15 or rim > 0.85:
            ink[y0:y1, x0:x1] = rim > 0.5
    size = max(3, round(0.008 * max(rgb.shape)) | 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    solid = cv2.morphologyEx(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, kernel), cv2.MORPH_OPEN, kernel)
    contours, _ = cv2.findContours(solid, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    best: Disc | None = None
    for contour in sorted(contours, key=cv2.contourArea, reverse=True)[:3]:
        disc = _fit_disc(ink > 0, contour)
        if disc and (best is None or disc.quality > best.quality + 0.1):
            best = disc
    return best


def _border_share(ink: NDArray[np.uint8], x0: int, y0: int, x1: int, y1: int) -> float:
    """Share of ink on the rim of a box."""
    part = ink[max(0, y0 - 1) : y1 + 1, max(0, x0 - 1) : x1 + 1]
    if part.shape[0] < 2 or part.shape[1] < 2:
        return 0.0
    rim = np.concatenate([part[0], part[-1], part[:, 0], part[:, -1]])
    return float(rim.mean())


def _fit_disc(ink: Mask, contour: NDArray[np.int32]) -> Disc | None:
    """Circle through a contour: algebraic least squares (Kåsa 1976), outliers trimmed."""
    points = contour[:, 0].astype(np.float64)
    if len(points) < 40:
        return None
    low, high = points.min(axis=0), points.max(axis=0)
    wide, tall = high - low
    if min(wide, tall) < 24 or not 0.75 < wide / tall < 1.33:
        return None
    used = points
    x = y = radius = 0.0
    for _ in range(4):
        system = np.column_stack([used, np.ones(len(used))])
        (a, b, c), *_ = np.linalg.lstsq(system, (used**2).sum(axis=1), rcond=None)
        x, y = a / 2, b / 2
        radius = float(np.sqrt(max(c + x * x + y * y, 0)))
        off = np.abs(np.hypot(points[:, 0] - x, points[:, 1] - y) - radius)
        used = points[off <= max(1.0, np.quantile(off, 0.8))]
    off = np.abs(np.hypot(points[:, 0] - x, points[:, 1] - y) - radius)
    quality = float(np.mean(off <= max(1.5, 0.02 * radius)))
    if quality < 0.6 or radius < 12:
        return None
    hole = _hole(ink, x, y, radius)
    return Disc(float(x), float(y), radius, hole, quality)


def _hole(ink: Mask, x: float, y: float, radius: float) -> float:
    """Radius of a ring's hole, 0 when the disc is full to its centre."""
    rays = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    depth = np.arange(0.05, 0.96, 0.01) * radius
    xs = np.clip((x + np.outer(depth, np.cos(rays))).round().astype(int), 0, ink.shape[1] - 1)
    ys = np.clip((y + np.outer(depth, np.sin(rays))).round().astype(int), 0, ink.shape[0] - 1)
    full = ink[ys, xs].mean(axis=1) > 0.6
    empty = np.flatnonzero(~full)
    if not len(empty) or empty[-1] < 0.15 * len(full) or full[: empty[-1]].mean() > 0.5:
        return 0.0
    return float(depth[min(empty[-1] + 1, len(depth) - 1)])


def cut_sectors(rgb: Rgb, disc: Disc, texts: Sequence[Text] = ()) -> list[Sector]:
    """The sectors of a disc, clockwise from the top. Neighbours of one colour are told apart
    where a line divides them; texts on them are looked past."""
    pad = disc.radius + 2
    left, top = max(0, int(disc.x - pad)), max(0, int(disc.y - pad))
    part = rgb[top : int(disc.y + pad) + 1, left : int(disc.x + pad) + 1]
    rows, columns = np.mgrid[0 : part.shape[0], 0 : part.shape[1]]
    away = np.hypot(columns + left - disc.x, rows + top - disc.y)
    inside = (away < 0.985 * disc.radius) & (away > disc.hole)
    palette = Palette(part, page_background(rgb), inside)
    shifted = [
        (t.bbox_px[0] - left, t.bbox_px[1] - top, t.bbox_px[2] - left, t.bbox_px[3] - top)
        for t in texts
    ]
    hidden = cover_boxes(inside.shape, shifted)
    labels = _around(palette, disc, (left, top), hidden)
    runs = _runs_around(*labels)
    return [Sector(a, b, _color(rgb, disc, a, b)) for a, b, _ in runs]


def _color(rgb: Rgb, disc: Disc, start: float, stop: float) -> str:
    """The usual colour of a sector's pixels near the rim, away from its edges."""
    inset = 0.2 * (stop - start)
    turns = np.linspace(start + inset, stop - inset, 40) * 2 * np.pi
    depth = np.linspace(max(disc.hole, 0.7 * disc.radius) + 2, 0.95 * disc.radius, 8)
    xs = (disc.x + np.outer(depth, np.sin(turns))).round().astype(int).clip(0, rgb.shape[1] - 1)
    ys = (disc.y - np.outer(depth, np.cos(turns))).round().astype(int).clip(0, rgb.shape[0] - 1)
    return to_hex(np.median(rgb[ys, xs].reshape(-1, 3), axis=0))


def _around(
    palette: Palette, disc: Disc, origin: tuple[int, int], hidden: Mask
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """For each direction the ink that most visible radii agree on (-1: none, -2: all hidden by
    text), and the share of them that do."""
    turns = (np.arange(_TURN) + 0.5) / _TURN * 2 * np.pi
    inner = max(disc.hole + 0.12 * (disc.radius - disc.hole), 0.3 * disc.radius)
    depth = np.linspace(inner, 0.965 * disc.radius, 24)
    xs = (disc.x - origin[0] + np.outer(depth, np.sin(turns))).round().astype(int)
    ys = (disc.y - origin[1] - np.outer(depth, np.cos(turns))).round().astype(int)
    rows, columns = palette.labels.shape
    inside = (xs >= 0) & (ys >= 0) & (xs < columns) & (ys < rows)
    xs, ys = xs.clip(0, columns - 1), ys.clip(0, rows - 1)
    seen = np.where(inside, palette.labels[ys, xs], -1).astype(np.int64)
    weight = np.where(depth > 0.75 * disc.radius, 1.6, 1.0)[:, None] * ~hidden[ys, xs]
    total = weight.sum(axis=0)
    votes = np.zeros((max(1, len(palette.inks)), _TURN))
    for k in range(len(palette.inks)):
        votes[k] = ((seen == k) * weight).sum(axis=0)
    share = votes.max(axis=0) / np.maximum(total, 1e-9)
    labels = np.where(share > 0.3, votes.argmax(axis=0), -1)
    return np.where(total < 3, -2, labels), share


def _runs_around(
    labels: NDArray[np.int64], strength: NDArray[np.float64]
) -> list[tuple[float, float, int]]:
    """Runs of one label as (start, stop, label) in turns; short runs are noise, and the gap
    between two runs is shared."""
    # A dividing line: directions where few radii see any ink, between two of one label.
    solid = np.where((strength > 0.45) | (labels == -2), labels, -1)
    solid = _bridge_hidden(solid)
    least = max(3, round(_TURN * 0.003))
    change = np.flatnonzero(solid != np.roll(solid, 1))
    if not len(change):
        return [(0.0, 1.0, int(solid[0]))] if solid[0] >= 0 else []
    runs = []
    for i, start in enumerate(change):
        stop = change[(i + 1) % len(change)] + (_TURN if i + 1 == len(change) else 0)
        if solid[start] >= 0 and stop - start >= least:
            runs.append((int(start), int(stop), int(solid[start])))
    return _share_gaps(runs)


def _bridge_hidden(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Directions hidden by text take the label of both sides, where these agree."""
    hidden = np.flatnonzero(labels == -2)
    known = np.flatnonzero(labels != -2)
    if not len(hidden) or not len(known):
        return labels
    before = labels[known[np.searchsorted(known, hidden) - 1]]
    after = labels[known[np.searchsorted(known, hidden) % len(known)]]
    result = labels.copy()
    result[hidden] = np.where(before == after, before, -1)
    return result


def _share_gaps(runs: list[tuple[int, int, int]]) -> list[tuple[float, float, int]]:
    """Runs in turns. The gap between two is a dividing line, and shared; where it is too wide for
    one it is a sector almost as pale as the page (label -1)."""
    if not runs:
        return []
    if len(runs) == 1 and runs[0][1] - runs[0][0] > 0.97 * _TURN:
        return [(0.0, 1.0, runs[0][2])]
    result: list[tuple[float, float, int]] = []
    for i, (start, stop, label) in enumerate(runs):
        before = runs[i - 1][1] - (_TURN if i == 0 else 0)
        after = runs[(i + 1) % len(runs)][0] + (_TURN if i + 1 == len(runs) else 0)
        wide = after - stop > 0.02 * _TURN
        first = start if start - before > 0.02 * _TURN else (before + start) / 2
        last = stop if wide else (stop + after) / 2
        result.append((first / _TURN, last / _TURN, label))
        if wide:
            result.append((stop / _TURN, after / _TURN, -1))
    return result
