"""What each text of a chart is for: tick labels, titles, notes; and where the plot is.

Tick labels are found as aligned groups of texts (a column or a row) that an axis fits. The plot
box follows from them and from the long lines near them; without axes it is where the ink is.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from air_cli.read.category_rows import find_category_row, find_time_row
from air_cli.read.panel import own_panel
from air_cli.read.plot import Frame
from air_cli.read.plot_box import clipped, plot_box
from air_cli.read.scene import AxisFit, Rgb, Scene
from air_cli.read.slanted_values import slanted_values
from air_cli.read.texts import height_of, is_note, is_numeric
from air_cli.read.tick_labels import (
    Candidate,
    beside,
    best_axis,
    inside,
    value_axes,
    within,
)
from air_cli.read.times import parse_time
from air_cli.records import Box, Text

_DATE = re.compile(r"\d{1,2}/\d{1,4}(/\d{2,4})?")
# A name with its share: the label of a slice that reaches higher than the rest.
_SHARE = re.compile(r"[^\W\d]\W*\s\d{1,3}([.,]\d+)?\s?%$")


def find_axes(scene: Scene, frame: Frame, clean: Rgb) -> None:
    """Fill `scene.plot`, `scene.y`, `scene.y2`, `scene.x` from texts and frame."""
    # The slope of a few letters is measured badly, an exponent's above all.
    level = {1: 50, 2: 20, 3: 20, 4: 20}
    flat = [
        t for t in scene.texts if abs(t.angle) <= level.get(len(t.text), 10) and t.role == "other"
    ]
    rows = value_axes(scene, frame, flat, "x")
    dated = {id(t) for r in rows if r.fit.kind == "time" and len(r.texts) > 3 for t in r.texts}
    columns = value_axes(scene, frame, [t for t in flat if id(t) not in dated], "y")
    width = scene.rgb.shape[1]
    left = [c for c in columns if (c.box[0] + c.box[2]) / 2 < 0.5 * width]
    right = [c for c in columns if c not in left]
    main = best_axis(left) or best_axis(right)
    # A wide legend may push the second axis into the left half of the picture.
    main = next((c for c in left if main and beside(c, main) and c.score > 0.6 * main.score), main)
    across = best_axis([r for r in rows if r.fit.kind != "time"])
    across = across or best_axis(slanted_values(scene, frame))
    if main and across and (inside(across, main) or within(main, across)):
        main, across = (main, None) if main.score >= across.score else (None, across)
    names: list[Candidate] = []
    if main and main.fit.kind == "time":  # years beside horizontal bars
        names, main = [main], None
    scene.y = main.fit if main else None
    far = [c for c in columns if main and c.box[0] > main.box[2] + 0.15 * width]
    second = best_axis(right or far) if main in left else None
    if second and main and beside(main, second):
        scene.y2 = replace(second.fit, role="y2")
    scene.plot = plot_box(scene, frame, main, across, second if scene.y2 else None, clean)
    scene.x = across.fit if across else None
    used = [*names, *(c for c in (main, across, second if scene.y2 else None) if c)]
    ticks = {id(t) for c in used for t in c.texts}
    scene.texts = [replace(t, role="tick") if id(t) in ticks else t for t in scene.texts]
    panel = own_panel(scene) if used else None
    scene.plot = panel.box if panel else scene.plot
    if scene.x is None and main:
        _row_under_ticks(scene, frame, main.fit)
    if scene.x is None:
        find_category_row(scene, frame)
    if scene.x is None:
        find_time_row(scene, frame)
    if scene.x and not main and not across:
        scene.plot = _over_ticks(scene.plot, scene.x)
    if main and across:
        scene.plot = _holding(scene.plot, across.fit, main.fit)
    scene.plot = clipped(scene.plot, width, scene.rgb.shape[0])


def _holding(box: Box, x: AxisFit, y: AxisFit) -> Box:
    """A plot box, widened to the ticks of its axes: another line may have passed for its edge."""
    left, right = (
        fold([edge, *(t.px for t in x.ticks)]) for fold, edge in ((min, box[0]), (max, box[2]))
    )
    top, foot = (
        fold([edge, *(t.px for t in y.ticks)]) for fold, edge in ((min, box[1]), (max, box[3]))
    )
    return left, top, right, foot


def _row_under_ticks(scene: Scene, frame: Frame, y: AxisFit) -> None:
    """Take a row of times or dates right under the lowest tick, where something further down (a
    legend's rule) was taken for the plot's foot."""
    box, texts = scene.plot, scene.texts
    foot = max(tick.px for tick in y.ticks)
    if foot > box[3] - 12:
        return
    scene.plot = (box[0], box[1], box[2], foot + 2)
    find_category_row(scene, frame)
    names = [tick.text for tick in scene.x.ticks] if scene.x else []
    dated = (_DATE.fullmatch(name) or parse_time(name) is not None for name in names)
    dates = sum(map(bool, dated)) > 0.75 * len(names)
    if scene.x is None or len(names) < 3 or not (dates or scene.x.kind == "time"):
        scene.x, scene.plot, scene.texts = None, box, texts


def _over_ticks(box: Box, fit: AxisFit) -> Box:
    """A guessed plot box, widened to hold the marks of all ticks of its x axis."""
    pxs = [tick.px for tick in fit.ticks]
    half = (max(pxs) - min(pxs)) / (2 * max(1, len(pxs) - 1)) if pxs else 0.0
    left, right = (
        min([box[0], *(px - half for px in pxs)]),
        max([box[2], *(px + half for px in pxs)]),
    )
    return left, box[1], right, box[3]


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
    wordy = [t for t in heads if len(t.text) > 3 and not is_numeric(t) and not is_note(t.text)]
    wordy = [t for t in wordy if not _SHARE.search(t.text) and not _in_row(t, heads)]
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
        elif near and gap < 1.5 * size and _width(text) > 0.2 * _width(first):
            roles[id(text)] = "subtitle"
            last = text
    lines = [t for t in wordy if id(t) in roles]
    for text in wordy:  # the rest of a line that was recognised in pieces
        for line in lines:
            middle = (text.bbox_px[1] + text.bbox_px[3]) / 2
            # A stamp beside the title stands apart from it, or in another size.
            apart = max(text.bbox_px[0] - line.bbox_px[2], line.bbox_px[0] - text.bbox_px[2])
            if abs(height_of(text) - height_of(line)) > 0.25 * height_of(line):
                continue
            if apart > 3 * height_of(line):
                continue
            if id(text) not in roles and line.bbox_px[1] < middle < line.bbox_px[3]:
                roles[id(text)] = roles[id(line)]
    return roles


def _in_row(text: Text, heads: Sequence[Text]) -> bool:
    """Whether a text stands in a row of three and more, well apart and set alike: names over
    columns or panels."""
    high = height_of(text)
    row = [
        other
        for other in heads
        if abs(other.bbox_px[1] + other.bbox_px[3] - text.bbox_px[1] - text.bbox_px[3]) < high
        and abs(height_of(other) - high) < 0.25 * high
    ]
    row.sort(key=lambda other: other.bbox_px[0])
    gaps = [b.bbox_px[0] - a.bbox_px[2] for a, b in itertools.pairwise(row)]
    return len(row) >= 3 and min(gaps) > 3 * high


def _width(text: Text) -> float:
    return text.bbox_px[2] - text.bbox_px[0]


def _centred(a: Text, b: Text) -> bool:
    return abs(sum(a.bbox_px[::2]) - sum(b.bbox_px[::2])) < 8


def _role(text: Text, scene: Scene, legend: set[Box], titles: dict[int, str], below: float) -> str:
    left, top, right, bottom = scene.plot
    x0, y0, x1, y1 = text.bbox_px
    if text.bbox_px in legend:
        return "legend"
    if id(text) in titles:
        return titles[id(text)]
    if is_note(text.text) and (y0 > bottom or y1 < top or y0 > 0.75 * scene.rgb.shape[0]):
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
