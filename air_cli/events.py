"""What a user is told while AIR works: on standard error, never on standard output."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console
    from rich.status import Status

QUIET, NORMAL, VERBOSE = -1, 0, 1
INDENT = "    "


@dataclass
class Reporter:
    """Notes, details and progress. `level` is QUIET, NORMAL or VERBOSE."""

    level: int = NORMAL
    color: str = "auto"
    stream: TextIO | None = None
    _status: Status | None = field(default=None, repr=False)
    _console: Console | None = field(default=None, repr=False)
    _open: bool = field(default=False, repr=False)  # a line that `piece` began

    def warn(self, text: str) -> None:
        """What the user must know; shown at every level."""
        self._line(f"air: {text}")

    def note(self, text: str) -> None:
        """What the user will want to know; hidden by -q."""
        if self.level > QUIET:
            self._line(text)

    def detail(self, text: str, style: str = "") -> None:
        """What explains, in a style of rich on a terminal; shown by -v."""
        if self.level >= VERBOSE:
            self._line(text, style)

    def piece(self, text: str, style: str = "") -> None:
        """A part of what explains, without a line's end; shown by -v."""
        if self.level >= VERBOSE and text:
            start = "" if self._open else INDENT
            self._open = not text.endswith("\n")
            body = text.removesuffix("\n").replace("\n", "\n" + INDENT)
            self._write(start + body + ("" if self._open else "\n"), style)

    def doing(self, text: str) -> None:
        """What is being done right now, beside the spinner of a terminal, in place of its text."""
        if self._status is not None:
            from rich.text import Text

            self._status.update(Text(_harmless(text), no_wrap=True, overflow="ellipsis"))

    @contextlib.contextmanager
    def working(self, text: str) -> Iterator[None]:
        """Show on a terminal that something is going on; with -v, how long it took."""
        start = time.perf_counter()
        stream = self.stderr()
        if self.level == NORMAL and self._status is None and stream.isatty():
            from rich.console import Console
            from rich.text import Text

            console = Console(file=stream, no_color=self.color == "never")
            with console.status(Text(_harmless(text))) as self._status:
                try:
                    yield
                finally:
                    self._status = None
        else:
            yield
        self.detail(f"{text}: {time.perf_counter() - start:.2f} s")

    def stderr(self) -> TextIO:
        """Where everything goes that is no result."""
        return self.stream or sys.stderr

    def _line(self, text: str, style: str = "") -> None:
        self._write(("\n" if self._open else "") + text + "\n", style)
        self._open = False

    def _write(self, text: str, style: str = "") -> None:
        # A closed or full stderr must not decide how a run ends.
        with contextlib.suppress(OSError, ValueError):
            if style and (console := self._colors()) is not None:
                from rich.text import Text

                console.print(Text(_harmless(text), style), end="", soft_wrap=True)
                console.file.flush()
            else:
                print(_harmless(text), end="", file=self.stderr(), flush=True)

    def _colors(self) -> Console | None:
        """What draws styles on standard error, None where it shows none: a file, a dumb terminal,
        or colours that are not wanted."""
        stream = self.stderr()
        dumb = not stream.isatty() or os.environ.get("TERM") == "dumb"
        if self.color == "never" or (dumb and self.color != "always"):
            return None
        if self._console is None or self._console.file is not stream:
            from rich.console import Console

            forced = True if self.color == "always" else None
            self._console = Console(file=stream, force_terminal=forced, highlight=False)
        return self._console


def _harmless(text: str) -> str:
    """Names of files and words of documents must not steer the terminal."""
    return "".join(
        c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text
    )


reporter = Reporter()
