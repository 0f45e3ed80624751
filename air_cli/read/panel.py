"""A plot's tinted panel: the rectangle of one colour, unlike the page's, that marks lie on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import BINS, bin_codes
from air_cli.read.scene import Rgb
from air_cli.records import Box

_LEAST = 1 / 14  # of the picture's pixels
_SAME = 6  # grey levels


@dataclass(frozen=True)
class Panel:
    """A colour and the rectangle, in pixels, whose edges it fills."""

    color: tuple[int, int, int]
    box: Box


def find_panels(rgb: Rgb) -> list[Panel]:
    """Panels of hardly any colour, the largest first: the page itself, a card, a plot's ground.

    What tells a panel from large marks of one colour is that it fills the edges of the smallest
    rectangle around it; bars, however many, leave most of those edges free.
    """
    step = max(1, min(rgb.shape[:2]) // 400)
    small = np.ascontiguousarray(rgb[::step, ::step])
    codes = bin_codes(small)
    counts = np.bincount(codes.ravel(), minlength=BINS)
    found: list[tuple[float, Panel]] = []
    for code in np.argsort(-counts)[:6]:
        if counts[code] < _LEAST * codes.size:
            break
        color = np.median(small[codes == code], axis=0)
        if color.max() - color.min() > 40:
            continue
        near = np.abs(small.astype(np.int16) - color.astype(np.int16)).max(axis=2) < _SAME
        box = _framed(near)
        if box is None:
            continue
        left, top, right, bottom = (float(v * step) for v in box)
        size = (right - left) * (bottom - top)
        rgb_color = (int(color[0]), int(color[1]), int(color[2]))
        found.append((size, Panel(rgb_color, (left, top, right, bottom))))
    found.sort(key=lambda item: -item[0])
    return [panel for _, panel in found]


def plot_panel(rgb: Rgb, page: tuple[int, int, int]) -> Panel | None:
    """The panel inside the page that is no card around the whole picture, or None."""
    height, width = rgb.shape[:2]
    for panel in reversed(find_panels(rgb)):
        left, top, right, bottom = panel.box
        own = max(abs(a - b) for a, b in zip(panel.color, page, strict=True)) > 8
        share = (right - left) * (bottom - top) / (height * width)
        if own and 0.15 < share < 0.86 and min(panel.color) > 180:
            return panel
    return None


def _framed(near: NDArray[np.bool_]) -> tuple[int, int, int, int] | None:
    """The rectangle that a mask fills along at least three of its four edges."""
    rows = np.flatnonzero(near.mean(axis=1) > 0.06)
    columns = np.flatnonzero(near.mean(axis=0) > 0.06)
    if len(rows) < 20 or len(columns) < 20:
        return None
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    inside = near[top:bottom, left:right]
    edges = (inside[:3], inside[-3:], inside[:, :3], inside[:, -3:])
    along = (1, 1, 0, 0)
    filled = [edge.any(axis=1 - axis).mean() > 0.6 for edge, axis in zip(edges, along, strict=True)]
    if sum(filled) < 3 or inside.mean() < 0.2:
        return None
    return int(left), int(top), int(right), int(bottom)
