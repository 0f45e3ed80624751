"""Writing files so that a reader sees the old content or the new, never half of either.

Standard library only; of the base layer, because the store, the cache and the command line all
write files that a crash or a full disk must not leave torn.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from pathlib import Path

from air_cli.errors import EnvironmentFault

TEMPORARY = ".tmp-"

_FIXES = {
    errno.ENOSPC: "free some space on that disk or choose another place",
    errno.EDQUOT: "your disk quota is used up: free some space or choose another place",
    errno.EROFS: "that file system is read-only: choose another place",
    errno.EACCES: "check the permissions of the folder or choose another place",
    errno.EPERM: "check the permissions of the folder or choose another place",
    errno.ENOTDIR: "a file stands where a folder is needed: choose another place",
    errno.EEXIST: "a file stands where a folder is needed: choose another place",
    errno.EISDIR: "a folder stands where a file is needed: choose another name",
    errno.ENAMETOOLONG: "choose a shorter path",
}


def write_fault(path: Path, error: OSError) -> EnvironmentFault:
    """The one-line fault for an `OSError` met while writing `path`, with its fix."""
    reason = error.strerror or str(error)
    fix = _FIXES.get(error.errno or 0, "choose another place for the output")
    return EnvironmentFault(f"cannot write {path}: {reason}", fix=fix)


def write_atomic(path: Path, data: bytes | str, *, durable: bool = True) -> None:
    """Write `data` to `path` (text as UTF-8) by way of a temporary file and a rename.

    The folder is made when missing. `durable` also forces the bytes to the disk, file and folder.
    Raises `EnvironmentFault`; then `path` is what it was and no temporary file remains.
    """
    content = data.encode("utf-8", "replace") if isinstance(data, str) else data
    temporary = path.with_name(f"{TEMPORARY}{os.getpid()}-{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            _write(temporary, content, durable=durable)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        if durable:
            _sync_folder(path.parent)
    except OSError as error:
        raise write_fault(path, error) from error


def _write(path: Path, content: bytes, *, durable: bool) -> None:
    # 0o666 less the umask, as any other program would; mkstemp's 0600 would surprise a group.
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    with open(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        if durable:
            os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the new name itself durable, where the file system lets a folder be synced."""
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        with contextlib.suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)
