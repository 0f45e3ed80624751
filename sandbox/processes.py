"""Processes inside the jail: adopting orphans, killing what a step left behind."""

from __future__ import annotations

import ctypes
import os
import signal
import threading
import time
from collections.abc import Callable, Set
from contextlib import suppress

PR_SET_CHILD_SUBREAPER = 36
# The largest number a process can have where pid_max was not raised on purpose.
_ALL = 2**22
_BLOCK = 4096
_SECONDS = 3.0
_highest = 0


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


def reap() -> None:
    """Take leave of every child that has ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue


def kill_others(keep: Set[int], reap_there: Callable[[], None]) -> None:
    """Kill everything in this process namespace but `keep`: nothing outlives its step.

    `reap_there` has the session reap its own: a child of it that was killed stays a zombie else.

    Does nothing where this process is not the first but one of a namespace of its own. Raises
    `OSError` when processes are made faster than they can be killed: the jail must end then.
    """
    if os.getppid() != 1 or os.getpid() > 3:
        return
    global _highest
    end = time.monotonic() + _SECONDS
    low = 2
    while time.monotonic() < end:
        newest = _newest()
        high = low + _BLOCK if newest is None else newest
        _highest = max(_highest, high)
        killed = _sweep(low, high, keep)
        if not killed and newest is not None:
            killed = _sweep(2, _highest, keep)
            if not killed:
                return
        if killed:
            reap_there()
            reap()
        # What was made meanwhile has higher numbers, until they wrap around.
        low = high if low < high < _ALL else 2
    raise OSError("a fork storm cannot be stopped")


def _sweep(low: int, high: int, keep: Set[int]) -> bool:
    """Kill by number; True when something was there. There is no /proc in the jail to list."""
    found = False
    for pid in range(low, high):
        if pid not in keep:
            found = _end(pid) or found
    return found


def _end(pid: int) -> bool:
    """Kill the process of this number; False when there is none.

    Not by `kill`, which takes the number of a thread for its process: a thread that the session
    left running would be the session's end.
    """
    try:
        handle = os.pidfd_open(pid)
    except OSError:  # none, or a thread
        return False
    try:
        signal.pidfd_send_signal(handle, signal.SIGKILL)
    except ProcessLookupError:
        return False
    finally:
        os.close(handle)
    return True


def _newest() -> int | None:
    """The number that a process starting now gets; None while every process allowed exists.

    A thread is given a number as well, and costs less.
    """
    numbers: list[int] = []
    thread = threading.Thread(target=lambda: numbers.append(threading.get_native_id()))
    try:
        thread.start()
    except RuntimeError:
        return None
    thread.join()
    return numbers[0]
