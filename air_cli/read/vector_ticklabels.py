"""Which texts are the tick labels of an axis: aligned labels beside the plot area."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from air_cli.read.numbers import parse_number
from air_cli.read.page import center, inside, union
from air_cli.read.vector_plot import Plot
from air_cli.read.vector_text import Label
from air_cli.records import Box

# Heights of letters: a gap that parts names, and how evenly the lines of one are set.
_CLEAR, _EVENLY = 0.7, 0.15


def column(plot: Plot, side: str) -> list[Label]:
    """The column of labels beside the plot area that stands nearest to it: level ones, else turned
    ones (some programs turn them along the axis)."""
    level = _column(plot, side, turned=False)
    if any(parse_number(label.text) for label in level):
        return level
    turned = _column(plot, side, turned=True)
    return turned if len(turned) > max(len(level), 2) else _blocks(plot, level)


def _column(plot: Plot, side: str, *, turned: bool) -> list[Label]:
    left, top, right, bottom = plot.box
    margin = 0.06 * (bottom - top)
    beside = []
    for label in plot.free():
        if (abs(label.angle) > 80) != turned or not top - margin <= center(label.box)[
            1
        ] <= bottom + margin:
            continue
        slack = 3 * plot.pt
        outside = label.box[2] <= left + slack if side == "left" else label.box[0] >= right - slack
        if outside:
            beside.append(label)
    near = (lambda b: left - b[2]) if side == "left" else (lambda b: b[0] - right)
    return _aligned(beside, (lambda b: b[2], lambda b: b[0], lambda b: (b[0] + b[2]) / 2), near)


def _blocks(plot: Plot, names: Sequence[Label]) -> list[Label]:
    """Names of several lines as one label each, where wider gaps part them."""
    lines = sorted(names, key=lambda label: label.box[1])
    gaps = [b.box[1] - a.box[3] for a, b in itertools.pairwise(lines)]
    sizes = [label.size for label in lines]
    # Lines of one name are as far apart everywhere; names stand clear of each other.
    parted = [gap > _CLEAR * size for gap, size in zip(gaps, sizes, strict=False)]
    close = [gap for gap, apart in zip(gaps, parted, strict=True) if not apart]
    if not any(parted) or not close or max(close) - min(close) > _EVENLY * max(sizes):
        return list(names)
    blocks = [[lines[0]]]
    for line, apart in zip(lines[1:], parted, strict=True):
        blocks.append([line]) if apart else blocks[-1].append(line)
    for label in lines:
        plot.roles[label] = "tick"
    return [
        replace(
            block[0],
            text=" ".join(line.text for line in block),
            box=union([line.box for line in block]),
        )
        for block in blocks
    ]


def inner_column(plot: Plot) -> list[Label]:
    """Numeric labels in a column inside the plot area (above their grid lines)."""
    numbers = [label for label in plot.free() if parse_number(label.text) and not label.angle]
    return _aligned(
        numbers,
        (lambda b: b[2], lambda b: b[0]),
        lambda b: min(b[0] - plot.box[0], plot.box[2] - b[2]),
    )


def with_decades(labels: Sequence[Label]) -> list[Label]:
    """The labels of a logarithmic axis of which only powers of ten are written out: a smaller "2"
    or "5" above "10" is 20 or 50. Others are returned as they are."""
    if len(labels) < 4:
        return list(labels)
    ordered = sorted(labels, key=lambda label: center(label.box)[1], reverse=True)
    if center(ordered[0].box)[1] - center(ordered[-1].box)[1] < ordered[0].size:
        ordered = sorted(labels, key=lambda label: center(label.box)[0])
    values = [number.total if (number := parse_number(x.text)) else 0.0 for x in ordered]
    big = max(label.size for label in ordered)
    small = [label.size < 0.9 * big and label.text in "23456789" for label in ordered]
    powers = [v for v, digit in zip(values, small, strict=True) if not digit]
    if not any(small) or len(powers) < 2 or powers[0] <= 0:
        return list(labels)
    if any(abs(b / a - 10) > 0.01 for a, b in itertools.pairwise(powers) if a > 0):
        return list(labels)
    decade = powers[0] / 10
    written = []
    for label, value, digit in zip(ordered, values, small, strict=True):
        decade = decade if digit else value
        written.append(replace(label, text=f"{decade * value:g}") if digit else label)
    return written


def inner_names(plot: Plot, role: str) -> list[Label]:
    """Names along the zero line within the plot area: where bars go both ways, some programs leave
    the names at the axis. They share an edge and stand beside a rule that runs across the plot."""
    upright = role == "x"
    words = [
        label
        for label in map(_anchored, plot.free())
        if inside(center(label.box), plot.box) and any(c.isalnum() for c in label.text)
    ]
    lines = _across(plot, upright)
    n = 1 if upright else 0
    beside = [
        label
        for label in words
        if any(
            min(abs(label.box[n] - at), abs(label.box[n + 2] - at)) < 1.6 * label.size
            for at in lines
        )
    ]
    edges: tuple[_Key, ...] = (lambda b: b[n], lambda b: b[n + 2])
    return _aligned(beside, edges, lambda b: 0.0)


def _across(plot: Plot, upright: bool) -> list[float]:
    """Where rules run across the whole plot area."""
    n, m = (1, 0) if upright else (0, 1)
    wide = plot.box[m + 2] - plot.box[m]
    return [
        (shape.full[n] + shape.full[n + 2]) / 2
        for shape in plot.shapes
        if shape.kind == "rule" and shape.full[m + 2] - shape.full[m] > 0.9 * wide
    ]


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
    for label in (_anchored(label, side) for label in plot.free()):
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


def _anchored(label: Label, side: str = "bottom") -> Label:
    """A slanted label as the end of it that its tick stands at: the upper one of labels below the
    plot, the lower one of labels above it."""
    if not 5 < abs(label.angle) < 85:
        return label
    left, top, right, bottom = label.box
    half = 0.35 * label.size
    # The corner of the text's box is beside the middle of its line.
    lean = half * math.sin(math.radians(abs(label.angle)))
    x = right - lean if (label.angle > 0) == (side == "bottom") else left + lean
    if side == "top":
        return replace(label, box=(x - half, bottom - 2 * half, x + half, bottom))
    return replace(label, box=(x - half, top, x + half, top + 2 * half))


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


def tick_positions(plot: Plot, role: str) -> list[float]:
    """Positions of tick marks at the plot's edges and of grid lines."""
    upright = role.startswith("x")
    near, far = (plot.box[1], plot.box[3]) if upright else (plot.box[0], plot.box[2])
    found: set[float] = set()
    for shape in plot.shapes:
        if shape.kind != "rule" or shape in plot.taken:
            continue
        left, top, right, bottom = shape.full
        start, end, at = (top, bottom, (left + right) / 2)
        if not upright:
            start, end, at = (left, right, (top + bottom) / 2)
        if (bottom - top > right - left) != upright:
            continue
        length = end - start
        grid = length >= 0.6 * (far - near)
        edge = min(abs(p - q) for p in (start, end) for q in (near, far))
        if grid or (length <= 14 * plot.pt and edge <= 4 * plot.pt):
            found.add(round(at, 3))
    return sorted(found)
