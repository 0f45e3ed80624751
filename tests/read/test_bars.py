"""Bars read from pictures of known data: kind, names, values, and intervals that hold."""

from __future__ import annotations

import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from air_cli.read.chart import read_chart
from air_cli.read.scene import Rgb
from air_cli.records import Chart
from tests.bar_charts import draw
from tests.charts import Style, make_chart


def pixels(png: bytes) -> Rgb:
    return np.ascontiguousarray(np.asarray(Image.open(io.BytesIO(png)).convert("RGB")))


def read(
    kind: str, seed: int, style: Style | None = None
) -> tuple[Chart, dict[str, dict[str, float]], float]:
    png, truth = make_chart(kind, seed, style)
    chart, seconds = read_chart(pixels(png))
    assert {"ocr", "layout", "marks"} <= set(seconds)
    low, high = truth["range"]
    return chart, truth["values"], abs(high - low)


def found(chart: Chart, series: str, category: str) -> float | None:
    for mark in chart.marks:
        if mark.series == series and mark.category == category:
            return mark.value
    return None


@pytest.mark.parametrize(
    ("kind", "seed"),
    [
        ("bar", 1),
        ("barh", 2),
        ("grouped-bar", 1),
        ("grouped-barh", 2),
        ("stacked-bar", 1),
        ("stacked-barh", 2),
    ],
)
def test_values_names_and_intervals(kind: str, seed: int) -> None:
    chart, values, extent = read(kind, seed)
    assert chart.kind == kind
    wanted = [(s, c, v) for s, row in values.items() for c, v in row.items()]
    hits = [found(chart, s, c) for s, c, _ in wanted]
    close = [
        h is not None and abs(h - v) <= 0.01 * extent
        for h, (_, _, v) in zip(hits, wanted, strict=True)
    ]
    assert sum(close) >= 0.95 * len(wanted)
    inside = [
        m.low is not None and m.high is not None and m.low <= values[m.series][m.category] <= m.high
        for m in chart.marks
        if m.category in values.get(m.series, {})
    ]
    assert sum(inside) >= 0.85 * len(inside)
    widths = [m.high - m.low for m in chart.marks if m.low is not None and m.high is not None]
    assert float(np.median(widths)) <= 0.02 * extent


def test_dark_theme() -> None:
    chart, values, extent = read("bar", 3, Style(dark=True))
    assert chart.kind == "bar"
    row = values[""]
    assert all(abs((found(chart, "", c) or 0) - v) < 0.01 * extent for c, v in row.items())


def test_labels_alone_make_a_scale() -> None:
    """Bars with printed values and no axis at all: labels and lengths check each other."""
    chart, _, _ = read("barh", 4, Style(labels=True))
    png, truth = make_chart("barh", 4, Style(labels=True))
    rgb = pixels(png).copy()
    ticks = [a for a in chart.axes if a.role == "x"]
    assert ticks
    row = max(t.bbox_px[1] for t in chart.text if t.role == "tick")
    rgb[int(row) - 3 :] = 255
    bare, _ = read_chart(rgb)
    assert not [a for a in bare.axes if a.kind == "linear"]
    values = truth["values"][""]
    got = {m.category: m for m in bare.marks}
    right = [c for c, v in values.items() if c in got and got[c].value == pytest.approx(v)]
    assert len(right) >= len(values) - 1
    assert sum(got[c].how == "both" for c in right) >= len(right) - 1


def test_noise_is_no_chart() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (200, 300, 3), dtype=np.uint8)
    chart, _ = read_chart(noise)
    assert chart.kind == "unknown" and not chart.marks and chart.confidence == 0.0
    assert any("no kind of chart" in p for p in chart.problems)


def test_blank_page() -> None:
    chart, _ = read_chart(np.full((100, 100, 3), 255, np.uint8))
    assert chart.kind == "unknown" and chart.problems


def test_slanted_names() -> None:
    names = ["Northern Ireland", "Scotland", "West Midlands", "London", "Yorkshire"]
    figure = Figure(figsize=(7, 4), dpi=100, layout="constrained")
    axes = figure.add_subplot()
    axes.bar(range(5), [3, 7, 5, 9, 4])
    axes.set_xticks(range(5), names, rotation=45, ha="right")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    chart, _ = read_chart(pixels(buffer.getvalue()))
    assert [m.category for m in chart.marks] == names
    assert [m.value for m in chart.marks] == pytest.approx([3, 7, 5, 9, 4], abs=0.09)


@pytest.mark.parametrize(
    ("kind", "seed", "look"),
    [
        ("barh", 2, "outlined"),
        ("barh", 0, "gradient"),
        ("grouped-barh", 4, "hatched"),
        ("waterfall", 0, None),
        ("waterfall", 3, None),
        ("range", 0, None),
    ],
)
def test_bars_of_other_looks_and_forms(kind: str, seed: int, look: str | None) -> None:
    rgb, texts, truth = draw(kind, seed, look)
    chart, _ = read_chart(rgb, texts=texts)
    assert chart.kind == kind
    wanted = [(s, c, v) for s, row in truth["values"].items() for c, v in row.items()]
    hits = [found(chart, s, c) for s, c, _ in wanted]
    good = [
        hit is not None and abs(hit - v) <= 0.012 * truth["range"][s]
        for hit, (s, _, v) in zip(hits, wanted, strict=True)
    ]
    assert sum(good) >= 0.85 * len(good)


def test_labels_tell_a_foot_that_is_not_zero() -> None:
    """Bars without an axis whose lengths are value - 200: the labels say so, and one is missing."""
    figure = Figure(figsize=(6, 4), dpi=100)
    axes = figure.add_axes((0.1, 0.15, 0.8, 0.7))
    values = [240, 255, 231, 262, 248]
    axes.bar(range(5), values, 0.6)
    axes.set_ylim(200, 275)
    axes.yaxis.set_visible(False)
    axes.set_xticks(range(5), ["Ann", "Ben", "Cid", "Dot", "Eve"])
    for i, value in enumerate(values[:-1]):
        axes.annotate(str(value), (i, value), (0, 3), textcoords="offset points", ha="center")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    chart, _ = read_chart(pixels(buffer.getvalue()))
    assert [m.value for m in chart.marks] == pytest.approx(values, abs=0.6)
    assert chart.marks[-1].how == "geometry"
    assert all(m.how == "both" for m in chart.marks[:-1])
