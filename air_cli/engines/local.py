"""Jobs in processes of this machine, each with its own warm worker.

A worker that dies or hangs costs the item it was at; another takes its place. Workers end with the
run: on an interrupt at once, and by themselves when the process that started them is gone.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from air_cli.errors import EnvironmentFault
from air_cli.work import Job, Row, Worker, attempt, error_row

_CONTEXT = multiprocessing.get_context("spawn")


@dataclass
class _Seat:
    """A process and what it is at."""

    process: SpawnProcess
    pipe: Connection
    group: deque[Job] = field(default_factory=deque)
    job: Job | None = None
    since: float = 0.0


class LocalEngine:
    """`work.Engine`: at most `jobs` processes; an item may take `seconds` of wall time."""

    def __init__(self, worker: Worker, jobs: int = 1, seconds: float = 900.0) -> None:
        self._worker, self._count, self._seconds = worker, max(1, jobs), seconds
        self._seats: list[_Seat] = []

    def run(self, groups: Sequence[Sequence[Job]]) -> Iterator[tuple[Job, Row]]:
        """A row for every job, as they are done. Raises `EnvironmentFault`."""
        waiting = deque(deque(group) for group in groups if group)
        while len(self._seats) < min(self._count, len(waiting)):
            self._seats.append(self._start())
        try:
            for seat in self._seats:
                self._next(seat, waiting)
            while busy := [seat for seat in self._seats if seat.job is not None]:
                yield from self._collect(busy, waiting)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End all workers at once."""
        for seat in self._seats:
            self._end(seat)
        self._seats = []

    def _collect(self, busy: list[_Seat], waiting: deque[deque[Job]]) -> Iterator[tuple[Job, Row]]:
        deadline = min(seat.since for seat in busy) + self._seconds
        ready = connection.wait([s.pipe for s in busy], max(0.0, deadline - time.monotonic()))
        for seat in busy:
            late = time.monotonic() - seat.since > self._seconds
            if seat.pipe not in ready and not late:
                continue
            job = seat.job
            assert job is not None
            row = self._received(seat, job) if seat.pipe in ready else self._late(job)
            if row.error_kind in ("worker", "late"):
                row = self._buried(seat, job, row)
            self._next(seat, waiting)
            yield job, row

    def _received(self, seat: _Seat, job: Job) -> Row:
        try:
            kind, content = seat.pipe.recv()
        except (EOFError, OSError):
            return error_row(job, "worker", "")
        if kind == "fault":
            raise EnvironmentFault(content[0], fix=content[1])
        assert isinstance(content, Row)
        return content

    def _late(self, job: Job) -> Row:
        return error_row(job, "late", "", self._seconds)

    def _buried(self, seat: _Seat, job: Job, row: Row) -> Row:
        """What is said of a job whose process died or hangs; the process is gone afterwards."""
        if row.error_kind == "worker":
            seat.process.join(1.0)
        code = seat.process.exitcode
        self._end(seat)
        if row.error_kind == "late":
            message = f"no result after {self._seconds:g} s; the worker was ended"
            return error_row(job, "timeout", message, self._seconds)
        how = f"by signal {-code}" if code is not None and code < 0 else f"with status {code}"
        return error_row(job, "crashed", f"the worker ended {how}", time.monotonic() - seat.since)

    def _next(self, seat: _Seat, waiting: deque[deque[Job]]) -> None:
        fresh = not seat.group
        if fresh and waiting:
            seat.group = waiting.popleft()
        if not seat.group:
            seat.job = None
            return
        if seat.process.exitcode is not None:
            new = self._start()
            seat.process, seat.pipe = new.process, new.pipe
        seat.job, seat.since = seat.group.popleft(), time.monotonic()
        with contextlib.suppress(OSError):  # it died: the wait will see the end of its pipe
            seat.pipe.send((fresh, seat.job))

    def _start(self) -> _Seat:
        ours, theirs = _CONTEXT.Pipe()
        process = _CONTEXT.Process(target=_serve, args=(theirs, self._worker), daemon=False)
        process.start()
        theirs.close()
        return _Seat(process, ours)

    def _end(self, seat: _Seat) -> None:
        seat.pipe.close()
        seat.process.terminate()
        seat.process.join(5.0)
        if seat.process.exitcode is None:
            seat.process.kill()
            seat.process.join()


def _serve(pipe: Connection, worker: Worker) -> None:
    """The life of a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it and ends us
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    threading.Thread(target=_follow_parent, daemon=True).start()
    # What libraries print must not get between the results on the parent's stdout.
    os.dup2(2, 1)
    try:
        while True:
            fresh, job = pipe.recv()
            if fresh:
                worker.forget()
            pipe.send(attempt(worker, job))
    except (EOFError, OSError):  # the parent is gone, or done with us
        return
    finally:
        worker.close()


def _follow_parent() -> None:
    """End this process when its parent has died, even in the middle of an item."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
