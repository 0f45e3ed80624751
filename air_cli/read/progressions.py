"""Tick labels that stand so close that the recogniser reads them as one: "0200400600"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from air_cli.read.numbers import parse_number
from air_cli.read.times import month_of, parse_time
from air_cli.records import Box

_QUARTER = re.compile(r"[QH][1-4]|[1-4][QH]")
_YEAR = re.compile(r"['’]?\d\d|(1[5-9]|20)\d\d")
_LEAST = 4  # numbers of a row
_LONGEST = 6  # digits of its first number


def row_of_numbers(parts: Sequence[tuple[str, Box]]) -> list[tuple[str, Box]]:
    """The numbers of a recognised line of digits, where they rise by one step all along, each with
    its box; empty where they do not. `parts`: the words of the line with their boxes."""
    digits = "".join(word for word, _ in parts)
    if not re.fullmatch(r"\d{8,}", digits):
        return []
    starts = set()
    at = 0
    for word, _ in parts:
        starts.add(at)
        at += len(word)
    numbers = next(_progressions(digits, starts), [])
    edges = [
        box[0] + (box[2] - box[0]) * k / len(word) for word, box in parts for k in range(len(word))
    ]
    ends = [
        box[0] + (box[2] - box[0]) * (k + 1) / len(word)
        for word, box in parts
        for k in range(len(word))
    ]
    top, bottom = parts[0][1][1], parts[0][1][3]
    found, at = [], 0
    for number in numbers:
        stop = at + len(number)
        found.append((number, (edges[at], top, ends[stop - 1], bottom)))
        at = stop
    return found


def row_of_values(parts: Sequence[tuple[str, Box]]) -> list[tuple[str, Box]]:
    """The numbers of a recognised line of three or more, each a word with its separators or suffix
    ("10,000 20,000 30,000") or parted from the one before by its sign ("-60-50 -40"), where they
    rise by one step; empty where they do not. `parts`: the words of the line with their boxes."""
    found: list[tuple[str, Box]] = []
    for word, (left, top, right, bottom) in parts:
        letter = (right - left) / len(word)
        for piece in re.finditer(r"^[^-−–]+|[-−–][^-−–]*", word):
            box = (left + piece.start() * letter, top, left + piece.end() * letter, bottom)
            found.append((piece[0], box))
    numbers = [parse_number(word) for word, _ in found]
    values = [number.total for number in numbers if number is not None]
    if len(values) < 3 or len(values) < len(found):
        return []
    steps = [b - a for a, b in itertools.pairwise(values)]
    even = max(abs(step - steps[0]) for step in steps) <= 1e-6 * abs(steps[0])
    return found if even and steps[0] > 0 else []


def row_of_periods(parts: Sequence[tuple[str, Box]]) -> list[tuple[str, Box]]:
    """The months, quarters or years of a recognised line of three or more of them ("Jan Feb Mar"),
    or of two with their years, each with its box; empty where anything else is in the line."""
    parts = [piece for word, box in parts for piece in _glued_apart(word, box)]
    if not all(month_of(word) or _is_period(word) for word, _ in parts):
        return []
    found: list[tuple[str, Box]] = []
    for word, box in parts:
        last = found[-1] if found else None
        if last and is_dated(last[0], word):
            found[-1] = (f"{last[0]} {word}", (last[1][0], last[1][1], box[2], box[3]))
        else:
            found.append((word, box))
    dated = len(found) == 2 and all(" " in name for name, _ in found)
    return found if len(found) >= 3 or dated else []


def is_dated(period: str, year: str) -> bool:
    """Whether two words are a month or quarter and its year ("Q2", "'19")."""
    bare = month_of(period) is not None or _QUARTER.fullmatch(period) is not None
    return bare and _YEAR.fullmatch(year) is not None


def _glued_apart(word: str, box: Box) -> list[tuple[str, Box]]:
    """A word as the year and the month that it is ("2019Jul"), its box divided by its letters."""
    match = re.fullmatch(r"(\d{2,4})([A-Z][a-z]{2,}\.?)", word)
    if match is None or not month_of(match[2]):
        return [(word, box)]
    cut = box[0] + (box[2] - box[0]) * len(match[1]) / len(word)
    return [(match[1], (box[0], box[1], cut, box[3])), (match[2], (cut, box[1], box[2], box[3]))]


def _is_period(word: str) -> bool:
    return parse_time(word) is not None or _QUARTER.fullmatch(word) is not None


def _progressions(digits: str, starts: set[int]) -> Iterator[list[str]]:
    """Ways to cut digits into numbers that rise by one round step; a word begins with a number."""
    for one in range(1, _LONGEST + 1):
        for two in range(one, _LONGEST + 2):
            first, second = digits[:one], digits[one : one + two]
            step = int(second) - int(first) if second else 0
            if step <= 0 or not re.fullmatch(r"(1|2|25|5)0*", str(step)):
                continue
            numbers: list[str] = []
            at = 0
            while at < len(digits):
                number = str(int(first) + step * len(numbers))
                if not digits.startswith(number, at):
                    break
                numbers.append(number)
                at += len(number)
            cuts = {sum(map(len, numbers[:n])) for n in range(len(numbers))}
            many = len(numbers) >= _LEAST and len(numbers[-1]) > 1
            if at == len(digits) and many and starts <= cuts:
                yield numbers
