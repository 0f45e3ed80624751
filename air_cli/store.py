"""Run directories: what a run leaves on disk, whole or not at all.

::

    <run>/
      run.json  results.jsonl  results.csv  REPORT.md  log.jsonl
      items/<source>/<figure>/<question>/
        trace.json  answer.md  chart.csv  figure.png  overlay.png  step-01.py …  answer.py

An item's folder is filled under a temporary name and renamed into place, so it is there with all
its files or not at all; one process at a time writes an item (`flock`). `trace.json` is the Trace
as it is; the item's key and the hashes of its files are in its provenance under `item`.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
import time
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from air_cli.errors import ItemError, UsageError
from air_cli.files import TEMPORARY, write_atomic, write_fault
from air_cli.records import Question, Trace, canonical, digest, from_json, to_json

NAME_LENGTH = 60
NO_FIGURE = "no-figure"
CLAIMS = ".claims"


def slug(text: str) -> str:
    """`text` as a safe name of a file or folder: ASCII letters, digits, `.`, `_`, `-`.

    Never empty, hidden, a path, or longer than NAME_LENGTH. What loses letters on the way gets a
    short hash of the original, so that two names do not become one.
    """
    plain = unicodedata.normalize("NFKD", text)
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", letters).strip("-._")
    lost = any(ord(c) > 127 and c.isalnum() for c in letters) or len(name) > NAME_LENGTH
    if name and not lost:
        return name
    return f"{name[: NAME_LENGTH - 9].rstrip('-._') or 'x'}-{_short_hash(text)}"


def distinct_slugs(names: Sequence[str]) -> dict[str, str]:
    """A slug for each of `names`, different even where upper and lower case are one; the names
    that would clash all get a hash, so that the order of `names` does not matter."""
    slugs = {name: slug(name) for name in names}
    used = [made.casefold() for made in slugs.values()]
    return {
        name: made if used.count(made.casefold()) == 1 else f"{made}-{_short_hash(name)}"
        for name, made in slugs.items()
    }


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def item_key(
    sources: Sequence[str], question: Question, settings: Mapping[str, Any], **more: Any
) -> str:
    """What an item's answer depends on, as one hash.

    `sources` are the sha256 of the inputs in order; `settings` holds whatever else decides: reader
    version, model file, prompt hashes, mode, limits (JSON data).
    """
    parts = {"sources": list(sources), "question": to_json(question), "settings": settings}
    return digest({**parts, **more})


@dataclass(frozen=True)
class Place:
    """Where an item belongs: slugs of its source and its question."""

    source: str
    question: str


class RunStore:
    """One run directory. Every method that writes raises `EnvironmentFault` when it cannot."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.items = root / "items"
        self._lock: int | None = None

    def prepare(self) -> None:
        """Make the folder, take it for this process, remove what an interrupted run left half-done.

        Raises `UsageError` when another process is writing a run there.
        """
        try:
            self.items.mkdir(parents=True, exist_ok=True)
            claims = self.root / CLAIMS
            claims.mkdir(exist_ok=True)
            self._lock = _flock(claims / "run")
            if self._lock is None:
                raise UsageError(
                    f"{self.root}: another air is writing there: wait for it or choose another"
                )
            for left in [*self.root.glob(f"{TEMPORARY}*"), *self.items.glob(f"*/{TEMPORARY}*")]:
                _remove(left)
        except OSError as error:
            raise write_fault(self.root, error) from error

    @contextlib.contextmanager
    def claim(self, place: Place) -> Iterator[None]:
        """Be the only process that works on an item.

        Raises `ItemError` (kind `busy`) when another process has it.
        """
        path = self.root / CLAIMS / f"{_short_hash(place.source)}-{_short_hash(place.question)}"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = _flock(path)
        except OSError as error:
            raise write_fault(path, error) from error
        if handle is None:
            raise ItemError(
                f"{place.source}, {place.question}: another process is at work on it", kind="busy"
            )
        try:
            yield
        finally:
            os.close(handle)

    def find(self, place: Place, key: str) -> tuple[Path, Trace] | None:
        """The item's folder and trace when it is complete and was made with `key`."""
        for folder in self._folders(place):
            trace = read_trace_or_none(folder / "trace.json")
            if trace is not None and item_record(trace).get("key") == key:
                return folder, trace
        return None

    def save(
        self,
        place: Place,
        figure: str,
        trace: Trace,
        key: str,
        files: Mapping[str, bytes | str],
    ) -> Path:
        """Write an item's folder: `trace.json`, the code of its steps and `files` by name.

        Replaces what an earlier run left for the same source and question. Returns the folder.
        """
        contents = {name: _bytes(data) for name, data in files.items()}
        contents |= {
            f"step-{step.n:02d}.py": _bytes(step.code) for step in trace.steps if step.code
        }
        item = {
            "key": key,
            "files": {name: _sha256(data) for name, data in contents.items()},
            "trace": trace_digest(trace),
        }
        trace = dataclasses.replace(trace, provenance={**trace.provenance, "item": item})
        contents["trace.json"] = _bytes(pretty(to_json(trace)))
        folder = self.items / place.source / slug(figure or NO_FIGURE) / place.question
        self._replace(place, folder, contents)
        return folder

    def _replace(self, place: Place, folder: Path, contents: Mapping[str, bytes]) -> None:
        source = self.items / place.source
        staged = source / f"{TEMPORARY}{os.getpid()}-{secrets.token_hex(4)}"
        try:
            try:
                for name, data in contents.items():
                    if slug(name) != name:
                        raise ValueError(f"{name!r} is no name for a file of an item")
                    write_atomic(staged / name, data)
                folder.parent.mkdir(parents=True, exist_ok=True)
                for old in self._folders(place):
                    _remove(old)
                staged.rename(folder)
            except BaseException:
                _remove(staged)
                raise
            self._drop_empty(source)
        except OSError as error:
            raise write_fault(folder, error) from error

    def _folders(self, place: Place) -> list[Path]:
        return sorted(
            path
            for path in (self.items / place.source).glob(f"*/{place.question}")
            if not path.parent.name.startswith(".")
        )

    def _drop_empty(self, source: Path) -> None:
        for figure in source.iterdir():
            with contextlib.suppress(OSError):  # not empty, or not a folder
                figure.rmdir()

    def about(self) -> dict[str, Any]:
        """What `run.json` says; empty when there is none that can be read."""
        try:
            found = json.loads((self.root / "run.json").read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def write(self, name: str, data: bytes | str) -> Path:
        """Write a file of the run itself, such as `run.json` or `REPORT.md`."""
        path = self.root / name
        write_atomic(path, data)
        return path

    def append(self, name: str, record: Mapping[str, Any]) -> None:
        """Add one line of JSON to a file of the run. One `write`, so that lines never mix."""
        line = canonical(to_json(record)) + "\n"
        path = self.root / name
        try:
            with open(path, "ab", buffering=0) as stream:
                stream.write(line.encode("ascii"))
        except OSError as error:
            raise write_fault(path, error) from error

    def log(self, event: str, **details: Any) -> None:
        """Add an event to `log.jsonl`."""
        self.append("log.jsonl", {"time": round(time.time(), 3), "event": event, **details})

    def finish(self) -> None:
        """Remove the claims of a run that has ended and let others have the folder."""
        with contextlib.suppress(FileNotFoundError):
            _remove(self.root / CLAIMS)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def read_trace(path: Path) -> Trace:
    """The trace in a file. Raises `ItemError` when there is none that can be read."""
    try:
        return from_json(Trace, json.loads(path.read_bytes()))
    except FileNotFoundError as error:
        raise ItemError(f"{path}: there is no such file", kind="missing") from error
    except OSError as error:
        raise ItemError(f"{path}: {error.strerror or error}", kind="unreadable") from error
    except (ValueError, RecursionError) as error:
        raise ItemError(f"{path}: not a trace of AIR: {error}", kind="malformed") from error


def read_trace_or_none(path: Path) -> Trace | None:
    """The trace in a file, or None: for resuming, a torn file is the same as none."""
    try:
        return read_trace(path)
    except ItemError:
        return None


def trace_digest(trace: Trace) -> str:
    """sha256 of a trace without its item record, which holds this digest."""
    rest = {name: value for name, value in trace.provenance.items() if name != "item"}
    return digest(to_json(dataclasses.replace(trace, provenance=rest)))


def item_record(trace: Trace) -> dict[str, Any]:
    """`{"key", "files", "trace"}` of a stored trace; empty for one that was not stored."""
    item = trace.provenance.get("item")
    return dict(item) if isinstance(item, Mapping) else {}


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The JSON objects of a `.jsonl` file; a last line torn by a crash is left out."""
    records = []
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    for line in lines:
        with contextlib.suppress(ValueError):
            record = json.loads(line)
            if isinstance(record, dict):
                records.append(record)
    return records


def pretty(data: Any) -> str:
    """JSON data for people: indented, as it is spelled, with a final newline."""
    return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _flock(path: Path) -> int | None:
    """A descriptor that holds the lock on `path`, or None when another one does."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BaseException as error:
        os.close(handle)
        if isinstance(error, BlockingIOError):
            return None
        raise
    return handle


def _bytes(data: bytes | str) -> bytes:
    return data.encode("utf-8", "replace") if isinstance(data, str) else data


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
