"""Options that several commands share, and what follows from them."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from air_cli.errors import UsageError
from air_cli.events import NORMAL, QUIET, VERBOSE, reporter
from air_cli.output import to_stdout

if TYPE_CHECKING:
    from air_cli.config import Config, Resolved
    from air_cli.records import Page, Trace

STDOUT = Path("-")

ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Read this file instead of searching air.toml."),
]
Resume = Annotated[
    bool,
    typer.Option("--resume/--no-resume", help="Keep what an earlier run has done, or refuse to."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Results and errors only.")]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", help="Say what is done, with the seconds it takes.")
]
Telling = Annotated[
    bool,
    typer.Option(
        "--verbose", "-v", help="Tell every step as it comes: why, thought, code and result."
    ),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write to this file (- is stdout)."),
]
Pages = Annotated[
    str | None,
    typer.Option(
        metavar="PAGES", help="Pages of a PDF, such as 3-5,8 (from 1) or F-12..F-15 (as printed)."
    ),
]
FigureName = Annotated[
    str | None,
    typer.Option("--figure", metavar="FIGURE", help="The figure: its number (2) or name (p3-f1)."),
]

Cache = Annotated[
    bool | None,
    typer.Option("--cache/--no-cache", help="Keep and use chart readings.", show_default=False),
]

ModeName = Annotated[
    str | None,
    typer.Option(
        "--mode", metavar="MODE", help="auto, direct, code, reflect or plan.", show_default=False
    ),
]
ReasonerName = Annotated[
    str | None,
    typer.Option(
        "--reasoner", metavar="NAME", help="builtin, llama, server or replay.", show_default=False
    ),
]
Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="MODEL",
        help="A GGUF file or a name of `air models`; the reasoner is llama then.",
        show_default=False,
    ),
]
Samples = Annotated[
    int | None,
    typer.Option(
        "--samples",
        metavar="K",
        min=1,
        help="Attempts of a model at a question; most of them decide.",
        show_default=False,
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", metavar="J", min=1, help="Documents at a time.", show_default=False),
]

Form = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="FORMAT",
        help="text, md or json; by default what the name after -o says, or text.",
        show_default=False,
    ),
]


def implied(output: Path | None, formats: Sequence[str]) -> str | None:
    """The format that the output's name asks for: `answer.md`."""
    suffix = output.suffix.lower().removeprefix(".") if output is not None else ""
    suffix = {"markdown": "md", "txt": "text"}.get(suffix, suffix)
    return suffix if suffix in formats else None


def settle(
    flags: Mapping[str, Any], config: Path | None = None, quiet: bool = False, verbose: bool = False
) -> Resolved:
    """Set the verbosity and load the configuration. Raises `UsageError`."""
    from air_cli.config import load

    if quiet and verbose:
        raise UsageError("-q and -v exclude each other")
    reporter.level = QUIET if quiet else VERBOSE if verbose else NORMAL
    resolved = load(flags, file=config)
    if "reasoner.model" in flags:  # a command that will run it
        from air_cli.models import resolve

        resolved = replace(resolved, config=resolve(resolved.config))
    reporter.color = resolved.config.output.color
    for note in resolved.notes:
        reporter.note(f"air: {note}")
    for path in resolved.files:
        reporter.detail(f"configuration: {path}")
    return resolved


def chosen(value: str, words: tuple[str, ...], flag: str) -> str:
    """The value if it is one of the words. Raises `UsageError` with the nearest."""
    if value in words:
        return value
    import difflib

    close = difflib.get_close_matches(value, words, 1, 0.4)
    hint = f": perhaps you meant {close[0]}?" if close else ""
    raise UsageError(f"{flag}: {value!r} is not one of {', '.join(words)}{hint}")


_LABEL = re.compile(r"([A-Za-z]{1,3})-?(\d{1,4})|[ivxlc]+", re.IGNORECASE)
_LABELS = re.compile(
    r"([A-Za-z]{1,3}-?\d{1,4}|[ivxlc]+)\s*(?:\.\.|-|–)\s*([A-Za-z]{1,3}-?\d{1,4}|[ivxlc]+)", re.I
)


def page_list(text: str | None) -> list[Page] | None:
    """`3-5,8` → [3, 4, 5, 8]; `F-3`, `iv` stay as they are printed, and `F-3..F-5` as the range
    that the document will know. Raises `UsageError`."""
    if text is None:
        return None
    numbers: set[int] = set()
    labels: dict[str, None] = {}
    for part in (one.strip() for one in text.split(",")):
        first, dash, last = part.partition("-")
        if _LABEL.fullmatch(part):
            labels[part] = None
            continue
        if ends := _LABELS.fullmatch(part):
            labels[f"{ends[1]}..{ends[2]}"] = None
            continue
        if not first.isdecimal() or (dash and not last.strip().isdecimal()):
            raise UsageError(f"--pages: {part!r} is not a page or a range such as 3-5")
        low, high = int(first), int(last or first) if dash else int(first)
        if low < 1 or high < low or high > 100_000:
            raise UsageError(f"--pages: {part!r} is not a range of pages from 1 upwards")
        numbers |= set(range(low, high + 1))
    return [*sorted(numbers), *labels]


def terminal(config: Config) -> tuple[int, bool] | None:
    """Width and colour when standard output is to be drawn with rich, None for plain text."""
    import os
    import shutil

    wanted = config.output.color
    drawn = wanted == "always" or (sys.stdout.isatty() and os.environ.get("TERM") != "dumb")
    if not drawn or config.output.format != "text":
        return None
    return min(shutil.get_terminal_size((100, 24)).columns, 120), wanted != "never"


def present(config: Config, traces: Sequence[Trace], single: bool) -> None:
    """Print answers to standard output: drawn on a terminal, plain otherwise."""
    from air_cli import render

    form = config.output.format
    drawn = terminal(config)
    if drawn is not None:
        from air_cli import render_rich

        to_stdout(render_rich.answers(traces, *drawn))
    elif single:
        to_stdout(render.answers(traces, form))
    else:
        to_stdout(render.one_of_many(traces, form))
