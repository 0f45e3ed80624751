"""Bands around lines: confidence intervals and fans of forecasts, no areas of their own."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from air_cli.read.colors import Mask
from air_cli.read.ink import Plot
from air_cli.read.marks.strokes import Line

_FULL = 0.85  # of a column between the ends of a band: more is a fill
_INNER = (0.2, 0.8)  # where in its band a line runs
_WIDE = 4.0  # times the line's width: a fill beside it is no thick edge


def around(plot: Plot, lines: Sequence[Line]) -> Mask:
    """The pixels of fills that hold a line in their midst wherever they are wide, (h, w)."""
    found = np.zeros(plot.shape, bool)
    _, labels = cv2.connectedComponents((plot.ink | plot.grid).astype(np.uint8))
    for line in lines:
        xs, ys = line.stroke.xs.astype(int), line.stroke.ys
        rows = np.clip(np.rint(ys).astype(int), 0, plot.shape[0] - 1)
        own = np.bincount(labels[rows, xs]).argmax()
        if own == 0:
            continue
        mask = (labels == own) & (plot.ink | plot.grid)
        tops, bottoms, full = _extents(mask, xs, rows)
        tall = bottoms - tops + 1
        wide = tall > _WIDE * line.stroke.width
        if wide.mean() < 0.3 or full[wide].mean() < _FULL:
            continue
        share = ((ys - tops) / tall)[wide]
        level = np.mean(np.abs(bottoms[wide] - np.median(bottoms[wide])) < 2) > 0.8
        if _INNER[0] < np.median(share) < _INNER[1] and not level:
            inside = np.zeros(plot.shape, bool)
            for x, top, bottom in zip(xs[wide], tops[wide], bottoms[wide], strict=True):
                inside[int(top) : int(bottom) + 1, x] = True
            found |= inside & mask
    return found


def _extents(
    mask: Mask, xs: np.ndarray, rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The run of a mask through each (column, row): its first and last row, and the share of the
    rows from first to last of the whole column that it fills."""
    height = mask.shape[0]
    columns = mask[:, xs]
    at = np.arange(height)[:, None]
    gaps = ~columns
    tops = np.where(gaps & (at < rows[None]), at, -1).max(axis=0) + 1
    bottoms = np.where(gaps & (at > rows[None]), at, height).min(axis=0) - 1
    whole = columns.sum(axis=0)
    return tops, bottoms, (bottoms - tops + 1) / np.maximum(whole, 1)
