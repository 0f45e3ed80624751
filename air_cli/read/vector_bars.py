"""Bars of vector charts: vertical, horizontal, grouped, stacked, negative, histograms."""

from __future__ import annotations

import itertools
import math
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from air_cli.read.numbers import parse_number
from air_cli.read.scene import AxisFit, MarkReading
from air_cli.read.vector_bar_shapes import bar_candidates, is_upright
from air_cli.read.vector_crisp import align_to_base, blurred
from air_cli.read.vector_headers import names_above, names_beside
from air_cli.read.vector_labelled import fit_from_labels
from air_cli.read.vector_legend import series_names
from air_cli.read.vector_plot import Plot
from air_cli.read.vector_shapes import Shape
from air_cli.read.vector_values import (
    abscissa,
    difference,
    name_places,
    reading,
    sharper,
    value_label,
)
from air_cli.records import Box, Mark, Series


@dataclass(frozen=True, eq=False)
class _Bar:
    """A bar along its own axes: `near`/`far` ends on the value axis, `low`/`high` across."""

    shape: Shape
    start: float
    end: float
    low: float
    high: float

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2


def read_bars(plot: Plot) -> MarkReading | None:
    """The bars of the plot, or None when there are none or no axis measures them."""
    rects = bar_candidates(plot)
    if not rects:
        return None
    upright = is_upright(plot, rects)
    fit = plot.y if upright else plot.x
    if fit is None or fit.kind not in ("linear", "log"):
        fit = fit_from_labels(plot, rects, upright)
        if fit is None:
            return None
        plot.y, plot.x = (fit, plot.x) if upright else (plot.y, fit)
    bars = [_bar(shape, upright) for shape in rects]
    base = _base(plot, fit, bars, upright)
    if fit.kind == "linear" and abs(base - fit.px(0.0)) <= 0.7 * plot.pt:
        fit = align_to_base(plot, fit, base)
    bars = [_oriented(bar, base) for bar in bars if abs(bar.high - bar.low) > 0.3 * plot.pt]
    sides = [side for bar in bars for side in (bar.low, bar.high)]
    fit = blurred(plot, fit, [bar.end for bar in bars], sides)
    stacks = _stacks(bars, plot.pt)
    stacked = _is_stacked(stacks, base, plot.pt)
    if not stacked and not _based(bars, base, plot.pt):
        return None
    return _reading(plot, fit, bars, base, upright, stacked)


def _bar(shape: Shape, upright: bool) -> _Bar:
    left, top, right, bottom = shape.box
    if upright:
        return _Bar(shape, bottom, top, left, right)
    return _Bar(shape, left, right, top, bottom)


def _base(plot: Plot, fit: AxisFit, bars: Sequence[_Bar], upright: bool) -> float:
    """Where bars start: the end that most share, or zero where many touch it."""
    pt = plot.pt
    ends = Counter(round(end / pt) for bar in bars for end in {bar.start, bar.end})
    if fit.kind == "linear":
        zero = fit.px(0.0)
        near = [e for bar in bars for e in (bar.start, bar.end) if abs(e - zero) < 0.7 * pt]
        if len(near) >= max(1, ends.most_common(1)[0][1] // 2):
            # Low bars have both ends near zero: the line that most touch counts.
            touched = Counter(round(e / pt, 2) for e in near)
            most = max(touched.values())
            tied = [at * pt for at, n in touched.items() if n == most]
            # Low bars of one height end, and what stands on them starts, at one line as well.
            return min(tied, key=lambda at: abs(at - zero)) if most > 1 else statistics.median(tied)
        if _straddle(bars, zero, pt):
            return zero
    starts = Counter(round(bar.start / pt, 1) for bar in bars)
    at, _ = starts.most_common(1)[0]
    return next(bar.start for bar in bars if round(bar.start / pt, 1) == at)


def _straddle(bars: Sequence[_Bar], zero: float, pt: float) -> bool:
    """Whether stacks go both ways from zero, their middle parts across it."""
    sides = [(bar.start - zero, bar.end - zero) for bar in bars]
    across = any(a * b < 0 for a, b in sides)
    left = any(max(a, b) < -pt for a, b in sides)
    return across and left and any(min(a, b) > pt for a, b in sides)


def _oriented(bar: _Bar, base: float) -> _Bar:
    """With `start` as the end nearer to the base."""
    if abs(bar.end - base) < abs(bar.start - base):
        return _Bar(bar.shape, bar.end, bar.start, bar.low, bar.high)
    return bar


def _stacks(bars: Sequence[_Bar], pt: float) -> list[list[_Bar]]:
    """Bars that stand in one column (or row)."""
    stacks: list[list[_Bar]] = []
    for bar in sorted(bars, key=lambda item: (item.middle, item.start)):
        if stacks and abs(stacks[-1][0].middle - bar.middle) < max(
            0.5 * pt, 0.02 * (bar.high - bar.low)
        ):
            stacks[-1].append(bar)
        else:
            stacks.append([bar])
    return stacks


def _is_stacked(stacks: Sequence[Sequence[_Bar]], base: float, pt: float) -> bool:
    """Whether segments start where others end, away from the base."""
    upon = 0
    for stack in stacks:
        for bar in stack:
            away = abs(bar.start - base) > 0.7 * pt
            upon += away and any(
                other is not bar and abs(other.end - bar.start) < 0.4 * pt for other in stack
            )
    shared = sum(len(stack) > 1 for stack in stacks)
    return upon >= 2 or (upon == 1 and (len(stacks) <= 2 or shared >= 0.5 * len(stacks)))


def _based(bars: Sequence[_Bar], base: float, pt: float) -> bool:
    on = sum(abs(bar.start - base) < 0.8 * pt for bar in bars)
    return on >= 0.6 * len(bars)


def _reading(
    plot: Plot, fit: AxisFit, bars: list[_Bar], base: float, upright: bool, stacked: bool
) -> MarkReading:
    if not stacked:
        bars = [bar for bar in bars if abs(bar.start - base) < 0.8 * plot.pt]
    axis = plot.x if upright else plot.y
    colors = list(dict.fromkeys(bar.shape.color for bar in _painted_order(bars)))
    colors = _worth_naming(plot, colors, bars, stacked)
    names = series_names(plot, colors)
    if len(colors) > 1 and not plot.legend:
        names |= _headed(plot, bars, colors, upright)
    places = _at_ticks(_places(bars, colors, stacked, axis, plot.pt), axis)
    centres = sorted(set(places.values()))
    called = dict(zip(centres, name_places(axis, centres, plot.pt), strict=True))
    span = abs(fit.value(fit.span[0]) - fit.value(fit.span[1]))
    if not fit.ticks:
        # Calibrated by the labels themselves: their agreement was tested less strictly.
        span *= 3
    marks = []
    for bar in sorted(bars, key=lambda item: (item.middle, item.start)):
        measured = (
            difference(fit, bar.start, bar.end, plot.pt)
            if stacked and abs(bar.start - base) > 0.03 * plot.pt
            else reading(fit, bar.end, plot.pt)
        )
        place = places[bar]
        color = bar.shape.color
        marks.append(
            _mark(
                plot,
                fit,
                bar,
                names.get(color, ""),
                called[place],
                measured,
                span,
                abscissa(axis, place, plot.pt),
            )
        )
    kind = _kind(upright, stacked, names, plot.legend)
    series = tuple(Series(names[color], color, "bar") for color in colors if color in names)
    order = [called[place] for place in centres]
    return MarkReading(kind, tuple(marks), series, tuple(dict.fromkeys(order)), 0.9)  # fmt: skip


def _headed(
    plot: Plot, bars: Sequence[_Bar], colors: Sequence[str], upright: bool
) -> dict[str, str]:
    """Names by colour: heads over the first row of lying bars, or names beside the last column."""
    stacks = sorted(_stacks(bars, plot.pt), key=lambda stack: stack[0].middle)
    if upright:
        named = sorted(stacks[-1], key=lambda bar: bar.shape.box[1])
    else:
        named = sorted(stacks[0], key=lambda bar: bar.shape.box[0])
    painted = [bar.shape.color for bar in named]
    if sorted(painted) != sorted(colors):
        return {}
    boxes = [bar.shape.box for bar in named]
    names = names_beside(plot, boxes) if upright else names_above(plot, boxes)
    return dict(zip(painted, names, strict=False))


def _painted_order(bars: Sequence[_Bar]) -> list[_Bar]:
    return sorted(bars, key=lambda bar: bar.shape.order)


def _worth_naming(plot: Plot, colors: list[str], bars: Sequence[_Bar], stacked: bool) -> list[str]:
    """Colours that are series. Bars of one series may each have a colour of their own."""
    if stacked or plot.legend:
        return colors
    columns = _stacks(bars, plot.pt)
    gaps = [b[0].low - a[0].high for a, b in itertools.pairwise(columns)]
    even = max(gaps, default=0.0) - min(gaps, default=0.0) < 1.0 * plot.pt
    if even and all(len(column) == 1 for column in columns):
        return colors[:1] if len(colors) == 1 else []
    several = max(Counter(bar.shape.color for bar in bars).values()) > 1
    return colors if several or len(colors) == 1 else []


def _mark(
    plot: Plot,
    fit: AxisFit,
    bar: _Bar,
    series: str,
    category: str,
    measured: tuple[float, float, float],
    span: float,
    x: float | None,
) -> Mark:
    value = measured[0]
    box: Box = bar.shape.box
    label = value_label(plot, box, value, span)
    if label is not None:
        plot.roles.setdefault(label, "label")
    text = label.text if label else ""
    number = parse_number(text) if text else None
    if number is not None and not fit.ticks:
        # The labels calibrated the bars, so the label is the reading and the bar its check.
        value = math.copysign(number.total, value)
        measured = (value, value - number.half, value + number.half)
    elif (printed := sharper(label, measured)) is not None:
        measured = printed
    else:
        return Mark(series, category, *measured, "vector", box, bar.shape.color, text, x)
    return Mark(series, category, *measured, "both", box, bar.shape.color, text, x)


def _places(
    bars: Sequence[_Bar], colors: Sequence[str], stacked: bool, axis: AxisFit | None, pt: float
) -> dict[_Bar, float]:
    """Where each bar's category stands along the axis: its column, or its group's middle."""
    if stacked or len(colors) < 2:
        return _columns(bars, pt)
    if axis is not None and axis.kind == "category":
        by_color = Counter(bar.shape.color for bar in bars)
        if max(by_color.values()) <= len(axis.ticks) + 1:
            ticks = [tick.px for tick in axis.ticks]
            return {bar: _nearest(ticks, bar.middle) for bar in bars}
    return _about_ticks(bars, axis) or _groups(bars, pt)


def _about_ticks(bars: Sequence[_Bar], axis: AxisFit | None) -> dict[_Bar, float]:
    """Groups that stand about the ticks of a measured axis (years), at most one bar of a colour at
    each, some of them missing; empty where they do not."""
    ticks = sorted(tick.px for tick in axis.ticks) if axis is not None else []
    if len(ticks) < 2:
        return {}
    reach = 0.45 * min(b - a for a, b in itertools.pairwise(ticks))
    places = {bar: _nearest(ticks, bar.middle) for bar in bars}
    once = Counter((bar.shape.color, at) for bar, at in places.items())
    near = all(abs(bar.middle - at) < reach for bar, at in places.items())
    return places if near and max(once.values()) == 1 else {}


def _at_ticks(places: dict[_Bar, float], axis: AxisFit | None) -> dict[_Bar, float]:
    """Bars that stand over tick labels, one each, stand at those ticks: labels without tick marks
    are only centred to a pixel or two."""
    centres = sorted(set(places.values()))
    step = min((b - a for a, b in itertools.pairwise(centres)), default=math.inf)
    if axis is None or not math.isfinite(step):
        return places
    if not axis.ticks:
        return places
    ticks = [tick.px for tick in axis.ticks]
    nearest = {at: _nearest(ticks, at) for at in centres}
    if any(abs(px - at) > 0.2 * step for at, px in nearest.items()):
        return places
    return {bar: nearest[at] for bar, at in places.items()}


def _nearest(places: Sequence[float], at: float) -> float:
    return min(places, key=lambda px: abs(px - at))


def _columns(bars: Sequence[_Bar], pt: float) -> dict[_Bar, float]:
    return {bar: stack[0].middle for stack in _stacks(bars, pt) for bar in stack}


def _groups(bars: Sequence[_Bar], pt: float) -> dict[_Bar, float]:
    """Groups of bars side by side: a new one begins at a gap, or where a colour repeats."""
    stacks = _stacks(bars, pt)
    gaps = [b[0].low - a[0].high for a, b in itertools.pairwise(stacks)]
    wide = min(gaps, default=0.0) + 0.5 * (max(gaps, default=0.0) - min(gaps, default=0.0))
    uneven = gaps and max(gaps) - min(gaps) > 1.0 * pt
    groups: list[list[list[_Bar]]] = []
    for number, stack in enumerate(stacks):
        seen = {bar.shape.color for part in groups[-1] for bar in part} if groups else set()
        apart = number > 0 and uneven and gaps[number - 1] > wide
        if not groups or apart or any(bar.shape.color in seen for bar in stack):
            groups.append([])
        groups[-1].append(stack)
    places: dict[_Bar, float] = {}
    for group in groups:
        members = [bar for stack in group for bar in stack]
        middle = (min(bar.low for bar in members) + max(bar.high for bar in members)) / 2
        places.update(dict.fromkeys(members, middle))
    return places


def _kind(upright: bool, stacked: bool, names: dict[str, str], legend: Sequence[object]) -> str:
    side = "bar" if upright else "barh"
    if stacked:
        return f"stacked-{side}"
    return f"grouped-{side}" if len(set(names.values())) > 1 else side
