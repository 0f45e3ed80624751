"""Tables by the layout of their text: rows, numeric columns, headers. Works without any rule.

Financial statements have no grid; what makes them tables is that numbers stand under each other at
the right of a name. So cells are words without a wide gap, columns are stacks of numeric cells,
and a table is a run of rows that fill such columns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from air_cli.read.page import overlap, union
from air_cli.read.table_cells import Cell, Row, Word, find_rows, plain_name
from air_cli.read.table_folds import unfolded
from air_cli.read.table_heads import column_names, head_rows
from air_cli.read.table_totals import TOTAL, with_totals
from air_cli.records import Box

# Lines of prose that may stand inside a table, and how well columns must line up across them.
_BETWEEN, _ALIGNED_PT = 3, 5.0
# A name of more letters goes on in the next line, unless it ends there.
_LONG = 60
# Letters of a line of running text in a column; how many such lines, and which share of the lines
# beside a table, make it one.
_SENTENCE, _LINES, _RUNNING = 28, 3, 0.4
# The share of the rows beside running text that have a name of their own, where it is that.
_NAMED = 0.3
_PER_SHARE = re.compile(r"per (?:common |ordinary )?share\b", re.IGNORECASE)


@dataclass
class Grid:
    """A table: header texts by column, rows, and column extents. `unit`: of what kind its numbers
    are, where it is a part of a table (amount, per, percent)."""

    header: list[str]
    rows: list[Row]
    columns: list[tuple[float, float]]
    names: list[str]
    box: Box
    head: list[Row] = field(default_factory=list)
    wordy: bool = False
    unit: str = ""

    def cell(self, row: Row, column: int) -> Cell | None:
        """The cell of a row in a column; a numeric one unless the table is `wordy`."""
        left, right = self.columns[column]
        for cell in row.cells if self.wordy else row.numbers:
            if min(cell.box[2], right) - max(cell.box[0], left) > 0:
                return cell
        return None


def find_grids(words: Sequence[Word]) -> list[Grid]:
    """The tables among the words of a page, top to bottom; on a page set in two columns also those
    within a column."""
    halves = [find_rows(half) for half in _halves(words)]
    found = [grid for grid in _among(find_rows(words)) if not _across(grid, halves)]
    for rows in halves:
        found += [
            grid
            for grid in _among(rows)
            if not any(overlap(grid.box, other.box) for other in found)
        ]
    return sorted(found, key=lambda grid: (grid.box[1], grid.box[0]))


def _across(grid: Grid, halves: Sequence[Sequence[Row]]) -> bool:
    """Whether a table's rows run on into the sentences of another column of text."""
    levels = [[row for row in rows if row.cells and _level(row, grid)] for rows in halves]
    for level, beside in zip(levels, reversed(levels), strict=True):
        text = sum(len(row.cells) == 1 and len(row.cells[0].text) > _SENTENCE for row in level)
        # Beside numbers alone, long lines are the names of the table's own rows.
        named = sum(bool(row.name) for row in beside)
        if text >= max(_LINES, _RUNNING * len(level)) and named >= _NAMED * len(beside):
            return True
    return False


def _level(row: Row, grid: Grid) -> bool:
    """Whether a row stands at the height of a table, and reaches into its width."""
    top, bottom = row.box[1], row.box[3]
    beside = row.box[2] > grid.box[0] and row.box[0] < grid.box[2]
    return beside and grid.box[1] < (top + bottom) / 2 < grid.box[3]


def _among(rows: Sequence[Row]) -> list[Grid]:
    found: list[tuple[list[Row], Grid]] = []
    for run in (part for whole in _runs(rows) for part in unfolded(whole)):
        grid = _grid(run)
        if grid is None:
            continue
        whole_rows = found and run[-1] in rows and found[-1][0][0] in rows
        if whole_rows and _continues(found[-1][1], grid):
            start, end = rows.index(found[-1][0][0]), rows.index(run[-1])
            between = rows.index(run[0]) - rows.index(found[-1][0][-1]) - 1
            whole = [row for row in rows[start : end + 1] if row.cells]
            joined = _grid(whole) if between <= _BETWEEN else None
            if joined is not None and len(joined.columns) == len(grid.columns):
                found[-1] = whole, joined
                continue
        found.append((run, grid))
    return [grid for _, grid in found]


def _continues(first: Grid, second: Grid) -> bool:
    """Whether a table goes on after a name that is as long as a sentence: the same columns, and no
    header of its own."""
    if any(second.header) or len(first.columns) != len(second.columns):
        return False
    pairs = zip(first.columns, second.columns, strict=True)
    return all(abs(one[1] - other[1]) < _ALIGNED_PT for one, other in pairs)


def _halves(words: Sequence[Word]) -> list[list[Word]]:
    """The words left and right of the gutter of a page set in two columns; else nothing."""
    if len(words) < 80:
        return []
    left, right = min(word[0] for word in words), max(word[2] for word in words)
    lines = {round(word[1] / 6) for word in words}

    def crossing(x: float) -> int:
        return sum(word[0] < x + 3 and word[2] > x - 3 for word in words)

    places = [left + (right - left) * share / 100 for share in range(40, 61)]
    middle = (left + right) / 2
    gutter = min(places, key=lambda x: (crossing(x), abs(x - middle)))
    parts = [
        [word for word in words if word[2] <= gutter + 3],
        [word for word in words if word[0] >= gutter - 3],
    ]
    if crossing(gutter) > 0.1 * len(lines) or min(map(len, parts)) < 0.2 * len(words):
        return []
    return parts


def _runs(rows: Sequence[Row]) -> list[list[Row]]:
    """Stretches of rows that may be one table: no prose line, no wide gap between them."""
    runs: list[list[Row]] = []
    last: Row | None = None
    for n, row in enumerate(rows):
        if not row.cells:
            continue
        height = row.box[3] - row.box[1]
        near = last is not None and row.box[1] - last.box[3] < 2.6 * height
        if _is_prose(row) and not (near and runs and _is_long_name(rows[n + 1 : n + 3], runs[-1])):
            last = None
            continue
        if near and runs:
            runs[-1].append(row)
        else:
            runs.append([row])
        last = row
    return runs


def _is_long_name(after: Sequence[Row], run: Sequence[Row]) -> bool:
    """Whether a line as long as a sentence is a row's or section's name: the rows go on right after
    it, their numbers under those above ("Adjustments to reconcile net income to …:")."""
    following = next((row for row in after if row.cells and not _is_prose(row)), None)
    if following is None or following.is_header or len(following.numbers) < 2:
        return False
    ends = [_digits_end(cell) for row in run for cell in row.numbers if not row.is_header]
    return all(
        any(abs(_digits_end(cell) - end) < _ALIGNED_PT for end in ends)
        for cell in following.numbers
    )


def _is_prose(row: Row) -> bool:
    return any(len(cell.text) > 85 for cell in row.cells) and not row.numbers


def _grid(run: Sequence[Row]) -> Grid | None:
    data = [row for row in run if row.numbers and not row.is_header and _is_record(row)]
    columns = _columns([cell for row in data for cell in row.numbers], len(data))
    if not columns or len(data) < 2 or len(data) * len(columns) < 4:
        return None
    data = [row for row in data if any(_in(cell, columns) for cell in row.numbers)]
    if len(data) < 2:
        return None
    data = with_totals(run, data)
    first, last = run.index(data[0]), run.index(data[-1])
    wide = _with_signs(data, columns)
    head = head_rows(run[:first], data[0], wide)
    body = list(run[first : last + 1])
    header = column_names(head, wide)
    if len(columns) == 1 and not header[0] and _is_contents(data):
        return None
    box = union([row.box for row in (*head, *body)])
    return Grid(header, data, columns, _row_names(body, data), box, head)


def _is_record(row: Row) -> bool:
    """A name, then values: not a sentence with a number in it."""
    if not row.name:
        return False
    first = next(n for n, cell in enumerate(row.cells) if cell.numeric)
    return all(cell.numeric or len(cell.text) < 25 for cell in row.cells[first:])


def _columns(cells: Sequence[Cell], rows: int) -> list[tuple[float, float]]:
    """Stacks of numeric cells: their extents overlap; at least a quarter of the rows has one.

    A column that only one row of a very short table fills counts beside one that two rows fill.
    """
    stacks: list[list[Cell]] = []
    for cell in sorted(cells, key=_digits_end):
        for stack in stacks:
            left, right = min(c.box[0] for c in stack), max(_digits_end(c) for c in stack)
            shared = min(_digits_end(cell), right) - max(cell.box[0], left)
            if shared > 0.4 * min(_digits_end(cell) - cell.box[0], right - left):
                stack.append(cell)
                break
        else:
            stacks.append([cell])
    short = rows <= 3 and any(len(stack) > 1 for stack in stacks)
    kept = [stack for stack in stacks if len(stack) >= max(1 if short else 2, 0.25 * rows)]
    extents = [(min(c.box[0] for c in s), max(c.box[2] for c in s)) for s in kept]
    return sorted(extents)


def _with_signs(
    rows: Sequence[Row], columns: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    """The columns with the "$" at their far left: headers are centred over both."""
    cells = [cell for row in rows for cell in row.numbers if cell.start is not None]
    return [
        (min([left, *(c.start or left for c in cells if _in(c, [(left, right)]))]), right)
        for left, right in columns
    ]


def _digits_end(cell: Cell) -> float:
    """Where a number's digits end: ")" and "%" hang out to the right of their column."""
    tail = cell.text[len(cell.text.rstrip("%)")) :] if cell.value is not None else ""
    hanging = (0.35 * tail.count(")") + 0.8 * tail.count("%")) * (cell.box[3] - cell.box[1])
    return max(cell.box[2] - hanging, (cell.box[0] + cell.box[2]) / 2)


def _in(cell: Cell, columns: Sequence[tuple[float, float]]) -> bool:
    return any(min(cell.box[2], right) > max(cell.box[0], left) for left, right in columns)


def _is_contents(rows: Sequence[Row]) -> bool:
    """A list of page numbers that only grow is a table of contents."""
    values = [row.numbers[-1].value for row in rows]
    plain = [value for value in values if value is not None and value == int(value)]
    return len(plain) == len(values) and plain == sorted(plain)


def _row_names(body: Sequence[Row], data: Sequence[Row]) -> list[str]:
    """A name for each data row: wrapped lines joined; names that repeat get their section's."""
    names: list[str] = []
    sections: list[str] = []
    section, pending = "", ""
    for row in body:
        if not any(row is item for item in data):
            text = " ".join(cell.text for cell in row.cells if not cell.numeric)
            ends = text.rstrip().endswith(":")
            pending = "" if ends else f"{pending} {text}" if len(pending) > _LONG else text
            section = text.strip(" :") if ends or not section else section
            if not ends and text:
                section = text.strip(" :")
            continue
        name = row.name or TOTAL
        wrapped = len(pending) > _LONG and not pending.endswith(".")
        if pending and (name[:1].islower() or wrapped):
            name = f"{pending} {name}"
        pending = ""
        names.append(plain_name(name))
        sections.append(section)
    return [
        f"{section}: {name}"
        if section and section != name and (names.count(name) > 1 or _needs(section, name))
        else name
        for name, section in zip(names, sections, strict=True)
    ]


def _needs(section: str, name: str) -> bool:
    """Whether a short name ("Basic") says nothing without its section ("Earnings per share")."""
    named = set(section.lower().split()) & {"per", "shares"}
    # All that stands under "Per share data" is per share.
    short = len(name.split()) <= 2 or _PER_SHARE.match(section)
    return bool(named) and bool(short) and "per" not in name.split()
