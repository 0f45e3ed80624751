"""Legends and direct labels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes

from air_cli.read.colors import distance
from air_cli.read.legend import find_legend
from air_cli.read.scene import Scene
from air_cli.records import Text
from tests.read.scenes import new_axes, scene_of

NAMES = ("Alpha", "Beta two", "Gamma", "Delta (x)")
COLORS = ("#1f77b4", "#ff7f0e", "#2ca02c", "#9467bd")


def _draw(axes: Axes, mark: str, count: int) -> None:
    x = np.arange(2000, 2008)
    rng = np.random.default_rng(5)
    for i in range(count):
        y = rng.uniform(10, 70, len(x))
        look: Any = {"color": COLORS[i], "label": NAMES[i]}
        if mark == "line":
            axes.plot(x, y, linewidth=2, **look)
        elif mark == "marker":
            axes.plot(x, y, marker="os^D"[i], **look)
        elif mark == "dot":
            axes.scatter(x, y, **look)
        else:
            axes.bar(x + 0.2 * i, y, 0.2, **look)
    axes.set_ylim(0, 120)  # room for the legend


@pytest.mark.parametrize("mark", ["line", "marker", "dot", "bar"])
@pytest.mark.parametrize("columns", [1, 2, 4])
@pytest.mark.parametrize("place", ["inside", "below"])
def test_swatches_are_matched_to_names(mark: str, columns: int, place: str) -> None:
    figure, axes = new_axes()
    _draw(axes, mark, 4)
    if place == "inside":
        axes.legend(ncol=columns, loc="upper center")
    else:
        figure.subplots_adjust(bottom=0.35)
        axes.legend(ncol=columns, loc="upper center", bbox_to_anchor=(0.5, -0.12), frameon=False)
    entries = find_legend(scene_of(figure, axes))
    assert {entry.name for entry in entries} == set(NAMES)
    for entry in entries:
        assert distance(entry.color, COLORS[NAMES.index(entry.name)]) < 12


def test_coloured_texts_at_line_ends_are_entries() -> None:
    figure, axes = new_axes()
    x = np.arange(2000, 2008)
    for i, level in enumerate((20.0, 50.0, 80.0)):
        axes.plot(x, level + np.sin(x) * 5, color=COLORS[i])
        axes.text(2007.1, level, NAMES[i], color=COLORS[i])
    axes.text(2002, 90, "an aside in black")
    axes.set_xlim(1999.5, 2009)
    entries = find_legend(scene_of(figure, axes))
    assert [entry.name for entry in entries] == ["Gamma", "Beta two", "Alpha"]
    assert all(entry.swatch_px == entry.bbox_px for entry in entries)


def test_reading_order_survives_a_pixel_of_skew() -> None:
    figure, axes = new_axes()
    _draw(axes, "bar", 3)
    figure.subplots_adjust(bottom=0.25)
    axes.legend(ncol=3, loc="upper center", bbox_to_anchor=(0.5, -0.1))
    scene = scene_of(figure, axes)
    texts = []
    for n, text in enumerate(scene.texts):
        left, top, right, bottom = text.bbox_px
        shift = (n % 3) - 1
        texts.append(type(text)(text.text, (left, top + shift, right, bottom + shift), text.role))
    scene.texts = texts
    assert [entry.name for entry in find_legend(scene)] == list(NAMES[:3])


def test_no_legend() -> None:
    figure, axes = new_axes()
    axes.plot([2000, 2001, 2002], [1, 3, 2], color="black")
    assert find_legend(scene_of(figure, axes)) == []


def test_outlined_patches_have_the_colour_of_their_fill() -> None:
    rgb = np.full((80, 220, 3), 255, np.uint8)
    texts = []
    for n, color in enumerate([(64, 224, 208), (255, 160, 122)]):
        top = 12 + 30 * n
        rgb[top : top + 16, 10:26] = 0
        rgb[top + 1 : top + 15, 11:25] = color
        texts.append(Text(f"Name {n}", (32.0, top - 1.0, 90.0, top + 17.0)))
    found = find_legend(Scene(rgb, texts))
    assert [e.color for e in found] == ["#40e0d0", "#ffa07a"]


def test_dotted_lines_are_swatches() -> None:
    rgb = np.full((80, 220, 3), 255, np.uint8)
    texts = []
    for n, color in enumerate([(255, 165, 0), (60, 120, 60)]):
        top = 12 + 30 * n
        for left in range(10, 32, 6):
            rgb[top + 7 : top + 10, left : left + 3] = color
        texts.append(Text(f"Name {n}", (38.0, top - 1.0, 96.0, top + 17.0)))
    found = find_legend(Scene(rgb, texts))
    assert [e.name for e in found] == ["Name 0", "Name 1"]


@pytest.mark.parametrize("crossed", [True, False])
def test_a_dashed_sample_beside_a_solid_one(crossed: bool) -> None:
    """Its dash beyond a grid line, or a gap at its end, makes it shorter."""
    rgb = np.full((80, 220, 3), 255, np.uint8)
    texts = []
    for n, name in enumerate(["Solid", "Dashed"]):
        top = 12 + 30 * n
        rgb[top + 7 : top + 10, 8:38] = (40 + 60 * n, 90, 200 - 90 * n)
        texts.append(Text(name, (46.0, top - 1.0, 106.0, top + 17.0)))
    rgb[49:52, 8:12] = 255
    rgb[49:52, 20:25] = 255
    if crossed:
        rgb[:, 15] = np.where((rgb[:, 15] == 255).all(axis=1)[:, None], 215, rgb[:, 15])
    else:
        rgb[49:52, 8:20] = 255  # the sample begins with a gap
    found = find_legend(Scene(rgb, texts))
    assert [e.name for e in found] == ["Solid", "Dashed"]


def test_a_name_may_begin_with_a_number() -> None:
    rgb = np.full((80, 220, 3), 255, np.uint8)
    texts = []
    for n, name in enumerate(["65 years +", "2019 Notes"]):
        top = 12 + 30 * n
        rgb[top : top + 16, 10:26] = (40 + 60 * n, 90, 200 - 90 * n)
        texts.append(Text(name, (32.0, top - 1.0, 110.0, top + 17.0)))
    assert [e.name for e in find_legend(Scene(rgb, texts))] == ["65 years +", "2019 Notes"]


def test_swatches_behind_the_names() -> None:
    rgb = np.full((80, 220, 3), 255, np.uint8)
    texts = []
    for n, name in enumerate(["North", "South East"]):
        top = 12 + 30 * n
        rgb[top + 4 : top + 12, 130:156] = (40 + 60 * n, 90, 200 - 90 * n)
        texts.append(Text(name, (120.0 - 7 * len(name), top - 1.0, 122.0, top + 17.0)))
    found = find_legend(Scene(rgb, texts))
    assert [e.name for e in found] == ["North", "South East"]
    assert found[0].swatch_px[0] > 122


def test_tall_keys_that_stand_close_lead_from_one_to_the_next() -> None:
    rgb = np.full((220, 240, 3), 255, np.uint8)
    names = ("Coal", "Gas", "Wind & tide", "Solar (p)", "Hydro power")
    colors = ((11, 60, 93), (50, 140, 193), (217, 179, 16), (107, 122, 143), (184, 38, 1))
    texts = []
    for n, (name, color) in enumerate(zip(names, colors, strict=True)):
        top = 20 + 34 * n
        rgb[top : top + 32, 20:52] = color
        high = 21 if n < 2 else 26  # a line without descenders has a lower box
        texts.append(Text(name, (60.0, top + 16 - high / 2, 160.0, top + 16 + high / 2), "other"))
    legend = find_legend(Scene(rgb, texts, (0.0, 0.0, 1.0, 1.0)))
    assert [entry.name for entry in legend] == list(names)
