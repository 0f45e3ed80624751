"""Options that several commands share, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from air_cli.config import Resolved, load
from air_cli.errors import UsageError
from air_cli.events import NORMAL, QUIET, VERBOSE, reporter

ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Read this file instead of searching air.toml."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Results and errors only.")]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", help="Say what is done, with the seconds it takes.")
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write to this file (- is stdout)."),
]
Pages = Annotated[
    str | None, typer.Option(metavar="PAGES", help="Pages of a PDF, such as 3-5,8 (from 1).")
]
FigureName = Annotated[
    str | None,
    typer.Option("--figure", metavar="FIGURE", help="The figure: its number (2) or name (p3-f1)."),
]


def settle(
    flags: Mapping[str, Any], config: Path | None = None, quiet: bool = False, verbose: bool = False
) -> Resolved:
    """Set the verbosity and load the configuration. Raises `UsageError`."""
    if quiet and verbose:
        raise UsageError("-q and -v exclude each other")
    reporter.level = QUIET if quiet else VERBOSE if verbose else NORMAL
    resolved = load(flags, file=config)
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


def page_list(text: str | None) -> list[int] | None:
    """`3-5,8` → [3, 4, 5, 8]. Raises `UsageError`."""
    if text is None:
        return None
    pages: list[int] = []
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        if not first.isdecimal() or (dash and not last.strip().isdecimal()):
            raise UsageError(f"--pages: {part.strip()!r} is not a page or a range such as 3-5")
        low, high = int(first), int(last or first) if dash else int(first)
        if low < 1 or high < low or high > 100_000:
            raise UsageError(f"--pages: {part.strip()!r} is not a range of pages from 1 upwards")
        pages.extend(range(low, high + 1))
    return sorted(set(pages))
