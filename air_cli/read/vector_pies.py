"""Pies and donuts of vector charts: wedges their names and their shares."""

from __future__ import annotations

import math
from collections.abc import Sequence

from air_cli.read.numbers import parse_number
from air_cli.read.page import center
from air_cli.read.scene import MarkReading
from air_cli.read.vector_legend import name_of
from air_cli.read.vector_plot import Plot
from air_cli.read.vector_sectors import FULL, Wedge, full_turn
from air_cli.read.vector_text import Label
from air_cli.records import Mark, Series

# Some programs draw arcs as polygons, of at least so many vertices.
_POLYGON = 8


def read_pie(plot: Plot) -> MarkReading | None:
    """Wedges around one centre that make up a full turn, or None."""
    shapes = [
        shape
        for shape in plot.shapes
        if shape.kind == "blob"
        and (shape.curved or len(shape.points) >= _POLYGON)
        and shape.fill
        and shape not in plot.taken
    ]
    wedges = full_turn(shapes)
    if not wedges:
        return None
    total = sum(wedge.sweep for wedge in wedges)
    # Clockwise from the top, as people read a pie.
    wedges.sort(key=lambda wedge: (wedge.middle + math.pi / 2) % FULL)
    names = _names(plot, wedges)
    marks = []
    for wedge, name in zip(wedges, names, strict=True):
        share = 100 * wedge.sweep / total
        slack = 0.02
        marks.append(
            Mark("", name, round(share, 3), share - slack, share + slack, "vector",
                 wedge.shape.box, wedge.shape.color, _printed(plot, wedge, share))
        )  # fmt: skip
    kind = "donut" if min(wedge.hole for wedge in wedges) > 0.15 else "pie"
    categories = tuple(names)
    return MarkReading(kind, tuple(marks), (Series("", "", "slice"),), categories, 0.95)


def _names(plot: Plot, wedges: Sequence[Wedge]) -> list[str]:
    """By the legend's colours, else by the word that stands at each wedge."""
    legend = [name_of(plot, wedge.shape.color) for wedge in wedges]
    if sum(name is not None for name in legend) >= 0.6 * len(wedges):
        return [name or f"slice {n}" for n, name in enumerate(legend, 1)]
    # What looked like a legend and names no colour here is text with a pointer to its slice.
    words = [
        label
        for label in plot.labels
        if plot.roles.get(label) in (None, "legend")
        and parse_number(label.text) is None
        and _word(label.text)
    ]
    names: dict[int, str] = {}
    pairs = sorted(
        ((_apart(wedge, label), n, label) for n, wedge in enumerate(wedges) for label in words),
        key=lambda item: item[0],
    )
    used: set[Label] = set()
    for apart, n, label in pairs:
        if n in names or label in used or apart > 1.0:
            continue
        names[n] = label.text
        used.add(label)
        plot.roles[label] = "label"
    return [names.get(n, f"slice {n + 1}") for n in range(len(wedges))]


def _word(text: str) -> bool:
    return sum(c.isalpha() for c in text) >= 2 or len(text) == 1


def _apart(wedge: Wedge, label: Label) -> float:
    """Angle between a label and the middle of a wedge, relative to the wedge, with distance."""
    x, y = center(label.box)
    # The nearest end of an outside label counts, not its middle.
    x = min(max(wedge.cx, label.box[0]), label.box[2]) if abs(y - wedge.cy) > wedge.radius else x
    far = math.hypot(x - wedge.cx, y - wedge.cy) / wedge.radius
    if far > 2.2:
        return 9.0
    angle = math.atan2(y - wedge.cy, x - wedge.cx)
    off = abs((angle - wedge.middle + math.pi) % FULL - math.pi)
    return off / max(wedge.sweep / 2, 0.15) * 0.8 + 0.1 * max(far - 1.3, 0.0)


def _printed(plot: Plot, wedge: Wedge, share: float) -> str:
    """The percentage printed at a wedge, when it agrees with the angle."""
    best: tuple[float, Label] | None = None
    for label in plot.labels:
        number = parse_number(label.text)
        if number is None or abs(number.value - share) > max(number.half * 1.1, 0.06):
            continue
        apart = _apart(wedge, label)
        if apart < 1.2 and (best is None or apart < best[0]):
            best = apart, label
    if best is None:
        return ""
    plot.roles.setdefault(best[1], "label")
    return best[1].text
