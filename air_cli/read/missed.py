"""Short words that text detection passed over: ink of a letter's size that no text box covers.

Detectors trained on scenes miss isolated two- or three-glyph words, which is just what value labels
are. Components of the size of the letters already read, standing in a row on flat ground, are
proposed as words; the recogniser then decides. A glyph by itself is proposed where it stands in a
row or column with others, as the single digits of an axis do: elsewhere it is too often a marker.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from air_cli.read.scene import Rgb
from air_cli.read.texts import height_of
from air_cli.records import Box, Text

_CONTRAST, _LEAST_CONTRAST = 48.0, 26.0  # grey levels between a letter and its ground
_FAINT = 0.4  # of the contrast of the palest text that was read: the edges of thin letters
_MOST = 60  # proposals an image; more is texture, not text


def missed_words(rgb: Rgb, texts: Sequence[Text]) -> list[Box]:
    """Boxes (pixels of `rgb`) of upright words among ink that none of `texts` covers.

    The height of letters is taken from `texts`; without any there is nothing to compare with.
    """
    heights = [height_of(t) for t in texts if not 10 <= abs(t.angle) <= 80]
    if len(heights) < 2:
        return []
    line = float(np.median(heights))
    gray = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    contrast = _contrast(gray, texts)
    glyphs = _glyphs(_ink(gray, line, contrast), line)
    glyphs = [g for g in glyphs if not any(_covers(t, g) for t in texts)]
    rows = _rows(glyphs, line)
    singles = [row[0] for row in rows if len(row) == 1]
    words = [_around(row) for row in rows if 2 <= len(row) <= 10]
    words += _lined_up(singles, [*words, *(t.bbox_px for t in texts if _short(t))], line)
    words = [w for w in words if _alone(gray, w, line)]
    return words if len(words) <= _MOST else []


def _contrast(gray: NDArray[np.uint8], texts: Sequence[Text]) -> float:
    """Grey levels by which letters must differ from their ground where text is as pale as here."""
    least = _CONTRAST / _FAINT
    for text in texts:
        left, top, right, bottom = (max(0, round(v)) for v in text.bbox_px)
        part = gray[top:bottom, left:right]
        if part.size and _short(text):
            low, ground, high = np.quantile(part, (0.02, 0.5, 0.98))
            least = min(least, max(high - ground, ground - low))
    return float(np.clip(_FAINT * least, _LEAST_CONTRAST, _CONTRAST))


def _ink(gray: NDArray[np.uint8], line: float, contrast: float) -> NDArray[np.uint8]:
    """What differs from its surroundings within about a line of text: 0 or 1."""
    size = min(255, 2 * round(line * 0.9) + 1)
    ground = cv2.medianBlur(gray, size)
    return np.asarray(cv2.absdiff(gray, ground) > contrast, dtype=np.uint8)


def _glyphs(ink: NDArray[np.uint8], line: float) -> list[Box]:
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    found = []
    for left, top, width, height, area in stats[1:count].tolist():
        sized = 0.3 * line <= height <= 1.1 * line and 0.06 * line <= width <= 1.1 * line
        if sized and area >= 0.12 * width * height:
            found.append((float(left), float(top), float(left + width), float(top + height)))
    return found


def _covers(text: Text, glyph: Box) -> bool:
    """Whether a glyph belongs to a text; digits of an axis stand close beside its upright title."""
    x, y = (glyph[0] + glyph[2]) / 2, (glyph[1] + glyph[3]) / 2
    left, top, right, bottom = text.bbox_px
    beside = 0 if abs(text.angle) > 80 else 2
    return left - beside <= x <= right + beside and top - 2 <= y <= bottom + 2


def _rows(glyphs: Sequence[Box], line: float) -> list[list[Box]]:
    """Glyphs of one height side by side."""
    rows: list[list[Box]] = []
    for glyph in sorted(glyphs):
        for row in rows:
            last = row[-1]
            level = abs(last[3] - glyph[3]) < 0.2 * line and abs(last[1] - glyph[1]) < 0.3 * line
            if level and -0.1 * line < glyph[0] - last[2] < 0.6 * line:
                row.append(glyph)
                break
        else:
            rows.append([glyph])
    return rows


def _around(row: Sequence[Box]) -> Box:
    return row[0][0], min(g[1] for g in row), row[-1][2], max(g[3] for g in row)


def _short(text: Text) -> bool:
    """A number as an axis has them."""
    return len(text.text) <= 5 and any(c.isdigit() for c in text.text)


def _lined_up(singles: Sequence[Box], words: Sequence[Box], line: float) -> list[Box]:
    """The lone glyphs that stand with at least two other glyphs or words in one column, flush at
    the left, right or middle, or on one baseline."""
    near = 0.3 * line

    def together(one: Box, other: Box) -> bool:
        if abs(one[3] - other[3]) < 0.2 * line or abs(one[1] + one[3] - other[1] - other[3]) < near:
            return one[0] - other[2] > line or other[0] - one[2] > line
        if abs(one[1] - other[1]) < 1.2 * line:
            return False
        middle = abs(one[0] + one[2] - other[0] - other[2]) / 2
        return min(abs(one[0] - other[0]), abs(one[2] - other[2]), middle) < near

    everyone = [*singles, *words]
    return [g for g in singles if sum(together(g, other) for other in everyone if other != g) >= 2]


def _alone(gray: NDArray[Any], word: Box, line: float) -> bool:
    """Whether flat ground surrounds the word: its frame has one grey level nearly everywhere."""
    reach = max(2, round(0.2 * line))
    left, top = max(0, int(word[0]) - reach), max(0, int(word[1]) - reach)
    crop = gray[top : int(word[3]) + reach + 1, left : int(word[2]) + reach + 1].astype(int)
    frame = np.concatenate([crop[0], crop[-1], crop[:, 0], crop[:, -1]])
    return bool(np.mean(np.abs(frame - np.median(frame)) < _CONTRAST / 2) > 0.9)
