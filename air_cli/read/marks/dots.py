"""Dot plots and lollipops: one dot a series on a lane for each category, along a value axis."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

from air_cli.read.colors import color_name, distance, page_background, to_hex
from air_cli.read.ink import Plot, cover_boxes, cut_plot
from air_cli.read.marks.bars_columns import Columns, Segment
from air_cli.read.marks.bars_cut import Rect
from air_cli.read.marks.bars_names import category_names
from air_cli.read.marks.bars_values import Ruler, candidate_labels, evaluate, match_labels
from air_cli.read.marks.dots_found import SHADE, Dot, find_dots, round_shapes
from air_cli.read.marks.dots_hidden import hidden_dots
from air_cli.read.marks.naming import match_colors
from air_cli.read.scene import AxisFit, MarkReading, Scene
from air_cli.records import Mark, Series

_LEAST = 3  # lanes that make a plot; dots, too
_RIM = 0.15  # of a text's height: about what its box has around its letters
_ROUND = ("o", "O", "@", "©", "®", "Q", "°", "C", "e", "c")
_LIKE_LEGEND = 12.0  # CIEDE2000 between two markers of a legend's entry
_EDGE_PX = 1.2  # uncertainty of a dot's centre


@dataclass(frozen=True)
class _Lane:
    """The dots of one category, at `at` across the value axis (pixels of the image)."""

    at: float
    dots: tuple[Dot, ...]


@dataclass(frozen=True)
class _Lanes:
    """All lanes with the axis that their dots are read by."""

    fit: AxisFit
    vertical: bool
    each: tuple[_Lane, ...]

    @property
    def dots(self) -> list[Dot]:
        """Every dot, lane by lane."""
        return [dot for lane in self.each for dot in lane.dots]


def read(scene: Scene) -> MarkReading | None:
    """The dots of a scene by category; None without a value axis beside categories, or where there
    are hardly any round shapes in lanes.

    Score: the share of the plot's ink in dots and in the lines along their lanes, times how round
    the dots are and how evenly the lanes lie.
    """
    fit, vertical = _value_axis(scene)
    if fit is None or round_shapes(cut_plot(scene)) < _LEAST:
        return None
    tinted = distance(to_hex(scene.background), to_hex(page_background(scene.rgb))) > 3
    # The page around a tinted panel would be an ink of its own.
    around = scene if vertical or tinted else _to_names(scene)
    plot = cut_plot(_bared(around), reach=not tinted)
    pairs = itertools.combinations([entry.color for entry in scene.legend], 2)
    shade = min([SHADE, *(0.6 * distance(a, b) for a, b in pairs)])
    found, colors = find_dots(plot, vertical, shade)
    found = [dot for dot in found if not _of_legend(dot, scene)]
    lanes = _Lanes(fit, vertical, _lanes(found, vertical))
    if len(found) < _LEAST or len(lanes.each) < (2 if len(colors) > 1 else _LEAST):
        return None
    if any(len({d.series for d in lane.dots}) < len(lane.dots) for lane in lanes.each):
        return None
    score = _score(plot, lanes)
    return _reading(scene, lanes, colors, score) if score >= 0.3 else None


def _value_axis(scene: Scene) -> tuple[AxisFit | None, bool]:
    """(the axis of the values, whether it is upright); None unless the other axis has names."""
    values = ("linear", "log")
    if scene.x and scene.x.kind in values and (scene.y is None or scene.y.kind == "category"):
        return scene.x, False
    if scene.y and scene.y.kind in values and scene.x and scene.x.kind == "category":
        return scene.y, True
    return None, True


def _of_legend(dot: Dot, scene: Scene) -> bool:
    """Whether a dot is one more marker of a legend's entry, beside the one that was found."""
    for entry in scene.legend:
        left, top, right, bottom = entry.swatch_px
        near = left - 3 * (right - left) < dot.x < entry.bbox_px[2]
        if near and top < dot.y < bottom and distance(dot.color, entry.color) < _LIKE_LEGEND:
            return True
    return False


def _to_names(scene: Scene) -> Scene:
    """The scene with its plot reaching to the names on the left, beyond the first tick."""
    left, top, right, bottom = scene.plot
    names = [
        t.bbox_px[2]
        for t in scene.texts
        if abs(t.angle) < 10 and t.bbox_px[2] < left and top < t.bbox_px[1] < bottom
    ]
    return replace(scene, plot=(max(names) + 1, top, right, bottom)) if names else scene


def _bared(scene: Scene) -> Scene:
    """The scene with texts that hide only their letters: their boxes have a rim, under which a
    label's dot may lie. A lone letter as round as a dot is one."""
    texts = []
    for text in scene.texts:
        if text.text.strip() in _ROUND:
            continue
        left, top, right, bottom = text.bbox_px
        rim = _RIM * (bottom - top)
        narrow = (left + rim, top, right - rim, bottom)
        texts.append(replace(text, bbox_px=narrow) if right - left > 4 * rim else text)
    return replace(scene, texts=texts)


def _lanes(dots: Sequence[Dot], vertical: bool) -> tuple[_Lane, ...]:
    """Dots by their place across the value axis."""
    groups: list[list[Dot]] = []
    for dot in sorted(dots, key=lambda d: d.across(vertical)):
        last = statistics.fmean(d.across(vertical) for d in groups[-1]) if groups else -1e9
        if dot.across(vertical) - last < max(2.0, 0.5 * dot.radius):
            groups[-1].append(dot)
        else:
            groups.append([dot])
    return tuple(
        _Lane(statistics.median(d.across(vertical) for d in group), tuple(group))
        for group in groups
    )


def _score(plot: Plot, lanes: _Lanes) -> float:
    dots, high, wide = lanes.dots, *plot.shape
    boxes = []
    for lane in lanes.each:
        reach = 1.5 + 0.2 * dots[0].radius
        at = lane.at - (plot.left if lanes.vertical else plot.top)
        box = (0.0, at - reach, float(wide), at + reach)
        boxes.append((box[1], 0.0, box[3], float(high)) if lanes.vertical else box)
    for dot in dots:
        left, top, right, bottom = dot.box
        boxes.append((left - plot.left, top - plot.top, right - plot.left, bottom - plot.top))
    covered = cover_boxes(plot.shape, boxes)
    steps = [b.at - a.at for a, b in itertools.pairwise(lanes.each)]
    even = statistics.fmean(abs(s / min(steps) - round(s / min(steps))) < 0.12 for s in steps)
    roundness = statistics.fmean(d.quality for d in dots)
    return min(1.0, plot.explained(covered)) * roundness * (0.4 + 0.6 * even)


def _reading(scene: Scene, lanes: _Lanes, colors: Sequence[str], score: float) -> MarkReading:
    """Names and values: the printed number where the dot's place confirms it."""
    dots = lanes.dots
    feet = min(d.along(lanes.vertical) - d.radius for d in dots)
    ats = [lane.at for lane in lanes.each for _ in lane.dots]
    segments = tuple(_segment(d, at, feet, lanes.vertical) for d, at in zip(dots, ats, strict=True))
    columns = Columns(lanes.vertical, (feet,), segments, 2 * dots[0].radius, 1.0, "dot")
    matched = match_labels(columns, candidate_labels(scene)) if len(colors) == 1 else {}
    names = category_names(scene, columns, [label.text for label in matched.values()])
    series, problems = _series(scene, colors)
    span = [t.value for t in lanes.fit.ticks if t.value is not None]
    ruler, top = Ruler(lanes.fit, lanes.vertical), max(span) - min(span) if span else 0.0
    marks = []
    for i, dot in enumerate(dots):
        v = evaluate(segments[i], matched.get(i), ruler, top)
        low, high = v.low, v.high
        if v.how == "geometry":
            place = dot.y if lanes.vertical else dot.x
            low, high = lanes.fit.interval(place, _EDGE_PX + dot.loose)
        label = v.label.text.text if v.label else ""
        name = series[dot.series].name
        marks.append(Mark(name, names[i], v.value, low, high, v.how, dot.box, dot.color, label))
        if v.problem:
            problems.append(f"{names[i]}: {v.problem}")
    under = hidden_dots(scene.rgb, marks, series)
    problems += [
        f"{m.category}: the dot of {m.series} lies under another of its value" for m in under
    ]
    marks += under
    order = tuple(dict.fromkeys(names))
    numbers = {s.name: n for n, s in enumerate(series)}
    marks.sort(key=lambda m: (numbers[m.series], order.index(m.category)))
    return MarkReading("dot", tuple(marks), series, order, score, tuple(problems))


def _segment(dot: Dot, at: float, feet: float, vertical: bool) -> Segment:
    """A dot as the end of a bar on its lane: bars are named and valued the same way."""
    return Segment(
        at - dot.radius, at + dot.radius, feet, dot.along(vertical), Rect(*dot.box, dot.color)
    )


def _series(scene: Scene, colors: Sequence[str]) -> tuple[tuple[Series, ...], list[str]]:
    """A series for each colour, named by the legend, and what has no name there."""
    if len(colors) == 1:
        name = scene.legend[0].name if len(scene.legend) == 1 else ""
        return (Series(name, colors[0], "dot"),), []
    matched = match_colors(colors, scene.legend)
    result: list[Series] = []
    problems = []
    for n, color in enumerate(colors):
        if n in matched:
            name = scene.legend[matched[n]].name
        else:
            name = color_name(color)
            name = name if all(s.name != name for s in result) else f"{name} {color}"
            problems.append(
                f"no name was found for the {name} dots: they are called by their colour"
            )
        result.append(Series(name, color, "dot"))
    return tuple(result), problems
