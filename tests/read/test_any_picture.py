"""Whatever a picture holds, reading it ends in a chart that says what was not read."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from air_cli.read.chart import read_chart
from air_cli.read.marks.scatter import _centroid
from air_cli.read.plot_box import clipped
from air_cli.records import Text

_WORDS = ("0", "10", "20", "30", "7.5%", "2019", "2020", "2021", "1Q15", "2Q15", "North", "South")


def _scribble(seed: int) -> tuple[np.ndarray, list[Text]]:
    """A picture of rectangles, dots and lines with texts anywhere, some in rows and columns."""
    rng = np.random.default_rng(seed)
    height, width = (int(v) for v in rng.integers(24, 400, 2))
    rgb = np.full((height, width, 3), rng.choice([255, 240, 30]), np.uint8)
    for _ in range(int(rng.integers(0, 14))):
        x0, y0 = int(rng.integers(0, width)), int(rng.integers(0, height))
        w, h = (int(v) for v in rng.choice([1, 3, 8, 40, 400], 2))
        rgb[y0 : y0 + h, x0 : x0 + w] = rng.integers(0, 256, 3)
    column, row = (float(v) for v in (rng.integers(0, width), rng.integers(0, height)))
    texts = []
    for i in range(int(rng.integers(0, 18))):
        x, y = float(rng.integers(0, width)), float(rng.integers(0, height))
        x, y = [(x, y), (column, 15.0 * i), (30.0 * i, row)][int(rng.integers(3))]
        texts.append(Text(str(rng.choice(_WORDS)), (x, y, x + 24, y + 10), confidence=0.9))
    return rgb, texts


@pytest.mark.parametrize("seed", range(40))
def test_reading_ends_in_a_chart(seed: int) -> None:
    rgb, texts = _scribble(seed)
    chart, _ = read_chart(rgb, texts=texts)
    assert chart.marks or chart.problems


def test_a_quarter_row_above_a_legend_bounds_the_plot() -> None:
    """Bars that fill the picture leave only the swatches to guess the plot by."""
    rgb = np.full((300, 500, 3), 255, np.uint8)
    rgb[40:240, 5:495] = (200, 60, 60)
    rgb[280:292, 100:112] = (60, 60, 200)
    row = [
        Text(f"{q + 1}Q15", (20 + 120 * q, 245, 60 + 120 * q, 257), confidence=1) for q in range(4)
    ]
    chart, _ = read_chart(rgb, texts=[*row, Text("Futures", (118, 280, 170, 292), confidence=1)])
    assert chart.problems or chart.marks


def test_the_centre_of_a_dot_in_the_last_row() -> None:
    cover = np.zeros((5, 5), np.float32)
    cover[2:, 2:] = 1
    labels = (cover > 0).astype(np.int32)
    found = _centroid(cover, labels, np.array([2, 2, 3, 3, 9], np.int32), 1)
    assert found == pytest.approx((3, 3))


@given(
    st.tuples(*[st.floats(-500, 500) for _ in range(4)]), st.integers(1, 300), st.integers(1, 300)
)
def test_a_clipped_box_is_a_box_in_the_picture(
    box: tuple[float, float, float, float], width: int, height: int
) -> None:
    left, top, right, bottom = clipped(box, width, height)
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
