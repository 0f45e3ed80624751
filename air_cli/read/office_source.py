"""Presentations, text documents and workbooks as a `Document`: read from their data.

`DataDocument` is any source whose charts and tables are known as data, not as drawings.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace

from air_cli.errors import ItemError
from air_cli.read.excerpts import excerpts
from air_cli.read.image_source import to_png, zoom
from air_cli.read.office_contents import Contents, Found, read_contents
from air_cli.read.office_layout import Sheet, draw
from air_cli.read.office_records import chart_of
from air_cli.read.office_tables import table_of
from air_cli.read.office_zip import Package
from air_cli.read.page import PageContent, overlap
from air_cli.read.rank import Described, Index
from air_cli.read.table_units import by_unit, unit_of
from air_cli.read.tables import read_table
from air_cli.read.unsaid import unsaid
from air_cli.records import Box, Chart, Excerpt, Figure, Ranked, Source, Text

_LABEL = re.compile(r"^\s*((?:figure|table|chart|exhibit)\s+[\w.\-]+)", re.I)


class DataDocument:
    """Charts and tables as data. Their images show them as tables."""

    def __init__(self, data: bytes, name: str, contents: Contents) -> None:
        """`contents` is what the file `data` holds."""
        self._name = name
        self._contents = contents
        sha = hashlib.sha256(data).hexdigest()
        self._source = Source(name, sha, contents.kind, max(contents.pages, 1))
        self._made: dict[str, tuple[Figure, Chart, Sheet]] = {}
        for found in contents.found:
            for figure, chart, sheet in self._make(found):
                self._made[figure.id] = (figure, chart, sheet)

    @property
    def source(self) -> Source:
        """The file; `kind` is pptx, docx or xlsx, its pages are slides or sheets."""
        return self._source

    @property
    def problems(self) -> Sequence[str]:
        """What was left out, in plain words."""
        return self._contents.problems

    def figures(self, pages: Sequence[int] | None) -> list[Figure]:
        """Charts, then tables of these slides or sheets. Raises `ItemError`: no such page."""
        for page in pages or ():
            if not 1 <= page <= self._source.pages:
                raise ItemError(
                    f"{self._name} has {self._source.pages} pages, there is no page {page}",
                    kind="no-page",
                )
        found = [figure for figure, _, _ in self._made.values()]
        kept = [figure for figure in found if pages is None or figure.page in pages]
        return sorted(kept, key=lambda figure: figure.page)

    def chart(self, figure_id: str) -> tuple[Chart, dict[str, float]]:
        """The figure's data, exact."""
        return self._at(figure_id)[1], {"data": 0.0}

    def image(self, figure_id: str, box: Box | None, factor: float) -> bytes:
        """The data as a table (or `box` of it) as PNG."""
        return to_png(zoom(draw(self._at(figure_id)[2]), box, factor, self._name)[0])

    def reread(self, figure_id: str, box: Box | None, factor: float) -> list[Text]:
        """The texts in `box`: there is nothing to enlarge."""
        del factor
        texts = self._at(figure_id)[1].text
        return [text for text in texts if box is None or overlap(text.bbox_px, box) > 0]

    def rank(self, question: str, pages: Sequence[int] | None) -> list[Ranked]:
        """The figures that may answer the question, best first."""
        texts = {n: self._contents.texts.get(n, "") for n in range(1, self._source.pages + 1)}
        index = Index(question, texts, self._contents.labels)
        return index.rank([self.described(figure) for figure in self.figures(pages)])

    def excerpts(self, question: str, pages: Sequence[int] | None) -> list[Excerpt]:
        """Sentences that speak of what is asked."""
        texts = self._contents.texts.items()
        return excerpts(question, {n: text for n, text in texts if pages is None or n in pages})

    def page_called(self, label: str) -> int | None:
        """None: its pages have no printed numbers."""
        return None

    def unsaid(self, question: str) -> tuple[str, ...]:
        """What the question names and the file never says."""
        words = [self.described(figure).fields["texts"] for figure in self.figures(None)]
        return unsaid(question, [*self._contents.texts.values(), *words])

    def close(self) -> None:
        """Forget the figures."""
        self._made.clear()

    def described(self, figure: Figure) -> Described:
        """A figure with the words by which it is chosen."""
        chart = self._at(figure.id)[1]
        names = [*(series.name for series in chart.series), *chart.categories]
        words = dict.fromkeys([*(text.text for text in chart.text), *names])
        return Described(figure, {"caption": figure.caption, "texts": "\n".join(words), "near": ""})

    def _at(self, figure_id: str) -> tuple[Figure, Chart, Sheet]:
        if figure_id not in self._made:
            raise ItemError(f"{self._name} has no figure {figure_id}", kind="no-figure")
        return self._made[figure_id]

    def _make(self, found: Found) -> list[tuple[Figure, Chart, Sheet]]:
        if found.chart is not None:
            figure = self._figure(found, "f")
            sheet, chart = chart_of(found.chart, figure)
            return [(sized(figure, sheet), replace(chart, size_px=sheet.size), sheet)]
        made = table_of(found.rows, found.caption)
        if made is None:
            return []
        sheet, grid = made
        content = PageContent(found.page, float(sheet.size[0]), float(sheet.size[1]))
        _, scale = unit_of(grid, content, found.caption)
        result: list[tuple[Figure, Chart, Sheet]] = []
        for part in by_unit(grid, scale != 1):
            figure = sized(self._figure(found, "t", len(result)), sheet)
            result.append((figure, read_table(figure, part, content), sheet))
        return result

    def _figure(self, found: Found, letter: str, more: int = 0) -> Figure:
        before = sum(
            figure.page == found.page and f"-{letter}" in figure.id
            for figure, _, _ in self._made.values()
        )
        label = _LABEL.match(found.caption)
        own = found.chart.title if found.chart is not None else ""
        return Figure(
            f"p{found.page}-{letter}{before + more + 1}",
            self._source.sha256,
            found.page,
            (0.0, 0.0, 1.0, 1.0),
            "chart" if letter == "f" else "table",
            " – ".join(dict.fromkeys(part for part in (found.caption, own) if part)),
            label[1] if label else "",
            vector=True,
        )


class OfficeDocument(DataDocument):
    """A .pptx, .docx or .xlsx file."""

    def __init__(self, data: bytes, name: str) -> None:
        """Read everything: Office files keep their charts' data. Raises `ItemError`."""
        super().__init__(data, name, read_contents(Package(data, name)))


def sized(figure: Figure, sheet: Sheet) -> Figure:
    """A figure with the size of its picture; a pixel is a point."""
    width, height = sheet.size
    box = (0.0, 0.0, float(width), float(height))
    return replace(figure, bbox_pt=box, dpi=72.0, size_px=sheet.size)
