"""What a candidate must show to be a figure, and what it may be instead: a table, a signature."""

from __future__ import annotations

import itertools
import re
import statistics
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from air_cli.read.numbers import parse_number
from air_cli.read.page import Line, PageContent, Path, area, mostly_in
from air_cli.read.strokes import TICKS, is_boxy, is_rounded, is_rule
from air_cli.records import Box

if TYPE_CHECKING:
    from air_cli.read.regions import Region

# Colours of a statement's shades; numbers in a row, and such rows, that make one.
_SHADES, _CELLS, _ROWS = 2, 4, 3
# Labels of an axis that tell it from a table's numbers.
_FEWEST_TICKS = 4
_BESIDE = 45.0
_MIN_SIDE, _MIN_LONG = 40.0, 64.0
# Shares of a figure's area: of its images together, and of a shape that is no ruling.
_PICTURED, _DRAWN = 0.15, 0.05
# Points: the most that a signature takes.
_SIGNED_WIDE, _SIGNED_HIGH = 260.0, 80.0


def holds_up(region: Region, content: PageContent, prose: Sequence[Line]) -> bool:
    """Whether a candidate shows something, rather than ruling or decorating text."""
    left, top, right, bottom = region.box
    width, height = right - left, bottom - top
    if width > 0.97 * content.width and height > 0.97 * content.height and region.lines:
        return not region.pictures and (region.ink.shows or _has_scale(region.lines))
    if _is_pictured(region):
        return big_enough(region.box) or (width > 50 and height > 30)
    if min(width, height) < 24 or max(width, height) < 48:
        return False
    if not region.ink.shows and not _has_scale(_around(region, content)):
        return False
    if is_signature(region):
        return False
    text = sum(area(line.box) for line in region.lines)
    written = sum(mostly_in(line.box, region.box) for line in prose)
    if written >= 4 or text > 0.5 * area(region.box):
        return False
    return not _is_table(region)


def _is_pictured(region: Region) -> bool:
    """Whether images, alone or as the strips of one, cover a good part of it."""
    shown = [area(picture.box) for picture in region.pictures if min(picture.size) >= 8]
    return sum(shown) > _PICTURED * area(region.box)


def _is_table(region: Region) -> bool:
    """Rules and shades with text in rows and columns, and hardly any other ink."""
    ink = region.ink
    if any(_draws(path, region.box) for path in region.paths) or _has_scale(region.lines):
        return False
    if ink.ticks >= TICKS:
        return False
    if ink.slanted + ink.curves >= max(6, ink.rules // 2) or ink.bars >= max(3, ink.fills // 2):
        return False
    rows = {round(line.box[3] / 4) for line in region.lines}
    return len(region.lines) >= 8 and len(rows) >= 3 and len(region.lines) >= 1.5 * len(rows)


def is_statement(region: Region) -> bool:
    """Whether shades of one or two colours, no higher than a line or two, lie under rows of four
    numbers and more: a statement whose cells are shaded one by one looks like bars."""
    ink = region.ink
    drawn = ink.slanted + ink.curves + ink.steps + ink.boxes + ink.courses
    if region.pictures or drawn or ink.colors > _SHADES or not region.lines:
        return False
    high = statistics.median(line.box[3] - line.box[1] for line in region.lines)
    if any(path.box[3] - path.box[1] > 2 * high for path in region.paths):
        return False
    rows: Counter[int] = Counter()
    for line in {line.box: line for line in region.lines}.values():
        cells = re.split(r"\s{2,}", line.text)
        rows[round(line.box[3] / 4)] += sum(parse_number(cell) is not None for cell in cells)
    return sum(count >= _CELLS for count in rows.values()) >= _ROWS


def _has_scale(lines: Sequence[Line]) -> bool:
    """Whether numbers that stand in a row or column, evenly apart, count in even steps from zero as
    no table does: the labels of an axis."""
    numbers = [(number.value, line.box) for line in lines if (number := parse_number(line.text))]
    for side in (0, 1):
        # The labels of a row share their base line, those of a column their right edge.
        edge = 3 - side
        for _, first in numbers:
            aligned = [
                (box[side] + box[side + 2], value)
                for value, box in numbers
                if abs(box[edge] - first[edge]) < 1
            ]
            if len(aligned) >= _FEWEST_TICKS and _counts(sorted(aligned)):
                return True
    return False


def _around(region: Region, content: PageContent) -> list[Line]:
    """The lines in a region and right beside it."""
    left, top, right, bottom = region.box
    return [
        line
        for line in content.lines
        if left - _BESIDE < line.box[0] < right + _BESIDE
        and top - _BESIDE < line.box[1] < bottom + _BESIDE
    ]


def _counts(aligned: Sequence[tuple[float, float]]) -> bool:
    places = [b[0] - a[0] for a, b in itertools.pairwise(aligned)]
    steps = [b[1] - a[1] for a, b in itertools.pairwise(aligned)]
    even = max(places) - min(places) < 0.06 * max(places)
    same = max(steps) - min(steps) < 1e-6 * max(map(abs, steps), default=1.0) and steps[0] != 0
    return even and same and any(value == 0 for _, value in aligned)


def _draws(path: Path, box: Box) -> bool:
    """Whether a path with slanted or bent edges takes a good part of the region."""
    plain = is_boxy(path) or is_rule(path) or is_rounded(path)
    return not plain and area(path.box) > _DRAWN * area(box) and len(path.items) > 5


def is_signature(region: Region) -> bool:
    """Whether this is handwriting: small, curves in strokes of one ink, no number beside them, at
    most a rule beneath."""
    left, top, right, bottom = region.box
    if right - left > _SIGNED_WIDE or bottom - top > _SIGNED_HIGH or region.pictures:
        return False
    drawn = [path for path in region.paths if not is_rule(path)]
    if any(path.fill for path in drawn) or len({path.stroke for path in drawn}) > 1:
        return False
    rules = len(region.paths) - len(drawn)
    numbers = sum(any(c.isdigit() for c in line.text) for line in region.lines)
    return region.ink.curves >= 3 and rules <= 2 and not numbers


def big_enough(box: Box) -> bool:
    """Whether a figure is larger than an icon."""
    width, height = box[2] - box[0], box[3] - box[1]
    return min(width, height) >= _MIN_SIDE and max(width, height) >= _MIN_LONG
