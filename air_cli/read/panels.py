"""Several charts in one picture: where each of them is.

The picture is cut in two along its widest empty strip, again and again (recursive XY-cut: Nagy &
Seth, 1984), and a cut counts only where both parts turn out to be charts of their own: marks that
have names, and a heading or an axis that the other part has not. One chart stays one figure: bars
with gaps between them share their names' row, columns side by side share their names' column.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np

from air_cli.read.panel_cuts import Cut, drawn_at, fill, find_cuts, through_solid
from air_cli.read.panel_parts import READ_PX, Part, Picture, Read, are_apart
from air_cli.read.scene import Rgb
from air_cli.read.texts import height_of, is_note, is_numeric, reading_order, union
from air_cli.records import Box, Chart, Text

_WORK_PX = 900.0
_SMALLEST = 0.11  # of the picture's sides: what is smaller is no chart of its own
_DEEPEST = 7
_MOST_READ = 12
_MARGIN_PX = 4
_NAMED = 0.6  # share of a part's marks that must have a printed name
_PROSE = 45  # letters in a line that is a sentence rather than a label
# A reading of the whole picture this sure, half of whose marks their printed values confirm, and
# whose marks stand among this share of what is drawn, is of one chart.
_SURE, _CONFIRMED, _MOST_DRAWN = 0.88, 0.5, 0.5
_MOST_STRAY = 2  # numbers among its marks that are neither its ticks nor its labels
# What the texts are of which a reading says what they are for.
_EXPLAINED = ("tick", "axis-title", "title", "subtitle", "source", "legend")


def find_panels(
    rgb: Rgb, texts: Sequence[Text], read: Read, whole: Callable[[], Chart] | None = None
) -> list[Box]:
    """The boxes (pixels) of the charts of a picture with more than one, in reading order; empty
    where there is one, or none.

    `read` reads a part as one chart; it is asked only where an empty strip divides drawings that
    are both labelled. `whole` reads all of the picture, and is asked before the first part: where
    that is surely one chart, no part is read.
    """
    height, width = rgb.shape[:2]
    if min(height, width) < 80 or len(texts) < 4:
        return []
    factor = min(1.0, _WORK_PX / max(height, width))
    marks = drawn_at(rgb, texts, factor)
    drawn = marks.copy()
    for text in texts:
        fill(drawn, text.bbox_px, factor)
    line = float(np.median([height_of(t) for t in texts]))
    root = Part((0.0, 0.0, float(width), float(height)), tuple(texts))
    picture = Picture(rgb, drawn, marks, factor, line, read)
    if whole is not None:
        picture.one = lambda: _is_one(picture, root, whole())
    found = _divided(picture, _tight(picture, root), 0)
    return _in_order([part.box for part in found])


def _in_order(boxes: Sequence[Box]) -> list[Box]:
    """Row by row: boxes that share half of their height are in one row."""
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda b: b[1]):
        top = rows[-1][0] if rows else box
        shared = min(box[3], top[3]) - max(box[1], top[1])
        if rows and shared > 0.5 * min(box[3] - box[1], top[3] - top[1]):
            rows[-1].append(box)
        else:
            rows.append([box])
    return [box for row in rows for box in sorted(_level(row))]


def _level(row: Sequence[Box]) -> list[Box]:
    """The boxes of a row with level tops: what one of them has above the others is a title over
    all of them that happens to stand in its column."""
    top = max(box[1] for box in row)
    high = min(box[3] - box[1] for box in row)
    return [(b[0], top if top - b[1] < 0.25 * high else b[1], b[2], b[3]) for b in row]


def head_of(texts: Sequence[Text], boxes: Sequence[Box]) -> str:
    """The title that stands over all panels: the tallest line above the first, with those of its
    size; empty where there is none."""
    top = min(box[1] for box in boxes)
    above = [t for t in texts if t.bbox_px[3] < top + 0.5 * height_of(t)]
    above = [t for t in above if not is_note(t.text) and not is_numeric(t) and len(t.text) > 3]
    if not above:
        return ""
    tallest = max(height_of(t) for t in above)
    return reading_order([t for t in above if height_of(t) > 0.85 * tallest])


def heading_of(texts: Sequence[Text], box: Box) -> str:
    """The first line of words within a panel: what it may be called."""
    own = sorted(within(texts, box), key=lambda t: t.bbox_px[1])
    words = [t for t in own if sum(c.isalpha() for c in t.text) >= 3]
    if not words or words[0].bbox_px[1] > box[1] + 0.3 * (box[3] - box[1]):
        return ""
    first = words[0]
    return reading_order(
        [t for t in words if t.bbox_px[1] < first.bbox_px[1] + 0.6 * height_of(first)]
    )


def within(texts: Sequence[Text], box: Box) -> list[Text]:
    """The texts whose middle lies in a box."""
    left, top, right, bottom = box
    return [
        t
        for t in texts
        if left <= (t.bbox_px[0] + t.bbox_px[2]) / 2 < right
        and top <= (t.bbox_px[1] + t.bbox_px[3]) / 2 < bottom
    ]


def _charts(picture: Picture, part: Part, depth: int) -> list[Part]:
    """The charts within a part: those it divides into, else itself if it is one."""
    part = _tight(picture, part)
    if not _may_be_chart(picture, part):
        return []
    several = _divided(picture, part, depth)
    if several:
        return several
    read = _as_chart(picture, part)
    return [read] if read else []


def _divided(picture: Picture, part: Part, depth: int) -> list[Part]:
    """The two or more charts that a part divides into; none where it does not."""
    for cut in (
        find_cuts(picture.drawn, part.box, picture.factor, picture.line) if depth < _DEEPEST else ()
    ):
        if through_solid(picture.rgb, part.box, cut):
            continue
        halves = [_tight(picture, half) for half in _halves(part, cut)]
        charted = [half for half in halves if _may_be_chart(picture, half)]
        if len(charted) == 2:
            found = [_charts(picture, half, depth + 1) for half in halves]
            if all(found) and are_apart(picture, found[0], found[1]):
                return [*found[0], *found[1]]
            several = [group for group in found if len(group) > 1]
            if several:  # the other half is furniture: a legend, a table, a remark
                return max(several, key=len)
        elif charted:
            inner = _divided(picture, charted[0], depth + 1)
            if inner:
                return inner
            return []  # what is left over is a title, a legend or a remark: no more to be found
    return []


def _halves(part: Part, cut: Cut) -> tuple[Part, Part]:
    left, top, right, bottom = part.box
    boxes: tuple[Box, Box] = (
        ((left, top, right, cut.at), (left, cut.at, right, bottom))
        if cut.axis == 0
        else ((left, top, cut.at, bottom), (cut.at, top, right, bottom))
    )
    low, high = (1, 3) if cut.axis == 0 else (0, 2)
    first = tuple(t for t in part.texts if (t.bbox_px[low] + t.bbox_px[high]) / 2 < cut.at)
    second = tuple(t for t in part.texts if (t.bbox_px[low] + t.bbox_px[high]) / 2 >= cut.at)
    return Part(boxes[0], first), Part(boxes[1], second)


def _tight(picture: Picture, part: Part) -> Part:
    """The part without its empty margins."""
    left, top, right, bottom = (round(v * picture.factor) for v in part.box)
    region = picture.drawn[top:bottom, left:right]
    rows, columns = np.flatnonzero(region.any(axis=1)), np.flatnonzero(region.any(axis=0))
    if not len(rows):
        return replace(part, texts=())
    high, wide = picture.rgb.shape[:2]
    box = (
        max(0.0, (left + columns[0]) / picture.factor - _MARGIN_PX),
        max(0.0, (top + rows[0]) / picture.factor - _MARGIN_PX),
        min(float(wide), (left + columns[-1] + 1) / picture.factor + _MARGIN_PX),
        min(float(high), (top + rows[-1] + 1) / picture.factor + _MARGIN_PX),
    )
    return replace(part, box=box)


def _may_be_chart(picture: Picture, part: Part) -> bool:
    """Large enough, labelled, and drawn in: cheap, before anything is read."""
    left, top, right, bottom = part.box
    high, wide = picture.rgb.shape[:2]
    if right - left < max(60.0, _SMALLEST * wide) or bottom - top < max(50.0, _SMALLEST * high):
        return False
    labels = [t for t in part.texts if len(t.text) < _PROSE]
    if len(labels) < 3 or sum(any(c.isdigit() for c in t.text) for t in labels) < 2:
        return False
    x0, y0, x1, y1 = (round(v * picture.factor) for v in part.box)
    drawn = picture.marks[y0:y1, x0:x1]
    # Several rows and columns that hold something besides a rule.
    return bool((drawn.sum(axis=1) > 1).sum() > 12 and (drawn.sum(axis=0) > 1).sum() > 12)


def _as_chart(picture: Picture, part: Part) -> Part | None:
    """The part with its reading, if it reads as a chart of its own."""
    if part.box not in picture.known:
        if picture.reads >= _MOST_READ or (picture.reads == 0 and picture.is_one):
            return None
        picture.reads += 1
        picture.known[part.box] = _read_part(picture, part)
    return picture.known[part.box]


def _read_part(picture: Picture, part: Part) -> Part | None:
    left, top, right, bottom = (round(v) for v in part.box)
    crop = np.ascontiguousarray(picture.rgb[top:bottom, left:right])
    factor = min(1.0, READ_PX / max(crop.shape[:2]))
    if factor < 1:
        crop = cv2.resize(crop, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    texts = [replace(t, bbox_px=_moved(t.bbox_px, (left, top), factor)) for t in part.texts]
    chart = picture.read(np.asarray(crop, np.uint8), texts)
    if not (_is_chart(chart, texts) or _has_axes(chart)):
        return None
    marks = [_moved(m.bbox_px, (-left * factor, -top * factor), 1 / factor) for m in chart.marks]
    return replace(part, chart=chart, marks=union(marks) if marks else part.box)


def _is_one(picture: Picture, root: Part, chart: Chart) -> bool:
    """Whether a reading of the whole picture is surely of its only chart: among, beside, above and
    below its marks is nothing that might be another."""
    confirmed = sum(mark.how == "both" for mark in chart.marks)
    if chart.confidence < _SURE or confirmed < max(2, _CONFIRMED * len(chart.marks)):
        return False
    wide, high = root.box[2:]
    by = wide / chart.size_px[0]
    left, top, right, bottom = (v * by for v in union([m.bbox_px for m in chart.marks]))
    x0, y0, x1, y1 = (round(v * picture.factor) for v in (left, top, right, bottom))
    if picture.marks[y0 : y1 + 1, x0 : x1 + 1].sum() < _MOST_DRAWN * picture.marks.sum():
        return False
    around: tuple[Box, ...] = (
        (0.0, 0.0, left, high), (right, 0.0, wide, high),
        (0.0, 0.0, wide, top), (0.0, bottom, wide, high),
    )  # fmt: skip
    # Numbers that are neither ticks nor labels of what was read may be another chart's.
    labels = {mark.label for mark in chart.marks}
    own = [t for t in chart.text if t.role not in _EXPLAINED and t.text not in labels]
    texts = [replace(t, bbox_px=_moved(t.bbox_px, (0.0, 0.0), by)) for t in own]
    among = within(texts, (left, top, right, bottom))
    if sum(any(c.isdigit() for c in t.text) for t in among) > _MOST_STRAY:
        return False
    rest = (Part(box, tuple(within(texts, box))) for box in around)
    return not any(_may_be_chart(picture, part) for part in rest)


def _is_chart(chart: Chart, texts: Sequence[Text]) -> bool:
    """Whether marks were read and most of them have a printed name, or a place on an axis of x."""
    if chart.kind == "unknown" or len(chart.marks) < 2:
        return False
    words = " ".join(t.text for t in texts).lower()
    named = [m for m in chart.marks if m.category and m.category.lower()[:6] in words]
    placed = [m for m in chart.marks if m.x is not None]
    timed = any(a.role == "x" and a.kind == "time" for a in chart.axes)
    return max(len(named), len(placed)) >= _NAMED * len(chart.marks) or timed


def _has_axes(chart: Chart) -> bool:
    """Whether both axes of a chart of an unknown kind are labelled."""
    ticks = {axis.role: len(axis.ticks) for axis in chart.axes}
    return ticks.get("x", 0) >= 3 and ticks.get("y", 0) >= 3


def _moved(box: Box, origin: tuple[float, float], factor: float) -> Box:
    left, top = origin
    return (
        (box[0] - left) * factor,
        (box[1] - top) * factor,
        (box[2] - left) * factor,
        (box[3] - top) * factor,
    )
