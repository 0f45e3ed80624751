"""Reading marks again: does what is printed at a mark agree with its value?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sandbox.toolkit.chart import ChartView
from sandbox.toolkit.pictures import reread
from sandbox.toolkit.points import NO_BOX, Point, Points

PRINTED = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?")
REACH = 28.0
MOST = 6


@dataclass(frozen=True)
class Check:
    """What a second reading of a mark found. `verdict`: confirmed, mended or unclear; `value` is
    the value to go on with; `seen` the numbers printed there."""

    point: Point
    verdict: str
    value: float
    seen: tuple[float, ...]

    def __str__(self) -> str:
        said = f"{self.point.series} {self.point.category} = {self.point.value:g}".strip()
        numbers = ", ".join(f"{number:g}" for number in self.seen)
        more = f" → {self.value:g}" if self.verdict == "mended" else ""
        return f"{said}: {self.verdict}{more}; printed there: {numbers or 'nothing'}"


def recheck(point: Point) -> Check:
    """Read the label of one mark again at a higher zoom and compare it with the value. A printed
    number mends the value only where it is the only one that the geometry allows."""
    if point.box == NO_BOX:
        return Check(point, "unclear", point.value, ())
    left, top, right, bottom = point.box
    area = (max(left - REACH, 0.0), max(top - REACH, 0.0), right + REACH, bottom + REACH)
    seen = tuple(numbers_of(text["text"] for text in reread(area, figure=point.figure)))
    slack = max(abs(point.value) * 0.005, 1e-9)
    if any(abs(number - point.value) <= slack for number in seen):
        return Check(point, "confirmed", point.value, seen)
    room = max((point.high - point.low) / 2.0, abs(point.value) * 0.03)
    near = [number for number in seen if abs(number - point.value) <= room]
    if point.how == "geometry" and len(near) == 1:
        return Check(point, "mended", near[0], seen)
    return Check(point, "unclear", point.value, seen)


def recheck_all(points: Iterable[Point]) -> list[Check]:
    """`recheck` for the first few marks; more would cost more than they tell."""
    return [recheck(point) for point in list(points)[:MOST]]


def numbers_of(texts: Iterable[str]) -> list[float]:
    """The numbers printed in some texts."""
    found = [m.replace(",", "").replace("−", "-") for t in texts for m in PRINTED.findall(t)]
    return [float(number) for number in found]


def mended(chart: ChartView, checks: Sequence[Check]) -> ChartView:
    """The chart with the values that the checks mended; the chart itself when none did."""
    new = {check.point: check.value for check in checks if check.verdict == "mended"}
    if not new:
        return chart
    chart.points = Points(
        tuple(
            replace(p, value=new[p], low=new[p], high=new[p], how="both") if p in new else p
            for p in chart.points
        ),
        chart.points.what,
    )
    return chart
