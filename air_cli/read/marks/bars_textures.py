"""Bars that only the patterns in their outlines tell apart: cells, and whose pattern each has.

Where all samples of a legend are of one colour and hatched, a stack is one shape to whoever looks
for colours. Here it is cut at the lines that run right across it, and each cell goes to the sample
whose pattern its own is most like: how much ink there is, and along which directions it goes on.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import crop, farthest
from air_cli.read.marks.bars_cut import Rect
from air_cli.read.scene import LegendEntry, Scene
from air_cli.records import Box

Ink = NDArray[np.float64]

# The colours by which patterns are told apart: as far from each other as greys can be.
_KEYS = ("#101010", "#484848", "#808080", "#b4b4b4", "#2c2c2c", "#646464", "#9a9a9a")
_DARK = 0.5  # of the darkest ink: what counts as a line
_ACROSS = 0.9  # of a bar's thickness that a line between two cells runs
_CLOSED = 0.75  # of a sample's side, whose corners compression may blur
_RIM = 3  # pixels: outlines are thinner
_HIGH = 7  # pixels: samples of lines are lower than samples of fills
_ALIKE = 40  # grey levels between the papers, and between the inks, of samples
_DIRECTIONS = ((0, 1), (1, 0), (1, 1), (1, -1))


@dataclass(frozen=True)
class Patterns:
    """The patterns of a legend: its entries, each with a colour of its own, and what they look
    like at shifts of `step` pixels."""

    entries: tuple[LegendEntry, ...]
    looks: tuple[Ink, ...]
    step: int


def patterns_of(scene: Scene) -> Patterns | None:
    """The patterns that a legend tells apart; None where its samples differ in colour, or are not
    hatched."""
    entries = [e for e in scene.legend if e.name and e.swatch_px != e.bbox_px]
    crops = [_trimmed(_ink(crop(scene.rgb, _around(e.swatch_px)))) for e in entries]
    if not 2 <= len(entries) <= len(_KEYS) or len(entries) < len(scene.legend):
        return None
    if any(min(c.shape) < _HIGH + 2 or not _outlined(c) for c in crops):
        return None
    tones = [np.quantile(crop(scene.rgb, e.swatch_px), (0.0, 0.8), axis=(0, 1)) for e in entries]
    if max(float(np.abs(a - b).max()) for a, b in itertools.combinations(tones, 2)) > _ALIKE:
        return None
    step = 2 if min(min(c.shape) for c in crops) < 14 else 3
    looks = [_look(c[_RIM:-_RIM, _RIM:-_RIM], step) for c in crops]
    if min(float(np.abs(a - b).sum()) for a, b in itertools.combinations(looks, 2)) < 0.1:
        return None
    keyed = [replace(e, color=key) for e, key in zip(entries, _KEYS, strict=False)]
    return Patterns(tuple(keyed), tuple(looks), step)


def cells(scene: Scene, patterns: Patterns, bars: Sequence[Rect], vertical: bool) -> list[Rect]:
    """The cells of outlined bars and stacks, each in the colour that stands for its pattern."""
    usual = statistics.median(_thick(r.box, vertical) for r in bars) if bars else 0.0
    found: list[Rect] = []
    for bar in bars:
        ink = _ink(crop(scene.rgb, bar.box))
        ink = ink if vertical else ink.T
        left, top = round(bar.left), round(bar.top)
        start, first = (top, left) if vertical else (left, top)
        for low, high in _lanes(ink, usual):
            for a, b, key in _segments(ink[:, low:high], patterns):
                aside, along = (first + low, first + high), (start + a, start + b)
                (x0, x1), (y0, y1) = (aside, along) if vertical else (along, aside)
                found.append(Rect(x0, y0, x1, y1, key))
    return found


def _thick(box: Box, vertical: bool) -> float:
    return box[2] - box[0] if vertical else box[3] - box[1]


def _ink(part: NDArray[np.uint8]) -> Ink:
    """How dark each pixel is, from the paper (0) to the darkest ink (1)."""
    if part.size == 0:
        return np.zeros((0, 0))
    paper = np.quantile(part.reshape(-1, 3), 0.8, axis=0)
    away = farthest(part.astype(np.float32) - paper.astype(np.float32)).astype(float)
    return np.asarray(away / max(float(away.max()), 1.0))


def _around(box: Box) -> Box:
    return box[0] - 2, box[1] - 2, box[2] + 2, box[3] + 2


def _trimmed(ink: Ink) -> Ink:
    """A sample without what its box holds beyond its outline."""
    for _ in range(2):
        rows = np.flatnonzero((ink > _DARK).mean(axis=1) > 0.6)
        ink = (ink[rows[0] : rows[-1] + 1] if len(rows) > 1 else ink).T
    return ink


def _outlined(ink: Ink) -> bool:
    """Whether a line runs along all four sides of a sample, and it is not filled."""
    sides = (ink[:_RIM], ink[-_RIM:], ink[:, :_RIM].T, ink[:, -_RIM:].T)
    closed = all((side.max(axis=0) > _DARK).mean() > _CLOSED for side in sides)
    inner = ink[_RIM:-_RIM, _RIM:-_RIM] > _DARK
    return closed and bool(inner.size) and float(inner.mean()) < 0.7


def _look(ink: Ink, step: int) -> Ink:
    """A pattern as numbers: how much of it is ink, and how far the ink goes on along each of four
    directions."""
    solid = (ink > _DARK).astype(float)
    share = max(float(solid.mean()), 1e-3)
    parts = [share]
    for down, right in _DIRECTIONS:
        whole = solid[: len(solid) - down * step]
        other = solid[down * step :]
        if right > 0:
            whole, other = whole[:, : -right * step], other[:, right * step :]
        elif right < 0:
            whole, other = whole[:, -right * step :], other[:, : right * step]
        parts.append(float((whole * other).mean()) / share if whole.size else 0.0)
    return np.array(parts)


def _lines(full: NDArray[np.bool_]) -> list[float]:
    """The middles of the runs of rows that a line fills."""
    places = np.flatnonzero(full)
    if not len(places):
        return []
    runs = np.split(places, np.flatnonzero(np.diff(places) > 1) + 1)
    return [float(run[0] + run[-1] + 1) / 2 for run in runs if len(run) <= 2 * _RIM]


def _lanes(ink: Ink, usual: float) -> Iterable[tuple[int, int]]:
    """(first column, end) of the bars that stand side by side in a shape."""
    wide = ink.shape[1]
    if wide < 1.5 * usual:
        return [(0, wide)]
    dark = ink > _DARK
    cuts = [c for c in _lines(dark.mean(axis=0) > 0.85) if 0.4 * usual < c < wide - 0.4 * usual]
    edges = [0, *(round(c) for c in cuts), wide]
    return list(itertools.pairwise(edges))


def _segments(ink: Ink, patterns: Patterns) -> list[tuple[float, float, str]]:
    """(start, end, colour) of the cells of one bar, in rows: between the lines right across it,
    neighbours of one pattern put together (a grid has such lines as well)."""
    inner = ink[:, _RIM:-_RIM] > _DARK
    if not inner.size:
        return []
    lines = _lines(inner.mean(axis=1) > _ACROSS)
    ends = [line for line in lines if line < 2 * _RIM or line > len(ink) - 2 * _RIM]
    start = min([0.0, *ends]) if not ends or ends[0] > 2 * _RIM else ends[0]
    stop = ends[-1] if ends and ends[-1] > len(ink) - 2 * _RIM else float(len(ink))
    edges = [start, *(line for line in lines if start + 2 < line < stop - 2), stop]
    found: list[tuple[float, float, str]] = []
    for a, b in _without_grid(edges):
        block = ink[round(a) + 2 : round(b) - 1, _RIM:-_RIM]
        key = _nearest(_look(block, patterns.step), patterns) if len(block) > patterns.step else ""
        if (a == start or b == stop) and not block.any():
            continue  # beside the end of a longer neighbour
        if found and key in ("", found[-1][2]):
            found[-1] = (found[-1][0], b, found[-1][2])
        elif key:
            found.append((a, b, key))
    return found


def _without_grid(edges: Sequence[float]) -> Iterable[tuple[float, float]]:
    """The spans between lines; three or more narrow ones of one height that follow each other, with
    what is narrower beside them, are the meshes of one grid."""
    spans = list(itertools.pairwise(edges))
    sizes = [b - a for a, b in spans]
    alike = [
        n
        for n in range(1, len(sizes) - 1)
        if max(sizes[n - 1 : n + 2]) < 30 and abs(sizes[n] - sizes[n - 1]) <= 1.6
    ]
    mesh = statistics.median(sizes[n] for n in alike) if len(alike) >= 2 else 0.0
    result: list[tuple[float, float]] = []
    meshes = False
    for (a, b), size in zip(spans, sizes, strict=True):
        narrow = size <= 1.25 * mesh
        if narrow and meshes:
            result[-1] = (result[-1][0], b)
        else:
            result.append((a, b))
        meshes = narrow
    return result


def _nearest(look: Ink, patterns: Patterns) -> str:
    away = [float(np.abs(look - known).sum()) for known in patterns.looks]
    return patterns.entries[int(np.argmin(away))].color
