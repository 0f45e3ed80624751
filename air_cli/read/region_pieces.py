"""The boxes of compound paths, one by one: programs put all bars of a series into one path."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

from air_cli.read.page import Path, clipped, overlap, union
from air_cli.read.strokes import is_boxy
from air_cli.records import Box

# Points: ends nearer than this are one place. Boxes of one path beyond this number are a texture.
_SAME_PT, _MOST = 0.02, 300


def parted(paths: Sequence[Path]) -> list[Path]:
    """The paths, those that fill several boxes as one path a box. A box within another is a frame
    and stays whole."""
    return [piece for path in paths for piece in _boxes(path) or [path]]


def _boxes(path: Path) -> list[Path]:
    """The boxes that a path fills, where it fills two and more and nothing else."""
    if path.fill is None or len(path.items) < 2 or is_boxy(path):
        return []
    pieces: list[Path] = []
    for items in _chains(path.items):
        piece = replace(path, items=items)
        box = clipped(union([_extent(item) for item in items]), path.box)
        if len(pieces) >= _MOST or not is_boxy(piece):
            return []
        if box is not None:
            pieces.append(replace(piece, box=box))
    laid = any(overlap(a.box, b.box) > 0 for a, b in combinations(pieces, 2))
    return [] if laid else pieces


def _chains(items: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """Runs of items, each of which begins where the last one ended; rectangles alone."""
    chain: list[Any] = []
    for item in items:
        if chain and not _follows(chain[-1], item):
            yield tuple(chain)
            chain = []
        chain.append(item)
    if chain:
        yield tuple(chain)


def _follows(before: Any, item: Any) -> bool:
    if before[0] not in "lc" or item[0] not in "lc":
        return False
    (x, y), (u, v) = before[-1], item[1]
    return bool(abs(x - u) + abs(y - v) < _SAME_PT)


def _extent(item: Any) -> Box:
    if item[0] == "re":
        # Office programs draw them from the right to the left.
        points = [item[1][:2], item[1][2:]]
    else:
        points = item[1] if item[0] == "qu" else item[1:]
    return union([(x, y, x, y) for x, y in points])
