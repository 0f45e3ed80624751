"""Questions on financial statements as analysts put them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from air_cli.reasoners.builtin.joint import holds, joint_of
from tests.builtin.asking import asked, value
from tests.toolkit.charts import chart_of

INCOME = {
    "Total net sales": [800.0, 1000.0, 1250.0],
    "Cost of goods sold": [500.0, 600.0, 700.0],
    "Gross margin": [300.0, 400.0, 550.0],
    "Research and development": [80.0, 100.0, 150.0],
    "Selling, general and administrative expenses": [60.0, 70.0, 80.0],
    "Operating income (loss)": [160.0, 230.0, 320.0],
    "Interest expense": [-10.0, -20.0, -32.0],
    "Income before income taxes": [150.0, 210.0, 288.0],
    "Provision (benefit) for income taxes": [30.0, 42.0, 72.0],
    "Net income (loss)": [120.0, 168.0, 216.0],
}
YEARS = ["2021", "2022", "2023"]


def statement(rows: dict[str, list[float]], years: list[str]) -> Any:
    """A statement with the latest year first, as most are printed."""
    columns = {year: [row[n] for row in rows.values()] for n, year in enumerate(years)}
    latest_first = dict(reversed(columns.items()))
    return chart_of(latest_first, list(rows), kind="table", unit="$ millions")


TABLE = statement(INCOME, YEARS)
SHEET = statement(
    {
        "Cash and cash equivalents": [50.0, 75.0],
        "Trade receivables, net of allowances for doubtful accounts of $4 and $3": [40.0, 45.0],
        "Merchandise inventories": [110.0, 130.0],
        "Other current assets": [10.0, 20.0],
        "Total current assets": [210.0, 270.0],
        "Total assets": [600.0, 700.0],
        "Total current liabilities": [140.0, 150.0],
        "Total stockholders’ equity": [300.0, 340.0],
        "Total liabilities and equity": [600.0, 700.0],
    },
    ["2022", "2023"],
)
CASH = statement(
    {
        "Net cash provided by (used in) operating activities": [90.0, 120.0],
        "Purchases of property, plant and equipment": [-30.0, -45.0],
        "Dividends paid": [-5.0, -6.0],
    },
    ["2022", "2023"],
)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What was revenue in 2022?", 1000.0),
        ("R&D in 2023?", 150.0),
        ("SG&A expense 2022", 70.0),
        ("COGS 2021?", 500.0),
        ("What was the operating profit in 2021?", 160.0),
        ("R&D as a share of revenue in 2023?", 12.0),
        ("What percentage of sales was R&D in 2022?", 10.0),
        ("cost of goods sold as a percentage of revenue in 2022", 60.0),
        ("What is the gross margin percentage in 2023?", 44.0),
        ("operating margin 2022?", 23.0),
        ("effective tax rate 2023?", 25.0),
        ("interest coverage in 2023", 10.0),
        ("net profit margin 2021 to 2023", [15.0, 16.8, 17.28]),
        ("What is the 2021 - 2023 average operating margin?", (20.0 + 23.0 + 25.6) / 3),
        ("by what percentage did revenue grow from 2021 to 2023?", 56.25),
        ("What was the revenue growth?", 56.25),
        ("net income?", 216.0),
        ("What was total revenue in the latest year?", 1250.0),
        ("net income in the first year", 120.0),
    ],
)
def test_the_income_statement(question: str, wanted: Any) -> None:
    assert value(question, TABLE) == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("current ratio 2023?", 1.8),
        ("What is the ratio of current assets to current liabilities in 2022?", 1.5),
        ("working capital 2023", 120.0),
        ("inventory 2022?", 110.0),
        ("accounts receivable in 2023", 45.0),
        ("shareholders' equity 2023?", 340.0),
        ("What is the year end FY2023 total amount of inventories?", 130.0),
    ],
)
def test_the_balance_sheet(question: str, wanted: float) -> None:
    assert value(question, SHEET) == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [("free cash flow 2023?", 75.0), ("operating cash flow 2022", 90.0), ("capex 2023?", -45.0)],
)
def test_the_cash_flow_statement(question: str, wanted: float) -> None:
    assert value(question, CASH) == pytest.approx(wanted)


@pytest.mark.parametrize(
    "question", ["deferred revenue in 2023?", "total liabilities 2023?", "EPS 2023?"]
)
def test_another_line_is_not_taken_for_the_one_that_is_missing(question: str) -> None:
    table = SHEET if "liabilities" in question else TABLE
    answer = asked(question, table)
    assert answer.get("unanswerable") or answer["sure"] < 0.5


def test_several_years_are_told_apart_in_the_text() -> None:
    answer = asked("operating margin in 2022 and 2023?", TABLE)
    assert answer["text"] == "2022: 23%; 2023: 25.6%"
    assert answer["unit"] == "%"


def test_a_loss_has_no_growth_rate() -> None:
    losses = statement({"Net income (loss)": [-5.0, -2.0, 3.0]}, YEARS)
    assert "above zero" in asked("net income growth?", losses)["unanswerable"]


def test_two_rows_side_by_side_are_no_growth() -> None:
    shares = statement({"Earnings per share: Basic": [2.0, 3.0],
                        "Earnings per share: Diluted": [1.9, 2.8]}, ["2022", "2023"])  # fmt: skip
    answer = asked("revenue growth?", shares)
    assert answer.get("unanswerable") or answer["sure"] < 0.5


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("capex as a percentage of revenue in 2023", 3.6),
        ("What percentage of revenue was capex in 2022?", 3.0),
        ("return on assets 2023?", 100 * 216 / 700),
        ("inventory turnover", 700 / 130),
        (
            "What is the FY2022 - FY2023 average return on equity?",
            (100 * 168 / 300 + 100 * 216 / 340) / 2,
        ),
    ],
)
def test_a_ratio_of_two_statements(question: str, wanted: float) -> None:
    other = CASH if "capex" in question else SHEET
    answer = asked(question, replace(TABLE, figure_id="p2-t1"), other)
    assert answer["value"] == pytest.approx(wanted)
    assert {item["figure_id"] for item in answer["evidence"]} == {"p2-t1", other.figure_id}


@pytest.mark.parametrize(
    "question",
    ["How many countries are there?", "revenue growth?", "operating margin growth 2021 to 2023",
     "free cash flow margin", "What is the share of men?", "operating cash flow in 2017"],
)  # fmt: skip
def test_what_puts_no_two_lines_together(question: str) -> None:
    assert joint_of(question) is None


def test_the_tables_that_hold_a_line() -> None:
    assert holds(TABLE, "revenue", ["2023"])
    assert not holds(TABLE, "revenue", ["2019"])
    assert not holds(TABLE, "inventories", [])
    assert holds(SHEET, "inventories", [])


def test_best_of_a_name_is_no_extreme() -> None:
    assert value("What was the revenue of Best Foods in 2022?", TABLE) == 1000.0
    assert (
        value("What is the average operating margin of Best Foods in 2021 and 2022?", TABLE) == 21.5
    )


def test_a_line_that_is_missing_is_no_share() -> None:
    table = statement({"Revenue": [10.0, 20.0], "Net income": [1.0, 2.0]}, ["2022", "2023"])
    answer = asked("R&D as % of revenue in 2023", table)
    assert answer.get("unanswerable") or answer["sure"] < 0.4


def test_two_parts_are_no_part_and_whole() -> None:
    table = statement({"Cost": [4.0, 5.0], "Tax": [1.0, 2.0], "Rent": [2.0, 2.0]}, ["2022", "2023"])
    found = value("What is the percentage of Cost and Tax in 2023?", table)
    assert found in (7.0, [5.0, 2.0])


def test_income_before_taxes_may_be_said_to_include_that_of_affiliates() -> None:
    rows = dict(INCOME)
    name = "Earnings before income tax expense and equity in income of affiliates"
    rows[name] = rows.pop("Income before income taxes")
    assert round(value("effective tax ratio in 2023?", statement(rows, YEARS)), 6) == 25.0


def test_a_row_is_named_in_full_without_its_brackets_and_that_it_is_a_total() -> None:
    rows = {
        "Maine": [31.0, 30.0],
        "Total domestic store count": [76.0, 75.0],
        "Ours (new)": [1.0, 2.0],
    }
    table = statement(rows, ["2022", "2023"])
    said = asked("How much was the domestic store in 2023?", table)
    assert (said["value"], said.get("sure", 1.0) > 0.7) == (75.0, True)
    said = asked("What score did Ours achieve in 2023?", table)
    assert (said["value"], said.get("sure", 1.0) > 0.7) == (2.0, True)


def test_a_margin_changes_by_points() -> None:
    found = asked("What is the change of the operating margin from 2022 to 2023?", TABLE)
    margins = asked("operating margin in 2022 and 2023", TABLE)["value"]
    assert found["value"] == pytest.approx(margins[1] - margins[0])
    assert found["unit"] == "percentage points"


def test_a_column_of_changes_is_the_change_itself() -> None:
    rows = {"Members": [30.0, 29.0], "Price": [-1.0, 2.0]}
    names = ["Change 2015 vs. 2014", "Change 2014 vs. 2013"]
    table = replace(statement(rows, names), unit="%")
    assert value("By what percentage did members increase from 2014 to 2015?", table) == 30.0
