"""All items of a run: resume, engine, retries, failure budget, and the row files."""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from air_cli.analyst import read_input
from air_cli.analyst_facts import settings, versions
from air_cli.config import Config
from air_cli.errors import Exit, ItemError, UsageError
from air_cli.records import canonical, to_json
from air_cli.store import RunStore, pretty
from air_cli.work import RETRIED, Engine, Job, Row, resumed_row

OnRow = Callable[[Row, int, int], None]
_TEXTS = ("source", "question_id", "question", "unit", "text", "why", "error", "value")


@dataclass
class Progress:
    """A run as it goes: rows by job; `stopped` says why it ended early, if it did; `inputs` are the
    sha256 of the documents by name (empty for one that cannot be read)."""

    jobs: Sequence[Job]
    rows: dict[Job, Row] = field(default_factory=dict)
    stopped: str = ""
    inputs: dict[str, str] = field(default_factory=dict)

    @property
    def ordered(self) -> list[Row]:
        """The rows in the order of the jobs."""
        return [self.rows[job] for job in self.jobs if job in self.rows]

    @property
    def counts(self) -> dict[str, int]:
        """Rows by outcome, and the jobs that were not done."""
        found = dict(Counter(row.outcome for row in self.ordered))
        left = len(self.jobs) - len(self.rows)
        return {**found, "not done": left} if left else found

    @property
    def exit(self) -> Exit:
        """OK when every question was answered, otherwise ITEMS."""
        answered = sum(row.outcome == "answered" for row in self.rows.values())
        return Exit.OK if answered == len(self.jobs) and not self.stopped else Exit.ITEMS


def run_jobs(
    store: RunStore,
    config: Config,
    engine: Engine,
    progress: Progress,
    on_row: OnRow = lambda row, done, total: None,
) -> None:
    """Do all jobs that no earlier run has done; `progress` is filled as they are done.

    Items whose machinery broke are tried again at the end, `config.batch.retries` times; after
    `config.batch.max_failures` failed items (0: never) the run stops. `results.jsonl` grows a line
    a row. Raises `EnvironmentFault`; `KeyboardInterrupt` passes through, the engine closed.
    """
    try:
        _resume(store, config, progress, on_row)
        for attempt in range(config.batch.retries + 1):
            due = [job for job in progress.jobs if _due(progress, job, attempt)]
            if not due or progress.stopped:
                return
            if attempt:
                store.log("retry", attempt=attempt, items=len(due))
            _once(store, config, engine, progress, due, on_row)
    finally:
        engine.close()


def _due(progress: Progress, job: Job, attempt: int) -> bool:
    row = progress.rows.get(job)
    return row is None if attempt == 0 else row is not None and row.error_kind in RETRIED


def _resume(store: RunStore, config: Config, progress: Progress, on_row: OnRow) -> None:
    inputs = progress.inputs
    for job in progress.jobs:
        if job.name not in inputs:
            try:
                inputs[job.name] = read_input(job.path).sha256
            except (ItemError, UsageError):
                inputs[job.name] = ""  # the worker will say what is wrong with it
        row = resumed_row(store, config, job, inputs[job.name]) if inputs[job.name] else None
        if row is not None:
            progress.rows[job] = row
            store.append("results.jsonl", to_json(row))
            on_row(row, len(progress.rows), len(progress.jobs))


def _once(
    store: RunStore,
    config: Config,
    engine: Engine,
    progress: Progress,
    due: Sequence[Job],
    on_row: OnRow,
) -> None:
    groups = [list(jobs) for _, jobs in itertools.groupby(due, key=lambda job: job.path)]
    limit = config.batch.max_failures
    for job, row in engine.run(groups):
        progress.rows[job] = row
        store.append("results.jsonl", to_json(row))
        if not row.done:
            store.log("failed", source=row.source, question=row.question_id, kind=row.error_kind)
        on_row(row, len(progress.rows), len(progress.jobs))
        failed = sum(not row.done for row in progress.rows.values())
        if limit and failed >= limit:
            progress.stopped = f"{failed} items failed (max_failures = {limit})"
            store.log("stopped", reason=progress.stopped)
            return


def begin(store: RunStore, command: str, config: Config, jobs: Sequence[Job], **more: Any) -> None:
    """Take the folder and write what is known before the first item.

    Raises `UsageError` when the folder holds a run of another command or another process is
    writing there.
    """
    before = store.about().get("command", command)
    if before != command:
        raise UsageError(f"{store.root}: holds a run of air {before}: choose another folder")
    store.prepare()
    store.write("results.jsonl", "")
    store.write("run.json", pretty(_about(command, config, jobs, {"complete": False, **more})))
    store.log("started", command=command, items=len(jobs))


def finish(store: RunStore, command: str, config: Config, progress: Progress, **more: Any) -> None:
    """Write rows in order, and what the run came to. The folder is free afterwards."""
    rows = progress.ordered
    store.write("results.jsonl", "".join(canonical(to_json(row)) + "\n" for row in rows))
    store.write("results.csv", rows_csv(rows))
    ended = {
        "complete": len(rows) == len(progress.jobs),
        "stopped": progress.stopped,
        "counts": progress.counts,
        "resumed": sum(row.resumed for row in rows),
        "inputs": progress.inputs,
    }
    store.write("run.json", pretty(_about(command, config, progress.jobs, {**ended, **more})))
    store.log("finished", **progress.counts)
    store.finish()


def _about(
    command: str, config: Config, jobs: Sequence[Job], more: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "schema": 1,
        "command": command,
        "versions": versions(),
        "settings": settings(config),
        "items": len(jobs),
        **more,
    }


def rows_csv(rows: Sequence[Row]) -> str:
    """`results.csv`: the fields of Row as columns. Text that a spreadsheet would take for a formula
    gets an apostrophe; a list is written as JSON."""
    out = io.StringIO()
    names = [item.name for item in fields(Row)]
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        value = canonical(row.value) if isinstance(row.value, list) else row.value
        data = {name: getattr(replace(row, value=value), name) for name in names}
        writer.writerow(
            {name: _cell(cell) if name in _TEXTS else cell for name, cell in data.items()}
        )
    return out.getvalue()


def _cell(cell: object) -> object:
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t"):
        return "'" + cell
    return cell


def relative(path: Path, root: Path) -> str:
    """`path` as the user knows it below `root`, with forward slashes."""
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return path.as_posix()
