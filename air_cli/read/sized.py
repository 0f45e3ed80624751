"""Very large pictures read at a size at which lines and letters look as they do elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from air_cli.read.scene import LegendEntry, Rgb
from air_cli.records import Box, Chart, Text

LARGEST = 2600  # pixels on the longer side
_TO = 2000


def shrunk(rgb: Rgb) -> tuple[Rgb, float]:
    """The picture, made smaller if it is larger than `LARGEST`, and its size relative to before."""
    longest = max(rgb.shape[:2])
    if longest <= LARGEST:
        return rgb, 1.0
    factor = _TO / longest
    small = cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8), factor


def texts_at(texts: Sequence[Text], factor: float) -> list[Text]:
    """Texts with their boxes `factor` times as large."""
    return [replace(t, bbox_px=_times(t.bbox_px, factor)) for t in texts]


def text_in(text: Text, corner: tuple[float, float], factor: float) -> Text:
    """A text found in a part of a picture enlarged by `factor`, in pixels of the whole, in which
    the part's upper left corner lies at `corner`."""
    left, top, right, bottom = _times(text.bbox_px, 1 / factor)
    x, y = corner
    return replace(text, bbox_px=(x + left, y + top, x + right, y + bottom))


def entry_at(entry: LegendEntry, factor: float) -> LegendEntry:
    """A legend's entry with its boxes `factor` times as large."""
    boxes = _times(entry.bbox_px, factor), _times(entry.swatch_px, factor)
    return replace(entry, bbox_px=boxes[0], swatch_px=boxes[1])


def chart_at(chart: Chart, factor: float, size: tuple[int, int]) -> Chart:
    """A chart with all its pixels `factor` times as large; `size` is its picture's then."""
    axes = tuple(
        replace(
            axis,
            ticks=tuple(replace(tick, px=tick.px * factor) for tick in axis.ticks),
            residual_px=axis.residual_px * factor,
        )
        for axis in chart.axes
    )
    marks = tuple(replace(m, bbox_px=_times(m.bbox_px, factor)) for m in chart.marks)
    texts = tuple(texts_at(chart.text, factor))
    return replace(chart, axes=axes, marks=marks, text=texts, size_px=size)


def _times(box: Box, factor: float) -> Box:
    left, top, right, bottom = box
    return left * factor, top * factor, right * factor, bottom * factor
