"""Which shapes of a picture are bars: rectangles of every sort of fill, and how they stand."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import delta_e, from_hex, page_background, to_lab
from air_cli.read.ink import Plot, cover_boxes, cut_plot
from air_cli.read.marks.bars_columns import Columns, arrange, lanes, turned, usual_thickness
from air_cli.read.marks.bars_cut import Cut, Rect
from air_cli.read.marks.bars_fills import (
    framed_rects,
    hatched_rects,
    outlined_rects,
    shaded_rects,
    whole_rects,
)
from air_cli.read.marks.bars_part import bars_part, sides_cut
from air_cli.read.marks.bars_rects import flat_rects, without_covered
from air_cli.read.marks.bars_textures import cells, patterns_of
from air_cli.read.marks.waterfall import floating
from air_cli.read.scene import Scene
from air_cli.records import Box

_LINE = 4.0  # pixels: lines around and inside bars are thinner
_PLAIN = 0.88  # above this score the bars are flat, and nothing else is looked for


def find_columns(scene: Scene) -> tuple[float, Columns] | None:
    """(score, bars) of a scene as shapes without values, or None when it has none."""
    where = bars_part(scene)
    if min(where.part.shape[:2]) < 4:
        return None
    found = _columns_in(scene, where)
    rects = [s.rect for s in found[1].segments] if found else []
    more = sides_cut(where, rects, scene.rgb.shape)
    if found is not None and more:
        whole = _columns_in(scene, bars_part(scene, more))
        found = whole if whole and whole[0] >= found[0] - 0.05 else found
    return _by_patterns(scene, where, found)


def _by_patterns(
    scene: Scene, where: Cut, found: tuple[float, Columns] | None
) -> tuple[float, Columns] | None:
    """The bars told apart by the patterns of the legend, where it shows nothing else; the legend's
    entries take the colours that stand for them."""
    patterns = patterns_of(scene)
    if patterns is None:
        return found
    best: tuple[float, Columns] | None = None
    for vertical in (True, False):
        bars = where.placed(framed_rects(where, scene.plot, vertical))
        bars = [r for r in bars if not _is_swatch(r.box, scene)]
        bars = [r for r in bars if r.area > 0.03 * max(r.area for r in bars)]
        columns = arrange(cells(scene, patterns, bars, vertical), vertical)
        if columns is not None and len({s.color for s in columns.segments}) > 1:
            best = _better(best, _explained(scene, cut_plot(scene), columns), 0.0)
    if best is None or (found is not None and best[0] < found[0] - 0.25):
        return found
    scene.legend = list(patterns.entries)
    return best


def _columns_in(scene: Scene, where: Cut) -> tuple[float, Columns] | None:
    plot = cut_plot(scene)
    flat = dict(zip((True, False), flat_rects(where), strict=True))
    best: tuple[float, Columns] | None = None
    for vertical in (True, False):
        best = _better(best, _scored(scene, plot, where.placed(flat[vertical]), vertical), 0.0)
    if best is None or best[0] < _PLAIN:
        for vertical in (True, False):
            for rects in _other_fills(where, flat[vertical], scene.plot, vertical):
                one = _scored(scene, plot, where.placed(rects), vertical)
                best = _better(best, one, 0.03)
    return best if best is not None and best[0] >= 0.15 else None


def _other_fills(where: Cut, flat: list[Rect], plot: Box, vertical: bool) -> Iterator[list[Rect]]:
    """The rectangles of bars that are not, or not all, of one flat colour."""
    filled = _without_crumbs(flat, vertical)
    yield filled
    yield shaded_rects(where, filled, vertical)
    yield whole_rects(where, filled, vertical)
    framed = framed_rects(where, plot, vertical)
    if framed:
        yield framed
    for more in (hatched_rects(where, filled, vertical), outlined_rects(where)):
        if more:
            yield [*filled, *more]


def _without_crumbs(rects: list[Rect], vertical: bool) -> list[Rect]:
    """Without what lies between the lines of a hatching, and the lines themselves."""
    spans = [(*turned(r.box, vertical), r) for r in rects]
    if not spans:
        return []
    reach = max(s[1] for s in spans) - min(s[0] for s in spans)
    usual = usual_thickness([s for s in spans if s[1] - s[0] < 0.5 * reach])
    least = max(_LINE, 0.5 * usual)
    return [r for low, high, start, end, r in spans if high - low >= least and end - start >= _LINE]


def _better(
    best: tuple[float, Columns] | None, one: tuple[float, Columns] | None, margin: float
) -> tuple[float, Columns] | None:
    if one is None or (best is not None and one[0] <= best[0] + margin):
        return best
    return one


def _scored(
    scene: Scene, plot: Plot, found: Sequence[Rect], vertical: bool
) -> tuple[float, Columns] | None:
    """The bars that rectangles form, and how well they explain the plot."""
    grounds = to_lab(np.array([scene.background, page_background(scene.rgb)]))
    rects = [r for r in found if not _is_swatch(r.box, scene) and not _is_panel(r.box, scene)]
    drawn = {color for color in {r.color for r in rects} if not _is_smear(color, rects, grounds)}
    drawn -= _strips(rects, scene, vertical)
    rects = without_covered([r for r in rects if r.color in drawn])
    best: tuple[float, Columns] | None = None
    hanging = floating(rects, vertical) or floating(_without_crumbs(rects, vertical), vertical)
    for columns in (arrange(rects, vertical), hanging):
        if columns is not None:
            # A chain of steps is no accident; ranges must explain clearly more than standing bars.
            margin = -0.1 if columns.form == "waterfall" else 0.05
            best = _better(best, _explained(scene, plot, columns), margin)
    return best


def _is_smear(color: str, rects: Sequence[Rect], grounds: NDArray[np.floating[Any]]) -> bool:
    """Whether a colour is what compression leaves around marks: nearly the background's, or near it
    and hardly anywhere."""
    away = float(delta_e(to_lab(np.array(from_hex(color))), grounds).min())
    own = sum(r.area for r in rects if r.color == color)
    return away <= 3 or (away <= 12 and own <= 0.015 * sum(r.area for r in rects))


def _explained(scene: Scene, plot: Plot, columns: Columns) -> tuple[float, Columns]:
    boxes = [s.rect.box for s in columns.segments]
    mask = cover_boxes(
        plot.shape,
        [(a - plot.left, b - plot.top, c - plot.left, d - plot.top) for a, b, c, d in boxes],
    )
    return plot.explained(mask) * _regularity(columns, scene), columns


def _is_swatch(box: tuple[float, float, float, float], scene: Scene) -> bool:
    left, top, right, bottom = box
    x, y = (left + right) / 2, (top + bottom) / 2
    return any(
        e.swatch_px[0] - 2 <= x <= e.swatch_px[2] + 2
        and e.swatch_px[1] - 2 <= y <= e.swatch_px[3] + 2
        and (right - left) * (bottom - top) < 3 * _area(e.swatch_px) + 20
        for e in scene.legend
        if e.swatch_px != e.bbox_px
    )


def _area(box: tuple[float, float, float, float]) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _is_panel(box: tuple[float, float, float, float], scene: Scene) -> bool:
    """A background band or frame rather than a bar: as wide and as high as the plot."""
    left, top, right, bottom = scene.plot
    wide = (box[2] - box[0]) / max(1.0, right - left)
    high = (box[3] - box[1]) / max(1.0, bottom - top)
    return wide > 0.96 and high > 0.96


def _strips(rects: Sequence[Rect], scene: Scene, vertical: bool) -> set[str]:
    """Pale colours that fill the gaps between lanes of bars from end to end: the ground between
    stacks that reach from edge to edge, whatever else of it shows at their ends."""
    spans: dict[str, list[tuple[float, float, float, float]]] = {}
    for rect in rects:
        spans.setdefault(rect.color, []).append(turned(rect.box, vertical))
    _, _, start, end = turned(scene.plot, vertical)
    found = set()
    for color, own in spans.items():
        others = [s for c, each in spans.items() if c != color for s in each]
        if min(from_hex(color)) <= 180 or not others:
            continue
        between = [s for s in own if not any(_share_lane(s, other) for other in others)]
        longest = max((s[3] - s[2] for s in between), default=0.0)
        whole = [s for s in between if s[3] - s[2] > 0.93 * longest]
        area, most = (sum((s[1] - s[0]) * (s[3] - s[2]) for s in each) for each in (whole, own))
        if len(whole) > 2 and longest > 0.75 * (end - start) and area > 0.5 * most:
            found.add(color)
    return found


def _share_lane(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether spans lie one behind the other along the value, at least in part."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared > 0.25 * min(one[1] - one[0], other[1] - other[0])


def _regularity(columns: Columns, scene: Scene) -> float:
    """How much the rectangles are like bars: 0..1."""
    count = len(lanes(columns.segments))
    if count < 2 and not (scene.x or scene.y):
        return 0.3
    sizes = [s.thickness for s in columns.segments]
    spread = statistics.pstdev(sizes) / max(1.0, statistics.fmean(sizes))
    even = max(0.0, 1.0 - 3 * spread)
    axis = scene.y if columns.vertical else scene.x
    other = scene.x if columns.vertical else scene.y
    fits = 1.0 if axis and axis.kind in ("linear", "log") else 0.85
    if other and other.kind in ("linear", "log") and not axis:
        fits = 0.6
    return float(columns.share**0.5) * even * fits * (1.0 if count >= 2 else 0.6)
