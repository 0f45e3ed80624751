"""Upright words that detection found letter by letter: stacks of single characters. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from air_cli.read.page import union
from air_cli.records import Box, Text

# Pieces that make a stack, how many of them are single characters, how far apart they may be
# and how far off their line, in widths.
_FEWEST, _SINGLE, _GAP, _OFF = 3, 2, 0.5, 0.35
_LONGEST = 4  # letters of a piece
_TURNED = 45  # degrees from which on a piece is upright itself


def stacks(texts: Sequence[Text]) -> list[list[Text]]:
    """Groups of texts that stand close under each other and are one word turned upright, most
    likely: tick labels have more room between them than letters."""
    pieces = sorted(
        (t for t in texts if len(t.text.strip()) <= _LONGEST and "%" not in t.text),
        key=lambda t: t.bbox_px[1],
    )
    found: list[list[Text]] = []
    for piece in pieces:
        near = (stack for stack in found if _goes_on(stack, piece))
        stack = next(near, None)
        if stack is None:
            found.append([piece])
        else:
            stack.append(piece)
    return [stack for stack in found if _is_word(stack)]


def _goes_on(stack: Sequence[Text], piece: Text) -> bool:
    left, _, right, bottom = stack_box(stack)
    own = piece.bbox_px[2] - piece.bbox_px[0]
    off = abs((left + right) / 2 - (piece.bbox_px[0] + piece.bbox_px[2]) / 2)
    room = _GAP * min(own, right - left)
    return off < _OFF * max(own, right - left) and piece.bbox_px[1] - bottom < room


def _is_word(stack: Sequence[Text]) -> bool:
    left, top, right, bottom = stack_box(stack)
    single = sum(len(t.text.strip()) == 1 for t in stack)
    lettered = len(stack) >= _FEWEST and single >= _SINGLE
    turned = len(stack) > 1 and all(abs(t.angle) > _TURNED for t in stack)
    return (lettered or turned) and bottom - top > 2 * (right - left)


def stack_box(stack: Sequence[Text]) -> Box:
    """The box around a stack."""
    return union([t.bbox_px for t in stack])
