"""Charts as browsers' libraries draw them: on whole pixels, steps rounded, two axes with grids."""

from __future__ import annotations

import numpy as np
import pytest

from air_cli.read.pdf import PdfDocument
from air_cli.read.svg import svg_to_pdf
from air_cli.read.vector_hatches import with_stand_ins
from air_cli.read.vector_shapes import Shape
from air_cli.records import Chart


def read(parts: list[str]) -> Chart:
    drawn = "".join(parts)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="420" height="380">{drawn}</svg>'
    document = PdfDocument(svg_to_pdf(svg.encode(), "x.svg"), "x.svg")
    (figure,) = [figure for figure in document.figures(None) if figure.kind != "table"]
    chart, seconds = document.chart(figure.id)
    assert "ocr" not in seconds
    return chart


def text(x: float, y: float, words: str, anchor: str = "middle") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="11">{words}</text>'


def crisp_bars(tops: list[int], labels: list[str], zero: int = 340) -> Chart:
    """Columns as Highcharts draws them: ends and sides on whole pixels, grid lines half a pixel
    beside them; three units a pixel."""
    rows = [
        f'<path d="M60 {zero - 50 * n + 0.5}H380" stroke="#e6e6e6"/>'
        f'<text x="52" y="{zero - 50 * n + 4}" text-anchor="end" font-size="11">{150 * n}</text>'
        for n in range(6)
    ]
    for n, (top, label) in enumerate(zip(tops, labels, strict=True)):
        left = 80 + 90 * n
        rows.append(
            f'<path d="M{left} {top}H{left + 40}V{zero}H{left}Z" fill="#2caffe"/>'
            + text(left + 20, 360, f"Site {n}")
            + text(left + 20, top - 5, label)
        )
    return read(rows)


def test_columns_on_whole_pixels_are_known_to_a_pixel_and_by_their_labels() -> None:
    tops = [300, 210, 255]
    truth = [118.6, 391.2, 253.8]
    bare = crisp_bars(tops, ["", "", ""])
    for mark, value in zip(bare.marks, truth, strict=True):
        assert mark.low is not None and mark.high is not None
        assert mark.low <= value <= mark.high and mark.high - mark.low < 12
    labelled = crisp_bars(tops, [str(value) for value in truth])
    assert [mark.value for mark in labelled.marks] == truth
    assert {mark.how for mark in labelled.marks} == {"both"}


def test_columns_whose_sides_lean_by_a_rounded_step() -> None:
    """ECharts writes each step of a path to a tenth of a pixel: the last corner is off by one."""
    rows = [f'<path d="M60 {340 - 60 * n}H400" stroke="#ddd"/>' for n in range(6)]
    rows += [text(52, 344 - 60 * n, str(20 * n), "end") for n in range(6)]
    for n, high in enumerate((4.2, 150.3, 89.4)):
        left = 80.4 + 100 * n
        rows.append(f'<path d="M{left} 340l49.3 0l0 {-high}l-49.2 0Z" fill="#5070dd"/>')
        rows.append(text(left + 25, 360, f"Plant {n}"))
    chart = read(rows)
    assert chart.kind == "bar"
    assert [mark.value for mark in chart.marks] == pytest.approx([1.4, 50.1, 29.8], abs=0.05)


def test_grid_lines_of_two_axes_are_told_apart() -> None:
    """Labels stand over their own lines, all by the same bit; the other axis' may be nearer."""
    rows = ['<path d="M60 340H380" stroke="#333"/>']
    for n in range(8):
        y = 340 - 40 * n
        rows += [f'<path d="M60 {y}H380" stroke="#ddd"/>', text(52, y - 1, str(10 * n), "end")]
    for n in range(9):
        y = 340 - 35 * n
        rows += [f'<path d="M60 {y}H380" stroke="#ddd"/>', text(388, y - 1, str(10 * n), "start")]
    for n, high in enumerate((100.0, 220.0, 180.0)):
        left = 90 + 100 * n
        rows.append(
            f'<rect x="{left}" y="{340 - high}" width="60" height="{high}" fill="#5070dd"/>'
        )
        rows.append(text(left + 30, 360, f"Plant {n}"))
    rows.append('<path d="M120 165L220 270L320 95" fill="none" stroke="#d63636"/>')
    chart = read(rows)
    assert chart.kind == "combo"
    bars, line = ([m.value for m in chart.marks if m.color == c] for c in ("#5070dd", "#d63636"))
    assert bars == pytest.approx([25, 55, 45], abs=0.2)
    assert line == pytest.approx([50, 20, 70], abs=0.2)


def test_groups_about_years_keep_theirs_when_bars_are_missing() -> None:
    rows = [f'<path d="M60 {340 - 50 * n}H400" stroke="#ddd"/>' for n in range(7)]
    rows += [text(52, 344 - 50 * n, str(10 * n), "end") for n in range(7)]
    for n in range(4):
        middle = 100 + 80 * n
        rows.append(text(middle, 360, str(2016 + n)))
        for m, color in enumerate(("#2caffe", "#544fc5", "#00e272")):
            if (n, m) in ((0, 0), (2, 0), (2, 1)):
                continue
            high = 100 + 30 * n + 20 * m
            rows.append(
                f'<rect x="{middle - 30 + 20 * m}" y="{340 - high}" width="20" height="{high}" '
                f'fill="{color}"/>'
            )
    chart = read(rows)
    assert chart.categories == ("2016", "2017", "2018", "2019")
    assert {m.category for m in chart.marks if m.color == "#544fc5"} == {"2016", "2017", "2019"}


CLIP = '<clipPath id="all"><path d="M5 5H415V375H5Z"/></clipPath><g clip-path="url(#all)">'
SHEET = '<g><path d="M5 5H415V375H5Z" fill="#fff"/>'


def survey(shift: float, canvas: str = CLIP) -> list[str]:
    """Two lines with their names beside them, black, on a canvas as large as the chart."""
    rows = [canvas]
    rows += [f'<path d="M60 {340 - 50 * n}H400" stroke="#aaa"/>' for n in range(7)]
    rows += [text(52, 344 - 50 * n, str(10 * n), "end") for n in range(7)]
    rows += [text(60 + 60 * n, 360, str(2000 + 2 * n)) for n in range(6)]
    for color, high in (("#1f497d", 60), ("#558ed5", 220)):
        points = " ".join(f"{60 + 30 * n},{high + 9 * (n % 3) - 3 * n}" for n in range(11))
        rows.append(f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="3"/>')
    rows += [text(180, 80 + shift, "All adults"), text(250, 228, "65+"), "</g>"]
    return rows


@pytest.mark.parametrize("canvas", [CLIP, SHEET])
def test_names_beside_lines_are_theirs_where_it_is_clear(canvas: str) -> None:
    chart = read(survey(0, canvas))
    assert [(series.name, series.color) for series in chart.series] == [
        ("All adults", "#1f497d"), ("65+", "#558ed5"),
    ]  # fmt: skip
    assert chart.marks[0].value == pytest.approx(56.0, abs=0.1)
    unsure = read(survey(62))  # halfway between the two
    assert {series.name for series in unsure.series} == {"series 1", "series 2"}


def test_a_flat_line_of_which_only_the_ends_are_left_has_all_its_values() -> None:
    """Plotly leaves out vertices that a line misses by less than a pixel."""
    rows = [f'<path d="M60 {340 - 50 * n}H400" stroke="#ddd"/>' for n in range(7)]
    rows += [text(52, 344 - 50 * n, str(100 * n), "end") for n in range(7)]
    rows += [text(80 + 60 * n, 360, f"Site {n}") for n in range(6)]
    points = " ".join(f"{80 + 60 * n},{200 - 30 * (n % 3)}" for n in range(6))
    rows.append(f'<polyline points="{points}" fill="none" stroke="#ff7f0e"/>')
    rows.append('<path d="M80,337.5L380,338.5" fill="none" stroke="#1f77b4"/>')
    marks = [mark for mark in read(rows).marks if mark.color == "#1f77b4"]
    assert [mark.category for mark in marks] == [f"Site {n}" for n in range(6)]
    assert [mark.value for mark in marks] == pytest.approx([5, 4.6, 4.2, 3.8, 3.4, 3], abs=0.05)


def test_a_bar_too_low_for_its_pattern_is_of_its_colours_series() -> None:
    def bar(high: float, texture: str) -> Shape:
        box = (0.0, 0.0, 20.0, high)
        corners = np.array([(0, 0), (20, 0), (20, high), (0, high)], dtype=float)
        return Shape("rect", corners, box, box, fill="#7030a0", texture=texture)

    shapes, stands = with_stand_ins([bar(50, "lines"), bar(1.5, "part")], 1.0)
    assert {shape.fill for shape in shapes} == {"#7030a0"} and not stands
    shapes, stands = with_stand_ins([bar(50, "lines"), bar(40, "dots")], 1.0)
    assert len({shape.fill for shape in shapes}) == 2 and set(stands.values()) == {"#7030a0"}
