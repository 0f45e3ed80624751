"""Which of two value axes a series is measured on: what the chart shows, else what fits best.

A chart with two axes says by colour or by words which series belongs where, or leaves it to
convention. Exact positions tell one thing more: on its own axis a series' values are numbers that
people write (2.3), on the other they are not (21.357).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

from air_cli.read.page import center
from air_cli.read.scene import AxisFit
from air_cli.read.vector_plot import Plot
from air_cli.read.vector_shapes import color_distance, is_neutral
from air_cli.read.vector_values import reading

# Digits fewer on one axis than on the other that settle it, and values that this takes.
_DIGITS, _VALUES = 0.9, 3
_RIGHT = ("rhs", "right", "secondary", "r.h.s")
_LEFT = ("lhs", "left", "primary", "l.h.s")


def axis_of(plot: Plot, color: str, name: str, places: Sequence[float], over: bool) -> AxisFit:
    """The value axis of a series: `places` are the y of its marks in px; `over` says that it is a
    line over bars, which by convention have the first axis to themselves."""
    assert plot.y is not None
    if plot.y2 is None:
        return plot.y
    shown = _by_color(plot, color) or _by_words(plot, name)
    if shown is not None:
        return shown
    first, second = (_digits(fit, places, plot.pt) for fit in (plot.y, plot.y2))
    if len(places) >= _VALUES and abs(first - second) >= _DIGITS:
        return plot.y if first < second else plot.y2
    if over:
        _doubt(plot, name)
        return plot.y2
    return plot.y


def _doubt(plot: Plot, name: str) -> None:
    note = f"{name or 'the line'} is taken to be measured on the right axis"
    if note not in plot.problems:
        plot.problems.append(note)


def _by_color(plot: Plot, color: str) -> AxisFit | None:
    """The axis whose labels are written in the series' colour."""
    for fit, side in ((plot.y2, "right"), (plot.y, "left")):
        if fit is None:
            continue
        ticks = [tick.px for tick in fit.ticks]
        for label in plot.labels:
            beside = (
                label.box[0] > plot.box[2] - 2
                if side == "right"
                else label.box[2] < plot.box[0] + 2
            )
            near = beside and any(abs(center(label.box)[1] - px) < label.size for px in ticks)
            if near and label.color and not is_neutral(label.color):
                if color_distance(label.color, color) < 30:
                    return fit
                break
    return None


def _by_words(plot: Plot, name: str) -> AxisFit | None:
    """By a hint in the series' name ("Margin (rhs)"), or an axis titled like the series."""
    assert plot.y is not None
    words = name.lower().replace("(", " ").replace(")", " ").split()
    if any(word in _RIGHT for word in words):
        return plot.y2
    if any(word in _LEFT for word in words):
        return plot.y
    titled = [
        fit
        for fit in (plot.y, plot.y2)
        if fit is not None and name and name.lower() in fit.title.lower()
    ]
    return titled[0] if len(titled) == 1 else None


def _digits(fit: AxisFit, places: Sequence[float], pt: float) -> float:
    """The typical number of decimal places, relative to the axis' range, of values there."""
    counts = []
    span = abs(fit.value(fit.span[0]) - fit.value(fit.span[1])) or 1.0
    for px in places:
        value = reading(fit, px, pt)[0]
        if value == 0:
            continue
        mantissa = f"{value:.10g}".partition(".")[2].partition("e")[0]
        counts.append(len(mantissa) + math.log10(span))
    return statistics.mean(counts) if counts else 0.0
