"""Questions and statements as people ask them of investor presentations."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builtin.asking import asked, value
from tests.toolkit.charts import chart_of

QUARTERS = chart_of(
    {"Deposits": [200.0, 210.0, 205.0, 230.0], "Loans": [150.0, 140.0, 130.0, 120.0]},
    ["1Q15", "2Q15", "3Q15", "4Q15"],
    kind="line",
    unit="$bn",
)
FISCAL = chart_of({"": [20.0, 24.0, 30.0, 27.0]}, ["FY17", "FY18", "FY19", "FY20"], kind="bar")


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What were the deposits in Q2 2015?", 210.0),
        ("What were loans in the third quarter of 2015?", 130.0),
        ("By how much did deposits increase from 1Q15 to 4Q15?", 30.0),
        ("What is the percentage decrease in loans from Q1 2015 to Q4 2015?", 20.0),
        ("By what percentage did deposits increase from 1Q15 to 4Q15?", 15.0),
        ("By how much do deposits exceed loans in 4Q15?", 110.0),
        ("In which quarter did deposits reach their highest value?", "4Q15"),
        ("What is the total change in loans from 1Q15 to 4Q15?", -30.0),
    ],
)
def test_quarters(question: str, wanted: Any) -> None:
    found = value(question, QUARTERS)
    assert found == (pytest.approx(wanted) if isinstance(wanted, float) else wanted)


@pytest.mark.parametrize(
    ("statement", "truth"),
    [
        ("In 2Q15, deposits were higher than in 1Q15.", True),
        ("The loans in 4Q15 were less than $125 billion.", True),
        ("Loans decreased from 1Q15 to 4Q15.", True),
        ("Deposits increased every quarter from 1Q15 to 4Q15.", False),
        ("Loans decreased every quarter from 1Q15 to 4Q15.", True),
        ("Deposits exceeded 220 at any point in the chart.", True),
        ("Deposits were always above 203.", False),
        ("In 4Q15, deposits were higher than in any previous quarter.", True),
    ],
)
def test_statements_are_true_or_false(statement: str, truth: bool) -> None:
    assert value(statement, QUARTERS) is truth


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What was the value in FY 2018?", 24.0),
        ("What was the value in FY'19?", 30.0),
        ("What is the average of the last two years?", 28.5),
        ("In which year was the largest decrease?", "FY20"),
        ("What is the sum of 2017 and 2018?", 44.0),
    ],
)
def test_fiscal_years(question: str, wanted: Any) -> None:
    assert value(question, FISCAL) == wanted


def test_the_compound_rate_counts_years() -> None:
    answer = asked("What is the compound annual growth rate?", FISCAL)
    assert answer["value"] == pytest.approx(((27 / 20) ** (1 / 3) - 1) * 100)
    assert "per year, FY17–FY20" in answer["text"]
