"""solve(): the one reasoning loop, and the Protocols of its two partners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from air_cli.records import Chart, Message, Ran, Reply, Task, Want


class Conversation(Protocol):
    """One question's exchange with a reasoner."""

    def reply(self, history: Sequence[Message], want: Want) -> Reply:
        """The next reply to the linear `history`; `want` says which action is due.

        `history` only ever grows at its end within a conversation, except that a reasoner may see
        a shorter one after recovery: it keeps what is common and re-reads the rest.
        Raises `ItemError` when the engine died (it is restarted for the next item) and
        `EnvironmentFault` when it can never work here.
        """
        ...


class Reasoner(Protocol):
    """Something that writes replies: builtin, llama, server, replay."""

    @property
    def name(self) -> str: ...

    @property
    def sees(self) -> bool:
        """Whether images in messages reach it."""
        ...

    @property
    def facts(self) -> Mapping[str, object]:
        """For the provenance: model file, sha256, layers on the GPU, versions."""
        ...

    def open(self, task: Task) -> Conversation: ...

    def close(self) -> None: ...


class Jail(Protocol):
    """A code session that lives for one question. Steps are transactional: a step that fails
    leaves no trace in the variables of the next."""

    def load(self, charts: Sequence[Chart], images: Mapping[str, bytes]) -> None:
        """Give the session its charts (`chart`, `charts`) and figure images."""
        ...

    def run(self, code: str, seconds: float) -> Ran:
        """Run one step. A fault of the code is in `Ran.fault`, never raised.

        Raises `ItemError` when the jail itself broke, `EnvironmentFault` when none can be made.
        """
        ...

    def close(self) -> None: ...
