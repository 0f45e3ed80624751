"""Photographs of a chart made like a scan: upright, without perspective, evenly lit.

The straight lines of a chart (axes, grid, bars, the page's edge) are level or upright. How their
slant changes over the picture gives the perspective: a level line's slope is a + b y, an upright
one's c + d x, which holds for slight perspective (Liebowitz & Zisserman, 1998, rectify the same way
from vanishing points). Light and shadow are a smooth surface through the page's own brightness.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import farthest
from air_cli.read.scene import Rgb

Floats = NDArray[np.floating[Any]]
STRAIGHTENED = (
    "the picture is a photograph: it was turned upright and evenly lit before it was read,"
    " and values are less sure"
)
_LOOK_PX = 1000  # lines are looked for in about this size
# A camera was at work where fewer neighbouring pixels are equal, and where the four commonest
# colours cover less than this share.
_EQUAL, _COMMON = 0.6, 0.19
_WHITE = 254.0  # level that the page is brought to
_STEEPEST = 0.34  # slope of a line that may be level
_OFF = 0.012  # slope by which lines may differ from their place's
_LEAST = 0.006  # slope at the edges of the picture worth turning it for


def is_taken(rgb: Rgb) -> bool:
    """Whether a picture (height, width, 3) comes from a camera: few neighbouring pixels of one
    colour, and no colour that covers much. Drawings have both even after lossy compression."""
    if min(rgb.shape[:2]) < 120:
        return False
    rows = rgb[:: max(1, len(rgb) // 60)]
    if float((farthest(np.diff(rows.astype(np.int16), axis=1)) == 0).mean()) > _EQUAL:
        return False
    flat = rows.reshape(-1, 3).astype(np.int64)
    _, counts = np.unique((flat[:, 0] << 16) | (flat[:, 1] << 8) | flat[:, 2], return_counts=True)
    return bool(np.sort(counts)[-4:].sum() < _COMMON * len(flat))


def straightened(rgb: Rgb) -> Rgb:
    """A photograph made upright and evenly lit; as it is where its lines do not tell how."""
    sheet = _sheet(rgb)
    return _even(_upright(rgb if sheet is None else sheet))


@dataclass(frozen=True)
class _Slopes:
    """How the slope of lines depends on their place: slope = at_0 + change * place."""

    at_0: float
    change: float

    def at(self, place: float) -> float:
        """The slope of a line at a place."""
        return self.at_0 + self.change * place


def _upright(rgb: Rgb) -> Rgb:
    height, width = rgb.shape[:2]
    factor = min(1.0, _LOOK_PX / max(height, width))
    small = cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), (0, 0), 1.2)
    found = cv2.createLineSegmentDetector().detect(grey)[0]
    if found is None:
        return rgb
    lines = found.reshape(-1, 4).astype(float) / factor
    level = _fitted(lines, width, height)
    upright = _fitted(lines[:, [1, 0, 3, 2]], height, width)
    if level is None:
        return rgb
    if upright is None:  # turned, as far as the level lines tell
        upright = _Slopes(-level.at(height / 2), 0.0)
    edges = (level.at(0), level.at(height), upright.at(0), upright.at(width))
    if max(abs(e) for e in edges) < _LEAST:
        return rgb
    corners = _corners(edges, width, height)
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    warped = cv2.warpPerspective(
        rgb, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(warped, np.uint8)


def _fitted(lines: Floats, wide: float, high: float) -> _Slopes | None:
    """The slopes of lines (x0, y0, x1, y1; n) that are nearly level, by their place from top to
    bottom; None where too few agree."""
    run, rise = lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1]
    long = np.hypot(run, rise)
    keep = (np.abs(rise) < _STEEPEST * np.abs(run)) & (long > 0.035 * wide)
    if keep.sum() < 3:
        return None
    slope = rise[keep] / run[keep]
    place, weight = (lines[keep, 1] + lines[keep, 3]) / 2, long[keep]
    order = np.argsort(slope)
    share = np.cumsum(weight[order]) / weight.sum()
    middle = float(slope[order][np.searchsorted(share, 0.5)])
    near = np.abs(slope - middle) < 0.1
    best = _Slopes(middle, 0.0)
    for _ in range(6):
        if near.sum() < 3:
            return None
        spread = float(np.ptp(place[near]))
        if spread > 0.25 * high:
            change, start = np.polyfit(place[near], slope[near], 1, w=np.sqrt(weight[near]))
            best = _Slopes(float(start), float(change))
        else:
            best = _Slopes(float(np.average(slope[near], weights=weight[near])), 0.0)
        off = np.abs(slope - (best.at_0 + best.change * place))
        near = off < max(_OFF, 1.5 * float(np.median(off[near])))
    enough = weight[near].sum() > max(0.35 * weight.sum(), 0.4 * wide)
    return best if enough and abs(best.change * high) < 0.25 else None


def _corners(edges: tuple[float, float, float, float], width: int, height: int) -> Floats:
    """Where the lines through the middles of the picture's sides meet, clockwise from the top
    left: they become the corners."""
    top, bottom, left, right = edges

    def meet(slope: float, y: float, lean: float, x: float) -> tuple[float, float]:
        # y' = y + slope (x' - w/2) and x' = x + lean (y' - h/2)
        rise = y - slope * width / 2 - height / 2
        at = (x + lean * rise) / (1 - slope * lean)
        return at, y + slope * (at - width / 2)

    points = [
        meet(top, 0.0, left, 0.0),
        meet(top, 0.0, right, float(width)),
        meet(bottom, float(height), right, float(width)),
        meet(bottom, float(height), left, 0.0),
    ]
    return np.array(points, np.float32)


def _sheet(rgb: Rgb) -> Rgb | None:
    """The sheet of paper or the screen that is seen whole, cut out and made a rectangle; None
    where nothing brighter than its surroundings has four straight sides."""
    height, width = rgb.shape[:2]
    factor = min(1.0, 500 / max(height, width))
    small = cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    grey = cv2.medianBlur(small.max(axis=2), 5)
    _, bright = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    closed = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    outlines, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return None
    hull = cv2.convexHull(max(outlines, key=cv2.contourArea))
    area, whole = cv2.contourArea(hull), closed.shape[0] * closed.shape[1]
    quad = cv2.approxPolyDP(hull, 0.03 * cv2.arcLength(hull, True), True).reshape(-1, 2)
    if not 0.25 * whole < area < 0.97 * whole or len(quad) != 4:
        return None
    corners = _sharpened(quad.astype(float), hull.reshape(-1, 2).astype(float))
    if corners is None or abs(cv2.contourArea(corners.astype(np.float32)) - area) > 0.04 * area:
        return None
    corners = (corners + 0.5) / factor
    top = np.argsort(corners[:, 1])[:2]
    order = np.argsort(corners.sum(axis=1))[0] if len(set(top.tolist())) == 2 else 0
    corners = np.roll(corners, -int(order), axis=0)
    (ax, ay), (bx, by) = corners[1] - corners[0], corners[2] - corners[1]
    if ax * by - ay * bx < 0:  # counter-clockwise
        corners = corners[[0, 3, 2, 1]]
    sides = np.linalg.norm(corners - np.roll(corners, -1, axis=0), axis=1)
    wide, high = round((sides[0] + sides[2]) / 2), round((sides[1] + sides[3]) / 2)
    inset = 2.0
    target = [
        (-inset, -inset),
        (wide + inset, -inset),
        (wide + inset, high + inset),
        (-inset, high + inset),
    ]
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), np.array(target, np.float32))
    cut = cv2.warpPerspective(
        rgb, matrix, (wide, high), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(cut, np.uint8)


def _sharpened(quad: Floats, hull: Floats) -> Floats | None:
    """The corners where straight lines through the sides' own points meet."""
    sides = []
    dense = np.concatenate(
        [np.linspace(a, b, 60) for a, b in zip(hull, np.roll(hull, -1, axis=0), strict=True)]
    )
    for a, b in zip(quad, np.roll(quad, -1, axis=0), strict=True):
        along = (b - a) / max(float(np.linalg.norm(b - a)), 1e-6)
        rest = dense - a
        at = rest @ along
        off = np.abs(rest @ np.array([-along[1], along[0]]))
        length = float(np.linalg.norm(b - a))
        own = dense[(off < 0.02 * length + 1.5) & (at > 0.08 * length) & (at < 0.92 * length)]
        if len(own) < 8:
            return None
        vx, vy, x, y = (
            float(v)
            for v in cv2.fitLine(own.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
        )
        sides.append((vx, vy, x, y))
    corners = []
    for (ax, ay, px, py), (bx, by, qx, qy) in zip(sides, sides[1:] + sides[:1], strict=True):
        det = ax * by - ay * bx
        if abs(det) < 0.3:
            return None
        t = ((qx - px) * by - (qy - py) * bx) / det
        corners.append((px + t * ax, py + t * ay))
    return np.array(corners)


def _even(rgb: Rgb) -> Rgb:
    """Evenly lit: divided by a smooth surface through the brightness of the page; then without
    the sensor's noise."""
    smooth = cv2.bilateralFilter(cv2.medianBlur(rgb, 3), 5, 24, 3)
    height, width = rgb.shape[:2]
    blocks = cv2.resize(smooth, (48, 48), interpolation=cv2.INTER_AREA).astype(float)
    ys, xs = np.mgrid[-1:1:48j, -1:1:48j]
    terms = np.stack([np.ones_like(xs), xs, ys, xs * xs, xs * ys, ys * ys], axis=-1).reshape(-1, 6)
    light = blocks.max(axis=2).ravel()
    keep = light > np.quantile(light, 0.4)
    for _ in range(8):
        fit = np.linalg.lstsq(terms[keep], light[keep], rcond=None)[0]
        rest = light - terms @ fit
        keep = (rest > -0.04 * light.max()) & (rest < 0.08 * light.max())
        if keep.sum() < 60:
            return np.asarray(smooth, np.uint8)
    surface = (terms @ fit).reshape(48, 48).astype(np.float32)
    if surface.min() < 0.25 * surface.max():
        return np.asarray(smooth, np.uint8)
    whole = cv2.resize(surface, (width, height), interpolation=cv2.INTER_CUBIC)
    ground = np.median(blocks.reshape(-1, 3)[keep], axis=0)
    tint = ground / max(float(ground.max()), 1.0)
    gain = _WHITE / np.maximum(whole, 1.0)
    lit = smooth.astype(np.float32) * gain[..., None] / np.maximum(tint, 0.6).astype(np.float32)
    return np.asarray(np.clip(lit, 0, 255), np.uint8)
