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

SCHEMA = 1

Box = tuple[float, float, float, float]
Value = bool | int | float | str | list[Any] | None
How = Literal["label", "geometry", "both", "vector", "cell"]
Outcome = Literal["answered", "unanswerable", "steps", "time", "tokens", "malformed", "failed"]
Mode = Literal["auto", "direct", "code", "reflect", "plan"]
Action = Literal["direct", "code", "reflect", "look", "plan", "combine", "stop"]


@dataclass(frozen=True)
class Source:
    """A file that was opened. `kind`: image, pdf, pptx, docx, xlsx; `pages` counts from 1."""

    path: str
    sha256: str
    kind: str
    pages: int = 1


@dataclass(frozen=True)
class Figure:
    """A region of a page. `kind`: chart, table, photo, diagram, logo, unknown.
    `id` is stable for a source: `p<page>-f<n>`. `image` is a file name in a run directory, or None.
    `dpi` is the resolution at which `size_px` holds (0 for an image file).
    """

    id: str
    source_sha: str
    page: int
    bbox_pt: Box
    kind: str = "chart"
    caption: str = ""
    label: str = ""
    image: str | None = None
    vector: bool = False
    dpi: float = 0.0
    size_px: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Tick:
    """A tick label and where it stands along its axis. `value` is None for a category."""

    text: str
    value: float | None
    px: float


@dataclass(frozen=True)
class Axis:
    """`role`: x, y, y2. `kind`: linear, log, category, time. `residual_px`: RMS of the fit."""

    role: str
    kind: str
    ticks: tuple[Tick, ...] = ()
    title: str = ""
    unit: str = ""
    scale: float = 1.0
    residual_px: float = 0.0


@dataclass(frozen=True)
class Mark:
    """One bar, point, slice, segment or table cell.
    `low`/`high` is the interval that the reading supports; `label` the printed value, verbatim;
    `x` the abscissa of a numeric or time axis (years as numbers); `size` a bubble's area as a share
    of the largest.
    """

    series: str
    category: str
    value: float | None
    low: float | None
    high: float | None
    how: How
    bbox_px: Box
    color: str = ""
    label: str = ""
    x: float | None = None
    size: float | None = None


@dataclass(frozen=True)
class Series:
    """A series as the legend or a direct label names it; `color` is `#rrggbb` or empty."""

    name: str
    color: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Text:
    """Recognised text. `role`: title, subtitle, axis-title, tick, legend, label, annotation,
    source, other. `confidence` in 0..1 (1 for text taken from a PDF). `angle`: degrees
    counter-clockwise, 90 for text that reads upwards."""

    text: str
    bbox_px: Box
    role: str = "other"
    confidence: float = 1.0
    angle: float = 0.0


@dataclass(frozen=True)
class Chart:
    """A figure read into data. `kind`: bar, barh, grouped-bar, grouped-barh, stacked-bar,
    stacked-barh, waterfall (signed changes and levels of totals), range (floating bars: series
    `from` and `to`), dot, line, area, stacked-area, combo, pie, donut, scatter, bubble, box (its
    five numbers are the series), heatmap, table, unknown.
    A table is a chart too: its cells are marks with `how="cell"`, row headers are categories,
    column headers series. `problems` says in plain words what could not be read and why.
    """

    figure_id: str
    kind: str
    title: str = ""
    subtitle: str = ""
    axes: tuple[Axis, ...] = ()
    series: tuple[Series, ...] = ()
    categories: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    text: tuple[Text, ...] = ()
    unit: str = ""
    scale: float = 1.0
    confidence: float = 0.0
    problems: tuple[str, ...] = ()
    size_px: tuple[int, int] = (0, 0)

    def table(self) -> tuple[list[str], list[list[Value]]]:
        """Columns and rows: one row a category, one column a series, None for a gap. A series
        without a name is called by the title of the value axis, or else `value`."""
        names = list(dict.fromkeys([s.name for s in self.series] + [m.series for m in self.marks]))
        rows = list(dict.fromkeys([*self.categories, *(m.category for m in self.marks)]))
        cells = {(m.series, m.category): m.value for m in reversed(self.marks)}
        used = [name for name in names if any((name, row) in cells for row in rows)]
        head = ["category", *(name or self._measure() or "value" for name in used)]
        return head, [[row, *(cells.get((name, row)) for name in used)] for row in rows]

    def _measure(self) -> str:
        """The title of the value axis: x where bars lie, else y."""
        titled = [a for a in self.axes if a.kind in ("linear", "log") and a.title]
        lying = self.kind.endswith("barh")
        titled.sort(key=lambda axis: (axis.role == "x") != lying)
        return titled[0].title if titled else ""


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
class Task:
    """What a conversation is about. `images` maps figure ids to PNG bytes of the figures."""

    question: Question
    figures: tuple[Figure, ...]
    charts: tuple[Chart, ...]
    images: Mapping[str, bytes] = field(default_factory=dict)


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
