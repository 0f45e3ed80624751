"""The swatches of legends: patches, lines and markers beside texts, and which of them belong
together."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from air_cli.read.colors import Mask, chroma, crop, farthest, ground_at, to_hex, to_lab
from air_cli.read.scene import Rgb, Scene
from air_cli.records import Box, Text

GLUED = re.compile(r"^[\s—–\-_=~•●○◦■□▪▫◆◇▲△▼▽★+×|¦.]{1,4}\s*(?=[\w(])")


@dataclass(frozen=True)
class Swatch:
    text: Text
    color: str
    box: Box

    @property
    def gap(self) -> float:
        return self.text.bbox_px[0] - self.box[2]

    @property
    def size(self) -> tuple[float, float]:
        return self.box[2] - self.box[0], self.box[3] - self.box[1]


def swatch_beside(scene: Scene, text: Text, room: float = 1.0) -> Swatch | None:
    """The patch, line or marker to the left of a text (or glued into its box by the OCR), up to
    `room` times as high as usual."""
    left, top, right, bottom = text.bbox_px
    height = max(6.0, min(bottom - top, 0.9 * (right - left) + 6))
    middle = (top + bottom) / 2
    glued = GLUED.match(text.text)
    part_glued = len(glued[0]) / len(text.text) if glued else 0.0
    stop = left + (part_glued * (right - left) if glued else 0.5 * height)
    by = 0.85 * height * room
    window = (left - 4.5 * height, middle - by, stop, middle + by)
    part = crop(scene.rgb, window)
    if part.shape[0] < 4 or part.shape[1] < 4:
        return None
    origin = max(0, round(window[0])), max(0, round(window[1]))
    # What the name stands on: the commonest colour to the left of it may be a bar's.
    ground = ground_at(scene, text.bbox_px)
    far = farthest(part.astype(np.int16) - np.array(ground))
    found = []
    for least in (28, 75):  # the second time without what shines through a legend's frame
        ink = np.asarray(far > least)
        _hide_texts(ink, scene.texts, text, origin)
        if not glued:
            ink[:, max(0, round(left) - origin[0] + 1) :] = False
        box = nearest_shape(ink, height * room, middle - origin[1], edge=window[0] < 0)
        if box is not None:
            found.append((box, ink))
            if not _is_thin(box, height):
                break
    if not found:
        return None
    # A grid line that crosses a dash takes it from the others of its sample the first time.
    box, ink = max(found, key=lambda pair: pair[0][2] - pair[0][0]) if len(found) > 1 else found[0]
    x0, y0, x1, y1 = box
    color = _fill(part[y0:y1, x0:x1], ground)
    if not color:
        inside = part[y0:y1, x0:x1][ink[y0:y1, x0:x1]]
        color = _typical(inside, ground)
    placed = (x0 + origin[0], y0 + origin[1], x1 + origin[0], y1 + origin[1])
    return Swatch(text, color, tuple(map(float, placed)))  # type: ignore[arg-type]


def _is_thin(box: tuple[int, int, int, int], height: float) -> bool:
    """Whether a shape is a stroke rather than a patch or a marker."""
    return box[3] - box[1] <= 0.4 * height and box[2] - box[0] > box[3] - box[1]


def _hide_texts(ink: Mask, texts: Sequence[Text], own: Text, origin: tuple[int, int]) -> None:
    for text in texts:
        if text is own or text.bbox_px == own.bbox_px:
            continue
        if not any(c.isalnum() for c in text.text):
            continue  # a swatch that was read as a dash or a bullet
        x0, y0, x1, y1 = (round(v) for v in text.bbox_px)
        rows = slice(max(0, y0 - origin[1]), max(0, y1 - origin[1]))
        ink[rows, max(0, x0 - origin[0]) : max(0, x1 - origin[0])] = False


def nearest_shape(
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


def coherent(found: Sequence[Swatch]) -> list[Swatch]:
    """Those that look alike: a legend's swatches share size and distance from the text."""
    if len(found) == 1:
        return list(found) if found[0].text.role == "legend" else []
    best: list[Swatch] = []
    for group in _together(found):
        for one in group:
            alike = [s for s in group if _alike(one, s)]
            if len(alike) > len(best):
                best = alike
    return best if len(best) >= 2 else []


def _together(found: Sequence[Swatch]) -> list[list[Swatch]]:
    """Groups of swatches that stand in one place: in a row, or close under each other."""
    groups: list[list[Swatch]] = []
    for one in sorted(found, key=lambda s: (s.box[1], s.box[0])):
        near = [g for g in groups if any(_close(one, other) for other in g)]
        merged = [one, *(s for g in near for s in g)]
        groups = [g for g in groups if g not in near] + [merged]
    return groups


def _close(one: Swatch, other: Swatch) -> bool:
    a, b = one.text.bbox_px, other.text.bbox_px
    height = max(a[3] - a[1], b[3] - b[1])
    apart = max(a[1], b[1]) - min(a[3], b[3])
    sideways = max(a[0], b[0]) - min(a[2], b[2])
    return (apart < -0.4 * height and sideways < 20 * height) or (
        apart < 1.8 * height and sideways < 6 * height
    )


def _alike(one: Swatch, other: Swatch) -> bool:
    """Same distance from the text (to the edge or the middle) and much the same size."""
    height = one.text.bbox_px[3] - one.text.bbox_px[1]
    wide, tall = (abs(a - b) for a, b in zip(one.size, other.size, strict=True))
    middle = abs(one.gap + one.size[0] / 2 - other.gap - other.size[0] / 2)
    near = abs(one.gap - other.gap) < 0.6 * height or middle < 0.5 * height
    # Samples of dashed lines end with a gap or a dash.
    lines = max(one.size[1], other.size[1]) <= 0.4 * height <= min(one.size[0], other.size[0])
    if lines and abs(one.gap - other.gap) < 0.15 * height:
        return True
    return near and (wide < 0.45 * height or middle < 0.25 * height) and tall < 0.9 * height


def overlooked(scene: Scene, words: Sequence[Text], found: Sequence[Swatch]) -> list[Swatch]:
    """The patches of a legend with those that its own layout tells of: a fill that is nearly the
    ground's, or one that was read as a letter, stands where the others stand beside their names."""
    if len(found) < 2:
        return list(found)
    wide, high = (statistics.median(s.size[n] for s in found) for n in (0, 1))
    usual = [
        s
        for s in found
        if abs(s.size[0] - wide) < 0.2 * wide and abs(s.size[1] - high) < 0.3 * high
    ]
    line = statistics.median(s.text.bbox_px[3] - s.text.bbox_px[1] for s in found)
    if len(usual) < 2 or high < 0.45 * line:  # lines and markers have no fill to be seen
        return list(found)
    result = [s for s in found if s in usual or _at(scene, s.text, usual) is None]
    left = [t for t in words if t not in {s.text for s in result}]
    while True:  # one that is found leads to the next
        beside = [t for t in left if any(_beside(t, s.text) for s in result)]
        left = [t for t in left if t not in beside]
        patches = [p for t in beside if (p := _at(scene, t, usual)) is not None]
        if not patches:
            return sorted(result, key=lambda s: (s.box[1], s.box[0]))
        result += patches


def _beside(text: Text, other: Text) -> bool:
    """Whether a text stands in the same row of a legend as another, or the same column right above
    or below it."""
    a, b = text.bbox_px, other.bbox_px
    high = max(a[3] - a[1], b[3] - b[1])
    level = abs(a[1] + a[3] - b[1] - b[3]) < 0.6 * high
    apart = max(a[1], b[1]) - min(a[3], b[3])
    return (level and max(a[0], b[0]) - min(a[2], b[2]) < 8 * high) or (
        abs(a[0] - b[0]) < 0.4 * high and -0.2 * high < apart < 1.2 * high
    )


def _at(scene: Scene, text: Text, usual: Sequence[Swatch]) -> Swatch | None:
    """The patch of one flat colour at the usual place before a text, unlike what is around it."""
    near = min(usual, key=lambda s: abs(s.text.bbox_px[1] - text.bbox_px[1]))
    left, top, _, bottom = text.bbox_px
    wide, high = near.size
    middle = (top + bottom) / 2 + (
        near.box[1] + near.box[3] - near.text.bbox_px[1] - near.text.bbox_px[3]
    ) / 2
    right = left - near.gap
    box = (right - wide, middle - high / 2, right, middle + high / 2)
    inner = crop(
        scene.rgb,
        (box[0] + 0.2 * wide, box[1] + 0.25 * high, box[2] - 0.2 * wide, box[3] - 0.25 * high),
    )
    rim = crop(
        scene.rgb,
        (box[0] - 0.4 * high, box[1] - 0.4 * high, box[2] + 0.4 * high, box[3] + 0.4 * high),
    )
    if min(inner.shape[:2]) < 2 or not rim.size:
        return None
    color = np.median(inner.reshape(-1, 3), axis=0)
    flat = farthest(inner.astype(np.int16) - color) < 16
    edges = (rim[0], rim[-1], rim[:, 0])
    apart = [(farthest(edge.astype(np.int16) - color) > 4).mean() for edge in edges]
    if flat.mean() < 0.9 or min(apart) < 0.9:
        return None
    return Swatch(text, to_hex(color), box)
