"""A picture of data that has none: rows and columns of text with the box of every cell.

Charts and tables of Office files are read from their data, not from a rendering. So that an answer
can still point at its evidence, the data are shown as a table, whose cells are the marks' boxes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from air_cli.read.scene import Rgb
from air_cli.records import Box

_SIZE, _ROW, _PAD = 18, 30, 12
_WIDEST, _LONGEST = 420, 60
# What a picture shows at most; cells beyond get the box of the last row or column.
_ROWS, _COLUMNS = 400, 40


@dataclass(frozen=True)
class Sheet:
    """Texts laid out: `boxes[row][column]` in px of a picture of `size`."""

    title: str
    texts: tuple[tuple[str, ...], ...]
    boxes: tuple[tuple[Box, ...], ...]
    size: tuple[int, int]


@cache
def _font() -> Any:
    return ImageFont.load_default(size=_SIZE)


def lay_out(title: str, rows: Sequence[Sequence[str]]) -> Sheet:
    """Place the texts of a table (rows of equal length): names left, numbers right."""
    shown = [tuple(text[:_LONGEST] for text in row[:_COLUMNS]) for row in rows[:_ROWS]]
    count = max((len(row) for row in shown), default=1)
    widths = [
        min(max([_font().getlength(row[n]) for row in shown if n < len(row)], default=0), _WIDEST)
        + 2 * _PAD
        for n in range(count)
    ]
    edges = [float(_PAD)]
    for width in widths:
        edges.append(edges[-1] + float(width))
    top = _PAD + (_ROW if title else 0)
    boxes = []
    for n in range(len(rows)):
        at = float(top + min(n, _ROWS - 1) * _ROW)
        boxes.append(
            tuple(
                (edges[min(m, count - 1)], at, edges[min(m, count - 1) + 1], at + _ROW)
                for m in range(len(rows[n]))
            )
        )
    height = top + len(shown) * _ROW + _PAD
    wide = max(edges[-1], float(_font().getlength(title[:120])) + _PAD) + _PAD
    return Sheet(title, tuple(shown), tuple(boxes), (int(wide), int(height)))


def draw(sheet: Sheet) -> Rgb:
    """The picture, (height, width, 3)."""
    image = Image.new("RGB", sheet.size, "white")
    pen = ImageDraw.Draw(image)
    if sheet.title:
        pen.text((_PAD, _PAD), sheet.title[:120], fill="black", font=_font())
    for n, row in enumerate(sheet.texts):
        for text, box in zip(row, sheet.boxes[n], strict=False):
            numeric = text[:1].isdigit() or text[:1] in "-($"
            x = box[2] - _PAD - _font().getlength(text) if numeric else box[0] + 4
            pen.text((x, box[1] + 4), text, fill="black", font=_font())
        if n < len(sheet.texts) and row:
            pen.line((_PAD, sheet.boxes[n][0][3], sheet.size[0] - _PAD, sheet.boxes[n][0][3]),
                     fill="#dddddd")  # fmt: skip
    return np.asarray(image, dtype=np.uint8)
