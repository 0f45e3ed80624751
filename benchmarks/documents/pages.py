"""Pages of generated reports: charts of all producers among prose, tables, photographs, logos.

`made_report` sets the pages and returns what is a figure on them. What is none of its business
(tables, signatures, decoration, a logo on every page) is drawn too and is not in the truth.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf
from PIL import Image

from air_cli.read.svg import svg_to_pdf
from air_cli.records import Box
from tests.documents import INCOME, Report, photo

_LABELS = ("Figure", "Chart", "Exhibit", "Fig.", "Graph", "Abbildung")
_WORDS = ("Net sales by region", "Output per worker", "Trade in goods", "Energy use", "Prices")
_ONE = (70.0, 240.0, 540.0, 520.0)
_TWO = ((60.0, 240.0, 300.0, 400.0), (318.0, 240.0, 552.0, 400.0))
_ROWS = ((90.0, 96.0, 520.0, 360.0), (90.0, 440.0, 520.0, 700.0))

Charts = Sequence[tuple[str, Path]]


@dataclass(frozen=True)
class Truth:
    """A figure that is on a page: where, under which caption, drawn by what."""

    page: int
    box: Box
    caption: str
    what: str


@dataclass
class Making:
    """A report in the making."""

    report: Report
    charts: Charts
    rng: np.random.Generator
    truth: list[Truth] = field(default_factory=list)
    number: int = 0

    @property
    def page(self) -> Any:
        """The page that is being set."""
        return self.report.doc[-1]

    def caption(self, box: Box) -> str:
        """Set a caption above or below a figure."""
        self.number += 1
        text = f"{self.rng.choice(_LABELS)} {self.number}: {self.rng.choice(_WORDS)}"
        y = box[1] - 8 if self.rng.random() < 0.4 else box[3] + 13
        self.page.insert_text((box[0], y), text, fontsize=9)
        return text

    def chart(self, place: Box, how: str = "vector") -> None:
        """A chart in a place, its ink as large as it goes, with a caption."""
        name, path = self.charts[int(self.rng.integers(len(self.charts)))]
        box = _put(self.page, path, place, how)
        self.note(box, self.caption(box), f"{how} {name}/{path.stem}")

    def note(self, box: Box, caption: str, what: str) -> None:
        """Remember a figure of the page that is being set."""
        page = self.page
        turned = pymupdf.Rect(box)
        self.truth.append(Truth(page.number + 1, tuple(turned), caption, what))


def made_report(seed: int, charts: Charts) -> tuple[bytes, list[Truth]]:
    """A document of six to nine pages, and the figures on them."""
    rng = np.random.default_rng([7, seed])
    making = Making(Report(seed), charts, rng)
    kinds = list(_PAGES)
    weights = np.array([weight for weight, _ in _PAGES.values()])
    for _ in range(int(rng.integers(6, 10))):
        kind = str(rng.choice(kinds, p=weights / weights.sum()))
        _PAGES[kind][1](making)
    return making.report.save(), making.truth


def _prose(making: Making) -> None:
    _begin(making)
    making.report.prose((60, 200, 552, 740))


def _begin(making: Making) -> None:
    """A page that opens with a heading and a paragraph."""
    making.report.page(logo=bool(making.rng.random() < 0.7))
    making.page.insert_text((60, 74), "Results of operations", fontsize=13, fontname="hebo")
    making.report.prose((60, 84, 552, 200))


def _one(making: Making, how: str = "vector") -> None:
    _begin(making)
    making.chart(_ONE, how)
    making.report.prose((60, 560, 552, 740))


def _two(making: Making) -> None:
    _begin(making)
    for place in _TWO:
        making.chart(place)
    making.report.prose((60, 440, 552, 740))


def _rows(making: Making) -> None:
    making.report.page(logo=True)
    for place in _ROWS:
        making.chart(place)


def _columns(making: Making) -> None:
    """Two columns of prose with a chart in one of them."""
    making.report.page()
    making.report.prose((50, 60, 298, 740), size=9)
    making.report.prose((314, 60, 562, 380), size=9)
    making.chart((318, 410, 558, 600))
    making.report.prose((314, 640, 562, 740), size=9)


def _landscape(making: Making) -> None:
    making.report.page(width=792, height=612)
    making.report.prose((60, 60, 732, 140))
    making.chart((90, 180, 700, 540))


def _rotated(making: Making) -> None:
    _one(making)
    before = making.truth.pop()
    making.report.rotate(int(making.rng.choice([90, 270])))
    making.note(before.box, before.caption, f"rotated {before.what}")


def _raster(making: Making) -> None:
    _one(making, "raster")


def _strips(making: Making) -> None:
    _one(making, "strips")


def _masked(making: Making) -> None:
    _one(making, "masked")


def _table(making: Making) -> None:
    _begin(making)
    shaded, ruled = bool(making.rng.random() < 0.5), bool(making.rng.random() < 0.5)
    making.report.table((60, 240, 552, 400), INCOME, ruled=ruled, shaded=shaded)
    making.report.prose((60, 560, 552, 740))


def _photo(making: Making) -> None:
    _begin(making)
    box = (90.0, 240.0, 420.0, 460.0)
    making.page.insert_image(box, stream=photo(330, 220, making.number))
    making.note(box, making.caption(box), "photo")
    making.report.prose((60, 560, 552, 740))


def _background(making: Making) -> None:
    """A page-sized picture behind prose and a chart."""
    making.report.page(logo=False)
    making.page.insert_image(making.page.rect, stream=_paper())
    making.report.prose((60, 84, 552, 200))
    making.chart(_ONE)
    making.report.prose((60, 560, 552, 740))


def _signed(making: Making) -> None:
    """A signature and ornaments: nothing to read."""
    _begin(making)
    page, rng = making.page, making.rng
    points = [(90 + 4 * n, 300 + float(rng.uniform(-14, 14))) for n in range(24)]
    page.draw_curve(*points[:3], color=(0.1, 0.1, 0.5))
    for n in range(0, 21, 3):
        page.draw_bezier(*points[n : n + 4], color=(0.1, 0.1, 0.5), width=1.1)
    page.draw_line((85, 320), (260, 320), width=0.5)
    page.insert_text((88, 332), "Chief Financial Officer", fontsize=9)
    page.draw_polyline([(0, 792), (0, 690), (70, 792)], fill=(0.2, 0.4, 0.6), closePath=True)
    making.report.prose((60, 380, 552, 680))


_PAGES: dict[str, tuple[float, Callable[[Making], None]]] = {
    "prose": (2, _prose),
    "one": (4, _one),
    "two": (3, _two),
    "rows": (2, _rows),
    "columns": (2, _columns),
    "landscape": (1, _landscape),
    "rotated": (1, _rotated),
    "raster": (1, _raster),
    "strips": (1, _strips),
    "masked": (1, _masked),
    "table": (2, _table),
    "photo": (1, _photo),
    "background": (1, _background),
    "signed": (1, _signed),
}


def _opened(path: Path) -> Any:
    """A drawn chart as a document of one page."""
    data = path.read_bytes()
    drawn = svg_to_pdf(data, path.name) if path.suffix == ".svg" else data
    return pymupdf.open(stream=drawn, filetype="pdf")


def _put(page: Any, path: Path, place: Box, how: str) -> Box:
    """Put a chart into a place; where its ink then is. `how`: vector, raster, strips, masked."""
    ink = _ink(path)
    wide, high = ink[2] - ink[0], ink[3] - ink[1]
    zoom = min((place[2] - place[0]) / wide, (place[3] - place[1]) / high)
    box = (place[0], place[1], place[0] + zoom * wide, place[1] + zoom * high)
    with _opened(path) as chart:
        if how == "vector":
            page.show_pdf_page(pymupdf.Rect(box), chart, 0, clip=pymupdf.Rect(ink))
            return box
        dpi = max(150, int(1100 / wide * 72))
        pixmap = chart[0].get_pixmap(dpi=dpi, clip=pymupdf.Rect(ink), alpha=how == "masked")
    if how != "strips":
        page.insert_image(box, pixmap=pixmap)
        return box
    image = Image.frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples)
    count = 7
    for n in range(count):
        top, bottom = (round(image.height * (n + k) / count) for k in (0, 1))
        strip = io.BytesIO()
        image.crop((0, top, image.width, bottom)).save(strip, format="PNG")
        y0, y1 = (box[1] + (box[3] - box[1]) * y / image.height for y in (top, bottom))
        page.insert_image((box[0], y0, box[2], y1), stream=strip.getvalue(), keep_proportion=False)
    return box


@cache
def _ink(path: Path) -> Box:
    """What of a one-page PDF is not white, in points, and 2 points around it."""
    with _opened(path) as chart:
        pixmap = chart[0].get_pixmap(dpi=72, colorspace=pymupdf.csGRAY, alpha=False)
    grey = np.frombuffer(pixmap.samples_mv, np.uint8).reshape(pixmap.height, pixmap.stride)
    rows, columns = np.where(grey[:, : pixmap.width] < 250)
    if not len(rows):
        return (0.0, 0.0, float(pixmap.width), float(pixmap.height))
    return (
        max(columns.min() - 2.0, 0.0),
        max(rows.min() - 2.0, 0.0),
        min(columns.max() + 3.0, float(pixmap.width)),
        min(rows.max() + 3.0, float(pixmap.height)),
    )


@cache
def _paper() -> bytes:
    """A pale picture with a slight gradient, as corporate reports have behind their pages."""
    y, x = np.mgrid[0:198, 0:153]
    pixels = np.stack([250 - y / 12, 251 - x / 15, 253 - (x + y) / 40], axis=2).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="JPEG", quality=80)
    return buffer.getvalue()
