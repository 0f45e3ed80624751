"""The exact texts of a figure, from the PDF's characters instead of OCR."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from air_cli.read.page import TEXT_FLAGS
from air_cli.records import Box, Text

# Height of capitals and digits over the type size: typical of text faces.
_CAP = 0.72


@dataclass(frozen=True)
class Label:
    """A run of text in pixels of the figure's image.

    `box` is tight (base line to cap height), so that its centre is where a tick mark stands.
    `angle` in degrees counter-clockwise; `size` in px; `color` is `#rrggbb`.
    """

    text: str
    box: Box
    angle: int = 0
    size: float = 0.0
    bold: bool = False
    color: str = ""

    def as_text(self, role: str = "other") -> Text:
        """As the record that charts carry."""
        return Text(self.text, self.box, role, 1.0)


def read_labels(page: Any, box_pt: Box, zoom: float) -> list[Label]:
    """The texts inside `box_pt` of a PyMuPDF page, split where the gap is wider than a space."""
    data = page.get_textpage(clip=box_pt, flags=TEXT_FLAGS).extractRAWDICT()
    labels: list[Label] = []
    for block in data["blocks"]:
        for line in block.get("lines", ()):
            for run in _runs(line):
                label = _label(run, line["dir"], box_pt, zoom)
                if label is not None:
                    labels.append(label)
    return labels


_Char = tuple[Mapping[str, Any], Mapping[str, Any]]


def _runs(line: Mapping[str, Any]) -> Iterator[list[_Char]]:
    """Characters with their spans, split at wide gaps."""
    dx, dy = line["dir"]
    run: list[_Char] = []
    last_end = 0.0
    for span in line["spans"]:
        for char in span["chars"]:
            along = char["origin"][0] * dx + char["origin"][1] * dy
            width = _extent(char["bbox"], dx, dy)
            if run and not -span["size"] < along - last_end < 0.75 * span["size"]:
                yield run
                run = []
            if not char["c"].isspace():
                last_end = along + width
                run.append((char, span))
            elif run:
                run.append((char, span))
    if run:
        yield run


def _extent(box: Sequence[float], dx: float, dy: float) -> float:
    """Advance of a character along the writing direction."""
    width, height = box[2] - box[0], box[3] - box[1]
    return float(width if abs(dx) >= abs(dy) else height)


def _label(
    run: Sequence[_Char], direction: Sequence[float], frame: Box, zoom: float
) -> Label | None:
    text = _text(run)
    if not text:
        return None
    inked = [(char, span) for char, span in run if not char["c"].isspace()]
    size = max(float(span["size"]) for _, span in inked)
    base = next(span for _, span in inked if span["size"] == size)
    return Label(
        text,
        _tight([char for char, span in inked if span["size"] > 0.85 * size], direction, size,
               frame, zoom),
        round(math.degrees(math.atan2(-direction[1], direction[0]))),
        size * zoom,
        bool(base["flags"] & 16) or "bold" in str(base["font"]).lower(),
        f"#{int(base['color']):06x}",
    )  # fmt: skip


def _text(run: Sequence[_Char]) -> str:
    """The run as text; a raised smaller number becomes an exponent ("10^3")."""
    parts: list[str] = []
    last: _Char | None = None
    raised = False
    for char, span in run:
        if last is not None and char["c"].strip():
            smaller = span["size"] < 0.85 * last[1]["size"]
            higher = char["origin"][1] < last[0]["origin"][1] - 0.15 * last[1]["size"]
            if smaller and higher and not raised and last[0]["c"].isdigit():
                parts.append("^")
                raised = True
        parts.append(char["c"])
        if char["c"].strip():
            last = char, span
    return " ".join("".join(parts).split())


def _tight(
    chars: Sequence[Mapping[str, Any]],
    direction: Sequence[float],
    size: float,
    frame: Box,
    zoom: float,
) -> Box:
    """The box of the characters between base line and cap height."""
    dx, dy = direction
    up = (dy, -dx)
    xs: list[float] = []
    ys: list[float] = []
    for char in chars:
        x, y = char["origin"]
        length = _extent(char["bbox"], dx, dy)
        if abs(dx) > 0.05 and abs(dy) > 0.05:
            # A slanted character's box is wider than its advance.
            length = min(length, 0.6 * size)
        for along, over in ((0.0, 0.0), (length, 0.0), (0.0, _CAP * size), (length, _CAP * size)):
            xs.append(x + dx * along + up[0] * over)
            ys.append(y + dy * along + up[1] * over)
    return (
        (min(xs) - frame[0]) * zoom,
        (min(ys) - frame[1]) * zoom,
        (max(xs) - frame[0]) * zoom,
        (max(ys) - frame[1]) * zoom,
    )
