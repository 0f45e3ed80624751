"""Tables by the layout of their text: rows, numeric columns, headers. Works without any rule.

Financial statements have no grid; what makes them tables is that numbers stand under each other at
the right of a name. So cells are words without a wide gap, columns are stacks of numeric cells,
and a table is a run of rows that fill such columns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from air_cli.read.numbers import parse_number
from air_cli.read.page import union
from air_cli.records import Box

# (left, top, right, bottom, text) of a word, in points.
Word = tuple[float, float, float, float, str]

_LEADERS = re.compile(r"[.\s]{4,}|…+")
_NIL = frozenset(
    {"-", "—", "–", "--", "n/a", "N/A", "NA", "nm", "NM", "N/M", "*", "$—", "$-", "—%"}
)
_OPENERS = frozenset({"$", "€", "£", "¥", "$(", "("})
_NUMERIC = re.compile(
    r"^[(<>~]?\s*[-−–+]?\s*(?:US\$|[$€£¥])?\s*\(?[-−–]?\d[\d.,' ]*\)?\s*"
    r"(?:%|bps|x|pts?|[kKmMbB]n?)?\)?%?$"
)
_SIGN_OUTSIDE = re.compile(r"^(US\$|[$€£¥])\s*\(")
_TAIL = re.compile(r"^(?:\)|%|\)%|pts|bps|x)$")
_NOTE = re.compile(r"^\(?[a-z0-9]{1,2}\)$|^[*†‡]+$")
_YEARISH = re.compile(r"^(?:FY\s?)?(?:19|20)\d\d[A-Za-z]?(?:\(\w\))?$")


@dataclass(frozen=True)
class Cell:
    """Words without a wide gap between them. `value` is what a numeric cell says."""

    text: str
    box: Box
    value: float | None = None
    half: float = 0.0
    numeric: bool = False
    unit: str = ""


@dataclass
class Row:
    """Cells at one height, left to right."""

    cells: list[Cell]

    @property
    def box(self) -> Box:
        """The extent of the row."""
        return union([cell.box for cell in self.cells])

    @property
    def numbers(self) -> list[Cell]:
        """Its numeric cells."""
        return [cell for cell in self.cells if cell.numeric]

    @property
    def name(self) -> str:
        """The text to the left of its first number."""
        words: list[str] = []
        for cell in self.cells:
            if cell.numeric:
                break
            words.append(cell.text)
        return " ".join(words).strip(" .:")

    @property
    def is_header(self) -> bool:
        """Only years, dates or words: names columns rather than holding values."""
        numbers = self.numbers
        return all(_YEARISH.match(cell.text) for cell in numbers)


@dataclass
class Grid:
    """A table: header texts by column, rows, and column extents."""

    header: list[str]
    rows: list[Row]
    columns: list[tuple[float, float]]
    names: list[str]
    box: Box
    head: list[Row] = field(default_factory=list)

    def cell(self, row: Row, column: int) -> Cell | None:
        """The numeric cell of a row in a column."""
        left, right = self.columns[column]
        for cell in row.numbers:
            if min(cell.box[2], right) - max(cell.box[0], left) > 0:
                return cell
        return None


def find_grids(words: Sequence[Word]) -> list[Grid]:
    """The tables among the words of a page, top to bottom."""
    rows = find_rows(words)
    grids = []
    for run in _runs(rows):
        grid = _grid(run)
        if grid is not None:
            grids.append(grid)
    return grids


def find_rows(words: Sequence[Word]) -> list[Row]:
    """Words as rows of cells."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: ((w[1] + w[3]) / 2, w[0])):
        middle, height = (word[1] + word[3]) / 2, word[3] - word[1]
        if rows:
            last = rows[-1][-1]
            if abs((last[1] + last[3]) / 2 - middle) < 0.4 * min(height, last[3] - last[1]):
                rows[-1].append(word)
                continue
        rows.append([word])
    return [Row(_cells(sorted(row, key=lambda w: w[0]))) for row in rows]


def _cells(words: Sequence[Word]) -> list[Cell]:
    groups: list[list[Word]] = []
    for word in words:
        text = _LEADERS.sub("", word[4])
        if not text:
            continue
        size = word[3] - word[1]
        word = (*word[:4], text)
        if groups and word[0] - groups[-1][-1][2] < _width(groups[-1][-1][4], text) * size:
            groups[-1].append(word)
        else:
            groups.append([word])
    cells = [_cell(group) for group in groups]
    return _attached([cell for cell in cells if cell.text])


def _width(before: str, after: str) -> float:
    """The widest gap inside a cell, in heights: numbers of two columns stand closer than that."""
    both = parse_number(before) is not None and parse_number(after) is not None
    return 0.25 if both else 0.6


def _cell(words: Sequence[Word]) -> Cell:
    text = " ".join(word[4] for word in words)
    return _valued(Cell(text, union([word[:4] for word in words])))


def _valued(cell: Cell) -> Cell:
    text = cell.text.replace("$ ", "$").replace(" )", ")").replace(" %", "%").replace("( ", "(")
    if text in _NIL:
        return replace(cell, numeric=True)
    if not _NUMERIC.match(text):
        return cell
    number = parse_number(_SIGN_OUTSIDE.sub(r"(\1", text))
    if number is None:
        return cell
    return replace(
        cell, text=text, value=number.total, half=number.half, numeric=True, unit=number.unit
    )


def _attached(cells: Sequence[Cell]) -> list[Cell]:
    """Currency signs joined to the number they precede, ")" and "%" to the one they follow;
    footnote marks behind a number dropped."""
    joined: list[Cell] = []
    for cell in cells:
        last = joined[-1] if joined else None
        if last is not None and (_opens(last, cell) or _closes(last, cell)):
            joined[-1] = _valued(Cell(last.text + cell.text, union([last.box, cell.box])))
        elif last is None or not last.numeric or not _NOTE.match(cell.text):
            joined.append(cell)
    return joined


def _opens(last: Cell, cell: Cell) -> bool:
    return last.text in _OPENERS and (cell.numeric or cell.text.startswith("("))


def _closes(last: Cell, cell: Cell) -> bool:
    number = last.numeric or last.text.startswith(("(", "$("))
    return bool(number and _TAIL.match(cell.text)) and cell.box[0] - last.box[2] < 14


def _runs(rows: Sequence[Row]) -> list[list[Row]]:
    """Stretches of rows that may be one table: no prose line, no wide gap between them."""
    runs: list[list[Row]] = []
    last: Row | None = None
    for row in rows:
        if not row.cells:
            continue
        height = row.box[3] - row.box[1]
        near = last is not None and row.box[1] - last.box[3] < 2.6 * height
        if _is_prose(row):
            last = None
            continue
        if near and runs:
            runs[-1].append(row)
        else:
            runs.append([row])
        last = row
    return runs


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
    first, last = run.index(data[0]), run.index(data[-1])
    head = _head_rows(run[:first], data[0], columns)
    body = list(run[first : last + 1])
    header = [_column_name(head, columns, n) for n in range(len(columns))]
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
    """Stacks of numeric cells: their extents overlap; at least a quarter of the rows has one."""
    stacks: list[list[Cell]] = []
    for cell in sorted(cells, key=lambda item: item.box[2]):
        for stack in stacks:
            left, right = min(c.box[0] for c in stack), max(c.box[2] for c in stack)
            shared = min(cell.box[2], right) - max(cell.box[0], left)
            if shared > 0.4 * min(cell.box[2] - cell.box[0], right - left):
                stack.append(cell)
                break
        else:
            stacks.append([cell])
    kept = [stack for stack in stacks if len(stack) >= max(2, 0.25 * rows)]
    extents = [(min(c.box[0] for c in s), max(c.box[2] for c in s)) for s in kept]
    return sorted(extents)


def _in(cell: Cell, columns: Sequence[tuple[float, float]]) -> bool:
    return any(min(cell.box[2], right) > max(cell.box[0], left) for left, right in columns)


def _head_rows(
    above: Sequence[Row], first: Row, columns: Sequence[tuple[float, float]]
) -> list[Row]:
    """The rows directly above the data that stand over its columns."""
    head: list[Row] = []
    edge = first.box[1]
    for row in reversed(above):
        height = row.box[3] - row.box[1]
        if edge - row.box[3] > 2.2 * height or len(head) >= 5:
            break
        over = [cell for cell in row.cells if cell.box[2] > columns[0][0] - 4]
        if over and not row.is_header and row.numbers:
            break
        if over:
            head.insert(0, row)
        edge = row.box[1]
    return head


def _column_name(head: Sequence[Row], columns: Sequence[tuple[float, float]], n: int) -> str:
    """The header cells over a column, top to bottom; one cell centred over all names each."""
    left, right = columns[n]
    before = columns[n - 1][1] if n else left - 60
    after = columns[n + 1][0] if n + 1 < len(columns) else right + 60
    words: list[str] = []
    for row in head:
        cells = [cell for cell in row.cells if _heads(cell, columns)]
        if len(cells) == 1 and _spans(cells[0], columns):
            words.append(cells[0].text)
            continue
        for cell in cells:
            middle = (cell.box[0] + cell.box[2]) / 2
            over = min(cell.box[2], right) - max(cell.box[0], left) > 0
            if over or (before + left) / 2 < middle < (right + after) / 2:
                words.append(cell.text)
    return " ".join(dict.fromkeys(words))


def _heads(cell: Cell, columns: Sequence[tuple[float, float]]) -> bool:
    """Whether a cell names columns: it stands over them, and is no title or note on units."""
    first = columns[0][0]
    title = cell.box[0] < first - 60 or len(cell.text) > 60
    note = cell.text.startswith("(") and cell.text.endswith(")") and " " in cell.text
    return cell.box[2] > first - 4 and not title and not note


def _spans(cell: Cell, columns: Sequence[tuple[float, float]]) -> bool:
    left, right = columns[0][0], columns[-1][1]
    off = abs((cell.box[0] + cell.box[2]) / 2 - (left + right) / 2)
    return len(columns) > 1 and off < 0.12 * (right - left)


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
            pending = "" if ends else text
            section = text.strip(" :") if ends or not section else section
            if not ends and text:
                section = text.strip(" :")
            continue
        name = row.name
        if pending and name[:1].islower():
            name = f"{pending} {name}"
        pending = ""
        names.append(name)
        sections.append(section)
    return [
        f"{section}: {name}" if section and names.count(name) > 1 and section != name else name
        for name, section in zip(names, sections, strict=True)
    ]
