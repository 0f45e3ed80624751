"""Numbers as a spreadsheet shows them: dates counted in days, percentages, plain values."""

from __future__ import annotations

import datetime
import math
import re

_EPOCH = datetime.datetime(1899, 12, 30)
# Number formats that every spreadsheet knows by number: dates, times and percentages.
_DATES, _PERCENTS = frozenset({*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)}), {9, 10}
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')


def kind_of(code: str, number: int = 0) -> str:
    """date, percent or number, by a format's code ("mmm-yy") or, without one, its number.

    >>> kind_of("mmm\\\\-yy"), kind_of("0.0%"), kind_of('#,##0 "days"'), kind_of("", 14)
    ('date', 'percent', 'number', 'date')
    """
    bare = _LITERAL.sub("", code)
    if "%" in bare or number in _PERCENTS:
        return "percent"
    dated = re.search(r"[ymd]", bare, re.I) and not re.search(r"[#0]", bare)
    return "date" if dated or (not code and number in _DATES) else "number"


def date_text(serial: float, code: str = "") -> str:
    """A day count as people write it, as exactly as its format shows it.

    >>> date_text(44286, "mmm-yy"), date_text(44286, "yyyy"), date_text(44286.0)
    ('Mar 2021', '2021', '2021-03-31')
    """
    if not math.isfinite(serial) or not 0 <= serial < 2_900_000:
        return f"{serial:.10g}"
    day = _EPOCH + datetime.timedelta(days=serial)
    bare = _LITERAL.sub("", code).lower()
    if bare and "d" not in bare:
        return day.strftime("%b %Y") if "m" in bare else day.strftime("%Y")
    return day.strftime("%Y-%m-%d") if serial == int(serial) else day.strftime("%Y-%m-%d %H:%M")


def number_text(value: float, kind: str = "number") -> str:
    """A number with thousands separators and all its digits; percentages times a hundred.

    >>> number_text(1234567.25), number_text(0.125, "percent")
    ('1,234,567.25', '12.5%')
    """
    if kind == "percent":
        return f"{value * 100:,.10g}%"
    return f"{value:,.12g}"
