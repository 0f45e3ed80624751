"""Gives up root before bubblewrap starts: `python -I -S drop.py '<plan>'`, then becomes its argv.

A jail started as root runs under the host's uid 0, which may write sysctls, and a limit on
processes does not hold for it. So root first makes every source reachable in a mount namespace of
its own (an interpreter under a 0700 home stays usable), then becomes an unprivileged user for good,
then executes bubblewrap. Runs as a program of its own: after fork, in a process with threads,
Python code is not safe. Standard library only.

The plan: {"uid", "gid", "sources": {number: path}, "stage": folder, "argv": […]}; in `argv`,
"{number}" stands for a source's place.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import stat
import sys
from pathlib import Path

CLONE_NEWNS = 0x00020000
MS_NOSUID, MS_NODEV, MS_BIND, MS_REC, MS_PRIVATE = 0x2, 0x4, 0x1000, 0x4000, 0x40000

_libc = ctypes.CDLL(None, use_errno=True)


def _call(name: str, *args: object) -> None:
    if getattr(_libc, name)(*args) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def _mount(source: str, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    words = [word.encode() if word is not None else None for word in (source, target, kind, data)]
    _call("mount", words[0], words[1], words[2], ctypes.c_ulong(flags), words[3])


def stage(sources: dict[str, str], folder: str) -> None:
    """Bind every source at `folder/number`, in a mount namespace that nobody else sees."""
    _call("unshare", CLONE_NEWNS)
    _mount("none", "/", None, MS_REC | MS_PRIVATE)
    # Opened after unshare, for a handle from another namespace cannot be bound, and before
    # the stage covers its folder.
    handles = {name: os.open(path, os.O_PATH | os.O_CLOEXEC) for name, path in sources.items()}
    _mount("air", folder, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,mode=0755")
    for name, handle in handles.items():
        place = f"{folder}/{name}"
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            Path(place).mkdir(0o755)
        else:
            os.close(os.open(place, os.O_CREAT | os.O_WRONLY, 0o644))
        _mount(f"/proc/self/fd/{handle}", place, None, MS_BIND | MS_REC)


def give_up(uid: int, gid: int) -> None:
    """Become an unprivileged user, without a way back."""
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    if os.getresuid() != (uid, uid, uid) or os.getresgid() != (gid, gid, gid):
        raise OSError("the identity did not change")


def main() -> None:
    plan = json.loads(sys.argv[1])
    places = {f"{{{name}}}": source for name, source in plan["sources"].items()}
    try:
        # Root without the right to mount (in a container): what others may read is enough.
        with contextlib.suppress(PermissionError):
            stage(plan["sources"], plan["stage"])
            places = {f"{{{name}}}": f"{plan['stage']}/{name}" for name in plan["sources"]}
        give_up(plan["uid"], plan["gid"])
        argv = [places.get(word, word) for word in plan["argv"]]
        os.execve(argv[0], argv, dict(os.environ))
    except OSError as error:
        sys.exit(f"drop: {error}")


if __name__ == "__main__":
    main()
