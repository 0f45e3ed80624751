"""Slanted tick labels, which text detection sees in pieces: read again with the picture turned."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from air_cli.read.colors import farthest
from air_cli.read.ocr import Ocr
from air_cli.read.scene import Rgb
from air_cli.read.texts import is_numeric
from air_cli.records import Box, Text

_ANGLES = (45.0, -45.0)
_SURE = 0.75
_LEAST_HIGH, _MOST_ROWS = 5, 60  # pixels of a label's height; labels in a row
_PIECES = 5  # single characters that make a row of short slanted labels
_SHORT_YEAR = re.compile(r"['’‘`]?\s?(\d\d)\W?")


def reread_slanted(rgb: Rgb, texts: Sequence[Text], plot: Box, ocr: Ocr) -> list[Text] | None:
    """The texts with the labels under the plot read along their slant, or None when they are not
    slanted (fewer than two of their pieces are, nor are they in pieces) or turning does not
    help."""
    band = _band(rgb, texts, plot)
    broken = _broken_band(rgb, texts, plot) if band is None else None
    band = band or broken
    if band is None:
        return None
    left, top, right, bottom = (round(v) for v in band)
    part = rgb[top:bottom, left:right]
    inside = [t for t in texts if _within(t, band)]
    best: list[Text] = []
    for angle in _angles(inside):
        found = _read_turned(part, angle, (left, top), ocr, apart=broken is not None)
        if sum(t.confidence for t in found) > sum(t.confidence for t in best):
            best = found
        if len(found) >= 4 and np.mean([t.confidence for t in found]) > 0.9:
            break
    if len(best) < 3 or np.mean([t.confidence for t in best]) < _SURE:
        return None
    # A tick label of the value axis that the strip holds is level, and was read before.
    best = [t for t in best if broken or not _read_level(t, inside)]
    best = [replace(t, angle=0.0) if _in_column(t, texts) else t for t in _short_years(best)]
    gone = [
        t
        for t in inside
        if abs(t.angle) > 10
        or (broken and len(t.text) <= 2)
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


def _broken_band(rgb: Rgb, texts: Sequence[Text], plot: Box) -> Box | None:
    """The strip under the plot that holds the single characters, at different heights, of short
    slanted labels ("'98"), which look level one by one."""
    height, width = rgb.shape[:2]
    foot = plot[3] - 0.05 * (plot[3] - plot[1])
    near = [t for t in texts if foot < (t.bbox_px[1] + t.bbox_px[3]) / 2 < foot + 0.2 * height]
    near = [t for t in near if t.bbox_px[2] > plot[0]]
    pieces = [t for t in near if len(t.text) <= 2 and t.text.isalnum()]
    if len(pieces) < _PIECES:
        return None
    start, stop = min(t.bbox_px[1] for t in pieces), max(t.bbox_px[3] for t in pieces)
    high = float(np.median([t.bbox_px[3] - t.bbox_px[1] for t in pieces]))
    ends = np.array([(t.bbox_px[1], t.bbox_px[3]) for t in pieces])
    uneven = (np.abs(ends - np.median(ends, axis=0)) > 0.25 * high).any(axis=1)
    within = [t for t in near if start - 2 < (t.bbox_px[1] + t.bbox_px[3]) / 2 < stop + 2]
    if uneven.mean() < 0.25 or stop - start > 4 * high or len(pieces) < 0.7 * len(within):
        return None
    return (
        max(0.0, min(plot[0], *(t.bbox_px[0] for t in pieces)) - 12),
        max(0.0, start - 3),
        min(float(width), max(plot[2], *(t.bbox_px[2] for t in pieces)) + 30),
        min(float(height), stop + 6),
    )


def _short_years(labels: Sequence[Text]) -> list[Text]:
    """Labels most of which are years of two digits, all written as such ("'98"): recognition loses
    the apostrophe, and makes other signs of a footnote's mark."""
    matches = [_SHORT_YEAR.fullmatch(label.text.strip()) for label in labels]
    marked = sum(label.text.strip()[:1] in "'’‘`" for label in labels)
    if sum(map(bool, matches)) < 0.8 * len(labels) or marked < 2:
        return list(labels)
    return [
        replace(label, text=f"'{match[1]}") if match else label
        for label, match in zip(labels, matches, strict=True)
    ]


def _within(text: Text, box: Box) -> bool:
    x = (text.bbox_px[0] + text.bbox_px[2]) / 2
    y = (text.bbox_px[1] + text.bbox_px[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _read_turned(
    part: Rgb, angle: float, corner: tuple[int, int], ocr: Ocr, *, apart: bool = False
) -> list[Text]:
    """Texts of a strip that rise by `angle` degrees, in pixels of the image; with `apart` each of
    them fills rows of its own once turned."""
    height, width = part.shape[:2]
    radians = math.radians(angle)
    wide = abs(width * math.cos(radians)) + abs(height * math.sin(radians))
    high = abs(width * math.sin(radians)) + abs(height * math.cos(radians))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -angle, 1.0)
    matrix[:, 2] += (wide / 2 - width / 2, high / 2 - height / 2)
    ground = np.median(part.reshape(-1, 3), axis=0).tolist()
    size = (round(wide), round(high))
    drawn = np.ascontiguousarray(part)
    turned = np.asarray(
        cv2.warpAffine(drawn, matrix, size, flags=cv2.INTER_CUBIC, borderValue=ground),
        dtype=np.uint8,
    )
    back = cv2.invertAffineTransform(matrix)
    result = []
    texts = _by_rows(turned, ocr) if apart else []
    if len(texts) < _PIECES:
        texts = ocr.read(turned)
    for text in texts:
        if abs(text.angle) > 20 or text.confidence < 0.6:
            continue
        x0, y0, x1, y1 = _on_ink(turned, text.bbox_px)
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


def _by_rows(rgb: Rgb, ocr: Ocr) -> list[Text]:
    """The texts of a picture in which each stands in rows of its own, recognised one by one:
    detection joins short ones that follow each other down a diagonal."""
    away = farthest(rgb.astype(np.int16) - np.median(rgb.reshape(-1, 3), axis=0))
    ink = away > max(30.0, 0.4 * float(away.max()))
    steps = np.diff(np.concatenate([[0], ink.any(axis=1).astype(np.int8), [0]]))
    runs = list(zip(np.flatnonzero(steps == 1), np.flatnonzero(steps == -1), strict=True))
    runs = [(a, b) for a, b in runs if b - a >= _LEAST_HIGH]
    if not _PIECES <= len(runs) <= _MOST_ROWS:
        return []
    found = []
    for top, bottom in runs:
        columns = np.flatnonzero(ink[top:bottom].any(axis=0))
        left, right = int(columns[0]), int(columns[-1]) + 1
        crop = rgb[max(0, top - 2) : bottom + 2, max(0, left - 4) : right + 4]
        said, sure = ocr.read_line(crop)
        if said:
            found.append(
                Text(said, (float(left), float(top), float(right), float(bottom)), confidence=sure)
            )
    return found


def _on_ink(rgb: Rgb, box: Box) -> Box:
    """A box shrunk to the letters in it: detection widens some boxes by half a line and others not
    at all, and where a slanted label ends tells its tick. The corners may hold parts of
    neighbours."""
    left, top, right, bottom = (max(0, round(v)) for v in box)
    part = rgb[top:bottom, left:right].astype(np.int16)
    if min(part.shape[:2], default=0) < 6:
        return box
    away = farthest(part - np.median(part.reshape(-1, 3), axis=0))
    ink = away > max(30.0, 0.4 * float(away.max()))
    high, wide = ink.shape
    middle = slice(round(0.3 * high), round(0.7 * high) + 1)
    columns = np.flatnonzero(ink[middle].any(axis=0))
    rows = np.flatnonzero(ink[:, round(0.2 * wide) : round(0.8 * wide) + 1].any(axis=1))
    if not len(columns) or not len(rows):
        return box
    return (
        float(left + columns[0] - 1),
        float(top + rows[0] - 1),
        float(left + columns[-1] + 2),
        float(top + rows[-1] + 2),
    )
