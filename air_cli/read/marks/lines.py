"""Line charts: one or many strokes, each one value for each abscissa."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from air_cli.read.colors import Mask, chroma, distance, from_hex, to_lab
from air_cli.read.ink import Plot, cut_plot
from air_cli.read.marks.envelopes import around
from air_cli.read.marks.families import families
from air_cli.read.marks.glyphs import Glyph, legend_glyphs, twins
from air_cli.read.marks.grounds import bare
from air_cli.read.marks.knots import (
    TICK_REACH,
    choose_knots,
    crisp_shift,
    label_reach,
    tick_knots,
    windows,
)
from air_cli.read.marks.linelabels import Joined, fit_from_labels, join_labels, label_knots
from air_cli.read.marks.marked import follow_marked
from air_cli.read.marks.mending import colors_shown, completed, mended_lines, widest
from air_cli.read.marks.naming import name_strokes
from air_cli.read.marks.settling import Knot
from air_cli.read.marks.splines import off_splines
from air_cli.read.marks.strokes import Line, Point, Stroke, stroke_width, trace
from air_cli.read.scene import AxisFit, LegendEntry, MarkReading, Scene
from air_cli.records import Mark, Series

_KNOT_REACH = 0.4  # pixels: what a knot beside the true abscissa adds along the stroke
# By which a reference line may leave its row: from side to side, or shorter.
_FLAT_PX, _STILL_PX = 2.5, 0.5
_CLEAR = 0.7  # of the ink: lines that explain less may have bands around them
_SAME_GREY = 3.0  # CIEDE2000 between a grey marker and its line


def read(scene: Scene) -> MarkReading | None:
    """The lines of a scene, sampled at its categories; None when nothing looks like a line.

    Values are read by `scene.y` and names taken from `scene.legend`: pass
    `replace(scene, y=scene.y2, legend=rest)` for lines on the other axis.

    Score: the share of the plot's ink that lies on the strokes, times how gapless they are.
    """
    scene = bare(scene)
    plot = cut_plot(scene, reach=True)
    legend = tuple(scene.legend)
    lines = scene.once(plot, ("lines", legend), lambda: find_lines(plot, legend))
    lines = _by_marker(scene, plot, lines)
    if not lines:
        return None
    lines = completed(scene, plot, lines)
    covered = np.zeros(plot.shape, bool)
    for line in lines:
        covered |= line.stroke.mask(plot.shape)
    solid = float(np.mean([min(1.0, line.stroke.filled + 0.15) for line in lines]))
    explained = plot.explained(covered)
    if explained < _CLEAR:
        explained = plot.explained(covered | around(plot, lines))
    score = min(1.0, explained) * solid
    if sum(bool(line.stroke.points) for line in lines) >= 2:  # the legend's own markers
        score = 1 - 0.3 * (1 - score)
    lines, problems = name_strokes(scene, plot, lines)
    y = scene.y or fit_from_labels(scene, plot, lines)
    knots, more = _knots(scene, plot, lines, y)
    at = np.array([knot.px - plot.x0 for knot in knots])
    lines = mended_lines(scene, plot, lines, at)
    lines = [replace(line, stroke=line.stroke.with_dots(at)) for line in lines]
    lines = off_splines(lines, at)
    marks = _marks(scene, plot, lines, knots, y)
    series = tuple(Series(line.name, line.color, "line") for line in lines)
    names = tuple(dict.fromkeys(mark.category for mark in marks))
    return MarkReading("line", tuple(marks), series, names, score, (*problems, *more))


def find_lines(plot: Plot, legend: Sequence[LegendEntry] = ()) -> list[Line]:
    """Every stroke of the plot, by colour; several of one colour where they can be told apart.

    A flat grey line is a reference, unless the legend names it at its end, or shows its tint.
    """
    lines: list[Line] = []
    for family in families(plot, colors_shown(legend)):
        ink = plot.palette.inks[family.main]
        width = stroke_width(family.mask)
        if width > widest(plot):
            continue
        alike = [e for e in legend if distance(ink.color, e.color) < 8]
        named = [(e.bbox_px[1], e.bbox_px[3]) for e in alike if e.swatch_px == e.bbox_px]
        shown = ink.chroma > 6 and any(e.swatch_px != e.bbox_px for e in alike)
        grey = named if ink.chroma < 24 and not shown else None
        for stroke in _strokes(plot, family.cover, width, grey):
            lines.append(Line(stroke, family.main, ink.color))
    return _without_echoes(lines)


def _by_marker(scene: Scene, plot: Plot, lines: list[Line]) -> list[Line]:
    """The lines, those of one colour that differ in their markers found anew by these."""
    glyphs = [g for g in legend_glyphs(scene) if _as_shown(scene, g)] if scene.x else []
    at = [knot.px - plot.x0 for knot in tick_knots(scene.x)] if scene.x else []
    shown = {e.name: e.color for e in scene.legend if e.swatch_px != e.bbox_px}
    found: list[Line] = []
    while glyphs:
        alike = [g for g in glyphs if twins(g, glyphs[0])]
        glyphs = [g for g in glyphs if g not in alike]
        swatched = [replace(g, color=shown.get(g.name, g.color)) for g in alike]
        if _told_by_color(lines, swatched) or not _is_drawn(plot, alike[0]):
            continue
        strokes = follow_marked(plot, alike, at)
        if sum(stroke is not None for stroke in strokes) < 2:
            continue
        ink = plot.palette.nearest(to_lab(np.array(from_hex(alike[0].color))))[0]
        drawn = [stroke for stroke in strokes if stroke is not None]
        lines = [line for line in lines if not _drawn_by(plot, line, drawn)]
        found += [
            Line(stroke, ink, glyph.color, glyph.name)
            for glyph, stroke in zip(alike, strokes, strict=True)
            if stroke is not None
        ]
    return lines + found


def _as_shown(scene: Scene, glyph: Glyph) -> bool:
    """Whether a marker has the colour of its name's swatch, where the legend has one."""
    colors = [e.color for e in scene.legend if e.name == glyph.name and e.swatch_px != e.bbox_px]
    return not colors or any(twins(glyph, replace(glyph, color=color)) for color in colors)


def _is_drawn(plot: Plot, glyph: Glyph) -> bool:
    """Whether the plot has ink of a marker's colour; thin dashes make no line of their own."""
    inks = (plot.palette.inks[n].color for n in plot.series)
    return any(twins(glyph, replace(glyph, color=c)) or distance(c, glyph.color) < 16 for c in inks)


def _told_by_color(lines: Sequence[Line], glyphs: Sequence[Glyph]) -> bool:
    """Whether each of the markers has a line that is nearer to its colour than to the others'."""
    away = np.array([[distance(g.color, line.color) for line in lines] for g in glyphs])
    grey = [float(chroma(to_lab(np.array(from_hex(g.color))))) < 10 for g in glyphs]
    if len(glyphs) < 2 or away.size == 0 or away.shape[1] < len(glyphs):
        return False
    best = away.argmin(axis=1)
    rest = np.array([np.delete(row, k).min() for row, k in zip(away, best, strict=True)])
    near = away[np.arange(len(best)), best]
    most = np.where(grey, _SAME_GREY, 6.0)  # thin black lines look grey
    return len(set(best.tolist())) == len(glyphs) and bool(
        (near < np.minimum(most, rest / 2)).all()
    )


def _drawn_by(plot: Plot, line: Line, strokes: Sequence[Stroke]) -> bool:
    """Whether most of a line lies on strokes that were found by their markers."""
    covered = np.zeros(plot.shape, bool)
    for stroke in strokes:
        covered |= _grow(stroke.mask(plot.shape), 3)
    rows = np.clip(np.rint(line.stroke.ys).astype(int), 0, plot.shape[0] - 1)
    return bool(covered[rows, line.stroke.xs.astype(int)].mean() > 0.6)


def _strokes(
    plot: Plot, cover: np.ndarray, width: float, grey: Sequence[tuple[float, float]] | None
) -> list[Stroke]:
    """The strokes of one colour; none where its ink is text, dots or bars.

    `grey`: for greyish ink, the upper and lower ends of the texts that name something in it.
    """
    found: list[Stroke] = []
    left = cover
    total = float((cover > 0.3).sum())
    covered = np.zeros(plot.shape, bool)
    for _ in range(4):
        stroke = trace(left, width)
        if stroke is None or not _is_line(plot, stroke, grey):
            break
        found.append(stroke)
        grown = _grow(stroke.mask(plot.shape), 1 + round(0.5 * width))
        covered |= grown
        left = np.where(grown, 0, left).astype(np.float32)
        if (left > 0.3).sum() < 0.3 * total:
            break
    share = float((covered & (cover > 0.3)).sum()) / max(total, 1.0)
    return found if share > 0.5 else []


def _grow(mask: Mask, by: int) -> Mask:
    kernel = np.ones((2 * by + 1, 2 * by + 1), np.uint8)
    return np.asarray(cv2.dilate(mask.astype(np.uint8), kernel) > 0)


def _is_line(plot: Plot, stroke: Stroke, grey: Sequence[tuple[float, float]] | None) -> bool:
    """Long, mostly gapless, thin, and not a row of bars on a common foot."""
    width = plot.shape[1]
    long = stroke.xs[-1] - stroke.xs[0]
    if long < max(15, 0.12 * width) or len(stroke.xs) < 12 or stroke.filled < 0.4:
        return False
    tall = stroke.bottoms - stroke.tops + 1
    foot = np.abs(stroke.bottoms - np.median(stroke.bottoms)) < 2
    if np.mean(foot & (tall > 3 * stroke.width + 2)) > 0.4:
        return False
    if grey is None:
        return True
    # An axis or a reference line, perhaps with a spine at its end.
    loose, most = (_FLAT_PX, 0.6) if long > 0.9 * width else (_STILL_PX, 0.85)
    flat = np.mean(np.abs(stroke.ys - np.median(stroke.ys)) < loose) > most
    at = float(np.median(stroke.ys)) + plot.y0
    beside = any(top < at < bottom for top, bottom in grey)
    return (not flat or beside) and long > 0.3 * width and stroke.filled > 0.5


def _without_echoes(lines: list[Line]) -> list[Line]:
    """Drop a stroke that runs along another (the blurred edge of it in a compressed image)."""
    kept: list[Line] = []
    for line in sorted(lines, key=lambda item: -len(item.stroke.xs) * item.stroke.width):
        if not any(_echo(line.stroke, other.stroke) for other in kept):
            kept.append(line)
    return kept


def _echo(pale: Stroke, full: Stroke) -> bool:
    along = np.interp(pale.xs, full.xs, full.ys)
    near = np.abs(pale.ys - along) <= 0.5 * (pale.width + full.width) + 1
    inside = (pale.xs >= full.xs[0] - 1) & (pale.xs <= full.xs[-1] + 1)
    return bool(np.mean(near & inside) > 0.8)


def _knots(
    scene: Scene, plot: Plot, lines: list[Line], y: AxisFit | None
) -> tuple[list[Knot], tuple[str, ...]]:
    """Where to sample, and what to complain about."""
    if scene.x is None:
        why = "the x axis has no readable labels: only labelled points are read, numbered"
        return label_knots(scene), (why,)
    knots = choose_knots(scene.x, [line.stroke for line in lines], plot.x0)
    return knots, () if y else ("no y axis and too few value labels to calibrate one",)


def _marks(
    scene: Scene, plot: Plot, lines: list[Line], knots: list[Knot], y: AxisFit | None
) -> list[Mark]:
    marks = []
    common = label_reach(scene, y)
    for line, joined in zip(lines, join_labels(scene, plot, lines, knots, y), strict=True):
        places = {knot.name: knot for knot in knots}
        places.update({knot.name: knot for knot in joined})
        ordered = sorted(places.values(), key=lambda knot: knot.px)
        by_name = {knot.name: label for knot, label in joined.items()}
        for knot, (before, after) in zip(ordered, windows(ordered), strict=True):
            point = line.stroke.at(knot.px - plot.x0, before, after)
            if point is None:
                continue
            mark = _mark(plot, line, knot, point, y, common, by_name.get(knot.name))
            if mark.value is not None:
                marks.append(mark)
    return marks


def _mark(
    plot: Plot,
    line: Line,
    knot: Knot,
    point: Point,
    y: AxisFit | None,
    common: float,
    label: Joined | None,
) -> Mark:
    half = max(3.0, line.stroke.width)
    at = point.y + plot.y0 + crisp_shift(y)
    box = (knot.px - half, at - half, knot.px + half, at + half)
    mark = Mark(line.name, knot.name, None, None, None, "geometry", box, line.color, x=knot.x)
    if y is not None:
        low, high = y.interval(at, point.reach + TICK_REACH + _KNOT_REACH + common)
        mark = replace(mark, value=y.value(at), low=low, high=high)
    if label is None:
        return mark
    low, high = label.value - label.half, label.value + label.half
    how = "both" if y is not None and label.checked else "label"
    return replace(mark, value=label.value, low=low, high=high, how=how, label=label.text)  # type: ignore[arg-type]
