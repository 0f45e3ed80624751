"""`air doctor`: what this machine has and lacks, a line each, with the fix."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from air_cli.commands.options import ConfigFile, chosen, settle, terminal
from air_cli.errors import Exit
from air_cli.events import reporter
from air_cli.output import to_stdout

if TYPE_CHECKING:
    from air_cli.doctor import Finding

WORDS = {True: "ok", None: "note", False: "LACKS"}
COLORS = {True: "32", None: "33", False: "31;1"}


def doctor(
    format: Annotated[str, typer.Option(metavar="FORMAT", help="text or json.")] = "text",
    config: ConfigFile = None,
) -> int:
    """Say what this machine has and lacks, with the fix. Status 4 when AIR cannot work."""
    chosen(format, ("text", "json"), "--format")
    resolved = settle({}, config)

    from air_cli.doctor import examine_all

    with reporter.working("looking at this machine"):
        findings = examine_all(resolved)
    if format == "json":
        to_stdout(json.dumps([asdict(item) for item in findings], indent=2) + "\n")
    else:
        drawn = terminal(resolved.config)
        to_stdout(as_text(findings, color=drawn is not None and drawn[1]))
    lacking = any(item.ok is False for item in findings)
    return Exit.ENVIRONMENT if lacking else Exit.OK


def as_text(findings: list[Finding], *, color: bool = False) -> str:
    """A line a finding: state, name, detail, and the fix after an arrow."""
    width = max(len(item.name) for item in findings)
    lines = []
    for item in findings:
        word = f"{WORDS[item.ok]:<5}"
        word = f"\033[{COLORS[item.ok]}m{word}\033[0m" if color else word
        fix = f" → {item.fix}" if item.fix else ""
        lines.append(f"{word} {item.name:<{width}}  {item.detail}{fix}")
    return "\n".join(lines) + "\n"
