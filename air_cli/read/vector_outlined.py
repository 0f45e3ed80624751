"""What text drawn as outlines says: each line recognised by OCR, letters put to the vote.

The lines are drawn anew, black on white and level, from the outlines alone, so that neither grid
nor marks disturb the recogniser. The same outline is the same letter wherever it stands: what most
of its lines say it is, it is in all of them (so a lone digit, which OCR reads badly, is sure).
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

import cv2
import numpy as np

from air_cli.read.numbers import parse_number
from air_cli.read.page import Path
from air_cli.read.scene import Rgb
from air_cli.read.vector_glyphs import Run, find_runs, shapes_of
from air_cli.read.vector_shapes import Points
from air_cli.read.vector_text import Label
from air_cli.records import Figure

# (picture of a line) -> (text, confidence)
LineReader = Callable[[Rgb], tuple[str, float]]

# Texts that a chart has at least; fewer are taken for a chart whose letters are drawn.
_FEW_TEXTS, _FEWEST_RUNS = 2, 3
# The picture of a line, px: the height of the text, the margin. The longest line, in heights.
_LINE_PX, _MARGIN_PX, _LONGEST = 40, 12, 60
# How sure the recogniser must be of a word, and of a single letter.
_SURE, _SURE_LETTER = 0.5, 0.8
# Parts of the type's height: a space; a gap between numbers that are labels of their own; raised.
_SPACE, _APART, _RAISED = 0.38, 0.42, 0.25
_CAP = 0.72
_POWER = re.compile(r"(.*?10)([-−–]?\d+)")


def read_outlined(
    paths: Sequence[Path], labels: Sequence[Label], figure: Figure, read_line: LineReader
) -> tuple[list[Path], list[Label]]:
    """Operations without those that draw letters, and the labels with what the letters say. Both
    are returned as they are where the figure has text, or no outlines that can be letters."""
    if len(labels) > _FEW_TEXTS:
        return list(paths), list(labels)
    runs = _lone_turned(find_runs(paths, figure.bbox_pt))
    shapes = shapes_of(runs)
    wanted = _texts_among(runs, shapes)
    if sum(len(set(shapes[n])) > 1 for n in wanted) < _FEWEST_RUNS:
        return list(paths), list(labels)
    runs = [_right_way(runs[n], read_line) for n in wanted]
    shapes = shapes_of(runs)
    said = [read_line(_picture(run)) for run in runs]
    letters = _vote(said, shapes)
    drawn: set[int] = set()
    found: list[Label] = []
    for run, numbers, (text, score) in zip(runs, shapes, said, strict=True):
        known = all(number in letters for number in numbers)
        if not known and score < (_SURE if len(numbers) > 1 else _SURE_LETTER):
            continue
        drawn |= {glyph.path for glyph in run.glyphs}
        found += _labels(run, _spelled(run, numbers, letters, text), figure)
    return [path for n, path in enumerate(paths) if n not in drawn], [*labels, *found]


def _lone_turned(runs: Sequence[Run]) -> list[Run]:
    """The runs, single letters turned as those of longer ones that they are like: the digits of an
    axis whose labels stand upright."""
    lone = [n for n, run in enumerate(runs) if len(run.glyphs) == 1]
    ways = [Run(runs[n].glyphs, angle) for angle in (90.0, -90.0) for n in lone]
    shapes = shapes_of([*runs, *ways])
    known = {n for numbers in shapes[: len(runs)] if len(set(numbers)) > 1 for n in numbers}
    turned = list(runs)
    for way, numbers, n in zip(ways, shapes[len(runs) :], [*lone, *lone], strict=True):
        if shapes[n][0] not in known and numbers[0] in known:
            turned[n] = way
    return turned


def _right_way(run: Run, read_line: LineReader) -> Run:
    """A line up or down that is one path, turned so that it reads more surely."""
    alone = len({glyph.path for glyph in run.glyphs}) == 1 < len(run.glyphs)
    if abs(run.angle) != 90 or not alone:
        return run
    other = run.turned()
    return max((run, other), key=lambda one: read_line(_picture(one))[1])


def _texts_among(runs: Sequence[Run], shapes: Sequence[Sequence[int]]) -> list[int]:
    """Which runs are texts: those of several letter shapes, and of the others (a lone digit, or a
    marker) those whose shape occurs in a text, or that look like digits beside each other."""
    sure = {n for n, numbers in enumerate(shapes) if len(set(numbers)) > 1}
    letters = {number for n in sure for number in shapes[n]}
    sizes = {_look(runs[n]) for n in sure}
    others = [n for n in range(len(runs)) if n not in sure]
    often = Counter(number for n in others for number in set(shapes[n]))
    for n in others:
        lone = often[shapes[n][0]] <= 2 and any(
            color == _look(runs[n])[0] and abs(high - _look(runs[n])[1]) < 0.3 * high
            for color, high in sizes
        )
        if set(shapes[n]) <= letters or lone:
            sure.add(n)
    return sorted(sure)


def _look(run: Run) -> tuple[str, float]:
    """The colour and the height of the type."""
    return run.glyphs[0].color, _extent(run)[1]


def _extent(run: Run) -> tuple[float, float]:
    """Length and height of a line, in points."""
    corners = np.concatenate([ring for rings in run.upright() for ring in rings])
    wide, high = np.ptp(corners, axis=0)
    return float(wide), float(high)


def _picture(run: Run) -> Rgb:
    """The line, level, black on white."""
    letters = run.upright()
    corners = np.concatenate([ring for rings in letters for ring in rings])
    wide, high = np.ptp(corners, axis=0)
    # A line of points or dashes has hardly any height of its own.
    zoom = _LINE_PX / max(float(high), 0.02 * float(wide), 3.0)
    zoom = min(zoom, _LINE_PX * _LONGEST / max(float(wide), 1.0))
    size = (round(high * zoom) + 2 * _MARGIN_PX, round(wide * zoom) + 2 * _MARGIN_PX)
    canvas = np.full(size, 255, np.uint8)
    origin = corners.min(axis=0)
    for rings in letters:
        placed = [(ring - origin) * zoom + _MARGIN_PX for ring in rings]
        _fill(canvas, placed)
    return np.repeat(canvas[:, :, None], 3, axis=2)


def _fill(canvas: np.ndarray, rings: Sequence[Points]) -> None:
    """Fill outlines, inner ones as holes, with smooth edges (coordinates in 1/16 px)."""
    cv2.fillPoly(canvas, [np.round(ring * 16).astype(np.int32) for ring in rings], 0, cv2.LINE_AA,
                 shift=4)  # fmt: skip


def _vote(said: Sequence[tuple[str, float]], shapes: Sequence[Sequence[int]]) -> dict[int, str]:
    """The letter of each shape, by the lines in which letters and shapes pair off."""
    votes: dict[int, Counter[str]] = defaultdict(Counter)
    for (text, score), numbers in zip(said, shapes, strict=True):
        letters = "".join(text.split())
        if len(letters) == len(numbers):
            for number, letter in zip(numbers, letters, strict=True):
                votes[number][letter] += round(score * (100 if len(numbers) > 1 else 50))
    return {
        number: letter
        for number, tally in votes.items()
        for letter, count in tally.most_common(1)
        if count >= 50
    }


def _spelled(run: Run, numbers: Sequence[int], letters: dict[int, str], text: str) -> str:
    """A line in the letters voted for, where all are known, else as it was recognised."""
    if not all(number in letters for number in numbers):
        return text
    tops, bottoms, gaps = _set(run)
    parts: list[str] = []
    high = _extent(run)[1]
    spaces = _spaces(text, len(numbers))
    if spaces is None:
        spaces = {n for n, gap in enumerate(gaps, 1) if gap > _SPACE * high}
    raised = False
    for n, number in enumerate(numbers):
        if n in spaces:
            parts.append(" ")
            raised = False
        lifted = n > 0 and bottoms[n] < bottoms[0] - _RAISED * high and tops[n] <= tops[0]
        if lifted and not raised and letters[number] in "0123456789-−–" and parts[-1].isdigit():
            parts.append("^")
            raised = True
        parts.append(letters[number])
    return "".join(parts)


def _spaces(text: str, count: int) -> set[int] | None:
    """Before which letters of `count` the text has a space; None where the letters do not match."""
    words = text.split()
    if sum(map(len, words)) != count:
        return None
    return set(itertools.accumulate(map(len, words[:-1])))


def _set(run: Run) -> tuple[list[float], list[float], list[float]]:
    """Tops and bottoms of the letters of a level line, and the gaps between them, in points."""
    boxes = [
        (*corners.min(axis=0).tolist(), *corners.max(axis=0).tolist())
        for rings in run.upright()
        for corners in [np.concatenate(rings)]
    ]
    gaps = [after[0] - before[2] for before, after in itertools.pairwise(boxes)]
    return [box[1] for box in boxes], [box[3] for box in boxes], gaps


def _labels(run: Run, text: str, figure: Figure) -> list[Label]:
    """A run as a label; neighbouring numbers that stand apart as labels of their own."""
    zoom = figure.dpi / 72
    words = text.split()
    cuts = _cuts(run, words)
    labels = []
    for start, end, said in cuts:
        part = Run(run.glyphs[start:end], run.angle)
        box = part.box
        px = tuple((side - figure.bbox_pt[n % 2]) * zoom for n, side in enumerate(box))
        if said.strip():
            labels.append(
                Label(said, (px[0], px[1], px[2], px[3]), round(run.angle),
                      _extent(part)[1] * zoom / _CAP, color=run.glyphs[0].color)
            )  # fmt: skip
    return labels


def _cuts(run: Run, words: Sequence[str]) -> list[tuple[int, int, str]]:
    """(first letter, end, text) of the labels in a run."""
    whole = [(0, len(run.glyphs), " ".join(words))]
    if len(words) < 2 or sum(map(len, words)) != len(run.glyphs):
        return whole
    if any(parse_number(word) is None for word in words):
        return whole
    _, _, gaps = _set(run)
    high = _extent(run)[1]
    ends = list(itertools.accumulate(map(len, words)))
    if any(gaps[end - 1] < _APART * high for end in ends[:-1]):
        return whole
    return [(end - len(word), end, word) for word, end in zip(words, ends, strict=True)]
