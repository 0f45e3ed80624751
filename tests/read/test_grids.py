"""Pictures of tables."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from air_cli.read.chart import read_chart
from air_cli.read.grids import read_grid
from air_cli.records import Text

ROWS = (
    ("", "2022", "2023", "2024"),
    ("Revenue", "1,204", "1,388", "1,502"),
    ("Operating income", "204", "231", "(18)"),
    ("Net income", "151", "170", "(44)"),
    ("Margin", "16.9%", "16.6%", "1.2%"),
)


def test_a_picture_of_a_table_is_read_cell_by_cell() -> None:
    image = Image.new("RGB", (760, 330), "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(18)
    texts = []

    def write(x: float, y: float, words: str) -> None:
        draw.text((x, y), words, "black", font)
        left, top, right, bottom = draw.textbbox((x, y), words, font)
        texts.append(Text(words, (float(left), float(top), float(right), float(bottom))))

    write(20, 10, "Selected results ($ in millions)")
    for i, row in enumerate(ROWS):
        draw.line((15, 52 + 34 * i, 745, 52 + 34 * i), fill=(200, 200, 200))
        for j, cell in enumerate(row):
            if cell:
                write(
                    20 if j == 0 else 330 + 130 * j - draw.textlength(cell, font), 60 + 34 * i, cell
                )
    chart, _ = read_chart(np.asarray(image).copy(), texts=texts)
    assert (chart.kind, chart.title) == ("table", "Selected results ($ in millions)")
    assert chart.scale == 1e6
    found = {(m.category, m.series): m.value for m in chart.marks}
    assert found["Net income", "2024"] == -44 and found["Margin", "2022"] == 16.9
    assert len(found) == 12
    box = next(m.bbox_px for m in chart.marks if m.value == 231)
    assert 540 < box[0] < 585 < box[2] and 120 < box[1] < 150


def test_few_numbers_are_no_table() -> None:
    texts = [Text(str(i), (10.0 * i, 10, 10.0 * i + 8, 20)) for i in range(3)]
    assert read_grid(texts, (100, 100), "p1-f1") is None
