"""Marks of a chart as values that code can pick from, and that remember having been read."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.toolkit.desk import DESK
from sandbox.toolkit.maths import mean, median
from sandbox.toolkit.names import NoSuch, best_name, likeness
from sandbox.toolkit.times import bare_name, chronological

NO_BOX = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Point:
    """One mark: series, category, value in the chart's unit, the reading interval low..high, x
    (numeric abscissa or None), how it was read, color, box (left, top, right, bottom) in pixels,
    label as printed."""

    series: str
    category: str
    value: float
    low: float
    high: float
    how: str
    box: tuple[float, float, float, float] = NO_BOX
    color: str = ""
    x: float | None = None
    unit: str = ""
    label: str = ""
    figure: str = ""

    def touch(self) -> Point:
        """Record this mark as evidence of the computation, and return it."""
        DESK.touch(self.evidence())
        return self

    def evidence(self) -> dict[str, Any]:
        """This mark as a record of evidence."""
        return {
            "figure_id": self.figure,
            "series": self.series,
            "category": self.category,
            "bbox_px": list(self.box),
            "value": self.value,
        }

    @property
    def name(self) -> str:
        """What the mark is called: its category, or its series where it has none; footnote marks
        left out."""
        return bare_name(self.category or self.series)


@dataclass(frozen=True)
class Points:
    """Marks in the order of the chart. Picking one (`highest`, `at`) records it as evidence;
    computing over all (`sum`, `mean`, `values`) records all; filters (`above`, `first`) record
    nothing by themselves."""

    items: tuple[Point, ...]
    what: str = "marks"

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Point]:
        return iter(self.items)

    def __getitem__(self, key: Any) -> Any:
        """By place (0 is the first, -1 the last, slices too) or by category or series name."""
        if isinstance(key, slice):
            return self._of(self.items[key])
        if isinstance(key, int) and -len(self.items) <= key < len(self.items):
            return self.items[key].touch()
        return self.at(key)

    def _of(self, items: Sequence[Point]) -> Points:
        return Points(tuple(items), self.what)

    def _some(self) -> tuple[Point, ...]:
        if not self.items:
            raise NoSuch(f"there are no {self.what}")
        return self.items

    @property
    def values(self) -> list[float]:
        """The numbers, in order."""
        return [point.touch().value for point in self.items]

    @property
    def categories(self) -> list[str]:
        """The categories, in order."""
        return [point.category for point in self.items]

    @property
    def names(self) -> list[str]:
        """The names of the series, each once."""
        return list(dict.fromkeys(point.series for point in self.items))

    def only(self) -> Point:
        """The one mark there is; NoSuch when there is none or when there are several."""
        if len(self._some()) > 1:
            listed = ", ".join(point.name for point in self.items[:6])
            raise NoSuch(f"{len(self.items)} {self.what} ({listed}): say which")
        return self.items[0].touch()

    def at(self, name: object) -> Point:
        """The mark of a category (or, within one category, of a series), by tolerant name."""
        categories = dict.fromkeys(point.category for point in self._some())
        keys = categories if len(categories) > 1 else dict.fromkeys(p.series for p in self.items)
        if len(keys) < 2:
            keys = categories
        found = best_name(name, keys, "category" if keys is categories else "series")
        hits = [p for p in self.items if found == (p.category if keys is categories else p.series)]
        return hits[0].touch()

    def value(self, name: object) -> float:
        """The number of one category (or series, within one category)."""
        return self.at(name).value

    def highest(self, rank: int = 1) -> Point:
        """The mark with the largest value; rank 2 is the second largest."""
        return self._ranked(rank, descending=True)

    def lowest(self, rank: int = 1) -> Point:
        """The mark with the smallest value; rank 2 is the second smallest."""
        return self._ranked(rank, descending=False)

    def _ranked(self, rank: int, descending: bool) -> Point:
        if not 1 <= rank <= len(self._some()):
            raise NoSuch(f"there are only {len(self.items)} {self.what}, none of rank {rank}")
        return self.sorted(descending).items[rank - 1].touch()

    def sorted(self, descending: bool = True) -> Points:
        """By value, the largest first; ties stay in the order of the chart."""
        sign = -1.0 if descending else 1.0
        return self._of(sorted(self.items, key=lambda point: sign * point.value))

    def top(self, n: int) -> Points:
        """The n largest, the largest first."""
        return self.sorted().first(n)

    def bottom(self, n: int) -> Points:
        """The n smallest, the smallest first."""
        return self.sorted(descending=False).first(n)

    def order(self, side: str) -> Points:
        """The marks counted from one side: "left", "right", "top" or "bottom"."""
        places = {"left": (0, 1.0), "right": (0, -1.0), "top": (1, 1.0), "bottom": (1, -1.0)}
        if side not in places:
            raise NoSuch(f"no side {side!r}; there is left, right, top and bottom")
        at, sign = places[side]
        if any(point.box == NO_BOX for point in self.items):
            items = self.in_order().items if at == 0 else self.items
            return self._of(items if sign > 0 else items[::-1])
        return self._of(sorted(self.items, key=lambda p: sign * (p.box[at] + p.box[at + 2])))

    def middle(self) -> Point:
        """The mark in the middle; of an even number, the first of the two."""
        return self._some()[(len(self.items) - 1) // 2].touch()

    def first(self, n: int) -> Points:
        """The first n: the earliest where the categories are times, else as the chart has them."""
        return self._of(self.in_order().items[:n])

    def last(self, n: int) -> Points:
        """The last n: the latest where the categories are times, else as the chart has them."""
        return self._of(self.in_order().items[-n:] if n else ())

    def in_order(self) -> Points:
        """By time where the categories are times, else in the order of the chart."""
        return self._of([self.items[n] for n in chronological(self.categories)])

    def where(self, test: Callable[[Point], bool]) -> Points:
        """The marks for which test(point) holds."""
        return self._of([point for point in self.items if test(point)])

    def above(self, limit: float) -> Points:
        """The marks with a value over the limit."""
        return self.where(lambda point: point.value > limit)

    def below(self, limit: float) -> Points:
        """The marks with a value under the limit."""
        return self.where(lambda point: point.value < limit)

    def at_least(self, limit: float) -> Points:
        """The marks with a value of the limit or more."""
        return self.where(lambda point: point.value >= limit)

    def at_most(self, limit: float) -> Points:
        """The marks with a value of the limit or less."""
        return self.where(lambda point: point.value <= limit)

    def between(self, low: float, high: float) -> Points:
        """The marks with a value from low to high, both included."""
        return self.where(lambda point: low <= point.value <= high)

    def equal_to(self, value: float) -> Points:
        """The marks whose value, to the precision it was read with, is this."""
        near = max(abs(value) * 1e-6, 1e-9)
        exact = self.where(lambda point: abs(point.value - value) <= near)
        return exact if exact.items else self.where(lambda p: p.low <= value <= p.high)

    def nearest(self, value: float) -> Point:
        """The mark whose value is nearest to this; NoSuch when none is within 5%."""
        best = min(self._some(), key=lambda point: abs(point.value - value))
        if abs(best.value - value) > max(0.05 * abs(value), (best.high - best.low) / 2.0):
            raise NoSuch(f"no mark is near {value:g}; the nearest is {best.name} at {best.value:g}")
        return best.touch()

    def span(self, start: object, end: object) -> Points:
        """The marks from one category to another, both included, in the order of the chart."""
        names = list(dict.fromkeys(point.category for point in self._some()))
        ends = sorted(names.index(best_name(name, names, "category")) for name in (start, end))
        kept = set(names[ends[0] : ends[1] + 1])
        return self.where(lambda point: point.category in kept)

    def pick(self, *names: object) -> Points:
        """The marks of the named categories (or series), in the order given."""
        return self._of([self.at(name) for name in names])

    def without(self, *names: object) -> Points:
        """All but the named categories or series; a name that is not there takes nothing away."""
        known = [name for p in self.items for name in (p.category, p.series) if name]
        gone = {name for name in known if any(likeness(wanted, name) > 0.9 for wanted in names)}
        return self.where(lambda point: point.category not in gone and point.series not in gone)

    def groups(self, by: str) -> dict[str, Points]:
        """The marks by "series" or by "category": each name with its marks, in order."""
        if by not in ("series", "category"):
            raise NoSuch(f"no groups by {by!r}; there is series and category")
        found: dict[str, list[Point]] = {}
        for point in self.items:
            found.setdefault(getattr(point, by), []).append(point)
        return {name: Points(tuple(items), f"marks of {name}") for name, items in found.items()}

    def sum(self) -> float:
        """The values added up."""
        self._some()
        return math.fsum(self.values)

    def mean(self) -> float:
        """The average of the values."""
        self._some()
        return mean(self.values)

    def median(self) -> float:
        """The middle value; of an even number, the average of the middle two."""
        self._some()
        return median(self.values)

    def max(self) -> float:
        """The largest value."""
        return self.highest().value

    def min(self) -> float:
        """The smallest value."""
        return self.lowest().value

    def count(self) -> int:
        """How many marks there are; records them as evidence."""
        return len(self.values)

    def steps(self) -> list[tuple[Point, Point]]:
        """Each mark with the one after it in its series, by time where the categories are times."""
        lines = self.groups("series").values()
        return [pair for line in lines for pair in itertools.pairwise(line.in_order().items)]

    def largest_increase(self) -> tuple[Point, Point]:
        """The neighbours (earlier, later) between which the value rises most."""
        return self._largest_step(1.0)

    def largest_decrease(self) -> tuple[Point, Point]:
        """The neighbours (earlier, later) between which the value falls most."""
        return self._largest_step(-1.0)

    def _largest_step(self, sign: float) -> tuple[Point, Point]:
        steps = self.steps()
        if not steps:
            raise NoSuch(f"the {self.what} are fewer than two: nothing changes")
        earlier, later = max(steps, key=lambda step: sign * (step[1].value - step[0].value))
        if sign * (later.value - earlier.value) <= 0:
            word = "rise" if sign > 0 else "fall"
            raise NoSuch(f"the {self.what} never {word}")
        return earlier.touch(), later.touch()
