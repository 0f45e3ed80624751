"""Upright labels that detection sees word by word: read again with the picture turned."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from air_cli.read.ocr import Ocr
from air_cli.read.scene import Rgb
from air_cli.read.texts import union
from air_cli.records import Box, Text

_UPRIGHT = 60.0  # degrees
_BROKEN = 3  # words that follow another in one column
_SURE = 0.8


def reread_upright(rgb: Rgb, texts: Sequence[Text], ocr: Ocr) -> list[Text] | None:
    """The texts with the upright ones read along their lines, or None when these are not in pieces
    or turning gives fewer letters."""
    upright = [t for t in texts if abs(t.angle) > _UPRIGHT]
    follows = sum(_follows(a, b) for a, b in itertools.permutations(upright, 2))
    if follows < _BROKEN:
        return None
    height, width = rgb.shape[:2]
    left, top, right, bottom = union([t.bbox_px for t in upright])
    x0, y0 = max(0, int(left) - 6), max(0, int(top) - 6)
    part = rgb[y0 : min(height, int(bottom) + 6), x0 : min(width, int(right) + 6)]
    upwards = sum(t.angle > 0 for t in upright) >= 0.5 * len(upright)
    found = [
        Text(t.text, _back(t.bbox_px, part, upwards, (x0, y0)), confidence=t.confidence, angle=turn)
        for t in ocr.read(np.ascontiguousarray(np.rot90(part, -1 if upwards else 1)))
        for turn in [90.0 if upwards else -90.0]
        if abs(t.angle) < 20 and t.confidence >= _SURE
    ]
    found = [t for t in found if any(_holds(t.bbox_px, u) or _holds(u.bbox_px, t) for u in upright)]
    gone = [u for u in upright if any(_holds(t.bbox_px, u) for t in found)]
    if sum(len(t.text) for t in found) < 0.9 * sum(len(t.text) for t in gone):
        return None
    # A single glyph of an upright word may have been read as a level one.
    lone = [t for t in texts if abs(t.angle) <= _UPRIGHT and len(t.text) == 1]
    gone += [t for t in lone if any(_holds(f.bbox_px, t) for f in found)]
    return [t for t in texts if all(t is not g for g in gone)] + found


def _follows(one: Text, other: Text) -> bool:
    """Whether an upright word stands right above another, in its column."""
    a, b = one.bbox_px, other.bbox_px
    wide = min(a[2] - a[0], b[2] - b[0])
    level = abs(a[0] + a[2] - b[0] - b[2]) / 2 < 0.4 * wide
    return level and -0.5 * wide < b[1] - a[3] < wide


def _holds(box: Box, text: Text) -> bool:
    x = (text.bbox_px[0] + text.bbox_px[2]) / 2
    y = (text.bbox_px[1] + text.bbox_px[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _back(box: Box, part: Rgb, upwards: bool, corner: tuple[int, int]) -> Box:
    """A box of the turned part as one of the image."""
    height, width = part.shape[:2]
    x, y = corner
    x0, y0, x1, y1 = box
    if upwards:
        return x + y0, y + height - x1, x + y1, y + height - x0
    return x + width - y1, y + x0, x + width - y0, y + x1
