"""Tolerant look-ups: what must match, what must not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.toolkit.colours import colour_distance, colour_fit, colour_name
from sandbox.toolkit.names import NoSuch, best_name, likeness
from sandbox.toolkit.times import bare_name, chronological, time_of
from tests.toolkit.charts import chart_of, run, session_of

COUNTRIES = ["United States", "United Kingdom", "South Korea", "Germany", "Côte d'Ivoire"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("germany", "Germany"),
        ("Gerrnany", "Germany"),
        ("UK", "United Kingdom"),
        ("korea", "South Korea"),
        ("COTE D IVOIRE", "Côte d'Ivoire"),
        ("united state", "United States"),
    ],
)
def test_spellings_find_their_name(wanted: str, found: str) -> None:
    assert best_name(wanted, COUNTRIES) == found


@pytest.mark.parametrize(
    ("wanted", "names", "found"),
    [
        (2009, ["'08", "'09", "'10"], "'09"),
        ("FY21", ["2020", "2021"], "2021"),
        ("Sept 2014", ["Sep 2014", "Sep 2015"], "Sep 2014"),
        ("2020", ["2019", "2020*"], "2020*"),
        ("18-29", ["18–29", "30–49"], "18–29"),
        ("1000", ["1,000", "2,000"], "1,000"),
    ],
)
def test_years_and_numbers_find_their_name(wanted: object, names: list[str], found: str) -> None:
    assert best_name(wanted, names) == found


@pytest.mark.parametrize("wanted", ["2021", "Mexico", "30"])
def test_what_is_not_there_is_refused_with_near_names(wanted: str) -> None:
    with pytest.raises(NoSuch, match="there is '"):
        best_name(wanted, ["2019", "2020", "Germany", "3"])


def test_two_equal_fits_are_refused() -> None:
    with pytest.raises(NoSuch, match="could be"):
        best_name("Korea", ["North Korea", "South Korea"])


@given(
    st.text(st.characters(codec="ascii", categories=["Lu", "Ll", "Nd"]), min_size=1, max_size=12)
)
def test_a_name_is_like_itself_in_any_case(name: str) -> None:
    assert likeness(name, name.upper()) == likeness(name.lower(), name) == 1.0


@given(a=st.text(max_size=15), b=st.text(max_size=15))
def test_likeness_is_a_share(a: str, b: str) -> None:
    assert 0.0 <= likeness(a, b) <= 1.0


@given(a=st.integers(1600, 2100), b=st.integers(1600, 2100))
def test_different_years_are_never_alike(a: int, b: int) -> None:
    assert (likeness(a, b) == 1.0) == (a == b)
    assert a == b or likeness(f"FY {a}", f"Year {b}") == 0.0


@pytest.mark.parametrize(
    ("color", "name"),
    [
        ("#2876dd", "blue"),
        ("#2ca02c", "green"),
        ("#d62728", "red"),
        ("#808080", "grey"),
        ("#ff7f0e", "orange"),
        ("#0f283e", "navy"),
    ],
)
def test_colours_have_their_everyday_names(color: str, name: str) -> None:
    assert colour_name(color) == name
    assert colour_fit(name, color) == pytest.approx(0.0, abs=0.05)


@given(st.integers(0, 0xFFFFFF), st.integers(0, 0xFFFFFF))
def test_distance_is_symmetric_and_zero_only_for_the_same(a: int, b: int) -> None:
    first, second = f"#{a:06x}", f"#{b:06x}"
    assert colour_distance(first, second) == pytest.approx(colour_distance(second, first))
    assert (colour_distance(first, second) < 1e-9) == (a == b)


def test_light_and_dark_choose_among_the_shades_of_a_chart() -> None:
    chart = chart_of({"Deep": [1.0], "Pale": [2.0]}, ["x"], colors=["#1f4e79", "#9dc3e6"], unit="%")
    code = "answer([chart.color('light blue').names[0], chart.color('dark blue').names[0]], '', [])"
    report = run(session_of(chart), code)
    assert report.answer is not None and report.answer["value"] == ["Pale", "Deep"]
    with pytest.raises(NoSuch, match="nothing is red"):
        run(session_of(chart), "chart.color('red')")


def test_colours_of_one_question_are_told_apart() -> None:
    colors = ["#4a8f6a", "#a5c9b9", "#e4cb84"]
    chart = chart_of({"Upper": [1.0], "Lower": [2.0], "Middle": [3.0]}, ["x"], colors=colors)
    code = "answer(chart.tell_apart('dark green', 'green', 'yellow'), '', [])"
    report = run(session_of(chart), code)
    assert report.answer is not None and report.answer["value"] == colors


def test_the_lighter_of_two_blues_is_the_light_blue() -> None:
    colors = ["#2876dd", "#0f283e", "#bababa"]
    chart = chart_of({"A": [1.0], "B": [2.0], "C": [3.0]}, ["x"], colors=colors)
    names = ["light blue", "dark blue", "navy blue", "grey", "blue"]
    code = f"answer([chart.color(name).names[0] for name in {names}], '', [])"
    report = run(session_of(chart), code)
    assert report.answer is not None and report.answer["value"] == ["A", "B", "B", "C", "A"]


@pytest.mark.parametrize(
    ("name", "time"),
    [("2019", 2019.0), ("Q2 2020", 2020.25), ("3Q '20", 2020.5), ("2018/19", 2018.0),
     ("Mar 2021", 2021.0 + 2 / 12), ("27/28*", 2027.0), ("Germany", None), ("18-29", None)],
)  # fmt: skip
def test_times_in_names(name: str, time: float | None) -> None:
    assert time_of(name) == (None if time is None else pytest.approx(time))


def test_time_runs_forwards_whatever_the_order_of_the_rows() -> None:
    assert chronological(["2021", "2020", "2019"]) == [2, 1, 0]
    assert chronological(["b", "a"]) == [0, 1]
    assert bare_name("2020*") == "2020"
    chart = chart_of({"": [3.0, 2.0, 1.0]}, ["2021", "2020", "2019"])
    report = run(session_of(chart), "answer([p.category for p in chart.points.last(2)], '', [])")
    assert report.answer is not None and report.answer["value"] == ["2020", "2021"]
