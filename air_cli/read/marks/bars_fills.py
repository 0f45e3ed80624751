"""Bars that are no single flat colour: shaded, hatched, or an outline around the background."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import farthest, from_hex, to_hex
from air_cli.read.marks.bars_columns import turned
from air_cli.read.marks.bars_cut import Cut, Rect
from air_cli.read.marks.bars_rects import refined, solid_boxes
from air_cli.read.scene import Rgb
from air_cli.records import Box

Mask = NDArray[np.uint8]

_STEP = 9  # grey levels from pixel to pixel that a gradient stays below
_LEAP = 40  # grey levels between neighbouring segments of a stack
_HATCH = 11  # pixels: lines of a hatching are closer than this
_STRONG = 70  # grey levels by which the outlines around hatchings differ from the ground
_FRAMED = 9  # pixels: such a bar is thicker
_SIDE = 0.08  # of the picture: outlines along bars are longer than letters
_SPARSE = 0.025  # share of a dotted bar that is ink, outline and all
_NEAR_FOOT = 10  # pixels
_RIM = 3  # pixels: those outlines are thinner
_OUTLINE = 50  # grey levels by which an outline differs from what it surrounds


def shaded_rects(where: Cut, known: Sequence[Rect], vertical: bool) -> list[Rect]:
    """Rectangles inside which the colour changes only gradually (gradients, bevels, shine).

    `known` are the flat rectangles: what consists of several colours of them is a stack.
    """
    part = where.part
    calm = cv2.medianBlur(part, 5).astype(np.int16)
    edge = np.zeros(part.shape[:2], bool)
    edge[:, 1:-1] |= farthest(calm[:, 2:] - calm[:, :-2]) > 2 * _STEP
    edge[1:-1] |= farthest(calm[2:] - calm[:-2]) > 2 * _STEP
    inside = (~edge & (where.empty() == 0)).astype(np.uint8)
    kernel = np.ones((5, 3) if vertical else (3, 5), np.uint8)
    inside = cv2.morphologyEx(inside, cv2.MORPH_CLOSE, kernel)
    boxes = [box for box in solid_boxes(inside, vertical) if _large(box)]
    return [_rect(part, _grown(part, box)) for box in boxes if not _is_stack(box, known, vertical)]


def _is_stack(box: Box, known: Sequence[Rect], vertical: bool) -> bool:
    """Whether flat rectangles as thick as a box make up most of it, whose colours change in leaps
    from one to the next: the bands of a gradient change little by little."""
    low, high, start, end = turned(box, vertical)
    inside, covered = [], 0.0
    for rect in known:
        a, b, near, far = turned(rect.box, vertical)
        across, along = min(high, b) - max(low, a), min(end, far) - max(start, near)
        if across > 0.7 * (high - low) and 0.5 * (far - near) < along < 0.9 * (end - start):
            inside.append((near, rect.color))
            covered += along
    colors = np.array([from_hex(color) for _, color in sorted(inside)], float).reshape(-1, 3)
    leaps = np.abs(np.diff(colors, axis=0)).max(initial=0.0)
    return bool(leaps > _LEAP and covered > 0.6 * (end - start))


def _grown(part: Rgb, box: Box) -> Box:
    """Move each side outwards over the pixels that still look like what is inside it."""
    x0, y0, x1, y1 = (round(v) for v in box)
    height, width = part.shape[:2]

    # Against what is well inside, or a blurred edge would be followed step by step.
    inner = [
        np.median(part[y0:y1, min(x0 + 2, x1 - 1)], axis=0),
        np.median(part[min(y0 + 2, y1 - 1), x0:x1], axis=0),
        np.median(part[y0:y1, max(x1 - 3, x0)], axis=0),
        np.median(part[max(y1 - 3, y0), x0:x1], axis=0),
    ]

    def alike(line: NDArray[np.uint8], side: int) -> bool:
        return bool(np.abs(np.median(line, axis=0) - inner[side]).max() < 3 * _STEP)

    for _ in range(4):
        if x0 > 0 and alike(part[y0:y1, x0 - 1], 0):
            x0 -= 1
        if y0 > 0 and alike(part[y0 - 1, x0:x1], 1):
            y0 -= 1
        if x1 < width and alike(part[y0:y1, x1], 2):
            x1 += 1
        if y1 < height and alike(part[y1, x0:x1], 3):
            y1 += 1
    return float(x0), float(y0), float(x1), float(y1)


def whole_rects(where: Cut, known: Sequence[Rect], vertical: bool) -> list[Rect]:
    """Rectangles of anything but background: bars of any filling that do not touch another.

    `known` are the flat rectangles: what consists of them is a stack, or touching bars.
    """
    drawn = (where.empty(24) == 0).astype(np.uint8)
    opened = cv2.morphologyEx(drawn, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    flat = np.zeros(drawn.shape, np.uint8)
    for rect in known:
        x0, y0, x1, y1 = (max(0, round(v)) for v in rect.box)
        flat[y0:y1, x0:x1] = 1
    found = []
    for box in solid_boxes(opened, vertical):
        x0, y0, x1, y1 = (round(v) for v in box)
        if _large(box) and flat[y0:y1, x0:x1].mean() < 0.7:
            found.append(_rect(where.part, box))
    return found


def hatched_rects(where: Cut, known: Sequence[Rect], vertical: bool) -> list[Rect]:
    """Rectangles that a pattern of lines or dots fills; `known` are the filled ones, left out."""
    ink = (where.empty() == 0).astype(np.uint8)
    for rect in known:
        x0, y0, x1, y1 = (round(v) for v in rect.box)
        ink[max(0, y0 - 1) : y1 + 1, max(0, x0 - 1) : x1 + 1] = 0
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((_HATCH, _HATCH), np.uint8))
    closed = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    found = []
    for box in solid_boxes(closed, vertical, _HATCH):
        x0, y0, x1, y1 = (round(v) for v in box)
        block = ink[y0:y1, x0:x1]
        if _large(box) and 0.08 < block.mean() < 0.97 and _even(block):
            pixels = where.part[y0:y1, x0:x1][block > 0]
            found.append(Rect(*box, to_hex(np.median(pixels, axis=0))))
    return found


def framed_rects(where: Cut, plot: Box, vertical: bool) -> list[Rect]:
    """Rectangles inside strong outlines that a hatching fills: what the ground around them does not
    reach through pixels like it. Grid lines are paler than outlines, and do not stop it. The foot
    of the `plot` closes bars whose own line there is cut off."""
    part = where.raw.astype(np.int16)
    height, width = where.raw.shape[:2]
    strong = np.ones((height, width), bool)
    for ground in where.grounds:
        strong &= farthest(part - np.array(ground, np.int16)) > _STRONG
    lines = cv2.morphologyEx(strong.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    foot = round(plot[3] - where.top if vertical else plot[0] - where.left)
    own = _outline_foot(lines, foot, vertical)
    along = own or (slice(max(0, foot - 3), foot) if vertical else slice(max(0, foot), foot + 3))
    lines[(along, slice(None)) if vertical else (slice(None), along)] = 1
    count, labels, stats, _ = cv2.connectedComponentsWithStats(1 - lines, connectivity=4)
    around = np.zeros(count, bool)
    for n in range(1, count):
        x, y, w, h, _ = stats[n]
        edge = x == 0 or y == 0 or x + w == width or y + h == height
        around[n] = edge or w > 0.5 * width or h > 0.5 * height
    closed = (~around[labels] | (lines > 0)).astype(np.uint8)
    thick = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((_FRAMED, _FRAMED), np.uint8))
    found = []
    for box in solid_boxes(thick, vertical, 3):
        x0, y0, x1, y1 = (round(v) for v in box)
        block = strong[y0:y1, x0:x1]
        inside = block[_RIM:-_RIM, _RIM:-_RIM].astype(np.uint8)
        if _SPARSE < block.mean() < 0.75 and _even(inside):
            color = np.median(where.raw[y0:y1, x0:x1][block], axis=0)
            found.append(Rect(*box, to_hex(color)))
    return found


def _outline_foot(lines: Mask, foot: int, vertical: bool) -> slice | None:
    """Where near the foot of the plot most of the long lines along the bars end: their sides, which
    go on to the bars' own foot. None where that is the plot's, or they are few."""
    upright = lines if vertical else lines.T[::-1]
    at = foot if vertical else len(upright) - foot
    long = max(_FRAMED, round(_SIDE * len(upright)))
    sides = cv2.morphologyEx(upright, cv2.MORPH_OPEN, np.ones((long, 1), np.uint8))
    ends = len(sides) - sides[::-1, sides.any(axis=0)].argmax(axis=0)
    ends = ends[np.abs(ends - at) < _NEAR_FOOT]
    if len(ends) < 4:
        return None
    end = int(np.bincount(ends).argmax())
    if abs(end - at) <= 2:
        return None
    return slice(end - 2, end) if vertical else slice(len(sides) - end, len(sides) - end + 2)


def outlined_rects(where: Cut) -> list[Rect]:
    """Rectangles of background inside a dark outline: white bars."""
    part = where.part
    height, width = part.shape[:2]
    empty = (where.empty(24) > 0).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(empty, connectivity=4)
    found = []
    for x, y, w, h, area in stats[1:count]:
        inner = x > 0 and y > 0 and x + w < width and y + h < height
        if not inner or min(w, h) < 4 or area < 0.95 * w * h or w * h > 0.3 * empty.size:
            continue
        rims = list(_rims(part, x, y, w, h))
        if sum(dark for dark, _ in rims) >= 3:
            color = np.median([c for dark, c in rims if dark], axis=0)
            found.append(Rect(x - 1.0, y - 1.0, x + w + 1.0, y + h + 1.0, to_hex(color)))
    return found


def _rims(part: Rgb, x: int, y: int, w: int, h: int) -> Iterator[tuple[bool, NDArray[np.float64]]]:
    """For each side, whether the line beyond it is dark all along, and its colour."""
    ground = part[y + h // 2, x + w // 2].astype(float)
    beyond = (
        part[y : y + h, max(0, x - 2) : x].transpose(1, 0, 2),
        part[y : y + h, x + w : x + w + 2].transpose(1, 0, 2),
        part[max(0, y - 2) : y, x : x + w],
        part[y + h : y + h + 2, x : x + w],
    )
    for lines in beyond:
        off = farthest(lines.astype(float) - ground)
        dark = lines[int(off.mean(axis=1).argmax())].astype(float)
        yield bool((off.max(axis=0) > _OUTLINE).mean() > 0.9), np.median(dark, axis=0)


def _large(box: Box) -> bool:
    return min(box[2] - box[0], box[3] - box[1]) >= 4


def _even(block: Mask) -> bool:
    """Whether a pattern is spread over its block: each quarter holds its share."""
    rows, columns = block.shape[0] // 2, block.shape[1] // 2
    if min(rows, columns) < 5:
        return True
    quarters = [
        float(block[a : a + rows, b : b + columns].mean()) for a in (0, rows) for b in (0, columns)
    ]
    return min(quarters) > 0.45 * max(quarters)


def _rect(part: Rgb, box: Box) -> Rect:
    x0, y0, x1, y1 = (round(v) for v in box)
    color = np.median(part[y0:y1, x0:x1].reshape(-1, 3), axis=0)
    return Rect(*refined(part, box), to_hex(color))
