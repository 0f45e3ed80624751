"""An SVG drawing as a one-page PDF, whose vectors the PDF reader reads exactly."""

from __future__ import annotations

import contextlib
from xml.etree.ElementTree import ParseError

import pymupdf

from air_cli.errors import ItemError
from air_cli.read.page import BROKEN
from air_cli.read.svg_styles import plain_svg

_MOST = 50_000_000


def svg_to_pdf(data: bytes, name: str) -> bytes:
    """The drawing as PDF. Raises `ItemError` for one that is damaged or too large."""
    if len(data) > _MOST:
        raise ItemError(f"{name}: the drawing is too large", kind="too-large")
    # MuPDF reads some drawings that are no well-formed XML.
    with contextlib.suppress(ParseError, ValueError):
        data = plain_svg(data)
    try:
        with pymupdf.open(stream=data, filetype="svg") as drawing:
            pdf: bytes = drawing.convert_to_pdf()
    except BROKEN as error:
        raise ItemError(f"{name}: the SVG is damaged and cannot be drawn") from error
    return pdf
