"""The exact texts of a figure, from the PDF's characters instead of OCR."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from air_cli.read.page import TEXT_FLAGS
from air_cli.read.vector_slanted import joined
from air_cli.records import Box, Text

# Height of capitals and digits over the type size: typical of text faces.
_CAP = 0.72
_SQUARES = frozenset("■●▲◆▪▼◼⬛∎◾▬")
_BULLETS = _SQUARES | frozenset("•—–")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")
_YEAR = re.compile(r"(?:18|19|20)\d\d")


@dataclass(frozen=True)
class Label:
    """A run of text in pixels of the figure's image.

    `box` is tight (base line to cap height), so that its centre is where a tick mark stands.
    `angle` in degrees counter-clockwise; `size` in px; `color` is `#rrggbb`. `bullet` is the
    colour of the square or dot that the text began with (some legends are typed), else empty.
    """

    text: str
    box: Box
    angle: int = 0
    size: float = 0.0
    bold: bool = False
    color: str = ""
    bullet: str = ""

    def as_text(self, role: str = "other") -> Text:
        """As the record that charts carry."""
        return Text(self.text, self.box, role, 1.0)


def read_labels(page: Any, box_pt: Box, zoom: float) -> list[Label]:
    """The texts inside `box_pt` of a PyMuPDF page, split where the gap is wider than a space and
    where the producer began a new piece of text that does not continue the one before."""
    data = page.get_textpage(clip=box_pt, flags=TEXT_FLAGS).extractRAWDICT()
    pieces = _pieces(page)
    runs: list[_Run] = []
    for block in data["blocks"]:
        for line in block.get("lines", ()):
            runs += [(run, line["dir"]) for run in _runs(line, pieces)]
    labels = [_label(run, to, box_pt, zoom) for run, to in joined(runs)]
    return [label for label in labels if label is not None]


_Char = tuple[Mapping[str, Any], Mapping[str, Any]]
_Run = tuple[Sequence[_Char], Sequence[float]]
_Pieces = Mapping[tuple[int, float, float], int]


def _pieces(page: Any) -> _Pieces:
    """Which text operation painted each character: neighbouring tick labels are one line to
    MuPDF, but separate operations to their producer."""
    return {
        (char[0], round(char[2][0], 1), round(char[2][1], 1)): int(span["seqno"])
        for span in page.get_texttrace()
        for char in span["chars"]
    }


def _piece(char: Mapping[str, Any], pieces: _Pieces) -> int:
    x, y = char["origin"]
    return pieces.get((ord(char["c"][0]), round(x, 1), round(y, 1)), -1)


def _runs(line: Mapping[str, Any], pieces: _Pieces) -> list[list[_Char]]:
    """Characters with their spans, split at wide gaps and between separate labels."""
    parts, borders = _parts(line, pieces)
    if not parts:
        return []
    apart = [
        gap is None or _begins(_text(part), _text(following)[:1], gap)
        for part, following, gap in zip(parts, parts[1:], borders, strict=False)
    ]
    # Where most operations are labels of their own (a row of ticks), all are.
    if sum(apart) >= 2 and sum(apart) >= 0.5 * len(apart):
        apart = [True] * len(apart)
    runs = [list(parts[0])]
    for part, new in zip(parts[1:], apart, strict=True):
        if new:
            runs.append(list(part))
        else:
            runs[-1] += part
    return runs


def _parts(
    line: Mapping[str, Any], pieces: _Pieces
) -> tuple[list[list[_Char]], list[float | None]]:
    """A line cut wherever the text operation changes or the gap is wide (None: surely apart)."""
    dx, dy = line["dir"]
    parts: list[list[_Char]] = []
    borders: list[float | None] = []
    last_end, last_piece = 0.0, -1
    for span in line["spans"]:
        for char in span["chars"]:
            if char["c"].isspace():
                if parts:
                    parts[-1].append((char, span))
                continue
            along = char["origin"][0] * dx + char["origin"][1] * dy
            gap = (along - last_end) / max(float(span["size"]), 0.1)
            piece = _piece(char, pieces)
            wide = not -1 < gap < 0.75 or (char["c"] in _SQUARES and gap > 0.2)
            if not parts:
                parts.append([])
            elif wide or -1 != piece != last_piece != -1:
                parts.append([])
                borders.append(None if wide else gap)
            last_end, last_piece = along + _extent(char["bbox"], dx, dy), piece
            parts[-1].append((char, span))
    return parts, borders


def _begins(before: str, char: str, gap: float) -> bool:
    """Whether a new text operation begins a label of its own. `gap` in type sizes."""
    if before[-1:].isdigit() and char.isdigit():
        if _YEAR.fullmatch(before) or _GROUPED.fullmatch(before.lstrip("-−–$€£¥")):
            return True
        return gap > 0.12 or gap < -0.05
    if char.isupper() and before[-1:].islower():
        return not 0.15 < gap < 0.4
    return gap > 0.4 or gap < -0.15


def _extent(box: Sequence[float], dx: float, dy: float) -> float:
    """Advance of a character along the writing direction."""
    width, height = box[2] - box[0], box[3] - box[1]
    return float(width if abs(dx) >= abs(dy) else height)


def _label(
    run: Sequence[_Char], direction: Sequence[float], frame: Box, zoom: float
) -> Label | None:
    inked = [(char, span) for char, span in run if not char["c"].isspace()]
    bullet = ""
    if len(inked) > 2 and inked[0][0]["c"] in _BULLETS:
        bullet = f"#{int(inked[0][1]['color']):06x}"
        inked = inked[1:]
        first = next(n for n, (char, _) in enumerate(run) if not char["c"].isspace())
        run = run[first + 1 :]
    text = _text(run)
    if not text:
        return None
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
        bullet,
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
