"""The unit of a table's numbers, and the rows of a statement that do not share it.

"In millions, except per share data": a scale that must not reach the earnings per share, nor the
rates in percent that stand between amounts. Such rows make tables of their own, with the same head.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from air_cli.read.numbers import parse_unit
from air_cli.read.page import Line, PageContent, union
from air_cli.read.table_cells import Cell, valued
from air_cli.read.table_layout import Grid
from air_cli.records import Box

_UNIT_REACH_PT = 70.0
_EXCEPT = re.compile(r"[,;]?\s*(?:\(?except|unless)\b.*$", re.I)
_SCALES = re.compile(
    r"\b(?:in|\$|dollars in|amounts in|\()\s*(?:thousands|millions|billions)", re.I
)
_PER = re.compile(
    r"\bper\s+(?:\w+\s+){0,2}(?:shares?|ads|adss|units?|barrels?|employee|gallon|ounce|ton)\b|"
    r"\bEPS\b",
    re.I,
)
# "Shares used in per share amounts" are counts.
_COUNTS = re.compile(
    r"\bshares?\s+(?:used|outstanding|issued)|weighted|number of|shares?\s+in\s+computing", re.I
)
_PERCENT = 0.6


_BARE = re.compile(r"(?:thousand|million|billion|trillion)s?", re.IGNORECASE)
_CURRENCIES = ("$", "€", "£", "¥", "US$")
_YEAR = re.compile(r"(?:19|20)\d\d")


def by_unit(grid: Grid, scaled: bool) -> list[Grid]:
    """The table in parts of one unit each, the main one first; whole where it is not `scaled` (its
    heading states no "in millions")."""
    if not scaled or grid.wordy:
        return [grid]
    rates = [n for n in range(len(grid.columns)) if _is_rate(grid, n)]
    if rates and len(rates) < len(grid.columns):
        amounts = [n for n in range(len(grid.columns)) if n not in rates]
        return [
            *by_unit(_columns(grid, amounts, grid.unit), True),
            _columns(grid, rates, "percent"),
        ]
    kinds = [_kind(grid, n) for n in range(len(grid.rows))]
    if "amount" not in kinds or set(kinds) == {"amount"}:
        return [grid]
    return [
        _part(grid, [n for n, found in enumerate(kinds) if found == kind], kind)
        for kind in ("amount", "per", "percent")
        if kind in kinds
    ]


def _is_rate(grid: Grid, n: int) -> bool:
    """Whether a column holds percentages: "% change" beside amounts."""
    cells = [cell for row in grid.rows if (cell := grid.cell(row, n)) and cell.value is not None]
    return bool(cells) and sum(cell.unit == "%" for cell in cells) > _PERCENT * len(cells)


def _columns(grid: Grid, numbers: Sequence[int], kind: str) -> Grid:
    return replace(
        grid,
        header=[grid.header[n] for n in numbers],
        columns=[grid.columns[n] for n in numbers],
        unit=kind,
    )


def _kind(grid: Grid, n: int) -> str:
    name, row = grid.names[n], grid.rows[n]
    cells = [cell for cell in row.numbers if cell.value is not None]
    if cells and sum(cell.unit == "%" for cell in cells) > _PERCENT * len(cells):
        return "percent"
    return "per" if is_per_unit(name) else "amount"


def is_per_unit(name: str) -> bool:
    """Whether a row's (or a section's) name says that its amounts are for one share or unit.

    >>> is_per_unit("Diluted earnings per common share"), is_per_unit("Weighted shares per unit")
    (True, False)
    """
    return bool(_PER.search(name)) and not _COUNTS.search(name)


def _part(grid: Grid, numbers: Sequence[int], kind: str) -> Grid:
    rows = [grid.rows[n] for n in numbers]
    box = grid.box if kind == "amount" else union([row.box for row in (*grid.head, *rows)])
    return replace(grid, rows=rows, names=[grid.names[n] for n in numbers], box=box, unit=kind)


def unit_of(grid: Grid, content: PageContent, caption: str) -> tuple[str, float]:
    """(unit, scale): what the heading says ("in millions, except per share"), else the sign in the
    cells. A part split off by `by_unit` has its own."""
    signs = Counter(
        cell.unit for row in grid.rows for cell in row.numbers if cell.value is not None
    )
    sign = next((unit for unit, _ in signs.most_common() if unit), "")
    # A "$" stands in the first and last rows only; a "%" in the first, or wherever it is true.
    first = [cell.unit for row in grid.rows[:1] for cell in row.numbers if cell.value is not None]
    if sign == "%" and set(first) != {"%"} and signs[sign] < _PERCENT * signs.total():
        sign = ""
    if grid.unit == "percent":
        return "%", 1.0
    stated, scale = _stated(grid, content, caption)
    if grid.unit == "per":
        return sign or _currency(stated), 1.0
    if scale == 1:
        return sign, 1.0
    # "in millions" over cells with a dollar sign.
    bare = _BARE.fullmatch(stated) and sign in _CURRENCIES
    return (f"{sign} {stated}" if bare else stated or sign), scale


def _stated(grid: Grid, content: PageContent, caption: str) -> tuple[str, float]:
    lines = [
        line.text
        for line in content.lines
        if _by(line.box, grid)
        and (_SCALES.search(line.text) or "(" in line.text)
        and not _names_a_row(line, content)
    ]
    lines += [cell.text for row in grid.head for cell in row.cells]
    for text in (*lines, caption):
        unit, scale = parse_unit(text)
        if scale != 1:
            # "millions, except per share amounts": the exception is not part of the unit.
            return _EXCEPT.sub("", unit).strip(), scale
    return "", 1.0


def _names_a_row(line: Line, content: PageContent) -> bool:
    """Whether a number stands at its right: "Square footage (in thousands)  3,621"."""
    middle = (line.box[1] + line.box[3]) / 2
    return any(
        other.box[1] < middle < other.box[3]
        and other.box[0] > line.box[2]
        and valued(Cell(other.text, other.box)).value is not None
        and not _YEAR.fullmatch(other.text)
        for other in content.lines
    )


def _currency(unit: str) -> str:
    match = re.search(r"US\$|[$€£¥]|\b[A-Z]{3}\b", unit)
    return match[0] if match else ""


def _by(line: Box, grid: Grid) -> bool:
    """Above the table, or inside its head."""
    head = max((row.box[1] for row in grid.rows[:1]), default=0.0) - grid.box[1]
    return -_UNIT_REACH_PT <= line[1] - grid.box[1] <= max(30.0, head)
