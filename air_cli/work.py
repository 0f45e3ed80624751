"""One item of a run, from a document and a question to files and a row; and who does it.

A *job* is one document and one question; its *row* is the line of `results.jsonl`. A `Worker` holds
a warm Analyst and does jobs one after the other; an `Engine` has workers and jobs, and gives rows.
"""

from __future__ import annotations

import hashlib
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, Protocol

from air_cli import analyst_facts, render
from air_cli.analyst import Analyst, Result, read_input
from air_cli.analyst_files import item_files
from air_cli.assets import PACKAGE, asset
from air_cli.config import Config
from air_cli.errors import EnvironmentFault, ItemError, UsageError
from air_cli.records import Question, Trace, Value
from air_cli.store import Place, RunStore, item_key

# Faults of the machinery, not of the item: worth another try.
RETRIED = frozenset({"crashed", "timeout", "memory", "busy"})
Files = Literal["all", "trace"]


@dataclass(frozen=True)
class Job:
    """One document and one question. `path` is opened, `name` is what the user called it. A
    question without text asks nothing: the document is read into tables."""

    path: str
    name: str
    question: Question
    place: Place
    pages: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Row:
    """What came of a job. `outcome` is that of the trace, or `error`: then `error_kind` and `error`
    say what. `item` is the folder in the run; `resumed` when an earlier run had done it."""

    source: str
    question_id: str
    question: str
    outcome: str
    value: Value = None
    unit: str = ""
    text: str = ""
    confidence: float = 0.0
    why: str = ""
    mode: str = ""
    figure: str = ""
    page: int = 0
    error_kind: str = ""
    error: str = ""
    seconds: float = 0.0
    item: str = ""
    resumed: bool = False

    @property
    def done(self) -> bool:
        """Whether the question was answered or refused for a reason; the rest failed."""
        return self.outcome in ("answered", "unanswerable")


class Engine(Protocol):
    """Runs jobs. `groups` are jobs on the same document: one worker does a group, in order."""

    def run(self, groups: Sequence[Sequence[Job]]) -> Iterator[tuple[Job, Row]]:
        """A row for every job, as they are done. Raises `EnvironmentFault`."""
        ...

    def close(self) -> None:
        """End all workers at once."""
        ...


@dataclass(frozen=True)
class Worker:
    """Does jobs with one warm Analyst. Picklable before its first job: `config` and `root` (the
    run directory) are all it is made of. `files`: everything an item can have, or its trace."""

    config: Config
    root: Path
    files: Files = "all"
    make: Callable[[Config], Analyst] = Analyst
    _warm: list[Analyst] = field(default_factory=list, repr=False, compare=False)

    def do(self, job: Job) -> Row:
        """The row of a job, its files written. Raises `EnvironmentFault` alone."""
        start = time.perf_counter()
        store = RunStore(self.root)
        try:
            with store.claim(job.place):
                return self._asked(store, job)
        except (ItemError, UsageError) as error:
            kind = getattr(error, "kind", "usage")
            return error_row(job, kind, str(error), time.perf_counter() - start)

    def _asked(self, store: RunStore, job: Job) -> Row:
        item = read_input(job.path)
        key = key_of(self.config, job, item.sha256)
        if not self._warm:
            self._warm.append(self.make(self.config))
        analyst = self._warm[0]
        if job.question.text:
            result = analyst.ask([item], job.question, job.pages)
        else:
            result = analyst.tabulate(item, job.question)
        figure = result.trace.figures[0].id if result.trace.figures else ""
        folder = store.save(job.place, figure, result.trace, key, self._files(result))
        return row_of(job, result.trace, folder.relative_to(self.root).as_posix())

    def _files(self, result: Result) -> dict[str, bytes | str]:
        if self.files == "all":
            return item_files(result)
        return {"answer.md": render.answer_markdown(result.trace)}

    def forget(self) -> None:
        """Before the next document: what is kept of the last one is of no more use."""
        for analyst in self._warm:
            analyst.forget()

    def close(self) -> None:
        """End the Analyst's processes."""
        while self._warm:
            self._warm.pop().close()


def attempt(worker: Worker, job: Job) -> tuple[str, Row | tuple[str, str]]:
    """What an engine sends home of a job: ("row", row), or ("fault", (cause, fix)) when the
    environment lacks something. A bug in AIR costs the item, not the run."""
    try:
        return "row", worker.do(job)
    except EnvironmentFault as fault:
        return "fault", (fault.cause, fault.fix)
    except Exception as error:  # noqa: BLE001 - the boundary of an item: reported in its row
        return "row", bug_row(job, error)


def row_of(job: Job, trace: Trace, item: str, *, resumed: bool = False) -> Row:
    """The row of a trace."""
    answer = trace.answer
    evidence = answer.evidence if answer is not None else ()
    figure = evidence[0].figure_id if evidence else next((f.id for f in trace.figures), "")
    page = next((f.page for f in trace.figures if f.id == figure), 0)
    refusal = (answer.unanswerable or "") if answer is not None else ""
    failed = "" if trace.outcome in ("answered", "unanswerable") else trace.outcome
    return Row(
        source=job.name,
        question_id=job.question.id,
        question=job.question.text,
        outcome=trace.outcome,
        value=answer.value if answer is not None else None,
        unit=answer.unit if answer is not None else "",
        text=answer.text if answer is not None else "",
        confidence=answer.confidence if answer is not None else 0.0,
        why=refusal or (answer.why if answer is not None else ""),
        mode=trace.mode,
        figure=figure,
        page=page,
        error_kind=failed,
        error=trace.error,
        seconds=trace.seconds,
        item=item,
        resumed=resumed,
    )


def error_row(job: Job, kind: str, message: str, seconds: float = 0.0) -> Row:
    """The row of a job that came to no trace."""
    return Row(
        source=job.name,
        question_id=job.question.id,
        question=job.question.text,
        outcome="error",
        error_kind=kind,
        error=" ".join(message.split()),
        seconds=round(seconds, 3),
    )


def bug_row(job: Job, error: BaseException) -> Row:
    """The row of a job that met a bug in AIR: the rest of the run goes on, the bug is named."""
    where = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(where[-1].filename).name}:{where[-1].lineno})" if where else ""
    return error_row(job, "bug", f"a bug in AIR: {type(error).__name__}: {error}{place}")


def resumed_row(store: RunStore, config: Config, job: Job, sha256: str) -> Row | None:
    """The row of a job that an earlier run has done with the same key, or None."""
    found = store.find(job.place, key_of(config, job, sha256))
    if found is None or found[1].outcome not in ("answered", "unanswerable"):
        return None
    folder, trace = found
    return row_of(job, trace, folder.relative_to(store.root).as_posix(), resumed=True)


def key_of(config: Config, job: Job, sha256: str) -> str:
    """The item's key: whatever its answer depends on."""
    settings: dict[str, Any] = {
        **analyst_facts.settings(config),
        "code": code_version(),
        "model": [_stamp(config.reasoner.model), _stamp(config.reasoner.mmproj)],
        "replies": _stamp(config.reasoner.replies),
    }
    return item_key([sha256], job.question, settings, pages=job.pages and list(job.pages))


@cache
def code_version() -> str:
    """A hash of the code, the toolkit and the prompts: an item made by others is done again."""
    found = hashlib.sha256(analyst_facts.reader_version().encode())
    for folder, pattern in ((PACKAGE, "*.py"), (asset("sandbox"), "*.py"), (asset("prompts"), "*")):
        for path in sorted(folder.rglob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                found.update(path.relative_to(folder).as_posix().encode() + b"\0")
                found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _stamp(path: str) -> list[Any]:
    """A file by name, size and time: hashing gigabytes before every run would cost minutes."""
    try:
        status = Path(path).stat() if path else None
    except OSError:
        return [path, 0, 0]
    return [path, status.st_size, status.st_mtime_ns] if status is not None else []
