"""A reading held against a table that holds more than the chart shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from air_cli.read.times import parse_time
from air_cli.records import Chart, Mark
from air_cli.scoring_tables import assign, number

_NEAR = 0.02
_CODES = 4
_PARTS = 80  # values of a text column by which a numeric one is split, at most
_COURSES = ("line", "area", "stacked-area", "combo")


@dataclass(frozen=True)
class Column:
    """Values by what their category may be called; and, where each abscissa has one value, the
    course (abscissas, values) of the line through them."""

    named: dict[str, list[float]]
    course: tuple[list[float], list[float]]


@dataclass(frozen=True)
class Fit:
    """A series that was read, the column it fits best, and how many of its values are right."""

    series: str
    column: str
    right: int
    of: int


def fit_columns(
    chart: Chart,
    table: Sequence[dict[str, str]],
    *,
    by_place: bool = False,
    along: bool = False,
    near: float = _NEAR,
) -> list[Fit]:
    """Each series of `chart` with a column of its own, so that most values are right.

    A column is a numeric column, whole or for one value of a text column. A value is right when it
    lies within `near` (2%) of the axis' range from one that the column has at its category, or, of
    a line with `along`, from the straight piece between the rows on both sides; with `by_place`
    the n-th category stands for the n-th row.
    """
    series: dict[str, list[Mark]] = defaultdict(list)
    for mark in chart.marks:
        if mark.value is not None:
            series[mark.series].append(mark)
    marked = [mark for marks in series.values() for mark in marks]
    wanted = set() if by_place else {key for mark in marked for key in _of(mark, {})}
    columns = dict(_columns(table, wanted))
    if not series or not columns:
        return []
    values = [m.value for marks in series.values() for m in marks if m.value is not None]
    near *= _axis_span(chart) or max(values) - min(values) or 1.0
    places = {c: str(i) for i, c in enumerate(chart.categories)} if by_place else {}
    names, heads = list(series), list(columns)
    along = along and chart.kind in _COURSES
    right = np.array(
        [[_right(series[n], columns[h], near, places, along) for h in heads] for n in names],
        dtype=float,
    )
    pairs = assign(-right)
    fits = [Fit(names[i], heads[j], int(right[i, j]), len(series[names[i]])) for i, j in pairs]
    left = set(names) - {fit.series for fit in fits}
    return fits + [Fit(name, "", 0, len(series[name])) for name in left]


def _axis_span(chart: Chart) -> float:
    """How far the ticks of the value axis reach."""
    values = [
        [t.value for t in axis.ticks if t.value is not None]
        for axis in chart.axes
        if axis.kind == "linear" and (axis.role == "x") == chart.kind.endswith("barh")
    ]
    return max((max(v) - min(v) for v in values if len(v) > 1), default=0.0)


def _columns(table: Sequence[dict[str, str]], wanted: set[str]) -> Iterator[tuple[str, Column]]:
    """Name -> (category -> values) of each numeric column, whole and by each text column; by those
    columns only that hold one of the `wanted` categories (all where none is given)."""
    heads = [h for h in table[0] if h] if table else []
    numeric = [h for h in heads if _share_of_numbers(table, h) > 0.5]
    values = {h: sorted({row[h] for row in table}) for h in heads}
    keys = several = [h for h in heads if len(values[h]) > 1]
    if wanted:
        keys = [h for h in several if any(wanted & _keys(value) for value in values[h])]
    # A column of a few numbers (0 or 1) tells groups apart as well as one of words.
    split = [h for h in several if len(values[h]) <= (_CODES if h in numeric else 40)]
    for head in numeric:
        for key in keys:
            if key == head:
                continue
            yield f"{head} by {key}", _column(table, head, key)
            for other in split:
                if other == key:
                    continue
                for part in values[other]:
                    rows = [row for row in table if row[other] == part]
                    yield f"{head} by {key} where {other} is {part}", _column(rows, head, key)


def _column(table: Sequence[dict[str, str]], head: str, key: str) -> Column:
    named: dict[str, list[float]] = defaultdict(list)
    course: dict[float, float] = {}
    once = True
    for row in table:
        if (value := number(row[head])) is None:
            continue
        for name in _keys(row[key]):
            named[name].append(value)
        at = parse_time(row[key])
        at = number(row[key]) if at is None else at
        if at is not None:
            once &= course.get(at, value) == value
            course[at] = value
    places = sorted(course) if once and len(course) > 1 else []
    return Column(dict(named), (places, [course[at] for at in places]))


@cache
def _keys(text: str) -> set[str]:
    """What a category may be called: its letters and digits, its time, its number."""
    plain = "".join(c for c in text.casefold() if c.isalnum())
    keys = {plain} if plain else set()
    if (time := parse_time(text)) is not None:
        keys.add(f"t{time:.1f}")
    if (value := number(text)) is not None:
        keys.add(f"t{value:.1f}")
    return keys


def _share_of_numbers(table: Sequence[dict[str, str]], head: str) -> float:
    cells = [row[head] for row in table if row[head]]
    return sum(number(cell) is not None for cell in cells) / len(cells) if cells else 0.0


def _right(
    marks: Sequence[Mark], column: Column, near: float, places: dict[str, str], along: bool
) -> int:
    count = 0
    for mark in marks:
        if mark.value is None:
            continue
        meant = [v for key in _of(mark, places) for v in column.named.get(key, ())]
        xs, ys = column.course
        if along and xs and mark.x is not None and xs[0] <= mark.x <= xs[-1]:
            meant.append(float(np.interp(mark.x, xs, ys)))
        count += any(abs(value - mark.value) <= near for value in meant)
    return count


def _of(mark: Mark, places: dict[str, str]) -> set[str]:
    if places:
        return {places[mark.category]} if mark.category in places else set()
    keys = set(_keys(mark.category))
    if mark.x is not None:
        keys.add(f"t{mark.x:.1f}")
    return keys
