"""The legend of a pie: whose swatches are the slices' colours, and the values it prints."""

from __future__ import annotations

from collections.abc import Sequence

from air_cli.read.marks.discs import Sector
from air_cli.read.marks.naming import match_colors
from air_cli.read.marks.pielabels import Note, split_value
from air_cli.read.numbers import parse_number
from air_cli.read.scene import LegendEntry, Scene
from air_cli.records import Text


def swatches_of(scene: Scene, sectors: Sequence[Sector]) -> list[LegendEntry]:
    """The legend, where it is one: bullets at the ends of leader lines have no slice's colour."""
    swatches = [entry for entry in scene.legend if entry.swatch_px != entry.bbox_px]
    if not _in_line(swatches):
        return []
    known = match_colors([s.color for s in sectors], swatches)
    return swatches if len(known) >= 0.6 * min(len(swatches), len(sectors)) else []


def _in_line(swatches: Sequence[LegendEntry]) -> bool:
    """Whether the entries stand in columns or rows: labels around a pie, whose leader lines have
    the slices' colours, do not."""
    boxes = [entry.bbox_px for entry in swatches]
    for edge in (0, 1):
        near = [
            any(a is not b and abs(a[edge] - b[edge]) < 0.5 * (a[3] - a[1]) for b in boxes)
            for a in boxes
        ]
        if sum(near) >= 0.7 * len(boxes):
            return True
    return False


def values_of_legend(
    legend: dict[int, str], sectors: Sequence[Sector]
) -> tuple[dict[int, str], dict[int, list[Note]]] | None:
    """The names and printed values of a legend whose entries are "Name value"; None when they are
    not: when an entry has no number, or the numbers are no shares of the whole."""
    parts = {i: split_value(name) for i, name in legend.items()}
    values = [number.value for _, number, _ in parts.values() if number]
    if len(values) < max(2, len(sectors)) or sum(values) <= 0:
        return None
    notes = {
        i: Note(name, number, printed, sectors[i].middle, False, ())
        for i, (name, number, printed) in parts.items()
    }
    off = [abs(v / sum(values) - sectors[i].share) for v, i in zip(values, parts, strict=True)]
    if max(off) > 0.03 or not all(name for name, _, _ in parts.values()):
        return None
    return {i: name for i, (name, _, _) in parts.items()}, {i: [n] for i, n in notes.items()}


def values_below(swatches: Sequence[LegendEntry], texts: Sequence[Text]) -> dict[str, Text]:
    """The numbers that stand under the names of a legend, by name; empty unless most names have
    one: the legend says "Name" and, on a line of its own, "23%"."""
    found: dict[str, Text] = {}
    for entry in swatches:
        left, top, right, bottom = entry.bbox_px
        high = bottom - top
        for text in texts:
            box = text.bbox_px
            under = -0.4 * high < box[1] - bottom < 0.6 * high
            aligned = abs(box[0] - left) < 0.6 * high
            if under and aligned and box[0] < right and parse_number(text.text) is not None:
                found.setdefault(entry.name, text)
    return found if len(found) >= max(2, 0.6 * len(swatches)) else {}
