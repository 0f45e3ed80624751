"""What an HTML page holds, in order: inline SVG drawings, embedded pictures, tables, text.

Nothing is fetched and no script is run: a chart that a script would draw is not there, and is said
to be missing.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote_to_bytes

from air_cli.read.caption_labels import is_caption
from air_cli.read.html_svg import SvgWriter
from air_cli.read.html_tables import TableRows

_MOST = 200
_SILENT = frozenset({"script", "noscript", "template", "title"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "cite", "code", "em", "i", "kbd", "label", "mark", "q", "s", "small",
     "span", "strong", "sub", "sup", "time", "u", "var", "font", "img", "wbr", "style", "script"}
)  # fmt: skip
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?([\w-]+)", re.I)
_DATA = re.compile(r"data:image/([\w.+-]+)[^,]*?(;base64)?,", re.I)


@dataclass
class Item:
    """A drawing (`svg`), a picture (its file) or a table (`rows`) with the words that name it."""

    caption: str = ""
    svg: bytes = b""
    picture: bytes = b""
    rows: list[list[str]] = field(default_factory=list)


@dataclass
class HtmlContents:
    """All that was found; `text` is what the page says, a block a line."""

    items: list[Item] = field(default_factory=list)
    text: str = ""
    problems: list[str] = field(default_factory=list)


def read_html(data: bytes, name: str) -> HtmlContents:
    """The contents of a page. Damaged markup is read as far as it goes, as browsers do."""
    reader = _Reader()
    reader.feed(_decoded(data))
    reader.close()
    reader.flush()
    made = HtmlContents(reader.items[:_MOST], "\n".join(reader.texts))
    for item in made.items:
        if item.svg and reader.styles:
            item.svg = styled(item.svg, reader.styles)
    if len(reader.items) > _MOST:
        made.problems.append(f"{name}: only its first {_MOST} drawings and tables")
    if reader.outside:
        made.problems.append(
            f"{name}: {_count(reader.outside, 'picture')} in other files are not read; "
            "give them to air by themselves"
        )
    if reader.scripts and not any(item.svg or item.picture for item in made.items):
        made.problems.append(
            f"{name}: charts that scripts draw are not in the file; "
            "save the page from a browser as PDF"
        )
    return made


def styled(svg: bytes, styles: Sequence[str]) -> bytes:
    """A drawing with the style sheets of its page."""
    sheet = "".join(styles).replace("]]>", "").encode()
    head, mark, rest = svg.partition(b">")
    return head + mark + b"<style><![CDATA[" + sheet + b"]]></style>" + rest


def _decoded(data: bytes) -> str:
    declared = _CHARSET.search(data[:2048])
    for charset in ("utf-8-sig", declared[1].decode() if declared else "", "cp1252"):
        try:
            return data.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("utf-8", "replace")


def _count(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number} {what}s"


class _Reader(HTMLParser):
    """Collects items and blocks of text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.items: list[Item] = []
        self.texts: list[str] = []
        self.styles: list[str] = []
        self.outside = self.scripts = 0
        self._run: list[str] = []
        self._silent: list[str] = []
        self._svg: SvgWriter | None = None
        self._tables: list[TableRows] = []
        self._heading = self._in = ""
        self._figures: list[int] = []
        self._ahead = ""  # what a figure element says before it shows anything
        self._bare: Item | None = None  # the last item, while nothing was said since

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._svg is not None:
            self._svg.start(tag, attrs)
        elif tag == "svg":
            self.flush()
            self._svg = SvgWriter(attrs)
        elif tag in _SILENT:
            self._silent.append(tag)
            self.scripts += tag == "script"
        elif tag == "img":
            self._picture(dict(attrs).get("src") or "")
        else:
            self._open(tag, dict(attrs))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._svg is not None:
            self._svg.start(tag, attrs)
            self._svg.end(tag)
        elif tag == "img":
            self.handle_starttag(tag, attrs)
        elif tag not in _INLINE:
            self.flush()

    def handle_endtag(self, tag: str) -> None:
        if self._svg is not None:
            self._svg.end(tag)
            if self._svg.done:
                self._add(Item(svg=self._svg.data()))
                self._svg = None
        elif tag in _SILENT and tag in self._silent:
            del self._silent[self._silent.index(tag) :]
        else:
            self._close(tag)

    def handle_data(self, data: str) -> None:
        if self._svg is not None:
            self._svg.text(data)
        elif self._in == "style":
            self.styles.append(data)
        elif not self._silent:
            self._run.append(data)

    def flush(self) -> None:
        """End a block of text."""
        text = " ".join("".join(self._run).split())
        self._run.clear()
        if not text:
            return
        if self._tables:
            self._tables[-1].say(text)
            return
        self.texts.append(text)
        if self._in in _HEADINGS:
            self._heading = text
        elif self._in == "figcaption" or is_caption(text):
            self._name(text)
        self._bare = None

    def _open(self, tag: str, attrs: dict[str, str | None]) -> None:
        if tag not in _INLINE:
            self.flush()
        if tag in _HEADINGS or tag in ("figcaption", "style", "caption"):
            self._in = tag
        elif tag == "figure":
            self._figures.append(len(self.items))
        elif tag == "table":
            self._tables.append(TableRows())
        elif self._tables and tag == "tr":
            self._tables[-1].row()
        elif self._tables and tag in ("td", "th"):
            self._tables[-1].cell(attrs.get("colspan") or "", attrs.get("rowspan") or "")

    def _close(self, tag: str) -> None:
        if tag == "caption" and self._tables:
            self._tables[-1].caption = " ".join("".join(self._run).split())
            self._run.clear()
        elif tag not in _INLINE:
            self.flush()
        if tag == self._in:
            self._in = ""
        if tag == "figure" and self._figures:
            self._figures.pop()
            self._ahead = ""
        elif tag == "table" and self._tables:
            table = self._tables.pop()
            rows = table.rows()
            self.texts += [table.caption] * bool(table.caption)
            self.texts += [" ".join(filter(None, row)) for row in rows]
            self._add(Item(table.caption, rows=rows))

    def _add(self, item: Item) -> None:
        """Take an item; a caption or heading right before it names it until a better one comes."""
        last = self.texts[-1] if self.texts and not item.rows else ""
        before = self._ahead or (last[:400] if is_caption(last) else "")
        item.caption = item.caption or before or self._heading
        self.items.append(item)
        self._bare = item

    def _name(self, text: str) -> None:
        """A caption names the items of its figure element, or the one right before it."""
        inside = self.items[self._figures[-1] :] if self._figures else []
        if self._figures and not inside:
            self._ahead = text[:400]
        for item in inside or [item for item in (self._bare,) if item is not None]:
            item.caption = text[:400]

    def _picture(self, source: str) -> None:
        found = _DATA.match(source)
        if found is None:
            self.outside += bool(source)
            return
        body = source[found.end() :]
        try:
            data = base64.b64decode(body) if found[2] else unquote_to_bytes(body)
        except (binascii.Error, ValueError):
            return
        self.flush()
        svg = found[1].lower().startswith("svg")
        self._add(Item(svg=data) if svg else Item(picture=data))
