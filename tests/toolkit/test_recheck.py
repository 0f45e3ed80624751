"""A second look at marks: labels read again, and stacks held against their printed totals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from air_cli.records import Chart, Text, to_json
from sandbox.toolkit.session import make_session
from tests.toolkit.charts import chart_of, run


def measured(chart: Chart, *texts: Text) -> Chart:
    """The chart as if nothing had been printed at its marks, with these texts."""
    marks = tuple(replace(mark, how="geometry") for mark in chart.marks)
    return replace(chart, marks=marks, text=texts)


def told(chart: Chart, code: str, *texts: Text) -> Any:
    """What `code` answers where the reader finds `texts` in every box."""

    def reader(request: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        return {"ok": True, "texts": [to_json(text) for text in texts]}, []

    report = run(make_session([to_json(chart)], {}, reader), code)
    assert report.answer is not None
    return report.answer["value"]


CHECKED = "chart = mended(chart, recheck_all(chart.points, chart))\n"
BARS = chart_of({"": [8.65, 40.0]}, ["2011", "2012"])
STACK = chart_of({"A": [16.1, 16.7], "B": [4.05, 3.95]}, ["2015", "2016"], kind="stacked-bar")


def over(mark: Any, text: str, up: float = 20.0) -> Text:
    left, top, right, _ = mark.bbox_px
    return Text(text, (left, top - up, right, top - up + 10.0), "label")


@pytest.mark.parametrize(
    ("text", "wanted"), [("8.9", 8.9), ("8.9%", 8.9), ("12", 8.65), ("2011", 8.65)]
)
def test_the_label_over_a_mark_mends_what_was_measured(text: str, wanted: float) -> None:
    chart = measured(BARS)
    label = over(chart.marks[0], text)
    assert told(chart, CHECKED + 'answer(chart.value("2011"))', label) == wanted


def test_a_label_beside_another_mark_mends_nothing() -> None:
    chart = measured(BARS)
    _, top, right, _ = chart.marks[0].bbox_px
    far = Text("8.9", (right + 40.0, top - 20.0, right + 60.0, top - 10.0), "label")
    assert told(chart, CHECKED + 'answer(chart.value("2011"))', far) == 8.65


def test_a_stack_is_fitted_to_its_printed_total() -> None:
    top = min(STACK.marks, key=lambda m: m.bbox_px[1] if m.category == "2015" else 1e9)
    chart = measured(STACK, over(top, "20.0"))
    code = "chart = totalled(chart)\nanswer([chart.category(c).sum() for c in ('2015', '2016')])"
    assert told(chart, code) == pytest.approx([20.0, 20.65])
