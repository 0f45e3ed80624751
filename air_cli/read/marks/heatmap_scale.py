"""The colour bar beside a heat map: which colour is worth what."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from air_cli.read.axes import fit_axis
from air_cli.read.colors import background, farthest
from air_cli.read.marks.heatmap_grid import Grid
from air_cli.read.scene import AxisFit, Rgb, Scene
from air_cli.read.texts import is_numeric, union
from air_cli.records import Box, Text

Floats = NDArray[np.floating[Any]]
_FARTHEST = 30.0  # levels between a cell's colour and the bar's
_LABELS_PX = 0.6  # by which all labels of the bar may be off together
_LEVELS = 5.0  # levels that compression and rounding leave unknown


@dataclass(frozen=True)
class ColorBar:
    """The fitted labels of a bar, its colours (n, 3) and their places along it, in pixels."""

    fit: AxisFit
    colors: Floats
    places: Floats
    texts: tuple[Text, ...]

    def value(self, color: Floats) -> tuple[float, float, float] | None:
        """(value, low, high) of a colour; None where the bar has nothing like it."""
        start, span = self.colors[:-1], np.diff(self.colors, axis=0)
        length = np.maximum((span**2).sum(axis=1), 1e-9)
        part = np.clip(((color - start) * span).sum(axis=1) / length, 0, 1)
        away = np.linalg.norm(color - start - part[:, None] * span, axis=1)
        best = int(away.argmin())
        if away[best] > _FARTHEST:
            return None
        at = self.places[best] + part[best] * (self.places[best + 1] - self.places[best])
        like = self.places[:-1][away <= away[best] + _LEVELS]
        like = like[np.abs(like - at) < 0.08 * np.ptp(self.places)]
        reach = max(1.2, 0.5 * float(np.ptp(like)) if len(like) else 0.0) + _LABELS_PX
        low, high = self.fit.interval(float(at), reach)
        return self.fit.value(float(at)), low, high


def find_bar(scene: Scene, grid: Grid) -> ColorBar | None:
    """The colour bar of a heat map: numbers in a column or a row outside the grid, with a strip of
    changing colour along them. None without one."""
    left, top, right, bottom = grid.box
    numbers = [
        t
        for t in scene.texts
        if is_numeric(t)
        and abs(t.angle) < 10
        and not (left - 2 < (t.bbox_px[0] + t.bbox_px[2]) / 2 < right + 2
                 and top - 2 < (t.bbox_px[1] + t.bbox_px[3]) / 2 < bottom + 2)
    ]  # fmt: skip
    best: ColorBar | None = None
    for upright in (True, False):
        for group in _lines(numbers, upright):
            bar = _bar(scene.rgb, grid, group, upright)
            if bar is not None and (best is None or len(bar.fit.ticks) > len(best.fit.ticks)):
                best = bar
    return best


def _lines(numbers: Sequence[Text], upright: bool) -> list[list[Text]]:
    """Numbers under each other (by their left edges) or beside each other (by their middles)."""

    def place(t: Text) -> float:
        return t.bbox_px[0] if upright else (t.bbox_px[1] + t.bbox_px[3]) / 2

    groups: list[list[Text]] = []
    for text in sorted(numbers, key=place):
        high = text.bbox_px[3] - text.bbox_px[1]
        if groups and place(text) - place(groups[-1][-1]) < (0.8 if upright else 0.4) * high:
            groups[-1].append(text)
        else:
            groups.append([text])
    return [g for g in groups if len(g) >= 2]


def _bar(rgb: Rgb, grid: Grid, group: Sequence[Text], upright: bool) -> ColorBar | None:
    box = union([t.bbox_px for t in group])
    fit = fit_axis("y2" if upright else "x", group)
    if fit is None or fit.kind not in ("linear", "log") or len(fit.ticks) < 2:
        return None
    if upright and fit.slope > 0 and all((t.value or 0) <= 0 for t in fit.ticks):
        # Values grow upwards: what looks like minus signs are tick marks.
        bare = [replace(t, text=t.text.lstrip("-–—−_~ ")) for t in group]
        fit = fit_axis("y2", bare) or fit
    if fit.residual_px > 0.06 * abs(fit.ticks[-1].px - fit.ticks[0].px):
        return None
    pixels = rgb if upright else np.ascontiguousarray(rgb.transpose(1, 0, 2))
    labels = box if upright else (box[1], box[0], box[3], box[2])
    own = grid.box if upright else (grid.box[1], grid.box[0], grid.box[3], grid.box[2])
    strip = _strip(pixels, labels, own)
    if strip is None:
        return None
    colors, places = strip
    # The labels are within the bar, or nearly.
    outside = [t for t in fit.ticks if not places[0] - 12 < t.px < places[-1] + 12]
    if len(outside) > 0.3 * len(fit.ticks) or not _changes(colors):
        return None
    return ColorBar(fit, colors, places, tuple(group))


def _strip(pixels: Rgb, labels: Box, grid: Box) -> tuple[Floats, Floats] | None:
    """The colours along an upright strip beside its labels, and their rows; None without one."""
    left, top, right, bottom = labels
    high = bottom - top
    first, last = max(0, round(top - 0.6 * high - 6)), round(bottom + 0.6 * high + 6)
    wide = round(max(70.0, 0.12 * pixels.shape[1]))
    for start, stop in ((left - wide, left - 1), (right + 1, right + wide)):
        if start < grid[2] < stop:
            start = grid[2] + 2
        if start < grid[0] < stop:
            stop = grid[0] - 2
        window = pixels[first:last, max(0, round(start)) : max(0, round(stop))].astype(np.int16)
        if min(window.shape[:2]) < 4:
            continue
        page = np.array(background(pixels, labels), np.int16)
        drawn = farthest(window - page) > 8
        rows = slice(round(top) - first, max(round(top) - first + 1, round(bottom) - first))
        full = np.flatnonzero(drawn[rows].mean(axis=0) > 0.7)
        runs = np.split(full, np.flatnonzero(np.diff(full) > 1) + 1)
        runs = [r for r in runs if len(r) >= 5]
        if not runs:
            continue
        run = max(runs, key=len)
        third = len(run) // 4
        band = window[:, run[third] : run[-third - 1] + 1]
        solid = np.flatnonzero((farthest(band - page) > 8).mean(axis=1) > 0.7)
        if len(solid) < 12:
            continue
        solid = np.arange(solid[0] + 1, solid[-1])
        colors = np.median(band[solid], axis=1).astype(float)
        return _without_marks(colors), solid + first + 0.5
    return None


def _without_marks(colors: Floats) -> Floats:
    """The colours along a bar without the short marks across it: a running median."""
    padded = np.pad(colors, ((3, 3), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 7, axis=0)
    smooth: Floats = np.median(windows, axis=2)
    off = np.abs(colors - smooth).max(axis=1) > 14
    result = colors.copy()
    result[off] = smooth[off]
    return result


def _changes(colors: Floats) -> bool:
    """Whether colours change all along, by little at a time."""
    steps = np.abs(np.diff(colors, axis=0)).max(axis=1)
    total = np.abs(np.diff(colors, axis=0)).sum()
    return bool(total > 60 and statistics.fmean(steps > 40) < 0.1)
