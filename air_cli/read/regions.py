"""Regions of a page that are figures.

Drawings and images are painted on a coarse mask (a cell is 2 points); the connected components of
the widened mask are candidates. A candidate is kept when its ink *shows* something (bars, curves,
slanted lines, a picture) and dropped when it only rules, frames or shades text. The labels around
it are then taken into its box, and what overlaps is merged.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from air_cli.read.caption_labels import is_caption
from air_cli.read.page import Line, PageContent, Path, Picture, area, mostly_in, overlap, union
from air_cli.read.region_canvas import fill_canvases
from air_cli.read.region_checks import big_enough, holds_up, is_statement
from air_cli.read.region_joins import join_pieces
from air_cli.read.region_letters import with_letters
from air_cli.read.region_parts import absorb_axes, absorb_legends, absorb_titles
from air_cli.read.region_pieces import parted
from air_cli.read.strokes import Ink, is_boxy, is_rule, weigh
from air_cli.records import Box

_CELL = 2.0
_REACH = 4.0
# The share of a figure that is image, not drawing, in those that are one.
_IMAGE = 0.6
# Square points: a bit more than half a letter page; a sheet as large as a plotting program exports.
_SMALL_PAGE, _SHEET = 270_000.0, 900_000.0
# Shapes of several colours that make such a page a chart, where it has fewer lines than a table.
_PAINTED, _WORDY = 4, 40
# How far, at least, the names beside a narrow chart may reach (points).
_NAMES_PT = 95.0
# Pictures on a page-sized one that make it a background.
_UPON = 3
# Long over short side of what documents and slides are set on, and how exactly.
_FORMATS, _FORMAT = (2**0.5, 11 / 8.5, 14 / 8.5, 17 / 11, 4 / 3, 16 / 9, 16 / 10), 0.006


@dataclass
class Region:
    """A candidate figure and what belongs to it."""

    box: Box
    paths: list[Path] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    ink: Ink = field(default_factory=Ink)


def find_regions(content: PageContent) -> list[Region]:
    """Candidate regions that hold up, with their labels."""
    content = with_letters(content)
    prose = _prose_blocks(content)
    whole = _chart_page(content, prose)
    if whole and content.width * content.height < _SMALL_PAGE:
        return [whole]
    paths = [path for path in parted(content.paths) if _is_ink(path, content, prose)]
    pictures = [picture for picture in content.pictures if not _is_backdrop(picture, content)]
    regions = join_pieces(_components(paths, pictures, content), content.lines)
    for region in regions:
        region.lines = [line for line in content.lines if mostly_in(line.box, region.box)]
        region.ink = weigh(region.paths, region.lines)
    kept = [region for region in regions if holds_up(region, content, prose)]
    rest = [region for region in regions if region not in kept]
    _absorb_texts(kept, content, prose)
    _absorb_pieces(kept, rest)
    absorb_axes(kept, rest)
    absorb_legends(kept, rest, content)
    fill_canvases(kept, rest, content, prose)
    absorb_titles(kept, content, prose)
    kept = _merge(kept)
    _absorb_texts(kept, content, prose)
    kept = [r for r in _merge(kept) if big_enough(r.box) and not is_statement(r)]
    if whole and len(kept) == 1:
        # On a sheet of a chart's own all belongs to it: names and legends far from its ink.
        return [whole]
    return sorted(kept, key=lambda region: (round(region.box[1] / 40), region.box[0]))


def _chart_page(content: PageContent, prose: Sequence[Line]) -> Region | None:
    """A small page that is one chart, as plotting programs export them."""
    size = content.width * content.height
    small = size < (_SMALL_PAGE if _is_paper(content) else _SHEET)
    pictured = sum(area(picture.box) for picture in content.pictures)
    if not small or len(prose) > 3 or not content.paths:
        return None
    if pictured > 0.05 * content.width * content.height:
        return None
    page = (0.0, 0.0, content.width, content.height)
    ink = weigh(content.paths, content.lines)
    painted = ink.fills >= _PAINTED and ink.colors > 2 and len(content.lines) < _WORDY
    if not (ink.shows or ink.bars or ink.slanted + ink.curves or painted):
        return None
    return Region(page, list(content.paths), [], list(content.lines), ink)


def _is_paper(content: PageContent) -> bool:
    """Whether a page has the shape of paper or of a slide, rather than one that a chart needs."""
    short, long = sorted((content.width, content.height))
    return any(abs(long / max(short, 1.0) - shape) < _FORMAT * shape for shape in _FORMATS)


def _is_ink(path: Path, content: PageContent, prose: Sequence[Line]) -> bool:
    """Drop what is invisible, page furniture, or a panel behind prose."""
    left, top, right, bottom = path.box
    width, height = right - left, bottom - top
    page = content.width * content.height
    if not path.visible:
        return width * height < 0.5 * page and not any(mostly_in(p.box, path.box) for p in prose)
    white = path.fill is None or min(path.fill) > 0.985
    faint = path.stroke is None or min(path.stroke) > 0.985
    if white and faint:
        return False
    if width > 0.6 * content.width and height <= 3:
        return 0.1 * content.height < top < 0.9 * content.height
    if width * height > 0.7 * page:
        return False
    if path.fill and width * height > 0.04 * page and is_boxy(path):
        return sum(mostly_in(line.box, path.box) for line in prose) < 3
    return True


def _is_backdrop(picture: Picture, content: PageContent) -> bool:
    """A page-sized image under text, or under another picture on a page that says something, is a
    background; otherwise it is a scanned page."""
    page = content.width * content.height
    if area(picture.box) < 0.8 * page or not content.lines:
        return False
    upon = [other for other in content.pictures if 0.08 * page < area(other.box) < 0.8 * page]
    # Scanners that part a page into layers make many pieces.
    return len(content.lines) > 4 or 0 < len(upon) <= _UPON


def _components(
    paths: Sequence[Path], pictures: Sequence[Picture], content: PageContent
) -> list[Region]:
    """Connected components, each with its paths and pictures. Pictures join each other (strips,
    tiles) and what is drawn on them; drawings beside a picture are components of their own."""
    beside: list[Path | Picture] = []
    upon: list[Path | Picture] = [*pictures]
    for path in paths:
        over = any(mostly_in(path.box, picture.box) for picture in pictures)
        (upon if over else beside).append(path)
    return _nest([*_connected(upon, content, _CELL), *_connected(beside, content, _REACH)])


def _connected(items: Sequence[Path | Picture], content: PageContent, reach: float) -> list[Region]:
    """Components of the mask of these items, widened by `reach` points."""
    rows, columns = int(content.height / _CELL) + 2, int(content.width / _CELL) + 2
    if rows * columns > 4_000_000 or not items:
        return []
    mask = np.zeros((rows, columns), np.uint8)
    for item in items:
        outline = isinstance(item, Path) and item.fill is None and is_boxy(item)
        _paint(mask, item.box, outline=outline)
    side = 2 * int(reach / _CELL) + 1
    wide = cv2.dilate(mask, np.ones((side, side), np.uint8))
    count, labels = cv2.connectedComponents(wide, connectivity=8)
    found: list[Region | None] = [None] * count
    for item in items:
        column, row = int(item.box[0] / _CELL), int(item.box[1] / _CELL)
        number = int(labels[min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)])
        region = found[number]
        if region is None:
            region = found[number] = Region(item.box)
        region.box = union([region.box, item.box])
        if isinstance(item, Path):
            region.paths.append(item)
        else:
            region.pictures.append(item)
    return [region for region in found if region is not None]


def _paint(
    mask: np.ndarray[tuple[int, int], np.dtype[np.uint8]], box: Box, *, outline: bool
) -> None:
    left, top, right, bottom = (max(int(part / _CELL), 0) for part in box)
    if not outline:
        mask[top : bottom + 1, left : right + 1] = 1
        return
    mask[top : bottom + 1, [left, min(right, mask.shape[1] - 1)]] = 1
    mask[[top, min(bottom, mask.shape[0] - 1)], left : right + 1] = 1


def _nest(regions: list[Region]) -> list[Region]:
    """Put what lies inside a frame into the frame's region, unless the frame is half a page."""
    regions = sorted(regions, key=lambda region: -area(region.box))
    kept: list[Region] = []
    for region in regions:
        frame = next((r for r in kept if mostly_in(region.box, r.box)), None)
        if frame is None:
            kept.append(region)
        else:
            frame.paths += region.paths
            frame.pictures += region.pictures
    return kept


def _prose_blocks(content: PageContent) -> list[Line]:
    """Lines of paragraphs: blocks of two and more level lines that are long."""
    blocks: dict[int, list[Line]] = {}
    for line in content.lines:
        blocks.setdefault(line.block, []).append(line)
    prose: list[Line] = []
    for lines in blocks.values():
        rows = len({round(line.box[1] / 3) for line in lines})
        long = [line for line in lines if len(line.text) > 38 and _words(line.text) >= 6]
        running = any(len(line.text) > 75 and _words(line.text) > 9 for line in lines)
        if running or (rows >= 2 and long and len(long) >= 0.4 * len(lines)):
            prose += lines
    return prose


def _words(text: str) -> int:
    return sum(any(c.isalpha() for c in word) for word in text.split())


def gap(one: Box, other: Box) -> float:
    """Distance between two boxes, 0 when they touch."""
    across = max(one[0] - other[2], other[0] - one[2], 0.0)
    along = max(one[1] - other[3], other[1] - one[3], 0.0)
    return math.hypot(across, along)


def _absorb_texts(regions: Sequence[Region], content: PageContent, prose: Sequence[Line]) -> None:
    """Give each label to the nearest figure, in rounds: ticks first, then what stands by them."""
    if not regions:
        return
    banned = {id(line) for line in prose}
    free = [line for line in content.lines if id(line) not in banned and not is_caption(line.text)]
    limits = [region.box for region in regions]
    for _ in range(3):
        rest = []
        for line in free:
            region, start = min(
                zip(regions, limits, strict=True), key=lambda pair: gap(pair[0].box, line.box)
            )
            if _is_label(line, region, start):
                region.box = union([region.box, line.box])
                region.lines.append(line)
            else:
                rest.append(line)
        free = rest


def _is_label(line: Line, region: Region, start: Box) -> bool:
    """A short text near the figure that does not make it much larger than its ink."""
    near = gap(region.box, line.box)
    tick = len(line.text) <= 8 and any(c.isdigit() for c in line.text)
    if near > max(5.0, (1.6 if tick else 0.9) * line.size):
        return False
    grown = union([region.box, line.box])
    wide, high = start[2] - start[0], start[3] - start[1]
    if grown[2] - grown[0] > wide + max(0.5 * wide, _NAMES_PT):
        return False
    if grown[3] - grown[1] > high + max(0.45 * high, 60):
        return False
    return near == 0 or len(line.text) <= 70 or line.angle in (90, -90)


def _absorb_pieces(kept: Sequence[Region], rest: Sequence[Region]) -> None:
    """Legend swatches, axis strokes and other small ink that stands by a figure belong to it."""
    for piece in rest:
        if piece.box[2] - piece.box[0] > 400 and is_rule(_as_path(piece)):
            continue
        if len(piece.lines) >= 3:
            continue
        for region in kept:
            # An image has its labels in it; what is drawn beside it is rather a table's shading.
            if _is_image(region):
                continue
            if gap(piece.box, region.box) <= 6 and area(piece.box) < 0.3 * area(region.box):
                region.paths += piece.paths
                region.pictures += piece.pictures
                region.box = union([region.box, piece.box])
                break


def _is_image(region: Region) -> bool:
    shown = sum(area(picture.box) for picture in region.pictures)
    return shown > _IMAGE * area(region.box)


def _as_path(region: Region) -> Path:
    return Path((), region.box)


def _merge(regions: list[Region]) -> list[Region]:
    """Join regions that overlap by a good part of the smaller one."""
    merged = list(regions)
    again = True
    while again:
        again = False
        for n, one in enumerate(merged):
            for other in merged[n + 1 :]:
                small = max(min(area(one.box), area(other.box)), 1.0)
                if overlap(one.box, other.box) > 0.2 * small:
                    one.box = union([one.box, other.box])
                    one.paths += other.paths
                    one.pictures += other.pictures
                    one.lines += other.lines
                    one.ink = weigh(one.paths, one.lines)
                    merged.remove(other)
                    again = True
                    break
            if again:
                break
    return merged
