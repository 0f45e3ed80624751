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
from air_cli.render_parts import printable

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
            to_stdout(as_text(verdict, run))

    verdicts = verify_run(run, on_verdict=told)
    if format == "json":
        made = [asdict(one) for one in verdicts]
        to_stdout(json.dumps(made, indent=2, ensure_ascii=False) + "\n")
    same = sum(one.same for one in verdicts)
    without = sum(one.same and not one.replayed for one in verdicts)
    how = f", {without} of them without code to replay" if without else ""
    reporter.note(f"air: {same} of {len(verdicts)} reproduced{how}")
    return Exit.OK if same == len(verdicts) else Exit.DIFFERS


def as_text(verdict: Verdict, run: Path) -> str:
    """A line for what was reproduced; below it the differences, or what stood for a replay."""
    word = "same   " if verdict.same else "DIFFERS"
    lines = [f"{word} {_place(Path(verdict.path), run)}: {verdict.answer or 'no answer'}"]
    lines += [f"        {difference}" for difference in verdict.differences]
    if verdict.same and not verdict.replayed:
        checked = "trace, files and input are as the run left them"
        if verdict.answer:
            checked += ", and the chart shows its evidence"
        lines.append(f"        no code ran: {checked}")
    return "\n".join(printable(line) for line in lines) + "\n"


def _place(trace: Path, run: Path) -> str:
    """The item within the run; the path as it was given where there is one item alone."""
    item = trace.parent if trace.name == "trace.json" else trace
    inside = item.relative_to(run) if item.is_relative_to(run) and item != run else None
    return str(item if inside is None else inside)
