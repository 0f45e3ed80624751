"""Vector charts are read exactly: every value within 0.1% of the axis range."""

from __future__ import annotations

import io
from typing import Any

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure

from air_cli.read.pdf import PdfDocument
from air_cli.read.vector import read_vector
from air_cli.read.vector_rounded import with_digits
from air_cli.read.vector_splines import basis_points
from air_cli.read.vector_text import Label, read_labels
from air_cli.read.vector_values import simplest
from air_cli.records import Chart
from tests.charts import KINDS
from tests.documents import Report, chart_pdf


def read(data: bytes) -> Chart:
    document = PdfDocument(data, "chart.pdf")
    (figure,) = [f for f in document.figures(None) if f.kind != "table"]
    chart, seconds = document.chart(figure.id)
    assert "ocr" not in seconds
    return chart


def misread(chart: Chart, truth: dict[str, Any]) -> list[object]:
    """What differs from the truth."""
    low, high = truth["range"] if truth.get("range") else (0.0, 100.0)
    slack = 1e-3 * (high - low)
    if truth["kind"] == "scatter":
        points = [(m.x, m.value) for m in chart.marks if m.x is not None and m.value is not None]
        return [
            (x, y)
            for x, y, _ in truth["points"]
            if not any(abs(px - x) <= 0.01 * abs(x) + 1e-3 and abs(py - y) <= slack
                       for px, py in points)
        ]  # fmt: skip
    found = {(mark.series, mark.category): mark.value for mark in chart.marks}
    wrong: list[object] = []
    for series, values in truth["values"].items():
        total = sum(values.values())
        for category, value in values.items():
            got = found.get((series, category))
            want, allowed = value, slack
            if truth["kind"] in ("pie", "donut"):
                want, allowed = 100 * value / total, 0.03
            if got is None or abs(got - want) > allowed:
                wrong.append((series, category, want, got))
    return wrong


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(3))
def test_values_are_exact(kind: str, seed: int) -> None:
    data, truth = chart_pdf(kind, seed)
    chart = read(data)
    assert chart.kind == kind
    assert misread(chart, truth) == []
    assert all(mark.how in ("vector", "both") for mark in chart.marks)
    assert all(
        mark.low is not None and mark.high is not None and mark.low <= mark.high
        for mark in chart.marks
    )


def test_a_chart_scaled_into_a_page_is_as_exact() -> None:
    made = Report(5)
    made.page()
    made.prose((60, 60, 552, 200))
    placed = made.chart((80, 220, 500, 480), "line", "Figure 1: A line", seed=5)
    chart = read(made.save())
    assert misread(chart, placed.truth) == []
    assert chart.size_px[0] > 1000


def test_two_charts_in_one_figure_are_two_panels() -> None:
    figure = Figure(figsize=(8, 3), layout="constrained")
    left, right = figure.subplots(1, 2)
    left.bar(["a", "b", "c"], [1.5, 2.5, 4.0])
    left.set_title("Left")
    right.bar(["a", "b", "c"], [10.0, -20.0, 30.0])
    right.set_title("Right")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="pdf")
    chart = read(buffer.getvalue())
    values = {(mark.series, mark.category): mark.value for mark in chart.marks}
    assert values["Left", "b"] == pytest.approx(2.5)
    assert values["Right", "b"] == pytest.approx(-20.0)
    assert len(values) == 6


@pytest.mark.parametrize("value", [4.2, 1200.0, 0.035, -7.25])
def test_the_simplest_number_in_an_interval(value: float) -> None:
    assert simplest(value - 1e-4, value + 1e-4, value + 3e-5) == pytest.approx(value, abs=1e-12)
    assert simplest(-0.01, 0.02, 0.004) == 0.0


def test_printed_values_calibrate_bars_without_a_value_axis() -> None:
    figure = Figure(figsize=(6, 3), layout="constrained")
    axes = figure.add_subplot()
    names, low, high = ["2019", "2020", "2021", "2022"], [9.6, 11.8, 15.2, 16.2], [12, 10, 14, 17]
    lower = axes.bar(names, low, color="#004a86", label="Capital")
    upper = axes.bar(names, high, bottom=low, color="#00a3f6", label="Cash flow")
    for container in (lower, upper):
        axes.bar_label(container, fmt="$%.1f", label_type="center", color="white")
    axes.set_yticks([])
    axes.spines[["top", "left", "right"]].set_visible(False)
    axes.legend(loc="upper left")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="pdf")
    chart = read(buffer.getvalue())
    assert chart.kind == "stacked-bar"
    assert chart.unit == "$"
    values = {(mark.series, mark.category): mark.value for mark in chart.marks}
    assert values == {
        **{("Capital", name): pytest.approx(value) for name, value in zip(names, low, strict=True)},
        **{("Cash flow", n): pytest.approx(value) for n, value in zip(names, high, strict=True)},
    }
    assert {mark.how for mark in chart.marks} == {"both"}


def test_a_mirrored_axis_has_no_negative_values() -> None:
    figure = Figure(figsize=(6, 3), layout="constrained")
    axes = figure.add_subplot()
    axes.barh(["a", "b", "c"], [-10, -20, -30], color="#aa3344", label="men")
    axes.barh(["a", "b", "c"], [12, 22, 32], color="#3344aa", label="women")
    axes.set_xticks([-40, -20, 0, 20, 40], ["40", "20", "0", "20", "40"])
    axes.legend()
    buffer = io.BytesIO()
    figure.savefig(buffer, format="pdf")
    chart = read(buffer.getvalue())
    values = {(mark.series, mark.category): mark.value for mark in chart.marks}
    assert values["men", "b"] == pytest.approx(20.0)
    assert values["women", "c"] == pytest.approx(32.0)


def test_lines_of_one_colour_are_told_apart_by_their_markers() -> None:
    figure = Figure(figsize=(6, 3.5), layout="constrained")
    axes = figure.add_subplot()
    truth = {"A": [1, 4, 2, 8], "B": [3, 6, 9, 12], "C": [10, 7, 5, 1]}
    for (name, values), marker in zip(truth.items(), "os^", strict=True):
        axes.plot([1, 2, 3, 4], values, color="black", marker=marker, label=name)
    axes.legend()
    buffer = io.BytesIO()
    figure.savefig(buffer, format="pdf")
    chart = read(buffer.getvalue())
    for name, values in truth.items():
        found = [mark.value for mark in chart.marks if mark.series == name]
        assert found == pytest.approx(values)


@pytest.mark.parametrize("fonttype", [3, 42])
def test_minus_signs_however_they_are_drawn(fonttype: int) -> None:
    with matplotlib.rc_context({"pdf.fonttype": fonttype}):
        figure = Figure(figsize=(5, 3), layout="constrained")
        axes = figure.add_subplot()
        axes.plot([1, 2, 3], [-15, -75, 20])
        axes.set_ylim(-80, 30)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="pdf")
    assert [mark.value for mark in read(buffer.getvalue()).marks] == pytest.approx([-15, -75, 20])


def test_a_legend_may_name_series_by_years() -> None:
    figure = Figure(figsize=(6, 3.5), layout="constrained")
    axes = figure.add_subplot()
    axes.bar([0, 1, 2], [212, 148, 96], 0.35, color="#9db4c8", label="2022")
    axes.bar([0.35, 1.35, 2.35], [268, 131, 117], 0.35, color="#1f4e79", label="2023")
    axes.set_xticks([0.175, 1.175, 2.175], ["Cloud", "Devices", "Services"])
    axes.legend()
    buffer = io.BytesIO()
    figure.savefig(buffer, format="pdf")
    chart = read(buffer.getvalue())
    head, rows = chart.table()
    assert head == ["category", "2022", "2023"]
    assert rows == [["Cloud", 212.0, 268.0], ["Devices", 148.0, 131.0], ["Services", 96.0, 117.0]]


def test_b_splines_give_their_data_back() -> None:
    data = np.array([(0.0, 10.0), (30.0, 40.0), (60.0, 5.0), (90.0, 55.0), (120.0, 20.0)])
    ends = [(5 * data[0] + data[1]) / 6]
    curves = []
    for p, q, r in zip(data, data[1:], [*data[2:], None], strict=False):
        end = (p + 5 * q) / 6 if r is None else (p + 4 * q + r) / 6
        curves.append((ends[-1], (2 * p + q) / 3, (p + 2 * q) / 3, end))
        ends.append(end)
    found = basis_points(curves)
    assert found is not None
    assert np.allclose(found, data)
    arcs = [arc_of(n) for n in range(8)]
    assert basis_points(arcs) is None


def arc_of(n: int) -> tuple[tuple[float, float], ...]:
    """The n-th eighth of a circle of 50 points as a Bézier curve."""
    a, b = n * np.pi / 4, (n + 1) * np.pi / 4
    k = 50 * 4 / 3 * np.tan(np.pi / 16)
    return (
        (50 * np.cos(a), 50 * np.sin(a)),
        (50 * np.cos(a) - k * np.sin(a), 50 * np.sin(a) + k * np.cos(a)),
        (50 * np.cos(b) + k * np.sin(b), 50 * np.sin(b) - k * np.cos(b)),
        (50 * np.cos(b), 50 * np.sin(b)),
    )


def test_rounded_tick_labels_get_their_digits_back() -> None:
    def labels(*texts: str) -> list[Label]:
        return [Label(text, (0, 30.0 * n, 20, 30.0 * n + 10)) for n, text in enumerate(texts)]

    def places(count: int) -> list[float]:
        return [30.0 * n for n in range(count)]

    rounded = labels("0.0", "0.0", "0.0", "0.1", "0.1", "0.1", "0.1", "0.1", "0.2")
    whole = [float(label.text) for label in with_digits(rounded, places(9))]
    assert whole == pytest.approx([0.02 * n for n in range(9)])
    exact = labels("0", "1", "2", "3", "4")
    assert with_digits(exact, places(5)) == exact


def test_heat_maps_with_printed_numbers() -> None:
    figure = Figure(figsize=(5, 4), layout="constrained")
    axes = figure.add_subplot()
    values = np.array([[0.8, 2.4, 2.5], [2.4, 0.1, 4.0]])
    axes.imshow(values, cmap="Greens")
    axes.set_xticks(range(3), ["north", "south", "east"])
    axes.set_yticks(range(2), ["wheat", "barley"])
    for (row, column), value in np.ndenumerate(values):
        axes.text(column, row, f"{value:.1f}", ha="center", va="center")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="pdf")
    document = PdfDocument(buffer.getvalue(), "heat.pdf")
    (seen,) = document.figures(None)
    labels = read_labels(document.page(1), seen.bbox_pt, seen.dpi / 72)
    chart = read_vector(document.content(1).paths, labels, seen)
    assert chart is not None
    assert chart.kind == "heatmap"
    assert chart.categories == ("wheat", "barley")
    found = {(mark.category, mark.series): mark.value for mark in chart.marks}
    assert found["barley", "east"] == 4.0
    assert found["wheat", "north"] == 0.8


@pytest.mark.parametrize("face", ["white", "#4472c4"])
def test_hatched_bars_of_one_colour(face: str) -> None:
    figure = Figure(figsize=(6, 3.5), layout="constrained")
    axes = figure.add_subplot()
    truth = {"A": [4.0, 7.5, 3.2], "B": [6.1, 2.0, 8.8]}
    for n, ((name, values), hatch) in enumerate(zip(truth.items(), ("//", "xx"), strict=True)):
        places = [k + 0.4 * n for k in range(3)]
        axes.bar(places, values, 0.4, color=face, hatch=hatch, edgecolor="black", label=name)
    axes.set_xticks([0.2, 1.2, 2.2], ["x", "y", "z"])
    axes.legend()
    buffer = io.BytesIO()
    figure.savefig(buffer, format="pdf")
    chart = read(buffer.getvalue())
    for name, values in truth.items():
        assert [m.value for m in chart.marks if m.series == name] == pytest.approx(values)


def test_a_legend_over_several_panels_names_the_series_of_each() -> None:
    figure = Figure(figsize=(8, 3.5))
    colors = {"North": "#d62728", "South": "#1f77b4", "East": "#2ca02c", "West": "#9467bd"}
    for n, ax in enumerate(figure.subplots(1, 2)):
        for m, (name, color) in enumerate(colors.items()):
            ax.bar(np.arange(3) + 0.2 * m, [1 + m + n, 3 + n, 5 - m], 0.2, color=color, label=name)
        ax.set_xticks(np.arange(3) + 0.3, ["Q1", "Q2", "Q3"])
        ax.set_title(("Plan", "Actual")[n])
    handles, labels = ax.get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncols=4)
    figure.subplots_adjust(bottom=0.25)
    file = io.BytesIO()
    figure.savefig(file, format="pdf")
    document = PdfDocument(file.getvalue(), "x.pdf")
    charts = [document.chart(found.id)[0] for found in document.figures(None)]
    names = {series.name.rpartition(": ")[2] for chart in charts for series in chart.series}
    assert names == set(colors)
