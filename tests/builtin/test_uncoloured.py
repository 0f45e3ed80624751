"""Colours and units that a table does not say, and what its values tell of them."""

from __future__ import annotations

import pytest

from tests.builtin.asking import asked, value
from tests.toolkit.charts import chart_of

YEARS = ["2018", "2019", "2020", "2021"]
POLL = chart_of({"Yes": [60.0, 40.0, 70.0, 55.0], "No": [36.0, 57.0, 20.0, 40.0]}, YEARS)
PARTS = chart_of({"Local": [3.0, 4.0, 5.6, 6.0], "Abroad": [1.0, 2.0, 3.0, 4.0]}, YEARS)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("In which year is the blue bar 20?", "2020"),
        ("Which year is the red bar above 65?", "2020"),
        ("How many blue bars have the value 57?", 1),
    ],
)
def test_a_colour_stands_for_the_only_series_that_the_question_fits(
    question: str, wanted: object
) -> None:
    assert value(question, POLL) == wanted


def test_a_colour_that_is_usually_given_to_one_name_is_taken_for_it_without_much_trust() -> None:
    answer = asked("What does the green line represent?", POLL)
    assert answer["value"] == "Yes" and answer["sure"] < 0.7


def test_a_colour_of_one_series_alone_is_that_series() -> None:
    lone = chart_of({"": [12.0]}, ["Norway"])
    assert value("Which country is represented by the red bar?", lone) == "Norway"


def test_a_colour_that_nothing_tells_is_refused_for_what_is_missing() -> None:
    for question in ("What does the orange line represent?", "What is the orange line denotes?"):
        assert "colour is not known" in asked(question, PARTS)["unanswerable"]


def test_series_that_make_up_wholes_are_in_percent() -> None:
    assert asked("What was Yes in 2020?", POLL)["unit"] == "%"
    assert asked("What was Local in 2020?", PARTS)["unit"] == ""


def test_two_relative_clauses_are_one_question() -> None:
    asking = "What is the difference between people who say yes and who say no in 2020?"
    assert value(asking, POLL) == 50.0


FALLING = chart_of({"": [3.0, 1.0, -2.0, -1.0]}, YEARS, title="Net cash flow")


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("When did cash flow turn negative?", "2020"),
        ("In which years was cash flow negative?", ["2020", "2021"]),
        ("In what year did cash flow dip the most?", "2020"),
    ],
)
def test_what_comes_to_pass_is_the_first_time(question: str, wanted: object) -> None:
    assert value(question, FALLING) == wanted
