"""What each text of a chart is for: tick labels, titles, notes; and where the plot is.

Tick labels are found as aligned groups of texts (a column or a row) that an axis fits. The plot
box follows from them and from the long lines near them; without axes it is where the ink is.
"""

from __future__ import annotations

import itertools
import math
import re
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from air_cli.read.axes import fit_axis
from air_cli.read.bullets import is_colorful
from air_cli.read.colors import background
from air_cli.read.numbers import parse_number, parse_time, repaired
from air_cli.read.plot import Frame, Line, ticks_beside
from air_cli.read.scene import AxisFit, Rgb, Scene
from air_cli.records import Box, Text

_NOTES = re.compile(
    r"^(?:sources?|notes?|footnotes?|survey\b|data:|©|\(c\)|copyright|additional information"
    r"|show source|statista|our\s?world|cc by|question wording|asked of)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Candidate:
    """A group of aligned texts and the axis that fits them."""

    fit: AxisFit
    texts: tuple[Text, ...]
    score: float

    @property
    def box(self) -> Box:
        return union([text.bbox_px for text in self.texts])


def union(boxes: Sequence[Box]) -> Box:
    """The smallest box around boxes."""
    return (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )


def height_of(text: Text) -> float:
    """The text's line height in pixels, turned text included."""
    left, top, right, bottom = text.bbox_px
    return (right - left) if abs(text.angle) > 45 else bottom - top


def reading_order(texts: Sequence[Text]) -> str:
    """The words of texts in reading order: line by line, left to right."""
    if not texts:
        return ""
    high = statistics.median(height_of(t) for t in texts)
    lines: list[list[Text]] = []
    for text in sorted(texts, key=lambda t: (t.bbox_px[1] + t.bbox_px[3]) / 2):
        middle = (text.bbox_px[1] + text.bbox_px[3]) / 2
        if lines:
            box = union([t.bbox_px for t in lines[-1]])
            if middle - (box[1] + box[3]) / 2 < 0.5 * high:
                lines[-1].append(text)
                continue
        lines.append([text])
    words = [t.text for line in lines for t in sorted(line, key=lambda t: t.bbox_px[0])]
    return " ".join(words)


def is_note(text: str) -> bool:
    """Whether a text starts as sources, notes and publishers' lines do."""
    return bool(_NOTES.match(text))


def is_numeric(text: Text) -> bool:
    return any(parse_number(reading) for reading in repaired(text.text))


def find_axes(scene: Scene, frame: Frame, clean: Rgb) -> None:
    """Fill `scene.plot`, `scene.y`, `scene.y2`, `scene.x` from texts and frame."""
    flat = [t for t in scene.texts if abs(t.angle) <= 10]
    columns = _value_axes(scene, frame, flat, "y")
    rows = _value_axes(scene, frame, flat, "x")
    width = scene.rgb.shape[1]
    left = [c for c in columns if (c.box[0] + c.box[2]) / 2 < 0.5 * width]
    right = [c for c in columns if c not in left]
    main = _best(left) or _best(right)
    across = _best([r for r in rows if r.fit.kind != "time"])
    if main and across and (_inside(across, main) or _within(main, across)):
        main, across = (main, None) if main.score >= across.score else (None, across)
    names: list[Candidate] = []
    if main and main.fit.kind == "time":  # years beside horizontal bars
        names, main = [main], None
    scene.y = main.fit if main else None
    second = _best(right) if main in left else None
    if second and main and _beside(main, second):
        scene.y2 = replace(second.fit, role="y2")
    scene.plot = _plot_box(scene, frame, main, across, second if scene.y2 else None, clean)
    scene.x = across.fit if across else None
    used = [*names, *(c for c in (main, across, second if scene.y2 else None) if c)]
    ticks = {id(t) for c in used for t in c.texts}
    scene.texts = [replace(t, role="tick") if id(t) in ticks else t for t in scene.texts]
    if scene.x is None:
        _category_row(scene, frame)
    if scene.x is None:
        _time_row(scene, frame)


def _best(candidates: Sequence[Candidate]) -> Candidate | None:
    return max(candidates, key=lambda c: c.score, default=None)


def _value_axes(scene: Scene, frame: Frame, texts: Sequence[Text], role: str) -> list[Candidate]:
    """Numeric (or time) axes that aligned groups of texts form, each text in one at most."""
    numbers = [t for t in texts if is_numeric(t)]
    edges: tuple[Callable[[Text], float], ...]
    if role == "y":
        edges = (
            lambda t: t.bbox_px[2],
            lambda t: t.bbox_px[0],
            lambda t: (t.bbox_px[0] + t.bbox_px[2]) / 2,
        )
    else:
        edges = (lambda t: (t.bbox_px[1] + t.bbox_px[3]) / 2,)
    found = []
    for edge in edges:
        for group in _aligned(numbers, edge):
            candidate = _candidate(scene, frame, group, role)
            if candidate:
                found.append(candidate)
    found.sort(key=lambda c: -c.score)
    kept: list[Candidate] = []
    for candidate in found:
        if not any(set(map(id, candidate.texts)) & set(map(id, k.texts)) for k in kept):
            kept.append(candidate)
    return kept


def _aligned(texts: Sequence[Text], edge: Callable[[Text], float]) -> list[list[Text]]:
    """Groups of texts whose edge lies within a third of a line height of the group's mean."""
    groups: list[list[Text]] = []
    for text in sorted(texts, key=edge):
        tolerance = max(2.5, 0.34 * height_of(text))
        if groups and edge(text) - statistics.fmean(map(edge, groups[-1])) <= tolerance:
            groups[-1].append(text)
        else:
            groups.append([text])
    return [group for group in groups if len(group) >= 2]


def _candidate(scene: Scene, frame: Frame, group: list[Text], role: str) -> Candidate | None:
    box = union([t.bbox_px for t in group])
    marks = _tick_positions(frame, role, box)
    fit = fit_axis(role, group, marks)
    if fit is None or fit.kind == "category":
        return None
    ticks = fit.ticks
    inliers = len(ticks)
    if inliers < 2 or fit.residual_px > 3:
        return None
    used = {(tick.text, round(tick.px)) for tick in ticks}
    texts = [t for t in group if any(t.text == name for name, _ in used)]
    evenness = _evenness([t.value for t in ticks if t.value is not None], fit.kind)
    height, width = scene.rgb.shape[:2]
    reach = (box[3] - box[1]) / height if role == "y" else (box[2] - box[0]) / width
    strays = _strays(scene, texts, role)
    score = inliers * evenness + reach - 0.7 * strays
    if inliers == 2:
        zero = any(t.value in (0.0, 100.0) for t in ticks) and all(_round(t.value) for t in ticks)
        sure = zero and _outer(scene, box, role)
        score -= 0.9 if sure or _gridded([t.px for t in ticks], marks) else 3.0
    if strays > 0.5 * inliers or _on_marks(scene, texts) or _at_bar_ends(scene, texts, role):
        return None
    if evenness < 0.6 or score < 0.6 or reach < 0.08:
        return None
    return Candidate(fit, tuple(texts), score)


def _on_marks(scene: Scene, texts: Sequence[Text]) -> bool:
    """Whether half of the texts lie on something drawn: labels inside bars, not ticks."""
    count = 0
    for text in texts:
        ground = background(scene.rgb, text.bbox_px)
        count += max(abs(a - b) for a, b in zip(ground, scene.background, strict=True)) > 24
    return count >= 0.5 * len(texts)


def _at_bar_ends(scene: Scene, texts: Sequence[Text], role: str) -> bool:
    """Whether something as thick as the text begins right beside most of the texts: bars, whose
    labels happen to be evenly spaced."""
    ground = np.array(scene.background, np.int16)
    count = 0
    for text in texts:
        left, top, right, bottom = (round(v) for v in text.bbox_px)
        near = max(6, bottom - top)
        strips = (
            (scene.rgb[top:bottom, max(0, left - near) : left], 0),
            (scene.rgb[top:bottom, right : right + near], 0),
        )
        if role == "x":
            strips = (
                (scene.rgb[max(0, top - near) : top, left:right], 1),
                (scene.rgb[bottom : bottom + near, left:right], 1),
            )
        count += any(_thick(part, ground, axis) for part, axis in strips)
    return count >= 0.6 * len(texts)


def _thick(part: Rgb, ground: NDArray[np.int16], axis: int) -> bool:
    """Whether at least four neighbouring lines along `axis` are nearly all ink."""
    if part.size == 0:
        return False
    ink = np.abs(part.astype(np.int16) - ground).max(axis=2) > 24
    full = ink.mean(axis=axis) > 0.8
    return bool(np.any(np.convolve(full, np.ones(4), "valid") >= 4)) if len(full) >= 4 else False


def _strays(scene: Scene, texts: Sequence[Text], role: str) -> int:
    """Numbers that stand among the labels of an axis without being ticks: labels of marks do."""
    left, top, right, bottom = union([t.bbox_px for t in texts])
    reach = (bottom - top if role == "y" else right - left) / max(1, len(texts) - 1)
    if role == "y":
        top, bottom = top - 1.5 * reach, bottom + 1.5 * reach
    else:
        left, right = left - 1.5 * reach, right + 1.5 * reach
    own = {id(t) for t in texts}
    count = 0
    for text in scene.texts:
        if id(text) in own or abs(text.angle) > 10 or not is_numeric(text):
            continue
        x = (text.bbox_px[0] + text.bbox_px[2]) / 2
        y = (text.bbox_px[1] + text.bbox_px[3]) / 2
        count += left - 1 < x < right + 1 and top - 1 < y < bottom + 1
    return count


def _gridded(labels: Sequence[float], marks: Sequence[float]) -> bool:
    """Whether ticks or grid lines go on at the two labels' spacing: the other labels are unread."""
    first, second = labels
    step = second - first
    hits = {
        round((mark - first) / step)
        for mark in marks
        if abs((mark - first) / step - round((mark - first) / step)) * abs(step) < 1.5
    }
    return {0, 1} <= hits and len(hits) >= 4


def _outer(scene: Scene, box: Box, role: str) -> bool:
    """Whether a two-label group stands at the rim, where axes are."""
    height, width = scene.rgb.shape[:2]
    if role == "y":
        return bool(box[2] < 0.2 * width and box[3] - box[1] > 0.25 * height)
    return bool(box[1] > 0.5 * height and box[2] - box[0] > 0.4 * width)


def _evenness(values: Sequence[float], kind: str) -> float:
    """Share of the steps between ticks that are the usual step (axes have regular, round steps)."""
    if kind == "log":
        return 1.0 if len(values) >= 3 and all(_decade(v) for v in values) else 0.0
    if len(values) < 3:
        return 1.0
    steps = [abs(b - a) for a, b in itertools.pairwise(values)]
    usual = statistics.median(steps)
    if kind == "linear" and (usual == 0 or not _round(usual)):
        return 0.0
    return sum(abs(s - usual) <= 0.02 * usual for s in steps) / len(steps)


def _round(value: float | None) -> bool:
    """Whether a number is one that axes use as a step: at most two significant digits."""
    if value == 0:
        return True
    if value is None or value < 0 or not math.isfinite(value):
        return False
    mantissa = value / 10 ** math.floor(math.log10(value))
    return bool(
        abs(mantissa * 40 - round(mantissa * 40)) < 1e-6 * mantissa * 40
        and (abs(mantissa * 10 - round(mantissa * 10)) < 1e-6 or (mantissa * 4) % 1 == 0)
    )


def _decade(value: float) -> bool:
    """Whether a log axis would be labelled with it: 1, 2, 3 or 5 times a power of ten."""
    mantissa = value / 10 ** math.floor(math.log10(value)) if value > 0 else 0.0
    return bool(min(abs(mantissa - m) for m in (1, 2, 3, 5, 10)) < 1e-6)


def _tick_positions(frame: Frame, role: str, box: Box) -> list[float]:
    """Tick marks beside a group of labels, and the grid lines that run past it."""
    left, top, right, bottom = box
    if role.startswith("x"):
        strip = (left - 10, top - 14, right + 10, top - 1)
        lines = [line.at for line in frame.vertical if line.start < top + 2]
    else:
        side = (right + 1, right + 14) if right < frame.across.shape[1] / 2 else (left - 14, left)
        strip = (side[0], top - 10, side[1], bottom + 10)
        lines = [line.at for line in frame.horizontal]
    marks = ticks_beside(frame, role, strip)
    return marks + [at for at in lines if all(abs(at - m) > 2 for m in marks)]


def _inside(row: Candidate, column: Candidate) -> bool:
    """Whether a row of numbers lies between the ends of a value column: labels, not an axis."""
    return row.box[3] < column.box[3] - 0.05 * (column.box[3] - column.box[1])


def _within(column: Candidate, row: Candidate) -> bool:
    """Whether a column of numbers stands between the ends of a value row: labels of bars."""
    margin = 0.05 * (row.box[2] - row.box[0])
    return column.box[0] > row.box[0] + margin and column.box[2] < row.box[2] - margin


def _beside(first: Candidate, second: Candidate) -> bool:
    a, b = first.box, second.box
    shared = min(a[3], b[3]) - max(a[1], b[1])
    return shared > 0.7 * max(a[3] - a[1], b[3] - b[1]) and b[0] > a[2]


def _plot_box(
    scene: Scene,
    frame: Frame,
    main: Candidate | None,
    across: Candidate | None,
    second: Candidate | None,
    clean: Rgb,
) -> Box:
    height, width = scene.rgb.shape[:2]
    if main is None and across is None:
        return _ink_region(scene, frame, clean)
    left, top, right, bottom = 0.0, 0.0, float(width), float(height)
    if main:
        pxs = [t.px for t in main.fit.ticks]
        step = (max(pxs) - min(pxs)) / max(1, len(pxs) - 1)
        on_left = main.box[2] < width / 2
        top, bottom = min(pxs), max(pxs)
        lines = [
            line
            for line in frame.horizontal
            if top - 1.2 * step < line.at < bottom + 1.2 * step and line.length > 0.25 * width
        ]
        left, right = _extent(lines, (main.box[2] + 2, width - 2.0), on_left, main.box, second)
        top, bottom = _grown(lines, frame, top, bottom, step, (left, right))
    if across:
        pxs = [t.px for t in across.fit.ticks]
        step = (max(pxs) - min(pxs)) / max(1, len(pxs) - 1)
        near = [
            line
            for line in frame.vertical
            if min(pxs) - 1.2 * step < line.at < max(pxs) + 1.2 * step
            and line.length > 0.2 * height
        ]
        if main is None:
            left, right = min(pxs), max(pxs)
            top, bottom = _vertical_extent(scene, near, across.box)
            ats = [line.at for line in near]
            left, right = min([left, *ats]), max([right, *ats])
            right = min(float(width), max(right, _ink_right(clean, scene, (left, top, bottom))))
        else:
            ats = [line.at for line in near]
            left, right = min([left, *ats]), max([min(right, max(pxs) + step), *ats])
            bottom = min(bottom, across.box[1]) if across.box[1] > bottom - 4 else bottom
    return left, top, max(right, left + 1), max(bottom, top + 1)


def _extent(
    lines: Sequence[Line],
    default: tuple[float, float],
    on_left: bool,
    box: Box,
    second: Candidate | None,
) -> tuple[float, float]:
    """Left and right of the plot from its horizontal lines, else from the labels' edge."""
    if lines:
        left = statistics.median(line.start for line in lines)
        right = max(line.stop for line in lines)
        if on_left and left < box[2] - 1:  # lines that run on under their labels
            left = box[2] + 2
        return left, right
    if on_left:
        return default[0], second.box[0] - 2 if second else default[1]
    return 2.0, box[0] - 2


def _grown(
    lines: Sequence[Line],
    frame: Frame,
    top: float,
    bottom: float,
    step: float,
    sides: tuple[float, float],
) -> tuple[float, float]:
    """The plot reaches past the outer ticks to its frame, where it has one."""
    ats = [line.at for line in lines]
    uprights = [
        line
        for line in frame.vertical
        if sides[0] - 6 <= line.at <= sides[1] + 6 and line.start < bottom and line.stop > top
    ]
    ends = [line.stop for line in uprights if line.stop < bottom + step]
    starts = [line.start for line in uprights if line.start > top - step]
    return min([top, *ats, *starts]), max([bottom, *ats, *ends])


def _vertical_extent(scene: Scene, lines: Sequence[Line], labels: Box) -> tuple[float, float]:
    height = scene.rgb.shape[0]
    if lines:
        bottom = max(line.stop for line in lines)
        near = bottom > labels[1] - 0.1 * height
        return min(line.start for line in lines), bottom if near else labels[1] - 2
    heads = [t for t in scene.texts if t.bbox_px[3] < 0.2 * height and t.bbox_px[1] < labels[1]]
    return max((t.bbox_px[3] for t in heads), default=0.0), labels[1] - 2


def _ink_right(clean: Rgb, scene: Scene, where: tuple[float, float, float]) -> float:
    """How far coloured ink reaches to the right of `left` between `top` and `bottom`."""
    left, top, bottom = (round(v) for v in where)
    part = clean[top:bottom, left:].astype(int)
    if part.size == 0:
        return where[0]
    ink = np.abs(part - np.array(scene.background)).max(axis=2) > 40
    columns = np.flatnonzero(ink.sum(axis=0) >= 5)
    return float(left + columns[-1] + 1) if len(columns) else where[0]


def _ink_region(scene: Scene, frame: Frame, clean: Rgb) -> Box:
    """Where the drawing is when no axis tells: the box around the solid shapes."""
    height, width = clean.shape[:2]
    ink = np.abs(clean.astype(int) - np.array(scene.background)).max(axis=2) > 28
    thin = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(thin)
    floor = max(40, 0.0002 * height * width)
    shapes = [
        (float(x), float(y), float(x + w), float(y + h))
        for x, y, w, h, area in stats[1:count]
        if area >= floor and w < 0.97 * width and h < 0.97 * height
    ]
    if not shapes:
        lines = [t for t in scene.texts if not _NOTES.match(t.text)]
        return union([t.bbox_px for t in lines]) if lines else (0.0, 0.0, width, height)
    return union(shapes)


def _category_row(scene: Scene, frame: Frame) -> None:
    """The labels under the plot: years, months or names, wrapped lines joined."""
    left, _, right, bottom = scene.plot
    below = [
        t
        for t in scene.texts
        if t.role == "other"
        and t.bbox_px[1] > bottom - 5
        and left - 60 < (t.bbox_px[0] + t.bbox_px[2]) / 2 < right + 60
        and not is_note(t.text)
    ]
    if not below:
        return
    high = statistics.median(height_of(t) for t in below)
    rows = _rows(below, high)
    # Names and values of low lines are in their colours, tick labels hardly ever.
    rows.sort(key=lambda row: sum(is_colorful(scene.rgb, t) for t in row) > 0.4 * len(row))
    times = [row for row in rows if sum(parse_time(t.text) is not None for t in row) >= 3]
    for row in [*times, *rows]:
        joined = [join_lines(t, below, high) for t in row]
        labels = [_anchored(label) for label, _ in joined]
        box = union([t.bbox_px for t in row])
        fit = fit_axis("x", labels, _tick_positions(frame, "x", box)) if len(row) > 1 else None
        if fit is None or not _plausible_row(scene, fit, row):
            continue
        scene.x = replace(fit, span=(left, right))
        used = {id(t) for _, members in joined for t in members}
        scene.texts = [replace(t, role="tick") if id(t) in used else t for t in scene.texts]
        return


def _time_row(scene: Scene, frame: Frame) -> None:
    """A row of three or more times in the lower part of the image, where the plot's foot was
    guessed too low to look there; it is the foot then."""
    high = 0.4 * scene.rgb.shape[0]
    texts = [t for t in scene.texts if t.role == "other" and t.bbox_px[1] > high]
    texts = [t for t in texts if not is_colorful(scene.rgb, t)]
    if not texts:
        return
    for row in _rows(texts, statistics.median(height_of(t) for t in texts)):
        if len(row) < 3:
            continue
        box = union([t.bbox_px for t in row])
        fit = fit_axis("x", row, _tick_positions(frame, "x", box))
        if fit is None or fit.kind != "time" or len(fit.ticks) < 3:
            continue
        left, top, right, bottom = scene.plot
        first, last = fit.ticks[0].px, fit.ticks[-1].px
        scene.plot = (min(left, first), top, max(right, last), min(bottom, box[1] - 2))
        scene.x = replace(fit, span=(scene.plot[0], scene.plot[2]))
        used = {id(t) for t in row}
        scene.texts = [replace(t, role="tick") if id(t) in used else t for t in scene.texts]
        return


def _rows(texts: Sequence[Text], high: float) -> list[list[Text]]:
    """Texts by line, from the top: those whose tops are within most of a line height."""
    rows: list[list[Text]] = []
    for text in sorted(texts, key=lambda t: t.bbox_px[1]):
        if rows and text.bbox_px[1] < rows[-1][0].bbox_px[1] + 0.7 * high:
            rows[-1].append(text)
        else:
            rows.append([text])
    return rows


def _plausible_row(scene: Scene, fit: AxisFit, row: Sequence[Text]) -> bool:
    """Whether a row below the plot names positions: times do wherever they stand; names must be
    near; a few numbers are value labels of low marks, not an axis."""
    if fit.kind == "time":
        return True
    if sum(is_numeric(t) for t in row) > 0.5 * len(row) and len(fit.ticks) < max(3, 0.7 * len(row)):
        return False
    away = min(t.bbox_px[1] for t in row) - scene.plot[3]
    wide = max(t.bbox_px[2] - t.bbox_px[0] for t in row)
    return away < 0.25 * scene.rgb.shape[0] and wide < 0.6 * (scene.plot[2] - scene.plot[0])


def _anchored(label: Text) -> Text:
    """Slanted labels end at their tick: take the upper end of the text as its place."""
    left, top, right, bottom = label.bbox_px
    if 15 < label.angle < 75:
        return replace(label, bbox_px=(right - 8, top, right, bottom))
    if -75 < label.angle < -15:
        return replace(label, bbox_px=(left, top, left + 8, bottom))
    return label


def join_lines(first: Text, texts: Sequence[Text], high: float) -> tuple[Text, list[Text]]:
    """A label with the lines wrapped below it: (joined text, its members)."""
    members = [first]
    if abs(first.angle) > 10:
        return first, members
    for text in sorted(texts, key=lambda t: t.bbox_px[1]):
        last = members[-1].bbox_px
        middle = (text.bbox_px[0] + text.bbox_px[2]) / 2
        centred = abs(middle - (first.bbox_px[0] + first.bbox_px[2]) / 2) < 0.8 * high
        gap = text.bbox_px[1] - last[3]
        if (
            text not in members
            and centred
            and -0.5 * high < gap < 0.5 * high
            and (text.bbox_px[1] > last[1] + 0.5 * high)
        ):
            members.append(text)
    words = " ".join(t.text for t in members)
    return replace(first, text=words, bbox_px=union([t.bbox_px for t in members])), members


def assign_roles(scene: Scene) -> None:
    """Title, subtitle, axis titles, notes and labels, for texts that have no role yet."""
    _, top, _, bottom = scene.plot
    legend = {e.bbox_px for e in scene.legend}
    heads = [
        t
        for t in scene.texts
        if t.role == "other"
        and t.bbox_px[3] <= top + 4
        and abs(t.angle) < 10
        and t.bbox_px not in legend
    ]
    titles = _title_lines(heads)
    below = max(
        (t.bbox_px[3] for t in scene.texts if t.role == "tick" and t.bbox_px[1] >= bottom - 5),
        default=bottom,
    )
    scene.texts = [
        replace(t, role=_role(t, scene, legend, titles, below)) if t.role == "other" else t
        for t in scene.texts
    ]


def _title_lines(heads: Sequence[Text]) -> dict[int, str]:
    """ids of the texts above the plot that are the title or the subtitle.

    The title is the first line and those that follow in the same size and indentation.
    """
    wordy = [t for t in heads if len(t.text) > 3 and not is_numeric(t)]
    if not wordy:
        return {}
    first = min(wordy, key=lambda t: t.bbox_px[1])
    roles = {id(first): "title"}
    last, size = first, height_of(first)
    for text in sorted(wordy, key=lambda t: t.bbox_px[1]):
        gap = text.bbox_px[1] - last.bbox_px[3]
        if text is first:
            continue
        near = abs(text.bbox_px[0] - first.bbox_px[0]) < size or _centred(text, first)
        if near and gap < 1.2 * size and roles[id(last)] == "title":
            same = abs(height_of(text) - size) < 0.13 * size
            roles[id(text)] = "title" if same else "subtitle"
            last = text
        elif near and gap < 1.5 * size:
            roles[id(text)] = "subtitle"
            last = text
    lines = [t for t in wordy if id(t) in roles]
    for text in wordy:  # the rest of a line that was recognised in pieces
        for line in lines:
            middle = (text.bbox_px[1] + text.bbox_px[3]) / 2
            if id(text) not in roles and line.bbox_px[1] < middle < line.bbox_px[3]:
                roles[id(text)] = roles[id(line)]
    return roles


def _centred(a: Text, b: Text) -> bool:
    return abs(sum(a.bbox_px[::2]) - sum(b.bbox_px[::2])) < 8


def _role(text: Text, scene: Scene, legend: set[Box], titles: dict[int, str], below: float) -> str:
    left, top, right, bottom = scene.plot
    x0, y0, x1, y1 = text.bbox_px
    if text.bbox_px in legend:
        return "legend"
    if id(text) in titles:
        return titles[id(text)]
    if _NOTES.match(text.text) and (y0 > bottom or y0 > 0.75 * scene.rgb.shape[0]):
        return "source"
    if abs(text.angle) > 45 and (x1 < left + 5 or x0 > right - 5):
        return "axis-title"
    if y0 >= below - 2 and y1 < below + 4 * height_of(text) and left < (x0 + x1) / 2 < right:
        return "axis-title" if abs((x0 + x1) - (left + right)) < 0.35 * (right - left) else "source"
    if y0 >= below:
        return "source"
    if is_numeric(text) and top - 25 < y1 and y0 < bottom + 5:
        return "label"
    return "annotation"
