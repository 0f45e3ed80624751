"""The upper and lower edges of a fill, column by column."""

from __future__ import annotations

import numpy as np

from air_cli.read.colors import Mask
from air_cli.read.ink import Plot
from air_cli.read.marks.strokes import Floats

_BLEND = 8  # pixels beyond its core in which a fill may end


def columns(mask: Mask) -> tuple[Floats, Floats, Floats, float] | None:
    """The tallest run of each column: (columns, tops, bottoms, quality), None unless the fill is
    one band over a good part of the plot."""
    height, width = mask.shape
    padded = np.pad(mask, ((1, 1), (0, 0))).astype(np.int8)
    steps = np.diff(padded, axis=0)
    col, top = np.nonzero((steps == 1).T)
    _, stop = np.nonzero((steps == -1).T)
    if not len(col):
        return None
    tall = stop - top
    order = np.lexsort((-tall, col))
    xs: Floats
    xs, first = np.unique(col[order], return_index=True)
    pick = order[first]
    tops, bottoms = top[pick].astype(float), stop[pick] - 1.0
    keep = tall[pick] >= 2
    keep &= whole(tops, max(6.0, 0.03 * height))
    xs, tops, bottoms = np.asarray(xs[keep], dtype=float), tops[keep], bottoms[keep]
    if len(xs) < 20:
        return None
    # The outer columns are covered only in part.
    ends = np.arange(len(xs))
    keep = (ends >= 2) & (ends < len(xs) - 2)
    xs, tops, bottoms = xs[keep], tops[keep], bottoms[keep]
    extent = xs[-1] - xs[0] + 1
    filled = len(xs) / extent
    single = float((bottoms - tops + 1).sum()) / max(1, mask.sum())
    if extent < 0.35 * width or filled < 0.88 or single < 0.75:
        return None
    moves = np.abs(np.diff(tops))
    jumps = moves[moves > max(6.0, 0.03 * height)].sum() / max(moves.sum(), 0.05 * height)
    quality = float(np.clip(filled * single * (1 - jumps), 0, 1))
    return (xs, tops, bottoms, quality) if jumps < 0.6 else None


def whole(tops: Floats, jump: float) -> Mask:
    """Columns without those before a jump in the first or last fiftieth: there an axis line, a
    tick label or the blend of the fill's side leaves fragments."""
    keep = np.ones(len(tops), bool)
    reach = max(3, len(tops) // 50)
    at = np.flatnonzero(np.abs(np.diff(tops)) > jump)
    keep[: max(at[at < reach] + 1, default=0)] = False
    keep[min(at[at >= len(tops) - 1 - reach] + 1, default=len(tops)) :] = False
    return keep


def edge(plot: Plot, index: int | None, xs: Floats, rows: Floats, *, up: bool) -> Floats:
    """The edge of a fill to a fraction of a pixel: how much of it is in the pixels outside its
    core (`rows`), until there is none.

    `index` is the palette's of the fill, None for a graded one. Row i
    spans i - 0.5 to i + 0.5. In a compressed picture the blend is several pixels wide, and the
    core breaks off where the noise is strong.
    """
    step = -1 if up else 1
    palette, height = plot.palette, plot.shape[0]
    column, row = xs.astype(int), rows.astype(int)
    places = np.clip(row[:, None] + step * np.arange(1, _BLEND + 1), 0, height - 1)
    labels = palette.labels[places, column[:, None]]
    other = (labels >= 0) & (labels != index) & (index is not None)
    colors = np.array([ink.rgb for ink in palette.inks] + [palette.background])
    first = labels[np.arange(len(row)), other.argmax(axis=1)]
    outside = colors[np.where(other.any(axis=1), first, len(palette.inks))]
    beside = palette.crop[np.clip(row - 2 * step, 0, height - 1), column].astype(np.float32)
    toward = (beside if index is None else np.array(palette.inks[index].rgb)) - outside
    length = np.maximum((toward**2).sum(axis=1), 1.0)
    pixels = palette.crop[places, column[:, None]].astype(np.float32)
    shares = ((pixels - outside[:, None]) * toward[:, None]).sum(axis=2) / length[:, None]
    shares = np.where(labels == index, 1.0, np.clip(shares, 0, 1))
    open_ = np.cumprod(~other & (shares > 0.12), axis=1)
    share = np.where(length > 900, (shares * open_).sum(axis=1), 0)
    return np.asarray(rows + step * (0.5 + share))


def clear(plot: Plot, xs: Floats, rows: Floats, step: int) -> Mask:
    """Columns whose fill ends at the background, the grid or another fill: not at a legend's
    frame or a text that hides its edge."""
    palette = plot.palette
    fills = [i for i in plot.series if palette.inks[i].pixels > 0.012 * plot.grid.size]
    row, column = np.clip(rows.astype(int) + step, 0, plot.shape[0] - 1), xs.astype(int)
    label = palette.labels[row, column]
    plain = ~palette.ink[row, column] | plot.grid[row, column] | np.isin(label, fills)
    return np.asarray((plain | (label < 0)) & palette.allowed[row, column])


def foot_level(rows: Floats, height: int) -> float | None:
    """The level of a fill's foot that is straight: on the axis, where tick labels hide parts of
    it; None for any other."""
    level = float(np.quantile(rows, 0.8))
    near = np.abs(rows - level) < max(3.0, 0.01 * height)
    return level if near.mean() > 0.8 and level > 0.5 * height else None
