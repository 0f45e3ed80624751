"""Text drawn as outlines: filled paths that are letters, in runs along a line.

Programs that embed no fonts (matplotlib's SVG, cairo, exports "with text as paths") draw each
letter as a filled outline. Letters are told from marks by company: painted one after another, they
stand side by side, of one colour and size and of several shapes, which markers of a series do not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from air_cli.read.page import Path, union
from air_cli.read.vector_shapes import Points, hexed
from air_cli.records import Box

# Points: the tallest and the lowest letters; a whole line that is one path.
_TALL, _LOW, _LONG = 40.0, 0.2, 500.0
# Type heights: the gap within a line; how far a letter may step back; steps of a flattened curve.
_GAP, _BACK, _STEPS = 0.8, 0.35, 6
# How well outlines of the same letter agree, relative to their size.
_SAME = 0.04


@dataclass(frozen=True, eq=False)
class Glyph:
    """One letter (or accent). `rings` are its outlines as polygons, (n, 2) in points of the page;
    `path` is the number of the operation that draws it."""

    rings: tuple[Points, ...]
    box: Box
    color: str
    path: int


@dataclass(frozen=True, eq=False)
class Run:
    """Letters that follow each other. `angle` in degrees counter-clockwise."""

    glyphs: tuple[Glyph, ...]
    angle: float

    @property
    def box(self) -> Box:
        """The box around the letters, in points of the page."""
        return union([glyph.box for glyph in self.glyphs])

    def turned(self) -> Run:
        """The run read the other way: of a line that is one path nothing tells which is right."""
        return Run(self.glyphs[::-1], self.angle + (180 if self.angle <= 0 else -180))

    def upright(self) -> list[tuple[Points, ...]]:
        """The outlines of each letter, turned so that the text reads from left to right."""
        turn = math.radians(self.angle)
        matrix = np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
        return [tuple(ring @ matrix for ring in glyph.rings) for glyph in self.glyphs]


def find_runs(paths: Sequence[Path], frame: Box) -> list[Run]:
    """Runs of what may be letters inside `frame` (points), in painting order; a run of one letter
    may as well be a marker."""
    runs: list[list[Glyph]] = []
    current: list[Glyph] = []
    for number, path in enumerate(paths):
        glyphs = _glyphs(path, number) if _within(path.box, frame) else []
        if not glyphs:
            # Whatever is drawn in between (a tick mark) ends a text.
            current = [] if path.visible else current
            continue
        for glyph in glyphs:
            if current and follows(current, glyph):
                current.append(glyph)
            else:
                current = [glyph]
                runs.append(current)
    trimmed = [part for run in runs if (part := _trimmed(run))]
    return [Run(tuple(run), angle_of(run)) for run in trimmed]


def shapes_of(runs: Sequence[Run]) -> list[list[int]]:
    """For each run, which letter shape (numbered over all runs) each of its glyphs has."""
    known: dict[tuple[int, ...], list[tuple[Points, int]]] = {}
    count = 0
    result = []
    for run in runs:
        numbers = []
        for rings in run.upright():
            corners = np.concatenate(rings)
            corners = corners - corners.min(axis=0)
            near = known.setdefault(tuple(len(ring) for ring in rings), [])
            size = max(float(corners.max()), 0.01)
            found = next(
                (n for other, n in near if float(np.abs(other - corners).max()) < _SAME * size),
                None,
            )
            if found is None:
                found, count = count, count + 1
                near.append((corners, found))
            numbers.append(found)
        result.append(numbers)
    return result


def _within(box: Box, frame: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return frame[0] <= x <= frame[2] and frame[1] <= y <= frame[3]


def _glyphs(path: Path, number: int) -> list[Glyph]:
    """The letters that a path may draw: one, or a line of them. None for anything else."""
    wide, high = path.box[2] - path.box[0], path.box[3] - path.box[1]
    if path.fill is None or path.texture or not path.visible or not path.items:
        return []
    if (path.stroke is not None and path.stroke != path.fill) or path.fill_opacity < 0.3:
        return []
    if max(wide, high) < _LOW or max(wide, high) > _LONG:
        return []
    if any(item[0] == "qu" for item in path.items) or min(wide, high) == 0:
        return []
    rings = _rings(path)
    color = hexed(path.fill)
    if len(rings) > 2 and (along := _direction(rings)) is not None:
        return [_glyph(group, color, number) for group in _apart(rings, along)]
    return [_glyph(rings, color, number)] if max(wide, high) <= _TALL and rings else []


def _direction(rings: Sequence[Points]) -> Points | None:
    """Along which unit vector these outlines are letters in a row; None where they are one."""
    corners = np.concatenate(rings)
    wide, high = np.ptp(corners, axis=0)
    level, upright = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    along = level if wide >= high else upright
    if _is_line(rings, along, max(wide, high), min(wide, high)):
        return along
    (_, sides, turn) = cv2.minAreaRect(corners.astype(np.float32))
    turn = math.radians(turn if sides[0] >= sides[1] else turn + 90)
    slanted = np.array([math.cos(turn), math.sin(turn)])
    slanted = slanted if slanted[0] >= 0 else -slanted
    return slanted if _is_line(rings, slanted, max(sides), min(sides)) else None


def _is_line(rings: Sequence[Points], along: Points, length: float, breadth: float) -> bool:
    """Whether these outlines are several letters in a row, rather than a narrow one (i, =)."""
    longest = max(float(np.ptp(ring @ along)) for ring in rings)
    return length > 1.5 * breadth and breadth <= _TALL and longest < 0.6 * length


def _glyph(rings: Sequence[Points], color: str, number: int) -> Glyph:
    corners = np.concatenate(rings)
    box = (*corners.min(axis=0).tolist(), *corners.max(axis=0).tolist())
    return Glyph(tuple(rings), box, color, number)


def _rings(path: Path) -> list[Points]:
    """The closed outlines of a path, curves flattened."""
    rings: list[list[tuple[float, float]]] = []
    for item in path.items:
        if item[0] == "re":
            left, top, right, bottom = item[1]
            rings.append([(left, top), (right, top), (right, bottom), (left, bottom), (left, top)])
            continue
        start = (item[1][0], item[1][1])
        if not rings or math.dist(rings[-1][-1], start) > 0.01:
            rings.append([start])
        if item[0] == "l":
            rings[-1].append((item[2][0], item[2][1]))
            continue
        ends = np.array([tuple(point) for point in item[1:5]], dtype=np.float64)
        for t in np.linspace(0, 1, _STEPS + 1)[1:]:
            weights = np.array([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3])
            x, y = weights @ ends
            rings[-1].append((float(x), float(y)))
    return [np.array(ring, dtype=np.float64) for ring in rings if len(ring) > 2]


def _apart(rings: Sequence[Points], along: Points) -> list[list[Points]]:
    """The outlines grouped to letters: those that overlap along the line belong together."""
    groups: list[list[Points]] = []
    spans: list[tuple[float, float]] = []
    for ring in sorted(rings, key=lambda ring: float((ring @ along).min())):
        low, high = float((ring @ along).min()), float((ring @ along).max())
        if spans:
            shared = min(high, spans[-1][1]) - low
            if shared > 0.3 * min(high - low, spans[-1][1] - spans[-1][0]):
                groups[-1].append(ring)
                spans[-1] = (spans[-1][0], max(high, spans[-1][1]))
                continue
        groups.append([ring])
        spans.append((low, high))
    return groups


def follows(run: Sequence[Glyph], glyph: Glyph) -> bool:
    """Whether a letter goes on where the run ends."""
    last = run[-1].box
    if glyph.color != run[-1].color:
        return False
    size = max(_height(run), min(_side(glyph), 1.6 * _height(run)))
    if _side(glyph) > 2.5 * size and len(run) > 1:
        return False
    across = max(glyph.box[0] - last[2], last[0] - glyph.box[2], 0.0)
    down = max(glyph.box[1] - last[3], last[1] - glyph.box[3], 0.0)
    if math.hypot(across, down) > _GAP * size:
        return False
    band = union([one.box for one in run[-3:]])
    level = min(band[3], glyph.box[3]) - max(band[1], glyph.box[1]) > 0
    upright = min(band[2], glyph.box[2]) - max(band[0], glyph.box[0]) > 0
    if len(run) == 1:
        return level or upright
    dx, dy = _step(run)
    step = np.subtract(_middle(glyph.box), _middle(last))
    if abs(dx) > 2 * abs(dy):
        return level and step[0] * math.copysign(1, dx) > -_BACK * size
    if abs(dy) > 2 * abs(dx):
        return upright and step[1] * math.copysign(1, dy) > -_BACK * size
    return float(step @ np.array([dx, dy])) > 0


def _height(run: Sequence[Glyph]) -> float:
    """The size of the type, roughly: the largest letter."""
    return max(_side(glyph) for glyph in run[-12:])


def _side(glyph: Glyph) -> float:
    return max(glyph.box[2] - glyph.box[0], glyph.box[3] - glyph.box[1])


def _middle(box: Box) -> Points:
    return np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])


def _step(run: Sequence[Glyph]) -> tuple[float, float]:
    dx, dy = _middle(run[-1].box) - _middle(run[0].box)
    return float(dx), float(dy)


def angle_of(run: Sequence[Glyph]) -> float:
    """The direction of the text: level and upright ones exactly."""
    dx, dy = _step(run)
    if len(run) < 2 or abs(dx) > 3.2 * abs(dy):
        return 0.0
    if abs(dy) > (3.2 if len(run) > 3 else 1.6) * abs(dx):
        return 90.0 if dy < 0 else -90.0
    if len(run) < 3:
        return 0.0
    middles = np.array([_middle(glyph.box) for glyph in run])
    slope = np.linalg.svd(middles - middles.mean(axis=0))[2][0]
    angle = math.degrees(math.atan2(-slope[1], slope[0]))
    return angle if (slope[0] > 0) == (dx > 0) else angle + math.copysign(180, -angle)


def _trimmed(run: Sequence[Glyph]) -> list[Glyph]:
    """A run without the rectangles at its ends that are no letters (l, I, -) but bars or ticks."""
    letters = [n for n, glyph in enumerate(run) if not _is_rect(glyph)]
    if not letters:
        return []
    first, last = letters[0], letters[-1]
    while first and _fits(run[first - 1], run[first:]):
        first -= 1
    while last + 1 < len(run) and _fits(run[last + 1], run[: last + 1]):
        last += 1
    return list(run[first : last + 1])


def _is_rect(glyph: Glyph) -> bool:
    return len(glyph.rings) == 1 and len(glyph.rings[0]) <= 5


def _fits(rect: Glyph, beside: Sequence[Glyph]) -> bool:
    """Whether a rectangle is as thin and as low as a letter beside the others."""
    whole = union([glyph.box for glyph in beside])
    high = min(whole[2] - whole[0], whole[3] - whole[1])
    sides = (rect.box[2] - rect.box[0], rect.box[3] - rect.box[1])
    gap = max(rect.box[0] - whole[2], whole[0] - rect.box[2],
              rect.box[1] - whole[3], whole[1] - rect.box[3])  # fmt: skip
    return min(sides) < 0.35 * high and max(sides) < 1.4 * high and gap < 0.5 * high
