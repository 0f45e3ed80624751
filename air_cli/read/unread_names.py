"""Names of lines that recognition passed over or read together with their samples: looked for where
a line's own colour shows them, beside a sample of the line or at its end."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import (
    Floats,
    Mask,
    chroma,
    farthest,
    from_hex,
    ground_at,
    page_background,
    to_lab,
)
from air_cli.read.numbers import parse_number
from air_cli.read.ocr import Ocr
from air_cli.read.scene import LegendEntry, MarkReading, Scene
from air_cli.records import Box, Series, Text

_SURE = 0.7
_MOST = 8
_YEAR = re.compile(r"(19|20)\d\d")
_BETWEEN = 0.9  # heights of a line of text: words of one name are closer together


@dataclass(frozen=True)
class _Sample:
    """A piece of a line that stands for it in a legend, in pixels of the image."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def box(self) -> Box:
        return float(self.left), float(self.top), float(self.right), float(self.bottom)


def unread_entries(scene: Scene, reading: MarkReading, ocr: Ocr) -> list[LegendEntry]:
    """Entries for those series of a line chart that no text of the scene names."""
    if len(reading.series) < 2:
        return []
    line = _line_height(scene)
    texts = {t.text for t in scene.texts}
    shown = {e.name for e in scene.legend}
    lost = any(s.name not in shown | texts for s in reading.series)
    samples: dict[str, list[_Sample]] = {}
    found: list[LegendEntry] = []
    for series in reading.series[:_MOST]:
        glued = [e for e in scene.legend if e.name == series.name and e.swatch_px == e.bbox_px]
        if not glued and series.name in (shown if lost else shown | texts):
            continue
        if not samples:
            colors = [s.color for s in reading.series]
            samples = {color: _samples(scene, color, colors, line) for color in colors}
        entry = _by_sample(scene, series, samples, glued[0].bbox_px if glued else None, line, ocr)
        if entry is None and not glued:
            entry = _at_end(scene, reading, series, line, ocr)
        entry = entry and _as_read(scene, entry)
        if entry is not None and entry.name not in shown | {e.name for e in found}:
            found.append(entry)
    return found


def _as_read(scene: Scene, entry: LegendEntry) -> LegendEntry:
    """An entry, named as the text in its place was read at first where that is much the same and
    no sample was read with it."""
    x, y = (entry.bbox_px[0] + entry.bbox_px[2]) / 2, (entry.bbox_px[1] + entry.bbox_px[3]) / 2
    for text in scene.texts:
        left, top, right, bottom = text.bbox_px
        alike = difflib.SequenceMatcher(None, text.text, entry.name).ratio()
        bare = left > entry.bbox_px[0] - 0.7 * (bottom - top)
        if bare and x < right and top < y < bottom and alike > 0.7 and text.confidence > 0.9:
            return replace(entry, name=text.text)
    return entry


def with_entries(scene: Scene, entries: Sequence[LegendEntry]) -> None:
    """Give a scene further entries of its legend; texts that were made of the same ink go."""

    def same(box: Box) -> bool:
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        return any(
            e.bbox_px[0] - 2 < x < e.bbox_px[2] + 2 and e.bbox_px[1] - 2 < y < e.bbox_px[3] + 2
            for e in entries
        )

    scene.texts = [t for t in scene.texts if not same(t.bbox_px)]
    scene.texts += [Text(e.name, e.bbox_px, role="legend", confidence=_SURE) for e in entries]
    scene.legend = [e for e in scene.legend if not same(e.bbox_px)] + list(entries)


def _line_height(scene: Scene) -> float:
    high = [t.bbox_px[3] - t.bbox_px[1] for t in scene.texts if abs(t.angle) < 10]
    return max(8.0, float(np.median(high))) if high else 14.0


def _by_sample(
    scene: Scene,
    series: Series,
    samples: dict[str, list[_Sample]],
    within: Box | None,
    line: float,
    ocr: Ocr,
) -> LegendEntry | None:
    """The name beside a sample of the series' colour that no entry has."""
    swatches = [e for e in scene.legend if e.swatch_px != e.bbox_px]
    others = [s.box for own in samples.values() for s in own] + [e.swatch_px for e in swatches]
    for sample in samples[series.color]:
        x = (sample.left + sample.right) / 2
        if within is not None:
            inside = within[0] - line < x < within[2] and within[1] < sample.middle < within[3]
            if not inside or sample.right > within[2] - line:
                continue
        elif not _belongs(scene, sample, swatches, line):
            continue
        behind = bool(swatches) and swatches[0].swatch_px[0] > swatches[0].bbox_px[0]
        text = _beside(scene, sample, others, line, ocr, behind=behind)
        if text is not None:
            return LegendEntry(text.text, series.color, text.bbox_px, sample.box)
    return None


def _samples(scene: Scene, color: str, colors: Sequence[str], line: float) -> list[_Sample]:
    """What looks like a sample of a line of a colour, and of no other of `colors`: short, level,
    with one unbroken row or dashes and perhaps a marker."""
    away = farthest(scene.rgb.astype(np.int16) - np.array(from_hex(color)))
    own = np.asarray(away < 40)
    grounds = (page_background(scene.rgb), scene.background)  # may be nearly as dark as a line
    for other in (*grounds, *(from_hex(other) for other in colors if other != color)):
        own &= away <= farthest(scene.rgb.astype(np.int16) - np.array(other))
    lab = to_lab(np.array(from_hex(color)))
    if float(chroma(lab)) < 10 or float(lab[0]) < 22:  # letters are black or grey as well
        for text in scene.texts:
            x0, y0, x1, y1 = (max(0, round(v)) for v in text.bbox_px)
            if any(c.isalnum() for c in text.text):
                own[y0:y1, x0:x1] = False
    reach = max(3, round(0.8 * line))
    joined = cv2.morphologyEx(own.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((1, reach), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    found = []
    for left, top, wide, high, area in stats[1:count].tolist():
        if not 0.7 * line <= wide <= 5 * line or high > 0.95 * line or area < wide:
            continue
        # Not the rim of another colour's, which may look like this one.
        part = own[top + high // 3 : top + high - high // 3, left : left + wide]
        full = float(part.mean(axis=1).max())
        if full > 0.9 or (full > 0.45 and high <= max(4, 0.3 * line)):
            found.append(_Sample(left, top, left + wide, top + high))
    return found


def _belongs(scene: Scene, sample: _Sample, swatches: Sequence[LegendEntry], line: float) -> bool:
    """Whether a sample stands in a row or column with the legend's other swatches and is none of
    them; without any it must stand outside the plot."""
    if not swatches:
        left, top, right, bottom = scene.plot
        return not (left < sample.right and sample.left < right and top < sample.middle < bottom)
    level = column = False
    for entry in swatches:
        x0, y0, x1, y1 = entry.swatch_px
        middle = (y0 + y1) / 2
        if x0 - 2 < (sample.left + sample.right) / 2 < x1 + 2 and y0 - 3 < sample.middle < y1 + 3:
            return False
        alike = abs((x1 - x0) - (sample.right - sample.left)) < 0.6 * line
        level |= alike and abs(middle - sample.middle) < 0.35 * line
        centred = abs(x0 + x1 - sample.left - sample.right) < 0.8 * line
        column |= alike and centred and abs(middle - sample.middle) < 12 * line
    return level or column


def _beside(
    scene: Scene,
    sample: _Sample,
    others: Sequence[Box],
    line: float,
    ocr: Ocr,
    *,
    behind: bool,
) -> Text | None:
    """The text between a sample and the next of `others` in its row, read anew."""
    level = [b for b in others if b[1] - 2 < sample.middle < b[3] + 2]
    after = [b[0] for b in level if b[0] > sample.right]
    before = [b[2] for b in level if b[2] < sample.left]
    far = 24 * line
    ways = [(max([sample.left - far, *before]), sample.left - 1.0)] if behind else []
    ways += [(sample.right + 1.0, min([sample.right + far, *after]))]
    for start, stop in ways:
        x0, x1 = max(0, round(start)), min(scene.rgb.shape[1], round(stop))
        y0, y1 = round(sample.middle - 0.75 * line), round(sample.middle + 0.75 * line)
        y0, y1 = max(0, y0), min(scene.rgb.shape[0], y1)
        part = scene.rgb[y0:y1, x0:x1]
        if min(part.shape[:2]) < 6:
            continue
        ground = np.array(ground_at(scene, (x0, y0, min(x0 + 6 * line, x1), y1)))
        ink = np.asarray(farthest(part.astype(np.int16) - ground) > 40)
        ink[:, ink.mean(axis=0) > 0.9] = False  # the legend's frame
        span = _word(ink, line, from_right=start < sample.left)
        if span is None or _gap(span, x1 - x0, start < sample.left) > 1.6 * line:
            continue
        text = _said(part, ink, span, ocr)
        if text is not None:
            return replace(text, bbox_px=_moved(text.bbox_px, x0, y0))
    return None


def _gap(span: tuple[int, int], width: int, from_right: bool) -> int:
    return width - span[1] if from_right else span[0]


def _word(ink: Mask, line: float, *, from_right: bool = False) -> tuple[int, int] | None:
    """The first run of columns with ink, gaps within a name bridged."""
    places = np.flatnonzero(ink.sum(axis=0) > 0)
    if not len(places):
        return None
    runs = np.split(places, np.flatnonzero(np.diff(places) > _BETWEEN * line) + 1)
    run = runs[-1] if from_right else runs[0]
    return (int(run[0]), int(run[-1]) + 1) if run[-1] - run[0] >= 0.8 * line else None


def _at_end(
    scene: Scene, reading: MarkReading, series: Series, line: float, ocr: Ocr
) -> LegendEntry | None:
    """The name in the series' own colour right of its end, read without what other colours cover
    of it: labels at ends that lie close overlap."""
    marks = [m for m in reading.marks if m.series == series.name]
    if not marks:
        return None
    box = max(marks, key=lambda m: m.bbox_px[2]).bbox_px
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    x0, y0 = round(x), max(0, round(y - 1.2 * line))
    part = scene.rgb[y0 : round(y + 1.2 * line), x0 : round(x + 24 * line)]
    if min(part.shape[:2]) < 6:
        return None
    cover = _cover(part, np.array(from_hex(series.color)), np.array(scene.background))
    ink = np.asarray(cover > 0.35)
    blank = np.flatnonzero(~ink.any(axis=0))
    blank = blank[blank > 1]
    if not len(blank):
        return None
    ink[:, : blank[0]] = False
    span = _word(ink, line)
    if span is None or span[0] > 2.5 * line:
        return None
    shown = np.repeat((255 - 255 * cover)[:, :, None], 3, axis=2).astype(np.uint8)
    text = _said(shown, ink, span, ocr)
    if text is None:
        return None
    where = _moved(text.bbox_px, x0, y0)
    return LegendEntry(text.text, series.color, where, where)


def _cover(part: NDArray[np.uint8], color: Floats, ground: Floats) -> Floats:
    """How much of each pixel a colour covers (0..1)."""
    offset = part.astype(np.float32) - ground
    toward = color.astype(np.float32) - ground
    amount = (offset @ toward) / max(float(toward @ toward), 1.0)
    rest = farthest(offset - amount[..., None] * toward)
    return np.asarray(np.where(rest < 45, np.clip(amount, 0, 1), 0), np.float32)


def _said(part: NDArray[np.uint8], ink: Mask, span: tuple[int, int], ocr: Ocr) -> Text | None:
    """The name in the columns `span` of a part, where recognition is sure of one."""
    filled = ink[:, span[0] : span[1]].sum(axis=1)
    rows = np.flatnonzero(filled)
    # Of lines close above each other the fullest.
    runs = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1)
    rows = max(runs, key=lambda run: int(filled[run].sum()))
    margin = 3
    top, bottom = max(0, int(rows[0]) - margin), min(part.shape[0], int(rows[-1]) + 1 + margin)
    left, right = max(0, span[0] - margin), min(part.shape[1], span[1] + margin)
    cut = part[top:bottom, left:right]
    factor = max(1.0, min(4.0, 40 / cut.shape[0]))
    big = cv2.resize(cut, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    said, score = ocr.read_line(np.asarray(big, np.uint8))
    said = said.strip(" -—_.•|")
    letters = sum(c.isalpha() for c in said)
    named = letters >= 2 and parse_number(said) is None
    if score < _SURE or not (named or _YEAR.fullmatch(said)):
        return None
    return Text(said, (float(span[0]), float(top), float(span[1]), float(bottom)), confidence=score)


def _moved(box: Box, x: int, y: int) -> Box:
    return box[0] + x, box[1] + y, box[2] + x, box[3] + y
