"""What code asks of the reader during its steps: recorded for the trace, and replayed from it.

A request is the frame of the guest, `{"what": "reread"|"zoom", "figure", "box", "factor"}`; a
handler answers with the reply's body and its blobs. The same request always gets the same reply, so
a recording is looked up by what was asked, not by order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from air_cli.records import Exchange, Text, from_json, to_json

Reply = tuple[dict[str, Any], list[bytes]]
Handler = Callable[[dict[str, Any]], Reply]


class Recorder:
    """A handler that passes requests on to another and remembers what was said.

    `exchanges` belong in the trace, `images` (file name → PNG) among the files of its item.
    """

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self.exchanges: list[Exchange] = []
        self.images: dict[str, bytes] = {}

    def __call__(self, request: dict[str, Any]) -> Reply:
        """Answer a request as the wrapped handler does. Raises what that one raises."""
        body, blobs = self._handler(request)
        what, figure, box, factor = _asked(request)
        if any(
            (e.what, e.figure, e.box, e.factor) == (what, figure, box, factor)
            for e in self.exchanges
        ):
            return body, blobs
        image = None
        if blobs:
            image = f"exchange-{len(self.images) + 1:02d}.png"
            self.images[image] = blobs[0]
        texts = tuple(from_json(Text, text) for text in body.get("texts", ()))
        error = "" if body.get("ok") else _reason(body.get("error"))
        self.exchanges.append(Exchange(what, figure, box, factor, texts, image, error))
        return body, blobs


class Replayer:
    """A handler that answers from a recording; what was never asked is refused."""

    def __init__(self, exchanges: Sequence[Exchange], images: Mapping[str, bytes]) -> None:
        self._said = {(e.what, e.figure, e.box, e.factor): e for e in exchanges}
        self._images = images

    def __call__(self, request: dict[str, Any]) -> Reply:
        """The recorded reply."""
        exchange = self._said.get(_asked(request))
        if exchange is None:
            return _refusal("the recording holds no such request"), []
        if exchange.error:
            return _refusal(exchange.error), []
        if exchange.image is None:
            return {"op": "reply", "ok": True, "texts": to_json(exchange.texts)}, []
        if exchange.image not in self._images:
            return _refusal(f"{exchange.image} is not beside the trace"), []
        return {"op": "reply", "ok": True}, [self._images[exchange.image]]


def _asked(request: Mapping[str, Any]) -> tuple[str, str, Any, float]:
    box = request.get("box")
    sides = tuple(float(side) for side in box) if box else None
    return (
        str(request.get("what", "")),
        str(request.get("figure", "")),
        sides,
        float(request.get("factor") or 1.0),
    )


def _refusal(message: str) -> dict[str, Any]:
    return {"op": "reply", "ok": False, "error": {"kind": "request", "message": message}}


def _reason(error: object) -> str:
    said = error.get("message") if isinstance(error, Mapping) else error
    return str(said or "the reader refused")
