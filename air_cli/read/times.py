"""Points in time as charts write them: years, quarters, months, days, fiscal years."""

from __future__ import annotations

import re

from air_cli.read.numbers import MONTH_PATTERN, MONTHS, plain_signs

_YEAR = r"(?P<y>1[5-9]\d\d|20\d\d)"
_SHORT = r"(?:1[5-9]\d\d|20\d\d|['’]?\d\d)"
_TIMES = tuple(
    re.compile(p, re.IGNORECASE)
    for p in (
        rf"^{_YEAR}(?:/\d{{2,4}})?[EFPAep]?$",
        r"^['’](?P<y>\d\d)$",
        rf"^(?:FY|fiscal(?: year)?)\s?(?P<y>{_SHORT})(?:/\d\d)?[EFPA]?$",
        rf"^Q(?P<q>[1-4])[\s\-/,']*(?P<y>{_SHORT})[EFPA]?$",
        rf"^(?P<y>{_SHORT})[\s\-/:]*Q(?P<q>[1-4])$",
        rf"^(?P<q>[1-4])Q[\s\-/']*(?P<y>{_SHORT})[EFPA]?$",
        rf"^H(?P<h>[12])[\s\-/']*(?P<y>{_SHORT})$",
        rf"^(?P<h>[12])H[\s\-/']*(?P<y>{_SHORT})$",
        rf"^(?P<mon>{MONTH_PATTERN})[\s\-/,']*(?P<y>{_SHORT})$",
        rf"^(?P<y>1[5-9]\d\d|20\d\d)[\s\-/](?P<mon>{MONTH_PATTERN})$",
        rf"^(?P<mon>{MONTH_PATTERN})\s*(?P<d>\d{{1,2}}),?\s+(?P<y>{_SHORT})$",
        rf"^(?P<d>\d{{1,2}})[\s\-.]+(?P<mon>{MONTH_PATTERN})[\s\-]+(?P<y>{_SHORT})$",
        r"^(?P<y>1[5-9]\d\d|20\d\d)[-/.](?P<m>0[1-9]|1[0-2])(?:[-/.](?P<d>[0-3]\d))?$",
        r"^(?P<m>0?[1-9]|1[0-2])/(?P<d>[0-3]?\d)/(?P<y>\d{4}|\d\d)$",
        r"^(?P<d>[0-3]?\d)[./](?P<m>0?[1-9]|1[0-2])[./](?P<y>\d{4}|\d\d)$",
        r"^(?P<m>0?[1-9]|1[0-2])[/-](?P<y>1[5-9]\d\d|20\d\d)$",
    )
)


def parse_time(text: str) -> float | None:
    """The point in time that `text` names, in years: 2010, "Q3 2010" is 2010.5, or None.

    A period is placed at its start; a fiscal year at its number. Two-digit years below 50 are of
    this century.
    """
    text = plain_signs(text).strip("*†‡").strip()
    season = re.match(r"^(\d\d(\d\d))-(\d\d)$", text)
    if season and int(season[3]) == (int(season[2]) + 1) % 100:  # 2008-09, not September 2008
        text = season[1]
    for pattern in _TIMES:
        match = pattern.match(text)
        if match:
            return _time(match.groupdict())
    return None


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
