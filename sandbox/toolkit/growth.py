"""Growth of one line over its whole period, with the years, for "growth rate?"."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.toolkit.maths import cagr, growth_rate
from sandbox.toolkit.points import Point, Points
from sandbox.toolkit.times import time_of


@dataclass(frozen=True)
class Growth:
    """`total` is the change over the period in percent, `compound` the rate per period in percent;
    `start` and `end` the names of the first and last mark, `periods` how many lie between."""

    total: float
    compound: float
    start: str
    end: str
    periods: float
    per: str

    def __str__(self) -> str:
        return (
            f"{self.compound:.1f}% per {self.per}, {self.start}\u2013{self.end}; "
            f"{self.total:+.1f}% in all"
        )


def growth_of(line: Points) -> Growth:
    """The change from the first mark to the last, and the compound annual rate (per period where
    the categories are no years): ((last / first) ** (1 / periods) - 1) * 100."""
    line = line.in_order()
    first, last = line[0], line[-1]
    years = (year_of(first), year_of(last))
    periods, per = float(len(line) - 1), "period"
    if years[0] is not None and years[1] is not None and years[1] != years[0]:
        periods, per = abs(years[1] - years[0]), "year"
    total = growth_rate(first.value, last.value)
    compound = cagr(first.value, last.value, periods)
    return Growth(total, compound, first.category, last.category, periods, per)


def year_of(point: Point) -> float | None:
    """The year that a mark stands for, with a fraction for a quarter or a month; else None."""
    time = time_of(point.category)
    if time is None and point.x is not None and 1500.0 <= point.x < 2200.0:
        return point.x
    return time
