"""The border that a screenshot has around a chart: taken for the page, it hides the chart's own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import background, farthest
from air_cli.read.scene import Rgb

_NEAR = 7  # grey levels: compression changes flat colours by less
_FLAT = 0.9  # share of a line of pixels that one colour fills
_EDGE = 0.75  # the same of the worst of a page's four edges: a title may touch it
_INSETS = (2, 4, 6)  # pixels from the edge, which scaling and compression blur
_LEAST = 0.4  # share of the picture that lies inside


def without_border(rgb: Rgb) -> Rgb:
    """The picture, (height, width, 3) uint8, with a flat border around a flat page painted in the
    colour of that page: every pixel keeps its place. The same picture where there is none.

    What tells a page from a plot or a photograph is that one colour, other than the border's,
    fills all four of its edges.
    """
    if min(rgb.shape[:2]) < 40:
        return rgb
    rim = np.concatenate([rgb[:2].reshape(-1, 3), rgb[-2:].reshape(-1, 3), rgb[:, 0], rgb[:, -1]])
    border = np.array(background(rim[None]), dtype=np.int16)
    outside = farthest(rgb.astype(np.int16) - border) <= _NEAR
    box = _inner(outside)
    if box is None:
        return rgb
    top, bottom, left, right = box
    page = rgb[top:bottom, left:right].astype(np.int16)
    lines = [
        [page[n], page[-1 - n], page[:, n], page[:, -1 - n]] for n in _INSETS
    ]  # fmt: skip
    color = np.array(background(np.concatenate(lines[0])[None].astype(np.uint8)), dtype=np.int16)
    flat = [max(_share(one, color) for one in side) for side in zip(*lines, strict=True)]
    told = float(farthest((color - border)[None])[0]) > _NEAR
    if not told or min(flat) < _EDGE or sum(flat) / 4 < _FLAT:
        return rgb
    painted = rgb.copy()
    inner = np.zeros(outside.shape, bool)
    inner[top + _INSETS[0] : bottom - _INSETS[0], left + _INSETS[0] : right - _INSETS[0]] = True
    painted[~inner] = color
    return painted


def _share(line: NDArray[np.int16], color: NDArray[np.int16]) -> float:
    """The share of a line of pixels that has a colour."""
    return float((farthest(line - color) <= _NEAR).mean())


def _inner(outside: NDArray[np.bool_]) -> tuple[int, int, int, int] | None:
    """(top, bottom, left, right) of what a border leaves; None where there is none on two sides
    at least, or where it leaves little."""
    rows = np.flatnonzero(outside.mean(axis=1) < _FLAT)
    columns = np.flatnonzero(outside.mean(axis=0) < _FLAT)
    if not len(rows) or not len(columns):
        return None
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    high, wide = outside.shape
    sides = sum((top > 2, left > 2, bottom < high - 2, right < wide - 2))
    if sides < 2 or (bottom - top) * (right - left) < _LEAST * high * wide:
        return None
    # The border is nothing but border.
    if outside[top:bottom, left:right].mean() > 0.5:
        return None
    rest = outside.copy()
    rest[max(0, top - 1) : bottom + 1, max(0, left - 1) : right + 1] = True
    return (int(top), int(bottom), int(left), int(right)) if rest.mean() > 0.995 else None
