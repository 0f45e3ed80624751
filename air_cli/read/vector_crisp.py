"""Axes that were moved to whole pixels so that their strokes look crisp.

Browsers' charting libraries (d3 and those on it) round every tick to a pixel and draw it half a
pixel right and down, where a stroke of one pixel fills that pixel; marks stay where they belong.
So all ticks stand whole strokes apart, whatever their values; the axis itself runs between the
unrounded ends of its scale.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import replace

from air_cli.read.page import center
from air_cli.read.scene import AxisFit
from air_cli.read.vector_plot import Plot
from air_cli.read.vector_shapes import is_neutral
from air_cli.read.vector_ticklabels import tick_positions
from air_cli.records import Tick

# How far from a whole number of strokes a tick may stand, how many ticks show that, and the share
# of them that must.
_OFF, _TICKS, _MOST = 0.03, 5, 0.8
# Rules at places of their own that tell whether all of them fill whole pixels.
_RULES = 5
# Different ends of bars that tell whether they do.
_SNAPPED = 4
# Points of residual that tell rounded ticks.
_SEEN = 0.021


def undo_crispness(plot: Plot) -> None:
    """Put the axes of such a chart where its marks are; leave those of others alone."""
    fits = [fit for fit in (plot.x, plot.y, plot.y2) if fit is not None]
    stroke = _stroke(plot, fits)
    if not stroke:
        return
    plot.crisp = True
    plot.x, plot.y, plot.y2 = (
        _mended(fit, stroke, plot) if fit is not None else None for fit in (plot.x, plot.y, plot.y2)
    )


def _stroke(plot: Plot, fits: Sequence[AxisFit]) -> float:
    """The width of the ticks' strokes where all ticks stand whole strokes apart, else 0.

    Rounded ticks leave a residual; without one (steps that are whole pixels) the strokes alone do
    not tell a crisp axis from an exact one that happens to fit.
    """
    marked = [fit for fit in fits if fit.kind != "category" and _on_strokes(plot, fit)]
    stroke = _usual_width(plot)
    rounded = any(fit.residual_px > 0.02 * plot.pt for fit in marked)
    rounded = rounded or _on_half_strokes(plot, stroke)
    if not stroke or not rounded or sum(len(fit.ticks) for fit in marked) < _TICKS:
        return 0.0
    on = sum(_on_grid([tick.px / stroke for tick in fit.ticks]) for fit in marked)
    # A line at a value of the data may have been taken for the tick beside it.
    return stroke if on >= _MOST * sum(len(fit.ticks) for fit in marked) else 0.0


def _on_half_strokes(plot: Plot, stroke: float) -> bool:
    """Whether the middles of grid lines, ticks and axes all stand half a stroke beside whole ones:
    they fill whole pixels of the drawing, where a stroke is one."""
    if not stroke:
        return False
    places = set()
    for shape in plot.shapes:
        if shape.kind == "rule" and shape.stroke and is_neutral(shape.stroke):
            side = 0 if shape.size[1] > shape.size[0] else 1
            places.add((side, round(center(shape.full)[side] / stroke, 2)))
    half = sum(abs(at % 1 - 0.5) <= _OFF for _, at in places)
    return len(places) >= _RULES and half >= _MOST * len(places)


def _on_grid(steps: Sequence[float]) -> int:
    """How many of the places are whole steps from each other."""
    return max(sum(abs(step - one - round(step - one)) <= _OFF for step in steps) for one in steps)


def _usual_width(plot: Plot) -> float:
    widths = [
        round(shape.width, 6)
        for shape in plot.shapes
        if shape.kind == "rule" and shape.width and shape not in plot.taken
    ]
    return statistics.mode(widths) if widths else 0.0


def _on_strokes(plot: Plot, fit: AxisFit) -> bool:
    """Whether an axis was fitted to drawn ticks or grid lines, not to its labels."""
    drawn = tick_positions(plot, fit.role)
    return all(any(abs(px - tick.px) < 0.01 for px in drawn) for tick in fit.ticks)


def _mended(fit: AxisFit, stroke: float, plot: Plot) -> AxisFit:
    """The axis through those of its outer ticks that are its unrounded ends, shifted."""
    if not _on_strokes(plot, fit):
        return fit
    if fit.kind in ("linear", "log", "time"):
        fit = _through_ends(fit, stroke, plot.pt)
    return _shifted(fit, stroke / 2)


def _through_ends(fit: AxisFit, stroke: float, pt: float) -> AxisFit:
    """The axis through those ends of the frame where ticks stand unrounded. Without one it stays as
    it is, but says that its ticks were rounded, though even steps of whole pixels hide it."""
    low, high = min(fit.span), max(fit.span)
    ticks = sorted(fit.ticks, key=lambda tick: tick.px)
    first, last = ticks[0], ticks[-1]
    exact = [
        tick
        for tick, end in ((first, low), (last, high))
        if abs(tick.px - end) < 0.1 * stroke and tick.value is not None
    ]
    if not exact:
        return fit if fit.residual_px > _SEEN * pt else replace(fit, residual_px=_SEEN * pt)
    anchor = exact[0]
    start = _measured(fit, anchor)
    others = exact[1:] or [tick for tick in ticks if tick is not anchor]
    steps = [(tick.px - anchor.px, _measured(fit, tick) - start) for tick in others]
    slope = sum(dx * dv for dx, dv in steps) / sum(dx * dx for dx, _ in steps)
    blur = 0.0 if len(exact) > 1 else 0.5 * fit.residual_px
    return replace(fit, slope=slope, offset=start - slope * anchor.px, residual_px=blur)


def _measured(fit: AxisFit, tick: Tick) -> float:
    """A tick's value on the scale that is linear in pixels."""
    assert tick.value is not None
    return math.log10(tick.value) if fit.kind == "log" else tick.value


def align_to_data(plot: Plot, xs: Sequence[float]) -> None:
    """Undo the half pixel where the ticks do not tell it: where vertices regularly stand the same
    bit beside the ticks of x, that bit is taken off both axes. `xs` are their positions in px."""
    if plot.x is None or plot.y is None:
        return
    if not plot.crisp and not _on_strokes(plot, plot.x):
        return
    offsets = []
    for tick in plot.x.ticks:
        nearest = min(xs, key=lambda px: abs(px - tick.px), default=None)
        if nearest is not None and abs(nearest - tick.px) < 0.8 * plot.pt:
            offsets.append(tick.px - nearest)
    if len(offsets) < max(2, 0.5 * len(plot.x.ticks)):
        return
    shift = statistics.median(offsets)
    spread = statistics.median(abs(offset - shift) for offset in offsets)
    if not 0.15 * plot.pt < shift < 0.6 * plot.pt or spread > 0.2 * plot.pt:
        return
    plot.x = _shifted(plot.x, shift)
    if plot.crisp:
        return
    plot.crisp = True
    # Places of names may be rounded as well; what both axes share is half a stroke.
    half = _usual_width(plot) / 2
    shift = half if abs(shift - half) < 0.55 * half else shift
    plot.y = _shifted(plot.y, shift)
    if plot.y2 is not None:
        plot.y2 = _shifted(plot.y2, shift)


def align_to_base(plot: Plot, fit: AxisFit, base: float) -> AxisFit:
    """The axis with zero where the bars start, and the other value axis moved alike: the bars
    themselves are where they should be."""
    shift = fit.px(0.0) - base
    moved = abs(shift) > 0.1 * plot.pt
    # Where the axes have been put back already, the bars are those that were moved.
    other = plot.y2 if moved and fit is plot.y and not plot.crisp else None
    plot.crisp = plot.crisp or moved
    same = other is not None and other.kind == "linear"
    if other and same and abs(other.px(0.0) - fit.px(0.0)) < 0.1 * plot.pt:
        plot.y2 = _shifted(other, shift)
    return replace(fit, offset=-fit.slope * base)


def blurred(plot: Plot, fit: AxisFit, ends: Sequence[float], sides: Sequence[float]) -> AxisFit:
    """The axis with a residual of a stroke where the ends of bars, px, were moved to whole
    pixels like its ticks: all stand whole strokes apart. What was rounded off is lost. Of a few
    bars their `sides` across tell it."""
    stroke = _usual_width(plot)
    if not stroke or not plot.crisp:
        return fit
    edges = [sorted({round(at, 2) for at in places}) for places in (ends, sides)]
    if _on_grid([at / stroke for at in edges[0]]) < len(edges[0]):
        return fit
    if len(edges[0]) < _SNAPPED:
        apart = [at / stroke for at in edges[1]]
        if len(edges[0]) < 2 or len(apart) < _SNAPPED or _on_grid(apart) < len(apart):
            return fit
    return replace(fit, residual_px=max(fit.residual_px, stroke))


def _shifted(fit: AxisFit, shift: float) -> AxisFit:
    ticks = tuple(replace(tick, px=tick.px - shift) for tick in fit.ticks)
    return replace(fit, offset=fit.offset + fit.slope * shift, ticks=ticks)
