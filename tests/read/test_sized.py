"""Very large pictures: read small, told in their own pixels."""

from __future__ import annotations

import numpy as np

from air_cli.read.sized import LARGEST, chart_at, shrunk
from air_cli.records import Axis, Chart, Mark, Text, Tick


def test_pictures_of_usual_size_stay_as_they_are() -> None:
    rgb = np.zeros((300, LARGEST, 3), np.uint8)
    assert shrunk(rgb)[0] is rgb and shrunk(rgb)[1] == 1.0


def test_boxes_come_back_in_the_pixels_of_the_picture() -> None:
    small, factor = shrunk(np.zeros((1000, 2 * LARGEST, 3), np.uint8))
    assert max(small.shape) < LARGEST
    mark = Mark("a", "b", 1.0, 1.0, 1.0, "label", (10.0, 20.0, 30.0, 40.0))
    axis = Axis("y", "linear", (Tick("1", 1.0, 50.0),), residual_px=0.5)
    chart = Chart("p1-f1", "bar", axes=(axis,), marks=(mark,), text=(Text("b", (1, 2, 3, 4)),))
    big = chart_at(chart, 1 / factor, (2 * LARGEST, 1000))
    assert abs(big.marks[0].bbox_px[2] - 30 / factor) < 1e-6
    assert abs(big.axes[0].ticks[0].px - 50 / factor) < 1e-6
    assert big.size_px == (2 * LARGEST, 1000)
