"""Boxes with whiskers: thin, wide, thin along the value axis; measured below a pixel.

Arrays here are turned so that rows run along the value axis and columns across it.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import Mask, farthest, to_hex
from air_cli.read.ink import Plot

Floats = NDArray[np.floating[Any]]
_BRIDGE = 7  # pixels: median lines in the page's colour and grid lines cut boxes
_WIDE, _THIN = 0.7, 0.3  # of a box's width: rows of the box, rows of a whisker
_CORNERS = 0.9  # of a box's width: the rows next to its edges
_CRUMB = 4  # pixels: what compression leaves beside a box widens some of its rows by more
_ROOMY = 32  # pixels: in narrower boxes the edges' blur is all there is beside the caps
_BESIDE_CAP = 0.19  # of a box's width: caps are at most .6 wide
_MOST = 60


@dataclass(frozen=True)
class Shape:
    """A box with its whiskers in rows and columns of the turned crop: where its ink begins and
    ends (`top`, `bottom`), and the box itself."""

    top: int
    bottom: int
    first: int
    last: int
    left: int
    right: int

    @property
    def middle(self) -> int:
        """The column of the whiskers."""
        return (self.left + self.right) // 2

    @property
    def whiskers(self) -> int:
        """How many there are."""
        return (self.first - self.top > 2) + (self.bottom - self.last > 2)


@dataclass(frozen=True)
class Five:
    """The five rows of a box, lowest row number first, below a pixel; `sure` is whether a median
    line was seen apart from the edges."""

    rows: tuple[float, float, float, float, float]
    left: float
    right: float
    color: str
    sure: bool


def drawn(plot: Plot, upright: bool) -> Mask:
    """What is drawn besides grid lines, turned. Whiskers above each other are no grid line: lines
    along the value axis count as one only where they run through the whole plot."""
    labels = plot.palette.labels if upright else plot.palette.labels.T
    found: Mask = (plot.palette.ink if upright else plot.palette.ink.T).copy()
    high, wide = labels.shape
    lines = np.zeros(labels.shape, bool)
    for index, ink in enumerate(plot.palette.inks):
        if ink.chroma > 14:
            continue
        mask = labels == index
        for row in np.flatnonzero(mask.sum(axis=1) > 0.3 * wide):
            places = np.flatnonzero(mask[row])
            if places[-1] - places[0] > 0.7 * wide and not _thick(mask, int(row)):
                lines[row] |= mask[row]
        for column in np.flatnonzero(mask.sum(axis=0) > 0.12 * high):
            own = [part.any() for part in np.array_split(mask[4:-4, column], 12)]
            every = [part.any() for part in np.array_split(found[4:-4, column], 12)]
            whole = all(every) and _reaches(mask[:, column])
            if whole and own[0] and own[-1] and sum(own) > 4:  # boxes hide parts of it
                lines[:, column] |= mask[:, column]
    edges = cv2.dilate(lines.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    found &= ~lines & ~(edges & (labels < 0))
    return found


def _reaches(column: Mask) -> bool:
    """Whether a line comes to both ends of a plot: a long whisker above a tick does not."""
    places = np.flatnonzero(column)
    slack = 6 + 0.03 * len(column)
    return bool(places[0] <= slack and places[-1] >= len(column) - slack)


def _thick(mask: Mask, row: int) -> bool:
    """Whether a row is one of many full ones: wide boxes beside each other."""
    around = mask[max(0, row - 6) : row + 7].sum(axis=1)
    return bool((around > 0.3 * mask.shape[1]).sum() > 8)


def find_shapes(ink: Mask) -> list[Shape]:
    """The boxes with whiskers of an ink mask; empty where most of its shapes are something else."""
    solid = ink.astype(np.uint8)
    closed = cv2.morphologyEx(solid, cv2.MORPH_CLOSE, np.ones((_BRIDGE, 1), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    largest = max((int(s[4]) for s in stats[1:count]), default=0)
    kept = [i for i in range(1, count) if stats[i][4] > 0.03 * largest and stats[i][3] > 6]
    if not 2 <= len(kept) <= _MOST:
        return []
    found: list[Shape] = []
    for i in kept:
        x, y, w, h = (int(v) for v in stats[i][:4])
        piece = labels[y : y + h, x : x + w] == i
        shape = _shape(piece, piece & ink[y : y + h, x : x + w], x, y)
        if shape is not None:
            found.append(shape)
    return _alike(found, len(kept))


def _shape(piece: Mask, seen: Mask, x: int, y: int) -> Shape | None:
    """The box of one connected shape; None where it is none. `seen` is the shape without what was
    bridged: a short whisker between a box and its cap is filled by that."""
    high, wide = piece.shape
    if wide < 6:
        return None  # a line
    starts, stops = _ends(piece)
    widths = stops - starts
    full = np.flatnonzero(widths >= _WIDE * wide)
    if not len(full):
        return None
    runs = np.split(full, np.flatnonzero(np.diff(full) > _BRIDGE) + 1)
    box = max(runs, key=len)
    first, last = int(box[0]), int(box[-1])
    left, right = (int(np.median(end[full])) for end in (starts, stops))
    if wide - (right - left) <= max(_CRUMB, 0.1 * wide):
        left, right = 0, wide
    wide = right - left
    if last - first < 2 or widths[[first + 1, last - 1]].mean() < _CORNERS * wide:
        return None  # a line, or round: a dot on a stem
    bare = seen.any(axis=1)
    starts, stops = (
        np.where(bare, own, end) for own, end in zip(_ends(seen), (starts, stops), strict=True)
    )
    widths = stops - starts
    outside = np.concatenate([widths[:first], widths[last + 1 :]])
    middles = np.concatenate([(starts + stops)[:first], (starts + stops)[last + 1 :]]) / 2
    if len(outside):
        thin = outside <= max(6, _THIN * wide)
        centred = np.abs(middles - (left + right) / 2) <= max(2.0, 0.12 * wide)
        if (thin.mean() < 0.5 and (~thin).sum() > 8) or centred.mean() < 0.9:
            return None
    return Shape(y, y + high, y + first, y + last + 1, x + left, x + right)


def _ends(piece: Mask) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each row of a mask the first column that is set, and the one after the last."""
    return piece.argmax(axis=1), piece.shape[1] - piece[:, ::-1].argmax(axis=1)


def _alike(found: Sequence[Shape], count: int) -> list[Shape]:
    """Boxes of one width, most of them with whiskers, that stand on no common line; else none."""
    if len(found) < max(2, 0.6 * count):
        return []
    wide = statistics.median(s.right - s.left for s in found)
    same = [s for s in found if abs(s.right - s.left - wide) <= max(3.0, 0.15 * wide)]
    if len(same) < max(2, 0.8 * len(found)) or sum(s.whiskers for s in same) < 1.2 * len(same):
        return []
    feet = [s.last for s in same]
    standing = sum(abs(f - statistics.median(feet)) <= 2 for f in feet)
    tops, ends = [s.top for s in same], [s.bottom for s in same]
    level = [
        sum(abs(v - statistics.median(each)) <= 3 for v in each) >= 0.8 * len(each)
        for each in (tops, ends)
    ]
    squat = statistics.median(s.last - s.first for s in same) < 1.2 * wide
    if all(level) or (any(level) and squat):  # dots on the lines of a grid, or on stems
        return []
    same.sort(key=lambda s: s.left)
    return same if len(same) < 3 or standing < 0.75 * len(same) else []


def measure(plot: Plot, shape: Shape, upright: bool) -> Five:
    """The five rows of a box and its fill, in the turned crop."""
    pixels = plot.palette.crop if upright else plot.palette.crop.transpose(1, 0, 2)
    contrast = plot.palette.contrast if upright else plot.palette.contrast.T
    wide = shape.right - shape.left
    inner = np.arange(shape.left + max(2, wide // 6), shape.right - max(2, wide // 6))
    inner = inner[np.abs(inner - shape.middle) > max(2, 0.06 * wide)] if wide > 14 else inner
    span = slice(max(0, shape.first - 5), min(len(pixels), shape.last + 5))
    rim = _beside_caps(shape, inner)
    profile = contrast[span][:, rim].mean(axis=1)
    body = pixels[shape.first + 2 : max(shape.first + 3, shape.last - 2)][:, inner]
    fill = np.median(body.reshape(-1, 3), axis=0)
    off = farthest(pixels[span][:, rim].astype(np.float32) - fill).mean(axis=1)
    begin, thick = _edge(profile, off)
    end, under = _edge(profile[::-1], off[::-1])
    end = len(profile) - end
    stroke = max(thick, under)
    plain = _without_grid(off, plot.grid if upright else plot.grid.T, span)
    middle = _median_line(plain, begin, end, stroke) or _median_line(off, begin, end, stroke)
    sure = middle is not None
    if middle is None:  # it lies on an edge, and the edge is thicker there
        middle = begin + 0.5 if thick > under else end - 0.5
    rows = [span.start + v for v in (begin, middle, end)]
    low, high = _whisker(contrast, shape, begin=True), _whisker(contrast, shape, begin=False)
    ends = min(low, rows[0]), max(high, rows[2])
    filled = float(np.abs(fill - plot.palette.background).max()) > 12
    edge = pixels[min(len(pixels) - 1, round(rows[0]))][inner]
    color = to_hex(fill if filled else np.median(edge, axis=0))
    five = (ends[0], rows[0], rows[1], rows[2], ends[1])
    return Five(five, float(shape.left), float(shape.right), color, sure)


def _beside_caps(shape: Shape, inner: NDArray[np.int64]) -> NDArray[np.int64]:
    """The columns of a box that the caps of its whiskers do not reach, which may lie so close to
    its edges that they would be taken for them; `inner` where it is too narrow to tell."""
    wide = shape.right - shape.left
    if wide < _ROOMY:
        return inner
    columns = np.arange(shape.left, shape.right)
    side = np.minimum(columns - shape.left, shape.right - 1 - columns)
    return columns[(side >= max(2, 0.06 * wide)) & (side <= max(4, _BESIDE_CAP * wide))]


def _without_grid(off: Floats, grid: Mask, span: slice) -> Floats:
    """A profile with what grid lines along the boxes add levelled: they show through hollow ones,
    and may be bolder than the median's line."""
    lines = grid[span].mean(axis=1) > 0.3
    lines = cv2.dilate(lines.astype(np.uint8)[:, None], np.ones((3, 1), np.uint8))[:, 0] > 0
    places = np.arange(len(off))
    if lines.all() or not lines.any():
        return off
    return np.asarray(np.where(lines, np.interp(places, places[~lines], off[~lines]), off))


def _edge(profile: Floats, off: Floats) -> tuple[float, float]:
    """Where a box begins in a profile that starts outside of it, in rows, and how thick its
    outline is: the middle of an outline, else where half the fill is reached."""
    inside = float(np.median(profile[5:-5])) if len(profile) > 12 else float(profile.max())
    level = 0.5 * max(inside, 0.7 * float(profile[:8].max()))
    at = int(np.argmax(profile >= level))
    before = float(profile[at - 1]) if at else 0.0
    here = float(profile[at])
    sub = at + (level - before) / max(here - before, 1e-6) - 0.5 if at else 0.0
    top = float(off[at : at + 4].max())
    run = 0
    while at + run < len(off) and off[at + run] > 0.45 * top and run < 7:
        run += 1
    outlined = top > 30 and run <= 5 and float(np.median(off[at + run : at + run + 3])) < 0.4 * top
    if not outlined:
        return sub + 0.5, 0.0
    window = slice(max(0, at - 1), at + run + 1)
    # Outside, what is far from the fill is the ground: only what is drawn counts.
    weight = np.minimum(off[window], profile[window])
    rows = np.arange(window.start, window.start + len(weight)) + 0.5
    return float((weight * rows).sum() / max(float(weight.sum()), 1e-6)), float(run)


def _median_line(off: Floats, begin: float, end: float, stroke: float) -> float | None:
    """The row of the line across a box: the strongest between its edges."""
    first, last = int(np.ceil(begin + 0.5 * stroke + 0.6)), int(end - 0.5 * stroke - 0.6)
    inside = off[first:last]
    if len(inside) < 1 or inside.max() < 14:
        return None
    strong = np.flatnonzero(inside > 0.4 * inside.max())
    runs = np.split(strong, np.flatnonzero(np.diff(strong) > 1) + 1)
    run = max(runs, key=lambda r: float(inside[r].sum()))
    if len(run) > max(8, 0.5 * len(inside)) and len(inside) > 6:
        return None
    window = np.arange(max(0, run[0] - 1), min(len(inside), run[-1] + 2))
    weight = inside[window]
    return float((weight * (window + 0.5)).sum() / weight.sum()) + first


def _whisker(contrast: Floats, shape: Shape, *, begin: bool) -> float:
    """The row where a whisker ends: its tip, or the middle of the cap across it."""
    columns = slice(max(0, shape.middle - 2), shape.middle + 3)
    if begin:
        part = contrast[max(0, shape.top - 2) : shape.first + 1]
        start = max(0, shape.top - 2)
    else:
        part = contrast[shape.last - 1 : shape.bottom + 2][::-1]
        start = min(len(contrast), shape.bottom + 2)
    if len(part) < 3:
        return float(shape.first if begin else shape.last)
    line = part[:, columns].max(axis=1)
    level = 0.5 * float(np.median(line[2:])) if len(line) > 4 else 0.5 * float(line.max())
    at = int(np.argmax(line >= level))
    before = float(line[at - 1]) if at else 0.0
    tip = (
        at + 1 - min(1.0, max(0.0, (float(line[at]) - level) / max(float(line[at]) - before, 1e-6)))
    )
    quarter = max(3, (shape.right - shape.left) // 8)
    sides = [
        part[:, shape.middle - quarter - 1 : shape.middle - quarter + 1].max(axis=1),
        part[:, shape.middle + quarter : shape.middle + quarter + 2].max(axis=1),
    ]
    cap = np.minimum(*sides)[: at + 6]
    if len(part) > 6 and cap.size and float(cap.max()) > 0.4 * float(line.max()):
        weight = np.where(cap > 0.3 * cap.max(), cap, 0)
        rows = np.arange(len(cap)) + 0.5
        tip = float((weight * rows).sum() / weight.sum())
    return start + tip if begin else start - tip
