"""A cache on disk of JSON values, addressed by what they were computed from.

An entry's name is the sha256 of its key as canonical JSON. An entry that is torn, foreign or of
another key is a miss: the cache can lose, never lie. When the total passes the bound, the entries
that were used longest ago go first.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from air_cli.errors import EnvironmentFault
from air_cli.files import TEMPORARY, write_atomic
from air_cli.records import digest

LAYOUT = "v1"
MAX_BYTES = 256 * 2**20
# Pruning goes somewhat below the bound, so that it is not due again at the next entry.
KEEP = 0.8


class Cache:
    """JSON values by key, under `root` (made at the first `put`), at most `max_bytes` of them.

    Safe with several processes on one root. A cache that cannot be written never stops the work:
    `put` returns False and `problem` says why.
    """

    def __init__(self, root: Path, max_bytes: int = MAX_BYTES) -> None:
        self.root = root / LAYOUT
        self.max_bytes = max_bytes
        self.problem = ""
        self._bytes: int | None = None

    def get(self, key: Mapping[str, Any]) -> Any | None:
        """The value stored under `key`, or None. Marks the entry as used now."""
        path = self._path(key)
        try:
            entry = json.loads(path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return None
        if not isinstance(entry, dict) or "value" not in entry:
            return None
        value = entry["value"]
        if entry.get("key") != key or entry.get("sha256") != _digest_or_none(value):
            return None
        with contextlib.suppress(OSError):  # pruned by another process, or read-only
            os.utime(path)
        return value

    def put(self, key: Mapping[str, Any], value: Any) -> bool:
        """Store `value` (JSON data, not None). False, and `problem`, when it cannot be written."""
        entry = json.dumps({"key": key, "sha256": digest(value), "value": value}, allow_nan=False)
        try:
            write_atomic(self._path(key), entry, durable=False)
        except EnvironmentFault as fault:
            self.problem = str(fault)
            return False
        if self._bytes is None:
            self._bytes = self.size()
        else:
            self._bytes += len(entry)
        if self._bytes > self.max_bytes:
            self._bytes = self.prune(int(self.max_bytes * KEEP))
        return True

    def size(self) -> int:
        """Bytes that the entries take."""
        return sum(size for _, size, _ in self._entries())

    def prune(self, max_bytes: int = 0) -> int:
        """Remove the entries used longest ago until at most `max_bytes` remain; their total."""
        entries = sorted(self._entries(), key=lambda entry: (entry[0], str(entry[2])))
        total = sum(size for _, size, _ in entries)
        for _, size, path in entries:
            if total <= max_bytes:
                break
            with contextlib.suppress(OSError):  # another process may have pruned it
                path.unlink(missing_ok=True)
                total -= size
        return total

    def _path(self, key: Mapping[str, Any]) -> Path:
        name = digest(key)
        return self.root / name[:2] / f"{name}.json"

    def _entries(self) -> list[tuple[int, int, Path]]:
        """(time of last use in ns, bytes, path) of every file, left-over temporaries included."""
        found = []
        for path in [*self.root.glob("??/*.json"), *self.root.glob(f"??/{TEMPORARY}*")]:
            with contextlib.suppress(OSError):
                status = path.stat()
                found.append((status.st_mtime_ns, status.st_size, path))
        return found


def _digest_or_none(value: object) -> str | None:
    try:
        return digest(value)
    except ValueError:
        return None
