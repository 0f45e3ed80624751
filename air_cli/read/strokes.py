"""What drawing operations show: bars, curves, slanted lines, or only rules and boxes."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from air_cli.read.page import Line, Path, area, overlap
from air_cli.records import Box

_THIN = 1.6
# Tick marks that make an axis: how many, how long in points, how evenly spaced.
TICKS, _TICK_PT, _EVEN = 5, 8.0, 0.06
# Slanted pieces of a line that is drawn from left to right, and its width in points.
_SLANTED, _COURSE_PT = 3, 60.0


@dataclass(frozen=True)
class Ink:
    """Counts of what the operations of a region show."""

    slanted: int = 0
    curves: int = 0
    bars: int = 0
    rules: int = 0
    fills: int = 0
    steps: int = 0
    colors: int = 0
    boxes: int = 0
    ticks: int = 0
    courses: int = 0

    @property
    def shows(self) -> bool:
        """Whether the ink shows data or a drawing, rather than ruling or shading a text."""
        busy = self.slanted + self.curves >= 6 or self.steps >= 6
        drawn = self.bars >= 2 or self.boxes >= 2 or self.courses >= 1
        return drawn or busy or self.ticks >= TICKS


def weigh(paths: Sequence[Path], lines: Sequence[Line]) -> Ink:
    """Count what `paths` show; `lines` are the texts that stand among them."""
    slanted = curves = rules = steps = 0
    fills: list[Path] = []
    colors: set[tuple[float, ...]] = set()
    for path in paths:
        if is_rule(path):
            rules += 1
            continue
        if path.fill and is_boxy(path):
            if min(path.fill) < 0.97:
                fills.append(path)
                colors.add(tuple(round(part, 1) for part in path.fill))
            continue
        if is_boxy(path) or is_rounded(path):
            continue
        bends = _segments(path)
        slanted += bends[0]
        curves += bends[1]
        steps += bends[2] if not path.fill else 0
        if path.fill or path.stroke:
            colors.add(tuple(round(part, 1) for part in (path.fill or path.stroke or ())))
    crossed = _crossed(paths, lines)
    shapes = (rules, len(fills), steps, len(colors), crossed, ticks(paths), courses(paths))
    return Ink(slanted, curves, bars(fills, lines), *shapes)


def _crossed(paths: Sequence[Path], lines: Sequence[Line]) -> int:
    """How many boxes without text have a rule from side to side: quartiles and their median."""
    rules = [path.box for path in paths if is_rule(path)]
    found = {
        (round(box[0]), round(box[1]))
        for path in paths
        if is_boxy(path) and not is_rule(path)
        for box in [path.box]
        if any(
            abs(rule[0] - box[0]) + abs(rule[2] - box[2]) < 0.1 * (box[2] - box[0])
            and box[1] + 0.3 < rule[1] <= rule[3] < box[3] - 0.3
            for rule in rules
        )
        and not any(overlap(line.box, box) for line in lines)
    }
    return len(found)


def courses(paths: Sequence[Path]) -> int:
    """How many open lines go on to the right in slanted pieces: a few years as a line chart. Lines
    that begin and end together may have fewer pieces."""
    count = 0
    together: Counter[tuple[int, int]] = Counter()
    for path in paths:
        pieces = [item for item in path.items if item[0] == "l"]
        slanted = sum(not _straight(item[1], item[2]) for item in pieces)
        onward = all(item[2][0] > item[1][0] for item in pieces)
        wide = path.box[2] - path.box[0] > _COURSE_PT
        if path.fill is not None or len(pieces) != len(path.items) or not onward or not wide:
            continue
        count += slanted >= _SLANTED
        together[round(path.box[0]), round(path.box[2])] += slanted == _SLANTED - 1
    return count + sum(number >= 2 for number in together.values())


def ticks(paths: Sequence[Path]) -> int:
    """The number of tick marks on the best axis: short rules of one extent, evenly spaced along a
    long rule or the side of a frame that they touch."""
    best = 0
    for at in (0, 1):
        long = 1 - at
        groups: dict[tuple[int, int], set[float]] = defaultdict(set)
        for path in paths:
            box = path.box
            if is_rule(path) and 1.5 < box[at + 2] - box[at] <= _TICK_PT:
                groups[round(box[at]), round(box[at + 2])].add(round(box[long], 1))
        for (start, end), places in groups.items():
            if len(places) > best and _evenly(sorted(places)):
                reach = max(places) - min(places)
                touched = any(
                    path.box[long + 2] - path.box[long] >= 0.9 * reach
                    and any(abs(path.box[side] - edge) < 1.5 for side in (at, at + 2)
                            for edge in (start, end))
                    for path in paths
                )  # fmt: skip
                best = len(places) if touched else best
    return best


def _evenly(places: Sequence[float]) -> bool:
    if len(places) < TICKS:
        return False
    steps = [after - before for before, after in pairwise(places)]
    return max(steps) - min(steps) < max(_EVEN * max(steps), 0.3) and min(steps) > 4


def is_rule(path: Path) -> bool:
    """A thin horizontal or vertical line, drawn as a stroke or as a filled sliver."""
    left, top, right, bottom = path.box
    thin = min(right - left, bottom - top) <= _THIN
    return thin and max(right - left, bottom - top) > 3 and len(path.items) <= 4


def is_boxy(path: Path) -> bool:
    """An axis-parallel rectangle, however it was drawn."""
    items = path.items
    if len(items) == 1 and items[0][0] in ("re", "qu"):
        return items[0][0] == "re" or _straight_quad(items[0][1])
    if not 3 <= len(items) <= 5 or any(item[0] != "l" for item in items):
        return False
    return all(_straight(item[1], item[2]) for item in items)


def is_rounded(path: Path) -> bool:
    """A rectangle with rounded corners (legend frames, call-outs)."""
    sides = [item for item in path.items if item[0] == "l" and math.dist(item[1], item[2]) > 0.5]
    corners = sum(item[0] == "c" for item in path.items)
    if corners not in (4, 8) or not 2 <= len(sides) <= 5:
        return False
    return all(_straight(item[1], item[2]) for item in sides)


def _straight_quad(quad: Sequence[Sequence[float]]) -> bool:
    return _straight(quad[0], quad[1]) and _straight(quad[0], quad[2])


def _straight(start: Sequence[float], end: Sequence[float]) -> bool:
    return abs(start[0] - end[0]) < 0.05 or abs(start[1] - end[1]) < 0.05


def _segments(path: Path) -> tuple[int, int, int]:
    """Slanted lines, curves, and steps of a staircase, among visible segments."""
    slanted = curves = straight = 0
    for item in path.items:
        if item[0] == "l":
            if _straight(item[1], item[2]):
                straight += 1
            elif max(abs(item[1][0] - item[2][0]), abs(item[1][1] - item[2][1])) > 0.6:
                slanted += 1
        elif item[0] == "c":
            curves += 1
        elif item[0] == "qu":
            slanted += 4
    return slanted, curves, straight if straight > 5 and not slanted else 0


def bars(fills: Sequence[Path], lines: Sequence[Line]) -> int:
    """How many of the filled rectangles look like bars: one thickness, one base line, lengths
    that differ, and not shading a text."""
    free = [box for box in _joined(fills) if not _shades(box, lines)]
    upright = _bar_group([(b[2] - b[0], b[3], b[3] - b[1], b[1]) for b in free])
    lying = _bar_group([(b[3] - b[1], b[0], b[2] - b[0], b[2]) for b in free])
    return max(upright, lying)


def _joined(fills: Sequence[Path]) -> list[Box]:
    """Boxes of the fills; cells of one colour that share a whole side are one shaded row."""
    rows: dict[tuple[object, ...], list[Box]] = defaultdict(list)
    for path in fills:
        rows[path.fill, round(path.box[1], 1), round(path.box[3], 1)].append(path.box)
    joined: list[Box] = []
    for boxes in rows.values():
        last: Box | None = None
        for box in sorted(boxes):
            if last is not None and box[0] - last[2] < 0.3:
                last = (last[0], last[1], max(last[2], box[2]), last[3])
                continue
            if last is not None:
                joined.append(last)
            last = box
        if last is not None:
            joined.append(last)
    return joined


def _bar_group(boxes: Sequence[tuple[float, float, float, float]]) -> int:
    groups: dict[float, list[tuple[float, float, float]]] = defaultdict(list)
    for thickness, base, length, end in boxes:
        if thickness > 1.2 and length > 0.8:
            groups[round(thickness)].append((base, length, end))
    best = 0
    for group in groups.values():
        places = Counter(place for base, _, end in group for place in {round(base), round(end)})
        lengths = {round(length) for _, length, _ in group}
        bases = {round(base) for base, _, _ in group}
        ends = {round(end) for _, _, end in group}
        # Bars share a base (negative ones end there); stacked ones stand on each other's ends.
        shared = places.most_common(1)[0][1] >= 0.6 * len(group)
        piled = len(bases - ends) <= max(2, len(group) // 2)
        if len(lengths) >= 2 and (shared or piled or _in_columns(group)):
            best = max(best, len(group))
    return best


def _in_columns(group: Sequence[tuple[float, float, float]]) -> bool:
    """Whether most bars share a base with one of another length: a base line for every series.
    The cells of a table's column are all of one length."""
    columns: dict[int, set[int]] = defaultdict(set)
    for base, length, _ in group:
        columns[round(base)].add(round(length))
    return sum(len(columns[round(base)]) > 1 for base, _, _ in group) >= 0.6 * len(group)


def _shades(box: Box, lines: Sequence[Line]) -> bool:
    """Whether a fill is the background of text: the text covers a good part of it, or stands in
    several pieces along it."""
    on = [line for line in lines if overlap(line.box, box) > 0.6 * area(line.box)]
    covered = sum(overlap(line.box, box) for line in on)
    return covered > 0.3 * area(box) or (len(on) >= 3 and covered > 0.08 * area(box))
