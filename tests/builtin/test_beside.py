"""Questions about times beside one another, lines put together, and the same for each series."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builtin.asking import asked, value
from tests.toolkit.charts import chart_of

YEARS = ["2015", "2016", "2017"]
PROFIT = chart_of(
    {"EBIT": [20, 36, 30], "Sales": [100, 150, 160]},
    YEARS,
    kind="grouped-bar",
    title="EBIT and sales in million euros",
)
SECTORS = chart_of(
    {"Farming": [4, 3, 2], "Industry": [30, 32, 35], "Services": [66, 65, 63]},
    YEARS,
    kind="stacked-bar",
    unit="%",
    title="GDP by sector",
)
OPINIONS = chart_of({"": [52, 36, 12]}, ["Good", "Fair", "Poor"], kind="pie", unit="%")
CHANGES = chart_of(
    {"": [18.0, 12.0, 6.0]},
    ["Taiwan", "Norway", "Poland"],
    unit="%",
    title="Annual percentage change in oil consumption",
)
WORRIED = chart_of(
    {"Very concerned": [60, 40, 50], "Total concerned": [90, 70, 80]},
    ["Uganda", "Ghana", "Kenya"],
    kind="grouped-bar",
    unit="%",
)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("How much less did EBIT come to in 2017 compared to the previous year?", 6.0),
        ("How much did sales grow in 2016 compared to the year before?", 50.0),
        ("By what percentage did EBIT fall in 2017 from the previous year?", 100 / 6),
        ("What was EBIT in the year before 2017?", 36.0),
        ("What was EBIT in the year after 2015?", 36.0),
    ],
)
def test_the_time_beside_another(question: str, wanted: float) -> None:
    answer = asked(question, PROFIT)
    assert answer["value"] == pytest.approx(wanted)
    assert not answer.get("alternatives"), "a value merely looked up is no rival"


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("In which year was EBIT as a percentage of sales the highest?", "2016"),
        ("What was EBIT as a percentage of sales in 2016?", 24.0),
        ("What is the average EBIT as a percentage of sales?", (20 + 24 + 18.75) / 3),
        ("What is the highest EBIT as a percentage of sales?", 24.0),
        ("EBIT as a percentage of sales?", [20.0, 24.0, 18.75]),
        ("EBIT margin in 2016?", 24.0),
        ("In which year was the operating margin the lowest?", "2017"),
    ],
)
def test_two_series_put_together(question: str, wanted: Any) -> None:
    answer = asked(question, PROFIT)
    assert answer["value"] == (wanted if isinstance(wanted, str) else pytest.approx(wanted))
    assert isinstance(wanted, str) or answer["unit"] == "%"


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What is the average of EBIT and Sales, individually?", [86 / 3, 410 / 3]),
        ("average per series", [86 / 3, 410 / 3]),
        ("Find the total of EBIT and of Sales respectively", [86, 410]),
    ],
)
def test_the_same_of_each_series(question: str, wanted: list[float]) -> None:
    answer = asked(question, PROFIT)
    assert answer["value"] == pytest.approx(wanted)
    assert answer["text"].startswith("EBIT: ")


def test_either_of_two_answers_is_their_sum_and_no_choice() -> None:
    assert value("What percentage said good or fair?", OPINIONS) == 88.0
    assert value("Is it Good or Fair that has more?", OPINIONS) == "Good"


def test_an_average_of_changes_that_the_chart_shows() -> None:
    question = "What is the average in the percentage change in oil consumption?"
    assert value(question, CHANGES) == 12.0


def test_a_change_within_a_name_is_none_to_work_out() -> None:
    question = "What is the median of total concerned people over climate change in Uganda, Ghana?"
    assert value(question, WORRIED) == 80.0


def test_those_who_fall_into_something_are_no_decline() -> None:
    poor = chart_of({"": [9.5, 9.2, 10.3]}, YEARS, kind="line", unit="%", title="Vulnerable men")
    question = "What is the difference between the percentage of men who fall ill in 2015 and 2016?"
    answer = asked(question, poor)
    assert answer["value"] == pytest.approx(0.3)
    assert not answer.get("alternatives")


def test_a_sector_is_what_is_shown_and_no_time() -> None:
    assert value("Which economic sector is the largest?", SECTORS) == "Services"


def test_few_words_about_a_chart_over_time() -> None:
    assert asked("What happened in 2016?", PROFIT)["text"] == "EBIT: 36; Sales: 150"
    assert "highest 2016" in asked("What stands out?", PROFIT)["text"]


def test_a_trend_needs_an_order() -> None:
    assert "order of time" in asked("trend?", OPINIONS)["unanswerable"]
    assert "order of time" in asked("growth rate?", OPINIONS)["unanswerable"]
    assert asked("trend?", PROFIT)["value"] == ["fluctuating", "increasing"]


@pytest.mark.parametrize(
    ("question", "compared"),
    [
        ("In how many years was EBIT above 25?", 3),
        ("In how many years was EBIT greater than the average EBIT?", 3),
        ("In how many years was the difference between EBIT and Sales above 115?", 6),
    ],
)
def test_a_count_rests_on_every_mark_that_was_compared(question: str, compared: int) -> None:
    assert len(asked(question, PROFIT)["evidence"]) == compared


def test_the_increase_of_a_total_is_a_change() -> None:
    question = "By how much did the total value of EBIT and Sales increase from 2015 to 2017?"
    assert value(question, PROFIT) == 70.0
