"""Box plots."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from air_cli.read.marks import boxes
from air_cli.read.scene import Scene
from tests.read.scenes import new_axes, scene_of

_NAMES = ("Norway", "Chile", "Japan", "Kenya")
_FIVE = ((10, 25, 40, 60, 90), (5, 35, 42, 48, 70), (30, 50, 75, 80, 95), (15, 20, 55, 70, 85))


def _scene(*, filled: bool, lying: bool = False, caps: bool = True) -> Scene:
    figure, axes = new_axes()
    keys = ("whislo", "q1", "med", "q3", "whishi")
    stats: list[dict[str, Any]] = [dict(zip(keys, map(float, five), strict=True)) for five in _FIVE]
    axes.bxp(
        stats,
        showfliers=False,
        patch_artist=filled,
        boxprops={"facecolor": "#9ecae1"} if filled else {},
        orientation="horizontal" if lying else "vertical",
        showcaps=caps,
        positions=range(4),
    )
    if lying:
        axes.set_yticks(range(4), _NAMES)
        axes.set_xlim(0, 100)
        scene = scene_of(figure, axes, "linear")
        texts = [replace(t, role="other") if t.text in _NAMES else t for t in scene.texts]
        return replace(scene, y=None, texts=texts)
    axes.set_xticks(range(4), _NAMES)
    axes.set_ylim(0, 100)
    return scene_of(figure, axes, "category")


@pytest.mark.parametrize("filled", [True, False])
@pytest.mark.parametrize("lying", [True, False])
@pytest.mark.parametrize("caps", [True, False])
def test_five_numbers_of_each_box(filled: bool, lying: bool, caps: bool) -> None:
    reading = boxes.read(_scene(filled=filled, lying=lying, caps=caps))
    assert reading is not None and reading.kind == "box" and reading.score > 0.8
    values = {(m.category, m.series): m for m in reading.marks}
    assert len(values) == 20
    for name, five in zip(_NAMES, _FIVE, strict=True):
        for number, value in zip(boxes.NUMBERS, five, strict=True):
            mark = values[name, number]
            assert mark.value == pytest.approx(value, abs=0.8)
            assert mark.low is not None and mark.high is not None
            assert mark.low <= value <= mark.high


def test_bars_with_error_bars_are_no_boxes() -> None:
    figure, axes = new_axes()
    axes.bar(range(4), [40, 60, 30, 80], yerr=[5, 8, 6, 9])
    axes.set_xticks(range(4), _NAMES)
    assert boxes.read(scene_of(figure, axes, "category")) is None


def test_lines_are_no_boxes() -> None:
    figure, axes = new_axes()
    for row in zip(*_FIVE, strict=True):
        axes.plot(range(4), row)
    axes.set_xticks(range(4), _NAMES)
    assert boxes.read(scene_of(figure, axes, "category")) is None


def test_grid_lines_through_hollow_boxes_are_no_medians() -> None:
    five = [dict(zip(("whislo", "q1", "med", "q3", "whishi"), row, strict=True)) for row in _FIVE]
    figure, axes = new_axes()
    thin, bold = {"color": "#8888aa", "linewidth": 0.8}, {"color": "#222222", "linewidth": 1.2}
    axes.bxp(five, showfliers=False, positions=range(4), boxprops=bold, medianprops=thin)
    axes.grid(axis="y", color="#222222", linewidth=1.2)
    axes.set_yticks((0, 20, 50, 65, 100))
    axes.set_axisbelow(True)
    axes.set_xticks(range(4), _NAMES)
    axes.set_ylim(0, 100)
    reading = boxes.read(scene_of(figure, axes, "category"))
    assert reading is not None
    found = {m.category: m.value for m in reading.marks if m.series == "median"}
    for name, row in zip(_NAMES, _FIVE, strict=True):
        assert found[name] == pytest.approx(row[2], abs=1)


def test_a_short_whisker_with_its_cap_is_no_part_of_the_box() -> None:
    figure, axes = new_axes(4, 3)
    keys = ("whislo", "q1", "med", "q3", "whishi")
    rows = ((23, 25, 40, 60, 62), (5, 35, 42, 48, 70), (30, 50, 75, 80, 95), (13, 15, 55, 70, 85))
    filled = {"facecolor": "#6b8fb3"}
    axes.bxp(
        [dict(zip(keys, row, strict=True)) for row in rows], showfliers=False, patch_artist=True,
        boxprops=filled, positions=range(4),
    )  # fmt: skip
    axes.set_xticks(range(4), _NAMES)
    axes.set_ylim(0, 100)
    reading = boxes.read(scene_of(figure, axes, "category"))
    assert reading is not None and len(reading.marks) == 20


def test_a_cap_right_beside_the_edge_is_not_taken_for_it() -> None:
    figure, axes = new_axes()
    keys = ("whislo", "q1", "med", "q3", "whishi")
    rows = (
        (24, 25, 40, 60, 80),
        (33.6, 35, 42, 58, 59.2),
        (30, 50, 75, 80, 81),
        (13, 15, 55, 70, 85),
    )
    look = {"facecolor": "#f2a6aa", "edgecolor": "#ff5a5f"}
    axes.bxp(
        [dict(zip(keys, row, strict=True)) for row in rows], showfliers=False, patch_artist=True,
        boxprops=look, positions=range(4), medianprops={"color": "#ff5a5f"},
    )  # fmt: skip
    axes.set_xticks(range(4), _NAMES)
    axes.set_ylim(0, 100)
    reading = boxes.read(scene_of(figure, axes, "category"))
    assert reading is not None
    values = {(m.category, m.series): m.value for m in reading.marks}
    for name, row in zip(_NAMES, rows, strict=True):
        for number, value in zip(boxes.NUMBERS, row, strict=True):
            assert values[name, number] == pytest.approx(value, abs=0.5)


def test_crumbs_of_compression_beside_boxes() -> None:
    scene = _scene(filled=True, caps=False)
    rgb = scene.rgb.copy()
    blue = (np.abs(rgb.astype(int) - (158, 202, 225)).max(axis=2) < 4).any(axis=0)
    edges = np.flatnonzero(np.diff(blue.astype(int)) > 0)
    for at in edges.tolist():
        rows = np.flatnonzero((rgb[:, at + 4] != 255).any(axis=1) & (np.arange(len(rgb)) > 60))
        middle = int(np.median(rows))
        rgb[middle - 3 : middle + 3, at - 9 : at + 3] = (190, 215, 230)
    reading = boxes.read(replace(scene, rgb=rgb))
    assert reading is not None and len(reading.marks) == 20


def test_dots_on_the_lines_of_a_grid_are_no_boxes() -> None:
    figure, axes = new_axes()
    axes.plot(range(4), [40, 60, 30, 80], "o", markersize=12)
    axes.vlines(range(4), 0, 100, color="#999999", linestyle=(0, (3, 2)))
    axes.set_xticks(range(4), _NAMES)
    axes.set_ylim(0, 100)
    assert boxes.read(scene_of(figure, axes, "category")) is None


def test_dots_on_stems_are_no_boxes() -> None:
    figure, axes = new_axes(7, 4.5, 200)
    values = [40, 60, 30, 80]
    axes.vlines(range(4), 0, values, color="#4a90c4", linewidth=2)
    axes.plot(range(4), values, "o", markersize=9, color="#4a90c4")
    axes.set_xticks(range(4), _NAMES)
    axes.set_ylim(0, 100)
    assert boxes.read(scene_of(figure, axes, "category")) is None


def test_round_shapes_on_stems_are_no_boxes() -> None:
    figure, axes = new_axes(4.5, 2.6)
    rows = ((98.0, 46, 42, 21), (97.0, 95, 91, 85), (99.0, 96, 88, 57))
    axes.hlines(range(4), rows[0], (99, 96, 91, 85), color="#999999", linewidth=2)
    for row, color in zip(rows, ("#247fe5", "#0a2238", "#8eb820"), strict=True):
        axes.plot(row, range(4), "o", markersize=9, color=color)
    axes.set_yticks(range(4), _NAMES)
    axes.set_xlim(0, 105)
    scene = scene_of(figure, axes, "linear", jpeg=70)
    assert boxes.read(replace(scene, y=None)) is None
