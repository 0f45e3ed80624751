"""Whether a picture that looks like marks of a chart says how much they are."""

from __future__ import annotations

from air_cli.read.numbers import parse_number
from air_cli.read.scene import MarkReading, Scene
from air_cli.read.times import parse_time

NO_CHART = "this does not look like a chart: no axis with numbers and no printed values"
_ENOUGH_NUMBERS = 2


def is_measured(scene: Scene, reading: MarkReading) -> bool:
    """A chart has an axis with numbers or points in time, or prints its values; slices of a pie
    need neither. The boxes of a flow chart, the strokes of a photograph or the letters of a logo
    may well line up like bars and lines, but nothing there is a number."""
    if reading.kind in ("pie", "donut"):
        return True
    fits = [fit for fit in (scene.x, scene.y, scene.y2) if fit]
    if any(fit.kind in ("linear", "log") for fit in fits):
        return True
    printed = [t for t in scene.texts if parse_number(t.text) or parse_time(t.text) is not None]
    return len(printed) >= _ENOUGH_NUMBERS
