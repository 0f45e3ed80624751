"""The host's handle on the model's child process: start, ask, time out, kill.

The child is started by `subprocess`, never forked from a process that has a model loaded: a forked
llama.cpp hangs.
"""

from __future__ import annotations

import io
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, BinaryIO, Protocol, cast

from air_cli import wire
from air_cli.assets import PACKAGE
from air_cli.errors import ItemError

SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL|COOKIE", re.I)
LIMITS = wire.Limits(header=16 * 2**20, blobs=2**20)


class Started(Protocol):
    """A process with three pipes, and how to end it."""

    @property
    def process(self) -> subprocess.Popen[bytes]: ...
    def end(self) -> None: ...


class Plain:
    """The child as a plain process of this user."""

    def __init__(self) -> None:
        # In a session of its own: an interrupt at the terminal is for the host to handle.
        self.process = subprocess.Popen(
            [sys.executable, "-m", "air_cli.reasoners.llama_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=child_environment(os.environ),
            start_new_session=True,
            bufsize=0,
        )

    def end(self) -> None:
        """Kill it."""
        self.process.kill()
        self.process.wait()


class ModelProcess:
    """One child process. Not for several threads at once."""

    def __init__(self, start: Callable[[], Started] = Plain) -> None:
        self._started = start()
        self._process = self._started.process
        self._closed = False
        self._said = bytearray()
        self._input = io.BufferedWriter(cast(io.RawIOBase, self._process.stdin))
        self._frames: queue.SimpleQueue[wire.Frame | Exception] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=work, daemon=True, name="air-model")
            for work in (self._read, self._listen)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def _read(self) -> None:
        stdout = cast(BinaryIO, self._process.stdout)
        try:
            while True:
                self._frames.put(wire.receive(stdout, LIMITS))
        except (wire.WireError, OSError, ValueError) as error:
            self._frames.put(error)

    def _listen(self) -> None:
        """Keep the end of what the child prints, and never let it wait."""
        stderr = cast(BinaryIO, self._process.stderr)
        try:
            while piece := stderr.read(4096):
                self._said = (self._said + piece)[-2000:]
        except (OSError, ValueError):  # closed under our hands
            return

    def send(self, body: dict[str, Any], blobs: Sequence[bytes] = ()) -> None:
        """Send a request. Raises `ItemError` when the child is gone."""
        try:
            wire.send(self._input, body, blobs)
        except OSError as error:
            raise self._death() from error

    def receive(
        self, seconds: float, on_piece: Callable[[str], None] | None = None
    ) -> dict[str, Any]:
        """The next response within `seconds`; `on_piece` hears the pieces that come before it.

        Raises `ItemError` (kind `crashed` or `timeout`) and ends the child when there is none.
        """
        deadline = time.monotonic() + seconds
        while True:
            try:
                frame = self._frames.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                self.close()
                message = f"the model's process gave no answer within {seconds:.0f} s and was ended"
                raise ItemError(message, kind="timeout") from None
            if isinstance(frame, Exception):
                raise self._death() from frame
            if "piece" not in frame.body:
                return frame.body
            if on_piece is not None:
                on_piece(str(frame.body["piece"]))

    def _death(self) -> ItemError:
        try:
            code = self._process.wait(5)
        except subprocess.TimeoutExpired:
            code = None
        tail = self._last_words()
        self.close()
        how = "broke the protocol"
        if code is not None:
            # A jail passes the end by a signal on as a status.
            by = -code if code < 0 else code - 128
            how = f"was ended by {_signal(by)}" if 0 < by < 65 else f"ended with status {code}"
        return ItemError(f"the model's process {how}{f': {tail}' if tail else ''}", kind="crashed")

    def _last_words(self) -> str:
        self._threads[1].join(0.5)  # it reads to the end of what a dead child has said
        lines = self._said.decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else ""

    def close(self) -> None:
        """End the child and its threads; a second call does nothing."""
        if self._closed:
            return
        self._closed = True
        self._started.end()
        for thread in self._threads:
            thread.join(5)
        for stream in (self._input, self._process.stdout, self._process.stderr):
            if stream is not None:
                _close(stream)


def child_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """What the child may see: all but secrets, for a model file is not trusted with them.

    Passive OpenMP threads sleep between steps: spinning ones starve a machine that is shared.
    """
    kept = {name: value for name, value in environment.items() if not SECRET.search(name)}
    paths = [str(PACKAGE.parent), environment.get("PYTHONPATH", "")]
    return {
        "OMP_WAIT_POLICY": "passive",
        **kept,
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
    }


def _close(stream: Any) -> None:
    try:
        stream.close()
    except OSError as error:  # unsent bytes for a child that is gone
        if error.errno is None:
            raise


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
