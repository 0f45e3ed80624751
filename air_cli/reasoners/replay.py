"""Recorded replies in order: for tests, and to run a trace's replies through the loop again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from air_cli.errors import ItemError, UsageError
from air_cli.records import Message, Reply, Task, Trace, Want, from_json

if TYPE_CHECKING:
    from air_cli.reasoners import Settings


class Replay:
    """Gives out recorded replies, strictly: one that is missing is an `ItemError`.

    `replies` maps question ids to lists of replies; the key `""` serves every other question.
    Each question starts its list anew.
    """

    name = "replay"

    def __init__(
        self, replies: Mapping[str, Sequence[Reply]], *, sees: bool = False, source: str = ""
    ) -> None:
        self._replies, self._sees = replies, sees
        self._facts = {"replies": source}

    @property
    def sees(self) -> bool:
        return self._sees

    @property
    def facts(self) -> Mapping[str, object]:
        return self._facts

    def open(self, task: Task) -> ReplayConversation:
        """The recorded conversation of the task's question."""
        key = task.question.id if task.question.id in self._replies else ""
        return ReplayConversation(task.question.id, self._replies.get(key, ()))

    def close(self) -> None:
        """Nothing to close."""


class ReplayConversation:
    """One question's recorded replies."""

    def __init__(self, question: str, replies: Sequence[Reply]) -> None:
        self._question, self._replies, self.given = question, replies, 0

    @property
    def left(self) -> int:
        """How many replies were not asked for."""
        return len(self._replies) - self.given

    def reply(self, history: Sequence[Message], want: Want) -> Reply:
        """The next recorded reply. Raises `ItemError` (kind `exhausted`) after the last."""
        if not self.left:
            raise ItemError(
                f"question {self._question!r}: {len(self._replies)} recorded replies, and the loop"
                f" asks for another ({want.action})",
                kind="exhausted",
            )
        self.given += 1
        return self._replies[self.given - 1]


def from_trace(trace: Trace) -> Replay:
    """The replies of a trace: what its own reasoner wrote, without those of a fall-back."""
    first = trace.steps[0].by if trace.steps else ""
    steps = [step for step in trace.steps if step.by == first]
    replies = [Reply(s.reply, s.tokens, s.seconds, s.logprob) for s in steps]
    return Replay({trace.question.id: replies, "": replies})


def from_file(path: Path) -> Replay:
    """Replies from a trace.json, or from JSON lines: each a string, or an object with `reply`
    and optionally `question` (the question's id), `tokens`, `logprob`.

    Raises `UsageError` when the file cannot be read as either.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: the recorded replies cannot be read: {error}") from error
    trace = _trace(text)
    if trace is not None:
        return from_trace(trace)
    replies: dict[str, list[Reply]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            question, reply = _line(path, number, line)
            replies.setdefault(question, []).append(reply)
    if not replies:
        raise UsageError(f"{path}: no recorded replies")
    return Replay(replies, source=str(path))


def _trace(text: str) -> Trace | None:
    try:
        data = json.loads(text)
        return from_json(Trace, data) if isinstance(data, dict) and "steps" in data else None
    except (ValueError, RecursionError):
        return None


def _line(path: Path, number: int, line: str) -> tuple[str, Reply]:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}:{number}: not JSON: {error}") from error
    if isinstance(data, str):
        return "", Reply(data)
    if not isinstance(data, dict) or not isinstance(data.get("reply"), str):
        raise UsageError(f'{path}:{number}: neither a text nor an object with "reply"')
    tokens, logprob = data.get("tokens", 0), data.get("logprob")
    if type(tokens) is not int or not (logprob is None or isinstance(logprob, int | float)):
        raise UsageError(f"{path}:{number}: tokens and logprob must be numbers")
    return str(data.get("question", "")), Reply(data["reply"], tokens, 0.0, logprob)


def make(settings: Settings) -> Replay:
    """The reasoner of the configuration. Raises `UsageError` without a readable file."""
    if not settings.replies:
        raise UsageError("reasoner.replies: name the file of recorded replies")
    return from_file(Path(settings.replies))
