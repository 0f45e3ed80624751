"""What answers, charts and figures look like in every format, against golden outputs.

`AIR_WRITE_GOLDEN=1 pytest tests/cli/test_render.py` writes them anew: look at the difference.
"""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pytest

from air_cli import render, render_rich
from air_cli import render_parts as parts
from air_cli.records import (
    Answer,
    Chart,
    Evidence,
    Fault,
    Figure,
    Mark,
    Question,
    Series,
    Source,
    Step,
    Trace,
    from_json,
)

GOLDEN = Path(__file__).parent / "golden"

FIGURE = Figure(
    "p3-f1", "ab" * 32, 3, (72.0, 100.0, 500.0, 400.0), caption="Net sales", label="Figure 2"
)
OTHER = Figure("p4-f1", "ab" * 32, 4, (72.0, 80.0, 300.0, 200.0), kind="table", vector=True)


def mark(series: str, category: str, value: float, half: float, how: str) -> Mark:
    low, high = value - half, value + half
    data = {"series": series, "category": category, "value": value, "low": low, "high": high}
    return from_json(Mark, {**data, "how": how, "bbox_px": [10, 20.4, 30, 40.6]})


CHART = Chart(
    "p3-f1",
    "grouped-bar",
    title="Net sales by segment",
    series=(Series("2022", "#1f77b4"), Series("2023", "#ff7f0e")),
    categories=("Cloud", "De*vi|ces"),
    marks=(
        mark("2022", "Cloud", 212.0371, 0.31, "geometry"),
        mark("2023", "Cloud", 268.0, 0.31, "both"),
        mark("2022", "De*vi|ces", 1200.0, 0.0, "label"),
    ),
    unit="million $",
    scale=1e6,
    confidence=0.91,
    problems=("the bar of De*vi|ces in 2023 is hidden",),
)
ANSWERED = Trace(
    question=Question("q1", "By how much did Cloud grow?"),
    sources=(Source("reports/a.pdf", "ab" * 32, "pdf", 6),),
    figures=(FIGURE,),
    charts=(CHART,),
    steps=(
        Step(1, "code", "arithmetic", code="1/0", fault=Fault("exception", "ZeroDivisionError")),
        Step(2, "code", "mend", code='answer(growth_rate(a, b), unit="%")\n'),
    ),
    outcome="answered",
    answer=Answer(
        26.3928,
        "%",
        "26.39%",
        0.9123,
        "values: 1 measured, 1 printed",
        (
            Evidence("p3-f1", 3, (10.0, 20.4, 30.0, 40.6), "2022", "Cloud", 212.0371),
            Evidence("p3-f1", 3, (10.0, 20.4, 30.0, 40.6), "2023", "Cloud", 268.0),
        ),
        alternatives=("12.4% per year",),
    ),
    mode="code",
    seconds=1.5,
    considered=("p3-f1 (page 3, Figure 2), used", "p4-f1 (page 4, table), not used"),
    provenance={"versions": {"air": "0"}},
)
REFUSED = Trace(
    question=Question("q2", "What about 1999?"),
    sources=ANSWERED.sources,
    figures=(FIGURE,),
    charts=(CHART,),
    steps=(),
    outcome="unanswerable",
    answer=Answer(None, unanswerable="no category 1999"),
)
EXHAUSTED = Trace(
    question=Question("q3", "Why?"),
    sources=ANSWERED.sources,
    figures=(FIGURE,),
    charts=(),
    steps=(Step(1, "code", "x", fault=Fault("malformed", "no action\x1b[31m in the reply")),),
    outcome="malformed",
    answer=None,
    error="three faults in a row",
)
TRACES = {"answered": ANSWERED, "refused": REFUSED, "exhausted": EXHAUSTED}


def check(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("AIR_WRITE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    assert text == path.read_text(), f"{path} differs"


@pytest.mark.parametrize("form", ["text", "md", "json"])
@pytest.mark.parametrize("name", list(TRACES))
def test_an_answer(name: str, form: str) -> None:
    check(f"{name}.{form}", render.answers([TRACES[name]], form))


@pytest.mark.parametrize("name", list(TRACES))
def test_an_answer_on_a_terminal(name: str) -> None:
    check(f"{name}.terminal", render_rich.answers([TRACES[name]], 90, color=False))


def test_colour_only_where_it_is_wanted() -> None:
    assert "\x1b[" not in render_rich.answers([EXHAUSTED], 90, color=False)
    assert "\x1b[" in render_rich.answers([ANSWERED], 90, color=True)


@pytest.mark.parametrize("form", ["text", "md", "json", "csv"])
def test_a_chart(form: str) -> None:
    check(f"chart.{form}", render.charts([(CHART, FIGURE)], form))


@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_figures(form: str) -> None:
    check(f"figures.{form}", render.figures([("a.pdf", FIGURE), ("a.pdf", OTHER)], form))


def test_the_json_of_an_answer_is_its_trace() -> None:
    assert from_json(Trace, json.loads(render.answers([ANSWERED], "json"))) == ANSWERED


def test_several_answers_are_json_lines() -> None:
    lines = render.answers([ANSWERED, REFUSED], "json").splitlines()
    assert [from_json(Trace, json.loads(line)) for line in lines] == [ANSWERED, REFUSED]


def test_csv_reads_back_and_disarms_formulas() -> None:
    marks = (mark("=HYPERLINK(1)", "-5", 0.1, 0.0, "label"), mark("a,b", "+x", 2.0, 0.0, "label"))
    chart = Chart("p1-f1", "bar", marks=marks)
    rows = list(csv.DictReader(io.StringIO(render.charts([(chart, FIGURE)], "csv"))))
    assert [(row["series"], row["category"], row["value"]) for row in rows] == [
        ("'=HYPERLINK(1)", "-5", "0.1"),
        ("a,b", "'+x", "2"),
    ]


@pytest.mark.parametrize(
    ("value", "half", "how", "shown"),
    [
        (12.1096, 0.031, "geometry", "12.11"),
        (12.1096, 0.31, "geometry", "12.1"),
        (4370.2, 37.0, "geometry", "4370"),
        (0.0, 0.5, "geometry", "0.0"),
        (3.0, 0.0, "vector", "3"),
        (38.0, 0.5, "both", "38"),
    ],
)
def test_values_have_the_digits_that_were_read(
    value: float, half: float, how: str, shown: str
) -> None:
    assert parts.reading(mark("", "x", value, half, how)) == shown


def test_document_text_cannot_steer_the_terminal() -> None:
    for text in (render.answers([EXHAUSTED], "text"), render.answers([EXHAUSTED], "md")):
        assert "\x1b" not in text
