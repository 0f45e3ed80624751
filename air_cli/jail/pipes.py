"""A child's three pipes as one stream with a deadline, for `wire.send` and `wire.receive`.

A peer that is silent, that stops in mid-frame, that does not read, or that floods its stderr, costs
time up to the deadline and a few kilobytes; nothing blocks without end.
"""

from __future__ import annotations

import contextlib
import os
import select
import time
from subprocess import Popen
from typing import BinaryIO, cast

STDERR_TAIL = 8192


class Late(Exception):
    """The deadline has passed."""


class Pipes:
    """`read(n)` from the child's stdout, `write(data)` to its stdin, until `deadline`
    (`time.monotonic()`); its stderr is drained meanwhile and its end kept."""

    def __init__(self, process: Popen[bytes]) -> None:
        if process.stdin is None or process.stdout is None or process.stderr is None:
            raise ValueError("the process was started without its pipes")
        self._process = process
        self._in, self._out = process.stdin.fileno(), process.stdout.fileno()
        self._err: int | None = process.stderr.fileno()
        for fd in (self._in, self._out, self._err):
            os.set_blocking(fd, False)
        self.deadline = 0.0
        self.closed = False
        self._tail = bytearray()

    def read(self, size: int | None = -1, /) -> bytes:
        """Up to `size` bytes, at least one; none at the end of the stream. Raises `Late`."""
        while True:
            self._wait(self._out, select.POLLIN)
            with contextlib.suppress(BlockingIOError):
                return os.read(self._out, 65536 if size is None or size < 0 else size)

    def write(self, data: bytes, /) -> int:
        """All of `data`. Raises `Late`, and `OSError` when the child is gone."""
        rest = memoryview(data)
        while rest:
            self._wait(self._in, select.POLLOUT)
            with contextlib.suppress(BlockingIOError):
                rest = rest[os.write(self._in, rest) :]
        return len(data)

    def tail(self) -> str:
        """The last lines of the child's stderr."""
        while self._drain():
            continue
        return self._tail.decode("utf-8", "replace").strip()

    def close(self) -> None:
        """Close the three pipes."""
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._err = None
        self.closed = True

    def flush(self) -> None:
        """Nothing is held back."""

    def as_stream(self) -> BinaryIO:
        """Itself, under the type that `wire` asks for."""
        return cast(BinaryIO, self)

    def _wait(self, fd: int, event: int) -> None:
        """Until `fd` is ready; stderr is drained on the way."""
        while True:
            left = self.deadline - time.monotonic()
            if left <= 0:
                raise Late
            poll = select.poll()
            poll.register(fd, event)
            if self._err is not None:
                poll.register(self._err, select.POLLIN)
            ready = dict(poll.poll(left * 1000))
            if self._err in ready and not self._drain():
                self._err = None
            if fd in ready:
                return

    def _drain(self) -> bool:
        """Take what stderr has now; False at its end or when it has nothing."""
        if self._err is None:
            return False
        try:
            part = os.read(self._err, 65536)
        except (BlockingIOError, OSError):
            return False
        self._tail += part
        del self._tail[:-STDERR_TAIL]
        return bool(part)
