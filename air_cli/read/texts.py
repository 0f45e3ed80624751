"""Small questions about recognised texts: size, order, what they look like."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from air_cli.read.numbers import REMEMBERED, parse_number, repaired
from air_cli.records import Box, Text

_NOTES = re.compile(
    r"^(?:sources?|notes?|footnotes?|survey\b|data:|©|\(c\)|copyright|additional information"
    r"|(?:show|view|see) (?:the )?sources?\b|cc by|question wording|asked of"
    # A copyright sign read as another sign, and the address of a site.
    r"|(?:@\s?|[co0]\s)[a-z][\w.&]* (?:19|20)\d\d$|(?:https?://)?(?:\w+\.)+(?:org|com|net|gov|edu|int)\b)",
    re.IGNORECASE,
)


def union(boxes: Sequence[Box]) -> Box:
    """The smallest box around boxes."""
    return (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )


def height_of(text: Text) -> float:
    """The text's line height in pixels, turned text included."""
    left, top, right, bottom = text.bbox_px
    return (right - left) if abs(text.angle) > 45 else bottom - top


def reading_order(texts: Sequence[Text]) -> str:
    """The words of texts in reading order: line by line, left to right."""
    if not texts:
        return ""
    if all(abs(t.angle) > 45 for t in texts):  # upright text reads upwards, or downwards
        return reading_order([_laid_down(t) for t in texts])
    high = statistics.median(height_of(t) for t in texts)
    lines: list[list[Text]] = []
    for text in sorted(texts, key=lambda t: (t.bbox_px[1] + t.bbox_px[3]) / 2):
        middle = (text.bbox_px[1] + text.bbox_px[3]) / 2
        if lines:
            box = union([t.bbox_px for t in lines[-1]])
            if middle - (box[1] + box[3]) / 2 < 0.5 * high:
                lines[-1].append(text)
                continue
        lines.append([text])
    words = [t.text for line in lines for t in sorted(line, key=lambda t: t.bbox_px[0])]
    return " ".join(words)


def _laid_down(text: Text) -> Text:
    """Upright text turned to read from left to right."""
    left, top, right, bottom = text.bbox_px
    box = (-bottom, left, -top, right) if text.angle > 0 else (top, -right, bottom, -left)
    return replace(text, bbox_px=box, angle=0.0)


def is_note(text: str) -> bool:
    """Whether a text starts as sources, notes and publishers' lines do."""
    return bool(_NOTES.match(text))


def is_numeric(text: Text) -> bool:
    """Whether a text is one number, mended where OCR took letters for digits."""
    return _prints_number(text.text)


@lru_cache(maxsize=REMEMBERED)
def _prints_number(words: str) -> bool:
    return any(parse_number(reading) for reading in repaired(words))


def join_lines(first: Text, texts: Sequence[Text], high: float) -> tuple[Text, list[Text]]:
    """A label with the lines wrapped below it: (joined text, its members)."""
    members = [first]
    if abs(first.angle) > 10:
        return first, members
    for text in sorted(texts, key=lambda t: t.bbox_px[1]):
        last = members[-1].bbox_px
        middle = (text.bbox_px[0] + text.bbox_px[2]) / 2
        centred = abs(middle - (first.bbox_px[0] + first.bbox_px[2]) / 2) < 0.8 * high
        gap = text.bbox_px[1] - last[3]
        if (
            text not in members
            and centred
            and -0.5 * high < gap < 0.5 * high
            and (text.bbox_px[1] > last[1] + 0.5 * high)
        ):
            members.append(text)
    words = " ".join(t.text for t in members)
    return replace(first, text=words, bbox_px=union([t.bbox_px for t in members])), members


def continues(above: Text, below: Text) -> bool:
    """Whether `below` is the next line of the same wrapped text."""
    height = above.bbox_px[3] - above.bbox_px[1]
    gap = below.bbox_px[1] - above.bbox_px[3]
    left = abs(below.bbox_px[0] - above.bbox_px[0])
    middle = abs(sum(below.bbox_px[::2]) - sum(above.bbox_px[::2])) / 2
    return -0.4 * height <= gap <= 0.4 * height and min(left, middle) < 0.5 * height
