"""`air batch`: the same questions of every document in a folder.

Every document × question gets a row: an answer, a refusal, or a named error. Whatever goes wrong
with an item, the others go on; an interrupted run is resumed by starting it again.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from air_cli.batch_questions import Ask
from air_cli.config import Config
from air_cli.errors import EnvironmentFault, UsageError
from air_cli.render_parts import counted
from air_cli.store import Place, RunStore, distinct_slugs
from air_cli.work import Engine, Job, Row, Worker
from air_cli.work_run import OnRow, Progress, begin, finish, relative, run_jobs

DOCUMENTS = frozenset(
    {".pdf", ".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp", ".gif", ".svg"}
    | {".pptx", ".docx", ".xlsx", ".html", ".htm"}
)
EngineMaker = Callable[[Worker], Engine]


@dataclass(frozen=True)
class Plan:
    """What a batch will do. `idle` are questions that fit no document, `skipped` counts files of
    other kinds."""

    jobs: tuple[Job, ...]
    documents: int
    skipped: int
    idle: tuple[str, ...]


def find_documents(folder: Path, out: Path | None = None) -> tuple[list[Path], int]:
    """Documents below `folder` in a stable order, and how many files are something else.

    Hidden files and folders, links to folders and the run directory `out` are left out.
    Raises `UsageError` when `folder` is no folder that can be read.
    """
    if not folder.is_dir():
        what = "is not a directory" if folder.exists() else "no such directory"
        raise UsageError(f"{folder}: {what}")
    skip = out.resolve() if out is not None else None
    files = sorted(_files(folder, skip), key=lambda path: _order(path, folder))
    found = [path for path in files if path.suffix.lower() in DOCUMENTS]
    return found, len(files) - len(found)


def _order(path: Path, folder: Path) -> tuple[list[str], str]:
    """Alphabetical whatever the case, and the same on every machine."""
    name = relative(path, folder)
    return [part.casefold() for part in name.split("/")], name


def _files(folder: Path, skip: Path | None) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise UsageError(f"{error.filename}: cannot be read: {error.strerror}") from error

    for where, folders, names in os.walk(folder, onerror=refuse):
        here = Path(where)
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".") and (skip is None or (here / name).resolve() != skip)
        ]
        yield from (here / name for name in names if not name.startswith("."))


def plan_batch(folder: Path, asks: Sequence[Ask], out: Path | None = None) -> Plan:
    """Every document with every question that fits it. Raises `UsageError` when there is none."""
    documents, skipped = find_documents(folder, out)
    if not documents:
        raise UsageError(f"{folder}: no documents (PDF, PNG, JPEG, WebP, TIFF, BMP)")
    names = {path: relative(path, folder) for path in documents}
    sources = distinct_slugs(list(names.values()))
    questions = distinct_slugs([ask.question.id for ask in asks])
    jobs = tuple(
        Job(
            path=str(path),
            name=name,
            question=ask.question,
            place=Place(sources[name], questions[ask.question.id]),
            pages=ask.pages,
        )
        for path, name in names.items()
        for ask in asks
        if ask.fits(name)
    )
    asked = {job.question.id for job in jobs}
    idle = tuple(ask.question.id for ask in asks if ask.question.id not in asked)
    if not jobs:
        raise UsageError(f"{folder}: no question fits any of the {len(documents)} documents")
    return Plan(jobs, len(documents), skipped, idle)


def run_batch(
    plan: Plan,
    out: Path,
    config: Config,
    make_engine: EngineMaker,
    on_row: OnRow = lambda row, done, total: None,
) -> Progress:
    """Do a plan in the run directory `out`; what was done there before with the same inputs,
    questions and settings is kept.

    Rows, `run.json` and `REPORT.md` are written even when the run is interrupted or stops.
    Raises `EnvironmentFault` (after writing what there is), `KeyboardInterrupt`.
    """
    store = RunStore(out)
    begin(store, "batch", config, plan.jobs)
    progress = Progress(plan.jobs)
    try:
        run_jobs(store, config, make_engine(Worker(config, out)), progress, on_row)
    except (KeyboardInterrupt, EnvironmentFault) as error:
        progress.stopped = str(error) or "interrupted"
        raise
    finally:
        store.write("REPORT.md", report(progress, plan))
        finish(store, "batch", config, progress)
    return progress


def report(progress: Progress, plan: Plan) -> str:
    """`REPORT.md`: a summary, what was refused and what failed by kind, and every answer with a
    link to its item."""
    rows = progress.ordered
    lines = ["# Report", "", *_summary(progress, plan), ""]
    refused = [row for row in rows if row.outcome == "unanswerable"]
    failed = [row for row in rows if not row.done]
    lines += [
        "## Answers",
        "",
        "| document | question | answer | sure | page |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {_md(row.source)} | {_md(row.question_id)} | {_answer(row)} | {row.confidence:.2f}"
        f" | {row.page or ''} |"
        for row in rows
        if row.outcome == "answered"
    ]
    if refused:
        lines += ["", "## Refused", ""]
        lines += [f"- {_where(row)}: {_md(row.why)}{_link(row)}" for row in refused]
    if failed:
        lines += ["", "## Failed", ""]
        for kind, count in Counter(row.error_kind for row in failed).most_common():
            lines += [f"### {kind} ({count})", ""]
            lines += [
                f"- {_where(row)}: {_md(row.error or row.outcome)}{_link(row)}"
                for row in failed
                if row.error_kind == kind
            ]
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _summary(progress: Progress, plan: Plan) -> list[str]:
    counts = progress.counts
    lines = [
        f"{counted(plan.documents, 'document')}, {counted(len(plan.jobs), 'item')}"
        + (f"; left out: {counted(plan.skipped, 'other file')}" if plan.skipped else "")
        + ".",
        "",
        "| outcome | items |",
        "|---|---|",
        *(f"| {outcome} | {count} |" for outcome, count in sorted(counts.items())),
    ]
    if progress.stopped:
        lines += ["", f"The run stopped early: {progress.stopped}."]
    if plan.idle:
        lines += ["", f"Questions that fit no document: {', '.join(map(_md, plan.idle))}."]
    return lines


def _where(row: Row) -> str:
    return f"{_md(row.source)}, {_md(row.question_id)}"


def _answer(row: Row) -> str:
    text = _md(row.text or str(row.value))
    return f"[{text}]({row.item}/answer.md)" if row.item else text


def _link(row: Row) -> str:
    return f" ([item]({row.item}/answer.md))" if row.item else ""


def _md(text: str) -> str:
    """Text on one line that Markdown shows as it is."""
    out = "".join(c if c.isprintable() else " " for c in text)
    for mark in "\\`*_[]<>|":
        out = out.replace(mark, "\\" + mark)
    return out
