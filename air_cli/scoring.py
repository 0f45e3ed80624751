"""How answers are scored: relaxed and strict accuracy, choices, calibration. Pure functions.

*Relaxed accuracy* is the scorer published with ChartQA (Masry et al. 2022, after Methani et al.
2020): numbers within 5% of the gold, anything else equal as text. *Strict* is the same with 0.5%,
and exact for integers below 10,000 that are years or counts, which 5% would wave through.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from air_cli.records import Value

RELAXED = 0.05
STRICT = 0.005
# Rounding of the quotient must not decide at the edge: 105 against 100 is within 5%.
_SLACK = 1e-9

_COUNT = re.compile(r"\b(how many|number of|count of|what year|which year|in what years?|when)\b")
_NUMBER_SAID = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
_SENTENCE = 5  # words: as many as no name of a category has
_YES, _NO = frozenset({"yes", "true"}), frozenset({"no", "false"})


def to_number(text: str) -> float | None:
    """`text` as a finite number, or None. A trailing `%` divides by 100; no separators or units."""
    percent = text.endswith("%")
    try:
        number = float(text.rstrip("%") if percent else text)
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    return number / 100.0 if percent else number


def relaxed_match(gold: str, predicted: str | None, tolerance: float = RELAXED) -> bool:
    """Whether `predicted` counts as `gold`: numbers within `tolerance` (relative to the gold; a
    gold of 0 must be met exactly), otherwise equal text, case folded. None never counts."""
    if predicted is None:
        return False
    wanted, got = to_number(gold), to_number(predicted)
    if wanted is None or got is None:
        return gold.strip().casefold() == predicted.strip().casefold()
    if wanted == 0.0:
        return got == 0.0
    return abs(got - wanted) / abs(wanted) <= tolerance + _SLACK


def strict_match(gold: str, predicted: str | None, question: str = "") -> bool:
    """As `relaxed_match` within 0.5%; a year or a count below 10,000 must be met exactly.

    A gold is taken for a year when it is an integer from 1500 to 2100, for a count when it is an
    integer and the question asks how many.
    """
    exact = _year_or_count(gold, question)
    return relaxed_match(gold, predicted, tolerance=0.0 if exact else STRICT)


def sentence_match(gold: str, predicted: str | None, question: str) -> bool:
    """Whether a gold that is a whole sentence says what `predicted` says: its number within 5% of
    one that the question does not give away, or its text word for word, where the question does
    not hold it. False for a gold that is no sentence."""
    words = gold.split()
    if predicted is None or len(words) < _SENTENCE:
        return False
    number = to_number(predicted)
    if number is None:
        said = _spoken(predicted)
        return bool(said.strip()) and said in _spoken(gold) and said not in _spoken(question)
    told = _numbers_said(gold) - _numbers_said(question)
    return any(relaxed_match(one, predicted) for one in told)


def _numbers_said(text: str) -> set[str]:
    return {found.replace(",", "") for found in _NUMBER_SAID.findall(text)}


def _spoken(text: str) -> str:
    return " " + " ".join(re.findall(r"[^\W_]+", text.casefold())) + " "


def _year_or_count(gold: str, question: str) -> bool:
    gold = gold.strip()  # of more than int() leaves out
    if not re.fullmatch(r"\d{1,4}", gold):
        return False
    return 1500 <= int(gold) <= 2100 or bool(_COUNT.search(question.casefold()))


def bare(value: Value) -> str | None:
    """An answer's value as a benchmark wants it: a bare number or text, without `%`, separators
    and units; a list as `[a, b]`; None for None."""
    if value is None or isinstance(value, str):
        return None if value is None else _bare_text(value.strip())
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return "[" + ", ".join(bare(item) or "" for item in value) + "]"
    return bare_number(float(value))


def _bare_text(text: str) -> str:
    """Text that is a number with a currency, separators or `%` as the bare number."""
    found = re.fullmatch(r"([-+]?)\s*[$€£¥]?\s*((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*%?", text)
    if found is None:
        return text
    return ("-" if found[1] == "-" else "") + found[2].replace(",", "")


def bare_number(number: float) -> str | None:
    """A number in plain decimals with at most ten significant digits; None when not finite."""
    if not math.isfinite(number):
        return None
    if number == 0.0:
        return "0"
    places = min(max(0, 9 - math.floor(math.log10(abs(number)))), 300)
    text = f"{number:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def choose(predicted: str | None, choices: Mapping[str, str]) -> str | None:
    """The letter of the choice that `predicted` means, or None when none or several fit.

    Equal text comes first, then a letter of the choices as itself, then text that is equal but for
    spaces and punctuation, then the nearest number within 5%.
    """
    if predicted is None:
        return None
    said = predicted.strip().casefold()
    for test in (
        lambda letter: choices[letter].strip().casefold() == said,
        lambda letter: letter.casefold() == said,
        lambda letter: _letters(choices[letter]) == _letters(said) != "",
    ):
        fitting = [letter for letter in choices if test(letter)]
        if len(fitting) == 1:
            return fitting[0]
    number = _loose_number(predicted)
    if number is None:
        return None
    distances = sorted(
        (abs(value - number), letter)
        for letter, text in choices.items()
        if (value := _loose_number(text)) is not None
    )
    if not distances or (len(distances) > 1 and distances[0][0] == distances[1][0]):
        return None
    distance, letter = distances[0]
    return letter if distance <= RELAXED * abs(number) + _SLACK else None


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _loose_number(text: str) -> float | None:
    """The number in a choice such as `$1,234 million` or `12.5%`, in the unit it is written in."""
    found = re.findall(r"-?\d[\d,]*(?:\.\d+)?|-?\.\d+", text)
    return float(found[0].replace(",", "")) if len(found) == 1 else None


def is_refusal(gold: str) -> bool:
    """Whether the gold says that the question has no answer: then a refusal is right."""
    return _letters(gold) in ("notanswerable", "unanswerable")


def truth(predicted: str | None) -> str | None:
    """`True` or `False` from yes/no/true/false in any case, otherwise None."""
    said = (predicted or "").strip().casefold()
    if said in _YES:
        return "True"
    return "False" if said in _NO else None


@dataclass(frozen=True)
class Tally:
    """Counts of one kind of question. `relaxed` and `strict` count what is right, which includes
    the refusal of a question that has no answer; `precise` what is right among the answered,
    `published` what is right by the published scorer."""

    total: int = 0
    answered: int = 0
    relaxed: int = 0
    strict: int = 0
    precise: int = 0
    published: int = 0

    def add(self, *, answered: bool, relaxed: bool, strict: bool, published: bool = False) -> Tally:
        """With one more question."""
        return self + Tally(1, answered, relaxed, strict, answered and relaxed, published)

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.total + other.total,
            self.answered + other.answered,
            self.relaxed + other.relaxed,
            self.strict + other.strict,
            self.precise + other.precise,
            self.published + other.published,
        )


@dataclass(frozen=True)
class Bin:
    """Answers whose confidence lies in [low, high): how sure they were, how often right."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


def calibration(pairs: Sequence[tuple[float, bool]], bins: int = 5) -> tuple[list[Bin], float]:
    """Bins of (confidence, correct) pairs, empty ones left out, and the expected calibration error
    (Naeini et al. 2015): the mean distance of confidence and accuracy, weighted by count."""
    grouped: dict[int, list[tuple[float, bool]]] = {}
    for confidence, correct in pairs:
        place = min(bins - 1, max(0, int(confidence * bins)))
        grouped.setdefault(place, []).append((confidence, correct))
    result = []
    for place, members in sorted(grouped.items()):
        mean = sum(confidence for confidence, _ in members) / len(members)
        right = sum(correct for _, correct in members) / len(members)
        result.append(Bin(place / bins, (place + 1) / bins, len(members), mean, right))
    if not pairs:
        return [], 0.0
    error = sum(abs(b.confidence - b.accuracy) * b.count for b in result) / len(pairs)
    return result, error


def brier(pairs: Sequence[tuple[float, bool]]) -> float:
    """The mean squared distance of confidence from what came true (Brier 1950); 0 for none."""
    return sum((sure - right) ** 2 for sure, right in pairs) / len(pairs) if pairs else 0.0
