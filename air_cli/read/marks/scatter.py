"""Scatter and dot plots: separate round marks, one a point; overlapping ones are told apart."""

from __future__ import annotations

import itertools
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import Mask, color_name, distance
from air_cli.read.ink import Plot, cut_plot
from air_cli.read.marks.bubbles import find_bubbles
from air_cli.read.marks.dotted import SHADE, Dots, Floats
from air_cli.read.marks.knots import TICK_REACH, tick_knots
from air_cli.read.marks.labelled import hidden_parts, with_names
from air_cli.read.marks.lines import find_lines
from air_cli.read.marks.naming import match_colors
from air_cli.read.marks.rings import close_rings
from air_cli.read.scene import MarkReading, Scene
from air_cli.records import Mark, Series, Text

_LEAST = 4  # points that make a scatter plot
_SPECK, _STRAYS = 0.6, 0.8  # of the largest dots' size; share of a colour's dots
_ROUND = frozenset("oOQ0689")
_ALIKE = 0.12  # by how much of its area a dot may differ from the usual one
_ALL = 0.97  # share of the ink that the dots are, if nothing was left out
_WIDEST = 0.15  # of the plot's longer side: a bubble's diameter
_TINY = 16.0  # pixels: dots that are looked at enlarged where they overlap
_PARTLY, _CLEAR = 0.3, 0.9  # of the ink: dots that explain so much may have a line fitted to them
_OWN_NAMES = 0.5  # share of the points that have a name beside them


def read(scene: Scene) -> MarkReading | None:
    """The points of a scene; None without a y axis, an x axis, or at least four dots.

    Score: the share of the plot's ink in dots, times how round and alike they are.
    """
    if scene.x is None or scene.y is None or scene.y.kind == "category":
        return None
    worded = replace(scene, texts=[t for t in scene.texts if not _may_be_dots(t)])
    plot = cut_plot(worded)
    found = _all_dots(scene, plot)
    several = sum(len(dots.centres) for dots in found) >= _LEAST
    if several and (hidden := hidden_parts(worded, plot)) is not None:
        plot = cut_plot(worded, shown=hidden)
        found = _all_dots(scene, plot)
    found = _outlined(scene, plot, found)
    if sum(len(dots.centres) for dots in found) < _LEAST:
        return None
    covered = np.zeros(plot.shape, bool)
    for dots in found:
        covered |= dots.mask
    weights = [len(dots.centres) for dots in found]
    quality = float(np.average([dots.quality for dots in found], weights=weights))
    names, marks, own = _named_marks(scene, plot, found)
    merged = sum(dots.merged for dots in found)
    problems = [f"{merged} points overlap; their places are less sure"] if merged else []
    if len(found) > 1 and not scene.legend and not own:
        problems.append("the colours of the points are not named in a legend")
    series = tuple(
        dict.fromkeys(Series(n, d.color, "scatter") for n, d in zip(names, found, strict=True))
    )
    explained = plot.explained(covered)
    if _PARTLY < explained < _CLEAR:
        explained = plot.explained(covered | _trend(plot, found))
    score = min(1.0, explained) * quality
    categories = () if scene.x.kind != "category" else tuple(k.name for k in tick_knots(scene.x))
    kind = "scatter"
    if scene.x.kind != "category" and _sized(found):
        kind, marks = "bubble", _with_sizes(found, marks)
    return MarkReading(kind, tuple(marks), series, categories, score, tuple(problems))


def _all_dots(scene: Scene, plot: Plot) -> list[Dots]:
    """The dots of every colour."""
    found = [dots for group in _shades(scene, plot) if (dots := _dots(plot, group)) is not None]
    return _without_specks(plot, found)


def _named_marks(scene: Scene, plot: Plot, found: list[Dots]) -> tuple[list[str], list[Mark], bool]:
    """The series' names, the points, and whether most of these have a name of their own beside
    them: then their colours tell nothing more, and they are one series."""
    if scene.x is None or scene.y is None:
        return [], [], False
    names = _names(scene, found)
    marks = [m for d, n in zip(found, names, strict=True) for m in _marks(plot, d, n, scene)]
    named, share = with_names(scene, marks)
    if scene.x.kind == "category":
        return names, marks, False
    shown = any(entry.swatch_px != entry.bbox_px for entry in scene.legend)
    if share < _OWN_NAMES or shown:
        return names, named if not shown else marks, False
    return [""] * len(found), [replace(mark, series="") for mark in named], True


def _trend(plot: Plot, found: list[Dots]) -> Mask:
    """The pixels of straight lines through the plot in colours that no point has: fitted lines."""
    covered = np.zeros(plot.shape, bool)
    for line in find_lines(plot):
        away = min(distance(line.color, dots.color) for dots in found)
        xs, ys = line.stroke.xs, line.stroke.ys
        rest = ys - np.polyval(np.polyfit(xs, ys, 1), xs)
        if away > SHADE and np.abs(rest).max() < 2 + 0.5 * line.stroke.width:
            covered |= line.stroke.mask(plot.shape)
    return covered


def _outlined(scene: Scene, plot: Plot, found: list[Dots]) -> list[Dots]:
    """What was found, or the bubbles that circles along the edges make, where these say more of
    shapes that were not told apart, or were no dots at all."""
    if scene.x is None or scene.x.kind not in ("linear", "log"):
        return found
    merged = any(np.isnan(dots.areas).any() for dots in found)
    if found and not merged and _explained(plot, found) > _ALL:
        return found
    bubbles = find_bubbles(plot, scene.legend)
    more = _explained(plot, bubbles) - _explained(plot, found)
    # Beside enough points a rest of the ink is a fitted line, an icon, a letter.
    several = sum(len(dots.centres) for dots in found) >= 2 * _LEAST
    return bubbles if more > (-0.1 if merged else 0.15 if several else 0.0) else found


def _explained(plot: Plot, found: list[Dots]) -> float:
    covered = np.zeros(plot.shape, bool)
    for dots in found:
        covered |= dots.mask
    return plot.explained(covered)


def _may_be_dots(text: Text) -> bool:
    """Whether what was read in the plot may be markers: one or two round letters or digits."""
    return text.role == "label" and len(text.text) <= 2 and set(text.text) <= _ROUND


def _without_specks(plot: Plot, found: list[Dots]) -> list[Dots]:
    """The dots without much smaller ones of another colour that stand on them, or on the plot's
    edge: outlines in the page's colour, ends of tick marks."""
    largest = max((dots.size for dots in found), default=0.0)
    kept = []
    for dots in found:
        edge = np.minimum(dots.centres, np.array(plot.shape[::-1]) - dots.centres).min(axis=1)
        stray = edge < 1.5 * dots.size
        for other in found:
            if other.size > dots.size / _SPECK:
                away = np.hypot(*(dots.centres[:, None] - other.centres[None]).T)
                stray |= away.min(axis=0) < 0.8 * other.size
        if dots.size > _SPECK * largest or stray.mean() < _STRAYS:
            kept.append(dots)
    return kept


def _sized(found: list[Dots]) -> bool:
    """Whether the dots are bubbles: round marks whose areas differ within a series, the more so
    the less exactly small ones are measured."""
    own = [dots.areas[np.isfinite(dots.areas)] for dots in found]
    areas = np.concatenate(own)
    if len(areas) < _LEAST:
        return False
    low, high = np.quantile(np.concatenate([a / np.median(a) for a in own if len(a)]), (0.15, 0.85))
    usual, large = np.quantile(areas, (0.5, 0.85))
    return bool((high > 1.8 * low and large > 150) or (high > 1.35 * low and usual > 200))


def _with_sizes(found: list[Dots], marks: list[Mark]) -> list[Mark]:
    """The marks with their areas as shares of the largest, None where dots overlap."""
    largest = max(float(np.nanmax(dots.areas)) for dots in found if np.isfinite(dots.areas).any())
    every = [area for dots in found for area in dots.areas[np.argsort(dots.centres[:, 0])]]
    shares = [round(area / largest, 3) if np.isfinite(area) else None for area in every]
    return [replace(mark, size=share) for mark, share in zip(marks, shares, strict=True)]


def _shades(scene: Scene, plot: Plot) -> list[list[int]]:
    """The inks of a plot, those together that differ by less than compression does, and by less
    than the colours of a legend."""
    names = list(itertools.combinations([entry.color for entry in scene.legend], 2))
    limit = min([SHADE, *(0.6 * distance(a, b) for a, b in names)])
    groups: list[list[int]] = []
    for index in plot.series:
        color = plot.palette.inks[index].color
        same = [g for g in groups if distance(plot.palette.inks[g[0]].color, color) < limit]
        if same:
            same[0].append(index)
        else:
            groups.append([index])
    return groups


def _dots(plot: Plot, inks: list[int]) -> Dots | None:
    """The dots of the shades of one colour, or None when its shapes are not mostly dots."""
    cover = np.max([plot.palette.coverage(index) for index in inks], axis=0)
    own = np.any([plot.palette.mask(index) for index in inks], axis=0)
    solid = close_rings((cover > 0.4) & ~(plot.grid & ~own), _WIDEST * max(plot.shape))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid.astype(np.uint8))
    if count < 2:
        return None
    wide, tall, area = stats[1:, 2], stats[1:, 3], stats[1:, 4]
    full = area / (wide * tall)
    aspect = np.maximum(wide, tall) / np.minimum(wide, tall)
    small = np.maximum(wide, tall) < max(12.0, 0.035 * max(plot.shape))
    loose = np.where(np.maximum(wide, tall) < 10, 0.14, 0.06)  # a pixel is much of a small one
    disc = (np.maximum(wide, tall) < _WIDEST * max(plot.shape)) & (np.abs(full - 0.785) < loose)
    alone = (area >= 6) & (aspect < 1.5) & (full > 0.55) & (small | (disc & (aspect < 1.15)))
    enough = alone.sum() >= 2 or (alone & disc & (area > 16)).any()
    if not enough or area[alone].sum() < 0.25 * area.sum():
        return None
    usual = float(np.median(area[alone]))
    size = float(np.sqrt(usual * 4 / np.pi))
    centres, reach, areas, merged, paired, kept = [], [], [], 0, 0, np.zeros(count, bool)
    even = (aspect < 1.15) | (np.abs(wide - tall) <= 1)
    round_ones = alone & disc & even & (area > 20)
    same = float(np.mean(np.abs(area[alone] / usual - 1) < _ALIKE)) > 0.6
    for i in np.flatnonzero((area >= max(4.0, 0.3 * usual)) | round_ones):
        two = _twins(cover * (labels == i + 1), area[i] / usual) if same else []
        if two:
            centres += two
            paired += 2
            reach += [0.75 + 0.1 * size] * 2
            areas += [usual] * 2
        elif alone[i] and (area[i] < 1.7 * usual or round_ones[i]):
            centres.append(_centroid(cover, labels, stats[i + 1], int(i) + 1))
            own = float(np.sqrt(area[i] * 4 / np.pi))
            reach.append(0.75 + 0.25 * min(abs(size - own), 4.0))
            areas.append(float(area[i]))
        elif area[i] < 25 * usual:
            mask = labels == i + 1
            parts = _apart(mask, size)
            centres += parts
            reach += [0.3 * size] * len(parts)
            areas += [float("nan")] * len(parts)
            merged += len(parts)
        else:
            continue
        kept[i + 1] = True
    if not centres:
        return None
    alike = float(np.mean((np.abs(area[alone] / usual - 1) < 0.5) | round_ones[alone]))
    dotty = float(area[kept[1:]].sum() / max(1, area.sum()))
    quality = dotty * (0.5 + 0.5 * alike) * (1 - 0.5 * merged / len(centres))
    color = plot.palette.inks[inks[0]].color
    found = np.array(centres), np.array(reach), np.array(areas)
    return Dots(*found, size, color, kept[labels], quality, merged + paired)


def _twins(cover: Floats, ratio: float) -> list[tuple[float, float]]:
    """Centres of two discs that overlap, told by the area of their common shape (`ratio` times a
    disc's) and its direction; empty where that is one disc, or not drawn out as two would be.

    The lens that two discs of radius 1 share at a distance d has the area 2 acos(d/2) - d/2
    sqrt(4 - d^2).
    """
    if not 1 + _ALIKE < ratio < 1.95:
        return []
    ys, xs = np.nonzero(cover)
    weight = cover[ys, xs]
    middle = np.array([np.average(xs, weights=weight), np.average(ys, weights=weight)])
    spread, axes = np.linalg.eigh(np.cov(np.stack([xs, ys]), aweights=weight))
    apart = np.linspace(0, 2, 201)
    union = 2 - (2 * np.arccos(apart / 2) - apart / 2 * np.sqrt(4 - apart**2)) / np.pi
    distance = float(np.interp(ratio, union, apart))
    if spread[1] < (1 + 0.5 * distance) * spread[0]:
        return []
    radius = float(np.sqrt(weight.sum() / ratio / np.pi))
    step = 0.5 * distance * radius * axes[:, 1]
    return [tuple(middle - step), tuple(middle + step)]


def _centroid(
    cover: NDArray[np.float32], labels: NDArray[np.int32], stat: NDArray[np.int32], label: int
) -> tuple[float, float]:
    """The centre of one dot, weighted by coverage."""
    x, y, w, h = (int(v) for v in stat[:4])
    height, width = cover.shape  # mgrid does not stop at the array's edge as indexing does
    window = (
        slice(max(0, y - 1), min(height, y + h + 1)),
        slice(max(0, x - 1), min(width, x + w + 1)),
    )
    other = (labels[window] > 0) & (labels[window] != label)
    weight = np.where(other, 0, cover[window]).astype(np.float64)
    rows, columns = np.mgrid[window]
    total = weight.sum()
    return float((weight * columns).sum() / total), float((weight * rows).sum() / total)


def _apart(mask: Mask, size: float) -> list[tuple[float, float]]:
    """Centres of overlapping dots: peaks of the depth inside their common shape."""
    ys, xs = np.nonzero(mask)
    y0, x0 = ys.min(), xs.min()
    part = np.pad(mask[y0 : ys.max() + 1, x0 : xs.max() + 1].astype(np.float32), 2)
    fine = 3 if size < _TINY else 1  # a pixel is much of a small dot's radius
    if fine > 1:
        part = cv2.resize(part, None, fx=fine, fy=fine, interpolation=cv2.INTER_LINEAR)
    depth = cv2.distanceTransform((part > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    depth = cv2.GaussianBlur(depth, (3, 3), 0)
    reach = max(3, round(0.55 * size * fine) | 1)
    peaks = (depth >= cv2.dilate(depth, np.ones((reach, reach), np.uint8)) - 1e-6) & (
        depth > 0.33 * size * fine
    )
    count, _, _, centres = cv2.connectedComponentsWithStats(peaks.astype(np.uint8))
    places = ((centres[1:count] + 0.5) / fine - 0.5 - 2).tolist()
    return [(float(x) + x0, float(y) + y0) for x, y in places]


def _names(scene: Scene, found: list[Dots]) -> list[str]:
    if len(found) == 1 and not scene.legend:
        return [""]
    matched = match_colors([dots.color for dots in found], scene.legend)
    return [
        scene.legend[matched[i]].name if i in matched else color_name(dots.color)
        for i, dots in enumerate(found)
    ]


def _marks(plot: Plot, dots: Dots, name: str, scene: Scene) -> list[Mark]:
    x, y = scene.x, scene.y
    if x is None or y is None:
        return []
    marks = []
    half = dots.size / 2
    knots = tick_knots(x) if x.kind == "category" else []
    for (cx, cy), reach in zip(dots.centres, dots.reach, strict=True):
        px, py = float(cx + plot.x0), float(cy + plot.y0)
        low, high = y.interval(py, float(reach) + TICK_REACH)
        where = None if knots else x.value(px)
        if where is None:
            category = min(knots, key=lambda knot: abs(knot.px - px)).name
        else:
            category = f"{where:.4g}"
        box = (px - half, py - half, px + half, py + half)
        marks.append(
            Mark(name, category, y.value(py), low, high, "geometry", box, dots.color, x=where)
        )
    return sorted(marks, key=lambda mark: mark.bbox_px[0])
