"""Charts as slides draw them: labels in the bars, no value axis, seams, bands, a line above."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from air_cli.read.chart import read_chart
from air_cli.records import Chart, Text

_NAVY, _SKY = (1, 34, 105), (0, 122, 195)
_LOWER, _UPPER = (200.0, 240.0, 300.0, 260.0), (100.0, 160.0, 120.0, 140.0)


def _text(text: str, x: float, y: float) -> Text:
    wide = 9.0 * len(text)
    return Text(text, (x - wide / 2, y - 7, x + wide / 2, y + 7), confidence=0.99)


def _slide(
    seam: int = 0, band: bool = False, shares: bool = False
) -> tuple[NDArray[np.uint8], list[Text]]:
    """Four stacks of two segments, 1 unit a pixel; `shares`: percentages of a line over them."""
    rgb = np.full((560, 760, 3), 255, np.uint8)
    if band:
        rgb[40:, :] = (235, 231, 220)
        rgb[40:, :4] = rgb[40:, -4:] = 255
    texts = [_text("Revenue by segment", 300, 16)]
    for i, (low, up) in enumerate(zip(_LOWER, _UPPER, strict=True)):
        x = 70 + 170 * i
        foot, middle = 500, 500 - round(low)
        rgb[middle:foot, x : x + 130] = _NAVY
        rgb[middle - seam - round(up) : middle - seam, x : x + 130] = _SKY
        at = x + 65
        texts += [_text(f"{low:.0f}", at, foot - low / 2 + 40), _text(str(2020 + i), at, 516)]
        texts.append(_text(f"{up:.0f}", at, middle - seam - up / 2))
        if shares:
            texts.append(_text(f"{31 + i}.5%", at, foot - low / 2 - 20))
    return rgb, texts


def _values(chart: Chart) -> list[float]:
    return sorted(m.value for m in chart.marks if m.value is not None)


@pytest.mark.parametrize(
    "how", [{}, {"seam": 7}, {"band": True}, {"shares": True}], ids=["plain", "seam", "band", "%"]
)
def test_stacks_with_printed_values_and_no_axis(how: dict[str, Any]) -> None:
    rgb, texts = _slide(**how)
    chart, _ = read_chart(rgb, texts=texts)
    assert chart.kind == "stacked-bar"
    assert _values(chart) == sorted([*_LOWER, *_UPPER])
    assert {m.how for m in chart.marks} == {"both"}
