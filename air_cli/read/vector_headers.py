"""Series named at one bar of a stack, as survey reports do: by heads over the first row of lying
bars, one above each segment, or beside the last column of standing ones."""

from __future__ import annotations

from collections.abc import Sequence

from air_cli.read.numbers import parse_number
from air_cli.read.vector_plot import Plot
from air_cli.read.vector_text import Label
from air_cli.records import Box

# Heights of letters: how far above the row the heads end and how far apart their lines are. A text
# wider than this share of the row is a sentence over all of it.
_OVER, _LINES, _WIDE = 2.2, 0.7, 0.6
# The same: how far beside a column its names begin, and the gap between the lines of one.
_BESIDE, _LEADING = 4.0, 0.45


def names_above(plot: Plot, row: Sequence[Box]) -> list[str]:
    """The heads over the segments of a row, from the left to the right; empty unless there is one
    for each. The labels get their role."""
    row = sorted(row)
    roof, wide = min(box[1] for box in row), row[-1][2] - row[0][0]
    heads = _heads(
        [label for label in plot.labels if _is_open(plot, label) and _may_head(label, roof, wide)],
        roof,
    )
    heads.sort(key=lambda head: sum(_middle(label) for label in head) / len(head))
    if len(row) < 2 or len(heads) != len(row):
        return []
    for label in (label for head in heads for label in head):
        plot.roles[label] = "legend"
    return [
        " ".join(label.text for label in sorted(head, key=lambda one: one.box[1])) for head in heads
    ]


def names_beside(plot: Plot, column: Sequence[Box]) -> list[str]:
    """The names right of the segments of a column, from the top to the bottom; empty unless there
    is one for each. The labels get their role."""
    column = sorted(column, key=lambda box: box[1])
    right = max(box[2] for box in column)
    words = [
        label
        for label in plot.labels
        if _is_open(plot, label) and not label.angle and any(c.isalpha() for c in label.text)
        and 0 < label.box[0] - right < _BESIDE * label.size
    ]  # fmt: skip
    blocks = _blocks(words)
    found = [
        [block for block in blocks if top < _level(block) < bottom] for _, top, _, bottom in column
    ]
    if len(column) < 2 or any(len(one) != 1 for one in found):
        return []
    for label in (label for (block,) in found for label in block):
        plot.roles[label] = "legend"
    return [" ".join(label.text for label in block) for (block,) in found]


def _blocks(labels: Sequence[Label]) -> list[list[Label]]:
    """Lines right below one another as one text."""
    blocks: list[list[Label]] = []
    for label in sorted(labels, key=lambda one: one.box[1]):
        last = blocks[-1][-1] if blocks else None
        if last is not None and label.box[1] - last.box[3] < _LEADING * label.size:
            blocks[-1].append(label)
        else:
            blocks.append([label])
    return blocks


def _level(block: Sequence[Label]) -> float:
    return (block[0].box[1] + block[-1].box[3]) / 2


def _is_open(plot: Plot, label: Label) -> bool:
    """Names in a row over the plot are taken for those of an axis."""
    return plot.roles.get(label, "tick") == "tick"


def _may_head(label: Label, roof: float, wide: float) -> bool:
    left, top, right, bottom = label.box
    words = parse_number(label.text) is None and any(c.isalpha() for c in label.text)
    return words and not label.angle and (top + bottom) / 2 < roof and right - left < _WIDE * wide


def _heads(labels: Sequence[Label], roof: float) -> list[list[Label]]:
    """Texts that end just above the row, each with the lines right above it."""
    upwards = sorted(labels, key=lambda label: -label.box[3])
    last = max((label.box[3] for label in upwards), default=0.0)
    heads: list[list[Label]] = []
    for label in upwards:
        if last < roof - _OVER * label.size:
            return []
        below = next(
            (
                head
                for head in heads
                if min(label.box[2], head[-1].box[2]) > max(label.box[0], head[-1].box[0])
                and head[-1].box[1] - label.box[3] < _LINES * label.size
            ),
            None,
        )
        if below is not None:
            below.append(label)
        elif label.box[3] > last - 0.8 * label.size:
            heads.append([label])
    return heads


def _middle(label: Label) -> float:
    return (label.box[0] + label.box[2]) / 2
