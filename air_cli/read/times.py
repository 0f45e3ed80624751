"""Points in time as charts write them: years, quarters, months, days, fiscal years."""

from __future__ import annotations

import calendar
import difflib
import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from air_cli.read.numbers import MONTH_PATTERN, MONTHS, REMEMBERED, plain_signs

# Years that labels run together name, how far apart they may be, and of how many digits in a row a
# few may be lost, so long as the rest is this much like them.
_FIRST_YEAR, _LAST_YEAR, _LARGEST_STEP = 1800, 2099, 10
_LOSSY, _ALIKE = 15, 0.94
_MARKED_YEARS = re.compile(r"(FY|CY|'|’)\d\d(?:\1\d\d){2,}")
_YEAR = r"(?P<y>1[5-9]\d\d|20\d\d)"
_SHORT = r"(?:1[5-9]\d\d|20\d\d|['’]?\d\d)"
_TIMES = tuple(
    re.compile(p, re.IGNORECASE)
    for p in (
        rf"^{_YEAR}(?:/(?P<next>\d{{4}}))?\s?[EFPAep]?$",
        r"^['’](?P<y>\d\d)\s?[EFPAep]?$",
        rf"^(?:FY|CY|fiscal(?: year)?)\s?(?P<y>{_SHORT})(?:[/\-](?P<next>\d\d))?\s?[EFPA]?$",
        rf"^Q(?P<q>[1-4])[\s\-/,']*(?:FY\s?)?(?P<y>{_SHORT})[EFPA]?$",
        rf"^(?:FY)?(?P<y>{_SHORT})[\s\-/:]+(?P<q>[1-4])Q$",
        rf"^(?:FY)?(?P<y>{_SHORT})[\s\-/:]*Q(?P<q>[1-4])$",
        rf"^(?P<q>[1-4])Q[\s\-/']*(?:FY\s?)?(?P<y>{_SHORT})[EFPA]?$",
        rf"^H(?P<h>[12])[\s\-/']*(?:FY\s?)?(?P<y>{_SHORT})[EFPA]?$",
        rf"^(?P<h>[12])H[\s\-/']*(?:FY\s?)?(?P<y>{_SHORT})[EFPA]?$",
        rf"^(?P<y>{_SHORT})[\s\-/:]*H(?P<h>[12])$",
        rf"^(?P<mon>{MONTH_PATTERN})[\s\-/,']*(?P<y>{_SHORT})$",
        rf"^(?P<y>1[5-9]\d\d|20\d\d)[\s\-/](?P<mon>{MONTH_PATTERN})$",
        rf"^(?P<mon>{MONTH_PATTERN})\s*(?P<d>\d{{1,2}}),?\s+(?P<y>{_SHORT})$",
        rf"^(?P<d>\d{{1,2}})[\s\-.]+(?P<mon>{MONTH_PATTERN})[\s\-]+(?P<y>{_SHORT})$",
        r"^(?P<y>1[5-9]\d\d|20\d\d)[-/.](?P<m>0[1-9]|1[0-2])(?:[-/.](?P<d>[0-3]\d))?$",
        r"^(?P<y>1[5-9]\d\d|20\d\d)[\s:]?M(?P<m>0?[1-9]|1[0-2])$",
        r"^(?P<m>0[1-9]|1[0-2])/(?P<y>\d\d)$",
        r"^(?P<m>0?[1-9]|1[0-2])/(?P<d>[0-3]?\d)/(?P<y>\d{4}|\d\d)$",
        r"^(?P<d>[0-3]?\d)[./](?P<m>0?[1-9]|1[0-2])[./](?P<y>\d{4}|\d\d)$",
        r"^(?P<m>0?[1-9]|1[0-2])[/-](?P<y>1[5-9]\d\d|20\d\d)$",
    )
)


@lru_cache(maxsize=REMEMBERED)
def parse_time(text: str) -> float | None:
    """The point in time that `text` names, in years: 2010, "Q3 2010" is 2010.5, or None.

    A period is placed at its start; a fiscal year at its number. Two-digit years below 50 are of
    this century.
    """
    match = _match(plain_signs(text).strip("*†‡").strip())
    return _time(match.groupdict()) if match else None


def month_of(text: str) -> int:
    """1..12 for the name of a month without year, else 0."""
    match = re.fullmatch(MONTH_PATTERN, text.strip(), re.IGNORECASE)
    return MONTHS.index(match[0][:3].lower()) + 1 if match else 0


def _match(text: str) -> re.Match[str] | None:
    season = re.match(r"^(?P<y>\d\d(\d\d))[-/](?P<next>\d\d)$", text)
    if season and int(season["next"]) == (int(season[2]) + 1) % 100:  # 2008-09: no September
        return season
    return next((match for pattern in _TIMES if (match := pattern.match(text))), None)


def _time(parts: dict[str, str | None]) -> float:
    digits = (parts.get("y") or "0").lstrip("'’")
    year = float(digits)
    if len(digits) == 2:
        year += 2000 if year < 50 else 1900
    if quarter := parts.get("q"):
        return year + (int(quarter) - 1) / 4
    if half := parts.get("h"):
        return year + (int(half) - 1) / 2
    month = int(parts.get("m") or 1)
    if name := parts.get("mon"):
        month = MONTHS.index(name[:3].lower()) + 1
    day = min(int(parts.get("d") or 1), 31)
    return year + (month - 1) / 12 + (day - 1) / 372


# Names in the style of others


def restyled(example: str, time: float) -> str:
    """Another point in time (in years) as the label `example` would print it: after "Q1 '19",
    2019.25 is "Q2 '19". Empty when `example` is no time."""
    text = plain_signs(example)
    text = re.sub(r"[*†‡\s]+$", "", re.sub(r"(?<=\d)\s?[EFPAep]$", "", text))
    match = _match(text)
    if match is None:
        return ""
    year = math.floor(time + 1e-6)
    part = max(0.0, time - year)
    for name in sorted((n for n, v in match.groupdict().items() if v), key=match.start)[::-1]:
        new = _token(name, match[name], year, part)
        text = text[: match.start(name)] + new + text[match.end(name) :]
    return text


def _token(name: str, old: str, year: int, part: float) -> str:
    """One part of a time (`part` is the fraction of the year) as long as the old one."""
    month = min(12, math.floor(part * 12 + 0.02) + 1)
    if name in ("y", "next"):
        full = year + (name == "next")
        return str(full) if len(old) == 4 else f"{old[:-2]}{full % 100:02d}"
    if name == "q":
        return str(min(4, math.floor(part * 4 + 0.02) + 1))
    if name == "h":
        return str(min(2, math.floor(part * 2 + 0.02) + 1))
    if name == "m":
        return f"{month:0{len(old)}d}" if old[0] == "0" or len(old) == 2 else str(month)
    if name == "d":
        day = round((part - (month - 1) / 12) * 372) + 1
        return f"{max(1, min(31, day)):0{len(old)}d}"
    word = calendar.month_name[month] if len(old.rstrip(".")) > 4 else calendar.month_abbr[month]
    word += "." if old.endswith(".") and word != calendar.month_name[month] else ""
    return word.upper() if old.isupper() else word.lower() if old.islower() else word


def in_one_style(labels: Sequence[str]) -> list[str]:
    """Labels of one time axis with what OCR loses put back: an apostrophe or a space that others
    of the same build have. Labels of another build stay as they are."""
    builds = [_build(label) for label in labels]
    families: dict[str, Counter[str]] = {}
    for build in filter(None, builds):
        families.setdefault(re.sub(r"[\s']", "", build), Counter())[build] += 1
    best = {
        family: max(count, key=lambda b: ("'" in b and count[b] > 1, count[b], len(b)))
        for family, count in families.items()
    }
    example = {build: label for label, build in zip(labels, builds, strict=True) if build}
    result = []
    for label, build in zip(labels, builds, strict=True):
        wanted = best.get(re.sub(r"[\s']", "", build), build)
        time = parse_time(label)
        same = not build or wanted == build or time is None
        result.append(label if same or time is None else restyled(example[wanted], time))
    return result


def _build(label: str) -> str:
    """A time label with its parts named: "Q1 '19" is "Qq 'y"; empty for what is no time."""
    match = _match(plain_signs(label))
    if match is None:
        return ""
    text = match.string
    for name in sorted((n for n, v in match.groupdict().items() if v), key=match.start)[::-1]:
        old = match[name]
        kind = name if name != "y" else "yyyy" if len(old) == 4 else "y"
        mark = "'" if old[0] in "'’" else ""
        text = f"{text[: match.start(name)]}{mark}{kind}{text[match.end(name) :]}"
    return text


def joined_years(text: str) -> list[str]:
    """The years of labels drawn so close that they were read as one text; none where it is
    anything else. A digit may be lost where they touch: the first and the last year tell the rest.

    >>> joined_years("200520062007"), joined_years("FY09FY10FY11")
    (['2005', '2006', '2007'], ['FY09', 'FY10', 'FY11'])
    >>> joined_years("2008009201020112012")
    ['2008', '2009', '2010', '2011', '2012']
    >>> joined_years("20051234")
    []
    """
    plain = text.replace(" ", "")
    if marked := _MARKED_YEARS.fullmatch(plain):
        parts = re.findall(rf"{re.escape(marked[1])}\d\d", plain)
        return parts if len("".join(parts)) == len(plain) and _even(p[-2:] for p in parts) else []
    if not plain.isdecimal() or len(plain) < 8:
        return []
    first, last = int(plain[:4]), int(plain[-4:])
    if not all(_FIRST_YEAR <= year <= _LAST_YEAR for year in (first, last)):
        return []
    usual, lossy = round(len(plain) / 4), len(plain) >= _LOSSY
    for count in (usual, usual + 1) if lossy else (usual,):
        step, rest = divmod(last - first, count - 1)
        if rest or not 1 <= abs(step) <= _LARGEST_STEP:
            continue
        years = [str(first + n * step) for n in range(count)]
        joined = "".join(years)
        like = difflib.SequenceMatcher(None, joined, plain, autojunk=False).ratio()
        if like >= (_ALIKE if lossy else 1.0):
            return years
    return []


def _even(parts: Iterable[str]) -> bool:
    steps = {(int(b) - int(a)) % 100 for a, b in itertools.pairwise(parts)}
    return len(steps) == 1 and 1 <= min(steps) <= _LARGEST_STEP
