"""Names written beside lines, in no colour and at no end: each belongs to the line it is nearest.

Only where it adds up: as many names as lines without one, each line nearest to a name of its own,
and no other line about as near.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from air_cli.read.page import center, inside
from air_cli.read.vector_plot import Plot
from air_cli.read.vector_shapes import Points
from air_cli.read.vector_text import Label

# A word, or a span as surveys name groups ("18-29", "65+"); a number alone is a value.
_NAME = re.compile(r".*[^\W\d_].*|\d+\s?[-–+]\s?\d*")
# Type sizes: the farthest a name stands off its line; how much farther the next line must be.
_FAR, _CLEARLY = 3.0, 1.4


def names_beside(plot: Plot, lines: Sequence[Points]) -> list[Label] | None:
    """The name of each of these lines (vertices in px), or None where it does not add up."""
    labels = [
        label
        for label in plot.free()
        if not label.angle and inside(center(label.box), plot.box) and _NAME.fullmatch(label.text)
    ]
    if len(labels) != len(lines) or len(lines) < 2:
        return None
    found: dict[int, Label] = {}
    for label in labels:
        apart = sorted((_apart(label, points), n) for n, points in enumerate(lines))
        (near, n), (next_near, _) = apart[:2]
        if near > _FAR * label.size or next_near < _CLEARLY * near + 0.5 * label.size or n in found:
            return None
        found[n] = label
    return [found[n] for n in range(len(lines))]


def _apart(label: Label, points: Points) -> float:
    """The distance from a text's box to a polyline, along the length of the text."""
    left, top, right, bottom = label.box
    xs = np.linspace(left, right, 9)
    ys = np.interp(xs, points[:, 0], points[:, 1])
    within = (xs >= points[0, 0]) & (xs <= points[-1, 0])
    if not within.any():
        return float("inf")
    off = np.maximum(np.maximum(top - ys, ys - bottom), 0.0)[within]
    return float(off.min())
