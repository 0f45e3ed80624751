"""Rows of texts (of a slide, a text document, a sheet) as the tables that questions can use."""

from __future__ import annotations

import re
from collections.abc import Sequence

from air_cli.read.numbers import parse_number
from air_cli.read.office_layout import Sheet, lay_out
from air_cli.read.page import union
from air_cli.read.table_cells import Cell, Row, valued
from air_cli.read.table_layout import Grid

_YEARISH = re.compile(r"(?:FY\s?)?(?:19|20)\d\d\w?|(?:19|20)\d\d-\d\d(?:-\d\d)?|Q[1-4].*")
_HEAD_ROWS, _WORDY = 3, 0.5


def table_of(rows: Sequence[Sequence[str]], title: str) -> tuple[Sheet, Grid] | None:
    """A table with its picture; None where the rows are no table: fewer than two rows or columns,
    or nothing but empty cells."""
    count = max((len(row) for row in rows), default=0)
    full = [[*row, *[""] * (count - len(row))] for row in rows]
    full = [row for row in full if any(row)]
    kept = [n for n in range(count) if any(row[n] for row in full)]
    full = [[row[n] for n in kept] for row in full]
    if len(full) < 2 or len(kept) < 2:
        return None
    sheet = lay_out(title, full)
    grid = _grid(full, sheet)
    return (sheet, grid) if grid is not None else None


def _grid(rows: Sequence[Sequence[str]], sheet: Sheet) -> Grid | None:
    cells = [
        [valued(Cell(text, box)) for text, box in zip(row, boxes, strict=True)]
        for row, boxes in zip(rows, sheet.boxes, strict=True)
    ]
    first = _first_data_row(rows)
    head, body = cells[:first], cells[first:]
    data, names = _named(body)
    if not data:
        return None
    columns = [(box[0], box[2]) for box in sheet.boxes[0][1:]]
    filled = [cell for row in data for cell in row.cells]
    numeric = sum(cell.numeric for cell in filled)
    return Grid(
        header=[_header(head, n) for n in range(1, len(rows[0]))],
        rows=data,
        columns=columns,
        names=names,
        box=union([cell.box for row in cells for cell in row]),
        head=[Row([cell for cell in row if cell.text]) for row in head],
        wordy=numeric < _WORDY * len(filled),
    )


def _first_data_row(rows: Sequence[Sequence[str]]) -> int:
    """Rows of words and years at the top are the head; at least one row of data is left."""
    for n, row in enumerate(rows[: _HEAD_ROWS + 1]):
        values = [text for text in row[1:] if text]
        if any(parse_number(text) and not _YEARISH.fullmatch(text) for text in values):
            return n
        if values and n and not all(_YEARISH.fullmatch(text) for text in values) and row[0]:
            return n  # words under words: a table of words, its first row the head
    return min(1, len(rows) - 1)


def _header(head: Sequence[Sequence[Cell]], n: int) -> str:
    return " ".join(dict.fromkeys(row[n].text for row in head if row[n].text))


def _named(body: Sequence[Sequence[Cell]]) -> tuple[list[Row], list[str]]:
    """Data rows with their names; a row of nothing but a name heads those below it, and names that
    repeat get it."""
    data: list[Row] = []
    names: list[str] = []
    sections: list[str] = []
    section = ""
    for number, row in enumerate(body, 1):
        values = [cell for cell in row[1:] if cell.text]
        if not values:
            section = row[0].text.strip(" :") or section
            continue
        data.append(Row(values))
        names.append(row[0].text or f"row {number}")
        sections.append(section)
    return data, [
        f"{section}: {name}" if section and names.count(name) > 1 else name
        for name, section in zip(names, sections, strict=True)
    ]
