"""Standard output, kept for results: guarded against prints of C libraries, written whole."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path
from typing import BinaryIO

from air_cli.errors import EnvironmentFault, UsageError


class BrokenOutput(Exception):
    """The reader of standard output went away (`air … | head`)."""


def guard() -> None:
    """Point descriptor 1 at standard error and keep the real output for `sys.stdout` alone.

    Libraries print from C, where Python cannot stop them, and child processes inherit
    descriptor 1: neither may end up in a result.
    """
    _fill_closed()
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
    kept = os.dup(1)
    os.set_inheritable(kept, False)
    os.dup2(2, 1)
    encoding = sys.stdout.encoding or "utf-8"
    stream = open(kept, "w", encoding=encoding, errors="backslashreplace")  # noqa: SIM115
    sys.stdout = stream


def _fill_closed() -> None:
    """Put the null device where a standard stream is closed (`air … >&-`).

    Otherwise the next file that is opened would get the stream's descriptor, and what is printed
    would end up in it.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # The lowest free descriptor is taken: in this order, the stream's own. It stays open
            # whatever becomes of the stream.
            descriptor = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, open(descriptor, mode, closefd=False))  # noqa: SIM115


def to_stdout(data: str | bytes) -> None:
    """Write a result to standard output and flush it.

    Raises `BrokenOutput` when nobody reads any more and `EnvironmentFault` when it cannot be
    written.
    """
    try:
        if isinstance(data, bytes):
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
        else:
            sys.stdout.write(data)
        sys.stdout.flush()
    except BrokenPipeError as error:
        discard()
        raise BrokenOutput from error
    except OSError as error:
        discard()
        raise EnvironmentFault(f"standard output: {error.strerror}") from error


def discard() -> None:
    """Let nothing more be written at exit: what is left in the buffer goes nowhere."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def to_file(path: Path, data: str | bytes) -> None:
    """Write a result to a file, whole or not at all.

    Devices and pipes (`/dev/stdout`, `/dev/full`) are written directly. Raises `UsageError` when
    the place is wrong and `EnvironmentFault` when the file system refuses.
    """
    raw = data.encode("utf-8") if isinstance(data, str) else data
    try:
        check_file(path)
        if path.exists() and not path.is_file():
            with path.open("wb", buffering=0) as stream:
                _write(stream, raw)
            return
        _replace(path, raw)
    except OSError as error:
        raise _named(path, error) from error


def check_file(path: Path | None) -> None:
    """Refuse, before any work, a place that cannot take a file. Raises `UsageError`."""
    if path is None or str(path) == "-":
        return
    if path.is_dir():
        raise UsageError(f"{path}: is a directory; -o names a file")
    if not path.parent.is_dir():
        raise UsageError(f"{path}: the folder {path.parent} does not exist")


def _named(path: Path, error: OSError) -> Exception:
    reason = error.strerror or str(error)
    return EnvironmentFault(f"{path}: cannot be written: {reason}")


def _replace(path: Path, raw: bytes) -> None:
    path = path.resolve()  # a link is written through, not replaced
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
    try:
        with open(descriptor, "wb") as stream:
            _write(stream, raw)
            mode = path.stat().st_mode if path.exists() else 0o666 & ~_umask()
            os.fchmod(stream.fileno(), mode & 0o7777)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _write(stream: BinaryIO, raw: bytes) -> None:
    view = memoryview(raw)
    while view:
        view = view[stream.write(view) :]


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
