"""The policy: features of questions, and properties of every decision."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from air_cli.policy import Decision, Features, Reading, State, decide, features, reading
from air_cli.protocol import ACTIONS, load_profile
from air_cli.records import Answer, Fault, Question
from tests.loop.script import revenue

SURE = Reading(marks=8, printed=1.0, confidence=0.95, problems=0)


@pytest.mark.parametrize(
    ("text", "task"),
    [
        ("What was revenue in 2021?", "lookup"),
        ("What is the difference between 2019 and 2020?", "arithmetic"),
        ("What's the total added value of Yes and No bars?", "arithmetic"),
        ("growth rate?", "arithmetic"),
        ("Is Asia greater than Africa?", "comparison"),
        ("Which country has the highest value?", "extreme"),
        ("What percentage of immigrants were in France in 1931?", "lookup"),
        ("What does the grey segment indicate?", "lookup"),
        ("What is the mode of this graph?", "arithmetic"),
        ("How many bars are above 40?", "count"),
        ("How did it develop over time?", "trend"),
        ("Describe it", "open"),
    ],
)
def test_tasks(text: str, task: str) -> None:
    assert features(text).task == task


def test_parts() -> None:
    assert features("What is the highest value, and which country has it?").parts
    assert features("What is A? What is B?").parts
    assert not features("What is the sum of A and B?").parts
    assert not features("What is A?").parts


def test_reading_summarises() -> None:
    assert reading((revenue("both", 0.9),)) == Reading(4, 1.0, 0.9, 0)
    assert reading(()).marks == 0 and not reading(()).sure


def state(text: str = "What was revenue in 2021?") -> State:
    return State(Question("q", text), "auto", features(text), SURE, steps_left=9, tokens_left=999)


def test_auto_by_question_and_reading() -> None:
    assert decide(state()).action == "direct"
    unsure = replace(state(), reading=replace(SURE, printed=0.0))
    assert decide(unsure).action == "code"
    assert decide(state("What is the sum of A and B?")).allowed == ("code",)
    assert decide(state("What is A? Which is B?")).action == "plan"
    assert decide(replace(state(), direct_failed=True)).action == "code"
    blind = replace(state(), reading=Reading(0, 0.0, 0.0, 1))
    assert decide(blind).action == "code"
    assert decide(replace(blind, sees=True, can_look=True)).action == "look"


def test_time_goes_before_faults() -> None:
    spent = replace(state(), faults_left=0, seconds_left=0.0)
    assert decide(spent).outcome == "time"


ANSWERS = st.none() | st.builds(
    Answer, st.just(1.0), confidence=st.floats(0, 1), unanswerable=st.none() | st.just("no")
)
STATES = st.builds(
    State,
    question=st.just(Question("q", "?")),
    mode=st.sampled_from(["auto", "direct", "code", "reflect", "plan"]),
    features=st.builds(
        Features,
        st.sampled_from(["lookup", "arithmetic", "comparison", "count", "extreme", "open"]),
        st.booleans(),
    ),
    reading=st.builds(Reading, st.integers(0, 99), st.floats(0, 1), st.floats(0, 1), st.just(0)),
    sees=st.booleans(),
    can_look=st.booleans(),
    looks=st.integers(0, 2),
    planned=st.booleans(),
    parts=st.integers(0, 3),
    parts_done=st.integers(0, 3),
    draft=ANSWERS,
    confirmed=st.booleans(),
    reflections=st.integers(0, 2),
    reflections_left=st.integers(0, 2),
    faults=st.integers(0, 3),
    last_fault=st.none() | st.builds(Fault, st.sampled_from(["malformed", "syntax"]), st.just("")),
    direct_failed=st.booleans(),
    faults_left=st.integers(-1, 3),
    steps_left=st.integers(-1, 5),
    seconds_left=st.floats(-1, 9),
    tokens_left=st.integers(-1, 9),
)


@given(STATES)
def test_every_decision_is_sound(given_state: State) -> None:
    decision = decide(given_state)
    assert decision == decide(given_state), "a pure function"
    assert decision.reason
    if decision.action == "stop":
        assert decision.outcome is not None
        finished = decision.outcome in ("answered", "unanswerable")
        assert finished == (given_state.draft is not None)
    else:
        assert set(decision.allowed) <= set(ACTIONS) and decision.allowed
        assert min(given_state.steps_left, given_state.tokens_left, given_state.faults_left) > 0
        assert given_state.seconds_left > 0
        assert decision.action in load_profile("air").templates
        _mode_is_kept(given_state, decision)


def _mode_is_kept(given_state: State, decision: Decision) -> None:
    if given_state.mode == "direct":
        assert decision.action == "direct" and decision.allowed == ("answer",)
    if given_state.mode == "code":
        assert decision.action == "code" and "answer" not in decision.allowed
    if "look" in decision.allowed:
        assert given_state.can_look


def test_choices_answer_all_parts_of_a_question_together() -> None:
    text = "What was the highest value, and in which year was it?"
    assert decide(state(text)).action == "plan"
    chosen = Question("q", text, choices=("9 in 2019", "8 in 2018"))
    assert decide(replace(state(text), question=chosen)).action == "code"
