"""Self-consistency: several attempts at a question, and the answer that most of them agree on.

After Wang et al., "Self-Consistency Improves Chain of Thought Reasoning" (2022), but over executed
answers. The attempts share the beginning of their conversation, so that an engine with a live
context rewinds to it instead of reading it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from air_cli.loop_attempt import Attempt, Ended
from air_cli.loop_types import Setup
from air_cli.policy import SURE
from air_cli.protocol import same_answer
from air_cli.records import Answer

# The first attempt is the reasoner's plain answer; the others must be able to differ from it.
WARM = 0.7


@dataclass(frozen=True)
class Sample:
    """An attempt that has ended."""

    attempt: Attempt
    ended: Ended
    seed: int
    temperature: float

    @property
    def printed(self) -> bool:
        """Whether it is a printed value that was looked up, and surely so."""
        answer = self.ended.answer
        by_code = any(step.code for step in self.attempt.steps)
        return answer is not None and not by_code and answer.confidence >= SURE


def setup_of(setup: Setup, number: int, done: Sequence[Sample]) -> Setup:
    """The setup of sample `number` (from 0): its seed and temperature, and what the others have
    left of the budget."""
    if number == 0:
        return setup
    seconds = sum(sample.attempt.elapsed for sample in done)
    tokens = sum(step.tokens for sample in done for step in sample.attempt.steps)
    budget = replace(
        setup.budget,
        seconds=max(0.0, setup.budget.seconds - seconds),
        tokens=max(0, setup.budget.tokens - tokens),
    )
    warm = max(setup.temperature, WARM)
    return replace(setup, budget=budget, seed=setup.seed + number, temperature=warm)


def vote(answers: Sequence[Answer | None]) -> tuple[int, int]:
    """The place of the first answer of the largest group that agrees, and the group's size; the
    earliest group wins a tie. (0, 0) when nobody answered."""
    groups: list[list[int]] = []
    for place, answer in enumerate(answers):
        if answer is None:
            continue
        for group in groups:
            known = answers[group[0]]
            if known is not None and same_answer(known, answer):
                group.append(place)
                break
        else:
            groups.append([place])
    best = max(groups, key=len, default=[])
    return (best[0], len(best)) if best else (0, 0)


def agreed(ended: Ended, size: int, taken: int) -> Ended:
    """The chosen sample's end, as sure as the samples agree."""
    answer = ended.answer
    if answer is None or taken < 2:
        return ended
    note = f"all {taken} samples agree" if size == taken else f"{size} of {taken} samples agree"
    why = f"{answer.why}; {note}" if answer.why else note
    confidence = round(answer.confidence * (0.4 + 0.6 * size / taken), 3)
    return replace(ended, answer=replace(answer, why=why, confidence=confidence))


def told(samples: Sequence[Sample], chosen: int) -> list[dict[str, Any]]:
    """What the trace says of the samples; the steps of the chosen one are its own."""
    return [
        {
            "seed": sample.seed,
            "temperature": sample.temperature,
            "outcome": sample.ended.outcome,
            "answer": sample.ended.answer.text if sample.ended.answer else "",
            "chosen": place == chosen,
            "seconds": round(sample.attempt.elapsed, 3),
            "tokens": sum(step.tokens for step in sample.attempt.steps),
            "evaluated": sum(step.evaluated for step in sample.attempt.steps),
            "replies": [step.reply for step in sample.attempt.steps],
        }
        for place, sample in enumerate(samples)
    ]
