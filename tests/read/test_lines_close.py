"""Lines whose corners are steep, whose colours are close, or whose legends are awkward."""

from __future__ import annotations

import numpy as np
import pytest

from air_cli.read.category_rows import _without_corners
from air_cli.read.colors import distance
from air_cli.read.ink import cut_plot
from air_cli.read.legend import find_legend
from air_cli.read.marks import areas, combo, lines
from air_cli.read.marks.combo import _is_of
from air_cli.read.marks.families import families
from air_cli.read.marks.glyphs import _glyph
from air_cli.read.marks.strokes import Stroke
from air_cli.read.scene import LegendEntry
from air_cli.read.swatches import nearest_shape
from air_cli.records import Text
from tests.read.scenes import new_axes, scene_of


def test_corners_of_steep_lines_are_where_the_two_sides_meet() -> None:
    """The abscissa is half a pixel off: at 10 pixels up for one across that is 5 pixels."""
    xs = np.arange(0, 81, dtype=float)
    ys = np.where(xs <= 40, 200 - 0.1 * xs, 196 - 10 * (xs - 40))
    tall = np.where(xs <= 40, 1.0, 6.0)
    point = Stroke(xs, ys, ys - tall, ys + tall, 2.0).at(40.6)
    assert point is not None
    assert point.y == pytest.approx(196, abs=0.8)
    assert point.reach < 1.5


def test_a_steep_line_ends_at_its_tip() -> None:
    xs = np.arange(20, 60, dtype=float)
    ys = 300 - 8 * (xs - 20)
    point = Stroke(xs, ys, ys - 5, ys + 4, 2.0).at(19.2)
    assert point is not None
    assert point.y == pytest.approx(304, abs=1)


def test_a_line_that_compression_broke_into_two_shades_is_one() -> None:
    rgb = np.full((300, 500, 3), 255, np.uint8)
    for x in range(40, 460):
        y = round(150 + 60 * np.sin(x / 50))
        rgb[y - 1 : y + 2, x] = (78, 72, 126) if (x // 20) % 2 else (72, 76, 117)
    figure, axes = new_axes(5, 3)
    scene = scene_of(figure, axes, "linear")
    scene.rgb, scene.texts, scene.plot = rgb, [], (30.0, 30.0, 470.0, 270.0)
    assert len(families(cut_plot(scene))) == 1
    assert len(lines.find_lines(cut_plot(scene))) == 1


def test_a_marker_has_its_own_colour_whatever_stands_to_its_left() -> None:
    rgb = np.full((40, 260, 3), 255, np.uint8)
    for left, color in ((10, (40, 10, 120)), (96, (150, 146, 205))):
        rgb[19:21, left : left + 30] = color
        rgb[15:25, left + 10 : left + 20] = color
    figure, axes = new_axes()
    scene = scene_of(figure, axes, "linear")
    scene.rgb = rgb
    glyph = _glyph(scene, Text("Second", (130.0, 10.0, 190.0, 30.0), "legend"))
    assert glyph is not None
    assert distance(glyph.color, "#9692cd") < 3


def test_the_frame_of_a_legend_is_no_swatch() -> None:
    ink = np.zeros((40, 90), bool)
    ink[7, 5:85] = True
    assert nearest_shape(ink, 34.0, 20.0, edge=False) is None
    ink[19:21, 40:70] = True
    assert nearest_shape(ink, 34.0, 20.0, edge=False) == (40, 19, 70, 21)


def test_an_entry_in_nearly_the_colour_of_bars_names_the_line() -> None:
    def entry(name: str, color: str) -> LegendEntry:
        return LegendEntry(name, color, (20.0, 0.0, 90.0, 18.0), (0.0, 1.0, 15.0, 16.0))

    legend = [entry("Bars", "#7f5095"), entry("Rate", "#68549a")]
    assert [_is_of(e, {"#7a5197"}, legend) for e in legend] == [True, False]


def test_a_line_over_groups_of_three_bars_is_found() -> None:
    figure, axes = new_axes(8, 5, 100)
    rng = np.random.default_rng(3)
    for k, color in enumerate(("#f28e2b", "#e15759", "#76b7b2")):
        heights = rng.uniform(20, 60, 6)
        axes.bar(np.arange(6) + 0.25 * (k - 1), heights, 0.24, color=color, label=f"s{k}")
    rate = np.array([70.0, 82, 76, 64, 88, 79])
    axes.plot(np.arange(6), rate, "-", color="#2f4b7c", lw=2, label="Rate")
    axes.set_xticks(np.arange(6), [f"FY{n:02d}" for n in range(6)])
    axes.set_ylim(0, 100)
    axes.legend(ncols=4, loc="upper center", bbox_to_anchor=(0.5, 1.12), frameon=False)
    scene = scene_of(figure, axes, "category")
    scene.legend = find_legend(scene)
    reading = combo.read(scene)
    assert reading is not None
    assert reading.kind == "combo"
    read = [m.value for m in reading.marks if m.series == "Rate"]
    assert read == pytest.approx(list(rate), abs=1.0)


def test_a_label_recognised_with_the_zero_beside_it_stays_in_its_row() -> None:
    row = [Text(f"{q}Q15", (80.0 * q, 272.0, 80.0 * q + 42, 292.0)) for q in (2, 3, 4)]
    first = Text("1Q15", (0.0, 257.0, 57.0, 296.0))
    texts = _without_corners([first, *row])
    assert texts[0].bbox_px[1] == 272.0
    assert texts[1:] == row


def test_an_area_goes_down_to_a_zero_that_was_not_read() -> None:
    figure, axes = new_axes(7, 4, 100)
    years = np.arange(2010, 2018)
    low, high = np.array([30.0, 34, 28, 40, 44, 39, 36, 41]), np.full(8, 22.0)
    axes.stackplot(years, low, high, colors=["#78c6ac", "#f89772"])
    axes.set_xlim(2010, 2017)
    axes.set_ylim(0, 80)
    scene = scene_of(figure, axes)
    assert scene.y is not None
    zero = scene.y.px(0.0)
    scene.texts = [t for t in scene.texts if t.text not in ("0", "10")]
    left, top, right, _ = scene.plot
    scene.plot = (left, top, right, scene.y.px(10.0))
    # The first label of the years was recognised with the "0" beside it.
    scene.texts = [
        Text(t.text, (t.bbox_px[0], zero - 9, *t.bbox_px[2:]), t.role) if t.text == "2010" else t
        for t in scene.texts
    ]
    nowhere = (0.0, 0.0, 0.0, 0.0)
    named = (("a", "#78c6ac"), ("b", "#f89772"))
    scene.legend = [LegendEntry(name, color, nowhere, nowhere) for name, color in named]
    reading = areas.read(scene)
    assert reading is not None
    read = {m.category: m.value for m in reading.marks if m.series == "a"}
    assert [read[str(y)] for y in years] == pytest.approx(list(low), abs=0.8)
