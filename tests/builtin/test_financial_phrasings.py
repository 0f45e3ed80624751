"""Phrasings of investor material: long names, shares of sales, limits that stacks pass."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builtin.asking import asked, value
from tests.toolkit.charts import chart_of

LOANS = chart_of(
    {"": [40.0, 5.0, 15.0, 22.0, 18.0]},
    ["Bridge", "Term loans (> 5 Yrs)", "Term loans (<= 5 Yrs)", "Loan on loan portfolio", "Other"],
    kind="pie",
    unit="%",
)
YEARS = ["2011", "2012", "2013"]
MARGIN = chart_of({"Sales": [900.0, 800.0, 700.0], "EBIT as % of sales": [12.0, 16.0, 14.0]}, YEARS)
STACK = chart_of(
    {"Cards": [60.0, 70.0, 80.0], "Homes": [100.0, 110.0, 135.0]},
    YEARS,
    kind="stacked-bar",
    unit="$ billion",
)
RATED = chart_of(
    {"Clinician": [31.0, 62.0], "Caregiver": [43.0, 71.0]}, ["Alertness", "Seizures"], unit="%"
)
REGIONS = chart_of({"": [21.0, 47.0, 32.0]}, ["Asia", "Americas", "Europe"], kind="donut", unit="%")


@pytest.mark.parametrize(
    ("question", "chart", "wanted"),
    [
        ("What is the share of Term loans (<= 5 Yrs)?", LOANS, 15.0),
        ("What is the share of Term loans (> 5 Yrs)?", LOANS, 5.0),
        ("Term loans (<= 5 Yrs) account for more than 10% of the portfolio.", LOANS, True),
        ("Term loans (> 5 Yrs) account for the largest portion of it at 40%.", LOANS, False),
        ("Bridge accounts for the largest portion of the loans at 40%.", LOANS, True),
        ("In which year was EBIT as a percentage of sales highest?", MARGIN, "2012"),
        ("In which year did total loans first exceed $170 billion?", STACK, "2012"),
        ("What percentage is contributed by regions outside the Americas?", REGIONS, 53.0),
        (
            "By how many percentage points is the caregiver-reported rate in Seizures higher than "
            "the clinician-reported one?",
            RATED,
            9.0,
        ),
    ],
)
def test_investor_phrasings(question: str, chart: Any, wanted: object) -> None:
    assert value(question, chart) == wanted


def test_a_year_that_no_single_quarter_stands_for_is_not_put_aside() -> None:
    quarters = ["Q1 12", "Q2 12", "Q3 12", "Q4 12", "Q1 13"]
    chart = chart_of({"": [10.0, 11.0, 12.0, 13.0, 14.0]}, quarters)
    said = asked("What is the percentage increase in value from 2012 to Q1 2013?", chart)
    assert said.get("value") != pytest.approx(100.0 / 13.0)


CHANGES = chart_of({"": [-2.0, 1.0, -3.0]}, ["Q1 22", "Q2 22", "Q3 22"], kind="line", unit="%")


def test_changes_are_added_up_and_keep_their_sign() -> None:
    assert value("What is the total percentage change from Q1 22 to Q3 22?", CHANGES) == -4.0
    assert value("By how many percentage points did it change from Q1 22 to Q3 22?", CHANGES) == -1


def test_an_abbreviation_is_the_word_it_stands_for() -> None:
    chart = chart_of(
        {"Avg. Nat. Gas bill": [80.0, 70.0], "Natural wood bill": [50.0, 40.0]}, ["2015", "2016"]
    )
    assert value("What was the natural gas bill in 2016?", chart) == 70.0
