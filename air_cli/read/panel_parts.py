"""What a picture may be divided into, and whether two parts are charts of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from air_cli.read.colors import Mask, distance
from air_cli.read.scene import Rgb
from air_cli.read.texts import is_note, is_numeric
from air_cli.records import Box, Chart, Text

# How a part of a picture is read: pixels and its texts, in pixels of the part.
Read = Callable[[Rgb, Sequence[Text]], Chart]

# The longer side to which a part is made smaller before it is read.
READ_PX = 640.0
_ALIKE = 12.0  # how far apart two readings of one colour may be
_SIGN = re.compile(r"[%$€£¥]")
_LEVEL_PX = 3.0  # how far off its line a tick may stand that goes on from another part's


@dataclass(frozen=True)
class Part:
    """A rectangle of the picture with its texts (in pixels of the picture) and, once it was read
    as one chart, the reading and the box around its marks."""

    box: Box
    texts: tuple[Text, ...]
    chart: Chart | None = None
    marks: Box = (0.0, 0.0, 0.0, 0.0)


@dataclass
class Picture:
    rgb: Rgb
    drawn: Mask  # texts and drawing, at reduced size
    marks: Mask  # drawing alone
    factor: float
    line: float  # usual height of a line of text, in pixels of the picture
    read: Read
    reads: int = 0
    known: dict[Box, Part | None] = field(default_factory=dict)
    one: Callable[[], bool] = lambda: False

    @cached_property
    def is_one(self) -> bool:
        """Whether the picture as a whole reads as one chart; found out when it is first asked."""
        return self.one()


def are_apart(picture: Picture, one: list[Part], other: list[Part]) -> bool:
    """Whether two groups of charts are charts of their own rather than parts of one.

    Side by side each needs a heading or a value axis of its own; above each other the upper one
    needs the names below it, which it has (it was read), and the lower one a heading or the names.
    """
    if len(one) > 1 and len(other) > 1:
        return True
    pairs = [*one, *other]
    if len(pairs) == 2 and one_scale(*pairs):
        return False
    pies = [p for p in pairs if p.chart and p.chart.kind in ("pie", "donut")]
    if len(pies) == len(pairs):
        return True
    if len(pairs) == 2 and _goes_on(*pairs):
        return False
    if any(_own_names(picture, a, b) for a in one for b in other):
        return True
    return all(_heading(part, picture.line) or _value_axis(part) for part in pairs)


def _goes_on(left: Part, right: Part) -> bool:
    """Whether two parts side by side are one chart of bars cut between its categories: the same
    colours on the same base line, and no name twice."""
    if left.chart is None or right.chart is None or left.marks[2] > right.marks[0]:
        return False
    names, others = set(left.chart.categories), set(right.chart.categories)
    colors = {mark.color for mark in left.chart.marks if mark.color}
    more = {mark.color for mark in right.chart.marks if mark.color}
    level = abs(left.marks[3] - right.marks[3]) < _LEVEL_PX
    alike = bool(colors) and len(colors) == len(more)
    alike = alike and all(min(distance(one, two) for two in more) < _ALIKE for one in colors)
    return level and alike and not names & others


def _own_names(picture: Picture, left: Part, right: Part) -> bool:
    """Whether two parts side by side name the same things, or print their values in other units,
    and no axis runs on from one to the other: charts with their values printed have no more."""
    if left.chart is None or right.chart is None or left.box[2] > right.box[0]:
        return False
    names, others = set(left.chart.categories), set(right.chart.categories)
    units = {_sign(left.chart), _sign(right.chart)}
    if len(names & others) < max(2, 0.5 * min(len(names), len(others))) and len(units) < 2:
        return False
    start, stop = (round(x * picture.factor) for x in (left.box[2], right.box[0]))
    top, foot = (round(y * picture.factor) for y in (left.box[1], left.box[3]))
    strip = picture.drawn[top:foot, start:stop]
    return bool(strip.size and not strip.all(axis=1).any())


def _sign(chart: Chart) -> str:
    """The sign of a unit that most printed values of a chart carry; magnitudes are none."""
    signs = ["".join(_SIGN.findall(mark.label)) for mark in chart.marks if mark.label]
    return max(set(signs), key=signs.count, default="")


def one_scale(upper: Part, lower: Part) -> bool:
    """Whether the value axis of one part goes on in the part below it: one chart, cut between two
    of its grid lines."""
    first, second = _ticks(upper), _ticks(lower)
    if min(len(first), len(second)) < 2:
        return False
    places, values = np.array([*first, *second]).T
    if np.ptp(values) == 0:
        return False
    slope, start = np.polyfit(values, places, 1)
    return bool(slope < 0 and np.abs(slope * values + start - places).max() < _LEVEL_PX)


def _ticks(part: Part) -> list[tuple[float, float]]:
    """(y in pixels of the picture, value) of the ticks of a part's linear value axis."""
    left, top, right, bottom = part.box
    factor = min(1.0, READ_PX / max(right - left, bottom - top))
    return [
        (top + tick.px / factor, tick.value)
        for axis in (part.chart.axes if part.chart else ())
        if axis.role == "y" and axis.kind == "linear"
        for tick in axis.ticks
        if tick.value is not None
    ]


def _heading(part: Part, line: float) -> bool:
    """Words above everything else of a part: a title of its own."""
    if not part.texts or part.chart is None:
        return False
    first = min(t.bbox_px[1] for t in part.texts)
    row = [t for t in part.texts if t.bbox_px[1] < first + 0.6 * line]
    words = [t for t in row if sum(c.isalpha() for c in t.text) >= 4 and not is_numeric(t)]
    if not words or any(is_note(t.text) for t in row):
        return False
    foot = max(t.bbox_px[3] for t in words)
    return (
        foot < part.marks[1] + 2
        and len(row) <= 3
        and all(t.text not in part.chart.categories for t in words)
    )


def _value_axis(part: Part) -> bool:
    axes = part.chart.axes if part.chart else ()
    return any(a.role == "y" and a.kind in ("linear", "log") and len(a.ticks) >= 3 for a in axes)
