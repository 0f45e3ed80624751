"""Questions in many phrasings against charts made from known numbers."""

from __future__ import annotations

from typing import Any

import pytest

from air_cli.wording import without_form
from tests.builtin.asking import asked, value
from tests.toolkit.charts import chart_of

YEARS = ["2018", "2019", "2020", "2021", "2022"]
SALES = chart_of(
    {"Revenue": [20.0, 24.0, 22.0, 30.0, 33.0], "Costs": [15.0, 16.0, 18.0, 19.0, 21.0]},
    YEARS,
    colors=["#2876dd", "#d62728"],
    kind="line",
    title="Revenue and costs of the bakery",
)
FRUIT = chart_of(
    {"": [12.0, 48.0, 30.0, 7.5, 22.5]},
    ["Apples", "Bananas", "Cherries", "Dates", "Elderberries"],
    kind="bar",
    title="Fruit sold",
    unit="t",
)
VIEWS = chart_of(
    {"Favorable": [60.0, 35.0, 52.0], "Unfavorable": [30.0, 55.0, 41.0]},
    ["France", "Japan", "Mexico"],
    colors=["#2ca02c", "#ff7f0e"],
    unit="%",
)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What was the revenue in 2021?", 30.0),
        ("What is the value of the red line in 2020?", 18.0),
        ("What is the highest revenue?", 33.0),
        ("What is the lowest value of the blue line?", 20.0),
        ("What is the second highest value of costs?", 19.0),
        ("What is the difference between revenue and costs in 2022?", 12.0),
        ("What is the difference between the highest and the lowest revenue?", 13.0),
        ("What is the sum of costs in 2018 and 2019?", 31.0),
        ("What is the average of costs from 2018 to 2020?", 49.0 / 3),
        ("What is the median of revenue?", 24.0),
        ("What is the ratio of revenue to costs in 2018?", 20.0 / 15.0),
        ("What was the average revenue over the last 3 years?", 85.0 / 3),
        ("In how many years was the revenue above 23?", 3),
        ("How many years are shown?", 5),
        ("How many times did the revenue decrease?", 1),
        ("How many lines are there?", 2),
        ("By how much did revenue increase from 2019 to 2021?", 6.0),
        ("By what percentage did revenue increase from 2018 to 2022?", 65.0),
        ("What is the largest difference between revenue and costs?", 12.0),
        ("Deduct the costs in 2020 from the revenue in 2020", 4.0),
    ],
)
def test_numbers_of_a_time_series(question: str, wanted: float) -> None:
    assert value(question, SALES) == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("In which year was the revenue highest?", "2022"),
        ("Which year had the lowest costs?", "2018"),
        ("When did the revenue peak?", "2022"),
        ("In which year was the difference between revenue and costs the smallest?", "2020"),
        ("In which year did revenue reach 24?", "2019"),
        ("What does the red line represent?", "Costs"),
        ("What colour is the line of Revenue?", "blue"),
        ("Which is higher in 2020, revenue or costs?", "Revenue"),
        ("In which year did the revenue increase the most?", "2021"),
        ("Does the blue line increase or decrease?", "increase"),
        ("Is the revenue strictly greater than the costs over the years?", True),
        ("In which year were revenue and costs closest?", "2020"),
        ("What is the title of the chart?", "Revenue and costs of the bakery"),
    ],
)
def test_names_of_a_time_series(question: str, wanted: str) -> None:
    assert value(question, SALES) == wanted


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("How many bananas were sold?", 48.0),
        ("What is the value of the third bar from the left?", 30.0),
        ("What is the value of the rightmost bar?", 22.5),
        ("Which fruit was sold least?", "Dates"),
        ("Which fruit has the second highest value?", "Cherries"),
        ("What is the sum of the two smallest bars?", 19.5),
        ("What is the ratio of the sum of the two smallest bars to the largest bar?", 19.5 / 48.0),
        ("What is the total of all bars?", 120.0),
        ("How many bars are above 20?", 3),
        ("In how many fruits, is the number sold greater than 20?", 3),
        ("In how many fruits, is the number greater than the average taken over all fruits?", 2),
        ("Do a majority of the fruits have a value above 20?", True),
        ("Do most of the fruits have a value above 25?", False),
        ("How many bars are there?", 5),
        ("What percentage of the total do Bananas make up?", 40.0),
        ("What is the share of Cherries in the total?", 25.0),
        ("How many bars are larger than the bar of Elderberries?", 2),
        ("Which fruits were sold more than Elderberries?", ["Bananas", "Cherries"]),
        ("How many fruits have a value less than Apples?", 1),
        ("What is the range of the values?", "7.5 to 48"),
        ("What are the names of the top two bars?", ["Bananas", "Cherries"]),
        ("Is there any bar with the value 30?", True),
        ("Are bananas more than apples?", True),
        ("Is the value of Dates greater than the value of Apples?", False),
        ("Is the largest bar more than twice the value of Elderberries?", True),
        ("Which fruits are above 25?", ["Bananas", "Cherries"]),
        ("How much more are Cherries than Apples?", 18.0),
        ("What is the value of apple?", 12.0),
        ("What is the average of Apples, Bananas and Cherries?", 30.0),
    ],
)
def test_bars(question: str, wanted: Any) -> None:
    found = value(question, FRUIT)
    assert found == (pytest.approx(wanted) if isinstance(wanted, float) else wanted)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What percentage of people in Japan have a favorable view?", 35.0),
        ("Which country has the highest unfavorable view?", "Japan"),
        ("What is the value of the green bar in Mexico?", 52.0),
        ("How many countries have a favorable view over 50%?", 2),
        ("In which country is the favorable view less than the unfavorable view?", "Japan"),
        ("What is the sum of favorable and unfavorable in France?", 90.0),
        ("Is the favorable view in France higher than in Mexico?", True),
        ("What does orange represent?", "Unfavorable"),
        ("Is the sum of the green bars greater than the sum of the orange bars?", True),
        ("In which country is the difference between green and orange the largest?", "France"),
        ("How many times is the green bar above 40?", 2),
        ("Which country has a green bar of 35?", "Japan"),
    ],
)
def test_groups(question: str, wanted: Any) -> None:
    assert value(question, VIEWS) == wanted


def test_growth_rate_alone_gives_the_period_and_the_compound_rate_with_the_years() -> None:
    answer = asked("growth rate?", SALES)
    assert answer["value"] == pytest.approx([65.0, 40.0])
    assert answer["unit"] == "%"
    assert "13.3% per year, 2018–2022; +65.0% in all" in answer["text"]
    assert len(answer["evidence"]) == 4


def test_a_trend_is_told_per_series() -> None:
    assert value("trend?", SALES) == ["increasing", "increasing"]


@pytest.mark.parametrize(
    "question",
    ["What was the revenue in 2030?", "What is the share of Bolivia?", "Who is the director?"],
)
def test_what_the_chart_does_not_hold_is_refused(question: str) -> None:
    assert "unanswerable" in asked(question, SALES)


def test_the_answer_rests_on_the_marks_it_used() -> None:
    answer = asked("What is the difference between revenue and costs in 2022?", SALES)
    assert [(e["series"], e["category"]) for e in answer["evidence"]] == [
        ("Revenue", "2022"),
        ("Costs", "2022"),
    ]


def test_a_question_that_leaves_the_series_open_gives_the_other_reading_too() -> None:
    answer = asked("What is the value in 2020?", SALES)
    assert (answer["value"], answer["alternatives"]) == (22.0, ["18"])
    assert answer["sure"] < 0.6


def test_of_three_series_none_is_guessed() -> None:
    chart = chart_of(
        {"A": [1.0, 2.0], "B": [3.0, 4.0], "C": [5.0, 6.0]}, ["2020", "2021"], unit="%"
    )
    reason = asked("What is the percentage in 2020?", chart)["unanswerable"]
    assert "which series" in reason and "'B'" in reason


def test_a_question_that_is_understood_whole_is_sure() -> None:
    answer = asked("What was the revenue in 2020?", SALES)
    assert "sure" not in answer and "alternatives" not in answer


def test_a_year_after_than_is_compared_with_where_it_is_asked_how_much() -> None:
    chart = chart_of({"": [3695.0, 3873.0, 4071.0]}, ["2010", "2011", "2012"])
    assert value("How much greater is the GDP per capita for 2012 than 2011?", chart) == 198.0


def test_where_to_look_is_not_what_is_asked() -> None:
    chart = chart_of({"": [3695.0, 3873.0, 4071.0]}, ["2010", "2011", "2012"])
    place = "On the slide that starts with the words Population in 2011: 251,160,124, "
    assert value(f"{place}what is the highest value?", chart) == 4071.0


def test_the_form_of_the_answer_is_not_asked_for() -> None:
    text = "What was revenue in 2020? Round to one decimal. Please answer in millions."
    assert without_form(text) == "What was revenue in 2020?"
    assert without_form("If sales double, what are they?") == "If sales double, what are they?"
    assert without_form("Give the total.") == "Give the total."


def test_an_average_total_adds_nothing_up() -> None:
    land = chart_of({"1962": [3.0, 1.0, 5.0, 8.0]}, ["Kenya", "Ghana", "Togo", "Mali"],
                    kind="barh", title="Total arable land")  # fmt: skip
    assert value("What is the average total arable land?", land) == pytest.approx(4.25)
    more = "In how many countries is the total arable land greater than the average total land?"
    assert value(more, land) == 2
