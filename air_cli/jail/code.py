"""The code jail: a session for one question, started ahead, used once and thrown away."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any

from air_cli import wire
from air_cli.errors import AirError, ItemError
from air_cli.jail.clean import check_png
from air_cli.jail.process import JailProcess
from air_cli.jail.recipe import CODE, Profile
from air_cli.records import Chart, Ran, from_json, to_json

Answerer = Callable[[dict[str, Any]], tuple[dict[str, Any], list[bytes]]]

LOAD_SECONDS = 60.0
# What the host waits beyond the step's own deadline, which the supervisor inside holds.
GRACE = 5.0
REQUESTS = 32
LARGEST_FACTOR = 8.0
ACCEPTED = wire.Limits(header=8 * 2**20, blobs=32 * 2**20)


class CodeJail:
    """`loop.Jail`: runs the steps of one question.

    `on_request` answers what generated code asks of the reader: it gets a checked request
    `{"what": "reread" | "zoom", "figure": id, "box": [l, t, r, b] | None, "factor": f}` and returns
    the reply's body (`{"texts": […]}` for reread) and its blobs (the PNG for zoom). An `AirError`
    that it raises goes back to the code as a refusal.
    """

    def __init__(
        self, on_request: Answerer | None = None, *, profile: Profile = CODE, jail: bool = True
    ) -> None:
        """Starts the jail and does not wait for it. Raises `EnvironmentFault`."""
        self._on_request = on_request
        self._closed: list[Callable[[], None]] = []
        self._figures: frozenset[str] = frozenset()
        self._process = JailProcess(profile, ACCEPTED, jail=jail)

    @property
    def alive(self) -> bool:
        return self._process.alive

    @property
    def pid(self) -> int:
        """The outermost process, as the host numbers it."""
        return self._process.pid

    def answer_with(self, on_request: Answerer | None) -> None:
        """Set who answers requests, for a jail that was started before that was known."""
        self._on_request = on_request

    def wait_ready(self) -> None:
        """Wait until everything is imported. Raises `EnvironmentFault`."""
        self._process.wait_ready()

    def load(self, charts: Sequence[Chart], images: Mapping[str, bytes]) -> None:
        """Give the session its charts and figure images (PNG by figure id). Once.

        Raises `EnvironmentFault` when the jail cannot start, `ItemError` when it broke.
        """
        body = {"op": "load", "charts": to_json(list(charts)), "images": list(images)}
        self._process.send(body, list(images.values()), LOAD_SECONDS)
        reply = self._process.receive(LOAD_SECONDS).body
        if reply.get("ok") is not True:
            self.close()
            raise ItemError(f"the charts could not be loaded: {reply.get('error')}", kind="crashed")
        self._figures = frozenset(images) | {chart.figure_id for chart in charts}

    def run(self, code: str, seconds: float) -> Ran:
        """Run one step. A fault of the code is in `Ran.fault`, never raised.

        Raises `ItemError` (`crashed`, `timeout`, `memory`) when the jail itself broke; it is gone
        then.
        """
        self._process.send({"op": "run", "code": code, "seconds": seconds}, (), GRACE)
        for _ in range(REQUESTS + 2):
            frame = self._process.receive(seconds + GRACE)
            if frame.body.get("op") != "request":
                return self._ran(frame)
            body, blobs = self._answer(frame.body)
            self._process.send({"op": "reply", **body}, blobs, GRACE)
        self.close()
        raise ItemError("the code jail asks without end", kind="crashed")

    def undo(self) -> None:
        """Take back the last step, which gave an answer: its variables are as they were before it.

        Raises `ItemError` when the jail broke; it is gone then.
        """
        self._process.send({"op": "undo"}, (), GRACE)
        if self._process.receive(GRACE).body.get("op") != "undone":
            self.close()
            raise ItemError(
                "the code jail broke the protocol: a step is not undone", kind="crashed"
            )

    def close(self) -> None:
        """Kill the jail and everything in it."""
        self._process.close()
        while self._closed:
            self._closed.pop()()

    def when_closed(self, then: Callable[[], None]) -> None:
        """Call `then` once, after the jail has been closed."""
        self._closed.append(then)

    def __enter__(self) -> CodeJail:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _answer(self, body: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        try:
            request = checked_request(body, self._figures)
            if self._on_request is None:
                raise ItemError("there is no reader to ask", kind="request")
            reply, blobs = self._on_request(request)
        except AirError as error:
            kind = getattr(error, "kind", "request")
            return {"ok": False, "error": {"kind": kind, "message": str(error)}}, []
        return {"ok": True, **reply}, list(blobs)

    def _ran(self, frame: wire.Frame) -> Ran:
        try:
            return parse_ran(frame)
        except (ValueError, KeyError, TypeError) as error:
            self.close()
            raise ItemError(f"the code jail broke the protocol: {error}", kind="crashed") from error


def checked_request(body: Mapping[str, Any], figures: frozenset[str]) -> dict[str, Any]:
    """A request of generated code, reduced to what is allowed. Raises `ItemError`."""
    what, figure, box = body.get("what"), body.get("figure"), body.get("box")
    factor = body.get("factor", 1.0)
    if what not in ("reread", "zoom"):
        raise ItemError(f"the reader cannot {what!r}", kind="request")
    if not isinstance(figure, str) or figure not in figures:
        raise ItemError(f"no figure {figure!r} here", kind="request")
    if not _is_number(factor) or not 0.1 <= factor <= LARGEST_FACTOR:
        raise ItemError(f"factor must be between 0.1 and {LARGEST_FACTOR:g}", kind="request")
    if box is not None and not (
        isinstance(box, list)
        and len(box) == 4
        and all(_is_number(side) and abs(side) < 1e6 for side in box)
        and box[0] < box[2]
        and box[1] < box[3]
    ):
        raise ItemError("box must be (left, top, right, bottom) in pixels", kind="request")
    sides = None if box is None else [float(side) for side in box]
    return {"what": what, "figure": figure, "box": sides, "factor": float(factor)}


def _is_number(value: object) -> bool:
    return type(value) in (int, float) and math.isfinite(value)  # type: ignore[arg-type]


def parse_ran(frame: wire.Frame) -> Ran:
    """A `Ran` out of the guest's frame. Raises `ValueError` for any other shape."""
    body = dict(frame.body)
    if body.pop("op", None) != "ran":
        raise ValueError("it sent something else than a result")
    for blob in frame.blobs:
        check_png(blob)
    if "images" in body:
        raise ValueError("images travel as blobs")
    return replace(from_json(Ran, body), images=tuple(frame.blobs))


class CodeJailPool:
    """Keeps `ahead` code jails started; each is used once.

    A jail that is taken gets its successor when it is closed: while the next chart is read there is
    time for that, and the last question starts none for nothing. `total` is how many will be wanted
    in all, if that is known: no more are started ahead than that.
    """

    def __init__(
        self,
        ahead: int = 1,
        *,
        total: int | None = None,
        profile: Profile = CODE,
        jail: bool = True,
    ) -> None:
        """Starts the first ones and does not wait for them. Raises `EnvironmentFault`."""
        self._ahead, self._left = ahead, math.inf if total is None else total
        self._profile, self._jail = profile, jail
        self._ready: deque[CodeJail] = deque()
        self._fill()

    @property
    def waiting(self) -> tuple[CodeJail, ...]:
        """Those that are started and not taken."""
        return tuple(self._ready)

    def take(self, on_request: Answerer | None = None) -> CodeJail:
        """A fresh jail; the caller closes it. Raises `EnvironmentFault`."""
        jail = self._next()
        jail.answer_with(on_request)
        jail.when_closed(self._fill)
        return jail

    def close(self) -> None:
        """Kill those that nobody took, and start no more."""
        self._left = 0
        while self._ready:
            self._ready.popleft().close()

    def _next(self) -> CodeJail:
        while self._ready:
            jail = self._ready.popleft()
            if jail.alive:
                return jail
            jail.close()  # the machine has killed it while it waited
        return self._start()

    def _start(self) -> CodeJail:
        self._left -= 1
        return CodeJail(profile=self._profile, jail=self._jail)

    def _fill(self) -> None:
        while len(self._ready) < self._ahead and self._left > 0:
            self._ready.append(self._start())
