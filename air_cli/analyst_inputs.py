"""Inputs as bytes: the host never looks into them, it only carries them to the reader's jail."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from air_cli.errors import ItemError, UsageError
from air_cli.jail.intake import read_bytes, too_large

STDIN = "-"
STDIN_NAME = "standard input"
LIMIT = 256 * 2**20


@dataclass(frozen=True)
class Input:
    """A file as it was when it was read: `name` is what the user called it."""

    name: str
    data: bytes = field(repr=False)

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def check_path(name: str) -> None:
    """Refuse at once what can never be read. Raises `UsageError`."""
    if name == STDIN:
        if sys.stdin is None or sys.stdin.isatty():
            raise UsageError("- is standard input, but nothing is piped into it")
        return
    path = Path(name)
    try:
        if path.is_dir():
            raise UsageError(f"{name}: is a directory; `air batch` reads the documents in one")
        if not path.exists():
            asked = "?" in name or name.count(" ") > 1
            hint = "; the last argument is the question, several go into a file: -Q FILE"
            raise UsageError(f"{name}: no such file{hint if asked else ''}")
    except (OSError, ValueError) as error:  # a name too long, or with a zero byte
        raise UsageError(f"{name[:200]!r}: no such file") from error


def read_input(name: str) -> Input:
    """The bytes of a file, a pipe, or `-`.

    Raises `UsageError` as `check_path`, `ItemError` for a file that cannot be read, is empty or
    too large.
    """
    check_path(name)
    if name != STDIN and not Path(name).is_fifo():
        return Input(name, read_bytes(Path(name), LIMIT))
    shown = STDIN_NAME if name == STDIN else name
    try:
        data = _from_pipe(name)
    except OSError as error:
        raise ItemError(f"{shown}: cannot be read: {error.strerror or error}") from error
    if not data:
        raise ItemError(f"{shown}: the file is empty", kind="empty")
    if len(data) > LIMIT:
        raise too_large(shown, LIMIT)
    return Input(shown, data)


def _from_pipe(name: str) -> bytes:
    """At most one byte more than is accepted: `/dev/zero` ends too."""
    if name == STDIN:
        return sys.stdin.buffer.read(LIMIT + 1)
    with open(name, "rb") as stream:
        return stream.read(LIMIT + 1)
