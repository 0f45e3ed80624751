"""The canvas of a figure: the box that its program drew it in.

Plotting programs begin with a background as large as the chart, white more often than not, and a
chart that is placed in a document as a form is clipped by the form's box. What stands on the same
canvas (a title at its far end, bars that nothing joins) belongs to the figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from air_cli.read.caption_labels import is_caption
from air_cli.read.page import Line, PageContent, area, clipped, overlap, union
from air_cli.read.strokes import is_boxy, weigh
from air_cli.records import Box

if TYPE_CHECKING:
    from air_cli.read.regions import Region

# Square points, and shares of the page and of the figure's own ink.
_LEAST, _PAGE, _INK, _LEGEND = 4_000.0, 0.75, 7.0, 0.12
# Different canvases tried, and lines of prose on what is none.
_TRIED, _PROSE = 60, 2


def fill_canvases(
    kept: Sequence[Region], rest: Sequence[Region], content: PageContent, prose: Sequence[Line]
) -> None:
    """Widen each figure to all that stands on a canvas of its own, and take in those pieces."""
    if not kept:
        return
    found = _canvases(content, prose)
    for region in kept:
        # A legend with pictures for swatches is a small region of its own: it may share the canvas.
        others = [
            other.box
            for other in kept
            if other is not region and area(other.box) > _LEGEND * area(region.box)
        ]
        for canvas in found:
            if not _fits(canvas, region.box, others):
                continue
            small = [other for other in kept if area(other.box) <= _LEGEND * area(region.box)]
            _fill(region, canvas, [*rest, *small], content, prose)


def _canvases(content: PageContent, prose: Sequence[Line]) -> list[Box]:
    """Boxes that may be canvases, smallest first."""
    page = content.width * content.height
    boxes: set[Box] = set()
    for path in content.paths:
        if path.fill is not None and is_boxy(path):
            boxes.add(path.box)
        if path.clip is not None:
            boxes.add(path.clip)
    fit = sorted((box for box in boxes if _LEAST < area(box) < _PAGE * page), key=area)
    return [box for box in fit[-_TRIED:] if sum(_within(line.box, box) for line in prose) < _PROSE]


def _fits(canvas: Box, ink: Box, others: Sequence[Box]) -> bool:
    """Whether a canvas holds a figure, and no other one."""
    if overlap(canvas, ink) < 0.95 * area(ink) or area(canvas) > _INK * area(ink):
        return False
    return all(overlap(canvas, other) < 0.1 * area(other) for other in others)


def _fill(
    region: Region,
    canvas: Box,
    rest: Sequence[Region],
    content: PageContent,
    prose: Sequence[Line],
) -> None:
    banned = {id(line) for line in prose} | {id(line) for line in region.lines}
    for line in content.lines:
        if id(line) not in banned and _within(line.box, canvas) and not is_caption(line.text):
            region.lines.append(line)
            region.box = union([region.box, line.box])
    for piece in rest:
        part = clipped(piece.box, canvas)
        if part is not None and (area(piece.box) == 0 or _within(piece.box, canvas)):
            region.paths += [path for path in piece.paths if path not in region.paths]
            region.box = union([region.box, part])
    region.ink = weigh(region.paths, region.lines)


def _within(box: Box, frame: Box) -> bool:
    return overlap(box, frame) > 0.7 * area(box)
