"""Shapes that are filled with a pattern or a picture instead of a colour.

MuPDF reports such a fill as a clip to the shape, followed by the pattern's cell in coordinates of
its own, or by nothing where the cell is a picture or a shading. What a chart means is the shape:
here it gets a colour, and a texture by which shapes of one colour can still be told apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pymupdf

from air_cli.records import Box

Color = tuple[float, float, float]
Drawing = Mapping[str, Any]

# Matplotlib's cells measure one inch.
_CELL_PT = 72.0
_WHITE = 0.97
# How many pixels a thin shape is rendered across, and how far that may enlarge it.
_PIXELS, _MOST_ZOOM = 10.0, 60.0
_FEWEST_UNPAINTED, _MOST_UNPAINTED = 3, 400


@dataclass
class Clip:
    """A clip that is in force; `cell` is what was painted in it when that is a pattern's cell,
    `inner` whether it is a cell itself, `empty` until something is drawn or clipped inside."""

    drawing: Drawing
    level: int
    cell: list[Drawing] = field(default_factory=list)
    inner: bool = False
    empty: bool = True

    @property
    def box(self) -> Box:
        left, top, right, bottom = self.drawing["scissor"]
        return float(left), float(top), float(right), float(bottom)


def is_cell_clip(drawing: Drawing, around: Sequence[Clip]) -> bool:
    """Whether a clip bounds the cell of a pattern: it lies elsewhere than the clip around it."""
    if not around or not drawing.get("items"):
        return False
    left, top, right, bottom = drawing["scissor"]
    return bool(right < left or bottom < top)


def is_cell(box: Box, clip: Clip) -> bool:
    """Whether a drawing is a pattern's cell: outside the clip it is painted through, or of one inch
    on a grid of such cells."""
    if not clip.drawing.get("items"):
        return False
    frame = clip.box
    if box[0] > frame[2] or box[2] < frame[0] or box[1] > frame[3] or box[3] < frame[1]:
        return True
    steps = [edge / _CELL_PT for edge in box]
    on_grid = all(abs(step - round(step)) < 0.01 for step in steps)
    one = abs(box[2] - box[0] - _CELL_PT) < 0.1 > abs(box[3] - box[1] - _CELL_PT)
    return one and on_grid


def color_of(cell: Sequence[Drawing]) -> Color | None:
    """The colour by which a pattern is known: its ground's, or of a white ground its ink's."""
    inks = [ink for item in cell for ink in (item.get("fill"), item.get("color")) if ink]
    telling = [ink for ink in inks if min(ink) < _WHITE]
    found = (telling or inks)[:1]
    return (found[0][0], found[0][1], found[0][2]) if found else None


def texture_of(cell: Sequence[Drawing]) -> str:
    """A mark of the pattern: equal for equal cells wherever they lie."""
    parts = {_outline(item) for item in cell}
    return "/".join(sorted(parts)) if any(len(part) > 12 for part in parts) else ""


def _outline(item: Drawing) -> str:
    left, top, right, bottom = item["rect"]
    first = next((part for part in item["items"] if part[0] != "re"), None)
    if first is None:
        return str(item["type"])
    lean = [round(b - a) for a, b in zip(first[1], first[-1], strict=True)]
    return f"{item['type']} {len(item['items'])} {right - left:.0f} {bottom - top:.0f} {lean}"


def seen_colors(page: Any, clips: Sequence[Box]) -> list[Color | None]:
    """What pictures and shadings paint into clips in which nothing else was drawn; None where the
    page has no such fill there. Sampled from a rendering: only the colour, never a position."""
    if not 0 < len(clips) <= _MOST_UNPAINTED:
        return [None] * len(clips)
    logged = page.get_bboxlog()
    fills = {tuple(box) for what, box, *_ in logged if what == "fill-image"}
    # A picture of its own has one clip; a pattern's cell fills one after the other.
    held = [{clip for clip in clips if _contains(fill, clip)} for fill in fills]
    patterned = any(len(within) >= _FEWEST_UNPAINTED for within in held)
    shared = {clip for within in held for clip in within} if patterned else set()
    if any(what == "fill-shade" for what, *_ in logged):
        shades = [info["bbox"] for info in page.get_image_info() if is_shading(info)]
        shared |= {c for c in clips for s in shades if _contains(s, c) and _contains(c, s)}
    return [_sampled(page, clip) if clip in shared else None for clip in clips]


def is_shading(info: Mapping[str, Any]) -> bool:
    """Whether what PyMuPDF reports as an image is a shading: none of the file's bytes hold it."""
    return info.get("size") == 0


def _contains(outer: Sequence[float], inner: Sequence[float]) -> bool:
    slack = 1.0
    return bool(
        outer[0] - slack <= inner[0]
        and outer[1] - slack <= inner[1]
        and outer[2] + slack >= inner[2]
        and outer[3] + slack >= inner[3]
    )


def _sampled(page: Any, box: Box) -> Color | None:
    """The mean of the more colourful (or, of greys, the darker) quarter of the pixels."""
    thin = min(box[2] - box[0], box[3] - box[1])
    if thin < 0.02:
        return None
    zoom = min(max(_PIXELS / thin, 2.0), _MOST_ZOOM)
    matrix = pymupdf.Matrix(zoom, zoom)
    inset = 0.2 * thin
    inner = pymupdf.Rect(box[0] + inset, box[1] + inset, box[2] - inset, box[3] - inset)
    pixmap = page.get_pixmap(matrix=matrix, clip=inner, alpha=False)
    rows = np.frombuffer(pixmap.samples_mv, np.uint8).reshape(pixmap.height, pixmap.stride)
    pixels = rows[:, : 3 * pixmap.width].reshape(-1, 3).astype(np.float64) / 255
    if not len(pixels):
        return None
    vivid = np.ptp(pixels, axis=1)
    key = vivid if float(vivid.max()) > 0.1 else -pixels.mean(axis=1)
    best = pixels[key >= np.quantile(key, 0.75)].mean(axis=0)
    red, green, blue = (float(part) for part in best)
    return None if min(red, green, blue) > _WHITE else (red, green, blue)
