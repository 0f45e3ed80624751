"""The run directory of `air ask --out`."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from air_cli.analyst import Input, Result
from air_cli.analyst_facts import settings, versions
from air_cli.analyst_files import item_files
from air_cli.analyst_inputs import STDIN, STDIN_NAME
from air_cli.config import Config
from air_cli.errors import EnvironmentFault
from air_cli.events import reporter
from air_cli.records import Question, canonical, to_json
from air_cli.store import Place, RunStore, distinct_slugs, pretty, slug
from air_cli.work import Job, Row, error_row, key_of, row_of
from air_cli.work_run import rows_csv


class Keeping:
    """Keeps every item as it is answered; `finish()` writes what the run came to. The folder is
    the same as that of `air batch`, so `air verify` and a person find their way in both."""

    def __init__(self, out: Path, config: Config, names: Sequence[str]) -> None:
        """`names` are those of the sources, or of the groups of sources that are asked together.
        Raises `UsageError`, `EnvironmentFault` when the folder cannot be used."""
        self._store, self._config = RunStore(out), config
        self._slugs = distinct_slugs(list(dict.fromkeys(map(_shown, names))))
        self._rows: list[Row] = []
        self._inputs: dict[str, str] = {}
        self._store.prepare()

    def result(self, name: str, items: Sequence[Input], result: Result) -> None:
        """Write an item; the Analyst that made it must be open still."""
        trace = result.trace
        job = self._job(name, trace.question)
        self._inputs |= {item.name: item.sha256 for item in items}
        key = key_of(self._config, job, "+".join(item.sha256 for item in items))
        figure = trace.figures[0].id if trace.figures else ""
        folder = self._store.save(job.place, figure, trace, key, item_files(result))
        self._rows.append(row_of(job, trace, folder.relative_to(self._store.root).as_posix()))
        self._store.log(trace.outcome, source=job.name, question=trace.question.text)
        reporter.detail(f"  written: {folder}")

    def failure(self, name: str, question: Question, error: Exception) -> None:
        """Note an item that came to no answer."""
        kind = getattr(error, "kind", "usage")
        job = self._job(name, question)
        self._rows.append(error_row(job, kind, str(error)))
        self._store.log("failed", source=job.name, question=question.text, error=str(error))

    def broken_off(self, usage: bool, report: str) -> None:
        """The run ends early: keep what there is, or leave no trace when it never began."""
        if not usage or self._rows:
            with contextlib.suppress(EnvironmentFault):  # a full disk is why we are here
                self.finish(report, complete=False)
            return
        self._store.finish()
        with contextlib.suppress(OSError):  # there is more in it than what `prepare` made
            self._store.items.rmdir()
            self._store.root.rmdir()

    def finish(self, report: str, *, complete: bool = True) -> None:
        """Write rows, counts and the report. Raises `EnvironmentFault`."""
        store = self._store
        about: Mapping[str, object] = {
            "schema": 1,
            "command": "ask",
            "versions": versions(),
            "settings": settings(self._config),
            "inputs": self._inputs,
            "items": len(self._rows),
            "counts": dict(Counter(row.outcome for row in self._rows)),
            "complete": complete,
        }
        lines = [canonical(to_json(row)) + "\n" for row in self._rows]
        store.write("results.jsonl", "".join(lines))
        store.write("results.csv", rows_csv(self._rows))
        store.write("REPORT.md", report)
        store.write("run.json", pretty(about))
        store.finish()
        tell = reporter.note if complete else reporter.detail  # the reason is the one line then
        tell(f"air: written to {store.root}")

    def _job(self, name: str, question: Question) -> Job:
        shown = _shown(name)
        return Job(name, shown, question, Place(self._slugs[shown], slug(question.id)))


def _shown(name: str) -> str:
    return STDIN_NAME if name == STDIN else name
