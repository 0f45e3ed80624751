"""Pages that are pictures alone (slides, scans): recognised when a question leads to them, and
divided into the charts and tables that they show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from air_cli.read import ocr
from air_cli.read.chart import read_chart
from air_cli.read.colors import farthest, page_background
from air_cli.read.image_page import Contents, Whole, read_panel
from air_cli.read.page import Line, PageContent, center, inside
from air_cli.read.panel_cuts import fill
from air_cli.read.panels import find_panels, within
from air_cli.read.scene import Rgb
from air_cli.read.sized import shrunk, texts_at
from air_cli.read.slide_text import title_of, without_text
from air_cli.read.table_cells import Word
from air_cli.read.table_layout import Grid, find_grids
from air_cli.read.texts import is_numeric
from air_cli.records import Box, Chart, Figure, Text

# The share of a page's numbers in tables that makes it a page of tables; a chart surer than this
# makes it a page of a chart.
_TABULAR, _SURE = 0.5, 0.85
# Whether a page of tables has marks of a chart too: pixels on which it is looked at, levels from
# its ground, and the share of it that is solid then.
_MARKS_PX, _MARKED, _LEAST_SOLID = 900.0, 40, 0.002
# A reading without the running text that is less sure is held against one of the whole page.
_CERTAIN = 0.95


@dataclass(frozen=True)
class Seen:
    """What was recognised on a page, of which `whole` is the picture and `rgb` its pixels: its
    texts, also as lines and words in points."""

    whole: Figure
    rgb: Rgb
    texts: tuple[Text, ...]
    lines: tuple[Line, ...]

    @property
    def words(self) -> list[Word]:
        """The lines as words of tables."""
        return [(*line.box, line.text) for line in self.lines]


@dataclass(frozen=True)
class Parts:
    """What a page divides into: its parts as figures (the whole page where it is one chart, none
    where it holds tables only), what they were seen in, and the page without its title and running
    text, read as one chart when that is asked for."""

    figures: tuple[Figure, ...]
    contents: Contents
    plain: Whole


class Scans:
    """The scanned pages that were looked at; `picture` gives the pixels of a page's figure."""

    def __init__(self, picture: Callable[[Figure], Rgb]) -> None:
        self._picture = picture
        self._pages: dict[int, Seen] = {}
        self._parts: dict[int, Parts] = {}
        self._charts: dict[str, tuple[Chart, dict[str, float]]] = {}

    def look(self, whole: Figure) -> None:
        """Recognise the text of a page, of which `whole` is the picture. Kept."""
        if whole.page not in self._pages:
            self._pages[whole.page] = self._looked(whole)

    def divide(self, number: int) -> bool:
        """Find the charts and tables on a page that was looked at; whether that is new. Kept."""
        known = number in self._parts
        if not known:
            self._parts[number] = self._divided(self._pages[number])
        return not known

    def figures(self, number: int) -> tuple[Figure, ...] | None:
        """The charts of a page, the page itself until it is divided; None where it was not looked
        at or is no scan."""
        if number in self._parts:
            return self._parts[number].figures
        return (self._pages[number].whole,) if number in self._pages else None

    def outside(self, number: int) -> list[Word]:
        """The words of a page that lie in none of its figures."""
        boxes = [figure.bbox_pt for figure in self.figures(number) or ()]
        words = self._pages[number].words if number in self._pages else []
        return [word for word in words if not any(inside(center(word[:4]), box) for box in boxes)]

    def content(self, content: PageContent) -> PageContent:
        """A page's content with the lines that were recognised on it."""
        known = self._pages.get(content.number)
        return content if known is None else replace(content, lines=list(known.lines))

    def chart(self, figure: Figure) -> tuple[Chart, dict[str, float]] | None:
        """A part of a looked-at page, or all of it, as data, with the seconds by stage; None for
        other figures. Kept."""
        if figure.page not in self._pages:
            return None
        if figure.id not in self._charts:
            self._charts[figure.id] = self._read(self._pages[figure.page], figure)
        return self._charts[figure.id]

    def _read(self, seen: Seen, figure: Figure) -> tuple[Chart, dict[str, float]]:
        self.divide(figure.page)
        parts = self._parts[figure.page]
        names = [part.id for part in parts.figures]
        if figure.id not in names:
            return read_panel(seen.rgb, _one(seen), 0, figure.id)
        if len(names) == 1:
            return _page_chart(seen, parts.plain, figure)
        chart, seconds = read_panel(seen.rgb, parts.contents, names.index(figure.id), figure.id)
        title = parts.contents.title
        if chart.title in ("", title):
            chart = replace(chart, title=figure.caption.removesuffix(title).strip() or title)
        return chart, seconds

    def _looked(self, whole: Figure) -> Seen:
        rgb = self._picture(whole)
        small, factor = shrunk(rgb)
        texts = tuple(texts_at(ocr.shared().read(small), 1 / factor))
        zoom = 72 / whole.dpi
        lines = tuple(_line(text, whole, zoom, n) for n, text in enumerate(texts))
        return Seen(whole, rgb, texts, lines)

    def _divided(self, seen: Seen) -> Parts:
        rgb, labels = without_text(seen.rgb, seen.texts)
        plain = Whole(rgb, labels)
        tables = self._tables(seen)
        if tables is not None:
            return Parts(tables, _one(seen), plain)
        boxes = find_panels(
            rgb, labels, lambda part, own: read_chart(part, texts=own)[0], plain.chart
        )
        if len(boxes) < 2:
            return Parts((seen.whole,), _one(seen), plain)
        title = title_of(seen.texts, rgb.shape[0])
        figures = tuple(
            replace(_panel(seen.whole, box, n), caption=_heading(seen.texts, box, title))
            for n, box in enumerate(boxes, 2)
        )
        return Parts(figures, Contents(seen.texts, tuple(boxes), (), title), plain)

    def _tables(self, seen: Seen) -> tuple[Figure, ...] | None:
        """The figures of a page of tables: none, or the page where it reads surely as a chart.
        None for any other page."""
        numbers = sum(is_numeric(text) for text in seen.texts)
        cells = sum(map(_cells, find_grids(seen.words)))
        if not cells or cells < _TABULAR * numbers:
            return None
        if not _has_marks(seen.rgb, seen.texts):
            return ()
        chart, seconds = read_panel(seen.rgb, _one(seen), 0, seen.whole.id)
        if chart.kind == "unknown" or chart.confidence < _SURE:
            return ()
        self._charts[seen.whole.id] = chart, seconds
        return (seen.whole,)


def _one(seen: Seen) -> Contents:
    """A page as one figure."""
    height, width = seen.rgb.shape[:2]
    return Contents(seen.texts, ((0.0, 0.0, float(width), float(height)),))


def _page_chart(seen: Seen, plain: Whole, figure: Figure) -> tuple[Chart, dict[str, float]]:
    """A page of one chart: read without its running text, else as it is."""
    chart, seconds = plain.reading()
    if chart.confidence < _CERTAIN:  # a legend may have been taken for text
        whole = read_panel(seen.rgb, _one(seen), 0, figure.id)
        if chart.kind == "unknown" or whole[0].confidence > chart.confidence:
            return whole
    title = title_of(seen.texts, seen.rgb.shape[0])
    over = chart.title if chart.title != title else ""
    subtitle = chart.subtitle or over
    chart = replace(chart, figure_id=figure.id, title=title or chart.title, subtitle=subtitle)
    return chart, dict(seconds)


def _has_marks(rgb: Rgb, texts: Sequence[Text]) -> bool:
    """Whether anything besides text, rules and thin frames is drawn on a page: cheap, before it is
    read as a chart."""
    factor = min(1.0, _MARKS_PX / max(rgb.shape[:2]))
    small = cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    away = farthest(small.astype(np.int16) - np.array(page_background(rgb), np.int16)) > _MARKED
    for text in texts:
        fill(away, text.bbox_px, factor, value=False)
    solid = cv2.erode(away.astype(np.uint8), np.ones((3, 3), np.uint8))
    return bool(solid.mean() > _LEAST_SOLID)


def _cells(grid: Grid) -> int:
    """How many cells of a table hold a number."""
    found = (grid.cell(row, n) for row in grid.rows for n in range(len(grid.columns)))
    return sum(cell is not None and cell.value is not None for cell in found)


def _panel(whole: Figure, box: Box, number: int) -> Figure:
    """A part of a page's figure, in its resolution."""
    zoom = 72 / whole.dpi
    left, top = whole.bbox_pt[:2]
    x0, y0, x1, y1 = (round(v) for v in box)
    return replace(
        whole,
        id=f"p{whole.page}-f{number}",
        bbox_pt=(left + x0 * zoom, top + y0 * zoom, left + x1 * zoom, top + y1 * zoom),
        size_px=(x1 - x0, y1 - y0),
        kind="chart",
    )


def _heading(texts: Sequence[Text], box: Box, title: str) -> str:
    """What a panel may be called: its first line of words, and the title of its page."""
    own = [t.text for t in within(texts, box) if sum(c.isalpha() for c in t.text) > 3]
    return " ".join(dict.fromkeys([*own[:1], title])).strip()


def _line(text: Text, whole: Figure, zoom: float, block: int) -> Line:
    left, top = whole.bbox_pt[:2]
    x0, y0, x1, y1 = (v * zoom for v in text.bbox_px)
    box = (left + x0, top + y0, left + x1, top + y1)
    return Line(text.text, box, y1 - y0, angle=round(text.angle), block=block)
