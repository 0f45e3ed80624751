"""`air config`: the configuration and where each value came from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from air_cli.commands.options import ConfigFile, chosen, settle
from air_cli.output import to_stdout

if TYPE_CHECKING:
    from air_cli.config import Resolved


def config(
    file: ConfigFile = None,
    format: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="text or json.")
    ] = "text",
    show_example: Annotated[
        bool, typer.Option("--example", help="Print a documented air.toml and stop.")
    ] = False,
) -> None:
    """Print the configuration and where each value came from."""
    from air_cli.config import example

    chosen(format, ("text", "json"), "--format")
    if show_example:
        to_stdout(example())
        return
    resolved = settle({}, file)
    to_stdout(as_json(resolved) if format == "json" else as_text(resolved))


def as_json(resolved: Resolved) -> str:
    """`{"section.key": {"value", "from", "variable"}}` and the files that were read."""
    from air_cli.config import environment_name, show_value
    from air_cli.settings import sections

    values = {
        item.name: {
            "value": show_value(resolved.config, item),
            "from": resolved.where[item.name],
            "variable": environment_name(item.name),
        }
        for _, _, keys in sections()
        for item in keys
    }
    body = {"files": [str(path) for path in resolved.files], "values": values}
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"


def as_text(resolved: Resolved) -> str:
    """The settings as TOML, each with its origin as a comment."""
    from air_cli.config import show_value
    from air_cli.settings import sections

    files = ", ".join(str(Path(path)) for path in resolved.files) or "none"
    lines = [f"# files: {files}"]
    for section, _, keys in sections():
        lines += ["", f"[{section}]"]
        for item in keys:
            value = json.dumps(show_value(resolved.config, item), ensure_ascii=False)
            line = f"{item.name.partition('.')[2]} = {value}"
            lines.append(f"{line:<40} # {resolved.where[item.name]}")
    return "\n".join(lines) + "\n"
