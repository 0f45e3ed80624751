"""Area charts, single and stacked: filled bands over the whole width, measured by their edges."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import Mask, color_name, from_hex, page_background, to_hex, to_lab
from air_cli.read.ink import Plot, cut_plot
from air_cli.read.marks.edges import clear, columns, edge, foot_level
from air_cli.read.marks.grounds import ground_of
from air_cli.read.marks.knots import (
    TICK_REACH,
    choose_knots,
    crisp_shift,
    label_reach,
    windows,
)
from air_cli.read.marks.layers import find_layers
from air_cli.read.marks.lines import find_lines
from air_cli.read.marks.naming import match_colors
from air_cli.read.marks.settling import Knot
from air_cli.read.marks.strokes import Stroke, stroke_width
from air_cli.read.scene import AxisFit, MarkReading, Scene
from air_cli.read.texts import union
from air_cli.records import Mark, Series

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Band:
    """A filled band: its upper and lower edge as strokes (crop pixels), colour, and quality 0..1
    (1: an edge without jumps and a fill without gaps)."""

    top: Stroke
    bottom: Stroke
    color: str
    mask: Mask
    quality: float


def read(scene: Scene) -> MarkReading | None:
    """The areas of a scene; None when no fill looks like one or the y axis is unknown.

    Stacked bands give the height of each. Score: share of the plot's ink in the bands, times how
    continuous they are: bars have gaps and jumps.
    """
    if scene.y is None or scene.x is None:
        return None
    plot = cut_plot(_down_to_zero(scene, scene.y), reach=True)
    graded = _graded_band(scene, plot)
    bands = graded or _bands(plot)
    layers = [] if graded else _layers(scene, plot)  # a fill that pales is no pile of shades
    if len(layers) >= max(2, len(bands)):
        bands, score = layers, float(np.mean([band.quality for band in layers]))
    elif bands:
        score = _score(plot, bands)
        bands = _shown(scene, _ordered(plot, bands, scene.y))
    if not bands:
        return None
    names, problems = _names(scene, plot, bands)
    knots = choose_knots(scene.x, [band.top for band in bands], plot.x0)
    stacked = len(bands) > 1
    marks = [
        mark
        for band, name in zip(bands, names, strict=True)
        for mark in _marks(
            plot,
            band,
            name,
            knots,
            scene.y,
            stacked=stacked,
            common=0.0 if stacked else label_reach(scene, scene.y),
        )
    ]
    if not marks:
        return None
    kind = "stacked-area" if stacked else "area"
    series = tuple(Series(n, b.color, "area") for n, b in zip(names, bands, strict=True))
    categories = tuple(dict.fromkeys(mark.category for mark in marks))
    return MarkReading(kind, tuple(marks), series, categories, score, problems)


def _down_to_zero(scene: Scene, y: AxisFit) -> Scene:
    """The scene with its plot reaching down to 0, whose label may not have been read."""
    left, top, right, bottom = scene.plot
    rows = [
        (t.bbox_px[1] + t.bbox_px[3]) / 2
        for t in scene.texts
        if t.role == "tick" and t.bbox_px[1] > bottom
    ]
    # By their middles: a label's box may have the "0" beside it, or lie close under the axis.
    foot = float(np.median(rows)) if rows else 0.0
    if y.kind != "linear" or not bottom + 3 < y.px(0.0) < foot:
        return scene
    return replace(scene, plot=(left, top, right, y.px(0.0)))


def _bands(plot: Plot) -> list[Band]:
    bands = []
    lines = None
    for index in plot.series:
        ink = plot.palette.inks[index]
        mask = plot.palette.mask(index)
        if mask.sum() < 0.012 * mask.size or stroke_width(mask) < max(5.0, 0.012 * plot.shape[0]):
            continue
        # Grid lines and texts over the fill are part of it.
        closed = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((7, 3), np.uint8))
        found = columns(closed > 0)
        if found is None:
            continue
        xs, tops, bottoms, quality = found
        lines = find_lines(plot) if lines is None else lines
        upper = edge(plot, index, xs, tops, up=True)
        outline = next((ln.stroke for ln in lines if _follows(ln.stroke, xs, upper)), None)
        free = clear(plot, xs, tops, -3), clear(plot, xs, bottoms, 3)
        if (foot := foot_level(bottoms, plot.shape[0])) is not None:
            bottoms = np.full(len(xs), foot)
            free = free[0], np.ones(len(xs), bool)
        if min(free[0].sum(), free[1].sum()) < 10:
            continue
        lower = edge(plot, index, xs, bottoms, up=False)
        top = outline or _stroke(xs[free[0]], upper[free[0]])
        bottom = _stroke(xs[free[1]], lower[free[1]])
        bands.append(Band(top, bottom, ink.color, closed > 0, quality))
    return bands


def _graded_band(scene: Scene, plot: Plot) -> list[Band]:
    """The band of a fill that pales towards the axis, down to the foot of the plot."""
    ground = ground_of(scene)
    if ground is None or not ground.graded.any():
        return []
    high, wide = plot.shape
    mask = ground.graded[plot.top : plot.top + high, plot.left : plot.left + wide]
    # Grid lines and labels over the fill are part of it.
    closed = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 3), np.uint8))
    found = columns(closed > 0)
    if found is None or scene.y is None:
        return []
    xs, tops, _, quality = found
    foot = min(high - 1.0, scene.y.px(0.0) - plot.y0) if scene.y.kind != "log" else high - 1.0
    rows = np.arange(high)[:, None]
    starts = np.full(wide, high)
    starts[xs.astype(int)] = tops.astype(int)
    color = to_hex(np.median(plot.palette.crop[mask], axis=0))
    top, bottom = (
        _stroke(xs, edge(plot, None, xs, tops, up=True)),
        _stroke(xs, np.full(len(xs), foot)),
    )
    return [Band(top, bottom, color, (rows >= starts) & (closed > 0), quality)]


def _stroke(xs: Floats, ys: Floats) -> Stroke:
    return Stroke(xs, ys, ys, ys, 1.0)


def _follows(stroke: Stroke, xs: Floats, edge: Floats) -> bool:
    """Whether a line is the outline of an edge."""
    ys = np.interp(xs, stroke.xs, stroke.ys)
    inside = (xs >= stroke.xs[0]) & (xs <= stroke.xs[-1])
    near = np.abs(ys - edge) < stroke.width + 3
    return bool(inside.mean() > 0.9 and near[inside].mean() > 0.85)


def _score(plot: Plot, bands: list[Band]) -> float:
    covered = np.zeros(plot.shape, bool)
    for band in bands:
        covered |= band.mask
    weight = [int(band.mask.sum()) for band in bands]
    quality = float(np.average([band.quality for band in bands], weights=weight))
    return min(1.0, plot.explained(covered)) * quality


def _layers(scene: Scene, plot: Plot) -> list[Band]:
    """The bands of a stack, by layers of flat colour; their quality falls with jumps: bars."""
    grounds = (scene.background, page_background(scene.rgb))
    seen = plot.palette.allowed & ~_legend_box(scene, plot)
    found = find_layers(plot.palette.crop, seen, grounds, scene.legend)
    if found is None:
        return []
    height = plot.shape[0]
    moves = np.abs(np.diff(found.edges[-1]))
    jumps = float(moves[moves > max(6.0, 0.03 * height)].sum() / max(moves.sum(), 0.05 * height))
    rows, columns = np.arange(height)[:, None], found.xs.astype(int)
    bands = []
    for (foot, top), color in zip(itertools.pairwise(found.edges), found.colors, strict=True):
        mask = np.zeros(plot.shape, bool)
        mask[:, columns] = (rows > top) & (rows < foot)
        strokes = _stroke(found.xs, top), _stroke(found.xs, foot)
        bands.append(Band(*strokes, color, mask, max(0.0, found.right * (1 - jumps))))
    return bands


def _legend_box(scene: Scene, plot: Plot) -> Mask:
    """What a legend within the plot covers."""
    mask = np.zeros(plot.shape, bool)
    boxes = [b for e in scene.legend if e.swatch_px != e.bbox_px for b in (e.bbox_px, e.swatch_px)]
    if boxes:
        left, top, right, bottom = union(boxes)
        rows = slice(max(0, round(top) - plot.top - 4), max(0, round(bottom) - plot.top + 4))
        mask[rows, max(0, round(left) - plot.left - 4) : max(0, round(right) - plot.left + 4)] = (
            True
        )
    return mask


def _ordered(plot: Plot, bands: list[Band], y: AxisFit) -> list[Band]:
    """From the baseline upwards; bands that float free of the others and of the baseline (a
    shaded range behind something) are dropped."""
    ordered = sorted(bands, key=lambda band: -float(np.median(band.bottom.ys)))
    foot = plot.shape[0] - 1.0
    zero = y.px(0.0) - plot.y0 if y.kind != "log" else foot
    kept: list[Band] = []
    for band in ordered:
        low = band.bottom.ys
        on_base = np.mean(np.minimum(np.abs(low - foot), np.abs(low - zero)) < 8) > 0.6
        on_band = any(_touches(band, other) for other in kept)
        if on_band and _is_ground(band):
            continue
        if on_base or on_band:
            kept.append(band)
    return kept


def _is_ground(band: Band) -> bool:
    """Whether what lies over the others is the tinted ground of the plot: pale, level on top."""
    return bool(_is_pale(band) and np.ptp(band.top.ys) < 2 and np.ptp(band.bottom.ys) > 6)


def _shown(scene: Scene, bands: list[Band]) -> list[Band]:
    """The bands without pale grey ones that a legend, whose names all have another band, leaves
    out: the tinted ground above full stacks."""
    matched = match_colors([band.color for band in bands], scene.legend)
    if not 2 <= len(matched) == len(scene.legend):
        return bands
    return [band for i, band in enumerate(bands) if i in matched or not _is_pale(band)]


def _is_pale(band: Band) -> bool:
    lab = to_lab(np.array(from_hex(band.color)))
    return bool(lab[0] > 88 and float(np.hypot(lab[1], lab[2])) < 10)


def _touches(upper: Band, lower: Band) -> bool:
    ys = np.interp(upper.bottom.xs, lower.top.xs, lower.top.ys)
    return bool(np.mean(np.abs(upper.bottom.ys - ys) < 6) > 0.6)


def _names(scene: Scene, plot: Plot, bands: list[Band]) -> tuple[list[str], tuple[str, ...]]:
    """Series names by legend colour, then by a text that lies in the band."""
    matched = match_colors([band.color for band in bands], scene.legend)
    names = [scene.legend[matched[i]].name if i in matched else "" for i in range(len(bands))]
    problems = []
    for i, band in enumerate(bands):
        if names[i] or len(bands) == 1:
            continue
        names[i] = _text_in(scene, plot, band, names)
        if not names[i]:
            names[i] = color_name(band.color)
            problems.append(f"no name found for the {names[i]} area")
    return names, tuple(problems)


def _text_in(scene: Scene, plot: Plot, band: Band, taken: list[str]) -> str:
    for text in scene.texts:
        if text.role not in ("label", "annotation", "other", "legend") or text.text in taken:
            continue
        x = (text.bbox_px[0] + text.bbox_px[2]) / 2 - plot.x0
        y = (text.bbox_px[1] + text.bbox_px[3]) / 2 - plot.y0
        if not any(c.isalpha() for c in text.text) or not band.top.xs[0] <= x <= band.top.xs[-1]:
            continue
        top = np.interp(x, band.top.xs, band.top.ys)
        bottom = np.interp(x, band.bottom.xs, band.bottom.ys)
        if top <= y <= bottom:
            return text.text
    return ""


def _marks(
    plot: Plot,
    band: Band,
    name: str,
    knots: list[Knot],
    y: AxisFit,
    *,
    stacked: bool,
    common: float,
) -> list[Mark]:
    marks = []
    zero = y.px(0.0) if y.kind != "log" else float("inf")
    for knot, (before, after) in zip(knots, windows(knots), strict=True):
        x = knot.px - plot.x0
        top, bottom = band.top.at(x, before, after), band.bottom.at(x, before, after)
        if top is None or bottom is None:
            continue
        shift = crisp_shift(y)
        upper, lower = top.y + plot.y0 + shift, bottom.y + plot.y0 + shift
        # A fill's outline, in its own colour, widens it by half of what large pictures draw thick.
        outline = 0.3 + 0.0012 * plot.shape[0]
        low, high = y.interval(upper, top.reach + TICK_REACH + outline + common)
        value = y.value(upper)
        if stacked:
            if abs(lower - zero) < max(
                5.0, 0.01 * plot.shape[0]
            ):  # it stands on the axis, whose line hides its foot
                lower = zero
            base = y.interval(lower, bottom.reach + 0.3 if lower != zero else 0.0)
            low, high = low - base[1], high - base[0]
            value -= y.value(lower)
        box = (knot.px - 3, min(upper, lower), knot.px + 3, max(upper, lower))
        marks.append(Mark(name, knot.name, value, low, high, "geometry", box, band.color, x=knot.x))
    return marks
