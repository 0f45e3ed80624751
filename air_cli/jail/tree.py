"""The processes of a jail as the host sees them, and the memory they hold together."""

from __future__ import annotations

import contextlib
import os
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")


def processes(root: int) -> list[int]:
    """`root` and all its descendants alive. Orphans stay below the jail's first process."""
    children = _children if _kernel_lists_children() else _by_parent().__getitem__
    found = [root]
    for pid in found:
        found.extend(children(pid))
    return found


@cache
def _kernel_lists_children() -> bool:
    return Path(f"/proc/self/task/{os.getpid()}/children").exists()


def _by_parent() -> dict[int, list[int]]:
    """Every process by its parent, for kernels without lists of children."""
    found: dict[int, list[int]] = defaultdict(list)
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            found[int(path.read_text().rsplit(")", 1)[1].split()[1])].append(int(path.parts[2]))
    return found


def _children(pid: int) -> Iterator[int]:
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            text = (task / "children").read_text()
            yield from map(int, text.split())


def memory(root: int, enough: int) -> int:
    """Resident bytes of the tree.

    The cheap sum counts shared pages once a process; only when it goes over `enough` is the exact
    share of each process asked for.
    """
    pids = processes(root)
    rough = sum(map(_resident, pids))
    if rough <= enough:
        return rough
    return sum(map(_share, pids))


def _resident(pid: int) -> int:
    with contextlib.suppress(OSError, IndexError, ValueError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    return 0


def _share(pid: int) -> int:
    """The proportional share (PSS); the resident size where the kernel does not tell it."""
    with contextlib.suppress(OSError, IndexError, ValueError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return _resident(pid)
