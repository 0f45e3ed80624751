"""How a line moves: stretches that rise or fall, steady lines, values far from the others."""

from __future__ import annotations

import itertools
import math

from sandbox.toolkit.maths import median
from sandbox.toolkit.names import NoSuch
from sandbox.toolkit.points import Point, Points

SIGNS = {"increase": 1.0, "decrease": -1.0}
# A change within this share of the values' range is no change where a mark was only measured.
STILL = 0.01


def change(earlier: Point, later: Point, room: float) -> float:
    """later - earlier; 0 where one of them was measured and they are within `room`."""
    rise = later.value - earlier.value
    measured = "geometry" in (earlier.how, later.how)
    return 0.0 if measured and abs(rise) <= room else rise


def runs_of(line: Points, how: str) -> list[Points]:
    """The stretches (from turn to turn) over which a line goes one way: how is "increase" or
    "decrease"."""
    sign = SIGNS[how]
    items = line.in_order().items
    values = [point.value for point in items]
    room = STILL * (max(values, default=0.0) - min(values, default=0.0))
    runs: list[list[Point]] = []
    for earlier, later in itertools.pairwise(items):
        if sign * change(earlier, later, room) <= 0.0:
            continue
        if runs and runs[-1][-1] is earlier:
            runs[-1].append(later)
        else:
            runs.append([earlier, later])
    return [Points(tuple(run), line.what) for run in runs]


def start_of(line: Points, how: str) -> Point:
    """The mark from which on a line has gone one way longest: "since when has it been falling?"."""
    runs = runs_of(line, how)
    if not runs:
        raise NoSuch(f"the {line.what} never {how}")
    for point in max(reversed(runs), key=len):
        point.touch()
    return max(reversed(runs), key=len).items[0]


def is_steady(line: Points) -> bool:
    """Whether a line never turns: it only rises or only falls."""
    return not (runs_of(line, "increase") and runs_of(line, "decrease"))


def outliers(points: Points) -> Points:
    """The marks far from the others: more than 2.5 scaled median absolute deviations from the
    median (Leys et al. 2013)."""
    values = [point.value for point in points]
    centre = median(values)
    spread = 1.4826 * median(abs(value - centre) for value in values)
    far = [p for p in points if spread and abs(p.value - centre) > 2.5 * spread]
    if not far:
        raise NoSuch(f"none of the {points.what} is far from the others")
    return Points(tuple(far), points.what)


def says(point: Point, number: float) -> bool:
    """Whether a mark's value is this number. Printed values must be the same; measured ones may lie
    within their reading interval, or within 2%."""
    if math.isclose(point.value, number, rel_tol=1e-3):
        return True
    inside = min(point.low, point.high) <= number <= max(point.low, point.high)
    near = abs(point.value - number) <= 0.02 * abs(number)
    return point.how == "geometry" and (inside or near)


def neat(point: Point) -> float:
    """The value without digits that the reading does not support: the shortest number within the
    reading interval and within 1% of the value."""
    if point.how != "geometry" or point.value == 0.0:
        return point.value
    digits = -math.floor(math.log10(abs(point.value)))
    for places in range(digits, digits + 6):
        short = round(point.value, places)
        if point.low <= short <= point.high and abs(short - point.value) <= 0.01 * abs(short):
            return short
    return point.value
