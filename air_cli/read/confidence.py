"""How far to believe a reading, from what was measured while it was made."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

from air_cli.read.scene import AxisFit, MarkReading, Scene

# Logistic regression on generated charts of five renderers: the share of a chart's values that
# were read under the right names within 1% of the axis, on the signals below. How many series
# there are, how far behind the second kind of chart came and how sure the recogniser was of the
# texts told nothing more.
_WEIGHTS = {
    "score": 0.7,
    "residual": -0.85,
    "no value axis": -0.35,
    "few ticks": -0.45,
    "no x axis": -0.35,
    "checked": 0.7,
    "label only": -0.45,
    "unnamed": -1.25,
    "left out": -0.3,
    "repaired": -0.3,
    "problems": -1.1,
    "width": -1.1,
    "no legend": -0.7,
    "lines": -0.55,
    "joined": -0.35,
}
_START = 2.2
_LINES = ("line", "area", "stacked-area")
_JOINED = ("stacked-bar", "stacked-barh", "combo", "range", "box", "heatmap", "dot")


def confidence(scene: Scene, fits: Sequence[AxisFit], reading: MarkReading | None) -> float:
    """The share of a reading's values that are expected to be right, 0..1; none is where a mark
    has no value."""
    if reading is None or not reading.marks:
        return 0.0
    known = sum(mark.value is not None for mark in reading.marks) / len(reading.marks)
    total = _START + sum(_WEIGHTS[k] * v for k, v in signals(scene, fits, reading).items())
    return round(known / (1 + math.exp(-total)), 3)


def signals(scene: Scene, fits: Sequence[AxisFit], reading: MarkReading) -> dict[str, float]:
    """What speaks for a reading or against it, by the names of the weights, each about 0..1."""
    count = max(1, len(reading.marks))
    lies = reading.kind.endswith("barh")
    values = [f for f in fits if f.kind in ("linear", "log") and (f.role != "x" or lies)]
    ticks = min((len(fit.ticks) for fit in values), default=0)
    told = [problem for fit in fits for problem in fit.problems]
    series = max(1, len(reading.series))
    unnamed = sum("name" in problem for problem in reading.problems)
    return {
        "score": reading.score,
        "residual": min(3.0, max((fit.residual_px for fit in values), default=0.0)),
        "no value axis": float(not values),
        "few ticks": float(0 < ticks < 4),
        "no x axis": float(scene.x is None),
        "checked": sum(mark.how == "both" for mark in reading.marks) / count,
        "label only": sum(mark.how == "label" for mark in reading.marks) / count,
        "unnamed": min(1.0, unnamed / series),
        "left out": min(1.0, sum("left out" in p for p in told) / max(1, ticks)),
        "repaired": min(1.0, sum("was read as" in p for p in told) / max(1, ticks)),
        "problems": min(3.0, len(reading.problems) - unnamed) / 3,
        "width": min(1.0, 10 * _width(reading, values)),
        "no legend": float(series > 1 and not scene.legend),
        "lines": float(reading.kind in _LINES),
        "joined": float(reading.kind in _JOINED),
    }


def _width(reading: MarkReading, values: Sequence[AxisFit]) -> float:
    """The usual width of the values' intervals as a share of the axis."""
    wide = [m.high - m.low for m in reading.marks if m.high is not None and m.low is not None]
    known = [t.value for fit in values for t in fit.ticks if t.value is not None]
    span = max(known) - min(known) if len(known) > 1 else 0.0
    return median(wide) / span if wide and span else 0.0
