"""Empty strips of a picture, along which it may be cut into panels. Pure geometry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import Mask, chroma, farthest, page_background, to_lab
from air_cli.read.scene import Rgb
from air_cli.records import Box, Text

_STRONG = 22.0  # Lab: distance from grey of what is no ground
_EDGE = 20  # levels between neighbouring pixels where something is drawn


@dataclass(frozen=True)
class Cut:
    """An empty strip: `axis` 0 divides above from below, 1 left from right."""

    axis: int
    at: float
    wide: float


def find_cuts(drawn: Mask, box: Box, factor: float, line: float) -> list[Cut]:
    """The empty strips through a box of a picture, the widest first; `drawn` is the picture's mask
    at `factor` of its size, `line` the height of its text. Thin rules and the edges of bands may
    cross a strip: they divide panels as often as they join them."""
    left, top, right, bottom = (round(v * factor) for v in box)
    region = drawn[top:bottom, left:right]
    cuts: list[Cut] = []
    for axis, share in ((0, 0.25), (1, 0.7)):
        least = max(2.0, share * line * factor)
        lines = region if axis == 0 else region.T
        inked = np.asarray(_without_rules(lines).any(axis=1))
        for start, stop in _gaps(inked):
            if start > 0 and stop < len(inked) and stop - start >= least:
                middle = ((start + stop) / 2 + (top if axis == 0 else left)) / factor
                cuts.append(Cut(axis, middle, (stop - start) / factor))
    # Text lines stand closer above each other than columns beside each other.
    cuts.sort(key=lambda cut: -cut.wide * (1.4 if cut.axis == 1 else 1.0))
    return cuts[:5]


def through_solid(rgb: Rgb, box: Box, cut: Cut) -> bool:
    """Whether a cut goes through the coloured inside of something: a slice, a cell, a wide bar.
    Cards and bands are pale, or reach over all of the strip; a heading's band is little of it."""
    left, top, right, bottom = (round(v) for v in box)
    at = round(cut.at)
    line = rgb[at, left:right] if cut.axis == 0 else rgb[top:bottom, at]
    if not len(line):
        return False
    page = np.array(page_background(rgb), np.int16)
    strong = chroma(to_lab(line)) > _STRONG
    solid = strong & (farthest(line.astype(np.int16) - page) > _EDGE)
    return bool(0.2 < solid.mean() < 0.9)


def _without_rules(lines: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Rows that are crossed by up to four thin rules count as empty of them."""
    thin = lines & ~cv2.erode(lines.astype(np.uint8), np.ones((1, 3), np.uint8)).astype(bool)
    crossings = lines.sum(axis=1)
    few = (crossings <= 6) & (crossings == thin.sum(axis=1))
    result = lines.copy()
    result[few] = False
    return result


def _gaps(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([1], flags.astype(np.int8), [1]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def drawn_at(rgb: Rgb, texts: Sequence[Text], factor: float) -> Mask:
    """Where anything but text is drawn: edges, so that tinted cards and bands are empty inside."""
    small = cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    grey = small.astype(np.int16)
    edges = np.zeros(grey.shape[:2], bool)
    across = farthest(np.diff(grey, axis=1)) > _EDGE
    along = farthest(np.diff(grey, axis=0)) > _EDGE
    edges[:, 1:] |= across
    edges[1:] |= along
    for text in texts:
        fill(edges, text.bbox_px, factor, value=False)
    return edges


def fill(mask: Mask, box: Box, factor: float, *, value: bool = True) -> None:
    left, top, right, bottom = (v * factor for v in box)
    mask[
        max(0, int(top) - 1) : int(np.ceil(bottom)) + 1,
        max(0, int(left) - 1) : int(np.ceil(right)) + 1,
    ] = value
