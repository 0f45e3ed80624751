"""Tables that run over several pages: one figure whose image is its parts one below the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from air_cli.errors import ItemError
from air_cli.read.page import PageContent
from air_cli.read.table_layout import Grid
from air_cli.read.table_totals import adds_up
from air_cli.read.table_units import by_unit
from air_cli.read.tables import distinct, read_table
from air_cli.records import Box, Chart, Figure, Mark, Part, Text

Found = list[tuple[Figure, Grid]]

# Shares of a page's height below which a table breaks off and above which it goes on; how well the
# columns of its parts must agree, in points; the most pages of one table.
_END, _START, _ALIGNED_PT, _PAGES = 0.72, 0.3, 6.0, 12
# Where a page's foot begins, and the most lines of a repeated title.
_MARGIN, _TITLES = 0.92, 4
_CONTINUED = re.compile(
    r"[\s,–—-]*\(?\s*\b(?:continued|cont(?:inue)?[’'.]?d?|fortsetzung|suite)\)?\W*$"
)


class Tables:
    """The tables of a document by page. `find(number)` gives those that begin and end on a page,
    `content(number)` the page; both may raise `ItemError`."""

    def __init__(
        self, find: Callable[[int], Found], content: Callable[[int], PageContent], pages: int
    ) -> None:
        self._find, self._content, self._count = find, content, pages
        self._found: dict[int, Found] = {}
        self._parts: dict[str, list[tuple[Figure, Grid]]] = {}

    def on(self, number: int, wanted: Collection[int]) -> list[Figure]:
        """The tables that begin on a page, joined with what follows on the next ones. One that only
        goes on here is left to the page before, where that is `wanted` too."""
        found = [figure for figure, _ in self._joined(number)]
        part = self._continued(number) if number > 1 and found else None
        if part is None:
            return found
        if number - 1 in wanted:
            return found[1:]
        figure = replace(part[0], more=found[0].more, size_px=found[0].size_px)
        self._parts[figure.id] = [part, *self._parts[figure.id][1:]]
        return [figure, *found[1:]]

    def chart(self, figure: Figure) -> Chart:
        """A table as data, all its parts."""
        self._joined(figure.page)
        parts = self._parts[figure.id]
        charts = [read_table(part, grid, self._content(part.page)) for part, grid in parts]
        return _one_chart(charts, figure) if len(charts) > 1 else charts[0]

    def forget(self, number: int) -> None:
        """Look for the tables of a page anew: more of it is known."""
        self._found.pop(number, None)

    def _alone(self, number: int) -> Found:
        if number not in self._found:
            self._found[number] = self._find(number)
        return self._found[number]

    def _joined(self, number: int) -> Found:
        found = list(self._alone(number))
        for figure, grid in found:
            self._parts.setdefault(figure.id, [(figure, grid)])
        place = _last(found)
        if place is None:
            return found
        parts = self._chain(number, found[place])
        if len(parts) > 1:
            whole = _one_figure([figure for figure, _ in parts])
            self._parts[whole.id] = parts
            found[place] = whole, found[place][1]
        return found

    def _chain(self, number: int, first: tuple[Figure, Grid]) -> list[tuple[Figure, Grid]]:
        parts = [first]
        for page in range(number + 1, min(number + _PAGES, self._count + 1)):
            following = self._next(parts[-1], page)
            if following is None:
                break
            parts.append(following)
        return parts

    def _next(self, part: tuple[Figure, Grid], page: int) -> tuple[Figure, Grid] | None:
        """The part of a table on the page after it, named by its header."""
        figure, grid = part
        try:
            above = self._content(figure.page)
            if grid.box[3] < _END * above.height or grid.wordy:
                return None
            below, found = self._content(page), self._alone(page)
        except ItemError:
            return None
        if not found or not _follows(grid, found[0][1], below):
            return None
        if not _nothing_between(grid, above, found[0][1], below):
            return None
        other, rest = found[0]
        rest = replace(rest, header=list(grid.header))
        if grid.unit == "amount" and not rest.unit:
            rest = by_unit(rest, True)[0]
        return replace(other, caption=figure.caption, label=figure.label), rest

    def _continued(self, number: int) -> tuple[Figure, Grid] | None:
        """A page's first table under the header it has on the page before, if it began there."""
        try:
            if self._alone(number)[0][1].box[1] > _START * self._content(number).height:
                return None
            before = self._alone(number - 1)
        except ItemError:
            return None
        place = _last(before)
        return None if place is None else self._next(before[place], number)


def _last(found: Found) -> int | None:
    """The lowest table of amounts on a page."""
    places = [n for n, (_, grid) in enumerate(found) if grid.unit in ("", "amount")]
    return max(places, key=lambda n: found[n][1].box[3], default=None)


def _follows(first: Grid, second: Grid, below: PageContent) -> bool:
    """Whether the second table begins a page with the columns of the first, under no header or the
    same one."""
    if second.box[1] > _START * below.height or len(first.columns) != len(second.columns):
        return False
    if any(second.header) and second.header != first.header:
        return False
    # Odd and even pages may have other margins: the columns may be moved, all by as much.
    moved = [b[1] - a[1] for a, b in zip(first.columns, second.columns, strict=True)]
    same = max(moved) - min(moved) < _ALIGNED_PT
    return same and (any(second.header) or any(first.header)) and abs(moved[0]) < 40


def _nothing_between(first: Grid, above: PageContent, second: Grid, below: PageContent) -> bool:
    """Whether only the pages' margins, or a repeated title, stand between two tables. One that ends
    in the sum of its rows has ended: the next may well have the same columns."""
    if adds_up(first.rows[-1], first.rows[:-1]):
        return False
    foot = _MARGIN * above.height
    after = [line for line in above.lines if first.box[3] < line.box[1] < foot]
    over = (line for line in below.lines if line.box[3] < second.box[1])
    before = [line for line in over if any(c.isalpha() for c in line.text)]
    known = {_plain(line.text) for line in above.lines}
    repeated = all(_plain(line.text) in known for line in before)
    return not after and len(before) <= _TITLES and repeated


def _plain(title: str) -> str:
    """A title without "(continued)" behind it.

    >>> _plain("BALANCE SHEETS (Continued)"), _plain("Notes – cont'd")
    ('balance sheets', 'notes')
    """
    return _CONTINUED.sub("", title.lower()).strip()


def _one_figure(figures: Sequence[Figure]) -> Figure:
    first = figures[0]
    top, parts = first.size_px[1], []
    for figure in figures[1:]:
        parts.append(Part(figure.page, figure.bbox_pt, top))
        # All parts have the resolution of the first.
        top += round((figure.bbox_pt[3] - figure.bbox_pt[1]) * first.dpi / 72)
    wide = max(f.bbox_pt[2] - f.bbox_pt[0] for f in figures) * first.dpi / 72
    return replace(first, more=tuple(parts), size_px=(round(wide), top))


def _one_chart(charts: Sequence[Chart], figure: Figure) -> Chart:
    """The parts as one chart in the pixels of the whole figure; names made unique over all."""
    first = charts[0]
    tops = [0, *(part.top_px for part in figure.more)]
    names = distinct([name for chart in charts for name in chart.categories])
    marks: list[Mark] = []
    texts: list[Text] = []
    at = 0
    for n, (chart, top) in enumerate(zip(charts, tops, strict=True)):
        renamed = dict(zip(chart.categories, names[at:], strict=False))
        at += len(chart.categories)
        # A part was read at a resolution of its own.
        scale = figure.dpi / _dpi(chart, figure, n)
        marks += [
            replace(m, category=renamed[m.category], bbox_px=_down(m.bbox_px, scale, top))
            for m in chart.marks
        ]
        texts += [replace(t, bbox_px=_down(t.bbox_px, scale, top)) for t in chart.text]
    return replace(
        first,
        categories=tuple(names),
        marks=tuple(marks),
        text=tuple(texts),
        size_px=figure.size_px,
    )


def _dpi(chart: Chart, figure: Figure, n: int) -> float:
    """The resolution at which a part's chart was read."""
    if n == 0:
        return figure.dpi
    left, _, right, _ = figure.more[n - 1].bbox_pt
    return chart.size_px[0] * 72 / (right - left)


def _down(box: Box, scale: float, top: float) -> Box:
    left, upper, right, lower = (side * scale for side in box)
    return left, upper + top, right, lower + top
