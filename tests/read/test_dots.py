"""Dot plots and lollipops."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from air_cli.read.colors import from_hex
from air_cli.read.legend import find_legend
from air_cli.read.marks import dots
from air_cli.read.scene import LegendEntry, Scene
from air_cli.records import Text
from tests.read.scenes import new_axes, scene_of

_NAMES = ("Norway", "Chile", "Japan", "Kenya", "Spain", "India")


def _lying(values: dict[str, list[float]], *, stems: bool = False, size: float = 8) -> Scene:
    """A scene of dots on a lane for each name."""
    figure, axes = new_axes()
    for name, row in values.items():
        if stems:
            axes.hlines(range(len(row)), 0, row, color="#8e44ad", linewidth=1.5)
        color = "#8e44ad" if stems else None
        axes.plot(row, range(len(row)), "o", markersize=size, label=name or None, color=color)
    axes.set_yticks(range(len(_NAMES)), _NAMES)
    axes.set_xlim(0, 100)
    if len(values) > 1:
        axes.legend(loc="upper center", ncol=2, bbox_to_anchor=(0.5, 1.15))
    scene = scene_of(figure, axes, "linear")
    texts = [replace(t, role="other") if t.text in _NAMES else t for t in scene.texts]
    scene = replace(scene, y=None, texts=texts)
    scene.legend = find_legend(scene)
    return scene


@pytest.mark.parametrize("stems", [False, True])
def test_one_dot_a_name(stems: bool) -> None:
    truth = [12.0, 55.5, 90.0, 33.0, 71.0, 8.0]
    reading = dots.read(_lying({"": truth}, stems=stems))
    assert reading is not None and reading.kind == "dot" and reading.score > 0.8
    found = {m.category: m for m in reading.marks}
    assert set(found) == set(_NAMES)
    for name, value in zip(_NAMES, truth, strict=True):
        mark = found[name]
        assert mark.value == pytest.approx(value, abs=0.4)
        assert mark.low is not None and mark.high is not None
        assert mark.low <= value <= mark.high


def test_dots_of_two_series_of_which_some_cover_others() -> None:
    first, second = [12.0, 55.0, 90.0, 33.0, 71.0, 8.0], [20.0, 56.0, 40.0, 33.0, 60.0, 30.0]
    reading = dots.read(_lying({"2010": first, "2020": second}, size=9))
    assert reading is not None
    values = {(m.series, m.category): m.value for m in reading.marks}
    assert len(values) == 12
    for name, a, b in zip(_NAMES, first, second, strict=True):
        assert values["2010", name] == pytest.approx(a, abs=1.0)
        assert values["2020", name] == pytest.approx(b, abs=0.5)
    assert any("Kenya" in problem and "under" in problem for problem in reading.problems)


def test_upright_lollipops() -> None:
    figure, axes = new_axes()
    truth = [12.0, 55.5, 90.0, 33.0, 71.0, 18.0]
    axes.vlines(range(6), 0, truth, color="#2ca02c", linewidth=2)
    axes.plot(range(6), truth, "o", color="#2ca02c", markersize=9)
    axes.set_xticks(range(6), _NAMES)
    axes.set_ylim(0, 100)
    reading = dots.read(scene_of(figure, axes, "category"))
    assert reading is not None and reading.score > 0.8
    assert [m.value for m in reading.marks] == pytest.approx(truth, abs=0.5)
    assert reading.categories == _NAMES


def test_markers_on_a_line_are_no_dot_plot() -> None:
    figure, axes = new_axes()
    axes.plot(range(6), np.array([12, 55, 90, 33, 71, 18]), "o-", markersize=8)
    axes.set_xticks(range(6), _NAMES)
    reading = dots.read(scene_of(figure, axes, "category"))
    assert reading is None or reading.score < 0.5


def test_a_label_s_box_may_reach_over_its_dot() -> None:
    truth = [12.0, 55.5, 80.0, 33.0, 71.0, 20.0]
    scene = _lying({"": truth}, stems=True)
    reading = dots.read(scene)
    assert reading is not None
    labels = []
    for mark in reading.marks:
        _, top, right, bottom = mark.bbox_px
        labels.append(Text(f"{mark.value:.0f}", (right - 3, top - 6, right + 25, bottom + 6)))
    again = dots.read(replace(scene, texts=[*scene.texts, *labels]))
    assert again is not None and len(again.marks) == 6
    for one, other in zip(reading.marks, again.marks, strict=True):
        assert one.bbox_px == pytest.approx(other.bbox_px, abs=0.7)


def test_a_dot_that_was_read_as_a_letter_is_a_dot() -> None:
    scene = _lying({"": [12.0, 55.5, 80.0, 33.0, 71.0, 20.0]})
    reading = dots.read(scene)
    assert reading is not None
    letter = Text("O", reading.marks[2].bbox_px, "label")
    again = dots.read(replace(scene, texts=[*scene.texts, letter]))
    assert again is not None and len(again.marks) == 6


def test_a_stem_across_the_plot_is_no_grid_line() -> None:
    truth = [12.0, 95.0, 90.0, 33.0, 71.0, 92.0]
    figure, axes = new_axes()
    axes.hlines(range(6), 0, truth, color="#a2a8aa", linewidth=3.5)
    axes.plot(truth, range(6), "o", markersize=11, color="#a2a8aa")
    axes.set_yticks(range(6), _NAMES)
    axes.set_xlim(0, 100)
    scene = scene_of(figure, axes, "linear")
    texts = [replace(t, role="other") if t.text in _NAMES else t for t in scene.texts]
    reading = dots.read(replace(scene, y=None, texts=texts))
    assert reading is not None
    assert [m.value for m in reading.marks] == pytest.approx(truth[::-1], abs=0.5) or [
        m.value for m in reading.marks
    ] == pytest.approx(truth, abs=0.5)


def test_close_colours_of_a_legend_are_two_series() -> None:
    figure, axes = new_axes()
    rows = {"Parents": [12.0, 55, 80, 33, 71, 20], "Renters": [30.0, 75, 40, 53, 90, 60]}
    for (name, row), color in zip(rows.items(), ("#7a5195", "#665191"), strict=True):
        axes.plot(row, range(6), "o", markersize=9, label=name, color=color)
    axes.set_yticks(range(6), _NAMES)
    axes.set_xlim(0, 100)
    scene = scene_of(figure, axes, "linear")
    scene.texts = [replace(t, role="other") if t.text in _NAMES else t for t in scene.texts]
    entries = (("Parents", "#7a5195"), ("Renters", "#665191"))
    scene.legend = [LegendEntry(n, c, (0, 0, 9, 9), (0, 0, 9, 9)) for n, c in entries]
    reading = dots.read(replace(scene, y=None))
    assert reading is not None and len(reading.marks) == 12


def test_the_page_around_a_tinted_panel_is_no_dot() -> None:
    truth = [12.0, 55.5, 90.0, 33.0, 71.0, 8.0]
    scene = _lying({"": truth}, stems=True)
    left, top, right, bottom = (round(v) for v in scene.plot)
    inside = scene.rgb[top:bottom, left:right]
    inside[(inside > 240).all(axis=2)] = 225
    reading = dots.read(replace(scene, background=(225, 225, 225)))
    assert reading is not None and len(reading.marks) == 6


def test_dots_joined_by_a_line_are_dots() -> None:
    rows = [[16.0, 15.9, 13.2, 11.7], [12.8, 12.3, 10.8, 10.2], [17.6, 16.9, 14.2, 11.0]]
    figure, axes = new_axes(6, 3)
    axes.hlines(range(4), np.min(rows, axis=0), np.max(rows, axis=0), color="#999999", linewidth=2)
    for row in rows:
        axes.plot(row, range(4), "o", markersize=9)
    axes.set_yticks(range(4), _NAMES[:4])
    axes.set_xlim(0, 19)
    scene = scene_of(figure, axes, "linear")
    scene.texts = [replace(t, role="other") if t.text in _NAMES else t for t in scene.texts]
    reading = dots.read(replace(scene, y=None))
    assert reading is not None and len(reading.marks) == 12


def test_a_dot_under_one_of_several_shows_at_its_rim() -> None:
    rows = {
        "2000": [12.0, 55.0, 90.0, 33.0, 71.0, 20.0],
        "2010": [30.0, 55.0, 70.0, 43.0, 50.0, 60.0],
        "2020": [80.0, 15.0, 40.0, 33.0, 60.0, 41.0],
    }
    reading = dots.read(_lying(rows))
    assert reading is not None
    values = {(m.series, m.category): m.value for m in reading.marks}
    assert len(values) == 18
    for name, row in rows.items():
        for category, value in zip(_NAMES, row, strict=True):
            assert values[name, category] == pytest.approx(value, abs=0.6)
    assert sum("lies under another" in problem for problem in reading.problems) == 2


@pytest.mark.parametrize("hollow", [True, False])
def test_hollow_dots_and_dots_with_an_outline(hollow: bool) -> None:
    truth = [12.0, 55.5, 90.0, 33.0, 71.0, 8.0]
    figure, axes = new_axes()
    fill = "none" if hollow else "#807db5"
    look = {"markerfacecolor": fill, "markeredgecolor": "#222222", "markeredgewidth": 1.6}
    axes.plot(truth, range(6), "o", markersize=10, **look)  # type: ignore[arg-type]
    axes.set_yticks(range(6), _NAMES)
    axes.set_xlim(0, 100)
    scene = scene_of(figure, axes, "linear", jpeg=88)
    scene.texts = [replace(t, role="other") if t.text in _NAMES else t for t in scene.texts]
    reading = dots.read(replace(scene, y=None))
    assert reading is not None and reading.score > 0.5
    assert sorted(m.value or 0.0 for m in reading.marks) == pytest.approx(sorted(truth), abs=0.5)


def test_a_second_marker_of_a_legend_is_no_dot() -> None:
    scene = _lying({"": [12.0, 55.5, 80.0, 33.0, 71.0, 20.0]})
    reading = dots.read(scene)
    assert reading is not None
    color = reading.series[0].color
    cv2.circle(scene.rgb, (560, 75), 5, tuple(int(v) for v in from_hex(color)), -1)
    beside = LegendEntry("Men", color, (590.0, 68.0, 620.0, 82.0), (570.0, 70.0, 580.0, 80.0))
    again = dots.read(replace(scene, legend=[beside]))
    assert again is not None and len(again.marks) == 6
