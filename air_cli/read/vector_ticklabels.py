"""Which texts are the tick labels of an axis: aligned labels beside the plot area."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from air_cli.read.numbers import parse_number
from air_cli.read.page import center, union
from air_cli.read.vector_plot import Plot
from air_cli.read.vector_text import Label
from air_cli.records import Box


def column(plot: Plot, side: str) -> list[Label]:
    """The column of level labels beside the plot area that stands nearest to it."""
    left, top, right, bottom = plot.box
    margin = 0.06 * (bottom - top)
    beside = []
    for label in plot.free():
        if abs(label.angle) > 80 or not top - margin <= center(label.box)[1] <= bottom + margin:
            continue
        slack = 3 * plot.pt
        outside = label.box[2] <= left + slack if side == "left" else label.box[0] >= right - slack
        if outside:
            beside.append(label)
    near = (lambda b: left - b[2]) if side == "left" else (lambda b: b[0] - right)
    return _aligned(beside, (lambda b: b[2], lambda b: b[0], lambda b: (b[0] + b[2]) / 2), near)


def inner_column(plot: Plot) -> list[Label]:
    """Numeric labels in a column inside the plot area (above their grid lines)."""
    numbers = [label for label in plot.free() if parse_number(label.text) and not label.angle]
    return _aligned(
        numbers,
        (lambda b: b[2], lambda b: b[0]),
        lambda b: min(b[0] - plot.box[0], plot.box[2] - b[2]),
    )


_Key = Callable[[Box], float]


def _aligned(labels: Sequence[Label], edges: Sequence[_Key], near: _Key) -> list[Label]:
    """The largest set of labels that share an edge; of equal ones, the nearest."""
    best: list[Label] = []
    best_key = (0.0, 0.0)
    for edge in edges:
        for first in labels:
            at = edge(first.box)
            group = [label for label in labels if abs(edge(label.box) - at) < 0.35 * first.size]
            distance = min(max(near(label.box), 0.0) for label in group)
            key = (float(len(group)) - distance / (2 * max(first.size, 1.0)), -distance)
            if len(group) >= 2 and (not best or key > best_key):
                best, best_key = group, key
    return best


def row_of(plot: Plot, side: str) -> list[Label]:
    """The row of labels under (or over) the plot area, wrapped names joined."""
    left, top, right, bottom = plot.box
    margin = 0.06 * (right - left)
    slack = 3 * plot.pt
    beside = []
    for label in plot.free():
        if not left - margin <= center(label.box)[0] <= right + margin:
            continue
        outside = (
            label.box[1] >= bottom - slack if side == "bottom" else label.box[3] <= top + slack
        )
        if outside:
            beside.append(label)
    if side == "bottom":
        edges: tuple[_Key, ...] = (lambda b: b[1], lambda b: b[3], lambda b: (b[1] + b[3]) / 2)
        row = _aligned(beside, edges, lambda b: b[1] - bottom)
    else:
        row = _aligned(beside, (lambda b: b[3], lambda b: b[1]), lambda b: top - b[3])
    return [_wrapped(plot, label, row, beside) for label in row]


def _wrapped(plot: Plot, label: Label, row: Sequence[Label], beside: Sequence[Label]) -> Label:
    """A tick label with the further lines of its name below it."""
    if label.angle or parse_number(label.text):
        return label
    whole = label
    for other in sorted(beside, key=lambda item: item.box[1]):
        if any(other is item for item in row) or other.angle or other in plot.roles:
            continue
        below = 0 < other.box[1] - whole.box[3] < 0.9 * label.size
        over = abs(center(other.box)[0] - center(label.box)[0]) < 0.6 * label.size
        if below and over and abs(other.size - label.size) < 0.5:
            plot.roles[other] = "tick"
            whole = replace(
                label, text=f"{whole.text} {other.text}", box=union([whole.box, other.box])
            )
    if whole is not label:
        plot.roles[label] = "tick"
    return whole
