"""Parts of a figure that stand off its drawing: legend entries, titles, axes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from air_cli.read.caption_labels import is_caption
from air_cli.read.page import Color, Line, PageContent, Path, union
from air_cli.read.strokes import is_rule
from air_cli.records import Box

if TYPE_CHECKING:
    from air_cli.read.regions import Region

# Points: how far a legend stands from its chart (one of several entries may be farther), how large
# a swatch is.
_LEGEND_PT, _FAR_PT, _SWATCH_PT = 70.0, 170.0, 46.0
# Colours nearer than this, in parts of one, are the same.
_SAME = 0.04
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
                if shares_color(piece, kept[n])
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


def shares_color(piece: Region, region: Region) -> bool:
    """Whether a colour, other than grey, of one is in the other."""
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
