"""Reading marks again: does what is printed at a mark agree with its value?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sandbox.toolkit.chart import ChartView
from sandbox.toolkit.pictures import reread
from sandbox.toolkit.points import NO_BOX, Point, Points

PRINTED = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?")
NUMBER = re.compile(r"[^\w\s]?\s?[-−(]?\s?[$€£¥]?\s?\d[\d,]*(?:\.\d+)?\s?(?:%|[kmb]n?)?\)?", re.I)
# Pixels around a mark in which its label is looked for, where no texts tell how large they are;
# else so many heights of a text.
REACH, HEIGHTS = 28.0, 2.5
MOST = 6
# How far a label may be from the measured value: of it, or of all that the chart spans.
OF_VALUE, OF_SPAN = 0.03, 0.025
# Parts of a stack and its printed total.
OF_TOTAL = 0.03


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


def recheck(point: Point, chart: ChartView | None = None) -> Check:
    """Read the label of one mark again at a higher zoom and compare it with the value. A printed
    number mends the value only where it is the only one that the geometry allows."""
    # The chart tells how large the texts are, which stand beside the mark, and what it spans.
    if point.box == NO_BOX:
        return Check(point, "unclear", point.value, ())
    left, top, right, bottom = point.box
    reach = reach_of(chart)
    area = (max(left - reach, 0.0), max(top - reach, 0.0), right + reach, bottom + reach)
    texts = reread(area, figure=point.figure)
    if chart is not None:
        texts = [text for text in texts if beside(point, text["bbox_px"])]
    seen = tuple(numbers_of([*(text["text"] for text in texts), point.label]))
    slack = max(abs(point.value) * 0.005, 1e-9)
    if any(abs(number - point.value) <= slack for number in seen):
        return Check(point, "confirmed", point.value, seen)
    room = max((point.high - point.low) / 2.0, abs(point.value) * OF_VALUE, span_of(chart))
    near = {number for number in seen if abs(number - point.value) <= room}
    if point.how == "geometry" and len(near) == 1:
        return Check(point, "mended", near.pop(), seen)
    return Check(point, "unclear", point.value, seen)


def recheck_all(points: Iterable[Point], chart: ChartView | None = None) -> list[Check]:
    """`recheck` for the first few marks; more would cost more than they tell."""
    # What is printed was compared with its mark when the chart was read.
    listed = list(points)
    if chart is not None:
        listed = [point for point in listed if point.how == "geometry"]
    return [recheck(point, chart) for point in listed[:MOST]]


def reach_of(chart: ChartView | None) -> float:
    """How far from a mark its label may stand (px)."""
    boxes = [text["bbox_px"] for text in chart.text if NUMBER.fullmatch(text["text"].strip())
             ] if chart is not None else []  # fmt: skip
    heights = sorted(box[3] - box[1] for box in boxes)
    return max(REACH, HEIGHTS * heights[len(heights) // 2]) if heights else REACH


def beside(point: Point, box: Sequence[float]) -> bool:
    """Whether a text stands above, below, in or at the side of a mark, and not before another."""
    left, top, right, bottom = point.box
    x, y = (box[0] + box[2]) / 2.0, (box[1] + box[3]) / 2.0
    half = (box[2] - box[0]) / 2.0 if right - left < 12.0 else 0.0  # a point has hardly a width
    return left - half <= x <= right + half or top <= y <= bottom


def span_of(chart: ChartView | None) -> float:
    """What a label may differ from the measured value for all that the chart spans."""
    values = [point.value for point in chart.points] if chart is not None else []
    return OF_SPAN * (max(values) - min(values)) if values else 0.0


def totalled(chart: ChartView, categories: Sequence[str] = ()) -> ChartView:
    """The chart with the measured parts of its stacks fitted to their printed totals."""
    if not chart.kind.startswith("stacked"):
        return chart
    new: dict[Point, float] = {}
    for name in categories or chart.categories:
        parts = [p for p in chart.points if p.category == name and p.box != NO_BOX]
        measured = [p for p in parts if p.how == "geometry"]
        total = printed_total(chart, parts)
        size = sum(p.value for p in measured)
        if total is not None and size:
            fixed = sum(p.value for p in parts) - size
            new.update({p: p.value * (total - fixed) / size for p in measured})
    return with_values(chart, new)


def printed_total(chart: ChartView, parts: Sequence[Point]) -> float | None:
    """The number printed over a stack that is nearly the sum of its parts; None without one."""
    if len(parts) < 2:
        return None
    whole = sum(p.value for p in parts)
    left, right = min(p.box[0] for p in parts), max(p.box[2] for p in parts)
    top, reach = min(p.box[1] for p in parts), reach_of(chart)
    found = set()
    for text in chart.text:
        box = text["bbox_px"]
        over = left <= (box[0] + box[2]) / 2.0 <= right and top - 2.0 * reach <= box[1] <= top
        if over and NUMBER.fullmatch(text["text"].strip()):
            found.update(numbers_of([text["text"]]))
    room = OF_TOTAL * abs(whole)
    near = [n for n in found if abs(n - whole) <= room and all(n != p.value for p in parts)]
    return near[0] if len(near) == 1 else None


def numbers_of(texts: Iterable[str]) -> list[float]:
    """The numbers printed in some texts."""
    found = [m.replace(",", "").replace("−", "-") for t in texts for m in PRINTED.findall(t)]
    return [float(number) for number in found]


def mended(chart: ChartView, checks: Sequence[Check]) -> ChartView:
    """The chart with the values that the checks mended; the chart itself when none did."""
    return with_values(chart, {c.point: c.value for c in checks if c.verdict == "mended"})


def with_values(chart: ChartView, new: Mapping[Point, float]) -> ChartView:
    """The chart with these values for these marks; the chart itself for none."""
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
