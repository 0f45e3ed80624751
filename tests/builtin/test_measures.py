"""Charts whose series have no name, and several measures in one chart."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from air_cli.records import Series
from tests.builtin.asking import value
from tests.toolkit.charts import chart_of

YEARS = ["2010", "2011", "2012", "2013", "2014"]
ASSETS = chart_of(
    {"": [388.0, 583.2, 794.5, 814.9, 984.1], "red": [1.6, 1.8, 2.0, 2.2, 2.1]},
    YEARS,
    kind="combo",
    title="Assets and value a share",
)
VOLUMES = replace(
    chart_of({"": [60.0, 52.0, 75.0], " (line)": [16.0, 14.0, 21.0]}, ["1Q 13", "2Q 13", "3Q 13"],
             kind="combo", title="Sales Revenue and Volume (in millions)"),
    series=(Series("", "#112233", "bar"), Series(" (line)", "#ff0000", "line")),
)  # fmt: skip
STACK = chart_of(
    {"blue": [10.0, 20.0, 30.0, 40.0, 50.0], "red": [5.0, 4.0, 3.0, 2.0, 1.0]},
    YEARS,
    kind="stacked-bar",
)
SHORT = chart_of({"": [5.0, 7.0, 9.0, 3.0]}, ["98", "99", "00", "01"], kind="line")


@pytest.mark.parametrize(
    ("question", "chart", "wanted"),
    [
        ("What were the assets under management in 2012?", ASSETS, 794.5),
        ("In which year did the assets first exceed $500?", ASSETS, "2011"),
        ("Was the value in 2014 higher than in 2013?", ASSETS, True),
        ("What was the sales revenue in 3Q 2013?", VOLUMES, 75.0),
        ("What was the volume in 3Q 2013?", VOLUMES, 21.0),
        ("By how much did the volume increase from 1Q 2013 to 3Q 2013?", VOLUMES, 5.0),
        ("The total amount increased from 2010 to 2014.", STACK, True),
        ("What was the value in 2000?", SHORT, 9.0),
    ],
)
def test_the_measure_that_is_meant(question: str, chart: Any, wanted: Any) -> None:
    found = value(question, chart)
    assert found == (pytest.approx(wanted) if isinstance(wanted, float) else wanted)


RATES = replace(
    chart_of({"": [603.0, 600.0, 533.0], " (line)": [4.8, 4.7, 4.1]}, ["1Q 13", "2Q 13", "3Q 13"],
             kind="combo", title="Net charge-offs"),
)  # fmt: skip
RATES = replace(
    RATES,
    marks=tuple(
        replace(m, label=f"{m.value}%" if m.series else f"${m.value:.0f}") for m in RATES.marks
    ),
)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What is the average net charge-off percentage?", 4.5333),
        ("What was the net charge-off rate in 2Q 2013?", 4.7),
        ("By what percentage did net charge-offs decrease from 1Q 2013 to 3Q 2013?", 11.609),
        ("What were net charge-offs in 2Q 2013?", 600.0),
    ],
)
def test_a_rate_beside_an_amount(question: str, wanted: float) -> None:
    assert value(question, RATES) == pytest.approx(wanted, rel=1e-3)


SHARES = chart_of(
    {"": [61.8, 11.5, 11.7, 15.0]}, ["Funds", "Notes", "Bonds", "Cash"], kind="pie", unit="%"
)


def test_percentage_points_between_one_and_two_others() -> None:
    question = (
        "By how many percentage points does Funds exceed the combined share of Notes and Bonds?"
    )
    assert value(question, SHARES) == pytest.approx(38.6)
