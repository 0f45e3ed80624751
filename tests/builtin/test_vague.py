"""Questions of a few words, several parts, and slips of the keyboard."""

from __future__ import annotations

from typing import Any

import pytest

from air_cli.policy import features
from air_cli.reasoners.builtin.parts import parts_of
from tests.builtin.asking import asked, value
from tests.toolkit.charts import chart_of

REGIONS = chart_of(
    {
        "Europe": [10.0, 12.0, 15.0, 21.0],
        "Asia": [8.0, 16.0, 25.0, 40.0],
        "Americas": [20.0, 19.0, 18.0, 17.0],
    },
    ["2020", "2021", "2022", "2023"],
    kind="line",
    unit="€ million",
    title="Revenue by region",
)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("best year?", "2023"),
        ("worst region?", "Asia"),
        ("top 2 regions in 2023", ["Asia", "Europe"]),
        ("rank the regions in 2023", ["Asia", "Europe", "Americas"]),
        ("who leads?", "Asia"),
        ("biggest mover?", "Asia"),
        ("fastest growing?", "Asia"),
        ("2023?", [21.0, 40.0, 17.0]),
        ("how many regions?", 3),
        ("Is Asia growing?", True),
        ("Are the Americas growing?", False),
        ("highest and lowest", [40.0, 8.0]),
        ("by how much did the total revenue grow", 40.0),
        ("what was the revnue of Eurpoe in 2022", 15.0),
    ],
)
def test_few_words(question: str, wanted: Any) -> None:
    assert value(question, REGIONS) == wanted


@pytest.mark.parametrize(
    ("question", "wanted"),
    [("yoy growth of Asia in 2022", 56.25), ("share of Asia in 2023", 51.282)],
)
def test_what_is_worked_out(question: str, wanted: float) -> None:
    assert value(question, REGIONS) == pytest.approx(wanted, rel=1e-3)


AGES = chart_of(
    {"": [0.1, 3.5, 10.2, 25.2, 40.5, 19.4]},
    ["20-29 years", "50–59 years", "60-69 years", "70-79 years", "80-89 years", "90 and older"],
    kind="pie",
    unit="%",
)  # fmt: skip


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("How many people aged 80 years and above died?", 59.9),
        ("What share of the deaths was of people under 60 years of age?", 3.6),
        ("What was the share of people aged 90 and older?", 19.4),
        ("What was the share of people aged 60-69 years?", 10.2),
    ],
)
def test_age_groups_on_one_side(question: str, wanted: float) -> None:
    assert value(question, AGES) == pytest.approx(wanted)


def test_growth_is_told_for_every_series() -> None:
    assert "Americas: -5.3% per year" in asked("what changed?", REGIONS)["text"]


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Which region had the highest revenue in 2023 and what was it?",
            [
                "Which region had the highest revenue in 2023?",
                "What was the highest revenue in 2023?",
            ],
        ),
        (
            "How much did Asia grow from 2020 to 2023, and in which year was it highest?",
            ["How much did Asia grow from 2020 to 2023?", "in which year was Asia highest?"],
        ),
        ("lowest value and when?", ["lowest value?", "when was lowest value?"]),
        (
            "Which area was larger in 2021, and by how much?",
            [
                "Which area was larger in 2021?",
                "What was the difference between the largest and the second largest area in 2021?",
            ],
        ),
    ],
)
def test_parts_that_point_back(question: str, parts: list[str]) -> None:
    assert features(question).parts
    assert parts_of(question) == parts


def test_a_summary_over_time_tells_the_growth() -> None:
    homes = chart_of({"": [40.0, 50.0, 48.4]}, ["2019", "2020", "2021"], title="Homes sold")
    said = asked("summary?", homes)["text"]
    assert "highest 2020 (50)" in said and "+21.0% in all" in said


def test_a_summary_of_a_statement_tells_its_rows() -> None:
    rows = {"2021": [100.0, 10.0], "2022": [120.0, 9.0]}
    table = chart_of(rows, ["Net sales", "Net income"], kind="table", unit="$ millions")
    said = asked("key figures?", table)
    assert said["value"][0].startswith("Net sales: $120 million in 2022")
    assert "-10.0%" in said["value"][1]
    assert len(said["evidence"]) == 4


def test_who_is_ahead_at_a_time() -> None:
    teams = {"Reds": [1.0, 5.0], "Blues": [3.0, 4.0]}
    assert asked("Who is ahead in 2020?", chart_of(teams, ["2020", "2021"]))["value"] == "Blues"
