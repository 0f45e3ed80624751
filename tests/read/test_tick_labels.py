"""Tick labels: few of them, or set aslant."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from air_cli.read.category_rows import _placed, find_category_row
from air_cli.read.layout import find_axes
from air_cli.read.plot import find_frame
from air_cli.read.plot_box import _label_row
from air_cli.read.scene import Scene
from air_cli.read.slanted_values import slanted_values
from air_cli.read.tick_labels import _evenness, value_axes
from air_cli.read.time_axis import fit_time
from air_cli.records import Text


def _scene(upper: str, lower: str, *, ticked: bool) -> Scene:
    """A spine with two labels at rows 100 and 180 of 400."""
    rgb = np.full((400, 600, 3), 255, np.uint8)
    rgb[40:340, 60:62] = 60
    rgb[338:340, 60:560] = 60
    if ticked:
        rgb[99:101, 54:60] = rgb[179:181, 54:60] = 60
    places = zip((upper, lower), (100, 180), strict=True)
    texts = [Text(name, (20.0, at - 7.0, 50.0, at + 7.0), "other", 1.0) for name, at in places]
    return Scene(rgb, texts)


@pytest.mark.parametrize(
    ("upper", "lower", "ticked", "fits"),
    [
        ("1000", "500", True, True),
        ("1000", "500", False, False),
        ("980", "520", True, False),
    ],
)
def test_two_labels_are_an_axis_where_they_are_ticked_steps(
    upper: str, lower: str, ticked: bool, fits: bool
) -> None:
    scene = _scene(upper, lower, ticked=ticked)
    found = value_axes(scene, find_frame(scene.rgb), scene.texts, "y")
    assert bool(found) == fits
    if fits:
        assert found[0].fit.value(140) == pytest.approx(750, abs=8)


def _aslant(widths: tuple[int, ...], *, centred: bool) -> list[Text]:
    """Names at ticks 100, 200, … whose middles, or upper right ends, are at their ticks."""
    texts = []
    for number, wide in enumerate(widths, start=1):
        left = 100 * number - (wide / 2 if centred else wide)
        box = (left, 300.0, left + wide, 300.0 + 0.6 * wide)
        texts.append(Text("n" * (wide // 10), box, "other", 1.0, 30.0))
    return texts


@pytest.mark.parametrize("centred", [True, False])
def test_names_set_aslant_stand_at_their_ticks(centred: bool) -> None:
    placed = _placed(_aslant((60, 120, 80, 150, 70), centred=centred), 8.0)
    middles = [(t.bbox_px[0] + t.bbox_px[2]) / 2 for t in placed]
    for number, middle in enumerate(middles, start=1):
        assert middle == pytest.approx(100 * number, abs=12)


def test_names_set_aslant_end_the_plot() -> None:
    scene = Scene(np.full((500, 700, 3), 255, np.uint8), _aslant((60, 120, 80, 150), centred=True))
    assert _label_row(scene, 296.0, (50.0, 600.0)) == pytest.approx(298, abs=3)


@pytest.mark.parametrize(("values", "even"), [((20, 80, 100), True), ((41, 52, 97), False)])
def test_a_scale_may_lack_labels_that_were_not_read(
    values: tuple[float, ...], *, even: bool
) -> None:
    assert (_evenness(values, "linear") > 0.6) == even


def test_two_slanted_numbers_far_apart_are_no_axis() -> None:
    """As the dashes of a steep line are read."""
    rgb = np.full((300, 400, 3), 255, np.uint8)
    boxes = [(100.0, 40.0, 118.0, 62.0), (220.0, 210.0, 238.0, 232.0)]
    texts = [Text("800", box, "other", 0.9, -56.0) for box in boxes]
    assert slanted_values(Scene(rgb, texts), find_frame(rgb)) == []


@pytest.mark.parametrize(("upper", "fits"), [("30 %", True), ("30.127 %", False)])
def test_two_labels_on_their_grid_lines_beside_a_row_of_years_are_an_axis(
    upper: str, fits: bool
) -> None:
    image = Image.new("RGB", (420, 330), "white")
    draw = ImageDraw.Draw(image)
    for y in (50, 135, 305):
        draw.line((6, y, 410, y), fill="#cccccc")
    draw.line((6, 5, 6, 305), fill="#555577")
    texts = [
        Text(upper, (9.0, 31.0, 36.0, 45.0)),
        Text("20", (9.0, 116.0, 26.0, 130.0)),
        *(Text(str(1994 + 4 * n), (8.0 + 64 * n, 310.0, 37.0 + 64 * n, 324.0)) for n in range(6)),
    ]
    rgb = np.array(image)
    scene = Scene(rgb, texts)
    find_axes(scene, find_frame(rgb), rgb)
    found = scene.y is not None and abs(scene.y.px(30) - 50.5) < 1
    assert found == fits


def test_what_is_left_of_a_label_is_the_time_that_its_place_says() -> None:
    words = ["1999", "2000", "2001", "0", "2003", "2004", "2005", "2006"]
    labels = [
        Text(w, (20 + 40.0 * n, 100, 45 + 40.0 * n, 112), "tick") for n, w in enumerate(words)
    ]
    fit = fit_time("x", labels, [])
    assert fit is not None
    assert [t.text for t in fit.ticks] == [str(year) for year in range(1999, 2007)]
    named = [replace(t, text="forecast") if t.text == "0" else t for t in labels]
    other = fit_time("x", named, [])
    assert other is not None
    assert other.ticks[3].text == "forecast"


def test_a_row_of_quarters_goes_on_beside_a_plot_that_was_guessed_too_small() -> None:
    words = [f"Q{n % 4 + 1} {2018 + n // 4}" for n in range(9)]
    texts = [Text(w, (70 + 88.0 * n, 372, 126 + 88.0 * n, 390)) for n, w in enumerate(words)]
    texts.append(Text("Q3 2021", (960, 372, 1016, 390)))  # not at their pace
    scene = Scene(np.full((420, 1040, 3), 255, np.uint8), texts, (60, 20, 420, 360))
    find_category_row(scene, find_frame(scene.rgb))
    assert scene.x is not None
    assert [t.text for t in scene.x.ticks] == words
    assert scene.plot[2] > 790


def test_upright_years_are_the_row_and_the_level_names_beside_them_are_not() -> None:
    rgb = np.full((650, 935, 3), 255, np.uint8)
    rgb[88:581, 50] = rgb[580, 50:830] = 60
    years = ("2002", "2006", "2007", "2008", "2009")
    texts = [
        *(
            Text(year, (81.0 + 177 * n, 586.0, 99.0 + 177 * n, 623.0), angle=90.0)
            for n, year in enumerate(years)
        ),
        Text("Females", (840.0, 595.0, 885.0, 612.0)),
    ]
    scene = Scene(rgb, texts, (50.0, 88.0, 830.0, 581.0))
    find_category_row(scene, find_frame(rgb))
    assert scene.x is not None
    assert tuple(tick.text for tick in scene.x.ticks) == years
