"""Which stroke is which series: by the legend's colours, else by the text beside it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from air_cli.read.colors import color_name, delta_e, distance, from_hex, to_lab
from air_cli.read.direct_labels import paler
from air_cli.read.ink import Plot
from air_cli.read.marks.strokes import Line
from air_cli.read.numbers import parse_number
from air_cli.read.scene import LegendEntry, Scene
from air_cli.read.times import parse_time
from air_cli.records import Box, Text

_ONE = 4.0  # CIEDE2000 between colours that nobody tells apart
FARTHEST = 16.0  # CIEDE2000: swatch and series are the same colour within this


def assign(costs: np.ndarray, limit: float) -> dict[int, int]:
    """Row -> column, each used once, none above `limit`: cheapest pairs first, then exchanges
    between two pairs as long as they make it cheaper."""
    result: dict[int, int] = {}
    used: set[int] = set()
    for place in np.argsort(costs, axis=None, kind="stable"):
        row, column = divmod(int(place), costs.shape[1])
        if costs[row, column] > limit:
            break
        if row not in result and column not in used:
            result[row] = column
            used.add(column)
    for _ in range(4):
        changed = False
        for one, two in itertools.combinations(result, 2):
            a, b = result[one], result[two]
            crossed = costs[one, b], costs[two, a]
            if sum(crossed) < costs[one, a] + costs[two, b] - 1e-9 and max(crossed) <= limit:
                result[one], result[two] = b, a
                changed = True
        if not changed:
            break
    return result


def match_colors(colors: Sequence[str], legend: Sequence[LegendEntry]) -> dict[int, int]:
    """Index of colour -> index of legend entry, by perceptual distance, each used once."""
    if not colors or not legend:
        return {}
    own = to_lab(np.array([from_hex(c) for c in colors]))
    theirs = to_lab(np.array([from_hex(entry.color) for entry in legend]))
    return assign(delta_e(own[:, None], theirs[None]), FARTHEST)


def name_strokes(
    scene: Scene, plot: Plot, lines: Sequence[Line]
) -> tuple[list[Line], tuple[str, ...]]:
    """The lines with their series names, in the legend's order, and what could not be named.

    Colour decides; among strokes of one colour the nearer to a direct label. A stroke without
    legend takes the text beside its end; the last resort is its colour's name.
    """
    sure = {i: line.name for i, line in enumerate(lines) if line.name and _fits(scene, line)}
    free = [i for i in range(len(lines)) if i not in sure]
    legend = [entry for entry in scene.legend if entry.name not in sure.values()]
    twins = _indistinct(legend)
    legend = [entry for entry in legend if entry not in twins]
    named = {free[i]: name for i, name in _by_legend(legend, plot, [lines[i] for i in free])} | sure
    rest = [i for i in range(len(lines)) if i not in named]
    stray = len(scene.legend) >= 2 and len(named) >= 2
    if stray:  # a legend that names several: what it does not name is a rule or a reference
        rest = [i for i in rest if _important(lines, i)]
    crowd = _crowd(lines, rest) if stray else []
    rest = [i for i in rest if i not in crowd]
    if rest and len(lines) > 1:
        taken = {entry.name for entry in scene.legend}
        named.update(_by_nearness(scene, plot, lines, rest, taken))
    kept = [i for i in range(len(lines)) if i in named or i in rest]
    problems = []
    if twins:
        told = ", ".join(f'"{entry.name}"' for entry in twins)
        problems.append(f"the legend shows {told} in one colour: which line is whose is not told")
    if crowd:
        problems.append(f"{len(crowd)} lines or more of one colour lie close together: left out")
    result: list[Line] = []
    for i in kept:
        name = named.get(i, "")
        if not name and len(kept) > 1:
            name = _spare_name(lines[i].color, [line.name for line in result])
            problems.append(f"no name found for the {name} line")
        result.append(replace(lines[i], name=name))
    order = {entry.name: k for k, entry in enumerate(scene.legend)}
    result.sort(key=lambda line: order.get(line.name, len(order)))
    return result, tuple(problems)


def _fits(scene: Scene, line: Line) -> bool:
    """Whether a line that its markers name has the colour that the legend shows for that name."""
    shown = [entry.color for entry in scene.legend if entry.name == line.name]
    return not shown or min(distance(color, line.color) for color in shown) < 2 * FARTHEST


def _indistinct(legend: Sequence[LegendEntry]) -> list[LegendEntry]:
    """The entries whose swatches have one colour, by which no line can be told from another."""
    shown = [entry for entry in legend if entry.swatch_px != entry.bbox_px]
    return [
        one
        for one in shown
        if any(one is not other and distance(one.color, other.color) < _ONE for other in shown)
    ]


def _important(lines: Sequence[Line], i: int) -> bool:
    """As long and thick as the lines that the legend names."""
    sizes = [len(line.stroke.xs) * line.stroke.width for line in lines]
    return sizes[i] > 0.5 * float(np.median(sizes))


def _crowd(lines: Sequence[Line], rest: Sequence[int]) -> list[int]:
    """Those of the lines without names that are three or more of much the same colour: the bundle
    of all others behind the few that are named, in which no line can be followed."""
    alike = {
        i: sum(distance(lines[i].color, lines[k].color) < FARTHEST for k in rest) for i in rest
    }
    return [i for i in rest if alike[i] >= 3]


def _spare_name(color: str, taken: Sequence[str]) -> str:
    name = color_name(color)
    for number in itertools.count(2):
        if name not in taken:
            return name
        name = f"{color_name(color)} {number}"
    raise AssertionError("unreachable")


def _by_legend(
    legend: Sequence[LegendEntry], plot: Plot, lines: Sequence[Line]
) -> list[tuple[int, str]]:
    if not legend or not lines:
        return []
    own = np.array([from_hex(line.color) for line in lines])
    ground = tuple(int(v) for v in plot.palette.background)
    costs = np.stack([paler(entry.color, own, ground) for entry in legend], axis=1)
    height = plot.shape[0]
    for k, entry in enumerate(legend):
        if entry.swatch_px == entry.bbox_px:  # a direct label: nearness tells twins apart
            for i, line in enumerate(lines):
                costs[i, k] += 8 * min(1.0, _apart(plot, line, entry.bbox_px) / (0.3 * height))
    pairs = assign(costs, FARTHEST)
    left = sorted(set(range(len(lines))) - set(pairs))
    over = sorted(set(range(len(legend))) - set(pairs.values()))
    if len(left) == len(over) == 1 and len(pairs) >= 2 and _lined(legend):
        pairs[left[0]] = over[0]  # compression may take all colour from a thin swatch
    return [(i, legend[k].name) for i, k in pairs.items()]


def _lined(legend: Sequence[LegendEntry]) -> bool:
    """Whether a legend shows pieces of thin lines."""
    flat = (e.swatch_px[3] - e.swatch_px[1] < 0.5 * (e.bbox_px[3] - e.bbox_px[1]) for e in legend)
    return all(flat)


def _apart(plot: Plot, line: Line, box: Box) -> float:
    """Pixels between a text and a line: at the text's place, or from the line's end to it."""
    stroke = line.stroke
    left, top, right, bottom = (
        box[0] - plot.left,
        box[1] - plot.top,
        box[2] - plot.left,
        box[3] - plot.top,
    )
    first, last = max(left, stroke.xs[0]), min(right, stroke.xs[-1])
    if first <= last:  # the line may be hidden by the text: then as it goes on beside it
        ys = np.interp(np.linspace(first, last, 9), stroke.xs, stroke.ys)
        return float(np.maximum(0, np.maximum(top - ys, ys - bottom)).min())
    end = -1 if left > stroke.xs[-1] else 0
    dx = max(left - stroke.xs[end], stroke.xs[end] - right, 0)
    return float(np.hypot(0.5 * dx, abs((top + bottom) / 2 - stroke.ys[end])))


def _beside_plot(scene: Scene, text: Text, end: float, top: float) -> bool:
    """Whether a text is level with the plot; a little above only if it is no axis title, which
    tells its unit in brackets, or stands where lines end (`end`) that reach so high (`top`)."""
    middle = (text.bbox_px[1] + text.bbox_px[3]) / 2
    above = scene.plot[1] - middle
    if text.bbox_px[0] > end - 4 and middle > top - 0.5 * (text.bbox_px[3] - text.bbox_px[1]):
        return middle <= scene.plot[3]
    if above > 0:
        return "(" not in text.text and above < 1.5 * (text.bbox_px[3] - text.bbox_px[1])
    return middle <= scene.plot[3]


def _by_nearness(
    scene: Scene, plot: Plot, lines: Sequence[Line], rest: Sequence[int], taken: set[str]
) -> dict[int, str]:
    """Words beside a line: at its end or along it, closer to it than to any other line."""
    top = plot.y0 + min(float(lines[i].stroke.ys.min()) for i in rest)
    end = plot.x0 + max(float(lines[i].stroke.xs[-1]) for i in rest)
    texts = [
        t
        for t in scene.texts
        if t.role in ("legend", "label", "annotation", "other")
        and t.text not in taken
        and _is_name(t.text, at_end=t.bbox_px[0] > end - 4)
        and _beside_plot(scene, t, end, top)
        and t.bbox_px[2] > plot.left
    ]
    if not texts:
        return {}
    costs = np.array([[_apart(plot, lines[i], t.bbox_px) for t in texts] for i in rest])
    limit = 4.5 * float(np.median([t.bbox_px[3] - t.bbox_px[1] for t in texts]))
    return {rest[row]: texts[k].text for row, k in assign(costs, limit).items()}


def _is_name(text: str, *, at_end: bool) -> bool:
    """Whether a text may name a line; a year may where the lines end (`at_end`)."""
    if parse_time(text) is not None:
        return at_end and re.fullmatch(r"(19|20)\d\d", text) is not None
    return sum(c.isalpha() for c in text) > 1 and parse_number(text) is None
