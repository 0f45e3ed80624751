"""One line through the labels of an axis: which of them agree on it, and where it lies.

The robust step is consensus over pairs of labels (Fischler & Bolles, RANSAC, 1981, made exhaustive
since an axis has few labels); the precise step is least squares on the tick or grid positions next
to the agreeing labels, because a text's centre is only known to a pixel or two.
"""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from air_cli.read.scene import AxisFit
from air_cli.records import Text, Tick


@dataclass(frozen=True)
class Label:
    """A tick label: its place `px` along the axis, from `low` to `high`; the values it may stand
    for, likeliest first; `reach` is how far its tick mark may be from its centre."""

    text: str
    px: float
    reach: float
    values: tuple[float, ...]
    unit: str = ""
    repaired: bool = False
    low: float = 0.0
    high: float = 0.0


class Agreed(NamedTuple):
    """A label (the `nth`) that agrees on the axis with this value. `flush`: it is the first or last
    one, moved inwards to stay within the picture, so that its centre is not its place."""

    nth: int
    value: float
    flush: bool = False


def label_of(
    text: Text, role: str, values: tuple[float, ...], *, unit: str = "", repaired: bool = False
) -> Label:
    """A tick label from its text."""
    left, top, right, bottom = text.bbox_px
    low, high = (left, right) if role.startswith("x") else (top, bottom)
    reach = max(3.0, min(0.3 * (high - low), 8.0))
    return Label(text.text, (low + high) / 2, reach, values, unit, repaired, low, high)


def centre(label: Text, role: str) -> float:
    """The middle of a text along an axis, in pixels."""
    left, top, right, bottom = label.bbox_px
    return (left + right) / 2 if role.startswith("x") else (top + bottom) / 2


def raw_value(value: float, log: bool) -> float | None:
    """What is linear along the axis: the value, or its decimal logarithm where there is one."""
    if not log:
        return value
    return math.log10(value) if value > 0 else None


def consensus(entries: Sequence[Label], *, log: bool) -> list[Agreed]:
    """The largest set of labels on one line, preferring first readings."""
    best: list[Agreed] = []
    best_key: tuple[float, float, float] = (-1.0, 0.0, 0.0)
    extent = max(e.px for e in entries) - min(e.px for e in entries)
    tolerance = max(2.5, 0.012 * extent)
    pairs = itertools.combinations(range(len(entries)), 2)
    for i, j in itertools.islice(pairs, 400):
        for a, b in itertools.product(entries[i].values, entries[j].values):
            ra, rb = raw_value(a, log), raw_value(b, log)
            if ra is None or rb is None or ra == rb or entries[i].px == entries[j].px:
                continue
            slope = (rb - ra) / (entries[j].px - entries[i].px)
            offset = ra - slope * entries[i].px
            found, cost, second = _agreeing(entries, slope, offset, tolerance, log)
            moved = sum(one.flush for one in found)
            key = (len(found) - 0.4 * second - 0.4 * moved, -second, -cost)
            if key > best_key:
                best, best_key = found, key
    return best


def _agreeing(
    entries: Sequence[Label], slope: float, offset: float, tolerance: float, log: bool
) -> tuple[list[Agreed], float, int]:
    found: list[Agreed] = []
    cost, second = 0.0, 0
    ends = {min(range(len(entries)), key=lambda k: entries[k].px)}
    ends.add(max(range(len(entries)), key=lambda k: entries[k].px))
    for k, entry in enumerate(entries):
        for n, value in enumerate(entry.values):
            raw = raw_value(value, log)
            if raw is None:
                continue
            place = (raw - offset) / slope
            off = abs(place - entry.px)
            flush = k in ends and len(entries) >= 4 and entry.low - 1 <= place <= entry.high + 1
            if off <= tolerance or flush:
                found.append(Agreed(k, value, off > tolerance))
                cost += min(off, tolerance)
                second += n > 0 and value != 0
                break
    return found, cost, second


def solve(
    role: str,
    kind: str,
    entries: Sequence[Label],
    inliers: Sequence[Agreed],
    tick_px: Sequence[float],
) -> AxisFit | None:
    """The axis through the labels that agree: least squares, first on label centres, then on the
    tick marks next to them (`tick_px`). None where all stand for one value."""
    log = kind == "log"
    moved = [one for one in inliers if one.flush]
    inliers = [one for one in inliers if not one.flush]
    if len(inliers) < 2:
        return None
    raw = np.array([raw_value(one.value, log) for one in inliers], dtype=float)
    centres = np.array([entries[one.nth].px for one in inliers])
    if np.ptp(raw) == 0:
        return None
    slope, offset, residual = _line(centres, raw)
    snapped = _snapped(role, entries, inliers, tick_px)
    if snapped is not None:
        s2, o2, r2 = _line(snapped, raw)
        if r2 <= max(residual, 0.8):
            slope, offset, residual, centres = s2, o2, r2, snapped
    if len(inliers) == 2:
        residual = max(residual, 0.5 if snapped is not None else 1.0)
    places = [*zip(inliers, centres, strict=True)]
    places += [(o, ((raw_value(o.value, log) or 0.0) - offset) / slope) for o in moved]
    ticks = tuple(
        Tick(entries[one.nth].text, one.value, float(px))
        for one, px in sorted(places, key=lambda item: item[1])
    )
    units = [entries[one.nth].unit for one in inliers if entries[one.nth].unit]
    unit = statistics.mode(units) if units else ""
    problems = [
        f'{role} axis: the label "{entries[one.nth].text}" was read as {one.value:g}'
        for one in inliers
        if entries[one.nth].repaired or one.value not in (entries[one.nth].values[0], 0)
    ]
    return AxisFit(role, kind, slope, offset, ticks, residual, unit=unit, problems=tuple(problems))


def _line(px: np.ndarray, raw: np.ndarray) -> tuple[float, float, float]:
    """Slope and offset of raw = slope * px + offset, and the RMS residual in pixels."""
    slope, offset = np.polyfit(px, raw, 1)
    if slope == 0:
        return 1e-12, float(offset), math.inf
    off = (raw - offset) / slope - px
    return float(slope), float(offset), float(np.sqrt(np.mean(off**2)))


def _snapped(
    role: str, entries: Sequence[Label], inliers: Sequence[Agreed], tick_px: Sequence[float]
) -> np.ndarray | None:
    """The tick mark next to each agreeing label, or None when one lacks it.

    Labels may sit a constant distance beside their ticks (above a grid line); the common shift is
    allowed for as long as it is smaller than the reach of every label.
    """
    if not tick_px:
        return None
    ticks = np.asarray(sorted(tick_px), dtype=float)
    found = []
    for i, *_ in inliers:
        nearest = float(ticks[np.argmin(np.abs(ticks - entries[i].px))])
        if abs(nearest - entries[i].px) > entries[i].reach:
            return _above_lines(role, [entries[i] for i, *_ in inliers], ticks)
        found.append(nearest)
    centres = np.array([entries[i].px for i, *_ in inliers])
    reach = np.array([entries[i].reach for i, *_ in inliers])
    # Of a mark above and one below a label its own is as far off as the others' are.
    shifted = centres + float(np.median(np.array(found) - centres))
    own = ticks[np.abs(ticks[None] - shifted[:, None]).argmin(axis=1)]
    found = np.where(np.abs(own - centres) <= reach, own, found).tolist()
    return np.array(found) if len(set(found)) == len(found) else None


def _above_lines(role: str, labels: Sequence[Label], lines: np.ndarray) -> np.ndarray | None:
    """The grid line under each label, where labels stand on their lines: all by the same distance
    (two of them, round numbers, by exactly the same), at most a line of text."""
    if len(labels) < 3 and not all(_is_round(label.values[0]) for label in labels):
        return None  # amounts beside marks
    loose = 3.0 if len(labels) > 2 else 1.0
    centres = np.array([label.px for label in labels])
    reach = 2.4 * min(label.reach for label in labels)
    if not role.startswith("x"):
        reach = max(reach, 1.05 * min(label.high - label.low for label in labels))
    for shift in lines[(lines > centres[0]) & (lines < centres[0] + reach)] - centres[0]:
        nearest = lines[np.abs(lines[None] - centres[:, None] - shift).argmin(axis=1)]
        if np.ptp(nearest - centres) < loose and len(set(nearest)) == len(labels):
            return np.asarray(nearest)
    return None


def _is_round(value: float) -> bool:
    """Whether a number has at most three digits before its zeros, as the steps of an axis."""
    return float(f"{value:.2e}") == value
