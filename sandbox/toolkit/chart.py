"""A chart as generated code sees it: a table of marks with tolerant look-ups."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sandbox.toolkit.colours import FAR, colour_name, fits_in, told_apart
from sandbox.toolkit.desk import DESK
from sandbox.toolkit.names import NoSuch, best_name, likeness, near_names
from sandbox.toolkit.points import Point, Points

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = [
    "figure", "series", "category", "x", "value", "low", "high", "how", "unit", "color",
    "left", "top", "right", "bottom",
]  # fmt: skip


class ChartView:
    """One chart or table: title, subtitle, kind, unit, scale, names (of the series), categories,
    points (all marks), text, problems, size, image. Values are in the unit the chart shows
    (`unit`); `scale` is the factor that words imply ("in millions" is 1e6)."""

    def __init__(self, rows: Iterable[Mapping[str, Any]], **facts: Any) -> None:
        """`rows` have the keys of COLUMNS (and `label`), as in chart.csv; `facts` are figure,
        title, subtitle, kind, unit, scale, names, categories, axes, text, problems, size."""
        self.figure = str(facts.get("figure", ""))
        self.title = str(facts.get("title", ""))
        self.subtitle = str(facts.get("subtitle", ""))
        self.kind = str(facts.get("kind", "unknown"))
        self.unit = str(facts.get("unit", ""))
        self.scale = float(facts.get("scale", 1.0))
        self.axes: list[dict[str, Any]] = list(facts.get("axes", ()))
        self.text: list[dict[str, Any]] = list(facts.get("text", ()))
        self.problems: list[str] = list(facts.get("problems", ()))
        self.size: tuple[int, int] = tuple(facts.get("size", (0, 0)))
        self.image: Any = None
        rows = list(rows)
        marks = [point_of(row) for row in rows]
        self._words = {
            (text_of(row.get("series")), text_of(row.get("category"))): row
            for row, mark in zip(rows, marks, strict=True)
            if mark is None and text_of(row.get("label"))
        }
        self.points = Points(tuple(mark for mark in marks if mark is not None), "marks")
        self.names = ordered(facts.get("names", ()), (p.series for p in self.points))
        self.categories = ordered(facts.get("categories", ()), (p.category for p in self.points))

    def __repr__(self) -> str:
        return (
            f"ChartView({self.kind}, {self.title!r}, series {self.names}, "
            f"{len(self.categories)} categories, {len(self.points)} values)"
        )

    @property
    def df(self) -> pd.DataFrame:
        """All marks as a tidy DataFrame: figure, series, category, x, value, low, high, how, unit,
        color, left, top, right, bottom. Reading it records no evidence: name it in answer()."""
        import pandas as pd

        return pd.DataFrame([row_of(point) for point in self.points], columns=COLUMNS)

    def series(self, name: object) -> Points:
        """The marks of one series in order, by tolerant name."""
        return self._named(name, self.names, "series")

    def category(self, name: object) -> Points:
        """The marks of one category, one a series, by tolerant name."""
        return self._named(name, self.categories, "category")

    def _named(self, name: object, names: Sequence[str], what: str) -> Points:
        used = list(dict.fromkeys(getattr(p, what) for p in self.points))
        found = best_name(name, [n for n in names if n in used] or used, what)
        kept = tuple(p for p in self.points if getattr(p, what) == found)
        return Points(kept, f"marks of {found or 'the chart'}")

    def point(self, series: object, category: object = None) -> Point:
        """The mark of a series and a category, by tolerant names in either order; one name is
        enough where the other is the only one."""
        if category is None:
            return self._single(series)
        found = self._pair(series, category) or self._pair(category, series)
        if found is None:
            raise NoSuch(self._no_mark(series, category))
        return found.touch()

    def value(self, series: object, category: object = None) -> float:
        """The value of a series at a category: chart.value("Revenue", 2023). With one series
        chart.value("2023") will do."""
        return self.point(series, category).value

    def words(self, series: object, category: object) -> str:
        """What a table's cell of words says, by column and row."""
        held = list(self._words)
        column = best_name(series, list(dict.fromkeys(a for a, _ in held)), "column of words")
        line = best_name(category, [b for a, b in held if a == column], "row of words")
        row = self._words[column, line]
        box = [number_or_none(row.get(side)) or 0.0 for side in ("left", "top", "right", "bottom")]
        figure = text_of(row.get("figure"))
        DESK.touch({"figure_id": figure, "series": column, "category": line, "bbox_px": box,
                    "value": None})  # fmt: skip
        return text_of(row.get("label"))

    def _single(self, name: object) -> Point:
        best = max([likeness(name, key) for key in (*self.names, *self.categories)], default=0.0)
        for what, names in (("category", self.categories), ("series", self.names)):
            if max((likeness(name, key) for key in names), default=0.0) < max(best - 0.001, 0.7):
                continue
            points = self._named(name, names, what)
            if len(points) == 1:
                return points.items[0].touch()
            pool = points.names if what == "category" else points.categories
            listed = ", ".join(map(repr, pool[:8]))
            raise NoSuch(f"{name!r} has {len(points)} values ({listed}): name one")
        near = ", ".join(map(repr, near_names(name, [*self.categories, *self.names])))
        raise NoSuch(f"no series or category {name!r}; there is {near or 'none at all'}")

    def _pair(self, series: object, category: object) -> Point | None:
        scored = [
            (min(likeness(series, p.series), likeness(category, p.category)), -n)
            for n, p in enumerate(self.points)
        ]
        score, place = max(scored, default=(0.0, 0))
        found = self.points.items[-place] if score >= 0.7 else None
        for name, held, names in (
            (series, found and found.series, self.names),
            (category, found and found.category, self.categories),
        ):
            if found is not None and str(name) in names and held != str(name):
                return None  # that very name is in the chart, but not with the other one
        return found

    def _no_mark(self, series: object, category: object) -> str:
        lines = [f"no mark {series!r}, {category!r}"]
        for what, names in (("series", self.names), ("categories", self.categories)):
            near = dict.fromkeys(near_names(series, names, 3) + near_names(category, names, 3))
            lines.append(f"{what}: {', '.join(map(repr, near)) or 'none'}")
        return "; ".join(lines)

    @property
    def colors(self) -> list[str]:
        """The colours of the marks as `#rrggbb`, each once, in order."""
        return list(dict.fromkeys(point.color for point in self.points if point.color))

    def color(self, name: str) -> Points:
        """The marks of a colour by the name people use ("green", "dark blue", "#2ca02c"): those of
        the chart's colours that come nearest. NoSuch when none is near."""
        if name.startswith("#") and name in self.colors:
            return Points(tuple(p for p in self.points if p.color == name), f"{name} marks")
        fits = sorted((fit, color) for color, fit in fits_in(name, self.colors).items())
        if not fits or fits[0][0] > FAR:
            seen = ", ".join(f"{colour_name(c)} ({c})" for c in self.colors)
            raise NoSuch(f"nothing is {name}; the colours are {seen or 'unknown'}")
        best = fits[0][1]
        return Points(tuple(p for p in self.points if p.color == best), f"{name} marks")

    def tell_apart(self, *names: str) -> list[str]:
        """The colours (`#rrggbb`) that several colour names mean together, no colour twice."""
        found = told_apart(list(names), self.colors[:9])
        missing = [name for name in names if name not in found]
        if missing:
            seen = ", ".join(f"{colour_name(c)} ({c})" for c in self.colors)
            raise NoSuch(f"nothing is {missing[0]}; the colours are {seen or 'unknown'}")
        return [found[name] for name in names]

    def select(self, series: Any = None, category: Any = None, color: str = "") -> Points:
        """The marks of all the given series, categories and colour; a name or a list of names
        each, by tolerant name. Marks come in the order of the chart, or of the list."""
        kept = self.color(color) if color else self.points
        for what, wanted in (("series", series), ("category", category)):
            if wanted is None:
                continue
            # A name of the chart is never taken for another one that these marks have instead.
            names = list(dict.fromkeys(getattr(p, what) for p in self.points))
            listed = wanted if isinstance(wanted, list | tuple) else [wanted]
            found = [best_name(name, names, what) for name in listed]
            kept = Points(tuple(p for name in found for p in kept if getattr(p, what) == name))
        return kept

    def pairs(self, a: object, b: object) -> list[tuple[Point, Point]]:
        """Two series side by side, one pair a category that both have; or two categories, one
        pair a series."""
        series = min(max((likeness(x, n) for n in self.names), default=0.0) for x in (a, b))
        rows = min(max((likeness(x, n) for n in self.categories), default=0.0) for x in (a, b))
        pick, other = (self.series, "category") if series >= rows else (self.category, "series")
        first, second = pick(a), pick(b)
        across = {getattr(point, other): point for point in second}
        return [(p, across[getattr(p, other)]) for p in first if getattr(p, other) in across]

    def order(self, side: str = "left") -> Points:
        """The marks counted from one side: "left", "right", "top" or "bottom"."""
        return self.points.order(side)

    def by_category(self) -> dict[str, Points]:
        """Each category with its marks, in order."""
        return self.points.groups("category")

    def by_series(self) -> dict[str, Points]:
        """Each series with its marks, in order."""
        return self.points.groups("series")

    def axis_title(self, role: str) -> str:
        """The title of an axis ("x", "y" or "y2"); empty when it has none."""
        titles = [axis.get("title", "") for axis in self.axes if axis.get("role") == role]
        return str(titles[0]) if titles else ""


def ordered(first: Iterable[str], more: Iterable[str]) -> list[str]:
    """The names, each once: those given first, then what else occurs."""
    return list(dict.fromkeys([*first, *more]))


def number_or_none(value: Any) -> float | None:
    """A cell as a finite number; None for a gap (empty, NaN, text)."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def text_of(value: Any) -> str:
    """A cell as text; a gap (None, NaN) is empty and 2019.0 is 2019."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def point_of(row: Mapping[str, Any]) -> Point | None:
    """A row of chart.csv as a mark; None when it has no value."""
    value = number_or_none(row.get("value"))
    if value is None:
        return None
    low, high = (number_or_none(row.get(key)) for key in ("low", "high"))
    left, top, right, bottom = (
        number_or_none(row.get(key)) or 0.0 for key in ("left", "top", "right", "bottom")
    )
    return Point(
        series=text_of(row.get("series")),
        category=text_of(row.get("category")),
        value=value,
        low=value if low is None else low,
        high=value if high is None else high,
        how=text_of(row.get("how")),
        box=(left, top, right, bottom),
        color=text_of(row.get("color")),
        x=number_or_none(row.get("x")),
        unit=text_of(row.get("unit")),
        label=text_of(row.get("label")),
        figure=text_of(row.get("figure")),
    )


def row_of(point: Point) -> dict[str, Any]:
    """A mark as a row of chart.csv."""
    left, top, right, bottom = point.box
    return {
        "figure": point.figure, "series": point.series, "category": point.category,
        "x": point.x, "value": point.value, "low": point.low, "high": point.high,
        "how": point.how, "unit": point.unit, "color": point.color,
        "left": left, "top": top, "right": right, "bottom": bottom,
    }  # fmt: skip
