"""The session process and its forks: waits for orders, runs a step's code, reports."""

from __future__ import annotations

import ast
import linecache
import os
import random
import socket
import struct
import sys
import traceback
from typing import Any, BinaryIO, NoReturn, cast

from air_cli import wire
from air_cli.errors import ReasonerFault
from sandbox import processes

VALUE_CHARS = 16384
FRAMES = 8


class Line:
    """The step's line to the supervisor; a fork gets its own."""

    def __init__(self) -> None:
        self.stream: BinaryIO | None = None

    def request(self, body: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        """Ask the host something and wait for its reply."""
        if self.stream is None:
            raise ReasonerFault("requests work during a step only", kind="request")
        wire.send(self.stream, {**body, "op": "request"})
        frame = wire.receive(self.stream)
        return frame.body, frame.blobs


def session_loop(orders: socket.socket, frame: wire.Frame) -> NoReturn:
    """Become the session that `frame` describes; wait for orders, until killed or the end.

    Orders: `f` with three descriptors forks a step, and the number of its process is sent back;
    `r` waits for it and sends its status; `z` reaps all that have ended.
    """
    stream = _stream(orders)
    line = Line()
    try:
        session = _make_session(frame, line)
    except Exception:  # noqa: BLE001 - reported: the host must learn why no session came to be
        error = traceback.format_exc().strip().splitlines()[-1]
        wire.send(stream, {"op": "loaded", "ok": False, "error": error})
        os._exit(1)
    wire.send(stream, {"op": "loaded", "ok": True})
    pid = 0
    while True:
        order, fds, _, _ = socket.recv_fds(orders, 1, 3)
        if order == b"r":
            orders.sendall(struct.pack("<i", os.waitpid(pid, 0)[1]))
        elif order == b"z":
            processes.reap()
            orders.sendall(struct.pack("<i", 0))
        elif order == b"f" and len(fds) == 3:
            chance = random.getstate()  # Python reseeds in every fork
            pid = os.fork()
            if pid:
                for fd in fds:
                    os.close(fd)
                orders.sendall(struct.pack("<i", pid))
                continue
            random.setstate(chance)
            orders.close()
            orders = socket.socket(fileno=fds[0])
            _redirect(fds[1], fds[2])
            stream = line.stream = _stream(orders)
            if not _run(session, stream):
                os._exit(0)
            line.stream = None
        else:
            os._exit(0)


def _stream(connection: socket.socket) -> BinaryIO:
    return cast(BinaryIO, connection.makefile("rwb"))


def _redirect(out: int, err: int) -> None:
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.close(out)
    os.close(err)


def _make_session(frame: wire.Frame, line: Line) -> Any:
    from sandbox.toolkit.later import seed_numpy
    from sandbox.toolkit.session import make_session

    random.seed(0)
    seed_numpy()  # generated code may use the global generator
    images = dict(zip(frame.body["images"], frame.blobs, strict=True))
    return make_session(frame.body["charts"], images, line.request)


def _run(session: Any, stream: BinaryIO) -> bool:
    """Run the step that comes first on `stream` and report; True when it succeeded."""
    body = wire.receive(stream).body
    session.begin()
    value, fault = execute(body["code"], f"step-{body['n']:02d}.py", session.namespace)
    report = session.end()
    fault = fault or _flush()
    ran: dict[str, Any] = {
        "op": "ran",
        "value": value,
        "answer": None if fault else _plain(report.answer),
        "touched": [] if fault else _plain(report.touched),
        "fault": fault,
    }
    wire.send(stream, ran, report.images)
    return fault is None


def execute(code: str, name: str, namespace: dict[str, Any]) -> tuple[str, dict[str, str] | None]:
    """Run `code` in `namespace`: the repr of its last expression, and the fault if it failed.

    Tracebacks are cut down to the user's own lines.
    """
    linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
    try:
        tree = ast.parse(code, name)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return "", {"kind": "syntax", "message": _summary(error)}
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    try:
        exec(compile(tree, name, "exec", dont_inherit=True), namespace)
        if not isinstance(last, ast.Expr):
            return "", None
        expression = ast.Expression(last.value)
        value = eval(compile(expression, name, "eval", dont_inherit=True), namespace)
        return ("" if value is None else _shown(value)), None
    except BaseException as error:  # noqa: BLE001 - the boundary: reported as the step's fault
        return "", {"kind": _kind(error), "message": _message(error)}


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= VALUE_CHARS else text[:VALUE_CHARS] + " […]"


def _kind(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "memory"
    if isinstance(error, ReasonerFault):
        return error.kind
    return "exception"


def _message(error: BaseException) -> str:
    """The exception's own line first, then where in the user's code it came about."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith("step-")
    ]
    where = "".join(traceback.format_list(frames[-FRAMES:]))
    return f"{_summary(error)}\n{where}".rstrip()[:4096]


def _summary(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return f"SystemExit: the code called exit({error.code!r})"
    lines = traceback.format_exception_only(error)
    if isinstance(error, SyntaxError):  # the last line names the error, those before show it
        return (lines[-1] + "".join(lines[:-1])).strip()[:4096]
    return "".join(lines).strip()[:3000]


def _flush() -> dict[str, str] | None:
    """Write out what was printed; a fault when the code broke its streams."""
    try:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except (OSError, ValueError, AttributeError) as error:
        return {"kind": "output", "message": f"what was printed is lost: {error}"}
    return None


def _plain(value: Any) -> Any:
    """Data that JSON can carry: numpy's numbers become Python's, what is not finite becomes None,
    anything else its repr."""
    if (
        hasattr(value, "item")
        and not isinstance(value, str | bytes)
        and not hasattr(value, "__len__")
    ):
        value = value.item()
    if isinstance(value, float):
        return value if value - value == 0 else None
    if isinstance(value, str | bool | int) or value is None:
        return value
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return repr(value)
