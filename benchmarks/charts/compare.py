"""A chart that was read against the truth of a generated one."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from air_cli.read.times import parse_time
from air_cli.records import Chart, Mark
from air_cli.scoring_tables import Entry, assign, by_row, entries, pair_up, rms, similarity
from benchmarks.charts.placed import placed

_NAMED = 0.9  # a name with at most one wrong letter in ten counts as read
_MATCHED = 0.5  # below this similarity two names are not paired


@dataclass(frozen=True)
class Point:
    """A true value and what was read for it: `error` and `width` as shares of the axis' range,
    None where nothing was read; `inside`: the truth lies within the interval."""

    error: float | None
    width: float | None = None
    inside: bool = False


@dataclass(frozen=True)
class Result:
    """How a chart was read. F1 of names is None where there are none to read; `placed` is the share
    of values that are right at their places, whatever they are called."""

    kind: str
    renderer: str
    read_as: str
    series_f1: float | None
    categories_f1: float | None
    f1: float
    points: tuple[Point, ...]
    extra: int
    problems: tuple[str, ...]
    image: str = ""
    placed: float = 0.0

    @property
    def kind_right(self) -> bool:
        return self.read_as == self.kind

    @property
    def in_place(self) -> float:
        """Share of the true values that were read within 1% of the range, by name or by place."""
        return max(self.share(), self.placed)

    def share(self, within: float = 0.01) -> float:
        """Share of the true values that were read within `within` of the axis' range."""
        right = sum(p.error is not None and p.error <= within for p in self.points)
        return right / len(self.points) if self.points else 0.0


def compare(truth: dict[str, Any], charts: Sequence[Chart]) -> Result:
    """Score the charts that were read from one image."""
    if truth["kind"] == "panels":
        return _panels(truth, charts)
    chart = max(charts, key=lambda c: len(c.marks), default=Chart("", "unknown"))
    chart = _in_units(chart, truth)
    truth = _in_shares(truth, chart)
    kind, categories, at_place = truth["kind"], truth["categories"], 0.0
    if truth["points"]:
        points, extra = _scatter(truth, chart)
        series = list(dict.fromkeys(p[2] for p in truth["points"]))
        f1, cats = sum(p.error is not None and p.error <= 0.01 for p in points) / len(points), None
    else:
        series = truth["series"]
        points, extra = _table(truth, chart)
        at_place = placed(truth, chart, lambda name, a, b: _scale_of(truth, name).share(a, b))
        gold = [Entry(c, s, v) for s, row in truth["values"].items() for c, v in row.items()]
        f1 = rms(by_row(gold), by_row(entries(*chart.table()))).f1
        read = list(dict.fromkeys([*chart.categories, *(m.category for m in chart.marks)]))
        cats = names_f1(categories, read)
    named = [s.name for s in chart.series] or list({m.series for m in chart.marks})
    whole = names_f1(series, named) if len(series) > 1 else None
    return Result(
        kind, truth["renderer"], _kind_of(chart, truth), whole, cats, f1, tuple(points), extra,
        chart.problems, truth.get("image", ""), at_place,
    )  # fmt: skip


def _in_units(chart: Chart, truth: dict[str, Any]) -> Chart:
    """The chart in the units of the truth: "$5bn" may be read as 5 (in bn) or as 5e9, which a
    series by the second axis says for itself."""
    factor = truth["factor"]
    if factor == 1:
        return chart
    values: dict[str, list[float]] = defaultdict(list)
    for mark in chart.marks:
        if mark.value:
            values[mark.series].append(abs(mark.value))
    written = {s for s, own in values.items() if statistics.median(own) >= 1e-3 * factor}

    def less(value: float | None) -> float | None:
        return None if value is None else value / factor

    marks = [
        replace(m, value=less(m.value), low=less(m.low), high=less(m.high))
        if m.series in written
        else m
        for m in chart.marks
    ]
    return replace(chart, marks=tuple(marks))


def _in_shares(truth: dict[str, Any], chart: Chart) -> dict[str, Any]:
    """The truth of a pie that prints no value, in percentages, where the chart gives such: the
    picture does not say more."""
    shown = sum(m.value or 0.0 for m in chart.marks)
    labelled = truth["labels"] or any(m.label for m in chart.marks)
    if truth["kind"] not in ("pie", "donut") or labelled or abs(shown - 100) > 3:
        return truth
    whole = sum(v for row in truth["values"].values() for v in row.values())
    values = {
        series: {name: 100 * v / whole for name, v in row.items()}
        for series, row in truth["values"].items()
    }
    return {**truth, "values": values, "range": [0.0, 100.0]}


def _kind_of(chart: Chart, truth: dict[str, Any]) -> str:
    """The kind that was read, in the words of the truth: nothing tells a stack of one from bars."""
    same = (
        {("area", "stacked-area"), ("stacked-area", "area")} if len(truth["series"]) < 2 else set()
    )
    return truth["kind"] if (truth["kind"], chart.kind) in same else chart.kind


def names_f1(gold: Sequence[str], read: Sequence[str]) -> float:
    """F1 of names, paired by edit distance; up to one wrong letter in ten is forgiven."""
    gold, read = [_plain(n) for n in gold], [_plain(n) for n in read if n]
    if not gold or not read:
        return float(not gold and not read)
    pairs = pair_up(gold, read)
    right = sum(similarity(gold[i], read[j]) >= _NAMED for i, j in pairs)
    return 2 * right / (len(gold) + len(read))


def _plain(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum()) or name


def _table(truth: dict[str, Any], chart: Chart) -> tuple[list[Point], int]:
    """Every true value by its series and category; how many values were read beyond them."""
    gold, read = truth["series"], list(dict.fromkeys(m.series for m in chart.marks))
    by_series: dict[str, list[Mark]] = defaultdict(list)
    for mark in chart.marks:
        by_series[mark.series].append(mark)
    partner = _partners(gold, read)
    points, used = [], 0
    for name in gold:
        marks = by_series.get(partner.get(name, "\0"), [])
        scale = _scale_of(truth, name)
        cells = truth["values"][name]
        found = _by_category(list(cells), marks)
        used += sum(mark is not None for mark in found)
        points += [
            _between(scale, value, mark, category, marks)
            for (category, value), mark in zip(cells.items(), found, strict=True)
        ]
    return points, max(0, sum(m.value is not None for m in chart.marks) - used)


def _partners(gold: Sequence[str], read: Sequence[str]) -> dict[str, str]:
    """Which read series stands for which true one: by name; a lone one for a lone one."""
    if len(gold) == 1 and len(read) == 1:
        return {gold[0]: read[0]}
    pairs = pair_up([_plain(n) for n in gold], [_plain(n) for n in read])
    return {
        gold[i]: read[j]
        for i, j in pairs
        if similarity(_plain(gold[i]), _plain(read[j])) > _MATCHED
    }


def _by_category(categories: Sequence[str], marks: Sequence[Mark]) -> list[Mark | None]:
    """The mark of each category: the same name, else the same time, else the likest name left."""
    left = [m for m in marks if m.value is not None]
    found: dict[int, Mark] = {}
    for same in (_same_name, _same_time):
        for i, category in enumerate(categories):
            if i in found:
                continue
            mark = next((m for m in left if same(category, m)), None)
            if mark is not None:
                found[i] = mark
                left.remove(mark)
    rest = [i for i in range(len(categories)) if i not in found]
    pairs = pair_up([_plain(categories[i]) for i in rest], [_plain(m.category) for m in left])
    for i, j in pairs:
        if similarity(_plain(categories[rest[i]]), _plain(left[j].category)) > 0.7:
            found[rest[i]] = left[j]
    return [found.get(i) for i in range(len(categories))]


def _same_name(category: str, mark: Mark) -> bool:
    return _plain(category) == _plain(mark.category)


def _same_time(category: str, mark: Mark) -> bool:
    time = parse_time(category)
    if time is None:
        return False
    other = mark.x if mark.x is not None else parse_time(mark.category)
    return other is not None and abs(other - time) < 0.02


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float
    log: bool

    def share(self, a: float, b: float) -> float:
        """The distance of two values as a share of the axis' range (of its decades on a log)."""
        if self.log:
            if a <= 0 or b <= 0:
                return 1.0
            return abs(math.log10(a / b)) / math.log10(self.high / self.low)
        return abs(a - b) / ((self.high - self.low) or 1.0)


def _scale_of(truth: dict[str, Any], series: str) -> _Scale:
    low, high = truth["second_range"] if series in truth["second"] else truth["range"]
    return _Scale(low, high, truth["log"])


def _between(
    scale: _Scale, value: float, mark: Mark | None, category: str, marks: Sequence[Mark]
) -> Point:
    """The error of one value; between the points that were read of a line along time, by the
    straight line."""
    if mark is not None and mark.value is not None:
        return _point(scale, value, mark.value, mark.low, mark.high)
    time = parse_time(category)
    known = sorted((m.x, m.value) for m in marks if m.x is not None and m.value is not None)
    if time is None or len(known) < 2 or not known[0][0] <= time <= known[-1][0]:
        return Point(None)
    drawn = float(np.interp(time, [x for x, _ in known], [v for _, v in known]))
    return Point(scale.share(value, drawn))


def _point(
    scale: _Scale, value: float, read: float, low: float | None, high: float | None
) -> Point:
    error = scale.share(value, read)
    if low is None or high is None:
        return Point(error)
    slack = 1e-9 * max(1.0, abs(value))
    return Point(error, scale.share(low, high), low - slack <= value <= high + slack)


def _scatter(truth: dict[str, Any], chart: Chart) -> tuple[list[Point], int]:
    """Points paired by place; the error is the larger of the two axes'."""
    gold = truth["points"]
    read = [m for m in chart.marks if m.value is not None and m.x is not None]
    if not read:
        return [Point(None) for _ in gold], 0
    xs = [p[0] for p in gold]
    x_span = (max(xs) - min(xs)) or 1.0
    scale = _Scale(truth["range"][0], truth["range"][1], log=False)
    cost = np.array(
        [
            [max(abs(p[0] - (m.x or 0)) / x_span, scale.share(p[1], m.value or 0)) for m in read]
            for p in gold
        ]
    )
    found = {i: (j, float(cost[i, j])) for i, j in assign(np.minimum(cost, 0.2))}
    points = []
    for i, point in enumerate(gold):
        if i not in found or found[i][1] > 0.05:
            points.append(Point(None))
            continue
        mark = read[found[i][0]]
        inside = _point(scale, point[1], mark.value or 0.0, mark.low, mark.high)
        points.append(Point(found[i][1], inside.width, inside.inside))
    return points, max(0, len(read) - len(gold))


def _panels(truth: dict[str, Any], charts: Sequence[Chart]) -> Result:
    """Small multiples: each panel is a chart of its own, known by its title (or its series)."""
    gold = truth["series"]
    titles = [" ".join(filter(None, [c.title, *(s.name for s in c.series)])) for c in charts]
    pairs = pair_up([_plain(n) for n in gold], [_plain(t) for t in titles])
    matched = {
        gold[i]: charts[j]
        for i, j in pairs
        if similarity(_plain(gold[i]), _plain(titles[j])) > _MATCHED
    }
    points: list[Point] = []
    read_points = 0
    entries_gold = [Entry(c, s, v) for s, row in truth["values"].items() for c, v in row.items()]
    read = [
        Entry(e.row, name, e.value)
        for name, chart in matched.items()
        for e in entries(*chart.table())
    ]
    for name in gold:
        chart = _in_units(matched.get(name, Chart("", "unknown")), truth)
        one = {**truth, "series": [name], "values": {name: truth["values"][name]}, "second": []}
        found, more = _table(one, chart)
        points += found
        read_points += more
    kinds = {c.kind for c in charts}
    right = len(charts) == len(gold) and kinds == {truth["panel_kind"]}
    read_as = "panels" if right else "+".join(sorted(kinds)) + f" x{len(charts)}"
    cats = [names_f1(truth["categories"], list(c.categories)) for c in matched.values()]
    return Result(
        "panels", truth["renderer"], read_as,
        len(matched) / len(gold), sum(cats) / len(gold), rms(entries_gold, read).f1, tuple(points),
        read_points, tuple(p for c in charts for p in c.problems), truth.get("image", ""),
    )  # fmt: skip
