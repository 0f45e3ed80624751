"""Where the data area is: from axes and the lines near them, else from the ink."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

import cv2
import numpy as np

from air_cli.read.colors import farthest
from air_cli.read.plot import Frame, Line
from air_cli.read.scene import Rgb, Scene
from air_cli.read.texts import height_of, is_note, union
from air_cli.read.tick_labels import Candidate
from air_cli.records import Box


def plot_box(
    scene: Scene,
    frame: Frame,
    main: Candidate | None,
    across: Candidate | None,
    second: Candidate | None,
    clean: Rgb,
) -> Box:
    """The plot's box in pixels. `main`, `across`, `second`: the y, x and right-hand value axes;
    `clean`: the image without its text."""
    height, width = scene.rgb.shape[:2]
    if main is None and across is None:
        return _ink_region(scene, frame, clean)
    left, top, right, bottom = 0.0, 0.0, float(width), float(height)
    if main:
        pxs = [t.px for t in main.fit.ticks]
        step = (max(pxs) - min(pxs)) / max(1, len(pxs) - 1)
        on_left = main.box[2] < width / 2
        top, bottom = min(pxs), max(pxs)
        foot = _label_row(scene, bottom, (main.box[0], width))
        foot += 0.25 * height_of(main.texts[0])
        lines = [
            line
            for line in frame.horizontal
            if top - 1.2 * step < line.at < min(bottom + 1.2 * step, foot)
            and line.length > 0.25 * width
        ]
        left, right = _extent(lines, (_right_edge(main) + 2, width - 2.0), on_left, main, second)
        right = _over_fill(scene, clean, (left, top, right, bottom))
        foot = _label_row(scene, bottom, (left, right))
        top, bottom = _grown(lines, frame, (top, bottom, foot), step, (left, right))
    if across:
        pxs = [t.px for t in across.fit.ticks]
        step = (max(pxs) - min(pxs)) / max(1, len(pxs) - 1)
        near = [
            line
            for line in frame.vertical
            if min(pxs) - 1.2 * step < line.at < max(pxs) + 1.2 * step
            and line.length > 0.2 * height
            and not _passes(line, across.box)
        ]
        if main is None:
            left, right = min(pxs), max(pxs)
            top, bottom = vertical_extent(scene, near, across.box)
            ats = [line.at for line in near]
            left, right = min([left, *ats]), max([right, *ats])
            right = min(float(width), max(right, _ink_right(clean, scene, (left, top, bottom))))
        else:
            ats = [line.at for line in near]
            left, right = min([left, *ats]), max([min(right, max(pxs) + step), *ats])
            bottom = min(bottom, across.box[1]) if across.box[1] > bottom - 4 else bottom
    return left, top, max(right, left + 1), max(bottom, top + 1)


def _over_fill(scene: Scene, clean: Rgb, box: Box) -> float:
    """The right edge of the plot, where a fill hides the rest of the grid lines: its end."""
    left, top, right, bottom = (round(v) for v in box)
    part = clean[max(0, top) : bottom, max(0, left) :]
    if part.size == 0:
        return box[2]
    inked = farthest(part.astype(np.int16) - np.array(scene.background, np.int16)) > 30
    share = inked.mean(axis=0)
    at = right - max(0, left)
    if at < 8 or at >= len(share) or share[at - 8 : at + 1].min() < 0.3:
        return box[2]
    ends = np.flatnonzero(share[at:] < 0.3)
    stop = int(ends[0]) if len(ends) else len(share) - at
    return float(right + stop) if stop > 12 else box[2]


def _passes(line: Line, labels: Box) -> bool:
    """Whether an upright line runs on past a row of labels on both sides: the border of a card."""
    high = labels[3] - labels[1]
    return line.start < labels[1] - high and line.stop > labels[3] + high


def _extent(
    lines: Sequence[Line],
    default: tuple[float, float],
    on_left: bool,
    main: Candidate,
    second: Candidate | None,
) -> tuple[float, float]:
    """Left and right of the plot from its horizontal lines, else from the labels' edge. Labels
    that stand over their lines stand in the plot."""
    edge, over = _right_edge(main), _stand_over(main)
    box = (main.box[0], main.box[1], edge, main.box[3])
    if lines:
        # A level piece of a data line is a line as well; grid and axis lines are the longest.
        whole = 0.85 * max(line.length for line in lines)
        left = statistics.median(line.start for line in lines if line.length >= whole)
        right = max(line.stop for line in lines)
        # Lines may run on under their labels; what begins far from them is broken by bars.
        beside = box[2] - 1 <= left <= box[2] + 0.12 * (default[1] - default[0])
        if on_left and not beside and not over:
            left = box[2] + 2
        return left, right
    if on_left:
        return default[0], second.box[0] - 2 if second else default[1]
    return 2.0, box[0] - 2


def _right_edge(labels: Candidate) -> float:
    """The right edge of labels; of one whose box took in a marker beside it, that of the others."""
    rights = sorted(text.bbox_px[2] for text in labels.texts)
    high = statistics.median(text.bbox_px[3] - text.bbox_px[1] for text in labels.texts)
    return rights[-2] if len(rights) > 2 and rights[-1] - rights[-2] > high else rights[-1]


def _stand_over(labels: Candidate) -> bool:
    """Whether labels stand on top of their grid lines rather than beside them."""
    below = []
    for text in labels.texts:
        top, bottom = text.bbox_px[1], text.bbox_px[3]
        ticks = [tick.px for tick in labels.fit.ticks if tick.text == text.text]
        below += [
            (px - top) / max(bottom - top, 1.0) for px in ticks if top < px < 2 * bottom - top
        ]
    return bool(below) and statistics.median(below) > 0.85


def _grown(
    lines: Sequence[Line],
    frame: Frame,
    height: tuple[float, float, float],
    step: float,
    sides: tuple[float, float],
) -> tuple[float, float]:
    """The plot reaches past the outer ticks to its frame, where it has one. `height`: the highest
    and lowest tick, and the row of labels under them, which an upright line may not pass."""
    top, bottom, foot = height
    ats = [line.at for line in lines]
    uprights = [
        line
        for line in frame.vertical
        if sides[0] - 6 <= line.at <= sides[1] + 6 and line.start < bottom and line.stop > top
    ]
    ends = [line.stop for line in uprights if line.stop < bottom + step]
    starts = [line.start for line in uprights if line.start > top - step]
    return min([top, *ats, *starts]), max([bottom, *ats, *(min(end, foot) for end in ends)])


def _label_row(scene: Scene, below: float, sides: tuple[float, float]) -> float:
    """The top of the first row of three or more texts under the lowest tick, else infinity. Names
    set aslant stand lower or higher by their lengths."""
    near = [
        t
        for t in scene.texts
        if t.role == "other" and sides[0] - 20 < (t.bbox_px[0] + t.bbox_px[2]) / 2 < sides[1] + 20
    ]
    aslant = [t.bbox_px[1] for t in near if 12 < abs(t.angle) < 78 and t.bbox_px[1] > below - 8]
    if len(aslant) >= 3:
        return max(below, min(aslant)) - 2
    level = [t for t in near if abs(t.angle) < 10]
    tops = sorted(t.bbox_px[1] for t in level if t.bbox_px[1] > below + 2 - 0.3 * height_of(t))
    rows = (top for top, third in zip(tops, tops[2:], strict=False) if third - top < 6)
    return next(rows, math.inf) - 2


def vertical_extent(scene: Scene, lines: Sequence[Line], labels: Box) -> tuple[float, float]:
    """Top and bottom of a plot above a row of labels: its upright lines, else what is between the
    titles and the labels."""
    height = scene.rgb.shape[0]
    if lines:
        bottom = max(line.stop for line in lines)
        near = bottom > labels[1] - 0.1 * height and not labels[1] < bottom < labels[3] + 5
        return min(line.start for line in lines), bottom if near else labels[1] - 2
    heads = [t for t in scene.texts if t.bbox_px[3] < 0.2 * height and t.bbox_px[1] < labels[1]]
    return max((t.bbox_px[3] for t in heads), default=0.0), labels[1] - 2


def _ink_right(clean: Rgb, scene: Scene, where: tuple[float, float, float]) -> float:
    """How far coloured ink reaches to the right of `left` between `top` and `bottom`."""
    left, top, bottom = (round(v) for v in where)
    part = clean[top:bottom, left:].astype(int)
    if part.size == 0:
        return where[0]
    ink = farthest(part - np.array(scene.background)) > 40
    columns = np.flatnonzero(ink.sum(axis=0) >= 5)
    return float(left + columns[-1] + 1) if len(columns) else where[0]


def clipped(box: Box, width: int, height: int) -> Box:
    """The box within an image, at least a pixel wide and high."""
    left, top = min(max(0.0, box[0]), width - 1.0), min(max(0.0, box[1]), height - 1.0)
    return left, top, max(left + 1, min(box[2], width)), max(top + 1, min(box[3], height))


def _ink_region(scene: Scene, frame: Frame, clean: Rgb) -> Box:
    """Where the drawing is when no axis tells: the box around the solid shapes."""
    height, width = clean.shape[:2]
    ink = farthest(clean.astype(int) - np.array(scene.background)) > 28
    thin = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(thin)
    floor = max(40, 0.0002 * height * width)
    shapes = [
        (float(x), float(y), float(x + w), float(y + h))
        for x, y, w, h, area in stats[1:count]
        if area >= floor and w < 0.97 * width and h < 0.97 * height
    ]
    if not shapes:
        lines = [t for t in scene.texts if not is_note(t.text)]
        return union([t.bbox_px for t in lines]) if lines else (0.0, 0.0, width, height)
    return union(shapes)
