"""Categories that are dates: what words they stand for, and which of them a year has. Pure.

"'08", "Oct 14", "2012-08" and "6/26/12" are what people call 2008, October 2014, August 2012 and
June 26, 2012.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence

from air_cli.reasoners.builtin.tokens import MONTHS, forms, full_year

Forms = tuple[str, ...]
_YEAR = re.compile(r"(?:19|20)\d\d")
_TWO = re.compile(r"'?\d\d")
_ISO = re.compile(r"((?:19|20)\d\d)[-/.](0[1-9]|1[0-2])(?:[-/.](\d\d))?")
_NUMERIC = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.]((?:19|20)?\d\d)")
_MONTH_YEAR = re.compile(r"(0?[1-9]|1[0-2])[-/]((?:19|20)\d\d)")
LEAST = 3


def written(names: Sequence[str]) -> dict[str, Forms]:
    """The compared words of names that are dates in figures, or years of two digits; empty for
    names that are none, or cannot be, as they would go back and forth in time."""
    return _years(names) or _months(names) or _numeric(names)


def shared_years(names: Sequence[str], words: Mapping[str, Forms]) -> dict[str, tuple[str, ...]]:
    """The years that several names are of, each with its names from the earliest on; a name that is
    but a year stands for it alone, beside its quarters."""
    found: dict[str, list[str]] = {}
    alone: set[str] = set()
    for name in names:
        said = words.get(name) or forms(name)
        years = [word for word in said if _YEAR.fullmatch(word)]
        if len(years) == 1:
            found.setdefault(years[0], []).append(name)
            alone |= set(years) if len(said) == 1 else set()
    dated = sum(len(some) for some in found.values())
    if dated < LEAST or dated < 0.8 * len(names) or all(len(some) < 2 for some in found.values()):
        return {}
    late_first = list(found) == sorted(found, reverse=True) and len(found) > 1
    kept = {year: some for year, some in found.items() if year not in alone}
    return {year: tuple(some[::-1] if late_first else some) for year, some in kept.items()}


def _years(names: Sequence[str]) -> dict[str, Forms]:
    """Years of two digits that follow one another."""
    if len(names) < LEAST or not all(_TWO.fullmatch(name.strip()) for name in names):
        return {}
    years = [int(full_year(name.strip(" '"))) for name in names]
    if not all(0 < later - year <= 10 for year, later in itertools.pairwise(years)):
        return {}
    return {name: (str(year),) for name, year in zip(names, years, strict=True)}


def _months(names: Sequence[str]) -> dict[str, Forms]:
    """Months with years of two digits, in the order of time either way: days of a month ("Jan 05,
    Jan 12, Feb 02") would go back and forth as years."""
    words = [forms(name) for name in names]
    if len(words) < LEAST or not all(len(w) == 2 and w[0] in MONTHS for w in words):
        return {}
    if not all(_TWO.fullmatch(w[1]) or _YEAR.fullmatch(w[1]) for w in words):
        return {}
    dated = [(w[0], w[1] if len(w[1]) == 4 else full_year(w[1])) for w in words]
    times = [12 * int(year) + MONTHS.index(month) for month, year in dated]
    steps = {later > time for time, later in itertools.pairwise(times)}
    if len(set(times)) != len(times) or len(steps) != 1:
        return {}
    return dict(zip(names, dated, strict=True))


def _numeric(names: Sequence[str]) -> dict[str, Forms]:
    """Dates in figures; the day comes first where the first number cannot be a month."""
    found = [(name, _NUMERIC.fullmatch(name.strip())) for name in names]
    day_first = any(match and int(match[1]) > 12 for _, match in found)
    dated: dict[str, Forms] = {}
    for name, match in found:
        if match:
            month, day = (match[2], match[1]) if day_first else (match[1], match[2])
            year = match[3] if len(match[3]) == 4 else full_year(match[3])
            if 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
                dated[name] = (MONTHS[int(month) - 1], str(int(day)), year)
        elif iso := _ISO.fullmatch(name.strip()):
            month = MONTHS[int(iso[2]) - 1]
            dated[name] = (month, str(int(iso[3])), iso[1]) if iso[3] else (month, iso[1])
        elif both := _MONTH_YEAR.fullmatch(name.strip()):
            dated[name] = (MONTHS[int(both[1]) - 1], both[2])
    return dated if len(dated) >= max(LEAST, 0.8 * len(names)) else {}
