"""Pages that are pictures alone (slides, scans): recognised when a question leads to them, and
divided into the charts and tables that they show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from air_cli.read import ocr
from air_cli.read.chart import read_chart
from air_cli.read.image_page import Contents, read_panel
from air_cli.read.page import Line, PageContent, center, inside
from air_cli.read.panels import find_panels, within
from air_cli.read.scene import Rgb
from air_cli.read.sized import shrunk, texts_at
from air_cli.read.table_cells import Word
from air_cli.read.table_layout import Grid, find_grids
from air_cli.read.texts import height_of, is_note, is_numeric, reading_order
from air_cli.records import Box, Chart, Figure, Text

# Letters of a line of running text, and how far to both sides of it, as a share of the page's
# width, nothing is drawn where it belongs to no chart.
_RUNNING, _BESIDE = 28, 0.1
_ALIGNED = 0.6  # heights by which lines of a paragraph begin apart
_BULLET = 2.5  # heights of a line, from its bullet to its first letter
# The part of a slide in which its title stands, and how much larger than the rest it is.
_HEAD, _LARGER = 0.2, 1.2
# The share of a page's numbers in tables that makes it a page of tables; a chart surer than this
# makes it a page of a chart.
_TABULAR, _SURE = 0.5, 0.85
# A reading without the running text that is less sure is held against one of the whole page.
_CERTAIN = 0.95


@dataclass(frozen=True)
class Scanned:
    """What was recognised on a page: its texts as lines in points, its parts as figures (the whole
    page where it is one chart, none where it holds tables only), what they were seen in, and
    `plain`, the page without its title and running text with the texts that are left then."""

    lines: tuple[Line, ...]
    words: tuple[Word, ...]
    figures: tuple[Figure, ...]
    contents: Contents
    rgb: Rgb
    plain: tuple[Rgb, Sequence[Text]]

    def outside(self) -> list[Word]:
        """The words that lie in none of the figures."""
        boxes = [figure.bbox_pt for figure in self.figures]
        return [
            word for word in self.words if not any(inside(center(word[:4]), box) for box in boxes)
        ]


class Scans:
    """The scanned pages that were looked at; `picture` gives the pixels of a page's figure."""

    def __init__(self, picture: Callable[[Figure], Rgb]) -> None:
        self._picture = picture
        self._pages: dict[int, Scanned] = {}
        self._whole: dict[str, tuple[Chart, dict[str, float]]] = {}

    def at(self, number: int) -> Scanned | None:
        """What is known of a page; None where it was not looked at or is no scan."""
        return self._pages.get(number)

    def look(self, whole: Figure) -> Scanned:
        """Recognise a page, of which `whole` is the picture, and divide it. Kept."""
        if whole.page not in self._pages:
            self._pages[whole.page] = self._looked(whole)
        return self._pages[whole.page]

    def content(self, content: PageContent) -> PageContent:
        """A page's content with the lines that were recognised on it."""
        known = self._pages.get(content.number)
        return content if known is None else replace(content, lines=list(known.lines))

    def chart(self, figure: Figure) -> tuple[Chart, dict[str, float]] | None:
        """A part of a looked-at page as data, with the seconds by stage; None for other figures."""
        known = self._pages.get(figure.page)
        if known is None or figure.id in self._whole:
            return self._whole.get(figure.id)
        if figure.id not in {part.id for part in known.figures}:
            return None
        if len(known.figures) == 1:
            return self._page_chart(known, figure)
        number = next(n for n, part in enumerate(known.figures) if part.id == figure.id)
        chart, seconds = read_panel(known.rgb, known.contents, number, figure.id)
        title = known.contents.title
        if len(known.figures) > 1 and chart.title in ("", title):
            chart = replace(chart, title=figure.caption.removesuffix(title).strip() or title)
        return chart, seconds

    def _page_chart(self, known: Scanned, figure: Figure) -> tuple[Chart, dict[str, float]]:
        """A page of one chart: read without its running text, else as it is."""
        rgb, texts = known.plain
        chart, seconds = read_chart(rgb, texts=texts, figure_id=figure.id, recognised=True)
        if chart.confidence < _CERTAIN:  # a legend may have been taken for text
            whole = read_panel(known.rgb, known.contents, 0, figure.id)
            if chart.kind == "unknown" or whole[0].confidence > chart.confidence:
                return whole
        title = _title(known.contents.texts, rgb.shape[0])
        over = chart.title if chart.title != title else ""
        return replace(chart, title=title or chart.title, subtitle=chart.subtitle or over), seconds

    def _looked(self, whole: Figure) -> Scanned:
        rgb = self._picture(whole)
        small, factor = shrunk(rgb)
        seen = ocr.shared().read(small)
        texts = tuple(texts_at(seen, 1 / factor))
        zoom = 72 / whole.dpi
        lines = tuple(_line(text, whole, zoom, n) for n, text in enumerate(texts))
        words = tuple((*line.box, line.text) for line in lines)
        plain = without_text(rgb, texts)
        one = Contents(texts, ((0.0, 0.0, float(rgb.shape[1]), float(rgb.shape[0])),))
        tables = self._tables(whole, rgb, one, words)
        contents, figures = (one, tables) if tables is not None else _divided(whole, one, *plain)
        return Scanned(lines, words, figures, contents, rgb, plain)

    def _tables(
        self, whole: Figure, rgb: Rgb, one: Contents, words: Sequence[Word]
    ) -> tuple[Figure, ...] | None:
        """The figures of a page of tables: none, or the page where it reads surely as a chart.
        None for any other page."""
        numbers = sum(is_numeric(text) for text in one.texts)
        cells = sum(map(_cells, find_grids(words)))
        if not cells or cells < _TABULAR * numbers:
            return None
        chart, seconds = read_panel(rgb, one, 0, whole.id)
        if chart.kind == "unknown" or chart.confidence < _SURE:
            return ()
        self._whole[whole.id] = chart, seconds
        return (whole,)


def _divided(
    whole: Figure, one: Contents, plain: Rgb, labels: Sequence[Text]
) -> tuple[Contents, tuple[Figure, ...]]:
    """What is on a page that is no table, and its charts as figures: the page itself where it is
    one."""
    boxes = find_panels(plain, labels, lambda part, own: read_chart(part, texts=own)[0])
    if len(boxes) < 2:
        return one, (whole,)
    title = _title(one.texts, plain.shape[0])
    figures = tuple(
        replace(_panel(whole, box, n), caption=_heading(one.texts, box, title))
        for n, box in enumerate(boxes, 2)
    )
    return Contents(one.texts, tuple(boxes), (), title), figures


def without_text(rgb: Rgb, texts: Sequence[Text]) -> tuple[Rgb, list[Text]]:
    """A page (height, width, 3) without its title and running text, which run across the gaps
    between charts, and the texts that are left."""
    plain = rgb.copy()
    head = _head(texts, rgb.shape[0])
    plain[:head] = np.median(plain[max(head - 1, 0) : head + 1].reshape(-1, 3), axis=0)
    running = _running(plain, [text for text in texts if _middle(text) >= head])
    kept = []
    for text in texts:
        if _middle(text) < head:
            continue
        if text not in running and not is_note(text.text):
            kept.append(text)
            continue
        left, top, right, bottom = (int(v) for v in text.bbox_px)
        # A bullet goes with its line.
        start = left - int(_BULLET * (bottom - top)) if text in running else left - 2
        box = slice(max(top - 2, 0), bottom + 3), slice(max(start, 0), right + 3)
        ring = np.concatenate([plain[box][0], plain[box][-1]])
        plain[box] = np.median(ring, axis=0)
    return plain, kept


def _running(rgb: Rgb, texts: Sequence[Text]) -> list[Text]:
    """The lines of running text: long ones beside which nothing is drawn, and the shorter lines of
    their paragraphs."""
    apart = [text for text in texts if not _beside_drawing(rgb, text)]
    found = [text for text in apart if len(text.text) >= _RUNNING]
    for text in found:  # grows while it is gone through
        high = height_of(text)
        for other in apart:
            gap = max(other.bbox_px[1] - text.bbox_px[3], text.bbox_px[1] - other.bbox_px[3])
            level = abs(other.bbox_px[0] - text.bbox_px[0]) < _ALIGNED * high
            same = abs(height_of(other) - high) < 0.3 * high
            words = " " in other.text.strip()
            if level and same and words and -high < gap < high and other not in found:
                found.append(other)
    return found


def _beside_drawing(rgb: Rgb, text: Text) -> bool:
    """Whether more than a bullet is drawn left or right of a line."""
    left, top, right, bottom = (int(v) for v in text.bbox_px)
    reach, row = int(_BESIDE * rgb.shape[1]), slice(max(top, 0), bottom + 1)
    before = rgb[row, max(left - reach, 0) : max(left - 4, 0)]
    return _is_drawn(before) or _is_drawn(rgb[row, right + 4 : right + 4 + reach])


def _middle(text: Text) -> float:
    return (text.bbox_px[1] + text.bbox_px[3]) / 2


def _head(texts: Sequence[Text], height: int) -> int:
    """Where a slide's title ends; 0 where it has none."""
    upper = [text for text in texts if text.bbox_px[3] < _HEAD * height]
    title = max(upper, key=height_of, default=None)
    usual = float(np.median([height_of(text) for text in texts])) if texts else 0.0
    if title is None or height_of(title) < _LARGER * usual:
        return 0
    return int(title.bbox_px[3] + 0.6 * height_of(title))


def _title(texts: Sequence[Text], height: int) -> str:
    """The largest words at the head of a slide."""
    upper = [t for t in texts if t.bbox_px[3] < _head(texts, height)]
    tallest = max((height_of(t) for t in upper), default=0.0)
    return reading_order([t for t in upper if height_of(t) > 0.8 * tallest])


def _cells(grid: Grid) -> int:
    """How many cells of a table hold a number."""
    found = (grid.cell(row, n) for row in grid.rows for n in range(len(grid.columns)))
    return sum(cell is not None and cell.value is not None for cell in found)


def _is_drawn(pixels: Rgb) -> bool:
    """Whether more than a bullet is drawn."""
    if not pixels.size:
        return False
    ground = np.median(pixels.reshape(-1, 3), axis=0)
    apart = np.abs(pixels.astype(np.int16) - ground).max(axis=2) > 48
    return bool(apart.any(axis=0).mean() > 0.25)


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
