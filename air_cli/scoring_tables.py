"""How a chart that was read into a table is scored against the true table. Pure functions.

*Relative mapping similarity* (RMS) is defined by Liu et al. 2023, "DePlot: One-shot visual language
reasoning by plot-to-table translation", section 3.2: a table is an unordered set of mappings from
(row header, column header) to a value; the entries of two tables are paired so that the edit
distance of their keys is least, and a pair counts as much as its keys and its values agree.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from air_cli.records import Value

TAU = 0.5
THETA = 0.5
_UNITS = " \u00a0$€£¥%,"


@dataclass(frozen=True)
class Entry:
    """A cell of a table: its row header, its column header, and what stands in it."""

    row: str
    column: str
    value: Value

    @property
    def key(self) -> str:
        """What the published scorer compares: both headers, lower case."""
        return f"{self.row} {self.column}".strip().lower()


@dataclass(frozen=True)
class Rms:
    """RMS precision, recall and F1 (0..1), and the pairs (gold entry, read entry) it rests on."""

    precision: float
    recall: float
    f1: float
    pairs: tuple[tuple[Entry, Entry], ...] = ()


def read_table(text: str) -> list[Entry]:
    """The entries of a CSV: a head of column names, then a row a category, its name first.

    Cells that are empty are gaps, and no entries. Numbers may carry separators, a currency or `%`.
    """
    rows = [row for row in csv.reader(io.StringIO(text)) if any(cell.strip() for cell in row)]
    if not rows:
        return []
    head, *body = rows
    return entries(head, body)


def entries(head: Sequence[str], rows: Sequence[Sequence[Value]]) -> list[Entry]:
    """The entries of a table as `Chart.table()` gives it; gaps (None or empty) are left out."""
    return [
        Entry(str(row[0]).strip(), str(name).strip(), cell)
        for row in rows
        for name, cell in zip(head[1:], row[1:], strict=False)
        if cell is not None and str(cell).strip()
    ]


def rms(gold: Sequence[Entry], read: Sequence[Entry], theta: float = THETA) -> Rms:
    """RMS of a table that was read, the better of the table as it is and transposed.

    A relative error of `theta` or more counts as wholly wrong (the paper: .5; the code that was
    published with it: .1).
    """
    turned = [Entry(entry.column, entry.row, entry.value) for entry in read]
    return max((_one_way(gold, way, theta) for way in (read, turned)), key=lambda found: found.f1)


def by_row(table: Sequence[Entry]) -> list[Entry]:
    """A table of one column without its header, which tells no entries apart and which a picture
    often does not print; any other table as it is."""
    if len({entry.column for entry in table}) > 1:
        return list(table)
    return [Entry(entry.row, "", entry.value) for entry in table]


def _one_way(gold: Sequence[Entry], read: Sequence[Entry], theta: float) -> Rms:
    gold, read = _distinct(gold), _distinct(read)
    if not gold or not read:
        same = float(not gold and not read)
        return Rms(same or float(not read), same or float(not gold), same)
    pairs = tuple(
        (gold[i], read[j]) for i, j in pair_up([e.key for e in gold], [e.key for e in read])
    )
    score = sum(similarity(g.key, r.key) * _agreement(g.value, r.value, theta) for g, r in pairs)
    if score == 0:
        return Rms(0.0, 0.0, 0.0, pairs)
    precision, recall = score / len(read), score / len(gold)
    return Rms(precision, recall, 2 * precision * recall / (precision + recall), pairs)


def _distinct(table: Sequence[Entry]) -> list[Entry]:
    """As a mapping: of several cells under one key the last one stands."""
    return list({entry.key: entry for entry in table}.values())


def _agreement(gold: Value, read: Value, theta: float) -> float:
    """How far two cells agree, 0..1: numbers by relative distance, else texts by edit distance."""
    wanted, got = number(gold), number(read)
    if wanted is None or got is None:
        return similarity(str(gold).strip().lower(), str(read).strip().lower())
    if wanted == 0:
        return float(got == 0)
    distance = abs(wanted - got) / abs(wanted)
    return 1 - distance if distance < theta else 0.0


def number(cell: Value) -> float | None:
    """A cell as a finite number, or None; separators, currency signs and `%` are passed over."""
    if isinstance(cell, bool) or cell is None or isinstance(cell, list):
        return None
    try:
        found = float(cell if isinstance(cell, int | float) else cell.translate(_BARE))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


_BARE = str.maketrans(dict.fromkeys(_UNITS))


@lru_cache(maxsize=1 << 16)
def similarity(a: str, b: str, tau: float = TAU) -> float:
    """1 - the edit distance over the longer length; 0 where that distance is `tau` or more (ANLS,
    Biten et al. 2019)."""
    longer = max(len(a), len(b))
    if not longer:
        return 1.0
    distance = edit_distance(a, b) / longer
    return 1 - distance if distance < tau else 0.0


def edit_distance(a: str, b: str) -> int:
    """Levenshtein's distance by Myers' bit vectors (1999, as Hyyrö 2003 states them): a step for
    each letter of `b`, on integers of as many bits as `a` has letters."""
    if not a:
        return len(b)
    places: dict[str, int] = {}
    for i, letter in enumerate(a):
        places[letter] = places.get(letter, 0) | 1 << i
    full, last = (1 << len(a)) - 1, 1 << (len(a) - 1)
    plus, minus, distance = full, 0, len(a)
    for letter in b:
        equal = places.get(letter, 0)
        diagonal = (((equal & plus) + plus) ^ plus) | equal | minus
        up = minus | (~(diagonal | plus) & full)
        down = plus & diagonal
        distance += bool(up & last) - bool(down & last)
        up = (up << 1) | 1
        minus = up & diagonal
        plus = ((down << 1) | (~(diagonal | up) & full)) & full
    return distance


def pair_up(gold: Sequence[str], read: Sequence[str]) -> list[tuple[int, int]]:
    """The pairing (index in `gold`, index in `read`) of the least total key distance."""
    cost = np.array([[1 - similarity(g, r) for r in read] for g in gold], dtype=float)
    return assign(cost)


def assign(cost: NDArray[np.float64]) -> list[tuple[int, int]]:
    """The assignment of rows to columns of the least total cost, `min(cost.shape)` pairs.

    The Hungarian method by shortest augmenting paths (Jonker and Volgenant 1987), a row at a time:
    O(rows^2 x columns).
    """
    if not cost.size:
        return []
    if cost.shape[0] > cost.shape[1]:
        return sorted((i, j) for j, i in assign(cost.T))
    rows, columns = cost.shape
    by_row, by_column = np.zeros(rows), np.zeros(columns)
    row_of = np.full(columns, -1)
    for row in range(rows):
        _augment(cost, by_row, by_column, row_of, row)
    return sorted((int(i), j) for j, i in enumerate(row_of) if i >= 0)


def _augment(
    cost: NDArray[np.float64],
    by_row: NDArray[np.float64],
    by_column: NDArray[np.float64],
    row_of: NDArray[np.int_],
    start: int,
) -> None:
    """Give row `start` a column, moving earlier rows along the shortest alternating path; the
    potentials `by_row` and `by_column` and the matching `row_of` change in place."""
    columns = len(by_column)
    reach, before = np.full(columns, np.inf), np.full(columns, -1)
    done = np.zeros(columns, dtype=bool)
    row, column, length = start, -1, 0.0
    visited = []
    while True:
        visited.append((row, length))
        through = length + cost[row] - by_row[row] - by_column
        nearer = ~done & (through < reach)
        reach[nearer], before[nearer] = through[nearer], column
        column = int(np.where(done, np.inf, reach).argmin())
        length = float(reach[column])
        done[column] = True
        if row_of[column] < 0:
            break
        row = int(row_of[column])
    for seen, at in visited:
        by_row[seen] += length - at
    by_column[done] -= length - reach[done]
    while column >= 0:
        earlier = int(before[column])
        row_of[column] = start if earlier < 0 else row_of[earlier]
        column = earlier
