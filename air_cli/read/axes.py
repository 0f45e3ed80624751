"""Calibrated axes from tick labels and tick marks.

The robust step is consensus over pairs of labels (Fischler & Bolles, RANSAC, 1981, made exhaustive
since an axis has few labels); the precise step is least squares on the tick or grid positions next
to the agreeing labels, because a text's centre is only known to a pixel or two.
"""

from __future__ import annotations

import itertools
import math
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from air_cli.read.numbers import parse_number, repaired
from air_cli.read.scene import AxisFit
from air_cli.read.times import parse_time
from air_cli.records import Text, Tick


@dataclass(frozen=True)
class _Label:
    text: str
    px: float
    reach: float
    values: tuple[float, ...]
    unit: str = ""
    repaired: bool = False


def fit_axis(
    role: str,
    labels: Sequence[Text],
    tick_px: Sequence[float] = (),
    span: tuple[float, float] | None = None,
) -> AxisFit | None:
    """The axis that these tick labels describe, or None when there are fewer than two.

    `role`: x, y, y2; positions are box centres along that direction, in pixels. `tick_px` are
    positions of tick marks or grid lines. Numeric axes are linear or log, whichever more labels
    agree on; labels that name times make a `time` axis; everything else is `category`. Labels that
    had to be repaired, or that disagree and were left out, are told in `problems`.
    """
    ordered = sorted(labels, key=lambda label: _centre(label, role))
    ordered = [label for label in ordered if label.text.strip()]
    if len(ordered) < 2:
        return None
    pxs = [_centre(label, role) for label in ordered]
    span = span or (min(pxs), max(pxs))
    fit = _fit_time(role, ordered, tick_px)
    if fit is None and role == "x" and all(parse_time(label.text) for label in ordered):
        fit = _category(role, ordered)  # years that are not evenly spaced: names, not a scale
    if fit is None:
        fit = _fit_numeric(role, ordered, tick_px)
    if fit is None:
        fit = _category(role, ordered)
    return replace(fit, span=span)


def _centre(label: Text, role: str) -> float:
    left, top, right, bottom = label.bbox_px
    return (left + right) / 2 if role.startswith("x") else (top + bottom) / 2


def _reach(label: Text, role: str) -> float:
    """How far a tick mark may be from the label's centre."""
    left, top, right, bottom = label.bbox_px
    size = (right - left) / 2 if role.startswith("x") else (bottom - top) / 2
    return max(3.0, min(0.6 * size, 8.0))


def _fit_time(role: str, labels: Sequence[Text], tick_px: Sequence[float]) -> AxisFit | None:
    # "98 00 02 04": years without their century; numbers are not written with a leading zero.
    short = all(re.fullmatch(r"\d\d", label.text) for label in labels) and role == "x"
    mark = "'" if short and any(label.text[0] == "0" for label in labels) else ""
    times = [(label, parse_time(mark + label.text)) for label in labels]
    named = [(label, time) for label, time in times if time is not None]
    if len(named) < 2 or len(named) < 0.75 * len(labels):
        return None
    if len({time for _, time in named}) < len(named) and len(named) < 4:
        return None
    entries = [
        _Label(label.text, _centre(label, role), _reach(label, role), (time,))
        for label, time in named
    ]
    inliers = _consensus(entries, log=False)
    if len(inliers) < 2 or len(inliers) < 0.7 * len(labels):
        return None
    return _solve(role, "time", entries, inliers, tick_px)


def _fit_numeric(role: str, labels: Sequence[Text], tick_px: Sequence[float]) -> AxisFit | None:
    entries = _one_format([entry for label in labels if (entry := _entry(label, role))])
    if len(entries) < 2 or len(entries) < 0.6 * len(labels):
        return None
    linear = _consensus(entries, log=False)
    log = _consensus(entries, log=True)
    kind, inliers = ("linear", linear)
    if len(log) > len(linear) or (len(log) == len(linear) >= 3 and _looks_log(entries, log)):
        kind, inliers = "log", log
    if len(inliers) < 2 or len(inliers) < 0.5 * len(labels):
        return None
    fit = _solve(role, kind, entries, inliers, tick_px)
    if fit is None:
        return None
    problems = list(fit.problems)
    used = {index for index, _ in inliers}
    for i, entry in enumerate(entries):
        if i not in used:
            problems.append(f'{role} axis: the label "{entry.text}" disagrees and was left out')
    if len(inliers) == 2:
        problems.append(f"{role} axis: only two labels, nothing checks them")
    return replace(fit, problems=tuple(problems))


def _entry(label: Text, role: str) -> _Label | None:
    for n, text in enumerate(repaired(label.text)):
        number = parse_number(text)
        if number is None:
            continue
        values = [number.total]
        if number.other is not None:
            values.append(number.other * number.scale)
        # A minus sign is the thinnest glyph of all: OCR loses it more than anything else.
        if number.total > 0 and number.unit != "$":
            values.append(-number.total)
        reach = _reach(label, role)
        return _Label(label.text, _centre(label, role), reach, tuple(values), number.unit, n > 0)
    return None


def _one_format(entries: Sequence[_Label]) -> list[_Label]:
    """Labels of one axis share a format: next to a bare "0" or "500", "1.000" is a thousand."""
    dotted = [e for e in entries if re.search(r"\d\.\d{3}\b", e.text) and len(e.values) > 1]
    bare = any(re.fullmatch(r"\D*\d{1,3}\D*", e.text) for e in entries)
    if not bare or any(re.search(r"\d[.,]\d{1,2}\b", e.text) for e in entries):
        return list(entries)
    return [
        replace(e, values=(e.values[1], e.values[0], *e.values[2:])) if e in dotted else e
        for e in entries
    ]


def _raw(value: float, log: bool) -> float | None:
    if not log:
        return value
    return math.log10(value) if value > 0 else None


def _consensus(entries: Sequence[_Label], *, log: bool) -> list[tuple[int, float]]:
    """The largest set of (label index, value) on one line, preferring first readings."""
    best: list[tuple[int, float]] = []
    best_key: tuple[float, float, float] = (-1.0, 0.0, 0.0)
    extent = max(e.px for e in entries) - min(e.px for e in entries)
    tolerance = max(2.5, 0.012 * extent)
    pairs = itertools.combinations(range(len(entries)), 2)
    for i, j in itertools.islice(pairs, 400):
        for a, b in itertools.product(entries[i].values, entries[j].values):
            ra, rb = _raw(a, log), _raw(b, log)
            if ra is None or rb is None or ra == rb or entries[i].px == entries[j].px:
                continue
            slope = (rb - ra) / (entries[j].px - entries[i].px)
            offset = ra - slope * entries[i].px
            found, cost, second = _agreeing(entries, slope, offset, tolerance, log)
            key = (len(found) - 0.4 * second, -second, -cost)
            if key > best_key:
                best, best_key = found, key
    return best


def _agreeing(
    entries: Sequence[_Label], slope: float, offset: float, tolerance: float, log: bool
) -> tuple[list[tuple[int, float]], float, int]:
    found, cost, second = [], 0.0, 0
    for k, entry in enumerate(entries):
        for n, value in enumerate(entry.values):
            raw = _raw(value, log)
            if raw is None:
                continue
            off = abs((raw - offset) / slope - entry.px)
            if off <= tolerance:
                found.append((k, value))
                cost += off
                second += n > 0 and value != 0
                break
    return found, cost, second


def _looks_log(entries: Sequence[_Label], inliers: Sequence[tuple[int, float]]) -> bool:
    """Three or more labels that fit both ways are log only when they are powers of ten."""
    values = [value for _, value in inliers]
    return all(v > 0 and abs(math.log10(v) - round(math.log10(v))) < 1e-9 for v in values)


def _solve(
    role: str,
    kind: str,
    entries: Sequence[_Label],
    inliers: Sequence[tuple[int, float]],
    tick_px: Sequence[float],
) -> AxisFit | None:
    """Least squares, first on label centres, then on the tick marks next to them."""
    log = kind == "log"
    raw = np.array([_raw(v, log) for _, v in inliers], dtype=float)
    centres = np.array([entries[i].px for i, _ in inliers])
    if np.ptp(raw) == 0:
        return None
    slope, offset, residual = _line(centres, raw)
    snapped = _snapped(entries, inliers, tick_px)
    if snapped is not None:
        s2, o2, r2 = _line(snapped, raw)
        if r2 <= max(residual, 0.8):
            slope, offset, residual, centres = s2, o2, r2, snapped
    if len(inliers) == 2:
        residual = max(residual, 0.5 if snapped is not None else 1.0)
    ticks = tuple(
        Tick(entries[i].text, v, float(px))
        for (i, v), px in sorted(zip(inliers, centres, strict=True), key=lambda item: item[1])
    )
    units = [entries[i].unit for i, _ in inliers if entries[i].unit]
    unit = statistics.mode(units) if units else ""
    problems = [
        f'{role} axis: the label "{entries[i].text}" was read as {v:g}'
        for i, v in inliers
        if entries[i].repaired or v not in (entries[i].values[0], 0)
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
    entries: Sequence[_Label], inliers: Sequence[tuple[int, float]], tick_px: Sequence[float]
) -> np.ndarray | None:
    """The tick mark next to each agreeing label, or None when one lacks it.

    Labels may sit a constant distance beside their ticks (above a grid line); the common shift is
    allowed for as long as it is smaller than the reach of every label.
    """
    if not tick_px:
        return None
    ticks = np.asarray(sorted(tick_px), dtype=float)
    found = []
    for i, _ in inliers:
        nearest = float(ticks[np.argmin(np.abs(ticks - entries[i].px))])
        if abs(nearest - entries[i].px) > entries[i].reach:
            return _above_lines([entries[i] for i, _ in inliers], ticks)
        found.append(nearest)
    return np.array(found) if len(set(found)) == len(found) else None


def _above_lines(labels: Sequence[_Label], lines: np.ndarray) -> np.ndarray | None:
    """The grid line under each label, where labels stand on their lines: all of three or more by
    the same distance, less than a line of text."""
    if len(labels) < 3:
        return None
    centres = np.array([label.px for label in labels])
    reach = 2.4 * min(label.reach for label in labels)
    for shift in lines[(lines > centres[0]) & (lines < centres[0] + reach)] - centres[0]:
        nearest = lines[np.abs(lines[None] - centres[:, None] - shift).argmin(axis=1)]
        if np.ptp(nearest - centres) < 3 and len(set(nearest)) == len(labels):
            return np.asarray(nearest)
    return None


def _category(role: str, labels: Sequence[Text]) -> AxisFit:
    pxs = [_centre(label, role) for label in labels]
    steps = [b - a for a, b in itertools.pairwise(pxs)]
    step = statistics.median(steps) or 1.0
    ticks = tuple(Tick(label.text, None, px) for label, px in zip(labels, pxs, strict=True))
    return AxisFit(role, "category", 1 / step, -pxs[0] / step, ticks)
