"""The scorer against the published definition, by properties and by cases."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from air_cli import scoring
from air_cli.records import Value
from air_cli.scoring_evidence import Hits, hits, iou

FINITE = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12)
TEXT = st.text(st.characters(codec="utf-8"), max_size=20)


@given(TEXT)
@example("0\x1f")
def test_any_answer_matches_itself(text: str) -> None:
    assert scoring.relaxed_match(text, text)
    assert scoring.strict_match(text, text)


@given(TEXT, TEXT)
def test_strict_implies_relaxed(gold: str, predicted: str) -> None:
    if scoring.strict_match(gold, predicted):
        assert scoring.relaxed_match(gold, predicted)


@given(FINITE.filter(lambda x: abs(x) > 1e-6), st.floats(-0.2, 0.2))
def test_a_number_counts_when_it_is_within_five_percent(gold: float, change: float) -> None:
    predicted = gold * (1 + change)
    if abs(abs(change) - 0.05) > 1e-6:
        assert scoring.relaxed_match(repr(gold), repr(predicted)) is (abs(change) < 0.05)


@given(FINITE)
def test_a_gold_of_zero_must_be_met_exactly(predicted: float) -> None:
    assert scoring.relaxed_match("0", repr(predicted)) is (predicted == 0.0)


@given(FINITE)
def test_a_bare_number_reads_back(number: float) -> None:
    text = scoring.bare_number(number)
    assert text is not None
    assert "e" not in text
    assert "," not in text
    assert math.isclose(float(text), number, rel_tol=1e-9, abs_tol=1e-300)


@given(st.integers(-(10**9), 10**9))
def test_an_integer_has_no_decimal_point(number: int) -> None:
    assert scoring.bare(number) == str(number)
    assert scoring.bare(float(number)) == str(number)


@pytest.mark.parametrize(
    ("gold", "predicted", "relaxed", "strict"),
    [
        ("2019", "2018", True, False),
        ("2019", "2019.0", True, True),
        ("57", "57%", False, False),
        ("57%", "0.57", True, True),
        ("57%", "57", False, False),
        ("Heart disease", "heart DISEASE", True, True),
        ("Heart disease", "Heart diseases", False, False),
        ("100", "105", True, False),
        ("100", "95", True, False),
        ("100", "105.1", False, False),
        ("12.5", "12.55", True, True),
        ("-3", "3", False, False),
        ("0", "0.0", True, True),
        ("nan", "nan", True, True),
        ("1e400", "1e400", True, True),
        ("5", None, False, False),
    ],
)
def test_cases(gold: str, predicted: str | None, relaxed: bool, strict: bool) -> None:
    assert scoring.relaxed_match(gold, predicted) is relaxed
    assert scoring.strict_match(gold, predicted) is strict


def test_a_count_must_be_exact_a_value_need_not() -> None:
    assert not scoring.strict_match("517", "518", "How many people were there in 2009?")
    assert scoring.strict_match("517", "518", "What was the value in 2009?")
    assert scoring.strict_match("51700", "51701", "How many people were there in 2009?")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (True, "Yes"),
        (False, "No"),
        ("  Peru ", "Peru"),
        (["Peru", 2.50], "[Peru, 2.5]"),
        (0.1 + 0.2, "0.3"),
        (1234567.0, "1234567"),
        (float("inf"), None),
        (1e-7, "0.0000001"),
        ("57%", "57"),
        ("$1,234.50", "1234.50"),
        ("-3 %", "-3"),
        ("2019/20", "2019/20"),
        ("1,2", "1,2"),
        ("3 million", "3 million"),
    ],
)
def test_bare(value: Value, text: str | None) -> None:
    assert scoring.bare(value) == text


def test_choices() -> None:
    years = {"A": "2009", "B": "2010", "C": "2011", "D": "2012"}
    assert scoring.choose("2012", years) == "D"
    assert scoring.choose("b", years) == "B"
    assert scoring.choose("1900", years) is None
    money = {"A": "$1,200 million", "B": "$1,900 million", "C": "None of these"}
    assert scoring.choose("1890", money) == "B"
    assert scoring.choose("none of these", money) == "C"
    assert scoring.choose("Myeloma/ PCD", {"A": "AML", "B": "Myeloma/PCD"}) == "B"
    assert scoring.choose("A", {"A": "B", "B": "A"}) == "B"
    assert scoring.choose(None, money) is None
    assert scoring.choose("1550", {"A": "1500", "B": "1600"}) is None


def test_truth() -> None:
    assert [scoring.truth(word) for word in ("Yes", "false", "True", "perhaps", None)] == [
        "True",
        "False",
        "True",
        None,
        None,
    ]


def test_tally_and_calibration() -> None:
    tally = scoring.Tally().add(answered=True, relaxed=True, strict=False)
    tally = tally.add(answered=False, relaxed=False, strict=False)
    assert (tally.total, tally.answered, tally.relaxed, tally.strict) == (2, 1, 1, 0)
    bins, error = scoring.calibration([(0.9, True), (0.9, False), (1.0, True), (0.1, False)])
    assert [b.count for b in bins] == [1, 3]
    assert bins[1].accuracy == pytest.approx(2 / 3)
    assert error == pytest.approx((abs(0.1) + 3 * abs(2.8 / 3 - 2 / 3)) / 4)
    assert scoring.calibration([]) == ([], 0.0)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=30))
def test_calibration_counts_every_answer_once(pairs: list[tuple[float, bool]]) -> None:
    bins, error = scoring.calibration(pairs)
    assert sum(b.count for b in bins) == len(pairs)
    assert 0.0 <= error <= 1.0 + 1e-9


@pytest.mark.parametrize(
    ("gold", "predicted", "question", "right"),
    [
        ("Alaska owned a total of 56 aircraft in 2018.", "56", "How many aircraft in 2018?", True),
        ("Alaska owned a total of 56 aircraft in 2018.", "2018", "How many in 2018?", False),
        ("In November, $1,056.38 was paid for the shares.", "1056.4", "How much was paid?", True),
        ("The largest market of the year was North America.", "North America", "Which?", True),
        ("The largest market of the year was North America.", "market", "Which market?", False),
        ("The largest market of the year was North America.", None, "Which?", False),
        ("North America", "North", "Which?", False),
    ],
)
def test_a_gold_that_is_a_sentence(
    gold: str, predicted: str | None, question: str, right: bool
) -> None:
    assert scoring.sentence_match(gold, predicted, question) is right


def test_the_brier_score() -> None:
    assert scoring.brier([(1.0, True), (0.5, False)]) == pytest.approx(0.125)
    assert scoring.brier([]) == 0.0


def test_evidence_boxes_and_points() -> None:
    bar, far = (10.0, 10.0, 20.0, 110.0), (200.0, 10.0, 210.0, 110.0)
    near = (11.0, 12.0, 21.0, 110.0)
    assert iou(bar, near) > 0.7 > 0.0 == iou(bar, far)
    got = hits([bar, far], [near, near])
    assert (got.gold, got.found, got.reported, got.good) == (2, 1, 1, 1)
    assert (got.recall, got.precision) == (0.5, 1.0)
    assert got.f1 == pytest.approx(2 / 3)
    point = (50.0, 60.0, 50.0, 60.0)
    assert hits([point], [(46.0, 56.0, 54.0, 64.0), far]).good == 1
    assert hits([point], [(70.0, 56.0, 80.0, 64.0)]) == Hits(1, 0, 1, 0)
    assert Hits().f1 == 0.0
