"""Page numbers as printed: "F-12" at the foot of a page, or what the PDF says of itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from air_cli.read.page import Line, PageContent

# Shares of the page's height in which page numbers stand, and how far a plain number may be from
# the page's own (front matter, other parts bound in front).
_TOP, _BOTTOM, _OFF = 0.08, 0.9, 80
_LABEL = re.compile(
    r"(?:page\s+|[-–—|]\s*)?(?P<label>[A-Z]{1,3}[-–.]\s?\d{1,4}|\d{1,4}|[ivxl]{1,7})"
    r"(?:\s*[-–—|]|\s+of\s+\d+)?",
    re.IGNORECASE,
)


def printed_label(content: PageContent) -> str:
    """The number printed at the foot or head of a page, empty where there is none that can be one.

    A number that is far from the page's own is rather a year or an amount.
    """
    candidates = [line for line in content.lines if _in_margin(line, content.height)]
    # The foot before the head, and there the lowest line first.
    for line in sorted(candidates, key=lambda item: -item.box[3]):
        match = _LABEL.fullmatch(" ".join(line.text.split()))
        if match is None:
            continue
        label = re.sub(r"\s", "", match["label"]).replace("–", "-")
        if not label.isdecimal() or abs(int(label) - content.number) <= _OFF:
            return label
    return ""


def _in_margin(line: Line, height: float) -> bool:
    middle = (line.box[1] + line.box[3]) / 2
    return not line.angle and (middle > _BOTTOM * height or middle < _TOP * height)


def beside(label: str, number: int) -> str:
    """A label worth showing beside the page's number: empty when it says the same.

    >>> beside("F-12", 59), beside("59", 59)
    ('F-12', '')
    """
    return "" if label == str(number) else label


def find_label(doc: Any, label: str, content: Callable[[int], Sequence[Line]]) -> int | None:
    """The number (from 1) of the page that a PyMuPDF document calls `label`, or prints it on.

    `content(number)` gives the lines in the margins of a page.
    """
    own = doc.get_page_numbers(label) if doc.get_page_labels() else []
    if own:
        return int(own[0]) + 1
    wanted = label.lower()
    for number in range(1, int(doc.page_count) + 1):
        rect = doc[number - 1].rect
        page = PageContent(number, float(rect.width), float(rect.height))
        page.lines = list(content(number))
        if printed_label(page).lower() == wanted:
            return number
    return None
