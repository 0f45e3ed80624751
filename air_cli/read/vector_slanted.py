"""Slanted text that was set letter by letter, put together again.

MuPDF takes every letter of such text for a line of its own, in no useful order.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

Char = tuple[Mapping[str, Any], Mapping[str, Any]]
Run = tuple[Sequence[Char], Sequence[float]]

# Gaps in type sizes: what a letter may stand off the base line, within a word, between words.
_OFF, _WORD, _SPACE = 0.25, 0.16, 0.75


def joined(runs: Sequence[Run]) -> list[Run]:
    """The runs, slanted ones joined where one begins at the end of another on its base line."""
    result = [run for run in runs if not _is_slanted(run[1])]
    groups: dict[tuple[int, int], list[Run]] = {}
    for run in runs:
        if _is_slanted(run[1]):
            angle = round(math.degrees(math.atan2(-run[1][1], run[1][0])))
            groups.setdefault((angle, round(_size(run))), []).append(run)
    for group in groups.values():
        result += _chained(group)
    return result


def _is_slanted(direction: Sequence[float]) -> bool:
    return min(abs(direction[0]), abs(direction[1])) > 0.05


def _size(run: Run) -> float:
    return max(float(span["size"]) for _, span in run[0])


def _chained(runs: Sequence[Run]) -> list[Run]:
    """Runs of one angle and size, in reading order along each base line."""
    ordered = sorted(runs, key=lambda run: _along(run, run[0][0][0]["origin"]))
    chains: list[Run] = []
    for run in ordered:
        for n, chain in enumerate(chains):
            gap, off = _gap(chain, run)
            if abs(off) < _OFF and -_SPACE < gap < _SPACE:
                space = [_space(chain)] if gap > _WORD else []
                chains[n] = ([*chain[0], *space, *run[0]], chain[1])
                break
        else:
            chains.append(run)
    return chains


def _along(run: Run, point: Sequence[float]) -> float:
    return float(point[0] * run[1][0] + point[1] * run[1][1])


def _gap(chain: Run, run: Run) -> tuple[float, float]:
    """From the end of one run to the start of another: along and across, in type sizes."""
    dx, dy = chain[1]
    last, span = next(item for item in reversed(chain[0]) if not item[0]["c"].isspace())
    first = run[0][0][0]
    x, y = first["origin"][0] - last["origin"][0], first["origin"][1] - last["origin"][1]
    size = _size(chain)
    return (x * dx + y * dy - _advance(last, span, dx, dy)) / size, (y * dx - x * dy) / size


def _advance(char: Mapping[str, Any], span: Mapping[str, Any], dx: float, dy: float) -> float:
    """How far a slanted character reaches along its line: its box is that of a turned rectangle."""
    left, top, right, bottom = char["bbox"]
    tall = (float(span["ascender"]) - float(span["descender"])) * float(span["size"])
    if abs(dx) >= abs(dy):
        return max(float(right - left - tall * abs(dy)) / abs(dx), 0.0)
    return max(float(bottom - top - tall * abs(dx)) / abs(dy), 0.0)


def _space(chain: Run) -> Char:
    char, span = chain[0][-1]
    return {"c": " ", "origin": char["origin"], "bbox": char["bbox"]}, span
