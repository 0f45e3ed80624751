"""What `air ask -v` tells of the loop while it works."""

from __future__ import annotations

from collections.abc import Mapping

from air_cli.events import INDENT, reporter
from air_cli.protocol_render import clipped
from air_cli.records import Answer, Step

SHOWN = 2000


class Narrator:
    """Hears the loop's events (`air_cli.loop.solve`): the decision, the reply as it is written,
    then what its code printed, gave, and how the step failed or what it answered."""

    def __init__(self) -> None:
        self._told = False  # the reply of this turn has been told in pieces

    def __call__(self, kind: str, data: Mapping[str, object]) -> None:
        if kind == "decision":
            self._told = False
            reporter.detail(f"  step {data['n']}: {data['action']}: {data['reason']}")
        elif kind == "piece":
            self._told = True
            reporter.piece(str(data["text"]))
        elif kind == "reply" and not self._told:
            reporter.piece(str(data["text"]).strip("\n") + "\n")
        elif kind == "step":
            step = data["step"]
            if isinstance(step, Step):
                _tell(step)
        elif kind == "sample":
            reporter.detail(f"  sample {data['n']} of {data['of']}: {data['reason']}")
        elif kind == "fallback":
            reporter.warn(f"{data['reasoner']} answers instead: {data['reason']}")


def _tell(step: Step) -> None:
    for name, text in (("printed", step.stdout), ("stderr", step.stderr), ("value", step.value)):
        if text.strip():
            shown = clipped(text, SHOWN).replace("\n", "\n" + INDENT)
            reporter.detail(f"  {name}:\n{INDENT}{shown}")
    if step.fault is not None:
        reporter.detail(f"  step {step.n} failed: {step.fault.kind}: {step.fault.message}")
    elif step.answer is not None:
        reporter.detail(f"  {_answer(step.answer)}")


def _answer(answer: Answer) -> str:
    if answer.unanswerable is not None:
        return f"unanswerable: {answer.unanswerable}"
    return f"answer: {answer.text or answer.value} (confidence {answer.confidence:.2f})"
