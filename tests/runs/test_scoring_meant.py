"""Answers compared as what they say, with their units."""

from __future__ import annotations

import pytest

from air_cli.records import Value
from air_cli.scoring_meant import meant_match


@pytest.mark.parametrize(
    ("gold", "value", "unit", "right"),
    [
        ("27.78%", 27.78, "%", True),
        ("27.78%", 27.78, "", False),
        ("0.39", 39, "%", True),
        ("0.39", 39, "", False),
        ("39", 39, "%", True),
        ("€7bn", 7.1, "billion", True),
        ("€7bn", 7100.0, "EUR million", True),
        ("€7bn", 7.0, "million", False),
        ("7 million", 7_000_000, "", True),
        ("-€93m", -93.0, "million", True),
        ("'82:15", 82 / 15, "", True),
        ("2:3", 1.5, "", False),
        ("[U.S., China]", ["China", "U.S."], "", True),
        ("[3, 3]", [3, 4], "", False),
        ('["a, b", "c"]', ["c", "a, b"], "", True),
        ("['38%', '42%']", [42, 38], "%", True),
        ("[63, 26]", [63], "", False),
        ("[Wed]", "Wed", "", True),
        ("[Wed]", ["Wed", "Fri"], "", False),
        ("Beer*", "Beer", "", True),
        ("Beer*", "Beers", "", False),
        ("2019", None, "", False),
        ("100", 105.1, "", False),
    ],
)
def test_what_is_meant(gold: str, value: Value, unit: str, right: bool) -> None:
    assert meant_match(gold, value, unit) is right
