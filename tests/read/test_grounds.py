"""Graded fills and tinted strips under lines: no data of their own, or the area that they fill."""

from __future__ import annotations

import numpy as np
import pytest

from air_cli.read.ink import cut_plot
from air_cli.read.marks import areas, lines
from air_cli.read.marks.grounds import ground_of
from air_cli.read.panel import own_panel
from air_cli.read.plot import plot_background
from air_cli.read.scene import Rgb, Scene
from tests.read.scenes import new_axes, scene_of

YEARS = np.arange(2010, 2018)
VALUES = np.array([30.0, 34, 33, 45, 52, 60, 66, 81])


def _scene(*, line: bool) -> Scene:
    figure, axes = new_axes(6, 4, 100)
    if line:
        axes.plot(YEARS, VALUES, color="#d1336a", lw=2.5)
    axes.set_xlim(2010, 2017)
    axes.set_ylim(0, 100)
    return scene_of(figure, axes)


def _graded(scene: Scene) -> Rgb:
    """The picture with a fill under the values that pales towards the axis, aslant."""
    assert scene.x is not None
    assert scene.y is not None
    rgb = scene.rgb.copy()
    left, _, right, bottom = (round(v) for v in scene.plot)
    for x in range(left + 2, right - 1):
        value = float(np.interp(scene.x.value(x + 0.5), YEARS, VALUES))
        for y in range(round(scene.y.px(value)), bottom - 1):
            if rgb[y, x].min() > 250:
                part = max(0.0, (bottom - y + 0.1 * (x - left)) / (bottom - 60))
                rgb[y, x] = np.clip(255 - part * np.array([5, 150, 110]), 0, 255)
    return rgb


def test_an_area_that_pales_is_read_at_its_upper_edge() -> None:
    scene = _scene(line=False)
    scene.rgb = _graded(scene)
    reading = areas.read(scene)
    assert reading is not None
    assert reading.kind == "area"
    assert [m.value for m in reading.marks] == pytest.approx(list(VALUES), abs=1.2)


def test_a_line_over_a_fill_that_pales_is_read() -> None:
    scene = _scene(line=True)
    scene.rgb = _graded(scene)
    reading = lines.read(scene)
    assert reading is not None
    assert reading.score > 0.8
    assert [m.value for m in reading.marks] == pytest.approx(list(VALUES), abs=0.8)


def test_plain_fills_and_lines_are_no_ground() -> None:
    figure, axes = new_axes(6, 4, 100)
    axes.stackplot(YEARS, VALUES, 20 + 0 * VALUES, colors=["#78c6ac", "#f89772"])
    assert ground_of(scene_of(figure, axes)) is None
    assert ground_of(_scene(line=True)) is None


def test_a_line_is_followed_through_strips_of_two_tints() -> None:
    """The upper strip is no plot of its own: the labels go on below it."""
    figure, axes = new_axes(6, 4, 100)
    values = VALUES - 50
    axes.axhspan(0, 50, color="#ebf8f8", lw=0)
    axes.axhspan(-50, 0, color="#fde9ee", lw=0)
    axes.plot(YEARS, values, color="#4c78a8", lw=2)
    axes.set_xlim(2010, 2017)
    axes.set_ylim(-50, 50)
    scene = scene_of(figure, axes)
    assert own_panel(scene) is None
    scene.background = (235, 248, 248)
    reading = lines.read(scene)
    assert reading is not None
    assert [m.value for m in reading.marks] == pytest.approx(list(values), abs=0.8)
    assert reading.score > 0.8


def test_the_tinted_ground_over_stacked_areas_is_no_area() -> None:
    figure, axes = new_axes(6, 4, 100)
    axes.set_facecolor("#e5ecf6")
    axes.stackplot(YEARS, VALUES, 10 + 0 * VALUES, colors=["#2e5c8a", "#8c1616"])
    axes.set_xlim(2010, 2017)
    axes.set_ylim(0, 100)
    scene = scene_of(figure, axes)
    assert scene.background == (255, 255, 255)
    assert len(areas._bands(cut_plot(scene, reach=True))) == 3
    reading = areas.read(scene)
    assert reading is not None
    assert len(reading.series) == 2


def test_a_line_runs_on_through_an_upright_strip() -> None:
    figure, axes = new_axes(6, 4, 100)
    axes.axvspan(2014.5, 2017, color="#e8f5fb", lw=0)
    axes.plot(YEARS, VALUES, color="#179fdb", lw=2)
    axes.set_xlim(2010, 2017)
    axes.set_ylim(0, 100)
    scene = scene_of(figure, axes)
    ground = ground_of(scene)
    assert ground is not None
    assert not ground.graded.any()
    reading = lines.read(scene)
    assert reading is not None
    assert reading.score > 0.9
    assert [m.value for m in reading.marks] == pytest.approx(list(VALUES), abs=0.8)


def test_an_area_that_rises_above_the_highest_tick_is_not_the_ground() -> None:
    figure, axes = new_axes(6, 4, 100)
    axes.fill_between(YEARS, VALUES * 0 + 45, color="#093553", lw=0)
    axes.set_xlim(YEARS[0], YEARS[-1])
    axes.set_ylim(0, 48)
    scene = scene_of(figure, axes)
    assert scene.y is not None
    left, _, right, bottom = scene.plot
    assert plot_background(scene.rgb, (left, scene.y.px(38.0), right, bottom)) == (255, 255, 255)
