"""The work of `air ask`: every question on every source, with one reader and one reasoner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from air_cli import render
from air_cli.analyst import Analyst, Input, Result, Stopped, read_input
from air_cli.commands.keeping import Keeping
from air_cli.commands.narrating import Narrator
from air_cli.commands.options import STDOUT, present
from air_cli.config import Resolved
from air_cli.errors import EnvironmentFault, Exit, ItemError, UsageError
from air_cli.events import reporter
from air_cli.loop import INTERRUPTED
from air_cli.output import to_file
from air_cli.records import Page, Question, Source, Trace


class Asking:
    """One run of `air ask`. `run()` returns the exit status."""

    def __init__(
        self,
        resolved: Resolved,
        sources: Sequence[str],
        questions: Sequence[Question],
        *,
        pages: Sequence[Page] | None = None,
        figure: str | None = None,
        together: bool = False,
        output: Path | None = None,
        out: Path | None = None,
    ) -> None:
        self.config, self.sources, self.questions = resolved.config, sources, questions
        self.pages, self.figure, self.output = pages, figure, output
        self.groups = [list(sources)] if together else [[source] for source in sources]
        self.single = len(self.groups) * len(questions) == 1
        self.out = out
        self.traces: list[Trace] = []
        self.warned: set[str] = set()
        self.keeping: Keeping | None = None

    def run(self) -> int:
        """Answer everything; the exit status says whether all was answered."""
        with Analyst(self.config, Narrator()) as analyst:
            analyst.warm()
            if self.out is not None:
                names = [" ".join(group) for group in self.groups]
                self.keeping = Keeping(self.out, self.config, names)
            try:
                self._all(analyst)
            except (KeyboardInterrupt, EnvironmentFault, UsageError) as error:
                if self.keeping is not None:
                    self.keeping.broken_off(isinstance(error, UsageError), self._report())
                raise
        if self.output not in (None, STDOUT):
            assert self.output is not None
            to_file(self.output, render.answers(self.traces, self.config.output.format))
        if self.keeping is not None:
            self.keeping.finish(self._report())
        answered = sum(trace.outcome == "answered" for trace in self.traces)
        if not self.single:
            reporter.note(f"air: {answered} of {len(self.traces)} answered")
        return Exit.OK if answered == len(self.traces) else Exit.ITEMS

    def _all(self, analyst: Analyst) -> None:
        for group in self.groups:
            for trace in self._group(analyst, group):
                self._told(trace)
            analyst.forget()

    def _report(self) -> str:
        return render.answers(self.traces, "md") if self.traces else "No question was answered.\n"

    def _group(self, analyst: Analyst, group: list[str]) -> Iterator[Trace]:
        """The traces of a source, or of several taken together; a source that cannot be read gives
        failed ones."""
        try:
            items = [read_input(name) for name in group]
        except ItemError as error:
            yield from (self._failed(question, group, error) for question in self.questions)
            return
        for question in self.questions:
            try:
                yield self._one(analyst, " ".join(group), items, question)
            except (ItemError, UsageError) as error:
                if isinstance(error, UsageError) and len(self.groups) == 1:
                    raise
                yield self._failed(question, group, error)

    def _one(
        self, analyst: Analyst, name: str, items: Sequence[Input], question: Question
    ) -> Trace:
        names = ", ".join(item.name for item in items)
        with reporter.working(f"{names}: {question.text[:60]}"):
            try:
                result = analyst.ask(items, question, self.pages, self.figure)
            except Stopped as stopped:
                self._stopped(name, items, stopped.result)
                raise
            except KeyboardInterrupt:
                if self.keeping is not None:  # while it was read: there is no trace yet
                    self.keeping.failure(name, question, ItemError(INTERRUPTED, kind=INTERRUPTED))
                raise
        for stage, seconds in result.trace.provenance["seconds"].items():
            reporter.detail(f"  {stage}: {seconds:.2f} s")
        if self.keeping is not None:
            self.keeping.result(name, items, result)
        return result.trace

    def _stopped(self, name: str, items: Sequence[Input], result: Result) -> None:
        """Keep what there is of a question that was interrupted."""
        self.traces.append(result.trace)
        if self.keeping is not None:
            self.keeping.result(name, items, result)

    def _failed(self, question: Question, group: Sequence[str], error: Exception) -> Trace:
        """The trace of an item that never got as far as the loop. What is wrong with a source is
        said once, not for every question."""
        if str(error) not in self.warned:
            self.warned.add(str(error))
            reporter.warn(str(error))
        if self.keeping is not None:
            self.keeping.failure(" ".join(group), question, error)
        sources = tuple(Source(name, "", "") for name in group)
        return Trace(question, sources, (), (), (), "failed", None, error=str(error))

    def _told(self, trace: Trace) -> None:
        self.traces.append(trace)
        failed = trace.outcome == "failed" and not trace.figures
        if self.output not in (None, STDOUT) or (failed and self.config.output.format != "json"):
            return
        present(self.config, [trace], self.single)
