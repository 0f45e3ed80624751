"""Rectangles arranged as bars: a common thickness, a common baseline, chains of stacked segments.

One code for both directions: `along` is the direction of the value, `across` the other. Vertical
bars have along = -y, so that `along` always grows with the value.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from air_cli.read.marks.bars_cut import Rect
from air_cli.records import Box

_LINE = 4.0  # pixels: axis lines, grid lines and their edges are no longer along the value

_THICK_LINE = 6.0  # pixels: a colour that is nowhere longer, and at one height, is a thick line's
_RAISED = 0.06  # of the bars' extent: a segment that is too thin to be seen is lower
_ROUGH = 0.01  # of the bars' extent: how wide an axis line over their feet is in large pictures


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
    kept = _without_lines(_without_foot(kept, spans))
    segments, baselines = _standing(kept)
    if len(segments) > len(lanes(segments)) or len(baselines) > 1:
        # What is nowhere longer than a line is wide makes no stack: it is the edge of a line.
        thin = _thin(kept)
        plain, feet = _standing([s for s in kept if s[3] - s[2] > thin])
        single = len(feet) == 1 and all(s.level == 0 for s in plain)
        if single and len(plain) >= 0.6 * len(lanes(segments)):
            segments, baselines = plain, feet
    if not segments:
        return None
    share = sum(s.rect.area for s in segments) / max(total, 1e-9)
    segments.sort(key=lambda s: (s.centre, s.panel, s.sign, s.level))
    return Columns(vertical, tuple(baselines), tuple(segments), thickness, min(1.0, share))


def _standing(kept: Sequence[Span]) -> tuple[list[Segment], list[float]]:
    """(segments, baselines): the bars that stand on a few common lines, with what is on them."""
    segments: list[Segment] = []
    baselines: list[float] = []
    while kept and len(baselines) < 5:
        baseline = _baseline(kept)
        found = _chains(kept, baseline, len(baselines))
        used = {id(s.rect) for s in found}
        if raised := _raised(found, segments, baselines, _extent(kept)):
            segments += raised
            kept = [s for s in kept if id(s[4]) not in used]
            continue
        if not found or (baselines and not _is_panel(found, segments)):
            break
        baselines.append(baseline)
        segments += found
        kept = [s for s in kept if id(s[4]) not in used]
    return segments, baselines


def _raised(
    found: Sequence[Segment], first: Sequence[Segment], baselines: Sequence[float], extent: float
) -> list[Segment]:
    """The stacks that begin a little above the first baseline, in lanes of their own: what is under
    them is too thin to be seen. Empty where they stand elsewhere, on a panel of their own."""
    if not baselines or not found:
        return []
    base, taken = baselines[0], [s.centre for s in first]
    stacks = [s for s in found if (s.start - base) * s.sign >= 0 and (s.end - base) * s.sign > 0]
    near = all(abs(s.start - base) <= _RAISED * extent for s in stacks if s.level == 0)
    apart = all(min(abs(s.centre - t) for t in taken) > 0.5 * s.thickness for s in stacks)
    if not near or not apart or max((s.level for s in first), default=0) < 1:
        return []
    return [replace(s, panel=0, level=s.level + 1) for s in stacks]


def _is_panel(found: Sequence[Segment], first: Sequence[Segment]) -> bool:
    """Whether segments on another baseline are a panel of its own, not stray marks."""
    enough = sum(s.rect.area for s in found) > 0.08 * sum(s.rect.area for s in first)
    return enough and len(found) >= max(2, 0.4 * len(lanes(first)))


Span = tuple[float, float, float, float, Rect]


def _without_lines(spans: Sequence[Span]) -> list[Span]:
    """Without pieces of axis, grid and frame lines: slivers of a colour that no bar has, that the
    same bar has again, or that lie at one height in most bars."""
    top = max((s[3] - s[2] for s in spans), default=0.0)
    longest: dict[str, float] = {}
    for s in spans:
        longest[s[4].color] = max(longest.get(s[4].color, 0.0), s[3] - s[2])
    thin = _thin(spans)
    slivers = [s for s in spans if s[3] - s[2] <= thin or longest[s[4].color] <= _THICK_LINE]
    bars = [s for s in spans if s[3] - s[2] > thin and longest[s[4].color] > _THICK_LINE]
    places = len({round((s[0] + s[1]) / 6) for s in bars})
    gone: set[int] = set()
    for s in slivers:
        again = any(
            b[4].color == s[4].color and abs(b[0] + b[1] - s[0] - s[1]) < 4 and b[3] - b[2] > 12
            for b in bars
        )
        level = [
            o
            for o in slivers
            if o[4].color == s[4].color and abs(o[2] - s[2]) < 1 and abs(o[3] - s[3]) < 1
        ]
        foreign = s[3] - s[2] <= _LINE and longest[s[4].color] <= 0.1 * top
        if foreign or again or len(level) >= max(3, 0.6 * places):
            gone.add(id(s))
    gone |= _line_ends(spans)
    return [s for s in spans if id(s) not in gone]


def _without_foot(kept: Sequence[Span], spans: Sequence[Span]) -> list[Span]:
    """Without the pieces of an axis line that are by chance as wide as a bar: others of its colour
    lie at the same height in the gaps."""
    thin = _thin(kept)
    known = {id(s) for s in kept}
    gaps = [s for s in spans if s[3] - s[2] <= thin and id(s) not in known]

    def is_line(span: Span) -> bool:
        alike = [
            g
            for g in gaps
            if g[4].color == span[4].color and abs(g[2] - span[2]) < 1 and abs(g[3] - span[3]) < 1
        ]
        return span[3] - span[2] <= thin and len(alike) >= 2

    pieces = [s for s in kept if is_line(s)]
    if len({round(s[2]) for s in pieces}) > 2:
        return list(kept)  # of grid lines, which have pieces at several heights
    gone = {id(s) for s in pieces}
    return [s for s in kept if id(s) not in gone]


def _line_ends(spans: Sequence[Span]) -> set[int]:
    """The two ends of a base line that stick out beyond the first and the last bar."""
    first, last = (end(spans, key=lambda s: s[0] + s[1], default=None) for end in (min, max))
    if first is None or last is None or first is last:
        return set()
    alike = abs(first[2] - last[2]) < 1 and abs(first[3] - last[3]) < 1
    thin = first[3] - first[2] <= _thin(spans)
    return {id(first), id(last)} if alike and thin else set()


def _thin(spans: Sequence[Span]) -> float:
    """How wide lines are that may be taken for segments."""
    return max(_LINE, _ROUGH * _extent(spans))


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

    # No more lanes can vote for a place than there are ends about it.
    most = _about(starts, ends) + _about(stops, ends)
    best, key = ends[0][0], (0.0, 0.0, 0.0)
    for n in np.argsort(-most).tolist():
        if most[n] < key[0]:
            break
        at, weight = ends[n]
        key, best = max((key, best), ((votes(at), weight, -at), at))
    near = [e for e, _ in ends if abs(e - best) <= 2.5]
    return statistics.median(near)


def _about(places: NDArray[np.float64], ends: Sequence[tuple[float, float]]) -> NDArray[np.int64]:
    """How many of the places lie within reach of each end."""
    ordered, at = np.sort(places), np.array([end for end, _ in ends])
    return np.searchsorted(ordered, at + 2.6) - np.searchsorted(ordered, at - 2.6)


def _chains(spans: Sequence[Span], baseline: float, panel: int) -> list[Segment]:
    """Follow stacked segments from the baseline outwards, on both sides, lane by lane."""
    stacks: list[list[Segment]] = []
    taken: set[int] = set()
    reach = max(3.0, _ROUGH * _extent(spans))
    for sign in (1, -1):
        for first in spans:
            near, far = _ends(first, sign)
            if id(first[4]) in taken or abs(near - baseline) > reach:
                continue
            if (far - baseline) * sign < 0.5:
                continue
            stack: list[Segment] = []
            current: Span | None = first
            while current is not None:
                taken.add(id(current[4]))
                near, far = _ends(current, sign)
                stack.append(
                    Segment(current[0], current[1], near, far, current[4], sign, len(stack), panel)
                )
                current = _next(spans, current, far, sign, taken)
            stacks.append(stack)
    return _over_seams(stacks)


def _extent(spans: Sequence[Span]) -> float:
    """From the lowest to the highest end along the value."""
    return max((s[3] for s in spans), default=0.0) - min((s[2] for s in spans), default=0.0)


def _ends(span: Span, sign: int) -> tuple[float, float]:
    """(near, far) end of a span, seen from the baseline."""
    return (span[2], span[3]) if sign > 0 else (span[3], span[2])


def _next(
    spans: Sequence[Span], current: Span, at: float, sign: int, taken: set[int]
) -> Span | None:
    """The segment that continues a stack at `at`, a seam allowed that is thin beside the bar."""
    seam = max(4.0, 0.06 * (current[1] - current[0]))
    aside = max(2.0, 0.06 * (current[1] - current[0]))  # a grid line may stick to a segment
    centre = (current[0] + current[1]) / 2
    there = [
        span
        for span in spans
        if id(span[4]) not in taken
        and abs(_ends(span, sign)[0] - at) <= seam
        and abs((span[0] + span[1]) / 2 - centre) <= aside
    ]
    return min(there, key=lambda span: abs(_ends(span, sign)[0] - at), default=None)


def _over_seams(stacks: Sequence[Sequence[Segment]]) -> list[Segment]:
    """Segments that meet in the middle of the line drawn between them: a stroke around a segment
    covers half its width of it, at the end of a stack as well."""
    gaps = [(b.start - a.end) * a.sign for stack in stacks for a, b in itertools.pairwise(stack)]
    stroke = statistics.median(gaps) if len(gaps) >= 3 else 0.0
    result: list[Segment] = []
    for stack in stacks:
        for n, segment in enumerate(stack):
            start, end = segment.start, segment.end
            if n:
                start = (stack[n - 1].end + start) / 2
            if n + 1 < len(stack):
                end = (end + stack[n + 1].start) / 2
            elif stroke > 0.6:
                end += segment.sign * min(stroke, 3.0) / 2
            result.append(replace(segment, start=start, end=end))
    return result


def lanes(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Segments by the place across that they share, in order."""
    groups: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda s: s.centre):
        if groups and segment.centre - groups[-1][0].centre <= 0.35 * segment.thickness:
            groups[-1].append(segment)
        else:
            groups.append([segment])
    return groups
