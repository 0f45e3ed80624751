"""Runs a piece of code outside of the jail: the control of every attack."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path


def outside(code: str, seconds: float = 20.0) -> str:
    """What `code` prints as an ordinary Python process of this user; its failure fails the test."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=seconds, check=False
    )
    assert done.returncode == 0, f"the control failed outside of the jail:\n{done.stderr}"
    return done.stdout.strip()


def alive(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def eventually(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Whether `condition` comes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


def none_alive(pids: Iterable[int]) -> bool:
    return not any(map(alive, pids))


IS_ROOT = os.geteuid() == 0
