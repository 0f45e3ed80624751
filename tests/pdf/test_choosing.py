"""Of scanned pages only those that may hold the answer are recognised, and the best is divided."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from air_cli.read.choosing import ranked
from air_cli.read.page_texts import PageTexts
from air_cli.read.scans import _has_marks
from air_cli.records import Figure, Text

SAID = {
    1: "Contents of this report and its chapters",
    2: "Exports of coffee by country, all years",
    3: "Exports of tea by country, all years",
    4: "People who work in the fields by age",
}


class _Pages:
    """Scanned pages that tell what was done with them."""

    def __init__(self) -> None:
        self.recognised: list[int] = []
        self.cut: list[int] = []

    def content(self, number: int) -> Any:
        line = SimpleNamespace(text=SAID[number], box=(0.0, 0.0, 9.0, 9.0))
        return SimpleNamespace(lines=[line])

    def listed(self, wanted: Sequence[int]) -> list[Figure]:
        box = (0.0, 0.0, 100.0, 100.0)
        return [Figure(f"p{n}-f1", "", n, box, size_px=(100, 100)) for n in wanted]

    def looked(self, number: int) -> bool:
        self.recognised.append(number)
        return True

    def divided(self, number: int) -> None:
        self.cut.append(number)

    def is_scan(self, number: int) -> bool:
        return True

    def printed(self, labels: Sequence[str]) -> dict[int, str]:
        return {}


def test_two_scanned_pages_are_recognised_and_the_best_is_divided() -> None:
    pages, texts = _Pages(), PageTexts(SAID.__getitem__, lambda _: None)
    found = ranked("Which country exports the most, over all years?", list(SAID), pages, texts)
    assert sorted(pages.recognised) == [2, 3]
    assert pages.cut == [found[0].figure.page]


def test_a_page_of_words_and_rules_has_no_marks() -> None:
    page = np.full((1200, 900, 3), 255, np.uint8)
    text = Text("1,234", (100.0, 100.0, 180.0, 130.0))
    page[100:130, 100:180] = 0
    page[200:202, 50:850] = 90
    assert not _has_marks(page, [text])
    page[400:700, 300:360] = (40, 90, 160)
    assert _has_marks(page, [text])
