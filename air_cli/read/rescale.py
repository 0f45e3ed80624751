"""Pictures larger than reading needs are read smaller, and what was read is scaled back.

Beyond `LONGEST` pixels nothing is gained: text recognition shrinks pictures to as many itself. And
the widths of lines, gaps and marks that the layout expects are those beside letters of a usual
size: where letters are larger than `TALL`, the picture is shrunk until they are usual.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from air_cli.read.scene import Rgb
from air_cli.records import Axis, Box, Chart, Text

LONGEST = 2000
TALL = 30.0  # pixels: the height of a box around a line of text
_USUAL = 22.0
_FINE = 1200  # pixels on the longer side: no picture is shrunk below that for its letters' sake


def fitted(rgb: Rgb, texts: Sequence[Text] = ()) -> tuple[Rgb, Sequence[Text], float]:
    """(the picture as it is best read, its texts as far as they are known, pixels of `rgb` a pixel
    of it)."""
    height, width = rgb.shape[:2]
    factor = _excess(max(height, width), texts)
    if factor <= 1:
        return rgb, texts, 1.0
    size = max(1, round(width / factor)), max(1, round(height / factor))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    moved = [replace(text, bbox_px=_scaled(text.bbox_px, 1 / factor)) for text in texts]
    return small, moved, factor


def _excess(longest: int, texts: Sequence[Text]) -> float:
    """How many times larger than needed a picture is."""
    factor = max(1.0, longest / LONGEST)
    lines = [t.bbox_px[3] - t.bbox_px[1] for t in texts if abs(t.angle) < 10]
    if len(lines) >= 4 and (tall := float(np.median(lines))) / factor > TALL:
        factor = max(factor, min(tall / _USUAL, longest / _FINE))
    return factor


def grown(chart: Chart, factor: float, size: tuple[int, int]) -> Chart:
    """The chart with every position in pixels of the picture as it came; `size` is its size."""
    if factor == 1:
        return chart
    return replace(
        chart,
        axes=tuple(_axis(axis, factor) for axis in chart.axes),
        marks=tuple(replace(m, bbox_px=_scaled(m.bbox_px, factor)) for m in chart.marks),
        text=tuple(replace(t, bbox_px=_scaled(t.bbox_px, factor)) for t in chart.text),
        size_px=size,
    )


def _axis(axis: Axis, factor: float) -> Axis:
    ticks = tuple(replace(tick, px=tick.px * factor) for tick in axis.ticks)
    return replace(axis, ticks=ticks, residual_px=round(axis.residual_px * factor, 3))


def _scaled(box: Box, factor: float) -> Box:
    left, top, right, bottom = box
    return left * factor, top * factor, right * factor, bottom * factor
