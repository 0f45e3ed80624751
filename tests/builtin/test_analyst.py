"""What analysts ask of segments, margins, quarters, bridges and statements."""

from __future__ import annotations

from typing import Any

import pytest

from air_cli.records import Chart
from tests.builtin.asking import asked, value
from tests.toolkit.charts import chart_of

YEARS = ["2019", "2020", "2021", "2022", "2023"]
SEGMENTS = chart_of(
    {"Cloud": [120, 180, 260, 330, 410], "Devices": [300, 280, 310, 295, 270],
     "Services": [80, 95, 90, 110, 150]},
    YEARS, kind="stacked-bar", unit="$ millions", title="Revenue by segment",
)  # fmt: skip
MARGIN = chart_of(
    {"Revenue": [500, 555, 660, 735, 830], "Operating margin": [12.1, 10.4, 14.8, 16.2, 15.5]},
    YEARS,
    kind="combo",
)
QUARTERS = chart_of(
    {"": [101.2, 110.5, 108.1, 125.9, 115.0, 121.4, 119.9, 140.3]},
    ["Q1 22", "Q2 22", "Q3 22", "Q4 22", "Q1 23", "Q2 23", "Q3 23", "Q4 23"],
    kind="line", unit="$ millions", title="Quarterly net sales",
)  # fmt: skip
REGIONS = chart_of(
    {"": [42.0, 27.0, 16.0, 9.0, 6.0]},
    ["North America", "Europe", "Asia Pacific", "Latin America", "Other"],
    kind="pie",
    unit="%",
)
BRIDGE = chart_of(
    {"": [420, 55, -30, 18, -12, 451]},
    ["EBITDA 2022", "Volume", "Price", "Mix", "FX", "EBITDA 2023"],
    kind="waterfall",
    unit="$ millions",
)
RETURNS = chart_of(
    {"ACME": [100, 121, 98, 140, 171], "S&P 500": [100, 108, 115, 131, 138]},
    YEARS, kind="line", unit="$", title="Cumulative total return on $100 invested",
)  # fmt: skip
DEBT = chart_of(
    {"": [250, 400, 0, 600, 350]}, ["2024", "2025", "2026", "2027", "2028"], unit="$ millions"
)
MARKET = chart_of(
    {"Apple": [52, 50, 58], "Samsung": [30, 31, 24], "Other": [18, 19, 18]},
    ["2019", "2020", "2021"],
    kind="stacked-bar",
    unit="%",
)
GUIDANCE = chart_of({"Low": [2.1, 2.6], "High": [2.3, 2.9]}, ["2023", "2024"], unit="$")
ORDERS = chart_of(
    {"Mon": [12, 30, 44], "Tue": [15, 28, 40]}, ["Morning", "Noon", "Evening"], kind="heatmap"
)
BOXES = chart_of(
    {"minimum": [30, 5], "lower quartile": [35, 22], "median": [40, 30],
     "upper quartile": [50, 36], "maximum": [60, 55]},
    ["A", "B"], kind="box", unit="days",
)  # fmt: skip
STATEMENT = chart_of(
    {"2023": [5230, 640, 12.5], "2022": [4870, 512, 10.0]},
    ["Net sales", "Net income", "Diluted earnings per share"],
    kind="table",
    unit="$ millions",
)


@pytest.mark.parametrize(
    ("question", "chart", "wanted"),
    [
        ("Which segment is growing fastest?", SEGMENTS, "Cloud"),
        ("Which segment contributed least to growth in 2023?", SEGMENTS, "Devices"),
        ("What is the revenue mix in 2023?", SEGMENTS, [49.4, 32.53, 18.07]),
        ("How has the mix changed since 2019?", SEGMENTS, [25.4, -27.47, 2.07]),
        ("Revenue growth 2023 yoy", SEGMENTS, 12.93),
        ("By what factor did Cloud grow?", SEGMENTS, 3.417),
        ("How did Cloud do?", SEGMENTS, 241.7),
        ("How much did total revenue rise from 2019 to 2023 in percent?", SEGMENTS, 66.0),
        ("Did margins improve?", MARGIN, True),
        ("best year for margin", MARGIN, "2022"),
        ("What was sequential growth in Q4 23?", QUARTERS, 17.01),
        ("yoy growth Q4 23", QUARTERS, 11.44),
        ("What were full-year 2023 sales?", QUARTERS, 496.6),
        ("In which quarters did sales fall?", QUARTERS, ["Q3 22", "Q1 23", "Q3 23"]),
        ("What do the top two regions account for?", REGIONS, 69.0),
        ("Europe plus APAC?", REGIONS, 43.0),
        ("What was the biggest driver of EBITDA?", BRIDGE, "Volume"),
        ("What reduced EBITDA?", BRIDGE, ["Price", "FX"]),
        ("Net change in EBITDA?", BRIDGE, 31.0),
        ("Which performed best over the period?", RETURNS, "ACME"),
        ("By how much did ACME outperform the S&P 500?", RETURNS, 33.0),
        ("What was ACME's total return?", RETURNS, 71.0),
        ("How much debt matures through 2026?", DEBT, 650.0),
        ("How much debt matures after 2026?", DEBT, 950.0),
        ("Which company lost the most share since 2019?", MARKET, "Samsung"),
        ("Is Samsung losing share?", MARKET, True),
        ("How many points of share did Apple gain from 2019 to 2021?", MARKET, 6.0),
        ("What is the midpoint of 2024 guidance?", GUIDANCE, 2.75),
        ("Is net margin above 12% in 2023?", STATEMENT, True),
        ("When is the busiest time?", ORDERS, "Evening"),
        ("How many orders on Tuesday noon?", ORDERS, 28.0),
        ("Which group has the widest spread?", BOXES, "B"),
        ("Did net income grow faster than sales in 2023?", STATEMENT, True),
    ],
)
def test_what_analysts_ask(question: str, chart: Chart, wanted: Any) -> None:
    said = value(question, chart)
    if isinstance(wanted, float) or (isinstance(wanted, list) and isinstance(wanted[0], float)):
        assert said == pytest.approx(wanted, rel=0.002)
    else:
        assert said == wanted


def test_an_operand_that_the_figure_lacks_makes_the_sum_unsure() -> None:
    answer = asked("Europe plus Africa?", REGIONS)
    assert "unanswerable" in answer or answer["sure"] < 0.6


def test_another_noun_than_that_of_the_name_is_not_sure() -> None:
    assert asked("What was operating profit in 2022?", MARGIN)["sure"] < 0.6
    assert asked("What was the margin in 2022?", MARGIN).get("sure", 1.0) >= 0.7


def test_an_amount_per_share_is_not_in_millions() -> None:
    assert asked("What was EPS in 2023?", STATEMENT)["unit"] == "$"
    assert asked("What was net income in 2023?", STATEMENT)["unit"] == "$ millions"


def test_a_ratio_without_its_lines_says_which_are_missing() -> None:
    said = asked("What was free cash flow in 2023?", STATEMENT)["unanswerable"]
    assert "operating cash flow" in said and "capital expenditure" in said


@pytest.mark.parametrize(
    ("question", "chart"),
    [
        ("double the Services revenue of 2020", SEGMENTS),
        ("Where does Cloud rank in 2023?", SEGMENTS),
        ("What is the biggest line in 2023?", STATEMENT),
    ],
)
def test_what_is_asked_besides_the_value_makes_it_unsure(question: str, chart: Chart) -> None:
    answer = asked(question, chart)
    assert "unanswerable" in answer or answer["sure"] <= 0.5
