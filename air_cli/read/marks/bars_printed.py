"""Columns of numbers printed beside horizontal bars ("Total", "NET"): a series without marks."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from air_cli.read.marks.bars_columns import Columns, lanes
from air_cli.read.marks.bars_values import Label
from air_cli.read.scene import Scene
from air_cli.read.texts import height_of, reading_order, union
from air_cli.records import Mark, Text


@dataclass(frozen=True)
class Printed:
    """A column of numbers: its name (the words over it) and one label a lane at most."""

    name: str
    labels: tuple[tuple[float, Label], ...]

    def marks(self, names: dict[float, str]) -> list[Mark]:
        """Marks for the lanes that have a number; `names` are categories by lane centre."""
        return [
            Mark(
                self.name,
                names[at],
                label.number.total,
                label.number.total - label.number.half,
                label.number.total + label.number.half,
                "label",
                label.text.bbox_px,
                "",
                label.text.text,
            )
            for at, label in self.labels
        ]


def printed_column(scene: Scene, columns: Columns, free: Sequence[Label]) -> Printed | None:
    """The column of numbers to the right of all bars, when most lanes have one and a name stands
    over it. `free` are the numbers that no bar has taken."""
    if columns.vertical:
        return None
    edge = max(s.rect.right for s in columns.segments)
    each = lanes(columns.segments)
    found: list[tuple[float, Label]] = []
    for lane in each:
        at, size = lane[0].centre, lane[0].thickness
        here = [
            label
            for label in free
            if abs(_middle(label.text) - at) < 0.5 * size and label.text.bbox_px[0] > edge - 4
        ]
        if len(here) == 1:
            found.append((at, here[0]))
    if len(found) < max(2, 0.6 * len(each)):
        return None
    centres = [(f.text.bbox_px[0] + f.text.bbox_px[2]) / 2 for _, f in found]
    if statistics.pstdev(centres) > 0.6 * height_of(found[0][1].text):
        return None
    name = _head(scene, union([f.text.bbox_px for _, f in found]))
    return Printed(name, tuple(found)) if name else None


def _middle(text: Text) -> float:
    return (text.bbox_px[1] + text.bbox_px[3]) / 2


def _head(scene: Scene, column: tuple[float, float, float, float]) -> str:
    """The words right over a column, line by line upwards."""
    middle = (column[0] + column[2]) / 2
    over = [
        t
        for t in scene.texts
        if t.role in ("annotation", "other", "label", "legend")
        and t.bbox_px[0] - 3 <= middle <= t.bbox_px[2] + 3
        and t.bbox_px[3] < column[1] + 4
        and any(c.isalpha() for c in t.text)
    ]
    words: list[Text] = []
    edge = column[1]
    for text in sorted(over, key=lambda t: -t.bbox_px[3]):
        if text.bbox_px[3] < edge - 2.5 * height_of(text):
            break
        words.append(text)
        edge = text.bbox_px[1]
    return reading_order(words)
