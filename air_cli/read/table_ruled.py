"""Tables drawn as a grid of rules, their cells words as often as numbers: PyMuPDF's finder.

It takes 20 to 100 ms a page, so it is asked only where the layout of the text shows no table and
there are rules to follow.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import pymupdf

from air_cli.read.page import Path, overlap, union
from air_cli.read.table_cells import Cell, Row, valued
from air_cli.read.table_layout import Grid
from air_cli.records import Box

# Rules that a grid of two rows and two columns needs, and drawings beyond which it is artwork.
_RULES, _ARTWORK = 4, 4000
_RULE_PT, _THIN_PT = 18.0, 2.5
# The least height of an upright rule, and at how many places they stand beside a known table.
_UPRIGHT_PT, _UPRIGHTS = 8.0, 2
_WHITE = 0.99  # fills that are lighter show nothing
# How near above the rules a head may stand, and how far its words are apart at least.
_HEAD_PT, _GAP_PT = 14.0, 6.0
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


def has_uprights(paths: Sequence[Path], grids: Sequence[Grid]) -> bool:
    """Whether upright rules stand outside of the tables that are known: a grid of its own."""
    if len(paths) > _ARTWORK:
        return False
    apart = [path for path in paths if not any(overlap(_wider(path), grid.box) for grid in grids)]
    seen = [path for path in apart if path.stroke or min(path.fill or (1.0,)) < _WHITE]
    tall = [path.box for path in seen if path.box[3] - path.box[1] > _UPRIGHT_PT]
    rules = {round(box[0] / _THIN_PT) for box in tall if box[2] - box[0] < _THIN_PT}
    cells = [box for box in tall if box[2] - box[0] > _RULE_PT]
    beside = sum(_abut(one, other) for one, other in itertools.pairwise(sorted(cells, key=_level)))
    return len(rules) >= _UPRIGHTS or beside >= _UPRIGHTS


def _level(box: Box) -> tuple[float, float]:
    return round(box[1] / _THIN_PT), box[0]


def _abut(one: Box, other: Box) -> bool:
    """Whether two cells share an upright edge."""
    return abs(one[2] - other[0]) < _THIN_PT and abs(one[1] - other[1]) < _THIN_PT


def _wider(path: Path) -> Box:
    """A path's box, of a rule with some width."""
    left, top, right, bottom = path.box
    return left - 1, top, right + 1, bottom


def ruled_grids(page: Any) -> list[Grid]:
    """The ruled tables of a PyMuPDF page (rotation removed), top to bottom."""
    pymupdf.no_recommend_layout()
    tables = page.find_tables(strategy="lines_strict").tables
    words = [Cell(str(w[4]), _box(w[:4])) for w in page.get_text("words")] if tables else []
    found = (_grid(table, words) for table in tables)
    return sorted((grid for grid in found if grid), key=lambda grid: (grid.box[1], grid.box[0]))


def _grid(table: Any, words: Sequence[Cell]) -> Grid | None:
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
    above = _head_above(words, cells, columns)
    head, body = (above, rows) if above else (rows[0], rows[1:])
    body = _filled_down(body, rows)
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
        box=union([cell.box for cell in (*above, *cells)]),
        head=[Row([cell for cell in head if cell and cell.text])],
        wordy=True,
    )


def _filled_down(
    rows: Sequence[list[Cell | None]], whole: Sequence[list[Cell | None]]
) -> list[list[Cell | None]]:
    """The rows with the cells that reach down into them from a row above, but for their names."""
    filled = []
    for row in rows:
        own = [cell for cell in row if cell is not None]
        middle = (max(c.box[1] for c in own) + min(c.box[3] for c in own)) / 2 if own else 0.0
        spanning = [
            next((c for r in whole if (c := r[n]) and c.box[1] < middle < c.box[3]), None)
            for n in range(len(row))
        ]
        cells = zip(row, spanning, strict=True)
        filled.append([cell or (span if n else None) for n, (cell, span) in enumerate(cells)])
    return filled


def _head_above(
    words: Sequence[Cell], cells: Sequence[Cell], columns: Sequence[tuple[float, float]]
) -> list[Cell]:
    """The line right above the rules where it has words over every column and no others: a head on
    a dark ground, which the finder leaves out."""
    box = union([cell.box for cell in cells])
    near = [
        word
        for word in words
        if -2 < box[1] - word.box[3] < _HEAD_PT and box[0] - 2 < word.box[0] < box[2] + 2
    ]
    found = []
    for left, right in columns:
        own = sorted((w for w in near if left - 2 <= w.box[0] < right), key=lambda w: w.box[0])
        if not own or max(w.box[2] for w in own) > right + 2:
            return []
        text = " ".join(word.text for word in own)
        found.append(Cell(text, union([word.box for word in own])))
    level = max(cell.box[1] for cell in found) - min(cell.box[1] for cell in found)
    gaps = [b.box[0] - a.box[2] for a, b in itertools.pairwise(found)]
    return found if level < 3 and min(gaps) > _GAP_PT else []


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
