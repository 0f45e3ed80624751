"""Bars and a line over them: each series by its own axis, or by its own labels."""

from __future__ import annotations

import pytest

from air_cli.read.chart import read_chart
from tests.bar_charts import draw


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_bars_and_line(seed: int) -> None:
    """Two axes (seed 3), axes and labels (2), labels that cross bars and no axis at all (0, 1)."""
    rgb, texts, truth = draw("combo", seed)
    chart, _ = read_chart(rgb, texts=texts)
    assert chart.kind == "combo"
    assert {s.name: s.kind for s in chart.series} == truth["kinds"]
    got = {(m.series, m.category): m for m in chart.marks}
    for series, row in truth["values"].items():
        for category, value in row.items():
            mark = got[series, category]
            assert mark.value == pytest.approx(value, abs=0.01 * truth["range"][series])


def test_bars_alone_are_no_combination() -> None:
    rgb, texts, truth = draw("bar", 2)
    chart, _ = read_chart(rgb, texts=texts)
    assert chart.kind == truth["kind"]
