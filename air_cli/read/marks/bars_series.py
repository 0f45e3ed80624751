"""Names for the series of bars: by the legend's colours, by headings, else by the colour."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from air_cli.read.colors import color_name, delta_e, from_hex, to_lab
from air_cli.read.marks.bars_columns import Columns, Segment, lanes
from air_cli.read.scene import LegendEntry, Scene
from air_cli.read.texts import height_of, reading_order
from air_cli.records import Series, Text

_SAME_COLOR = 6.0  # CIEDE2000: one series, where every bar has a colour of its own measuring
_SAME_FILL = 2.5  # the same, where bars share their colours
_LEGEND = 16.0  # CIEDE2000: swatch and bar


def tolerance(segments: Sequence[Segment]) -> float:
    """How far (CIEDE2000) colours of bars of one series may be apart: flat fills are measured
    together and are alike to the bit, patterns and gradients bar by bar."""
    distinct = len({s.color for s in segments})
    return _SAME_FILL if distinct <= max(2, 0.5 * len(segments)) else _SAME_COLOR


def alike(a: str, b: str, within: float) -> bool:
    """Whether two `#rrggbb` colours are one series'."""
    if a == b:
        return True
    lab = to_lab(np.array([from_hex(a), from_hex(b)]))
    return float(delta_e(lab[0], lab[1])) < within


def series_names(
    scene: Scene, columns: Columns, categories: Sequence[str]
) -> tuple[tuple[Series, ...], list[str], list[str]]:
    """(series, the series name of each segment, problems)."""
    colors = palette(columns.segments)
    several = _several(columns, categories, colors)
    own_color = [_color_of(s, colors) for s in columns.segments]
    if several and len(colors) > 2:
        colors, own_color = _shades(columns, colors, own_color)
    legend = [e for e in scene.legend if e.name]
    if not several:
        color = colors[0] if len(colors) == 1 else ""
        own = len(legend) == 1 and any(alike(legend[0].color, c, _LEGEND) for c in colors)
        name = legend[0].name if len(legend) == 1 and (own or len(colors) == 1) else ""
        return (Series(name, color, "bar"),), [name] * len(columns.segments), []
    named = _by_legend(colors, legend)
    problems: list[str] = []
    missing = [c for c in colors if c not in named]
    if missing:
        named.update(_by_headers(scene, columns, colors, missing))
        named.update(_left_over(colors, named, legend))
    for color in [c for c in colors if c not in named]:
        name = color_name(color)
        named[color] = name if name not in named.values() else f"{name} {color}"
        problems.append(f"no name was found for the {name} series: it is called by its colour")
    order = sorted(colors, key=lambda c: _legend_place(named[c], legend))
    series = tuple(Series(named[c], c, "bar") for c in order)
    return series, [named[c] for c in own_color], problems


def _legend_place(name: str, legend: Sequence[LegendEntry]) -> int:
    names = [e.name for e in legend]
    return names.index(name) if name in names else len(names)


def palette(segments: Sequence[Segment]) -> list[str]:
    """The distinct colours of the bars, in the order of their first appearance."""
    colors: list[str] = []
    within = tolerance(segments)
    for segment in sorted(segments, key=lambda s: (s.level, s.centre)):
        if not any(alike(segment.color, c, within) for c in colors):
            colors.append(segment.color)
    return colors


def _shades(columns: Columns, colors: list[str], own: list[str]) -> tuple[list[str], list[str]]:
    """Rows set off in other shades (a total, a median) belong to the series of their place.

    A colour of few rows is taken as a shade when some other colour holds its place (side and level)
    in most rows and is missing in the rows where the shade is.
    """
    rows = [round(s.centre) for s in columns.segments]
    places = [(s.panel, s.sign, s.level) for s in columns.segments]
    held: dict[str, set[int]] = {}
    for color, row in zip(own, rows, strict=True):
        held.setdefault(color, set()).add(row)
    count = len(set(rows))
    target = {}
    for shade in colors:
        if len(held[shade]) > 0.34 * count:
            continue
        where = {p for p, color in zip(places, own, strict=True) if color == shade}
        here = [
            color
            for p, color in zip(places, own, strict=True)
            if p in where and color != shade and not held[color] & held[shade]
        ]
        if here:
            common = max(set(here), key=here.count)
            if len(held[common]) >= 0.5 * count:
                target[shade] = common
    return [c for c in colors if c not in target], [target.get(c, c) for c in own]


def _color_of(segment: Segment, colors: Sequence[str]) -> str:
    if segment.color in colors:
        return segment.color
    lab = to_lab(np.array([from_hex(c) for c in [segment.color, *colors]]))
    return colors[int(np.argmin(delta_e(lab[0][None], lab[1:])))]


def _several(columns: Columns, categories: Sequence[str], colors: Sequence[str]) -> bool:
    """Whether colours are series: some category has bars of several colours."""
    if len(colors) < 2 or columns.form:
        return False
    held: dict[str, set[str]] = {}
    for segment, category in zip(columns.segments, categories, strict=True):
        held.setdefault(category, set()).add(_color_of(segment, colors))
    return any(len(c) > 1 for c in held.values())


def _by_legend(colors: Sequence[str], legend: Sequence[LegendEntry]) -> dict[str, str]:
    """Colour -> legend name, cheapest pairs first, each once."""
    if not legend:
        return {}
    own = to_lab(np.array([from_hex(c) for c in colors]))
    theirs = to_lab(np.array([from_hex(e.color) for e in legend]))
    costs = delta_e(own[:, None], theirs[None])
    result: dict[str, str] = {}
    used: set[int] = set()
    for place in np.argsort(costs, axis=None, kind="stable"):
        i, j = divmod(int(place), costs.shape[1])
        if costs[i, j] > _LEGEND:
            break
        if colors[i] not in result and j not in used:
            result[colors[i]] = legend[j].name
            used.add(j)
    return result


def _left_over(
    colors: Sequence[str], named: dict[str, str], legend: Sequence[LegendEntry]
) -> dict[str, str]:
    """The colours and entries that are left, when as many are: a hatching or a gradient looks
    other than its swatch, but it has one."""
    missing = [c for c in colors if c not in named]
    spare = [e for e in legend if e.name not in named.values()]
    if not missing or len(missing) != len(spare):
        return {}
    own, theirs = (
        to_lab(np.array([from_hex(c) for c in side]))
        for side in (missing, [e.color for e in spare])
    )
    costs = delta_e(own[:, None], theirs[None])
    result: dict[str, str] = {}
    for place in np.argsort(costs, axis=None, kind="stable"):
        i, j = divmod(int(place), len(spare))
        if missing[i] not in result and spare[j].name not in result.values():
            result[missing[i]] = spare[j].name
    return result


def _by_headers(
    scene: Scene, columns: Columns, colors: Sequence[str], missing: Sequence[str]
) -> dict[str, str]:
    """Names written over the first bar of a horizontal stack, one above each segment."""
    if columns.vertical:
        return {}
    first = lanes(columns.segments)[0]
    roof = min(s.rect.top for s in first)
    above = [
        t
        for t in scene.texts
        if t.role in ("annotation", "other", "legend", "label")
        and (t.bbox_px[1] + t.bbox_px[3]) / 2 < roof
        and any(c.isalpha() for c in t.text)
    ]
    heads: list[Text] = []
    edge = roof
    for text in sorted(above, key=lambda t: -t.bbox_px[3]):  # upwards, while lines follow closely
        if text.bbox_px[3] < edge - 1.7 * height_of(text):
            break
        heads.append(text)
        edge = min(edge, text.bbox_px[1])
    if (ordered := _in_order(first, colors, heads)) is not None:
        return {color: name for color, name in ordered.items() if color in missing}
    gathered: dict[str, list[Text]] = {}
    middles = [(s.rect.left + s.rect.right) / 2 for s in first]
    for text in heads:
        if sum(text.bbox_px[0] < at < text.bbox_px[2] for at in middles) > 1:
            continue  # a sentence over the whole stack, not a name
        middle = (text.bbox_px[0] + text.bbox_px[2]) / 2
        best = min(first, key=lambda s: abs((s.rect.left + s.rect.right) / 2 - middle))
        away = abs((best.rect.left + best.rect.right) / 2 - middle)
        color = _color_of(best, colors)
        if color in missing and away < max(0.6 * best.length, text.bbox_px[2] - text.bbox_px[0]):
            gathered.setdefault(color, []).append(text)
    return {color: reading_order(texts) for color, texts in gathered.items() if texts}


def _in_order(
    first: Sequence[Segment], colors: Sequence[str], heads: Sequence[Text]
) -> dict[str, str] | None:
    """Colour -> name where as many names stand side by side over a row as it has segments, each of
    its own colour: a name over a long bar may stand at its end, nearer to the short one beside it.
    None otherwise."""
    row = sorted(first, key=lambda s: s.rect.left)
    own = [_color_of(s, colors) for s in row]
    groups: list[list[Text]] = []
    for text in sorted(heads, key=lambda t: t.bbox_px[0]):
        if groups and text.bbox_px[0] < max(t.bbox_px[2] for t in groups[-1]) - 2:
            groups[-1].append(text)
        else:
            groups.append([text])
    if len(groups) != len(row) or len(set(own)) != len(row) or len(row) < 2:
        return None
    left, right = row[0].rect.left, row[-1].rect.right
    slack = max(height_of(text) for text in heads)
    for group in groups:
        middle = sum(t.bbox_px[0] + t.bbox_px[2] for t in group) / (2 * len(group))
        if not left - slack < middle < right + 3 * slack:
            return None
    return {color: reading_order(group) for color, group in zip(own, groups, strict=True)}
