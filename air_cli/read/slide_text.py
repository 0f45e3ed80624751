"""The words of a slide or scan that belong to no chart: its title and its running text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from air_cli.read.scene import Rgb
from air_cli.read.texts import height_of, is_note, reading_order
from air_cli.records import Text

# Letters of a line of running text, and how far to both sides of it, as a share of the page's
# width, nothing is drawn where it belongs to no chart.
_RUNNING, _BESIDE = 28, 0.1
_ALIGNED = 0.6  # heights by which lines of a paragraph begin apart
_BULLET = 2.5  # heights of a line, from its bullet to its first letter
# The part of a slide in which its title stands, and how much larger than the rest it is.
_HEAD, _LARGER = 0.2, 1.2


def without_text(rgb: Rgb, texts: Sequence[Text]) -> tuple[Rgb, list[Text]]:
    """A page (height, width, 3) without its title and running text, which run across the gaps
    between charts, and the texts that are left."""
    plain = rgb.copy()
    head = _head(texts, rgb.shape[0])
    plain[:head] = np.median(plain[max(head - 1, 0) : head + 1].reshape(-1, 3), axis=0)
    running = _running(plain, [text for text in texts if _middle(text) >= head])
    kept = []
    for text in texts:
        if _middle(text) < head:
            continue
        if text not in running and not is_note(text.text):
            kept.append(text)
            continue
        left, top, right, bottom = (int(v) for v in text.bbox_px)
        # A bullet goes with its line.
        start = left - int(_BULLET * (bottom - top)) if text in running else left - 2
        box = slice(max(top - 2, 0), bottom + 3), slice(max(start, 0), right + 3)
        ring = np.concatenate([plain[box][0], plain[box][-1]])
        plain[box] = np.median(ring, axis=0)
    return plain, kept


def _running(rgb: Rgb, texts: Sequence[Text]) -> list[Text]:
    """The lines of running text: long ones beside which nothing is drawn, and the shorter lines of
    their paragraphs."""
    apart = [text for text in texts if not _beside_drawing(rgb, text)]
    found = [text for text in apart if len(text.text) >= _RUNNING]
    for text in found:  # grows while it is gone through
        high = height_of(text)
        for other in apart:
            gap = max(other.bbox_px[1] - text.bbox_px[3], text.bbox_px[1] - other.bbox_px[3])
            level = abs(other.bbox_px[0] - text.bbox_px[0]) < _ALIGNED * high
            same = abs(height_of(other) - high) < 0.3 * high
            words = " " in other.text.strip()
            if level and same and words and -high < gap < high and other not in found:
                found.append(other)
    return found


def _beside_drawing(rgb: Rgb, text: Text) -> bool:
    """Whether more than a bullet is drawn left or right of a line."""
    left, top, right, bottom = (int(v) for v in text.bbox_px)
    reach, row = int(_BESIDE * rgb.shape[1]), slice(max(top, 0), bottom + 1)
    before = rgb[row, max(left - reach, 0) : max(left - 4, 0)]
    return _is_drawn(before) or _is_drawn(rgb[row, right + 4 : right + 4 + reach])


def _middle(text: Text) -> float:
    return (text.bbox_px[1] + text.bbox_px[3]) / 2


def _head(texts: Sequence[Text], height: int) -> int:
    """Where a slide's title ends; 0 where it has none."""
    upper = [text for text in texts if text.bbox_px[3] < _HEAD * height]
    title = max(upper, key=height_of, default=None)
    usual = float(np.median([height_of(text) for text in texts])) if texts else 0.0
    if title is None or height_of(title) < _LARGER * usual:
        return 0
    return int(title.bbox_px[3] + 0.6 * height_of(title))


def title_of(texts: Sequence[Text], height: int) -> str:
    """The largest words at the head of a slide."""
    upper = [t for t in texts if t.bbox_px[3] < _head(texts, height)]
    tallest = max((height_of(t) for t in upper), default=0.0)
    return reading_order([t for t in upper if height_of(t) > 0.8 * tallest])


def _is_drawn(pixels: Rgb) -> bool:
    """Whether more than a bullet is drawn."""
    if not pixels.size:
        return False
    ground = np.median(pixels.reshape(-1, 3), axis=0)
    apart = np.abs(pixels.astype(np.int16) - ground).max(axis=2) > 48
    return bool(apart.any(axis=0).mean() > 0.25)
