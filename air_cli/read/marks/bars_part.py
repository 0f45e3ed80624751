"""Where in a picture bars are looked for: the plot and what they may reach beyond it."""

from __future__ import annotations

import itertools
import math
import statistics

from air_cli.read.colors import page_background
from air_cli.read.marks.bars_cut import Cut, cut
from air_cli.read.plot import without_text
from air_cli.read.scene import Scene

_MARGIN = 3.0


def bars_part(scene: Scene) -> Cut:
    """The part of a scene that may hold bars, its texts painted over. Generous, for the plot box is
    a guess where axes are missing; strays fall out later."""
    clean = without_text(scene.rgb, scene.texts)
    left, top, right, bottom = scene.plot
    wide, high = 0.2 * (right - left) + _MARGIN, 0.2 * (bottom - top) + _MARGIN
    if scene.x is not None and scene.y is None:  # bars that lie go on down to their axis
        under = [t.bbox_px[1] for t in scene.texts if t.role == "tick" and t.bbox_px[1] > bottom]
        bottom = max(bottom, min(under, default=bottom) - high)
    roof = min(top - high, _first_row(scene), max(_head(scene), top - 2 * (bottom - top)))
    region = (left - wide, roof, right + wide, bottom + high)
    page = page_background(scene.rgb)
    # Not the most frequent colour: that may be the bars' own.
    where = cut(clean, region, (scene.background, page), scene.rgb)
    floor = _floor(scene) - where.top
    if floor < len(where.part):
        where.part[round(floor) :] = page
    return where


def _floor(scene: Scene) -> float:
    """Where the row of names under standing bars begins: no bar reaches down into it."""
    if scene.x is None or scene.y is None or scene.x.kind not in ("category", "time"):
        return math.inf
    names, bottom = {tick.text for tick in scene.x.ticks}, scene.plot[3]
    tops = [
        t.bbox_px[1]
        for t in scene.texts
        if t.role == "tick" and t.text in names and t.bbox_px[3] > bottom
    ]
    return max(bottom + _MARGIN, min(tops, default=math.inf))


def _head(scene: Scene) -> float:
    """The foot of the titles over the plot: bars may rise that far above the highest tick."""
    top = scene.plot[1]
    heads = [t.bbox_px[3] for t in scene.texts if t.role in ("title", "subtitle", "legend")]
    return max((foot for foot in heads if foot < top), default=top)


def _first_row(scene: Scene) -> float:
    """The top of the first name beside bars that lie: above it the plot's grid may be hidden."""
    if scene.x is None or scene.y is not None:
        return scene.plot[1]
    heads = ("title", "subtitle", "source", "axis-title", "legend")
    names = [
        t.bbox_px
        for t in scene.texts
        if t.role not in heads and abs(t.angle) < 10 and t.bbox_px[2] <= scene.plot[0] + 4
    ]
    tops = sorted(1.5 * top - 0.5 * bottom for _, top, _, bottom in names)
    if len(tops) < 3:
        return min([scene.plot[1], *tops])
    # A group of bars reaches half way to the next one.
    steps = [b - a for a, b in itertools.pairwise(tops)]
    return min(scene.plot[1], tops[0] - (0.5 * statistics.median(steps) if min(steps) > 8 else 0.0))
