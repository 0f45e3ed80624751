"""Words for operations that only name what a chart shows, and names that are not there."""

from __future__ import annotations

from typing import Any

import pytest

from air_cli.records import Chart
from tests.builtin.asking import asked, value
from tests.toolkit.charts import chart_of

YEARS = ["2019", "2020", "2021", "2022"]
STOCK = chart_of(
    {"London": [4.0, 3.5, 1.5, 2.0], "Paris": [2.0, 2.5, 3.0, 2.0]},
    YEARS,
    kind="line",
    unit="%",
    title="Supply as a percentage of total stock",
)
RETURN = chart_of(
    {"Fund": [10.0, 60.0, 30.0, 20.0], "Index": [5.0, 20.0, 25.0, 30.0]},
    YEARS,
    kind="line",
    unit="%",
    title="Total return",
)
GROWTH = chart_of({"": [3.0, 8.0, 5.0, 4.0]}, YEARS, unit="%", title="Premium growth")
HOMES = chart_of({"": [3.0, 8.0, 5.0, 4.0]}, YEARS, unit="homes", title="Homes sold")
RATIOS = chart_of({"": [7.8, 12.4]}, ["Tier 1", "Total capital"], unit="%", title="Capital")


@pytest.mark.parametrize(
    ("question", "chart", "wanted"),
    [
        ("In which year did London see its largest decrease in supply as a percentage of total "
         "stock?", STOCK, "2021"),
        ("By how much did London's supply as a percentage of total stock fall from 2019 to 2021?",
         STOCK, 2.5),
        ("What was the maximum total return of the Fund?", RETURN, 60.0),
        ("What is the difference in the premium growth rate between its highest and lowest "
         "points?", GROWTH, 5.0),
        ("What is the average over the four years shown?", HOMES, 5.0),
    ],
)  # fmt: skip
def test_what_only_names_the_measure(question: str, chart: Chart, wanted: Any) -> None:
    assert value(question, chart) == wanted


@pytest.mark.parametrize(
    "question",
    [
        "What is the difference between the Group and Bank Tier 1 ratios?",
        "What is the difference between the Group Total capital and the Bank Total capital?",
    ],
)
def test_one_of_two_that_are_compared_is_no_answer(question: str) -> None:
    assert asked(question, RATIOS).get("unanswerable")


STACKS = chart_of(
    {"red": [5.0, 9.0, 2.0, 4.0], "green": [6.0, 1.0, 7.0, 3.0]},
    YEARS,
    colors=["#d62728", "#2ca02c"],
    kind="stacked-bar",
    unit="$",
    title="Investment",
)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("In which year was the investment the highest?", "2019"),
        ("What is the difference in investment between the highest and lowest years?", 4.0),
        ("Was the investment in 2019 higher than in any other year?", True),
        ("In which year was the red segment the highest?", "2020"),
    ],
)
def test_a_stack_of_which_no_part_is_named_is_a_whole(question: str, wanted: Any) -> None:
    assert value(question, STACKS) == wanted


def test_a_stretch_bounds_what_is_compared_at_each_place() -> None:
    question = "In which year from 2019 to 2021 was the gap between London and Paris the smallest?"
    assert value(question, STOCK) == "2020"
    question = "From 2019 to 2020, was London consistently higher than Paris?"
    assert value(question, STOCK) is True


def test_higher_than_in_any_of_some_times() -> None:
    quarters = [f"Q{n} {year}" for year in (2013, 2014) for n in (1, 2, 3, 4)]
    sales = chart_of({"": [5.0, 6.0, 7.0, 6.0, 8.0, 6.5, 9.0, 9.0]}, quarters, title="Sales")
    assert value("Were sales in Q1 2014 higher than in any quarter of 2013?", sales) is True
    assert value("Were sales in Q2 2014 higher than in any quarter of 2013?", sales) is False


def test_days_that_pass_are_no_limit() -> None:
    days = chart_of({"": [3.0, 8.0, 9.0, 12.0]}, ["Mon", "Tue", "Wed", "Thu"], title="Volume")
    assert value("What is the average volume over the 4 days?", days) == 8.0


def test_a_rise_that_is_left_out_is_not_sure() -> None:
    lower = chart_of({"A": [9.0, 3.0, 2.0, 1.0], "B": [5.0, 5.0, 6.0, 4.0]}, YEARS, title="Volume")
    said = asked("Was the decline in B in the first half greater than the decline in A?", lower)
    assert said.get("unanswerable") or said.get("sure", 1.0) <= 0.5
