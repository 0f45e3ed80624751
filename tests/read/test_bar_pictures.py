"""Rules for bars, each on a small picture drawn by hand: no recognition, a few milliseconds."""

from __future__ import annotations

import numpy as np
import pytest

from air_cli.read.legend import find_legend
from air_cli.read.marks.bars import find_columns
from air_cli.read.marks.bars_cut import Rect, cut
from air_cli.read.marks.bars_merged import parted
from air_cli.read.marks.bars_rects import flat_rects
from air_cli.read.marks.waterfall import floating
from air_cli.read.plot import without_text
from air_cli.read.rim import without_rim
from air_cli.read.scene import Rgb, Scene
from air_cli.records import Text

WHITE, BLUE, ORANGE = (255, 255, 255), (31, 119, 180), (255, 127, 14)


def page(width: int, height: int, color: tuple[int, int, int] = WHITE) -> Rgb:
    return np.full((height, width, 3), color, np.uint8)


def fill(rgb: Rgb, box: tuple[int, int, int, int], color: tuple[int, int, int]) -> None:
    rgb[box[1] : box[3], box[0] : box[2]] = color


def letters(rgb: Rgb, box: tuple[int, int, int, int]) -> None:
    """Strokes that fill the middle of a box as letters do."""
    for x in range(box[0] + 3, box[2] - 2, 5):
        fill(rgb, (x, box[1] + 3, x + 2, box[3] - 3), (0, 0, 0))


def test_a_label_does_not_shorten_the_bar_it_touches() -> None:
    rgb = page(200, 60)
    fill(rgb, (20, 20, 104, 40), BLUE)
    box = (100, 18, 140, 42)  # begins inside the bar
    letters(rgb, (105, 18, 140, 42))
    clean = without_text(rgb, [Text("1,234", tuple(map(float, box)))])  # type: ignore[arg-type]
    assert (clean[22:38, 100:104] == BLUE).all()
    assert (clean[24:36, 106:138] == WHITE).all()


def test_a_sheet_around_a_chart_takes_the_colour_of_the_page() -> None:
    sheet = page(300, 200, (223, 227, 232))
    fill(sheet, (20, 12, 290, 180), (20, 20, 24))
    fill(sheet, (40, 60, 90, 150), BLUE)
    rgb = without_rim(sheet, [Text("Title", (40.0, 20.0, 90.0, 34.0))])
    assert (rgb[0, 0] == (20, 20, 24)).all() and (rgb[100, 60] == BLUE).all()


def test_what_stands_outside_a_panel_is_no_rim() -> None:
    rgb = page(300, 200)
    fill(rgb, (40, 20, 290, 170), (229, 229, 229))
    outside = Text("50", (10.0, 80.0, 30.0, 94.0))
    assert (without_rim(rgb, [outside])[0, 0] == 255).all()


def test_the_ground_between_full_stacks_is_no_series() -> None:
    rgb = page(400, 300)
    fill(rgb, (60, 40, 360, 240), (238, 238, 238))
    for n in range(4):
        top, at = 52 + 48 * n, 160 + 20 * n
        fill(rgb, (60, top, at, top + 32), BLUE)
        fill(rgb, (at, top, 340, top + 32), ORANGE)
    scene = Scene(rgb, plot=(60.0, 40.0, 360.0, 240.0), background=WHITE)
    found = find_columns(scene)
    assert found is not None
    assert {s.color for s in found[1].segments} == {"#1f77b4", "#ff7f0e"}


def test_a_fill_that_is_nearly_the_ground_is_a_fill() -> None:
    rgb = page(200, 100, (229, 229, 229))
    fill(rgb, (40, 20, 80, 90), (221, 221, 221))
    upright, _ = flat_rects(cut(rgb, (0.0, 0.0, 200.0, 100.0), [(229, 229, 229)]))
    assert [r.box for r in upright] == [(40.0, 20.0, 80.0, 90.0)]


@pytest.mark.parametrize("kind", ["pale", "read as a letter"])
def test_a_legend_tells_where_its_other_swatches_are(kind: str) -> None:
    rgb = page(300, 120)
    names = ("Alpha", "Beta", "Gamma")
    colors = ((31, 119, 180), (255, 127, 14), (246, 246, 246) if kind == "pale" else (44, 160, 44))
    texts: list[Text] = []
    for n, (name, color) in enumerate(zip(names, colors, strict=True)):
        top = 20 + 24 * n
        fill(rgb, (20, top, 36, top + 14), color)
        texts.append(Text(name, (44.0, top - 1.0, 90.0, top + 15.0)))
        letters(rgb, (44, top - 1, 90, top + 15))
    if kind != "pale":
        texts.append(Text("1", (18.0, 66.0, 38.0, 84.0)))
    entries = find_legend(Scene(rgb, texts, plot=(120.0, 0.0, 300.0, 120.0)))
    assert [(e.name, e.color) for e in entries] == [
        (name, "#{:02x}{:02x}{:02x}".format(*color))
        for name, color in zip(names, colors, strict=True)
    ]


def test_merged_names_are_parted_by_the_places_of_the_bars() -> None:
    merged = Text("GermanýUnited Kingdom Turkey", (236.0, 387.0, 408.0, 403.0))
    names = [name for name, _ in parted(merged, [263.5, 326.5, 389.5])]
    assert names == ["Germaný", "United Kingdom", "Turkey"]


def test_a_grid_that_bars_cut_up_hides_no_waterfall() -> None:
    def bar(x: int, top: float, bottom: float, color: str) -> Rect:
        return Rect(x, top, x + 60, bottom, color)

    steps = [
        bar(0, 100, 300, "#ffd92f"),
        bar(70, 80, 100, "#3a9d5d"),
        bar(140, 30, 80, "#3a9d5d"),
        bar(210, 30, 33, "#a13b36"),  # hardly a change
        bar(280, 33, 60, "#c8443c"),
        bar(350, 60, 300, "#ffd92f"),
    ]
    grid = [Rect(x, 200, x + 66, 203, "#444444") for x in (62, 134, 206, 276)]
    columns = floating([*steps, *grid], vertical=True)
    assert columns is not None and columns.form == "waterfall"
    assert [s.sign for s in columns.segments] == [1, 1, 1, -1, -1, 1]
