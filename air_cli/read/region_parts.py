"""Parts of a figure that stand off its drawing: legend entries, and bars that nothing joins."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

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


def join_bars(regions: Sequence[Region]) -> list[Region]:
    """Pieces that stand side by side on one line and share a colour are bars of one chart, whose
    axis is not drawn."""
    joined: list[Region] = []
    for region in sorted(regions, key=lambda item: item.box[0]):
        twin = next((other for other in joined if _of_one_chart(other, region)), None)
        if twin is None:
            joined.append(region)
        else:
            twin.box = union([twin.box, region.box])
            twin.paths += region.paths
    return joined


def _of_one_chart(one: Region, other: Region) -> bool:
    wide = other.box[2] - other.box[0] > _WIDEST_PT
    if one.pictures or other.pictures or wide or not (_are_bars(one) and _are_bars(other)):
        return False
    level = abs(one.box[3] - other.box[3]) < 1.0 and other.box[0] - one.box[2] < _BARS_PT
    return level and _shares_color(other, one)


def _are_bars(region: Region) -> bool:
    """Whether a piece is made of upright filled boxes (and thin rules) only."""
    solid = [path for path in region.paths if not is_rule(path)]
    return bool(solid) and all(is_boxy(path) for path in solid) and area(region.box) > 60
