"""Totals without a name: the numbers under a rule, where they are the sums of the rows above."""

from __future__ import annotations

from collections.abc import Sequence

from air_cli.read.table_cells import Cell, Row

# How such a row is called.
TOTAL = "Total"


def with_totals(run: Sequence[Row], data: Sequence[Row]) -> list[Row]:
    """The named rows and, where they stand, the unnamed ones that add up rows above them."""
    named = {id(row) for row in data}
    found: list[Row] = []
    for row in run:
        bare = not row.is_header and all(cell.numeric for cell in row.cells)
        if id(row) in named or (bare and adds_up(row, found)):
            found.append(row)
    return found


def adds_up(row: Row, above: Sequence[Row]) -> bool:
    """Whether each number is the sum of the last few rows in its column, the same rows for all."""
    totals = [cell for cell in row.cells if cell.value is not None]
    return bool(totals) and any(
        all(_is_sum(cell, above[-count:]) for cell in totals) for count in range(2, len(above) + 1)
    )


def _is_sum(total: Cell, rows: Sequence[Row]) -> bool:
    parts = [
        cell
        for row in rows
        for cell in row.numbers
        if min(cell.box[2], total.box[2]) > max(cell.box[0], total.box[0])
    ]
    values = [cell.value for cell in parts if cell.value is not None]
    slack = total.half * (len(values) + 1) + 1e-9
    assert total.value is not None
    return len(values) >= 2 and abs(sum(values) - total.value) <= slack
