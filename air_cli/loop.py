"""solve(): the one reasoning loop, and (from `loop_types`) the Protocols of its partners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from air_cli import policy
from air_cli.loop_attempt import Attempt, Ended
from air_cli.loop_samples import Sample, agreed, setup_of, told, vote
from air_cli.loop_types import (
    INTERRUPTED,
    Budget,
    Conversation,
    Interrupted,
    Jail,
    JailMaker,
    Known,
    Looked,
    Looker,
    OnEvent,
    Reasoner,
    Setup,
    Solved,
    Varying,
)
from air_cli.protocol import load_profile
from air_cli.records import Answer, Mode, Step, Task, Trace, to_json

__all__ = [
    "INTERRUPTED",
    "Budget",
    "Conversation",
    "Interrupted",
    "Jail",
    "JailMaker",
    "Looked",
    "Looker",
    "OnEvent",
    "Reasoner",
    "Solved",
    "solve",
]

FINISHED = ("answered", "unanswerable")


def solve(
    task: Task,
    reasoner: Reasoner,
    make_jail: JailMaker,
    budget: Budget | None = None,
    *,
    mode: Mode = "auto",
    seed: int = 0,
    temperature: float = 0.0,
    profile: str = "air",
    look: Looker | None = None,
    fallback: Reasoner | None = None,
    on_event: OnEvent | None = None,
    samples: int = 1,
) -> Solved:
    """Answer `task.question`; never raises for what the reasoner or its code does wrong.

    `make_jail` is called when the first code step is due (and again for `fallback`, which starts
    afresh); `solve` loads and closes the jails it made. `look` serves the reasoner's `<look>`:
    it raises `ItemError` when the region cannot be read. `fallback` answers when `reasoner` fails
    (outcomes steps, time, tokens, malformed, failed), with a budget of its own; trace and
    `answer.why` say so. `on_event(kind, data)` hears `decision` (n, action, reason), `piece`
    (text: of a reply while it is written, from reasoners that stream), `reply` (n, text: all of
    it), `step` (step: Step), `sample` (n, of, reason), `fallback` (reasoner, outcome, reason).
    `samples`: of a reasoner that varies, attempts until most of so many agree; the steps are those
    of the chosen one, the others are in `provenance["samples"]`.

    The trace has `sources=()` and of the provenance only what the loop knows: the caller, who
    knows the rest, adds it with `dataclasses.replace`. Raises `EnvironmentFault` when code is due
    and no jail can be made, or the reasoner can never work here; `Interrupted`, with the trace so
    far, on an interrupt.
    """
    setup = Setup(
        task,
        make_jail,
        budget or Budget(),
        mode,
        seed,
        temperature,
        profile,
        look,
        on_event,
        samples,
    )
    course = Course(setup, reasoner, fallback)
    try:
        ended = course.run()
    except KeyboardInterrupt:
        known = reasoner.known if isinstance(reasoner, Known) else {}
        raise Interrupted(course.solved(Ended("failed", INTERRUPTED), known)) from None
    return course.solved(ended, reasoner.facts)


class Course:
    """The attempts at one question, of the reasoner and then of the one that it falls back on."""

    def __init__(self, setup: Setup, reasoner: Reasoner, fallback: Reasoner | None) -> None:
        self._setup, self._reasoner, self._fallback = setup, reasoner, fallback
        self._used = reasoner
        self._attempts: list[Attempt] = []
        self._samples: list[Sample] = []
        self._chosen = 0

    def run(self) -> Ended:
        """Work until there is an answer or nobody left to ask."""
        ended = self._voted()
        second = self._fallback
        if ended.outcome in FINISHED or second is None:
            return ended
        if self._setup.on_event is not None:
            reason = {"outcome": ended.outcome, "reason": ended.reason}
            self._setup.on_event("fallback", {"reasoner": second.name, **reason})
        then = self._attempt(second)
        if then.outcome not in FINISHED:
            return ended
        self._used = second
        return _labelled(then, ended, self._reasoner.name, second.name)

    def _attempt(self, reasoner: Reasoner) -> Ended:
        self._attempts.append(Attempt(self._setup, reasoner, len(self._steps) + 1))
        return self._attempts[-1].run()

    def _voted(self) -> Ended:
        """The first reasoner's end: of one attempt, or of the samples that most agree on."""
        wanted = self._setup.samples
        varies = isinstance(self._reasoner, Varying) and self._reasoner.varies
        if wanted < 2 or not varies:
            return self._attempt(self._reasoner)
        taken = self._samples
        while True:
            self._sample()
            self._chosen, size = vote([sample.ended.answer for sample in taken])
            more, why = policy.another_sample(
                len(taken), size, wanted, printed=taken[-1].printed and len(taken) == 1
            )
            if self._setup.on_event is not None:
                self._setup.on_event("sample", {"n": len(taken), "of": wanted, "reason": why})
            if not more or _spent(self._setup, taken):
                break
        self._attempts = [taken[self._chosen].attempt]
        return agreed(taken[self._chosen].ended, size, len(taken))

    def _sample(self) -> None:
        """One more attempt with a seed of its own."""
        setup = setup_of(self._setup, len(self._samples), self._samples)
        attempt = Attempt(setup, self._reasoner)
        self._attempts = [attempt]
        ended = attempt.run()
        self._samples.append(Sample(attempt, ended, setup.seed, setup.temperature))

    def _all(self) -> list[Attempt]:
        """The attempts of the trace and those of the samples that were not chosen."""
        others = [sample.attempt for sample in self._samples]
        return [*(one for one in others if one not in self._attempts), *self._attempts]

    def _elapsed(self) -> float:
        return sum(attempt.elapsed for attempt in self._all())

    def _tokens(self) -> dict[str, int]:
        """What was written, and what was read anew for it, by all attempts."""
        steps = [step for attempt in self._all() for step in attempt.steps]
        return {
            "written": sum(step.tokens for step in steps),
            "evaluated": sum(step.evaluated for step in steps),
        }

    def _context(self) -> dict[str, Any]:
        """The largest conversation beside what the model's context holds, where it was measured."""
        sizes = [size for attempt in self._all() if (size := attempt.history.largest) is not None]
        if not sizes:
            return {}
        return {"context": to_json(max(sizes, key=lambda size: size.prompt))}

    @property
    def _steps(self) -> tuple[Step, ...]:
        return tuple(step for attempt in self._attempts for step in attempt.steps)

    def solved(self, ended: Ended, facts: Mapping[str, object]) -> Solved:
        """The trace of all attempts; `facts` are those of the first reasoner."""
        task, used = self._setup.task, self._used
        trace = Trace(
            question=task.question,
            sources=(),
            figures=task.figures,
            charts=task.charts,
            steps=self._steps,
            outcome=ended.outcome,
            answer=ended.answer,
            mode=_route(self._steps, used.name, self._setup.mode),
            error="" if ended.outcome in FINISHED else ended.reason,
            seconds=round(self._elapsed(), 3),
            provenance={
                "reasoner": {"name": self._reasoner.name, **facts},
                "answered_by": used.name if ended.answer is not None else "",
                "tokens": self._tokens(),
                **self._context(),
                **({"samples": told(self._samples, self._chosen)} if self._samples else {}),
                **_provenance(self._setup),
            },
        )
        images = {name: png for each in self._attempts for name, png in each.images.items()}
        return Solved(trace, images)


def _spent(setup: Setup, samples: Sequence[Sample]) -> bool:
    """Whether the budget has nothing left for another sample."""
    left = setup_of(setup, len(samples), samples).budget
    return left.seconds <= 0 or left.tokens <= 0


def _provenance(setup: Setup) -> dict[str, Any]:
    """What the loop knows of where the answer came from."""
    return {
        "profile": setup.profile,
        "prompts_sha256": load_profile(setup.profile).sha256,
        "mode": setup.mode,
        "seed": setup.seed,
        "temperature": setup.temperature,
        "budget": to_json(setup.budget),
    }


def _labelled(then: Ended, first: Ended, name: str, fallback: str) -> Ended:
    """The fall-back's answer, marked as such."""
    note = f"answered by {fallback}, because {name} failed ({first.outcome}: {first.reason})"
    answer = then.answer
    if answer is not None:
        answer = replace(answer, why=f"{note}; {answer.why}" if answer.why else note)
    return replace(then, answer=answer)


def _route(steps: Sequence[Step], name: str, asked: Mode) -> str:
    """The route that led to the answer, by the actions of the reasoner that gave it."""
    actions = [step.action for step in steps if step.by == name and step.fault is None]
    for route, needed in (("plan", "combine"), ("reflect", "reflect")):
        if needed in actions:
            return route
    answers: list[Answer] = [step.answer for step in steps if step.answer is not None]
    if not answers:
        return asked
    return "code" if any(step.code for step in steps if step.answer is not None) else "direct"
