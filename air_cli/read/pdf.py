"""A PDF as a `Document`: pages on demand, figures, charts read exactly where they are vectors."""

from __future__ import annotations

import contextlib
import hashlib
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import pymupdf

from air_cli.errors import ItemError
from air_cli.read import glance, ocr, pdf_file
from air_cli.read.choosing import ranked
from air_cli.read.excerpts import excerpts
from air_cli.read.figures import find_figures, outlined_page
from air_cli.read.furniture import Furniture
from air_cli.read.page import (
    BROKEN,
    Line,
    PageContent,
    Path,
    area,
    center,
    inside,
    margin_lines,
    read_upright,
)
from air_cli.read.page_labels import beside, find_label, printed_label
from air_cli.read.page_texts import PageTexts
from air_cli.read.pdf_charts import chart_of, drawn
from air_cli.read.pictures import picture_kind
from air_cli.read.referring import with_mention
from air_cli.read.scans import Scans
from air_cli.read.scene import Rgb
from air_cli.read.sized import text_in
from air_cli.read.table_joins import Tables
from air_cli.read.table_layout import Grid, find_grids
from air_cli.read.tables import as_tables, find_tables
from air_cli.read.unsaid import unsaid
from air_cli.read.vector_text import Label, read_labels
from air_cli.records import Box, Chart, Excerpt, Figure, Ranked, Source, Text

pymupdf.TOOLS.mupdf_display_errors(False)
pymupdf.TOOLS.mupdf_display_warnings(False)

_ID = re.compile(r"p(\d+)-([ft])(\d+)")
_KEPT_PAGES = 16
_SCANNED_PAGES = 2
_TABLE_PAGES = 20
_THUMBNAIL_PX = 240.0

T = TypeVar("T")


class PdfDocument:
    """A PDF file. Every method isolates errors to the page that caused them."""

    def __init__(self, data: bytes, name: str, password: str | None = None) -> None:
        """Open `data`. Raises `ItemError` (kinds `unreadable`, `encrypted`)."""
        self._name = name
        self._doc = pdf_file.open_pdf(data, name, password)
        self._source = Source(name, hashlib.sha256(data).hexdigest(), "pdf", self._doc.page_count)
        self._pages: dict[int, PageContent] = {}
        self._figures: dict[int, list[Figure]] = {}
        self._tables = Tables(self._page_tables, self.content, self._doc.page_count)
        self._texts = PageTexts(self._page_text, self._page_picture)
        self._furniture = Furniture(self._doc, self.content)
        self._scans = Scans(lambda figure: self._pixels(figure, None, 1.0))
        self._problems: dict[str, None] = {}

    @property
    def source(self) -> Source:
        """The file as it was opened; `pages` is the number of pages."""
        return self._source

    @property
    def problems(self) -> list[str]:
        """What was left out or guessed so far, in plain words, each once."""
        return list(self._problems)

    def figures(self, pages: Sequence[int] | None) -> list[Figure]:
        """Figures in page order, tables after the figures of their page.

        Tables are looked for when at most `_TABLE_PAGES` pages are asked for: a long report has
        hundreds; scanned pages are recognised when at most `_SCANNED_PAGES` are. A damaged page is
        skipped and noted in `problems`, unless every page asked for is damaged: then `ItemError`.
        """
        wanted = self._numbers(pages)
        for number in wanted if len(wanted) <= _SCANNED_PAGES else ():
            with contextlib.suppress(ItemError):  # it is told of below
                self.divided(number)
        return self.listed(wanted)

    def listed(self, wanted: Sequence[int]) -> list[Figure]:
        """As `figures`, from what is known of scanned pages."""
        found: list[Figure] = []
        failures: list[ItemError] = []
        for number in wanted:
            try:
                scanned = self._scans.figures(number)
                found += self._page_figures(number) if scanned is None else scanned
                if len(wanted) <= _TABLE_PAGES:
                    found += self._tables.on(number, wanted)
            except ItemError as error:
                failures.append(error)
                self._problems[str(error)] = None
        if failures and len(failures) == len(wanted):
            raise failures[0]
        return found

    def chart(self, figure_id: str) -> tuple[Chart, dict[str, float]]:
        """The figure as data: exact from the drawing operations where they are understood,
        otherwise from a rendering (with the exact texts of the PDF where there are any)."""
        figure = self._figure(figure_id)
        started = time.perf_counter()
        if figure.kind == "table":
            return self._tables.chart(figure), {"table": time.perf_counter() - started}
        scanned = self._scans.chart(figure)
        if scanned is not None:
            return scanned
        labels = self._labels(figure)
        seconds = {"text": time.perf_counter() - started}
        paths = self.content(figure.page).paths
        chart, stages = chart_of(paths, labels, figure, lambda: self._pixels(figure, None, 1.0))
        return chart, seconds | stages

    def drawn(self, figure: Figure) -> tuple[list[Path], list[Label]]:
        """The drawing operations and the texts that a vector chart is read from."""
        return drawn(self.content(figure.page).paths, self._labels(figure), figure)

    def image(self, figure_id: str, box: Box | None, factor: float) -> bytes:
        """The figure, or `box` (px) of it, as PNG at `factor` times its resolution."""
        figure = self._figure(figure_id)
        return pdf_file.as_png(self._pixels(figure, box, factor))

    def reread(self, figure_id: str, box: Box | None, factor: float) -> list[Text]:
        """Texts of the PDF in `box`; where there are none (scans), OCR at `factor`."""
        figure = self._figure(figure_id)
        frame = box or (0.0, 0.0, float(figure.size_px[0]), float(figure.size_px[1]))
        texts = [
            label.as_text() for label in self._labels(figure) if inside(center(label.box), frame)
        ]
        if texts:
            return texts
        found = ocr.shared().read(self._pixels(figure, frame, factor))
        return [text_in(text, frame[:2], factor) for text in found]

    def rank(self, question: str, pages: Sequence[int] | None) -> list[Ranked]:
        """The figures that may answer the question, best first: of the pages that fit best."""
        numbers = self._numbers(pages)
        found = ranked(question, numbers, self, self._texts)
        note = self._texts.note(numbers)
        if note:
            self._problems[note] = None
        return found

    def excerpts(self, question: str, pages: Sequence[int] | None) -> list[Excerpt]:
        """Sentences that speak of what is asked."""
        numbers = self._numbers(pages)
        return excerpts(question, self._texts.of(numbers) | self._texts.known(numbers))

    def page_called(self, label: str) -> int | None:
        """The number of the page with this printed number; None where there is none."""

        def margins(number: int) -> list[Line]:
            try:
                return self._guarded(number, lambda: margin_lines(self._doc[number - 1]))
            except ItemError:
                return []

        return find_label(self._doc, label, margins)

    def unsaid(self, question: str) -> tuple[str, ...]:
        """What the question names and no page says."""
        return unsaid(question, self._texts.whole(self._numbers(None)))

    def close(self) -> None:
        """Free the document. Harmless when repeated."""
        self._pages.clear()
        if not self._doc.is_closed:
            self._doc.close()

    def content(self, number: int) -> PageContent:
        """The content of a page, read once. Raises `ItemError` when MuPDF cannot load it."""
        if number not in self._pages:
            if len(self._pages) >= _KEPT_PAGES:
                self._pages.pop(next(iter(self._pages)))
            page = self.page(number)
            label = str(self._guarded(number, page.get_label) or "")
            content = self._guarded(number, lambda: read_upright(page, number))
            content.label = beside(label or printed_label(content), number)
            self._pages[number] = content
            self._problems.update(dict.fromkeys(f"{self._name}: {p}" for p in content.problems))
        return self._scans.content(self._pages[number])

    def page(self, number: int) -> Any:
        """The PyMuPDF page. Raises `ItemError` for a page that is damaged or absurdly large."""
        return self._guarded(number, lambda: pdf_file.load_page(self._doc, number, self._name))

    def _page_text(self, number: int) -> str:
        try:
            return str(self._guarded(number, lambda: self._doc.load_page(number - 1).get_text()))
        except ItemError as error:
            self._problems[str(error)] = None
            return ""

    def _page_picture(self, number: int) -> Rgb | None:
        """A page's pixels at a legible size; None, with a problem, where it is damaged."""
        try:
            page = self.page(number)
            return self._guarded(number, lambda: pdf_file.page_pixels(page, glance.PAGE_PX))
        except ItemError as error:
            self._problems[str(error)] = None
            return None

    def printed(self, labels: Sequence[str]) -> dict[int, str]:
        """The pages called so by their printed numbers. A plain number is one of those only where
        the file itself says how its pages are called."""
        stated = bool(self._guarded(1, self._doc.get_page_labels))
        named = [name for name in labels if stated or not name.isdecimal()]
        found = {self.page_called(label): label for label in named}
        return {number: label for number, label in found.items() if number is not None}

    def is_scan(self, number: int) -> bool:
        """Whether a page is a picture, or outlines, without text."""
        try:
            return self._scan_on(number) is not None
        except ItemError:
            return False

    def looked(self, number: int) -> bool:
        """Recognise the text of a scanned page; whether it is one."""
        whole = self._scan_on(number)
        if whole is None or self._scans.figures(number) is not None:
            return whole is not None
        self._scans.look(whole)
        self._problems[f"{self._name}: page {number} is a scan: its text was recognised"] = None
        return True

    def divided(self, number: int) -> None:
        """Recognise a scanned page, and find the charts and tables on it."""
        if self.looked(number) and self._scans.divide(number):
            self._tables.forget(number)

    def _scan_on(self, number: int) -> Figure | None:
        """The picture, or the outlined prose, that is all of a page."""
        whole = next(iter(self._page_figures(number)), None)
        if whole is None and self.content(number):
            whole = outlined_page(self._pages[number], self._source.sha256)
        return whole if whole is not None and self._is_scanned(whole) else None

    def _labels(self, figure: Figure) -> list[Label]:
        page = self.page(figure.page)

        def read() -> list[Label]:
            page.remove_rotation()
            return read_labels(page, figure.bbox_pt, figure.dpi / 72)

        return self._guarded(figure.page, read)

    def _pixels(self, figure: Figure, box: Box | None, factor: float) -> Rgb:
        if not figure.more:
            return pdf_file.pixels(self._pixmap(figure, box, factor))
        parts = [
            pdf_file.pixels(self._pixmap(part, None, factor)) for part in pdf_file.separate(figure)
        ]
        return pdf_file.stacked(parts, figure, box, factor)

    def _page_figures(self, number: int) -> list[Figure]:
        if number not in self._figures:
            content = self.content(number)
            found = find_figures(content, self._source.sha256)
            self._figures[number] = [
                with_mention(figure, self._source.pages, self.content)
                for figure in map(self._sorted_out, found)
                if not self._furniture.holds(figure)
            ]
        return self._figures[number]

    def _sorted_out(self, figure: Figure) -> Figure:
        """A pictured figure with its kind, by a glance at a thumbnail of it."""
        if figure.kind != "unknown":
            return figure
        factor = min(1.0, _THUMBNAIL_PX / max(figure.size_px))
        with contextlib.suppress(ItemError):
            kind = picture_kind(self._pixels(figure, None, factor), figure)
            # A scanned page is no photograph, whatever it looks like.
            scan = kind == "photo" and self._is_scanned(figure)
            return replace(figure, kind="unknown" if scan else kind)
        return figure

    def _is_scanned(self, figure: Figure) -> bool:
        # Letters that are drawn as outlines are no lines of text either.
        if figure.vector:
            return False
        content = self._pages.get(figure.page) or self.content(figure.page)
        return not content.lines and area(figure.bbox_pt) > 0.7 * content.width * content.height

    def _page_tables(self, number: int) -> list[tuple[Figure, Grid]]:
        content, figures = self.content(number), self._page_figures(number)
        scanned = self._scans.figures(number)
        if scanned is not None:
            boxes = [figure.bbox_pt for figure in scanned]
            grids = find_grids(self._scans.outside(number))
            return as_tables(grids, content, boxes, self._source.sha256)
        page = self.page(number)

        def find() -> list[tuple[Figure, Grid]]:
            page.remove_rotation()
            return find_tables(content, page, figures, self._source.sha256)

        return self._guarded(number, find)

    def _numbers(self, pages: Sequence[int] | None) -> list[int]:
        return pdf_file.numbered(pages, self._source.pages, self._name)

    def _figure(self, figure_id: str) -> Figure:
        match = _ID.fullmatch(figure_id)
        if match:
            number = int(match[1])
            for figure in (*self.figures([number]), *self._page_figures(number)):
                if figure.id == figure_id:
                    return figure
        raise ItemError(f"{self._name} has no figure {figure_id}", kind="no-figure")

    def _pixmap(self, figure: Figure, box: Box | None, factor: float) -> Any:
        page = self.page(figure.page)
        return self._guarded(
            figure.page, lambda: pdf_file.pixmap(page, figure, box, factor, self._name)
        )

    def _guarded(self, number: int, work: Callable[[], T]) -> T:
        """Run `work` on a page; what MuPDF raises on damaged input becomes an `ItemError`."""
        try:
            return work()
        except BROKEN as error:
            what = f"{self._name}: page {number} is damaged ({pdf_file.brief(error)})"
            raise ItemError(what) from error
