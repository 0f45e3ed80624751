"""Solid axis-parallel rectangles of one colour: what bars are made of.

Each colour's connected regions are rectangles already, or unions of touching bars, which are cut
where their outline steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import to_hex
from air_cli.read.marks.bars_cut import Cut, Rect, colors_in, near
from air_cli.read.scene import Rgb
from air_cli.records import Box

_MIN_SIDE = 2.0
_GRID = 6  # pixels: grid lines are thinner
_BLOCK = 0.007  # of the plot's size: lines over bars are thinner
_NOISE = 60  # grey levels by which compression changes pixels beside an edge
_WIDE = 12  # pixels
# Rectangles of one colour and of all: more are the meshes of hatchings, not bars.
_MOST_OF_ONE, _MOST = 300, 900
_CROSSING = 0.022  # of the plot's size: what is drawn over a bar is thinner

Mask = NDArray[np.bool_]


def flat_rects(where: Cut) -> tuple[list[Rect], list[Rect]]:
    """Rectangles of one colour, in pixels of the part.

    Twice: touching bars of one colour are told apart by steps of their tops (the first list, for
    vertical bars) or of their ends to the side (the second, for horizontal ones).
    """
    upright: list[Rect] = []
    lying: list[Rect] = []
    part = where.part
    drawn = (where.empty(12) == 0).astype(np.uint8)
    reach = max(9, round(_CROSSING * max(part.shape[:2])))
    colors = list(colors_in(where))
    blocks = {v: _blocks([mask for _, mask in colors], v) for v in (True, False)}
    for n, (color, mask) in enumerate(colors):
        noise = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
        noise &= (near(part, color, _NOISE) > 0).astype(np.uint8)
        for vertical, rects in ((True, upright), (False, lying)):
            # Across only what is nearly of the colour: the gap between neighbours may be a pixel.
            size = (3, 1) if vertical else (1, 3)
            closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones(size, np.uint8)) | noise
            # What crosses a bar (a line, a marker, the rest of a label) hides it, not ends it;
            # another segment ends it.
            along = np.ones((reach, 1) if vertical else (1, reach), np.uint8)
            own = (blocks[vertical] == 0) | (blocks[vertical] == n + 1)
            hidden = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, along) & drawn & own
            boxes = sorted(_without_grid(closed | hidden, vertical), key=_size, reverse=True)
            rects += [Rect(*refined(part, b), to_hex(color)) for b in boxes[:_MOST_OF_ONE]]
    upright, lying = (sorted(rects, key=lambda r: -r.area)[:_MOST] for rects in (upright, lying))
    return _joined(upright, True), _joined(lying, False)


def _size(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _blocks(masks: Sequence[NDArray[np.uint8]], vertical: bool) -> NDArray[np.uint8]:
    """The number (from 1) of the colour that makes a solid block at a pixel, else 0: thicker than
    a line, and wider across the bars than a letter."""
    result = np.zeros(masks[0].shape if masks else (0, 0), np.uint8)
    thick = max(6, round(_BLOCK * max(result.shape)))
    for n, mask in enumerate(masks, 1):
        solid = _opened(mask, (thick, _WIDE) if vertical else (_WIDE, thick))
        result[solid > 0] = n
    return result


def _without_grid(mask: NDArray[np.uint8], vertical: bool) -> Iterator[Box]:
    """The rectangles of a mask: first the thick ones, for a grid of the bars' own colour ties them
    together; then those of what is left. Letters and legend dashes are thinner than any bar."""
    thick = _opened(mask, (_GRID, 3) if vertical else (3, _GRID))
    yield from solid_boxes(thick, vertical)
    rest = mask & (cv2.dilate(thick, np.ones((3, 3), np.uint8)) == 0)
    yield from solid_boxes(_opened(rest, (2, 3) if vertical else (3, 2)), vertical)


def _opened(mask: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Morphological opening by a (rows, columns) block, without the half-pixel shift that OpenCV
    gives to even sizes."""
    kernel = np.ones(size, np.uint8)
    eroded = cv2.erode(mask, kernel, anchor=(0, 0), borderType=cv2.BORDER_CONSTANT, borderValue=0)
    opened: NDArray[np.uint8] = cv2.dilate(
        eroded,
        kernel,
        anchor=(size[1] - 1, size[0] - 1),
        borderType=cv2.BORDER_CONSTANT,
        borderValue=0,
    )
    return opened


def solid_boxes(mask: NDArray[np.uint8], vertical: bool, uneven: int = 2) -> Iterator[Box]:
    """The rectangles that a mask (0 or 1) is made of, in its pixels; their ends may be `uneven` by
    some pixels."""
    x0, y0, wide, high = cv2.boundingRect(mask)
    if min(wide, high) < _MIN_SIDE:
        return
    count, numbers, stats, _ = cv2.connectedComponentsWithStats(
        mask[y0 : y0 + high, x0 : x0 + wide], connectivity=4
    )
    labels: NDArray[np.int32] = numbers
    for i in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[i])
        if min(w, h) < _MIN_SIDE or area < 16:
            continue
        piece: Mask = np.asarray(labels[y : y + h, x : x + w] == i)
        x, y = x + x0, y + y0
        if area >= 0.93 * w * h:
            yield float(x), float(y), float(x + w), float(y + h)
            continue
        turned = piece if vertical else piece.T
        for a, b, c, d in _steps(turned, uneven):
            if vertical:
                yield float(x + a), float(y + b), float(x + c), float(y + d)
            else:
                yield float(x + b), float(y + a), float(x + d), float(y + c)


def _steps(piece: Mask, uneven: int) -> Iterator[tuple[int, int, int, int]]:
    """Cut a region at the steps of its outline: (left, top, right, bottom) of each flat run."""
    filled: Mask = np.asarray(piece.any(axis=0))
    tops = np.where(filled, piece.argmax(axis=0), -9)
    bottoms = np.where(filled, piece.shape[0] - piece[::-1].argmax(axis=0), -9)
    start = 0
    for x in range(1, piece.shape[1] + 1):
        ends = x == piece.shape[1]
        if not ends:
            away = max(abs(int(tops[x]) - tops[start]), abs(int(bottoms[x]) - bottoms[start]))
            if away <= uneven:
                continue
        if filled[start] and x - start >= 3:
            top, bottom = _solid_rows(piece[:, start:x])
            block = piece[top:bottom, start:x]
            if block.size and block.mean() > 0.8:
                yield start, top, x, bottom
        start = x


def _solid_rows(block: Mask) -> tuple[int, int]:
    """The longest run of rows that are mostly filled; gaps of a few pixels (lines) are bridged."""
    full = np.flatnonzero(block.mean(axis=1) >= 0.5)
    if not len(full):
        return 0, 0
    runs = np.split(full, np.flatnonzero(np.diff(full) > 4) + 1)
    best = max(runs, key=len)
    return int(best[0]), int(best[-1]) + 1


def refined(part: Rgb, box: Box) -> Box:
    """Move each edge outwards by how far the next row or column is blended with what is inside."""
    left, top, right, bottom = (int(v) for v in box)
    height, width = part.shape[:2]
    rows, columns = slice(top, bottom), slice(left, right)

    def blend(inside: NDArray[Any], next_to: NDArray[Any], beyond: NDArray[Any]) -> float:
        ground, edge, toward = _middle(beyond), _middle(next_to), _middle(inside)
        toward = toward - ground
        length = float(toward @ toward)
        if length < 900:
            return 0.0
        amount = float((edge - ground) @ toward) / length
        rest = np.abs(edge - ground - amount * toward).max()
        return amount if 0.05 < amount < 0.98 and rest < 20 else 0.0

    grow = [0.0, 0.0, 0.0, 0.0]
    if left >= 2:
        grow[0] = blend(part[rows, left + 1], part[rows, left - 1], part[rows, left - 2])
    if top >= 2:
        grow[1] = blend(part[top + 1, columns], part[top - 1, columns], part[top - 2, columns])
    if right < width - 1:
        grow[2] = blend(part[rows, right - 2], part[rows, right], part[rows, right + 1])
    if bottom < height - 1:
        grow[3] = blend(part[bottom - 2, columns], part[bottom, columns], part[bottom + 1, columns])
    return left - grow[0], top - grow[1], right + grow[2], bottom + grow[3]


def _middle(pixels: NDArray[Any]) -> NDArray[np.float64]:
    """The median of pixels (n, 3): of so few, sorting is far quicker than `np.median`."""
    ordered, n = np.sort(pixels, axis=0).astype(float), len(pixels)
    middle: NDArray[np.float64] = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
    return middle


def without_covered(rects: Sequence[Rect]) -> list[Rect]:
    """Without rectangles that lie on a larger one: hatching lines, highlights, shine."""
    if len(rects) < 2:
        return list(rects)
    ordered = sorted(rects, key=lambda r: -r.area)
    boxes = np.array([r.box for r in ordered])
    kept = [0]
    for i in range(1, len(ordered)):
        larger = boxes[kept]
        wide = np.minimum(larger[:, 2], boxes[i, 2]) - np.maximum(larger[:, 0], boxes[i, 0])
        high = np.minimum(larger[:, 3], boxes[i, 3]) - np.maximum(larger[:, 1], boxes[i, 1])
        shared = np.clip(wide, 0, None) * np.clip(high, 0, None)
        if shared.max() < 0.7 * ordered[i].area:
            kept.append(i)
    return [ordered[i] for i in kept]


def _joined(rects: list[Rect], vertical: bool) -> list[Rect]:
    """Pieces of one bar that a line on top of it (grid, reference) cut apart, put together."""

    def key(r: Rect) -> tuple[str, float, float]:
        return (r.color, round(r.left), r.top) if vertical else (r.color, round(r.top), r.left)

    result: list[Rect] = []
    for rect in sorted(rects, key=key):
        last = result[-1] if result else None
        if last and last.color == rect.color and _continues(last, rect, vertical):
            result[-1] = replace(
                last, right=max(last.right, rect.right), bottom=max(last.bottom, rect.bottom)
            )
        else:
            result.append(rect)
    return result


def _continues(last: Rect, rect: Rect, vertical: bool) -> bool:
    if vertical:
        aligned = abs(last.left - rect.left) < 1.5 and abs(last.right - rect.right) < 1.5
        return aligned and -1 <= rect.top - last.bottom <= 2.1
    aligned = abs(last.top - rect.top) < 1.5 and abs(last.bottom - rect.bottom) < 1.5
    return aligned and -1 <= rect.left - last.right <= 2.1
