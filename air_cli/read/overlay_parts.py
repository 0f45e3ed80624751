"""Pieces of the overlay: a canvas that knows where there is room, value chips, the foot."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from air_cli.read.colors import from_hex
from air_cli.records import Box, Chart, Mark

Color = tuple[int, int, int]
Font = ImageFont.ImageFont | ImageFont.FreeTypeFont
_LEAST = 900  # a smaller figure is enlarged so that its labels can be read
_LARGEST = 6000
_RED: Color = (200, 30, 30)


class Canvas:
    """A figure, enlarged when small and slightly faded, and a transparent layer to draw on.

    `unit` is the size of one drawing point in canvas pixels; `at`/`box` turn pixels of the figure
    into pixels of the canvas.
    """

    def __init__(self, figure: Image.Image):
        longest = max(figure.size)
        self.factor = (
            max(1.0, min(4.0, _LEAST / longest)) if longest < _LARGEST else _LARGEST / longest
        )
        size = (
            max(1, round(figure.width * self.factor)),
            max(1, round(figure.height * self.factor)),
        )
        enlarged = figure.resize(size, Image.Resampling.LANCZOS)
        self.dark = float(np.asarray(enlarged.convert("L").resize((32, 32))).mean()) < 100
        self.ground: Color = (20, 22, 26) if self.dark else (255, 255, 255)
        self.paper_ink: Color = (235, 235, 235) if self.dark else (40, 40, 40)
        self.base = Image.blend(enlarged, Image.new("RGB", size, self.ground), 0.18)
        self.layer = Image.new("RGBA", size, (0, 0, 0, 0))
        self.draw = ImageDraw.Draw(self.layer)
        self.unit = max(0.9, min(4.0, max(size) / 1000))
        self.font: Font = ImageFont.load_default(round(13 * self.unit))
        self.tiny: Font = ImageFont.load_default(max(8, round(10 * self.unit)))
        self._taken: list[Box] = []

    def at(self, px: float) -> float:
        """A figure coordinate on the canvas."""
        return px * self.factor

    def box(self, box: Box) -> Box:
        """A figure box on the canvas, its corners in order."""
        left, top, right, bottom = (v * self.factor for v in box)
        return min(left, right), min(top, bottom), max(left, right), max(top, bottom)

    def middle(self, box: Box) -> tuple[float, float]:
        """The middle of a figure box on the canvas."""
        left, top, right, bottom = self.box(box)
        return (left + right) / 2, (top + bottom) / 2

    def composed(self) -> Image.Image:
        """The figure with everything drawn so far."""
        return Image.alpha_composite(self.base.convert("RGBA"), self.layer).convert("RGB")

    def outline(self, box: Box, color: Color) -> None:
        """A frame with a halo just inside a figure box."""
        placed = self.box(box)
        wide = max(2, round(2 * self.unit))
        if placed[2] - placed[0] < 2 * wide or placed[3] - placed[1] < 2 * wide:
            self.draw.rectangle(placed, outline=(*color, 255), width=1)
            return
        self.draw.rectangle(
            placed, outline=(*self.ground, 200), width=wide + max(1, round(self.unit))
        )
        self.draw.rectangle(placed, outline=(*color, 255), width=wide)

    def small(self, place: tuple[float, float], text: str, color: Color, anchor: str) -> None:
        """Small text with a halo."""
        self.draw.text(
            place,
            text,
            (*color, 255),
            self.tiny,
            anchor,
            stroke_width=2,
            stroke_fill=(*self.ground, 230),
        )

    def reserve(self, box: Box) -> None:
        """Keep chips away from a figure box."""
        self._taken.append(self.box(box))

    def chip(
        self, target: Box, text: str, color: Color, *, must: bool = False, spread: bool = False
    ) -> bool:
        """A value beside a canvas box, where it hides no other chip or text. Without room it is
        left out, unless it `must` be shown. With `spread` it is centred on the target."""
        left, top, right, bottom = self.draw.textbbox((0, 0), text, self.font)
        pad = 2.5 * self.unit
        wide, high = right - left + 2 * pad, bottom - top + 2 * pad
        places = self._places(target, wide, high, spread=spread)
        free = [p for p in places if self._fits(p, wide, high)]
        if not free and not must:
            return False
        x, y = (free or places)[0]
        x = min(max(x, 1), self.layer.width - wide - 1)
        y = min(max(y, 1), self.layer.height - high - 1)
        self._taken.append((x, y, x + wide, y + high))
        edge = readable(color, self.dark)
        self.draw.rounded_rectangle(
            (x, y, x + wide, y + high),
            pad,
            fill=(*self.ground, 225),
            outline=(*edge, 255),
            width=max(1, round(0.8 * self.unit)),
        )
        self.draw.text((x + pad - left, y + pad - top), text, (*self.paper_ink, 255), self.font)
        return True

    def _places(
        self, target: Box, wide: float, high: float, *, spread: bool
    ) -> list[tuple[float, float]]:
        left, top, right, bottom = target
        x, y = (left + right) / 2, (top + bottom) / 2
        gap = 4 * self.unit
        centre = (x - wide / 2, y - high / 2)
        around = [
            (x - wide / 2, top - gap - high),
            (right + gap, y - high / 2),
            (x - wide / 2, bottom + gap),
            (left - gap - wide, y - high / 2),
            (right + gap, top - gap - high),
            (left - gap - wide, top - gap - high),
            (right + gap, bottom + gap),
            (x - wide / 2, top - 2 * gap - 2 * high),
            (x - wide / 2, bottom + 2 * gap + high),
        ]
        roomy = right - left > wide + gap and bottom - top > high + gap
        return [centre, *around] if spread or roomy else [*around, centre]

    def _fits(self, place: tuple[float, float], wide: float, high: float) -> bool:
        x, y = place
        if x < 0 or y < 0 or x + wide > self.layer.width or y + high > self.layer.height:
            return False
        return not any(
            x < box[2] and x + wide > box[0] and y < box[3] and y + high > box[1]
            for box in self._taken
        )


def readable(color: Color, dark: bool) -> Color:
    """A colour dark (or light) enough to be seen as a thin line on the figure's ground."""
    r, g, b = color
    bright = 0.299 * r + 0.587 * g + 0.114 * b
    if not dark and bright > 165:
        f = 165 / bright
        return round(r * f), round(g * f), round(b * f)
    if dark and bright < 120:
        f = (120 - bright) / (255 - bright)
        return round(r + (255 - r) * f), round(g + (255 - g) * f), round(b + (255 - b) * f)
    return color


def series_colors(chart: Chart) -> dict[str, Color]:
    """The colour of each series, from the series itself or its first coloured mark."""
    found = {series.name: from_hex(series.color) for series in chart.series if series.color}
    for mark in chart.marks:
        if mark.color and mark.series not in found:
            found[mark.series] = from_hex(mark.color)
    return found


def chip_text(mark: Mark) -> str:
    """The value as read: printed values plain, measured ones with "~" and no more digits than
    their interval supports."""
    value = mark.value or 0.0
    if mark.how in ("label", "both", "cell", "vector"):
        return f"{value:,.6g}"
    width = abs((mark.high or value) - (mark.low or value))
    digits = 0
    while digits < 6 and width > 0 and 10.0**-digits > width:
        digits += 1
    return f"~{value:,.{digits}f}"


def footer(
    picture: Image.Image, chart: Chart, colors: dict[str, Color], unit: float
) -> Image.Image:
    """The picture with a foot: the kind, the series with their colours, problems in red."""
    font: Font = ImageFont.load_default(round(13 * unit))
    high, pad = round(19 * unit), round(8 * unit)
    items: list[tuple[str, Color | None]] = [(_headline(chart), None)]
    items += [(s.name or "values", colors.get(s.name)) for s in chart.series if s.name in colors]
    rows = _flow(items, font, picture.width - 2 * pad, unit)
    wrap = max(20, int((picture.width - 2 * pad) / (6.4 * unit)))
    notes = [line for p in chart.problems[:6] for line in textwrap.wrap(f"! {p}", wrap)]
    if len(chart.problems) > 6:
        notes.append(f"! and {len(chart.problems) - 6} more")
    total = picture.height + 2 * pad + high * (len(rows) + len(notes))
    result = Image.new("RGB", (picture.width, total), (247, 247, 244))
    result.paste(picture, (0, 0))
    draw = ImageDraw.Draw(result)
    draw.line([(0, picture.height), (picture.width, picture.height)], fill=(200, 200, 195), width=1)
    y = picture.height + pad
    for row in rows:
        for x, text, color in row:
            if color is not None:
                size = 9 * unit
                draw.rectangle(
                    (pad + x, y + 2 * unit, pad + x + size, y + 2 * unit + size), fill=color
                )
            draw.text((pad + x + (13 * unit if color else 0), y), text, (40, 40, 40), font)
        y += high
    for line in notes:
        draw.text((pad, y), line, _RED, font)
        y += high
    return result


def _headline(chart: Chart) -> str:
    count = len(chart.marks)
    unit = f" in {chart.unit}" if chart.unit else ""
    return f"{chart.kind}: {count} values{unit}, confidence {chart.confidence:.0%}"


def _flow(
    items: Sequence[tuple[str, Color | None]], font: Font, width: float, unit: float
) -> list[list[tuple[float, str, Color | None]]]:
    """Items set in lines: rows of (x, text, colour)."""
    rows: list[list[tuple[float, str, Color | None]]] = [[]]
    x = 0.0
    for text, color in items:
        shown = text if len(text) < 60 else f"{text[:57]}…"
        wide = font.getbbox(shown)[2] + (13 * unit if color else 0)
        if x + wide > width and rows[-1]:
            rows.append([])
            x = 0.0
        rows[-1].append((x, shown, color))
        x += wide + 16 * unit
    return rows
