"""The frame of a chart: straight thin lines (axes, grid, ticks) on an image without its text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import (
    background,
    bin_codes,
    chroma,
    crop,
    edge_background,
    farthest,
    page_background,
    to_lab,
)
from air_cli.read.scene import Rgb
from air_cli.records import Box, Text

_THIN = 7  # a line is thinner than this many pixels
_STEP = 20  # grey levels from pixel to pixel: less is no edge
_FAINT = 6  # grey levels by which a grid line differs from its surroundings


@dataclass(frozen=True)
class Line:
    """A straight line: at pixel `at` across its direction, from `start` to `stop` along it."""

    at: float
    start: float
    stop: float

    @property
    def length(self) -> float:
        return self.stop - self.start


@dataclass(frozen=True)
class Frame:
    """Long thin lines of an image, and the strength of thin lines at every pixel."""

    horizontal: tuple[Line, ...]
    vertical: tuple[Line, ...]
    across: NDArray[np.uint8]
    upright: NDArray[np.uint8]


def without_text(rgb: Rgb, texts: Iterable[Text]) -> Rgb:
    """The image with its text painted over by what the text lies on.

    Labels inside bars and across the seam of two bars vanish, and the shapes stay.
    """
    clean = rgb.copy()
    ground = np.array(page_background(rgb), np.int64)
    height, width = rgb.shape[:2]
    for text in texts:
        left, top, right, bottom = text.bbox_px
        x0, x1 = max(1, round(left)), min(width - 1, round(right))
        y0, y1 = max(1, round(top) - 1), min(height - 1, round(bottom) + 1)
        # The box of a slanted text holds much that is none of it.
        if x1 <= x0 or y1 <= y0 or (20 < abs(text.angle) < 70 and y1 - y0 > 24):
            continue
        left, top, right, bottom = _rims(clean, x0, y0, x1, y1)
        kept = clean[y0 + top : y1 - bottom, x0 + left : x1 - right]
        painted = _painted(clean, x0, y0, x1, y1, ground)
        kept[:] = painted[top : y1 - y0 - bottom, left : x1 - x0 - right]
    return clean


def _rims(clean: Rgb, x0: int, y0: int, x1: int, y1: int) -> tuple[int, int, int, int]:
    """How many columns and rows at the left, top, right and bottom of a text's box only go on with
    what is beside it: a label's box reaches over the end of the bar that it stands at, and
    painting it whole would shorten the bar."""
    most = 0.4 * min(x1 - x0, y1 - y0)
    part = clean[y0 - 1 : y1 + 1, x0 - 1 : x1 + 1].astype(np.int16)
    across = farthest(part[:, 1:] - part[:, :-1]).max(axis=0) < _STEP
    down = farthest(part[1:] - part[:-1]).max(axis=1) < _STEP
    left, top, right, bottom = (
        int(min(most, int(run.argmin()))) for run in (across, down, across[::-1], down[::-1])
    )
    return left, top, right, bottom


def _painted(clean: Rgb, x0: int, y0: int, x1: int, y1: int, ground: NDArray[np.int64]) -> Rgb:
    """One box painted over: with what continues from above to below or from left to right,
    whichever is more like the box; where neither is, its letters' gaps closed row by row. `ground`
    is the page's colour: other colours above and below say that the text lies inside a shape."""
    block = clean[y0:y1, x0:x1]
    above, below = clean[y0 - 1, x0:x1].astype(int), clean[y1, x0:x1].astype(int)
    before, after = clean[y0:y1, x0 - 1].astype(int), clean[y0:y1, x1].astype(int)
    columns = np.abs(above - below).max(axis=1) < 24
    rows = np.abs(before - after).max(axis=1) < 24
    by_column, by_row = block.copy(), block.copy()
    by_column[:, columns] = _between(above, below, block)[columns][None, :, :].astype(np.uint8)
    by_row[rows] = _between(before, after, block)[rows][:, None, :].astype(np.uint8)
    shares = [_like(by_column, block, columns[None, :]), _like(by_row, block, rows[:, None])]
    inside = columns.mean() >= 0.9 and np.abs(above - ground).max(axis=1).mean() > 40
    if max(shares) >= (0.28 if inside else 0.42):
        return by_row if shares[1] > shares[0] else by_column
    return _rows_closed(block)


def _between(one: NDArray[np.int64], other: NDArray[np.int64], block: Rgb) -> NDArray[np.int64]:
    """What goes on in a box between two lines beside it, (n, 3): the box's own commonest colour
    where both are nearly that (one may be the blurred edge of something), else their mean."""
    flat = block.reshape(-1, 3)
    codes = bin_codes(flat)
    values, counts = np.unique(codes, return_counts=True)
    main = np.median(flat[codes == values[counts.argmax()]], axis=0).astype(np.int64)
    near = np.maximum(farthest(one - main), farthest(other - main)) < 48
    near &= counts.max() > 0.3 * len(flat)
    return np.where(near[:, None], main, (one + other) // 2)


def _like(filled: Rgb, block: Rgb, painted: NDArray[np.bool_]) -> float:
    """The share of a box that its painted version agrees with, of the pixels painted."""
    same = (farthest(filled.astype(int) - block) < 24) & painted
    return float(same.mean())


def _rows_closed(box: Rgb) -> Rgb:
    """In each row, everything between the first and last pixel of its main colour becomes it."""
    block = box.copy()
    flat = block.reshape(-1, 3)
    codes = bin_codes(flat)
    values, counts = np.unique(codes, return_counts=True)
    main = np.median(flat[codes == values[counts.argmax()]], axis=0)
    near = farthest(block.astype(int) - main) < 24
    for row in np.flatnonzero(near.sum(axis=1) >= 2):
        places = np.flatnonzero(near[row])
        block[row, places[0] : places[-1] + 1] = main.astype(np.uint8)
    return block


def find_frame(clean: Rgb) -> Frame:
    """Lines longer than a fifth of the picture, and the thin-line response.

    `clean` is an image without text. The response is the larger of white and black top-hat
    (Meyer, 1978) across the line's direction, so it sees dark lines on light and the reverse.
    """
    grey = cv2.cvtColor(clean, cv2.COLOR_RGB2GRAY)
    across, upright = (
        np.maximum(
            cv2.morphologyEx(grey, cv2.MORPH_TOPHAT, kernel),
            cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, kernel),
        )
        for kernel in (np.ones((_THIN, 1), np.uint8), np.ones((1, _THIN), np.uint8))
    )
    horizontal = _lines(across)
    vertical = _lines(np.ascontiguousarray(upright.T))
    return Frame(tuple(horizontal), tuple(vertical), across, upright)


def _lines(response: NDArray[np.uint8]) -> list[Line]:
    """Rows of a response that hold a long line; neighbouring rows are one line."""
    mask = response >= _FAINT
    width = mask.shape[1]
    counts = mask.sum(axis=1)
    lines: list[Line] = []
    row = 0
    while row < len(counts):
        if counts[row] < 0.12 * width:
            row += 1
            continue
        stop = row
        while stop < len(counts) and counts[stop] >= 0.12 * width and stop - row < _THIN:
            stop += 1
        line = _line(response, mask, row, stop)
        if line is not None:
            lines.append(line)
        row = stop
    return lines


def _line(response: NDArray[np.uint8], mask: NDArray[np.bool_], row: int, stop: int) -> Line | None:
    """The line in rows row..stop: runs (gaps up to 12 pixels allowed: dashes) from the first to
    the last, for bars may hide parts of a grid line."""
    places = np.flatnonzero(mask[row:stop].any(axis=0))
    breaks = np.flatnonzero(np.diff(places) > 12)
    starts = np.concatenate(([0], breaks + 1))
    stops = np.concatenate((breaks, [len(places) - 1]))
    long = [
        (int(places[i]), int(places[j]), int(j - i + 1))
        for i, j in zip(starts, stops, strict=True)
        if places[j] - places[i] >= 8 and j - i + 1 >= 0.3 * (places[j] - places[i])
    ]
    if not long or max(b - a for a, b, _ in long) < 0.08 * mask.shape[1]:
        return None
    a, b = long[0][0], long[-1][1]
    if b - a < 0.2 * mask.shape[1] or sum(n for *_, n in long) < 0.25 * (b - a):
        return None
    weights = response[row:stop, a : b + 1].astype(float).sum(axis=1)
    at = float((weights * np.arange(row, stop)).sum() / max(weights.sum(), 1e-9))
    return Line(at + 0.5, float(a), float(b + 1))


def ticks_beside(frame: Frame, role: str, strip: Box) -> list[float]:
    """Positions of short tick marks inside a strip beside an axis' labels, in pixels."""
    response = frame.upright if role.startswith("x") else frame.across
    height, width = response.shape
    left, top, right, bottom = strip
    part = response[
        max(0, round(top)) : min(height, round(bottom)),
        max(0, round(left)) : min(width, round(right)),
    ]
    if min(part.shape) < 2:
        return []
    along = 0 if role.startswith("x") else 1
    strength = np.where(part >= 20, part, 0).astype(float)
    profile = strength.sum(axis=along)
    hits = (strength > 0).sum(axis=along) >= 2
    first = left if role.startswith("x") else top
    return [p + max(0, round(first)) for p in _peaks(profile, hits)]


def _peaks(profile: NDArray[np.float64], hits: NDArray[np.bool_]) -> list[float]:
    """Weighted centres of runs of hits no wider than a thin line."""
    peaks = []
    places = np.flatnonzero(hits)
    for run in np.split(places, np.flatnonzero(np.diff(places) > 1) + 1):
        if 0 < len(run) <= _THIN:
            weights = profile[run]
            peaks.append(float((weights * run).sum() / weights.sum()) + 0.5)
    return peaks


def plot_background(rgb: Rgb, box: Box) -> tuple[int, int, int]:
    """The colour that the marks lie on: the page's where it shows in the plot, else the plot's
    own. Wide bars may well cover more than the background does; a pale panel that covers most of
    the plot is one all the same."""
    page = page_background(rgb)
    part = crop(rgb, box)
    if part.size == 0:
        return page
    own = background(part)
    shown, panel = (_share(part, color) for color in (page, own))
    tinted = panel > 0.5 and shown < 0.25 * panel and _pale(own)
    if tinted:
        return own
    if shown > 0.08:
        return page
    edge = edge_background(part)
    if shown > 0.03 and _colourful(edge):
        return page  # it shows between the bars
    # What fills the plot to its upper edge with colour is an area: the ground is above it.
    return _above(rgb, box) if _colourful(edge) else edge


def _above(rgb: Rgb, box: Box) -> tuple[int, int, int]:
    """The commonest colour right above a box, or the page's."""
    left, top, right, bottom = box
    strip = crop(rgb, (left, top - 0.1 * (bottom - top), right, top - 2))
    return background(strip) if strip.size else page_background(rgb)


def _colourful(color: tuple[int, int, int]) -> bool:
    return float(chroma(to_lab(np.array(color)))) >= 12


def _share(part: Rgb, color: tuple[int, int, int]) -> float:
    away = farthest(part.astype(np.int16) - np.array(color, np.int16))
    return float((away <= 8).mean()) if away.size else 0.0


def _pale(color: tuple[int, int, int]) -> bool:
    return min(color) > 200 and max(color) - min(color) < 40


def panel_foot(rgb: Rgb, box: Box, stop: float) -> float:
    """How far a tinted panel goes on below the plot's box (down to `stop`): there marks may lie
    lower than the lowest tick. The box's own foot where the plot is not tinted."""
    page, own = page_background(rgb), plot_background(rgb, box)
    foot = round(box[3])
    if own == page or not _pale(own):
        return box[3]
    last = foot
    for row in range(foot, min(round(stop), len(rgb))):
        if _share(rgb[row, round(box[0]) : round(box[2])], own) > 0.4:
            last = row + 1
        elif row - last > 4:
            break
    return max(box[3], float(last))
