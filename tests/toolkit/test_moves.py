"""How lines move, what stands out, how a value is written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sandbox.toolkit.maths import crossings
from sandbox.toolkit.moves import is_steady, neat, outliers, runs_of, start_of
from sandbox.toolkit.names import NoSuch
from sandbox.toolkit.points import Point, Points


def line(*values: float, how: str = "label") -> Points:
    return Points(
        tuple(
            Point("", str(2000 + n), value, value - 0.05, value + 0.05, how)
            for n, value in enumerate(values)
        )
    )


def test_runs_are_counted_from_turn_to_turn() -> None:
    found = line(2.0, 7.0, 1.0, 6.0, 3.0, 4.0, 5.0)
    assert [len(run) for run in runs_of(found, "increase")] == [2, 2, 3]
    assert len(runs_of(found, "decrease")) == 2


def test_what_was_measured_does_not_move_within_its_noise() -> None:
    flat = line(3.0, 3.004, 2.999, 5.0, how="geometry")
    assert len(runs_of(flat, "decrease")) == 0
    assert len(runs_of(line(3.0, 3.004, 2.999, 5.0), "decrease")) == 1


def test_since_when_a_line_falls_is_where_its_longest_fall_starts() -> None:
    assert start_of(line(5.0, 4.0, 6.0, 5.0, 3.0, 2.0), "decrease").category == "2002"
    with pytest.raises(NoSuch, match="never decrease"):
        start_of(line(1.0, 2.0), "decrease")


def test_a_steady_line_never_turns() -> None:
    assert is_steady(line(1.0, 1.0, 2.0)) and is_steady(line(3.0, 2.0))
    assert not is_steady(line(1.0, 3.0, 2.0))


def test_outliers_are_far_from_the_median() -> None:
    found = outliers(line(138.0, 117.0, 281.0, 140.0, 8.0))
    assert found.categories == ["2002", "2004"]
    with pytest.raises(NoSuch, match="far from the others"):
        outliers(line(4.0, 5.0, 6.0))


def test_a_measured_value_is_written_without_digits_it_does_not_support() -> None:
    point = Point("", "a", 0.9965, 0.93, 1.06, "geometry")
    assert neat(point) == 1.0
    assert neat(replace(point, how="label")) == 0.9965
    assert neat(replace(point, value=83.21, low=80.0, high=86.0)) == 83.0


def test_neighbouring_crossings_are_two() -> None:
    assert crossings([5.0, -2.0, 3.0]) == [1, 2]
    assert crossings([5.0, 0.0, -3.0]) == [1]
