"""Stacked areas as layers: flat colours that lie over each other in one order in every column.

A palette takes greys for blends of other greys, and a layer of a few pixels for the edge of its
neighbours. Here the colours are those of flat pixels alone, which no edge is, and the edges between
the layers are put where each column as a whole agrees best with their order.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import Mask, farthest, from_hex, to_hex
from air_cli.read.marks.edges import foot_level, whole
from air_cli.read.marks.naming import match_colors
from air_cli.read.scene import LegendEntry

Floats = NDArray[np.floating[Any]]
_FLAT = 6  # grey levels within a flat pixel's surroundings
_SAME = 5  # grey levels around a layer's colour
_NEXT = 9  # grey levels within which compression makes more colours of one
_OWN = 8  # grey levels between a layer's colour and its sample in the legend
_LEAST = 0.006  # share of the crop that a layer fills
_MOST = 14  # colours
_LOOK, _SAMPLE = 200, 60_000  # columns and pixels that a first look takes
_FAR = 60.0  # grey levels from a colour beyond which more is no worse: lines and letters
_WIDE = 0.35  # of the crop: the layers reach as far
_THERE = 0.6  # share of the columns in which a layer is a pixel high
_COLUMN = 0.6  # the same of one column
_RIGHT = 0.9  # share of the pixels that have the colour of their layer


@dataclass(frozen=True)
class Layers:
    """Layers from the lowest to the top one. `edges` is (layers + 1, columns): rows of the edges
    from the foot to the top, in pixels of the crop whose row i spans i - 0.5 to i + 0.5; `xs` the
    columns. `right` is the share of their pixels that have the colour of their layer."""

    xs: Floats
    edges: Floats
    colors: tuple[str, ...]
    right: float


def find_layers(
    rgb: NDArray[np.uint8],
    seen: Mask,
    grounds: Sequence[tuple[int, int, int]],
    legend: Sequence[LegendEntry],
) -> Layers | None:
    """The layers in a crop (height, width, 3) of a plot; None unless there are two or more.

    `seen` is False where something else hides the layers. `grounds` are colours of the page and of
    the plot's panel, that no layer has unless the legend shows it.
    """
    entries = [e for e in legend if e.swatch_px != e.bbox_px]
    colors = _flat_colors(rgb, seen)
    # Most plots are no stack: a look at some of the columns tells.
    step = max(1, rgb.shape[1] // _LOOK)
    image, shown = rgb[:, ::step].astype(np.int16), seen[:, ::step]
    colors += _thin_colors(image, shown, colors, entries)
    if len(colors) < 2:
        return None
    near = _away(image, colors)
    own = (near.argmin(axis=0) + 1) * ((near.min(axis=0) <= 2 * _SAME) & shown)
    order = _upwards(own, len(colors))
    fills = _fills(own, [colors[i] for i in order], order, grounds, entries)
    rest = [c for i, c in enumerate(colors) if i not in fills] + [np.array(g) for g in grounds]
    layers = [colors[i] for i in fills]
    while len(layers) >= 2:
        found = _placed(image, shown, layers, rest)
        if found is None or found.right < _RIGHT:
            return None
        there = (found.edges[:-1] - found.edges[1:] >= 1).mean(axis=1) >= _THERE
        if there.all():
            return found if step == 1 else _placed(rgb.astype(np.int16), seen, layers, rest)
        rest += [c for c, present in zip(layers, there, strict=True) if not present]
        layers = [c for c, present in zip(layers, there, strict=True) if present]
    return None


def _away(image: NDArray[np.int16], colors: Sequence[Floats]) -> NDArray[np.float32]:
    """Grey levels between each pixel and each colour, (colours, height, width)."""
    return np.stack([farthest(image - np.rint(c).astype(np.int16)) for c in colors]).astype(
        np.float32
    )


def _flat_colors(rgb: NDArray[np.uint8], seen: Mask) -> list[Floats]:
    """The colours of flat pixels, the most frequent first."""
    size = 3 if max(rgb.shape[:2]) < 900 else 5
    box = np.ones((size, size), np.uint8)
    spread = (cv2.dilate(rgb, box) - cv2.erode(rgb, box)).max(axis=2)
    pixels = rgb[(spread <= _FLAT) & seen].astype(np.int16)
    step = max(1, len(pixels) // _SAMPLE)
    pixels = pixels[::step]
    found: list[Floats] = []
    least = _LEAST * seen.size / step
    while len(pixels) > least and len(found) < _MOST:
        codes = (pixels.astype(np.int64) // 4) @ np.array([1, 64, 4096])
        _, places, counts = np.unique(codes, return_index=True, return_counts=True)
        start = pixels[places[counts.argmax()]].astype(float)
        for _ in range(3):
            start = pixels[farthest(pixels - start) <= _SAME].mean(axis=0)
        members = farthest(pixels - start) <= _SAME
        if members.sum() > least:
            found.append(start)
        pixels = pixels[farthest(pixels - start) > _NEXT]
    return found


def _thin_colors(
    image: NDArray[np.int16], seen: Mask, known: Sequence[Floats], entries: Sequence[LegendEntry]
) -> list[Floats]:
    """The colours that a legend shows of layers too thin to be flat anywhere."""
    found: list[Floats] = []
    shown = list(entries)
    for entry in shown:
        color = np.array(from_hex(entry.color), float)
        like = [c for c in known if np.abs(color - c).max() <= 2 * _OWN]
        if any(min(shown, key=lambda e: _off(e, c)) is entry for c in like):
            continue
        near = (farthest(image - color) <= _SAME) & seen
        if near.any(axis=0).mean() > _WIDE:
            found.append(np.median(image[near], axis=0))
    return found


def _off(entry: LegendEntry, color: Floats) -> float:
    return float(np.abs(np.array(from_hex(entry.color)) - color).max())


def _upwards(own: NDArray[Any], count: int) -> list[int]:
    """The colours from the lowest to the highest: by what lies under what in most columns."""
    level = np.full((count, own.shape[1]), np.nan)
    for i in range(count):
        run = (own == i + 1).cumsum(axis=0)
        middle = (run >= (run[-1] + 1) // 2).argmax(axis=0)  # edges may have its colour elsewhere
        level[i] = np.where(run[-1] > 0, middle, np.nan)
    below = np.zeros((count, count))
    for a, b in itertools.permutations(range(count), 2):
        below[a, b] = (level[a] > level[b]).sum() > (level[a] < level[b]).sum()
    return sorted(range(count), key=lambda i: -below[i].sum())


def _fills(
    own: NDArray[Any],
    colors: Sequence[Floats],
    order: Sequence[int],
    grounds: Sequence[tuple[int, int, int]],
    entries: Sequence[LegendEntry],
) -> list[int]:
    """Which colours, given and returned upwards, are layers and no ground above or below them."""
    shown = match_colors([to_hex(c) for c in colors], entries)
    top = max(shown, default=0)
    if shown and _is_ground(own == order[top] + 1, colors[top]):
        told = np.array(from_hex(entries[shown[top]].color))
        if np.abs(colors[top] - told).max() > _OWN:
            del shown[top]
    plain = [
        i not in shown and min((float(np.abs(c - g).max()) for g in grounds), default=99.0) < 6
        for i, c in enumerate(colors)
    ]
    inner = [i for i in range(len(colors)) if not plain[i]]
    if len(shown) >= 2:
        inner = [i for i in inner if i <= max(shown)]
    elif inner and _is_ground(own == order[inner[-1]] + 1, colors[inner[-1]]):
        inner = inner[:-1]
    wide = [(own == order[i] + 1).any(axis=0).mean() for i in inner]
    return [order[i] for i, share in zip(inner, wide, strict=True) if share > _WIDE]


def _is_ground(mask: Mask, color: Floats) -> bool:
    """Whether the topmost colour is a plot's tinted ground: pale and grey, up to the very top."""
    pale = float(color.min()) > 205 and float(np.ptp(color)) < 25
    tops = mask.argmax(axis=0)[mask.any(axis=0)]
    return pale and bool(np.mean(np.abs(tops - np.median(tops)) <= 1) > 0.5)


def _placed(
    image: NDArray[np.int16], seen: Mask, layers: Sequence[Floats], rest: Sequence[Floats]
) -> Layers | None:
    """The edges that give each column the colours nearest to its pixels', by dynamic programming
    over the rows, and how well they fit; None where they are no layers. `rest` are the colours of
    what is above or below them."""
    height, width = seen.shape
    near = np.minimum(_away(image, layers), _FAR)
    # What has no colour of the layers at all is above or below them: an axis line, a label.
    ground = np.minimum(_away(image, rest).min(axis=0), 0.8 * _FAR)
    # From the foot upwards: ground, the layers, ground.
    costs = np.stack([ground, *near, ground])
    costs *= seen
    # What nothing tells of, under a title, is no layer's unless it lies between layers.
    costs[1:-1] += 0.01 * ~seen
    states = len(costs)
    came = np.zeros((height, states, width), np.int8)
    numbers = np.arange(states)[:, None]
    total = np.zeros((states, width), np.float32)
    for row in range(height - 1, -1, -1):
        lowest = np.minimum.accumulate(total, axis=0)
        # Of equals the lower: what hides the foot of the lowest layer is no part of it.
        fresh = total < np.vstack([np.full((1, width), np.inf), lowest[:-1]])
        came[row] = np.maximum.accumulate(np.where(fresh, numbers, 0), axis=0)
        total = lowest + costs[:, row]
    state = total.argmin(axis=0)
    columns = np.arange(width)
    labels = np.zeros((height, width), np.int8)
    for row in range(height):
        labels[row] = state
        state = came[row, state, columns]
    return _measured(image, near, ground, seen, layers, labels)


def _measured(
    image: NDArray[np.int16],
    near: NDArray[np.float32],
    ground: NDArray[np.float32],
    seen: Mask,
    layers: Sequence[Floats],
    labels: NDArray[np.int8],
) -> Layers | None:
    height, width = labels.shape
    inside = (labels > 0) & (labels <= len(layers))
    good = np.zeros(labels.shape, bool)
    for k, away in enumerate(near):
        good |= (labels == k + 1) & (away <= 3 * _SAME)
    body = inside & seen
    number = body.sum(axis=0)
    mostly = (good & body).sum(axis=0) > _COLUMN * number
    full = np.flatnonzero((number >= max(4, 0.02 * height)) & mostly)
    if len(full) < max(20, _WIDE * width):
        return None
    # The outer columns are covered only in part.
    inner = full[2:-2]
    if len(inner) < 0.95 * (inner[-1] - inner[0] + 1):
        return None
    bounds = np.stack([(labels[:, inner] > k).sum(axis=0) for k in range(len(layers) + 1)])
    bounds = _steadied(bounds)
    kept = whole(bounds[-1].astype(float), max(6.0, 0.03 * height))
    xs, bounds = inner[kept], bounds[:, kept]
    right = float(good[:, xs][body[:, xs]].mean())
    sure = (np.minimum(near.min(axis=0), ground) <= 3 * _SAME)[:, xs]
    edges = np.stack([_fine(image[:, xs], bounds, k) for k in range(len(bounds))])
    edges[1:] = _outlined(sure, bounds[1:], edges[1:])
    foot = foot_level(edges[0], height)
    edges[0] = edges[0] if foot is None else foot
    return Layers(xs.astype(float), edges, tuple(map(to_hex, layers)), right)


def _steadied(bounds: NDArray[Any]) -> NDArray[Any]:
    """The edges without what upright grid lines do to single columns: a running median."""
    reach = 3 + bounds.shape[1] // 400
    padded = np.pad(bounds, ((0, 0), (reach, reach)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=1)
    return np.asarray(np.median(windows, axis=2).astype(int))


def _outlined(sure: Mask, bounds: NDArray[Any], edges: Floats) -> Floats:
    """The edges, where a line in another colour lies along them put into its middle."""
    reach, columns = np.arange(6)[:, None, None], np.arange(sure.shape[1])
    last = sure.shape[0] - 1
    above, below = (
        np.cumprod(~sure[rows.clip(0, last), columns], axis=0).sum(axis=0)
        for rows in (bounds - 1 - reach, bounds + reach)
    )
    wide = above + below
    middle = bounds + (below - above) / 2 - 0.5
    return np.asarray(np.where((wide >= 2) & (wide <= 8), middle, edges))


def _fine(image: NDArray[np.int16], bounds: NDArray[Any], k: int) -> Floats:
    """An edge to a fraction of a pixel: how much of the lower colour is in the pixels around it,
    between the colours that lie a few pixels off on either side."""
    height, width = image.shape[:2]
    bound, columns = bounds[k], np.arange(width)
    lower = np.full(width, height) if k == 0 else bounds[k - 1]
    upper = np.zeros(width, int) if k == len(bounds) - 1 else bounds[k + 1]
    rows = bound + np.arange(-3, 3)[:, None]
    within = (rows >= np.maximum(upper, bound - 3)) & (rows < np.minimum(lower, bound + 3))
    part = image[rows.clip(0, height - 1), columns].astype(np.float32)
    above = image[np.maximum(bound - 3, upper).clip(0, height - 1), columns].astype(np.float32)
    below = image[np.minimum(bound + 2, lower - 1).clip(0, height - 1), columns].astype(np.float32)
    toward = below - above
    length = (toward**2).sum(axis=1)
    share = ((part - above) * toward).sum(axis=2) / np.maximum(length, 1.0)
    share = np.where(within, share.clip(0, 1), rows >= bound)
    fine = bound + 3 - share.sum(axis=0)
    thick = (bound - upper >= 2) & (lower - bound >= 2) & (length > 300)
    return np.asarray(np.where(thick & (np.abs(fine - bound) < 2.5), fine, bound) - 0.5)
