"""Rules for bars, each on a small picture drawn by hand: no recognition, a few milliseconds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from air_cli.read.axes import fit_axis
from air_cli.read.bullets import clean_texts
from air_cli.read.legend import find_legend
from air_cli.read.marks import combo, lines
from air_cli.read.marks.bars_cut import Rect, cut
from air_cli.read.marks.bars_fills import framed_rects
from air_cli.read.marks.bars_found import find_columns
from air_cli.read.marks.bars_merged import parted
from air_cli.read.marks.bars_names import category_names
from air_cli.read.marks.bars_rects import flat_rects
from air_cli.read.marks.waterfall import floating
from air_cli.read.painted import without_text
from air_cli.read.plot import plot_background
from air_cli.read.scene import AxisFit, MarkReading, Rgb, Scene
from air_cli.read.unnamed import names_at_feet
from air_cli.records import Mark, Series, Text, Tick

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


def bar(x: int, top: float, bottom: float, color: str) -> Rect:
    """A bar 60 px wide from `x`."""
    return Rect(x, top, x + 60, bottom, color)


def test_a_grid_that_bars_cut_up_hides_no_waterfall() -> None:
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


def test_a_change_too_thin_to_be_seen_is_a_step_of_its_waterfall() -> None:
    seen = [
        bar(0, 100, 300, "#ffd92f"),
        bar(70, 80, 100, "#3a9d5d"),
        bar(140, 30, 80, "#3a9d5d"),
        bar(280, 31.5, 60, "#c8443c"),  # nothing is drawn at 210
        bar(350, 60, 300, "#ffd92f"),
    ]
    columns = floating(seen, vertical=True)
    assert columns is not None and columns.form == "waterfall"
    assert [s.centre for s in columns.segments] == [30, 100, 170, 240, 310, 380]
    assert columns.segments[3].sign == -1 and columns.segments[3].length == pytest.approx(1.5)


def hatched(rgb: Rgb, box: tuple[int, int, int, int]) -> None:
    """A white bar with a black outline and slanted strokes."""
    x0, y0, x1, y1 = box
    fill(rgb, box, WHITE)
    for y in range(y0, y1):
        for x in range(x0, x1):
            if (x + y) % 14 == 0 or x in (x0, x1 - 1) or y in (y0, y1 - 1):
                rgb[y, x] = 0


def test_hatched_bars_are_what_the_ground_does_not_reach() -> None:
    rgb = page(300, 220)
    fill(rgb, (20, 100, 290, 101), (210, 210, 210))  # a grid line
    boxes = [(30, 60, 70, 200), (90, 120, 130, 200), (150, 40, 190, 200)]
    for box in boxes:
        hatched(rgb, box)
    where = cut(rgb, (0.0, 0.0, 300.0, 220.0), [WHITE])
    found = framed_rects(where, (20.0, 20.0, 290.0, 200.0), vertical=True)
    assert sorted(r.box for r in found) == [tuple(map(float, box)) for box in boxes]


def test_the_page_that_shows_between_full_bars_is_the_ground() -> None:
    rgb = page(300, 220)
    for n in range(4):
        fill(rgb, (60, 20 + 50 * n, 280, 66 + 50 * n), (8, 48, 107))
    assert plot_background(rgb, (60.0, 20.0, 280.0, 216.0)) == WHITE


def test_the_uppermost_name_beside_lying_bars_is_no_title() -> None:
    rgb = page(300, 200)
    names = ("Price", "Delivery", "Ease of use")
    texts = []
    for n, name in enumerate(names):
        fill(rgb, (100, 20 + 60 * n, 160 + 40 * n, 50 + 60 * n), BLUE)
        role = "title" if n == 0 else "annotation"
        texts.append(Text(name, (20.0, 27.0 + 60 * n, 92.0, 43.0 + 60 * n), role=role))
    scene = Scene(rgb, texts, plot=(100.0, 10.0, 280.0, 190.0), background=WHITE)
    found = find_columns(scene)
    assert found is not None
    assert category_names(scene, found[1]) == list(names)


def test_labels_flush_with_the_ends_of_an_axis_are_put_back() -> None:
    """Vega moves the first and the last label inwards, so that they end with the axis."""
    labels = [
        Text(f"{10 * n}%", (65.0 * n + 40, 370.0, 65.0 * n + 76, 386.0)) for n in range(1, 10)
    ]
    first = Text("0%", (58.0, 370.0, 82.0, 386.0))
    last = Text("100%", (664.0, 370.0, 708.0, 386.0))
    fit = fit_axis("x", [first, *labels, last])
    assert fit is not None and fit.residual_px < 0.5
    assert fit.value(58.0) == pytest.approx(0.0, abs=0.2)
    assert fit.value(708.0) == pytest.approx(100.0, abs=0.2)


def test_tick_marks_are_no_ones() -> None:
    rgb = page(200, 40)
    texts = [Text(str(n), (20.0 * n, 20.0, 20.0 * n + 14, 34.0)) for n in range(5)]
    ticks = [Text("1", (20.0 * n + 6, 10.0, 20.0 * n + 7, 16.0)) for n in range(5)]
    assert clean_texts(rgb, [*ticks, *texts]) == texts


class Says:
    """A recogniser that says one thing of whatever it is shown."""

    def __init__(self, said: str) -> None:
        self.said = said
        self.shown: list[tuple[int, ...]] = []

    def read_line(self, rgb: Rgb) -> tuple[str, float]:
        self.shown.append(rgb.shape)
        return self.said, 0.95


def test_a_name_that_was_passed_over_is_read_at_its_bar() -> None:
    rgb = page(300, 220)
    letters(rgb, (120, 182, 180, 198))
    marks = tuple(
        Mark("", name, 1.0, 0.9, 1.1, "geometry", (30.0 + 90 * n, 60.0, 90.0 + 90 * n, 176.0))
        for n, name in enumerate(("Alpha", "unnamed 2", "Gamma"))
    )
    ticks = [(60.0, "Alpha"), (240.0, "Gamma")]
    axis = AxisFit("x", "category", 1 / 90, 0.0, tuple(Tick(name, None, at) for at, name in ticks))
    texts = [Text(name, (at - 25, 180.0, at + 25, 200.0), role="tick") for at, name in ticks]
    scene = Scene(rgb, texts, plot=(20.0, 20.0, 290.0, 178.0), x=axis)
    engine: Any = Says("Beta")
    found = names_at_feet(scene, MarkReading("bar", marks), engine)
    assert [t.text for t in found] == ["Beta"] and len(engine.shown) == 1
    assert 115 < found[0].bbox_px[0] < 126 and 174 < found[0].bbox_px[2] < 185


def test_a_line_keeps_its_axis_where_labels_contradict_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Labels of bars that stand near the line's points, at other values, confirm no axis."""
    y = AxisFit("y", "linear", -1.0, 200.0)
    y2 = AxisFit("y2", "linear", -0.5, 100.0)

    def line(scene: Scene) -> MarkReading:
        labels = "55" if scene.y is y else ""
        marks = tuple(
            Mark("Rate", str(n), 50.0, 49.0, 51.0, "geometry", (40.0 * n, 50, 40.0 * n, 50),
                 label=labels)
            for n in range(5)
        )  # fmt: skip
        name = "left" if scene.y is y else "right"
        return MarkReading("line", marks, (Series("Rate"),), problems=(name,))

    monkeypatch.setattr(lines, "read", line)
    monkeypatch.setattr(combo, "_accepted", lambda found, *_: found)
    scene = Scene(page(10, 10), y=y, y2=y2)
    found = combo._lines(scene, scene)
    assert found is not None and found.problems == ("right",)
