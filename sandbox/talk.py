"""Frames between supervisor and step, with a deadline, while the step's output is drained."""

from __future__ import annotations

import os
import select
import socket
import time
from contextlib import suppress
from typing import BinaryIO, cast

KEPT = 64 * 1024
FLOOD = 64 * 2**20


class Late(Exception):
    """The deadline has passed."""


class Captured:
    """A step's stdout and stderr: the first `KEPT` bytes of each, with a mark where cut.

    Raises `OverflowError` when a step prints more than `FLOOD` bytes: it is not printing for us.
    """

    def __init__(self) -> None:
        self._reading: list[int] = []
        self.writing_ends: list[int] = []
        for _ in range(2):
            reading, writing = os.pipe()
            os.set_blocking(reading, False)
            self._reading.append(reading)
            self.writing_ends.append(writing)
        self._kept = {fd: bytearray() for fd in self._reading}
        self._seen = dict.fromkeys(self._reading, 0)
        self._open = set(self._reading)

    @property
    def descriptors(self) -> set[int]:
        """What is still worth waiting for."""
        return self._open

    def close_writing_ends(self) -> None:
        for fd in self.writing_ends:
            os.close(fd)

    def drain(self, fd: int) -> bool:
        """Take what is there; False when there is nothing more for now."""
        try:
            data = os.read(fd, 65536)
        except BlockingIOError:
            return False
        if not data:
            self._open.discard(fd)
            return False
        self._seen[fd] += len(data)
        room = KEPT - len(self._kept[fd])
        if room > 0:
            self._kept[fd] += data[:room]
        if self._seen[fd] > FLOOD:
            raise OverflowError(f"printed more than {FLOOD // 2**20} MiB")
        return True

    def finish(self) -> tuple[str, str]:
        """What is still in the pipes, then both texts."""
        for fd in self._reading:
            with suppress(OverflowError):
                while self.drain(fd):
                    continue
            os.close(fd)
        out, err = (self._text(fd) for fd in self._reading)
        return out, err

    def _text(self, fd: int) -> str:
        text = self._kept[fd].decode("utf-8", "replace")
        cut = self._seen[fd] - len(self._kept[fd])
        return f"{text}\n[… {cut} more bytes cut]" if cut > 0 else text


class Talk:
    """A socket as a stream with a deadline (`time.monotonic()`)."""

    def __init__(self, connection: socket.socket, captured: Captured | None = None) -> None:
        self._socket, self._captured = connection, captured
        self.deadline = 0.0

    def as_stream(self) -> BinaryIO:
        """Itself, under the type that `wire` asks for."""
        return cast(BinaryIO, self)

    def read(self, size: int) -> bytes:
        """Up to `size` bytes, none at the end. Raises `Late`."""
        self._wait(select.POLLIN)
        try:
            return self._socket.recv(size)
        except ConnectionResetError:
            return b""

    def write(self, data: bytes) -> int:
        """All of `data`. Raises `Late`, and `OSError` when the peer is gone."""
        rest = memoryview(data)
        while rest:
            self._wait(select.POLLOUT)
            with suppress(BlockingIOError):
                rest = rest[self._socket.send(rest, socket.MSG_DONTWAIT) :]
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def _wait(self, event: int) -> None:
        while True:
            left = self.deadline - time.monotonic()
            if left <= 0:
                raise Late
            poll = select.poll()
            poll.register(self._socket, event)
            for fd in self._captured.descriptors if self._captured else ():
                poll.register(fd, select.POLLIN)
            ready = dict(poll.poll(left * 1000))
            if self._captured:
                for fd in self._captured.descriptors & ready.keys():
                    self._captured.drain(fd)
            if self._socket.fileno() in ready:
                return
