"""The values of a chart by their places, whatever they are called: what is left when names that
nobody can read (labels drawn over each other) are not counted against the numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from air_cli.records import Chart, Mark
from air_cli.scoring_tables import assign

Distance = Callable[[str, float, float], float]


def placed(truth: dict[str, Any], chart: Chart, distance: Distance, within: float = 0.01) -> float:
    """Share of the true values that were read within `within` of the axis' range at their place:
    categories in their order (or reversed, as rows may be), series as they fit best. 0 where the
    reading has another number of series or of values in one. `distance` is the error of a series'
    value as a share of its range."""
    gold = {name: list(cells.values()) for name, cells in truth["values"].items()}
    read: dict[str, list[Mark]] = defaultdict(list)
    for mark in chart.marks:
        if mark.value is not None:
            read[mark.series].append(mark)
    rows = [[mark.value or 0.0 for mark in _ordered(marks, chart)] for marks in read.values()]
    if len(rows) != len(gold) or sorted(map(len, rows)) != sorted(map(len, gold.values())):
        return 0.0
    shares = [_share(gold, turned, distance, within) for turned in (rows, [r[::-1] for r in rows])]
    return max(shares)


def _ordered(marks: Sequence[Mark], chart: Chart) -> list[Mark]:
    place = {name: n for n, name in enumerate(chart.categories)}
    return sorted(marks, key=lambda mark: place.get(mark.category, len(place)))


def _share(
    gold: dict[str, list[float]], rows: Sequence[Sequence[float]], distance: Distance, within: float
) -> float:
    right = np.zeros((len(gold), len(rows)))
    for i, (name, values) in enumerate(gold.items()):
        for j, row in enumerate(rows):
            if len(row) == len(values):
                near = [distance(name, a, b) <= within for a, b in zip(values, row, strict=True)]
                right[i, j] = sum(near)
    whole = sum(map(len, gold.values()))
    return float(sum(right[i, j] for i, j in assign(-right))) / (whole or 1)
