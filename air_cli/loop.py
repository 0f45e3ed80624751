"""solve(): the one reasoning loop, and (from `loop_types`) the Protocols of its partners."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from air_cli.loop_attempt import Attempt, Ended
from air_cli.loop_types import (
    Budget,
    Conversation,
    Jail,
    JailMaker,
    Looked,
    Looker,
    OnEvent,
    Reasoner,
    Setup,
    Solved,
)
from air_cli.protocol import load_profile
from air_cli.records import Answer, Mode, Step, Task, Trace, to_json

__all__ = [
    "Budget",
    "Conversation",
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
) -> Solved:
    """Answer `task.question`; never raises for what the reasoner or its code does wrong.

    `make_jail` is called when the first code step is due (and again for `fallback`, which starts
    afresh); `solve` loads and closes the jails it made. `look` serves the reasoner's `<look>`:
    it raises `ItemError` when the region cannot be read. `fallback` answers when `reasoner` fails
    (outcomes steps, time, tokens, malformed, failed), with a budget of its own; trace and
    `answer.why` say so. `on_event(kind, data)` hears `decision` (n, action, reason), `step`
    (step: Step), `fallback` (reasoner, outcome, reason).

    The trace has `sources=()` and of the provenance only what the loop knows: the caller, who
    knows the rest, adds it with `dataclasses.replace`. Raises `EnvironmentFault` when code is due
    and no jail can be made, or the reasoner can never work here.
    """
    budget = budget or Budget()
    setup = Setup(task, make_jail, budget, mode, seed, temperature, profile, look, on_event)
    attempt = Attempt(setup, reasoner)
    ended = attempt.run()
    steps, images, seconds = attempt.steps, attempt.images, attempt.elapsed
    used = reasoner
    if ended.outcome not in FINISHED and fallback is not None:
        if on_event is not None:
            reason = {"outcome": ended.outcome, "reason": ended.reason}
            on_event("fallback", {"reasoner": fallback.name, **reason})
        second = Attempt(setup, fallback, first_step=len(steps) + 1)
        then = second.run()
        steps, images = steps + second.steps, {**images, **second.images}
        seconds += second.elapsed
        if then.outcome in FINISHED:
            ended, used = _labelled(then, ended, reasoner.name, fallback.name), fallback
    trace = Trace(
        question=task.question,
        sources=(),
        figures=task.figures,
        charts=task.charts,
        steps=tuple(steps),
        outcome=ended.outcome,
        answer=ended.answer,
        mode=_route(steps, used.name, mode),
        error="" if ended.outcome in FINISHED else ended.reason,
        seconds=round(seconds, 3),
        provenance=_provenance(setup, reasoner, used if ended.answer is not None else None),
    )
    return Solved(trace, images)


def _provenance(setup: Setup, reasoner: Reasoner, used: Reasoner | None) -> dict[str, Any]:
    """What the loop knows of where the answer came from."""
    return {
        "reasoner": {"name": reasoner.name, **reasoner.facts},
        "answered_by": used.name if used is not None else "",
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


def _route(steps: list[Step], name: str, asked: Mode) -> str:
    """The route that led to the answer, by the actions of the reasoner that gave it."""
    actions = [step.action for step in steps if step.by == name and step.fault is None]
    for route, needed in (("plan", "combine"), ("reflect", "reflect")):
        if needed in actions:
            return route
    answers: list[Answer] = [step.answer for step in steps if step.answer is not None]
    if not answers:
        return asked
    return "code" if any(step.code for step in steps if step.answer is not None) else "direct"
