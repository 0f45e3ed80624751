"""Tables set in two halves side by side: name, number, name, number; each half is a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from air_cli.read.table_cells import Cell, Row

# The share of the rows that are folded, how many there are at least, how well the names of the
# second half are aligned in points, and their letters.
_SHARE, _ROWS, _ALIGNED_PT, _LETTERS = 0.6, 4, 6.0, 3


def unfolded(run: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows as they are, or those of the two halves."""
    edge = _fold(run)
    if edge is None:
        yield list(run)
        return
    for part in (
        [[cell for cell in row.cells if cell.box[0] < edge] for row in run],
        [[cell for cell in row.cells if cell.box[0] >= edge] for row in run],
    ):
        yield [Row(cells) for cells in part if cells]


def _fold(run: Sequence[Row]) -> float | None:
    """Where the second half begins."""
    records = [row for row in run if row.name and row.numbers]
    starts = [cell.box[0] for row in records if (cell := _second_name(row)) is not None]
    if len(starts) < max(_ROWS, _SHARE * len(records)):
        return None
    edge = min(starts)
    aligned = sum(start - edge < _ALIGNED_PT for start in starts)
    return edge - 1 if aligned >= _SHARE * len(starts) else None


def _second_name(row: Row) -> Cell | None:
    """A name after the row's first number, with a number of its own."""
    first = next(n for n, cell in enumerate(row.cells) if cell.numeric)
    for n, cell in enumerate(row.cells[first + 1 :], first + 1):
        if not cell.numeric and sum(c.isalpha() for c in cell.text) >= _LETTERS:
            return cell if any(other.numeric for other in row.cells[n + 1 :]) else None
    return None
