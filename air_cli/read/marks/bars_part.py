"""Where in a picture bars are looked for: the plot and what they may reach beyond it."""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Sequence

import numpy as np

from air_cli.read.colors import from_hex, page_background
from air_cli.read.marks.bars_cut import Cut, Rect, cut, near
from air_cli.read.painted import without_text
from air_cli.read.scene import Scene

_MARGIN = 3.0
_SLANTED = 6.0  # pixels
_AT_EDGE = 1.5  # pixels
_SAME = 12  # grey levels
_SAMPLE = 14  # pixels: how high a legend's sample of a fill is


def bars_part(scene: Scene, whole: frozenset[str] = frozenset()) -> Cut:
    """The part of a scene that may hold bars, its texts painted over. Generous, for the plot box is
    a guess where axes are missing; strays fall out later. `whole`: the sides (left, top, right,
    bottom) at which it goes on to the edge of the picture."""
    clean = without_text(scene.rgb, scene.texts)
    left, top, right, bottom = scene.plot
    wide, high = 0.2 * (right - left) + _MARGIN, 0.2 * (bottom - top) + _MARGIN
    if scene.x is not None and scene.y is None:  # bars that lie go on down to their axis
        under = [t.bbox_px[1] for t in scene.texts if t.role == "tick" and t.bbox_px[1] > bottom]
        bottom = max(bottom, min(under, default=bottom) - high)
    roof = min(top - high, _first_row(scene), max(_head(scene), top - 2 * (bottom - top)))
    height, width = scene.rgb.shape[:2]
    region = (
        0.0 if "left" in whole else left - wide,
        0.0 if "top" in whole else roof,
        width if "right" in whole else right + wide,
        height if "bottom" in whole else bottom + high,
    )
    page = page_background(scene.rgb)
    # Not the most frequent colour: that may be the bars' own.
    where = cut(clean, region, (scene.background, page), scene.rgb)
    floor = _floor(scene) - where.top
    if floor < len(where.part):
        where.part[round(floor) :] = page
    return where


def sides_cut(where: Cut, rects: Sequence[Rect], shape: tuple[int, ...]) -> frozenset[str]:
    """The sides at which rectangles, or others of their colours, reach the edge of a part although
    the picture (height, width) goes on there: the part cuts them off."""
    high, wide = where.part.shape[:2]
    right, bottom = where.left + wide, where.top + high
    cut_off = {"right"} if right < shape[1] and _goes_on(where, rects) else set()
    for box in (rect.box for rect in rects):
        ends = {
            "left": where.left > 0 and box[0] < where.left + _AT_EDGE,
            "top": where.top > 0 and box[1] < where.top + _AT_EDGE,
            "right": right < shape[1] and box[2] > right - _AT_EDGE,
            "bottom": bottom < shape[0] and box[3] > bottom - _AT_EDGE,
        }
        cut_off |= {side for side, there in ends.items() if there}
    return frozenset(cut_off)


def _goes_on(where: Cut, rects: Sequence[Rect]) -> bool:
    """Whether a colour of the rectangles stands along the right edge of a part, over more than a
    sample of a legend: a bar that is cut there is narrower than the others, and none of them."""
    edge = where.part[:, -1:]
    least = max(_SAMPLE, 0.05 * len(edge))
    colors = {r.color for r in rects}
    return any((near(edge, np.array(from_hex(c)), _SAME) > 0).sum() > least for c in colors)


def _floor(scene: Scene) -> float:
    """Where the row of names under standing bars begins: no bar reaches down into it."""
    if scene.x is None or scene.y is None or scene.x.kind not in ("category", "time"):
        return math.inf
    names, bottom = {tick.text for tick in scene.x.ticks}, scene.plot[3]
    tops = [
        # The box of a slanted name begins over its letters.
        t.bbox_px[1] + (_SLANTED if 10 < abs(t.angle) < 80 else 0.0)
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
