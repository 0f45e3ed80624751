"""Round marks of one size, found by how deep they are; stems and lines are thinner."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import Mask, delta_e
from air_cli.read.ink import Plot
from air_cli.read.marks.families import Family, families
from air_cli.read.marks.rings import close_rings
from air_cli.records import Box

Floats = NDArray[np.floating[Any]]
_SHALLOW = 2.0  # pixels: what is nowhere deeper is a line
_LARGEST = 0.06  # radius, of the plot's longer side
_LOOSE = 40  # pixels besides lines that make an ink worth a look
SHADE = 7.0  # CIEDE2000: shades of one colour
_LIKE = 0.7  # how much like a disc a shape must be
_RINGS = 0.25  # of a colour's pixels: how large the holes in its shapes are where they are rings
_SLIVER = 0.06  # share of a disc that must be seen of one under another


@dataclass(frozen=True)
class Dot:
    """A round mark: centre and radius in pixels of the image, the number of its colour, how much
    like a disc it is (0..1); `loose` pixels more of uncertainty where another dot lies over it."""

    x: float
    y: float
    radius: float
    series: int
    color: str
    quality: float = 1.0
    loose: float = 0.0

    @property
    def box(self) -> Box:
        return (
            self.x - self.radius,
            self.y - self.radius,
            self.x + self.radius,
            self.y + self.radius,
        )

    def along(self, vertical: bool) -> float:
        """Its place along the value axis; grows with upright values as the axis does."""
        return -self.y if vertical else self.x

    def across(self, vertical: bool) -> float:
        """Its place across the value axis."""
        return self.x if vertical else self.y


@dataclass(frozen=True)
class _Layer:
    """One colour: how much of each pixel it covers, its solid pixels and their depth."""

    cover: Floats
    solid: Mask
    depth: Floats
    color: str


def round_shapes(plot: Plot) -> int:
    """How many round, thick parts the ink has, by a look at the ink alone: a line through several
    dots makes one shape of them."""
    solid = close_rings(plot.ink, 2 * _LARGEST * max(plot.shape)).astype(np.uint8)
    count, labels = cv2.connectedComponents(solid, connectivity=8)
    if not 2 <= count <= 4000:
        return 0
    depth, inked = _depth(solid), solid > 0
    most = _largest(labels[inked], depth[inked], count)
    core = inked & (depth > 0.55 * most[labels])
    count, labels = cv2.connectedComponents(core.astype(np.uint8), connectivity=8)
    numbers = labels[core]
    most, area = _largest(numbers, depth[core], count), np.bincount(numbers, minlength=count)
    small = (most >= _SHALLOW) & (most < _LARGEST * max(plot.shape))
    rounded = small & (area <= 1.8 * np.pi * (0.45 * most + 1) ** 2)
    return int(rounded[1:].sum())


def find_dots(plot: Plot, vertical: bool, shade: float = SHADE) -> tuple[list[Dot], list[str]]:
    """The dots of a plot and the colours that `Dot.series` counts: what differs by less than
    `shade` (CIEDE2000) is one. Dots under others are placed by the edge of theirs that shows."""
    layers, edge = _filled(plot, _layers(plot, shade))
    radius = _usual_radius(layers, _LARGEST * max(plot.shape))
    if radius is None:
        return [], []
    found: list[Dot] = []
    colors: list[str] = []
    kept: list[_Layer] = []
    for layer in layers:
        own = _whole(layer, radius, len(colors), vertical)
        if own:
            found += own
            colors.append(layer.color)
            kept.append(layer)
    radius = statistics.median(d.radius for d in found) if found else radius
    found = [replace(d, radius=radius) for d in found]
    for number, layer in enumerate(kept):
        found += _partly(layer, number, found, radius, vertical)
    return [
        replace(d, x=d.x + plot.x0, y=d.y + plot.y0, radius=d.radius + edge) for d in found
    ], colors


def _layers(plot: Plot, shade: float) -> list[_Layer]:
    """The colours that dots may have: shades of one (compression) together; also such as are
    mostly axis lines."""
    inks = plot.palette.inks
    loose = [
        i
        for i in range(len(inks))
        if i not in plot.series and (plot.palette.mask(i) & ~plot.grid).sum() > _LOOSE
    ]
    found = families(replace(plot, series=(*plot.series, *loose)))
    joined: list[Family] = []
    for family in found:
        host = next((n for n, f in enumerate(joined) if _off(plot, f, family) < shade), None)
        if host is None:
            joined.append(family)
        else:
            main = joined[host]
            cover = np.maximum(main.cover, family.cover)
            joined[host] = Family((*main.members, *family.members), main.mask | family.mask, cover)
    return [_layer(plot, family) for family in joined]


def _filled(plot: Plot, layers: Sequence[_Layer]) -> tuple[list[_Layer], float]:
    """The layers with rings filled where they are hollow dots; without those of rings around
    dots of other colours, their outlines, and how thick these are."""
    result, edge = [], 0.0
    for layer in layers:
        holes = close_rings(layer.solid, 2 * _LARGEST * max(plot.shape)) & ~layer.solid
        if holes.sum() < _RINGS * layer.solid.sum():
            result.append(layer)
        elif plot.palette.ink[holes].mean() < 0.5:
            solid = layer.solid | holes
            cover = np.where(holes, 1.0, layer.cover)
            result.append(_Layer(cover, solid, _depth(solid.astype(np.uint8)), layer.color))
        else:
            edge = max(edge, 2 * float(np.median(layer.depth[layer.solid])))
    return result, edge


def _off(plot: Plot, one: Family, other: Family) -> float:
    inks = plot.palette.inks
    return float(delta_e(np.array(inks[one.main].lab), np.array(inks[other.main].lab)))


def _layer(plot: Plot, family: Family) -> _Layer:
    cover = family.cover
    solid = (cover > 0.45).astype(np.uint8)
    # A grid line of the dots' own colour cuts them; compression makes thin stems paler than the
    # middle of a dot, which is then no ink's.
    closed, bridged = (
        cv2.morphologyEx(solid, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8)) > 0
        for size in (5, 9)
    )
    # A stem that runs across most of the plot passes for a grid line, and may be thick.
    slit = ((closed & (plot.palette.labels < 0)) | (bridged & plot.grid)) & (solid == 0)
    slit &= plot.palette.ink
    if slit.any():
        cover = np.where(slit, 1.0, cover)
        solid = solid | slit.astype(np.uint8)
    return _Layer(cover, solid > 0, _depth(solid), plot.palette.inks[family.main].color)


def _depth(solid: NDArray[np.uint8]) -> Floats:
    """How far each pixel is from the nearest empty one, the outside counted as empty."""
    padded = cv2.copyMakeBorder(solid, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    depth: Floats = cv2.distanceTransform(padded, cv2.DIST_L2, 5)[1:-1, 1:-1]
    return depth


def _largest(numbers: NDArray[np.int32], values: Floats, count: int) -> Floats:
    most = np.zeros(count, np.float32)
    np.maximum.at(most, numbers, values.astype(np.float32))
    return most


def _usual_radius(layers: Sequence[_Layer], largest: float) -> float | None:
    """The radius that most shapes have at their deepest, of those that are round there."""
    radii: list[float] = []
    for layer in layers:
        most, joined = _round_depths(layer.solid, layer.depth)
        # Stems that start at one axis line make a single shape of all: its thick parts are dots.
        inner, _ = _round_depths(joined, layer.depth)
        radii += [float(m) for m in (*most, *inner) if _SHALLOW <= m < largest]
    if not radii:
        return None
    each = np.array(radii)
    alike = np.abs(each[:, None] - each[None, :]) < np.maximum(0.9, 0.15 * each)[:, None]
    votes = alike @ each**2  # by area: specks are many
    return float(np.median(each[alike[int(votes.argmax())]]))


def _round_depths(solid: Mask, depth: Floats) -> tuple[list[float], Mask]:
    """How deep the shapes of a mask are that have one round, thick part; and of the others the
    parts that are nearly as deep as the deepest."""
    count, labels = cv2.connectedComponents(solid.astype(np.uint8), connectivity=4)
    numbers, deep = labels[solid], depth[solid]
    most = _largest(numbers, deep, count)
    core = np.bincount(numbers[deep > 0.55 * most[numbers]], minlength=count)
    rounded = core <= 1.8 * np.pi * (0.45 * most + 1) ** 2
    rest: Mask = solid & ~rounded[labels] & (depth > 0.55 * most[labels])
    return [float(m) for m in most[1:][rounded[1:]]], rest


def _whole(layer: _Layer, radius: float, number: int, vertical: bool) -> list[Dot]:
    """The dots of a colour that are seen nearly whole."""
    core = (layer.depth > 0.6 * radius).astype(np.uint8)
    count, labels, _, centres = cv2.connectedComponentsWithStats(core, connectivity=8)
    most = _largest(labels[core > 0], layer.depth[core > 0], count)
    found = []
    for i in range(1, count):
        if most[i] > 1.5 * radius + 1:
            continue
        x, y = _settled(layer.cover, float(centres[i][0]), float(centres[i][1]), radius, vertical)
        dot = _measured(layer, x, y, radius, number, vertical)
        if dot.quality > _LIKE:
            found.append(dot)
    found.sort(key=lambda d: -d.quality)
    kept: list[Dot] = []
    for dot in found:
        if all(np.hypot(dot.x - d.x, dot.y - d.y) > radius for d in kept):
            kept.append(dot)
    return kept


def _window(cover: Floats, x: float, y: float, reach: float) -> tuple[Floats, Floats, Floats]:
    """The cover around a point, and the columns and rows of its pixels relative to the point."""
    high, wide = cover.shape
    top, bottom = max(0, int(y - reach)), min(high, int(y + reach) + 2)
    left, right = max(0, int(x - reach)), min(wide, int(x + reach) + 2)
    rows, columns = np.mgrid[top:bottom, left:right]
    return cover[top:bottom, left:right], columns - x, rows - y


def _settled(
    cover: Floats, x: float, y: float, radius: float, vertical: bool
) -> tuple[float, float]:
    """The centre of a disc near a point. The band of a stem is left out of its place along the
    value axis: it would draw the centre towards itself."""
    for _ in range(3):
        part, dx, dy = _window(cover, x, y, radius + 4)
        along, across = (dy, dx) if vertical else (dx, dy)
        inside = np.hypot(dx, dy) <= radius + 1.5
        band = _stem(part, along, across, radius)
        weight = np.where(inside, part, 0.0)
        free = np.where(np.abs(across) > band, weight, 0.0) if band else weight
        if weight.sum() < 1 or free.sum() < 1:
            break
        by_along = float((free * along).sum() / free.sum())
        by_across = float((weight * across).sum() / weight.sum())
        x, y = (x + by_across, y + by_along) if vertical else (x + by_along, y + by_across)
    return x, y


def _stem(part: Floats, along: Floats, across: Floats, radius: float) -> float:
    """Half the thickness of the line that leads to a dot; 0 where there is none."""
    beside = (np.abs(along) > radius + 1.5) & (np.abs(along) < radius + 4)
    inked = beside & (part > 0.3) & (np.abs(across) < 0.8 * radius)
    if inked.sum() < 2:
        return 0.0
    return float(np.abs(across[inked]).max()) + 0.7


def _measured(layer: _Layer, x: float, y: float, radius: float, number: int, vertical: bool) -> Dot:
    """A dot with its own radius and likeness to a disc: full inside, little of it around but for
    its stem."""
    part, dx, dy = _window(layer.cover, x, y, 1.6 * radius + 2)
    away = np.hypot(dx, dy)
    inside = part[away <= radius + 1].sum()
    core = part[away <= 0.75 * radius]
    full = float(core.mean()) if core.size else 0.0
    along, across = (dy, dx) if vertical else (dx, dy)
    band = _stem(part, along, across, radius)
    beside = (away > radius + 1.8) & (away <= 1.45 * radius + 2) & (np.abs(across) > band)
    around = part[beside]
    strays = float((around > 0.4).mean()) if around.size else 0.0
    own = float(np.sqrt(max(inside, 1.0) / np.pi))
    quality = full * max(0.0, 1 - max(0.0, strays - 0.12)) * min(1.0, own / radius)
    return Dot(x, y, own, number, layer.color, quality)


def _partly(
    layer: _Layer, number: int, found: Sequence[Dot], radius: float, vertical: bool
) -> list[Dot]:
    """The dots of a colour of which dots of other colours leave a part to be seen."""
    rest = layer.solid.astype(np.uint8).copy()
    for dot in found:
        if dot.series == number:
            cv2.circle(rest, (round(dot.x), round(dot.y)), round(radius + 2), 0, -1)
    rest &= (cv2.morphologyEx(rest, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)) > 0).astype(np.uint8)
    count, labels, stats, centres = cv2.connectedComponentsWithStats(rest, connectivity=8)
    result = []
    for i in range(1, count):
        area = float(stats[i][4])
        if not _SLIVER < area / (np.pi * radius**2) < 1.1 or max(stats[i][2:4]) > 2 * radius + 3:
            continue
        x, y = float(centres[i][0]), float(centres[i][1])
        over = [
            d for d in found if d.series != number and np.hypot(d.x - x, d.y - y) < 2 * radius + 1
        ]
        if not over:
            continue
        near = min(over, key=lambda d: float(np.hypot(d.x - x, d.y - y)))
        result.append(_edged(layer.cover * (labels == i), near, (x, y), radius, number, vertical))
    return [replace(dot, color=layer.color) for dot in result]


def _edged(
    cover: Floats,
    near: Dot,
    middle: tuple[float, float],
    radius: float,
    number: int,
    vertical: bool,
) -> Dot:
    """A dot under another: its free edge, on the lane of the dot over it, is a radius away."""
    x, y = middle
    lane = round(near.x if vertical else near.y)
    lines = cover.T if vertical else cover
    profile = lines[max(0, lane - 1) : lane + 2].max(axis=0)
    places = np.flatnonzero(profile > 0.3)
    if not len(places):
        places = np.flatnonzero(lines.max(axis=0) > 0.3)
        profile = lines.max(axis=0)
    first = (y < near.y) if vertical else (x < near.x)
    edge = places[0] + 0.5 - profile[places[0]] if first else places[-1] - 0.5 + profile[places[-1]]
    at = float(edge + radius if first else edge - radius)
    return Dot(near.x if vertical else at, at if vertical else near.y, radius, number, "", 0.8, 1.0)
