"""Axis fits: exact ticks, misread labels, log, time, categories."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from air_cli.read.axes import fit_axis, misread_at
from air_cli.read.tick_names import name_positions, untitled
from air_cli.records import Text


def labels(texts: list[str], at: list[float], role: str = "y") -> list[Text]:
    if role == "x":
        return [Text(t, (p - 12, 400, p + 12, 412)) for t, p in zip(texts, at, strict=True)]
    return [Text(t, (10, p - 6, 40, p + 6)) for t, p in zip(texts, at, strict=True)]


@given(
    st.floats(-1e6, 1e6),
    st.sampled_from([0.1, 0.25, 1, 5, 20, 1000]),
    st.integers(3, 9),
)
def test_exact_labels_give_an_exact_axis(start: float, step: float, count: int) -> None:
    first = round(start / step) * step
    texts = [f"{first + i * step:.2f}" for i in range(count)]
    at = [400 - 30.0 * i for i in range(count)]
    fit = fit_axis("y", labels(texts, at))
    assert fit is not None and fit.kind == "linear"
    assert fit.value(400 - 15) == pytest.approx(first + step / 2, abs=0.02 * step + 0.02)


def test_ticks_win_over_text_centres() -> None:
    texts, ticks = ["0", "10", "20", "30"], [300.0, 200.0, 100.0, 0.0]
    fit = fit_axis("y", labels(texts, [301.5, 198.7, 101.2, 1.4]), ticks)
    assert fit is not None
    assert fit.value(150) == pytest.approx(15, abs=1e-9)
    assert fit.residual_px < 1e-9


def test_of_two_lines_beside_a_label_the_one_as_far_off_as_the_others_is_its_own() -> None:
    texts, ticks = ["0", "10", "20", "30"], [298.0, 198.0, 98.0, -2.0]
    fit = fit_axis("y", labels(texts, [300.4, 200.6, 100.4, 0.5]), [*ticks, 302.6])
    assert fit is not None
    assert fit.value(148) == pytest.approx(15, abs=1e-9)


def test_labels_that_stand_on_their_grid_lines() -> None:
    texts, lines = ["0", "10", "20", "30"], [307.0, 207.0, 107.0, 7.0]
    fit = fit_axis("y", labels(texts, [300.5, 199.7, 100.2, 0.4]), [*lines, 303.0])
    assert fit is not None
    assert fit.value(157) == pytest.approx(15, abs=1e-9)


def test_misread_label_is_left_out_and_told() -> None:
    fit = fit_axis("y", labels(["0", "10", "70", "30", "40"], [400, 300, 200, 100, 0]))
    assert fit is not None
    assert fit.value(200) == pytest.approx(20)
    assert any('"70"' in p for p in fit.problems)


def test_letters_for_digits_are_repaired() -> None:
    fit = fit_axis("y", labels(["O", "10", "2O", "30"], [300, 200, 100, 0]))
    assert fit is not None and fit.value(100) == pytest.approx(20)
    assert any('"2O"' in p for p in fit.problems)


def test_a_word_far_below_the_axis_is_no_number() -> None:
    texts, at = ["100%", "80%", "60%", "40%", "20%", "So"], [22.3, 49.0, 74.5, 100.0, 126.5, 223.5]
    fit = fit_axis("y", labels(texts, at))
    assert fit is not None and fit.residual_px < 0.8
    assert fit.px(0.0) == pytest.approx(152.2, abs=1.0)
    assert all(tick.text != "So" for tick in fit.ticks)


def test_labels_whose_sign_was_read_as_digits_are_known_for_what_they_are() -> None:
    texts = ["100%", "90%", "8096", "709%", "609", "50%", "40%", "17"]
    own = labels(texts, [28.0 + 40 * n for n in range(8)])
    fit = fit_axis("y", own)
    assert fit is not None and len(fit.ticks) == 4
    assert [misread_at(fit, label) for label in own if label.text in texts[2:5]] == [True] * 3
    assert not misread_at(fit, own[-1])


def test_lost_minus_signs() -> None:
    fit = fit_axis("y", labels(["20", "10", "0", "10", "20"], [0, 100, 200, 300, 400]))
    assert fit is not None and fit.value(400) == pytest.approx(-20)


def test_log_axis() -> None:
    fit = fit_axis("y", labels(["1", "10", "100", "1000"], [300, 200, 100, 0]))
    assert fit is not None and fit.kind == "log"
    assert fit.value(150) == pytest.approx(10**1.5)
    assert fit.px(fit.value(42)) == pytest.approx(42)
    assert math.isfinite(fit.residual_px)


def test_a_sure_power_makes_its_neighbours_powers() -> None:
    fit = fit_axis("y", labels(["104", "10³", "102", "10^1"], [48, 85, 123, 160]))
    assert fit is not None and [t.value for t in fit.ticks] == [1e4, 1e3, 1e2, 10]


def test_a_power_beside_a_zero_is_none() -> None:
    fit = fit_axis("y", labels(["0", "10^0"], [148.0, 80.0]), [148.0, 80.0])
    assert fit is not None and fit.kind == "linear" and fit.value(80.0) == pytest.approx(100)


def test_two_powers_with_the_marks_of_a_log_scale_between() -> None:
    marks = [485 - 267 * math.log10(n) for n in range(1, 11)]
    fit = fit_axis("y", labels(["1000", "100"], [218, 485]), marks)
    assert fit is not None and fit.kind == "log"
    even = [485 - 26.7 * n for n in range(11)]
    fit = fit_axis("y", labels(["1000", "100"], [218, 485]), even)
    assert fit is not None and fit.kind == "linear"


def test_european_thousands() -> None:
    fit = fit_axis("y", labels(["0", "1.000", "2.000", "3.000"], [300, 200, 100, 0]))
    assert fit is not None and fit.value(50) == pytest.approx(2500)


def test_suffixes_and_units() -> None:
    fit = fit_axis("y", labels(["$0", "$500K", "$1.0M", "$1.5M"], [300, 200, 100, 0]))
    assert fit is not None and fit.value(100) == pytest.approx(1e6) and fit.unit == "$"


def test_years_are_time() -> None:
    fit = fit_axis("x", labels(["1990", "1992", "1994"], [10, 30, 50], "x"))
    assert fit is not None and fit.kind == "time" and fit.value(20) == pytest.approx(1991)


def test_tick_marks_beside_upright_years_are_no_signs() -> None:
    texts = ["2001", "-2002", "-2003", "-2004", "-2005"]
    fit = fit_axis("x", labels(texts, [0, 100, 200, 300, 400], "x"))
    assert fit is not None and fit.kind == "time"
    assert [tick.text for tick in fit.ticks] == ["2001", "2002", "2003", "2004", "2005"]


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (["2001", "2002 Years", "2008"], ["2001", "2002", "2008"]),
        (["1990", "2000 Year", "2010", "2012"], ["1990", "2000", "2010", "2012"]),
        (["2022", "2023", "2024 forecast"], ["2022", "2023", "2024 forecast"]),
        (["2022 actual", "2023 plan", "2024"], ["2022 actual", "2023 plan", "2024"]),
    ],
)
def test_the_title_below_the_middle_year_is_no_part_of_it(
    names: list[str], wanted: list[str]
) -> None:
    assert untitled(names) == wanted


def test_signs_of_numbers_are_kept() -> None:
    texts = ["-2000", "-1500", "-1000", "-500", "0", "500"]
    fit = fit_axis("x", labels(texts, [0, 100, 200, 300, 400, 500], "x"))
    assert fit is not None and [tick.value for tick in fit.ticks][:2] == [-2000.0, -1500.0]


def test_years_without_their_century() -> None:
    fit = fit_axis("x", labels(["98", "00", "02", "04"], [10, 30, 50, 70], "x"))
    assert fit is not None and fit.kind == "time" and fit.value(10) == pytest.approx(1998)


def test_categories_keep_their_order() -> None:
    fit = fit_axis("x", labels(["Oslo", "Rome", "Bern"], [100, 200, 300], "x"))
    assert fit is not None and fit.kind == "category"
    assert [t.text for t in fit.ticks] == ["Oslo", "Rome", "Bern"]
    assert name_positions(fit, [301, 99, 203]) == ["Bern", "Oslo", "Rome"]


def test_every_second_year_is_interpolated() -> None:
    fit = fit_axis("x", labels(["1990", "'92", "1994"], [10, 30, 50], "x"))
    assert fit is not None
    assert name_positions(fit, [10, 20, 30, 40, 50, 60]) == [
        "1990", "1991", "'92", "1993", "1994", "1995",
    ]  # fmt: skip


def test_one_label_is_no_axis() -> None:
    assert fit_axis("y", labels(["10"], [10])) is None


@pytest.mark.parametrize(
    ("ticks", "names"),
    [
        (["Jan '20", "", "", "Apr '20"], ["Jan '20", "Feb '20", "Mar '20", "Apr '20"]),
        (["2007", "", "", "", "2008"], ["2007", "Q2 2007", "Q3 2007", "Q4 2007", "2008"]),
        (["1Q19", "", "3Q19"], ["1Q19", "2Q19", "3Q19"]),
        (["FY2018-19", "", "FY2020-21"], ["FY2018-19", "FY2019-20", "FY2020-21"]),
        (["Nov", "", "Jan", "", "Mar"], ["Nov", "Dec", "Jan", "Feb", "Mar"]),
        (["10", "", "20"], ["10", "15", "20"]),
        (["Oslo", "", "Rome"], ["Oslo", "between Oslo and Rome", "Rome"]),
    ],
)
def test_names_between_labels_follow_their_style(ticks: list[str], names: list[str]) -> None:
    found = [(text, 100 + 20.0 * i) for i, text in enumerate(ticks) if text]
    fit = fit_axis("x", labels([t for t, _ in found], [px for _, px in found], "x"))
    assert fit is not None
    assert name_positions(fit, [100 + 20.0 * i for i in range(len(ticks))]) == names


def test_unevenly_spaced_years_are_names() -> None:
    years = ["1991", "1995", "2000", "2005", "2006", "2007", "2008", "2009", "2010", "2011"]
    fit = fit_axis("x", labels(years, [100 + 30.0 * i for i in range(len(years))], "x"))
    assert fit is not None and fit.kind == "category"
    assert [t.text for t in fit.ticks] == years


def test_a_period_among_years_keeps_its_name() -> None:
    fit = fit_axis("x", labels(["2015", "2016", "2017", "LTM Q3"], [100, 200, 300, 400], "x"))
    assert fit is not None and fit.kind == "time"
    assert name_positions(fit, [100, 200, 300, 400])[-1] == "LTM Q3"


def test_a_misread_year_is_put_right_and_told() -> None:
    fit = fit_axis("x", labels(["2015", "2016", "20l7", "2018"], [100, 200, 300, 400], "x"))
    assert fit is not None and [t.text for t in fit.ticks] == ["2015", "2016", "2017", "2018"]
    assert any('"20l7"' in p for p in fit.problems)


def test_lost_apostrophes_come_back() -> None:
    texts = ["Q1 '19", "Q219", "Q3 '19", "Q4 19"]
    fit = fit_axis("x", labels(texts, [100, 200, 300, 400], "x"))
    assert fit is not None
    assert [t.text for t in fit.ticks] == ["Q1 '19", "Q2 '19", "Q3 '19", "Q4 '19"]


def test_outer_labels_moved_inwards() -> None:
    at = [112.0, 200.0, 300.0, 400.0, 488.0]  # the first and last belong at 100 and 500
    fit = fit_axis("x", labels(["1990", "2000", "2010", "2020", "2030"], at, "x"))
    assert fit is not None and fit.kind == "time" and fit.value(100) == pytest.approx(1990)
    assert [round(t.px) for t in fit.ticks] == [100, 200, 300, 400, 500]


def test_quarters_alone_are_names_not_numbers() -> None:
    fit = fit_axis("x", labels(["Q1", "Q2", "Q3", "Q4", "Q1"], [10, 30, 50, 70, 90], "x"))
    assert fit is not None and fit.kind == "category"


def test_an_exponent_that_was_none() -> None:
    fit = fit_axis("y", labels(["120", "110", "10^0", "90"], [0, 100, 200, 300]))
    assert fit is not None and fit.kind == "linear" and len(fit.ticks) == 4


def test_dots_before_zeros_part_thousands() -> None:
    fit = fit_axis("x", labels(["30.000", "50.000", "110.000"], [30, 50, 110], "x"))
    assert fit is not None
    assert [tick.value for tick in fit.ticks] == [30000.0, 50000.0, 110000.0]
    fine = fit_axis("y", labels(["0.040", "0.030", "0.020", "0.010"], [100, 200, 300, 400]))
    assert fine is not None
    assert [tick.value for tick in fine.ticks] == [0.04, 0.03, 0.02, 0.01]


def test_labels_rounded_to_fewer_decimals_than_their_step() -> None:
    texts = ["0.2", "0.1", "0.1", "0.1", "0.0", "-0.1", "-0.1", "-0.1", "-0.2"]
    fit = fit_axis("y", labels(texts, [40 + 27.0 * i for i in range(9)]))
    assert fit is not None
    assert fit.value(40) == pytest.approx(0.2)
    assert fit.value(67) == pytest.approx(0.15)
    assert fit.value(40 + 27 * 8) == pytest.approx(-0.2)


def test_labels_far_above_their_grid_lines() -> None:
    texts, lines = ["0", "200", "400", "600", "800"], [338.5, 271.5, 205.5, 138.5, 71.5]
    fit = fit_axis("y", labels(texts, [327.4, 260.6, 193.9, 127.3, 61.1]), [253.3, *lines])
    assert fit is not None
    assert fit.value(271.5) == pytest.approx(200, abs=1)


def test_an_end_name_moved_inwards_is_put_back() -> None:
    names = ["Year 1", "Year 2", "Year 3", "Year 4", "Year 5"]
    fit = fit_axis("x", labels(names, [81.0, 149.4, 229.4, 309.2, 389.6], "x"))
    assert fit is not None and fit.ticks[0].px == pytest.approx(69.5, abs=0.5)


def test_a_sign_of_money_that_was_read_as_a_digit() -> None:
    texts = ["$1000", "5800", "5600", "$400", "5200", "$0"]
    fit = fit_axis("y", labels(texts, [58, 88, 118, 148, 178, 208]))
    assert fit is not None
    assert fit.kind == "linear"
    assert [tick.value for tick in fit.ticks] == [1000, 800, 600, 400, 200, 0]
    assert any('"5800" was read as 800' in p for p in fit.problems)
