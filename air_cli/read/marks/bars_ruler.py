"""What turns the lengths of bars into values: the axis, or printed labels that agree."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from air_cli.read.marks.bars_columns import Columns, Segment, turned
from air_cli.read.marks.bars_values import Label, Ruler, evaluate
from air_cli.read.scene import AxisFit, Scene


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
    over the feet hides a few pixels of the bars as well, so that the likelier comes first; bars on
    both sides that nearly meet tell where 0 is."""
    if fit.kind != "linear" or columns.form == "range" or not fit.ticks:
        return [fit]
    pxs = [tick.px for tick in fit.ticks]
    foot = -columns.baselines[0] if columns.vertical else columns.baselines[0]
    off = foot - fit.px(0.0)
    step = (max(pxs) - min(pxs)) / max(1, len(pxs) - 1)
    if not 1.0 < abs(off) < min(8.0, 0.2 * step):
        return [fit]
    moved = replace(fit, offset=fit.offset - fit.slope * off)
    near = abs(off) <= max(3.5, 0.01 * (max(pxs) - min(pxs)))
    return [fit, moved] if near and not _met(columns) else [moved, fit]


def _met(columns: Columns) -> bool:
    """Whether bars begin on both sides of the foot, no further from it than an edge is wide."""
    starts = {
        sign: [s.start for s in columns.segments if s.level == 0 and s.sign == sign]
        for sign in (1, -1)
    }
    if not all(len(each) >= 2 for each in starts.values()):
        return False
    return abs(statistics.median(starts[1]) - statistics.median(starts[-1])) <= 2.5


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
