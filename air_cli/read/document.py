"""One way to look at every kind of source: `open_document(data, name) -> Document`.

The kind of a file is decided by its first bytes, never by its name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from air_cli.errors import ItemError
from air_cli.records import Box, Chart, Excerpt, Figure, Ranked, Source, Text

_IMAGES = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
)
_OTHERS = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file"),
    (b"{\\rtf", "an RTF file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"%!PS", "a PostScript file"),
    (b"\x7fELF", "a program"),
)
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HINTS = {
    "an old Office file": "; save it as .pptx, .docx or .xlsx, or convert it to PDF",
    "a PostScript file": "; convert it to PDF",
}
_SVG, _SVG_WITHIN = (
    re.compile(rb"^\s*(?:<\?xml|<!--|<!DOCTYPE\s+svg|<svg)[^\0]*?<svg[\s>]|^\s*<svg"),
    4096,
)
# A page of HTML: its first tag, after a mark of the byte order, declarations and comments.
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:(?:<\?xml[^>]*>|<!--.*?-->)\s*)*<(?:!doctype\s+html|html[\s>])",
    re.I | re.S,
)
# The stream in which an encrypted Office file is kept, as its directory names it.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# Readers accept a PDF header that stands anywhere in the first kilobyte.
_PDF_WITHIN = 1024


class Document(Protocol):
    """A source that has been opened. Coordinates (`box`) are pixels of the figure's image
    (`Figure.size_px`); pages count from 1.

    Every method raises `ItemError` when this page or figure cannot be processed.
    """

    @property
    def source(self) -> Source: ...

    @property
    def problems(self) -> Sequence[str]:
        """What was left out or guessed so far (a damaged page, a scan), in plain words."""
        ...

    def figures(self, pages: Sequence[int] | None) -> list[Figure]:
        """The figures on these pages (all when None), in page and reading order."""
        ...

    def chart(self, figure_id: str) -> tuple[Chart, dict[str, float]]:
        """The figure read into data, and the seconds each stage took."""
        ...

    def image(self, figure_id: str, box: Box | None, factor: float) -> bytes:
        """The figure, or `box` of it, as PNG, enlarged by `factor`."""
        ...

    def reread(self, figure_id: str, box: Box | None, factor: float) -> list[Text]:
        """The texts in `box` of the figure, looked at again at `factor` times its size."""
        ...

    def rank(self, question: str, pages: Sequence[int] | None) -> list[Ranked]:
        """The figures that may answer the question, best first."""
        ...

    def excerpts(self, question: str, pages: Sequence[int] | None) -> list[Excerpt]:
        """Sentences of the running text that speak of what is asked, the fittest first."""
        ...

    def page_called(self, label: str) -> int | None:
        """The number of the page on which `label` is printed ("F-12"), None where there is none."""
        ...

    def unsaid(self, question: str) -> tuple[str, ...]:
        """What the question names and the whole document never says; empty where its text is not
        known."""
        ...

    def close(self) -> None: ...


def open_document(data: bytes, name: str, password: str | None = None) -> Document:
    """Open a PDF, an image, an Office file, an SVG or an HTML page. `name` is for messages only.

    Raises `ItemError`: kind `unreadable` (empty, truncated, damaged), `unsupported` (another
    format), `encrypted` (a password is needed or wrong).
    """
    kind = sniff(data, name)
    if kind in ("pdf", "svg"):
        from air_cli.read.pdf import PdfDocument
        from air_cli.read.svg import svg_to_pdf

        return PdfDocument(data if kind == "pdf" else svg_to_pdf(data, name), name, password)
    if kind == "office":
        from air_cli.read.office_source import OfficeDocument

        return OfficeDocument(data, name)
    if kind == "html":
        from air_cli.read.html_source import HtmlDocument

        return HtmlDocument(data, name)
    from air_cli.read.image_source import ImageDocument

    return ImageDocument(data, name)


def sniff(data: bytes, name: str) -> str:
    """pdf, image, office, svg or html, by the first bytes. Raises `ItemError` for others."""
    if not data:
        raise ItemError(f"{name}: the file is empty")
    if any(data.startswith(magic) for magic, _ in _IMAGES):
        return "image"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image"
    head = data[:_PDF_WITHIN]
    if b"%PDF-" in head or (head.startswith(b"%") and b" 0 obj" in head):
        return "pdf"
    if data.startswith(_ZIP):
        return "office"
    if data.startswith(_OLE) and _ENCRYPTED in data:
        raise ItemError(f"{name}: it is encrypted; save it without a password", kind="encrypted")
    if _HTML.match(data[:_SVG_WITHIN]):
        return "html"
    if _SVG.search(data[:_SVG_WITHIN]) and _is_text(data[:_SVG_WITHIN]):
        return "svg"
    raise ItemError(f"{name}: {_what(data)}", kind="unsupported")


def _what(data: bytes) -> str:
    for magic, what in _OTHERS:
        if data.startswith(magic):
            hint = _HINTS.get(what, "")
            return f"this is {what}, not a PDF or an image{hint}"
    if _is_text(data[:4096]):
        head = data[:256].lstrip().lower()
        if head.startswith((b"<svg", b"<?xml", b"<!doctype")):
            return "this is XML, not a PDF or an image; convert it to PDF"
        return "this is text, not a PDF or an image"
    return "not a PDF, PNG, JPEG, WebP, TIFF, GIF or BMP file"


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # A multi-byte character may be cut at the end of the sample.
        return error.start >= len(head) - 3
    return True
