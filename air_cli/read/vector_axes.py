"""Calibrated axes of a vector chart, from the labels around its plot area and its ticks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from air_cli.read.axes import fit_axis
from air_cli.read.numbers import parse_axis_unit, parse_number
from air_cli.read.page import center
from air_cli.read.scene import AxisFit
from air_cli.read.times import parse_time
from air_cli.read.vector_crisp import undo_crispness
from air_cli.read.vector_plot import Plot, numeric
from air_cli.read.vector_rounded import with_digits
from air_cli.read.vector_text import Label
from air_cli.read.vector_ticklabels import (
    column,
    inner_column,
    inner_names,
    row_of,
    tick_positions,
    with_decades,
)
from air_cli.records import Text, Tick

# Labels stand off their ticks evenly, to this part of their size.
_EVENLY = 0.12
_OFFSET = re.compile(r"^(?:1e|[x×]?\s?10\^)([+\-−]?\d{1,2})$")


def fit_axes(plot: Plot) -> None:
    """Calibrate x, y and y2 from the labels around the plot area, and note their roles."""
    top, bottom = plot.box[1], plot.box[3]
    left, right = plot.box[0], plot.box[2]
    plot.y = _fit_side(plot, "y", column(plot, "left"), (top, bottom))
    beside = column(plot, "right")
    other = _fit_side(plot, "y2", beside, (top, bottom))
    if plot.y is not None and not _is_scale(other):
        # Names and values at the ends of lines stand where a second axis would.
        for label in beside:
            plot.roles.pop(label, None)
        other = None
    if plot.y is None:
        plot.y = replace(other, role="y") if other else None
    elif numeric(other) and other is not None and not _same_axis(plot.y, other):
        plot.y2 = other
    plot.x = _fit_side(plot, "x", row_of(plot, "bottom"), (left, right))
    if plot.x is None:
        plot.x = _fit_side(plot, "x", row_of(plot, "top"), (left, right))
    if plot.x is None:
        plot.x = _fit_side(plot, "x", inner_names(plot, "x"), (left, right))
    elif plot.y is None and numeric(plot.x):
        plot.y = _fit_side(plot, "y", inner_names(plot, "y"), (top, bottom))
    if plot.y is None and plot.x is not None:
        within = inner_column(plot)
        plot.y = _fit_side(plot, "y", within, (top, bottom))
        if not _is_scale(plot.y) or not tick_positions(plot, "y"):
            # Values printed on bars line up too, but grid lines and steps they have not.
            for label in within:
                plot.roles.pop(label, None)
            plot.y = None
    _apply_offsets(plot)
    _name_axes(plot)
    undo_crispness(plot)


def _is_scale(fit: AxisFit | None) -> bool:
    """Whether labels make a second axis beyond doubt: three and more, all on one line."""
    return (
        fit is not None
        and fit.kind in ("linear", "log")
        and len(fit.ticks) >= 3
        and not fit.problems
        and fit.residual_px < 2
    )


def _same_axis(one: AxisFit, other: AxisFit) -> bool:
    if one.kind != other.kind:
        return False
    return all(abs(one.px(tick.value or 0.0) - tick.px) < 3 for tick in other.ticks[:3])


def _fit_side(
    plot: Plot, role: str, labels: Sequence[Label], span: tuple[float, float]
) -> AxisFit | None:
    if len(labels) < 2:
        return None
    ticks = tick_positions(plot, role)
    for label in labels:
        plot.roles[label] = "tick"
    labels = with_decades(labels)
    side = 0 if role.startswith("x") else 1
    labels = with_digits(labels, [center(label.box)[side] for label in labels])
    texts = _on_ticks(role, labels, ticks)
    fit = fit_axis(role, texts, ticks, span)
    if fit is None:
        return None
    if fit.kind == "category" and all(_measures(label, role) for label in labels):
        fit = _without_ends(role, texts, ticks, span) or fit
    if fit.kind != "category" and not _hits_its_ticks(fit):
        fit = _names(role, labels, span)
    if fit.kind != "category" and (
        sum(_measures(label, role) for label in labels) < 0.6 * len(labels)
    ):
        # Exact text needs no repairs: "Run 1" is a name, not a misread number.
        fit = _names(role, labels, span)
    return _to_frame(fit, ticks, span, plot.pt)


def _to_frame(
    fit: AxisFit, ticks: Sequence[float], span: tuple[float, float], pt: float
) -> AxisFit:
    """The axis from end to end of the frame where only labels tell its places (no tick marks, no
    grid) and the outermost stand at those ends: labels are centred to a fraction of a point."""
    ordered = sorted((tick for tick in fit.ticks if tick.value is not None), key=lambda t: t.px)
    if fit.kind not in ("linear", "time") or len(ordered) < 3:
        return fit
    inner = [tick for tick in ordered[1:-1] if min(abs(tick.px - px) for px in (*ticks, 1e9)) < pt]
    off = ordered[0].px - min(span), ordered[-1].px - max(span)
    if inner or max(map(abs, off)) > 1.2 * pt or abs(off[0] - off[1]) > 0.3 * pt:
        return fit
    low, high = ordered[0].value or 0.0, ordered[-1].value or 0.0
    slope = (high - low) / (max(span) - min(span))
    offset = low - slope * min(span)
    moved = tuple(
        tick if tick.value is None else replace(tick, px=(tick.value - offset) / slope)
        for tick in fit.ticks
    )
    return replace(fit, slope=slope, offset=offset, ticks=moved)


def _without_ends(
    role: str, texts: Sequence[Text], ticks: Sequence[float], span: tuple[float, float]
) -> AxisFit | None:
    """The axis of numbers without its outermost labels, which some programs pull inwards so far
    that they stand at other ticks."""
    ordered = sorted(texts, key=lambda text: center(text.bbox_px)[0 if role.startswith("x") else 1])
    for part in (ordered[1:], ordered[:-1], ordered[1:-1]):
        fit = fit_axis(role, part, ticks, span) if len(part) >= 4 else None
        if fit is not None and fit.kind != "category" and not fit.problems:
            return fit
    return None


def _on_ticks(role: str, labels: Sequence[Label], ticks: Sequence[float]) -> list[Text]:
    """The labels moved to their tick marks, where each has one of its own: outer labels are often
    pulled inwards so that they stay on the page, and some styles set labels above grid lines."""
    side = 0 if role.startswith("x") else 1
    texts = [label.as_text() for label in labels]
    middles = [center(label.box)[side] for label in labels]
    near = [min(ticks, key=lambda px, at=at: abs(px - at), default=None) for at in middles]  # type: ignore[misc]
    reaches = [
        0.55 * (b[side + 2] - b[side]) + 0.1 * item.size for item in labels for b in [item.box]
    ]
    close = all(
        tick is not None and abs(tick - at) <= reach
        for tick, at, reach in zip(near, middles, reaches, strict=True)
    )
    sizes = [label.size for label in labels]
    below = _below(middles, sizes, ticks) if side else []
    found = [tick for tick in near if tick is not None]
    if (
        not close
        or len(set(near)) < len(near)
        or (below and not _evenly_off(middles, found, sizes))
    ):
        # Of the grid lines of two axes the nearest may be the other's.
        found = below
    if len(found) != len(texts):
        return texts
    return [_moved(text, side, to - at) for text, at, to in zip(texts, middles, found, strict=True)]


def _evenly_off(middles: Sequence[float], ticks: Sequence[float], sizes: Sequence[float]) -> bool:
    """Whether all labels stand off their ticks by the same bit."""
    off = [tick - at for tick, at in zip(ticks, middles, strict=True)]
    return max(off) - min(off) < _EVENLY * max(sizes)


def _below(middles: Sequence[float], sizes: Sequence[float], ticks: Sequence[float]) -> list[float]:
    """For each label the grid line that stands the same bit below it; empty where one lacks it."""
    size = max(sizes, default=0.0)
    if len(middles) < 3:
        return []
    for first in ticks:
        shift = first - middles[0]
        step = abs(middles[1] - middles[0])
        # Marks half a step away part the names; they do not carry them.
        if not 0.3 * size < shift < 1.5 * size or abs(shift - step / 2) < 0.05 * step:
            continue
        found = [min(ticks, key=lambda px, at=at: abs(px - at - shift)) for at in middles]  # type: ignore[misc]
        if all(abs(t - at - shift) < _EVENLY * size for t, at in zip(found, middles, strict=True)):
            return found
    return []


def _moved(text: Text, side: int, by: float) -> Text:
    box = list(text.bbox_px)
    box[side] += by
    box[side + 2] += by
    return replace(text, bbox_px=(box[0], box[1], box[2], box[3]))


def _hits_its_ticks(fit: AxisFit) -> bool:
    """Whether the fitted line passes its own ticks: within 2% of the span of their values."""
    values = [tick.value for tick in fit.ticks if tick.value is not None]
    if fit.kind == "log" or len(values) < 2:
        return True
    slack = 0.02 * (max(values) - min(values))
    return all(
        abs(fit.value(tick.px) - tick.value) <= slack
        for tick in fit.ticks
        if tick.value is not None
    )


def _measures(label: Label, role: str) -> bool:
    timed = role == "x" and parse_time(label.text) is not None
    return timed or parse_number(label.text) is not None


def _names(role: str, labels: Sequence[Label], span: tuple[float, float]) -> AxisFit:
    """A category axis, one tick a label."""
    across = role.startswith("x")
    places = sorted((center(label.box)[0 if across else 1], label.text) for label in labels)
    step = (places[-1][0] - places[0][0]) / (len(places) - 1) or 1.0
    ticks = tuple(Tick(text, None, px) for px, text in places)
    return AxisFit(role, "category", 1 / step, -places[0][0] / step, ticks, span=span)


def _apply_offsets(plot: Plot) -> None:
    """Multiply an axis by the "1e6" or "×10^6" that stands at its end."""
    for label in plot.free():
        match = _OFFSET.match(label.text.replace(" ", ""))
        if not match:
            continue
        factor = 10.0 ** int(match[1].replace("−", "-"))
        x, y = center(label.box)
        if y < plot.box[1] and x < plot.box[0] + 0.5 * (plot.box[2] - plot.box[0]):
            plot.y = _times(plot.y, factor)
        elif y < plot.box[1] and plot.y2 is not None:
            plot.y2 = _times(plot.y2, factor)
        elif y > plot.box[3]:
            plot.x = _times(plot.x, factor)
        plot.roles[label] = "tick"


def _times(fit: AxisFit | None, factor: float) -> AxisFit | None:
    return fit.times(factor) if fit is not None and fit.kind == "linear" else fit


def _name_axes(plot: Plot) -> None:
    """Axis titles: turned text beside the plot, level text under the tick labels."""
    left, top, right, bottom = plot.box
    for label in plot.free():
        x, y = center(label.box)
        words = any(c.isalpha() for c in label.text)
        if not words:
            continue
        if abs(label.angle) == 90 and top - 20 <= y <= bottom + 20:
            if x < left:
                plot.y = _titled(plot.y, label.text)
            elif x > right:
                plot.y2 = _titled(plot.y2, label.text)
            else:
                continue
            plot.roles[label] = "axis-title"
        elif y > bottom and plot.x is not None and _under_ticks(plot, label):
            plot.x = _titled(plot.x, label.text)
            plot.roles[label] = "axis-title"


def _under_ticks(plot: Plot, label: Label) -> bool:
    """Centred under the plot, within three lines of the tick labels."""
    ticks = [item for item in plot.labels if plot.roles.get(item) == "tick"]
    below = [item.box[3] for item in ticks if item.box[1] > plot.box[3] - 4]
    if not below or plot.x is None or plot.x.title:
        return False
    middle = (plot.box[0] + plot.box[2]) / 2
    centred = abs(center(label.box)[0] - middle) < 0.12 * (plot.box[2] - plot.box[0])
    return centred and -2 < label.box[1] - max(below) < 2.5 * label.size


def _titled(fit: AxisFit | None, title: str) -> AxisFit | None:
    if fit is None:
        return None
    unit, scale = parse_axis_unit(title)
    return replace(
        fit, title=title, unit=fit.unit or unit, scale=scale if scale != 1 else fit.scale
    )
