"""The supervisor inside the code jail: takes frames from the host, runs each step in a fork.

    supervisor ── fork ──▶ session ── fork ──▶ step

The supervisor never runs generated code. The session is the process in which the last successful
step ended; it waits. A step runs in a fork of it: when the step succeeds the fork is the new
session and the old one is killed, when it fails, times out or dies, the fork goes and the session
is what it was. So steps are transactional for every object, not only for names. A step that gave an
answer can still be undone, until the next one begins: the host may refuse the answer.

The supervisor holds the only pipe to the host, the step's deadline, and the reading ends of its
stdout and stderr. `python -m sandbox.guest`; frames as in docs/architecture.md.
"""

from __future__ import annotations

import os
import signal
import socket
import struct
import sys
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

from air_cli import wire
from sandbox import processes
from sandbox.step import session_loop
from sandbox.talk import Captured, Late, Talk

IMAGES = 8
IMAGE_BYTES = 8 * 2**20
FROM_STEP = wire.Limits(header=4 * 2**20, blobs=32 * 2**20)
REQUESTS = 32
VALUE_CHARS = 16384
FLOOD = "printed more than {} MiB"


@dataclass
class Session:
    """The process that holds the variables, and the socket on which it takes orders."""

    pid: int
    orders: socket.socket


class Guest:
    """Frames in, frames out; one session at a time."""

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self._source, self._sink = source, sink
        self._session: Session | None = None
        self._before: Session | None = None  # what an answer's step would be undone to
        self._steps = 0

    def serve(self) -> None:
        """Until the host goes away."""
        wire.send(self._sink, {"op": "ready"})
        while True:
            try:
                frame = wire.receive(self._source)
            except wire.Closed:
                return
            if frame.body.get("op") == "load":
                self._load(frame)
            elif frame.body.get("op") == "run":
                self._run(str(frame.body["code"]), float(frame.body["seconds"]))
            elif frame.body.get("op") == "undo":
                self._undo()
            else:
                raise wire.WireError(f"unknown op {frame.body.get('op')!r}")

    def _load(self, frame: wire.Frame) -> None:
        """Fork the first session, which makes itself out of the frame."""
        mine, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            mine.close()
            self._source.close()
            self._sink.close()
            try:
                session_loop(theirs, frame)
            finally:  # whatever happens, the child never returns into the supervisor's code
                traceback.print_exc()
                os._exit(1)
        theirs.close()
        talk = Talk(mine)
        talk.deadline = time.monotonic() + 60
        try:
            body = wire.receive(talk.as_stream(), FROM_STEP).body
        except (Late, wire.WireError) as error:
            body = {"op": "loaded", "ok": False, "error": f"the session did not start: {error}"}
        self._session = Session(pid, mine)
        wire.send(self._sink, body)

    def _run(self, code: str, seconds: float) -> None:
        if self._session is None:
            raise wire.WireError("run before load")
        self._steps += 1
        if self._before is not None:
            self._end(self._before)
            self._before = None
        mine, theirs = socket.socketpair()
        captured = Captured()
        pid = _fork_step(self._session, [theirs.fileno(), *captured.writing_ends])
        theirs.close()
        captured.close_writing_ends()
        talk = Talk(mine, captured)
        started = time.monotonic()
        talk.deadline = started + seconds
        ran, blobs = self._converse(talk, code, seconds)
        if ran.get("fault") is None:
            if ran["answer"] is None:
                self._end(self._session)
            else:
                self._before = self._session
            self._session = Session(pid, mine)
        else:
            processes.kill(pid)
            self._why(ran, _reap(self._session))
            mine.close()
        self._alone(self._session)
        ran["stdout"], ran["stderr"] = captured.finish()
        ran["seconds"] = round(time.monotonic() - started, 4)
        wire.send(self._sink, ran, blobs)

    def _undo(self) -> None:
        """Make the session what it was before the step that gave an answer."""
        if self._before is None or self._session is None:
            raise wire.WireError("nothing to undo")
        self._end(self._session)
        self._session, self._before = self._before, None
        _reap(self._session)
        self._alone(self._session)
        wire.send(self._sink, {"op": "undone"})

    @staticmethod
    def _end(session: Session) -> None:
        processes.kill(session.pid)
        session.orders.close()

    def _alone(self, session: Session) -> None:
        """Kill all but this session and the one that it may be undone to."""
        before = {self._before.pid} if self._before is not None else set[int]()
        keep = {os.getpid(), session.pid, *before}
        processes.kill_others(keep, lambda: _reap_all(session))

    def _converse(
        self, talk: Talk, code: str, seconds: float
    ) -> tuple[dict[str, Any], list[bytes]]:
        """Hand the code over, carry requests to the host, until the step has ended."""
        try:
            body = {"op": "step", "n": self._steps, "code": code}
            wire.send(talk.as_stream(), body)
            for _ in range(REQUESTS + 1):
                frame = wire.receive(talk.as_stream(), FROM_STEP)
                if frame.body.get("op") != "request":
                    return _checked(frame)
                asked = time.monotonic()
                wire.send(self._sink, frame.body)
                reply = wire.receive(self._source)
                talk.deadline += time.monotonic() - asked
                wire.send(talk.as_stream(), reply.body, reply.blobs)
            return _fault("request", f"more than {REQUESTS} requests in one step"), []
        except Late:
            return _fault("timeout", f"the step ran longer than {seconds:g} s"), []
        except OverflowError as error:
            return _fault("output", str(error)), []
        except (wire.WireError, OSError) as error:
            return _fault("crashed", str(error)), []

    @staticmethod
    def _why(ran: dict[str, Any], status: int) -> None:
        """Replace "the stream ended" by how the step's process ended."""
        if ran["fault"]["kind"] != "crashed":
            return
        if os.WIFSIGNALED(status):
            name = signal.Signals(os.WTERMSIG(status)).name
            if name != "SIGKILL":
                ran["fault"]["message"] = f"the step's process was killed by {name}"
        elif os.WIFEXITED(status):
            ran["fault"]["message"] = (
                f"the step ended its process (exit status {os.WEXITSTATUS(status)})"
            )


def _fork_step(session: Session, fds: list[int]) -> int:
    """Have the session fork; the step gets the descriptors: orders, stdout, stderr."""
    socket.send_fds(session.orders, [b"f"], fds)
    return int(struct.unpack("<i", _exactly(session.orders, 4))[0])


def _reap(session: Session) -> int:
    """How the session's last fork ended, as `waitpid` tells it."""
    session.orders.sendall(b"r")
    return int(struct.unpack("<i", _exactly(session.orders, 4))[0])


def _reap_all(session: Session) -> None:
    """Have the session take leave of the children that were killed."""
    session.orders.settimeout(5)
    session.orders.sendall(b"z")
    _exactly(session.orders, 4)
    session.orders.settimeout(None)


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = connection.recv(size, socket.MSG_WAITALL)
    if len(data) != size:
        raise wire.WireError("the session is gone")
    return data


def _fault(kind: str, message: str) -> dict[str, Any]:
    return {
        "op": "ran",
        "value": "",
        "answer": None,
        "touched": [],
        "fault": {"kind": kind, "message": message},
    }


def _checked(frame: wire.Frame) -> tuple[dict[str, Any], list[bytes]]:
    """What a step reported, if it has the right shape; a fault otherwise."""
    body = frame.body
    fault, answer, touched = body.get("fault"), body.get("answer"), body.get("touched")
    value = body.get("value")
    if (
        body.get("op") != "ran"
        or not isinstance(value, str)
        or not (answer is None or isinstance(answer, dict))
        or not (isinstance(touched, list) and all(isinstance(item, dict) for item in touched))
        or not (fault is None or (isinstance(fault, dict) and set(fault) == {"kind", "message"}))
    ):
        return _fault("crashed", "the step reported something else than a result"), []
    if len(frame.blobs) > IMAGES or any(len(blob) > IMAGE_BYTES for blob in frame.blobs):
        return _fault("output", f"more than {IMAGES} images, or one over 8 MiB"), []
    ran = {"op": "ran", "answer": answer, "touched": touched, "fault": fault}
    return {**ran, "value": value[:VALUE_CHARS]}, frame.blobs


def _import_ahead() -> None:
    """What all generated code uses; numpy, pandas and matplotlib only when they are used (they cost
    most)."""
    from PIL import Image

    import sandbox.toolkit.session  # noqa: F401

    # A 17 KB PNG can decode to 700 MB.
    Image.MAX_IMAGE_PIXELS = 40_000_000


def main() -> None:
    """Keep the frames' descriptors away from everything else, import, serve."""
    source = os.fdopen(os.dup(0), "rb", buffering=0)
    sink = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(2, 1)
    os.close(null)
    processes.adopt_orphans()
    _import_ahead()
    try:
        Guest(source, sink).serve()
    except (wire.WireError, OSError):
        traceback.print_exc()
        with suppress(OSError):
            sys.stderr.flush()
        os._exit(3)


if __name__ == "__main__":
    main()
