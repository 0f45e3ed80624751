"""Hatched shapes: rectangles whose filling was drawn line by line, and textures as colours.

Everything after this tells series apart by colour. Where several textures share one colour, each
gets a stand-in colour while the chart is read; the records get the true one back.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from air_cli.read.scene import MarkReading
from air_cli.read.vector_shapes import Points, Shape, color_distance, is_white

# Lines that fill a rectangle, and rectangles so filled, that make a hatching.
_FEWEST_LINES, _FEWEST_RECTS = 2, 3
_NEAR_PT = 0.4
# Hatchings are narrower than grids.
_WIDE_PT = 14.0
# What is lower shows a part of its pattern only.
_LOW_PT = 3.0


def with_hatches(shapes: Sequence[Shape], pt: float) -> list[Shape]:
    """The shapes, rectangles that lines fill from side to side with the lines' colour as fill and
    without the lines. Plot areas with their grids stay as they are: they hold other shapes."""
    strokes = [s for s in shapes if len(s.points) == 2 and s.stroke and not s.fill]
    empty = [s for s in shapes if _is_empty(s)]
    if len(strokes) < _FEWEST_LINES * _FEWEST_RECTS or len(empty) < _FEWEST_RECTS:
        return list(shapes)
    ends = np.array([stroke.points for stroke in strokes])
    solid = [s for s in shapes if len(s.points) > 2]
    filled: dict[Shape, Shape] = {}
    used: set[Shape] = set()
    for rect in empty:
        lines = [strokes[n] for n in _filling(rect, ends, _NEAR_PT * pt)]
        colors = {line.stroke for line in lines}
        if len(lines) < _FEWEST_LINES or len(colors) > 1 or _holds(rect, solid):
            continue
        if _apart(rect, len(lines)) > _WIDE_PT * pt:
            continue
        filled[rect] = replace(rect, kind="rect", fill=lines[0].stroke, texture=_leans(lines))
        used.update(lines)
    if len(filled) < _FEWEST_RECTS:
        return list(shapes)
    for rect, twin in _by_place(empty, filled, pt).items():
        filled[rect] = replace(rect, kind="rect", fill=twin.fill, texture=twin.texture)
    return [filled.get(shape, shape) for shape in shapes if shape not in used]


def _is_empty(shape: Shape) -> bool:
    return (
        shape.kind in ("rect", "rule")
        and len(shape.points) == 4
        and (not shape.fill or is_white(shape.fill))
    )


def _filling(rect: Shape, ends: Points, near: float) -> list[int]:
    """Which strokes, (n, 2, 2), run through a rectangle from side to side."""
    left, top, right, bottom = rect.full
    xs, ys = ends[:, :, 0], ends[:, :, 1]
    within = (
        (xs >= left - near) & (xs <= right + near) & (ys >= top - near) & (ys <= bottom + near)
    ).all(axis=1)
    sides = np.stack([abs(xs - left), abs(xs - right), abs(ys - top), abs(ys - bottom)])
    touching = (sides.min(axis=0) <= near).all(axis=1)
    along = (sides <= near).all(axis=2).any(axis=0)
    return [int(n) for n in np.flatnonzero(within & touching & ~along)]


def _apart(rect: Shape, lines: int) -> float:
    """How far apart, in px, evenly drawn lines of a rectangle are."""
    return max(rect.size) / (lines + 1)


def _holds(rect: Shape, shapes: Sequence[Shape]) -> bool:
    """Whether other shapes than lines stand in a rectangle: it is a plot or a frame."""
    left, top, right, bottom = rect.full
    return any(
        other is not rect
        and left - 1 <= other.full[0]
        and other.full[2] <= right + 1
        and top - 1 <= other.full[1]
        and other.full[3] <= bottom + 1
        and any(abs(a - b) > 1 for a, b in zip(other.full, rect.full, strict=True))
        for other in shapes
    )


def _leans(lines: Sequence[Shape]) -> str:
    """The directions of a hatching, to 10 degrees."""
    angles = Counter(
        round(math.degrees(math.atan2(*(line.points[1] - line.points[0])[::-1])) / 10) % 18
        for line in lines
    )
    return " ".join(str(10 * angle) for angle in sorted(angles))


def _by_place(empty: Sequence[Shape], filled: dict[Shape, Shape], pt: float) -> dict[Shape, Shape]:
    """For rectangles too low to hold a line the hatched one that stands in the same place of its
    group, where bars stand side by side and all groups agree."""
    bars = sorted((s for s in empty if s.stroke), key=lambda s: s.full[0])
    groups: list[list[Shape]] = []
    for bar in bars:
        last = groups[-1][-1] if groups else None
        if last and abs(last.full[2] - bar.full[0]) < 0.3 * pt and _level(last, bar, pt):
            groups[-1].append(bar)
        else:
            groups.append([bar])
    size = max(map(len, groups), default=0)
    known: dict[int, set[tuple[str, str]]] = defaultdict(set)
    example: dict[int, Shape] = {}
    for group in groups:
        for n, bar in enumerate(group if len(group) == size else ()):
            if bar in filled:
                known[n].add((filled[bar].fill, filled[bar].texture))
                example[n] = filled[bar]
    if size < 2 or any(len(textures) > 1 for textures in known.values()):
        return {}
    return {
        bar: example[n]
        for group in groups
        if len(group) == size
        for n, bar in enumerate(group)
        if bar not in filled and n in example
    }


def _level(one: Shape, other: Shape, pt: float) -> bool:
    near = 0.3 * pt
    return abs(one.full[3] - other.full[3]) < near or abs(one.full[1] - other.full[1]) < near


def with_stand_ins(shapes: Sequence[Shape], pt: float) -> tuple[list[Shape], dict[str, str]]:
    """The shapes with a fill of its own for each texture of a colour, and what each stands for.
    What is too low to show its texture whole tells none of a colour that has one, or none, else."""
    textures: dict[str, list[str]] = defaultdict(list)
    firm: dict[str, set[str]] = defaultdict(set)
    for shape in shapes:
        if shape.fill and shape.texture not in textures[shape.fill]:
            textures[shape.fill].append(shape.texture)
        if shape.fill and min(shape.size) >= _LOW_PT * pt:
            firm[shape.fill].add(shape.texture)
    taken = {color for shape in shapes for color in (shape.fill, shape.stroke) if color}
    stands: dict[str, str] = {}
    swap: dict[tuple[str, str], str] = {}
    for color, found in textures.items():
        if sum(bool(texture) for texture in found) < 1 or len(firm[color]) < 2:
            continue
        for texture in found[1:]:
            free = _unlike(taken)
            taken.add(free)
            stands[free] = color
            swap[color, texture] = free
    return [
        replace(s, fill=swap[s.fill, s.texture]) if (s.fill, s.texture) in swap else s
        for s in shapes
    ], stands


def _unlike(taken: set[str]) -> str:
    """A colour that is far from all that are taken; no grey, which would count as a frame."""
    steps = range(16, 256, 48)
    free = (
        f"#{r:02x}{g:02x}{b:02x}"
        for r in steps
        for g in steps
        for b in steps
        if max(r, g, b) - min(r, g, b) > 40
    )
    return max(free, key=lambda color: min((color_distance(color, t) for t in taken), default=0.0))


def true_colors(reading: MarkReading, stands: dict[str, str]) -> MarkReading:
    """The reading with the colours that are seen."""
    if not stands:
        return reading
    marks = tuple(replace(m, color=stands.get(m.color, m.color)) for m in reading.marks)
    series = tuple(replace(s, color=stands.get(s.color, s.color)) for s in reading.series)
    return replace(reading, marks=marks, series=series)
