"""Slanted tick labels, which text detection sees in pieces: read again with the picture turned."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from air_cli.read.ocr import Ocr
from air_cli.read.scene import Rgb
from air_cli.read.texts import is_numeric
from air_cli.records import Box, Text

_ANGLES = (45.0, -45.0)
_SURE = 0.75


def reread_slanted(rgb: Rgb, texts: Sequence[Text], plot: Box, ocr: Ocr) -> list[Text] | None:
    """The texts with the labels under the plot read along their slant, or None when they are not
    slanted (fewer than two of their pieces are) or turning does not help."""
    band = _band(rgb, texts, plot)
    if band is None:
        return None
    left, top, right, bottom = (round(v) for v in band)
    part = rgb[top:bottom, left:right]
    inside = [t for t in texts if _within(t, band)]
    best: list[Text] = []
    for angle in _angles(inside):
        found = _read_turned(part, angle, (left, top), ocr)
        if sum(t.confidence for t in found) > sum(t.confidence for t in best):
            best = found
        if len(found) >= 4 and np.mean([t.confidence for t in found]) > 0.9:
            break
    if len(best) < 3 or np.mean([t.confidence for t in best]) < _SURE:
        return None
    # A tick label of the value axis that the strip holds is level, and was read before.
    best = [t for t in best if not _read_level(t, inside)]
    best = [replace(t, angle=0.0) if _in_column(t, texts) else t for t in best]
    gone = [
        t
        for t in inside
        if abs(t.angle) > 10
        or (_covered(t, best) and not _in_column(t, [o for o in texts if o is not t]))
    ]
    return [t for t in texts if all(t is not i for i in gone)] + best


def _in_column(text: Text, others: Sequence[Text]) -> bool:
    """Whether a number ends flush with two level numbers: it is the lowest of their column."""
    level = [o for o in others if abs(o.angle) <= 10 and is_numeric(o)]
    flush = [o for o in level if abs(o.bbox_px[2] - text.bbox_px[2]) <= 4]
    return is_numeric(text) and len(flush) >= 2


def _read_level(text: Text, others: Sequence[Text]) -> bool:
    """Whether a level number stands where something was read along the slant."""
    return any(
        abs(o.angle) <= 10 and is_numeric(o) and _covered(o, [text]) and _covered(text, [o])
        for o in others
    )


def _angles(pieces: Sequence[Text]) -> tuple[float, ...]:
    """The slants to try: the usual ones, or first the one that most pieces show."""
    shown = [t.angle for t in pieces if 12 < abs(t.angle) < 78]
    usual = round(float(np.median(shown)) / 5) * 5.0 if shown else 45.0
    return _ANGLES if abs(abs(usual) - 45) < 10 else (usual, *_ANGLES)


def _covered(text: Text, others: Sequence[Text]) -> bool:
    """Whether the middle of a text lies in the box of another."""
    return any(_within(text, other.bbox_px) for other in others)


def _band(rgb: Rgb, texts: Sequence[Text], plot: Box) -> Box | None:
    """The strip under the plot that holds the pieces of slanted labels."""
    height, width = rgb.shape[:2]
    left, top, right, bottom = plot
    low = bottom - 0.12 * (bottom - top)
    slanted = [
        t
        for t in texts
        if 12 < abs(t.angle) < 78
        and t.bbox_px[3] > low
        and t.bbox_px[1] < bottom + 0.25 * height
        and left - 60 < t.bbox_px[0] < right + 20
    ]
    if len(slanted) < 2:
        return None
    start = min(t.bbox_px[1] for t in slanted)
    stop = max(t.bbox_px[3] for t in slanted)
    beside = [t for t in texts if start - 8 < (t.bbox_px[1] + t.bbox_px[3]) / 2 < stop + 8]
    start = min([start, *(t.bbox_px[1] for t in beside)])
    return (
        max(0.0, min(t.bbox_px[0] for t in beside) - 30),
        max(0.0, start - 6),
        min(float(width), max(t.bbox_px[2] for t in beside) + 30),
        min(float(height), stop + 20),
    )


def _within(text: Text, box: Box) -> bool:
    x = (text.bbox_px[0] + text.bbox_px[2]) / 2
    y = (text.bbox_px[1] + text.bbox_px[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _read_turned(part: Rgb, angle: float, corner: tuple[int, int], ocr: Ocr) -> list[Text]:
    """Texts of a strip that rise by `angle` degrees, in pixels of the image."""
    height, width = part.shape[:2]
    radians = math.radians(angle)
    wide = abs(width * math.cos(radians)) + abs(height * math.sin(radians))
    high = abs(width * math.sin(radians)) + abs(height * math.cos(radians))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -angle, 1.0)
    matrix[:, 2] += (wide / 2 - width / 2, high / 2 - height / 2)
    ground = np.median(part.reshape(-1, 3), axis=0).tolist()
    turned = cv2.warpAffine(
        np.ascontiguousarray(part),
        matrix,
        (round(wide), round(high)),
        flags=cv2.INTER_CUBIC,
        borderValue=ground,
    )
    back = cv2.invertAffineTransform(matrix)
    result = []
    for text in ocr.read(np.asarray(turned, dtype=np.uint8)):
        if abs(text.angle) > 20 or text.confidence < 0.6:
            continue
        x0, y0, x1, y1 = text.bbox_px
        corners = np.array([[x0, y0, 1], [x1, y0, 1], [x1, y1, 1], [x0, y1, 1]]) @ back.T
        (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
        box = (
            float(left + corner[0]),
            float(top + corner[1]),
            float(right + corner[0]),
            float(bottom + corner[1]),
        )
        result.append(Text(text.text, box, confidence=text.confidence, angle=angle))
    return result
