"""Values of bars: the printed label first, the drawn length as its independent check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from air_cli.read.marks.bars_columns import Columns, Segment, turned
from air_cli.read.numbers import Number, parse_number, repaired
from air_cli.read.scene import AxisFit, Scene
from air_cli.records import How, Text

EDGE_PX = 1.6  # uncertainty of a bar's end: 95% of labelled bars lie within it (ticks snap, too)


@dataclass(frozen=True)
class Label:
    """A printed number beside a bar. `readings`: what it may say, likeliest first."""

    text: Text
    number: Number
    readings: tuple[float, ...]


@dataclass(frozen=True)
class Ruler:
    """Lengths into values. `fit` is the axis, or None for a scale taken from the labels
    (`per_px`), which only labels that agree among themselves give. `base`: the value at the foot,
    where the labels say that the axis does not begin at 0."""

    fit: AxisFit | None
    vertical: bool
    per_px: float = 0.0
    spread: float = 0.0
    base: float = 0.0

    def measure(self, segment: Segment) -> tuple[float, float, float]:
        """(value, low, high) of a segment by its geometry."""
        if self.fit is None:
            value = self.base + self.per_px * segment.length * segment.sign
            reach = 2 * EDGE_PX * abs(self.per_px) + self.spread
            return value, value - reach, value + reach
        start, end = self._px(segment.start), self._px(segment.end)
        if segment.level == 0:
            low, high = self.fit.interval(end, EDGE_PX)
            return self.fit.value(end), low, high
        value = self.fit.value(end) - self.fit.value(start)
        reach = abs(self.fit.slope) * (1.4 * EDGE_PX + 0.5 * self.fit.residual_px)
        return value, value - reach, value + reach

    def _px(self, along: float) -> float:
        return -along if self.vertical else along


@dataclass(frozen=True)
class Valued:
    """A segment with its value, interval, and where they come from."""

    segment: Segment
    value: float | None
    low: float | None
    high: float | None
    how: How
    label: Label | None
    problem: str = ""


def candidate_labels(scene: Scene) -> list[Label]:
    """Numbers in the picture that may be value labels: no ticks, titles, legends or notes."""
    found = []
    for text in scene.texts:
        if text.role in ("tick", "title", "subtitle", "source", "axis-title", "legend"):
            continue
        if abs(text.angle) > 10 and abs(text.angle) < 80:
            continue
        for reading in repaired(text.text):
            number = parse_number(reading)
            if number:
                found.append(Label(text, number, _readings(number)))
                break
    return found


def _readings(number: Number) -> tuple[float, ...]:
    """What a label may mean: with its suffix, without, the other separator, a lost minus."""
    values = [number.total, number.value]
    if number.other is not None:
        values += [number.other * number.scale, number.other]
    values += [-v for v in values if v > 0]
    return tuple(dict.fromkeys(values))


def match_labels(columns: Columns, labels: Sequence[Label]) -> dict[int, Label]:
    """Index of segment -> its label: nearest pairs first, each used once."""
    pairs: list[tuple[float, int, int]] = []
    outermost = _outermost(columns.segments)
    for i, segment in enumerate(columns.segments):
        for j, label in enumerate(labels):
            cost = _distance(segment, label.text, columns, i in outermost)
            if cost is not None:
                pairs.append((cost, i, j))
    result: dict[int, Label] = {}
    used: set[int] = set()
    for _, i, j in sorted(pairs):
        if i not in result and j not in used:
            result[i] = labels[j]
            used.add(j)
    return result


def _outermost(segments: Sequence[Segment]) -> set[int]:
    """The segments at the ends of their stacks: only these have room for a label outside."""
    last: dict[tuple[int, int, int], int] = {}
    for i, s in enumerate(segments):
        key = (round(s.centre), s.panel, s.sign)
        if key not in last or segments[last[key]].level < s.level:
            last[key] = i
    return set(last.values())


def _distance(segment: Segment, text: Text, columns: Columns, outer: bool) -> float | None:
    """How far a label is from where a segment's label belongs; None when it cannot be its."""
    low, high, start, end = turned(text.bbox_px, columns.vertical)
    height = text.bbox_px[3] - text.bbox_px[1]
    off = abs((low + high) / 2 - segment.centre)
    room = 0.5 * segment.thickness + (0.35 * (high - low) if columns.vertical else 0.4 * height)
    if off > room:
        return None
    across = off / max(segment.thickness, 1.0)
    inner, outer_end = sorted((segment.start, segment.end))
    middle = (start + end) / 2
    if inner - 2 <= middle <= outer_end + 2 and min(end, outer_end) - max(start, inner) > 0:
        centre = abs(middle - (inner + outer_end) / 2) / max(segment.length, 1.0)
        return 0.1 + across + 0.2 * centre
    if not outer:
        return None
    if columns.form:  # either end may carry the label
        gap = max(start - outer_end, inner - end)
        return 0.2 + across + max(0.0, gap) / height if gap <= 1.6 * height else None
    gap = (start - segment.end) if segment.sign > 0 else (segment.end - end)
    if -0.6 * (end - start) <= gap <= 1.6 * height:
        return 0.2 + across + max(0.0, gap) / height
    return None


def evaluate(segment: Segment, label: Label | None, ruler: Ruler | None, top: float) -> Valued:
    """One segment's value from label and geometry. `top`: the range of values on the chart."""
    if ruler is None:
        if label is None:
            return Valued(segment, None, None, None, "geometry", None, "no scale for this bar")
        value, half = label.readings[0], label.number.half
        if segment.level and segment.sign < 0:  # a fall in a waterfall, printed without its sign
            value = -abs(value)
        return Valued(segment, value, value - half, value + half, "label", label)
    measured, low, high = ruler.measure(segment)
    if label is None:
        return Valued(segment, measured, low, high, "geometry", None)
    agreed = _agreeing(label, measured, high - low, top)
    if agreed is not None:
        half = label.number.half
        return Valued(segment, agreed, agreed - half, agreed + half, "both", label)
    mended = _misplaced(label, measured, high - low)
    if mended is not None:
        note = f'label "{label.text.text}" was read as {mended:g}: the bar\'s length says so'
        return Valued(segment, mended, low, high, "both", label, note)
    note = f'label "{label.text.text}" and the bar\'s length ({measured:.4g}) disagree'
    said = label.readings[0]
    if ruler.fit is not None and len(ruler.fit.ticks) >= 3 and ruler.fit.residual_px < 1.5:
        return Valued(segment, measured, low, high, "geometry", label, note)
    return Valued(segment, said, min(said, low), max(said, high), "label", label, note)


def _agreeing(label: Label, measured: float, width: float, top: float) -> float | None:
    """The reading of a label that the geometry confirms."""
    tolerance = max(width, 0.012 * top, label.number.half + width / 2)
    for value in label.readings:
        if abs(value - measured) <= tolerance:
            return value
    return None


def _misplaced(label: Label, measured: float, width: float) -> float | None:
    """A label whose decimal point or leading digit OCR lost, if the geometry says which."""
    value = label.number.total
    candidates = [value / 10, value / 100, value / 1000, value * 10, value * 1000]
    digits = f"{abs(value):.12g}"
    if digits[0] == "1" and digits[1:2].isdecimal():  # the edge of a bar read as a one
        candidates.append(float(digits[1:]))
    if len(digits) > 2 and digits.isdecimal():  # the neighbour's label run into this one
        candidates.append(float(digits[:-1]))
    close = sorted(
        (v for v in candidates if abs(abs(v) - abs(measured)) <= max(width, 1e-12)),
        key=lambda v: abs(abs(v) - abs(measured)),
    )
    if not close or close[-1] - close[0] > width / 2:
        return None
    return close[0] if measured >= 0 else -abs(close[0])
