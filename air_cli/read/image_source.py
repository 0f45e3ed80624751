"""An image file as a document, decoded with care: a frame is a page, its panels are figures."""

from __future__ import annotations

import hashlib
import io
import re
import struct
import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from air_cli.errors import ItemError
from air_cli.read import ocr
from air_cli.read.image_page import Contents, crop_of, look_at, read_panel
from air_cli.read.photo import STRAIGHTENED, is_taken, straightened
from air_cli.read.rank import Described, Index
from air_cli.read.scene import Rgb
from air_cli.read.sized import text_in
from air_cli.records import Box, Chart, Excerpt, Figure, Ranked, Source, Text

MAX_PIXELS = 60_000_000
MAX_FRAMES = 500
MAX_SIDE = 30_000
_ZOOM_PIXELS = 16_000_000
# What Pillow's decoders raise on damaged files: they do not agree on one exception.
_DECODER_ERRORS = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    struct.error,
)
_ID = re.compile(r"p(\d{1,6})-f(\d{1,4})")
_FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF", "DIB")


class ImageDocument:
    """A PNG, JPEG, WebP, TIFF, GIF or BMP file; every frame of a TIFF is a page.

    Raises `ItemError`: `unreadable` (truncated, damaged), `too-large`, `unsupported`.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self._data, self._name = data, name
        self._frames: dict[int, Rgb] = {}
        self._found: dict[int, Contents] = {}
        self._taken: set[int] = set()  # pages that are photographs
        image = self._open()
        pages = self._count(image)
        self._source = Source(name, hashlib.sha256(data).hexdigest(), "image", pages)
        self._pixels(1)

    @property
    def source(self) -> Source:
        return self._source

    @property
    def problems(self) -> Sequence[str]:
        """None: an image is read whole or not at all."""
        return ()

    def figures(self, pages: Sequence[int] | None) -> list[Figure]:
        """The panels of each page, most often one. Raises `ItemError` for a page that does not
        exist."""
        wanted = list(pages) if pages is not None else list(range(1, self._source.pages + 1))
        for page in wanted:
            if not 1 <= page <= self._source.pages:
                raise ItemError(
                    f"{self._name}: there is no page {page}, the image has {self._source.pages}",
                    kind="no-page",
                )
        return [figure for page in wanted for figure in self._page_figures(page)]

    def chart(self, figure_id: str) -> tuple[Chart, dict[str, float]]:
        """The figure read into data, and the seconds each stage took."""
        page, number = self._place(figure_id)
        chart, seconds = read_panel(self._pixels(page), self._contents(page), number, figure_id)
        if page in self._taken:
            chart = replace(chart, problems=(*chart.problems, STRAIGHTENED))
        return chart, seconds

    def image(self, figure_id: str, box: Box | None, factor: float) -> bytes:
        """The figure, or `box` of it, as PNG, enlarged by `factor`."""
        return to_png(self._zoomed(figure_id, box, factor)[0])

    def reread(self, figure_id: str, box: Box | None, factor: float) -> list[Text]:
        """The texts in `box`, recognised at `factor` times its size; boxes in figure pixels."""
        crop, corner, actual = self._zoomed(figure_id, box, factor)
        found = ocr.shared().read(crop, enlarge_to=0)
        return [text_in(text, corner, actual) for text in found]

    def rank(self, question: str, pages: Sequence[int] | None) -> list[Ranked]:
        """The figures that may answer, best first: panels by what is written in and near them; a
        picture of one chart is the figure that was meant."""
        figures = self.figures(pages)
        if len(figures) == len({figure.page for figure in figures}):
            return [Ranked(figure, 1.0 / figure.page, "the image itself") for figure in figures]
        texts = {f.page: "\n".join(t.text for t in self._contents(f.page).texts) for f in figures}
        described = [Described(figure, self._words(figure)) for figure in figures]
        return Index(question, texts).rank(described)

    def excerpts(self, question: str, pages: Sequence[int] | None) -> list[Excerpt]:
        """A picture holds no running text."""
        del question, pages
        return []

    def page_called(self, label: str) -> int | None:
        """None: its pages have no printed numbers."""
        return None

    def unsaid(self, question: str) -> tuple[str, ...]:
        """Nothing: what a picture is about need not be written in it."""
        del question
        return ()

    def close(self) -> None:
        """Forget the pixels."""
        self._frames.clear()

    def _page_figures(self, page: int) -> list[Figure]:
        found = self._contents(page)
        return [
            Figure(
                f"p{page}-f{number + 1}",
                self._source.sha256,
                page,
                box,
                caption=found.caption(number),
                size_px=(round(box[2]) - round(box[0]), round(box[3]) - round(box[1])),
            )
            for number, box in enumerate(found.panels)
        ]

    def _words(self, figure: Figure) -> dict[str, str]:
        page, number = self._place(figure.id)
        found = self._contents(page)
        return {"caption": figure.caption, "texts": found.words(number), "near": found.title}

    def _contents(self, page: int) -> Contents:
        if page not in self._found:
            self._found[page] = look_at(self._pixels(page))
        return self._found[page]

    def _place(self, figure_id: str) -> tuple[int, int]:
        """(page, panel from 0) of a figure. Raises `ItemError` for one that does not exist."""
        match = _ID.fullmatch(figure_id)
        if match and 1 <= int(match[1]) <= self._source.pages:
            page, number = int(match[1]), int(match[2])
            if 1 <= number <= len(self._contents(page).panels):
                return page, number - 1
        raise ItemError(f"{self._name}: there is no figure {figure_id}", kind="no-figure")

    def _zoomed(
        self, figure_id: str, box: Box | None, factor: float
    ) -> tuple[Rgb, tuple[int, int], float]:
        """(crop enlarged, its corner in the figure, the factor used)."""
        page, number = self._place(figure_id)
        panel = crop_of(self._pixels(page), self._contents(page).panels[number])
        return zoom(panel, box, factor, self._name)

    def _open(self) -> Any:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                image = Image.open(io.BytesIO(self._data), formats=_FORMATS)
        except Image.DecompressionBombError as error:
            raise ItemError(f"{self._name}: the image is too large", kind="too-large") from error
        except UnidentifiedImageError as error:
            raise ItemError(f"{self._name}: damaged or not an image") from error
        except _DECODER_ERRORS as error:
            raise ItemError(f"{self._name}: not a readable image: {_line(error)}") from error
        width, height = image.size
        if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
            raise ItemError(
                f"{self._name}: {width} x {height} pixels are over the limit of "
                f"{MAX_PIXELS // 10**6} million",
                kind="too-large",
            )
        if min(width, height) < 1:
            raise ItemError(f"{self._name}: the image is empty")
        return image

    def _count(self, image: Any) -> int:
        """Frames of a TIFF; animations of other formats are one picture."""
        if image.format != "TIFF":
            return 1
        try:
            return int(min(image.n_frames, MAX_FRAMES))
        except _DECODER_ERRORS as error:
            raise ItemError(f"{self._name}: damaged image: {_line(error)}") from error

    def _pixels(self, page: int) -> Rgb:
        if page not in self._frames:
            image = self._open()
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    if page > 1:
                        image.seek(page - 1)
                        if image.size[0] * image.size[1] > MAX_PIXELS:
                            raise ItemError(f"{self._name}: page {page} is too large")
                    self._frames = {page: self._upright(page, to_rgb(image))}
            except (MemoryError, Image.DecompressionBombError) as error:
                raise ItemError(
                    f"{self._name}: the image is too large", kind="too-large"
                ) from error
            except _DECODER_ERRORS as error:
                raise ItemError(f"{self._name}: damaged image: {_line(error)}") from error
        return self._frames[page]

    def _upright(self, page: int, rgb: Rgb) -> Rgb:
        """The pixels of a page; those of a photograph straightened, and kept in mind as such."""
        if not is_taken(rgb):
            return rgb
        self._taken.add(page)
        return straightened(rgb)


def to_rgb(image: Any) -> Rgb:
    """Any Pillow image as (height, width, 3) uint8: turned upright (EXIF), transparency on white,
    16 bits and floating point brought to 8."""
    image.load()
    image = ImageOps.exif_transpose(image)
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        wide = np.asarray(image, dtype=np.float64)
        top = 65535.0 if wide.size and wide.max() > 255 else 255.0
        grey = np.clip(np.nan_to_num(wide) / top * 255, 0, 255).astype(np.uint8)
        return np.repeat(grey[:, :, None], 3, axis=2)
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        layer = image.convert("RGBA")
        white = Image.new("RGBA", layer.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, layer)
    return np.ascontiguousarray(np.asarray(image.convert("RGB"), dtype=np.uint8))


def zoom(
    rgb: Rgb, box: Box | None, factor: float, name: str = "image"
) -> tuple[Rgb, tuple[int, int], float]:
    """A crop enlarged: (pixels, corner of the crop, factor used: bounded by a pixel limit).

    Raises `ItemError` for a box outside the image or a factor that is no positive number.
    """
    height, width = rgb.shape[:2]
    if not (np.isfinite(factor) and factor > 0):
        raise ItemError(f"{name}: the zoom factor must be above 0", kind="bad-box")
    left, top, right, bottom = 0, 0, width, height
    if box is not None:
        if not all(np.isfinite(v) for v in box):
            raise ItemError(f"{name}: the box is not finite", kind="bad-box")
        left, top = max(0, int(box[0])), max(0, int(box[1]))
        right, bottom = min(width, int(np.ceil(box[2]))), min(height, int(np.ceil(box[3])))
    if right <= left or bottom <= top:
        raise ItemError(
            f"{name}: the box lies outside the {width} x {height} image", kind="bad-box"
        )
    crop = np.ascontiguousarray(rgb[top:bottom, left:right])
    limit = (_ZOOM_PIXELS / (crop.shape[0] * crop.shape[1])) ** 0.5
    factor = min(factor, 16.0, max(limit, 0.01))
    if factor != 1:
        size = (max(1, round(crop.shape[1] * factor)), max(1, round(crop.shape[0] * factor)))
        how = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
        crop = np.asarray(cv2.resize(crop, size, interpolation=how), dtype=np.uint8)
    return crop, (left, top), factor


def to_png(rgb: Rgb) -> bytes:
    """Pixels as a PNG file."""
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, format="PNG", compress_level=3)
    return buffer.getvalue()


def _line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]
