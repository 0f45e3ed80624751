"""What a chart offers to be asked about: names, kinds of categories, title words. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from air_cli.reasoners.builtin.dates import shared_years, written
from air_cli.reasoners.builtin.lexicon import Lexicon
from air_cli.reasoners.builtin.magnitudes import scale_of
from air_cli.reasoners.builtin.tokens import MONTHS, forms
from air_cli.records import Chart, Mark

_YEAR = re.compile(
    r"(?:fy|cy)?\s*(1[5-9]|20|21)\d\d([/–-]\d{2,4})?[AEF]?\*?|(?:fy|cy)\s?'?\d\d[AEF]?", re.I
)
_DATED = re.compile(
    r"\b(1[5-9]|20|21)\d\d\b|'\d\d\b|(\b|[a-z])(Q[1-4]|[1-4]Q)|^[a-z]{3,9}[ -]\d\d$", re.I
)


@dataclass(frozen=True)
class Measure:
    """What a series measures: the unit of its printed values ("%", "$" or nothing), from least to
    most, and how it is drawn."""

    series: str
    unit: str
    low: float
    high: float
    kind: str


@dataclass(frozen=True)
class Schema:
    """`dims` names what the categories are (year, month, country, age, ...); `words` are the words
    of titles and axes, which explain question words without choosing anything; `written` what
    categories that are dates stand for, `years` the categories of each year that has several."""

    series: tuple[str, ...]
    categories: tuple[str, ...]
    marks: tuple[Mark, ...]
    dims: frozenset[str]
    series_dims: frozenset[str]
    words: frozenset[str]
    pairs: frozenset[tuple[str, ...]]
    ordered: bool
    horizontal: bool
    kind: str
    unit: str
    colors: tuple[str, ...]
    measures: tuple[Measure, ...] = ()
    scale: float = 1.0
    written: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    years: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def forms(self, name: str) -> tuple[str, ...]:
        """The compared forms of a name; of a date in figures those of what it stands for."""
        return self.written.get(name) or forms(name)

    @property
    def single(self) -> bool:
        """One series only: a category is enough to name a mark."""
        return len(self.series) <= 1

    @property
    def lone(self) -> bool:
        """One category only: a series is enough to name a mark."""
        return len(self.categories) <= 1


def describe(chart: Chart, lexicon: Lexicon) -> Schema:
    """The schema of a chart; names without any value are left out."""
    marks = tuple(mark for mark in chart.marks if mark.value is not None)
    listed = [s.name for s in chart.series]
    series = _used(listed, [m.series for m in marks])
    categories = _used(chart.categories, [m.category for m in marks])
    titles = [chart.title, chart.subtitle, chart.unit, *(axis.title for axis in chart.axes)]
    named = [axis for axis in chart.axes if axis.kind in ("category", "time")]
    x_title = next((axis.title for axis in named), "")
    dates = written(categories)
    spoken = [" ".join(dates.get(name, (name,))) for name in categories]
    dims = _dims(spoken, lexicon) | frozenset(forms(x_title))
    timed = bool(dims & {"year", "month", "date", "quarter"})
    colors = [m.color for m in marks if m.color] or [s.color for s in chart.series if s.color]
    return Schema(
        series=series,
        categories=categories,
        marks=marks,
        dims=dims,
        series_dims=_dims(series, lexicon),
        words=frozenset(word for title in titles for word in forms(title)),
        pairs=frozenset(pair for title in titles for pair in itertools.pairwise(forms(title))),
        ordered=timed,
        horizontal=chart.kind.endswith("barh"),
        kind=chart.kind,
        unit=chart.unit,
        colors=tuple(dict.fromkeys(colors)),
        measures=_measures(chart, series),
        scale=scale_of(chart, lexicon),
        written=dates,
        years=shared_years(categories, dates) if timed else {},
    )


def _measures(chart: Chart, series: Sequence[str]) -> tuple[Measure, ...]:
    kinds = {one.name: one.kind for one in chart.series}
    found = []
    for name in series:
        marks = [m for m in chart.marks if m.series == name and m.value is not None]
        values = [m.value for m in marks if m.value is not None]
        labels = [m.label for m in marks if m.label]
        unit = ""
        for sign in ("%", "$"):
            if labels and 2 * sum(sign in label for label in labels) > len(labels):
                unit = sign
        found.append(Measure(name, unit, min(values), max(values), kinds.get(name, "")))
    return tuple(found)


def _used(listed: Sequence[str], seen: Sequence[str]) -> tuple[str, ...]:
    present = set(seen)
    return tuple(dict.fromkeys([*(name for name in listed if name in present), *seen]))


def _dims(names: Sequence[str], lexicon: Lexicon) -> frozenset[str]:
    """What kind of names these are, by the majority."""
    if not names:
        return frozenset()
    found = set()
    words = [forms(name) for name in names]
    if _most(bool(_YEAR.fullmatch(name.strip())) for name in names):
        found |= {"year", "date", "time", "period"}
    elif _most(bool(_DATED.search(name)) for name in names):
        found |= {"year", "date", "time", "period", "month", "quarter"}
    if _most(bool(set(w) & set(MONTHS)) for w in words):
        found |= {"month", "date", "time", "period"}
    known = [
        bool(set(w) & lexicon.countries)
        or (
            tuple(w) in lexicon.same
            and lexicon.same[tuple(w)] in ("united_states", "united_kingdom")
        )
        for w in words
    ]
    if sum(known) >= 0.34 * len(names):
        found.add("country")
    if _most(bool(re.search(r"\d+\s?[-–+]\s?\d*", name)) for name in names) and not found:
        found.add("age")
    return frozenset(found)


def _most(flags: Iterable[bool]) -> bool:
    listed = list(flags)
    return bool(listed) and sum(listed) >= 0.6 * len(listed)
