"""The host's client of the reader jail: everything that opens untrusted bytes happens over there.

The host reads a file's bytes, never its content. What comes back is checked against the records
before anybody sees it: a document that takes its reader over can send wrong data, never wrong
types, path names or megabytes without end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from air_cli import wire
from air_cli.errors import EnvironmentFault, ItemError
from air_cli.jail import checks
from air_cli.jail.intake import read_bytes, too_large
from air_cli.jail.process import JailProcess
from air_cli.jail.recipe import MIB, READER, Profile
from air_cli.records import Box, Chart, Excerpt, Figure, Ranked, Source, Text, to_json

Isolation = Literal["source", "run"]

ACCEPTED = wire.Limits(header=32 * MIB, blobs=128 * MIB)
# Kinds after which the jail is not to be trusted any more, or has no memory left.
_SPOILT = ("crashed", "memory")


@dataclass(frozen=True)
class ReaderLimits:
    """`file` in bytes; seconds an operation; `items` (sources and charts) that one jail serves."""

    file: int = 256 * MIB
    seconds: float = 120.0
    items: int = 200


@dataclass(frozen=True)
class _Opened:
    path: str
    data: bytes
    source: Source
    password: str | None


class Reader:
    """A warm reader; one source is open at a time. Not for several threads at once.

    A jail that died, ran into a limit or served its number of sources is replaced, and the source
    that was open is opened again, without the caller noticing. `isolation="source"` gives every
    source a jail of its own, `"run"` shares one.

    `jailed=False` opens untrusted bytes in a plain process with limits on memory and files only:
    for tests, and for machines without a jail whose user has asked for it. It is never chosen for
    you.
    """

    def __init__(
        self,
        *,
        isolation: Isolation = "source",
        limits: ReaderLimits | None = None,
        profile: Profile = READER,
        jailed: bool = True,
    ) -> None:
        self.jailed = jailed
        self.seconds: dict[str, float] = {}
        self.problems: tuple[str, ...] = ()
        self.unsaid: tuple[str, ...] = ()
        self._isolation, self._profile = isolation, profile
        self._limits = limits or ReaderLimits()
        self._process: JailProcess | None = None
        # Where sources follow one another, the next one's jail loads while this one is read.
        self._spare: JailProcess | None = None
        self._several = False
        self._served = 0
        self._opened: _Opened | None = None

    @property
    def pid(self) -> int | None:
        """The outermost process of the jail, if there is one."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start a jail without waiting for it, so that it loads while the caller does other things.

        Raises `EnvironmentFault` when this machine cannot have one.
        """
        if self._process is None or not self._process.alive:
            spare, self._spare = self._spare, None
            if spare is not None and not spare.alive:
                spare.close()
                spare = None
            self._process = spare or JailProcess(self._profile, ACCEPTED, jail=self.jailed)
            self._served = 0

    def open(self, path: str | Path, password: str | None = None) -> Source:
        """Open a file.

        Raises `ItemError`, naming the file: kind `missing`, `directory`, `unreadable`, `empty`,
        `too-large`, `unsupported`, `encrypted`, `crashed`, `timeout`, `memory`.
        """
        return self.open_bytes(read_bytes(Path(path), self._limits.file), str(path), password)

    def open_bytes(self, data: bytes, name: str, password: str | None = None) -> Source:
        """Open what is already in memory, such as standard input; `name` is for messages."""
        if not data:
            raise ItemError(f"{name}: the file is empty", kind="empty")
        if len(data) > self._limits.file:
            raise too_large(name, self._limits.file)
        digest = hashlib.sha256(data).hexdigest()
        same = self._opened is not None and self._opened.source.sha256 == digest
        if not same and self._served and self._isolation == "source":
            self._retire()
            self._several = True
        source = Source(name, digest, "image")
        self._opened = _Opened(name, data, source, password)
        try:
            source = self._send_open(self._opened)
        except BaseException:
            self._opened = None
            raise
        self._opened = replace(self._opened, source=source)
        if self._several and self._spare is None:
            self._spare = JailProcess(self._profile, ACCEPTED, jail=self.jailed)
        return source

    def figures(self, pages: Sequence[int] | None = None) -> list[Figure]:
        """The figures on these pages (all when None), in reading order; `self.problems` then says
        what was left out. Raises `ItemError`."""
        body, _ = self._ask("figures", pages=_list(pages))
        with self._doubting():
            self.problems = checks.problems(body.get("problems"))
            return checks.figures(body.get("figures"), self._sha256)

    def pages(self, labels: Sequence[str]) -> dict[str, int]:
        """The numbers of the pages on which these labels are printed ("F-12"); what is on none is
        left out. Raises `ItemError`."""
        body, _ = self._ask("pages", labels=list(labels))
        with self._doubting():
            return checks.pages(body.get("pages"))

    def chart(self, figure_id: str) -> Chart:
        """A figure read into data; `self.seconds` then holds the seconds by stage.

        Raises `ItemError`.
        """
        if self._served >= self._limits.items:
            self._retire()
        self._served += 1
        body, _ = self._ask("chart", figure=figure_id)
        with self._doubting():
            self.seconds = checks.seconds(body.get("seconds"))
            return checks.chart(body.get("chart"), figure_id)

    def image(self, figure_id: str, box: Box | None = None, factor: float = 1.0) -> bytes:
        """The figure or a part of it (pixels of the figure) as PNG. Raises `ItemError`."""
        _, blobs = self._ask("image", figure=figure_id, box=_list(box), factor=factor)
        with self._doubting():
            return checks.picture(blobs)

    def reread(self, figure_id: str, box: Box | None = None, factor: float = 2.0) -> list[Text]:
        """The texts in a part of the figure, recognised again enlarged. Raises `ItemError`."""
        body, _ = self._ask("reread", figure=figure_id, box=_list(box), factor=factor)
        with self._doubting():
            return checks.texts(body.get("texts"))

    def rank(self, question: str, pages: Sequence[int] | None = None) -> list[Ranked]:
        """The figures that may answer the question, best first; `self.unsaid` is then what the
        question names and the document never says. Raises `ItemError`."""
        body, _ = self._ask("rank", question=question, pages=_list(pages))
        with self._doubting():
            self.problems = checks.problems(body.get("problems"))
            self.unsaid = checks.problems(body.get("unsaid"))
            return checks.ranked(body.get("ranked"), self._sha256)

    def excerpts(self, question: str, pages: Sequence[int] | None = None) -> list[Excerpt]:
        """Sentences of the document that speak of what is asked. Raises `ItemError`."""
        body, _ = self._ask("excerpts", question=question, pages=_list(pages))
        with self._doubting():
            return checks.excerpts(body.get("excerpts"))

    def overlay(self, figure_id: str, chart: Chart, highlight: Iterable[Box] = ()) -> bytes:
        """The figure with what was recognised drawn over it, as PNG. Raises `ItemError`."""
        boxes = [list(box) for box in highlight]
        _, blobs = self._ask("overlay", figure=figure_id, chart=to_json(chart), highlight=boxes)
        with self._doubting():
            return checks.picture(blobs)

    def answer(self, request: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        """Answer a checked request of the code jail: give this to `CodeJail(on_request=…)`."""
        figure, factor = request["figure"], request["factor"]
        box = None if request["box"] is None else _sides(request["box"])
        if request["what"] == "reread":
            return {"texts": to_json(self.reread(figure, box, factor))}, []
        return {}, [self.image(figure, box, factor)]

    def close(self) -> None:
        """Kill the jail. The reader can be used again after `open`."""
        self._retire()
        if self._spare is not None:
            self._spare.close()
        self._spare, self._opened = None, None

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # The exchange.

    def _ask(self, op: str, **details: Any) -> tuple[dict[str, Any], list[bytes]]:
        """One operation on the source that is open; opens it again where the jail was replaced."""
        if self._opened is None:
            raise ItemError("no source is open", kind="closed")
        if self._process is None or not self._process.alive:
            self._send_open(self._opened)
        return self._exchange({"op": op, **details}, ())

    def _send_open(self, opened: _Opened) -> Source:
        if self._served >= self._limits.items:
            self._retire()
        self.start()
        self._served += 1
        body = {"op": "open", "name": opened.path, "password": opened.password}
        reply, _ = self._exchange(body, (opened.data,))
        with self._doubting():
            return checks.source(reply.get("source"), opened.path, opened.source.sha256)

    def _exchange(
        self, body: dict[str, Any], blobs: Sequence[bytes]
    ) -> tuple[dict[str, Any], list[bytes]]:
        self.start()
        process = self._process
        if process is None:
            raise AssertionError("start() left no process")
        name = self._opened.path if self._opened else "?"
        try:
            process.send(body, blobs, self._limits.seconds)
            frame = process.receive(self._limits.seconds)
        except ItemError as error:
            self._retire()
            raise ItemError(f"{name}: {error}", kind=error.kind) from error
        if frame.body.get("ok") is True:
            return frame.body, frame.blobs
        raise self._refused(name, frame.body.get("error"))

    def _refused(self, name: str, error: Any) -> ItemError | EnvironmentFault:
        error = error if isinstance(error, dict) else {}
        kind, message = str(error.get("kind", "crashed")), str(error.get("message", "no reason"))
        if kind in _SPOILT:
            self._retire()
        if kind == "environment":
            self._confirm()
        short = Path(name).name
        named = message if message.startswith((name, short)) else f"{name}: {message}"
        return ItemError(" ".join(named.split())[:1000], kind=kind[:32])

    def _confirm(self) -> None:
        """A reader says that this machine lacks something. That would stop the whole run, so it is
        believed only of a fresh one that has seen no document; raises `EnvironmentFault` then."""
        self._retire()
        process = JailProcess(self._profile, ACCEPTED, jail=self.jailed)
        try:
            process.send({"op": "check"}, (), self._limits.seconds)
            error = process.receive(self._limits.seconds).body.get("error")
        finally:
            process.close()
        if isinstance(error, dict) and error.get("kind") == "environment":
            raise EnvironmentFault(str(error.get("message")), fix=str(error.get("fix", "")))

    def _retire(self) -> None:
        if self._process is not None:
            self._process.close()
            self._process = None
        self._served = 0

    @property
    def _sha256(self) -> str:
        return self._opened.source.sha256 if self._opened else ""

    @contextmanager
    def _doubting(self) -> Iterator[None]:
        """What does not hold water costs the jail."""
        try:
            yield
        except ValueError as error:
            self._retire()
            name = self._opened.path if self._opened else "?"
            message = f"{name}: the reader jail sent nonsense: {error}"
            raise ItemError(message, kind="crashed") from error


def _list(values: Iterable[Any] | None) -> list[Any] | None:
    return None if values is None else list(values)


def _sides(box: Sequence[float]) -> Box:
    left, top, right, bottom = box
    return left, top, right, bottom
