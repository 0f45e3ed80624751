"""Jobs on ray: the same workers as actors, on this machine or (RAY_ADDRESS) on a cluster.

On a cluster the documents and the run directory must lie on a file system that all nodes share.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from air_cli.errors import EnvironmentFault
from air_cli.work import Job, Row, Worker, attempt, error_row

INSTALL = 'python -m pip install "air-cli[ray]"'


class _Actor:
    """What runs at ray: one warm worker."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def do(self, job: Job, fresh: bool) -> tuple[str, Row | tuple[str, str]]:
        """A job's row, or the fault of the environment."""
        if fresh:
            self._worker.forget()
        return attempt(self._worker, job)


@dataclass
class _Seat:
    """An actor, the jobs of its group, and the one it is at."""

    actor: Any
    group: deque[Job] = field(default_factory=deque)
    job: Job | None = None
    reference: Any = None
    since: float = 0.0


class RayEngine:
    """`work.Engine`: at most `jobs` actors; an item may take `seconds` of wall time."""

    def __init__(self, worker: Worker, jobs: int = 1, seconds: float = 900.0) -> None:
        """Connects to ray. Raises `EnvironmentFault` when it is not installed or not reachable."""
        try:
            import ray
        except ImportError as error:
            missing = getattr(error, "name", "") == "ray"
            cause = "is not installed" if missing else f"cannot be imported: {error}"
            raise EnvironmentFault(f"the engine ray {cause}", fix=INSTALL) from error
        self._ray: Any = ray
        self._worker, self._count, self._seconds = worker, max(1, jobs), seconds
        self._seats: list[_Seat] = []
        address = os.environ.get("RAY_ADDRESS")
        here = {} if address else {"num_cpus": self._count, "include_dashboard": False}
        try:
            ray.init(address=address, ignore_reinit_error=True, log_to_driver=False, **here)
        except (ConnectionError, RuntimeError, OSError) as error:
            raise EnvironmentFault(
                f"ray does not start: {error}", fix="unset RAY_ADDRESS or start the cluster"
            ) from error

    def run(self, groups: Sequence[Sequence[Job]]) -> Iterator[tuple[Job, Row]]:
        """A row for every job, as they are done. Raises `EnvironmentFault`."""
        waiting = deque(deque(group) for group in groups if group)
        while len(self._seats) < min(self._count, len(waiting)):
            self._seats.append(_Seat(self._start()))
        for seat in self._seats:
            self._next(seat, waiting)
        while busy := [seat for seat in self._seats if seat.job is not None]:
            left = min(seat.since for seat in busy) + self._seconds - time.monotonic()
            ready, _ = self._ray.wait([s.reference for s in busy], timeout=max(0.1, left))
            for seat in busy:
                late = time.monotonic() - seat.since > self._seconds
                if seat.reference not in ready and not late:
                    continue
                job = seat.job
                assert job is not None
                row = self._received(seat, job, late=seat.reference not in ready)
                self._next(seat, waiting)
                yield job, row

    def close(self) -> None:
        """End all actors at once."""
        for seat in self._seats:
            self._ray.kill(seat.actor)
        self._seats = []

    def _received(self, seat: _Seat, job: Job, *, late: bool) -> Row:
        if late:
            self._again(seat)
            message = f"no result after {self._seconds:g} s; the worker was ended"
            return error_row(job, "timeout", message, self._seconds)
        try:
            kind, content = self._ray.get(seat.reference)
        except self._ray.exceptions.RayError as error:
            self._again(seat)
            return error_row(job, "crashed", f"the worker ended: {type(error).__name__}")
        if kind == "fault":
            raise EnvironmentFault(content[0], fix=content[1])
        assert isinstance(content, Row)
        return content

    def _again(self, seat: _Seat) -> None:
        self._ray.kill(seat.actor)
        seat.actor = self._start()

    def _next(self, seat: _Seat, waiting: deque[deque[Job]]) -> None:
        fresh = not seat.group
        if fresh and waiting:
            seat.group = waiting.popleft()
        if not seat.group:
            seat.job = None
            return
        seat.job, seat.since = seat.group.popleft(), time.monotonic()
        seat.reference = seat.actor.do.remote(seat.job, fresh)

    def _start(self) -> Any:
        return self._ray.remote(num_cpus=1)(_Actor).remote(self._worker)
