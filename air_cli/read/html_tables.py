"""The rows of an HTML table; a cell that spans rows or columns is said in each of them."""

from __future__ import annotations

_WIDEST, _LONGEST = 60, 2_000


class TableRows:
    """Collects the cells of one table."""

    def __init__(self) -> None:
        self.caption = ""
        self._rows: list[list[str]] = []
        self._spans: list[tuple[int, int, int]] = []  # row, columns, rows of the open cell
        # By column: the text that a cell above still spans, and over how many rows.
        self._below: dict[int, tuple[str, int]] = {}
        self._taken: dict[int, tuple[str, int]] = {}

    def row(self) -> None:
        """A row begins."""
        self._end_cell()
        self._carry()
        self._below = {
            column: (text, left - 1) for column, (text, left) in self._below.items() if left > 1
        }
        self._rows.append([])
        self._taken = dict(self._below)

    def cell(self, columns: str, rows: str) -> None:
        """A cell begins; `columns` and `rows` as its colspan and rowspan are written."""
        if not self._rows:
            self.row()
        self._end_cell()
        self._carry()
        wide = min(int(columns), _WIDEST) if columns.isdecimal() else 1
        high = min(int(rows), _LONGEST) if rows.isdecimal() else 1
        self._spans.append((len(self._rows[-1]), max(wide, 1), max(high, 1)))
        self._rows[-1].append("")

    def say(self, text: str) -> None:
        """What stands in the open cell."""
        if self._spans:
            last = self._rows[-1]
            last[-1] = f"{last[-1]} {text}".strip()

    def rows(self) -> list[list[str]]:
        """The texts, row by row."""
        self._end_cell()
        if self._rows:
            self._carry()
        return [row[:_WIDEST] for row in self._rows if row][:_LONGEST]

    def _end_cell(self) -> None:
        if not self._spans:
            return
        column, wide, high = self._spans.pop()
        last = self._rows[-1]
        text = last[-1]
        last += [text] * (wide - 1)
        if high > 1:
            for at in range(column, column + wide):
                self._below[at] = (text, high)

    def _carry(self) -> None:
        """Repeat here what cells above span."""
        if not self._rows:
            return
        last = self._rows[-1]
        while len(last) in self._taken:
            last.append(self._taken[len(last)][0])
