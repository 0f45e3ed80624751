"""A PDF file as PyMuPDF opens it, and what comes out of it as arrays and texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pymupdf

from air_cli.errors import ItemError
from air_cli.read.page import BROKEN
from air_cli.read.scene import Rgb
from air_cli.records import Box, Figure

_MAX_PIXELS = 40_000_000
# A page larger than this in points (about 140 m) is refused: rendering it is an attack.
_MAX_SIDE_PT = 400_000.0


def load_page(doc: Any, number: int, name: str) -> Any:
    """The PyMuPDF page (from 1) of a document called `name`. Raises `ItemError` for one that is
    absurdly large, MuPDF's own errors (`BROKEN`) for a damaged one."""
    page = doc.load_page(number - 1)
    if max(page.rect.width, page.rect.height) > _MAX_SIDE_PT:
        raise ItemError(f"{name}: page {number} is too large to read", kind="too-large")
    return page


def pixels(picture: Any) -> Rgb:
    """A PyMuPDF pixmap as an array, (height, width, 3)."""
    flat = np.frombuffer(picture.samples_mv, np.uint8)
    rows = flat.reshape(picture.height, picture.stride)[:, : picture.width * 3]
    return rows.reshape(picture.height, picture.width, 3).copy()


def page_pixels(page: Any, longest: float) -> Rgb:
    """A PyMuPDF page as an array, (height, width, 3), `longest` pixels on its longer side."""
    zoom = longest / max(page.rect.width, page.rect.height, 1.0)
    return pixels(page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), alpha=False))


def pixmap(page: Any, figure: Figure, box: Box | None, factor: float, name: str) -> Any:
    """RGB pixmap of a figure or a part of it; `box` in px of the figure's image. Raises `ItemError`
    for one without pixels or with too many."""
    whole = (0.0, 0.0, float(figure.size_px[0]), float(figure.size_px[1]))
    left, top, right, bottom = box or whole
    zoom = figure.dpi / 72
    x0, y0 = figure.bbox_pt[:2]
    part = pymupdf.Rect(x0 + left / zoom, y0 + top / zoom, x0 + right / zoom, y0 + bottom / zoom)
    width, height = (right - left) * factor, (bottom - top) * factor
    if width < 1 or height < 1 or width * height > _MAX_PIXELS:
        raise ItemError(
            f"{name}: {figure.id}: a picture of {width:.0f} × {height:.0f} pixels cannot be made",
            kind="too-large",
        )
    page.remove_rotation()
    scale = pymupdf.Matrix(zoom * factor, zoom * factor)
    return page.get_pixmap(matrix=scale, clip=part, alpha=False, annots=True)


def separate(figure: Figure) -> list[Figure]:
    """A figure that runs over several pages as one of each page; others alone."""
    if not figure.more:
        return [figure]
    tops = [0, *(part.top_px for part in figure.more), figure.size_px[1]]
    places = [(figure.page, figure.bbox_pt), *((part.page, part.bbox_pt) for part in figure.more)]
    zoom = figure.dpi / 72
    return [
        replace(
            figure,
            page=page,
            bbox_pt=box,
            size_px=(round((box[2] - box[0]) * zoom), tops[n + 1] - tops[n]),
            more=(),
        )
        for n, (page, box) in enumerate(places)
    ]


def stacked(parts: Sequence[Rgb], figure: Figure, box: Box | None, factor: float) -> Rgb:
    """Pictures of the parts of a figure one below the other; `box` (px of the figure) of it."""
    wide, high = (round(side * factor) for side in figure.size_px)
    whole = np.full((high, wide, 3), 255, np.uint8)
    tops = [0, *(part.top_px for part in figure.more)]
    for picture, top in zip(parts, tops, strict=True):
        at = round(top * factor)
        piece = picture[: high - at, :wide]
        whole[at : at + piece.shape[0], : piece.shape[1]] = piece
    if box is None:
        return whole
    left, upper, right, lower = (max(round(side * factor), 0) for side in box)
    return whole[upper:lower, left:right].copy()


def as_png(rgb: Rgb) -> bytes:
    """An array, (height, width, 3), as PNG. Raises `ItemError` for an empty one."""
    height, width = rgb.shape[:2]
    if not height or not width:
        raise ItemError("a picture without pixels cannot be made", kind="too-large")
    picture = pymupdf.Pixmap(pymupdf.csRGB, width, height, rgb.tobytes(), False)
    png: bytes = picture.tobytes("png")
    return png


def open_pdf(data: bytes, name: str, password: str | None) -> Any:
    """A PyMuPDF document with at least one page. Raises `ItemError` (`unreadable`, `encrypted`)."""
    try:
        doc = pymupdf.open(stream=data, filetype="pdf")
    except BROKEN as error:
        raise ItemError(f"{name}: the PDF is damaged and cannot be opened") from error
    if doc.needs_pass and not doc.authenticate(password or ""):
        doc.close()
        what = "the password is wrong" if password else "it is encrypted; a password is needed"
        raise ItemError(f"{name}: {what}", kind="encrypted")
    try:
        pages = doc.page_count
    except BROKEN as error:
        raise ItemError(f"{name}: the PDF is damaged: its pages cannot be found") from error
    if pages < 1:
        doc.close()
        raise ItemError(f"{name}: the PDF has no pages (it may be truncated)")
    return doc


def brief(error: Exception) -> str:
    """What MuPDF says, in one line."""
    return " ".join(str(error).split())[:120]


def numbered(pages: Sequence[int] | None, count: int, name: str) -> list[int]:
    """The pages asked for, each once; all `count` where none are named. Raises `ItemError` for a
    page that the file `name` does not have."""
    for number in pages or ():
        if not 1 <= number <= count:
            has = "1 page" if count == 1 else f"{count} pages"
            raise ItemError(f"{name} has {has}, there is no page {number}", kind="no-page")
    return list(range(1, count + 1)) if pages is None else list(dict.fromkeys(pages))
