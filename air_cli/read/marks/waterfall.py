"""Bars that do not stand on the baseline: waterfalls (each begins where the last ended) and ranges.

A waterfall's values are signed changes, those of its totals (which stand on the baseline) their
level; a range has two series, `from` and `to`.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from air_cli.read.marks.bars_columns import Columns, Segment, Span, turned, usual_thickness
from air_cli.read.marks.bars_cut import Rect
from air_cli.read.marks.bars_values import EDGE_PX
from air_cli.read.scene import AxisFit
from air_cli.records import Mark

_LINE = 4.0  # pixels: lines are thinner
_THIN = 4.0  # pixels: the most that a change which is not seen may measure
_SEAM = 3.0  # pixels between the level where one bar ends and where the next begins
_ROUGH = 0.02  # of the chart's height: the same, where connectors and outlines are drawn
_STANDS = 0.012  # of the chart's height: a bar that begins no higher stands at its foot
_HANGING = 0.34  # share of the bars that must hang: a waterfall is mostly changes
_LEVEL = 0.4  # share of the ranges that may begin where the lowest does
_MANY = 6  # changes that do not all lie about one level by chance
_COLORS = 3  # rises, falls and totals; side by side, more colours are series
_CHAINED = 0.75  # share of the steps that must begin at the level before


@dataclass(frozen=True)
class _Lane:
    """The one bar of a lane; `low` and `high` along the direction of the value."""

    span: Span

    @property
    def low(self) -> float:
        return self.span[2]

    @property
    def high(self) -> float:
        return self.span[3]


def floating(rects: Sequence[Rect], vertical: bool) -> Columns | None:
    """Bars of one thickness, one a lane, that hang in the air: a waterfall or ranges, else None."""
    spans = [(*turned(r.box, vertical), r) for r in rects]
    spans = [s for s in spans if s[1] - s[0] >= 2.5]
    spans = [s for s in spans if not _is_grid(s, spans)]
    if not spans:
        return None
    thickness = usual_thickness(spans)
    spans = [s for s in spans if abs(s[1] - s[0] - thickness) <= max(2, 0.18 * thickness)]
    bars = _lanes([s for s in _above_axis(spans) if not _is_edge(s, spans)])
    if bars is None or len(bars) < 3:
        return None
    total = sum(r.area for r in rects)
    share = min(1.0, sum(b.span[4].area for b in bars) / max(total, 1e-9))
    foot = min(b.low for b in bars)
    reach = max(_SEAM, _STANDS * (max(b.high for b in bars) - foot))
    standing = [b.low - foot <= reach for b in bars]
    if standing[0] and standing.count(False) >= max(2, _HANGING * len(bars)):
        steps = _steps(*(_with_thin(bars, standing) if vertical else (bars, standing)))
        # What is as thin as a line is all edge, and has no colour of its own.
        colors = {s.color for s in steps or () if s.length > _LINE}
        changes = [b for b, stands in zip(bars, standing, strict=True) if not stands]
        one_line = len(changes) >= _MANY and _on_one_line(changes)
        if steps is not None and len(colors) <= _COLORS and not one_line:
            return Columns(vertical, (foot,), tuple(steps), thickness, share, "waterfall")
    if sum(standing) <= max(1, _LEVEL * len(bars)) and not _common_end(bars):
        hanging = tuple(_segment(b, 1, b.low, b.high, 1) for b in bars)
        return Columns(vertical, (foot,), hanging, thickness, share, "range")
    return None


def _above_axis(spans: Sequence[Span]) -> list[Span]:
    """Without the pieces of an axis line that runs at the feet of the bars."""
    bars = [s for s in spans if s[3] - s[2] > _SEAM + 2]
    foot = min((s[2] for s in bars), default=0.0)
    return [s for s in spans if s[3] - s[2] > _SEAM + 2 or s[3] > foot + _SEAM + 2]


def _is_grid(span: Span, spans: Sequence[Span]) -> bool:
    """Whether a thin piece is one of the pieces of a line that bars and other lines cut up."""
    level = [
        s
        for s in spans
        if s[4].color == span[4].color and abs(s[2] - span[2]) < 1.5 > s[3] - s[2] - _LINE
    ]
    return span[3] - span[2] <= _LINE + 1 and len(level) >= 3


def _lanes(spans: Sequence[Span]) -> list[_Lane] | None:
    """One bar a lane, or None where lanes hold several."""
    lanes: list[list[Span]] = []
    for span in sorted(spans, key=lambda s: s[0] + s[1]):
        last = lanes[-1][0] if lanes else None
        if last and span[0] < last[1] - 0.35 * (last[1] - last[0]):
            lanes[-1].append(span)
        else:
            lanes.append([span])
    if sum(len(lane) > 1 for lane in lanes) > 0:
        return None
    return [_Lane(lane[0]) for lane in lanes]


def _is_edge(span: Span, spans: Sequence[Span]) -> bool:
    """Whether a thin piece is the blurred edge of a bar, or an axis line at its foot."""
    if span[3] - span[2] > _SEAM + 1:
        return False
    return any(
        other[3] - other[2] > _SEAM + 1
        and min(other[1], span[1]) - max(other[0], span[0]) > 0.5 * (span[1] - span[0])
        and max(other[2], span[2]) - min(other[3], span[3]) <= 2
        for other in spans
    )


def _common_end(bars: Sequence[_Lane]) -> bool:
    """Whether bars share an end after all: they hang from a line, or stand on one."""
    for ends in ([b.low for b in bars], [b.high for b in bars]):
        middle = statistics.median(ends)
        if sum(abs(e - middle) <= _SEAM for e in ends) > 0.6 * len(bars):
            return True
    return _on_one_line(bars)


def _on_one_line(bars: Sequence[_Lane]) -> bool:
    """Whether three quarters of the bars begin or end at one level: they stand on both sides of it.
    The steps of a waterfall share each level by twos."""
    ends = [(b.low, b.high) for b in bars]
    return any(
        sum(min(abs(a - at), abs(b - at)) <= _SEAM for a, b in ends) >= 0.75 * len(bars)
        for end in ends
        for at in end
    )


def _steps(bars: Sequence[_Lane], standing: Sequence[bool]) -> list[Segment] | None:
    """The segments of a waterfall; None where too many do not begin where the last ended."""
    level = bars[0].high
    seam = max(_SEAM, _ROUGH * (max(b.high for b in bars) - bars[0].low))
    segments = [_segment(bars[0], 1, bars[0].low, bars[0].high, 0)]
    good = 0
    for bar, stands in zip(bars[1:], standing[1:], strict=True):
        rises = abs(bar.low - level) < abs(bar.high - level)
        if stands:
            segments.append(_segment(bar, 1, bar.low, bar.high, 0))
        elif rises:
            segments.append(_segment(bar, 1, bar.low, bar.high, 1))
        else:
            segments.append(_segment(bar, -1, bar.high, bar.low, 1))
        good += stands or min(abs(bar.low - level), abs(bar.high - level)) <= seam
        level = segments[-1].end
    return segments if good >= _CHAINED * (len(bars) - 1) else None


def _with_thin(bars: Sequence[_Lane], standing: Sequence[bool]) -> tuple[list[_Lane], list[bool]]:
    """The lanes with those between that hold nothing because the change is thinner than a line:
    there the level is the end of the bar before, or the beginning of the next."""
    middles = [(b.span[0] + b.span[1]) / 2 for b in bars]
    gaps = [b - a for a, b in itertools.pairwise(middles)]
    pitch = statistics.median_low(gaps)
    lanes, stand = [bars[0]], [standing[0]]
    level = bars[0].high
    for bar, stands, gap in zip(bars[1:], standing[1:], gaps, strict=True):
        near = bar.high if stands or abs(bar.high - level) < abs(bar.low - level) else bar.low
        if 1.75 * pitch < gap < 2.25 * pitch and 0.2 < abs(near - level) <= _THIN:
            low, high = sorted((level, near))
            a, b = (s - gap / 2 for s in bar.span[:2])
            color = lanes[-1].span[4].color
            lanes.append(_Lane((a, b, low, high, Rect(a, -high, b, -low, color))))
            stand.append(False)
        lanes.append(bar)
        stand.append(stands)
        level = bar.high if stands else bar.low if near == bar.high else bar.high
    return lanes, stand


def _segment(bar: _Lane, sign: int, start: float, end: float, level: int) -> Segment:
    return Segment(bar.span[0], bar.span[1], start, end, bar.span[4], sign, level)


def range_marks(columns: Columns, names: Sequence[str], fit: AxisFit | None) -> list[Mark]:
    """Two marks a bar, where it begins and where it ends, by the value axis."""
    marks = []
    for segment, name in zip(columns.segments, names, strict=True):
        for series, along in (("from", segment.start), ("to", segment.end)):
            px = -along if columns.vertical else along
            value, low, high = None, None, None
            if fit is not None:
                value = fit.value(px)
                low, high = fit.interval(px, EDGE_PX)
            box = segment.rect.box
            marks.append(Mark(series, name, value, low, high, "geometry", box, segment.rect.color))
    return marks
