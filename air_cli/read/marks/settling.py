"""The abscissas of points, put to where they are: labels tell them to a few pixels only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from air_cli.read.marks.strokes import Floats, Stroke

_SURE = 0.4  # pixels that matter to no value
_MOST_OFF = 0.2  # of a step, that labels but a few may stand beside their even places


@dataclass(frozen=True)
class Knot:
    """An abscissa to read at: image pixel, the category's name, the value of a numeric axis."""

    px: float
    name: str
    x: float | None = None


def settled(knots: list[Knot], strokes: Sequence[Stroke], left: float) -> list[Knot]:
    """The knots, evened and then moved and stretched a little, all alike, to where the lines bend.

    Labels (slanted ones above all) may stand beside their points, and recognised boxes are sure to
    a pixel or two only; but categories are evenly spaced, and lines are straight between points:
    the right places leave far less of them off the chords.
    """
    if len(knots) < 4 or not any(len(stroke.xs) for stroke in strokes):
        return knots
    labelled = np.array([knot.px for knot in knots]) - left
    even = _even(labelled, knots)
    if even is None or np.abs(even - labelled).max() < _SURE:
        return _at(knots, _moved(labelled, strokes), left)
    ways = [_moved(even, strokes), _moved(labelled, strokes)]
    off = [_off_chords(way, strokes) for way in ways]
    return _at(knots, ways[0] if off[0] < 1.15 * off[1] + 0.05 else ways[1], left)


def _at(knots: Sequence[Knot], places: Floats, left: float) -> list[Knot]:
    return [replace(knot, px=float(px) + left) for knot, px in zip(knots, places, strict=True)]


def _even(at: Floats, knots: Sequence[Knot]) -> Floats | None:
    """The places that lie on one even row near the labels' (Theil, 1950, and Sen, 1968, for the
    line through most of them); None where the labels are not evenly spaced."""
    step = float(np.median(np.diff(at)))
    if step <= 0:
        return None
    values = [knot.x for knot in knots if knot.x is not None]
    if len(values) == len(knots):
        counts = np.array(values)
    else:
        counts = np.concatenate([[0.0], np.cumsum(np.rint(np.diff(at) / step))])
    i, j = np.triu_indices(len(at), 1)
    apart = counts[j] - counts[i]
    if (np.diff(counts) <= 0).any():
        return None
    slope = float(np.median((at[j] - at[i]) / apart))
    start = float(np.median(at - slope * counts))
    rest = np.abs(at - start - slope * counts)
    near = rest <= max(1.5, 2.5 * float(np.median(rest)))
    far = int((rest > _MOST_OFF * step).sum())
    if near.mean() < 0.6 or near.sum() < 3 or far > max(1, 0.1 * len(at)) or rest.max() > step / 2:
        return None
    slope, start = np.polyfit(counts[near], at[near], 1)
    return np.asarray(start + slope * counts)


def _moved(at: Floats, strokes: Sequence[Stroke]) -> Floats:
    """The places, moved and stretched together where that leaves far less off the chords."""
    step = float(np.median(np.diff(at)))
    if step < 6:
        return at
    start = _off_chords(at, strokes)
    best, where = start, at
    moves = np.linspace(-0.45, 0.45, 19) * step
    for reach in (1.0, 0.12):
        centre = where
        for move in moves * reach:
            for stretch in (-0.008, -0.004, 0.0, 0.004, 0.008):
                trial = centre + move + stretch * reach * (centre - centre.mean())
                off = _off_chords(trial, strokes)
                if off < best - 1e-6:
                    best, where = off, trial
    far = float(np.abs(where - at).max())
    return at if start < 0.3 or best > (0.7 if far < 4 else 0.4) * start else where


def _off_chords(at: Floats, strokes: Sequence[Stroke]) -> float:
    """Mean distance of the strokes from the chords between their points at `at`."""
    rest = []
    for stroke in strokes:
        inside = (stroke.xs >= at[0]) & (stroke.xs <= at[-1])
        chords = np.interp(stroke.xs[inside], at, np.interp(at, stroke.xs, stroke.ys))
        rest.append(np.abs(chords - stroke.ys[inside]))
    every = np.concatenate(rest)
    return float(every.mean()) if len(every) else 0.0
