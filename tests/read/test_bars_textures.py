"""Bars that are told apart by the patterns in their outlines alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from air_cli.read.marks.bars_found import find_columns
from air_cli.read.marks.bars_textures import patterns_of
from air_cli.read.scene import LegendEntry, Scene
from tests.read.scenes import new_axes, scene_of

_HATCHES = ("//", "\\\\", "xx", "..", "++")


def _scene(rows: np.ndarray[Any, Any], kind: str, jpeg: int = 0) -> Scene:
    """A picture of hatched bars with its legend on top."""
    figure, axes = new_axes(8, 6)
    many, count = rows.shape
    foot, at = np.zeros(count), np.arange(count)
    for i, row in enumerate(rows):
        look: dict[str, Any] = {
            "color": "white",
            "edgecolor": "black",
            "hatch": _HATCHES[i],
            "linewidth": 0.8,
        }
        if kind == "stacked":
            axes.bar(at, row, 0.7, foot, label=f"S{i}", **look)
            foot = foot + row
        else:
            axes.barh(at + (i - (many - 1) / 2) * 0.35, row, 0.35, label=f"S{i}", **look)
    axes.set_ylim(0, 118) if kind == "stacked" else axes.set_xlim(0, 118)
    legend = axes.legend(ncols=many, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    scene = scene_of(figure, axes, "category" if kind == "stacked" else "linear", jpeg=jpeg)
    high, entries = len(scene.rgb), []
    for i, patch in enumerate(legend.get_patches()):
        box = patch.get_window_extent()
        swatch = (box.x0, high - box.y1, box.x1, high - box.y0)
        entries.append(LegendEntry(f"S{i}", "#ffffff", (0.0, 0.0, 1.0, 1.0), swatch))
    return replace(scene, legend=entries)


@pytest.mark.parametrize("jpeg", [0, 75])
def test_hatched_stacks_are_cut_into_their_cells(jpeg: int) -> None:
    rows = np.array([[20, 25, 18], [22, 15, 30], [15, 22, 12], [18, 20, 22], [25, 18, 18]])
    scene = _scene(rows, "stacked", jpeg)
    found = find_columns(scene)
    assert found is not None and found[1].stacked and len(found[1].segments) == 15
    assert scene.y is not None
    colors = [entry.color for entry in scene.legend]
    for segment in found[1].segments:
        series, category = colors.index(segment.color), round((segment.centre - 100) / 210)
        length = abs(scene.y.slope) * segment.length
        assert series == segment.level
        assert length == pytest.approx(rows[series].tolist()[category], abs=0.9)


def test_hatched_groups_are_told_apart() -> None:
    rows = np.array([[80, 40, 60, 90], [75, 65, 30, 88]])
    scene = _scene(rows, "grouped")
    found = find_columns(scene)
    assert found is not None and not found[1].stacked and len(found[1].segments) == 8
    assert len({s.color for s in found[1].segments}) == 2


def test_samples_of_several_colours_are_no_patterns() -> None:
    scene = _scene(np.array([[20, 25, 18], [22, 15, 30]]), "stacked")
    rgb = scene.rgb.copy()
    left, top, right, bottom = (round(v) for v in scene.legend[0].swatch_px)
    rgb[top + 2 : bottom - 2, left + 2 : right - 2] = (31, 119, 180)
    assert patterns_of(scene) is not None
    assert patterns_of(replace(scene, rgb=rgb)) is None
