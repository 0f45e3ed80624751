"""Colours: distance, names, backgrounds, palettes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from air_cli.read import colors
from air_cli.read.palette import Palette

BYTE = st.integers(0, 255)
RGB = st.tuples(BYTE, BYTE, BYTE)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [  # from the test data of Sharma, Wu & Dalal (2005)
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0000),
        ((50.0, 2.5, 0.0), (50.0, 0.0, -2.5), 4.3065),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_ciede2000_agrees_with_the_published_pairs(
    first: tuple[float, ...], second: tuple[float, ...], expected: float
) -> None:
    assert float(colors.delta_e(np.array(first), np.array(second))) == pytest.approx(
        expected, abs=1e-3
    )


@given(RGB, RGB)
def test_distance_is_symmetric_and_zero_only_for_the_same(
    a: tuple[int, int, int], b: tuple[int, int, int]
) -> None:
    one, two = colors.to_hex(a), colors.to_hex(b)
    assert colors.distance(one, two) == pytest.approx(colors.distance(two, one), abs=1e-6)
    assert colors.distance(one, one) == 0


@given(RGB)
def test_hex_round_trip(color: tuple[int, int, int]) -> None:
    assert colors.from_hex(colors.to_hex(color)) == color


@pytest.mark.parametrize("bad", ["", "#12", "blue", "#gggggg"])
def test_not_a_colour_is_refused(bad: str) -> None:
    with pytest.raises(ValueError):
        colors.from_hex(bad)


@pytest.mark.parametrize(
    ("color", "name"),
    [
        ("#0f283e", "navy"),
        ("#000080", "navy"),
        ("#1f77b4", "blue"),
        ("#a6cee3", "light blue"),
        ("#444444", "dark grey"),
        ("#888888", "grey"),
        ("#8b5a2b", "brown"),
        ("#2ca02c", "green"),
        ("#ff7f0e", "orange"),
        ("#d62728", "red"),
        ("#9467bd", "purple"),
        ("#000000", "black"),
        ("#ffffff", "white"),
        ("#ffdd00", "yellow"),
        ("#17a2a2", "teal"),
    ],
)
def test_names_are_those_that_people_use(color: str, name: str) -> None:
    assert colors.color_name(color) == name


def _page(width: int = 120, height: int = 80) -> np.ndarray:
    return np.full((height, width, 3), 255, np.uint8)


def test_page_background_is_the_rims_even_when_a_fill_covers_more() -> None:
    rgb = _page()
    rgb[6:-6, 6:-6] = (59, 88, 100)
    assert colors.background(rgb) == (59, 88, 100)
    assert colors.page_background(rgb) == (255, 255, 255)


def test_text_colour_is_right_when_letters_are_all_edge() -> None:
    rgb = _page(40, 16)
    full = np.array([148, 157, 72])
    for column, share in ((5, 0.5), (9, 0.7), (13, 0.4), (17, 0.6)):
        rgb[3:13, column] = (255 + share * (full - 255)).astype(np.uint8)
    found = colors.ink_color(rgb, (0, 0, 40, 16))
    r, g, b = colors.from_hex(found)
    assert b < r < g + 5, "the hue of the letters is kept"


def test_a_blank_box_has_no_ink() -> None:
    assert colors.ink_color(_page(), (10, 10, 40, 30)) == ""
    assert colors.ink_color(_page(), (500, 500, 540, 530)) == ""


def test_palette_gives_an_antialiased_line_one_colour() -> None:
    rgb = _page(200, 100)
    color = np.array([31, 119, 180])
    for x in range(200):
        y = 20 + 0.31 * x
        for row in range(int(y) - 2, int(y) + 4):
            cover = np.clip(1.2 - abs(row + 0.5 - y), 0, 1)
            rgb[row, x] = (rgb[row, x] + cover * (color - rgb[row, x])).astype(np.uint8)
    palette = Palette(rgb, (255, 255, 255))
    assert len(palette.inks) == 1
    assert colors.distance(palette.inks[0].color, "#1f77b4") < 6
    cover = palette.coverage(0)
    rows = np.arange(100) + 0.5
    centres = (cover * rows[:, None]).sum(axis=0) / cover.sum(axis=0)
    assert np.abs(centres - (20 + 0.31 * np.arange(200))).max() < 0.35


def test_palette_keeps_close_shades_of_a_clean_drawing_apart() -> None:
    rgb = _page(120, 90)
    shades = [(183, 212, 234), (148, 196, 223), (106, 174, 214)]
    for i, shade in enumerate(shades):
        rgb[20:70, 10 + 30 * i : 40 + 30 * i] = shade
    palette = Palette(rgb, (255, 255, 255))
    assert {ink.color for ink in palette.inks} == {colors.to_hex(s) for s in shades}


def test_palette_of_an_empty_plot() -> None:
    palette = Palette(_page(), (255, 255, 255))
    assert palette.inks == []
    assert palette.nearest(np.array([50.0, 0, 0]))[0] == -1
