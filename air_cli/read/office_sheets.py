"""Workbooks: the sheets' cells as texts, and the blocks of cells that are tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from air_cli.read.office_numbers import date_text, kind_of, number_text
from air_cli.read.office_zip import Element, Package, attribute, every, find, local

_ROWS, _COLUMNS, _CELLS = 5_000, 80, 60_000
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_REFERENCE = re.compile(
    r"(?:'(?P<quoted>(?:[^']|'')+)'|(?P<plain>[^'!]+))!\$?(?P<left>[A-Z]{1,3})\$?(?P<top>\d{1,7})"
    r"(?::\$?(?P<right>[A-Z]{1,3})\$?(?P<bottom>\d{1,7}))?"
)
Cells = dict[tuple[int, int], str]
Format = tuple[str, str]


class Formats:
    """What a workbook's cell styles make of numbers, and its shared texts."""

    def __init__(self, package: Package) -> None:
        self.texts: list[str] = []
        self._kinds: list[Format] = []
        if "xl/sharedStrings.xml" in package:
            root = package.xml("xl/sharedStrings.xml")
            self.texts = [_joined(item) for item in root if local(item) == "si"]
        if "xl/styles.xml" in package:
            self._kinds = list(_formats(package.xml("xl/styles.xml")))

    def shown(self, value: float, style: str) -> str:
        """A number as the sheet shows it, with all its digits."""
        place = int(style) if style.isdigit() else 0
        kind, code = self._kinds[place] if place < len(self._kinds) else ("number", "")
        return date_text(value, code) if kind == "date" else number_text(value, kind)


def _joined(element: Element) -> str:
    return " ".join("".join(item.text or "" for item in every(element, "t")).split())


def _formats(root: Element) -> Iterator[Format]:
    codes = {attribute(item, "numFmtId"): attribute(item, "formatCode")
             for item in every(root, "numFmt")}  # fmt: skip
    for item in find(root, "cellXfs") or ():
        number = attribute(item, "numFmtId")
        code = codes.get(number, "")
        yield kind_of(code, int(number) if number.isdigit() else 0), code


class Book:
    """The sheets' cells: their texts as shown, and the bare numbers, by (row, column) from 1.
    `cut` are sheets of which some cells were left out."""

    def __init__(self, package: Package) -> None:
        self._formats = Formats(package)
        self.texts: dict[str, Cells] = {}
        self.cut: set[str] = set()
        self._numbers: dict[str, dict[tuple[int, int], str]] = {}

    def add(self, name: str, root: Element) -> None:
        """Read a sheet."""
        cells: Cells = {}
        numbers: Cells = {}
        for cell in every(root, "c"):
            match = _PLACE.fullmatch(attribute(cell, "r"))
            if match is None:
                continue
            row, column = int(match[2]), _column(match[1])
            if row > _ROWS or column > _COLUMNS or len(cells) >= _CELLS:
                self.cut.add(name)
                break
            text = _cell_text(cell, self._formats)
            value = find(cell, "v")
            if text:
                cells[row, column] = text
            if value is not None and attribute(cell, "t") in ("", "n"):
                numbers[row, column] = value.text or ""
        _fill_merged(root, cells)
        self.texts[name], self._numbers[name] = cells, numbers

    def look_up(self, reference: str, bare: bool) -> dict[int, str]:
        """The cells that a chart refers to ("Sales!$A$2:$A$9") by their order: texts as shown, or
        `bare` numbers. Empty where the reference is not understood."""
        match = _REFERENCE.fullmatch(reference.strip())
        name = (match["quoted"] or match["plain"]).replace("''", "'") if match else ""
        cells = (self._numbers if bare else self.texts).get(name, {})
        if match is None or not cells:
            return {}
        top, bottom = int(match["top"]), int(match["bottom"] or match["top"])
        left = _column(match["left"])
        right = _column(match["right"] or match["left"])
        if (bottom - top + 1) * (right - left + 1) > _CELLS:
            return {}
        places = [(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)]
        return {n: cells[place] for n, place in enumerate(places) if place in cells}


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


def _cell_text(cell: Element, formats: Formats) -> str:
    kind, value = attribute(cell, "t"), find(cell, "v")
    if kind == "inlineStr":
        return _joined(cell)
    text = (value.text or "").strip() if value is not None else ""
    if kind == "s":
        place = int(text) if text.isdigit() else -1
        return formats.texts[place] if 0 <= place < len(formats.texts) else ""
    if kind in ("str", "e"):
        return text
    if kind == "b":
        return "yes" if text == "1" else "no"
    try:
        return formats.shown(float(text), attribute(cell, "s")) if text else ""
    except (ValueError, OverflowError):
        return ""


def _fill_merged(root: Element, cells: Cells) -> None:
    """A heading over several columns names each of them."""
    for merged in every(root, "mergeCell")[:2_000]:
        ends = _PLACE.findall(attribute(merged, "ref"))
        if len(ends) != 2 or ends[0][1] != ends[1][1]:
            continue
        row, first, last = int(ends[0][1]), _column(ends[0][0]), _column(ends[1][0])
        text = cells.get((row, first), "")
        for column in range(first + 1, min(last, _COLUMNS) + 1):
            if text:
                cells[row, column] = text


def blocks(cells: Mapping[tuple[int, int], str]) -> Iterator[tuple[str, list[list[str]]]]:
    """(heading, rows) of each block of cells that empty rows and columns set apart."""
    heading = ""
    for rows in _runs(sorted({row for row, _ in cells})):
        columns = _runs(sorted({column for row, column in cells if row in set(rows)}))
        for group in columns:
            table = [[cells.get((row, column), "") for column in group] for row in rows]
            table = [row for row in table if any(row)]
            if len(group) < 2 or len(table) < 2:
                words = " ".join(text for row in table for text in row if text)
                heading = words[:300]
                continue
            title, table = _split_title(table)
            yield title or heading, table


def _split_title(table: list[list[str]]) -> tuple[str, list[list[str]]]:
    """Rows of a single text at the top of a block are its title."""
    words = []
    while len(table) > 2 and len({text for text in table[0] if text}) == 1 and table[0][0]:
        words.append(table[0][0])
        table = table[1:]
    return " ".join(words)[:300], table


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    """Numbers that follow each other.

    >>> _runs([1, 2, 4])
    [[1, 2], [4]]
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs
