"""A flat border around a chart is no part of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from air_cli.read.borders import without_border


def _page(border: int, page: int) -> NDArray[np.uint8]:
    rgb = np.full((300, 420, 3), page, np.uint8)
    rgb[80:220, 100:180] = (30, 90, 160)
    framed = np.full((340, 480, 3), border, np.uint8)
    framed[15:315, 40:460] = rgb
    return framed


def test_a_border_gets_the_colour_of_its_page() -> None:
    for border, page in ((225, 255), (225, 20), (255, 240)):
        rgb = _page(border, page)
        clean = without_border(rgb)
        assert (clean[:12] == page).all() and (clean[:, -15:] == page).all()
        assert (clean[100:200, 145:215] == rgb[100:200, 145:215]).all()


def test_what_has_no_border_stays_as_it_is() -> None:
    chart = np.full((300, 420, 3), 255, np.uint8)
    chart[40:260, 60:400] = (229, 236, 246)  # a plot's tinted panel
    chart[90:260, 90:150] = chart[160:260, 190:250] = (200, 60, 60)
    chart[275:285, 80:120] = 40  # a label under it
    noise = np.random.default_rng(1).integers(0, 256, (300, 420, 3)).astype(np.uint8)
    photo = _page(20, 255)
    photo[15:315, 40:460] = noise
    tight = np.full((300, 420, 3), 255, np.uint8)  # ink up to a margin, no page of its own
    tight[20:280, 30:60] = tight[20:60, 30:390] = tight[240:280, 330:390] = (40, 120, 60)
    for rgb in (chart, noise, photo, tight):
        assert without_border(rgb) is rgb
