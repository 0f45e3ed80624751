"""What is drawn over bars, set free: the image as it would be had the bars not been drawn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import Floats, Mask, distance, farthest, from_hex
from air_cli.read.ink import cut_plot
from air_cli.read.marks.bars_columns import Columns, Segment
from air_cli.read.scene import Rgb, Scene

_OWN = 30  # grey levels within which a pixel inside a bar is the bar's
_MIXED = 40  # grey levels that a blend may be off (compression smears colours)
_SEEN = 40  # pixels of an ink on bars that may be a line
_LEAST = 0.25  # a pixel with less of the ink in it is the bar's


def without_bars(scene: Scene, columns: Columns, colors: Sequence[str]) -> Rgb:
    """The image with bars replaced by background, and what lies on them kept.

    A pixel on a bar is a blend of the bar and one of the inks that are drawn over it: `colors`
    (`#rrggbb`, from the legend), and those seen outside the bars. The same share of that ink is
    blended with the background instead, so that a line keeps its sub-pixel edges.
    """
    result = scene.rgb.copy()
    ground = np.array(scene.background, dtype=np.float32)
    bars = {s.color for s in columns.segments}
    seen = [c for c in _inks(scene, columns) if all(distance(c, b) > 10 for b in bars)]
    each = dict.fromkeys([*(c for c in colors if c not in bars), *seen])
    inks = [np.array(from_hex(c), dtype=np.float32) for c in each]
    height, width = scene.rgb.shape[:2]
    for segment in columns.segments:
        left, top, right, bottom = (round(v) for v in segment.rect.box)
        x0, y0, x1, y1 = max(0, left - 2), max(0, top - 2), min(width, right + 2), bottom + 2
        part = scene.rgb[y0 : min(height, y1), x0:x1].astype(np.float32)
        if part.size:
            done = _recomposed(part, _plain(part, segment), inks, ground)
            result[y0 : min(height, y1), x0:x1] = done
    return result


def _plain(part: Floats, segment: Segment) -> Floats:
    """The colour that a bar has at each of its pixels: one, or a gradient along one direction."""
    color = np.broadcast_to(np.array(from_hex(segment.color), dtype=np.float32), part.shape)
    best, off = color, farthest(part - color)
    if (off < _OWN).mean() > 0.5:
        return color
    for axis in (0, 1):
        typical = np.broadcast_to(np.median(part, axis=axis, keepdims=True), part.shape)
        away = farthest(part - typical)
        if np.median(away) < np.median(off):
            best, off = typical, away
    return best


def _recomposed(
    part: Floats, bar: Floats, inks: Sequence[Floats], ground: Floats
) -> NDArray[np.uint8]:
    result = np.broadcast_to(ground, part.shape).copy()
    least = np.full(part.shape[:2], np.inf, np.float32)
    rim = np.ones(part.shape[:2], bool)  # there a bar's own edge is blended, too
    rim[4:-4, 4:-4] = False
    for ink in inks:
        toward = ink - bar
        length = np.maximum((toward**2).sum(axis=2), 1.0)
        amount = np.clip(((part - bar) * toward).sum(axis=2) / length, 0.0, 1.0)
        off = farthest(part - bar - amount[..., None] * toward)
        pure = farthest(part - ink) < _OWN
        good = (off < _MIXED) & (amount > _LEAST) & (off < least) & (~rim | pure)
        least = np.where(good, off, least)
        blend = ground + amount[..., None] * (ink - ground)
        result = np.where(good[..., None], blend, result)
    return np.clip(np.round(result), 0, 255).astype(np.uint8)


def _inks(scene: Scene, columns: Columns) -> list[str]:
    """The colours of the plot that are seen outside the bars as well, or on top of them."""
    plot = cut_plot(scene, reach=True)
    inside: Mask = np.zeros(plot.shape, bool)
    for segment in columns.segments:
        left, top, right, bottom = (round(v) for v in segment.rect.box)
        x0, y0 = max(0, left - plot.left - 2), max(0, top - plot.top - 2)
        inside[y0 : max(0, bottom - plot.top + 2), x0 : max(0, right - plot.left + 2)] = True
    found = []
    for index, ink in enumerate(plot.palette.inks):
        mask = plot.palette.mask(index)
        beyond = float((mask & ~inside).sum())
        if (index in plot.series and beyond > 0.15 * mask.sum()) or mask.sum() - beyond > _SEEN:
            found.append(ink.color)
    return found
