"""Dots that lie wholly under another of their lane: what their colour leaves at its rim."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from air_cli.read.colors import from_hex
from air_cli.read.scene import Rgb
from air_cli.records import Mark, Series

_RIM_PX = 1.6  # a rim's pixels are as far from the edge of the dot at most
_TRACE = 0.04  # share of the hidden colour in the rim that tells
_CLEAR = 2.0  # times as much of it as in any other dot of the lane
_LOOSE = 0.6  # of the upper dot's interval: how much wider that of the lower is, on either side
_ALIKE = 0.2  # sine of the angle between two colours, seen from the ground's


def hidden_dots(rgb: Rgb, marks: Sequence[Mark], series: Sequence[Series]) -> list[Mark]:
    """Marks for the series that lack a dot in a lane. Under the only dot of its lane it has that
    one's value; of several, under the one whose rim shows its colour: there both dots cover the
    ground in part, and the lower shows through. Where none does clearly, it is left out."""
    found = []
    for category in dict.fromkeys(m.category for m in marks):
        own = [m for m in marks if m.category == category]
        missing = [s for s in series if all(m.series != s.name for m in own)]
        for one in missing:
            over = own[0] if len(own) == len(missing) == 1 else _over(rgb, own, one.color)
            if over is not None and over.value is not None:
                found.append(_under(over, one))
    return found


def _under(over: Mark, one: Series) -> Mark:
    """A dot of a series under another: it may stick out by less than was seen."""
    low, high = over.low, over.high
    if low is not None and high is not None:
        low, high = low - _LOOSE * (high - low), high + _LOOSE * (high - low)
    box = over.bbox_px
    return Mark(one.name, over.category, over.value, low, high, "geometry", box, one.color)


def _over(rgb: Rgb, own: Sequence[Mark], color: str) -> Mark | None:
    """The dot that lies over one of a colour."""
    traces = sorted(((_trace(rgb, mark, color), n) for n, mark in enumerate(own)), reverse=True)
    if not traces or traces[0][0] < _TRACE:
        return None
    clear = len(traces) == 1 or traces[0][0] > _CLEAR * traces[1][0]
    return own[traces[0][1]] if clear else None


def _trace(rgb: Rgb, mark: Mark, color: str) -> float:
    """The share of a colour in the rim of a dot, over what the dot and its ground make of it."""
    left, top, right, bottom = mark.bbox_px
    x, y, radius = (left + right) / 2 - 0.5, (top + bottom) / 2 - 0.5, (right - left) / 2
    reach = radius + 6
    rows = slice(max(0, int(y - reach)), int(y + reach) + 2)
    columns = slice(max(0, int(x - reach)), int(x + reach) + 2)
    part = rgb[rows, columns].astype(float)
    ys, xs = np.mgrid[0 : part.shape[0], 0 : part.shape[1]]
    away = np.hypot(xs + columns.start - x, ys + rows.start - y)
    rim, around = np.abs(away - radius) < _RIM_PX, (away > radius + 3) & (away < radius + 6)
    if rim.sum() < 8 or around.sum() < 8:
        return 0.0
    ground = np.median(part[around], axis=0)
    pair = np.array([from_hex(mark.color), from_hex(color)], float) - ground
    lengths = np.linalg.norm(pair, axis=1)
    if lengths.min() < 30:
        return 0.0
    cosine = float(pair[0] @ pair[1] / lengths.prod())
    if 1 - cosine**2 < _ALIKE**2:
        return 0.0
    amounts = np.linalg.lstsq(pair.T, (part[rim] - ground).T, rcond=None)[0]
    edge = (amounts[0] > 0.15) & (amounts[0] < 0.85)
    return float(np.median(amounts[1][edge])) if edge.sum() >= 6 else 0.0
