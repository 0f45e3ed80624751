"""Small multiples that share their axes: panels a fixed distance apart, each with a heading.

Such panels have no labels of their own, so that none of them reads as a chart alone. The labels
that come back at a fixed distance give the distance; a panel is then put together from its own
pixels and the labels it shares: those to the left of its row, and those below its column.
"""

from __future__ import annotations

import itertools
import re
import statistics
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from air_cli.read.colors import page_background
from air_cli.read.scene import Rgb
from air_cli.read.texts import height_of, is_note, is_numeric
from air_cli.records import Box, Chart, Text

_LOOSE = 0.26  # of that distance: how unevenly headings may stand over their panels
_TICK = 0.5  # of a label's height: tick marks between labels and plot belong to the labels
_DEEP = 4.0  # label heights that a panel is deep at least
_PART = 0.5  # of a panel that must lie within the picture
_SAME_PX = 4.0  # pixels by which distances may differ


@dataclass(frozen=True)
class Facets:
    """`across`, `down`: pixels from panel to panel (0 where there is one column or row). The first
    column's panel spans `left`..`right`, with the labels of the y axis up to `gutter`; the last
    row's spans `top`..`bottom`, with the labels of the x axis from `sill` on. `own_y`, `own_x` say
    whether every panel has these labels. `heads` are (row, column, heading)."""

    across: float
    down: float
    left: float
    gutter: float
    right: float
    top: float
    sill: float
    bottom: float
    own_y: bool
    own_x: bool
    rows: int
    size: tuple[int, int]
    heads: tuple[tuple[int, int, Text], ...]

    def box(self, number: int) -> Box:
        """The panel's own pixels in the picture, with its heading."""
        row, column, head = self.heads[number]
        by_x, by_y = column * self.across, (row - self.rows + 1) * self.down
        start = self.left if self.own_y or column == 0 else self.gutter
        stop = self.bottom if self.own_x or row == self.rows - 1 else self.sill
        roof, (wide, high) = min(head.bbox_px[1], self.top + by_y), self.size
        right, foot = min(float(wide), self.right + by_x), min(float(high), stop + by_y)
        return max(0.0, start + by_x), max(0.0, roof), right, foot

    def _shift(self, number: int) -> tuple[float, float]:
        row, column, _ = self.heads[number]
        return column * self.across, (row - self.rows + 1) * self.down

    def compose(self, rgb: Rgb, texts: Sequence[Text], number: int) -> tuple[Rgb, list[Text]]:
        """A picture of one panel with the labels that are its, and its texts there."""
        by_x, by_y = self._shift(number)
        xs = [
            (self.left, self.gutter, by_x if self.own_y else 0.0),
            (self.gutter, self.right, by_x),
        ]
        ys = [(self.top, self.sill, by_y), (self.sill, self.bottom, by_y if self.own_x else 0.0)]
        wide, high = round(self.right - self.left), round(self.bottom - self.top)
        page = np.array(page_background(rgb), np.uint8)
        whole = np.empty((high, wide, 3), np.uint8)
        whole[:] = page
        found: list[Text] = []
        for (x0, x1, dx), (y0, y1, dy) in itertools.product(xs, ys):
            # The corner under the labels of y and left of those of x belongs to x's first label.
            if x0 == self.left and y0 == self.sill:
                dx = by_x
            _paste(whole, rgb, (x0, y0, x1, y1), (dx, dy), (self.left, self.top))
            found += [
                _moved(t, -dx - self.left, -dy - self.top)
                for t in texts
                if x0 <= _middle(t, 0) - dx < x1 and y0 <= _middle(t, 1) - dy < y1
            ]
        return whole, found

    def placed(self, chart: Chart, number: int) -> Chart:
        """A reading of a composed picture in the pixels of the panel's own box."""
        by_x, by_y = self._shift(number)
        left, top, right, bottom = (round(v) for v in self.box(number))
        to_x, to_y = round(self.left) + by_x - left, round(self.top) + by_y - top
        marks = tuple(replace(m, bbox_px=_by(m.bbox_px, to_x, to_y)) for m in chart.marks)
        texts = tuple(_moved(t, to_x, to_y) for t in chart.text)
        axes = tuple(
            replace(
                axis,
                ticks=tuple(
                    replace(t, px=t.px + (to_x if axis.role.startswith("x") else to_y))
                    for t in axis.ticks
                ),
            )
            for axis in chart.axes
        )
        size = right - left, bottom - top
        return replace(chart, marks=marks, text=texts, axes=axes, size_px=size)


def find_facets(texts: Sequence[Text], size: tuple[int, int]) -> Facets | None:
    """The panels of a picture of (width, height) pixels; None without labels that come back at a
    fixed distance and a heading over every panel."""
    flat = [t for t in texts if t.text.strip() and not is_note(t.text)]
    across = _period(flat, 0)
    down = _period([t for t in flat if any(c.isdigit() for c in t.text)], 1)
    if not across:
        return None
    row = _label_row(flat, across)
    heads = _heads([t for t in flat if abs(t.angle) < 10], row, across, down)
    if len(heads) < 2:
        return None
    rows = 1 + max(place[0] for place in heads)
    found = _measured(flat, row, heads, (across, down if rows > 1 else 0.0), size)
    # A heading right above its labels is the first line of a label of two.
    room = _DEEP * statistics.median(height_of(t) for t in heads.values())
    columns = 1 + max(place[1] for place in heads)
    # The numbers of a second axis have no room for a panel beside them.
    fits = found.gutter + (columns - _PART) * across < size[0]
    return found if fits and found.sill - found.top > room else None


def _period(texts: Sequence[Text], axis: int) -> float:
    """The smallest distance at which at least two texts come back level with themselves (axis 0)
    or right under themselves (1); 0 where none do."""
    apart: list[float] = []
    for one, other in itertools.permutations(texts, 2):
        if not _same(one, other):
            continue
        level = abs(_middle(one, 1 - axis) - _middle(other, 1 - axis))
        far = _middle(other, axis) - _middle(one, axis)
        if level < 0.5 * height_of(one) + (2 if axis == 0 else 6) and far > 3 * height_of(one):
            apart.append(far)
    apart.sort()
    for start in apart:
        near = [a for a in apart if abs(a - start) <= 2 * _SAME_PX]
        usual = statistics.median(near)
        if len([a for a in near if abs(a - usual) <= _SAME_PX]) >= 2:
            return statistics.fmean(a for a in near if abs(a - usual) <= _SAME_PX)
    return 0.0


def _label_row(texts: Sequence[Text], across: float) -> list[Text]:
    """The lowest row of texts that come back at a distance: the labels of the x axes."""
    twins = [t for t in texts if _twin(texts, t, across, 0) or _twin(texts, t, -across, 0)]
    foot = max(_middle(t, 1) for t in twins)
    lowest = [t for t in twins if _middle(t, 1) > foot - 0.6 * height_of(t)]
    level = statistics.median(_middle(t, 1) for t in lowest)
    return [t for t in lowest if abs(_middle(t, 1) - level) < 0.35 * height_of(t) + 2]


def _twin(texts: Sequence[Text], text: Text, by: float, axis: int) -> Text | None:
    """The same text a distance further along an axis."""
    for other in texts:
        far = _middle(other, axis) - _middle(text, axis)
        level = abs(_middle(other, 1 - axis) - _middle(text, 1 - axis))
        if _same(other, text) and abs(far - by) <= 2 * _SAME_PX and level < height_of(text):
            return other
    return None


def _heads(
    texts: Sequence[Text], row: Sequence[Text], across: float, down: float
) -> dict[tuple[int, int], Text]:
    """(row, column) -> heading: rows of words that are as far apart as the panels are, one over
    the labels of each column, or over some where each has its own scale. Empty where there are
    none, or where the labels go on evenly from column to column: years of quarters on one axis
    do."""
    first = sorted((t for t in row if not _twin(row, t, -across, 0)), key=lambda t: t.bbox_px[0])
    scaled = _scales_between(texts, row, across)
    if not first or (_goes_on(first, across) and not scaled):
        return {}
    start = _middle(first[0], 0)
    stop = max(_middle(first[-1], 0), start + 0.5 * across)
    count = 1 + int((max(_middle(t, 0) for t in row) - start) / across + 0.05)
    roof = min(r.bbox_px[1] for r in row)
    lines: list[dict[int, Text]] = []
    for text in sorted(texts, key=lambda t: t.bbox_px[1]):
        column = int(np.floor((_middle(text, 0) - start + 0.3 * across) / across))
        within = start - 0.3 * across < _middle(text, 0) - column * across < stop + 0.3 * across
        if not _is_head(text) or _middle(text, 1) > roof or not within:
            continue
        if not 0 <= column < count or text.bbox_px[2] - text.bbox_px[0] > 1.1 * across:
            continue
        last = next(iter(lines[-1].values())) if lines else None
        if last is not None and abs(_middle(last, 1) - _middle(text, 1)) < 0.5 * height_of(text):
            lines[-1].setdefault(column, text)
        else:
            lines.append({column: text})
    return _grid_of(lines, count, (across, down), least=(count + 1) // 2 if scaled else count)


def _goes_on(first: Sequence[Text], across: float) -> bool:
    """Whether the first column's labels are followed by the next one's at their own distance."""
    places = [_middle(t, 0) for t in first]
    years = all(re.fullmatch(r"(?:19|20)\d\d", t.text) for t in first)
    if len(places) < 3 or years:  # an axis has each year once
        return False
    step = statistics.median(np.diff(places))
    return bool(abs(places[0] + across - places[-1] - step) < 0.08 * step)


def _scales_between(texts: Sequence[Text], row: Sequence[Text], across: float) -> bool:
    """Whether numbers under each other come back at the panels' distance: scales of their own."""
    roof = min(t.bbox_px[1] for t in row)
    numbers = [t for t in texts if is_numeric(t) and _middle(t, 1) < roof]
    ends = sorted(t.bbox_px[2] for t in numbers if _twin(texts, t, across, 0))
    return any(b - a < _SAME_PX for a, b in itertools.pairwise(ends))


def _grid_of(
    lines: Sequence[dict[int, Text]], count: int, apart: tuple[float, float], least: int
) -> dict[tuple[int, int], Text]:
    """(row, column) -> heading, from the lines of words over the columns, `least` or more in one
    of them; a heading that was not read is empty."""
    across, down = apart
    some = [line for line in lines if count > 1 and len(line) >= least and _regular(line, across)]
    whole = [line for line in some if len(line) == count] or some
    if not whole:
        return {}

    def level(line: dict[int, Text]) -> float:
        return statistics.fmean(_middle(t, 1) for t in line.values())

    good = [whole[-1]]
    for line in reversed(lines):  # upwards from the last whole row
        if down and abs(level(good[0]) - level(line) - down) <= 2 * _SAME_PX:
            good.insert(0, line)
    for line in lines:  # the last row may not be full
        if down and abs(level(line) - level(good[-1]) - down) <= 2 * _SAME_PX:
            good.append(line)
    found: dict[tuple[int, int], Text] = {}
    for r, line in enumerate(good):
        columns = count if r < len(good) - 1 or r == 0 else 1 + max(line)
        like = next(iter(line.values()))
        for column in range(columns):
            found[r, column] = line.get(column) or replace(like, text="")
    return found


def _regular(line: dict[int, Text], across: float) -> bool:
    """Whether headings are set alike over their panels: centred, or flush."""
    middles = [_middle(text, 0) - column * across for column, text in line.items()]
    starts = [text.bbox_px[0] - column * across for column, text in line.items()]
    return any(max(offs) - min(offs) <= _LOOSE * across for offs in (middles, starts))


def _measured(
    texts: Sequence[Text],
    row: Sequence[Text],
    heads: dict[tuple[int, int], Text],
    apart: tuple[float, float],
    size: tuple[int, int],
) -> Facets:
    across, down = apart
    rows = 1 + max(place[0] for place in heads)
    first = [t for t in row if not _twin(row, t, -across, 0)]
    ticks = _TICK * statistics.median(height_of(t) for t in row)
    sill = min(t.bbox_px[1] for t in row) - 1
    top = min(h.bbox_px[3] + (rows - 1 - place[0]) * down for place, h in heads.items())
    edge = min(_middle(t, 0) for t in first)
    labels = [
        t
        for t in texts
        if is_numeric(t)
        and t.bbox_px[2] <= edge + 2
        and top - 0.5 * height_of(t) < _middle(t, 1) < sill + 2
    ]
    own_y = any(_twin(texts, t, across, 0) for t in labels)
    if labels:
        left, gutter = (
            min(t.bbox_px[0] for t in labels) - 2,
            max(t.bbox_px[2] for t in labels) + ticks,
        )
    else:
        left = gutter = min(t.bbox_px[0] for t in first) - 2
    right = (left if own_y else gutter) + across - 2
    bottom = max(t.bbox_px[3] for t in row) + 2
    own_x = bool(down) and any(_twin(texts, t, -down, 1) for t in row)
    order = tuple((r, c, text) for (r, c), text in sorted(heads.items()))
    return Facets(
        across, down, left, gutter, right, top, sill, bottom, own_y, own_x, rows, size, order
    )  # fmt: skip


def _same(one: Text, other: Text) -> bool:
    """Whether two texts say the same but for accents, which small letters are given at will, for
    apostrophes, and for a tick mark that was read as a dash after a number."""
    if _told(one.text) == _told(other.text):
        return True
    return len(one.text) == len(other.text) > 4 and _bare(one.text) == _bare(other.text)


def _told(words: str) -> str:
    return re.sub(r"(?<=[\d%])\s?[-–—_]+$|['’‘`\s]", "", words)


def _bare(words: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", words) if not unicodedata.combining(c))


def _is_head(text: Text) -> bool:
    """Whether a text may be a panel's heading: words."""
    return sum(c.isalpha() for c in text.text) >= 3


def _middle(text: Text, axis: int) -> float:
    return (text.bbox_px[axis] + text.bbox_px[axis + 2]) / 2


def _paste(
    whole: Rgb, rgb: Rgb, box: Box, by: tuple[float, float], origin: tuple[float, float]
) -> None:
    """Copy the pixels of a box, moved by `by` in the picture, to its place from `origin` on."""
    x0, y0, x1, y1 = (round(v) for v in box)
    from_x, from_y = x0 + round(by[0]), y0 + round(by[1])
    # What lies outside the picture, or before the place pasted from, is left out.
    cut_x = max(0, -from_x, round(origin[0]) - x0)
    cut_y = max(0, -from_y, round(origin[1]) - y0)
    stop_y, stop_x = max(0, from_y + y1 - y0), max(0, from_x + x1 - x0)
    part = rgb[from_y + cut_y : stop_y, from_x + cut_x : stop_x]
    to_x, to_y = x0 - round(origin[0]) + cut_x, y0 - round(origin[1]) + cut_y
    part = part[: max(0, len(whole) - to_y), : max(0, whole.shape[1] - to_x)]
    whole[to_y : to_y + part.shape[0], to_x : to_x + part.shape[1]] = part


def _moved(text: Text, by_x: float, by_y: float) -> Text:
    return replace(text, bbox_px=_by(text.bbox_px, by_x, by_y))


def _by(box: Box, by_x: float, by_y: float) -> Box:
    return box[0] + by_x, box[1] + by_y, box[2] + by_x, box[3] + by_y
