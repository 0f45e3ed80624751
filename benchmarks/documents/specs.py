"""What a generated chart shows: kind, names and values from a seed, whoever draws it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

KINDS = (
    "bar",
    "barh",
    "negative-bar",
    "grouped-bar",
    "grouped-barh",
    "stacked-bar",
    "stacked-barh",
    "stacked-negative",
    "labelled-bar",
    "hatched-bar",
    "slanted-bar",
    "line",
    "smooth-line",
    "year-line",
    "log-line",
    "marker-line",
    "area",
    "stacked-area",
    "pie",
    "donut",
    "scatter",
    "log-scatter",
    "combo",
    "box",
)
_REGIONS = ("Northern", "Southern", "Eastern", "Western", "Central", "Coastal", "Alpine", "Island")
_GROUPS = ("Online", "Retail", "Wholesale", "Services", "Licences", "Hardware")
_TITLES = ("Net sales", "Exports", "Visitors", "Energy use", "Rainfall", "Spending", "Output")


@dataclass(frozen=True)
class Spec:
    """One chart. `values` maps series to a value for each category; a single series has a name
    that no legend shows. Scatter: `points` maps series to (x, y). Box: `values` holds the five
    numbers as series. Combo: the last series is a line on an axis of its own."""

    id: str
    kind: str
    title: str
    unit: str
    categories: tuple[str, ...] = ()
    values: dict[str, tuple[float, ...]] = field(default_factory=dict)
    points: dict[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)

    @property
    def numeric_x(self) -> bool:
        """Whether the categories are years on a measured axis."""
        return self.kind == "year-line"

    @property
    def log(self) -> bool:
        """Whether the value axis is logarithmic."""
        return self.kind.startswith("log-")

    @property
    def shape(self) -> str:
        """The kind of drawing without its decoration: bar, line, …"""
        if self.kind in ("negative-bar", "labelled-bar", "hatched-bar", "slanted-bar"):
            return "bar" if len(self.values) == 1 else "grouped-bar"
        if self.kind == "stacked-negative":
            return "stacked-bar"
        if self.kind.endswith("line"):
            return "line"
        return "scatter" if self.kind == "log-scatter" else self.kind


def specs(count: int, seed: int, kinds: tuple[str, ...] = KINDS) -> Iterator[Spec]:
    """`count` charts of each kind."""
    for kind in kinds:
        for number in range(count):
            rng = np.random.default_rng([seed, KINDS.index(kind), number])
            yield _spec(f"{kind}-{seed}-{number}", kind, rng)


def _spec(name: str, kind: str, rng: np.random.Generator) -> Spec:
    title, unit = str(rng.choice(_TITLES)), str(rng.choice(["USD million", "%", "thousand", "kg"]))
    if "scatter" in kind:
        return Spec(name, kind, title, unit, points=_points(kind, rng))
    if kind in ("pie", "donut"):
        count = int(rng.integers(3, 7))
        parts = tuple(float(round(v, 1)) for v in rng.uniform(4, 40, count))
        return Spec(name, kind, title, unit, _REGIONS[:count], {title: parts})
    series = _names_of_series(kind, title, rng)
    categories = _categories(kind, rng)
    values = {name: _values(kind, len(categories), rng) for name in series}
    if kind == "box":
        values = _quartiles(len(categories), rng)
    return Spec(name, kind, title, unit, categories, values)


def _points(kind: str, rng: np.random.Generator) -> dict[str, tuple[tuple[float, float], ...]]:
    names = [str(g) for g in rng.choice(_GROUPS, int(rng.integers(1, 4)), replace=False)]
    points = {}
    for name in names:
        xs = rng.uniform(1, 60, 14).round(2)
        ys = rng.uniform(5, 90, 14).round(2)
        if kind == "log-scatter":
            ys = (10 ** rng.uniform(0.5, 4, 14)).round(1)
        points[name] = tuple(zip(xs.tolist(), ys.tolist(), strict=True))
    return points


def _names_of_series(kind: str, title: str, rng: np.random.Generator) -> list[str]:
    single = kind in ("bar", "barh", "negative-bar", "area", "box", "slanted-bar")
    if single or (kind in ("labelled-bar", "year-line") and rng.random() < 0.5):
        return [title]
    count = 2 if kind == "combo" else int(rng.integers(2, 5))
    return [str(group) for group in rng.choice(_GROUPS, count, replace=False)]


def _categories(kind: str, rng: np.random.Generator) -> tuple[str, ...]:
    if kind == "year-line" or (kind.endswith(("line", "area")) and rng.random() < 0.5):
        start = int(rng.integers(1995, 2010))
        return tuple(str(start + n) for n in range(int(rng.integers(6, 16))))
    if kind.endswith(("line", "area")):
        return ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep")
    count = int(rng.integers(3, 8))
    if kind == "slanted-bar":
        return tuple(f"{name} district" for name in _REGIONS[:count])
    if rng.random() < 0.4:
        return tuple(str(2016 + n) for n in range(count))
    return _REGIONS[:count]


def _values(kind: str, count: int, rng: np.random.Generator) -> tuple[float, ...]:
    scale = float(rng.choice([1.0, 10.0, 120.0]))
    drawn = rng.uniform(0.8, 9.7, count) * scale
    if kind.endswith("negative") or kind == "negative-bar":
        drawn = drawn * rng.choice([-1, 1], count)
    if kind == "log-line":
        drawn = 10 ** rng.uniform(0.3, 4.6, count)
    return tuple(float(round(v, 1)) for v in drawn)


def _quartiles(count: int, rng: np.random.Generator) -> dict[str, tuple[float, ...]]:
    names = ("minimum", "lower quartile", "median", "upper quartile", "maximum")
    table = np.sort(rng.uniform(2, 98, (count, 5)).round(1), axis=1)
    table += np.arange(5) * 2.0
    return {name: tuple(map(float, table[:, n].round(1))) for n, name in enumerate(names)}
