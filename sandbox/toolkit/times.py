"""Categories as points in time, so that first and last mean earliest and latest."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sandbox.toolkit.names import MONTHS

PLAIN_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d|21\d\d)(?!\d)")
QUOTED_YEAR = re.compile(r"['’](\d\d)(?!\d)")
SPLIT_YEAR = re.compile(r"(?<!\d)(\d\d)/(\d\d)(?!\d)")
QUARTER = re.compile(r"(?:\b|[a-z])(?:Q([1-4])|([1-4])Q)", re.I)
COMPACT = re.compile(
    r"(?:\b|[a-z])(?:Q[1-4]|[1-4]Q|H[12]|[12]H|FY|CY)[\s'’/-]*(\d\d)(?:[AEF]|\b)", re.I
)
MONTH_YEAR = re.compile(r"\b[A-Za-z]{3,9}[\s'’-]+(\d\d)$")
HALF = re.compile(r"\bH([12])\b", re.I)


def time_of(name: str) -> float | None:
    """The time that a category names, in years: "2019", "Q2 2020", "Mar '21", "2018/19"; None when
    it names none."""
    year = _year(name)
    if year is None:
        return None
    quarter, half = QUARTER.search(name), HALF.search(name)
    if quarter:
        return year + (int(quarter[1] or quarter[2]) - 1) / 4.0
    if half:
        return year + (int(half[1]) - 1) / 2.0
    for word in re.findall(r"[a-z]{3,}", name.casefold()):
        for n, month in enumerate(MONTHS):
            if month.startswith(word[:3]) and (month.startswith(word) or word == "sept"):
                return year + n / 12.0
    return year


def _year(name: str) -> float | None:
    if found := PLAIN_YEAR.search(name):
        return float(found[1])
    if found := QUOTED_YEAR.search(name):
        return float(found[1]) + (2000.0 if int(found[1]) < 50 else 1900.0)
    compact = COMPACT.search(name)
    if compact is None and name[:3].casefold() in {month[:3] for month in MONTHS}:
        compact = MONTH_YEAR.search(name.strip(" *"))
    if compact:
        return float(compact[1]) + (2000.0 if int(compact[1]) < 50 else 1900.0)
    found = SPLIT_YEAR.search(name)
    if found and (int(found[1]) + 1) % 100 == int(found[2]):
        return float(found[1]) + (2000.0 if int(found[1]) < 50 else 1900.0)
    return None


def chronological(names: Sequence[str]) -> list[int]:
    """The order in which to take the names: by time when all of them name times, else as they
    stand. Places that name the same time stay in their order."""
    times = [time_of(name) for name in names]
    if any(time is None for time in times):
        return list(range(len(names)))
    return sorted(range(len(names)), key=lambda n: (times[n] or 0.0, n))


def bare_name(name: str) -> str:
    """A name without footnote marks and bullets: "2020*" is 2020, "• China" is China."""
    bare = re.sub(r"(?<=\w)\s*[*†‡¹²³]+$", "", name.strip())
    return re.sub(r"^[·•●■▪◆–—|]+\s*", "", bare) or name
