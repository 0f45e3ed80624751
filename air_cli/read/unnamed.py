"""Names of bars that text detection passed over: read where they must stand, at the bars' feet."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from air_cli.read.colors import Mask, background, farthest
from air_cli.read.marks.bars_merged import parted
from air_cli.read.ocr import Ocr
from air_cli.read.scene import MarkReading, Rgb, Scene
from air_cli.read.texts import union
from air_cli.records import Box, Mark, Text
from air_cli.wording import is_placeholder

_SURE = 0.75
_MOST = 12
_CONTRAST = 40  # grey levels between a letter and its ground


def names_at_feet(scene: Scene, reading: MarkReading, ocr: Ocr) -> list[Text]:
    """What recognition says of the places of bars' names that no text was found for."""
    bars = _by_category(reading)
    unnamed = [marks for name, marks in bars.items() if is_placeholder(name)][:_MOST]
    if not unnamed or len(bars) < 2:
        return []
    lying = reading.kind.endswith("barh")
    side = 1 if lying else 0
    centres = sorted(_centre(marks, side) for marks in bars.values())
    pitch = min((b - a for a, b in itertools.pairwise(centres)), default=0.0)
    row = _row(scene, reading, lying)
    if row is None or pitch < 8:
        return []
    found: list[Text] = []
    for marks in unnamed:
        at = _centre(marks, side)
        if any(t.bbox_px[side] < at < t.bbox_px[side + 2] for t in found):
            continue
        # Names are often wider than bars are apart, where their neighbours' are short.
        room = (
            (row[0], at - 0.5 * pitch, row[1], at + 0.5 * pitch)
            if lying
            else (0.0, row[0], float(scene.rgb.shape[1]), row[1])
        )
        text = _read(scene, room, at, side, ocr)
        if text is not None:
            found += _parted(text, centres) if side == 0 else [text]
    return found


def _parted(text: Text, centres: Sequence[float]) -> list[Text]:
    """A text, or the names of several bars that stand so close that they were read as one."""
    left, top, right, bottom = text.bbox_px
    names = parted(text, centres)
    half = (right - left) / max(1, 2 * len(names))
    return [
        replace(text, text=name, bbox_px=(at - half, top, at + half, bottom)) for name, at in names
    ] or [text]


def _by_category(reading: MarkReading) -> dict[str, list[Mark]]:
    drawn = {s.name for s in reading.series if s.kind != "line"}
    result: dict[str, list[Mark]] = {}
    for mark in reading.marks:
        if mark.series in drawn or not drawn:
            result.setdefault(mark.category, []).append(mark)
    return result


def _centre(marks: Sequence[Mark], side: int) -> float:
    return statistics.fmean((m.bbox_px[side] + m.bbox_px[side + 2]) / 2 for m in marks)


def _row(scene: Scene, reading: MarkReading, lying: bool) -> tuple[float, float] | None:
    """From where to where names reach away from the bars: down from their feet or left of them."""
    boxes = [m.bbox_px for m in reading.marks]
    high = [t.bbox_px[3] - t.bbox_px[1] for t in scene.texts if abs(t.angle) < 10]
    line = statistics.median(high) if high else 14.0
    if lying:
        foot = min(box[0] for box in boxes)
        return (0.0, foot - 2) if foot > 2 * line else None
    names = {tick.text for tick in scene.x.ticks} if scene.x is not None else set()
    below = [t for t in scene.texts if t.role == "tick" and t.text in names]
    if any(abs(t.angle) > 12 for t in below):
        return None
    if len(below) >= 2:
        _, top, _, bottom = union([t.bbox_px for t in below])
        return top - 0.15 * line, bottom + 0.3 * line
    foot = max(box[3] for box in boxes)
    return foot + 2, min(foot + 2.5 * line, float(scene.rgb.shape[0]))


def _read(scene: Scene, room: Box, at: float, side: int, ocr: Ocr) -> Text | None:
    """The one text in a room, if recognition is sure of it."""
    height, width = scene.rgb.shape[:2]
    left, top = max(0, round(room[0])), max(0, round(room[1]))
    right, bottom = min(width, round(room[2])), min(height, round(room[3]))
    part = scene.rgb[top:bottom, left:right]
    if min(part.shape[:2]) < 6:
        return None
    ink = _ink(part)
    for text in scene.texts:  # what is known already is no bar's missing name
        x0, y0, x1, y1 = (round(v) for v in text.bbox_px)
        ink[max(0, y0 - top) : max(0, y1 - top), max(0, x0 - left) : max(0, x1 - left)] = False
    line = _band(np.asarray(ink.any(axis=1)), 3, None if side == 0 else at - top)
    if line is None:
        return None
    high = line[1] - line[0]
    span = _band(
        np.asarray(ink[line[0] : line[1]].any(axis=0)),
        max(2, int(0.4 * high)),
        at - left if side == 0 else None,
    )
    if span is None or high < 5 or span[1] - span[0] < high:
        return None
    margin = max(2, round(0.25 * high))
    box = (
        max(0, left + span[0] - margin), max(0, top + line[0] - margin),
        min(width, left + span[1] + margin), min(height, top + line[1] + margin),
    )  # fmt: skip
    said, score = ocr.read_line(_enlarged(scene.rgb[box[1] : box[3], box[0] : box[2]]))
    if score < _SURE or sum(c.isalnum() for c in said) < 2:
        return None
    where = (float(box[0]), float(box[1]), float(box[2]), float(box[3]))
    return Text(said, where, confidence=score, role="annotation")


def _ink(part: Rgb) -> Mask:
    away = farthest(part.astype(np.int16) - np.array(background(part), np.int16))
    ink: Mask = np.asarray(away > _CONTRAST)
    # Tick marks and axis lines reach in from outside.
    ink[:, ink.mean(axis=0) > 0.9] = False
    ink[ink.mean(axis=1) > 0.9] = False
    return ink


def _band(filled: Mask, gap: int, at: float | None) -> tuple[int, int] | None:
    """The run of rows or columns (gaps up to `gap` bridged) that is the longest, or that holds the
    place `at`."""
    places = np.flatnonzero(filled)
    if not len(places):
        return None
    runs = np.split(places, np.flatnonzero(np.diff(places) > gap + 1) + 1)
    if at is None:
        best = max(runs, key=len)
    else:
        best = min(runs, key=lambda r: max(r[0] - at, at - r[-1], 0))
    return int(best[0]), int(best[-1]) + 1


def _enlarged(part: Rgb) -> Rgb:
    """Recognition wants letters of some size."""
    factor = max(1.0, min(4.0, 40 / part.shape[0]))
    if factor == 1.0:
        return part
    big = cv2.resize(part, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    return np.asarray(big, np.uint8)
