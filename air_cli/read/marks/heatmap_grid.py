"""The lattice of a heat map: evenly spaced straight edges, and flat cells of many colours."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import farthest, page_background
from air_cli.read.scene import Rgb
from air_cli.records import Box, Text

Floats = NDArray[np.floating[Any]]
_LOOK_PX = 800  # the picture is looked at in about this size
_STEP = 9  # levels between neighbouring cells
_SMALLEST = 7.0  # pixels of a cell's side
_FLAT, _NEAR = 0.85, 14  # share of a cell's pixels within so many levels of its colour
_FLAT_TEXT = 0.45  # the same of a cell that its text fills
_OTHER = 10  # levels by which two colours differ


@dataclass(frozen=True)
class Grid:
    """Cell edges from left to right and from top to bottom, in pixels, and each cell's colour,
    (rows, columns, 3)."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    colors: Floats

    @property
    def box(self) -> Box:
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def cell(self, row: int, column: int) -> Box:
        """The box of a cell."""
        return self.xs[column], self.ys[row], self.xs[column + 1], self.ys[row + 1]

    def centres(self, axis: int) -> list[float]:
        """Middles of the columns (axis 0) or rows (1)."""
        edges = self.xs if axis == 0 else self.ys
        return [(a + b) / 2 for a, b in itertools.pairwise(edges)]


@dataclass(frozen=True)
class _Look:
    """The picture made smaller by `step`, what texts hide of it, and the page's colour."""

    small: NDArray[np.int16]
    hidden: NDArray[np.bool_]
    page: Floats
    step: int

    def cells(self, xs: Sequence[float], ys: Sequence[float]) -> tuple[Floats, NDArray[np.bool_]]:
        """The colour of each cell, and whether it is flat but for its text."""
        colors = np.zeros((len(ys) - 1, len(xs) - 1, 3))
        flat = np.zeros(colors.shape[:2], bool)
        for row, (top, bottom) in enumerate(itertools.pairwise(ys)):
            for column, (left, right) in enumerate(itertools.pairwise(xs)):
                dx, dy = 0.1 * (right - left), 0.1 * (bottom - top)
                window = (
                    slice(max(0, round(top + dy)), max(round(top + dy) + 1, round(bottom - dy))),
                    slice(max(0, round(left + dx)), max(round(left + dx) + 1, round(right - dx))),
                )
                part, seen = self.small[window].reshape(-1, 3), ~self.hidden[window].ravel()
                clear = seen.sum() >= max(4, 0.08 * len(part))
                part = part[seen] if clear else part
                if len(part):
                    color = np.median(part, axis=0)
                    near = farthest(part - color) <= _NEAR
                    flat[row, column] = near.mean() >= (_FLAT if clear else _FLAT_TEXT)
                    colors[row, column] = part[near].mean(axis=0) if near.any() else color
        return colors, flat


def find_grid(rgb: Rgb, texts: Sequence[Text]) -> Grid | None:
    """The grid of cells of a picture (height, width, 3); None where there is none of at least two
    rows and two columns in three colours. Texts are looked past."""
    step = max(1, round(max(rgb.shape[:2]) / _LOOK_PX))
    small = rgb[::step, ::step].astype(np.int16)
    hidden = np.zeros(small.shape[:2], bool)
    for text in texts:
        left, top, right, bottom = (round(v / step) for v in text.bbox_px)
        hidden[max(0, top - 1) : bottom + 1, max(0, left - 1) : right + 1] = True
    across = (farthest(np.diff(small, axis=1)) > _STEP) & ~hidden[:, 1:] & ~hidden[:, :-1]
    along = (farthest(np.diff(small, axis=0)) > _STEP) & ~hidden[1:] & ~hidden[:-1]
    xs, ys = (
        _even(_peaks(across.sum(axis=0)), _SMALLEST),
        _even(_peaks(along.sum(axis=1)), _SMALLEST),
    )
    if len(xs) < 3 or len(ys) < 3:
        return None
    # Edges elsewhere (a title's rule, a colour bar) blur the counts: look again inside.
    rows = slice(max(0, round(ys[0])), round(ys[-1]) + 1)
    columns = slice(max(0, round(xs[0])), round(xs[-1]) + 1)
    again = _even(_peaks(across[rows].sum(axis=0)), _SMALLEST)
    xs = again if len(again) >= 3 else xs
    again = _even(_peaks(along[:, columns].sum(axis=1)), _SMALLEST)
    ys = again if len(again) >= 3 else ys
    page = np.array(page_background(rgb), float)
    return _checked(_Look(small, hidden, page, step), xs, ys)


def _peaks(counts: NDArray[np.int64]) -> list[float]:
    """Places where many edges lie under each other."""
    most = float(np.sort(counts)[-3:].mean())
    if most < 12:
        return []
    strong = counts >= 0.22 * most
    places = np.flatnonzero(strong)
    runs = np.split(places, np.flatnonzero(np.diff(places) > 2) + 1)
    found = []
    for run in runs:
        if len(run) > 8:  # a gradient, a photograph
            continue
        weight = counts[run].astype(float)
        found.append(float((weight * run).sum() / weight.sum()) + 1.0)
    return found if len(found) <= 150 else []


def _even(places: Sequence[float], least: float) -> list[float]:
    """The longest evenly spaced run of places; up to a fifth of it may be missing inside."""
    best: list[float] = []
    score = 0.0
    at = np.array(places)
    for i, first in enumerate(places):
        for second in places[i + 1 : i + 9]:
            if second - first < least:
                continue
            run, hits = _followed(at, first, second - first)
            wide = run[-1] - run[0]
            worth = hits * wide**0.5
            if len(run) > 2 and hits >= 0.8 * len(run) and worth > score:
                best, score = run, worth
    return best


def _followed(at: Floats, first: float, pitch: float) -> tuple[list[float], int]:
    """Places from `first` on, a pitch apart, one missing at a time; the pitch becomes surer with
    every place. Returns them, and how many were there."""
    run, hits, missed = [first], 1, 0
    while True:
        expected = first + pitch * (len(run))
        near = float(at[np.abs(at - expected).argmin()])
        # One distance between edges is sure to a pixel or two only.
        reach = max(2.5, 0.04 * pitch) if len(run) < 4 else max(1.6, 0.03 * pitch)
        if abs(near - expected) <= reach:
            run.append(near)
            hits, missed = hits + 1, 0
            pitch = (near - first) / (len(run) - 1)
        elif missed or expected > at[-1] + 2:
            return (run[:-1] if missed else run), hits
        else:
            run.append(expected)
            missed = 1


def _checked(look: _Look, xs: Sequence[float], ys: Sequence[float]) -> Grid | None:
    """The grid, if its cells are flat, of several colours, and mostly not the page's."""
    xs, ys = _stretched(look, xs, ys)
    if not _varied(look.cells(xs, ys)[0]):  # a grid is drawn through the middles of the cells
        xs = xs[::2] if len(xs) % 2 else xs
        ys = ys[::2] if len(ys) % 2 else ys
    if len(xs) < 3 or len(ys) < 3:
        return None
    colors, flat = look.cells(xs, ys)
    blank = (np.abs(colors - look.page).max(axis=2) < 5).mean()
    if colors[..., 0].size < 6 or flat.mean() < 0.9 or blank > 0.4 or not _varied(colors):
        return None
    return Grid(tuple(x * look.step for x in xs), tuple(y * look.step for y in ys), colors)


def _stretched(
    look: _Look, xs: Sequence[float], ys: Sequence[float]
) -> tuple[list[float], list[float]]:
    """The edges with those of outer cells added that texts close by had hidden."""
    xs, ys = list(xs), list(ys)
    for edges, across in ((xs, True), (ys, False)):
        for first in (True, False):
            pitch = (edges[-1] - edges[0]) / (len(edges) - 1)
            while True:
                at = edges[0] - pitch if first else edges[-1] + pitch
                pair = [at, edges[0]] if first else [edges[-1], at]
                size = look.small.shape[1 if across else 0]
                if pair[0] < -1 or pair[1] > size + 1 or len(edges) > 80:
                    break
                colors, flat = look.cells(pair, ys) if across else look.cells(xs, pair)
                beside = np.abs(np.diff(colors.reshape(-1, 3), axis=0)).max(axis=1) > _OTHER
                if flat.mean() < 0.7 or beside.mean() < 0.35:  # margins are of one colour
                    break
                if first:
                    edges.insert(0, at)
                else:
                    edges.append(at)
    return xs, ys


def _varied(colors: Floats) -> bool:
    """Whether neighbours differ in both directions, and there are more than a few colours."""
    down = np.abs(np.diff(colors, axis=0)).max(axis=2) > _OTHER
    beside = np.abs(np.diff(colors, axis=1)).max(axis=2) > _OTHER
    flat = colors.reshape(-1, 3)
    apart = np.abs(flat[:, None] - flat[None]).max(axis=2) > _OTHER
    kinds = 0
    left = np.ones(len(flat), bool)
    while left.any():
        left &= apart[int(np.argmax(left))]
        kinds += 1
    return bool(down.mean() > 0.35 and beside.mean() > 0.35 and kinds >= max(3, 0.15 * len(flat)))
