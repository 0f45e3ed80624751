"""Area charts, single and stacked."""

from __future__ import annotations

import numpy as np
import pytest

from air_cli.read.chart import read_chart
from air_cli.read.legend import find_legend
from air_cli.read.marks import areas
from air_cli.read.marks.layers import find_layers
from air_cli.records import Text
from tests.read.scenes import new_axes, scene_of

COLORS = ("#003f5c", "#bc5090", "#ffa600", "#58508d")


def test_stacked_areas_give_each_layers_height() -> None:
    errors: list[float] = []
    inside: list[bool] = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        layers, count = 2 + seed % 3, int(rng.integers(6, 16))
        years = np.arange(2000, 2000 + count)
        values = np.abs(rng.normal(0, 4, (layers, count)).cumsum(axis=1) + 30) + 5
        figure, axes = new_axes(dpi=(80, 100, 140)[seed % 3])
        names = [f"layer {i}" for i in range(layers)]
        axes.stackplot(years, values, colors=COLORS[:layers], labels=names)
        axes.set_ylim(0, float(values.sum(axis=0).max()) * 1.4)
        axes.legend(loc="upper left")
        if seed % 2:
            axes.grid(True, alpha=0.5)
        scene = scene_of(figure, axes)
        scene.legend = find_legend(scene)
        reading = areas.read(scene)
        assert reading is not None and reading.kind == "stacked-area" and reading.score > 0.8
        found = {(m.series, m.category): m for m in reading.marks}
        span = float(np.ptp(axes.get_ylim()))
        for i, name in enumerate(names):
            for year, value in zip(years, values[i], strict=True):
                mark = found.get((name, str(year)))
                if mark is None or mark.value is None:
                    continue
                errors.append(abs(mark.value - value) / span)
                inside.append((mark.low or 0) <= value <= (mark.high or 0))
        wanted = [(name, t.text) for name in names for t in (scene.x.ticks if scene.x else ())]
        whole = [key for key in wanted if key[1].isdigit()]
        assert all(key in found for key in whole if 2000 < int(key[1]) < 1999 + count)
    assert np.median(errors) <= 0.002
    assert np.quantile(errors, 0.95) <= 0.01
    assert np.mean(inside) >= 0.95


def test_a_single_area_is_its_upper_edge() -> None:
    years, values = np.arange(2000, 2010), np.array([20, 35, 30, 50, 45, 60, 58, 70, 66, 75.0])
    figure, axes = new_axes()
    axes.fill_between(years, values, color=COLORS[0], linewidth=0)
    axes.set_ylim(bottom=0)
    axes.set_xticks(years)
    reading = areas.read(scene_of(figure, axes))
    assert reading is not None and reading.kind == "area"
    read = np.array([mark.value for mark in reading.marks], dtype=float)
    assert np.abs(read - values).max() < 0.4


def test_bars_are_no_area() -> None:
    figure, axes = new_axes()
    axes.bar(np.arange(2000, 2010), np.random.default_rng(0).uniform(20, 80, 10), 0.8)
    reading = areas.read(scene_of(figure, axes))
    assert reading is None or reading.score < 0.25


def test_a_band_that_floats_free_is_no_area() -> None:
    figure, axes = new_axes()
    years = np.arange(2000, 2010)
    axes.fill_between(years, 40 + np.sin(years), 60 + np.sin(years), color="#ffb3c1")
    axes.plot(years, 50 + np.sin(years), color="#c9184a")
    axes.set_ylim(0, 100)
    assert areas.read(scene_of(figure, axes)) is None


def test_without_axes_nothing_is_invented() -> None:
    figure, axes = new_axes()
    axes.fill_between([0, 1, 2], [1, 2, 3])
    scene = scene_of(figure, axes, "linear")
    scene.y = None
    assert areas.read(scene) is None


def test_an_area_that_begins_at_its_labels_and_fills_the_plot() -> None:
    """The labels of the value axis stand right beside the fill, and hardly any ground shows."""
    left, right, bottom = 70, 470, 290
    heights = np.array([92.0, 88, 95, 99, 93, 97])
    rgb = np.full((330, 500, 3), 255, np.uint8)
    edge = np.interp(np.arange(left, right), np.linspace(left, right - 1, 6), heights)
    for x, value in zip(range(left, right), edge, strict=True):
        rgb[round(bottom - value * 2.5) : bottom, x] = (0, 63, 92)
    texts = [
        Text(f"{value}%", (36.0, bottom - 2.5 * value - 6, 64.0, bottom - 2.5 * value + 6))
        for value in range(0, 101, 20)
    ]
    texts += [
        Text(str(2010 + n), (left + 79.8 * n - 14, 300.0, left + 79.8 * n + 14, 312.0))
        for n in range(6)
    ]
    chart = read_chart(rgb, texts=texts)[0]
    assert chart.kind == "area"
    values = {mark.category: mark.value for mark in chart.marks}
    assert [values[str(2010 + n)] for n in range(6)] == pytest.approx(list(heights), abs=0.8)


def test_thin_layers_and_layers_in_greys_are_all_read() -> None:
    years = np.arange(2000, 2010)
    values = np.array(
        [
            [60, 62, 58, 61, 66, 64, 63, 60, 58, 57],
            [3, 2, 2, 3, 4, 3, 2, 2, 3, 3],
            [40, 42, 45, 44, 40, 41, 43, 46, 48, 50],
            [2, 3, 4, 2, 2, 3, 20, 28, 30, 31],
        ]
    )
    figure, axes = new_axes()
    axes.set_facecolor("#eeeeee")
    names = ["Apples", "Pears", "Plums", "Figs"]
    greys = ["#646464", "#cfcfcf", "#363636", "#c0c0c0"]
    axes.stackplot(years, values, colors=greys, labels=names, linewidth=0)
    axes.set(xlim=(2000, 2009), ylim=(0, 180), xticks=years)
    axes.grid(axis="x", color="#d8d8d8")
    axes.legend(loc="upper center", ncol=4)
    scene = scene_of(figure, axes)
    scene.legend = find_legend(scene)
    reading = areas.read(scene)
    assert reading is not None and reading.score > 0.8
    found = {(m.series, m.category): m.value or 0.0 for m in reading.marks}
    read = [[found.get((name, str(year)), np.nan) for year in years] for name in names]
    assert np.abs(np.array(read) - values).max() < 1.8


def test_bars_side_by_side_are_no_layers() -> None:
    figure, axes = new_axes()
    values = np.random.default_rng(4).uniform(20, 80, (2, 9))
    axes.bar(np.arange(9), values[0], 1.0, color=COLORS[0])
    axes.bar(np.arange(9), values[1], 1.0, bottom=values[0], color=COLORS[1])
    reading = areas.read(scene_of(figure, axes))
    assert reading is None or reading.score < 0.5


def test_what_a_title_hides_above_a_stack_is_no_part_of_it() -> None:
    rgb = np.full((120, 160, 3), 255, np.uint8)
    rgb[31:80], rgb[80:] = (101, 60, 154), (55, 127, 188)
    seen = np.ones((120, 160), bool)
    seen[3:31, :90] = False
    found = find_layers(rgb, seen, [(255, 255, 255)], [])
    assert found is not None
    assert found.edges[-1] == pytest.approx(np.full(len(found.xs), 31.0), abs=1.0)
