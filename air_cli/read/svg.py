"""An SVG drawing as a one-page PDF, whose vectors the PDF reader reads exactly."""

from __future__ import annotations

import re

import pymupdf

from air_cli.errors import ItemError
from air_cli.read.page import BROKEN

_MOST = 50_000_000
_GRADIENT = re.compile(
    rb"<(?:linear|radial)Gradient\b[^>]*\bid=\"([^\"]+)\".*?Gradient>", re.DOTALL
)
_STOP = re.compile(rb"stop-color\s*[=:]\s*\"?\s*([^\";>]+)")
_PALE = (b"white", b"#fff", b"#ffffff", b"transparent", b"none")


def svg_to_pdf(data: bytes, name: str) -> bytes:
    """The drawing as PDF. Raises `ItemError` for one that is damaged or too large."""
    if len(data) > _MOST:
        raise ItemError(f"{name}: the drawing is too large", kind="too-large")
    try:
        with pymupdf.open(stream=_plain(data), filetype="svg") as drawing:
            pdf: bytes = drawing.convert_to_pdf()
    except BROKEN as error:
        raise ItemError(f"{name}: the SVG is damaged and cannot be drawn") from error
    return pdf


def _plain(data: bytes) -> bytes:
    """The drawing with a colour in the place of each gradient, which MuPDF would paint black: the
    last stop that is not white."""
    for name, stops in [(found[1], _STOP.findall(found[0])) for found in _GRADIENT.finditer(data)]:
        colors = [stop.strip() for stop in stops if stop.strip().lower() not in _PALE]
        if colors:
            data = data.replace(b"url(#" + name + b")", colors[-1])
    return data
