"""Writes `docs/commands.md` from the commands themselves: python scripts/commands_doc.py.

A test keeps the file in step with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from air_cli.cli import app

PATH = Path(__file__).parents[1] / "docs" / "commands.md"


def reference() -> str:
    """The reference of all commands as Markdown; from their parameters, for what typer draws
    differs from one version to the next."""
    root: Any = typer.main.get_command(app)
    lines = ["# Commands", "", root.help, "", "Made by `scripts/commands_doc.py`; do not edit.", ""]
    for name, command in _leaves("", root):
        lines += [*_command(name, command), ""]
    return "\n".join([*lines, f"{root.epilog.strip()}"]) + "\n"


def _leaves(prefix: str, group: Any) -> Iterator[tuple[str, Any]]:
    """Every command by its full name; a group of commands is its commands."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _leaves(f"{prefix}{name} ", command)
        else:
            yield prefix + name, command


def _command(name: str, command: Any) -> list[str]:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    usage = " ".join(["air", name, *map(_argument, arguments), "[OPTIONS]"])
    lines = [f"## air {name}", "", f"    {usage}", "", _cell(" ".join(command.help.split()))]
    lines += ["", "| | |", "|---|---|"]
    lines += [f"| `{_metavar(one)}` | {_cell(one.help)} |" for one in arguments]
    return lines + [f"| `{_option(one)}` | {_cell(_described(one))} |" for one in options]


def _metavar(argument: Any) -> str:
    return str(argument.metavar or argument.name.upper()).removesuffix("...")


def _argument(argument: Any) -> str:
    name = _metavar(argument) + ("…" if argument.nargs != 1 else "")
    return name if argument.required else f"[{name}]"


def _option(option: Any) -> str:
    names = ", ".join(sorted(option.opts, key=len))
    off = "".join(f" / {name}" for name in option.secondary_opts)
    return f"{names}{off}" if option.is_flag else f"{names} {option.metavar}"


def _described(option: Any) -> str:
    told = option.default not in (None, False, "") and option.show_default and not option.is_flag
    return f"{option.help} Default: {option.default}." if told else str(option.help)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").strip()


if __name__ == "__main__":
    PATH.write_text(reference(), encoding="utf-8")
