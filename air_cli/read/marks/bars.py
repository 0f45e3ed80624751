"""Bars: vertical and horizontal, grouped, stacked, diverging, with axis or labels or both."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from air_cli.read.marks.bars_columns import Columns, Segment, lanes
from air_cli.read.marks.bars_names import category_names, with_missing
from air_cli.read.marks.bars_printed import printed_column
from air_cli.read.marks.bars_ruler import confirmed, ruler_of
from air_cli.read.marks.bars_series import series_names
from air_cli.read.marks.bars_values import (
    Label,
    Ruler,
    Valued,
    evaluate,
    match_labels,
)
from air_cli.read.marks.waterfall import range_marks
from air_cli.read.scene import MarkReading, Scene
from air_cli.records import Mark, Series


def reading(scene: Scene, columns: Columns, score: float, labels: Sequence[Label]) -> MarkReading:
    """Bars with names and values; `labels` are the printed numbers that may be theirs."""
    if not columns.form:
        columns = with_missing(scene, columns)
    matched, ruler, notes = _labelled(scene, columns, labels)
    names = category_names(scene, columns, [label.text for label in matched.values()])
    if columns.form == "range":
        return _ranges(columns, names, score, ruler, notes)
    series, own, problems = series_names(scene, columns, names)
    top = _range(scene, columns)
    if ruler is not None and ruler.fit is None:
        top = max((abs(label.number.total) for label in matched.values()), default=top)
    valued = [evaluate(s, matched.get(i), ruler, top) for i, s in enumerate(columns.segments)]
    valued = valued if columns.form else _signed(valued)
    marks = tuple(
        Mark(
            own[i],
            names[i],
            _rounded(v.value, v.low, v.high),
            v.low,
            v.high,
            v.how,
            v.segment.rect.box,
            v.segment.color,
            v.label.text.text if v.label else "",
        )
        for i, v in enumerate(valued)
    )
    kind = _kind(columns, series)
    taken = {id(label) for label in matched.values()}
    printed = printed_column(scene, columns, [n for n in labels if id(n) not in taken])
    if printed:
        lane = {s.centre: name for s, name in zip(columns.segments, names, strict=True)}
        marks += tuple(printed.marks(lane))
        series += (Series(printed.name),)
    found = [f"{names[i]}: {v.problem}" for i, v in enumerate(valued) if v.problem]
    order = tuple(dict.fromkeys(names))
    return MarkReading(kind, marks, series, order, score, (*notes, *problems, *found))


def _ranges(
    columns: Columns, names: Sequence[str], score: float, ruler: Ruler | None, notes: Sequence[str]
) -> MarkReading:
    """Floating bars by the axis: labels at their ends are not read yet."""
    marks = tuple(range_marks(columns, names, ruler.fit if ruler else None))
    order = tuple(dict.fromkeys(names))
    series = (Series("from", "", "bar"), Series("to", "", "bar"))
    return MarkReading("range", marks, series, order, score, tuple(notes))


def _labelled(
    scene: Scene, columns: Columns, labels: Sequence[Label]
) -> tuple[dict[int, Label], Ruler | None, list[str]]:
    """(label of each segment, ruler, notes). Where percentages and other numbers stand among the
    bars, one sort may belong to a line over them or tell of growth: the sort that more lengths
    agree with is the bars' own."""
    percent = [n for n in labels if n.text.text.rstrip(") ").endswith("%")]
    other = [n for n in labels if n not in percent]
    best: tuple[int, dict[int, Label], Ruler | None, list[str]] | None = None
    for sort in (labels, other, percent) if percent and other else (labels,):
        matched = match_labels(columns, sort)
        ruler, notes = ruler_of(scene, columns, matched)
        both = confirmed(columns, matched, ruler) if ruler is not None else 0
        if best is None or both > best[0]:
            best = (both, matched, ruler, notes)
    assert best is not None
    return best[1:]


def _rounded(value: float | None, low: float | None, high: float | None) -> float | None:
    """A value without digits that its interval does not support."""
    if value is None or low is None or high is None or high <= low:
        return value
    digits = 2 - int(np.floor(np.log10(high - low)))
    return float(round(value, min(12, digits)))


def _range(scene: Scene, columns: Columns) -> float:
    """The extent of the value axis, to judge differences by."""
    fit = scene.y if columns.vertical else scene.x
    if fit is None or fit.kind == "category":
        return 0.0
    values = [t.value for t in fit.ticks if t.value is not None]
    return max(values) - min(values) if values else 0.0


def _signed(valued: Sequence[Valued]) -> list[Valued]:
    """Bars on both sides of a centre line whose labels carry no minus are two positive series."""
    left = [v for v in valued if v.segment.sign < 0 and v.label]
    if not left or any(v.label and v.label.number.total < 0 for v in left):
        return list(valued)
    right = {v.segment.color for v in valued if v.segment.sign > 0}
    if any(v.segment.color in right for v in left):
        return list(valued)
    return [_positive(v) if v.segment.sign < 0 else v for v in valued]


def _positive(v: Valued) -> Valued:
    if v.value is None or v.low is None or v.high is None or v.value >= 0:
        return v
    return replace(v, value=-v.value, low=-v.high, high=-v.low)


def _kind(columns: Columns, series: tuple[Series, ...]) -> str:
    if columns.form:
        return columns.form
    direction = "bar" if columns.vertical else "barh"
    if columns.stacked or _two_sided(columns.segments):
        return f"stacked-{direction}"
    return f"grouped-{direction}" if len(series) > 1 else direction


def _two_sided(segments: Sequence[Segment]) -> bool:
    """Bars on both sides of the baseline in the same lane."""
    return any(
        a.sign != b.sign
        for lane in lanes(segments)
        for a, b in itertools.pairwise(lane)
        if a.panel == b.panel
    )
