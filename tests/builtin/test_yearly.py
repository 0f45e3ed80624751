"""One line of a statement or chart through time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from air_cli.reasoners.builtin.digest import is_digest
from air_cli.reasoners.builtin.statements import columns_of
from tests.builtin.asking import asked, value
from tests.builtin.test_statements import CASH, SHEET, TABLE
from tests.toolkit.charts import chart_of

LINES = chart_of(
    {"Coal": [40.0, 30.0, 24.0], "Wind": [10.0, 20.0, 36.0]}, ["2021", "2022", "2023"], kind="line"
)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What was the revenue growth from the previous year?", 25.0),
        ("revenue growth year over year", 25.0),
        ("yoy revenue growth in 2022", 25.0),
        ("What was the net income growth in 2022?", 40.0),
        ("By how much did revenue grow in 2023?", 250.0),
        ("How much did operating income change from 2022 to 2023?", 90.0),
        ("How much did operating income decrease from the prior year?", -90.0),
        ("By what percentage did net income increase in 2023 compared to the prior year?", 200 / 7),
        ("What is the CAGR of revenue from 2021 to 2023?", 25.0),
        ("operating margin in each year", [20.0, 23.0, 25.6]),
        ("net income by year", [120.0, 168.0, 216.0]),
        ("R&D as a percentage of revenue in each year", [10.0, 10.0, 12.0]),
        ("Did operating margin improve from 2022 to 2023?", True),
        ("Did net income grow in 2023?", True),
        ("Has R&D fallen since the previous year?", False),
        ("Which year had the lowest operating margin?", "2021"),
        ("annual revenue in 2022", 1000.0),
    ],
)
def test_a_line_of_a_statement(question: str, wanted: Any) -> None:
    answer = asked(question, TABLE)
    assert answer["value"] == (pytest.approx(wanted) if not isinstance(wanted, str) else wanted)
    assert answer.get("sure", 1.0) >= 0.75 and not answer.get("alternatives")


def test_margins_move_by_points() -> None:
    answer = asked("operating margin growth 2021 to 2023", TABLE)
    assert (answer["value"], answer["unit"]) == (pytest.approx(5.6), "percentage points")


def test_a_change_of_a_balance_is_against_the_year_before() -> None:
    assert value("change in inventory", SHEET) == 20.0


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What was the growth of wind in 2022?", 100.0),
        ("wind growth from the previous year", 80.0),
        ("Did wind grow in 2023?", True),
        ("Coal by year", [40.0, 30.0, 24.0]),
    ],
)
def test_a_line_of_a_chart(question: str, wanted: Any) -> None:
    assert value(question, LINES) == (wanted if wanted is True else pytest.approx(wanted))


def test_two_statements_give_every_year_that_both_have() -> None:
    answer = asked("capex as % of revenue in each year", replace(TABLE, figure_id="p2-t1"), CASH)
    assert answer["text"] == "2022: 3%; 2023: 3.6%"


@pytest.mark.parametrize("question", ["What drove the revenue change?", "Why did net income rise?"])
def test_a_cause_is_not_made_up(question: str) -> None:
    assert "not why" in asked(question, TABLE)["unanswerable"]


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("key figures?", True),
        ("Summarise the report.", True),
        ("What are the key financial metrics?", True),
        ("summary of revenue?", False),
        ("How many countries are there?", False),
    ],
)
def test_what_asks_for_a_digest(question: str, wanted: bool) -> None:
    assert is_digest(question) is wanted


def test_a_digest_takes_each_line_from_its_own_table() -> None:
    answer = asked("key figures?", replace(TABLE, figure_id="p2-t1"), CASH)
    assert "Total net sales 2023: $1,250 million (+25.0%)" in answer["text"]
    assert "operating activities 2023: $120 million (+33.3%)" in answer["text"]
    assert {item["figure_id"] for item in answer["evidence"]} == {"p2-t1", CASH.figure_id}


def test_a_ratio_that_cannot_be_made_says_what_is_missing() -> None:
    said = asked("EBITDA?", TABLE)["unanswerable"]
    assert "there is no depreciation and amortization" in said
    assert "there is no total liabilities" in asked("debt to equity ratio?", SHEET)["unanswerable"]


def test_a_quarter_is_no_column_of_its_year() -> None:
    names = ["Quarter Ended March 31, 2023", "Quarter Ended June 30, 2023", "Q1 2022", "FY 2022"]
    assert columns_of(names) == {"2022": "FY 2022"}


def test_a_share_is_not_answered_with_an_amount() -> None:
    answer = asked("What share of revenue came from the largest segment?", TABLE)
    assert answer.get("unanswerable") or answer["sure"] < 0.55


def test_growth_over_all_columns_leaves_nothing_open() -> None:
    assert asked("revenue growth?", TABLE)["sure"] >= 0.85
