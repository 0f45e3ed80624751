"""Which of several figures' answers is kept."""

from __future__ import annotations

import pytest

from air_cli.analyst_choice import settled, surest
from air_cli.records import Answer, Outcome, Question, Trace


def trace(outcome: Outcome, confidence: float | None) -> Trace:
    answer = None if confidence is None else Answer(1.0, confidence=confidence)
    return Trace(Question("q1", "?"), (), (), (), (), outcome, answer)


REFUSED = trace("unanswerable", 0.0)
FAILED = trace("failed", None)


@pytest.mark.parametrize(
    ("traces", "kept"),
    [
        ([trace("answered", 0.8), trace("answered", 0.85)], 0),  # not clearly surer
        ([trace("answered", 0.63), trace("answered", 0.96)], 1),
        ([trace("answered", 0.4), REFUSED], 0),
        ([REFUSED, trace("answered", 0.2)], 1),
        ([REFUSED, FAILED], 0),
        ([FAILED], 0),
    ],
)
def test_the_surest_answer_is_kept(traces: list[Trace], kept: int) -> None:
    assert surest(traces) == kept


def test_when_no_other_figure_is_tried() -> None:
    assert settled(trace("answered", 0.9))
    assert settled(FAILED)
    assert not settled(trace("answered", 0.7))
    assert not settled(REFUSED)
