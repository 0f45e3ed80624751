"""Markers that tell series apart where colours do not: their shapes, cut out of the legend."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import (
    chroma,
    crop,
    distance,
    farthest,
    from_hex,
    page_background,
    to_hex,
    to_lab,
)
from air_cli.read.scene import Rgb, Scene
from air_cli.records import Box, Text

Floats = NDArray[np.floating[Any]]
_GLUED = re.compile(r"^.{0,4}?[-–—−=~]{1,4}\s*(?=\S{2})|^[^\w\s]\s*(?=\w{2})")
_SAME_COLOR = 14.0  # CIEDE2000: within it, only the shape tells
_SAME_GREY = 45.0  # thin black lines look as grey as their pixels are covered


@dataclass(frozen=True)
class Glyph:
    """A series' marker: `shape` is its ink (h, w; 0..1) with a pixel or two around it."""

    name: str
    color: str
    shape: Floats
    swatch: Box
    sure: bool = True  # it stands beside the name, or the name begins with signs for it

    @property
    def size(self) -> float:
        """The larger side of the marker in pixels."""
        return float(max(self.shape.shape)) - 4.0


def legend_glyphs(scene: Scene) -> list[Glyph]:
    """The markers beside the texts of a legend, where at least two of one colour differ in shape;
    else nothing: then colours say which series is which."""
    found = _one_legend([g for text in scene.texts if (g := _glyph(scene, text)) is not None])
    known = [g for g in found if any(h is not g and twins(g, h) for h in found)]
    if len(known) < 2 or any(_alike(g, h) for g in known for h in known if h is not g):
        return []
    return known


def twins(one: Glyph, other: Glyph) -> bool:
    """Whether two markers have one colour, or both none."""
    grey = float(np.max(chroma(to_lab(np.array([from_hex(g.color) for g in (one, other)]))))) < 10
    return distance(one.color, other.color) < (_SAME_GREY if grey else _SAME_COLOR)


def _alike(one: Glyph, other: Glyph) -> bool:
    """Whether two shapes of one colour are the same."""
    if not twins(one, other):
        return False
    height, width = (max(a, b) for a, b in zip(one.shape.shape, other.shape.shape, strict=True))
    if min(one.size, other.size) < 0.6 * max(one.size, other.size):
        return False
    pair = [_padded(g.shape, height, width).ravel() for g in (one, other)]
    return float(np.corrcoef(pair[0], pair[1])[0, 1]) > 0.93


def _padded(shape: Floats, height: int, width: int) -> Floats:
    tall, wide = height - shape.shape[0], width - shape.shape[1]
    pads = ((tall // 2, tall - tall // 2), (wide // 2, wide - wide // 2))
    return np.pad(shape, pads)


def _one_legend(found: Sequence[Glyph]) -> list[Glyph]:
    """Those that stand in a row or under each other, one for each name. What may be a letter of
    the name must be in line with a sure one."""
    kept: dict[str, Glyph] = {}
    for one in found:
        if any(_in_line(one, other) for other in found if other is not one and other.sure):
            kept.setdefault(one.name, one)
    return list(kept.values())


def _in_line(one: Glyph, other: Glyph) -> bool:
    a, b = one.swatch, other.swatch
    reach = 0.6 * max(a[3] - a[1], b[3] - b[1], 8.0)
    level = abs(a[1] + a[3] - b[1] - b[3]) / 2 < reach
    below = abs(a[0] + a[2] - b[0] - b[2]) / 2 < reach and abs(a[1] - b[1]) < 12 * reach
    return level or below


def _glyph(scene: Scene, text: Text) -> Glyph | None:
    """The marker to the left of a name, or at the head of its box, where it stands on a line."""
    if text.role in ("title", "subtitle", "tick"):
        return None
    if sum(c.isalpha() for c in text.text) < 2:
        return None
    left, top, right, bottom = text.bbox_px
    height, middle = bottom - top, (top + bottom) / 2
    if height < 6 or right - left < height:
        return None
    glued = left + min(0.4 * (right - left), 4.5 * height)
    for stop in (left - 0.5, glued):  # beside the text, else at the head of its box
        window = (max(0.0, left - 5 * height), max(0.0, middle - 0.7 * height), stop, bottom)
        part = crop(scene.rgb, window)
        if min(part.shape[:2]) < 6:
            continue
        ink = _ink(part)
        corner = (max(0, round(window[0])), max(0, round(window[1])))
        box = _marker(ink, height, middle - corner[1], left - corner[0])
        if box is not None:
            break
    else:
        return None
    x0, y0, x1, y1 = _as_wide_as_high(box, ink.shape[1])
    shape = np.pad(ink[y0:y1, x0:x1], 2)
    color = _color(part[y0:y1, x0:x1], shape[2:-2, 2:-2])
    name = text.text
    inside = x1 + corner[0] > left + 0.2 * height
    sure = not inside or _GLUED.match(name) is not None
    if inside:
        name = _GLUED.sub("", name)
    swatch = (x0 + corner[0], y0 + corner[1], x1 + corner[0], y1 + corner[1])
    return Glyph(name.strip(), color, shape, tuple(map(float, swatch)), sure)  # type: ignore[arg-type]


def _ink(part: Rgb) -> Floats:
    """How strongly each pixel is inked (0..1)."""
    back = np.array(page_background(part), dtype=np.float32)
    far = farthest(part.astype(np.float32) - back)
    top = max(float(np.quantile(far, 0.995)), 30.0)
    return np.asarray(np.clip(far / top, 0, 1))


def _color(part: Rgb, ink: Floats) -> str:
    """The colour of a marker's strongest pixels: its own, whatever stands to the left of it."""
    strong = part[ink >= 0.85 * ink.max(initial=0.0)]
    return to_hex(np.median(strong, axis=0)) if len(strong) else "#000000"


def _marker(
    ink: Floats, height: float, middle: float, start: float
) -> tuple[int, int, int, int] | None:
    """The shape that stands on a thin level line: (left, top, right, bottom) in the window."""
    solid = (ink > 0.35).astype(np.uint8)
    row = int(np.clip(round(middle), 2, len(ink) - 3))
    best: tuple[float, tuple[int, int, int, int]] | None = None
    for offset in range(-round(0.3 * height), round(0.3 * height) + 1):
        at = row + offset
        if not 2 <= at < len(ink) - 2:
            continue
        for run in _tall_runs(solid, at, height):
            x0, x1 = run
            sides = _line_beside(solid, at, x0, x1, height)
            if min(sides) < 0.15 * height or x0 > start + 2.2 * height:
                continue
            rows = np.flatnonzero(solid[:, x0:x1].any(axis=1))
            y0, y1 = int(rows[0]), int(rows[-1]) + 1
            if not 0.6 < (x1 - x0) / (y1 - y0) < 1.4 or y0 <= 0:
                continue
            score = sum(sides) - 3 * abs((y0 + y1) / 2 - at) - abs(offset)
            if best is None or score > best[0]:
                best = score, (x0, y0, x1, y1)
    return best[1] if best else None


def _tall_runs(solid: NDArray[np.uint8], at: int, height: float) -> list[tuple[int, int]]:
    """Runs of columns whose ink around a row is taller than a line, as wide as a marker."""
    reach = round(0.6 * height)
    part = solid[max(0, at - reach) : at + reach + 1]
    thin = max(3.0, 0.24 * height)
    tall = part.sum(axis=0) > 0
    rows = np.arange(len(part))[:, None]
    low = np.where(part > 0, rows, -1).max(axis=0)
    high = np.where(part > 0, rows, len(part)).min(axis=0)
    tall = tall & (low - high + 1 > thin)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], tall.astype(np.int8), [0]))))
    runs = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    # A triangle's corners are no taller than a line, but stand off it.
    off = part.astype(bool) & (np.abs(rows - min(at, reach)) > max(1.5, 0.17 * height))
    beside = np.asarray(off.any(axis=0))
    wide = [_widened(beside, a, b) for a, b in runs if b - a >= 0.15 * height]
    return [(a, b) for a, b in wide if 0.25 * height <= b - a <= 1.1 * height]


def _widened(on: NDArray[np.bool_], start: int, stop: int) -> tuple[int, int]:
    """A run of columns, grown over the neighbours that are `on`."""
    while start > 0 and on[start - 1]:
        start -= 1
    while stop < len(on) and on[stop]:
        stop += 1
    return start, stop


def _line_beside(
    solid: NDArray[np.uint8], at: int, x0: int, x1: int, height: float
) -> tuple[float, float]:
    """Pixels of thin line on either side of a run, within a text's height."""
    reach = round(0.9 * height)
    lengths = []
    for part in (solid[:, max(0, x0 - reach) : x0], solid[:, x1 : x1 + reach]):
        on = part[max(0, at - 1) : at + 2].any(axis=0)
        clear = part.sum(axis=0) <= max(3.0, 0.24 * height)
        lengths.append(float((on & clear).sum()))
    return lengths[0], lengths[1]


def _as_wide_as_high(box: tuple[int, int, int, int], width: int) -> tuple[int, int, int, int]:
    """A marker's box with the sides of a ring, which are no taller than the line through them."""
    x0, y0, x1, y1 = box
    more = (y1 - y0) - (x1 - x0)
    if more <= 0:
        return box
    return max(0, x0 - more // 2), y0, min(width, x1 + more - more // 2), y1
