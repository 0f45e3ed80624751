"""Which header cells name which columns: one each, one over several, wrapped, with notes."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from air_cli.read.table_cells import Cell, Row, plain_name

# "(In millions, except par value amounts)" under the dates is no part of a column's name.
_UNIT_NOTE = re.compile(r"\s*\([^()]*\b(?:thousands|millions|billions)\b[^()]*\)", re.IGNORECASE)
# A header stands over the middle of its columns, within points or a share of their width.
_OFF_PT, _OFF = 8.0, 0.08
_TITLE_PT = 3.0
_HALF = 0.8  # of a line's height: rows that are nearer do not follow each other

Extents = Sequence[tuple[float, float]]


def head_rows(
    above: Sequence[Row], first: Row, columns: Sequence[tuple[float, float]]
) -> list[Row]:
    """The rows directly above the data that stand over its columns."""
    head: list[Row] = []
    edge = first.box[1]
    names = first.cells[0].box[0] if not first.cells[0].numeric else float("-inf")
    for row in reversed(above):
        height = row.box[3] - row.box[1]
        if edge - row.box[3] > 2.2 * height or len(head) >= 5:
            break
        # What begins where the rows' names do is a title, however far it reaches.
        over = [c for c in row.cells if _is_header(c, columns) and c.box[0] > names + _TITLE_PT]
        if over and not row.is_header and row.numbers:
            break
        if head and not over and not row.cells[0].text.startswith("("):
            break  # the table's title: what stands above it belongs to the page
        if over:
            head.insert(0, row)
        edge = row.box[1]
    return head


def column_names(head: Sequence[Row], columns: Extents) -> list[str]:
    """The name of each column: the header cells over it, top to bottom."""
    names: list[list[str]] = [[] for _ in columns]
    for n, row in enumerate(head):
        cells = [cell for cell in row.cells if _is_header(cell, columns)]
        below = _grouped_below(head, n, columns)
        for cell, over in zip(cells, _covered(cells, columns, below), strict=True):
            for n in over:
                names[n].append(cell.text)
    joined = (" ".join(dict.fromkeys(words)) for words in names)
    return [plain_name(_UNIT_NOTE.sub("", name).strip()) for name in joined]


def _grouped_below(head: Sequence[Row], n: int, columns: Extents) -> set[int]:
    """The columns with a header of their own further down, where headers of other columns stand
    half a line below this row: they are centred beside two levels of headers, a group's name and
    the names in it. Lines of one header follow each other by a line."""
    if n + 2 >= len(head) or not _half_a_line(head[n], head[n + 1]):
        return set()
    cells = [cell for row in head[n + 2 :] for cell in row.cells if _is_header(cell, columns)]
    return {column for cell in cells for column in _under(cell, columns)}


def _half_a_line(row: Row, following: Row) -> bool:
    return following.box[1] - row.box[1] < _HALF * (row.box[3] - row.box[1])


def _covered(
    cells: Sequence[Cell], columns: Extents, grouped: Collection[int] = ()
) -> list[list[int]]:
    """The columns that each cell of a header row names: those it stands over and, where it is
    centred over more of them, those too, unless another cell of the row names them. `grouped`
    columns have headers of a second level."""
    if len(cells) == 1 and _spans(cells[0], columns):
        return [list(range(len(columns)))]
    own = [_under(cell, columns) for cell in cells]
    wider = []
    for n, cell in enumerate(cells):
        taken = {c for m, under in enumerate(own) if m != n for c in under}
        wider.append(_centred(cell, own[n], taken, columns))
    if len(cells) > 1 and len({c for under in wider for c in under}) == len(columns):
        return _shared_out(cells, wider, columns)
    return [
        wide if _reaches(cell, columns) or set(wide) <= set(grouped) else under
        for cell, under, wide in zip(cells, own, wider, strict=True)
    ]


def _shared_out(
    cells: Sequence[Cell], wider: Sequence[list[int]], columns: Extents
) -> list[list[int]]:
    """Each column with the nearest of the cells that would name it."""

    def apart(n: int, column: int) -> float:
        left, right = columns[column]
        return abs(cells[n].box[0] + cells[n].box[2] - left - right)

    nearest = {
        c: min((n for n, over in enumerate(wider) if c in over), key=lambda n: apart(n, c))
        for c in range(len(columns))
    }
    return [[c for c in over if nearest[c] == n] for n, over in enumerate(wider)]


def _under(cell: Cell, columns: Extents) -> list[int]:
    """The columns that a cell overlaps, or that it stands nearest to."""
    middle = (cell.box[0] + cell.box[2]) / 2
    found = []
    for n, (left, right) in enumerate(columns):
        before = columns[n - 1][1] if n else left - 60
        after = columns[n + 1][0] if n + 1 < len(columns) else right + 60
        over = min(cell.box[2], right) - max(cell.box[0], left) > 0
        if over or (before + left) / 2 < middle < (right + after) / 2:
            found.append(n)
    return found


def _centred(cell: Cell, own: list[int], taken: set[int], columns: Extents) -> list[int]:
    """The most neighbouring columns, free ones, over whose middle a cell stands."""
    middle = (cell.box[0] + cell.box[2]) / 2
    best = own
    for first in range(len(columns)):
        for last in range(first, len(columns)):
            over = list(range(first, last + 1))
            if taken & set(over) or not set(own) <= set(over) or len(over) <= len(best):
                continue
            left, right = columns[first][0], columns[last][1]
            if abs((left + right) / 2 - middle) < max(_OFF_PT, _OFF * (right - left)):
                best = over
    return best


def _reaches(cell: Cell, columns: Extents) -> bool:
    """Whether a cell names more than one column by its place: it is wider than any that it is over,
    or stands between two."""
    middle = (cell.box[0] + cell.box[2]) / 2
    within = [right - left for left, right in columns if left - 2 <= middle <= right + 2]
    return not within or cell.box[2] - cell.box[0] > 1.6 * max(within)


def _is_header(cell: Cell, columns: Sequence[tuple[float, float]]) -> bool:
    """Whether a cell names columns: it stands over them, and is no title or note on units."""
    first = columns[0][0]
    title = cell.box[0] < first - 60 or len(cell.text) > 60
    note = cell.text.startswith("(") and cell.text.endswith(")") and " " in cell.text
    return cell.box[2] > first - 4 and not title and not note


def _spans(cell: Cell, columns: Sequence[tuple[float, float]]) -> bool:
    left, right = columns[0][0], columns[-1][1]
    off = abs((cell.box[0] + cell.box[2]) / 2 - (left + right) / 2)
    return len(columns) > 1 and off < 0.12 * (right - left)
