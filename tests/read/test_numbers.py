"""Numbers, times and units as charts write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from air_cli.read.numbers import (
    parse_axis_unit,
    parse_number,
    parse_unit,
    repaired,
)
from air_cli.read.texts import reading_order
from air_cli.read.times import parse_time
from air_cli.records import Text


@pytest.mark.parametrize(
    ("text", "total", "unit"),
    [
        ("1,234.5", 1234.5, ""),
        ("1.234,5", 1234.5, ""),
        ("1 234", 1234, ""),
        ("1\u202f234\u202f567", 1234567, ""),
        ("1'234", 1234, ""),
        ("1,23,456", 123456, ""),
        ("(12)", -12, ""),
        ("($3.2)", -3.2, "$"),
        ("−12", -12, ""),
        ("-$5", -5, "$"),
        ("12%", 12, "%"),
        ("12 percent", 12, "%"),
        ("$4.0M", 4e6, "$"),
        ("3.2bn", 3.2e9, ""),
        ("€5m", 5e6, "€"),
        ("10^3", 1000, ""),
        ("10³", 1000, ""),
        ("10⁻²", 0.01, ""),
        ("2×10^3", 2000, ""),
        ("1.5E+06", 1.5e6, ""),
        ("0,5", 0.5, ""),
        (".5", 0.5, ""),
        ("2.5 million people", 2.5e6, "people"),
        ("$(50)M", -5e7, "$"),
        ("(12)%", -12, "%"),
        ("4 new registrations", 4, "new registrations"),
    ],
)
def test_numbers(text: str, total: float, unit: str) -> None:
    number = parse_number(text)
    assert number is not None
    assert number.total == pytest.approx(total)
    assert number.unit == unit


@pytest.mark.parametrize(
    "text", ["", "Total", "15-49", "5th", "12 Jan", "8 to 10", "Q1", "(12", "12)", "1..2", "%"]
)
def test_not_one_number(text: str) -> None:
    assert parse_number(text) is None


def test_ambiguous_separator_keeps_both_readings() -> None:
    number = parse_number("1.234")
    assert number is not None and (number.value, number.other) == (1.234, 1234)


def test_rounding_of_the_print() -> None:
    number = parse_number("$4.0M")
    assert number is not None and number.half == pytest.approx(0.05e6)


@given(st.integers(-(10**12), 10**12))
def test_thousands_separators_round_trip(value: int) -> None:
    number = parse_number(f"{value:,}")
    assert number is not None and number.value == value


@given(st.text(max_size=20))
def test_nothing_breaks_the_parsers(text: str) -> None:
    parse_number(text)
    parse_time(text)
    parse_unit(text)
    list(repaired(text))


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2009", 2009),
        ("'09", 2009),
        ("’98", 1998),
        ("Q3 2010", 2010.5),
        ("1Q10", 2010),
        ("FY09", 2009),
        ("FY 2009/10", 2009),
        ("2009/10", 2009),
        ("Jul 2013", 2013.5),
        ("Jan-13", 2013),
        ("2013-07", 2013.5),
        ("2020*", 2020),
        ("2025E", 2025),
    ],
)
def test_times(text: str, year: float) -> None:
    assert parse_time(text) == pytest.approx(year)


@pytest.mark.parametrize("text", ["Jan", "1200", "12", "20%", "2,009"])
def test_not_times(text: str) -> None:
    assert parse_time(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in millions of U.S. dollars", ("millions of U.S. dollars", 1e6)),
        ("Exports (million USD)", ("million USD", 1e6)),
        ("Sales (€m)", ("€m", 1e6)),
        ("($ billions)", ("$ billions", 1e9)),
        ("Share of respondents", ("%", 1)),
        ("% of U.S. adults who say", ("%", 1)),
        ("Price (USD)", ("USD", 1)),
        ("Rainfall (thousand tonnes)", ("thousand tonnes", 1e3)),
        ("Revenue by region", ("", 1)),
    ],
)
def test_units(text: str, expected: tuple[str, float]) -> None:
    assert parse_unit(text) == expected


@pytest.mark.parametrize(
    ("text", "unit", "total"),
    [
        ("0.97 t", "t", 0.97),
        ("4.0T", "", 4e12),
        ("12k-", "", 12e3),
        ("$3t", "$", 3e12),
        ("1.2 milliont", "t", 1.2e6),
        ("5 millions", "", 5e6),
    ],
)
def test_scales_and_units_are_told_apart(text: str, unit: str, total: float) -> None:
    number = parse_number(text)
    assert number is not None
    assert (number.unit, number.total) == (unit, total)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Millions", ("Millions", 1e6)),
        ("USD bn", ("USD bn", 1e9)),
        ("Revenue, thousands of dollars", ("thousands of dollars", 1e3)),
        ("Million tonnes", ("Million tonnes", 1e6)),
        ("mm", ("", 1.0)),
        ("Population", ("", 1.0)),
        ("Thousands protest in the streets of Paris", ("", 1.0)),
    ],
)
def test_an_axis_title_may_be_only_its_unit(title: str, expected: tuple[str, float]) -> None:
    assert parse_axis_unit(title) == expected


def test_upright_texts_read_upwards() -> None:

    low = Text("Occupancy", (10, 150, 22, 200), angle=90)
    high = Text("rate", (10, 120, 22, 148), angle=90)
    assert reading_order([high, low]) == "Occupancy rate"
