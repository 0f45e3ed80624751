"""What the positions along a category or time axis are called, labelled or not."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from air_cli.read.numbers import parse_number
from air_cli.read.scene import AxisFit
from air_cli.read.times import parse_time


def name_positions(fit: AxisFit, positions: Sequence[float]) -> list[str]:
    """A category name for each position (pixels along the axis), in order.

    A label names the nearest position. Positions between labels (labels on every n-th tick only)
    get interpolated names where the labels are numbers or times at a regular step, else the
    neighbours' names ("between A and B").
    """
    names: list[str | None] = [None] * len(positions)
    if not positions:
        return []
    order = sorted(range(len(positions)), key=lambda i: positions[i])
    sorted_px = [positions[i] for i in order]
    step = min((b - a for a, b in itertools.pairwise(sorted_px)), default=math.inf)
    for tick in fit.ticks:
        best = min(range(len(positions)), key=lambda i: abs(positions[i] - tick.px))
        if abs(positions[best] - tick.px) <= max(0.6 * step, 3) and names[best] is None:
            names[best] = tick.text
    in_order = [names[i] for i in order]
    filled = _interpolated(in_order)
    result = [""] * len(positions)
    for place, i in enumerate(order):
        result[i] = filled[place]
    return result


def _interpolated(names: Sequence[str | None]) -> list[str]:
    known = [i for i, name in enumerate(names) if name is not None]
    result = [name or "" for name in names]
    values = {i: _plain(names[i] or "") for i in known}
    for i, name in enumerate(names):
        if name is not None:
            continue
        left = max((k for k in known if k < i), default=None)
        right = min((k for k in known if k > i), default=None)
        a, b = (left, right) if left is not None and right is not None else _ends(known, i)
        if a is None or b is None:
            continue
        va, vb = values[a], values[b]
        if va is not None and vb is not None:
            value = va + (vb - va) * (i - a) / (b - a)
            if abs(value - round(value)) < 1e-6:
                result[i] = str(round(value))
                continue
        result[i] = f"between {names[a]} and {names[b]}" if a < i < b else f"unnamed {i + 1}"
    return result


def _ends(known: Sequence[int], i: int) -> tuple[int | None, int | None]:
    """The two nearest known places on one side, to extrapolate from."""
    if len(known) < 2:
        return None, None
    return (known[0], known[1]) if i < known[0] else (known[-2], known[-1])


def _plain(text: str) -> float | None:
    """The value of a label that stands for a plain whole number or a year."""
    time = parse_time(text)
    if time is not None and time == int(time):
        return time
    number = parse_number(text)
    return number.value if number and not number.unit and number.scale == 1 else None
