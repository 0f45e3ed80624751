"""Names for the categories of bars, from the labels at their feet."""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Sequence
from dataclasses import replace

from air_cli.read.marks.bars_columns import Columns, Segment, lanes, turned
from air_cli.read.marks.bars_cut import Rect
from air_cli.read.marks.bars_merged import parted, with_parted_ticks, with_row_mates
from air_cli.read.marks.bars_series import alike, palette, tolerance
from air_cli.read.scene import Scene
from air_cli.read.texts import height_of, reading_order, union
from air_cli.read.tick_names import name_positions, untitled
from air_cli.records import Text
from air_cli.wording import nameless


def category_names(scene: Scene, columns: Columns, labels: Sequence[Text] = ()) -> list[str]:
    """The category of each segment; `labels` are value labels, which name nothing."""
    groups = clusters(scene, columns)
    centres = [statistics.fmean(s.centre for s in group) for group in groups]
    fit = scene.x if columns.vertical else scene.y
    if columns.vertical and fit is not None and fit.ticks and fit.kind != "log":
        fit = with_parted_ticks(fit, scene.texts, centres)
        names = name_positions(with_row_mates(fit, scene.texts, centres), centres)
    else:
        names = _beside(scene, columns, groups, centres, labels)
    lookup = {id(s): name for group, name in zip(groups, names, strict=True) for s in group}
    return [lookup[id(s)] for s in columns.segments]


def clusters(scene: Scene, columns: Columns) -> list[list[Segment]]:
    """Segments by category: lanes, and in grouped charts the lanes that belong together: to one
    label, else by the gaps between them. Lanes of one colour never belong together."""
    each = lanes(columns.segments)
    colors = len(palette(columns.segments))
    if len(each) < 3 or columns.stacked or columns.form or colors < 2 or colors == len(each):
        return each
    within = tolerance(columns.segments)
    for groups in (_by_feet(scene, columns, each), _by_gaps(columns, each)):
        if len(groups) < len(each) and all(_distinct(group, within) for group in groups):
            return groups
    return each


def _by_feet(scene: Scene, columns: Columns, each: Sequence[list[Segment]]) -> list[list[Segment]]:
    """Lanes by the nearest category label."""
    if columns.vertical:
        feet = [t.px for t in scene.x.ticks] if scene.x else []
    else:
        feet = _label_rows([text for text, _ in _foot_texts(scene, columns)])
    if len(feet) < 2 or len(feet) >= len(each):
        return [list(lane) for lane in each]
    pitch = statistics.median(b - a for a, b in itertools.pairwise(feet))
    groups: dict[int, list[Segment]] = {}
    for lane in each:
        centre = lane[0].centre
        best = min(range(len(feet)), key=lambda i: abs(feet[i] - centre))
        if abs(feet[best] - centre) > 0.6 * pitch:
            return [list(lane) for lane in each]
        groups.setdefault(best, []).extend(lane)
    return [groups[i] for i in sorted(groups)]


def _label_rows(texts: Sequence[Text]) -> list[float]:
    """Vertical centres of labels, the lines of a wrapped one taken together."""
    rows: list[list[Text]] = []
    for text in sorted(texts, key=lambda t: t.bbox_px[1]):
        if rows and text.bbox_px[1] - rows[-1][-1].bbox_px[3] < 0.35 * height_of(text):
            rows[-1].append(text)
        else:
            rows.append([text])
    boxes = [union([t.bbox_px for t in row]) for row in rows]
    return [(box[1] + box[3]) / 2 for box in boxes]


def _by_gaps(columns: Columns, each: Sequence[list[Segment]]) -> list[list[Segment]]:
    """Lanes that stand closer together than groups do."""
    gaps = [b[0].low - a[0].high for a, b in itertools.pairwise(each)]
    wide, narrow = max(gaps), min(gaps)
    groups = [list(each[0])]
    for gap, lane in zip(gaps, each[1:], strict=True):
        if gap < (max(narrow, 0) + wide) / 2 and wide - narrow > 2.5:
            groups[-1] += lane
        else:
            groups.append(list(lane))
    return groups


def _distinct(group: Sequence[Segment], within: float) -> bool:
    """Whether the bars of a group have colours of their own."""
    return not any(alike(a.color, b.color, within) for a, b in itertools.combinations(group, 2))


def _beside(
    scene: Scene,
    columns: Columns,
    groups: Sequence[Sequence[Segment]],
    centres: Sequence[float],
    labels: Sequence[Text],
) -> list[str]:
    """Labels at the feet of the bars: each text goes to the bar nearest across; lines joined."""
    texts = [item for item in _foot_texts(scene, columns) if item[0] not in labels]
    if columns.vertical and len(texts) < 0.6 * len(centres):
        texts = _taken_apart(scene, columns, centres) or _along(scene, columns, centres) or texts
    result: list[list[Text]] = [[] for _ in centres]
    pitch = min((b - a for a, b in itertools.pairwise(centres)), default=columns.thickness * 3)
    reach = max(0.62 * pitch, columns.thickness)
    for text, at in texts:
        best = min(range(len(centres)), key=lambda i: abs(centres[i] - at))
        if abs(centres[best] - at) <= reach:
            result[best].append(text)
    names = []
    for i, found in enumerate(result):
        # A tick mark beside a name is often read as a dash.
        names.append(re.sub(r"\s*[-–—_|]+$", "", reading_order(found)) or nameless(i + 1))
    colors = [group[0].color if len(scene.legend) > 1 else "" for group in groups]
    return _unique(untitled(names), colors)


def _along(scene: Scene, columns: Columns, centres: Sequence[float]) -> list[tuple[Text, float]]:
    """Names written upright in or over standing bars, where most bars have one."""
    reach = 0.5 * columns.thickness
    lanes_of: dict[float, list[Text]] = {}
    for text in sorted(scene.texts, key=lambda t: -t.bbox_px[3]):  # read upwards
        middle = (text.bbox_px[0] + text.bbox_px[2]) / 2
        at = min(centres, key=lambda c: abs(c - middle))
        wordy = any(c.isalpha() for c in text.text) and text.role != "legend"
        if text.angle > 60 and wordy and abs(at - middle) < reach:
            lanes_of.setdefault(at, []).append(text)
    if len(lanes_of) < 0.6 * len(centres):
        return []
    return [
        (replace(own[0], text=" ".join(t.text for t in own), angle=0.0), at)
        for at, own in lanes_of.items()
    ]


def _taken_apart(
    scene: Scene, columns: Columns, centres: Sequence[float]
) -> list[tuple[Text, float]]:
    """All names in a row under the bars of which some were read as one text, whatever the texts of
    the row were taken for."""
    foot = max(s.rect.bottom for s in columns.segments)
    for first in sorted(scene.texts, key=lambda t: t.bbox_px[1]):
        _, top, _, bottom = first.bbox_px
        if top <= foot - 0.5 * height_of(first) or first.role == "legend":
            continue
        if not parted(first, centres):
            continue
        row = [t for t in scene.texts if top < (t.bbox_px[1] + t.bbox_px[3]) / 2 < bottom]
        names: dict[float, Text] = {}
        for text in row:
            left, _, right, _ = text.bbox_px
            over = [c for c in centres if left < c < right]
            own = parted(text, centres) or [(text.text, c) for c in over if len(over) == 1]
            names.update({at: replace(text, text=name) for name, at in own})
        if len(names) >= 0.6 * len(centres):
            return [(text, at) for at, text in names.items()]
    return []


def _foot_texts(scene: Scene, columns: Columns) -> list[tuple[Text, float]]:
    """Texts before the feet of the bars, with their place across."""
    feet = min(min(s.start, s.end) for s in columns.segments)
    values = set() if columns.vertical or scene.x is None else {t.text for t in scene.x.ticks}
    texts = []
    reach = min(s.low for s in columns.segments), max(s.high for s in columns.segments)
    for text in scene.texts:
        # Without a title over it, the uppermost name beside lying bars looks like one.
        level = (text.bbox_px[1] + text.bbox_px[3]) / 2
        head = text.role in ("title", "subtitle")
        if head and (columns.vertical or not reach[0] < level < reach[1]):
            continue
        if text.role in ("source", "axis-title", "legend"):
            continue
        if text.role == "tick" and text.text in values:  # of the value axis, under the bars
            continue
        below = text.bbox_px[1] > scene.plot[3] - 0.5 * height_of(text)
        if below and not columns.vertical and scene.x is not None:
            continue  # of the value axis: its zero stands under the feet
        low, high, start, end = turned(text.bbox_px, columns.vertical)
        if end <= feet + 3 or (start + end) / 2 < feet - 2:
            texts.append((text, _place(text, low, high) if columns.vertical else (low + high) / 2))
    return texts


def _place(text: Text, low: float, high: float) -> float:
    """Where a name under a bar points to: its middle, or the upper end of a slanted one."""
    if 15 < text.angle < 75:
        return high - min(8.0, 0.5 * (high - low))
    if -75 < text.angle < -15:
        return low + min(8.0, 0.5 * (high - low))
    return (low + high) / 2


def with_missing(scene: Scene, columns: Columns) -> Columns:
    """Bars too short to be seen: places at the common pitch that have a label at their foot.

    Such a bar has length 0; its printed value, if there is one, tells the rest.
    """
    each = clusters(scene, columns)
    if columns.stacked or any(len(c) > 1 for c in each) or len(each) < 3:
        return columns
    centres = [c[0].centre for c in each]
    pitch = statistics.median(b - a for a, b in itertools.pairwise(centres))
    fit = scene.x if columns.vertical else scene.y
    if fit is not None and columns.vertical:
        feet = [tick.px for tick in fit.ticks]
    else:
        feet = [at for _, at in _foot_texts(scene, columns)]
    added: list[Segment] = []
    for at in sorted(feet):
        steps = (at - centres[0]) / pitch
        place = centres[0] + round(steps) * pitch
        if abs(steps - round(steps)) > 0.25:
            continue
        if min(abs(place - c) for c in [*centres, *(s.centre for s in added)]) < 0.6 * pitch:
            continue
        added.append(_nothing(columns, place))
    segments = sorted([*columns.segments, *added], key=lambda s: s.centre)
    return replace(columns, segments=tuple(segments))


def _nothing(columns: Columns, centre: float) -> Segment:
    """A bar of no length on the baseline."""
    like, at = columns.segments[0], columns.baselines[0]
    low, high = centre - columns.thickness / 2, centre + columns.thickness / 2
    box = (low, -at, high, -at + 1) if columns.vertical else (at, low, at + 1, high)
    return Segment(low, high, at, at, Rect(*box, like.color))


def _unique(names: list[str], colors: Sequence[str]) -> list[str]:
    """Two bars of one name are told apart by a number: a lookup must not mix them up. Bars of
    other colours may have the name again, where a legend says what the colours are."""
    seen: dict[tuple[str, str], int] = {}
    result = []
    for key in zip(names, colors, strict=True):
        seen[key] = seen.get(key, 0) + 1
        result.append(key[0] if seen[key] == 1 else f"{key[0]} ({seen[key]})")
    return result
