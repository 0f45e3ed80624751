"""Tick labels with fewer decimals than their values have: 0.1, 0.1, 0.2 for 0.05, 0.1, 0.15."""

from __future__ import annotations

import itertools
import math
import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import replace

from air_cli.read.consensus import Label

_LEAST = 5  # labels


def unrounded(entries: Sequence[Label]) -> list[Label]:
    """The labels with the values that they are rounded from, where evenly spaced neighbours are
    not evenly far apart as printed; else as they are. The values are multiples of a round step
    that all labels agree with."""
    ordered = sorted(entries, key=lambda entry: entry.px)
    firsts = [entry.values[0] for entry in ordered]
    if len(ordered) < _LEAST or len(set(firsts)) < 3:
        return list(entries)
    steps = [b - a for a, b in itertools.pairwise(firsts)]
    if max(steps) - min(steps) < 0.02 * abs(statistics.median(steps)):
        return list(entries)
    places = _places(ordered)
    if places is None or not any(re.search(r"[.,]\d", entry.text) for entry in ordered):
        return list(entries)
    decimals = max(len(m[1]) for e in ordered if (m := re.search(r"[.,](\d+)\D*$", e.text)))
    half = 0.5 * 10.0**-decimals
    exact = _exact(places, firsts, half)
    if exact is None:
        return list(entries)
    values = dict(zip(map(id, ordered), exact, strict=True))
    return [replace(entry, values=(values[id(entry)],)) for entry in entries]


def _places(entries: Sequence[Label]) -> list[int] | None:
    """The labels' places in steps from the first, None where they are not evenly spaced."""
    gaps = [b.px - a.px for a, b in itertools.pairwise(entries)]
    step = statistics.median(gaps)
    if step <= 0 or any(abs(gap / step - round(gap / step)) > 0.12 for gap in gaps):
        return None
    return [0, *itertools.accumulate(round(gap / step) for gap in gaps)]


def _exact(places: Sequence[int], printed: Sequence[float], half: float) -> list[float] | None:
    """Multiples of a round step, one a place, that round to what is printed."""
    rough = (printed[-1] - printed[0]) / places[-1]
    best: tuple[float, list[float]] | None = None
    for step in _round_steps(rough, 2 * half / places[-1]):
        first = printed[0] / step
        for start in range(
            math.floor(first - half / abs(step)), math.ceil(first + half / abs(step)) + 1
        ):
            values = [round((start + place) * step, 12) + 0.0 for place in places]
            off = [abs(v - p) for v, p in zip(values, printed, strict=True)]
            if max(off) <= 1.02 * half and (best is None or sum(off) < best[0]):
                best = sum(off), values
    return best[1] if best else None


def _round_steps(rough: float, reach: float) -> Iterator[float]:
    """1, 2, 2.5 and 5 times powers of ten within `reach` of a rough step."""
    if not rough:
        return
    power = 10.0 ** math.floor(math.log10(abs(rough)))
    for mantissa in (0.5, 1, 2, 2.5, 5, 10):
        step = math.copysign(mantissa * power, rough)
        if abs(step - rough) <= reach:
            yield step
