"""Elliptical arcs of SVG paths as Bézier curves, which keep the shape exact.

MuPDF draws arcs as many short lines, and a full circle (an arc to nearly where it began, as
charting programs write their markers) not at all. The conversion is the one of the SVG
specification, appendix "Elliptical arc implementation notes".
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

_TOKEN = re.compile(r"([MmLlHhVvCcSsQqTtAaZz])|([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
_FLAG = re.compile(r"\s*,?\s*([01])")
_COUNT = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}

Command = tuple[str, list[float]]
Point = tuple[float, float]


def without_arcs(data: str) -> str:
    """Path data (`d`) with curves in the place of arcs; returned as it is where it has none, or
    where it cannot be understood."""
    if "A" not in data and "a" not in data:
        return data
    parts: list[str] = []
    at: Point = (0.0, 0.0)
    start = at
    for command, numbers in _commands(data):
        end = _end(command, numbers, at, start)
        if command in "Aa":
            parts += [_written("C", curve) for curve in _curves(at, numbers, end)]
        else:
            parts.append(_written(command, numbers))
        at = end
        if command in "Mm":
            start = at
    return " ".join(parts)


def _commands(data: str) -> Iterator[Command]:
    """Each command with the numbers of one turn; damaged rest is left out."""
    command, place = "", 0
    while place < len(data):
        match = _TOKEN.search(data, place)
        if match is None:
            return
        if match[1]:
            command, place = match[1], match.end()
            if command in "Zz":
                yield command, []
            continue
        if not command or command in "Zz":
            return
        numbers: list[float] = []
        while len(numbers) < _COUNT[command.upper()]:
            # Flags may stand without anything between them: "a1 1 0 012 3".
            flag = command in "Aa" and len(numbers) in (3, 4)
            found = _FLAG.match(data, place) if flag else _TOKEN.search(data, place)
            if found is None or (not flag and found[1]):
                return
            numbers.append(float(found[1] if flag else found[2]))
            place = found.end()
        yield command, numbers
        command = {"M": "L", "m": "l"}.get(command, command)


def _end(command: str, numbers: list[float], at: Point, start: Point) -> Point:
    """Where the pen is after a command."""
    kind, relative = command.upper(), command.islower()
    if kind == "Z":
        return start
    x, y = at if relative else (0.0, 0.0)
    if kind == "H":
        return x + numbers[0], at[1]
    if kind == "V":
        return at[0], y + numbers[0]
    return x + numbers[-2], y + numbers[-1]


def _written(command: str, numbers: list[float]) -> str:
    return command + " ".join(f"{number:.10g}" for number in numbers)


def _curves(start: Point, numbers: list[float], end: Point) -> Iterator[list[float]]:
    """An arc as curves of a quarter turn at most: x1 y1 x2 y2 x y each."""
    wide, high, turned, large, sweep = numbers[:5]
    wide, high = abs(wide), abs(high)
    if start == end:
        return
    if not wide or not high:
        yield [*start, *end, *end]
        return
    phi = math.radians(turned)
    cos, sin = math.cos(phi), math.sin(phi)
    dx, dy = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    x, y = cos * dx + sin * dy, -sin * dx + cos * dy
    grown = max(math.sqrt((x / wide) ** 2 + (y / high) ** 2), 1.0)
    wide, high = wide * grown, high * grown
    off = (wide * high) ** 2 - (wide * y) ** 2 - (high * x) ** 2
    root = math.sqrt(max(off, 0.0) / ((wide * y) ** 2 + (high * x) ** 2))
    root = -root if bool(large) == bool(sweep) else root
    cx, cy = root * wide * y / high, -root * high * x / wide
    middle = (cos * cx - sin * cy + (start[0] + end[0]) / 2,
              sin * cx + cos * cy + (start[1] + end[1]) / 2)  # fmt: skip
    first = math.atan2((y - cy) / high, (x - cx) / wide)
    span = (math.atan2((-y - cy) / high, (-x - cx) / wide) - first) % (2 * math.pi)
    span = span if sweep else span - 2 * math.pi
    count = max(1, math.ceil(abs(span) / (math.pi / 2) - 1e-9))
    step = span / count
    reach = 4 / 3 * math.tan(step / 4)

    def place(x: float, y: float) -> Point:
        return (middle[0] + cos * wide * x - sin * high * y,
                middle[1] + sin * wide * x + cos * high * y)  # fmt: skip

    for n in range(count):
        a, b = first + n * step, first + (n + 1) * step
        one = place(math.cos(a) - reach * math.sin(a), math.sin(a) + reach * math.cos(a))
        two = place(math.cos(b) + reach * math.sin(b), math.sin(b) - reach * math.cos(b))
        last = end if n == count - 1 else place(math.cos(b), math.sin(b))
        yield [*one, *two, *last]
