"""Inputs for the command line: small, generated, with known content."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import pymupdf
from PIL import Image, ImageDraw, ImageFont

VALUES = {"2019": 20, "2020": 35, "2021": 50, "2022": 80}


def bar_chart(
    path: Path, title: str = "Sales by year, in units", values: Mapping[str, int] = VALUES
) -> Path:
    """Four bars with printed values and an axis from 0 to 100."""
    image = Image.new("RGB", (800, 500), "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(20)
    bottom, top = 430.0, 80.0
    draw.text((250, 20), title, fill="black", font=font)
    for value in range(0, 101, 20):
        y = bottom - (bottom - top) * value / 100
        draw.line((90, y, 760, y), fill="#dddddd")
        draw.text((80, y), str(value), fill="black", font=font, anchor="rm")
    for place, (year, value) in enumerate(values.items()):
        left = 130 + 160 * place
        y = bottom - (bottom - top) * value / 100
        draw.rectangle((left, y, left + 90, bottom), fill="#1f77b4")
        draw.text((left + 45, y - 6), str(value), fill="black", font=font, anchor="mb")
        draw.text((left + 45, bottom + 18), year, fill="black", font=font, anchor="mm")
    draw.line((90, bottom, 760, bottom), fill="black", width=2)
    image.save(path)
    return path


def pdf_without_figures(path: Path, pages: int = 1, password: str = "") -> Path:
    """A PDF of words alone."""
    document = pymupdf.open()
    for number in range(pages):
        document.new_page().insert_text((72, 72), f"Only words on page {number + 1}.")
    if password:
        document.save(
            path, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw=password, owner_pw=password
        )
    else:
        document.save(path)
    document.close()
    return path


def truncated_png(path: Path) -> Path:
    """The first half of a PNG."""
    stream = io.BytesIO()
    Image.effect_noise((300, 200), 60).save(stream, "PNG")
    path.write_bytes(stream.getvalue()[: len(stream.getvalue()) // 2])
    return path


def scanned_pdf(path: Path, titles: Mapping[str, Mapping[str, int]]) -> Path:
    """A PDF of pictures alone: a page a chart, no text that a program could search."""
    document = pymupdf.open()
    for title, values in titles.items():
        picture = bar_chart(path.with_suffix(".png"), title, values)
        page = document.new_page(width=800, height=500)
        page.insert_image((60, 40, 740, 460), filename=str(picture))
        picture.unlink()
    document.save(path)
    document.close()
    return path
