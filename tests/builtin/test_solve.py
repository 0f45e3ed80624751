"""The builtin reasoner through the real loop and the real jail."""

from __future__ import annotations

import pytest

from air_cli.errors import EnvironmentFault
from air_cli.jail.code import CodeJail
from air_cli.loop import solve
from air_cli.reasoners.builtin import make
from air_cli.records import Mode
from tests.builtin.asking import task_of
from tests.toolkit.charts import chart_of

SALES = chart_of(
    {"Revenue": [20.0, 24.0, 30.0], "Costs": [15.0, 16.0, 21.0]},
    ["2020", "2021", "2022"],
    unit="$M",
    confidence=1.0,
    size_px=(200, 220),
)


@pytest.fixture(scope="module", autouse=True)
def _jail_here() -> None:
    try:
        jail = CodeJail()
        jail.wait_ready()
        jail.close()
    except EnvironmentFault as error:
        pytest.skip(str(error))


@pytest.mark.parametrize(
    ("mode", "question", "value"),
    [
        ("auto", "What is the difference between revenue and costs in 2022?", 9.0),
        ("auto", "What was the revenue in 2021?", 24.0),
        ("code", "In which year were costs the lowest?", "2020"),
        ("direct", "What was the revenue in 2021?", 24.0),
        ("reflect", "What is the average of costs?", 52.0 / 3),
        ("plan", "What was the highest revenue and what was the lowest?", None),
    ],
)
def test_every_mode_reaches_an_answer(mode: Mode, question: str, value: object) -> None:
    solved = solve(task_of(question, SALES), make(None), CodeJail, mode=mode)
    answer = solved.trace.answer
    assert solved.trace.outcome == "answered", solved.trace.steps
    assert answer is not None and answer.evidence
    if isinstance(value, float):
        assert answer.value == pytest.approx(value)
    elif value is not None:
        assert answer.value == value


def test_what_is_not_there_is_unanswerable() -> None:
    task = task_of("What was the revenue in 2035?", SALES)
    solved = solve(task, make(None), CodeJail)
    assert solved.trace.outcome == "unanswerable"
    assert solved.trace.answer is not None
    assert "2035" in (solved.trace.answer.unanswerable or "")
