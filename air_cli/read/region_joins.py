"""Pieces of one chart that no axis joins: bars side by side, lines above one another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from air_cli.read.page import Line, Path, area, union
from air_cli.read.region_parts import shares_color
from air_cli.read.strokes import is_boxy, is_rule
from air_cli.records import Box

if TYPE_CHECKING:
    from air_cli.read.regions import Region

# Points: how far bars are apart. A piece wider than the second is a chart or a table of its own.
_BARS_PT, _WIDEST_PT = 60.0, 200.0
# Points: how near names end to the bars that they name; how exactly at their height, in parts of
# it, and the thickest bars that lie, in heights of letters.
_NAMED_PT, _LEVEL, _HIGH = 14.0, 0.5, 4.0
# Points: how exactly lines of one chart begin and end together, the shortest of them, and how far
# they are apart, also in parts of their width.
_ENDS_PT, _LINE_PT, _LINES_PT, _LINES = 3.0, 60.0, 120.0, 0.6


def join_pieces(regions: Sequence[Region], lines: Sequence[Line]) -> list[Region]:
    """The candidates, those that are pieces of one chart as one; `lines` are the page's texts."""
    return _join_lines(_join_bars(regions, lines), lines)


def _join_bars(regions: Sequence[Region], lines: Sequence[Line]) -> list[Region]:
    """Pieces that stand (or lie) side by side on one line and share a colour are bars of one chart,
    whose axis is not drawn."""
    beside = _joined(regions, 0, lambda one, other: _of_one_chart(one, other, 0, lines))
    below = _joined(beside, 1, lambda one, other: _of_one_chart(one, other, 1, lines))
    return _joined(below, 0, lambda one, other: _in_columns(one, other, lines))


def _joined(
    regions: Sequence[Region], at: int, belong: Callable[[Region, Region], bool]
) -> list[Region]:
    """The candidates from the left (`at` 0) or the top (1), each with those that belong to it."""
    joined: list[Region] = []
    for region in sorted(regions, key=lambda item: item.box[at]):
        twin = next((one for one in joined if belong(one, region)), None)
        if twin is None:
            joined.append(region)
        else:
            twin.box = union([twin.box, region.box])
            twin.paths += region.paths
    return joined


def _of_one_chart(one: Region, other: Region, at: int, lines: Sequence[Line]) -> bool:
    """Whether `other` is a bar next to `one`: right of it where `at` is 0, below it where it is 1.
    Negative bars hang from the line that the others stand on."""
    wide = other.box[at + 2] - other.box[at]
    if one.pictures or other.pictures or wide > _WIDEST_PT or (at == 0 and _begins(other)):
        return False
    along = 1 - at
    level = any(
        abs(mine - its) < 1.0 for mine in _edges(one, along) for its in _edges(other, along)
    )
    # Bands of one length, one below the other, shade the rows of a table; so do cells of one.
    if at and _alike(one, other, along):
        return False
    reach = min(max(_BARS_PT, 1.5 * wide), 2 * _BARS_PT)
    near = other.box[at] - one.box[at + 2] < reach
    if not (level and near and _are_bars(one) and _are_bars(other)):
        return False
    if at == 0 and _named(other, lines):
        return False
    return shares_color(other, one)


def _alike(one: Region, other: Region, at: int) -> bool:
    """Whether what is in two rows begins and ends at the same places."""
    mine, its = sorted(_edges(one, at)), sorted(_edges(other, at))
    return len(mine) == len(its) and all(abs(a - b) < 1.0 for a, b in zip(mine, its, strict=True))


def _edges(region: Region, at: int) -> set[float]:
    """Where the bars of a piece begin and end, in tenths of a point."""
    return {round(path.box[end], 1) for path in region.paths for end in (at, at + 2)}


def _named(region: Region, lines: Sequence[Line]) -> bool:
    """Whether a name ends just left of every row of lying bars: another chart begins there."""
    left = region.box[0]
    rows = {(path.box[1], path.box[3]) for path in region.paths if is_boxy(path)}
    names = [line for line in lines if 0 < left - line.box[2] < _NAMED_PT]
    return bool(rows) and all(
        any(
            abs(line.box[1] + line.box[3] - top - bottom) < _LEVEL * (bottom - top)
            and bottom - top < _HIGH * line.size
            for line in names
        )
        for top, bottom in rows
    )


def _in_columns(one: Region, other: Region, lines: Sequence[Line]) -> bool:
    """Whether bars lie in the rows of those left of them, each from a base line of their own: a
    series in every column. Cells of a table are all of one length."""
    if one.pictures or other.pictures or not (_are_bars(one) and _are_bars(other)):
        return False
    first, bars = ([path.box for path in r.paths if is_boxy(path)] for r in (one, other))
    rows = [{(round(box[1]), round(box[3])) for box in boxes} for boxes in (first, bars)]
    based = max(box[0] for box in bars) - min(box[0] for box in bars) < 1.0
    lengths = {round(box[2] - box[0]) for box in bars}
    near = -1.0 < other.box[0] - one.box[2] < 2 * _BARS_PT
    level = len(rows[0]) >= 2 and rows[0] == rows[1] and based and len(lengths) >= 2
    return near and level and not _named(other, lines)


def _begins(region: Region) -> bool:
    """Whether an axis with tick marks stands left of the bars: another chart begins there."""
    start = min((path.box[0] for path in region.paths if is_boxy(path)), default=region.box[2])
    rules = [path.box for path in region.paths if is_rule(path) and path.box[2] < start]
    axes = [box for box in rules if box[3] - box[1] > 0.3 * (region.box[3] - region.box[1])]
    ticks = [box for box in rules if box[2] - box[0] > box[3] - box[1]]
    return bool(axes) and len(ticks) >= 2


def _are_bars(region: Region) -> bool:
    """Whether a piece is made of upright boxes (with their hatches, and thin rules) only."""
    # A bar that is nearly zero is as flat as a rule, and hatched too.
    frames = [path.box for path in region.paths if is_boxy(path)]
    solid = [path for path in region.paths if not is_rule(path)]
    return (
        any(map(is_boxy, solid))
        and area(region.box) > 60
        and all(is_boxy(path) or _is_hatch(path, frames) for path in solid)
    )


def _is_hatch(path: Path, frames: Sequence[Box]) -> bool:
    """Whether a path is one straight line within one of the boxes."""
    box = path.box
    return len(path.items) == 1 and any(
        f[0] - 1 <= box[0] and box[2] <= f[2] + 1 and f[1] - 1 <= box[1] and box[3] <= f[3] + 1
        for f in frames
    )


def _join_lines(regions: Sequence[Region], lines: Sequence[Line]) -> list[Region]:
    """Lines that begin and end together are series of one chart; a rule as long is its axis."""
    courses = [region for region in regions if _is_course(region)]
    taken: list[Region] = []
    for region in courses:
        if any(region is one for one in taken):
            continue
        for other in sorted(regions, key=lambda item: abs(item.box[1] - region.box[1])):
            joins = other is not region and (_is_course(other) or all(map(is_rule, other.paths)))
            if joins and not other.pictures and _together(region, other, lines):
                region.box = union([region.box, other.box])
                region.paths += other.paths
                taken.append(other)
    return [region for region in regions if not any(region is one for one in taken)]


def _is_course(region: Region) -> bool:
    """Whether an open line runs from the left of a piece to its right, with at least one bend."""
    left, _, right, _ = region.box
    wide = right - left
    return (
        not region.pictures
        and wide > _LINE_PT
        and any(
            path.fill is None
            and len(path.items) >= 2
            and all(item[0] == "l" and item[2][0] > item[1][0] for item in path.items)
            and path.box[2] - path.box[0] > 0.9 * wide
            for path in region.paths
        )
    )


def _together(one: Region, other: Region, lines: Sequence[Line]) -> bool:
    """Whether two pieces end at one left and right, near each other, with no text of such a width
    in between."""
    if any(abs(one.box[end] - other.box[end]) > _ENDS_PT for end in (0, 2)):
        return False
    wide = one.box[2] - one.box[0]
    top, bottom = min(one.box[3], other.box[3]), max(one.box[1], other.box[1])
    between = [line.box for line in lines if top <= (line.box[1] + line.box[3]) / 2 <= bottom]
    crossed = any(min(box[2], one.box[2]) - max(box[0], one.box[0]) > 0.5 * wide for box in between)
    return bottom - top < min(_LINES_PT, _LINES * wide) and not crossed
