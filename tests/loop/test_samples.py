"""Samples and their majority; numbers that a model claims against those that were measured."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from air_cli.loop import Budget, solve
from air_cli.loop_samples import vote
from air_cli.policy import another_sample
from air_cli.protocol import disputed, weighed
from air_cli.records import Answer, Evidence, Fault, Reply, Task, Trace
from tests.loop.script import Jails, Scripted, code, need_jail, no_jail, revenue, task

TASK: Task = task("What is the sum of 2019 and 2022?")
RIGHT = code("a, b = chart.value('Revenue', '2019'), chart.value('Revenue', '2022')\nanswer(a + b)")
OTHER = code("answer(chart.value('Revenue', '2019') + chart.value('Revenue', '2021'))")
WRONG = code("answer(chart.value('Revenue', '2020'))")


@dataclass
class Sampled(Scripted):
    """A scripted reasoner that claims to vary with the seed."""

    varies: bool = True


def sampled(lines: list[str], samples: int, **more: object) -> tuple[Trace, Sampled]:
    need_jail()
    reasoner = Sampled(lines)
    solved = solve(TASK, reasoner, Jails(), Budget(), mode="code", samples=samples, seed=5)
    return solved.trace, reasoner


def test_the_majority_of_executed_answers_is_taken() -> None:
    trace, reasoner = sampled([WRONG, RIGHT, RIGHT], 3)
    assert trace.answer is not None and trace.answer.value == 24
    assert "2 of 3 samples agree" in trace.answer.why
    found = trace.provenance["samples"]
    assert [s["chosen"] for s in found] == [False, True, False]
    assert [(s["seed"], s["temperature"]) for s in found] == [(5, 0.0), (6, 0.7), (7, 0.7)]
    assert found[0]["replies"] == [WRONG], "what was not chosen is kept"
    # The steps are the chosen sample's, so that they reproduce; the tokens are those of all.
    assert [step.n for step in trace.steps] == [1] and trace.steps[0].reply == RIGHT
    assert trace.provenance["tokens"]["written"] == 30
    # Every sample begins as the first: an engine need not read that again.
    assert {history[:2] for history in reasoner.histories} == {reasoner.histories[0][:2]}


def test_no_sample_is_drawn_that_cannot_change_the_answer() -> None:
    trace, reasoner = sampled([RIGHT, RIGHT], 3)
    assert len(reasoner.wants) == 2 and trace.answer is not None
    assert "all 2 samples agree" in trace.answer.why
    alone, _ = sampled([RIGHT], 1)
    assert alone.answer is not None and trace.answer.confidence == alone.answer.confidence
    assert "samples" not in alone.provenance


def test_disagreement_makes_less_sure() -> None:
    trace, _ = sampled([WRONG, RIGHT, OTHER], 3)
    assert trace.answer is not None and trace.answer.value == 12, "the plain answer wins a tie"
    assert "1 of 3" in trace.answer.why and trace.answer.confidence < 0.6


def test_a_printed_value_needs_no_sample() -> None:
    line = '<think>read</think><answer>{"value": 12, "evidence": [{"category": "2020"}]}</answer>'
    reasoner = Sampled([line])
    asked = task("What is the revenue in 2020?")
    trace = solve(asked, reasoner, no_jail, samples=5).trace
    assert trace.answer is not None and len(reasoner.wants) == 1


def test_samples_share_one_budget() -> None:
    need_jail()
    reasoner = Sampled([WRONG, RIGHT, OTHER], tokens=60)
    budget = Budget(tokens=100)
    trace = solve(TASK, reasoner, Jails(), budget, mode="code", samples=3).trace
    assert len(reasoner.wants) == 2 and trace.answer is not None


def test_a_reasoner_that_always_says_the_same_is_asked_once() -> None:
    trace, reasoner = sampled([RIGHT], 1)
    fixed = Scripted([RIGHT])
    again = solve(TASK, fixed, Jails(), mode="code", samples=9).trace
    assert len(fixed.wants) == len(reasoner.wants) == 1
    assert again.answer == trace.answer


def answers(*values: float | None) -> list[Answer | None]:
    return [None if value is None else Answer(value) for value in values]


@pytest.mark.parametrize(
    ("values", "chosen"),
    [
        ([1, 2, 2], (1, 2)),
        ([None, None], (0, 0)),
        ([None, 3], (1, 1)),
        ([1, 2, 1, 2], (0, 2)),
        ([100.0, 100.4, 100.2], (0, 3)),
        ([], (0, 0)),
    ],
)
def test_vote(values: list[float | None], chosen: tuple[int, int]) -> None:
    assert vote(answers(*values)) == chosen


@pytest.mark.parametrize(
    ("taken", "agreeing", "wanted", "more"),
    [(1, 1, 1, False), (1, 1, 3, True), (2, 2, 3, False), (2, 1, 3, True), (3, 1, 3, False),
     (2, 2, 4, True), (1, 0, 3, True)],
)  # fmt: skip
def test_when_another_sample_is_due(taken: int, agreeing: int, wanted: int, more: bool) -> None:
    assert another_sample(taken, agreeing, wanted, printed=False)[0] is more
    assert another_sample(taken, agreeing, wanted, printed=True)[0] is False


# --- confidence and claims -----------------------------------------------------------------------


def test_unsure_words_make_an_answer_less_sure() -> None:
    answer = Answer(1.0, confidence=0.9, why="w")
    assert weighed(answer, None) == weighed(answer, -0.1) == answer
    unsure = weighed(answer, -3.0)
    assert 0.6 < unsure.confidence < 0.7 and "unsure of its words (0.05 a token)" in unsure.why

    class Unsure(Scripted):
        def reply(self, *asked: object) -> Reply:
            return replace(super().reply(*asked), logprob=-3.0)  # type: ignore[arg-type]

    need_jail()
    given = solve(TASK, Unsure([RIGHT]), Jails(), mode="code").trace
    assert given.answer is not None and "unsure of its words" in given.answer.why


EVIDENCE = (Evidence("p1-f1", 3, revenue().marks[2].bbox_px, "Revenue", "2021", 15.0),)


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("answer(15.0)", False),
        ("answer(15.02)", False),
        ("answer(17.5)", True),
        ("x = 17.5\nanswer(x * 100 / 2)", True),
        ("answer(True)", False),
        ("answer(3)", False),  # a count
        ("this is no python (", False),
    ],
)
def test_numbers_that_were_not_measured_are_disputed(text: str, claim: bool) -> None:
    said = disputed(text, Answer(1.0, evidence=EVIDENCE), (revenue(),))
    assert bool(said) is claim
    assert not claim or ("17.5" in said and "Revenue 2021 15" in said)


def test_a_disputed_answer_must_be_resolved_or_is_less_sure() -> None:
    need_jail()
    seen = "evidence=[{'series': 'Revenue', 'category': '2021'}])"
    claim = code(f"answer(17.5, {seen}")
    looked_up = code("answer(chart.value('Revenue', '2021'))")
    reasoner = Sampled([claim, looked_up])
    trace = solve(task("Revenue in 2021?"), reasoner, Jails(), mode="code").trace
    assert "measured was: Revenue 2021 15" in reasoner.heard(1)
    assert trace.answer is not None and trace.answer.value == 15 and trace.answer.confidence > 0.9
    # Looking a mark up and saying another number is no better.
    sly = code("a = chart.points.items[2]\nanswer(17.5, evidence=[a])")
    assert "17.5" in (solve(task("?"), Sampled([sly, sly]), Jails(), mode="code")
                      .trace.steps[0].fault or Fault("", "")).message  # fmt: skip
    stubborn = solve(task("Revenue in 2021?"), Sampled([claim, claim]), Jails(), mode="code").trace
    assert stubborn.answer is not None and stubborn.answer.value == 17.5
    assert stubborn.answer.confidence < 0.5 and "measured was" in stubborn.answer.why


def test_a_check_and_a_reasoner_that_claims_nothing_may_repeat_a_number() -> None:
    """A check answers with the value that was computed before; builtin writes what it computed."""
    need_jail()
    seen = "evidence=[{'series': 'Revenue', 'category': '2019'}])"
    again = code(f"answer(24.0, {seen}")
    checked = solve(TASK, Sampled([RIGHT, again]), Jails(), mode="reflect").trace
    assert not [step.fault for step in checked.steps if step.fault]
    assert checked.answer is not None and "confirmed" in checked.answer.why
    plain = solve(TASK, Scripted([again]), Jails(), mode="code").trace
    assert plain.answer is not None and plain.steps[0].fault is None
