"""The overlay: what was read, drawn over the figure, so that a person sees whether to trust it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from PIL import Image

from air_cli.read.colors import from_hex
from air_cli.read.numbers import parse_number
from air_cli.read.overlay_parts import (
    Canvas,
    Color,
    chip_text,
    footer,
    readable,
    series_colors,
)
from air_cli.read.times import parse_time
from air_cli.records import Axis, Box, Chart, Mark, Text, Tick

_AXIS: Color = (70, 84, 160)
_EVIDENCE: Color = (255, 138, 0)
_MOST_CHIPS = 80


def draw_overlay(image: Image.Image, chart: Chart, highlight: Sequence[Box] = ()) -> Image.Image:
    """The figure with its reading: marks outlined in their series' colour with the value that was
    read, printed labels tied to their marks, fitted axis ticks, `highlight` boxes (evidence, pixels
    of the figure) strong, series and problems at the foot.

    Returns an RGB image, wider than the figure's own where that is small, and taller by the foot.
    """
    figure = image.convert("RGB")
    canvas = Canvas(figure)
    for box in highlight:
        _fill_evidence(canvas, box)
    for axis in chart.axes:
        _draw_axis(canvas, axis, chart.text)
    colors = series_colors(chart)
    by_series: dict[str, list[Mark]] = defaultdict(list)
    for mark in chart.marks:
        by_series[mark.series].append(mark)
    for name, marks in by_series.items():
        _draw_series(canvas, chart, marks, colors.get(name))
    _draw_chips(canvas, chart, colors)
    for box in highlight:
        _draw_evidence(canvas, box)
    return footer(canvas.composed(), chart, colors, canvas.unit)


def _draw_axis(canvas: Canvas, axis: Axis, texts: Sequence[Text]) -> None:
    """A small arrow at each tick's fitted place, and its value beside the printed label."""
    across = 0 if axis.role.startswith("x") else 1
    for tick in axis.ticks:
        label = _tick_text(tick, axis, texts)
        if label is None:
            continue
        left, top, right, bottom = canvas.box(label.bbox_px)
        at = canvas.at(tick.px)
        size = 3.5 * canvas.unit
        if across == 0:
            below = axis.role == "x"
            tip = top - 1 if below else bottom + 1
            base = tip - size if below else tip + size
            canvas.draw.polygon(
                [(at, base), (at - size / 2, tip), (at + size / 2, tip)], fill=(*_AXIS, 230)
            )
        else:
            right_side = axis.role == "y2"
            tip = left - 2 if right_side else right + 2
            base = tip - size if right_side else tip + size
            canvas.draw.polygon(
                [(base, at), (tip, at - size / 2), (tip, at + size / 2)], fill=(*_AXIS, 230)
            )
        canvas.draw.rounded_rectangle(
            (left - 2, top - 2, right + 2, bottom + 2), 3, outline=(*_AXIS, 120), width=1
        )
        shown = _fitted(tick, axis.kind)
        if shown and not _says(label.text, tick, shown):
            place = (left, bottom + 1) if across == 0 else (left - 2, top - 2)
            canvas.small(place, shown, _AXIS, anchor="la" if across == 0 else "ra")


def _tick_text(tick: Tick, axis: Axis, texts: Sequence[Text]) -> Text | None:
    across = 0 if axis.role.startswith("x") else 1

    def middle(text: Text) -> float:
        return (text.bbox_px[across] + text.bbox_px[across + 2]) / 2

    same = [t for t in texts if t.role == "tick" and t.text == tick.text]
    same = same or [t for t in texts if t.role == "tick" and tick.text.startswith(t.text)]
    near = min(same, key=lambda t: abs(middle(t) - tick.px), default=None)
    return near if near is not None and abs(middle(near) - tick.px) < 40 else None


def _fitted(tick: Tick, kind: str) -> str:
    """The tick's value in figures; years have no thousands separator."""
    if tick.value is None:
        return ""
    if kind == "time":
        return f"{tick.value:.6g}"
    return f"{tick.value:,.0f}" if 1e6 <= abs(tick.value) < 1e15 else f"{tick.value:,.6g}"


def _says(text: str, tick: Tick, shown: str) -> bool:
    """Whether a printed label says all that the fit does: a plain number or a date."""
    number = parse_number(text)
    same = number is not None and tick.value is not None and number.total == tick.value
    return same or _digits(shown) == _digits(text) or parse_time(text) is not None


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit() or c in ".-")


def _draw_series(canvas: Canvas, chart: Chart, marks: list[Mark], color: Color | None) -> None:
    ink = readable(color or (60, 60, 60), canvas.dark)
    if chart.kind in ("pie", "donut"):
        _draw_slices(canvas, marks)
        return
    points = [mark for mark in marks if _is_point(mark)]
    if chart.kind in ("line", "combo") and len(points) > 1:
        path = [canvas.middle(m.bbox_px) for m in sorted(points, key=lambda m: m.bbox_px[0])]
        canvas.draw.line(path, fill=(*canvas.ground, 150), width=round(3 * canvas.unit))
        canvas.draw.line(path, fill=(*ink, 255), width=max(1, round(1.1 * canvas.unit)))
    for mark in marks:
        own = readable(_rgb(mark.color), canvas.dark) if mark.color else ink
        _tie(canvas, chart, mark, own)
        if mark in points:
            x, y = canvas.middle(mark.bbox_px)
            r = 3.2 * canvas.unit
            canvas.draw.ellipse((x - r, y - r, x + r, y + r), fill=(*canvas.ground, 230))
            canvas.draw.ellipse(
                (x - r, y - r, x + r, y + r),
                outline=(*own, 255),
                width=max(1, round(1.4 * canvas.unit)),
            )
        else:
            canvas.outline(mark.bbox_px, own)


def _draw_slices(canvas: Canvas, marks: list[Mark]) -> None:
    """A spoke end for each slice: sectors overlap as boxes."""
    box = _union([mark.bbox_px for mark in marks])
    x, y = canvas.middle(box)
    radius = (canvas.box(box)[2] - canvas.box(box)[0]) / 2
    canvas.draw.ellipse(
        (x - radius, y - radius, x + radius, y + radius),
        outline=(*canvas.paper_ink, 200),
        width=max(1, round(canvas.unit)),
    )
    for mark in marks:
        px, py = _slice_place(canvas, mark, (x, y), radius, 1.0)
        r = 3.0 * canvas.unit
        own = readable(_rgb(mark.color), canvas.dark)
        canvas.draw.ellipse(
            (px - r, py - r, px + r, py + r), fill=(*own, 255), outline=(255, 255, 255, 255)
        )


def _slice_place(
    canvas: Canvas, mark: Mark, centre: tuple[float, float], radius: float, share: float
) -> tuple[float, float]:
    """A point of a slice, `share` of the radius out, in the direction of its box."""
    x, y = canvas.middle(mark.bbox_px)
    dx, dy = x - centre[0], y - centre[1]
    away = math.hypot(dx, dy) or 1.0
    return centre[0] + dx / away * radius * share, centre[1] + dy / away * radius * share


def _tie(canvas: Canvas, chart: Chart, mark: Mark, color: Color) -> None:
    """A frame around the printed label of a mark and a thread from it to the mark."""
    label = _label_text(chart, mark)
    if label is None:
        return
    box = canvas.box(label.bbox_px)
    canvas.draw.rounded_rectangle(
        (box[0] - 2, box[1] - 1, box[2] + 2, box[3] + 1),
        3,
        outline=(*color, 190),
        width=max(1, round(canvas.unit)),
    )
    x, y = canvas.middle(mark.bbox_px)
    edge = (min(max(x, box[0]), box[2]), min(max(y, box[1]), box[3]))
    canvas.draw.line([edge, (x, y)], fill=(*color, 170), width=max(1, round(0.8 * canvas.unit)))


def _label_text(chart: Chart, mark: Mark) -> Text | None:
    if not mark.label:
        return None
    x, y = (mark.bbox_px[0] + mark.bbox_px[2]) / 2, (mark.bbox_px[1] + mark.bbox_px[3]) / 2
    same = [t for t in chart.text if mark.label in t.text and t.role != "tick"]

    def away(text: Text) -> float:
        left, top, right, bottom = text.bbox_px
        return math.hypot(max(left - x, 0, x - right), max(top - y, 0, y - bottom))

    return min(same, key=away, default=None)


def _draw_chips(canvas: Canvas, chart: Chart, colors: dict[str, Color]) -> None:
    """The values that were read, each beside its mark, as many as there is room for."""
    # A cell that prints its number has no room for it twice.
    said = chart.kind == "heatmap"
    marks = [m for m in chart.marks if m.value is not None and not (said and m.label)]
    step = max(1, math.ceil(len(marks) / _MOST_CHIPS))
    ends = _extremes(marks)
    pie = chart.kind in ("pie", "donut")
    if pie and marks:
        box = _union([mark.bbox_px for mark in marks])
        centre = canvas.middle(box)
        radius = (canvas.box(box)[2] - canvas.box(box)[0]) / 2
    for label in chart.text:  # printed words stay readable
        canvas.reserve(label.bbox_px)
    order = sorted(range(len(marks)), key=lambda i: (i not in ends, i % step != 0, i))
    for i in order[: _MOST_CHIPS + len(ends)]:
        mark = marks[i]
        color = _rgb(mark.color) if mark.color else colors.get(mark.series, (60, 60, 60))
        if pie:
            at = _slice_place(canvas, mark, centre, radius, 0.72)
            canvas.chip((*at, *at), chip_text(mark), color, spread=True)
        else:
            canvas.chip(canvas.box(mark.bbox_px), chip_text(mark), color, must=i in ends)


def _extremes(marks: Sequence[Mark]) -> set[int]:
    """First, last, highest and lowest mark of each series: they get a chip before the others."""
    places: dict[str, list[int]] = defaultdict(list)
    for i, mark in enumerate(marks):
        places[mark.series].append(i)
    chosen: set[int] = set()
    for own in places.values():
        values = {i: marks[i].value or 0.0 for i in own}
        chosen |= {
            own[0],
            own[-1],
            max(own, key=values.__getitem__),
            min(own, key=values.__getitem__),
        }
    return chosen if len(chosen) <= _MOST_CHIPS else set()


def _is_point(mark: Mark) -> bool:
    left, top, right, bottom = mark.bbox_px
    return max(right - left, bottom - top) <= 24 and abs((right - left) - (bottom - top)) < 3


def _fill_evidence(canvas: Canvas, box: Box) -> None:
    left, top, right, bottom = canvas.box(box)
    pad = 4 * canvas.unit
    canvas.draw.rounded_rectangle(
        (left - pad, top - pad, right + pad, bottom + pad), pad, fill=(*_EVIDENCE, 70)
    )


def _draw_evidence(canvas: Canvas, box: Box) -> None:
    left, top, right, bottom = canvas.box(box)
    pad = 4 * canvas.unit
    for grow, width, color in ((1.0, 5.0, (255, 255, 255)), (0.0, 2.6, _EVIDENCE)):
        reach = pad + grow
        canvas.draw.rounded_rectangle(
            (left - reach, top - reach, right + reach, bottom + reach),
            reach,
            outline=(*color, 255),
            width=max(2, round(width * canvas.unit)),
        )


def _union(boxes: Sequence[Box]) -> Box:
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


def _rgb(color: str) -> Color:
    return from_hex(color) if color else (60, 60, 60)
