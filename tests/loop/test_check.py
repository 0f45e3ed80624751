"""Answers checked: types, evidence, confidence, words."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from air_cli.errors import ReasonerFault
from air_cli.protocol import check_answer, same_answer
from air_cli.protocol_words import answer_text, format_number
from air_cli.records import Answer, Question
from tests.loop.script import FIGURE, revenue, task

MARK = {"series": "Revenue", "category": "2021"}


def checked(value: Any, expects: str = "auto", **more: Any) -> Answer:
    raw = {"value": value, "evidence": [MARK], **more}
    return check_answer(raw, (), task("how much?", expects=expects), computed=True)


@pytest.mark.parametrize(
    ("given_", "expects", "value"),
    [
        (3, "number", 3),
        ("12.5%", "number", 12.5),
        ("−1,200", "number", -1200.0),
        ("$4.0", "number", 4.0),
        ("Yes", "bool", True),
        (False, "bool", False),
        (2019, "text", "2019"),
        ("a", "list", ["a"]),
        (["a", 2], "list", ["a", 2]),
        (" x ", "auto", "x"),
    ],
)
def test_values_take_the_type_that_is_expected(given_: Any, expects: str, value: Any) -> None:
    assert checked(given_, expects).value == value


@pytest.mark.parametrize(
    ("bad", "expects"),
    [
        (math.nan, "number"), (math.inf, "auto"), ("many", "number"), (True, "number"),
        (None, "auto"), ({}, "auto"), ("", "text"), ([], "list"), (1, "bool"), ([[1]], "list"),
        ("1e999", "number"), ([math.nan], "auto"),
    ],
)  # fmt: skip
def test_other_values_are_faults(bad: Any, expects: str) -> None:
    with pytest.raises(ReasonerFault) as caught:
        checked(bad, expects)
    assert caught.value.kind == "answer"


@pytest.mark.parametrize(
    "evidence",
    [
        [], None, [{"series": "Profit", "category": "2021"}], [{"figure_id": "p9-f9", **MARK}],
        [{"box": [0, 0, 5000, 10]}], [{"box": [5, 5, 1, 1]}], ["2021"], 7, [{}],
    ],
)  # fmt: skip
def test_evidence_must_exist(evidence: Any) -> None:
    with pytest.raises(ReasonerFault):
        check_answer({"value": 1, "evidence": evidence}, (), task("?"), computed=True)


def test_evidence_is_found_by_folded_names_and_by_box() -> None:
    for ref in (MARK, {"series": " revenue", "category": "2021"}, {"category": "2021"}):
        answer = check_answer({"value": 1, "evidence": [ref]}, (), task("?"), computed=True)
        assert answer.evidence[0].value == 15.0
    boxed = check_answer(
        {"value": "x", "evidence": [{"box": [1, 2, 9, 9]}]}, (), task("?"), computed=False
    )
    assert boxed.evidence[0].bbox_px == (1, 2, 9, 9) and boxed.confidence <= 0.5


def test_what_the_code_touched_is_evidence_when_none_is_named() -> None:
    answer = check_answer({"value": 1}, [{"figure_id": "p1-f1", **MARK}], task("?"), computed=True)
    assert answer.evidence[0].category == "2021"


def test_confidence_falls_with_the_reading() -> None:
    def confidence(how: str, level: float) -> float:
        what = task("?", chart=revenue(how, level))
        raw = {"value": 15.0, "evidence": [MARK]}
        return check_answer(raw, (), what, computed=True).confidence

    assert confidence("both", 0.95) > confidence("label", 0.95) > confidence("geometry", 0.95)
    assert confidence("both", 0.95) > confidence("both", 0.3)


def test_pixels_become_points_of_the_page() -> None:
    assert FIGURE.place((0, 0, 100, 60))[1] == pytest.approx(FIGURE.bbox_pt)
    image = replace(FIGURE, dpi=0.0, bbox_pt=(0, 0, 100, 60))
    assert image.place((1, 2, 3, 4))[1] == (1, 2, 3, 4)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (12.5, "%", "12.5%"), (1234567, "", "1,234,567"), (4.2, "$ million", "$4.2 million"),
        (-3.0, "$", "−$3"), (True, "", "Yes"), (["a", 2], "", "a, 2"),
        (0.000123456, "", "0.0001235"),
        (7.0, "people", "7 people"), (1234.567, "", "1,234.57"),
    ],
)  # fmt: skip
def test_answers_in_words(value: Any, unit: str, text: str) -> None:
    assert answer_text(value, unit, Question("q", "how much?")) == text


def test_a_year_has_no_separator() -> None:
    assert answer_text(2019, "", Question("q", "In which year?")) == "2019"
    assert answer_text(2019, "", Question("q", "How many?")) == "2,019"


@given(st.floats(-1e300, 1e300))
def test_format_number_keeps_the_value(value: float) -> None:
    assert float(format_number(value).replace(",", "")) == pytest.approx(value, rel=1e-3)


def test_same_answer() -> None:
    assert same_answer(Answer(10.0), Answer(10.04)) and not same_answer(Answer(10.0), Answer(10.1))
    assert same_answer(Answer("A b"), Answer("a  B")) and not same_answer(Answer(True), Answer(1))
    assert not same_answer(Answer(1.0, "%"), Answer(1.0, "$"))
    assert same_answer(Answer(None, unanswerable="x"), Answer(None, unanswerable="y"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
KEYS = st.sampled_from(["value", "unit", "evidence", "text", "unanswerable", "alternatives", "box"])


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(KEYS, JSON | st.just([MARK])),
    st.sampled_from(["auto", "number", "text", "bool", "list"]),
)
def test_check_raises_nothing_but_an_answer_fault(raw: dict[str, Any], expects: str) -> None:
    try:
        answer = check_answer(raw, (), task("?", expects=expects), computed=False)
    except ReasonerFault as fault:
        assert fault.kind == "answer"
    else:
        assert answer.unanswerable or answer.evidence
