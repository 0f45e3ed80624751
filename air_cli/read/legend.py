"""Legends: which colour stands for which name.

Two kinds of entry: a swatch (patch, line, marker) beside a text, and a text in a series' own
colour (at a line's end, over a column), which is its own swatch.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from air_cli.read.bullets import real_texts
from air_cli.read.colors import distance
from air_cli.read.direct_labels import direct_labels
from air_cli.read.numbers import parse_number
from air_cli.read.scene import LegendEntry, Scene
from air_cli.read.swatches import GLUED, Swatch, coherent, overlooked, swatch_beside
from air_cli.read.texts import continues, is_note, union
from air_cli.read.times import parse_time
from air_cli.records import Box, Text

_ROLES = ("legend", "other", "label", "annotation")


def mark_swatches(scene: Scene) -> None:
    """Give the texts beside swatches the role `legend`, before anything takes them for ticks."""
    boxes = [entry.bbox_px for entry in _with_swatches(scene)]
    scene.texts = [
        replace(t, role="legend") if t.role == "other" and _in_any(t.bbox_px, boxes) else t
        for t in scene.texts
    ]


def _in_any(box: Box, boxes: Sequence[Box]) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return any(b[0] <= x <= b[2] and b[1] <= y <= b[3] for b in boxes)


def find_legend(scene: Scene) -> list[LegendEntry]:
    """The legend's entries in reading order; empty when there is none.

    Needs `rgb`, `texts` and (for direct labels) `plot` of the scene. Wrapped names are joined. For
    an entry that is a coloured text, `swatch_px` equals `bbox_px`.
    """
    entries = _with_swatches(scene)
    if len(entries) < 2:
        used = {entry.name for entry in entries}
        words = [text for text in real_texts(scene.texts) if _is_name(text)]
        direct = direct_labels(scene, [w for w in words if w.text not in used])
        # Names of bars of one colour may be printed in it.
        if len({e.color for e in direct}) > max(len(entries), 0.5 * len(direct)):
            entries = direct
    return _in_reading_order(entries)


def _in_reading_order(entries: Sequence[LegendEntry]) -> list[LegendEntry]:
    rows: list[list[LegendEntry]] = []
    for entry in sorted(entries, key=lambda e: e.bbox_px[1]):
        top, bottom = entry.bbox_px[1], entry.bbox_px[3]
        if rows and top < rows[-1][0].bbox_px[1] + 0.5 * (bottom - top):
            rows[-1].append(entry)
        else:
            rows.append([entry])
    return [entry for row in rows for entry in sorted(row, key=lambda e: e.bbox_px[0])]


def _with_swatches(scene: Scene) -> list[LegendEntry]:
    """Entries whose swatches stand before the names, or behind them (gnuplot's habit)."""
    before = _after_swatches(scene)
    if len(before) < 3:  # ggplot's keys are squares of up to two lines' height
        large = _after_swatches(scene, room=2.0)
        distinct = len({entry.color for entry in large}) == len(large)
        before = large if distinct and len(large) > len(before) else before
    if not scene.texts or (len(before) >= 2 and not _nearer_behind(before, scene.texts)):
        return before
    behind = _after_swatches(_mirrored(scene))
    alike = sum(distance(a.color, b.color) < 3 for a, b in itertools.pairwise(behind))
    # Tick marks and bars of one colour stand behind names as well.
    if len(behind) <= max(1, len(before)) or alike > 0.25 * len(behind):
        return before
    width = scene.rgb.shape[1]
    return [
        replace(
            entry,
            bbox_px=_turned_over(entry.bbox_px, width),
            swatch_px=_turned_over(entry.swatch_px, width),
        )
        for entry in behind
    ]


def _without_ticks(scene: Scene, entries: Sequence[LegendEntry]) -> list[LegendEntry]:
    """The entries that are not times in a row of mostly other times: labels of an axis, between
    which its line shows."""
    own = {entry.bbox_px for entry in entries}
    times = [t for t in scene.texts if _is_time(t.text)]

    def is_tick(entry: LegendEntry) -> bool:
        middle = (entry.bbox_px[1] + entry.bbox_px[3]) / 2
        row = [t for t in times if t.bbox_px[1] < middle < t.bbox_px[3]]
        swatched = sum(t.bbox_px in own for t in row)
        return _is_time(entry.name) and len(row) - swatched > max(2, swatched)

    return [entry for entry in entries if not is_tick(entry)]


def _is_time(name: str) -> bool:
    return parse_time(name) is not None or re.fullmatch(r"\d{1,2}/\d{1,4}(/\d+)?", name) is not None


def _nearer_behind(entries: Sequence[LegendEntry], texts: Sequence[Text]) -> bool:
    """Whether a text without a swatch ends right before one: swatches may stand behind names."""
    own = {entry.bbox_px for entry in entries}
    for entry in entries:
        left, top, _, bottom = entry.swatch_px
        middle, reach = (top + bottom) / 2, 1.2 * (entry.bbox_px[3] - entry.bbox_px[1])
        if any(
            t.bbox_px not in own
            and t.bbox_px[1] < middle < t.bbox_px[3]
            and -2 <= left - t.bbox_px[2] < reach
            for t in texts
        ):
            return True
    return False


def _mirrored(scene: Scene) -> Scene:
    """The scene seen in a mirror; the texts can be read all the same."""
    width = scene.rgb.shape[1]
    return replace(
        scene,
        rgb=np.ascontiguousarray(scene.rgb[:, ::-1]),
        texts=[replace(t, bbox_px=_turned_over(t.bbox_px, width)) for t in scene.texts],
    )


def _turned_over(box: Box, width: int) -> Box:
    return width - box[2], box[1], width - box[0], box[3]


def _after_swatches(scene: Scene, room: float = 1.0) -> list[LegendEntry]:
    words = [text for text in real_texts(scene.texts) if _is_name(text)]
    found = [s for text in words if (s := swatch_beside(scene, text, room)) is not None]
    swatches = overlooked(scene, words, coherent(found))
    return _without_ticks(scene, [_entry(s, words, swatches) for s in swatches])


def _is_name(text: Text) -> bool:
    upright = abs(text.angle) > 20
    if text.role not in _ROLES or upright or is_note(text.text):
        return False
    if not any(c.isalnum() for c in text.text):
        return False
    bare = GLUED.sub("", text.text)
    if text.role == "legend" or re.fullmatch(r"(19|20)\d\d", bare):
        return True
    number = parse_number(bare)
    return number is None or (number.scale == 1 and re.search(r"[A-Za-z]{3}", bare) is not None)


def _entry(swatch: Swatch, words: Sequence[Text], swatches: Sequence[Swatch]) -> LegendEntry:
    """An entry with the further lines of its name, if the text is wrapped."""
    own = {s.text for s in swatches}
    lines, last = [swatch.text], swatch.text
    stop = _next_in_row(swatch, swatches)
    for text in sorted(words, key=lambda w: w.bbox_px[1]):
        if text in own or text.bbox_px[2] > stop or not continues(last, text):
            continue
        if not _wraps(last, text):
            continue
        lines.append(text)
        last = text
    box = union([line.bbox_px for line in lines])
    name = " ".join(GLUED.sub("", line.text).strip() for line in lines)
    return LegendEntry(name, swatch.color, box, swatch.box)


def _wraps(above: Text, below: Text) -> bool:
    """Whether a line may be broken before `below`: its first word had no room beside `above`, or
    the line would be longer there. A title under a legend begins where it likes."""
    wide, high = below.bbox_px[2] - below.bbox_px[0], below.bbox_px[3] - below.bbox_px[1]
    first = wide * len(below.text.split()[0]) / len(below.text)
    return above.bbox_px[2] - above.bbox_px[0] + first + 0.3 * high > 0.95 * wide


def _next_in_row(swatch: Swatch, swatches: Sequence[Swatch]) -> float:
    """Where the next swatch of the row begins: a line that goes on below it is no name's."""
    top, bottom = swatch.text.bbox_px[1], swatch.text.bbox_px[3]
    middles = ((s.box[0], (s.box[1] + s.box[3]) / 2) for s in swatches)
    beside = (left for left, middle in middles if left > swatch.box[0] and top < middle < bottom)
    return min(beside, default=math.inf)
