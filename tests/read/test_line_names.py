"""Names of lines where colours say little: pale swatches, one left over, years, ends above."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from air_cli.read.marks import lines
from air_cli.read.marks.knots import tick_knots
from air_cli.read.marks.naming import _fits, _is_name
from air_cli.read.marks.strokes import Line, Stroke
from air_cli.read.plot_box import _over_fill
from air_cli.read.scene import AxisFit, LegendEntry, Scene
from air_cli.records import Text, Tick
from tests.read.scenes import new_axes, scene_of

COLORS = ("#2a71a0", "#e88327", "#ba2f30")


def _scene() -> Scene:
    figure, axes = new_axes(6, 4, 100)
    for k, color in enumerate(COLORS):
        axes.plot(
            [2018, 2019, 2020, 2021], [10 + 9 * k, 14, 12 + 8 * k, 20 - 4 * k], color=color, lw=2
        )
    axes.set_xticks([2018, 2019, 2020, 2021])
    return scene_of(figure, axes)


def _named(scene: Scene) -> dict[str, str]:
    reading = lines.read(scene)
    assert reading is not None
    return {s.color: s.name for s in reading.series}


def _entry(name: str, color: str, n: int) -> LegendEntry:
    at = 60.0 + 120 * n
    return LegendEntry(name, color, (at, 380.0, at + 60, 394.0), (at - 20, 386.0, at - 6, 388.0))


def test_thin_swatches_that_compression_made_pale_still_name_their_lines() -> None:
    scene = _scene()
    pale = ("#8fb3cb", "#dfae81", "#d59293")  # each mixed with white
    scene.legend = [_entry(f"s{n}", c, n) for n, c in enumerate(pale)]
    named = _named(scene)
    assert [named[c] for c in COLORS] == ["s0", "s1", "s2"]


def test_the_one_name_left_is_that_of_the_one_line_left() -> None:
    scene = _scene()
    swatches = ("#222425", COLORS[1], COLORS[2])
    scene.legend = [_entry(f"s{n}", c, n) for n, c in enumerate(swatches)]
    named = _named(scene)
    assert [named[c] for c in COLORS] == ["s0", "s1", "s2"]


def test_a_year_names_a_line_at_its_end_only() -> None:
    assert _is_name("2021", at_end=True)
    assert not _is_name("2021", at_end=False)
    assert _is_name("Japan", at_end=False)
    assert not _is_name("12.5", at_end=True)


def test_a_name_at_the_end_of_a_line_above_the_highest_tick_counts() -> None:
    figure, axes = new_axes(6, 4, 100)
    axes.plot([1, 2, 3, 4], [10, 12, 11, 30], color="#999999", lw=2)
    axes.plot([1, 2, 3, 4], [9, 7, 8, 5], color="#333333", lw=2)
    axes.set_xlim(1, 5)
    scene = scene_of(figure, axes, "linear")
    assert scene.x is not None
    assert scene.y is not None
    left, _, right, bottom = scene.plot
    scene.plot = (left, scene.y.px(25.0), right, bottom)  # the highest label that was read
    end, top = scene.x.px(4.0) + 6, scene.y.px(30.0)
    low = scene.y.px(5.0)
    scene.texts += [
        Text("New Zealand", (end, top - 7, end + 70, top + 7), "annotation"),
        Text("Denmark", (end, low - 7, end + 70, low + 7), "annotation"),
    ]
    assert set(_named(scene).values()) == {"New Zealand", "Denmark"}


def test_months_whose_labels_were_not_read_are_put_between() -> None:
    ticks = tuple(Tick(n, None, 50.0 + 40 * k) for n, k in (("Jan", 0), ("Feb", 1), ("May", 4)))
    axis = AxisFit("x", "category", 1 / 40, -50 / 40, ticks)
    assert [k.name for k in tick_knots(axis)] == ["Jan", "Feb", "Mar", "Apr", "May"]
    uneven = replace(axis, ticks=(*ticks[:2], Tick("May", None, 130.0)))
    assert [k.name for k in tick_knots(uneven)] == ["Jan", "Feb", "May"]


def test_a_fill_over_the_grid_does_not_end_the_plot() -> None:
    rgb = np.full((200, 400, 3), 255, np.uint8)
    rgb[40:150, 60:300] = (40, 40, 40)
    scene = Scene(rgb)
    assert _over_fill(scene, rgb, (50.0, 30.0, 200.0, 150.0)) == 300.0
    assert _over_fill(scene, rgb, (50.0, 30.0, 340.0, 150.0)) == 340.0


def test_a_bundle_of_nameless_lines_behind_the_named_is_left_out() -> None:
    figure, axes = new_axes(6, 4, 100)
    years = np.arange(2010, 2020)
    rng = np.random.default_rng(4)
    for k in range(5):
        values = 70 + 6 * k + rng.normal(0, 2, 10).cumsum()
        axes.plot(years, values, color=("#bfe5e3", "#b4dedb")[k % 2], lw=2)
    for k, color in enumerate(("#d1336a", "#2a71a0")):
        axes.plot(years, 40 - 15 * k + rng.normal(0, 1, 10), color=color, lw=2)
    axes.set_xticks(years)
    scene = scene_of(figure, axes)
    scene.legend = [_entry("Here", "#d1336a", 0), _entry("There", "#2a71a0", 1)]
    reading = lines.read(scene)
    assert reading is not None
    assert [s.name for s in reading.series] == ["Here", "There"]
    assert any("left out" in problem for problem in reading.problems)


def test_a_flat_line_in_a_pale_tint_of_the_legend_is_a_series() -> None:
    figure, axes = new_axes(6, 4, 100)
    axes.plot([1, 2, 3, 4], [20, 20.1, 20, 20.2], color="#9fb3cc", lw=2)
    axes.plot([1, 2, 3, 4], [5, 9, 7, 12], color="#2171b5", lw=2)
    scene = scene_of(figure, axes, "linear")
    scene.legend = [_entry("Flat", "#9fb3cc", 0), _entry("Other", "#2171b5", 1)]
    assert set(_named(scene).values()) == {"Flat", "Other"}


def test_lines_that_a_legend_shows_in_one_colour_are_not_named_by_it() -> None:
    figure, axes = new_axes(6, 4, 100)
    years = np.arange(2010, 2016)
    axes.plot(years, [100, 160, 270, 230, 340, 450], color="black", lw=2)
    axes.plot(years, [100, 120, 170, 180, 210, 310], color="black", lw=2, ls="--")
    axes.set_ylim(0, 500)
    scene = scene_of(figure, axes)
    boxes = [(30.0 + 200 * n, 380.0, 130.0 + 200 * n, 394.0) for n in range(2)]
    scene.legend = [
        LegendEntry(name, "#0a0a0a", box, (box[0] - 24, 386.0, box[0] - 4, 388.0))
        for name, box in zip(("Retailer", "Index"), boxes, strict=True)
    ]
    reading = lines.read(scene)
    assert reading is not None
    assert {s.name for s in reading.series} == {"black", "black 2"}
    assert any('"Retailer", "Index" in one colour' in p for p in reading.problems)
    scene.legend[1] = replace(scene.legend[1], color="#1f77b4")
    reading = lines.read(scene)
    assert reading is not None
    assert "Retailer" in {s.name for s in reading.series}


def test_markers_name_no_line_in_another_colour_than_the_legend_shows() -> None:
    scene = _scene()
    scene.legend = [_entry("Red", "#ba2f30", 0)]
    flat = np.arange(3.0)
    line = Line(Stroke(flat, flat, flat, flat, 2.0), 0, "#060606", "Red")
    assert not _fits(scene, line)
    assert _fits(scene, replace(line, color="#b03030"))
    assert _fits(scene, replace(line, name="Direct"))
