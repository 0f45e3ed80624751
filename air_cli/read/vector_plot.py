"""The frame of a vector chart: plot area, calibrated axes, titles.

Positions come from ticks and grid lines as they were drawn; the labels beside them are exact text.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from air_cli.read.numbers import parse_number
from air_cli.read.page import area, center, inside, overlap, union
from air_cli.read.scene import AxisFit, LegendEntry
from air_cli.read.vector_shapes import Shape, is_neutral, is_white
from air_cli.read.vector_text import Label
from air_cli.records import Box, Text

# Numbers beside a grid, and below it, that are its axes' labels.
_NUMBERS = 4
_NUMERIC = ("linear", "log", "time")


@dataclass
class Plot:
    """A vector chart while it is read. Boxes in px; `pt` is the pixels of one point."""

    shapes: list[Shape]
    labels: list[Label]
    size: tuple[float, float]
    pt: float
    box: Box = (0.0, 0.0, 0.0, 0.0)
    x: AxisFit | None = None
    y: AxisFit | None = None
    y2: AxisFit | None = None
    legend: list[LegendEntry] = field(default_factory=list)
    markers: dict[str, Shape] = field(default_factory=dict)
    taken: set[Shape] = field(default_factory=set)
    roles: dict[Label, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    crisp: bool = False  # whether axes moved to whole pixels were put back (`vector_crisp.py`)

    def free(self) -> list[Label]:
        """Labels without a role so far."""
        return [label for label in self.labels if label not in self.roles]

    def data(self, *kinds: str) -> list[Shape]:
        """Shapes of these kinds that stand in the plot area and are not part of a legend."""
        margin = 4 * self.pt
        return [
            shape
            for shape in self.shapes
            if shape.kind in kinds
            and shape not in self.taken
            and inside(center(shape.box), self.box, margin)
        ]


def numeric(fit: AxisFit | None) -> bool:
    """Whether an axis measures (linear, log, time) rather than names."""
    return fit is not None and fit.kind in _NUMERIC


def find_plot_area(plot: Plot) -> Box | None:
    """The data area: the clip or frame of the data, else the extent of grid, axes and data."""
    whole = plot.size[0] * plot.size[1]
    tight = tight_clips(plot)
    clips = Counter(
        shape.clip
        for shape in plot.shapes
        if shape.clip
        and 0.08 * whole < area(shape.clip) < 0.97 * whole
        and not _white(shape)
        and shape.clip not in tight
    )
    clips = Counter({box: count for box, count in clips.items() if _labels_beside(plot, box) >= 2})
    ruled = _ruled_area(plot)
    if clips:
        found = max(clips, key=lambda box: (clips[box] > 1, area(box)))
        return ruled if ruled is not None and _is_canvas(plot, found, ruled) else found
    frame = _frame_area(plot, whole)
    if frame is not None and ruled is not None and _is_canvas(plot, frame, ruled):
        return ruled
    if ruled is None or (frame is not None and area(frame) > 1.1 * area(ruled)):
        ruled = frame or ruled
    return ruled or _data_area(plot, whole)


def _is_canvas(plot: Plot, clip: Box, ruled: Box) -> bool:
    """Whether a clip or frame holds the whole chart, not its plot: numbers stand in it beside the
    grid and below it."""
    if not all(clip[n] <= ruled[n] and ruled[n + 2] <= clip[n + 2] for n in (0, 1)):
        return False
    within = [
        center(label.box)
        for label in plot.labels
        if inside(center(label.box), clip) and parse_number(label.text) is not None
    ]
    beside = sum(x < ruled[0] and ruled[1] - 9 < y < ruled[3] + 9 for x, y in within)
    below = sum(y > ruled[3] and x > ruled[0] - 9 for x, y in within)
    return beside >= _NUMBERS and below >= _NUMBERS


def tight_clips(plot: Plot) -> set[Box]:
    """Clips that are no plot areas: what was drawn through them fills them exactly, without grid or
    background. Some programs paint each mark (or all, where they are translucent) so."""
    drawn: dict[Box, list[Shape]] = defaultdict(list)
    for shape in plot.shapes:
        if shape.clip and not _white(shape):
            drawn[shape.clip].append(shape)
    return {clip for clip, shapes in drawn.items() if _is_tight(clip, shapes, plot.pt)}


def _is_tight(clip: Box, shapes: Sequence[Shape], pt: float) -> bool:
    if any(shape.kind == "rule" for shape in shapes):
        return False
    if any(is_neutral(shape.color) and covers(shape.box, clip) for shape in shapes if shape.color):
        return False
    extent = union([shape.full for shape in shapes])
    slack = max(shape.width for shape in shapes) + 0.6 * pt
    return all(abs(a - b) <= slack for a, b in zip(extent, clip, strict=True))


def _labels_beside(plot: Plot, box: Box) -> int:
    """Texts below or beside a box: a plot area has its tick labels there."""
    return sum(
        center(label.box)[1] > box[3] or not box[0] < center(label.box)[0] < box[2]
        for label in plot.free()
    )


def _white(shape: Shape) -> bool:
    return bool(shape.color) and is_white(shape.color)


def _ruled_area(plot: Plot) -> Box | None:
    """From the largest sets of parallel rules of one extent."""
    across: dict[tuple[int, int], list[Shape]] = defaultdict(list)
    down: dict[tuple[int, int], list[Shape]] = defaultdict(list)
    for shape in plot.shapes:
        if shape.kind != "rule":
            continue
        left, top, right, bottom = shape.box
        if right - left > 0.35 * plot.size[0]:
            across[round(left / 3), round(right / 3)].append(shape)
        elif bottom - top > 0.35 * plot.size[1]:
            down[round(top / 3), round(bottom / 3)].append(shape)
    if not across and not down:
        return None
    bases = [shape.box[3] for shape in plot.shapes if shape.kind == "rect"]

    def weight(rules: list[Shape]) -> tuple[int, int]:
        # Of single rules the axis is the one that bars stand on, not the one under the title.
        return len(rules), sum(abs(rule.box[3] - base) < 2 for rule in rules for base in bases)

    sets = [max(group.values(), key=weight) for group in (across, down) if group]
    box = union([shape.box for rules in sets for shape in rules])
    if across and down:
        return box
    data = [
        shape.box
        for shape in plot.shapes
        if shape.kind != "rule" and not is_neutral(shape.color) and shape not in plot.taken
    ]
    if across:
        box = _with_overhang(plot, box)
        within = [b for b in data if box[0] - 2 <= (b[0] + b[2]) / 2 <= box[2] + 2]
        tops = [b[1] for b in within] + [box[1]]
        bottoms = [b[3] for b in within] + [box[3]]
        return box[0], min(tops), box[2], max(bottoms)
    within = [b for b in data if box[1] - 2 <= (b[1] + b[3]) / 2 <= box[3] + 2]
    lefts, rights = [b[0] for b in within] + [box[0]], [b[2] for b in within] + [box[2]]
    tops = [b[1] for b in _stacked_on(plot, box)] + [box[1]]
    return min(lefts), min(tops), max(rights), box[3]


def _stacked_on(plot: Plot, box: Box) -> list[Box]:
    """Bars that stand on others and reach over the last tick of an upright axis line."""
    reached: list[Box] = []
    tops = {round(box[1])}
    for shape in sorted(plot.shapes, key=lambda shape: -shape.box[3]):
        solid = shape.kind == "rect" and shape.fill and not _white(shape)
        low = shape.size[0] < 0.5 * plot.size[0] and shape.box[3] <= box[3] + 1
        if not solid or not low or shape in plot.taken or shape.box[1] >= box[3]:
            continue
        if shape.box[3] >= box[1] - 1 or round(shape.box[3]) in tops:
            reached.append(shape.box)
            tops |= {round(shape.box[1]) + d for d in (-1, 0, 1)}
    return reached


def _with_overhang(plot: Plot, box: Box) -> Box:
    """The extent of an axis line and of the bars that reach beyond its last tick."""
    left, top, right, bottom = box
    for shape in sorted(plot.shapes, key=lambda shape: shape.box[0]):
        solid = shape.kind == "rect" and shape.fill and not _white(shape)
        high = shape.size[1] < 0.5 * plot.size[1] and shape.box[3] < bottom + 1
        if solid and high and shape not in plot.taken and left - 1 <= shape.box[0] <= right + 1:
            right = max(right, shape.box[2])
    return left, top, right, bottom


def _frame_area(plot: Plot, whole: float) -> Box | None:
    """A rectangle with labels around it and the bars, where there are any, in it."""
    best: tuple[int, float, Box] | None = None
    filled = [s for s in plot.shapes if s.kind == "rect" and s.fill and not _white(s)]
    bars = [shape for shape in filled if shape not in plot.taken]
    for shape in plot.shapes:
        if shape.kind != "rect" or not 0.1 * whole < area(shape.box) < 0.93 * whole:
            continue
        others = [bar for bar in bars if bar is not shape]
        if 2 * sum(inside(center(bar.box), shape.box) for bar in others) < len(others):
            continue  # a large bar
        outside = sum(not inside(center(label.box), shape.box) for label in plot.labels)
        key = (outside, area(shape.box), shape.box)
        if outside >= 4 and (best is None or key[1] > best[1]):
            best = key
    return best[2] if best else None


def _data_area(plot: Plot, whole: float) -> Box | None:
    boxes = [
        shape.box
        for shape in plot.shapes
        if not _white(shape)
        and area(shape.box) < 0.8 * whole
        and shape.kind != "rule"
        and shape not in plot.taken
    ]
    return union(boxes) if boxes else None


def texts_with_roles(plot: Plot) -> tuple[Text, ...]:
    """Every label as a record, with the role it was found to have."""
    return tuple(
        Text(label.text, label.box, plot.roles.get(label, "other"), 1.0) for label in plot.labels
    )


def covers(box: Box, frame: Box) -> bool:
    """Whether `box` fills nearly all of `frame`."""
    return overlap(box, frame) > 0.9 * area(frame)
