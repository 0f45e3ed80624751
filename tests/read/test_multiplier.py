"""The power of ten at the end of an axis."""

from __future__ import annotations

import numpy as np
import pytest

from air_cli.read.multiplier import apply_multipliers
from air_cli.read.scene import AxisFit, Scene
from air_cli.records import Text, Tick


@pytest.mark.parametrize(
    ("word", "place", "top"),
    [
        ("1e8", (60.0, 24.0, 84.0, 38.0), 2e8),
        ("le-3", (60.0, 24.0, 90.0, 38.0), 2e-3),
        ("×10^6", (60.0, 24.0, 96.0, 38.0), 2e6),
        ("1e8", (240.0, 24.0, 264.0, 38.0), 2.0),  # in the middle of the title's line
        ("10", (60.0, 24.0, 84.0, 38.0), 2.0),
    ],
)
def test_the_power_over_a_vertical_axis_scales_it(
    word: str, place: tuple[float, float, float, float], top: float
) -> None:
    ticks = (Tick("0", 0.0, 240.0), Tick("1", 1.0, 145.0), Tick("2", 2.0, 50.0))
    axis = AxisFit("y", "linear", -1 / 95, 240 / 95, ticks)
    texts = [Text(word, place)]
    scene = Scene(np.zeros((300, 500, 3), np.uint8), texts, (60.0, 45.0, 480.0, 240.0), y=axis)
    apply_multipliers(scene)
    assert scene.y is not None
    assert scene.y.value(50.0) == pytest.approx(top)
    assert scene.y.ticks[-1].value == pytest.approx(top)
    assert (scene.texts[0].role == "tick") == (top != 2.0)


def test_a_label_among_labels_with_powers_of_their_own_scales_nothing() -> None:
    ticks = (Tick("1e+8", 1e8, 145.0), Tick("2e+8", 2e8, 50.0))
    axis = AxisFit("y", "linear", -1e8 / 95, 1e8 * 240 / 95, ticks)
    texts = [Text("1e+9", (30.0, 20.0, 64.0, 34.0))]
    scene = Scene(np.zeros((300, 500, 3), np.uint8), texts, (60.0, 45.0, 480.0, 240.0), y=axis)
    apply_multipliers(scene)
    assert scene.y is axis
