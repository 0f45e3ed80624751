"""The partners of the loop as Protocols, and what goes in and comes out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from air_cli.protocol import Look
from air_cli.records import Chart, Message, Mode, Ran, Reply, Size, Task, Text, Trace, Want


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


@runtime_checkable
class Streaming(Protocol):
    """A conversation that can tell its replies while they are written."""

    def listen(self, on_piece: Callable[[str], None]) -> None: ...


@runtime_checkable
class Measuring(Protocol):
    """A conversation that knows what a history takes of its context, before it reads it."""

    def measure(self, history: Sequence[Message]) -> Size:
        """Raises `ItemError` as `reply` does."""
        ...


@runtime_checkable
class Known(Protocol):
    """A reasoner some of whose facts take time."""

    @property
    def known(self) -> Mapping[str, object]:
        """Those that can be had at once."""
        ...


@runtime_checkable
class Varying(Protocol):
    """A reasoner that another seed makes say something else: samples of it mean something."""

    @property
    def varies(self) -> bool: ...


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
    leaves no trace in the variables of the next, nor does one whose answer is refused."""

    def load(self, charts: Sequence[Chart], images: Mapping[str, bytes]) -> None:
        """Give the session its charts (`chart`, `charts`) and figure images."""
        ...

    def run(self, code: str, seconds: float) -> Ran:
        """Run one step. A fault of the code is in `Ran.fault`, never raised.

        Raises `ItemError` when the jail itself broke, `EnvironmentFault` when none can be made.
        """
        ...

    def undo(self) -> None:
        """Take back the last step, which gave an answer that the host refuses.

        Raises `ItemError` when the jail itself broke.
        """
        ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Looked:
    """What a second look at a figure gave: the enlarged region (PNG) and the texts read in it."""

    image: bytes | None = None
    texts: tuple[Text, ...] = ()


JailMaker = Callable[[], Jail]
Looker = Callable[[Look], Looked]
OnEvent = Callable[[str, Mapping[str, object]], None]


@dataclass(frozen=True)
class Budget:
    """What one question may cost; when something runs out, the outcome says what.

    `faults` counts faults in a row, `seconds` is wall time, `step_seconds` the limit of one code
    step, `tokens` all that the reasoner writes, `reply_tokens` the limit of one reply,
    `reflections` the rounds of checking a draft. The rest bounds the grammar's free parts.
    """

    steps: int = 10
    faults: int = 3
    seconds: float = 120.0
    step_seconds: float = 10.0
    tokens: int = 16384
    reply_tokens: int = 2048
    reflections: int = 2
    thought_chars: int = 1500
    code_lines: int = 60


@dataclass(frozen=True)
class Solved:
    """A trace and the bytes of the images that its steps name (`step-02-1.png` → PNG)."""

    trace: Trace
    images: Mapping[str, bytes] = field(default_factory=dict)


INTERRUPTED = "interrupted"


class Interrupted(KeyboardInterrupt):
    """An interrupt in the middle of a question; `solved` is what there was of it by then."""

    def __init__(self, solved: Solved) -> None:
        super().__init__(INTERRUPTED)
        self.solved = solved


@dataclass(frozen=True)
class Setup:
    """The arguments of `solve` that every attempt shares."""

    task: Task
    make_jail: JailMaker
    budget: Budget
    mode: Mode
    seed: int
    temperature: float
    profile: str
    look: Looker | None
    on_event: OnEvent | None
    samples: int = 1
