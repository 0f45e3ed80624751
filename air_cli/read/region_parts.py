"""Parts of a figure that stand off its drawing: legend entries, and bars that nothing joins."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from air_cli.read.caption_labels import is_caption
from air_cli.read.page import Color, Line, PageContent, Path, area, union
from air_cli.read.strokes import is_boxy, is_rule
from air_cli.records import Box

if TYPE_CHECKING:
    from air_cli.read.regions import Region

# Points: how far a legend stands from its chart (one of several entries may be farther), how large
# a swatch is, how far bars are apart.
_LEGEND_PT, _FAR_PT, _SWATCH_PT, _BARS_PT = 70.0, 170.0, 46.0, 60.0
# Colours nearer than this, in parts of one, are the same.
_SAME = 0.04
# A piece wider than this is a chart or a table of its own.
_WIDEST_PT = 200.0
# How far an axis may stand from what it measures, and how thick it is with its tick marks.
_AXIS_PT, _THICK_PT = 40.0, 14.0
# How far above a figure its title may stand.
_TITLE_PT = 50.0


def absorb_legends(kept: Sequence[Region], rest: Sequence[Region], content: PageContent) -> None:
    """Take legend entries into the figures whose colours they explain: a small shape with a text
    beside it, painted as something in the figure is."""
    found: dict[int, list[tuple[float, Region, Line]]] = {}
    for piece in rest:
        for line in _beside(piece, content):
            box = union([piece.box, line.box])
            near = [
                (_apart(box, kept[n].box), n)
                for n in range(len(kept))
                if _shares_color(piece, kept[n])
            ]
            if near:
                apart, n = min(near)
                found.setdefault(n, []).append((apart, piece, line))
    for n, entries in found.items():
        reach = _LEGEND_PT if len({line.text for _, _, line in entries}) < 2 else _FAR_PT
        for apart, piece, line in entries:
            if apart <= reach:
                _take(kept[n], piece, line)


def _take(region: Region, piece: Region, line: Line) -> None:
    region.box = union([region.box, piece.box, line.box])
    region.paths += [path for path in piece.paths if path not in region.paths]
    if line not in region.lines:
        region.lines.append(line)


def _beside(piece: Region, content: PageContent) -> Iterator[Line]:
    """The texts at a piece's height, directly right or left of it; none for what is no swatch."""
    left, top, right, bottom = piece.box
    if right - left > _SWATCH_PT or bottom - top > 4 * _SWATCH_PT or not piece.paths:
        return
    for line in content.lines:
        middle = (line.box[1] + line.box[3]) / 2
        gap = max(line.box[0] - right, left - line.box[2])
        level = top - 0.4 * line.size <= middle <= bottom + 0.4 * line.size
        if level and not line.angle and -1 <= gap < 1.8 * line.size and len(line.text) <= 60:
            yield line


def _shares_color(piece: Region, region: Region) -> bool:
    colors = {color for path in region.paths for color in _colors(path)}
    return any(_same(one, other) for path in piece.paths for one in _colors(path)
               for other in colors)  # fmt: skip


def _colors(path: Path) -> list[Color]:
    """The colours of a path, greys left out: rules and frames have those."""
    found = [color for color in (path.fill, path.stroke) if color is not None]
    return [color for color in found if max(color) - min(color) > 0.1]


def _same(one: Color, other: Color) -> bool:
    return len(one) == len(other) and all(
        abs(a - b) < _SAME for a, b in zip(one, other, strict=True)
    )


def _apart(entry: Box, figure: Box) -> float:
    """How far a legend entry is from a figure: beside it, below or above; most stand at its right,
    so that one left of a figure is rather its neighbour's."""
    right, left = entry[0] - figure[2], figure[0] - entry[2]
    down = max(entry[1] - figure[3], figure[1] - entry[3], 0.0)
    across = max(right, 2 * left, 0.0)
    return max(across, down) if min(across, down) <= 20 else math.inf


def absorb_titles(kept: Sequence[Region], content: PageContent, prose: Sequence[Line]) -> None:
    """Take in the title above a figure: a short line as much as centred over it, set larger than
    what is written in it, with nothing in between."""
    banned = {id(line) for line in prose}
    for region in kept:
        left, top, right, bottom = region.box
        reach = min(_TITLE_PT, 0.3 * (bottom - top))
        within = sorted(line.size for line in region.lines)
        usual = within[len(within) // 2] if within else 0.0
        above = [
            line
            for line in content.lines
            if -2 < top - line.box[3] < reach and line.box[2] > left and line.box[0] < right
        ]
        for line in sorted(above, key=lambda item: -item.box[3]):
            middle = (line.box[0] + line.box[2] - left - right) / 2
            centred = abs(middle) < 0.06 * (right - left)
            loud = line.bold or line.size > 1.1 * usual
            fits = line.box[0] >= left and line.box[2] <= right and len(line.text) <= 80
            if id(line) in banned or is_caption(line.text) or not (centred and loud and fits):
                break
            region.lines.append(line)
            region.box = union([region.box, line.box])


def absorb_axes(kept: Sequence[Region], rest: Sequence[Region]) -> None:
    """Take in axes that are drawn off their bars: a long rule with at least two tick marks."""
    for piece in rest:
        if len(piece.paths) < 3 or piece.pictures or not all(map(is_rule, piece.paths)):
            continue
        near = [(_along(piece.box, region.box), n) for n, region in enumerate(kept)]
        apart, n = min(near, default=(math.inf, 0))
        if apart < _AXIS_PT:
            kept[n].paths += piece.paths
            kept[n].box = union([kept[n].box, piece.box])


def _along(axis: Box, box: Box) -> float:
    """How far a piece stands off a side of a figure along which it runs; infinite for others."""
    for at in (0, 1):
        long, start, end = 1 - at, axis[1 - at], axis[3 - at]
        side = box[2 + long] - box[long]
        shared = min(end, box[2 + long]) - max(start, box[long])
        apart = max(axis[at] - box[2 + at], box[at] - axis[2 + at])
        thin = axis[2 + at] - axis[at] < _THICK_PT
        if thin and apart > -2 and shared > 0.5 * max(side, end - start):
            return apart
    return math.inf


def join_bars(regions: Sequence[Region]) -> list[Region]:
    """Pieces that stand (or lie) side by side on one line and share a colour are bars of one chart,
    whose axis is not drawn."""
    joined = list(regions)
    for at in (0, 1):
        waiting, joined = sorted(joined, key=lambda item: item.box[at]), []
        for region in waiting:
            twin = next((one for one in joined if _of_one_chart(one, region, at)), None)
            if twin is None:
                joined.append(region)
            else:
                twin.box = union([twin.box, region.box])
                twin.paths += region.paths
    return joined


def _of_one_chart(one: Region, other: Region, at: int) -> bool:
    """Whether `other` is a bar next to `one`: right of it where `at` is 0, below it where it is 1.
    Negative bars hang from the line that the others stand on."""
    wide = other.box[at + 2] - other.box[at]
    if one.pictures or other.pictures or wide > _WIDEST_PT or (at == 0 and _begins(other)):
        return False
    along = 1 - at
    level = any(
        abs(bar.box[mine] - other.box[its]) < 1.0
        for bar in one.paths
        for mine in (along, along + 2)
        for its in (along, along + 2)
    )
    # Bands of one length, one below the other, shade the rows of a table.
    if at and all(abs(one.box[end] - other.box[end]) < 1.0 for end in (along, along + 2)):
        return False
    reach = min(max(_BARS_PT, 1.5 * wide), 2 * _BARS_PT)
    near = other.box[at] - one.box[at + 2] < reach
    return level and near and _are_bars(one) and _are_bars(other) and _shares_color(other, one)


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
