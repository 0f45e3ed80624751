"""One long-lived thread that starts every jail and watches what they hold.

`--die-with-parent` follows the *thread* that started bubblewrap: a jail started by a worker thread
would die with it. The same thread is the watchdog: the limit on address space holds for each
process, so only the sum over the tree is a limit on the jail.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cache

from air_cli.jail import tree

BUSY_TICK = 0.02
IDLE_TICK = 0.25


@dataclass
class Watched:
    """A process tree with a limit in bytes. `over` is set when it was killed for it; `jail` tells
    that the process is bubblewrap."""

    process: subprocess.Popen[bytes]
    limit: int
    jail: bool = False
    busy: bool = False
    over: bool = False


@dataclass
class Keeper:
    """The thread, its orders, and what it watches."""

    orders: queue.SimpleQueue[Callable[[], None]] = field(default_factory=queue.SimpleQueue)
    watched: dict[int, Watched] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        threading.Thread(target=self._live, name="jail-keeper", daemon=True).start()

    def spawn(
        self,
        argv: Sequence[str],
        env: Mapping[str, str],
        fds: Sequence[int],
        limit: int,
        *,
        jail: bool = False,
    ) -> Watched:
        """Start a process with three pipes. Raises `OSError`."""
        future: Future[Watched] = Future()

        def order() -> None:
            try:
                process = subprocess.Popen(
                    argv,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    env=dict(env),
                    cwd="/",
                    pass_fds=tuple(fds),
                    start_new_session=True,
                    bufsize=0,
                )
            except BaseException as error:  # noqa: BLE001 - raised again in the asking thread
                future.set_exception(error)
                return
            watched = Watched(process, limit, jail)
            with self.lock:
                self.watched[process.pid] = watched
            future.set_result(watched)

        self.orders.put(order)
        return future.result()

    def busy(self, watched: Watched, busy: bool) -> None:
        """A jail that works is looked at fifty times a second, one that waits four times."""
        watched.busy = busy
        if busy:
            self.orders.put(lambda: None)

    def forget(self, watched: Watched) -> None:
        with self.lock:
            self.watched.pop(watched.process.pid, None)

    def _live(self) -> None:
        while True:
            with self.lock:
                watched = list(self.watched.values())
            tick = BUSY_TICK if any(w.busy for w in watched) else IDLE_TICK
            with contextlib.suppress(queue.Empty):
                self.orders.get(timeout=tick if watched else None)()
            for each in watched:
                _look(each)


def _look(watched: Watched) -> None:
    if watched.over or watched.process.returncode is not None:
        return
    if tree.memory(watched.process.pid, watched.limit) > watched.limit:
        watched.over = True
        _strike(watched)


def kill(watched: Watched) -> None:
    """Kill a process with all that it started, and wait for its end."""
    process = watched.process
    if process.poll() is not None:
        return
    _strike(watched)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(1)
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(5)


def _strike(watched: Watched) -> None:
    """Of a jail the first process inside is killed: all others in there go with it, and bubblewrap
    outside takes leave of it and ends. Killed itself, it would leave a zombie to whoever adopts
    orphans, which in a container may be nobody. A process without a jail leads its own group."""
    inside = tree.processes(watched.process.pid)[1:2] if watched.jail else []
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if inside:
            os.kill(inside[0], signal.SIGKILL)
        else:
            os.killpg(watched.process.pid, signal.SIGKILL)


@cache
def keeper() -> Keeper:
    """The keeper of this process. After a fork the child has none of the parent's threads and
    makes its own."""
    made = Keeper()
    made.start()
    os.register_at_fork(after_in_child=keeper.cache_clear)
    return made
