"""`air batch`: the same questions of every document in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from air_cli.commands.options import (
    ConfigFile,
    Jobs,
    Model,
    ModeName,
    Quiet,
    ReasonerName,
    Resume,
    Samples,
    Verbose,
    settle,
)
from air_cli.commands.running import Shown, make_engine
from air_cli.errors import UsageError
from air_cli.events import reporter
from air_cli.output import to_stdout


def batch(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder with the documents.")],
    ask: Annotated[
        Path, typer.Option("--ask", metavar="YAML", help="The questions.", show_default=False)
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="RUN", help="The run directory.", show_default=False)
    ],
    resume: Resume = True,
    jobs: Jobs = None,
    mode: ModeName = None,
    reasoner: ReasonerName = None,
    model: Model = None,
    samples: Samples = None,
    config: ConfigFile = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Ask every document in a folder: air batch reports/ --ask questions.yaml --out run/"""
    flags = {
        "batch.jobs": jobs,
        "policy.mode": mode,
        "reasoner.name": reasoner,
        "reasoner.model": model,
        "policy.samples": samples,
    }
    resolved = settle(flags, config, quiet, verbose)

    from air_cli.batch import plan_batch, run_batch
    from air_cli.batch_questions import load_questions
    from air_cli.render_parts import counted

    plan = plan_batch(folder, load_questions(ask), out)
    refuse_leftovers(out, resume)
    for idle in plan.idle:
        reporter.warn(f"{ask}: the question {idle} fits no document")
    with Shown(len(plan.jobs)) as shown:
        progress = run_batch(plan, out, resolved.config, make_engine(resolved.config), shown.row)
    if progress.stopped:
        reporter.warn(f"stopped early: {progress.stopped}")
    counts = ", ".join(
        counted(count, outcome) if outcome == "error" else f"{count} {outcome}"
        for outcome, count in sorted(progress.counts.items())
    )
    size = f"{counted(plan.documents, 'document')}, {counted(len(plan.jobs), 'item')}"
    reporter.note(f"air: {size}: {counts}")
    to_stdout(f"{out / 'REPORT.md'}\n")
    return progress.exit


def refuse_leftovers(out: Path, resume: bool) -> None:
    """Raises `UsageError` when the folder holds a run and it must not be gone on with."""
    if not resume and (out / "run.json").exists():
        raise UsageError(f"{out}: holds a run already: choose another folder, or --resume")
