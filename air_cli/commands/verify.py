"""`air verify`: replay every trace of a run in a fresh jail and compare."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from air_cli.commands.options import ConfigFile, Quiet, Verbose, chosen, settle
from air_cli.errors import Exit
from air_cli.events import reporter
from air_cli.output import to_stdout

if TYPE_CHECKING:
    from air_cli.verify import Verdict


def verify(
    run: Annotated[
        Path, typer.Argument(metavar="RUN", help="A run directory, an item or a trace.json.")
    ],
    format: Annotated[str, typer.Option(metavar="FORMAT", help="text or json.")] = "text",
    config: ConfigFile = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Run the code of every trace again in a fresh jail. Status 5 when an answer differs."""
    chosen(format, ("text", "json"), "--format")
    settle({}, config, quiet, verbose)

    from air_cli.verify import verify_run

    def told(verdict: Verdict) -> None:
        if format == "text":
            to_stdout(as_text(verdict))

    verdicts = verify_run(run, on_verdict=told)
    if format == "json":
        to_stdout(json.dumps([asdict(one) for one in verdicts], indent=2) + "\n")
    same = sum(one.same for one in verdicts)
    reporter.note(f"air: {same} of {len(verdicts)} reproduced")
    return Exit.OK if same == len(verdicts) else Exit.DIFFERS


def as_text(verdict: Verdict) -> str:
    """A line for what was reproduced; the differences below it."""
    word = "same   " if verdict.same else "DIFFERS"
    lines = [f"{word} {verdict.path}: {verdict.answer or 'no answer'}"]
    lines += [f"        {difference}" for difference in verdict.differences]
    return "\n".join(lines) + "\n"
