"""What `air ask -v` tells of the loop while it works."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from air_cli.commands.styling import Styler
from air_cli.events import INDENT, reporter
from air_cli.protocol_render import clipped
from air_cli.records import Answer, Step

SHOWN = 2000
# Characters of what is being written that are shown beside the spinner.
LAST = 48


class Narrator:
    """Hears the loop's events (`air_cli.loop.solve`): the decision, the reply as it is written,
    then what its code printed, gave, and how the step failed or what it answered. Without -v, a
    terminal shows the end of what is being written beside its spinner."""

    def __init__(self) -> None:
        self._told = False  # the reply of this turn has been told in pieces
        self._styler = Styler()
        self._doing = self._last = ""

    def __call__(self, kind: str, data: Mapping[str, object]) -> None:
        if kind == "decision":
            self._told, self._last = False, ""
            self._doing = f"step {data['n']}: {data['action']}"
            reporter.detail(f"  {self._doing}: {data['reason']}", "bold blue")
            reporter.doing(self._doing)
        elif kind == "piece":
            self._told = True
            self._piece(str(data["text"]))
        elif kind == "reply":
            if not self._told:
                self._piece(str(data["text"]).strip("\n") + "\n")
            self._write(self._styler.end())
        elif kind == "step":
            step = data["step"]
            if isinstance(step, Step):
                _tell(step)
        elif kind == "sample":
            reporter.detail(f"  sample {data['n']} of {data['of']}: {data['reason']}", "bold blue")
        elif kind == "fallback":
            reporter.warn(f"{data['reasoner']} answers instead: {data['reason']}")

    def _piece(self, text: str) -> None:
        self._write(self._styler.feed(text))
        self._last = f"{self._last} {' '.join(text.split())}"[-LAST:]
        reporter.doing(f"{self._doing}: …{self._last}")

    def _write(self, parts: Sequence[tuple[str, str]]) -> None:
        for text, style in parts:
            reporter.piece(text, style)


def _tell(step: Step) -> None:
    for name, text in (("printed", step.stdout), ("stderr", step.stderr), ("value", step.value)):
        if text.strip():
            shown = clipped(text, SHOWN).replace("\n", "\n" + INDENT)
            reporter.detail(f"  {name}:", "bold")
            reporter.detail(f"{INDENT}{shown}", "red" if name == "stderr" else "")
    if step.fault is not None:
        said = f"{step.fault.kind}: {step.fault.message}"
        reporter.detail(f"  step {step.n} failed: {said}", "red")
    elif step.answer is not None:
        reporter.detail(f"  {_answer(step.answer)}", "bold green")


def _answer(answer: Answer) -> str:
    if answer.unanswerable is not None:
        return f"unanswerable: {answer.unanswerable}"
    return f"answer: {answer.text or answer.value} (confidence {answer.confidence:.2f})"
