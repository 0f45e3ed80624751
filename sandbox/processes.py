"""Processes inside the jail: adopting orphans, killing what a step left behind."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Set
from contextlib import suppress

PR_SET_CHILD_SUBREAPER = 36
# The supervisor is the child of the jail's first process; a count beyond this means a fork storm.
_MANY = 200_000


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
    while _sweep(keep):
        continue
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue


def _sweep(keep: Set[int]) -> bool:
    """Kill by number, up to the newest; True when something was there.

    There is no /proc in the jail to list; numbers are given out in order.
    """
    newest = os.fork()
    if newest == 0:
        os._exit(0)
    os.waitpid(newest, 0)
    if newest > _MANY:
        raise OSError("a fork storm used up the process numbers")
    found = False
    for pid in range(2, newest):
        if pid in keep:
            continue
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            # A zombie answers signals as well: it is reaped here, or it is somebody's still.
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)
                found = True
    return found
