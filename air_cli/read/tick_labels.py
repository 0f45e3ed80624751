"""Groups of texts that are the tick labels of a value axis, told from labels of marks."""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from air_cli.read.axes import fit_axis, misread_at
from air_cli.read.colors import background, farthest, ground_at
from air_cli.read.panel import panels_of
from air_cli.read.plot import Frame, ticks_beside
from air_cli.read.scene import AxisFit, Rgb, Scene
from air_cli.read.texts import height_of, is_numeric, union
from air_cli.records import Box, Text

_GAPPED = 0.7  # how even a scale is of which some labels were not read
_STEPS = 12.5  # from zero: a scale of which two labels were read has hardly more


@dataclass(frozen=True)
class Candidate:
    """A group of aligned texts and the axis that fits them."""

    fit: AxisFit
    texts: tuple[Text, ...]
    score: float

    @property
    def box(self) -> Box:
        return union([text.bbox_px for text in self.texts])


def best_axis(candidates: Sequence[Candidate]) -> Candidate | None:
    """The candidate that most labels support, or None."""
    return max(candidates, key=lambda c: c.score, default=None)


def value_axes(scene: Scene, frame: Frame, texts: Sequence[Text], role: str) -> list[Candidate]:
    """Numeric (or time) axes that aligned groups of texts form, each text in one at most."""
    numbers = [t for t in texts if is_numeric(t)]
    edges: tuple[Callable[[Text], float], ...]
    if role == "y":
        edges = (
            _right_edge,
            lambda t: t.bbox_px[0],
            lambda t: (t.bbox_px[0] + t.bbox_px[2]) / 2,
        )
    else:
        edges = (lambda t: (t.bbox_px[1] + t.bbox_px[3]) / 2,)
    found = []
    grounds = panels(scene)
    for edge in edges:
        for group in _aligned(numbers, edge):
            candidate = _candidate(scene, frame, group, role, grounds)
            wider = _with_enclosed(group, numbers) if role == "y" and candidate else group
            if len(wider) > len(group):
                more = _candidate(scene, frame, wider, role, grounds)
                candidate = best_axis([c for c in (candidate, more) if c])
            if candidate:
                found.append(candidate)
    found.sort(key=lambda c: -c.score)
    kept: list[Candidate] = []
    for candidate in found:
        if not any(set(map(id, candidate.texts)) & set(map(id, k.texts)) for k in kept):
            kept.append(candidate)
    return kept


def _right_edge(text: Text) -> float:
    """The right edge of a number, without the tick mark that was read as its last letter."""
    left, _, right, _ = text.bbox_px
    dashed = len(text.text) > 1 and text.text[-1] in "-–—_" and text.text[-2] != " "
    return right - (right - left) / len(text.text) if dashed else right


def _without_dashes(group: Sequence[Text]) -> Box:
    """The box of the labels of a vertical axis without the tick marks that were read with them."""
    left, top, right, bottom = union([t.bbox_px for t in group])
    lefts = [_left_edge(t) for t in group if t.text[:1] in "-–—_"]
    return max([left, *lefts]), top, min(right, max(_right_edge(t) for t in group)), bottom


def _left_edge(text: Text) -> float:
    """The left edge of a number, without the tick mark that was read as its first letter."""
    left, _, right, _ = text.bbox_px
    return left + (right - left) / max(1, len(text.text))


def _aligned(texts: Sequence[Text], edge: Callable[[Text], float]) -> list[list[Text]]:
    """Groups of texts whose edge lies within a third of a line height of the group's mean."""
    groups: list[list[Text]] = []
    for text in sorted(texts, key=edge):
        tolerance = max(2.5, 0.34 * height_of(text))
        if groups and edge(text) - statistics.fmean(map(edge, groups[-1])) <= tolerance:
            groups[-1].append(text)
        else:
            groups.append([text])
    return [group for group in groups if len(group) >= 2]


def _with_enclosed(group: list[Text], texts: Sequence[Text]) -> list[Text]:
    """A column of texts with those that stand between its left and right edges: neither edge of
    "$0" is in line with those of "$100" where a marker was read with one of the labels."""
    left = min(t.bbox_px[0] for t in group) - 2
    right = sorted(t.bbox_px[2] for t in group)[-2] + 2
    own = {id(t) for t in group}
    return group + [
        t for t in texts if id(t) not in own and left < t.bbox_px[0] and t.bbox_px[2] < right
    ]


def _candidate(
    scene: Scene, frame: Frame, group: list[Text], role: str, grounds: NDArray[np.int16]
) -> Candidate | None:
    box = union([t.bbox_px for t in group])
    marks = tick_positions(frame, role, _without_dashes(group) if role == "y" else box)
    fit = fit_axis(role, group, marks)
    if fit is None or fit.kind == "category":
        return None
    ticks = fit.ticks
    inliers = len(ticks)
    if inliers < 2 or fit.residual_px > 3:
        return None
    used = {(tick.text, round(tick.px)) for tick in ticks}
    texts = [t for t in group if any(t.text == name for name, _ in used)]
    evenness = _evenness([t.value for t in ticks if t.value is not None], fit.kind)
    height, width = scene.rgb.shape[:2]
    reach = (box[3] - box[1]) / height if role == "y" else (box[2] - box[0]) / width
    misread = [t for t in group if t not in texts and misread_at(fit, t)]
    strays = _strays(scene, [*texts, *misread], role)
    score = inliers * evenness + reach - 0.7 * strays
    if inliers == 2:
        zero = any(t.value in (0.0, 100.0) for t in ticks) and all(_round(t.value) for t in ticks)
        sure = (zero and _outer(scene, box, role)) or _stepped(scene, fit, marks, box)
        score -= 0.9 if sure or _gridded([t.px for t in ticks], marks) else 3.0
    if strays > 0.5 * inliers or evenness < 0.6 or score < 0.6 or reach < 0.08:
        return None
    if _on_marks(scene, texts, grounds) or _at_bar_ends(scene, texts, role, grounds):
        return None
    return Candidate(fit, tuple(texts), score)


def _on_marks(scene: Scene, texts: Sequence[Text], grounds: NDArray[np.int16]) -> bool:
    """Whether half of the texts lie on something drawn: labels inside bars, not ticks."""
    count = 0
    for text in texts:
        own = np.array(ground_at(scene, text.bbox_px))
        count += bool(np.abs(grounds - own).max(axis=1).min() > 24)
    return count >= 0.5 * len(texts)


def panels(scene: Scene) -> NDArray[np.int16]:
    """The colours (n, 3) that texts of an axis may stand on: the page's, the commonest, and those
    of panels."""
    common = scene.once(scene.rgb, "commonest", lambda: background(scene.rgb))
    colors = [scene.background, common, *(panel.color for panel in panels_of(scene))]
    return np.array(colors, np.int16)


def _at_bar_ends(
    scene: Scene, texts: Sequence[Text], role: str, grounds: NDArray[np.int16]
) -> bool:
    """Whether something as thick as the text begins right beside most of the texts: bars, whose
    labels happen to be evenly spaced."""
    boxes = sorted((text.bbox_px for text in texts), key=lambda box: box[1 if role == "y" else 0])
    on = [_begins_at(scene, box, role, grounds) for box in boxes]
    if sum(on) < 0.6 * len(boxes):
        return False
    # The fill of an area goes on between the labels; bars end there.
    side = 1 if role == "y" else 0
    gaps = []
    for (one, other), thick in zip(itertools.pairwise(boxes), on, strict=False):
        by = (other[side] + other[side + 2] - one[side] - one[side + 2]) / 4
        between = [*one]
        between[side], between[side + 2] = one[side] + by, one[side + 2] + by
        if thick:
            gaps.append(_begins_at(scene, tuple(between), role, grounds))  # type: ignore[arg-type]
    return not gaps or sum(gaps) < 0.6 * len(gaps)


def _begins_at(scene: Scene, box: Box, role: str, grounds: NDArray[np.int16]) -> bool:
    """Whether something as thick as a box begins right beside it."""
    rgb, ground = scene.rgb, np.array([ground_at(scene, box), *grounds], np.int16)
    left, top, right, bottom = (round(v) for v in box)
    near = max(6, bottom - top)
    strips = (
        (rgb[top:bottom, max(0, left - near) : left], 0),
        (rgb[top:bottom, right : right + near], 0),
    )
    if role == "x":
        strips = (
            (rgb[max(0, top - near) : top, left:right], 1),
            (rgb[bottom : bottom + near, left:right], 1),
        )
    return any(_thick(part, ground, axis) for part, axis in strips)


def _thick(part: Rgb, ground: NDArray[np.int16], axis: int) -> bool:
    """Whether a third of the neighbouring lines along `axis`, at least four (axis lines of a large
    picture are thick too), are nearly all ink, far from every colour of the ground (n, 3)."""
    if part.size == 0:
        return False
    ink = np.ones(part.shape[:2], bool)
    for color in ground:
        ink &= farthest(part.astype(np.int16) - color) > 24
    full = ink.mean(axis=axis) > 0.8
    least = max(4, round(0.35 * len(full)))
    return bool(
        len(full) >= least and np.any(np.convolve(full, np.ones(least), "valid") >= least - 0.5)
    )


def _strays(scene: Scene, texts: Sequence[Text], role: str) -> int:
    """Numbers that stand among the labels of an axis without being ticks: labels of marks do."""
    left, top, right, bottom = union([t.bbox_px for t in texts])
    reach = (bottom - top if role == "y" else right - left) / max(1, len(texts) - 1)
    if role == "y":
        top, bottom = top - 1.5 * reach, bottom + 1.5 * reach
    else:
        left, right = left - 1.5 * reach, right + 1.5 * reach
    own = {id(t) for t in texts}
    count = 0
    for text in scene.texts:
        if id(text) in own or abs(text.angle) > 10 or not is_numeric(text):
            continue
        x = (text.bbox_px[0] + text.bbox_px[2]) / 2
        y = (text.bbox_px[1] + text.bbox_px[3]) / 2
        count += left - 1 < x < right + 1 and top - 1 < y < bottom + 1
    return count


def _gridded(labels: Sequence[float], marks: Sequence[float]) -> bool:
    """Whether ticks or grid lines go on at the two labels' spacing: the other labels are unread."""
    first, second = labels
    step = second - first
    hits = {
        round((mark - first) / step)
        for mark in marks
        if abs((mark - first) / step - round((mark - first) / step)) * abs(step) < 1.5
    }
    return {0, 1} <= hits and len(hits) >= 4


def _stepped(scene: Scene, fit: AxisFit, marks: Sequence[float], box: Box) -> bool:
    """Whether two labels at the left rim or the foot are neighbouring steps of a scale (500 and
    1000, not 520 and 980 or 190 and 191), each beside a tick or grid line of its own."""
    height, width = scene.rgb.shape[:2]
    one, other = (tick.value or 0.0 for tick in fit.ticks)
    step = abs(other - one)
    counts = [abs(v) / step for v in (one, other)]
    whole = _round(step) and all(n < _STEPS and abs(n - round(n)) < 1e-6 for n in counts)
    ticked = all(any(abs(mark - tick.px) < 1.5 for mark in marks) for tick in fit.ticks)
    at_rim = box[2] < 0.25 * width if fit.role == "y" else box[1] > 0.6 * height
    return fit.kind == "linear" and whole and ticked and at_rim


def _outer(scene: Scene, box: Box, role: str) -> bool:
    """Whether a two-label group stands at the rim, where axes are."""
    height, width = scene.rgb.shape[:2]
    if role == "y":
        return bool(box[2] < 0.2 * width and box[3] - box[1] > 0.25 * height)
    return bool(box[1] > 0.5 * height and box[2] - box[0] > 0.4 * width)


def _evenness(values: Sequence[float], kind: str) -> float:
    """Share of the steps between ticks that are the usual step (axes have regular, round steps)."""
    if kind == "log":
        whole = len(values) >= 5 and all(_decade(v, range(1, 11)) for v in values)
        two = len(values) == 2 and all(_decade(v, (1, 10)) for v in values)
        return 1.0 if whole or two or (len(values) >= 3 and all(map(_decade, values))) else 0.0
    if len(values) < 3:
        return 1.0
    steps = [abs(b - a) for a, b in itertools.pairwise(values)]
    usual = statistics.median(steps)
    least = min(steps)
    counts = [abs(v) / least for v in (*values, *steps)] if kind == "linear" and least else [0.5]
    gapped = max(counts) < _STEPS and all(abs(n - round(n)) < 1e-6 for n in counts)
    if gapped and least != 1 and _stepped_by(least):
        return max(_GAPPED, sum(s == least for s in steps) / len(steps))
    if kind == "linear" and (usual == 0 or not _round(usual)):
        return 0.0
    return sum(abs(s - usual) <= 0.02 * usual for s in steps) / len(steps)


def _stepped_by(step: float) -> bool:
    """Whether a scale may rise by this: 1, 2, 2.5 or 5 times a power of ten."""
    mantissa = step / 10 ** math.floor(math.log10(step)) if step > 0 else 0.0
    return any(abs(mantissa - m) < 1e-6 for m in (1, 2, 2.5, 5, 10))


def _round(value: float | None) -> bool:
    """Whether a number is one that axes use as a step: at most two significant digits."""
    if value == 0:
        return True
    if value is None or value < 0 or not math.isfinite(value):
        return False
    mantissa = value / 10 ** math.floor(math.log10(value))
    return bool(
        abs(mantissa * 40 - round(mantissa * 40)) < 1e-6 * mantissa * 40
        and (abs(mantissa * 10 - round(mantissa * 10)) < 1e-6 or (mantissa * 4) % 1 == 0)
    )


def _decade(value: float, mantissas: Sequence[int] = (1, 2, 3, 5, 10)) -> bool:
    """Whether a log axis would be labelled with it: one of `mantissas` times a power of ten."""
    mantissa = value / 10 ** math.floor(math.log10(value)) if value > 0 else 0.0
    return bool(min(abs(mantissa - m) for m in mantissas) < 1e-6)


def tick_positions(frame: Frame, role: str, box: Box) -> list[float]:
    """Tick marks beside a group of labels, and the grid lines that run past it."""
    left, top, right, bottom = box
    if role.startswith("x"):
        strip = (left - 10, top - 14, right + 10, top - 1)
        lines = [line.at for line in frame.vertical if line.start < top + 2]
    else:
        side = (right + 1, right + 14) if right < frame.across.shape[1] / 2 else (left - 14, left)
        strip = (side[0], top - 10, side[1], bottom + 10)
        lines = [line.at for line in frame.horizontal]
    marks = ticks_beside(frame, role, strip)
    return marks + [at for at in lines if all(abs(at - m) > 2 for m in marks)]


def inside(row: Candidate, column: Candidate) -> bool:
    """Whether a row of numbers lies between the ends of a value column: labels, not an axis."""
    return row.box[3] < column.box[3] - 0.05 * (column.box[3] - column.box[1])


def within(column: Candidate, row: Candidate) -> bool:
    """Whether a column of numbers stands between the ends of a value row: labels of bars."""
    margin = 0.05 * (row.box[2] - row.box[0])
    return column.box[0] > row.box[0] + margin and column.box[2] < row.box[2] - margin


def beside(first: Candidate, second: Candidate) -> bool:
    """Whether a second column of ticks stands to the right of the first, of about its height."""
    a, b = first.box, second.box
    shared = min(a[3], b[3]) - max(a[1], b[1])
    return shared > 0.7 * max(a[3] - a[1], b[3] - b[1]) and b[0] > a[2]
