"""Words of a page as rows of cells: what is one number, one name, one footnote mark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

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
# What stands a word's space behind a number says how sure it is, or says it in another unit; a
# negative number stands a column further.
_BEHIND = 1.0
_SPREAD = re.compile(r"(?<=[\d%])\s*±\s*\d[\d.,]*\s*%?$")
_FOOTNOTES = re.compile(r"(?:\s*\(\d{1,2}\)|\s+\([a-z]\)|\s*[*†‡]+)+$")
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
    start: float | None = None  # where the "$" stands, at the far side of its column


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


def plain_name(name: str) -> str:
    """A name without the marks of footnotes behind it.

    >>> plain_name("Intangibles, gross (1) (2)"), plain_name("Section 401(k)")
    ('Intangibles, gross', 'Section 401(k)')
    """
    return _FOOTNOTES.sub("", name).rstrip()


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
    return [Row(_named(_cells(sorted(row, key=lambda w: w[0])))) for row in rows]


def _named(cells: list[Cell]) -> list[Cell]:
    """A year before other numbers is the row's name: "2025  $481", in a schedule of payments."""
    if len(cells) < 2 or not cells[0].numeric or not _YEARISH.match(cells[0].text):
        return cells
    if any(not cell.numeric or _YEARISH.match(cell.text) for cell in cells[1:]):
        return cells
    return [replace(cells[0], numeric=False, value=None), *cells[1:]]


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
    return valued(Cell(text, union([word[:4] for word in words])))


def valued(cell: Cell) -> Cell:
    """A cell with the number that its text is, if it is one."""
    text = cell.text.replace("$ ", "$").replace(" )", ")").replace(" %", "%").replace("( ", "(")
    if text in _NIL:
        return replace(cell, numeric=True)
    plain = _SPREAD.sub("", text)
    if not _NUMERIC.match(plain):
        return cell
    number = parse_number(_SIGN_OUTSIDE.sub(r"(\1", plain))
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
            # A "$" at the far side of its column is no part of where the number stands.
            apart = cell.box[0] - last.box[2] > cell.box[3] - cell.box[1]
            box = cell.box if apart else union([last.box, cell.box])
            start = last.box[0] if apart and cell.numeric else None
            joined[-1] = replace(valued(Cell(last.text + cell.text, box)), start=start)
        elif last is not None and _is_aside(last, cell):
            text = f"{last.text} {cell.text}"
            joined[-1] = replace(last, text=text, box=union([last.box, cell.box]))
        elif last is None or not _is_note(last, cell):
            joined.append(cell)
    return joined


def _is_aside(last: Cell, cell: Cell) -> bool:
    """Whether a number in brackets is one about the number before it: "73.2% (1.9%)"."""
    near = cell.box[0] - last.box[2] < _BEHIND * (last.box[3] - last.box[1])
    plain = last.value is not None and not last.text.endswith(")")
    return near and plain and cell.numeric and cell.text.startswith("(")


def _opens(last: Cell, cell: Cell) -> bool:
    return last.text in _OPENERS and (cell.numeric or cell.text.startswith("("))


def _is_note(last: Cell, cell: Cell) -> bool:
    """A footnote mark right behind a number; "(95)" a column further is a negative number."""
    near = cell.box[0] - last.box[2] < 0.8 * (last.box[3] - last.box[1])
    return last.numeric and near and bool(_NOTE.match(cell.text))


def _closes(last: Cell, cell: Cell) -> bool:
    number = last.numeric or last.text.startswith(("(", "$("))
    return bool(number and _TAIL.match(cell.text)) and cell.box[0] - last.box[2] < 14
