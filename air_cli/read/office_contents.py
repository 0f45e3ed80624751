"""What an Office file holds, in order: charts, tables and texts, slide by slide, sheet by sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from air_cli.errors import ItemError
from air_cli.read.caption_labels import is_caption
from air_cli.read.office_charts import ChartData, LookUp, read_chart_part, read_theme
from air_cli.read.office_sheets import Book, blocks
from air_cli.read.office_zip import Element, Package, attribute, every, find, first, local, relation

_MOST_PAGES = 2_000


@dataclass
class Found:
    """A chart or a table on a page (slide, sheet, 1 for text) with the words that name it."""

    page: int
    caption: str
    chart: ChartData | None = None
    rows: list[list[str]] = field(default_factory=list)


@dataclass
class Contents:
    """All that was found. `texts` are the words of each page, `labels` the names of sheets."""

    kind: str
    pages: int = 0
    found: list[Found] = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def read_contents(package: Package) -> Contents:
    """Read a presentation, a text document or a workbook. Raises `ItemError` for other files."""
    if "ppt/presentation.xml" in package:
        return _Reader(package, "ppt").slides()
    if "word/document.xml" in package:
        return _Reader(package, "word").text()
    if "xl/workbook.xml" in package:
        return _Reader(package, "xl").sheets()
    what = "an OpenDocument file" if "mimetype" in package else "a ZIP file"
    hint = "; convert it to PDF" if "mimetype" in package else ""
    raise ItemError(
        f"{package.name}: this is {what}, not a PDF, an image or an Office file{hint}",
        kind="unsupported",
    )


class _Reader:
    def __init__(self, package: Package, folder: str) -> None:
        self._package, self._folder = package, folder
        theme = f"{folder}/theme/theme1.xml"
        self._theme = read_theme(package.xml(theme)) if theme in package else {}
        self._lookup: LookUp | None = None
        self._contents = Contents({"ppt": "pptx", "word": "docx", "xl": "xlsx"}[folder])

    def slides(self) -> Contents:
        """Charts and tables of the slides in the order of the presentation."""
        root = self._package.xml("ppt/presentation.xml")
        related = self._package.related("ppt/presentation.xml")
        order = [related.get(relation(item), "") for item in _ids(root, "sldId")]
        for page, part in self._counted(order):
            slide = self._package.xml(part)
            paragraphs = [_words(item) for item in every(slide, "p")]
            title = _title(slide)
            self._contents.texts[page] = "\n".join(filter(None, paragraphs))
            links = self._package.related(part)
            for frame in every(slide, "graphicFrame"):
                self._charts(frame, links, page, title)
                for table in every(frame, "tbl"):
                    self._add(Found(page, title, rows=_table(table, "tr", "tc")))
        return self._contents

    def text(self) -> Contents:
        """Charts and tables of a text document; pages as its writer last laid them out."""
        root = self._package.xml("word/document.xml")
        links = self._package.related("word/document.xml")
        body = find(root, "body")
        blocks_ = list(body) if body is not None else []
        page, texts = 1, {1: [""]}
        for n, block in enumerate(blocks_):
            page += len(every(block, "lastRenderedPageBreak"))
            texts.setdefault(page, []).append(_words(block))
            near = [_words(other) for other in blocks_[n + 1 : n + 2] + blocks_[max(n - 2, 0) : n]]
            caption = next((text for text in near if is_caption(text)), near[-1] if near else "")
            self._charts(block, links, page, caption[:300])
            if local(block) == "tbl":
                self._add(Found(page, caption[:300], rows=_table(block, "tr", "tc")))
        self._contents.texts = {number: "\n".join(lines) for number, lines in texts.items()}
        self._contents.pages = page
        return self._contents

    def sheets(self) -> Contents:
        """Tables and charts of the visible sheets; each sheet is a page."""
        root = self._package.xml("xl/workbook.xml")
        book = Book(self._package)
        related = self._package.related("xl/workbook.xml")
        sheets = _ids(root, "sheet")
        for item in sheets:
            part = related.get(relation(item), "")
            if part in self._package:
                book.add(attribute(item, "name"), self._package.xml(part))
        self._lookup = book.look_up
        visible = [item for item in sheets if not attribute(item, "state")]
        names = [attribute(item, "name") for item in visible]
        parts = [related.get(relation(item), "") for item in visible]
        for page, part in self._counted(parts):
            self._contents.labels[page] = names[page - 1]
            cells = book.texts[names[page - 1]]
            if names[page - 1] in book.cut:
                self._contents.problems.append(f"sheet {names[page - 1]}: only its first cells")
            self._contents.texts[page] = "\n".join([names[page - 1], *cells.values()])
            for heading, rows in blocks(cells):
                self._add(Found(page, heading or names[page - 1], rows=rows))
            for drawing in self._package.related(part).values():
                if "/drawings/drawing" in drawing and drawing in self._package:
                    links = self._package.related(drawing)
                    self._charts(self._package.xml(drawing), links, page, names[page - 1])
        return self._contents

    def _counted(self, parts: list[str]) -> Iterator[tuple[int, str]]:
        """Pages with their parts; one that is damaged costs itself only."""
        self._contents.pages = len(parts)
        if len(parts) > _MOST_PAGES:
            raise ItemError(f"{self._package.name}: it has too many pages", kind="too-large")
        for page, part in enumerate(parts, 1):
            if part in self._package:
                yield page, part
            else:
                self._contents.problems.append(f"{self._package.name}: page {page} is missing")

    def _charts(self, element: Element, links: Mapping[str, str], page: int, caption: str) -> None:
        for item in every(element, "chart"):
            part = links.get(relation(item), "")
            if not part or part not in self._package:
                continue
            try:
                data = read_chart_part(self._package.xml(part), self._theme, self._lookup)
            except ItemError as error:
                self._contents.problems.append(str(error))
                continue
            if data is None:
                self._contents.problems.append(f"page {page}: a chart without data kept in it")
                continue
            self._contents.texts[page] = self._contents.texts.get(page, "") + "\n" + data.title
            self._add(Found(page, caption, chart=data))

    def _add(self, found: Found) -> None:
        self._contents.found.append(found)


def _ids(root: Element, name: str) -> list[Element]:
    return every(root, name)


def _words(element: Element) -> str:
    return re.sub(r"\s+", " ", "".join(item.text or "" for item in every(element, "t"))).strip()


def _title(slide: Element) -> str:
    """The slide's title, else its first text."""
    for shape in every(slide, "sp"):
        kinds = [attribute(item, "type") for item in every(shape, "ph")]
        if kinds and kinds[0] in ("title", "ctrTitle"):
            return _words(shape)[:300]
    return next((text for shape in every(slide, "sp") if (text := _words(shape))), "")[:300]


def _table(element: Element, row: str, cell: str) -> list[list[str]]:
    """The texts of a table; a cell that spans several columns is said in each."""
    rows = []
    for line in every(element, row):
        texts: list[str] = []
        for item in (child for child in line if local(child) == cell):
            wide = attribute(first(find(item, "tcPr"), "gridSpan"))
            text = " ".join(_words(p) for p in every(item, "p")).strip()
            if attribute(item, "hMerge") == "1" and texts:
                text = texts[-1]
            texts += [text] * (min(int(wide), 60) if wide.isdigit() else 1)
        rows.append(texts[:60])
    return rows[:2_000]
