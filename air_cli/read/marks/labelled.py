"""Points that carry their own names: what a name's box hides of them, and which name is whose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from air_cli.read.colors import Mask, farthest
from air_cli.read.ink import Plot
from air_cli.read.marks.naming import assign
from air_cli.read.numbers import parse_number
from air_cli.read.scene import Scene
from air_cli.records import Mark, Text

_SAME = 30  # grey levels within which pixels beside a point have its colour
_SMALL, _LEAST_PX = 0.06, 14.0  # of the plot's longer side; pixels: a point's extent
_ROLES = ("label", "annotation", "other", "legend")


def hidden_parts(scene: Scene, plot: Plot) -> Mask | None:
    """The pixels of the image in boxes of text that continue small shapes outside them, (h, w);
    None without any. A text's box is wider than its letters, and points stand close to theirs."""
    covered = ~plot.palette.allowed
    if not covered.any():
        return None
    found = np.zeros(plot.shape, bool)
    most = max(_LEAST_PX, _SMALL * max(plot.shape))
    for index in plot.series:
        ink = plot.palette.inks[index]
        own = plot.palette.mask(index) & ~plot.grid
        alike = farthest(plot.palette.crop.astype(np.int16) - np.array(ink.rgb)) <= _SAME
        both = own | (alike & covered)
        _, labels, stats, _ = cv2.connectedComponentsWithStats(both.astype(np.uint8))
        small = (stats[:, 2] <= most) & (stats[:, 3] <= most)
        small[0] = False
        across = np.intersect1d(labels[own], labels[alike & covered])
        found |= np.isin(labels, across[small[across]]) & covered
    if not found.any():
        return None
    result = np.zeros(scene.rgb.shape[:2], bool)
    rim = cv2.dilate(found.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    window = slice(plot.top, plot.top + plot.shape[0]), slice(plot.left, plot.left + plot.shape[1])
    result[window] = rim & covered
    return result


def with_names(scene: Scene, marks: Sequence[Mark]) -> tuple[list[Mark], float]:
    """The marks, those with a name beside them called by it, and the share of them that have one:
    words within about a line's height of a point, each word and each point once."""
    left, top, right, bottom = scene.plot
    texts = [
        t
        for t in scene.texts
        if t.role in _ROLES
        and _is_name(t)
        and left < (t.bbox_px[0] + t.bbox_px[2]) / 2 < right + 0.1 * (right - left)
        and top - 20 < (t.bbox_px[1] + t.bbox_px[3]) / 2 < bottom
    ]
    if not texts or not marks:
        return list(marks), 0.0
    costs = np.array([[_apart(mark, text) for text in texts] for mark in marks])
    line = float(np.median([t.bbox_px[3] - t.bbox_px[1] for t in texts]))
    pairs = assign(costs, 0.8 * line)
    named = [
        replace(mark, category=texts[pairs[i]].text) if i in pairs else mark
        for i, mark in enumerate(marks)
    ]
    return named, len(pairs) / len(marks)


def _is_name(text: Text) -> bool:
    letters = sum(c.isalpha() for c in text.text)
    return letters > 1 and parse_number(text.text) is None and len(text.text) < 40


def _apart(mark: Mark, text: Text) -> float:
    """Pixels between a point's edge and a text."""
    left, top, right, bottom = text.bbox_px
    x, y = (mark.bbox_px[0] + mark.bbox_px[2]) / 2, (mark.bbox_px[1] + mark.bbox_px[3]) / 2
    half = (mark.bbox_px[2] - mark.bbox_px[0]) / 2
    away = np.hypot(max(left - x, 0, x - right), max(top - y, 0, y - bottom))
    # Of two names equally near, the one that the point stands at the middle or the end of.
    at = min(abs(x - left), abs(x - right), abs(x - (left + right) / 2))
    return float(away - half + 0.05 * at)
