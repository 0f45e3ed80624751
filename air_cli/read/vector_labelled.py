"""Bar charts without a value axis: the printed values calibrate the lengths of the bars.

Business charts often drop the axis and print the numbers. Each bar that holds or tops a number
gives a ratio of value to length; where they agree there is a scale, zero at the bars' base. The
labels are then the values, and the geometry is their check.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Sequence

from air_cli.read.numbers import Number, parse_number
from air_cli.read.page import center
from air_cli.read.scene import AxisFit
from air_cli.read.vector_plot import Plot
from air_cli.read.vector_shapes import Shape
from air_cli.read.vector_text import Label
from air_cli.records import Box

_TAKEN = ("tick", "legend", "axis-title")


def fit_from_labels(plot: Plot, bars: Sequence[Shape], upright: bool) -> AxisFit | None:
    """A linear value axis from the numbers printed in or at the end of bars, or None when fewer
    than two agree, or many do not."""
    pairs = [
        (_length(bar.box, upright), abs(number.total), number)
        for bar in bars
        if (number := _number_at(plot, bar.box, upright)) is not None and number.total != 0
    ]
    pairs = [pair for pair in pairs if pair[0] > 1.0 * plot.pt]
    if len(pairs) < 2:
        return None
    ratio = statistics.median(value / length for length, value, _ in pairs)
    largest = max(value for _, value, _ in pairs)
    off = [
        (abs(value - ratio * length), number.half + 0.012 * largest)
        for length, value, number in pairs
    ]
    agreeing = sum(gap <= slack for gap, slack in off)
    if agreeing < 2 or agreeing < 0.7 * len(pairs):
        return None
    base = _base([bar.box for bar in bars], upright)
    residual = statistics.median(gap for gap, _ in off) / ratio
    slope = -ratio if upright else ratio
    units = [number.unit for _, _, number in pairs if number.unit]
    return AxisFit(
        "y" if upright else "x",
        "linear",
        slope,
        -slope * base,
        (),
        residual,
        (plot.box[1], plot.box[3]) if upright else (plot.box[0], plot.box[2]),
        unit=statistics.mode(units) if units else "",
        problems=("there is no value axis; the printed values calibrate the bars",),
    )


def _length(box: Box, upright: bool) -> float:
    return box[3] - box[1] if upright else box[2] - box[0]


def _base(boxes: Sequence[Box], upright: bool) -> float:
    """The line that bars of most rows (or columns) touch, then the one that most bars do: segments
    on both sides of another line count once a row."""
    ends = [(box[i], round(box[0] + box[2] if upright else box[1] + box[3]))
            for box in boxes for i in ((3, 1) if upright else (0, 2))]  # fmt: skip
    touched: dict[int, list[int]] = defaultdict(list)
    for end, row in ends:
        touched[round(end)].append(row)
    best = max(touched, key=lambda at: (len(set(touched[at])), len(touched[at])))
    return statistics.median(end for end, _ in ends if abs(end - best) <= 1)


def _number_at(plot: Plot, box: Box, upright: bool) -> Number | None:
    """The number in the middle of a bar, else the one just beyond its end."""
    within: list[Label] = []
    beyond: list[Label] = []
    for label in plot.labels:
        if plot.roles.get(label) in _TAKEN or parse_number(label.text) is None:
            continue
        x, y = center(label.box)
        if box[0] <= x <= box[2] and box[1] <= y <= box[3]:
            within.append(label)
        elif _at_end(label, box, upright):
            beyond.append(label)
    found = within or beyond
    return parse_number(found[0].text) if len(found) == 1 else None


def _at_end(label: Label, box: Box, upright: bool) -> bool:
    x, y = center(label.box)
    reach = 1.3 * label.size
    if upright:
        above = 0 <= box[1] - y <= reach or 0 <= y - box[3] <= reach
        return above and box[0] - reach / 2 <= x <= box[2] + reach / 2
    right = 0 <= label.box[0] - box[2] <= reach or 0 <= box[0] - label.box[2] <= reach
    return right and box[1] <= y <= box[3]
