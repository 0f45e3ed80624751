"""The times of a chart or statement in order, wherever they stand: as the categories of a line, or
as the columns of a table. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from air_cli.reasoners.builtin.context import Context
from air_cli.reasoners.builtin.program import Marks
from air_cli.reasoners.builtin.rules_list import BEFORE
from air_cli.reasoners.builtin.rules_open import in_time
from air_cli.reasoners.builtin.statements import columns_of, years_in

_BEFORE = BEFORE | {"earlier", "yoy"}
_EACH = frozenset(("each", "every", "all", "by", "per"))
TIMES = frozenset(("year", "month", "quarter", "period"))
# What names the year of a quarter or month: "Q1 22", "1Q22", "Mar 2022", "Q1'22".
_YEAR_OF = re.compile(r"(?:19|20)\d\d|'?\d\d(?!\d)(?=[AEF]?$)")
_YEAR = re.compile(r"(?:1[5-9]|20|21)\d\d")


@dataclass(frozen=True)
class Times:
    """The names of the times, first to last; `across` says that they are series (columns)."""

    names: tuple[str, ...]
    across: bool

    def at(self, marks: Marks, name: str) -> Marks:
        """These marks at one time."""
        if self.across:
            return replace(marks, series=(name,), span=False)
        return replace(marks, categories=(name,), span=False)

    def named(self, ctx: Context, marks: Marks) -> tuple[str, ...]:
        """The times that a question names, in order; of two ends those between as well."""
        if self.across:
            columns = columns_of(self.names)
            years = years_in(ctx.linked.tokens, ctx.linked.text)
            found = {columns[year] for year in years if year in columns} or set(marks.series)
        else:
            found = set(marks.categories)
        return tuple(name for name in self.names if name in found)

    def before(self, name: str) -> str:
        """The time before; empty at the first. Of years, the year before, if it is there."""
        at = self.names.index(name)
        if not at:
            return ""
        years = [_YEAR.findall(one) for one in self.names[at - 1 : at + 1]]
        if all(len(found) == 1 for found in years) and int(years[1][0]) - int(years[0][0]) > 1:
            return ""
        return self.names[at - 1]

    def year_before(self, name: str) -> str:
        """The same quarter or month of the year before, else the time before."""
        at = self.names.index(name)
        parts = [_YEAR_OF.sub("", one) for one in self.names]
        same = [n for n in range(at) if parts[n] == parts[at]]
        return self.names[same[-1]] if same and parts[at].strip() else self.before(name)

    def lone(self, ctx: Context, marks: Marks) -> bool:
        """Whether the marks are of one line, or of one row."""
        if self.across:
            return len(marks.categories) == 1 or (not marks.categories and ctx.schema.lone)
        stacked = ctx.schema.kind.startswith("stacked") and "%" not in ctx.schema.unit
        return len(marks.series) == 1 or (not marks.series and (ctx.schema.single or stacked))


def times_of(ctx: Context) -> Times | None:
    """The times; None where nothing stands in the order of time, or only one time does."""
    schema = ctx.schema
    if in_time(schema):
        names = list(schema.categories)
        years = [_YEAR.findall(name) for name in names]
        if all(len(found) == 1 for found in years):
            names = [name for _, name in sorted(zip(years, names, strict=True))]
        return Times(tuple(names), False) if len(names) > 1 and schema.ordered else None
    columns = columns_of(schema.series)
    if len(columns) < 2:
        return None
    return Times(tuple(columns[year] for year in sorted(columns)), True)


def before_said(ctx: Context) -> bool:
    """Whether the time before is spoken of: "from the prior year", "year over year"."""
    words = ctx.words(0, ctx.end)
    pairs = set(itertools.pairwise(words))
    last = any((word, time) in pairs for word in ("last", "past") for time in TIMES)
    return bool(_BEFORE & set(words)) or last or bool(year_over_year(ctx))


def year_ago_said(ctx: Context) -> bool:
    """Whether the year before is spoken of, and not merely the time before."""
    words = ctx.words(0, ctx.end)
    text = " ".join(words)
    said = ("year ago", "year earlier", "prior year", "previous year", "last year", "year on year")
    return "yoy" in words or bool(year_over_year(ctx)) or any(one in text for one in said)


def year_over_year(ctx: Context) -> range:
    """Where these words stand; nowhere when they do not."""
    words = ctx.words(0, ctx.end)
    at = next((n for n in range(len(words)) if words[n : n + 3] == ["year", "over", "year"]), None)
    return range(0) if at is None else range(at, at + 3)


def every_said(words: Sequence[str], times: Collection[str]) -> bool:
    """Whether one of the nouns `times` is asked for each: "in each year", "by year"."""
    return any(a in _EACH and b in times for a, b in itertools.pairwise(words))
