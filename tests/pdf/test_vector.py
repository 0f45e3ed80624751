"""Vector charts are read exactly: every value within 0.1% of the axis range."""

from __future__ import annotations

from typing import Any

import pytest

from air_cli.read.pdf import PdfDocument
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
    assert all(mark.how == "vector" for mark in chart.marks)
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
    import io

    from matplotlib.figure import Figure

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
