"""Texts: what the recogniser gets wrong and how it is mended."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from air_cli.read import ocr
from air_cli.read.progressions import row_of_numbers, row_of_periods, row_of_values


def drawn(*texts: tuple[float, float, str, float]) -> np.ndarray:
    """Texts drawn at (x, y) of a 600 x 300 picture, turned by an angle."""
    figure = Figure(figsize=(6, 3), dpi=100)
    for x, y, text, angle in texts:
        figure.text(x, y, text, rotation=angle, fontsize=11)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return np.asarray(Image.open(buffer).convert("RGB"))


def test_reads_places_and_turns() -> None:
    rgb = drawn((0.4, 0.8, "Revenue 2024", 0), (0.05, 0.2, "million USD", 90))
    texts = {t.text: t for t in ocr.shared().read(rgb)}
    assert set(texts) == {"Revenue 2024", "million USD"}
    left, top, right, bottom = texts["Revenue 2024"].bbox_px
    assert abs(left - 240) < 8 and top < 60 < bottom and right < 360
    assert texts["million USD"].angle == 90
    assert texts["Revenue 2024"].confidence > 0.9


def test_nothing_in_nothing() -> None:
    assert ocr.shared().read(np.full((50, 50, 3), 255, np.uint8)) == []
    assert ocr.shared().read(np.zeros((2, 2, 3), np.uint8)) == []


def test_years_run_together() -> None:
    parts = ocr._years("200520062007", (0, 0, 120, 10))
    assert [text for text, _ in parts] == ["2005", "2006", "2007"]
    assert parts[1][1] == (40, 0, 80, 10)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2008009201020112012201320142015201620172018", range(2008, 2019)),  # a 2 is lost
        ("1990199520002005", range(1990, 2006, 5)),
        ("FY09FY10FY11", ["FY09", "FY10", "FY11"]),
        ("'98'99'00", ["'98", "'99", "'00"]),
    ],
)
def test_labels_that_touch_are_parted(text: str, years: Sequence[object]) -> None:
    assert [part for part, _ in ocr._years(text, (0, 0, 120, 10))] == list(map(str, years))


@pytest.mark.parametrize(
    "text", ["20051234", "12345678", "2005", "20052005", "200120042005", "FY09FY10FY15", "FY09FY10"]
)
def test_not_years(text: str) -> None:
    assert ocr._years(text, (0, 0, 80, 10)) == [(text, (0, 0, 80, 10))]


@pytest.mark.parametrize(
    ("raw", "mended"),
    [
        ("— AAPL", "AAPL"),
        ("●Retail", "Retail"),
        ("Unit sales in m illions", "Unit sales in millions"),
        ("immigration syste m", "immigration system"),
        ("Vitamin a day", "Vitamin a day"),
        ("-5", "-5"),
        ("– 12%", "– 12%"),
    ],
)
def test_mended(raw: str, mended: str) -> None:
    assert ocr._mended(raw) == mended


def test_a_row_of_close_tick_labels_is_taken_apart() -> None:
    parts = [("0200", (0.0, 0.0, 40.0, 10.0)), ("400600", (44.0, 0.0, 104.0, 10.0))]
    row = row_of_numbers(parts)
    assert [text for text, _ in row] == ["0", "200", "400", "600"]
    assert row[2][1][0] == 44.0
    assert row_of_numbers([("12345678", (0.0, 0.0, 80.0, 10.0))]) == []


def test_a_row_of_grouped_numbers_is_taken_apart() -> None:
    words = ["10,000", "20,000", "30,000"]
    parts = [(w, (50.0 * i, 0.0, 50.0 * i + 44, 30.0)) for i, w in enumerate(words)]
    assert row_of_values(parts) == parts
    assert row_of_values([parts[0], parts[2], parts[1]]) == []


def test_a_row_of_periods_is_taken_apart() -> None:
    words = ["Jan", "2019", "Feb", "2019", "Mar", "2019"]
    parts = [(w, (20.0 * i, 0.0, 20.0 * i + 18, 10.0)) for i, w in enumerate(words)]
    assert [text for text, _ in row_of_periods(parts)] == ["Jan 2019", "Feb 2019", "Mar 2019"]
    glued = [("Jan", parts[0][1]), ("2019Feb", (20.0, 0.0, 90.0, 10.0)), *parts[3:]]
    assert [text for text, _ in row_of_periods(glued)] == ["Jan 2019", "Feb 2019", "Mar 2019"]
    assert row_of_periods([("In", (0.0, 0.0, 9.0, 9.0)), *parts]) == []


def test_a_row_of_signed_numbers_is_taken_apart() -> None:
    parts = [("-60-50", (0.0, 0.0, 60.0, 9.0)), ("-40", (70.0, 0.0, 100.0, 9.0))]
    row = row_of_values(parts)
    assert [text for text, _ in row] == ["-60", "-50", "-40"]
    assert row[1][1] == (30.0, 0.0, 60.0, 9.0)
    assert row_of_values([*parts, ("-10", (110.0, 0.0, 140.0, 9.0))]) == []
    assert row_of_values([("1", (0.0, 0.0, 9.0, 9.0)), *parts]) == []


def test_a_legends_dash_before_a_year_is_no_sign() -> None:
    assert ocr._mended("- 2021") == "2021"
    assert ocr._mended("-2000") == "-2000"


def test_two_dated_months_of_one_line_are_taken_apart() -> None:
    words = ("Aug", "2012", "Sep", "2012")
    parts = [(word, (40.0 * i, 0.0, 40.0 * i + 30, 12.0)) for i, word in enumerate(words)]
    assert [text for text, _ in row_of_periods(parts)] == ["Aug 2012", "Sep 2012"]
    assert row_of_periods(parts[:2]) == []
