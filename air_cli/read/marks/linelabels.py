"""Value labels of line charts: which number belongs to which point of which line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from air_cli.read.colors import delta_e
from air_cli.read.ink import Plot
from air_cli.read.marks.knots import between_knots, near_knot
from air_cli.read.marks.labels import ValueLabel, calibrate, value_labels
from air_cli.read.marks.settling import Knot
from air_cli.read.marks.strokes import Line
from air_cli.read.scene import AxisFit, Scene


@dataclass(frozen=True)
class Joined:
    """A label at a point: its value, half its last digit, and whether geometry confirmed it."""

    text: str
    value: float
    half: float
    checked: bool


def fit_from_labels(scene: Scene, plot: Plot, lines: Sequence[Line]) -> AxisFit | None:
    """A y axis from the printed values alone, for charts without readable y ticks."""
    labels = value_labels(scene)
    if len(labels) < 3:
        return None
    costs = np.array([[_nearness(plot, line, label) for line in lines] for label in labels])
    pairs = []
    for row, label in enumerate(labels):
        best = int(costs[row].argmin())
        point = lines[best].stroke.at(label.x - plot.x0)
        if point is not None and costs[row, best] < 60:
            pairs.append((point.y + plot.y0, label.number.value))
    return calibrate(pairs)


def label_knots(scene: Scene) -> list[Knot]:
    """Knots where values are printed, numbered from the left: for charts without an x axis."""
    groups: list[list[float]] = []
    for label in sorted(value_labels(scene), key=lambda item: item.x):
        if groups and label.x - groups[-1][-1] < max(6.0, 0.6 * (label.box[2] - label.box[0])):
            groups[-1].append(label.x)
        else:
            groups.append([label.x])
    return [Knot(float(np.mean(group)), str(n)) for n, group in enumerate(groups, 1)]


def _nearness(plot: Plot, line: Line, label: ValueLabel) -> float:
    """How badly a label suits a line: distance in its own heights, and colour."""
    point = line.stroke.at(label.x - plot.x0)
    if point is None:
        return 1e6
    gap = label.gap(point.y + plot.y0) / max(label.height, 6)
    return 20 * gap + _color_cost(plot, line, label)


def _color_cost(plot: Plot, line: Line, label: ValueLabel) -> float:
    """0 for the line's own colour or black, more for another colour."""
    if float(np.hypot(label.lab[1], label.lab[2])) < 14:
        return 4.0
    ink = plot.palette.inks[line.ink]
    return min(float(delta_e(np.array(label.lab), np.array(ink.lab))), 40.0)


def join_labels(
    scene: Scene, plot: Plot, lines: Sequence[Line], knots: Sequence[Knot], y: AxisFit | None
) -> list[dict[Knot, Joined]]:
    """For each line, the labels at its points: knot -> label. A number that stands near a line but
    contradicts its height is left out: it says something else."""
    result: list[dict[Knot, Joined]] = [{} for _ in lines]
    labels = value_labels(scene)
    if not labels:
        return result
    options: list[tuple[float, int, int, Knot, Joined]] = []
    for n, label in enumerate(labels):
        for i, line in enumerate(lines):
            options += [
                (cost, n, i, knot, joined)
                for cost, knot, joined in _fits(scene, plot, line, knots, y, label)
            ]
    done: set[int] = set()
    for _, n, i, knot, joined in sorted(options, key=lambda option: option[0]):
        if n in done or any(other.name == knot.name for other in result[i]):
            continue
        result[i][knot] = joined
        done.add(n)
    return result


def _fits(
    scene: Scene,
    plot: Plot,
    line: Line,
    knots: Sequence[Knot],
    y: AxisFit | None,
    label: ValueLabel,
) -> list[tuple[float, Knot, Joined]]:
    """The points of a line that a label may belong to, with costs."""
    found = []
    reach_x = 0.6 * (label.box[2] - label.box[0]) + 4
    ends = (line.stroke.span[0] + plot.x0, line.stroke.span[1] + plot.x0)
    places = [knot for knot in knots if abs(knot.px - label.x) <= reach_x]
    if not places and scene.x is not None and scene.x.kind in ("time", "linear"):
        places = [near_knot(scene.x, label.x)]
    elif not places and knots:
        places = [between_knots(knots, label.x)]
    for knot in places:
        point = line.stroke.at(knot.px - plot.x0)
        if point is None:  # the tick's label is centred beside the line's end
            knot = replace(knot, px=min(max(label.x, ends[0]), ends[1]))
            point = line.stroke.at(knot.px - plot.x0)
        if point is None or abs(knot.px - label.x) > reach_x:
            continue
        at = point.y + plot.y0
        gap = label.gap(at)
        if gap > 2.2 * label.height + line.stroke.width:
            continue
        cost = gap / max(label.height, 6) + 0.15 * _color_cost(plot, line, label)
        cost += abs(knot.px - label.x) / max(reach_x, 1)
        value = label.best(y.value(at) if y else None)
        if y is not None:
            off = abs(y.px(value) - at) if y.kind != "log" or value > 0 else 1e6
            allowed = max(3.0, 0.012 * plot.shape[0]) + point.reach + y.residual_px
            if off > allowed + abs(label.number.half / (y.slope or 1.0)) * (y.kind != "log"):
                continue
            cost += off / allowed
        half = label.number.half / (label.number.scale if value == label.number.value else 1.0)
        found.append((cost, knot, Joined(label.text, value, half, y is not None)))
    return found
