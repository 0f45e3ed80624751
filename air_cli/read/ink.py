"""The ink of a plot: what is drawn in the data area besides background, grid and text.

Shared by the readers in `marks/`, so that their scores mean the same:

    score = (share of the plot's ink that the reading's own shapes cover)
            x (how well those shapes obey the geometry of the kind, 0..1)

A kind that leaves much ink unexplained, or whose shapes are wrong for it, loses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from air_cli.read.colors import Mask, crop, edge_background, farthest
from air_cli.read.palette import Palette
from air_cli.read.scene import Rgb, Scene
from air_cli.records import Box

_GREY, _TINTED = 14, 26  # chroma of what may be a grid line; of what may be an axis line
_EDGE_PX = 3  # pixels from the plot's edge within which an axis line lies


@dataclass(frozen=True)
class Plot:
    """The data area of a scene, cut out. Pixel (0, 0) of every array is (left, top) of the image.

    `palette` ignores texts; `grid` marks grid lines, axis lines and frames; `ink` what remains to
    be explained; `series` the palette's indices that are not grid.
    """

    left: int
    top: int
    palette: Palette
    grid: Mask
    ink: Mask
    series: tuple[int, ...]

    @property
    def x0(self) -> float:
        """What to add to a column index for an image position: pixel i spans i to i + 1."""
        return self.left + 0.5

    @property
    def y0(self) -> float:
        """What to add to a row index for an image position: pixel i spans i to i + 1."""
        return self.top + 0.5

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.grid.shape[0], self.grid.shape[1]

    def box(self, left: float, top: float, right: float, bottom: float) -> Box:
        """A box of the crop as a box of the image."""
        return left + self.left, top + self.top, right + self.left, bottom + self.top

    def explained(self, mask: Mask) -> float:
        """Share of the ink that a mask (grown by a pixel: edges) covers. Ink counts by its
        contrast: a pale band behind the marks is little ink, however large."""
        weight = self.palette.contrast * self.ink
        total = float(weight.sum())
        if not total:
            return 0.0
        grown = cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        return float(weight[grown].sum()) / total


def cut_plot(
    scene: Scene, margin: int = 3, *, reach: bool = False, shown: Mask | None = None
) -> Plot:
    """Cut the data area (with a margin: marks may straddle the axes) and sort its pixels.

    With `reach` the cut goes further, since lines may leave the span of the tick labels; only ink
    within the data area counts as ink to be explained all the same. `shown` are pixels of the
    image, (h, w), to look at although a text's box covers them.
    """
    height, width = scene.rgb.shape[:2]
    l0, t0, r0, b0 = scene.plot if scene.plot[2] > scene.plot[0] else (0, 0, width, height)
    inner = (l0 - margin, t0 - margin, r0 + margin, b0 + margin)
    heads = [t.bbox_px[3] for t in scene.texts if t.role in ("title", "subtitle")]
    head = max((y for y in heads if y < t0), default=0.0)
    up = min(max(0.0, t0 - head), 0.4 * (b0 - t0))
    below = [t.bbox_px for t in scene.texts if t.role == "tick" and t.bbox_px[1] > b0]
    feet = [box[1] for box in below if l0 < (box[0] + box[2]) / 2 < r0]
    down = min(max([0.05 * (b0 - t0), min(feet, default=b0) - 2 - b0 - margin]), 0.4 * (b0 - t0))
    ats = [tick.px for tick in scene.x.ticks] if reach and scene.x else []
    wide = 0.05 * (r0 - l0)
    grow = (
        max([wide, l0 - min(ats, default=l0)]),
        up,
        max([wide, max(ats, default=r0) - r0]),
        down,
    )
    near = grow if reach else (0.0,) * 4
    box = (
        max(0, inner[0] - near[0]),
        max(0, inner[1] - near[1]),
        min(width, inner[2] + near[2]),
        min(height, inner[3] + near[3]),
    )
    part = crop(scene.rgb, box)
    left, top = round(box[0]), round(box[1])
    allowed = _allowed(scene, part.shape[:2], left, top)
    if shown is not None:
        allowed |= shown[top : top + part.shape[0], left : left + part.shape[1]]
    shifted = (inner[0] - left, inner[1] - top, inner[2] - left, inner[3] - top)

    def sort() -> Plot:
        palette = Palette(part, _ground(part, scene), allowed)
        grid = grid_mask(palette, (l0 - left, t0 - top, r0 - left, b0 - top))
        ink = palette.ink & ~grid & cover_boxes(grid.shape, [shifted])
        series = tuple(i for i in range(len(palette.inks)) if _is_series(palette, i, grid))
        return Plot(left, top, palette, grid, ink, series)

    return scene.once(scene.rgb, (box, shifted, scene.background, allowed.tobytes()), sort)


def _allowed(scene: Scene, shape: tuple[int, ...], left: int, top: int) -> Mask:
    """The pixels of a cut that are neither text nor a legend's swatch."""
    allowed = np.ones(shape, bool)
    for text in scene.texts:
        if not any(c.isalnum() for c in text.text):
            continue  # a marker, read as a bullet
        x0, y0, x1, y1 = text.bbox_px
        allowed[
            max(0, round(y0) - top) : max(0, round(y1) - top),
            max(0, round(x0) - left) : max(0, round(x1) - left),
        ] = False
    for entry in scene.legend:
        x0, y0, x1, y1 = entry.swatch_px
        allowed[
            max(0, round(y0) - top - 1) : max(0, round(y1) - top + 2),
            max(0, round(x0) - left - 1) : max(0, round(x1) - left + 2),
        ] = False
    return allowed


def _ground(part: Rgb, scene: Scene) -> tuple[int, int, int]:
    """The scene's background where it shows in the plot; wide marks may cover more than it does."""
    same = farthest(part.astype(np.int16) - np.array(scene.background, np.int16)) <= 8
    return scene.background if part.size and same.mean() > 0.08 else edge_background(part)


def _is_series(palette: Palette, index: int, grid: Mask) -> bool:
    core = palette.mask(index)
    return bool((core & ~grid).sum() > 0.35 * core.sum())


def grid_mask(palette: Palette, plot: Box | None = None) -> Mask:
    """Grid lines, axis lines and frames: thin, straight, grey or black, across most of the plot;
    axis lines on the edges of `plot` (pixels of the crop) may be somewhat coloured."""
    height, width = palette.labels.shape
    grid = np.zeros((height, width), bool)
    edges = _edges((height, width), plot)
    for index, ink in enumerate(palette.inks):
        if ink.chroma > _TINTED:
            continue
        mask = palette.mask(index)
        if ink.chroma > _GREY:
            mask = mask & edges
        for axis, length in ((1, width), (0, height)):
            grid |= _straight(mask, axis, length)
    # The blurred edge of a thin line belongs to it.
    grown = cv2.dilate(grid.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    result: Mask = grown & (grid | (palette.labels < 0) | _greyish(palette))
    return result


def _edges(shape: tuple[int, int], plot: Box | None) -> Mask:
    """The pixels within the width of a line of a box's edges."""
    if plot is None:
        return np.zeros(shape, bool)
    left, top, right, bottom = plot
    near = _EDGE_PX
    outer = cover_boxes(shape, [(left - near, top - near, right + near, bottom + near)])
    inner = cover_boxes(shape, [(left + near, top + near, right - near, bottom - near)])
    return outer & ~inner


def _greyish(palette: Palette) -> Mask:
    red, green, blue = (palette.crop[..., n] for n in range(3))
    highest = np.maximum(np.maximum(red, green), blue)
    lowest = np.minimum(np.minimum(red, green), blue)
    result: Mask = np.asarray(highest - lowest < 30)
    return result


def _straight(mask: Mask, axis: int, length: int) -> Mask:
    """Rows (axis=1) or columns (axis=0) of a thin line of this colour, dashed lines included."""
    counts = mask.sum(axis=axis)
    full = counts > 0.3 * length
    # A filled region has many such rows in a row; a line has at most a few.
    runs = _runs(full)
    keep = np.zeros(len(counts), bool)
    for start, stop in runs:
        if stop - start <= max(4, 0.008 * length) and _spread(mask, axis, start, stop, length):
            keep[start:stop] = True
    return mask & (keep[:, None] if axis == 1 else keep[None, :])


def _spread(mask: Mask, axis: int, start: int, stop: int, length: int) -> bool:
    """Whether the line's pixels reach over most of the plot, not only part of it."""
    band = (mask[start:stop] if axis == 1 else mask[:, start:stop]).any(axis=1 - axis)
    places = np.flatnonzero(band)
    return bool(len(places) and places[-1] - places[0] > 0.7 * length)


def _runs(flags: Mask) -> list[tuple[int, int]]:
    """Runs of True as (start, stop)."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def cover_boxes(shape: tuple[int, int], boxes: Iterable[Box]) -> Mask:
    """A mask of boxes given in the crop's pixels."""
    mask = np.zeros(shape, bool)
    for left, top, right, bottom in boxes:
        rows = slice(max(0, round(top)), max(0, round(bottom)))
        mask[rows, max(0, round(left)) : max(0, round(right))] = True
    return mask
