"""Figures of several panels: each is a plot of its own that may share axes and legend."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from air_cli.read.page import area, center, inside, overlap
from air_cli.read.scene import LegendEntry, MarkReading
from air_cli.read.vector_plot import Plot, tight_clips
from air_cli.read.vector_shapes import Shape, color_distance, is_white
from air_cli.read.vector_text import Label
from air_cli.records import Box

_MIN_SHARE = 0.02
# Colours farther apart than this are those of other series.
_OTHER = 12.0


def find_panels(plot: Plot) -> list[Box]:
    """Plot areas of the panels, in reading order; fewer than two where there is one plot.

    Panels are the clip boxes that data was drawn through: producers set one for each plot.
    """
    whole = plot.size[0] * plot.size[1]
    tight = tight_clips(plot)
    used = Counter(
        shape.clip
        for shape in plot.shapes
        if shape.clip
        and shape.color
        and not is_white(shape.color)
        and shape.kind != "rule"
        and shape not in plot.taken
        and shape.clip not in tight
    )
    boxes: list[Box] = []
    for box, _ in used.most_common():
        if not _MIN_SHARE * whole < area(box) < 0.9 * whole:
            continue
        if all(overlap(box, other) < 0.5 * min(area(box), area(other)) or _within(box, other)
               or _within(other, box) for other in boxes):  # fmt: skip
            boxes.append(box)
    boxes = [box for box in boxes if _has_labels(plot, box)]
    return sorted(boxes, key=lambda box: (round(box[1] / 20), box[0]))


def _within(box: Box, frame: Box) -> bool:
    """An inset: clearly smaller and inside."""
    return area(box) < 0.4 * area(frame) and overlap(box, frame) > 0.95 * area(box)


def _has_labels(plot: Plot, box: Box) -> bool:
    """Whether at least two labels stand near the box: what has none is no plot."""
    return sum(_gap(label.box, box) < 3 * label.size for label in plot.labels) >= 2


def split(plot: Plot, boxes: Sequence[Box]) -> list[Plot]:
    """One plot for each panel, with the shapes and labels nearest to it and its legend."""
    parts = [
        Plot(
            [],
            [],
            plot.size,
            plot.pt,
            box=box,
            legend=plot.legend,
            taken=plot.taken,
            markers=plot.markers,
        )
        for box in boxes
    ]
    for n, part in enumerate(parts):
        part.legend = _legend_of(n, plot.legend, boxes)
    for label in plot.labels:
        if label not in plot.roles:
            parts[_nearest(label, boxes)].labels.append(label)
    for shape in plot.shapes:
        parts[_owner(shape, boxes)].shapes.append(shape)
    return parts


def _legend_of(n: int, legend: Sequence[LegendEntry], boxes: Sequence[Box]) -> list[LegendEntry]:
    """A legend of its own tells a panel's series, and of what stands outside all panels what it has
    no colour for: a legend over all of them. Without one the panels share whatever there is."""
    own = [entry for entry in legend if _closest(entry.bbox_px, boxes) == n]
    over = [
        entry
        for entry in legend
        if not any(inside(center(entry.bbox_px), box) for box in boxes)
        and all(color_distance(entry.color, mine.color) > _OTHER for mine in own)
    ]
    return [*own, *over] if own else list(legend)


def _closest(box: Box, boxes: Sequence[Box]) -> int:
    return min(range(len(boxes)), key=lambda n: _gap(box, boxes[n]))


def _nearest(label: Label, boxes: Sequence[Box]) -> int:
    """The panel beside a label; an inset only claims what is very close to it."""
    order = sorted(range(len(boxes)), key=lambda n: area(boxes[n]))
    for n in order:
        nested = any(_within(boxes[n], other) for other in boxes)
        if nested and _gap(label.box, boxes[n]) < 1.2 * label.size:
            return n
    return min(order, key=lambda n: _gap(label.box, boxes[n]))


def _owner(shape: Shape, boxes: Sequence[Box]) -> int:
    if shape.clip in boxes:
        return boxes.index(shape.clip)
    middle = center(shape.full)
    order = sorted(range(len(boxes)), key=lambda n: area(boxes[n]))
    for n in order:
        if inside(middle, boxes[n], 1.0):
            return n
    box = shape.full
    return min(order, key=lambda n: _gap(box, boxes[n]))


def _gap(one: Box, other: Box) -> float:
    across = max(one[0] - other[2], other[0] - one[2], 0.0)
    along = max(one[1] - other[3], other[1] - one[3], 0.0)
    return math.hypot(across, along)


def share_axes(parts: Sequence[Plot]) -> None:
    """Give a panel without labels of its own the axis of the panel it is aligned with."""
    for part in parts:
        for other in parts:
            if other is part:
                continue
            level = abs(part.box[1] - other.box[1]) + abs(part.box[3] - other.box[3]) < 2
            above = abs(part.box[0] - other.box[0]) + abs(part.box[2] - other.box[2]) < 2
            if part.y is None and level:
                part.y = other.y
            if part.x is None and above:
                part.x = other.x


def joined(parts: Sequence[tuple[Plot, MarkReading]]) -> MarkReading:
    """The panels' readings as one; series are told apart by the panel's title."""
    names = _panel_names([plot for plot, _ in parts])
    marks = []
    series = []
    for (_, reading), name in zip(parts, names, strict=True):
        marks += [replace(mark, series=_prefixed(name, mark.series)) for mark in reading.marks]
        series += [replace(item, name=_prefixed(name, item.name)) for item in reading.series]
    kinds = Counter(reading.kind for _, reading in parts)
    categories = tuple(dict.fromkeys(c for _, reading in parts for c in reading.categories))
    score = min(reading.score for _, reading in parts)
    return MarkReading(kinds.most_common(1)[0][0], tuple(marks), tuple(series), categories, score)


def _prefixed(panel: str, series: str) -> str:
    return f"{panel}: {series}" if series else panel


def _panel_names(plots: Sequence[Plot]) -> list[str]:
    """The text directly above each panel, else the title of its value axis, else a number."""
    names = []
    for number, plot in enumerate(plots, 1):
        above = [
            label
            for label in plot.free()
            if not label.angle
            and sum(c.isalpha() for c in label.text) >= 2
            and -4 <= plot.box[1] - label.box[3] < 3 * label.size
        ]
        if above:
            title = min(above, key=lambda label: plot.box[1] - label.box[3])
            plot.roles[title] = "subtitle"
            names.append(title.text)
        else:
            names.append(f"panel {number}")
    if len(set(names)) < len(names):
        names = [f"panel {n}: {name}" for n, name in enumerate(names, 1)]
    return names
