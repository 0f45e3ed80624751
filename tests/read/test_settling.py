"""Points between labels that stand beside them, fills in compressed pictures, plots cut too low."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from air_cli.read.chart import see
from air_cli.read.ink import cut_plot
from air_cli.read.marks import areas, lines
from air_cli.read.marks.settling import Knot, settled
from air_cli.read.marks.strokes import Stroke
from tests.read.scenes import new_axes, scene_of

YEARS = np.arange(2010, 2018)


def _zigzag(places: np.ndarray) -> Stroke:
    xs = np.arange(places[0], places[-1] + 1)
    ys = np.interp(xs, places, 100 + 60 * (np.arange(len(places)) % 2))
    return Stroke(xs, ys, ys - 1, ys + 1, 2.0)


def test_labels_that_stand_beside_their_points_are_put_to_even_places() -> None:
    places = 20 + 30.0 * np.arange(9)
    beside = places + np.array([9, -2, 1.5, 0, -1.5, 2, -1, 1, 0])
    knots = [Knot(float(px), str(2000 + n), 2000.0 + n) for n, px in enumerate(beside)]
    found = np.array([knot.px for knot in settled(knots, [_zigzag(places)], 0.0)])
    assert np.abs(found - places).max() < 0.6


def test_points_that_are_not_evenly_spaced_stay_where_they_are() -> None:
    places = np.array([20.0, 50, 95, 110, 180, 200, 290])
    knots = [Knot(float(px), name) for px, name in zip(places, "abcdefg", strict=True)]
    found = np.array([knot.px for knot in settled(knots, [_zigzag(places)], 0.0)])
    assert np.abs(found - places).max() < 1.5


def test_the_edge_of_a_fill_is_found_in_a_blurred_and_compressed_picture() -> None:
    figure, axes = new_axes(4.5, 4, 100)
    values = np.array([150.0, 95, 190, 144, 212, 160, 60, 100])
    axes.fill_between(YEARS, values, color="#656096", lw=0)
    axes.set_xlim(2009.5, 2017.5)
    axes.set_ylim(0, 250)
    scene = scene_of(figure, axes)
    height, width = scene.rgb.shape[:2]
    stored = io.BytesIO()
    small = Image.fromarray(scene.rgb).resize((int(0.9 * width), int(0.9 * height)))
    small.save(stored, "JPEG", quality=50)
    scene.rgb = np.asarray(Image.open(stored).resize((width, height)).convert("RGB"))
    reading = areas.read(scene)
    assert reading is not None
    assert [m.value for m in reading.marks] == pytest.approx(list(values), abs=2.2)


def test_lines_below_the_lowest_tick_are_followed_down_to_the_labels_of_the_axis() -> None:
    figure, axes = new_axes(6, 4, 100)
    values = np.array([45.0, 40, 12, 11, 13, 35, 44, 14])
    axes.plot(YEARS, values, color="#e15759", lw=2)
    axes.set_ylim(10, 50)
    scene = scene_of(figure, axes)
    left, top, right, bottom = scene.plot
    assert scene.y is not None
    scene.plot = (left, top, right, scene.y.px(20.0))
    assert cut_plot(scene, reach=True).shape[0] > bottom - top - 12
    reading = lines.read(scene)
    assert reading is not None
    assert [m.value for m in reading.marks] == pytest.approx(list(values), abs=0.4)


def test_a_colour_that_the_legend_shows_is_not_the_ground() -> None:
    figure, axes = new_axes(7, 4, 100)
    shares = [np.full(8, 15.0) + YEARS % 3, np.full(8, 68.0), np.full(8, 17.0) - YEARS % 3]
    axes.stackplot(YEARS, shares, colors=["#555555", "#dddddd", "#999999"], labels=list("XYZ"))
    axes.set_xlim(2010, 2017)
    axes.set_ylim(0, 100)
    names = ["Consulting", "Licences", "Wholesale"]
    axes.legend(axes.collections, names, loc="center left", bbox_to_anchor=(1.02, 0.5))
    figure.subplots_adjust(right=0.72)
    scene = scene_of(figure, axes)
    again = see(scene.rgb, scene.texts)
    assert again.background == (255, 255, 255)
