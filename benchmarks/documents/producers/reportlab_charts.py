"""Charts by reportlab's graphics."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.documents.specs import Spec

_COLORS = ("#1b6ca8", "#e07a1f", "#3c9d5d", "#b23a48", "#7a5195", "#8c8c3e", "#4aa3a2")
_KINDS = ("bar", "barh", "negative-bar", "grouped-bar", "grouped-barh", "stacked-bar",
          "stacked-barh", "labelled-bar", "slanted-bar", "line", "marker-line", "year-line",
          "pie", "scatter")  # fmt: skip


def draw(specs: Sequence[Spec], folder: Path) -> None:
    """Draw each spec as a PDF."""
    from reportlab.graphics import renderPDF
    from reportlab.graphics.shapes import Drawing, String

    for spec in specs:
        if spec.kind not in _KINDS:
            continue
        drawing = Drawing(480, 320)
        drawing.add(String(240, 300, spec.title, textAnchor="middle", fontSize=13))
        drawing.add(_chart(spec))
        if spec.kind != "pie" and max(len(spec.values), len(spec.points)) > 1:
            drawing.add(_legend(spec))
        renderPDF.drawToFile(drawing, str(folder / f"{spec.id}.pdf"))


def _chart(spec: Spec) -> Any:
    from reportlab.graphics.charts.barcharts import HorizontalBarChart, VerticalBarChart
    from reportlab.graphics.charts.linecharts import HorizontalLineChart
    from reportlab.graphics.charts.lineplots import LinePlot, ScatterPlot
    from reportlab.graphics.charts.piecharts import Pie

    if spec.kind == "pie":
        return _pie(spec, Pie())
    if spec.kind == "scatter":
        return _placed(_plot(spec, ScatterPlot()))
    if spec.kind == "year-line":
        return _placed(_plot(spec, LinePlot()))
    if "bar" in spec.shape:
        chart = HorizontalBarChart() if "barh" in spec.kind else VerticalBarChart()
        if spec.shape.startswith("stacked"):
            chart.categoryAxis.style = "stacked"
        if spec.kind == "labelled-bar":
            chart.barLabelFormat, chart.barLabels.nudge = "%.1f", 8
        if spec.kind == "slanted-bar":
            chart.categoryAxis.labels.angle = 30
            chart.categoryAxis.labels.boxAnchor = "ne"
        parts = chart.bars
    else:
        chart = HorizontalLineChart()
        parts = chart.lines
    chart.categoryAxis.categoryNames = list(spec.categories)
    chart.data = [list(row) for row in spec.values.values()]
    if min(map(min, chart.data)) >= 0:
        chart.valueAxis.valueMin = 0
    _colour(chart, parts, len(spec.values))
    return _placed(chart)


def _placed(chart: Any) -> Any:
    chart.x, chart.y, chart.width, chart.height = 60, 60, 300, 210
    return chart


def _colour(chart: Any, parts: Any, count: int) -> None:
    from reportlab.lib.colors import HexColor

    del chart
    for n in range(count):
        color = HexColor(_COLORS[n])
        if hasattr(parts[n], "fillColor"):
            parts[n].fillColor = color
        parts[n].strokeColor = color
        parts[n].strokeWidth = 1.2


def _plot(spec: Spec, chart: Any) -> Any:
    rows = list(spec.points.values()) or [
        tuple((float(c), v) for c, v in zip(spec.categories, row, strict=True))
        for row in spec.values.values()
    ]
    chart.data = [list(row) for row in rows]
    _colour(chart, chart.lines, len(rows))
    if spec.points:
        chart.xLabel = chart.yLabel = ""
        _markers(chart, len(rows))
    else:
        chart.xValueAxis.labelTextFormat = "%d"
        chart.yValueAxis.valueMin = 0
    return chart


def _markers(chart: Any, count: int) -> None:
    from reportlab.graphics.widgets.markers import makeMarker
    from reportlab.lib.colors import HexColor

    for n in range(count):
        chart.lines[n].symbol = makeMarker("FilledCircle", size=5)
        chart.lines[n].symbol.fillColor = HexColor(_COLORS[n])


def _pie(spec: Spec, chart: Any) -> Any:
    from reportlab.lib.colors import HexColor

    chart.x, chart.y, chart.width, chart.height = 140, 60, 200, 200
    (chart.data,) = [list(row) for row in spec.values.values()]
    chart.labels = list(spec.categories)
    for n in range(len(spec.categories)):
        chart.slices[n].fillColor = HexColor(_COLORS[n])
    return chart


def _legend(spec: Spec) -> Any:
    from reportlab.graphics.charts.legends import Legend
    from reportlab.lib.colors import HexColor

    legend = Legend()
    legend.x, legend.y = 380, 240
    names = list(spec.values) or list(spec.points)
    legend.colorNamePairs = [(HexColor(_COLORS[n]), name) for n, name in enumerate(names)]
    legend.alignment, legend.columnMaximum = "right", 9
    return legend
