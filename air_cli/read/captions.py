"""Captions: which text names a figure, and the label in it ("Figure 3", "Chart 2.1")."""

from __future__ import annotations

from collections.abc import Sequence

from air_cli.read.caption_labels import is_caption, label_of
from air_cli.read.page import Line, PageContent, union
from air_cli.records import Box

_REACH_PT = 42.0
# A heading has at most so many lines.
_HEADING_LINES = 3


def find_caption(content: PageContent, box: Box, others: Sequence[Box]) -> tuple[str, str]:
    """(caption, label) of the figure at `box`; `others` are all figure boxes of the page.

    A labelled caption below or above wins, the nearest first; without one, the heading directly
    above the figure. Both are empty when there is none.
    """
    best: tuple[float, int] | None = None
    for index, line in enumerate(content.lines):
        if not is_caption(line.text) or line.angle:
            continue
        # A caption of several lines above a figure ends near it.
        whole = union([part.box for part in _paragraph(content.lines, index)])
        distance = _distance(whole, box)
        if distance is None or _nearer(whole, box, distance, others):
            continue
        if best is None or distance < best[0]:
            best = distance, index
    if best is not None:
        words = " ".join(line.text for line in _paragraph(content.lines, best[1]))
        text = " ".join(words.split())[:400]
        return text, label_of(text)
    return _heading(content, box), ""


def _distance(line: Box, box: Box) -> float | None:
    """How far a caption stands above or below a figure; None when it is not by it."""
    shared = min(line[2], box[2]) - max(line[0], box[0])
    if shared < 0.3 * min(line[2] - line[0], box[2] - box[0]):
        return None
    if line[1] >= box[1] and line[3] <= box[3]:
        return 0.0
    below, above = line[1] - box[3], box[1] - line[3]
    distance = max(below, above)
    if distance > _REACH_PT:
        return None
    # Two captions in reach: the one below is more often ours.
    return max(distance, 0.0) + (3.0 if above > 0 else 0.0)


def _nearer(line: Box, box: Box, distance: float, others: Sequence[Box]) -> bool:
    """Whether the caption is nearer to another figure."""
    for other in others:
        if other == box:
            continue
        rival = _distance(line, other)
        if rival is not None and rival + 1 < distance:
            return True
    return False


def _paragraph(lines: Sequence[Line], start: int) -> list[Line]:
    """The first line of a caption with its continuation lines."""
    first = last = lines[start]
    found = [first]
    for line in lines[start + 1 : start + 6]:
        follows = -2 < line.box[1] - last.box[3] < 0.6 * first.size
        if not follows or is_caption(line.text) or abs(line.size - first.size) > 0.6:
            break
        if line.box[0] > first.box[2] or line.block != first.block:
            break
        found.append(line)
        last = line
    return found


def _heading(content: PageContent, box: Box) -> str:
    """The title that stands directly above a figure, or at its top."""
    best: tuple[float, Line] | None = None
    body = sorted(line.size for line in content.lines)
    usual = body[len(body) // 2] if body else 0.0
    for line in content.lines:
        if line.angle or len(line.text) > 120 or not (line.bold or line.size > usual + 1):
            continue
        if not any(c.isalpha() for c in line.text):
            continue
        across = min(line.box[2], box[2]) - max(line.box[0], box[0])
        distance = box[1] - line.box[3]
        at_top = line.box[1] - box[1] < 0.2 * (box[3] - box[1])
        if across < 0.5 * (line.box[2] - line.box[0]) or distance > 30 or not at_top:
            continue
        if best is None or abs(distance) < best[0]:
            best = abs(distance), line
    return " ".join(line.text for line in _lines_above(best[1], content)) if best else ""


def _lines_above(last: Line, content: PageContent) -> list[Line]:
    """A heading's lines, `last` is the lowest: set alike, flush, right above one another."""
    found = [last]
    for line in sorted(content.lines, key=lambda one: -one.box[3]):
        below = found[0]
        alike = line.bold == last.bold and abs(line.size - last.size) < 0.3 and not line.angle
        flush = abs(line.box[0] - last.box[0]) < 2
        if alike and flush and -2 < below.box[1] - line.box[3] < 0.6 * last.size:
            found.insert(0, line)
        if len(found) == _HEADING_LINES:
            break
    return found
