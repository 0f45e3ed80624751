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
    ],
)
def test_parts_that_point_back(question: str, parts: list[str]) -> None:
    assert features(question).parts
    assert parts_of(question) == parts
