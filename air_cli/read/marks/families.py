"""Inks that are one drawn thing: a colour with the shades that its blurred edges have.

A compressed or resampled line is not one colour: where it is steep or thin its pixels are paler,
and the palette may hold several inks of it. What hugs a larger ink all along and looks much like it
is the same line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import Mask, delta_e, distance
from air_cli.read.ink import Plot

_ALIKE = 17.0  # CIEDE2000 between a line's colour and that of its blurred edge
_ONE = 4.0  # CIEDE2000 that nobody tells apart
_SAME = 9.0  # CIEDE2000 within which halves of one line differ in a compressed picture
_NEAR = 2  # pixels
_EXACT = 2.0  # CIEDE2000 between a clean swatch and its line


@dataclass(frozen=True)
class Family:
    """One colour of the plot: the palette's indices (`main` first), its core pixels without the
    grid, and how much of each pixel it covers (0..1)."""

    members: tuple[int, ...]
    mask: Mask
    cover: NDArray[np.float32]

    @property
    def main(self) -> int:
        """The palette's index of the largest member."""
        return self.members[0]


def families(plot: Plot, shown: Sequence[str] = ()) -> list[Family]:
    """The inks of a plot that are no grid, shades joined to the ink that they hug, unless a legend
    shows both, among its colours `shown`."""
    groups: list[list[int]] = []
    names = {index: _shown_as(plot.palette.inks[index].color, shown) for index in plot.series}
    for index in plot.series:  # the largest first
        hosts = (g for g in groups if names[index] < 0 or names[g[0]] in (-1, names[index]))
        host = next((g for g in hosts if _hugs(plot, index, g[0])), None)
        if host is not None:
            host.append(index)
        else:
            groups.append([index])
    return [family_of(plot, tuple(group)) for group in groups]


def _shown_as(color: str, shown: Sequence[str]) -> int:
    """Which of the legend's colours an ink has, -1 for none."""
    away = [distance(color, other) for other in shown]
    best = int(np.argmin(away)) if away else -1
    return best if best >= 0 and away[best] < _EXACT else -1


def _hugs(plot: Plot, small: int, large: int) -> bool:
    inks = plot.palette.inks
    away = float(delta_e(np.array(inks[small].lab), np.array(inks[large].lab)))
    if away < _ONE:
        return True
    if away > _ALIKE or (away > _SAME and inks[small].pixels > 0.6 * inks[large].pixels):
        return False
    size = 2 * _NEAR + 1
    wide = cv2.dilate(plot.palette.mask(large).astype(np.uint8), np.ones((size, size), np.uint8))
    own = plot.palette.mask(small)
    return bool((wide[own] > 0).mean() > 0.8) or (away < _SAME and _pieced(own, wide))


def _pieced(own: Mask, wide: NDArray[np.uint8]) -> bool:
    """Whether an ink is in pieces that nearly all touch another (`wide`, grown a little): the
    steeper parts of a line, or the markers on it, and no line of its own that crosses it."""
    count, labels = cv2.connectedComponents(own.astype(np.uint8), connectivity=8)
    sizes = np.bincount(labels.ravel(), minlength=count)
    touching = np.unique(labels[(wide > 0) & own])
    pieces = int((sizes[1:] >= 3).sum())
    return pieces >= 3 and float(sizes[touching].sum()) > 0.9 * float(own.sum())


def family_of(plot: Plot, members: tuple[int, ...]) -> Family:
    """The family of these indices of the palette, the main one first."""
    mask = np.zeros(plot.shape, bool)
    cover: NDArray[Any] = np.zeros(plot.shape, np.float32)
    for index in members:
        own = plot.palette.mask(index) & ~plot.grid
        mask |= own
        cover = np.maximum(cover, plot.palette.coverage(index))
    return Family(members, mask, np.where(plot.grid & ~mask, 0, cover).astype(np.float32))
