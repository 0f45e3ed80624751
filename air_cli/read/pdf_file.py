"""A PDF file as PyMuPDF opens it, and what comes out of it as arrays and texts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pymupdf

from air_cli.errors import ItemError
from air_cli.read.page import BROKEN
from air_cli.read.scene import Rgb
from air_cli.records import Box, Text


def pixels(pixmap: Any) -> Rgb:
    """A PyMuPDF pixmap as an array, (height, width, 3)."""
    flat = np.frombuffer(pixmap.samples_mv, np.uint8)
    rows = flat.reshape(pixmap.height, pixmap.stride)[:, : pixmap.width * 3]
    return rows.reshape(pixmap.height, pixmap.width, 3).copy()


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


def moved(text: Text, frame: Box, factor: float) -> Text:
    """A text found in an enlarged part of the image, in pixels of the whole."""
    left, top, right, bottom = text.bbox_px
    box = (
        frame[0] + left / factor,
        frame[1] + top / factor,
        frame[0] + right / factor,
        frame[1] + bottom / factor,
    )
    return replace(text, bbox_px=box)


def brief(error: Exception) -> str:
    """What MuPDF says, in one line."""
    return " ".join(str(error).split())[:120]
