"""What the positions along a category or time axis are called, labelled or not."""

from __future__ import annotations

import calendar
import itertools
import math
import re
from collections.abc import Sequence

from air_cli.read.numbers import parse_number
from air_cli.read.scene import AxisFit
from air_cli.read.times import month_of, parse_time, restyled
from air_cli.wording import name_between, nameless

_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_TITLED = re.compile(r"((?:1[5-9]|20)\d\d) [A-Za-z]{3,}")


def name_positions(fit: AxisFit, positions: Sequence[float]) -> list[str]:
    """A category name for each position (pixels along the axis), in order.

    A label names the nearest position. Positions between labels (labels on every n-th tick only)
    get interpolated names, in the style of the labels, where those are numbers, times or months at
    a regular step, else the neighbours' names ("between A and B").
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
    for i, name in enumerate(names):
        if name is not None:
            continue
        left = max((k for k in known if k < i), default=None)
        right = min((k for k in known if k > i), default=None)
        a, b = (left, right) if left is not None and right is not None else _ends(known, i)
        if a is None or b is None:
            continue
        between = _named_between(names[a] or "", names[b] or "", (i - a) / (b - a), b - a)
        if between:
            result[i] = between
            continue
        inside = a < i < b
        result[i] = name_between(names[a] or "", names[b] or "") if inside else nameless(i + 1)
    return result


def _named_between(first: str, last: str, part: float, steps: int) -> str:
    """What stands `part` of the way from one label to another that is `steps` places on; empty
    when that is no whole number, period or month."""
    times = parse_time(first), parse_time(last)
    if times[0] is not None and times[1] is not None:
        return _time_between(max(first, last, key=len), times[0], times[1], part, steps)
    months = month_of(first), month_of(last)
    if months[0] and months[1]:
        apart = (months[1] - months[0]) % 12 or 12
        if apart % steps == 0:
            month = (months[0] - 1 + round(part * apart)) % 12
            full = len(first.rstrip(".")) > 3 and len(last.rstrip(".")) > 3
            return (calendar.month_name if full else calendar.month_abbr)[month + 1]
    va, vb = _plain(first), _plain(last)
    if va is None or vb is None:
        return ""
    value = va + (vb - va) * part
    return str(round(value)) if abs(value - round(value)) < 1e-6 else ""


def _time_between(example: str, first: float, last: float, part: float, steps: int) -> str:
    """A time between two, as `example` would print it, or with its quarter or month."""
    step = abs(last - first) / steps
    time = first + (last - first) * part
    unit = next((u for u in (1.0, 0.5, 0.25, 1 / 12) if abs(step / u - round(step / u)) < 0.06), 0)
    if not unit or step < 0.06:
        return ""
    time = round(time / unit) * unit
    name = restyled(example, time)
    there = parse_time(name)
    if there is not None and abs(there - time) < 0.04:
        return name
    if unit == 0.5:
        return ""  # half a year on from a label that names a year: more likely no place at all
    year, rest = math.floor(time + 1e-6), time - math.floor(time + 1e-6)
    if unit == 0.25:
        return f"Q{round(rest * 4) + 1} {year}"
    return f"{calendar.month_abbr[round(rest * 12) + 1]} {year}"


def _ends(known: Sequence[int], i: int) -> tuple[int | None, int | None]:
    """The two nearest known places on one side, to extrapolate from."""
    if len(known) < 2:
        return None, None
    return (known[0], known[1]) if i < known[0] else (known[-2], known[-1])


def _plain(text: str) -> float | None:
    """The value of a label that stands for a plain number."""
    number = parse_number(text)
    return number.value if number and not number.unit and number.scale == 1 else None


def untitled(names: Sequence[str]) -> list[str]:
    """Years without the axis title that stands below the middle one: "2001, 2002 Years, 2003". A
    word behind the last year ("2024 forecast") is its own."""
    plain = [bool(_YEAR.fullmatch(name)) for name in names]
    middle = (len(names) - 1) / 2
    odd = [n for n, year in enumerate(plain) if not year]
    titled = _TITLED.fullmatch(names[odd[0]]) if len(odd) == 1 and len(names) > 2 else None
    if titled is None or abs(odd[0] - middle) > 0.5 + 0.1 * len(names) or odd[0] == len(names) - 1:
        return list(names)
    return [titled[1] if n == odd[0] else name for n, name in enumerate(names)]
