"""Rectangles arranged as bars: a common thickness, a common baseline, chains of stacked segments.

One code for both directions: `along` is the direction of the value, `across` the other. Vertical
bars have along = -y, so that `along` always grows with the value.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from air_cli.read.marks.bars_rects import Rect
from air_cli.records import Box


@dataclass(frozen=True)
class Segment:
    """A bar or a stacked segment. `start` is its end nearer to the baseline; `sign` is -1 for bars
    on the far side of it; `level` counts from the baseline; `panel` counts baselines."""

    low: float
    high: float
    start: float
    end: float
    rect: Rect
    sign: int = 1
    level: int = 0
    panel: int = 0

    @property
    def centre(self) -> float:
        return (self.low + self.high) / 2

    @property
    def thickness(self) -> float:
        return self.high - self.low

    @property
    def length(self) -> float:
        return abs(self.end - self.start)

    @property
    def color(self) -> str:
        return self.rect.color


@dataclass(frozen=True)
class Columns:
    """Bars found under one hypothesis. `share` is the part of all rectangles' area they make;
    `form` is `waterfall` or `range` for bars that hang in the air."""

    vertical: bool
    baselines: tuple[float, ...]
    segments: tuple[Segment, ...]
    thickness: float
    share: float
    form: str = ""

    @property
    def stacked(self) -> bool:
        return not self.form and any(s.level > 0 for s in self.segments)


def turned(box: Box, vertical: bool) -> tuple[float, float, float, float]:
    """(low, high) across and (start, end) along of a box."""
    left, top, right, bottom = box
    return (left, right, -bottom, -top) if vertical else (top, bottom, left, right)


def arrange(rects: Sequence[Rect], vertical: bool) -> Columns | None:
    """The bars that rectangles form in one direction, or None when they form none."""
    spans = [(*turned(r.box, vertical), r) for r in rects]
    spans = [s for s in spans if s[1] - s[0] >= 2.5]
    if not spans:
        return None
    total = sum(s[4].area for s in spans)
    thickness = usual_thickness(spans)
    kept = [s for s in spans if abs(s[1] - s[0] - thickness) <= max(2.0, 0.18 * thickness)]
    kept = _without_lines(kept)
    segments: list[Segment] = []
    baselines: list[float] = []
    while kept and len(baselines) < 5:
        baseline = _baseline(kept)
        found = _chains(kept, baseline, len(baselines))
        if not found or (baselines and not _is_panel(found, segments)):
            break
        baselines.append(baseline)
        segments += found
        used = {id(s.rect) for s in found}
        kept = [s for s in kept if id(s[4]) not in used]
    if not segments:
        return None
    share = sum(s.rect.area for s in segments) / max(total, 1e-9)
    segments.sort(key=lambda s: (s.centre, s.panel, s.sign, s.level))
    return Columns(vertical, tuple(baselines), tuple(segments), thickness, min(1.0, share))


def _is_panel(found: Sequence[Segment], first: Sequence[Segment]) -> bool:
    """Whether segments on another baseline are a panel of its own, not stray marks."""
    enough = sum(s.rect.area for s in found) > 0.08 * sum(s.rect.area for s in first)
    return enough and len(found) >= max(2, 0.4 * len(lanes(first)))


Span = tuple[float, float, float, float, Rect]


def _without_lines(spans: Sequence[Span]) -> list[Span]:
    """Without pieces of axis and frame lines: short shapes of a colour that no bar has."""
    top = max((s[3] - s[2] for s in spans), default=0.0)
    longest: dict[str, float] = {}
    for s in spans:
        longest[s[4].color] = max(longest.get(s[4].color, 0.0), s[3] - s[2])
    return [s for s in spans if s[3] - s[2] > 4.0 or longest[s[4].color] > 0.1 * top]


def usual_thickness(spans: Sequence[Span]) -> float:
    """The thickness that most of the area has (area, so that specks and swatches do not vote)."""
    if not spans:
        return 0.0
    sizes = np.array([s[1] - s[0] for s in spans])
    areas = np.array([s[4].area for s in spans])
    alike = np.abs(sizes[None, :] - sizes[:, None]) <= np.maximum(1.5, 0.1 * sizes)[:, None]
    votes = (alike @ areas) * np.minimum(alike.sum(axis=1), 3)
    return float(np.median(sizes[alike[int(votes.argmax())]]))


def _baseline(spans: Sequence[Span]) -> float:
    """Where most bars have an end. Starts count a little more: bars grow away from zero."""
    ends = [(s[2], 1.01) for s in spans] + [(s[3], 1.0) for s in spans]

    starts, stops = (np.array([s[n] for s in spans]) for n in (2, 3))

    @cache
    def votes(at: float) -> float:
        begins = np.abs(starts - at) <= 2.5
        there = np.flatnonzero(begins | (np.abs(stops - at) <= 2.5)).tolist()
        lanes = {round((spans[n][0] + spans[n][1]) / 2): 1.0 if begins[n] else 0.99 for n in there}
        return sum(lanes.values())

    best = max(ends, key=lambda item: (votes(item[0]), item[1], -item[0]))[0]
    near = [e for e, _ in ends if abs(e - best) <= 2.5]
    return statistics.median(near)


def _chains(spans: Sequence[Span], baseline: float, panel: int) -> list[Segment]:
    """Follow stacked segments from the baseline outwards, on both sides, lane by lane."""
    result: list[Segment] = []
    for sign in (1, -1):
        for first in spans:
            if any(first[4] is s.rect for s in result):
                continue
            near, far = (first[2], first[3]) if sign > 0 else (first[3], first[2])
            if abs(near - baseline) > 3.0 or (far - baseline) * sign < 0.5:
                continue
            level, at = 0, near
            current: Span | None = first
            while current is not None:
                near, far = (current[2], current[3]) if sign > 0 else (current[3], current[2])
                result.append(
                    Segment(current[0], current[1], near, far, current[4], sign, level, panel)
                )
                level, at = level + 1, far
                current = _next(spans, current, at, sign, result)
    return result


def _next(
    spans: Sequence[Span], current: Span, at: float, sign: int, used: Sequence[Segment]
) -> Span | None:
    """The segment that continues a stack at `at`, a seam allowed that is thin beside the bar."""
    seam = max(4.0, 0.06 * (current[1] - current[0]))
    centre = (current[0] + current[1]) / 2
    taken = {id(s.rect) for s in used}
    for span in spans:
        near = span[2] if sign > 0 else span[3]
        middle = (span[0] + span[1]) / 2
        if id(span[4]) not in taken and abs(near - at) <= seam and abs(middle - centre) <= 2.0:
            return span
    return None


def lanes(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Segments by the place across that they share, in order."""
    groups: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda s: s.centre):
        if groups and segment.centre - groups[-1][0].centre <= 0.35 * segment.thickness:
            groups[-1].append(segment)
        else:
            groups.append([segment])
    return groups
