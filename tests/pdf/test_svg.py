"""SVG in the ways charting programs write it: styles, arcs, hidden parts, rounded bars."""

from __future__ import annotations

import math
import re

import pymupdf
import pytest

from air_cli.read.document import open_document
from air_cli.read.svg import svg_to_pdf
from air_cli.read.svg_arcs import without_arcs
from air_cli.read.svg_styles import plain_svg
from air_cli.records import Chart

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240">'


def read(body: str) -> Chart:
    document = open_document(f"{HEAD}{body}</svg>".encode(), "chart.svg")
    (figure,) = document.figures(None)
    chart, seconds = document.chart(figure.id)
    assert "ocr" not in seconds
    return chart


def axes(names: tuple[str, ...]) -> str:
    """Three places along x, and a scale from 0 (y 200) to 6 (y 20)."""
    rows = "".join(
        f'<line x1="50" x2="300" y1="{200 - 30 * n}" y2="{200 - 30 * n}" class="grid"/>'
        f'<text x="45" y="{204 - 30 * n}" text-anchor="end">{n}</text>'
        for n in range(0, 7, 2)
    )
    return rows + "".join(
        f'<text x="{90 + 80 * n}" y="218" text-anchor="middle">{name}</text>'
        for n, name in enumerate(names)
    )


STYLE = """<style>:root { --ink: #2060a0 } @media print { .bar { fill: red } }
.grid { stroke: #ccc; stroke-width: 0.5px } text { font-size: 0.8em; fill: #333 }
.bar { fill: var(--ink) }</style>"""


def test_style_sheets_and_rounded_bars() -> None:
    bars = "".join(
        f'<path class="bar" d="M{x} 200V{top + 4}a4 4 0 0 14 -4h32a4 4 0 0 1 4 4V200Z"/>'
        for x, top in ((70, 110.0), (150, 47.0), (230, 74.0))
    )
    chart = read(STYLE + axes(("North", "South", "East")) + bars)
    assert chart.kind == "bar"
    assert {m.category: m.value for m in chart.marks} == {"North": 3, "South": 5.1, "East": 4.2}
    assert {m.color for m in chart.marks} == {"#2060a0"}


def test_full_circles_and_what_is_hidden() -> None:
    dots = "".join(
        f'<path fill="rgba(200, 30, 30, 0.8)" d="M{x - 3} {y}a3 3 0 1 1 0.001 0Z"/>'
        for x, y in ((90, 110.5), (170, 47.5), (250, 74.5))
    )
    hidden = '<rect x="60" y="20" width="30" height="180" style="display: none"/>'
    ghost = '<path d="M50 20L300 200" style="stroke: #f00; stroke-width: 0; fill: none"/>'
    chart = read(STYLE + axes(("1990", "2000", "2010")) + hidden + ghost + dots)
    assert (chart.kind, len(chart.marks)) == ("scatter", 3)


@pytest.mark.parametrize("flags", ["0 0 1", "0 1 0", "0 0 0"])
def test_an_arc_stays_on_its_circle(flags: str) -> None:
    data = without_arcs(f"M10 0A10 10 {flags} 0 10")
    numbers = [float(n) for n in re.findall(r"-?[\d.]+(?:e-?\d+)?", data)]
    end = numbers[-2:]
    assert "A" not in data
    assert end == pytest.approx([0, 10])
    middle = (10.0, 10.0) if flags == "0 0 0" else (0.0, 0.0)
    for n in range(2, len(numbers), 6):
        x, y = numbers[n + 4 : n + 6]
        assert (x - middle[0]) ** 2 + (y - middle[1]) ** 2 == pytest.approx(100)


def test_gradients_and_patterns_become_colours() -> None:
    defs = (
        '<linearGradient id="a"><stop stop-color="#fff"/><stop style="stop-color:#123456"/>'
        '</linearGradient><pattern id="b"><rect fill="#abcdef"/><path stroke="#000"/></pattern>'
    )
    plain = plain_svg(
        f'{HEAD}<defs>{defs}</defs><rect fill="url(#a)"/>'
        f'<rect style="fill: url(#b)"/></svg>'.encode()
    )
    assert b'<rect fill="#123456"' in plain
    assert b'<rect fill="#abcdef"' in plain


def test_broken_xml_is_left_to_mupdf() -> None:
    drawn = svg_to_pdf(f"{HEAD}<rect width=20 height='10'/></svg>".encode(), "odd.svg")
    assert pymupdf.open(stream=drawn, filetype="pdf").page_count == 1


def test_axes_on_half_pixels_are_put_back_even_if_their_steps_are_whole() -> None:
    rows = "".join(
        f'<path d="M50.5 {200.5 - 30 * n}H300.5" stroke="#ccc"/>'
        f'<text x="45" y="{204 - 30 * n}" text-anchor="end">{n}</text>'
        for n in range(7)
    )
    names = "".join(
        f'<text x="{90 + 80 * n}" y="218" text-anchor="middle">{name}</text>'
        for n, name in enumerate(("North", "South", "East"))
    )
    line = '<path d="M90 110L170 47L250 74" stroke="#c02020" fill="none" stroke-width="2"/>'
    chart = read(rows + names + line)
    assert [m.value for m in chart.marks] == [3, 5.1, 4.2]
    # Bars that were moved to whole pixels as well have lost a part of their values.
    bars = "".join(
        f'<rect x="{70 + 60 * n}.5" width="40" y="{top}.5" height="{200 - top}" fill="#2060a0"/>'
        for n, top in enumerate((110, 47, 74, 139))
    )
    chart = read(rows + names + bars)
    spans = [(m.low or 0.0, m.high or 0.0) for m in chart.marks]
    assert all(
        low < value < high for (low, high), value in zip(spans, (3, 5.1, 4.2, 2.03), strict=True)
    )
    assert all(high - low > 0.03 for low, high in spans)


def test_slices_with_rounded_corners() -> None:
    def corner(angle: float, radius: float) -> str:
        turn = math.radians(angle)
        return f"{160 + radius * math.cos(turn):.4f} {120 + radius * math.sin(turn):.4f}"

    slices = ""
    for start, end, ink in ((0, 90, "#c02020"), (90, 216, "#2060a0"), (216, 360, "#30a040")):
        large = int(end - start > 184)
        slices += (
            f'<path fill="{ink}" d="M{corner(start, 40)}L{corner(start, 78)}'
            f"A2 2 0 0 1 {corner(start + 2, 80)}A80 80 0 {large} 1 {corner(end - 2, 80)}"
            f"A2 2 0 0 1 {corner(end, 78)}L{corner(end, 40)}"
            f'A40 40 0 {large} 0 {corner(start, 40)}Z"/>'
        )
    key = "".join(
        f'<rect x="255" y="{20 * n}" width="10" height="10" fill="{ink}"/>'
        f'<text x="270" y="{9 + 20 * n}" font-size="10">{name}</text>'
        for n, (ink, name) in enumerate(
            (("#c02020", "Gas"), ("#2060a0", "Coal"), ("#30a040", "Wind")), 1
        )
    )
    chart = read(slices + key)
    assert chart.kind == "donut"
    found = {m.category: m.value for m in chart.marks}
    assert found == pytest.approx({"Gas": 25, "Coal": 35, "Wind": 40}, abs=0.05)


def test_halos_of_letters_are_not_read_twice() -> None:
    halo = (
        '<text x="60" y="15" stroke="#fff" stroke-width="2" fill="#000">Net sales</text>'
        '<text x="200" y="15"><tspan stroke="#fff">by region</tspan>by region</text>'
    )
    bars = "".join(
        f'<rect x="{70 + 80 * n}" width="40" y="{top}" height="{200 - top}" fill="#2060a0"/>'
        for n, top in enumerate((110, 47, 74))
    )
    chart = read(halo + STYLE + axes(("North", "South", "East")) + bars)
    said = [text.text for text in chart.text]
    assert (said.count("Net sales"), said.count("by region")) == (1, 1)
