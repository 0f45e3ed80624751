"""The figures of one task, by the ids that reasoner and code know them by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from air_cli.analyst_desk import Document, Reading
from air_cli.errors import ItemError
from air_cli.loop import Looked
from air_cli.protocol import Look
from air_cli.records import Box, Figure, Trace, to_json


class Part:
    """One figure of a task; several documents get a prefix, so that their figure ids differ."""

    def __init__(self, document: Document, reading: Reading, prefix: str) -> None:
        self.document, self.reading = document, reading
        self.figure: Figure = replace(reading.figure, id=prefix + reading.figure.id)
        self.chart = replace(reading.chart, figure_id=self.figure.id)


class Requests:
    """What code and reasoner ask of the reader, by the task's figure ids."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = {part.figure.id: part for part in parts}

    def look(self, look: Look) -> Looked:
        """A second look for the reasoner. Raises `ItemError`."""
        part = self._part(look.figure)
        name = part.reading.figure.id
        image = part.document.image(name, look.box, look.factor)
        return Looked(image, tuple(part.document.reread(name, look.box, look.factor)))

    def answer(self, request: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        """A request of generated code, already checked. Raises `ItemError`."""
        part = self._part(request["figure"])
        box: Box | None = tuple(request["box"]) if request["box"] is not None else None
        name, factor = part.reading.figure.id, request["factor"]
        if request["what"] == "zoom":
            return {}, [part.document.image(name, box, factor)]
        return {"texts": to_json(part.document.reread(name, box, factor))}, []

    def _part(self, figure: str) -> Part:
        if figure not in self._parts:
            raise ItemError(f"no figure {figure!r} here", kind="request")
        return self._parts[figure]


def overlay(parts: Sequence[Part], trace: Trace) -> bytes:
    part = parts[0]
    evidence = trace.answer.evidence if trace.answer is not None else ()
    boxes = [item.bbox_px for item in evidence if item.figure_id == part.figure.id]
    return part.document.overlay(part.reading, boxes)
