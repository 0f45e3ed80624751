"""How sure an answer is falls for a reason: each doubt against the same question without it."""

from __future__ import annotations

import pytest

from tests.builtin.asking import asked
from tests.toolkit.charts import chart_of

YEARS = ["2018", "2019", "2020"]
GUESTS = {"Hotel guests": [210.0, 340.0, 280.0], "Camping": [30.0, 50.0, 60.0]}
HOTELS = chart_of(GUESTS, YEARS, kind="grouped-bar", unit="thousand")
GLUED = chart_of(
    {"Hotels": [21.0, 3448.0, 28.0], "Camping": [30.0, 50.0, 60.0]}, YEARS, kind="grouped-bar"
)
BARS = {"": [4.0, 9.0, 6.0]}
LYING = chart_of(BARS, ["North", "South", "West"], kind="barh")
OPEN = chart_of(BARS, ["North", "South", "West"], kind="unknown")


def sure(question: str, chart: object) -> float:
    return float(asked(question, chart).get("sure", 1.0))  # type: ignore[arg-type]


def test_a_name_said_in_part_is_less_sure_than_one_said_in_full() -> None:
    full = sure("How many hotel guests were there in 2019?", HOTELS)
    part = sure("How many cruise guests were there in 2019?", HOTELS)
    assert full >= 0.9 > part


def test_a_value_far_out_of_all_others_is_not_sure() -> None:
    assert sure("What was Hotels in 2019?", GLUED) < 0.9 <= sure("What was Hotels in 2020?", GLUED)


def test_the_top_bar_of_a_chart_whose_shape_is_not_known_is_not_sure() -> None:
    question = "What is the value of the top bar?"
    assert sure(question, OPEN) < 0.9 <= sure(question, LYING)


@pytest.mark.parametrize(
    ("question", "least"),
    [
        ("Was Hotel guests in 2019 more than 20%?", 0.0),
        ("Was Hotel guests in 2019 more than 20?", 0.9),
    ],
)
def test_amounts_held_against_a_percentage_are_not_sure(question: str, least: float) -> None:
    found = sure(question, HOTELS)
    assert found >= least if least else found < 0.9


def test_a_number_given_for_a_colour_is_not_sure() -> None:
    answer = asked("What is the leftmost color of the bars?", OPEN)
    assert "unanswerable" in answer or answer["sure"] < 0.7


def test_a_name_in_quotes_that_is_not_there_is_not_sure() -> None:
    assert sure("What was the 'Skiing' value in 2019 for camping?", HOTELS) < 0.9


def test_choices_that_the_chart_lacks_make_the_reading_doubtful() -> None:
    question = "In which year was camping highest? A) {} B) {} C) {}"
    there = sure(question.format("2018", "2019", "2020"), HOTELS)
    assert there >= 0.9 > sure(question.format("2020", "2025", "2026"), HOTELS)


def test_a_colour_of_a_table_without_colours_is_not_sure() -> None:
    lone = chart_of(BARS, ["2018", "2019", "2020"], kind="unknown")
    assert sure("What was the value in 2019?", lone) >= 0.9
    assert sure("What was the value of the green bar in 2019?", lone) < 0.9
