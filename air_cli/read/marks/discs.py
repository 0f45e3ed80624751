"""Cut a disc or ring into sectors of one colour each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import Mask, page_background, to_hex
from air_cli.read.ink import cover_boxes
from air_cli.read.marks.rounds import Disc
from air_cli.read.palette import Palette
from air_cli.read.scene import Rgb
from air_cli.records import Text

_TURN = 1440  # directions sampled around the centre
_SLIVER = 12  # of these directions: a line between slices is narrower


@dataclass(frozen=True)
class Sector:
    """From `start` to `stop` in turns, clockwise from the top; `stop` may pass 1. `whole` is the
    part of the turn that all sectors fill: half of it in half a disc. `loose` turns of it are
    half of the gaps beside it: how far its edges are uncertain."""

    start: float
    stop: float
    color: str
    whole: float = 1.0
    loose: float = 0.0

    @property
    def share(self) -> float:
        """Share of the whole, 0..1."""
        return (self.stop - self.start) / self.whole

    @property
    def middle(self) -> float:
        """The direction of the sector's middle, in turns."""
        return (self.start + self.stop) / 2 % 1

    def away(self, turn: float) -> float:
        """Distance in turns from a direction to the sector, 0 inside it."""
        inside = (turn - self.start) % 1 <= self.stop - self.start
        ends = ((turn - self.start) % 1, (turn - self.stop) % 1)
        return 0.0 if inside else min(min(e, 1 - e) for e in ends)


def cut_sectors(rgb: Rgb, disc: Disc, texts: Sequence[Text] = ()) -> list[Sector]:
    """The sectors of a disc, clockwise from the top. Neighbours of one colour are told apart
    where a line divides them; texts on them are looked past."""
    pad = disc.radius + 2
    left, top = max(0, int(disc.x - pad)), max(0, int(disc.y - pad))
    part = rgb[top : int(disc.y + pad) + 1, left : int(disc.x + pad) + 1]
    rows, columns = np.mgrid[0 : part.shape[0], 0 : part.shape[1]]
    away = np.hypot(columns + left - disc.x, rows + top - disc.y)
    inside = (away < 0.985 * disc.radius) & (away > disc.hole)
    palette = Palette(part, page_background(rgb), inside)
    shifted = [
        (t.bbox_px[0] - left, t.bbox_px[1] - top, t.bbox_px[2] - left, t.bbox_px[3] - top)
        for t in texts
    ]
    hidden = cover_boxes(inside.shape, shifted)
    labels = _around(palette, disc, (left, top), hidden)
    runs = _runs_around(*labels)
    return [Sector(a, b, _color(rgb, disc, a, b), loose=loose) for a, b, loose in runs]


def _color(rgb: Rgb, disc: Disc, start: float, stop: float) -> str:
    """The usual colour of a sector's pixels near the rim, away from its edges."""
    inset = 0.2 * (stop - start)
    turns = np.linspace(start + inset, stop - inset, 40) * 2 * np.pi
    depth = np.linspace(max(disc.hole, 0.7 * disc.radius) + 2, 0.95 * disc.radius, 8)
    xs = (disc.x + np.outer(depth, np.sin(turns))).round().astype(int).clip(0, rgb.shape[1] - 1)
    ys = (disc.y - np.outer(depth, np.cos(turns))).round().astype(int).clip(0, rgb.shape[0] - 1)
    return to_hex(np.median(rgb[ys, xs].reshape(-1, 3), axis=0))


def _around(
    palette: Palette, disc: Disc, origin: tuple[int, int], hidden: Mask
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """For each direction the ink that most visible radii agree on (-1: none, -2: all hidden by
    text), and the share of them that do."""
    turns = (np.arange(_TURN) + 0.5) / _TURN * 2 * np.pi
    inner = max(disc.hole + 0.12 * (disc.radius - disc.hole), 0.3 * disc.radius)
    depth = np.linspace(inner, 0.965 * disc.radius, 24)
    xs = (disc.x - origin[0] + np.outer(depth, np.sin(turns))).round().astype(int)
    ys = (disc.y - origin[1] - np.outer(depth, np.cos(turns))).round().astype(int)
    rows, columns = palette.labels.shape
    inside = (xs >= 0) & (ys >= 0) & (xs < columns) & (ys < rows)
    xs, ys = xs.clip(0, columns - 1), ys.clip(0, rows - 1)
    seen = np.where(inside, palette.labels[ys, xs], -1).astype(np.int64)
    weight = np.where(depth > 0.75 * disc.radius, 1.6, 1.0)[:, None] * ~hidden[ys, xs]
    total = weight.sum(axis=0)
    votes = np.zeros((max(1, len(palette.inks)), _TURN))
    for k in range(len(palette.inks)):
        votes[k] = ((seen == k) * weight).sum(axis=0)
    share = votes.max(axis=0) / np.maximum(total, 1e-9)
    labels = np.where(share > 0.3, votes.argmax(axis=0), -1)
    return np.where(total < 3, -2, labels), share


def _runs_around(
    labels: NDArray[np.int64], strength: NDArray[np.float64]
) -> list[tuple[float, float, float]]:
    """Runs of one label as (start, stop, half of the gaps beside it) in turns; short runs are
    noise, and the gap between two runs is shared."""
    # A dividing line: directions where few radii see any ink, between two of one label.
    solid = np.where((strength > 0.45) | (labels == -2), labels, -1)
    solid = _bridge_hidden(solid)
    least = max(3, round(_TURN * 0.003))
    change = np.flatnonzero(solid != np.roll(solid, 1))
    if not len(change):
        return [(0.0, 1.0, 0.0)] if solid[0] >= 0 else []
    runs = []
    for i, start in enumerate(change):
        stop = change[(i + 1) % len(change)] + (_TURN if i + 1 == len(change) else 0)
        if solid[start] >= 0 and stop - start >= least:
            runs.append((int(start), int(stop), int(solid[start])))
    return _share_gaps(_without_lines(_one_color(runs, strength)))


def _one_color(
    runs: list[tuple[int, int, int]], strength: NDArray[np.float64]
) -> list[tuple[int, int, int]]:
    """Neighbouring runs of one colour joined where no line is between them (dithering), or where
    one of them is a sliver beside a blurred line."""
    result: list[tuple[int, int, int]] = []
    for run in runs:
        last = result[-1] if result else None
        if last is not None and last[2] == run[2]:
            between = strength[np.arange(last[1] - 1, run[0] + 1) % _TURN]
            usual = np.median(strength[np.arange(last[0], run[1]) % _TURN])
            sliver = min(last[1] - last[0], run[1] - run[0]) < _SLIVER
            if between.min() > 0.5 * usual or (sliver and run[0] - last[1] < _SLIVER):
                result[-1] = (last[0], run[1], run[2])
                continue
        result.append(run)
    return result


def _without_lines(runs: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """The runs without the dividing lines: slivers of one colour between most slices."""
    slivers = [run for run in runs if run[1] - run[0] < _SLIVER]
    lines = {run[2] for run in slivers if sum(other[2] == run[2] for other in slivers) >= 2}
    lines -= {run[2] for run in runs if run not in slivers}
    return [run for run in runs if run[2] not in lines]


def _bridge_hidden(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Directions hidden by text take the label of both sides, where these agree."""
    hidden = np.flatnonzero(labels == -2)
    known = np.flatnonzero(labels != -2)
    if not len(hidden) or not len(known):
        return labels
    before = labels[known[np.searchsorted(known, hidden) - 1]]
    after = labels[known[np.searchsorted(known, hidden) % len(known)]]
    result = labels.copy()
    result[hidden] = np.where(before == after, before, -1)
    return result


def _share_gaps(runs: list[tuple[int, int, int]]) -> list[tuple[float, float, float]]:
    """Runs in turns. The gap between two is a dividing line, and shared; where it is too wide for
    one it is a sector almost as pale as the page."""
    if not runs:
        return []
    if len(runs) == 1 and runs[0][1] - runs[0][0] > 0.97 * _TURN:
        return [(0.0, 1.0, 0.0)]
    result: list[tuple[float, float, float]] = []
    for i, (start, stop, _) in enumerate(runs):
        before = runs[i - 1][1] - (_TURN if i == 0 else 0)
        after = runs[(i + 1) % len(runs)][0] + (_TURN if i + 1 == len(runs) else 0)
        wide = after - stop > 0.02 * _TURN
        first = start if start - before > 0.02 * _TURN else (before + start) / 2
        last = stop if wide else (stop + after) / 2
        loose = 1.5 * (start - first + last - stop) / _TURN
        result.append((first / _TURN, last / _TURN, loose))
        if wide:
            result.append((stop / _TURN, after / _TURN, 0.0))
    return result
