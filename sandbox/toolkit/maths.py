"""Named arithmetic of charts; each docstring holds the formula. Percentages are numbers like 12.5.

A result that does not exist (division by zero, a root of a negative number) raises `ValueError`.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence


def difference(a: float, b: float) -> float:
    """How far two values are apart: |a - b|."""
    return abs(float(a) - float(b))


def ratio(a: float, b: float) -> float:
    """How many times b goes into a: a / b."""
    if float(b) == 0.0:
        raise ValueError("the ratio to zero does not exist")
    return float(a) / float(b)


def share(part: float, whole: float) -> float:
    """The part in percent of the whole: part / whole * 100."""
    if float(whole) == 0.0:
        raise ValueError("a share of zero does not exist")
    return float(part) / float(whole) * 100.0


def growth_rate(a: float, b: float) -> float:
    """The change from a to b in percent of a: (b - a) / |a| * 100."""
    if float(a) == 0.0:
        raise ValueError("growth from zero does not exist")
    return (float(b) - float(a)) / abs(float(a)) * 100.0


def cagr(a: float, b: float, periods: float) -> float:
    """Compound growth rate per period in percent: ((b / a) ** (1 / periods) - 1) * 100."""
    if float(periods) <= 0.0:
        raise ValueError("a compound rate needs at least one period")
    if float(a) <= 0.0 or float(b) < 0.0:
        raise ValueError("a compound rate needs a positive start and no negative end")
    return (math.pow(float(b) / float(a), 1.0 / float(periods)) - 1.0) * 100.0


def mean(values: Iterable[float]) -> float:
    """The average: sum of the values / their number."""
    numbers = [float(value) for value in values]
    if not numbers:
        raise ValueError("no values to average")
    return math.fsum(numbers) / len(numbers)


def median(values: Iterable[float]) -> float:
    """The middle value in order; of an even number, the average of the middle two."""
    numbers = [float(value) for value in values]
    if not numbers:
        raise ValueError("no values to take the median of")
    return float(statistics.median(numbers))


def mode(values: Iterable[float]) -> float:
    """The most frequent value; ValueError when no value occurs twice."""
    numbers = [float(value) for value in values]
    common = statistics.multimode(numbers)
    if not common or numbers.count(common[0]) < 2 or len(common) > 1:
        raise ValueError("no value occurs more often than the others")
    return common[0]


def product(values: Iterable[float]) -> float:
    """All values multiplied."""
    return math.prod(float(value) for value in values)


def fit_line(xs: Sequence[float], ys: Sequence[float]) -> tuple[float, float]:
    """Least-squares straight line: (slope, intercept) of y = slope * x + intercept."""
    if len(xs) != len(ys) or len(set(xs)) < 2:
        raise ValueError("a line needs two points at different x")
    import numpy as np  # takes as long as all the rest of the toolkit

    slope, intercept = np.polyfit(np.asarray(xs, float), np.asarray(ys, float), 1)
    return float(slope), float(intercept)


def trend(values: Sequence[float]) -> str:
    """ "increasing", "decreasing", "flat" or "fluctuating", by Kendall's tau of values in order.

    tau = (rising pairs - falling pairs) / pairs; 0.6 or more in size is a trend; flat means a
    range within 2% of the largest value (Kendall 1938).
    """
    numbers = [float(value) for value in values]
    if len(numbers) < 2:
        raise ValueError("a trend needs two values")
    if max(numbers) - min(numbers) <= 0.02 * max(abs(number) for number in numbers):
        return "flat"
    signs = [
        (later > earlier) - (later < earlier)
        for n, earlier in enumerate(numbers)
        for later in numbers[n + 1 :]
    ]
    tau = sum(signs) / len(signs)
    if abs(tau) < 0.6:
        return "fluctuating"
    return "increasing" if tau > 0 else "decreasing"


def same(a: float, b: float) -> bool:
    """Whether two values are equal but for rounding: within 1e-9 relative, or written alike to
    four significant digits."""
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) or f"{a:.4g}" == f"{b:.4g}"


def crossings(differences: Sequence[float]) -> list[int]:
    """Where one line crosses another, from their differences in order: the places after which the
    sign has changed, or where the difference is zero."""
    found = []
    sign = 0
    for n, value in enumerate(differences):
        now = (value > 0) - (value < 0)
        touched = n > 0 and differences[n - 1] == 0
        if now == 0 or (sign and now != sign and not touched):
            found.append(n)
        sign = now or sign
    return found
