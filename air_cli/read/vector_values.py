"""Values from exact positions: intervals of the drawing precision, simplest numbers, names."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from air_cli.read.numbers import parse_number
from air_cli.read.page import center
from air_cli.read.scene import AxisFit
from air_cli.read.tick_names import name_positions
from air_cli.read.vector_plot import Plot
from air_cli.read.vector_text import Label
from air_cli.records import Box

# "2010.0" where the ticks between need a decimal.
_WHOLE = re.compile(r"(?<=\d)\.0+$")
# Producers write coordinates with two decimals or more: half a step of that, in points.
PRECISION_PT = 0.006
# The part of an axis' residual within which values are rounded to simpler numbers.
_TRUST = 0.1
# The part of a measured interval that a printed number's may be to be clearly exacter.
_SHARPER = 0.25
# How far from its start a year may be placed, in years.
_DAYS = 0.04


def reading(fit: AxisFit, px: float, pt: float) -> tuple[float, float, float]:
    """(value, low, high) at a position; the value is the simplest number in the interval."""
    # Rounded ticks blur the axis as a whole: no reason to round each value as coarsely.
    blur = PRECISION_PT * pt - (1 - _TRUST) * fit.residual_px
    value = simplest(*fit.interval(px, blur), fit.value(px))
    low, high = fit.interval(px, PRECISION_PT * pt + _rounding(fit, pt))
    return value, low, high


def _rounding(fit: AxisFit, pt: float) -> float:
    """What ticks that were moved to whole pixels hide, in px: half a pixel (up to a point) for all
    of them, which no fit can see. Exact ticks hide nothing."""
    return 0.55 * pt if fit.residual_px > 0.02 * pt else 0.0


def difference(fit: AxisFit, start: float, end: float, pt: float) -> tuple[float, float, float]:
    """(value, low, high) of the length between two positions (stacked segments)."""
    low_a, high_a = fit.interval(start, PRECISION_PT * pt)
    low_b, high_b = fit.interval(end, PRECISION_PT * pt)
    exact = fit.value(end) - fit.value(start)
    low, high = low_b - high_a, high_b - low_a
    narrow = abs(fit.slope) * 2 * (PRECISION_PT * pt + _TRUST * fit.residual_px)
    value = simplest(exact - narrow, exact + narrow, exact)
    slack = abs(fit.slope) * _rounding(fit, pt)
    return value, low - slack, high + slack


def simplest(low: float, high: float, exact: float) -> float:
    """The number with the fewest digits within [low, high]; `exact` where none has up to 12.

    >>> simplest(4.1996, 4.2004, 4.1999)
    4.2
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return exact
    if low <= 0 <= high:
        return 0.0
    scale = max(abs(low), abs(high))
    top = -math.floor(math.log10(scale)) if scale > 0 else 0
    for digits in range(top, top + 12):
        rounded = round(exact, digits)
        if low <= rounded <= high:
            return float(rounded)
    return exact


def time_text(value: float) -> str:
    """A time axis' value as text: the year, or year and month.

    >>> time_text(2010.0), time_text(2010.5)
    ('2010', '2010-07')
    """
    if abs(value - round(value)) < 0.01:
        return str(round(value))
    month = int((value - math.floor(value)) * 12 + 0.01) + 1
    return f"{math.floor(value)}-{min(month, 12):02d}"


def name_places(fit: AxisFit | None, positions: Sequence[float], pt: float) -> list[str]:
    """What the x (or category) axis calls each position, in the order given."""
    if fit is None:
        return [str(n + 1) for n in range(len(positions))]
    if fit.kind == "category":
        return name_positions(fit, positions)
    if fit.kind == "time" and (years := _whole_years([fit.value(px) for px in positions])):
        return years
    names = []
    for px in positions:
        tick = next((tick for tick in fit.ticks if abs(tick.px - px) < 0.4 * pt), None)
        value, _, _ = reading(fit, px, pt)
        if tick is not None:
            names.append(_WHOLE.sub("", tick.text))
        elif fit.kind == "time":
            names.append(time_text(value))
        else:
            names.append(f"{value:.6g}")
    return names


def _whole_years(times: Sequence[float]) -> list[str]:
    """The years, where times are a year and more apart and each is one but for the days by which
    ticks on whole pixels shift an axis; else nothing."""
    years = [round(time) for time in times]
    whole = all(abs(time - year) < _DAYS for time, year in zip(times, years, strict=True))
    return [str(year) for year in years] if whole and len(set(years)) == len(years) > 1 else []


def abscissa(fit: AxisFit | None, px: float, pt: float) -> float | None:
    """The numeric x of a position, where the axis is numeric or time."""
    if fit is None or fit.kind == "category":
        return None
    return reading(fit, px, pt)[0]


def value_label(plot: Plot, box: Box, value: float, span: float) -> Label | None:
    """The number printed at a mark, when it agrees with the value that was measured.

    `span` is the range of the axis: a label may round by 2% of it.
    """
    best: tuple[float, Label] | None = None
    for label in plot.labels:
        number = parse_number(label.text)
        if number is None or plot.roles.get(label) in ("tick", "legend", "axis-title"):
            continue
        x, y = center(label.box)
        reach = 1.2 * label.size
        if not (box[0] - reach <= x <= box[2] + reach and box[1] - reach <= y <= box[3] + reach):
            continue
        off = min(abs(abs(number.value) - abs(value)), abs(abs(number.total) - abs(value)))
        if off <= number.half / max(number.scale, 1.0) * 1.05 + 0.005 * span and (
            best is None or off < best[0]
        ):
            best = off, label
    return best[1] if best else None


def sharper(
    label: Label | None, measured: tuple[float, float, float]
) -> tuple[float, float, float] | None:
    """(value, low, high) as printed, where that is exacter than what was measured and within it:
    some programs draw on whole pixels."""
    number = parse_number(label.text) if label is not None else None
    if number is None:
        return None
    value, low, high = measured
    scale = max(number.scale, 1.0)
    for printed, half in ((number.value, number.half / scale), (number.total, number.half)):
        signed = math.copysign(printed, value) if value else printed
        if half < _SHARPER * (high - low) / 2 and low - half <= signed <= high + half:
            return signed, signed - half, signed + half
    return None
