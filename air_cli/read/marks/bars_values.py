"""Values of bars: the printed label first, the drawn length as its independent check."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

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


def ruler_of(
    scene: Scene, columns: Columns, matched: dict[int, Label]
) -> tuple[Ruler | None, list[str]]:
    """What turns lengths into values: the axis when there is one, else agreeing labels."""
    fits = (scene.y, scene.y2) if columns.vertical else (scene.x,)
    rulers = [
        Ruler(axis, columns.vertical)
        for fit in fits
        if fit is not None and fit.kind in ("linear", "log") and len(columns.baselines) == 1
        for axis in _on_foot(fit, columns)
    ]
    if not rulers:
        return _by_labels(columns, matched)
    return max(rulers, key=lambda ruler: confirmed(columns, matched, ruler)), []


def _on_foot(fit: AxisFit, columns: Columns) -> list[AxisFit]:
    """The axis, and where its 0 nearly lies at the bars' feet the one whose 0 does: labels without
    tick marks are centred on their place by eye, in some fonts several pixels off. An axis line
    over the feet hides a few pixels of the bars as well, so that the likelier comes first."""
    if fit.kind != "linear" or columns.form == "range" or not fit.ticks:
        return [fit]
    pxs = [tick.px for tick in fit.ticks]
    foot = -columns.baselines[0] if columns.vertical else columns.baselines[0]
    off = foot - fit.px(0.0)
    step = (max(pxs) - min(pxs)) / max(1, len(pxs) - 1)
    if not 1.0 < abs(off) < min(8.0, 0.2 * step):
        return [fit]
    moved = replace(fit, offset=fit.offset - fit.slope * off)
    return [moved, fit] if abs(off) > max(3.5, 0.01 * (max(pxs) - min(pxs))) else [fit, moved]


def confirmed(columns: Columns, matched: dict[int, Label], ruler: Ruler) -> int:
    """How many labels a ruler agrees with."""
    top = max((abs(n.number.total) for n in matched.values()), default=0.0)
    each = (evaluate(columns.segments[i], n, ruler, top) for i, n in matched.items())
    return sum(v.how == "both" for v in each)


def _by_labels(columns: Columns, matched: dict[int, Label]) -> tuple[Ruler | None, list[str]]:
    """A scale from the labels themselves: value = k * length, k the median, most agreeing.

    Labels beyond the end of a stack may be totals: where the stack's whole length agrees better
    with them, they are, and they are taken out of `matched`.
    """
    pairs = [
        (columns.segments[i].length, abs(label.number.total), label.number.half)
        for i, label in matched.items()
    ]
    ruler = _scale(columns, pairs)
    if ruler is None and columns.stacked:
        totals = {i: n for i, n in matched.items() if _beyond(columns.segments[i], n, columns)}
        whole = [
            (_stack_length(columns, i), abs(n.number.total), n.number.half)
            for i, n in totals.items()
        ]
        ruler = _scale(columns, whole)
        if ruler is not None:
            for i in totals:
                del matched[i]
    if ruler is None and not columns.stacked:
        ruler = _raised(columns, pairs)
    if ruler is None:
        few = len(pairs) < 3
        return None, [
            "no value axis was found and too few labels to make up for it"
            if few
            else "bar lengths and printed labels do not agree on one scale"
        ]
    return ruler, []


def _scale(columns: Columns, pairs: Sequence[tuple[float, float, float]]) -> Ruler | None:
    """The ruler of (length in pixels, printed value, half its last digit), if most agree."""
    pairs = [p for p in pairs if p[0] > 4 and p[1]]
    if len(pairs) < 3:
        return None
    per_px = statistics.median(value / length for length, value, _ in pairs)
    offs = sorted(abs(value - per_px * length) for length, value, _ in pairs)
    good = [
        p for p in pairs if abs(p[1] - per_px * p[0]) <= 1.5 * per_px + p[2] + 0.02 * _top(pairs)
    ]
    if len(good) < max(3, 0.6 * len(pairs)):
        return None
    weighted = sum(v * n for n, v, _ in good) / sum(n * n for n, _, _ in good)
    return Ruler(None, columns.vertical, weighted, offs[len(offs) // 2])


def _raised(columns: Columns, pairs: Sequence[tuple[float, float, float]]) -> Ruler | None:
    """The ruler of bars whose foot is not 0: value = base + k * length. Two numbers are free, so
    that at least four labels, nearly all of them, must agree closely."""
    if len(pairs) < 4 or any(s.sign < 0 for s in columns.segments):
        return None
    lengths, values = np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs])
    halves = np.array([p[2] for p in pairs])
    best: tuple[int, float, float] | None = None
    for i, j in itertools.combinations(range(len(pairs)), 2):
        if abs(lengths[i] - lengths[j]) < 0.3 * float(np.ptp(lengths)) or np.ptp(lengths) < 12:
            continue
        slope = (values[i] - values[j]) / (lengths[i] - lengths[j])
        off = np.abs(values - values[i] - slope * (lengths - lengths[i]))
        agree = int((off <= halves + 1.5 * abs(slope)).sum())
        if slope > 0 and (best is None or agree > best[0]):
            best = (agree, slope, values[i] - slope * lengths[i])
    if best is None or best[0] < max(4, 0.85 * len(pairs)) or best[2] <= 0:
        return None
    return Ruler(None, columns.vertical, best[1], best[1], best[2])


def _beyond(segment: Segment, label: Label, columns: Columns) -> bool:
    """Whether a label stands outside its segment, past the end."""
    _, _, start, end = turned(label.text.bbox_px, columns.vertical)
    middle = (start + end) / 2
    return (middle - segment.end) * segment.sign > 0


def _stack_length(columns: Columns, index: int) -> float:
    """From the baseline to the end of a segment's stack."""
    segment = columns.segments[index]
    return abs(segment.end - columns.baselines[segment.panel])


def _top(pairs: Sequence[tuple[float, float, float]]) -> float:
    return max(value for _, value, _ in pairs)


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
