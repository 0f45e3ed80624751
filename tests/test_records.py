"""Records survive JSON, and nothing else gets in."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from air_cli.records import (
    Answer,
    Axis,
    Chart,
    Evidence,
    Fault,
    Mark,
    Question,
    Step,
    Tick,
    Trace,
    from_json,
    to_json,
)

numbers = st.floats(allow_nan=False, allow_infinity=False)
boxes = st.tuples(numbers, numbers, numbers, numbers)
marks = st.builds(
    Mark,
    series=st.text(),
    category=st.text(),
    value=st.none() | numbers,
    low=st.none() | numbers,
    high=st.none() | numbers,
    how=st.sampled_from(["label", "geometry", "both", "vector", "cell"]),
    bbox_px=boxes,
    x=st.none() | numbers,
)
ticks = st.builds(Tick, text=st.text(), value=st.none() | numbers, px=numbers)
axes = st.builds(Axis, role=st.text(), kind=st.text(), ticks=st.lists(ticks).map(tuple))
charts = st.builds(
    Chart,
    figure_id=st.text(),
    kind=st.text(),
    axes=st.lists(axes, max_size=2).map(tuple),
    marks=st.lists(marks, max_size=4).map(tuple),
    problems=st.lists(st.text()).map(tuple),
)
values = st.none() | st.booleans() | st.integers() | numbers | st.text() | st.lists(st.integers())
answers = st.builds(
    Answer,
    value=values,
    evidence=st.lists(
        st.builds(Evidence, figure_id=st.text(), page=st.integers(1), bbox_px=boxes), max_size=2
    ).map(tuple),
    unanswerable=st.none() | st.text(),
)
steps = st.builds(
    Step,
    n=st.integers(1),
    action=st.text(),
    reason=st.text(),
    fault=st.none() | st.builds(Fault, kind=st.text(), message=st.text()),
    answer=st.none() | answers,
)
traces = st.builds(
    Trace,
    question=st.builds(Question, id=st.text(), text=st.text()),
    sources=st.just(()),
    figures=st.just(()),
    charts=st.lists(charts, max_size=2).map(tuple),
    steps=st.lists(steps, max_size=3).map(tuple),
    outcome=st.sampled_from(["answered", "unanswerable", "failed"]),
    answer=st.none() | answers,
)


@given(traces)
def test_a_trace_survives_json(trace: Trace) -> None:
    assert from_json(Trace, json.loads(json.dumps(to_json(trace)))) == trace


def test_numbers_that_json_cannot_say_become_null() -> None:
    axis = Axis("y", "linear", scale=math.inf)
    assert to_json(axis)["scale"] is None


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {"figure_id": "p1-f1"},
        {"figure_id": "p1-f1", "kind": "bar", "surprise": 1},
        {"figure_id": "p1-f1", "kind": "bar", "confidence": "high"},
        {"figure_id": "p1-f1", "kind": "bar", "size_px": [1]},
        {"figure_id": "p1-f1", "kind": "bar", "marks": [{"series": ""}]},
    ],
)
def test_a_wrong_shape_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match="Chart"):
        from_json(Chart, data)


def test_a_chart_as_a_table() -> None:
    def mark(series: str, category: str, value: float) -> Mark:
        return Mark(series, category, value, value, value, "label", (0, 0, 1, 1))

    chart = Chart(
        "p1-f1",
        "line",
        categories=("2019", "2020"),
        marks=(mark("A", "2019", 1.0), mark("B", "2019", 2.0), mark("A", "2020", 3.0)),
    )
    assert chart.table() == (["category", "A", "B"], [["2019", 1.0, 2.0], ["2020", 3.0, None]])


def test_a_series_without_a_name_is_called_by_its_axis() -> None:
    mark = Mark("", "2019", 1.0, 0.9, 1.1, "geometry", (0, 0, 1, 1))
    axes = (Axis("x", "category", title="Year"), Axis("y", "linear", title="Exports (tonnes)"))
    assert Chart("f", "bar", axes=axes, marks=(mark,)).table()[0] == [
        "category",
        "Exports (tonnes)",
    ]
    assert Chart("f", "bar", marks=(mark,), unit="%").table()[0] == ["category", "value"]
