"""A plot's tinted panel: the rectangle of one colour, unlike the page's, that marks lie on."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import BINS, bin_codes, page_background
from air_cli.read.scene import Rgb, Scene
from air_cli.records import Box

_LEAST = 1 / 80  # of the picture's pixels
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
    for code in np.argsort(-counts)[:12]:
        if counts[code] < _LEAST * codes.size:
            break
        color = np.median(small[codes == code], axis=0)
        if color.max() - color.min() > 34:
            continue
        low, high = (
            np.clip(color.astype(int) + away, 0, 255).astype(np.uint8)
            for away in (1 - _SAME, _SAME - 1)
        )
        box = _framed(np.asarray(cv2.inRange(small, low, high) > 0))
        if box is None:
            continue
        left, top, right, bottom = (float(v * step) for v in box)
        size = (right - left) * (bottom - top)
        rgb_color = (int(color[0]), int(color[1]), int(color[2]))
        found.append((size, Panel(rgb_color, (left, top, right, bottom))))
    found.sort(key=lambda item: -item[0])
    return [panel for _, panel in found]


def panels_of(scene: Scene) -> list[Panel]:
    """The panels of a scene's picture, found once."""
    return scene.once(scene.rgb, "panels", lambda: find_panels(scene.rgb))


def own_panel(scene: Scene) -> Panel | None:
    """The panel of the scene's plot: inside the page, no card around the whole picture, and about
    where the plot was found, or around that without holding the tick labels. None without one."""
    page = page_background(scene.rgb)
    height, width = scene.rgb.shape[:2]
    ticks = [t.bbox_px for t in scene.texts if t.role == "tick"]
    heights = [(t[0] + t[2], (t[1] + t[3]) / 2) for t in ticks]
    for panel in reversed(panels_of(scene)):
        left, top, right, bottom = panel.box
        own = max(abs(a - b) for a, b in zip(panel.color, page, strict=True)) > 8
        share = (right - left) * (bottom - top) / (height * width)
        if not own or not 0.15 < share < 0.86 or min(panel.color) <= 180:
            continue
        # A tick's mark may be read as the end of its label, whose box then reaches into the plot.
        if sum(not top - 12 < y < bottom + 12 for x, y in heights if x / 2 < left) > 1:
            continue  # a strip of the plot: the labels beside it go on above or below
        around = _overlap(scene.plot, panel.box) > 0.9
        within = _overlap(panel.box, scene.plot)
        if (
            within > 0.75
            or (within > 0.6 and _overlap(scene.plot, panel.box) > 0.6)
            or (around and not any(_overlap(t, panel.box) > 0.5 for t in ticks))
        ):
            return panel
    return None


def _overlap(inner: Box, outer: Box) -> float:
    """The share of a box that another covers."""
    wide = min(inner[2], outer[2]) - max(inner[0], outer[0])
    high = min(inner[3], outer[3]) - max(inner[1], outer[1])
    size = (inner[2] - inner[0]) * (inner[3] - inner[1])
    return max(0.0, wide) * max(0.0, high) / max(size, 1.0)


def _most(places: NDArray[np.intp]) -> NDArray[np.intp]:
    """The longest run of places, lines bridged, where it is most of them: a legend of the panel's
    colour lies apart."""
    runs = np.split(places, np.flatnonzero(np.diff(places) > 8) + 1)
    longest = max(runs, key=len)
    return longest if len(longest) > 0.7 * len(places) else places


def _foot(near: NDArray[np.bool_], bottom: int, wide: NDArray[np.intp]) -> int:
    """Where a panel that is known down to `bottom` ends: wide bars may leave hardly any of its
    lower rows, but its right edge goes on beside them to the next of its `wide` rows, or both its
    edges do to its end."""
    beside = _run(np.flatnonzero(near[bottom:, -3:].any(axis=1)))
    further = wide[(wide >= bottom) & (wide < bottom + beside)]
    bottom = int(further[-1]) + 1 if len(further) else bottom
    both = near[bottom:, :2].any(axis=1) & near[bottom:, -2:].any(axis=1)
    return bottom + _run(np.flatnonzero(both))


def _run(rows: NDArray[np.intp]) -> int:
    """How far rows follow each other from the first of all on, lines across bridged."""
    last = -1
    for row in rows:
        if row - last > 5:
            break
        last = int(row)
    return last + 1


def _framed(near: NDArray[np.bool_]) -> tuple[int, int, int, int] | None:
    """The rectangle that a mask fills along at least three of its four edges, the upper and the
    right one among them, which bars of one colour that stand side by side do not fill."""
    shares = near.mean(axis=1)
    rows = _most(np.flatnonzero(shares > 0.06))
    if len(rows) < 20:
        return None
    # Its first and last rows are as wide as any; rows of the blurred edges of letters are not.
    wide = rows[shares[rows] > 0.3 * shares[rows].max()]
    top, bottom = wide[0], wide[-1] + 1
    # Over a bar that nearly fills its height, a panel shows along its upper edge.
    over = near[top : top + 4].any(axis=0)
    columns = np.flatnonzero((near.mean(axis=0) > 0.06) | over)
    if len(columns) < 20:
        return None
    columns = _most(columns)
    left, right = columns[0], columns[-1] + 1
    bottom = _foot(near[:, left:right], bottom, np.flatnonzero(shares > 0.3 * shares.max()))
    inside = near[top:bottom, left:right]
    edges = (inside[:3], inside[-3:], inside[:, :3], inside[:, -3:])
    along = (1, 1, 0, 0)
    filled = [
        edge.any(axis=1 - axis).mean() > 0.85 for edge, axis in zip(edges, along, strict=True)
    ]
    if sum(filled) < 3 or not (filled[0] and filled[3]) or inside.mean() < 0.2:
        return None
    return int(left), int(top), int(right), int(bottom)
