"""An HTML page as a `Document` of one page: its inline drawings, embedded pictures and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from air_cli.errors import ItemError
from air_cli.read.caption_labels import label_of
from air_cli.read.html_contents import Item, read_html
from air_cli.read.image_source import ImageDocument
from air_cli.read.office_contents import Contents, Found
from air_cli.read.office_source import DataDocument
from air_cli.read.pdf import PdfDocument
from air_cli.read.rank import Described
from air_cli.read.region_checks import big_enough
from air_cli.read.svg import svg_to_pdf
from air_cli.records import Box, Chart, Figure, Text


@dataclass(frozen=True)
class _Part:
    """A figure of the page, and the document of its own in which it is called `id`."""

    figure: Figure
    id: str
    document: PdfDocument | ImageDocument
    words: str


class HtmlDocument(DataDocument):
    """A saved page: drawings are read as vectors, pictures from their pixels, tables from cells."""

    def __init__(self, data: bytes, name: str) -> None:
        """Read what the file holds; nothing is fetched. Raises `ItemError`."""
        page = read_html(data, name)
        found = [Found(1, item.caption, rows=item.rows) for item in page.items if item.rows]
        contents = Contents("html", 1, found, {1: page.text}, {}, page.problems)
        super().__init__(data, name, contents)
        self._parts: dict[str, _Part] = {}
        for item in page.items:
            if item.rows:
                continue
            try:
                for part in self._shown(item):
                    self._parts[part.figure.id] = part
            except ItemError as error:
                contents.problems.append(str(error))
        words = [part.words for part in self._parts.values() if part.words]
        contents.texts[1] = "\n".join([page.text, *words])
        if not self.figures(None) and not contents.problems:
            contents.problems.append(f"{name}: it has no drawing, picture or table to read")

    def figures(self, pages: Sequence[int] | None) -> list[Figure]:
        """Drawings and pictures, then tables. Raises `ItemError`: no such page."""
        tables = super().figures(pages)
        return [*(part.figure for part in self._parts.values()), *tables]

    def chart(self, figure_id: str) -> tuple[Chart, dict[str, float]]:
        """The figure as data: a drawing exactly, a picture by its pixels."""
        part = self._parts.get(figure_id)
        if part is None:
            return super().chart(figure_id)
        chart, seconds = part.document.chart(part.id)
        return replace(chart, figure_id=figure_id), seconds

    def image(self, figure_id: str, box: Box | None, factor: float) -> bytes:
        """The figure, or `box` of it, as PNG."""
        part = self._parts.get(figure_id)
        if part is None:
            return super().image(figure_id, box, factor)
        return part.document.image(part.id, box, factor)

    def reread(self, figure_id: str, box: Box | None, factor: float) -> list[Text]:
        """The texts in `box`, looked at again at `factor`."""
        part = self._parts.get(figure_id)
        if part is None:
            return super().reread(figure_id, box, factor)
        return part.document.reread(part.id, box, factor)

    def described(self, figure: Figure) -> Described:
        """A figure with the words by which it is chosen."""
        part = self._parts.get(figure.id)
        if part is None:
            return super().described(figure)
        return Described(figure, {"caption": figure.caption, "texts": part.words, "near": ""})

    def unsaid(self, question: str) -> tuple[str, ...]:
        """What the question names and the page never says; nothing where pictures may say it."""
        if any(isinstance(part.document, ImageDocument) for part in self._parts.values()):
            return ()
        return super().unsaid(question)

    def close(self) -> None:
        """Free the drawings."""
        for part in self._parts.values():
            part.document.close()
        super().close()

    def _shown(self, item: Item) -> Iterator[_Part]:
        """The figures of a drawing or picture; icons have none."""
        document = self._opened(item)
        inner = document.figures(None)
        for n, figure in enumerate(inner, len(self._parts) + 1):
            if figure.kind in ("logo", "table") or not big_enough(figure.bbox_pt):
                continue
            caption = item.caption or figure.caption
            own = replace(
                figure,
                id=f"p1-f{n}",
                source_sha=self.source.sha256,
                page=1,
                page_label="",
                caption=caption,
                label=label_of(caption),
            )
            yield _Part(own, figure.id, document, _words(document))

    def _opened(self, item: Item) -> PdfDocument | ImageDocument:
        if item.svg:
            return PdfDocument(svg_to_pdf(item.svg, self._name), self._name)
        return ImageDocument(item.picture, self._name)


def _words(document: PdfDocument | ImageDocument) -> str:
    if isinstance(document, ImageDocument):
        return ""
    return "\n".join(line.text for line in document.content(1).lines)
