"""Upright labels of several words."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from air_cli.read import ocr
from air_cli.read.upright import reread_upright
from air_cli.records import Text

FONT = ImageFont.load_default(14)
NAMES = ("Human health and social work", "Transport and storage", "Retail trade and repair")


def test_words_of_upright_labels_are_put_together() -> None:
    image = Image.new("RGB", (240, 260), "white")
    pieces = []
    for n, name in enumerate(NAMES):
        x, y = 40 + 70 * n, 240
        patch = Image.new("RGB", (220, 20), "white")
        pen = ImageDraw.Draw(patch)
        pen.text((2, 2), name, fill="#444444", font=FONT)
        image.paste(patch.rotate(90, expand=True), (x, y - 220))
        at = 2.0
        for word in name.split():
            wide = pen.textlength(word + " ", font=FONT)
            box = (x + 2.0, y - at - wide + 3, x + 18.0, y - at)
            pieces.append(Text(word.replace("a", "e"), box, confidence=0.9, angle=90.0))
            at += wide
    again = reread_upright(np.array(image), pieces, ocr.shared())
    assert again is not None
    assert sorted(t.text for t in again) == sorted(NAMES)
    assert all(t.bbox_px[3] - t.bbox_px[1] > 90 and t.angle == 90 for t in again)
    assert reread_upright(np.array(image), pieces[:2], ocr.shared()) is None
