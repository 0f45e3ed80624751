"""The reader's side of the reader jail: one request, one response, until the host goes away.

`python -m air_cli.read.service`; the operations are those of docs/architecture.md. Everything that
opens untrusted bytes happens here. An error that AIR raises on purpose becomes a response of its
kind; running out of memory or stack, and any other exception, which is a bug in a parser or in AIR,
becomes `memory` or `crashed` with one line, and the host takes a fresh jail.
"""

from __future__ import annotations

import io
import os
import traceback
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO

from air_cli import wire
from air_cli.errors import AirError, EnvironmentFault, ItemError
from air_cli.records import Box, Chart, from_json, to_json

if TYPE_CHECKING:
    from air_cli.read.document import Document

Response = tuple[dict[str, Any], list[bytes]]
# A 17 KB PNG can decode to 700 MB.
MAX_PIXELS = 100_000_000


class Service:
    """The operations; holds the document that is open."""

    def __init__(self) -> None:
        self._document: Document | None = None
        self._operations: dict[str, Callable[[dict[str, Any], list[bytes]], Response]] = {
            "check": self._check,
            "open": self._open,
            "figures": self._figures,
            "chart": self._chart,
            "image": self._image,
            "reread": self._reread,
            "rank": self._rank,
            "excerpts": self._excerpts,
            "pages": self._pages,
            "overlay": self._overlay,
        }

    def respond(self, frame: wire.Frame) -> Response:
        """The response to a request. Never raises: this is the boundary."""
        try:
            operation = self._operations.get(str(frame.body.get("op")))
            if operation is None:
                raise ItemError(f"unknown operation {frame.body.get('op')!r}", kind="crashed")
            body, blobs = operation(frame.body, frame.blobs)
            return {"ok": True, **body}, blobs
        except EnvironmentFault as error:
            return _refusal("environment", error.cause, fix=error.fix), []
        except AirError as error:
            return _refusal(getattr(error, "kind", "unreadable"), str(error)), []
        except MemoryError:
            return _refusal("memory", "it needs more memory than a reader may use"), []
        except Exception as error:  # noqa: BLE001 - the boundary: reported, and logged on stderr
            traceback.print_exc()
            return _refusal("crashed", f"{type(error).__name__}: {error}"), []

    @property
    def document(self) -> Document:
        if self._document is None:
            raise ItemError("no source is open", kind="crashed")
        return self._document

    def _check(self, body: dict[str, Any], blobs: list[bytes]) -> Response:
        """Whether everything that reading needs is installed."""
        import_module("air_cli.read.ocr").shared()
        return {}, []

    def _open(self, body: dict[str, Any], blobs: list[bytes]) -> Response:
        from air_cli.read.document import open_document

        if self._document is not None:
            self._document.close()
            self._document = None
        self._document = open_document(blobs[0], str(body["name"]), body.get("password"))
        return {"source": to_json(self._document.source)}, []

    def _figures(self, body: dict[str, Any], _: list[bytes]) -> Response:
        figures = self.document.figures(body.get("pages"))
        return {"figures": to_json(figures), "problems": list(self.document.problems)}, []

    def _chart(self, body: dict[str, Any], _: list[bytes]) -> Response:
        chart, seconds = self.document.chart(str(body["figure"]))
        return {"chart": to_json(chart), "seconds": to_json(seconds)}, []

    def _image(self, body: dict[str, Any], _: list[bytes]) -> Response:
        box, factor = _box(body), float(body.get("factor", 1.0))
        return {}, [self.document.image(str(body["figure"]), box, factor)]

    def _reread(self, body: dict[str, Any], _: list[bytes]) -> Response:
        box, factor = _box(body), float(body.get("factor", 1.0))
        return {"texts": to_json(self.document.reread(str(body["figure"]), box, factor))}, []

    def _rank(self, body: dict[str, Any], _: list[bytes]) -> Response:
        ranked = self.document.rank(str(body["question"]), body.get("pages"))
        unsaid = () if body.get("pages") else self.document.unsaid(str(body["question"]))
        problems = list(self.document.problems)
        return {"ranked": to_json(ranked), "problems": problems, "unsaid": list(unsaid)}, []

    def _excerpts(self, body: dict[str, Any], _: list[bytes]) -> Response:
        found = self.document.excerpts(str(body["question"]), body.get("pages"))
        return {"excerpts": to_json(found)}, []

    def _pages(self, body: dict[str, Any], blobs: list[bytes]) -> Response:
        labels = [str(label) for label in body["labels"]]
        found = {label: self.document.page_called(label) for label in labels}
        return {"pages": {label: page for label, page in found.items() if page}}, []

    def _overlay(self, body: dict[str, Any], _: list[bytes]) -> Response:
        from PIL import Image

        draw_overlay = import_module("air_cli.read.overlay").draw_overlay
        png = self.document.image(str(body["figure"]), None, 1.0)
        chart = from_json(Chart, body["chart"])
        highlight = [_sides(box) for box in body.get("highlight", ())]
        with Image.open(io.BytesIO(png)) as image:
            drawn = draw_overlay(image.convert("RGB"), chart, highlight)
        buffer = io.BytesIO()
        drawn.save(buffer, "PNG")
        return {}, [buffer.getvalue()]


def _refusal(kind: str, message: str, **more: str) -> dict[str, Any]:
    line = " ".join(message.split())[:500]
    return {"ok": False, "error": {"kind": kind, "message": line, **more}}


def _box(body: dict[str, Any]) -> Box | None:
    return None if body.get("box") is None else _sides(body["box"])


def _sides(box: Any) -> Box:
    left, top, right, bottom = map(float, box)
    return left, top, right, bottom


def _import_ahead() -> None:
    """What every source needs. The text recogniser is loaded by the first figure that needs it."""
    from PIL import Image

    import air_cli.read.document  # noqa: F401

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2  # an error above twice this


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer requests until the stream ends. Raises `WireError` when the host speaks nonsense."""
    service = Service()
    wire.send(sink, {"op": "ready"})
    _import_ahead()
    while True:
        try:
            frame = wire.receive(source)
        except wire.Closed:
            return
        wire.send(sink, *service.respond(frame))


def main() -> None:
    """Keep the frames' descriptors away from C libraries, which print, and serve."""
    source = os.fdopen(os.dup(0), "rb", buffering=0)
    sink = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(2, 1)
    os.close(null)
    serve(source, sink)


if __name__ == "__main__":
    main()
