"""The frame of a chart: straight thin lines (axes, grid, ticks) on an image without its text."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import (
    background,
    chroma,
    crop,
    edge_background,
    farthest,
    page_background,
    to_lab,
)
from air_cli.read.scene import Rgb
from air_cli.records import Box

_THIN = 7  # a line is thinner than this many pixels
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
    if not _colourful(edge):
        return edge
    # What fills the plot to its upper edge with colour is an area: the ground is above it, or it
    # goes on above the highest tick.
    above = _above(rgb, box)
    return page if max(abs(a - b) for a, b in zip(above, edge, strict=True)) <= 8 else above


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
