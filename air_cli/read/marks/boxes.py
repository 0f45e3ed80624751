"""Box plots: minimum, quartiles, median and maximum of each box, as their lines say."""

from __future__ import annotations

from collections.abc import Sequence

from air_cli.read.ink import Plot, cover_boxes, cut_plot
from air_cli.read.marks.bars_columns import Columns, Segment
from air_cli.read.marks.bars_cut import Rect
from air_cli.read.marks.bars_names import category_names
from air_cli.read.marks.boxes_found import Five, Shape, drawn, find_shapes, measure
from air_cli.read.scene import AxisFit, MarkReading, Scene
from air_cli.records import Box, Mark, Series

NUMBERS = ("minimum", "lower quartile", "median", "upper quartile", "maximum")
_EDGE_PX = 1.2  # uncertainty of a line's place
_ON_EDGE_PX = 2.0  # more of a median that lies on the box's edge


def read(scene: Scene) -> MarkReading | None:
    """The boxes of a scene; None without a value axis, or where shapes with whiskers are few.

    Outliers beyond the whiskers are told in `problems`, not read. Score: the ink in boxes and
    whiskers; whiskers at both ends of boxes of one width are no accident, so that it starts high.
    """
    for fit, other, upright in ((scene.y, scene.x, True), (scene.x, scene.y, False)):
        if fit is None or fit.kind not in ("linear", "log"):
            continue
        if other is not None and other.kind not in ("category", "time"):
            continue
        plot = cut_plot(scene)
        shapes = find_shapes(drawn(plot, upright))
        if shapes:
            fives = [measure(plot, shape, upright) for shape in shapes]
            if sum(five.sure for five in fives) >= 0.5 * len(fives):
                return _reading(scene, plot, fit, shapes, fives, upright)
    return None


def _reading(
    scene: Scene,
    plot: Plot,
    fit: AxisFit,
    shapes: Sequence[Shape],
    fives: Sequence[Five],
    upright: bool,
) -> MarkReading:
    boxes = [_box(plot, five, five.rows[0], five.rows[4], upright) for five in fives]
    explained = plot.explained(cover_boxes(plot.shape, [_in_crop(plot, b) for b in boxes]))
    foot = -scene.plot[3] if upright else min(b[0] for b in boxes)
    segments = tuple(_segment(b, f.color, foot, upright) for b, f in zip(boxes, fives, strict=True))
    thick = segments[0].thickness
    names = category_names(scene, Columns(upright, (foot,), segments, thick, 1.0, "box"))
    marks = []
    for five, name in zip(fives, names, strict=True):
        # Upright values grow upwards, rows downwards.
        rows = five.rows[::-1] if upright else five.rows
        for number, row in zip(NUMBERS, rows, strict=True):
            px = row + (plot.top if upright else plot.left)
            loose = _ON_EDGE_PX if number == "median" and not five.sure else 0.0
            low, high = fit.interval(px, _EDGE_PX + loose)
            box = _box(plot, five, row - 1.5, row + 1.5, upright)
            marks.append(Mark(number, name, fit.value(px), low, high, "geometry", box, five.color))
    marks.sort(key=lambda m: NUMBERS.index(m.series))
    whole = sum(s.whiskers for s in shapes) / (2 * len(shapes))
    sure = explained > 0.6 and whole >= 0.6
    score = 0.98 + 0.02 * min(1.0, explained) if sure else explained
    problems = ["shapes beside the boxes (outliers?) were not read"] if explained < 0.93 else []
    series = tuple(Series(number, fives[0].color, "box") for number in NUMBERS)
    order = tuple(dict.fromkeys(names))
    return MarkReading("box", tuple(marks), series, order, score, tuple(problems))


def _box(plot: Plot, five: Five, start: float, stop: float, upright: bool) -> Box:
    """Rows and columns of the turned crop as a box of the image."""
    if upright:
        return five.left + plot.left, start + plot.top, five.right + plot.left, stop + plot.top
    return start + plot.left, five.left + plot.top, stop + plot.left, five.right + plot.top


def _in_crop(plot: Plot, box: Box) -> Box:
    return box[0] - plot.left, box[1] - plot.top, box[2] - plot.left, box[3] - plot.top


def _segment(box: Box, color: str, foot: float, upright: bool) -> Segment:
    """A box as a bar from the axis: it is named the same way."""
    left, top, right, bottom = box
    if upright:
        return Segment(left, right, foot, -top, Rect(*box, color))
    return Segment(top, bottom, foot, right, Rect(*box, color))
