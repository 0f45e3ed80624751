"""Whether an answer, with its unit, means what a gold says. Pure functions.

The scorer published with ChartQA (`scoring.relaxed_match`) compares two strings: 27.78 in percent
is none of "27.78%" to it, and a list in another order is another answer. Here the two are compared
as what they say: percentages, magnitudes ("€7bn"), ratios ("82:15"), lists in any order, names
apart from the stars of footnotes. What the published scorer accepts is always accepted.
"""

from __future__ import annotations

import ast
import json
import re

from air_cli.records import Value
from air_cli.scoring import RELAXED, bare, relaxed_match, to_number

_QUANTITY = re.compile(
    r"(?P<sign>[-+−]?)\s*[$€£¥]?\s*(?P<number>\d[\d,]*(?:\.\d+)?|\.\d+)\s*"
    r"(?P<scale>thousand|million|billion|trillion|mn|bn|tn|[kmb](?![a-z]))?s?\s*"
    r"(?P<percent>%|percent|per cent)?\s*(?:dollars?|euros?|pounds?|usd|eur|gbp)?\.?",
    re.I,
)
_SCALES = {
    "thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "m": 1e6,
    "billion": 1e9, "bn": 1e9, "b": 1e9, "trillion": 1e12, "tn": 1e12,
}  # fmt: skip
_SCALE = re.compile(r"\b(thousand|million|billion|trillion|mn|bn|tn)s?\b", re.I)
_RATIO = re.compile(r"'?(\d+(?:\.\d+)?)\s*:\s*(\d+(?:\.\d+)?)'?")


def meant_match(gold: str, value: Value, unit: str = "", tolerance: float = RELAXED) -> bool:
    """Whether `value` in `unit` means the gold; numbers within `tolerance`, relative to it."""
    wanted = items_of(gold)
    if len(wanted) > 1:
        given = value if isinstance(value, list) else items_of(bare(value) or "")
        return len(given) == len(wanted) and _each(wanted, given, unit, tolerance)
    gold = wanted[0] if wanted else gold
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    said = bare(value)
    if said is None:
        return False
    if relaxed_match(gold, said, tolerance) or relaxed_match(_plain(gold), _plain(said), tolerance):
        return True
    number = to_number(said)
    return number is not None and any(
        relaxed_match(repr(one), repr(given), tolerance)
        for one, given in _alike(gold, number, unit)
    )


def items_of(text: str) -> list[str]:
    """The items of a list written as JSON, as Python or plainly ("[a, b]"); else the text alone."""
    text = text.strip()
    if not (text.startswith("[") and text.endswith("]")):
        return [text]
    for read in (json.loads, ast.literal_eval):
        try:
            found = read(text)
        except (ValueError, SyntaxError, RecursionError):
            continue
        return [bare(item) or "" if not isinstance(item, str) else item for item in found]
    return [item.strip() for item in text[1:-1].split(",")]


def _each(wanted: list[str], given: list[Value] | list[str], unit: str, tolerance: float) -> bool:
    """Every gold is met by an answer of its own, in any order."""
    left: list[Value] = list(given)
    for gold in wanted:
        found = next((n for n, it in enumerate(left) if meant_match(gold, it, unit, tolerance)), -1)
        if found < 0:
            return False
        del left[found]
    return True


def _alike(gold: str, number: float, unit: str) -> list[tuple[float, float]]:
    """Pairs (gold, answer) of plain numbers that may be compared: both as fractions where one is a
    percentage, both in ones where the gold has a magnitude, the quotient of a ratio."""
    if ratio := _RATIO.fullmatch(gold.strip()):
        below = float(ratio[2])
        return [(float(ratio[1]) / below, number)] if below else []
    found = _QUANTITY.fullmatch(gold.strip())
    if found is None:
        return []
    sign = -1.0 if found["sign"] in ("-", "−") else 1.0
    wanted = sign * float(found["number"].replace(",", ""))
    percent = unit.strip().startswith("%")
    if found["percent"]:
        return [(wanted / 100.0, number / 100.0)] if percent else []
    if found["scale"]:
        said = _SCALE.search(unit)
        factor = _SCALES[said[1].lower()] if said else 1.0
        return [(wanted * _SCALES[found["scale"].lower()], number * factor)]
    return [(wanted, number), *([(wanted, number / 100.0)] if percent else [])]


def _plain(text: str) -> str:
    """A name without quotes around it, the stars of footnotes and runs of spaces."""
    return " ".join(re.sub(r"[*†‡]+(?=\s|$)", "", text).split()).strip("'\"")
