"""What the marks of a plot lie on, and how far down it goes."""

from __future__ import annotations

import numpy as np

from air_cli.read.plot import panel_foot, plot_background
from air_cli.read.scene import Rgb

_TINT = (222, 234, 241)


def panel(color: tuple[int, int, int]) -> Rgb:
    """A white page with a panel from row 40 to 240, white grid lines and a wide white label."""
    rgb = np.full((300, 400, 3), 255, np.uint8)
    rgb[40:240, 20:380] = color
    rgb[60:240:40, 20:380] = 255
    rgb[70:120, 60:160] = 255
    return rgb


def test_a_pale_panel_is_the_ground_even_where_the_page_shows() -> None:
    assert plot_background(panel(_TINT), (20, 40, 380, 180)) == _TINT


def test_wide_bars_are_not_the_ground() -> None:
    assert plot_background(panel((40, 90, 160)), (20, 40, 380, 240)) == (255, 255, 255)


def test_a_tinted_plot_reaches_the_foot_of_its_panel() -> None:
    assert panel_foot(panel(_TINT), (20, 40, 380, 190), 290) == 240
    assert panel_foot(panel(_TINT), (20, 40, 380, 190), 230) == 230
    assert panel_foot(panel((255, 255, 255)), (20, 40, 380, 190), 290) == 190
