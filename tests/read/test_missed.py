"""Words that detection passed over are proposed from their ink; marks are not."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from air_cli.read.missed import missed_words
from air_cli.read.scene import Rgb
from air_cli.records import Text

FONT = ImageFont.load_default(24)
WORDS = (
    ("4.1", 60, 40),
    ("12", 260, 90),
    ("3,704", 420, 140),
    ("2019", 60, 250),
    ("75%", 300, 250),
)


def picture() -> tuple[Rgb, list[Text]]:
    """Numbers, one of them on a bar, with a line, a marker and a grid around."""
    image = Image.new("RGB", (600, 300), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((400, 120, 520, 290), fill="#1f4e79")
    for y in (20, 70, 120, 220):
        draw.line((0, y, 390, y), fill="#dddddd")
    draw.line((10, 200, 150, 160, 380, 190), fill="#d1495b", width=3)
    draw.ellipse((144, 154, 156, 166), fill="#d1495b")
    texts = []
    for word, x, y in WORDS:
        draw.text((x, y), word, fill="white" if x > 400 else "black", font=FONT)
        left, top, right, bottom = draw.textbbox((x, y), word, font=FONT)
        texts.append(Text(word, (left - 2, top - 3, right + 2, bottom + 3)))
    return np.array(image), texts


def test_nothing_is_missed_when_all_is_read() -> None:
    rgb, texts = picture()
    assert missed_words(rgb, texts) == []


def test_each_missed_word_is_proposed() -> None:
    rgb, texts = picture()
    for gone in texts:
        kept = [t for t in texts if t is not gone]
        (box,) = missed_words(rgb, kept)
        middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        left, top, right, bottom = gone.bbox_px
        assert left < middle[0] < right
        assert top < middle[1] < bottom
        assert box[2] - box[0] > 0.7 * (right - left - 4)


def test_without_any_text_there_is_nothing_to_compare_with() -> None:
    assert missed_words(picture()[0], []) == []


def test_lone_digits_are_proposed_where_they_line_up_as_on_an_axis() -> None:
    image = Image.new("RGB", (400, 400), "white")
    draw = ImageDraw.Draw(image)
    read = [
        Text("Years since then", (120, 10, 320, 40)),
        Text("Sales of all", (120, 340, 260, 370)),
    ]
    read.append(Text("Costs of all", (270, 340, 390, 370)))
    for digit, y in (("0", 300), ("2", 230), ("4", 160), ("6", 90)):
        draw.text((40, y), digit, fill="black", font=FONT)
    draw.text((200, 200), "7", fill="black", font=FONT)
    found = missed_words(np.array(image), read)
    assert len(found) == 4
    assert all(box[2] < 60 for box in found)


def test_pale_digits_are_proposed_where_the_other_labels_are_as_pale() -> None:
    image = Image.new("RGB", (600, 300), "white")
    draw = ImageDraw.Draw(image)
    texts = []
    for n in range(6):
        place = (40 + 100 * n, 250)
        draw.text(place, str(n + 2), fill="#d2d2d8", font=FONT)
        word = (20, 20 + 34 * n)
        draw.text(word, f"0.{n}", fill="#c4c4cc", font=FONT)
        left, top, right, bottom = draw.textbbox(word, f"0.{n}", font=FONT)
        texts.append(Text(f"0.{n}", (left - 2, top - 3, right + 2, bottom + 3)))
    assert len(missed_words(np.array(image), texts)) == 6


def test_single_digits_close_beside_an_upright_title_are_proposed() -> None:
    image = Image.new("RGB", (600, 300), "white")
    draw = ImageDraw.Draw(image)
    for n in range(6):
        draw.text((40, 20 + 44 * n), str(n + 2), fill="#333333", font=FONT)
    title = Text("Share of the total", (12.0, 30.0, 45.0, 260.0), angle=90.0)
    years = [Text(str(2001 + n), (100.0 + 90 * n, 270.0, 118.0 + 90 * n, 299.0), angle=90.0)
             for n in range(4)]  # fmt: skip
    assert len(missed_words(np.array(image), [title, *years])) == 6
