"""Bubbles of a plot, found by their outlines where they overlap or are mere rings."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import cv2
import numpy as np

from air_cli.read.colors import Mask, distance, from_hex, to_hex
from air_cli.read.ink import Plot
from air_cli.read.marks.circles import Circle, find_circles
from air_cli.read.marks.dotted import SHADE, Dots
from air_cli.read.scene import LegendEntry

_LEAST = 4  # circles that make a bubble chart
_WIDEST = 0.1  # of the plot's longer side: a bubble's radius
_DIFFER = 1.2  # ratio of large radii to small ones
_DRAWN = 0.8  # share of the directions in which a circle has ink
_FULL = 0.5  # share of a bubble that shows its own colour, to tell the colours there are


def find_bubbles(plot: Plot, legend: Sequence[LegendEntry]) -> list[Dots]:
    """The bubbles of a plot by colour; empty unless there are four circles of several sizes."""
    skip = ~plot.palette.allowed | plot.grid
    circles = find_circles(plot.palette.crop, skip, _WIDEST * max(plot.shape))
    circles = [c for c in circles if _is_drawn(plot, c)]
    if len(circles) < _LEAST:
        return []
    low, high = np.quantile([c.radius for c in circles], (0.1, 0.9))
    if high < _DIFFER * low:
        return []
    return [_dots(plot, group, color) for color, group in _by_color(plot, circles, legend)]


def _disc(plot: Plot, circle: Circle, radius: float) -> Mask:
    ys, xs = np.ogrid[: plot.shape[0], : plot.shape[1]]
    return np.asarray(np.hypot(xs - circle.x, ys - circle.y) < radius)


def _rim(plot: Plot, circle: Circle) -> Mask:
    """The inked pixels along a circle's edge that are its own: just inside; of a ring of which the
    inner edge was found, just outside."""
    wide = float(np.clip(0.2 * circle.radius, 2.0, 4.0))
    seen = plot.palette.ink & ~plot.grid
    disc = _disc(plot, circle, circle.radius)
    inner = disc & ~_disc(plot, circle, circle.radius - wide) & seen
    outer = ~disc & _disc(plot, circle, circle.radius + wide) & seen
    return outer if outer.sum() > 2 * inner.sum() else inner


def _is_drawn(plot: Plot, circle: Circle) -> bool:
    """Whether there is ink along a circle in most directions in which that can be seen."""
    turns = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    away = circle.radius + np.arange(-2, 3)[:, None]
    xs = np.rint(circle.x + away * np.cos(turns)).astype(int)
    ys = np.rint(circle.y + away * np.sin(turns)).astype(int)
    high, wide = plot.shape
    within = ((xs > 3) & (xs < wide - 4) & (ys > 3) & (ys < high - 4)).all(axis=0)  # may be clipped
    xs, ys = xs.clip(0, wide - 1), ys.clip(0, high - 1)
    seen = (plot.palette.allowed & ~plot.grid)[ys, xs]
    ink = (plot.palette.ink & ~plot.grid)[ys, xs].any(axis=0)
    told = (seen.all(axis=0) | ink) & within
    return bool(told.sum() >= 12 and ink[told].mean() > _DRAWN)


def _by_color(
    plot: Plot, circles: Sequence[Circle], legend: Sequence[LegendEntry]
) -> list[tuple[str, list[Circle]]]:
    """The circles by colour: those that show much of theirs first, the others by the nearest."""
    cover = np.zeros(plot.shape, np.uint8)
    for circle in circles:
        cover += _disc(plot, circle, circle.radius + 0.5)
    shown = [(*_own_color(plot, circle, cover), circle) for circle in circles]
    shown.sort(key=lambda found: -found[1])
    pairs = itertools.combinations([entry.color for entry in legend], 2)
    limit = min([SHADE, *(0.6 * distance(a, b) for a, b in pairs)])
    groups: list[tuple[str, list[Circle]]] = []
    for color, free, circle in shown:
        near = min(groups, key=lambda group: distance(group[0], color), default=None)
        if near is not None and (free < _FULL or distance(near[0], color) < limit):
            near[1].append(circle)
        else:
            groups.append((color, [circle]))
    return groups


def _own_color(plot: Plot, circle: Circle, cover: np.ndarray) -> tuple[str, float]:
    """The colour of a circle where no other lies over it, and which share of its rim that is."""
    rim = _rim(plot, circle)
    own = rim & (cover == 1)
    free = float(own.sum() / max(1, rim.sum()))
    pixels = plot.palette.crop[own if own.sum() >= 6 else rim]
    return to_hex(np.median(pixels, axis=0)), free


def _dots(plot: Plot, circles: Sequence[Circle], color: str) -> Dots:
    mask = np.zeros(plot.shape, np.uint8)
    for circle in circles:
        cv2.circle(
            mask, (round(circle.x), round(circle.y)), round(circle.radius + 0.5), 1, thickness=-1
        )
    radii = np.array([c.radius for c in circles])
    hidden = 1 - np.array([c.seen for c in circles])
    return Dots(
        np.array([(c.x, c.y) for c in circles]),
        0.5 + 2.0 * hidden,
        np.pi * radii**2,
        float(2 * np.median(radii)),
        to_hex(np.array(from_hex(color))),
        mask > 0,
        quality=float(np.clip(1.1 - 0.3 * hidden.mean(), 0, 1)),
        merged=0,
    )
