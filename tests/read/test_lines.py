"""Line charts: accuracy, intervals, names, labels, crossings; what is not a line."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from air_cli.read.bullets import clean_texts
from air_cli.read.legend import find_legend
from air_cli.read.marks import areas, lines, scatter
from air_cli.read.scene import LegendEntry, MarkReading, Scene
from air_cli.records import Text
from tests.read.scenes import new_axes, scene_of

COLORS = ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728")
NOWHERE = (0.0, 0.0, 0.0, 0.0)


def _random_chart(seed: int, jpeg: int = 0) -> tuple[Scene, dict[str, dict[str, float]], float]:
    rng = np.random.default_rng(seed)
    series, count = int(rng.integers(1, 4)), int(rng.integers(5, 22))
    figure, axes = new_axes(float(rng.uniform(5, 9)), 4.5, int(rng.choice([80, 100, 140])))
    years = np.arange(2000, 2000 + count)
    truth = {}
    marker = str(rng.choice(["", "", "o", "s"]))
    for i in range(series):
        values = rng.uniform(10, 90, count) if rng.integers(2) else rng.normal(0, 6, count).cumsum()
        name = f"s{i}" if series > 1 else ""
        truth[name] = dict(zip(map(str, years), map(float, values), strict=True))
        axes.plot(years, values, color=COLORS[i], marker=marker, lw=float(rng.uniform(1.2, 3)))
    axes.set_xticks(years[:: 1 if count < 12 else 4])
    axes.grid(bool(rng.integers(2)))
    scene = scene_of(figure, axes, jpeg=jpeg)
    if series > 1:
        scene.legend = [LegendEntry(f"s{i}", COLORS[i], NOWHERE, NOWHERE) for i in range(series)]
    return scene, truth, float(np.ptp(axes.get_ylim()))


def _errors(
    reading: MarkReading | None, truth: dict[str, dict[str, float]], span: float
) -> tuple[list[float], list[bool], int]:
    assert reading is not None
    found = {(mark.series, mark.category): mark for mark in reading.marks}
    errors, inside, missing = [], [], 0
    for name, row in truth.items():
        for category, value in row.items():
            mark = found.get((name, category))
            if mark is None or mark.value is None or mark.low is None or mark.high is None:
                missing += 1
                continue
            errors.append(abs(mark.value - value) / span)
            inside.append(mark.low <= value <= mark.high)
    return errors, inside, missing


def test_clean_lines_are_read_to_half_a_percent_with_honest_intervals() -> None:
    errors: list[float] = []
    inside: list[bool] = []
    missing = 0
    for seed in range(10):
        scene, truth, span = _random_chart(seed)
        more, hits, lost = _errors(lines.read(scene), truth, span)
        errors, inside, missing = errors + more, inside + hits, missing + lost
    assert np.median(errors) <= 0.002
    assert np.quantile(errors, 0.95) <= 0.015
    assert np.mean(inside) >= 0.93
    assert missing <= 0.03 * (len(errors) + missing)


def test_points_between_labelled_years_get_their_year() -> None:
    figure, axes = new_axes()
    years = np.arange(2000, 2013)
    values = np.array([3, 9, 2, 8, 1, 7, 3, 9, 4, 6, 2, 8, 5.0])
    axes.plot(years, values, color=COLORS[0])
    axes.set_xticks([2000, 2004, 2008, 2012])
    reading = lines.read(scene_of(figure, axes))
    assert reading is not None
    assert [mark.category for mark in reading.marks] == [str(y) for y in years]
    read = [mark.value for mark in reading.marks]
    assert read == pytest.approx(list(values), abs=0.05)


def test_straight_between_labels_means_no_invented_points() -> None:
    figure, axes = new_axes()
    axes.plot([2000, 2004, 2008, 2012], [1, 5, 2, 4], color=COLORS[0])
    axes.set_xticks([2000, 2004, 2008, 2012])
    reading = lines.read(scene_of(figure, axes))
    assert reading is not None
    assert [mark.category for mark in reading.marks] == ["2000", "2004", "2008", "2012"]


def test_printed_labels_come_first_and_are_checked() -> None:
    figure, axes = new_axes()
    years, values = np.arange(2010, 2016), np.array([41.0, 47, 44, 52, 58, 55])
    axes.plot(years, values, color=COLORS[1])
    for year, value in zip(years, values, strict=True):
        axes.text(float(year), value + 0.6, f"{value:.0f}", ha="center", color=COLORS[1])
    axes.text(2012, 57.5, "99", ha="center")  # contradicts the line: belongs to something else
    axes.set_xticks(years)
    reading = lines.read(scene_of(figure, axes))
    assert reading is not None
    assert [mark.value for mark in reading.marks] == list(values)
    assert {mark.how for mark in reading.marks} == {"both"}
    assert all(mark.label == f"{mark.value:.0f}" for mark in reading.marks)


def test_labels_calibrate_a_chart_without_y_axis() -> None:
    figure, axes = new_axes()
    years, values = np.arange(2010, 2020), np.linspace(20, 74, 10) + np.array([0, 6] * 5)
    axes.plot(years, values, color=COLORS[0])
    for i in (0, 3, 4, 7, 9):
        axes.text(years[i], values[i] + 2, f"{values[i]:.0f}", ha="center", color=COLORS[0])
    axes.set_xticks(years)
    scene = scene_of(figure, axes)
    scene.y = None
    scene.texts = [t for t in scene.texts if t.role != "tick" or t.text.startswith("20")]
    reading = lines.read(scene)
    assert reading is not None
    by_year = {mark.category: mark for mark in reading.marks}
    assert by_year["2011"].how == "geometry"
    assert by_year["2011"].value == pytest.approx(values[1], abs=1.2)
    assert by_year["2013"].label


def test_crossing_lines_keep_their_names() -> None:
    figure, axes = new_axes()
    years = np.arange(2000, 2009)
    axes.plot(years, np.linspace(10, 90, 9), color=COLORS[0], label="rising")
    axes.plot(years, np.linspace(90, 10, 9), color=COLORS[3], label="falling")
    axes.legend(loc="center left")
    scene = scene_of(figure, axes)
    scene.legend = find_legend(scene)
    reading = lines.read(scene)
    assert reading is not None
    found = {(m.series, m.category): m.value for m in reading.marks}
    assert found["rising", "2008"] == pytest.approx(90, abs=0.6)
    assert found["falling", "2008"] == pytest.approx(10, abs=0.6)
    assert found["rising", "2004"] == pytest.approx(50, abs=0.8)


def test_direct_labels_in_black_name_the_nearest_line() -> None:
    figure, axes = new_axes()
    years = np.arange(2000, 2009)
    axes.plot(years, 20 + np.sin(years), color=COLORS[0])
    axes.plot(years, 70 + np.cos(years), color=COLORS[1])
    axes.text(2003, 23, "Southern")
    axes.text(2003, 73, "Northern")
    reading = lines.read(scene_of(figure, axes))
    assert reading is not None
    names = {m.series: m.value for m in reading.marks if m.category == "2004"}
    assert names["Southern"] == pytest.approx(20 + np.sin(2004), abs=0.5)
    assert names["Northern"] == pytest.approx(70 + np.cos(2004), abs=0.5)


def test_jpeg_lines_are_still_read() -> None:
    scene, truth, span = _random_chart(11, jpeg=75)
    errors, _, _ = _errors(lines.read(scene), truth, span)
    assert np.median(errors) <= 0.01


@pytest.mark.parametrize("kind", ["bar", "scatter", "area"])
def test_what_is_not_a_line_scores_low(kind: str) -> None:
    figure, axes = new_axes()
    rng = np.random.default_rng(3)
    x, y = np.arange(2000, 2012), rng.uniform(20, 90, 12)
    if kind == "bar":
        axes.bar(x, y, color=COLORS[0])
    elif kind == "scatter":
        axes.scatter(rng.uniform(2000, 2011, 40), rng.uniform(0, 90, 40), color=COLORS[0])
    else:
        axes.fill_between(x, y, color=COLORS[0])
    reading = lines.read(scene_of(figure, axes))
    assert reading is None or reading.score < 0.25


def test_a_line_is_no_area_and_no_scatter() -> None:
    scene, _, _ = _random_chart(1)
    line, area, dots = lines.read(scene), areas.read(scene), scatter.read(scene)
    assert line is not None
    assert line.score > max(area.score if area else 0, dots.score if dots else 0) + 0.3


def test_an_empty_plot_has_no_lines() -> None:
    figure, axes = new_axes()
    axes.set_xlim(0, 1)
    assert lines.read(scene_of(figure, axes, "linear")) is None


def test_a_flat_grey_line_with_a_name_at_its_end_is_a_series() -> None:
    figure, axes = new_axes()
    years = list(range(2000, 2011))
    axes.plot(years, [10 + 3 * i for i in range(11)], color="#b13507")
    axes.plot(years, [4.0] * 11, color="#3c4e66")
    axes.plot(years, [25.0] * 11, color="#5c6878", linewidth=1)
    axes.set_xlim(1999.5, 2013)
    axes.set_ylim(0, 45)
    axes.text(2010.2, 40, "Rising", color="#b13507", va="center")
    axes.text(2010.2, 4, "Level", color="#3c4e66", va="center")
    scene = scene_of(figure, axes, "linear")
    scene.legend = find_legend(scene)
    reading = lines.read(scene)
    assert reading is not None
    assert [s.name for s in reading.series] == ["Rising", "Level"]
    level = [m.value or 0 for m in reading.marks if m.series == "Level"]
    assert level == pytest.approx([4.0] * len(level), abs=0.3)


@pytest.mark.parametrize("beside", [0.0, 0.3])
def test_months_between_labelled_months_are_read(beside: float) -> None:
    figure, axes = new_axes()
    rng = np.random.default_rng(3)
    months = np.arange(24)
    values = rng.uniform(10, 90, 24)
    axes.plot(2017 + months / 12, values, color="#1f77b4", marker="o")
    names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    every = months[::2]
    ticks = [f"{names[m % 12]} {17 + m // 12}" for m in every]
    axes.set_xticks(2017 + every / 12, ticks, fontsize=5)
    scene = scene_of(figure, axes, "time")
    assert scene.x is not None  # its labels stand beside their points
    scene.x = replace(scene.x, offset=scene.x.offset - beside / 12)
    moved = [replace(t, px=scene.x.px(t.value or 0.0)) for t in scene.x.ticks]
    scene.x = replace(scene.x, ticks=tuple(moved))
    reading = lines.read(scene)
    assert reading is not None
    got = {m.category: m.value for m in reading.marks}
    assert list(got) == [f"{names[m % 12]} {17 + m // 12}" for m in months]
    assert list(got.values()) == pytest.approx(list(values), abs=1.5)


def test_black_lines_are_told_apart_by_their_markers() -> None:
    figure, axes = new_axes(8, 5, 120)
    figure.subplots_adjust(bottom=0.25)
    years = np.arange(2015, 2021)
    truth = {
        "Ours": [100.0, 72, 90, 131, 165, 150],
        "Index": [100.0, 112, 118, 109, 140, 171],
        "Peers": [100.0, 95, 108, 122, 118, 139],
    }
    for (name, values), marker, style in zip(truth.items(), "os^", ("-", "--", ":"), strict=True):
        face = "black" if marker == "o" else "white"
        axes.plot(years, values, style, marker=marker, color="k", mfc=face, ms=8, lw=1, label=name)
    axes.set_xticks(years)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=3, frameon=False)
    scene = scene_of(figure, axes)
    scene.legend = find_legend(scene)
    reading = lines.read(scene)
    assert reading is not None
    for name, values in truth.items():
        read = [mark.value for mark in reading.marks if mark.series == name]
        assert read[1:] == pytest.approx(values[1:], abs=1.5), name
        assert read[0] == pytest.approx(100, abs=6)  # three markers lie on each other


def test_signs_that_hollow_markers_become_are_no_text() -> None:
    page = np.full((60, 200, 3), 255, np.uint8)
    texts = [Text("日", (100, 10, 120, 30)), Text("$100四", (10, 10, 70, 30))]
    assert [text.text for text in clean_texts(page, texts)] == ["$100"]
    chinese = [*texts, Text("收入", (10, 40, 50, 58))]
    assert len(clean_texts(page, chinese)) == 3


@pytest.mark.parametrize(
    "truth", [(2740.0, 2590, 2720, 2680, 2710, 2760), (2900.0, 2590, 2585, 2590, 2588, 2592)]
)
def test_a_short_dark_line_that_hardly_moves_is_no_reference(truth: tuple[float, ...]) -> None:
    figure, axes = new_axes(2.4, 1.9)
    axes.plot(range(2010, 2016), truth, color="#111111", linewidth=1.5)
    axes.spines[:].set_color("#999999")
    axes.set_xlim(2009.5, 2015.8)
    axes.set_ylim(0, 4400)
    reading = lines.read(scene_of(figure, axes))
    assert reading is not None
    values = {m.category: m.value for m in reading.marks}
    assert values["2011"] == pytest.approx(2590, abs=60)


def test_a_band_around_a_line_is_explained_by_it() -> None:
    figure, axes = new_axes()
    x = np.arange(2000, 2011)
    y = np.array([0, -2.4, -1.5, 0.5, 2.0, 3.4, 3.0, 4.2, 5.0, 4.6, 5.5])
    axes.fill_between(x, y - 1.5, y + 1.5, color="#9fd4ec")
    axes.plot(x, y, color="#179fdb", linewidth=1.8)
    axes.set_ylim(-6, 8)
    reading = lines.read(scene_of(figure, axes))
    assert reading is not None and reading.score > 0.8
    found = {mark.category: mark.value for mark in reading.marks}
    assert all(abs((found.get(str(a)) or 99) - b) < 0.15 for a, b in zip(x, y, strict=True) if b)
