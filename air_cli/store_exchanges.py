"""What code asks of the reader during its steps: recorded for the trace, and replayed from it.

A request is `{"what": "reread"|"zoom", "figure", "box", "factor"}`, already checked by the code
jail; a handler returns the reply's body (`{"texts": […]}`) and its blobs (the PNG of a zoom), or
raises an `AirError`, which the code sees as a refusal. The same request always gets the same reply,
so a recording is looked up by what was asked, not by order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from air_cli.errors import AirError, ItemError
from air_cli.records import Box, Exchange, Text, from_json, to_json

Reply = tuple[dict[str, Any], list[bytes]]
Asked = tuple[str, str, Box | None, float]
Handler = Callable[[dict[str, Any]], Reply]


class Recorder:
    """A handler that passes requests on to another and remembers what was said.

    `exchanges` belong in the trace, `images` (file name → PNG) among the files of its item.
    """

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._said: dict[Asked, Exchange] = {}
        self.images: dict[str, bytes] = {}

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """What was said, each request once, in order."""
        return tuple(self._said.values())

    def __call__(self, request: dict[str, Any]) -> Reply:
        """Answer a request as the wrapped handler does. Raises what that one raises."""
        asked = _asked(request)
        try:
            body, blobs = self._handler(request)
        except AirError as error:
            self._said.setdefault(asked, Exchange(*asked, (), None, str(error)))
            raise
        if asked not in self._said:
            texts = tuple(from_json(Text, text) for text in body.get("texts", ()))
            self._said[asked] = Exchange(*asked, texts, self._kept(blobs))
        return body, blobs

    def _kept(self, blobs: Sequence[bytes]) -> str | None:
        if not blobs:
            return None
        name = f"exchange-{len(self.images) + 1:02d}.png"
        self.images[name] = blobs[0]
        return name


class Replayer:
    """A handler that answers from a recording."""

    def __init__(self, exchanges: Sequence[Exchange], images: Mapping[str, bytes]) -> None:
        self._said = {(e.what, e.figure, e.box, e.factor): e for e in exchanges}
        self._images = images

    def __call__(self, request: dict[str, Any]) -> Reply:
        """The recorded reply. Raises `ItemError` where the reader refused, and for what was never
        asked."""
        exchange = self._said.get(_asked(request))
        if exchange is None:
            raise ItemError("the recording holds no such request", kind="request")
        if exchange.error:
            raise ItemError(exchange.error, kind="request")
        if exchange.image is None:
            return {"texts": to_json(exchange.texts)}, []
        if exchange.image not in self._images:
            raise ItemError(f"{exchange.image} is not beside the trace", kind="request")
        return {}, [self._images[exchange.image]]


def _asked(request: Mapping[str, Any]) -> Asked:
    box = request.get("box")
    sides = None if box is None else (float(box[0]), float(box[1]), float(box[2]), float(box[3]))
    factor = float(request.get("factor") or 1.0)
    return str(request.get("what", "")), str(request.get("figure", "")), sides, factor
