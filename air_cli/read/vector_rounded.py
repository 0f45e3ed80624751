"""Tick labels that were rounded more coarsely than their ticks are apart: 0.0 0.0 0.1 0.1 0.2."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from air_cli.read.numbers import parse_number
from air_cli.read.vector_text import Label

_FEWEST = 5
_EVEN = 0.03


def with_digits(labels: Sequence[Label], places: Sequence[float]) -> list[Label]:
    """The labels (at `places`, px) with the digits that were rounded away, where neighbours read
    the same and only one series of round, even steps rounds to what is printed."""
    order = np.argsort(places)
    found = [parse_number(labels[n].text) for n in order]
    numbers = [number for number in found if number is not None]
    if len(numbers) < max(_FEWEST, len(labels)) or any(n.scale != 1 for n in numbers):
        return list(labels)
    printed = np.array([number.value for number in numbers])
    digits = max(number.decimals for number in numbers)
    gaps = np.diff(np.array(places)[order])
    if len(set(printed)) == len(printed) or np.ptp(gaps) > _EVEN * gaps.mean():
        return list(labels)
    values = _only_series(printed, digits)
    if values is None:
        return list(labels)
    made = list(labels)
    for n, value in zip(order, values, strict=True):
        made[int(n)] = replace(labels[int(n)], text=f"{value:.{digits + 2}f}".rstrip("0"))
    return made


def _only_series(printed: np.ndarray, digits: int) -> list[float] | None:
    """The even steps of 1, 2, 2.5 or 5 that round to the printed numbers; None where no series or
    several do."""
    count = len(printed) - 1
    slope = (printed[-1] - printed[0]) / count
    if slope == 0:
        return None
    power = math.floor(math.log10(abs(slope)))
    half = 0.5 * 10.0**-digits
    found = []
    for step in (m * 10.0 ** (power + e) for e in (-1, 0, 1) for m in (1, 2, 2.5, 5)):
        step = math.copysign(step, slope)
        start = round((printed[0] - half) / step) * step
        for shift in range(-2, 4):
            values = [start + (n + shift) * step for n in range(count + 1)]
            off = float(np.abs(np.array(values) - printed).max())
            if off <= half * 1.0001:
                found.append((off > half * 0.9999, values))
    # Numbers that lie right between two printed ones are rounded either way: a last resort.
    series = [values for tied, values in found if not tied] or [values for _, values in found]
    return series[0] if len(series) == 1 else None
