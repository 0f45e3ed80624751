"""What a chart does not hold is refused, and the answer has the type that was asked for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builtin.asking import asked, code_for, value
from tests.toolkit.charts import chart_of

YEARS = chart_of({"": [3.0, 5.0, 4.0]}, ["2018", "2019", "2020"], kind="bar")
QUARTERS = chart_of({"": [3.0, 5.0, 4.0]}, ["Q1 2023", "Q2 2023", "Q1 2024"], kind="bar")
LANDS = chart_of({"": [3.0, 5.0, 4.0]}, ["France", "Spain", "Italy"], kind="bar")
CLOUDS = chart_of(
    {"Cloud": [30.0, 40.0], "Devices": [10.0, 12.0]}, ["2019", "2020"], kind="grouped-bar"
)


@pytest.mark.parametrize(
    ("question", "chart"),
    [
        ("What was the value in 2025?", YEARS),
        ("What is the difference between 2019 and 2030?", YEARS),
        ("What was the value in Q2 2024?", QUARTERS),
        ("What is the value of Germany?", LANDS),
        ("Which year was highest?", LANDS),
        ("growth rate?", LANDS),
    ],
)
def test_what_the_chart_does_not_hold_is_refused(question: str, chart: Any) -> None:
    assert "unanswerable" in asked(question, chart)


@pytest.mark.parametrize(
    "question",
    ["How much revenue was there in 2020?", "What was the operating income in 2020?"],
)
def test_a_question_for_a_number_gets_no_name(question: str) -> None:
    answer = asked(question, CLOUDS)
    if "value" in answer:
        assert not isinstance(answer["value"], str)
        assert answer["sure"] < 0.9


def test_a_statement_is_true_or_false() -> None:
    code = code_for("The share of 2019", YEARS, expects="bool")
    assert "unanswerable" in code


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What was the value in 2019? A) 3.1 B) 4.9 C) 8", "4.9"),
        ("Which year is highest? (A) 2018 (B) 2019 (C) 2020", "2019"),
        (
            "By how much did it change from 2018 to 2019? A. It fell by 2 B. It rose by 2",
            "It rose by 2",
        ),
    ],
)
def test_choices_in_the_question(question: str, wanted: str) -> None:
    assert value(question, YEARS) == wanted


def test_growth_goes_along_time_wherever_time_stands() -> None:
    chart = chart_of(
        {"2023": [268.0, 131.0], "2022": [212.0, 148.0]}, ["Cloud", "Devices"], kind="grouped-bar"
    )
    assert value("growth rate?", chart) == pytest.approx([26.415, -11.486], abs=0.01)


def test_a_name_in_quotes_that_the_figure_lacks_is_doubted() -> None:
    chart = chart_of({"": [24.0, 35.0, 50.0]}, ["2013", "2014", "2015"], title="Phone penetration")
    there = asked('By what percent did "Phone penetration" grow from 2013 to 2015?', chart)
    absent = asked('By what percent did "Bike penetration" grow from 2013 to 2015?', chart)
    assert absent["sure"] < 0.5 < there.get("sure", 1.0)
