"""Tables drawn as a grid of rules, their cells words as often as numbers: PyMuPDF's finder.

It takes 20 to 100 ms a page, so it is asked only where the layout of the text shows no table and
there are rules to follow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pymupdf

from air_cli.read.page import Path, union
from air_cli.read.table_cells import Cell, Row, valued
from air_cli.read.table_layout import Grid
from air_cli.records import Box

# Rules that a grid of two rows and two columns needs, and drawings beyond which it is artwork.
_RULES, _ARTWORK = 4, 4000
_RULE_PT, _THIN_PT = 18.0, 2.5
# Cells filled, and letters in a cell on average: beyond that it is a page set in boxes.
_FILLED, _LETTERS = 0.5, 220


def has_rules(paths: Sequence[Path]) -> bool:
    """Whether a page has enough straight lines or boxes for a table."""
    if len(paths) > _ARTWORK:
        return False
    count = 0
    for path in paths:
        wide, high = path.box[2] - path.box[0], path.box[3] - path.box[1]
        line = min(wide, high) < _THIN_PT and max(wide, high) > _RULE_PT
        count += line or (min(wide, high) > 8 and any(item[0] == "re" for item in path.items))
        if count >= _RULES:
            return True
    return False


def ruled_grids(page: Any) -> list[Grid]:
    """The ruled tables of a PyMuPDF page (rotation removed), top to bottom."""
    pymupdf.no_recommend_layout()
    found = (_grid(table) for table in page.find_tables(strategy="lines_strict").tables)
    return sorted((grid for grid in found if grid), key=lambda grid: (grid.box[1], grid.box[0]))


def _grid(table: Any) -> Grid | None:
    if table.row_count < 2 or table.col_count < 2:
        return None
    rows = [
        list(_cells(row, texts)) for row, texts in zip(table.rows, table.extract(), strict=True)
    ]
    cells = [cell for row in rows for cell in row if cell]
    texts = [cell.text for cell in cells if cell.text]
    if len(texts) < max(_FILLED * len(cells), 4) or sum(map(len, texts)) > _LETTERS * len(texts):
        return None
    columns = _columns(rows)
    if len(columns) < 2:
        return None
    head, body = rows[0], rows[1:]
    names = list(_names(body))
    data = [Row([cell for cell in row[1:] if cell and cell.text]) for row in body]
    kept = [(row, name) for row, name in zip(data, names, strict=True) if row.cells and name]
    if not kept:
        return None
    return Grid(
        header=[cell.text if cell else "" for cell in head[1:]],
        rows=[row for row, _ in kept],
        columns=columns[1:],
        names=[name for _, name in kept],
        box=union([cell.box for cell in cells]),
        head=[Row([cell for cell in head if cell and cell.text])],
        wordy=True,
    )


def _cells(row: Any, texts: Sequence[str | None]) -> Iterator[Cell | None]:
    for box, text in zip(row.cells, texts, strict=True):
        if box is None:
            yield None
            continue
        plain = " ".join((text or "").split())
        yield valued(Cell(plain, _box(box)))


def _columns(rows: Sequence[Sequence[Cell | None]]) -> list[tuple[float, float]]:
    """The extent of each column: of its narrowest cell, since others may span several."""
    columns = []
    for number in range(len(rows[0])):
        cells = [row[number] for row in rows]
        boxes = [cell.box for cell in cells if cell is not None]
        if not boxes:
            return []
        narrow = min(boxes, key=lambda box: box[2] - box[0])
        columns.append((narrow[0], narrow[2]))
    return columns


def _names(rows: Sequence[Sequence[Cell | None]]) -> Iterator[str]:
    """The first cell of each row; one that spans several rows names each."""
    last = ""
    for row in rows:
        first = row[0]
        if first is not None:
            last = first.text
        yield last


def _box(box: Sequence[float]) -> Box:
    left, top, right, bottom = map(float, box)
    return left, top, right, bottom
