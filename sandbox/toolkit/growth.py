"""Growth of a line or a row over its whole period, with the years, for "growth rate?"."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sandbox.toolkit.maths import cagr, growth_rate
from sandbox.toolkit.points import Point, Points
from sandbox.toolkit.times import time_of


@dataclass(frozen=True)
class Growth:
    """`total` is the change over the period in percent, `compound` the rate per period in percent
    (None where the end is below zero); `start` and `end` the names of the first and last mark,
    `periods` how many lie between, `latest` the last step alone, in words."""

    total: float
    compound: float | None
    start: str
    end: str
    periods: float
    per: str
    latest: str = ""

    def __str__(self) -> str:
        if self.compound is None or self.periods == 1.0:
            return f"{self.total:+.1f}%, {self.start}\u2013{self.end}"
        return (
            f"{self.compound:.1f}% per {self.per}, {self.start}\u2013{self.end}; "
            f"{self.total:+.1f}% in all{self.latest}"
        )


def growth_of(line: Points) -> Growth | None:
    """The change from the first mark to the last, and the compound annual rate (per period where
    the categories are no years): ((last / first) ** (1 / periods) - 1) * 100. None where it means
    nothing: fewer than two marks, or a start that is not above zero."""
    line = line.in_order()
    return _between(line, [point.category for point in line.items])


def growth_across(row: Points) -> Growth | None:
    """As `growth_of`, over the series of one category, as a table's columns of years are. Columns
    that name no year ("Total") take no part."""
    timed = [(time_of(point.series), point) for point in row.items]
    dated = sorted(((t, point) for t, point in timed if t is not None), key=lambda pair: pair[0])
    line = Points(tuple(point for _, point in dated), row.what)
    found = _between(line, [point.series for point in line.items])
    if found is None or len(dated) < 3 or dated[-2][1].value <= 0.0:
        return found
    before, last = dated[-2][1].touch(), dated[-1][1]
    step = growth_rate(before.value, last.value)
    return replace(found, latest=f"; {last.series} over {before.series}: {step:+.1f}%")


def _between(line: Points, names: list[str]) -> Growth | None:
    if len(line.items) < 2 or line.items[0].value <= 0.0:
        return None
    first, last = line[0], line[-1]
    times = [time_of(names[0]) or year_of(first), time_of(names[-1]) or year_of(last)]
    periods, per = float(len(line) - 1), "period"
    if times[0] is not None and times[1] is not None and times[1] != times[0]:
        periods, per = abs(times[1] - times[0]), "year"
    total = growth_rate(first.value, last.value)
    compound = cagr(first.value, last.value, periods) if last.value >= 0.0 else None
    return Growth(total, compound, names[0], names[-1], periods, per)


def year_of(point: Point) -> float | None:
    """The year that a mark stands for, with a fraction for a quarter or a month; else None."""
    time = time_of(point.category)
    if time is None and point.x is not None and 1500.0 <= point.x < 2200.0:
        return point.x
    return time
