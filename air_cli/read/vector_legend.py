"""Legends of vector charts: a small shape with a text beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from air_cli.read.numbers import parse_number
from air_cli.read.page import area, center, inside, union
from air_cli.read.scene import LegendEntry
from air_cli.read.vector_plot import Plot
from air_cli.read.vector_shapes import Shape, color_distance, is_neutral, is_white
from air_cli.read.vector_text import Label


@dataclass(frozen=True, eq=False)
class _Pair:
    shape: Shape
    label: Label


def find_legend(plot: Plot) -> None:
    """Fill `plot.legend`; its shapes are taken and its labels get their role."""
    pairs = _lined_up(plot, _pairs(plot, False))
    # Some programs set the text left of its swatch; so do the names of lying bars, of any length.
    mirrored = _lined_up(plot, _pairs(plot, True))
    mirrored = [pair for pair in mirrored if _has_twin(pair, mirrored)]
    pairs = max(pairs, mirrored, key=_weight)
    pairs = _without_notes(pairs)
    colors: dict[str, _Pair] = {}
    for pair in pairs:
        plot.roles[pair.label] = "legend"
        plot.taken.add(pair.shape)
        key = f"{pair.label.text}\n{pair.label.box}"
        # The most colourful swatch of a text wins, then the last: a marker is painted on its line.
        if key not in colors or _telling(pair.shape) >= _telling(colors[key].shape):
            colors[key] = pair
    plot.legend = [
        LegendEntry(pair.label.text, pair.shape.color, pair.label.box, pair.shape.full)
        for pair in colors.values()
    ]
    for label in plot.free():
        if label.bullet and not is_white(label.bullet) and parse_number(label.text) is None:
            plot.roles[label] = "legend"
            plot.legend.append(LegendEntry(label.text, label.bullet, label.box, label.box))
    _take_swatches(plot)
    _take_frame(plot)


def _without_notes(pairs: Sequence[_Pair]) -> list[_Pair]:
    """Without names beside single points: several beside one marker of one colour, or one name
    beside markers of several colours."""
    pairs = _in_column(pairs)
    markers = [pair for pair in pairs if pair.shape.kind == "marker" and not pair.shape.texture]
    notes = {
        pair.label
        for pair in markers
        for other in markers
        if pair.label is not other.label
        and (
            (pair.shape.color == other.shape.color and same_marker(pair.shape, other.shape))
            if pair.label.text != other.label.text
            else color_distance(pair.shape.color, other.shape.color) > 12
        )
    }
    lined = {pair.label for pair in pairs if pair.shape.kind in ("rule", "line", "rect")}
    return [pair for pair in pairs if pair.label not in notes or pair.label in lined]


def _in_column(pairs: Sequence[_Pair]) -> list[_Pair]:
    """Of the markers beside one text those that stand exactly below or above the swatches of other
    texts, if there are such: the rest are points of the plot that the legend covers."""

    def lined(pair: _Pair) -> bool:
        left, _, right, _ = pair.shape.full
        return any(
            other.label is not pair.label
            and abs(other.shape.full[0] - left) + abs(other.shape.full[2] - right) < 0.1
            for other in pairs
        )

    sure = {pair.label for pair in pairs if lined(pair)}
    return [
        pair
        for pair in pairs
        if pair.shape.kind != "marker" or pair.label not in sure or lined(pair)
    ]


def _weight(pairs: Sequence[_Pair]) -> tuple[int, int]:
    """How many words, then how many texts, stand beside swatches."""
    texts = {pair.label.text for pair in pairs}
    return sum(parse_number(text) is None for text in texts), len(texts)


def _telling(shape: Shape) -> int:
    """How well a shape's colour can tell a series: colours over greys, ink over outlines."""
    if is_white(shape.color):
        return 0
    outline = shape.kind in ("rect", "blob") and not shape.fill
    return (1 if outline else 2) + (0 if is_neutral(shape.color) else 2)


def _pairs(plot: Plot, mirrored: bool) -> list[_Pair]:
    """Each text with the shapes directly to its left (`mirrored`: right) that are as high as a
    letter."""
    found: list[_Pair] = []
    for label in plot.free():
        if label.angle:
            continue
        for shape in plot.shapes:
            if shape.color and _is_swatch(shape, label, mirrored):
                found.append(_Pair(shape, label))
    return found


def _is_swatch(shape: Shape, label: Label, mirrored: bool) -> bool:
    left, top, right, bottom = shape.full
    size = max(label.size, 1.0)
    gap = left - label.box[2] if mirrored else label.box[0] - right
    if not -0.2 * size <= gap <= (2.2 if mirrored else 1.75) * size:
        return False
    if bottom - top > 2.1 * size or right - left > 5.5 * size or right - left < 0.15 * size:
        return False
    return abs((top + bottom) / 2 - center(label.box)[1]) < 0.5 * size


def _lined_up(plot: Plot, pairs: Sequence[_Pair]) -> list[_Pair]:
    """Pairs whose swatches stand in a column or a row, as a legend's do."""
    columns = Counter(round(pair.shape.full[2] / 3) for pair in pairs)
    rows = Counter(round(center(pair.label.box)[1] / 4) for pair in pairs)
    used = Counter(
        shape.color for shape in plot.shapes if shape.color and inside(center(shape.box), plot.box)
    )
    kept = []
    for pair in pairs:
        ruled = pair.shape.kind == "rule" and is_neutral(pair.shape.color)
        number = parse_number(pair.label.text) is not None
        # Tick labels stand beside grid lines, values beside bars.
        if number and (ruled or not _has_twin(pair, pairs)):
            continue
        column = sum(columns[round(pair.shape.full[2] / 3) + d] for d in (-1, 0, 1))
        row = sum(rows[round(center(pair.label.box)[1] / 4) + d] for d in (-1, 0, 1))
        if column >= 2 or row >= 2 or used[pair.shape.color] >= 2:
            kept.append(pair)
    return _words_first(kept)


def _words_first(pairs: Sequence[_Pair]) -> list[_Pair]:
    """Without the numbers that stand beside shapes elsewhere, where a legend has words: values are
    printed beside points and bars."""
    words = [pair for pair in pairs if parse_number(pair.label.text) is None]
    if len({pair.label for pair in words}) < 2:
        return list(pairs)
    return [
        pair
        for pair in pairs
        if pair in words
        or any(abs(pair.shape.full[n] - word.shape.full[n]) < 1 for word in words for n in (0, 1))
    ]


def _has_twin(pair: _Pair, pairs: Sequence[_Pair]) -> bool:
    """Whether a number beside a shape is a name ("2022"): another such shape has the very same
    size and another colour, in line with it. Bars with their values beside them differ in length.
    """
    left, top, right, bottom = pair.shape.full
    for other in pairs:
        box = other.shape.full
        high = abs((box[3] - box[1]) - (bottom - top)) < 1 or "rule" in (
            pair.shape.kind,
            other.shape.kind,
        )
        alike = abs((box[2] - box[0]) - (right - left)) < 1 and high
        in_line = abs(box[0] - left) < 1 or abs(box[1] - top) < 1
        if alike and in_line and color_distance(other.shape.color, pair.shape.color) > 12:
            return True
    return False


def _take_swatches(plot: Plot) -> None:
    """Shapes inside a swatch (markers, borders) belong to the legend too."""
    for entry in plot.legend:
        for shape in plot.shapes:
            inner = inside(center(shape.full), entry.swatch_px, 1.0 * plot.pt)
            if inner and shape.kind in ("marker", "rect") and max(shape.size) < 14 * plot.pt:
                plot.markers[entry.name] = shape
            small = shape.size[0] < 6 * plot.pt * 10 and shape.size[1] < 20 * plot.pt
            if small and inner:
                plot.taken.add(shape)


def _take_frame(plot: Plot) -> None:
    """The box around the legend is no bar."""
    if not plot.legend:
        return
    inner = union([box for entry in plot.legend for box in (entry.bbox_px, entry.swatch_px)])
    for shape in plot.shapes:
        box = shape.full
        around = box[0] <= inner[0] and box[1] <= inner[1] and box[2] >= inner[2]
        if shape.kind not in ("rect", "blob") or not around or box[3] < inner[3]:
            continue
        if area(box) < 4 * area(inner) + 16 * plot.pt * plot.pt:
            plot.taken.add(shape)


def name_of(plot: Plot, color: str) -> str | None:
    """The legend's name for a colour, None when no entry is near enough."""
    near = [(color_distance(color, entry.color), entry.name) for entry in plot.legend]
    if not near:
        return None
    distance, name = min(near)
    return name if distance <= 12 else None


def series_names(plot: Plot, colors: Sequence[str]) -> dict[str, str]:
    """A name for each colour: the legend's, or the one text of that colour; for one colour alone
    an empty name; else a number."""
    names: dict[str, str] = {}
    missing = [color for color in colors if name_of(plot, color) is None]
    spare = [
        entry.name
        for entry in plot.legend
        if all(color_distance(entry.color, color) > 12 for color in colors)
    ]
    # Swatches that show nothing (a hatching wider than they are) still stand in the series' order.
    blank = all(is_white(entry.color) for entry in plot.legend if entry.name in spare)
    for color in colors:
        name = name_of(plot, color)
        if name is None and len(missing) == len(spare) and (blank or len(missing) == 1):
            name = spare[missing.index(color)]
        if name is None:
            name = colored_text(plot, color)
        if name is None:
            name = "" if len(colors) == 1 else f"series {len(names) + 1}"
        names[color] = name
    return names


def colored_text(plot: Plot, color: str) -> str | None:
    """The only word written in a series' colour: some charts name series that way."""
    if is_neutral(color):
        return None
    found = [
        label
        for label in plot.free()
        if label.color
        and not is_neutral(label.color)
        and color_distance(label.color, color) < 20
        and parse_number(label.text) is None
        and sum(c.isalpha() for c in label.text) >= 2
    ]
    if len({label.text for label in found}) != 1:
        return None
    plot.roles[found[0]] = "legend"
    return found[0].text


def same_marker(one: Shape | None, other: Shape) -> bool:
    """Whether two markers have one outline, whatever their size."""
    if one is None or one.curved != other.curved or len(one.points) != len(other.points):
        return False
    if min(*one.size, *other.size) <= 0:
        return False
    outlines = []
    for shape in (one, other):
        unit = (shape.points - np.array(center(shape.full))) / np.array(shape.size)
        outlines.append(unit[np.lexsort(unit.round(1).T)])
    return float(np.abs(outlines[0] - outlines[1]).max()) < 0.08
