"""Which of the options of a question a value means: by name, number, range or direction."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sandbox.toolkit.names import NoSuch, likeness
from sandbox.toolkit.points import Point, Points
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
    times = [times_in(option) for option in options]
    dated = [o for o, t in zip(options, times, strict=True) if when is not None and t == [when]]
    if len(dated) == 1 or (when is not None and any(len(found) == 1 for found in times)):
        return _one(dated, value, options)
    found = _best(lambda option: likeness(value, option), options, 0.75)
    return found[0] if len(found) == 1 else _one(_clearly(value, options), value, options)


def _clearly(value: str, options: Sequence[str]) -> list[str]:
    """The option that is clearly more like a name than the others, brackets apart."""
    plain = re.sub(r"\(.*?\)", " ", value).strip() or value
    scores = sorted(((likeness(plain, option), option) for option in options), reverse=True)
    clear = len(scores) == 1 or scores[0][0] - scores[1][0] >= 0.25
    return [scores[0][1]] if scores[0][0] >= 0.5 and clear else []


def times_in(text: str) -> list[float]:
    """The times that a text names, each once: one in "Q2 2014", two in "from 2019 to 2020"."""
    parts = re.split(r"\b(?:to|and|until|through|from|between)\b|\s[-–]\s|[,;]", text, flags=re.I)
    found = [time_of(part.strip()) for part in parts if part.strip()]
    return list(dict.fromkeys(time for time in found if time is not None))


def offered_names(names: Iterable[str], options: Sequence[str]) -> list[str]:
    """The names that the options mean. All of them where the options mean fewer than two, as they
    say something else then; in the order of the names."""
    listed = list(names)
    kept = [name for name in listed if _means(name, options)]
    return kept if len(kept) > 1 else listed


def _means(name: str, options: Sequence[str]) -> bool:
    try:
        return bool(_likest(name, options))
    except NoSuch:
        return False


def offered(points: Points, by: str, options: Sequence[str]) -> Points:
    """The marks whose series or category (`by`) the options mean."""
    kept = set(offered_names(dict.fromkeys(getattr(p, by) for p in points), options))
    return points.where(lambda point: getattr(point, by) in kept)


def standing(points: Points, options: Sequence[str]) -> Point:
    """The one mark whose value is an option. To 1%; NoSuch when none is or several are."""
    said = [number for option in options for number, _ in amounts(option)[:1]]
    found = [p for p in points if any(_apart(p.value, number) <= 0.01 for number in said)]
    if len({point.value for point in found}) != 1:
        raise NoSuch(f"{len(found)} of the {points.what} are among the choices")
    return found[0].touch()


def largest_change(points: Points, how: str, options: Sequence[str]) -> tuple[Point, Point]:
    """The marks (earlier, later) of the largest change that is an option. Over the periods that the
    options name, or from one mark to the next that they name. `how`: increase, decrease."""
    sign = 1.0 if how == "increase" else -1.0
    periods = [_period(line, option) for line in points.groups("series").values()
               for option in options]  # fmt: skip
    found = [period for period in periods if period is not None]
    if len(found) < 2:
        ends = set(offered_names((later.category for _, later in points.steps()), options))
        found = [step for step in points.steps() if step[1].category in ends]
    if not found:
        raise NoSuch(f"the {points.what} are fewer than two: nothing changes")
    earlier, later = max(found, key=lambda pair: sign * (pair[1].value - pair[0].value))
    return earlier.touch(), later.touch()


def _period(line: Points, option: str) -> tuple[Point, Point] | None:
    """The marks at the two times that an option names, or None."""
    times = times_in(option)
    held = {time_of(point.category): point for point in line}
    if len(times) != 2 or not all(time in held for time in times):
        return None
    return held[times[0]], held[times[1]]


def _named(item: Any, option: str) -> bool:
    """Whether an option holds a name, or the same time, among its words."""
    parts = re.split(r"\b(?:and|to|or|between|from)\b|[,;&–-]", option, flags=re.I)
    return any(likeness(item, part) >= 0.9 for part in (option, *parts) if part.strip())


def amounts(text: str) -> list[tuple[float, float]]:
    """The numbers in a text, each with the factor of the magnitude written behind it. Accounting
    brackets and minus signs make them negative."""
    found = []
    text = re.sub(r"(?<=[\d%])\s?[-–—]\s?(?=[$€£¥]?\d)", " to ", text)
    dated = re.sub(r"\b(in|by|during|of)\s+(?:19|20)\d\d\b", r"\1", text, flags=re.I)
    for before, digits, bracket, magnitude in AMOUNT.findall(dated):
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
        if low <= value <= high:
            return 0.0
        return min(_apart(value, other) for other in (low, high, high - low))
    if len(found) != 1:
        return float("inf")
    number, factor = found[0]
    if re.search(r"more than|above|over|greater than|at least", option, re.I) and value > number:
        return 0.05
    if re.search(r"less than|below|under|at most", option, re.I) and value < number:
        return 0.05
    number = -number if down and number > 0 else number
    if re.search(r"\bbps\b|basis points?", option, re.I) and abs(value) < 20.0:
        value *= 100.0  # of a chart in percent
    written = {number, number * factor, *(number * factor / f for f in (1e3, 1e6, 1e9))}
    return min(_apart(value, other) for other in (written if factor > 1.0 else {number}))


def _apart(value: float, number: float) -> float:
    if value == number:
        return 0.0
    return abs(value - number) / max(abs(value), abs(number))
