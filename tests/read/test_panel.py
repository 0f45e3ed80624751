"""Tinted panels told from large marks of one colour."""

from __future__ import annotations

import numpy as np

from air_cli.read.panel import find_panels, own_panel
from air_cli.read.scene import Scene
from air_cli.records import Text


def test_a_tinted_plot_is_a_panel() -> None:
    rgb = np.full((400, 600, 3), 255, np.uint8)
    rgb[60:340, 80:560] = (229, 236, 246)
    rgb[60:340, 200::120] = 255  # grid lines
    rgb[200:340, 120:180] = (200, 60, 40)
    panel = own_panel(Scene(rgb, plot=(80.0, 60.0, 560.0, 340.0)))
    assert panel is not None and panel.color == (229, 236, 246)
    assert np.abs(np.array(panel.box) - (80, 60, 560, 340)).max() <= 2


def test_pale_bars_are_no_panel() -> None:
    rgb = np.full((400, 600, 3), 255, np.uint8)
    for top in range(60, 340, 40):
        rgb[top : top + 28, 80:560] = (226, 226, 222)
    colors = [panel.color for panel in find_panels(rgb)]
    assert (226, 226, 222) not in colors


def test_a_panel_goes_on_over_tall_bars() -> None:
    rgb = np.full((400, 600, 3), 255, np.uint8)
    rgb[50:350, 60:560] = (229, 236, 246)
    for left in (450, 480):
        rgb[62:350, left : left + 30] = (53, 80, 112)
    boxes = [p.box for p in find_panels(rgb) if p.color == (229, 236, 246)]
    assert boxes == [(60.0, 50.0, 560.0, 350.0)]


def test_what_a_row_of_bars_leaves_free_is_no_panel() -> None:
    rgb = np.full((400, 600, 3), 255, np.uint8)
    rgb[60:340, 80:560] = (235, 235, 235)
    for n in range(9):
        left = 84 + 53 * n
        rgb[70 + 15 * n : 340, left : left + 50] = (242, 142, 43)
    scene = Scene(rgb, plot=(80.0, 60.0, 560.0, 340.0))
    # The labels' boxes take in their tick marks.
    rows = [(60.0 + 35 * n) for n in range(9)]
    scene.texts = [Text("10-", (40.0, y - 8, 84.0, y + 8), "tick") for y in rows]
    panel = own_panel(scene)
    assert panel is None or panel.box[3] > 330


def test_a_panel_goes_on_beside_wide_bars() -> None:
    rgb = np.full((400, 600, 3), 255, np.uint8)
    rgb[50:350, 60:560] = (229, 236, 246)
    for left in range(64, 556, 62):
        rgb[180:350, left : left + 58] = (42, 157, 143)
    boxes = [p.box for p in find_panels(rgb) if p.color == (229, 236, 246)]
    assert boxes == [(60.0, 50.0, 560.0, 350.0)]


def test_a_panel_goes_on_beyond_one_long_bar() -> None:
    rgb = np.full((700, 1000, 3), 255, np.uint8)
    rgb[64:620, 60:904] = (229, 236, 246)
    for top, end in ((73, 700), (183, 760), (295, 520), (406, 872), (518, 640)):
        rgb[top : top + 94, 60:end] = (141, 87, 75)
    boxes = [p.box for p in find_panels(rgb) if p.color == (229, 236, 246)]
    assert len(boxes) == 1 and boxes[0][3] == 620
