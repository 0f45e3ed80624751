"""What keeps lines and bands whole: inks of noisy lines, dashes read as digits, markers on dashes,
grounds that are no series."""

from __future__ import annotations

import numpy as np
import pytest

from air_cli.read.bullets import clean_texts
from air_cli.read.ink import cut_plot
from air_cli.read.legend import find_legend
from air_cli.read.marks import areas, combo, lines
from air_cli.read.palette import Palette
from air_cli.read.scene import LegendEntry, Scene
from air_cli.records import Box, Text
from tests.read.scenes import new_axes, scene_of

YEARS = np.arange(2010, 2016)
NOWHERE = (0.0, 0.0, 0.0, 0.0)


def test_darker_specks_in_a_noisy_line_do_not_take_the_line_away() -> None:
    rng = np.random.default_rng(3)
    crop = np.full((120, 300, 3), 235, np.uint8)
    crop[40:46] = 36
    specks = rng.random((6, 300)) < 0.06
    crop[40:46][specks] = 12
    palette = Palette(crop, (235, 235, 235))
    assert len(palette.inks) == 1
    assert palette.mask(0)[40:46].mean() > 0.6


def test_close_greys_of_a_clean_drawing_are_two_inks() -> None:
    crop = np.full((120, 300, 3), 255, np.uint8)
    crop[:40], crop[60:] = 0xDD, 0xCC
    assert len(Palette(crop, (255, 255, 255)).inks) == 2


def _dashed() -> Scene:
    figure, axes = new_axes(7, 4, 100)
    axes.plot(YEARS, [40, -30, 45, 5, 20, -20], color="#2ca02c", ls="--", marker="o", ms=9, lw=3)
    axes.set_ylim(-50, 50)
    return scene_of(figure, axes)


def test_markers_on_steep_dashes_say_where_the_points_are() -> None:
    reading = lines.read(_dashed())
    assert reading is not None
    assert [m.value for m in reading.marks] == pytest.approx([40, -30, 45, 5, 20, -20], abs=0.5)


def test_dashes_that_were_read_as_digits_are_no_texts() -> None:
    scene = _dashed()
    stroke = lines.find_lines(cut_plot(scene, reach=True))[0].stroke
    box = (118.0, 120.0, 132.0, 150.0)
    assert stroke.span[0] < box[2]
    texts = [*scene.texts, Text("1", _ink_near(scene, box), confidence=0.95)]
    assert "1" not in [t.text for t in clean_texts(scene.rgb, texts)]
    valued = [*texts, Text("7.5", _ink_near(scene, box), confidence=0.99)]
    assert "1" in [t.text for t in clean_texts(scene.rgb, valued)]


def _ink_near(scene: Scene, box: Box) -> Box:
    """The box of green ink nearest to the left edge of the plot, 30 rows high."""
    green = (scene.rgb[..., 1].astype(int) - scene.rgb[..., 0]) > 60
    rows, columns = np.nonzero(green)
    left = int(columns.min()) + 12
    top = int(rows[columns == left].min())
    return (left - 2.0, top - 2.0, left + 10.0, top + 28.0)


def test_the_ground_above_full_stacks_is_no_series_where_the_legend_names_the_others() -> None:
    figure, axes = new_axes(6, 4, 100)
    share = np.array([26.0, 32, 27, 25, 30, 36])
    axes.set_facecolor("#e6e6ec")
    axes.stackplot(YEARS, 100 - share, share, colors=["#bcbddc", "#3f007d"])
    axes.set_xlim(2010, 2015)
    axes.set_ylim(0, 112)
    scene = scene_of(figure, axes)
    scene.background = (255, 255, 255)
    names = {"Energy": "#bcbddc", "Mobility": "#3f007d"}
    scene.legend = [LegendEntry(n, c, NOWHERE, NOWHERE) for n, c in names.items()]
    reading = areas.read(scene)
    assert reading is not None
    assert [s.name for s in reading.series] == ["Energy", "Mobility"]


def test_a_strip_above_bars_neither_hides_the_line_nor_becomes_a_series() -> None:
    figure, axes = new_axes(6, 4, 100)
    axes.bar(YEARS, [83, 110, 98, 108, 94, 102], color="#003f5c", label="Population")
    axes.bar(YEARS[:4], 20, bottom=[83, 110, 98, 108], color="#d8d3c3")
    axes.plot(YEARS, [60, 62, 71, 71, 70, 80], color="#bc5090", lw=4, marker="o", label="Growth")
    axes.set_ylim(0, 135)
    scene = scene_of(figure, axes)
    names = {"Population": ("#003f5c", 12.0), "Growth": ("#bc5090", 4.0)}
    scene.legend = [
        LegendEntry(n, c, (30, 5, 90, 17), (5, 5, 25, 5 + high)) for n, (c, high) in names.items()
    ]
    reading = combo.read(scene)
    assert reading is not None
    assert reading.kind == "combo"
    assert [s.name for s in reading.series] == ["Population", "Growth"]


def test_an_axis_line_between_years_is_no_swatch() -> None:
    rgb = np.full((120, 500, 3), 255, np.uint8)
    rgb[59:61, 195:280] = 150
    names = ["1Q18", "2Q18", "3Q18", "4Q18", "1Q19", "2Q19"]
    texts = [Text(t, (100.0 + 60 * n, 50, 134 + 60 * n, 70)) for n, t in enumerate(names)]
    for text in texts:
        left, top, right, bottom = (int(v) for v in text.bbox_px)
        rgb[top:bottom, left:right] = 255
        rgb[top + 4 : bottom - 4, left + 2 : right - 2 : 3] = 40
    scene = Scene(rgb, texts, plot=(20, 0, 480, 48))
    assert find_legend(scene) == []


def test_a_dashed_line_that_was_read_as_a_sign_is_no_text() -> None:
    rgb = np.full((60, 300, 3), 255, np.uint8)
    texts = [Text("一一一一", (10.0, 10.0, 200.0, 30.0)), Text("Index", (210.0, 10.0, 260.0, 24.0))]
    assert [t.text for t in clean_texts(rgb, texts)] == ["Index"]
