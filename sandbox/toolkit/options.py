"""Which of the options of a question a value means: by name, number, range or direction."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from sandbox.toolkit.names import NoSuch, likeness
from sandbox.toolkit.times import time_of

AMOUNT = re.compile(
    r"(\(?[-−]?\(?\s?[$€£¥]?\s?\(?[-−]?)(\d[\d,]*(?:\.\d+)?|\.\d+)(\)?)"
    r"\s?(thousand|million|billion|trillion|mm|bn|[kmb](?![a-z]))?",
    re.I,
)
MAGNITUDES = {
    "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "mm": 1e6, "billion": 1e9, "bn": 1e9,
    "b": 1e9, "trillion": 1e12,
}  # fmt: skip
DIRECTIONS = {
    "increasing": r"increas|rose|rise|rising|grew|grow|climb|upward|higher",
    "decreasing": r"decreas|fell|fall|declin|drop|downward|shrank|lower",
    "flat": r"constant|flat|stable|unchanged|same|steady\b",
    "fluctuating": r"fluctuat|no clear|var(?:y|ie)|irregular|random|mixed",
}
NEAR = 0.1


def option_of(value: Any, options: Sequence[str]) -> str:
    """The option that a number, a name, a truth or a list of names means.

    Numbers go to the nearest option that is within a tenth, whatever the magnitude is written as
    ("1.2 billion" is 1,200 where a chart counts millions), to the range that holds them, or to the
    change "from X to Y" that is as large; names to the likest. NoSuch when none or several fit.
    """
    if isinstance(value, bool):
        words = r"yes|true|correct" if value else r"no|false|incorrect"
        found = [option for option in options if re.match(rf"(?:{words})\b", option.strip(), re.I)]
        return _one(found, value, options)
    if isinstance(value, int | float):
        return _nearest(float(value), options)
    if isinstance(value, list):
        holding = [o for o in options if all(_named(item, o) for item in value)]
        return holding[0] if len(holding) == 1 else option_of(value[-1], options)
    return _likest(str(value), options)


def _one(found: Sequence[str], value: object, options: Sequence[str]) -> str:
    if len(found) != 1:
        listed = ", ".join(map(repr, options))
        raise NoSuch(f"{value!r} is {'none' if not found else 'several'} of the options {listed}")
    return found[0]


def _best(scores: Callable[[str], float], options: Sequence[str], least: float) -> list[str]:
    """The options of the highest score, when it is high enough."""
    top = max(scores(option) for option in options)
    return [option for option in options if scores(option) > top - 0.01] if top >= least else []


def _likest(value: str, options: Sequence[str]) -> str:
    if value in DIRECTIONS:
        found = [o for o in options if re.search(DIRECTIONS[value], o, re.I)]
        plain = [o for o in found if not re.search(r"\b(?:but|then)\b", o)]
        return _one(found if len(found) == 1 else plain, value, options)
    when = time_of(value)
    dated = [option for option in options if when is not None and time_of(option) == when]
    if len(dated) == 1 or any(time_of(option) is not None for option in options if when):
        return _one(dated, value, options)
    return _one(_best(lambda option: likeness(value, option), options, 0.75), value, options)


def _named(item: Any, option: str) -> bool:
    """Whether an option holds a name, or the same time, among its words."""
    parts = re.split(r"\b(?:and|to|or|between|from)\b|[,;&–-]", option, flags=re.I)
    return any(likeness(item, part) >= 0.9 for part in (option, *parts) if part.strip())


def amounts(text: str) -> list[tuple[float, float]]:
    """The numbers in a text, each with the factor of the magnitude written behind it. Accounting
    brackets and minus signs make them negative."""
    found = []
    text = re.sub(r"(?<=[\d%])\s?[-–—]\s?(?=[$€£¥]?\d)", " to ", text)
    for before, digits, bracket, magnitude in AMOUNT.findall(text):
        number = float(digits.replace(",", ""))
        negative = "-" in before or "−" in before or ("(" in before and bracket == ")")
        factor = MAGNITUDES.get(magnitude.casefold(), 1.0)
        found.append((-number if negative else number, factor))
    return found


def _nearest(value: float, options: Sequence[str]) -> str:
    down = [bool(re.search(DIRECTIONS["decreasing"], option, re.I)) for option in options]
    signed = value < 0 or (any(down) and not all(down))
    measured = sorted(
        (_distance(value, option, signed and down[n]), n) for n, option in enumerate(options)
    )
    best = measured[0]
    alone = len(measured) < 2 or best[0] < 0.8 * measured[1][0]
    if best[0] > NEAR or not alone:
        raise NoSuch(f"{value:g} is none of the options {', '.join(map(repr, options))}")
    return options[best[1]]


def _distance(value: float, option: str, down: bool) -> float:
    """How far an option is from a value, relative; infinite for one without numbers. `down` says
    that its number is the size of a fall."""
    found = amounts(option)
    if len(found) == 2:
        (low, _), (high, _) = found
        if re.search(r"\bfrom\b.*\bto\b", option, re.I):
            return _apart(value, high - low)
        return 0.0 if low <= value <= high else min(_apart(value, low), _apart(value, high))
    if len(found) != 1:
        return float("inf")
    number, factor = found[0]
    if re.search(r"more than|above|over|greater than|at least", option, re.I) and value > number:
        return 0.05
    if re.search(r"less than|below|under|at most", option, re.I) and value < number:
        return 0.05
    number = -number if down and number > 0 else number
    written = {number, number * factor, *(number * factor / f for f in (1e3, 1e6, 1e9))}
    return min(_apart(value, other) for other in (written if factor > 1.0 else {number}))


def _apart(value: float, number: float) -> float:
    if value == number:
        return 0.0
    return abs(value - number) / max(abs(value), abs(number))
