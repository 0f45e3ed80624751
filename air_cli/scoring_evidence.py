"""How evidence is scored: reported boxes against the gold boxes of a benchmark. Pure functions.

A gold box is hit by a reported box with an intersection over union of at least .5 (ChartLens, Suri
et al. 2025). A gold *point* (marks of a line) is a box without extent: it is hit by a reported box
that holds it, give or take `REACH` pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from air_cli.records import Box

ENOUGH = 0.5
REACH = 6.0


@dataclass(frozen=True)
class Hits:
    """Counts of gold boxes, of those that were hit, of reported boxes, of those that hit one."""

    gold: int = 0
    found: int = 0
    reported: int = 0
    good: int = 0

    def __add__(self, other: Hits) -> Hits:
        return Hits(
            self.gold + other.gold,
            self.found + other.found,
            self.reported + other.reported,
            self.good + other.good,
        )

    @property
    def recall(self) -> float:
        return self.found / self.gold if self.gold else 0.0

    @property
    def precision(self) -> float:
        return self.good / self.reported if self.reported else 0.0

    @property
    def f1(self) -> float:
        both = self.recall + self.precision
        return 2 * self.recall * self.precision / both if both else 0.0


def iou(one: Box, other: Box) -> float:
    """Intersection over union of two boxes (left, top, right, bottom); 0 where they are apart."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    inside = wide * high
    return inside / (_area(one) + _area(other) - inside)


def hits(gold: Sequence[Box], reported: Sequence[Box]) -> Hits:
    """Every gold box against every reported one; equal reported boxes count once."""
    said = list(dict.fromkeys(reported))
    return Hits(
        gold=len(gold),
        found=sum(any(_hit(box, other) for other in said) for box in gold),
        reported=len(said),
        good=sum(any(_hit(other, box) for other in gold) for box in said),
    )


def _hit(gold: Box, reported: Box) -> bool:
    if _area(gold) > 0:
        return iou(gold, reported) >= ENOUGH
    x, y = gold[:2]
    left, top, right, bottom = reported
    return left - REACH <= x <= right + REACH and top - REACH <= y <= bottom + REACH


def _area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])
