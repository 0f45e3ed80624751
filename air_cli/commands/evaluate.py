"""`air eval`: accuracy on a benchmark of questions with gold answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from air_cli.commands.batch import refuse_leftovers
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
from air_cli.events import reporter
from air_cli.output import to_stdout


def evaluate(
    questions: Annotated[
        Path, typer.Argument(metavar="QUESTIONS", help="ChartQA's JSON, or JSONL.")
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="The run directory.", show_default=False)
    ],
    images: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the images of ChartQA's JSON are.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Draw so many questions.")
    ] = None,
    seed: Annotated[int, typer.Option(metavar="S", help="Which ones --limit draws.")] = 0,
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
    """Measure accuracy: air eval questions.jsonl --out eval/ --limit 100"""
    flags = {
        "batch.jobs": jobs,
        "policy.mode": mode,
        "reasoner.name": reasoner,
        "reasoner.model": model,
        "policy.samples": samples,
    }
    resolved = settle(flags, config, quiet, verbose)

    from air_cli.evaluate import run_eval
    from air_cli.evaluate_cases import load_cases, sample

    cases = sample(load_cases(questions, images), limit, seed)
    refuse_leftovers(out, resume)
    with Shown(len(cases)) as shown:
        done = run_eval(cases, out, resolved.config, make_engine(resolved.config), shown.row)
    if done.progress.stopped:
        reporter.warn(f"stopped early: {done.progress.stopped}")
    if done.tables:
        mean = sum(one.rms.f1 for one in done.tables) / len(done.tables)
        to_stdout(f"RMS-F1 {100 * mean:.1f} of {len(done.tables)} tables: {out / 'REPORT.md'}\n")
    if not done.scored:
        return done.progress.exit
    to_stdout(
        f"relaxed {done.accuracy():.1%}, strict {done.accuracy(strict=True):.1%} of"
        f" {len(done.scored)} questions: {out / 'REPORT.md'}\n"
    )
    return done.progress.exit
