"""Processes inside the jail: adopting orphans, killing what a step left behind."""

from __future__ import annotations

import ctypes
import os
import signal
import threading
import time
from collections.abc import Set
from contextlib import suppress

PR_SET_CHILD_SUBREAPER = 36
# The supervisor is the child of the jail's first process; a count beyond this means a fork storm.
_MANY = 200_000
_SWEEPS = 200


def adopt_orphans() -> None:
    """Let forks whose parent died become children of this process."""
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "prctl"):
        libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def kill(pid: int) -> None:
    """Kill a process of the jail, and reap it if it is a child."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    with suppress(ChildProcessError):
        os.waitpid(pid, 0)


def kill_others(keep: Set[int]) -> None:
    """Kill everything in this process namespace but `keep`: nothing outlives its step.

    Does nothing where this process is not the first but one of a namespace of its own.
    """
    if os.getppid() != 1 or os.getpid() > 3:
        return
    for _ in range(_SWEEPS):
        killed = _sweep(keep)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                continue
        if not killed:
            return
        time.sleep(0.001)
    raise OSError("a fork storm cannot be stopped")


def _sweep(keep: Set[int]) -> bool:
    """Kill by number, up to the newest; True when something was there.

    There is no /proc in the jail to list; numbers are given out in order.
    """
    newest = _newest()
    if newest > _MANY:
        raise OSError("a fork storm used up the process numbers")
    found = False
    for pid in range(2, newest):
        if pid not in keep:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                found = True
    return found


def _newest() -> int:
    """The number that a process starting now gets; a thread takes one as well, and costs less."""
    numbers: list[int] = []
    thread = threading.Thread(target=lambda: numbers.append(threading.get_native_id()))
    thread.start()
    thread.join()
    return numbers[0]
