"""An image without its text: each text's box painted over by what the text lies on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import bin_codes, farthest, page_background
from air_cli.read.scene import Rgb
from air_cli.records import Text

_STEP = 20  # grey levels from pixel to pixel: less is no edge
_SAME = 24  # grey levels between pixels of one surface
_SPLIT = 0.55  # of the pixels that must be one side's or the other's where a shape ends in a box


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
    columns = np.abs(above - below).max(axis=1) < _SAME
    rows = np.abs(before - after).max(axis=1) < _SAME
    by_column, by_row = block.copy(), block.copy()
    by_column[:, columns] = _between(above, below, block)[columns][None, :, :].astype(np.uint8)
    by_row[rows] = _between(before, after, block)[rows][:, None, :].astype(np.uint8)
    columns |= _ended(by_column, above, below, ~columns)
    rows |= _ended(by_row.transpose(1, 0, 2), before, after, ~rows)
    shares = [_like(by_column, block, columns[None, :]), _like(by_row, block, rows[:, None])]
    inside = columns.mean() >= 0.9 and np.abs(above - ground).max(axis=1).mean() > 40
    if max(shares) >= (0.28 if inside else 0.42):
        return by_row if shares[1] > shares[0] else by_column
    return _rows_closed(block)


def _ended(
    block: Rgb, above: NDArray[np.int64], below: NDArray[np.int64], open_: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Paint the columns of a box (h, n, 3) whose ends differ, where a shape ends inside: what is
    above (n, 3) down to the row that most pixels agree with, what is below from there on. Returns
    which columns were painted."""
    painted = np.zeros(len(above), bool)
    for run in _runs(above, below, open_):
        pixels = block[:, run].astype(int)
        off = [(farthest(pixels - side[run]) >= _SAME).sum(axis=1) for side in (above, below)]
        over, under = (np.concatenate([[0], np.cumsum(side)]) for side in off)
        wrong = over + under[-1] - under
        row = int(wrong.argmin())
        if wrong[row] > (1 - _SPLIT) * off[0].size * (run.stop - run.start):
            continue
        block[:row, run], block[row:, run] = above[run], below[run]
        painted[run] = True
    return painted


def _runs(
    above: NDArray[np.int64], below: NDArray[np.int64], open_: NDArray[np.bool_]
) -> Iterator[slice]:
    """The runs of open columns over which the colours above and below stay the same."""
    both = np.concatenate([above, below], axis=1)
    leap = np.abs(np.diff(both, axis=0)).max(axis=1) >= _SAME
    cuts = np.flatnonzero(leap | (open_[1:] != open_[:-1])) + 1
    for start, stop in zip([0, *cuts], [*cuts, len(open_)], strict=True):
        if open_[start]:
            yield slice(int(start), int(stop))


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
    same = (farthest(filled.astype(int) - block) < _SAME) & painted
    return float(same.mean())


def _rows_closed(box: Rgb) -> Rgb:
    """In each row, everything between the first and last pixel of its main colour becomes it."""
    block = box.copy()
    flat = block.reshape(-1, 3)
    codes = bin_codes(flat)
    values, counts = np.unique(codes, return_counts=True)
    main = np.median(flat[codes == values[counts.argmax()]], axis=0)
    near = farthest(block.astype(int) - main) < _SAME
    for row in np.flatnonzero(near.sum(axis=1) >= 2):
        places = np.flatnonzero(near[row])
        block[row, places[0] : places[-1] + 1] = main.astype(np.uint8)
    return block
