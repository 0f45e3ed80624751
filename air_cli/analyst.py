"""From sources and a question to a trace: one warm reader, one warm reasoner, jails held ready."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any

from air_cli import analyst_facts as facts
from air_cli.analyst_choice import (
    candidates,
    considered,
    digest,
    doubted,
    no_figure,
    refused,
    related,
    rounds,
    settled,
    statements,
    surest,
    told,
)
from air_cli.analyst_desk import Desk, Document, Reading
from air_cli.analyst_inputs import Input, read_input
from air_cli.analyst_parts import Part, Requests, overlay
from air_cli.analyst_solver import Solver
from air_cli.cache import Cache
from air_cli.config import Config
from air_cli.errors import ItemError
from air_cli.loop import INTERRUPTED, Interrupted, OnEvent
from air_cli.records import Figure, Page, Question, Task, Trace
from air_cli.store_exchanges import Recorder

__all__ = [
    "Analyst",
    "Document",
    "Input",
    "Reading",
    "Result",
    "Stopped",
    "no_figure",
    "read_input",
]


def _since(start: float) -> float:
    return round(time.perf_counter() - start, 3)


@dataclass(frozen=True)
class Result:
    """A trace with the bytes that belong to it.

    `images` are the images that its steps and exchanges name; `figures` the PNGs of its figures by
    figure id; `overlay()` draws the first figure with the evidence marked, while the Analyst is
    open.
    """

    trace: Trace
    images: Mapping[str, bytes] = field(default_factory=dict)
    figures: Mapping[str, bytes] = field(default_factory=dict)
    overlay: Callable[[], bytes] = bytes


class Stopped(KeyboardInterrupt):
    """An interrupt while a question was worked on; `result` is what there was of it by then."""

    def __init__(self, result: Result) -> None:
        super().__init__(INTERRUPTED)
        self.result = result


def _no_overlay() -> bytes:
    raise ItemError("the question was interrupted", kind=INTERRUPTED)


class Analyst:
    """Reads documents and answers questions on them; use it as a context manager.

    Everything is made when first needed and kept: the reader's jail, the reasoner, the code jails
    (`config.jail.ready` held ahead). One thread at a time. `on_event(kind, data)` hears what the
    loop does.
    """

    def __init__(self, config: Config, on_event: OnEvent | None = None) -> None:
        self.config = config
        self._solver = Solver(config, on_event)
        self._desk = Desk(config.reader)
        self._cache = Cache(config.cache_dir()) if config.cache.enabled else None
        self._documents: dict[tuple[str, str], Document] = {}

    def __enter__(self) -> Analyst:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End every process. Safe to call twice."""
        self._documents = {}
        with contextlib.closing(self._desk):
            self._solver.close()

    def warm(self, *, code: bool = True) -> None:
        """Start the reader (and with `code` a code jail and the reasoner) now, without waiting.

        Raises `EnvironmentFault` when no jail can be made here or the model cannot run.
        """
        self._desk.warm()
        if code:
            self._solver.warm()

    def forget(self) -> None:
        """Forget the documents read so far; readers, reasoner and jails stay."""
        self._documents = {}

    def document(self, item: Input) -> Document:
        """The document of an input, opened when it is first asked for something."""
        key = (item.name, item.sha256)
        if key not in self._documents:
            self._documents[key] = Document(item, self._desk, self._cache)
        return self._documents[key]

    def figures(
        self, item: Input, pages: Sequence[Page] | None = None, figure: str | None = None
    ) -> list[Figure]:
        """The charts and tables of a document on these pages, or the one that is named.

        Raises `ItemError` (`no-figure` and whatever opening it raises), `UsageError` for a page or
        figure that does not exist.
        """
        document = self.document(item)
        if figure is not None:
            return [document.pick(figure, pages)]
        found = [f for f in document.figures(pages) if f.kind in ("chart", "table", "unknown")]
        if not found:
            raise no_figure(item, document.source, pages)
        return found

    def readings(
        self, item: Input, pages: Sequence[Page] | None = None, figure: str | None = None
    ) -> list[Reading]:
        """The charts and tables of a document as data; raises as `figures`, and `ItemError` when
        one cannot be read."""
        document = self.document(item)
        return [document.reading(one) for one in self.figures(item, pages, figure)]

    def tabulate(self, item: Input, question: Question) -> Result:
        """Every figure of a document as data, nothing asked: a trace without steps, under the name
        of `question`. Raises as `readings`."""
        start = time.perf_counter()
        document, readings = self.document(item), self.readings(item)
        parts = [Part(document, reading, "") for reading in readings]
        trace = Trace(
            question,
            (document.source,),
            tuple(part.figure for part in parts),
            tuple(part.chart for part in parts),
            steps=(),
            outcome="answered",
            answer=None,
            mode="read",
            seconds=_since(start),
            provenance=self._provenance(parts, {"read": _since(start)}),
        )
        return Result(trace, overlay=lambda: overlay(parts, trace))

    def ask(
        self,
        items: Sequence[Input],
        question: Question,
        pages: Sequence[Page] | None = None,
        figure: str | None = None,
    ) -> Result:
        """Answer one question on one document, or on several taken together.

        Raises `ItemError` (unreadable, encrypted, no-figure, crashed …), `UsageError` (no such page
        or figure), `EnvironmentFault`. What the reasoner does wrong is in the trace.
        """
        start = time.perf_counter()
        documents = [self.document(item) for item in items]
        for document in documents:
            document.open()
        opened = time.perf_counter()
        limit = self.config.policy.seconds
        key = digest(documents, question, pages, figure)
        ranked = (
            [key] if key else [candidates(d, question, pages, figure, limit) for d in documents]
        )
        before = {"open": round(opened - start, 3), "choose": _since(opened)}
        results: list[Result] = []
        for figures in rounds(ranked, together=bool(key)):
            try:
                results.append(self._attempt(question, documents, figures))
            except ItemError:
                if not results:
                    raise
                break  # a figure that cannot be read does not spoil the answer of a better one
            if settled(results[-1].trace):
                break
        else:
            tables = statements(documents, question, pages, figure)
            if tables:
                results.append(self._attempt(question, documents, tables))
        result = results[surest([result.trace for result in results])]
        trace = related(ranked, result.trace)
        several = any(len(found) > 1 for found in ranked)
        trace = refused(trace) if several and doubted(trace) else trace
        trace = replace(
            trace,
            considered=(
                *considered(ranked, trace, len(results)),
                *told(documents, question, pages, trace),
                *(problem for document in documents for problem in document.problems),
            ),
            seconds=_since(start),
            provenance={
                **trace.provenance,
                "seconds": {**before, **trace.provenance["seconds"]},
            },
        )
        return replace(result, trace=trace)

    def _attempt(
        self, question: Question, documents: Sequence[Document], figures: Sequence[Figure]
    ) -> Result:
        """One figure of each document, or several of the only one, read and asked."""
        start = time.perf_counter()
        if len(documents) == 1:
            documents = [*documents] * len(figures)
        several = len({document.input.name for document in documents}) > 1
        parts = [
            Part(document, document.reading(figure), f"s{number}-" if several else "")
            for number, (document, figure) in enumerate(zip(documents, figures, strict=True), 1)
        ]
        images = {part.figure.id: part.document.image(part.reading.figure.id) for part in parts}
        read = _since(start)
        shown = tuple(part.figure for part in parts)
        charts = tuple(part.chart for part in parts)
        unsaid = set.intersection(*(set(document.unsaid) for document in documents))
        task = Task(question, shown, charts, images, tuple(sorted(unsaid)))
        requests = Requests(parts)
        # What code asks of the reader goes into the trace: a replay has no reader.
        recorder = Recorder(requests.answer)
        stopped = False
        try:
            solved = self._solver.solve(task, requests.look, recorder)
        except Interrupted as interrupt:
            solved, stopped = interrupt.solved, True
        seconds = {"read": read, "solve": solved.trace.seconds}
        seconds |= {f"read.{k}": v for part in parts for k, v in part.reading.seconds.items()}
        trace = replace(
            solved.trace,
            sources=tuple(dict.fromkeys(part.document.source for part in parts)),
            exchanges=recorder.exchanges,
            provenance={**solved.trace.provenance, **self._provenance(parts, seconds)},
        )
        stepped = {**solved.images, **recorder.images}
        if stopped:
            raise Stopped(Result(trace, stepped, images, _no_overlay)) from None
        return Result(trace, stepped, images, lambda: overlay(parts, trace))

    def _provenance(self, parts: Sequence[Part], seconds: dict[str, float]) -> dict[str, Any]:
        return {
            "versions": facts.versions(),
            "settings": facts.settings(self.config),
            "read_from_cache": [part.figure.id for part in parts if part.reading.cached],
            "seconds": seconds,
        }
