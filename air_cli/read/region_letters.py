"""Letters drawn as outlines are text to whoever looks for figures: their lines, unread.

Nothing is recognised here. Where letters stand is enough to tell labels from marks and prose from
drawings; what they say is read when the figure is (`vector_outlined.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from air_cli.read.page import Line, PageContent, Path, union
from air_cli.read.vector_glyphs import Glyph, angle_of, follows
from air_cli.records import Box

# Points: the tallest letters, and the lowest (dots).
_TALL, _LOW = 40.0, 0.2
# Lines that a page must have for any of it to be letters; parts of a line that is one path.
_FEWEST, _PARTS = 3, 4
# Heights of the letters: the type they are set in, a space, the gap between lines of a paragraph.
_TYPE, _SPACE, _LEADING = 1.4, 0.4, 1.6
# Labels of an axis: letters at most, how many stand in a row or column, and how exactly (points).
_SHORT, _AXIS, _ALIGNED = 5, 3, 1.0
# Letters touch their neighbours, if at all, by less than this share of their breadth.
_SHARED = 0.35

Key = tuple[str, float, float]


def with_letters(content: PageContent) -> PageContent:
    """The page with runs of outlined letters as lines instead of paths; as it is without them.

    A line's text has an `x` for every letter, a `0` where it can be the label of an axis.
    """
    runs, keys = _runs(content.paths)
    known = {one for run, key in zip(runs, keys, strict=True) if _varied(run, key) for one in key}
    if not known:
        return content
    lone = _lone_labels(runs, keys)
    texts = [
        run
        for n, (run, key) in enumerate(zip(runs, keys, strict=True))
        if n in lone or _varied(run, key) or all(one in known for one in key)
    ]
    if len(texts) < _FEWEST:
        return content
    drawn = {glyph.path for run in texts for glyph in run}
    paths = [path for n, path in enumerate(content.paths) if n not in drawn]
    return replace(content, paths=paths, lines=[*content.lines, *_lines(texts, content)])


def _runs(paths: Sequence[Path]) -> tuple[list[list[Glyph]], list[list[Key]]]:
    """Paths that follow each other as letters do, and the shape of each of them."""
    runs: list[list[Glyph]] = []
    keys: list[list[Key]] = []
    open_ = False
    for number, path in enumerate(paths):
        if not _may_be_letter(path):
            open_ = open_ and not path.visible
            continue
        glyph = Glyph((), path.box, str(path.fill), number)
        if not (open_ and follows(runs[-1], glyph)):
            runs.append([])
            keys.append([])
        open_ = True
        runs[-1].append(glyph)
        keys[-1].append(_key(path))
    return runs, keys


def _may_be_letter(path: Path) -> bool:
    if path.fill is None or path.texture or not path.visible or path.fill_opacity < 0.3:
        return False
    if path.stroke is not None and path.stroke != path.fill:
        return False
    wide, high = path.box[2] - path.box[0], path.box[3] - path.box[1]
    if min(wide, high) == 0 or max(wide, high) < _LOW:
        return False
    return max(wide, high) <= _TALL or (min(wide, high) <= _TALL and _parts(path) >= _PARTS)


def _parts(path: Path) -> int:
    """The number of outlines in a path."""
    ends = [(item[-1], following[1]) for item, following in pairwise(path.items)
            if item[0] in "lc" and following[0] in "lc"]  # fmt: skip
    return 1 + sum(bool(abs(a[0] - b[0]) + abs(a[1] - b[1]) > 0.02) for a, b in ends)


def _key(path: Path) -> Key:
    box = path.box
    kinds = "".join(item[0][0] for item in path.items)
    return (kinds, round(box[2] - box[0], 1), round(box[3] - box[1], 1))


def _varied(run: Sequence[Glyph], keys: Sequence[Key]) -> bool:
    """Whether a run is text: letters of several shapes that stand clear of each other, or a path
    of many outlines. Markers of a series are all alike, bars are boxes, areas on a map touch."""
    if len(run) == 1:
        wide, high = _sides(run[0].box)
        return max(wide, high) > 3 * min(wide, high) and len(keys[0][0]) > 12 * _PARTS
    if len(set(keys)) < 2 or all(kinds in ("r", "llll", "lll") for kinds, _, _ in keys):
        return False
    shared = [
        max(min(a.box[n + 2], b.box[n + 2]) - max(a.box[n], b.box[n]), 0.0)
        / max(min(a.box[n + 2] - a.box[n], b.box[n + 2] - b.box[n]), 0.01)
        for n in (_along(run),)
        for a, b in pairwise(run)
    ]
    # An accent stands over its letter.
    return sorted(shared)[int(0.8 * (len(shared) - 1))] < _SHARED


def _lone_labels(runs: Sequence[Sequence[Glyph]], keys: Sequence[Sequence[Key]]) -> set[int]:
    """Single letters in a row or column of their own, unlike each other: an axis from 0 to 8."""
    lone = {n: run[0].box for n, run in enumerate(runs) if len(run) == 1 and _bent(keys[n][0])}
    found: set[int] = set()
    for group in _aligned(lone):
        shapes = {keys[n][0][0] for n in group}
        sizes = [max(_sides(lone[n])) for n in group]
        if len(shapes) >= _AXIS and max(sizes) < 1.3 * min(sizes):
            found |= group
    return found


def _bent(key: Key) -> bool:
    return "c" in key[0] or len(key[0]) > 5


def _aligned(boxes: Mapping[int, Box]) -> list[set[int]]:
    """Groups of boxes whose left, right or lower edges stand on one line."""
    groups: dict[tuple[int, int], set[int]] = defaultdict(set)
    for n, box in boxes.items():
        for side in (0, 2, 3):
            groups[side, round(box[side] / _ALIGNED)].add(n)
    return [group for group in groups.values() if len(group) >= _AXIS]


def _along(run: Sequence[Glyph]) -> int:
    wide, high = _sides(union([glyph.box for glyph in run]))
    return 0 if wide >= high else 1


def _sides(box: Box) -> tuple[float, float]:
    return box[2] - box[0], box[3] - box[1]


def _lines(runs: Sequence[Sequence[Glyph]], content: PageContent) -> list[Line]:
    """Lines of the runs; those of a paragraph share a block."""
    block = max((line.block for line in content.lines), default=-1)
    axes = _of_axes(runs)
    lines: list[Line] = []
    for n, run in enumerate(runs):
        box = union([glyph.box for glyph in run])
        size = _TYPE * _height(run)
        last = lines[-1] if lines else None
        on = last is not None and abs(last.size - size) < 0.5 * size and (
            -size < box[1] - last.box[3] < _LEADING * size and box[0] < last.box[2]
        )  # fmt: skip
        block += not on
        text = "0" * len(run) if n in axes else _words(run, size)
        lines.append(Line(text, box, size, angle=round(angle_of(run)), block=block))
    return lines


def _height(run: Sequence[Glyph]) -> float:
    """The height of the letters, across the line."""
    across = 1 - _along(run) if len(run) > 1 else 1
    sides = sorted(_sides(glyph.box)[across] for glyph in run)
    return sides[int(0.8 * (len(sides) - 1))]


def _words(run: Sequence[Glyph], size: float) -> str:
    if len(run) == 1:
        wide, high = _sides(run[0].box)
        return "xxxxx " * max(int(max(wide, high) / max(min(wide, high), 1.0) / 3), 1)
    at = _along(run)
    text = "x"
    for before, after in pairwise(run):
        apart = max(after.box[at] - before.box[at + 2], before.box[at] - after.box[at + 2])
        text += " x" if apart > _SPACE / _TYPE * size else "x"
    return text


def _of_axes(runs: Sequence[Sequence[Glyph]]) -> set[int]:
    """Which short runs stand in a row or column with others, as the labels of an axis do."""
    short = {n: union([g.box for g in run]) for n, run in enumerate(runs) if len(run) <= _SHORT}
    return set().union(*_aligned(short))
