"""Lines of vector charts: the vertices of polylines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from air_cli.read.page import center, inside
from air_cli.read.scene import AxisFit, MarkReading
from air_cli.read.vector_crisp import align_to_data
from air_cli.read.vector_legend import name_of, same_marker
from air_cli.read.vector_line_names import names_beside
from air_cli.read.vector_plot import Plot, numeric
from air_cli.read.vector_sampling import at_places, is_smooth
from air_cli.read.vector_second_axis import axis_of
from air_cli.read.vector_shapes import (
    Points,
    Shape,
    color_distance,
    is_neutral,
    is_white,
)
from air_cli.read.vector_text import Label
from air_cli.read.vector_values import abscissa, name_places, reading, value_label
from air_cli.records import Mark, Series

_MOST_MARKS = 20_000


@dataclass(frozen=True, eq=False)
class _Run:
    """One drawn line: its vertices, left to right; `drawn` those before values at named places were
    put in."""

    points: Points
    color: str
    dashed: bool
    width: float
    order: int
    drawn: Points | None = None


def read_lines(plot: Plot, over_bars: bool = False) -> MarkReading | None:
    """The polylines of the plot as series, or None. `over_bars`: the plot has bars too."""
    runs = _runs(plot)
    fit = plot.y
    if not runs or fit is None or not numeric(fit):
        return None
    # Of dense curves some vertex stands beside each tick, wherever the axis is.
    sparse = [run for run in runs if np.median(np.diff(run.points[:, 0])) > 2.4 * plot.pt]
    align_to_data(plot, [float(x) for run in sparse for x in run.points[:, 0]])
    series = [(_sampled(plot, run, runs), name) for run, name in _series(plot, runs)]
    marks: list[Mark] = []
    for run, name in series:
        places = [float(y) for y in run.points[:, 1]]
        marks += _marks(plot, axis_of(plot, run.color, name, places, over_bars), run, name)
    if not marks or len(marks) > _MOST_MARKS:
        return None
    listed = tuple(Series(name, run.color, "line") for run, name in series)
    categories = tuple(dict.fromkeys(mark.category for mark in _left_to_right(marks)))
    return MarkReading("line", tuple(marks), _unique(listed), categories, 0.9)


def _sampled(plot: Plot, run: _Run, runs: Sequence[_Run]) -> _Run:
    others = [float(x) for other in runs for x in other.points[:, 0]]
    height = plot.box[3] - plot.box[1]
    # A line with bends at the same places says that these are data, however smooth this one looks.
    bent = any(
        other.points.shape == run.points.shape
        and np.allclose(other.points[:, 0], run.points[:, 0], atol=0.1 * plot.pt)
        and not is_smooth(other.points, height)
        for other in runs
        if other is not run
    )
    points = at_places(run.points, plot.x, height, others, curved=not bent)
    return replace(run, points=points, drawn=run.points)


def _runs(plot: Plot) -> list[_Run]:
    """Lines of the plot: chained pieces that run across it."""
    width = plot.box[2] - plot.box[0]
    pieces = [
        shape
        for shape in plot.data("line", "rule")
        if shape.stroke
        and not shape.fill
        and not is_white(shape.stroke)
        and (shape.kind == "line" or not is_neutral(shape.stroke))
        and not shape.closed
    ]
    runs = []
    for points, shape in _chained(pieces):
        if len(points) < 3 and not (len(points) == 2 and shape.kind == "line"):
            continue
        if np.ptp(points[:, 0]) < 0.1 * width or not _is_function(points):
            continue
        if is_neutral(shape.stroke) and _is_angle(points):
            continue
        if points[0, 0] > points[-1, 0]:
            points = points[::-1]
        runs.append(_Run(points, shape.stroke, shape.dashed, shape.width, shape.order))
    return _without_twins(runs)


def _chained(pieces: Sequence[Shape]) -> list[tuple[Points, Shape]]:
    """Join consecutive pieces of one style where one starts as the last ended."""
    chains: list[tuple[Points, Shape]] = []
    for piece in pieces:
        if chains:
            points, first = chains[-1]
            same = (first.stroke, first.dashed) == (piece.stroke, piece.dashed)
            same = same and abs(first.width - piece.width) < 0.2
            if same and np.allclose(points[-1], piece.points[0], atol=0.05):
                first = first if first.kind == "line" else piece
                chains[-1] = (np.vstack([points, piece.points[1:]]), first)
                continue
        chains.append((piece.points, piece))
    return chains


def _is_function(points: Points) -> bool:
    """Runs in one direction of x: a data line, not an outline or an arrow."""
    steps = np.diff(points[:, 0])
    return bool(np.all(steps >= -0.05) or np.all(steps <= 0.05))


def _is_angle(points: Points) -> bool:
    """Level and upright legs, one of these at an end: axes drawn in one stroke, no data."""
    steps = np.abs(np.diff(points, axis=0))
    return (
        len(points) <= 4
        and bool(np.all(steps.min(axis=1) < 0.1))
        and bool(steps[0, 1] > 1 or steps[-1, 1] > 1)
    )


def _without_twins(runs: Sequence[_Run]) -> list[_Run]:
    """A line drawn twice (halo, then colour) counts once, in the colour on top."""
    kept: list[_Run] = []
    for run in runs:
        for n, other in enumerate(kept):
            if _repeats(run, other) or (run.color == other.color and _repeats(other, run)):
                # Of an outline and the line on it the shorter is the line; else the one on top.
                kept[n] = run if len(run.points) <= len(other.points) else other
                break
        else:
            kept.append(run)
    return kept


def _repeats(run: _Run, other: _Run) -> bool:
    """Whether every vertex of `run` is one of `other`, which has hardly any more."""
    if not len(run.points) <= len(other.points) <= len(run.points) + 2:
        return False
    apart = np.abs(run.points[:, None, :] - other.points[None, :, :]).max(axis=2)
    return bool(np.all(apart.min(axis=1) < 0.3))


def _series(plot: Plot, runs: Sequence[_Run]) -> list[tuple[_Run, str]]:
    """Each run with its name: legend, then a text at its end, then a number. Runs of one style
    that do not overlap in x are parts of one line with a gap."""
    named: list[tuple[_Run, str]] = []
    for run in runs:
        marked = _by_marker(plot, run)
        name = marked or name_of(plot, run.color)
        same = [other for other, _ in named if other.color == run.color]
        if marked is None and name is not None and any(_overlaps(run, other) for other in same):
            name = None
        if name is None:
            name = _direct_label(plot, run, runs)
        if name is None and same and not any(_overlaps(run, other) for other in same):
            name = next(text for other, text in named if other.color == run.color)
        if name is None:
            name = "" if len(runs) == 1 else f"series {len(named) + 1}"
        named.append((run, name))
    return _by_nearness(plot, named)


def _by_nearness(plot: Plot, named: list[tuple[_Run, str]]) -> list[tuple[_Run, str]]:
    """With names that stand beside the lines where none has another."""
    if any(not name.startswith("series ") for _, name in named):
        return named
    labels = names_beside(plot, [run.points for run, _ in named])
    if labels is None:
        return named
    plot.roles.update(dict.fromkeys(labels, "legend"))
    return [(run, label.text) for (run, _), label in zip(named, labels, strict=True)]


def _by_marker(plot: Plot, run: _Run) -> str | None:
    """The legend's name for the marker on a line's vertices, where its colour is not enough."""
    names = {entry.name for entry in plot.legend if color_distance(entry.color, run.color) <= 12}
    if len(names) < 2:
        return None
    votes: Counter[str] = Counter()
    for shape in plot.data("marker", "rect"):
        if max(shape.size) > 14 * plot.pt or shape.color != run.color:
            continue
        off = np.abs(run.points - np.array(center(shape.full))).max(axis=1)
        if float(off.min()) < 0.15 * max(shape.size):
            votes.update(name for name in names if same_marker(plot.markers.get(name), shape))
    return votes.most_common(1)[0][0] if votes else None


def _overlaps(one: _Run, other: _Run) -> bool:
    low = max(one.points[0, 0], other.points[0, 0])
    high = min(one.points[-1, 0], other.points[-1, 0])
    return bool(high - low > 1.0)


def _direct_label(plot: Plot, run: _Run, runs: Sequence[_Run]) -> str | None:
    """A word of the line's colour, or directly right of its end and of no other line's."""
    end = run.points[-1]
    best: tuple[float, str] | None = None
    for label in plot.free():
        if not any(c.isalpha() for c in label.text) or len(label.text) > 40:
            continue
        colored = bool(label.color) and not is_neutral(label.color)
        matches = colored and color_distance(label.color, run.color) < 40
        gap = label.box[0] - end[0]
        off = abs(center(label.box)[1] - end[1])
        beside = -2 <= gap < 2.5 * label.size and off < 0.8 * label.size
        if beside and any(abs(other.points[-1, 1] - center(label.box)[1]) < off for other in runs):
            beside = matches
        if any(_nearer(other, run, label) for other in runs):
            continue
        if (beside or (matches and inside(center(label.box), plot.box, 90 * plot.pt))) and (
            best is None or off < best[0]
        ):
            best = off, label.text
    return best[1] if best else None


def _nearer(other: _Run, run: _Run, label: Label) -> bool:
    """Whether another line of the same colour ends nearer to a label."""
    if other is run or other.color != run.color or not _overlaps(other, run):
        return False
    level = center(label.box)[1]
    return abs(float(other.points[-1, 1]) - level) < abs(float(run.points[-1, 1]) - level)


def _marks(plot: Plot, fit: AxisFit, run: _Run, name: str) -> list[Mark]:
    points = _on_plot(plot, run.points)
    names = name_places(plot.x, [float(x) for x in points[:, 0]], plot.pt)
    span = abs(fit.value(fit.span[0]) - fit.value(fit.span[1]))
    reach = max(run.width, plot.pt)
    marks = []
    for (px, py), category in zip(points.tolist(), names, strict=True):
        value, low, high = reading(fit, py, plot.pt)
        if run.drawn is not None and np.abs(run.drawn[:, 0] - px).min() > 0.1 * plot.pt:
            # No vertex stands here: the program left one out that was within its own tolerance.
            ends = (fit.value(py - plot.pt), fit.value(py + plot.pt))
            low, high = min(low, *ends), max(high, *ends)
        box = (px - reach, py - reach, px + reach, py + reach)
        label = value_label(plot, box, value, span) if len(points) <= 40 else None
        if label is not None:
            plot.roles.setdefault(label, "label")
        x = abscissa(plot.x, px, plot.pt)
        text = label.text if label else ""
        marks.append(Mark(name, category, value, low, high, "vector", box, run.color, text, x))
    return marks


def _on_plot(plot: Plot, points: Points) -> Points:
    """Vertices within the plot area: what is clipped away is not shown, so not read."""
    margin = 1.0 * plot.pt
    left, top, right, bottom = plot.box
    shown = (
        (points[:, 0] >= left - margin)
        & (points[:, 0] <= right + margin)
        & (points[:, 1] >= top - margin)
        & (points[:, 1] <= bottom + margin)
    )
    return points[shown]


def _left_to_right(marks: Sequence[Mark]) -> list[Mark]:
    return sorted(marks, key=lambda mark: mark.bbox_px[0])


def _unique(series: Sequence[Series]) -> tuple[Series, ...]:
    seen: dict[str, Series] = {}
    for item in series:
        seen.setdefault(item.name, replace(item))
    return tuple(seen.values())
