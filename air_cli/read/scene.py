"""What is known about one chart image while it is being read."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from air_cli.records import Box, Mark, Series, Text, Tick

Rgb = NDArray[np.uint8]
T = TypeVar("T")


@dataclass(frozen=True)
class AxisFit:
    """A calibrated axis: value = slope * px + offset (for `log`: log10 of the value).

    `kind`: linear, log, time (values are years, with fractions), category (value = index of the
    category in `ticks`, one tick a category). `residual_px` is the RMS distance of the ticks from
    the fit. `span` is the axis' extent in pixels along its direction.
    `problems` tells of labels that were repaired or left out.
    """

    role: str
    kind: str
    slope: float
    offset: float
    ticks: tuple[Tick, ...] = ()
    residual_px: float = 0.0
    span: tuple[float, float] = (0.0, 0.0)
    title: str = ""
    unit: str = ""
    scale: float = 1.0
    problems: tuple[str, ...] = ()

    def value(self, px: float) -> float:
        """The value at a pixel position."""
        raw = self.slope * px + self.offset
        return float(10.0**raw) if self.kind == "log" else raw

    def px(self, value: float) -> float:
        """The pixel position of a value (for `log`, a value above 0)."""
        raw = math.log10(value) if self.kind == "log" else value
        return (raw - self.offset) / self.slope

    def times(self, factor: float) -> AxisFit:
        """The linear axis with every value multiplied by `factor`."""
        ticks = tuple(
            replace(tick, value=tick.value * factor if tick.value is not None else None)
            for tick in self.ticks
        )
        return replace(self, slope=self.slope * factor, offset=self.offset * factor, ticks=ticks)

    def interval(self, px: float, tolerance: float) -> tuple[float, float]:
        """Lowest and highest value within `tolerance` pixels plus the fit's residual."""
        reach = tolerance + self.residual_px
        ends = (self.value(px - reach), self.value(px + reach))
        return min(ends), max(ends)


@dataclass(frozen=True)
class LegendEntry:
    """A legend's text with its swatch. `color` is `#rrggbb`."""

    name: str
    color: str
    bbox_px: Box
    swatch_px: Box


@dataclass
class Scene:
    """Filled step by step: texts (OCR), plot box, axes, legend; then read by `marks/`.

    `rgb` is (height, width, 3). `plot` bounds the data area. `x`/`y`/`y2` are None when that axis
    has no readable ticks (pies; charts with value labels only).
    """

    rgb: Rgb
    texts: list[Text] = field(default_factory=list)
    plot: Box = (0.0, 0.0, 0.0, 0.0)
    background: tuple[int, int, int] = (255, 255, 255)
    x: AxisFit | None = None
    y: AxisFit | None = None
    y2: AxisFit | None = None
    legend: list[LegendEntry] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    made: dict[Hashable, tuple[object, Any]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def once(self, owner: object, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made once for a key; copies of the scene share it.

        Readers try several axes and labels on the same pixels. `owner` is the array or object that
        the key stands for, by identity: it is held so that nothing else can take its place.
        """
        whole = (id(owner), key)
        if whole not in self.made:
            self.made[whole] = (owner, make())
        found: T = self.made[whole][1]
        return found


@dataclass(frozen=True)
class MarkReading:
    """What a module of `marks/` found. `score` in 0..1: how well it explains the plot's ink and
    geometry; the highest wins. `axes` are the chart's where they are other than the scene's."""

    kind: str
    marks: tuple[Mark, ...]
    series: tuple[Series, ...] = ()
    categories: tuple[str, ...] = ()
    score: float = 0.0
    problems: tuple[str, ...] = ()
    axes: tuple[AxisFit, ...] | None = None
