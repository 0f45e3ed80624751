"""Bubbles that overlap, hide parts of each other, or are rings."""

from __future__ import annotations

import numpy as np
import pytest

from air_cli.read.marks import scatter
from air_cli.read.marks.circles import find_circles
from air_cli.read.scene import LegendEntry
from tests.read.scenes import new_axes, scene_of

_X = [10, 14, 18, 40, 43, 60, 64, 66, 85, 80]
_Y = [20, 26, 20, 60, 70, 40, 46, 38, 80, 20]
_AREAS = [500, 900, 350, 1200, 420, 800, 300, 650, 250, 1000]


@pytest.mark.parametrize("alpha", [1.0, 0.6])
def test_bubbles_of_two_colours_that_overlap(alpha: float) -> None:
    figure, axes = new_axes()
    colors = {"one": "#265b74", "two": "#d95f0e"}
    for n, color in enumerate(colors.values()):
        own = slice(n, None, 2)
        axes.scatter(_X[own], _Y[own], s=_AREAS[own], color=color, alpha=alpha, linewidths=0)
    axes.set(xlim=(0, 100), ylim=(0, 100))
    scene = scene_of(figure, axes, "linear")
    box = (0.0, 0.0, 1.0, 1.0)
    shown = (
        {"one": "#265b74", "two": "#d95f0e"} if alpha == 1 else {"one": "#7d9dac", "two": "#e89f6e"}
    )
    scene.legend = [LegendEntry(name, color, box, box) for name, color in shown.items()]
    reading = scatter.read(scene)
    assert reading is not None and reading.kind == "bubble"
    assert len(reading.marks) == len(_X)
    for n, (x, y) in enumerate(zip(_X, _Y, strict=True)):
        near = min(reading.marks, key=lambda m: abs((m.x or 0) - x) + abs((m.value or 0) - y))
        assert abs((near.x or 0) - x) < 0.7 and abs((near.value or 0) - y) < 0.7
        assert near.series == ("one", "two")[n % 2]


def test_rings_that_cross() -> None:
    figure, axes = new_axes()
    axes.scatter(_X, _Y, s=_AREAS, facecolors="none", edgecolors="#e0b040", linewidths=1.5)
    axes.set(xlim=(0, 100), ylim=(0, 100))
    axes.grid(color="#dddddd")
    reading = scatter.read(scene_of(figure, axes, "linear"))
    assert reading is not None and reading.kind == "bubble" and len(reading.marks) == len(_X)
    found = sorted((m.x or 0, m.value or 0) for m in reading.marks)
    assert np.abs(np.array(found) - sorted(zip(_X, _Y, strict=True))).max() < 0.8


def test_squares_are_no_circles() -> None:
    rgb = np.full((200, 300, 3), 255, np.uint8)
    for x in range(20, 280, 40):
        rgb[60 + x // 4 : 84 + x // 4, x : x + 24] = (40, 90, 160)
    assert find_circles(rgb, np.zeros(rgb.shape[:2], bool), 30.0) == []


def test_a_picture_without_edges_and_one_that_is_all_edges_have_no_circles() -> None:
    blank = np.full((60, 80, 3), 255, np.uint8)
    assert find_circles(blank, np.zeros((60, 80), bool), 40.0) == []
    lines = np.zeros((700, 700, 3), np.uint8)
    lines[::6] = 255
    assert find_circles(lines, np.zeros((700, 700), bool), 40.0) == []
