"""PDFs with known content for everyone's tests: matplotlib charts (as vectors or as images) on
pages with prose, tables, captions, photos and logos set by PyMuPDF.

`chart_pdf(kind, seed)` is one chart alone; `Report` builds pages with what is on them.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pymupdf
from PIL import Image

from air_cli.records import Box
from tests.charts import Style, make_chart

_PROSE = (
    "the company expects that demand for its services will continue to grow over the coming "
    "years as customers move more of their operations to the new platform and as the effects of "
    "earlier investments become visible in lower costs and in a better mix of products"
)
_WORDS = tuple(_PROSE.split())
Table = Sequence[Sequence[str]]


@dataclass
class Placed:
    """A figure or table on a page, with the truth about it."""

    page: int
    box: Box
    kind: str
    caption: str = ""
    vector: bool = False
    truth: dict[str, Any] = field(default_factory=dict)


def chart_pdf(kind: str, seed: int = 0, style: Style | None = None) -> tuple[bytes, dict[str, Any]]:
    """A one-page PDF that holds one vector chart: (bytes, truth as in `tests.charts`)."""
    return make_chart(kind, seed, style, form="pdf")


class Report:
    """A PDF in the making: letter pages, content added at given boxes (points, y down)."""

    def __init__(self, seed: int = 0) -> None:
        self.doc = pymupdf.open()
        self.placed: list[Placed] = []
        self._rng = np.random.default_rng(seed)
        self._seed = seed
        self._logo = photo(40, 40, seed=99)

    def page(self, *, logo: bool = True, width: float = 612, height: float = 792) -> int:
        """Add a page with a header rule, perhaps a logo, and a footer; its number from 1."""
        page = self.doc.new_page(width=width, height=height)
        number = int(self.doc.page_count)
        page.draw_line((50, 46), (width - 50, 46), color=(0.4, 0.4, 0.4), width=0.7)
        page.insert_text((width / 2 - 4, height - 28), str(number), fontsize=8)
        if logo:
            page.insert_image((width - 80, 18, width - 55, 43), stream=self._logo)
        return number

    def prose(self, box: Box, number: int | None = None, size: float = 10) -> None:
        """Fill a box with running text."""
        count = int((box[2] - box[0]) * (box[3] - box[1]) / (size * size * 3.4))
        words = [_WORDS[int(n)] for n in self._rng.integers(0, len(_WORDS), max(count, 8))]
        page = self._at(number)
        while page.insert_textbox(box, " ".join(words).capitalize() + ".", fontsize=size) < 0:
            del words[-max(len(words) // 20, 1) :]  # what does not fit is not set at all

    def chart(
        self,
        box: Box,
        kind: str,
        caption: str = "",
        *,
        vector: bool = True,
        seed: int = 0,
        above: bool = False,
    ) -> Placed:
        """Place a chart; its box on the page keeps the chart's own proportions."""
        page = self.doc.page_count
        width, height = (box[2] - box[0]) / 72, (box[3] - box[1]) / 72
        style = Style(size=(width * 1.6, height * 1.6), dpi=110)
        data, truth = make_chart(kind, seed, style, form="pdf" if vector else "png")
        if vector:
            with pymupdf.open(stream=data) as chart:
                self._at().show_pdf_page(pymupdf.Rect(box), chart, 0)
        else:
            self._at().insert_image(box, stream=data)
        self._caption(box, caption, above)
        placed = Placed(page, box, "chart", caption, vector, truth)
        self.placed.append(placed)
        return placed

    def photo(self, box: Box, caption: str = "") -> Placed:
        """Place a photograph."""
        width, height = int(box[2] - box[0]), int(box[3] - box[1])
        self._at().insert_image(box, stream=photo(width, height, self._seed))
        self._caption(box, caption, False)
        placed = Placed(self.doc.page_count, box, "photo", caption)
        self.placed.append(placed)
        return placed

    def table(self, box: Box, rows: Table, *, ruled: bool = False, shaded: bool = False) -> Placed:
        """Place a table: names left, numbers right-aligned under their headers."""
        page = self._at()
        left, top, right, bottom = box
        step = (bottom - top) / len(rows)
        width = (right - left) * 0.5 / max(len(rows[0]) - 1, 1)
        for n, row in enumerate(rows):
            base = top + (n + 0.7) * step
            if shaded and n % 2:
                band = (left, top + n * step, right, top + (n + 1) * step)
                page.draw_rect(band, color=None, fill=(0.85, 0.92, 0.97))
            page.insert_text((left + 3, base), row[0], fontsize=9)
            for m, cell in enumerate(row[1:]):
                end = left + (right - left) * 0.5 + (m + 1) * width - 4
                long = pymupdf.get_text_length(cell, fontsize=9)
                page.insert_text((end - long, base), cell, fontsize=9)
            if ruled:
                page.draw_line((left, top + n * step), (right, top + n * step), width=0.5)
        if ruled:
            page.draw_rect(box, width=0.8)
        placed = Placed(self.doc.page_count, box, "table", "", True, {"rows": rows})
        self.placed.append(placed)
        return placed

    def rotate(self, degrees: int) -> None:
        """Turn the last page as displayed."""
        self._at().set_rotation(degrees)

    def save(self, **options: Any) -> bytes:
        """The PDF's bytes; `options` as PyMuPDF's `tobytes` (encryption, owner_pw, user_pw)."""
        data: bytes = self.doc.tobytes(garbage=3, deflate=True, **options)
        return data

    def _at(self, number: int | None = None) -> Any:
        return self.doc[(number or self.doc.page_count) - 1]

    def _caption(self, box: Box, caption: str, above: bool) -> None:
        if caption:
            y = box[1] - 8 if above else box[3] + 13
            self._at().insert_text((box[0], y), caption, fontsize=9)


def photo(width: int, height: int, seed: int = 0) -> bytes:
    """A JPEG with the smooth gradients and the noise of a photograph."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(float)
    layers = [
        127
        + 60 * np.sin(x / rng.uniform(9, 40) + rng.uniform(0, 6)) * np.cos(y / rng.uniform(9, 40))
        for _ in range(3)
    ]
    pixels = np.stack(layers, axis=2) + rng.normal(0, 14, (height, width, 3))
    buffer = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(buffer, format="JPEG", quality=88)
    return buffer.getvalue()


INCOME = (
    ("(in millions, except per share)", "2021", "2022", "2023"),
    ("Revenue", "$1,204.5", "$1,398.2", "$1,611.9"),
    ("Cost of revenue", "(702.1)", "(801.4)", "(905.0)"),
    ("Gross profit", "502.4", "596.8", "706.9"),
    ("Other income (expense), net", "(3.0)", "4.1", "—"),
    ("Net income", "$210.7", "$255.3", "$301.8"),
    ("Earnings per share", "$1.05", "$1.27", "$1.50"),
)


def report(seed: int = 0) -> Report:
    """Four pages: vector charts with captions, a raster chart, a photo, tables, prose."""
    made = Report(seed)
    made.page()
    made.prose((60, 60, 552, 200))
    made.chart((80, 215, 520, 470), "grouped-bar", "Figure 1: Net sales by region", seed=seed)
    made.prose((60, 500, 552, 740))
    made.page()
    made.chart((60, 90, 300, 270), "line", "Chart 2.1 Visitors by year", seed=seed, above=True)
    made.chart((320, 90, 552, 270), "barh", "Chart 2.2 Spending", seed=seed, above=True)
    made.prose((60, 300, 552, 420))
    made.table((60, 450, 552, 600), INCOME, shaded=True)
    made.prose((60, 630, 552, 740))
    made.page()
    made.prose((60, 60, 552, 180))
    made.chart((90, 200, 500, 430), "bar", "Exhibit 5. Output", vector=False, seed=seed)
    made.photo((90, 480, 400, 700), "Figure 2. The new plant")
    made.page()
    made.prose((60, 60, 552, 330))
    made.table((60, 360, 552, 520), INCOME, ruled=True)
    made.prose((60, 550, 552, 740))
    return made
