"""Lines that tracing got wrong or missed, found anew between the categories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from air_cli.read.colors import distance
from air_cli.read.ink import Plot
from air_cli.read.marks.families import Family, families, family_of
from air_cli.read.marks.knots import choose_knots
from air_cli.read.marks.polylines import mended, through_knots
from air_cli.read.marks.strokes import Floats, Line, stroke_width
from air_cli.read.scene import LegendEntry, Scene

_SAME = 10.0  # CIEDE2000 between a swatch and its line
_KIN = 25.0  # CIEDE2000 between a swatch and the shades of its line in a compressed picture


def colors_shown(legend: Sequence[LegendEntry]) -> list[str]:
    """The colours of a legend's swatches."""
    return [entry.color for entry in legend if entry.swatch_px != entry.bbox_px]


def widest(plot: Plot) -> float:
    """The width in pixels that lines of a plot have at most."""
    return max(8.0, 0.022 * max(plot.shape))


def completed(scene: Scene, plot: Plot, lines: list[Line]) -> list[Line]:
    """The lines with those that the legend shows and that no stroke, or several, were found of:
    dashes too far apart to be followed."""
    shown = colors_shown(scene.legend)
    if scene.x is None or not shown or any(line.stroke.points for line in lines):
        return lines
    counts = Counter(line.ink for line in lines)
    lacking = [f for f in _shown_families(plot, shown, set(counts)) if counts[f.main] != 1]
    if not lacking:
        return lines
    knots = choose_knots(scene.x, [line.stroke for line in lines], plot.x0)
    at = np.array([knot.px - plot.x0 for knot in knots])
    for family in lacking:
        width = stroke_width(family.mask)
        thin = width <= widest(plot)
        stroke = through_knots(plot, family, width, at) if thin else None
        if stroke is not None:
            color = plot.palette.inks[family.main].color
            lines = [line for line in lines if line.ink != family.main]
            lines.append(Line(stroke, family.main, color))
    return lines


def mended_lines(scene: Scene, plot: Plot, lines: list[Line], at: Floats) -> list[Line]:
    """The lines, those that a trace follows badly fitted to their ink between the abscissas `at`
    (crop pixels); for charts with an x axis only, and lines that have a colour of their own."""
    if scene.x is None or len(at) < 2:
        return lines
    drawn = {family.main: family for family in families(plot, colors_shown(scene.legend))}
    counts = Counter(line.ink for line in lines)
    return [
        replace(line, stroke=mended(plot, drawn[line.ink], line.stroke, at))
        if line.ink in drawn and counts[line.ink] == 1 and not line.stroke.points
        else line
        for line in lines
    ]


def _shown_families(plot: Plot, shown: Sequence[str], found: set[int]) -> list[Family]:
    """For each colour of the legend the family of inks nearest to it, each once. One of which no
    line was `found` is joined by the inks that are nearer to it than to the legend's others:
    compression leaves dots hardly two of one shade."""
    every = families(plot, shown)
    inks = [plot.palette.inks[family.main].color for family in every]
    away = np.array([[distance(color, ink) for ink in inks] for color in shown])
    result: dict[int, Family] = {}
    for n in range(len(shown)) if inks else ():
        family = every[int(away[n].argmin())]
        if away[n].min() >= _SAME or family.main in result:
            continue
        rest = np.delete(away, n, axis=0).min(axis=0, initial=np.inf)
        kin = [
            member
            for k, other in enumerate(every)
            if other is not family
            and not found & {other.main, family.main}
            and away[n, k] < min(_KIN, 0.7 * rest[k])
            for member in other.members
        ]
        result[family.main] = family_of(plot, (*family.members, *kin)) if kin else family
    return list(result.values())
