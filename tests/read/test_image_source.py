"""Image files as documents: every format and oddity, and one-line refusals."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from air_cli.errors import ItemError
from air_cli.read import image_source
from air_cli.read.document import open_document
from air_cli.read.image_source import ImageDocument, zoom


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format=kind, **options)
    return buffer.getvalue()


def picture(mode: str = "RGB", size: tuple[int, int] = (40, 20)) -> Image.Image:
    return Image.new("RGB", size, (200, 30, 30)).convert(mode)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF"])
def test_every_format(kind: str) -> None:
    document = open_document(encoded(picture(), kind), f"a.{kind.lower()}")
    assert document.source.kind == "image" and document.source.pages == 1
    (figure,) = document.figures(None)
    assert figure.id == "p1-f1" and figure.size_px == (40, 20)
    png = document.image("p1-f1", None, 2.0)
    assert Image.open(io.BytesIO(png)).size == (80, 40)


def pixel(data: bytes) -> tuple[int, int, int]:
    png = ImageDocument(data, "x").image("p1-f1", None, 1.0)
    r, g, b = np.asarray(Image.open(io.BytesIO(png)))[10, 20][:3]
    return int(r), int(g), int(b)


def test_transparency_lies_on_white() -> None:
    assert pixel(encoded(Image.new("RGBA", (40, 20), (0, 0, 0, 0)), "PNG")) == (255, 255, 255)


def test_palette_with_transparency() -> None:
    image = picture("P")
    assert pixel(encoded(image, "PNG", transparency=image.getpixel((0, 0)))) == (255, 255, 255)


def test_sixteen_bits() -> None:
    wide = Image.fromarray(np.full((20, 40), 65535, np.uint16))
    assert pixel(encoded(wide, "PNG")) == (255, 255, 255)


def test_cmyk() -> None:
    r, g, b = pixel(encoded(picture("CMYK"), "JPEG"))
    assert r > 150 and g < 90 and b < 90


def test_exif_orientation() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    document = ImageDocument(encoded(picture(), "JPEG", exif=exif), "a.jpg")
    assert document.figures(None)[0].size_px == (20, 40)


def test_tiff_frames_are_pages() -> None:
    frames = [picture(size=(30 + i, 20)) for i in range(3)]
    data = encoded(frames[0], "TIFF", save_all=True, append_images=frames[1:])
    document = ImageDocument(data, "a.tif")
    assert [f.size_px[0] for f in document.figures([3, 1])] == [32, 30]
    with pytest.raises(ItemError, match="no page 4"):
        document.figures([4])


def test_truncated() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (200, 200, 3), dtype=np.uint8)
    data = encoded(Image.fromarray(noise), "PNG")
    with pytest.raises(ItemError, match=r"^a\.png: .*") as caught:
        ImageDocument(data[: len(data) // 2], "a.png")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"hello, this is text", b"\x89PNG\r\n\x1a\n", b"BM" * 9])
def test_not_an_image(data: bytes) -> None:
    with pytest.raises(ItemError):
        open_document(data, "a.png")


def test_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_source, "MAX_PIXELS", 500)
    with pytest.raises(ItemError, match="over the limit") as caught:
        ImageDocument(encoded(picture(), "PNG"), "a.png")
    assert caught.value.kind == "too-large"


def test_huge_header_costs_no_memory() -> None:
    data = bytearray(encoded(picture(), "BMP"))
    data[18:26] = (29_000).to_bytes(4, "little") * 2
    with pytest.raises(ItemError) as caught:
        ImageDocument(bytes(data), "a.bmp")
    assert caught.value.kind == "too-large"


def test_zoom_refuses_what_lies_outside() -> None:
    rgb = np.zeros((20, 40, 3), np.uint8)
    crop, corner, factor = zoom(rgb, (30, 10, 60, 30), 2.0)
    assert crop.shape == (20, 20, 3) and corner == (30, 10) and factor == 2.0
    for box, by in (((50, 0, 60, 5), 1.0), (None, 0.0), (None, float("nan"))):
        with pytest.raises(ItemError):
            zoom(rgb, box, by)


def test_zoom_is_bounded() -> None:
    crop, _, factor = zoom(np.zeros((900, 900, 3), np.uint8), None, 1e9)
    assert factor < 17 and crop.shape[0] * crop.shape[1] < 17_000_000


def test_unknown_figure() -> None:
    with pytest.raises(ItemError, match="no figure p2-f1"):
        ImageDocument(encoded(picture(), "PNG"), "a.png").chart("p2-f1")
