"""The named maths against their formulas."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.toolkit.maths import (
    cagr,
    crossings,
    difference,
    fit_line,
    growth_rate,
    mean,
    median,
    mode,
    product,
    ratio,
    same,
    share,
    trend,
)

SIZES = st.floats(1e-3, 1e9)
VALUES = st.floats(-1e9, 1e9)


@given(a=SIZES, rate=st.floats(-0.9, 5.0), periods=st.integers(1, 40))
def test_compounding_the_cagr_gives_the_end_value(a: float, rate: float, periods: int) -> None:
    b = a * (1.0 + rate) ** periods
    assert cagr(a, b, periods) == pytest.approx(rate * 100.0, abs=1e-6)


@given(a=SIZES, b=SIZES)
def test_growth_over_one_period_is_the_growth_rate(a: float, b: float) -> None:
    assert cagr(a, b, 1) == pytest.approx(growth_rate(a, b), rel=1e-6, abs=1e-6)
    assert a + a * growth_rate(a, b) / 100.0 == pytest.approx(b, rel=1e-9, abs=1e-9 * a)


@given(a=VALUES, b=VALUES)
def test_difference_has_no_direction(a: float, b: float) -> None:
    assert difference(a, b) == difference(b, a) >= 0.0


@given(st.lists(SIZES, min_size=1, max_size=20))
def test_shares_add_up_to_a_hundred(values: list[float]) -> None:
    whole = math.fsum(values)
    assert math.fsum(share(value, whole) for value in values) == pytest.approx(100.0)


@given(st.lists(VALUES, min_size=1, max_size=20))
def test_mean_and_median_lie_between_the_extremes(values: list[float]) -> None:
    slack = 1e-9 * max(1.0, max(map(abs, values)))
    for number in (mean(values), median(values)):
        assert min(values) - slack <= number <= max(values) + slack


# The first call imports numpy, which takes longer than the usual deadline on a busy machine.
@settings(deadline=None)
@given(slope=st.floats(-100, 100), start=st.floats(-100, 100))
def test_a_line_is_fitted_exactly(slope: float, start: float) -> None:
    xs = [0.0, 1.0, 2.0, 5.0]
    fitted = fit_line(xs, [slope * x + start for x in xs])
    assert fitted == pytest.approx((slope, start), abs=1e-6)


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ([1.0, 2.0, 3.0, 4.0], "increasing"),
        ([9.0, 7.0, 8.0, 3.0, 1.0], "decreasing"),
        ([5.0, 9.0, 4.0, 8.0, 5.0], "fluctuating"),
        ([10.0, 10.1, 10.0], "flat"),
    ],
)
def test_trend(values: list[float], word: str) -> None:
    assert trend(values) == word


def test_crossings_are_where_the_sign_changes() -> None:
    assert crossings([3.0, 1.0, -1.0, -2.0, 4.0]) == [2, 4]
    assert crossings([3.0, 0.0, -1.0]) == [1]
    assert crossings([3.0, 2.0]) == []


def test_what_does_not_exist_is_refused() -> None:
    for failing in (
        lambda: ratio(1.0, 0.0),
        lambda: share(1.0, 0.0),
        lambda: growth_rate(0.0, 1.0),
        lambda: cagr(-1.0, 1.0, 2),
        lambda: cagr(1.0, 2.0, 0),
        lambda: mean([]),
        lambda: mode([1.0, 2.0]),
        lambda: trend([1.0]),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            failing()


def test_equality_is_to_rounding() -> None:
    assert same(0.1 + 0.2, 0.3) and same(38.0, 38.0) and not same(38.0, 38.5)
    assert product([2.0, 3.0, 4.0]) == 24.0 and mode([1.0, 2.0, 2.0]) == 2.0
