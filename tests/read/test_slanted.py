"""Labels set aslant under a plot: short ones in pieces, long ones, wrapped ones."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFont

from air_cli.read import ocr
from air_cli.read.bullets import real_texts
from air_cli.read.category_rows import _joined_slanted
from air_cli.read.scene import Rgb
from air_cli.read.slanted import reread_slanted
from air_cli.records import Text

FONT = ImageFont.load_default(13)
YEARS = [f"'{year % 100:02d}" for year in range(1992, 2016)]


def _years_aslant() -> Rgb:
    """Bars with a year of two digits under each, rising to its middle."""
    image = Image.new("RGB", (640, 300), "white")
    draw = ImageDraw.Draw(image)
    draw.line((60, 250, 620, 250), fill="black")
    for n, year in enumerate(YEARS):
        x = 75 + 23 * n
        draw.rectangle((x - 7, 240 - 8 * (n % 9), x + 7, 250), fill="#2a75d1")
        patch = Image.new("RGB", (30, 16), "white")
        ImageDraw.Draw(patch).text((29, 1), year, fill="#555555", font=FONT, anchor="ra")
        turned = patch.rotate(45, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC)
        box = (x + 10 - turned.width, 258, x + 10, 258 + turned.height)
        image.paste(ImageChops.darker(image.crop(box), turned), box)
    return np.array(image)


def test_short_years_set_aslant_are_read_one_by_one() -> None:
    rgb = _years_aslant()
    pieces = [  # what detection makes of them: single digits at two heights
        Text(year[1 + n % 2], (78.0 + 23 * n - 6, 262.0 + h, 78.0 + 23 * n, 271.0 + h))
        for n, year in enumerate(YEARS)
        for h in [5.0 * (n % 2)]
    ]
    again = reread_slanted(rgb, pieces, (60.0, 20.0, 620.0, 250.0), ocr.shared())
    assert again is not None
    years = [t for t in again if t.text in YEARS]
    assert len(years) >= 0.85 * len(YEARS)
    for text in years:
        end = 75 + 23 * YEARS.index(text.text)
        assert abs(text.bbox_px[2] - end) < 12


def test_a_row_of_level_digits_is_not_turned() -> None:
    digits = [Text(str(n), (80.0 + 40 * n, 262.0, 88.0 + 40 * n, 276.0)) for n in range(9)]
    rgb = np.full((300, 640, 3), 255, np.uint8)
    assert reread_slanted(rgb, digits, (60.0, 20.0, 620.0, 250.0), ocr.shared()) is None


def test_long_names_set_aslant_are_no_outlines() -> None:
    short = [Text("14%", (10.0, 20.0 * n, 40.0, 20.0 * n + 16)) for n in range(9)]
    name = Text("Social Democratic Party of Finland", (30.0, 200.0, 190.0, 360.0), angle=45.0)
    assert name in real_texts([*short, name])


def test_wrapped_names_set_aslant_are_one_label() -> None:
    ends = (100.0, 107.0, 163.0, 226.0, 289.0)
    names = ("First long", "(second line)", "Green party", "Centre party", "Others")
    row = [
        Text(name, (end - 5.0 * len(name), 300.0, end, 300.0 + 5 * len(name)), angle=45.0)
        for name, end in zip(names, ends, strict=True)
    ]
    labels = [label.text for label, _ in _joined_slanted(row)]
    assert labels == ["First long (second line)", "Green party", "Centre party", "Others"]
