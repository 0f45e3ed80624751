"""Thousands, millions and billions in questions and in what they are asked of."""

from __future__ import annotations

from typing import Any

import pytest

from air_cli.reasoners.builtin.direct import direct_answer
from tests.builtin.asking import asked
from tests.toolkit.charts import chart_of

YEARS = ["2015", "2016", "2017"]
MILLIONS = chart_of({"": [812.4, 1450.0, 2300.0]}, YEARS, unit="$ millions", title="Revenue")
BILLIONS = chart_of({"": [0.8, 1.45, 2.3]}, YEARS, unit="$", scale=1e9, title="Revenue")
HOMES = chart_of({"": [812.4, 1450.0, 2300.0]}, YEARS, unit="homes", title="Homes")


@pytest.mark.parametrize(
    ("question", "chart", "wanted", "unit"),
    [
        ("What was revenue in 2016 in billions?", MILLIONS, 1.45, "$ billions"),
        ("How many billion dollars was the revenue in 2017?", MILLIONS, 2.3, "$ billions"),
        ("What is the total revenue in billions?", MILLIONS, 4.5624, "$ billions"),
        ("What was revenue in 2016 in millions?", MILLIONS, 1450.0, "$ millions"),
        ("What was revenue in 2016 in millions?", BILLIONS, 1450.0, "million $"),
        ("What is the ratio of 2017 to 2016 in billions?", MILLIONS, 2300 / 1450, ""),
        ("How many homes were there in 2016 in thousands?", HOMES, 1450.0, "homes"),
    ],
)
def test_the_magnitude_that_is_asked_for(
    question: str, chart: Any, wanted: float, unit: str
) -> None:
    answer = asked(question, chart)
    assert answer["value"] == pytest.approx(wanted)
    assert answer["unit"] == unit


@pytest.mark.parametrize(
    ("question", "chart", "wanted"),
    [
        ("In which year was revenue above 2 billion?", MILLIONS, "2017"),
        ("In which year was revenue below 900 million dollars?", BILLIONS, "2015"),
        ("How many years had revenue over 1 billion?", MILLIONS, 2),
    ],
)
def test_a_limit_in_another_magnitude(question: str, chart: Any, wanted: Any) -> None:
    answer = asked(question, chart)
    assert answer["value"] == wanted
    assert answer.get("sure", 1.0) >= 0.7, "the number of the question is explained"


def test_what_has_to_be_converted_is_no_direct_answer() -> None:
    assert "unanswerable" in direct_answer("What was revenue in 2016 in millions?", [BILLIONS])
    assert direct_answer("What was revenue in 2016?", [BILLIONS])["value"] == 1.45
