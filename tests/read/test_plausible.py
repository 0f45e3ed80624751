"""Pictures that are no charts are not read as charts."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from air_cli.read.chart import read_chart
from air_cli.read.showing import NO_CHART
from air_cli.records import Chart, Text
from benchmarks.not_charts import flow_chart, gradient


def pixels(png: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def bars(texts: list[Text]) -> Chart:
    """Three bars above names, as boxes of a flow chart may stand; `texts` is all the print."""
    rgb = np.full((300, 400, 3), 255, np.uint8)
    for n, top in enumerate((80, 140, 110)):
        rgb[top:250, 60 + 110 * n : 120 + 110 * n] = (31, 119, 180)
    return read_chart(rgb, texts=texts)[0]


def names(*labels: str) -> list[Text]:
    return [
        Text(label, (60.0 + 110 * n, 256.0, 120.0 + 110 * n, 270.0))
        for n, label in enumerate(labels)
    ]


def test_bars_need_a_number_to_be_a_chart() -> None:
    words = names("Collect", "Clean", "Publish")
    chart = bars(words)
    assert (chart.kind, chart.marks) == ("unknown", ())
    assert NO_CHART in chart.problems
    over = [
        Text(str(value), (75.0 + 110 * n, top - 16.0, 105.0 + 110 * n, top - 3.0))
        for n, (value, top) in enumerate(((170, 80), (110, 140), (140, 110)))
    ]
    assert bars([*words, *over]).kind == "bar"


@pytest.mark.parametrize("draw", [flow_chart, gradient])
def test_pictures_without_numbers(draw: Callable[[np.random.Generator], bytes]) -> None:
    rgb = pixels(draw(np.random.default_rng(4)))
    words = [
        Text(w, (20.0, 20.0 + 30 * n, 90.0, 34.0 + 30 * n)) for n, w in enumerate(("a b", "c"))
    ]
    chart = read_chart(rgb, texts=words)[0]
    assert chart.kind == "unknown"
    assert chart.problems
