"""Bars with lines over them, each with its own axis or its own printed labels.

The bars are found first and their pixels hidden; what the line reader finds in the rest counts as
a line when something says that it is data: a legend entry, an axis of its own, printed values at
its points. Growth arrows and reference lines have none of these.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from air_cli.read.colors import distance, ink_color
from air_cli.read.marks import bars, lines
from air_cli.read.marks.bars_columns import Columns, Segment
from air_cli.read.marks.bars_found import find_columns
from air_cli.read.marks.bars_merged import parted_at_feet
from air_cli.read.marks.bars_names import category_names, clusters
from air_cli.read.marks.bars_series import palette
from air_cli.read.marks.bars_values import Label, candidate_labels
from air_cli.read.marks.overlaid import without_bars
from air_cli.read.scene import AxisFit, LegendEntry, MarkReading, Scene
from air_cli.records import Mark, Tick

_TINT = 22.0  # CIEDE2000 between a label's letters and the line in whose colour they are


@dataclass(frozen=True)
class _Reading:
    """Bars and lines under one assumption about whose the labels are, and what speaks for it."""

    bars: MarkReading
    lines: MarkReading
    votes: float


def read(scene: Scene) -> MarkReading | None:
    """The bars of a scene, with the lines over them if there are any; None when it has no bars.

    Values of a line come from the axis that its labels agree with (the second axis, where no label
    says otherwise), or from a scale that the labels make among themselves.
    """
    found = find_columns(scene)
    if found is None:
        return None
    share, columns = found
    if not columns.vertical and len(columns.baselines) == 1:
        scene.texts = parted_at_feet(scene.texts, columns.baselines[0])
    labels = candidate_labels(scene)
    best = (
        _combined(scene, columns, share, labels) if columns.vertical and not columns.form else None
    )
    if best is None:
        return bars.reading(scene, columns, share, labels)
    return _joined(_shown(scene, best), best.lines, share)


def _combined(
    scene: Scene, columns: Columns, share: float, labels: Sequence[Label]
) -> _Reading | None:
    """Bars and lines under the assumption that most speaks for; None where there is no line."""
    colors = {s.color for s in columns.segments}
    if _all_bars(scene, columns):
        return None
    legend = [e for e in scene.legend if not _is_of(e, colors, scene.legend)]
    bare = without_bars(scene, columns, [e.color for e in legend])
    base = replace(scene, rgb=bare, x=_lanes_axis(scene, columns), legend=legend)
    best: _Reading | None = None
    for own, others in _shared_out(scene, labels, legend, colors):
        one = _under(scene, base, columns, share, own, others)
        if one is not None and (best is None or one.votes > best.votes):
            best = one
    return best


def _shared_out(
    scene: Scene, labels: Sequence[Label], legend: Sequence[LegendEntry], colors: set[str]
) -> Iterator[tuple[list[Label], list[Label]]]:
    """Ways to share the labels out: (those that may be the bars', those that may be the lines')."""
    yield list(labels), list(labels)
    tinted = [n for n in labels if _in_color(scene, n, legend, colors)]
    percent = [n for n in labels if n.text.text.rstrip(") ").endswith("%")]
    for lined in (tinted, percent):
        rest = [n for n in labels if n not in lined]
        if lined and rest:
            yield rest, lined
    if percent and len(percent) < len(labels):
        yield percent, [n for n in labels if n not in percent]


def _in_color(scene: Scene, label: Label, legend: Sequence[LegendEntry], colors: set[str]) -> bool:
    """Whether a label is printed in the colour of a line and not in that of bars."""
    ink = ink_color(scene.rgb, label.text.bbox_px)
    if not ink or not legend:
        return False
    line = min(distance(ink, e.color) for e in legend)
    return line < _TINT and line < min(distance(ink, c) for c in colors)


def _under(
    scene: Scene,
    base: Scene,
    columns: Columns,
    share: float,
    own: Sequence[Label],
    others: Sequence[Label],
) -> _Reading | None:
    """Bars and lines, when `own` may be labels of bars and `others` of lines."""
    first = bars.reading(scene, columns, share, own)
    sure = {m.label for m in first.marks if m.how == "both"}
    kept = {id(n.text) for n in others if n.text.text not in sure}
    hidden = {id(n.text) for n in candidate_labels(scene)} - kept
    texts = [replace(t, role="tick") if id(t) in hidden else t for t in scene.texts]
    stroked = _lines(replace(base, texts=texts), scene)
    if stroked is None:
        return None
    rest = [n for n in own if not _held(n, stroked.marks)]
    second = bars.reading(_without_lines(scene, stroked), columns, share, rest)
    stray = {m.label for m in second.marks if m.label and m.how == "geometry"}
    if stray:  # they contradict the bars, and stand at a line or tell something else
        rest = [n for n in rest if n.text.text not in stray or not _near(n, stroked.marks)]
        second = bars.reading(_without_lines(scene, stroked), columns, share, rest)
    agreed = sum(m.how == "both" for m in (*second.marks, *stroked.marks))
    said = sum(m.how == "label" for m in (*second.marks, *stroked.marks))
    against = sum(m.how == "geometry" and bool(m.label) for m in second.marks)
    return _Reading(second, stroked, agreed + 0.3 * said - 0.5 * against)


def _shown(scene: Scene, found: _Reading) -> MarkReading:
    """The bars without series that a legend leaves out whose names all stand for others: strips of
    the ground."""
    names = {entry.name for entry in scene.legend}
    series = {s.name for s in found.bars.series}
    if len(names) < 2 or not names <= series | {s.name for s in found.lines.series}:
        return found.bars
    return replace(
        found.bars,
        series=tuple(s for s in found.bars.series if s.name in names),
        marks=tuple(m for m in found.bars.marks if m.series in names),
        problems=tuple(p for p in found.bars.problems if not p.startswith("no name")),
    )


def _joined(barred: MarkReading, stroked: MarkReading, share: float) -> MarkReading:
    names = {s.name for s in barred.series}
    renamed = {
        s.name: s.name if s.name not in names else f"{s.name} (line)" for s in stroked.series
    }
    marks = tuple(replace(m, series=renamed[m.series]) for m in stroked.marks)
    series = tuple(replace(s, name=renamed[s.name], kind="line") for s in stroked.series)
    own = tuple(replace(s, kind="bar") for s in barred.series)
    score = min(1.0, share + (1 - share) * stroked.score * 0.9)
    return MarkReading(
        "combo",
        (*barred.marks, *marks),
        (*own, *series),
        barred.categories,
        score,
        tuple(dict.fromkeys((*barred.problems, *stroked.problems))),
    )


def _held(label: Label, marks: Sequence[Mark]) -> bool:
    """Whether a printed number is the label of one of the marks: same words, near it."""
    return _near(label, [m for m in marks if m.label == label.text.text])


def _near(label: Label, marks: Sequence[Mark]) -> bool:
    """Whether a printed number stands at one of the marks."""
    left, top, right, bottom = label.text.bbox_px
    x, y, reach = (left + right) / 2, (top + bottom) / 2, 3.0 * (bottom - top)
    return any(
        abs((m.bbox_px[0] + m.bbox_px[2]) / 2 - x) < right - left
        and abs((m.bbox_px[1] + m.bbox_px[3]) / 2 - y) < reach
        for m in marks
    )


def _without_lines(scene: Scene, stroked: MarkReading) -> Scene:
    """The scene as the bars should see it: without the lines' legend entries and axis."""
    names = {s.name for s in stroked.series}
    return replace(scene, legend=[e for e in scene.legend if e.name not in names])


def _lines(base: Scene, scene: Scene) -> MarkReading | None:
    """The lines over the bars, by the axis that most labels confirm; None where there are none.

    `base` is the scene as the lines should see it, `scene` the whole one.
    """
    best: tuple[int, MarkReading] | None = None
    for axis in dict.fromkeys([scene.y2 or scene.y, scene.y, None]):
        found = lines.read(replace(base, y=axis, y2=None))
        if found is not None:
            found = _accepted(found, base, scene.y2 is not None)
        if found is None:
            continue
        confirmed = sum(bool(m.label) and m.how != "geometry" for m in found.marks)
        # A label of a bar may stand at a line by chance: one or two say nothing.
        if best is None or confirmed > max(best[0], 0.3 * len(found.marks)):
            best = (confirmed, found)
    return best[1] if best else None


def _all_bars(scene: Scene, columns: Columns) -> bool:
    """Whether the legend names no line: bars of several colours use up its entries."""
    several = any(len({s.color for s in group}) > 1 for group in clusters(scene, columns))
    colors = palette(columns.segments)
    if not several or not 1 < len(scene.legend) <= len(colors):
        return False
    return all(min(distance(e.color, c) for c in colors) < _TINT for e in scene.legend)


def _is_of(entry: LegendEntry, colors: set[str], legend: Sequence[LegendEntry]) -> bool:
    """Whether an entry of the legend names bars: a patch in the colour of one, or a bar of colour
    beside names that all have such bars (gnuplot's legends)."""
    patch = not _is_thin(entry) or all(_is_thin(e) for e in legend)
    if not patch or not colors:
        return False
    color = min(colors, key=lambda c: distance(entry.color, c))
    away = distance(entry.color, color)
    # A line may be drawn in nearly the colour of bars: each colour has one entry.
    return away < 8 and all(distance(e.color, color) >= away for e in legend if not _is_thin(e))


def _is_thin(entry: LegendEntry) -> bool:
    high = entry.swatch_px[3] - entry.swatch_px[1]
    return high < 0.45 * (entry.bbox_px[3] - entry.bbox_px[1])


def _accepted(found: MarkReading, base: Scene, second: bool) -> MarkReading | None:
    """The lines that are data: long enough, within the plot, and named, labelled or scaled by an
    axis of their own (`second`)."""
    count = len(base.x.ticks) if base.x else 0
    names = {e.name for e in base.legend}
    named, other = [], []
    for series in found.series:
        marks = [m for m in found.marks if m.series == series.name]
        labelled = sum(bool(m.label) for m in marks)
        level = statistics.median(m.bbox_px[3] for m in marks) if marks else 0.0
        if len(marks) < max(2, 0.5 * count) or level < base.plot[1] - 0.3 * (
            base.plot[3] - base.plot[1]
        ):
            continue
        if series.name in names:
            named.append(series)
        elif labelled >= max(3, 0.6 * len(marks)) or (second and len(found.series) == 1):
            other.append(series)
    kept = named or other
    if not kept:
        return None
    wanted = {s.name for s in kept}
    chosen = tuple(m for m in found.marks if m.series in wanted)
    unnamed = tuple(p for p in found.problems if not p.startswith("no name"))
    return replace(found, marks=chosen, series=tuple(kept), problems=unnamed)


def _lanes_axis(scene: Scene, columns: Columns) -> AxisFit:
    """A category axis with one tick at each group of bars, under the names that the bars have."""
    names = category_names(scene, columns)
    lookup = {id(s): name for s, name in zip(columns.segments, names, strict=True)}
    groups: list[list[Segment]] = clusters(scene, columns)
    places = sorted((statistics.fmean(s.centre for s in g), lookup[id(g[0])]) for g in groups)
    steps = [b[0] - a[0] for a, b in itertools.pairwise(places)]
    step = statistics.median(steps) if steps else 2 * columns.thickness
    ticks = tuple(Tick(name, None, at) for at, name in places)
    span = (places[0][0], places[-1][0])
    return AxisFit("x", "category", 1 / step, -places[0][0] / step, ticks, span=span)
