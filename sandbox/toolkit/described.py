"""Which of several descriptions in words fits how a line moves, for questions with choices."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence

from sandbox.toolkit.names import NoSuch
from sandbox.toolkit.options import DIRECTIONS, amounts
from sandbox.toolkit.points import Points

FLAT, NEARLY_FLAT = 0.05, 0.12
CLEAR = 0.03
STEADY = re.compile(r"steadi|consistent|continu|constantly|every|each|always|linear", re.I)
OVERALL = re.compile(r"overall|general|gradual|net\b|slight|modest|significant|sharp", re.I)
ROUGH = re.compile(r"fluctuat|volatil|ups and downs|minor|some var|dip", re.I)
TURN = re.compile(
    r"\bthen\b|\bbefore\b|followed by|\buntil\b|\bbut\b|after (?:that|which)|initially", re.I
)
WORDS = {
    1: re.compile(DIRECTIONS["increasing"] + r"|peak", re.I),
    -1: re.compile(DIRECTIONS["decreasing"], re.I),
}
FLATLY = re.compile(
    r"constant\b|flat|stable|unchanged|no change|same|steady\b(?!\s+(?:in|de))", re.I
)
UNSTEADY = re.compile(DIRECTIONS["fluctuating"], re.I)


def described(line: Points, options: Sequence[str]) -> str:
    """The option that says best how a line goes. Up, down, flat, up and then down, or without
    direction, steadily or overall. NoSuch when none fits or two fit alike.

    Strength of direction is the larger of Kendall's tau and of net change over total variation.
    """
    values = line.in_order().values
    if len(values) < 2:
        raise NoSuch("a direction needs two values")
    fits = ((fit_of(values, o) + _told(values, o), -n) for n, o in enumerate(options))
    scored = sorted(fits, reverse=True)
    best = scored[0][0]
    if best <= 0.3 or (len(scored) > 1 and best - scored[1][0] < CLEAR):
        raise NoSuch(f"none of the options says clearly how the {line.what} go")
    return options[-scored[0][1]]


def _told(values: Sequence[float], option: str) -> float:
    """What the numbers of "from 0.27 to 0.33" or "at 0.27" add to the fit, or take from it."""
    said = [abs(number) for number, _ in amounts(option)]
    ends = (values[0], values[-1]) if len(said) == 2 else (values[0],)
    if len(said) not in (1, 2):
        return 0.0
    near = all(abs(a - b) <= 0.03 * abs(b) for a, b in zip(said, ends, strict=True))
    return 0.2 if near else -0.2


def fit_of(values: Sequence[float], option: str) -> float:
    """How well a description fits values in order, 0..1."""
    rises, falls = (len(WORDS[sign].findall(option)) for sign in (1, -1))
    spread = (max(values) - min(values)) / (max(map(abs, values)) or 1.0)
    if rises and falls and TURN.search(option):
        at = [min(m.start() for m in WORDS[sign].finditer(option)) for sign in (1, -1)]
        return _turned(values, 1 if at[0] < at[1] else -1)
    if rises or falls:
        return _gone(values, 1 if rises >= falls else -1, option)
    if UNSTEADY.search(option) and not re.search(r"constant\b|stable", option, re.I):
        return 0.9 * (1.0 - abs(strength(values))) if spread > FLAT else 0.1
    if FLATLY.search(option):
        return 0.95 if spread <= FLAT else 0.5 if spread <= NEARLY_FLAT else 0.0
    return 0.0


def _gone(values: Sequence[float], sign: int, option: str) -> float:
    """How well "it rises" (sign 1) or "it falls" (-1) fits."""
    steps = [sign * (b - a) for a, b in itertools.pairwise(values)]
    clear = sign * strength(values)
    if clear <= 0.0:
        return 0.0
    if STEADY.search(option) and not ROUGH.search(option):
        return 1.0 if min(steps) >= 0.0 else 0.6 * clear
    if ROUGH.search(option):
        return 0.5 + 0.4 * clear if min(steps) < 0.0 else 0.7
    return (0.5 if OVERALL.search(option) else 0.48) + 0.45 * clear


def _turned(values: Sequence[float], first: int) -> float:
    """How well "up and then down" (first 1) or "down and then up" (-1) fits: both legs go their
    way by at least a quarter of the range."""
    best = 0.0
    spread = max(values) - min(values)
    for at in range(1, len(values) - 1):
        legs = (first * (values[at] - values[0]), -first * (values[-1] - values[at]))
        if spread and min(legs) >= 0.25 * spread:
            ways = (first * strength(values[: at + 1]), -first * strength(values[at:]))
            best = max(best, min(ways))
    return 0.4 + 0.58 * best if best > 0.0 else 0.0


def strength(values: Sequence[float]) -> float:
    """How clearly values in order go one way: -1 (all down) to 1 (all up)."""
    way = math.fsum(abs(b - a) for a, b in itertools.pairwise(values))
    net = (values[-1] - values[0]) / way if way else 0.0
    pairs = [(b > a) - (b < a) for n, a in enumerate(values) for b in values[n + 1 :]]
    tau = sum(pairs) / len(pairs)
    return max(net, tau, key=abs)
