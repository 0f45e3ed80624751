"""Habits of plotting programs: where legends, names and axes stand, how curves and hatches are
drawn. Values stay exact."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pymupdf
import pytest
from matplotlib.figure import Figure

from air_cli.read.document import open_document
from air_cli.read.pdf import PdfDocument
from air_cli.records import Chart
from tests.documents import Report

NAMES = ["Northern part", "Southern part", "Eastern part", "Western part"]
FIRST, SECOND = [12.5, 40.0, 33.25, 8.0], [0.5, 2.25, 1.75, 3.0]


def read(figure: Figure) -> Chart:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="pdf")
    document = PdfDocument(buffer.getvalue(), "chart.pdf")
    (found,) = [item for item in document.figures([1]) if item.kind != "table"]
    return document.chart(found.id)[0]


def table(chart: Chart) -> dict[str, list[float | None]]:
    values: dict[str, list[float | None]] = {}
    for mark in chart.marks:
        values.setdefault(mark.series, []).append(mark.value)
    return values


def axes() -> tuple[Figure, Any]:
    figure = Figure(figsize=(7, 4.4), layout="constrained")
    return figure, figure.add_subplot()


def test_a_legend_with_its_swatches_at_the_right() -> None:
    figure, ax = axes()
    ax.plot(NAMES, FIRST, label="Online")
    ax.plot(NAMES, [value * 2 for value in FIRST], label="Retail")
    ax.legend(markerfirst=False)
    assert table(read(figure)) == {"Online": FIRST, "Retail": [25.0, 80.0, 66.5, 16.0]}


def test_slanted_names_stand_at_their_upper_end() -> None:
    figure, ax = axes()
    ax.bar(NAMES, FIRST)
    ax.set_xticks(range(4), NAMES, rotation=40, ha="right")
    chart = read(figure)
    assert list(chart.categories) == NAMES
    assert table(chart) == {"": FIRST}


def test_a_line_over_bars_is_measured_on_its_own_axis() -> None:
    figure, ax = axes()
    ax.bar(NAMES, FIRST, label="Sales")
    ax.set_ylim(0, 50)
    other = ax.twinx()
    other.plot(NAMES, SECOND, "s-", color="tab:orange", label="Margin")
    other.set_ylim(0, 3.7)
    handles = [*ax.get_legend_handles_labels()[0], *other.get_legend_handles_labels()[0]]
    ax.legend(handles, ["Sales", "Margin"], loc="upper center", bbox_to_anchor=(0.5, -0.1))
    chart = read(figure)
    assert chart.kind == "combo"
    assert table(chart) == {"Sales": FIRST, "Margin": SECOND}


def test_hatched_bars_are_bars() -> None:
    figure, ax = axes()
    ax.bar(NAMES, FIRST, hatch="//")
    chart = read(figure)
    assert (chart.kind, table(chart)) == ("bar", {"": FIRST})


def test_a_smooth_curve_has_values_where_the_axis_names_them() -> None:
    figure, ax = axes()
    fine = np.linspace(0, 3, 61)
    curve = np.polynomial.Polynomial.fit(range(4), FIRST, 3)(fine)
    ax.plot(fine, curve)
    ax.set_xticks(range(4), NAMES)
    chart = read(figure)
    assert list(chart.categories) == NAMES
    assert table(chart)[""] == pytest.approx(FIRST, abs=0.03)


def test_axes_moved_to_whole_pixels_are_put_back() -> None:
    """As d3 and Vega draw: ticks rounded and half a pixel off, points where they belong."""
    height, top = 233.0, 20.0
    ticks = "".join(
        f'<line x1="40" x2="300" y1="{y}" y2="{y}" stroke="#ddd" stroke-width="1"/>'
        f'<text x="32" y="{y + 4}" font-size="11" text-anchor="end">{value}</text>'
        for value in range(0, 80, 10)
        for y in [top + round(height * (1 - value / 70)) + 0.5]
    )
    points = [(60.0, 12.3), (120.0, 33.3), (180.0, 61.7), (240.0, 48.1), (280.0, 5.9)]
    dots = "".join(
        f'<circle cx="{x}" cy="{top + height * (1 - value / 70)}" r="3" fill="#1f77b4"/>'
        for x, value in points
    )
    across = "".join(
        f'<line x1="{40 + 52 * n + 0.5}" x2="{40 + 52 * n + 0.5}" y1="253" y2="258" '
        f'stroke="#ddd" stroke-width="1"/>'
        f'<text x="{40 + 52 * n}" y="272" font-size="11" text-anchor="middle">{n}</text>'
        for n in range(6)
    )
    size = 'xmlns="http://www.w3.org/2000/svg" width="320" height="290"'
    svg = f"<svg {size}>{ticks}{across}{dots}</svg>"
    document = open_document(svg.encode(), "points.svg")
    (figure,) = document.figures(None)
    chart, _ = document.chart(figure.id)
    found = sorted(mark.value for mark in chart.marks if mark.value is not None)
    assert found == pytest.approx(sorted(value for _, value in points), abs=0.07)


def test_bars_without_an_axis_are_one_figure_with_their_legend() -> None:
    made = Report()
    page = made.doc[made.page() - 1]
    made.prose((60, 60, 552, 190))
    for n, high in enumerate((60, 110, 80, 130)):
        left = 100 + 60 * n
        page.draw_rect((left, 400 - high, left + 25, 400), color=None, fill=(0.1, 0.4, 0.7))
        page.insert_text((left, 412), f"Q{n + 1}", fontsize=9)
        page.insert_text((left, 396 - high), str(high), fontsize=9)
    page.draw_rect((350, 300, 360, 310), color=None, fill=(0.1, 0.4, 0.7))
    page.insert_text((366, 309), "Net sales", fontsize=10)
    made.prose((60, 500, 552, 740))
    (figure,) = PdfDocument(made.save(), "r.pdf").figures([1])
    assert pymupdf.Rect(figure.bbox_pt).contains((350, 300, 405, 310))
    assert pymupdf.Rect(figure.bbox_pt).contains((100, 275, 305, 400))


def test_boxes_give_their_five_numbers() -> None:
    figure, ax = axes()
    numbers = [(3.5, 8.0, 11.25, 20.0, 31.0), (1.0, 6.5, 9.0, 12.0, 27.5), (10.0, 14, 15, 18, 22)]
    keys = ("whislo", "q1", "med", "q3", "whishi")
    ax.bxp([{**dict(zip(keys, row, strict=True)), "fliers": [40.0]} for row in numbers])
    ax.set_xticks([1, 2, 3], ["A1 x", "B2 y", "C3 z"])
    chart = read(figure)
    assert chart.kind == "box"
    assert [series.name for series in chart.series] == [
        "minimum",
        "lower quartile",
        "median",
        "upper quartile",
        "maximum",
    ]
    assert list(zip(*table(chart).values(), strict=True)) == numbers


def test_labels_without_ticks_stand_at_the_ends_of_the_frame() -> None:
    figure, ax = axes()
    ax.plot([0, 1, 2, 3, 4], [0.31, 0.91, -0.48, -0.96, 0.12])
    ax.set_xlim(0, 5)
    ax.set_ylim(-1.5, 1.5)
    ax.tick_params(length=0)
    chart = read(figure)
    values = [mark.value for mark in chart.marks]
    assert values == pytest.approx([0.31, 0.91, -0.48, -0.96, 0.12], abs=1e-4)


def test_a_label_at_the_end_names_the_nearest_line_of_its_colour() -> None:
    figure, ax = axes()
    for shift, alpha in ((0.0, 1.0), (3.0, 0.3)):
        ax.plot([2000, 2001, 2002, 2003], np.array([1, 3, 2, 4]) + shift, color="C0", alpha=alpha)
    ax.text(2003.05, 4, "Coast", color="C0", va="center")
    chart = read(figure)
    named = {mark.series: mark.value for mark in chart.marks if mark.x == 2003}
    assert named["Coast"] == pytest.approx(4, abs=1e-3)
    assert len(named) == 2


def test_large_and_hollow_points_and_bubbles() -> None:
    figure, ax = axes()
    ax.scatter([0.7, 0.9, 1.1], [3, 5, 4], s=400, color="C1")
    ax.scatter([0.8], [4.5], s=400, facecolors="none", edgecolors="C2")
    chart = read(figure)
    found = sorted((m.x, m.value) for m in chart.marks if m.x is not None and m.value is not None)
    assert chart.kind == "scatter"
    assert found == [pytest.approx(p, abs=2e-3) for p in [(0.7, 3), (0.8, 4.5), (0.9, 5), (1.1, 4)]]
    figure, ax = axes()
    ax.scatter([1, 2, 3, 4, 5, 6], [3, 5, 4, 2, 4, 3], s=[40, 100, 400, 900, 200, 60])
    chart = read(figure)
    assert chart.kind == "bubble"
    sizes = [mark.size for mark in sorted(chart.marks, key=lambda mark: mark.x or 0.0)]
    assert sizes == pytest.approx([40 / 900, 1 / 9, 4 / 9, 1, 2 / 9, 6 / 90], abs=0.03)


def test_a_flat_line_beside_one_with_bends_keeps_its_values() -> None:
    figure, ax = axes()
    years = np.arange(1997, 2009)
    ax.plot(years, [900, 400, 1100, 200, 800, 300, 700, 1000, 500, 600, 100, 950])
    ax.plot(years, [6.9, 4.7, 5.1, 5.8, 3.2, 2.8, 2.2, 2.1, 3.9, 4.4, 5.9, 6.3])
    ax.set_xticks([2000, 2004, 2008])
    chart = read(figure)
    assert len(chart.marks) == 24


def test_bars_on_both_sides_are_a_chart_by_their_colours() -> None:
    doc = pymupdf.open()
    page = doc.new_page(width=400, height=300)
    for n, high in enumerate((30, -45, 60, -20)):
        for k, ink in enumerate(((0.9, 0.3, 0.2), (0.2, 0.5, 0.8), (0.3, 0.7, 0.3))):
            base, top = 150 - k * high * 0.6, 150 - (k + 1) * high * 0.6
            box = (60 + 80 * n, min(base, top), 110 + 80 * n, max(base, top))
            page.draw_rect(box, color=None, fill=ink)
    for n in range(-2, 3):
        page.insert_text((30, 153 - 50 * n), str(50 * n), fontsize=8)
    (figure,) = PdfDocument(doc.tobytes(), "c.pdf").figures([1])
    assert figure.kind == "chart"
