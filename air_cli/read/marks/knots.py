"""Where along x a line or an area is to be read: the chart's categories."""

from __future__ import annotations

import calendar
import itertools
import re
from collections.abc import Sequence

import numpy as np

from air_cli.read.marks.settling import Knot, settled
from air_cli.read.marks.strokes import Point, Stroke
from air_cli.read.numbers import MONTHS
from air_cli.read.scene import AxisFit, Scene
from air_cli.read.times import month_of
from air_cli.wording import name_between

_MOST = 130


def label_reach(scene: Scene, axis: AxisFit | None) -> float:
    """By how many pixels all values of an axis may be off together.

    Where no tick marks or grid lines were found, the axis stands on the middles of its labels,
    which a font may set above or below their ticks by a tenth of the text's height.
    """
    if axis is None or not axis.ticks:
        return 0.0
    side = 0 if axis.role.startswith("x") else 1
    heights = []
    for tick in axis.ticks:
        for text in scene.texts:
            box = text.bbox_px
            if text.text == tick.text and abs((box[side] + box[side + 2]) / 2 - tick.px) < 0.01:
                heights.append(box[3] - box[1])
                break
    return 0.12 * float(np.median(heights)) if len(heights) > 0.7 * len(axis.ticks) else 0.0


def crisp_shift(axis: AxisFit | None) -> float:
    """By how many pixels a mark lies before the tick of its value.

    Renderers draw one-pixel ticks and grid lines sharp, in the middle of the pixel after the true
    place (d3-axis and Vega add half a pixel, Agg snaps), but not lines and fills. Ticks that are
    all centred on pixels tell; where they are blurred the drawing is not snapped.
    """
    if axis is None or axis.kind == "category" or len(axis.ticks) < 3:
        return 0.0
    off = np.array([tick.px % 1 for tick in axis.ticks])
    return 0.45 if np.mean(np.abs(off - 0.5) < 0.08) > 0.8 else 0.0


TICK_REACH = 0.9  # pixels: what the rounding of ticks and of drawn lines leaves unknown


def tick_knots(axis: AxisFit) -> list[Knot]:
    """One knot for each labelled tick, from left to right."""
    numeric = axis.kind != "category"
    knots = [Knot(t.px, t.text, t.value if numeric else None) for t in axis.ticks]
    knots.sort(key=lambda knot: knot.px)
    return knots if numeric else _with_months(knots)


def _with_months(knots: list[Knot]) -> list[Knot]:
    """Named months with those between them whose labels were not read, where the places of the
    others say that they are there."""
    months = [month_of(knot.name) for knot in knots]
    if len(knots) < 3 or not all(months):
        return knots
    counts = [months[0]]
    for before, month in itertools.pairwise(months):
        counts.append(counts[-1] + ((month - before) % 12 or 12))
    at = np.array([knot.px for knot in knots])
    step, start = np.polyfit(counts, at, 1)
    if max(np.diff(counts)) < 2 or np.abs(start + step * np.array(counts) - at).max() > 0.12 * step:
        return knots
    known = dict(zip(counts, knots, strict=True))
    long = any(len(knot.name.rstrip(".")) > 4 for knot in knots)
    names = calendar.month_name if long else calendar.month_abbr
    return [
        known.get(n) or Knot(float(start + step * n), names[(n - 1) % 12 + 1])
        for n in range(counts[0], counts[-1] + 1)
    ]


def fine_knots(axis: AxisFit, first: float, last: float) -> list[Knot]:
    """Knots at every whole step (years) between the labelled ones, within the pixels first..last.

    Only for axes whose labels are years, with room between them, and as far as first..last goes
    even where the labels were not read; otherwise the same as `tick_knots`.
    """
    ticks = tick_knots(axis)
    step = _step(axis)
    if step is None:
        return _monthly(axis, ticks, first, last) or ticks
    named = {round(t.x): t for t in ticks if t.x is not None}
    ends = sorted((axis.value(first), axis.value(last)))
    low, high = int(np.ceil(ends[0] - 0.3)), int(np.floor(ends[1] + 0.3))
    if high - low + 1 > _MOST:
        return ticks
    knots = [named.get(v) or Knot(axis.px(v), str(v), float(v)) for v in range(low, high + 1)]
    outside = [t for t in ticks if t.x is not None and not low <= round(t.x) <= high]
    return sorted([*knots, *outside], key=lambda knot: knot.px)


def _monthly(axis: AxisFit, ticks: list[Knot], first: float, last: float) -> list[Knot]:
    """Knots at every month (or quarter) where only every n-th of them is labelled, else none."""
    quarters = all("q" in knot.name.lower() for knot in ticks)
    unit = 3 if quarters else 1
    at = [round(12 * knot.x) if knot.x is not None else 0 for knot in ticks]
    if axis.kind != "time" or len(at) < 3 or any(m % unit for m in at):
        return []
    apart = np.diff(at)
    usual = int(np.median(apart))
    pixels = unit / 12 / abs(axis.slope or 1.0)
    if not unit < usual < 12 or np.mean(apart == usual) < 0.8 or pixels < 3.5:
        return []
    ends = sorted((axis.value(first), axis.value(last)))
    low, high = (int(np.rint(12 * end / unit)) * unit for end in ends)
    if (high - low) / unit + 1 > _MOST:
        return []
    named = dict(zip(at, ticks, strict=True))
    months = range(min(low, at[0]), max(high, at[-1]) + 1, unit)
    return [named.get(m) or Knot(axis.px(m / 12), _month(m, ticks[0].name), m / 12) for m in months]


def _month(count: int, like: str) -> str:
    """The name of a month (counted from the year 0), written as the label `like` is."""
    year, month = divmod(count, 12)
    digits = re.search(r"\d{2,4}$", like)
    short = f"{year % 100:02d}" if digits and len(digits[0]) == 2 else str(year)
    if like[:1].lower() == "q":
        return f"Q{month // 3 + 1} {short}"
    return (
        f"{MONTHS[month].capitalize()} {short}" if like[:1].isalpha() else f"{year}-{month + 1:02d}"
    )


def _step(axis: AxisFit) -> float | None:
    """Pixels of one whole step, when the labelled ticks are whole and years."""
    if axis.kind not in ("time", "linear") or len(axis.ticks) < 2 or not axis.slope:
        return None
    values = [t.value for t in axis.ticks if t.value is not None]
    if len(values) < 2 or any(abs(v - round(v)) > 1e-6 for v in values):
        return None
    years = axis.kind == "time" or all(1500 <= v <= 2200 for v in values)
    apart = np.diff(sorted(values)).min()
    pixels = abs(1 / axis.slope)
    return pixels if years and 1 <= apart <= 25 and pixels >= 3.5 else None


def choose_knots(axis: AxisFit, strokes: Sequence[Stroke], left: float) -> list[Knot]:
    """The labelled ticks, and the steps between them where some stroke bends there.

    `left` is the image position of the strokes' column 0 (its middle).
    """
    ticks = tick_knots(axis)
    first = min(float(stroke.xs[0]) for stroke in strokes) + left
    last = max(float(stroke.xs[-1]) for stroke in strokes) + left
    fine = fine_knots(axis, first, last)
    if len(fine) <= len(ticks):
        return settled(ticks, strokes, left)
    apart = min((abs(b.px - a.px) for a, b in itertools.pairwise(ticks)), default=0.0)
    yearly = 0.8 < apart * abs(axis.slope) < 1.5
    chosen = fine if yearly or _bends_between(strokes, ticks, fine, left) else ticks
    return settled(chosen, strokes, left)


def _bends_between(
    strokes: Sequence[Stroke], ticks: list[Knot], fine: list[Knot], left: float
) -> bool:
    """Whether some stroke is not straight between two neighbouring ticks."""
    named = {knot.name for knot in ticks}
    at = np.array([knot.px for knot in ticks]) - left
    for stroke in strokes:
        ys = np.array([_y(stroke.at(float(x))) for x in at])
        for knot in fine:
            x = knot.px - left
            if knot.name in named or not at[0] < x < at[-1]:
                continue
            here, chord = _y(stroke.at(x)), float(np.interp(x, at, ys))
            if np.isfinite(here) and np.isfinite(chord) and abs(here - chord) > 1.5:
                return True
    return False


def _y(point: Point | None) -> float:
    return point.y if point else float("nan")


def near_knot(axis: AxisFit, px: float) -> Knot:
    """The knot that a pixel position stands for on a numeric axis: a whole year, else a month."""
    value = axis.value(px)
    pixels = abs(1 / axis.slope)
    if axis.kind == "time" or _looks_like_years(axis):
        whole = round(value)
        if abs(value - whole) * pixels <= min(10.0, max(4.0, 0.3 * pixels)) and _whole_years(axis):
            return Knot(axis.px(whole), str(whole), float(whole))
        month = round((value % 1) * 12) % 12
        year = int(np.floor(value + 1 / 24))
        return Knot(px, f"{year}-{month + 1:02d}", value)
    return Knot(px, f"{value:.4g}", value)


def between_knots(knots: Sequence[Knot], px: float) -> Knot:
    """A knot for a labelled point between two categories, named after them."""
    before = max((k for k in knots if k.px < px), key=lambda k: k.px, default=None)
    after = min((k for k in knots if k.px >= px), key=lambda k: k.px, default=None)
    if before is None or after is None:
        side, other = ("before", after) if before is None else ("after", before)
        return Knot(px, f"{side} {other.name}" if other else "")
    part = (px - before.px) / (after.px - before.px)
    return Knot(px, f"{name_between(before.name, after.name)} ({part:.0%})")


def _whole_years(axis: AxisFit) -> bool:
    return all(t.value is None or abs(t.value - round(t.value)) < 1e-6 for t in axis.ticks)


def _looks_like_years(axis: AxisFit) -> bool:
    values = [t.value for t in axis.ticks if t.value is not None]
    return bool(values) and _whole_years(axis) and all(1500 <= v <= 2200 for v in values)


def windows(knots: Sequence[Knot]) -> list[tuple[float, float]]:
    """For each knot the pixels to its left and right neighbour (20 at the ends)."""
    if not knots:
        return []
    px = [knot.px for knot in knots]
    left = [20.0, *np.diff(px)]
    right = [*np.diff(px), 20.0]
    return [(float(a), float(b)) for a, b in zip(left, right, strict=True)]
