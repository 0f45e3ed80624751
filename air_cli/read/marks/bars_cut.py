"""The part of a picture in which bars are looked for: its ground, and the colours of its fills."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import BINS, bin_codes, farthest
from air_cli.read.scene import Rgb
from air_cli.records import Box

_NEAR = 20  # grey levels in any channel within which pixels are one colour
_APART = 8.0  # grey levels in some channel between two fills that are nearly alike
_CALM = 5  # grey levels between neighbours on a surface of one colour
_ALIKE = 14  # grey levels: a fill further from the ground than this is never taken for it
_VALLEY = 4  # grey levels between the ground and the nearest fill, at least
_FAR = 255
_MOST = 24  # colours looked at
_LUMA = np.array([0.299, 0.587, 0.114])


@dataclass(frozen=True)
class Rect:
    """A filled rectangle; edges in pixels, refined below a pixel where they are blended."""

    left: float
    top: float
    right: float
    bottom: float
    color: str

    @property
    def box(self) -> Box:
        return self.left, self.top, self.right, self.bottom

    @property
    def area(self) -> float:
        return (self.right - self.left) * (self.bottom - self.top)


@dataclass(frozen=True)
class Cut:
    """The part of an image in which bars are looked for. `part` is (h, w, 3), its text painted
    over, `raw` the same with its text (a hatching may be read as letters); `left`, `top` is its
    place in the image; `grounds` are the colours of the background, and `rooms` how far (grey
    levels) pixels may be from each before they are another fill's."""

    part: Rgb
    raw: Rgb
    left: int
    top: int
    grounds: tuple[tuple[int, int, int], ...]
    rooms: tuple[int, ...]

    def placed(self, rects: Iterable[Rect]) -> list[Rect]:
        """Rectangles of the part as rectangles of the image."""
        return [
            replace(
                r,
                left=r.left + self.left,
                top=r.top + self.top,
                right=r.right + self.left,
                bottom=r.bottom + self.top,
            )
            for r in rects
        ]

    def empty(self, reach: int = 14) -> NDArray[np.uint8]:
        """255 where a pixel is background."""
        result = np.zeros(self.part.shape[:2], np.uint8)
        for ground, room in zip(self.grounds, self.rooms, strict=True):
            result |= near(self.part, np.array(ground), min(reach, room))
        return result


def cut(
    clean: Rgb, region: Box, grounds: Iterable[tuple[int, int, int]], raw: Rgb | None = None
) -> Cut:
    """The pixels of a region (clipped to the image) of an image without text; `raw` is the image
    with it."""
    height, width = clean.shape[:2]
    x0, y0 = max(0, round(region[0])), max(0, round(region[1]))
    x1, y1 = min(width, round(region[2])), min(height, round(region[3]))
    part = np.ascontiguousarray(clean[y0 : max(y0, y1), x0 : max(x0, x1)])
    colors = tuple(grounds)
    whole = part if raw is None else np.ascontiguousarray(raw[y0 : max(y0, y1), x0 : max(x0, x1)])
    return Cut(part, whole, x0, y0, colors, tuple(_room(part, color) for color in colors))


def _room(part: Rgb, ground: tuple[int, int, int]) -> int:
    """How far pixels may be from the ground's colour: up to the valley before a fill that is nearly
    alike, as a pale grey on a grey panel is. Compression spreads colours without a valley."""
    away = np.minimum(farthest(part.astype(np.int16) - np.array(ground, np.int16)), _ALIKE + 1)
    counts = np.bincount(away.ravel(), minlength=_ALIKE + 2)[: _ALIKE + 1]
    peak = _VALLEY + int(counts[_VALLEY:].argmax())
    least = 1 + int(counts[1:peak].argmin())
    clear = counts[peak] > 0.02 * away.size and counts[least] < 0.02 * counts[peak]
    return least if clear else _FAR


def colors_in(where: Cut) -> Iterator[tuple[NDArray[Any], NDArray[np.uint8]]]:
    """The plot's colours, most frequent first, with their pixels; background left out."""
    part = where.part
    left = ~where.empty(12)
    codes = bin_codes(part)
    floor = max(24, int(0.0001 * left.size))
    fills = _fills(part, left, codes, floor)
    for _ in range(_MOST):
        counts = np.bincount(codes[left > 0], minlength=BINS)
        top = int(counts.argmax())
        if counts[top] < floor:
            return
        color = np.median(part[(left > 0) & (codes == top)], axis=0)
        mask = left & near(part, color, _reach(color, fills))
        left &= ~mask
        yield color, (mask > 0).astype(np.uint8)


def _fills(
    part: Rgb, drawn: NDArray[np.uint8], codes: NDArray[np.int32], floor: int
) -> NDArray[np.float64]:
    """The colours that surfaces without edges have, however small the surfaces: (n, 4), the last
    column their pixels."""
    grey = cv2.cvtColor(part, cv2.COLOR_RGB2GRAY)
    edge = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    calm = (edge <= _CALM) & (drawn > 0)
    counts = np.bincount(codes[calm], minlength=BINS)
    strong = np.flatnonzero(counts >= max(floor, 0.02 * counts.max()))
    strong = strong[np.argsort(-counts[strong])][:_MOST]
    each = [[*np.median(part[calm & (codes == k)], axis=0), counts[k]] for k in strong]
    return np.array(each, dtype=float).reshape(-1, 4)


def _reach(color: NDArray[Any], fills: NDArray[np.float64]) -> int:
    """Grey levels within which pixels are a colour: less where another fill is nearly alike.
    Compression varies the chroma of a fill little by little; another fill has another brightness,
    or is as large and stands apart."""
    away = np.abs(fills[:, :3] - color).max(axis=1)
    lighter = np.abs((fills[:, :3] - color) @ _LUMA) >= 5
    own = _varied(fills, away, ~lighter)
    most = fills[away <= _APART, 3].max(initial=0.0)
    other = ~own & (away > _APART) & (fills[:, 3] > np.where(lighter, 0.05, 0.4) * most)
    return max(4, min(_NEAR, int(away[other].min() / 2))) if other.any() else _NEAR


def _varied(
    fills: NDArray[np.float64], away: NDArray[np.float64], alike: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Which fills a colour leads to in small steps of chroma; `away` is how far each is from it,
    `alike` whether it is as bright."""
    steps = np.abs(fills[:, None, :3] - fills[None, :, :3]).max(axis=2) <= _APART
    own = (away <= _APART) & alike
    for _ in range(len(fills)):
        more = (steps[own].any(axis=0) & alike) | own if own.any() else own
        if (more == own).all():
            break
        own = more
    return own


def near(part: Rgb, color: NDArray[Any], reach: int) -> NDArray[np.uint8]:
    """255 where no channel differs from the colour by more than `reach`."""
    low, high = (np.clip(np.round(color + d), 0, 255).astype(np.uint8) for d in (-reach, reach))
    result: NDArray[np.uint8] = cv2.inRange(part, low, high)
    return result
