"""The data that flows between the layers: frozen dataclasses with a JSON round-trip.

Standard library only: imported on both sides of the jail.

Coordinates: `bbox_px` is (left, top, right, bottom) in pixels of the figure's image, y down;
`bbox_pt` the same in PDF points on the page (for an image file: its pixels).
Values stay in the unit the axis shows; `Axis.scale` / `Chart.scale` is the multiplier that words
imply ("in millions" is 1e6), `unit` the words themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from air_cli.codec import canonical as canonical
from air_cli.codec import digest as digest
from air_cli.codec import from_json as from_json
from air_cli.codec import tidy as tidy
from air_cli.codec import to_json as to_json
from air_cli.records_chart import Axis as Axis
from air_cli.records_chart import Box as Box
from air_cli.records_chart import Chart as Chart
from air_cli.records_chart import Figure as Figure
from air_cli.records_chart import How as How
from air_cli.records_chart import Mark as Mark
from air_cli.records_chart import Page as Page
from air_cli.records_chart import Part as Part
from air_cli.records_chart import Series as Series
from air_cli.records_chart import Source as Source
from air_cli.records_chart import Text as Text
from air_cli.records_chart import Tick as Tick
from air_cli.records_chart import Value as Value

SCHEMA = 1

Outcome = Literal["answered", "unanswerable", "steps", "time", "tokens", "malformed", "failed"]
Mode = Literal["auto", "direct", "code", "reflect", "plan"]
Action = Literal["direct", "code", "reflect", "look", "plan", "combine", "stop"]


@dataclass(frozen=True)
class Question:
    """`expects`: number, text, bool, list, auto. `choices` are the answers to choose from."""

    id: str
    text: str
    expects: str = "auto"
    unit: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """Where an answer comes from: a mark or cell of a figure, with its box on the page."""

    figure_id: str
    page: int
    bbox_px: Box
    series: str = ""
    category: str = ""
    value: float | None = None
    bbox_pt: Box | None = None


@dataclass(frozen=True)
class Answer:
    """`text` is what a person reads; `value` what a program reads; `why` says how sure and why.
    `alternatives` are other answers that the question allows, when neither reading wins.
    """

    value: Value
    unit: str = ""
    text: str = ""
    confidence: float = 0.0
    why: str = ""
    evidence: tuple[Evidence, ...] = ()
    unanswerable: str | None = None
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fault:
    """Why a step failed. `kind`: malformed, syntax, exception, timeout, memory, crashed, answer,
    output, request, interrupted."""

    kind: str
    message: str


@dataclass(frozen=True)
class Step:
    """One turn of the loop: the action and why it was chosen, the reply, what its code did.

    `images` are file names (`step-02-1.png`); `answer` is set when this step called `answer()` or
    `unanswerable()` and the call was accepted. `by` is the reasoner that wrote the reply: where it
    changes (a fall-back), the steps began in a fresh jail. `logprob`: mean token log-probability.
    `evaluated`: tokens that had to be read for it.
    """

    n: int
    action: str
    reason: str
    reply: str = ""
    thought: str = ""
    code: str = ""
    stdout: str = ""
    stderr: str = ""
    value: str = ""
    images: tuple[str, ...] = ()
    seconds: float = 0.0
    tokens: int = 0
    fault: Fault | None = None
    answer: Answer | None = None
    by: str = ""
    logprob: float | None = None
    evaluated: int = 0


@dataclass(frozen=True)
class Ranked:
    """How well a figure fits a question. `score` > 0, comparable within one ranking only; `why` is
    a few words for the user ("the caption has 'revenue', '2023'")."""

    figure: Figure
    score: float
    why: str = ""


@dataclass(frozen=True)
class Excerpt:
    """A sentence of a document and the page (from 1) it stands on."""

    page: int
    text: str


@dataclass(frozen=True)
class Exchange:
    """What code asked of the reader and got, so that a replay needs no reader.
    `what`: reread, zoom. `texts` answer a reread; `image` is the file name of the picture that
    answers a zoom (`exchange-01.png`); `error` is why the reader refused.
    """

    what: str
    figure: str
    box: Box | None
    factor: float
    texts: tuple[Text, ...] = ()
    image: str | None = None
    error: str = ""


@dataclass(frozen=True)
class Trace:
    """Everything about one question; what `air verify` replays. `mode` is the route taken."""

    question: Question
    sources: tuple[Source, ...]
    figures: tuple[Figure, ...]
    charts: tuple[Chart, ...]
    steps: tuple[Step, ...]
    outcome: Outcome
    answer: Answer | None
    mode: str = "auto"
    error: str = ""
    seconds: float = 0.0
    considered: tuple[str, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)
    schema: int = SCHEMA


# What passes between the loop and its partners; not stored as such.


@dataclass(frozen=True)
class Message:
    """One message of the linear history. `images` are PNG bytes, for a reasoner that can see."""

    role: Literal["system", "user", "assistant"]
    text: str
    images: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Want:
    """What the loop wants of the next reply."""

    action: Action
    question: str
    draft: Answer | None = None
    parts: tuple[tuple[str, Answer], ...] = ()
    grammar: str | None = None
    max_tokens: int = 1024
    seconds: float = 60.0
    temperature: float = 0.0
    seed: int = 0
    stop: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reply:
    """`text` in the marks of the protocol; `logprob` the mean token log-probability, if known;
    `cut`: a limit (tokens, time, context) ended it before the reasoner did. `evaluated`: tokens of
    the conversation that were not in the reasoner's context already, those of images included."""

    text: str
    tokens: int = 0
    seconds: float = 0.0
    logprob: float | None = None
    cut: bool = False
    evaluated: int = 0


@dataclass(frozen=True)
class Size:
    """What a conversation takes of a model's context, in cells of its cache: `prompt` in all, of
    them `pictures`. `positions` are fewer where a picture takes several cells for one (M-RoPE).
    `limit`: what the context holds; `least`: what a reply needs at least; `shrunk`: pictures that
    were made smaller so as not to fill it."""

    prompt: int
    limit: int
    least: int = 0
    pictures: int = 0
    positions: int = 0
    shrunk: int = 0


@dataclass(frozen=True)
class Task:
    """What a conversation is about. `images` maps figure ids to PNG bytes of the figures; `unsaid`
    is what the question names and the documents never say."""

    question: Question
    figures: tuple[Figure, ...]
    charts: tuple[Chart, ...]
    images: Mapping[str, bytes] = field(default_factory=dict)
    unsaid: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ran:
    """What a step did in the jail. `answer` is the raw call: {"value", "unit", "evidence":
    [{"figure_id","series","category","bbox_px","value"}], "text"} or {"unanswerable": reason}."""

    stdout: str = ""
    stderr: str = ""
    value: str = ""
    images: tuple[bytes, ...] = ()
    answer: Mapping[str, Any] | None = None
    touched: tuple[Mapping[str, Any], ...] = ()
    seconds: float = 0.0
    fault: Fault | None = None
