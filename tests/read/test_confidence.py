"""How far a reading is believed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from air_cli.read.confidence import confidence
from air_cli.read.scene import AxisFit, LegendEntry, MarkReading, Scene
from air_cli.records import Mark, Series, Tick

TICKS = tuple(Tick(str(v), float(v), 300.0 - v) for v in (0, 50, 100, 150, 200))
Y = AxisFit("y", "linear", -1.0, 300.0, TICKS, 0.2)
BOX = (0.0, 0.0, 9.0, 9.0)
LEGEND = [LegendEntry(name, "#336699", BOX, BOX) for name in "ab"]
SCENE = Scene(np.zeros((9, 9, 3), np.uint8), x=replace(Y, role="x"), y=Y, legend=LEGEND)


def reading(how: str = "both", wide: float = 1.0, problems: tuple[str, ...] = ()) -> MarkReading:
    marks = tuple(
        Mark(name, str(i), 9.0, 9 - wide, 9 + wide, how, BOX, "#336699")  # type: ignore[arg-type]
        for i in range(5)
        for name in "ab"
    )
    series = tuple(Series(name, "#336699", "bar") for name in "ab")
    return MarkReading("bar", marks, series, tuple("01234"), 0.9, problems)


def test_labels_that_geometry_confirms_are_believed() -> None:
    assert confidence(SCENE, [Y], reading()) > 0.93
    assert confidence(SCENE, [Y], reading("label")) < confidence(SCENE, [Y], reading())


def test_what_was_not_read_well_is_believed_less() -> None:
    sure = confidence(SCENE, [Y], reading("geometry"))
    rough = replace(Y, residual_px=1.5, ticks=TICKS[:2])
    assert confidence(SCENE, [rough], reading("geometry")) < sure - 0.1
    assert confidence(SCENE, [Y], reading("geometry", wide=20.0)) < sure
    unnamed = ("no name found for the red line", "no name found for the blue line")
    assert confidence(SCENE, [Y], reading("geometry", problems=unnamed)) < sure - 0.1


def test_marks_without_a_value_count_for_nothing() -> None:
    whole = reading()
    half = replace(whole, marks=(*whole.marks, *(replace(m, value=None) for m in whole.marks)))
    assert confidence(SCENE, [Y], half) < 0.55
    assert confidence(SCENE, [Y], replace(whole, marks=())) == 0.0
