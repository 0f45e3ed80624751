"""The host's only look at an untrusted file: its bytes, never its content."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from air_cli.errors import ItemError


def read_bytes(path: Path, limit: int) -> bytes:
    """The bytes of a regular file of at most `limit` bytes.

    Raises `ItemError` naming the file. Opened without blocking and looked at afterwards, so that a
    FIFO or a device put in its place cannot hang or flood us.
    """
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise ItemError(f"{path}: no such file", kind="missing") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ItemError(f"{path}: cannot be read: {reason}", kind="unreadable") from error
    try:
        size = _size(fd, path)
        if size > limit:
            raise too_large(str(path), limit)
        data = _read(fd, limit + 1)
    except OSError as error:
        raise ItemError(f"{path}: cannot be read: {error.strerror}") from error
    finally:
        os.close(fd)
    if not data:
        raise ItemError(f"{path}: the file is empty", kind="empty")
    if len(data) > limit:
        raise too_large(str(path), limit)
    return data


def _size(fd: int, path: Path) -> int:
    status = os.fstat(fd)
    if stat.S_ISDIR(status.st_mode):
        raise ItemError(f"{path}: this is a directory, not a file", kind="directory")
    if not stat.S_ISREG(status.st_mode):
        raise ItemError(f"{path}: not a regular file", kind="unreadable")
    return status.st_size


def _read(fd: int, most: int) -> bytes:
    parts: list[bytes] = []
    while most > 0 and (part := os.read(fd, min(most, 2**20))):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)


def too_large(name: str, limit: int) -> ItemError:
    """The error for a file of more than `limit` bytes."""
    return ItemError(f"{name}: larger than {limit // 2**20} MiB", kind="too-large")
