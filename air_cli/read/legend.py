"""Legends: which colour stands for which name.

Two kinds of entry: a swatch (patch, line, marker) beside a text, and a text in a series' own
colour (at a line's end, over a column), which is its own swatch.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from air_cli.read.bullets import real_texts
from air_cli.read.colors import (
    Mask,
    background,
    chroma,
    crop,
    distance,
    farthest,
    to_hex,
    to_lab,
)
from air_cli.read.direct_labels import direct_labels
from air_cli.read.numbers import parse_number
from air_cli.read.scene import LegendEntry, Rgb, Scene
from air_cli.read.texts import continues, is_note, union
from air_cli.records import Box, Text

_ROLES = ("legend", "other", "label", "annotation")
_GLUED = re.compile(r"^[\s—–\-_=~•●○◦■□▪▫◆◇▲△▼▽★+×|¦.]{1,4}\s*(?=[\w(])")


@dataclass(frozen=True)
class _Swatch:
    text: Text
    color: str
    box: Box

    @property
    def gap(self) -> float:
        return self.text.bbox_px[0] - self.box[2]

    @property
    def size(self) -> tuple[float, float]:
        return self.box[2] - self.box[0], self.box[3] - self.box[1]


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
    swatches = _coherent([s for text in words if (s := _swatch(scene, text, room)) is not None])
    return [_entry(s, words, swatches) for s in swatches]


def _is_name(text: Text) -> bool:
    upright = abs(text.angle) > 20
    if text.role not in _ROLES or upright or is_note(text.text):
        return False
    if not any(c.isalnum() for c in text.text):
        return False
    bare = _GLUED.sub("", text.text)
    if text.role == "legend" or re.fullmatch(r"(19|20)\d\d", bare):
        return True
    number = parse_number(bare)
    return number is None or (number.scale == 1 and re.search(r"[A-Za-z]{3}", bare) is not None)


def _entry(swatch: _Swatch, words: Sequence[Text], swatches: Sequence[_Swatch]) -> LegendEntry:
    """An entry with the further lines of its name, if the text is wrapped."""
    own = {s.text for s in swatches}
    lines, last = [swatch.text], swatch.text
    stop = _next_in_row(swatch, swatches)
    for text in sorted(words, key=lambda w: w.bbox_px[1]):
        if text in own or text.bbox_px[2] > stop or not continues(last, text):
            continue
        lines.append(text)
        last = text
    box = union([line.bbox_px for line in lines])
    name = " ".join(_GLUED.sub("", line.text).strip() for line in lines)
    return LegendEntry(name, swatch.color, box, swatch.box)


def _next_in_row(swatch: _Swatch, swatches: Sequence[_Swatch]) -> float:
    """Where the next swatch of the row begins: a line that goes on below it is no name's."""
    top, bottom = swatch.text.bbox_px[1], swatch.text.bbox_px[3]
    middles = ((s.box[0], (s.box[1] + s.box[3]) / 2) for s in swatches)
    beside = (left for left, middle in middles if left > swatch.box[0] and top < middle < bottom)
    return min(beside, default=math.inf)


def _swatch(scene: Scene, text: Text, room: float = 1.0) -> _Swatch | None:
    """The patch, line or marker to the left of a text (or glued into its box by the OCR), up to
    `room` times as high as usual."""
    left, top, right, bottom = text.bbox_px
    height = max(6.0, min(bottom - top, 0.9 * (right - left) + 6))
    middle = (top + bottom) / 2
    glued = _GLUED.match(text.text)
    part_glued = len(glued[0]) / len(text.text) if glued else 0.0
    stop = left + (part_glued * (right - left) if glued else 0.5 * height)
    by = 0.85 * height * room
    window = (left - 4.5 * height, middle - by, stop, middle + by)
    part = crop(scene.rgb, window)
    if part.shape[0] < 4 or part.shape[1] < 4:
        return None
    origin = max(0, round(window[0])), max(0, round(window[1]))
    far = farthest(part.astype(np.int16) - np.array(background(part)))
    for least in (28, 75):  # the second time without what shines through a legend's frame
        ink = np.asarray(far > least)
        _hide_texts(ink, scene.texts, text, origin)
        if not glued:
            ink[:, max(0, round(left) - origin[0] + 1) :] = False
        box = _nearest_shape(ink, height * room, middle - origin[1], edge=window[0] < 0)
        if box is not None:
            break
    if box is None:
        return None
    x0, y0, x1, y1 = box
    color = _fill(part[y0:y1, x0:x1], background(part))
    if not color:
        inside = part[y0:y1, x0:x1][ink[y0:y1, x0:x1]]
        color = _typical(inside, background(part))
    placed = (x0 + origin[0], y0 + origin[1], x1 + origin[0], y1 + origin[1])
    return _Swatch(text, color, tuple(map(float, placed)))  # type: ignore[arg-type]


def _hide_texts(ink: Mask, texts: Sequence[Text], own: Text, origin: tuple[int, int]) -> None:
    for text in texts:
        if text is own or text.bbox_px == own.bbox_px:
            continue
        x0, y0, x1, y1 = (round(v) for v in text.bbox_px)
        rows = slice(max(0, y0 - origin[1]), max(0, y1 - origin[1]))
        ink[rows, max(0, x0 - origin[0]) : max(0, x1 - origin[0])] = False


def _nearest_shape(
    ink: Mask, height: float, middle: float, *, edge: bool
) -> tuple[int, int, int, int] | None:
    """The right-most swatch-like group of pixels: small, on the text's line, not cut off (but by
    the `edge` of the picture)."""
    rows = ink.shape[0]
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    shapes = [tuple(int(v) for v in stats[i]) for i in range(1, count) if stats[i][4] >= 4]
    shapes.sort(key=lambda s: -(s[0] + s[2]))
    for x, y, w, h, area in shapes:
        centre = y + h / 2
        if abs(centre - middle) > 0.4 * height or h > 1.45 * height or y <= 0 or y + h >= rows:
            continue
        chain = _dashes(shapes, (x, y, w, h), height) if h <= 0.4 * height else []
        if (
            len(chain) > 1 and x + w - chain[-1][0] >= (0.7 if len(chain) < 3 else 0.55) * height
        ):  # dashed or dotted
            x0, y0 = chain[-1][0], min(s[1] for s in chain)
            return (x0, y0, x + w, max(s[1] + s[3] for s in chain)) if x0 > 0 else None
        if w < 0.25 * height or (x <= 0 and not edge):
            continue  # part of something larger
        solid = area / (w * h)
        is_line = h <= 0.4 * height and w >= 0.7 * height
        if is_line and abs(centre - middle) > 0.3 * height:
            continue  # the legend's frame, rather
        if is_line or solid > 0.5 or (w > 1.3 * h and solid > 0.25) or _is_ring(ink, x, y, w, h):
            return x, y, x + w, y + h
    return None


def _dashes(
    shapes: Sequence[tuple[int, ...]], last: tuple[int, int, int, int], height: float
) -> list[tuple[int, ...]]:
    """The dashes of a broken line and the marker on it, from `last` (the right-most) leftwards."""
    chain: list[tuple[int, ...]] = [last]
    centre = last[1] + last[3] / 2
    widest = max(0.55 * height, min(1.1 * last[2], 0.8 * height))
    for x, y, w, h, *rest in sorted(shapes, key=lambda s: -s[0]):
        level = abs(y + h / 2 - centre) < 2 and (h <= last[3] + 1 or h <= 0.75 * height)
        if level and x < chain[-1][0] and chain[-1][0] - (x + w) <= widest:
            chain.append((x, y, w, h, *rest))
    return chain


def _is_ring(ink: Mask, x: int, y: int, w: int, h: int) -> bool:
    part = ink[y : y + h, x : x + w]
    return 0.7 < w / h < 1.4 and not part[h // 3 : h - h // 3, w // 3 : w - w // 3].any()


def _fill(shape: Rgb, back: tuple[int, int, int]) -> str:
    """The colour inside an outlined patch or marker; empty where the middle is no solid fill."""
    high, wide = shape.shape[:2]
    if min(high, wide) < 7:
        return ""
    inner = shape[high // 3 : high - high // 3, wide // 3 : wide - wide // 3].reshape(-1, 3)
    color = np.median(inner, axis=0)
    solid = np.abs(inner.astype(np.int16) - color).max(axis=1) < 20
    if solid.mean() < 0.9 or np.abs(color - np.array(back)).max() < 20:
        return ""
    return to_hex(color)


def _typical(pixels: np.ndarray, back: tuple[int, int, int]) -> str:
    """The colour of a swatch's pixels: the most colourful or darkest of them, not its outline."""
    far = np.abs(pixels.astype(np.int16) - np.array(back)).max(axis=1)
    solid = pixels[far >= 0.85 * np.quantile(far, 0.96)]
    lab = to_lab(solid)
    strong = chroma(lab)
    if np.mean(strong > 14) > 0.25:
        solid = solid[strong >= 0.8 * np.quantile(strong, 0.75)]
    return to_hex(np.median(solid, axis=0))


def _coherent(found: Sequence[_Swatch]) -> list[_Swatch]:
    """Those that look alike: a legend's swatches share size and distance from the text."""
    if len(found) == 1:
        return list(found) if found[0].text.role == "legend" else []
    best: list[_Swatch] = []
    for group in _together(found):
        for one in group:
            alike = [s for s in group if _alike(one, s)]
            if len(alike) > len(best):
                best = alike
    return best if len(best) >= 2 else []


def _together(found: Sequence[_Swatch]) -> list[list[_Swatch]]:
    """Groups of swatches that stand in one place: in a row, or close under each other."""
    groups: list[list[_Swatch]] = []
    for one in sorted(found, key=lambda s: (s.box[1], s.box[0])):
        near = [g for g in groups if any(_close(one, other) for other in g)]
        merged = [one, *(s for g in near for s in g)]
        groups = [g for g in groups if g not in near] + [merged]
    return groups


def _close(one: _Swatch, other: _Swatch) -> bool:
    a, b = one.text.bbox_px, other.text.bbox_px
    height = max(a[3] - a[1], b[3] - b[1])
    apart = max(a[1], b[1]) - min(a[3], b[3])
    sideways = max(a[0], b[0]) - min(a[2], b[2])
    return (apart < -0.4 * height and sideways < 20 * height) or (
        apart < 1.8 * height and sideways < 6 * height
    )


def _alike(one: _Swatch, other: _Swatch) -> bool:
    """Same distance from the text (to the edge or the middle) and much the same size."""
    height = one.text.bbox_px[3] - one.text.bbox_px[1]
    wide, tall = (abs(a - b) for a, b in zip(one.size, other.size, strict=True))
    middle = abs(one.gap + one.size[0] / 2 - other.gap - other.size[0] / 2)
    near = abs(one.gap - other.gap) < 0.6 * height or middle < 0.5 * height
    return near and (wide < 0.45 * height or middle < 0.25 * height) and tall < 0.9 * height
