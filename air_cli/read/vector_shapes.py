"""Drawing operations as shapes of a chart: rectangles, rules, polylines, markers, blobs.

One path of a PDF may hold every bar or every grid line of a chart, so paths are first split into
their connected pieces. Coordinates are pixels of the figure's image.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from air_cli.read.page import Color, Path, clipped
from air_cli.read.vector_splines import basis_points
from air_cli.records import Box

ShapeKind = Literal["rect", "rule", "line", "blob", "marker"]
Points = NDArray[np.float64]

_MARKER_PT = 14.0
# How much a side may lean: a part of its length, and points at most.
_LEAN, _STEP_PT = 0.03, 0.12
_THIN_PT = 1.3
_SAME_PT = 0.02


@dataclass(frozen=True, eq=False)
class Shape:
    """A piece of drawing. `points` are its vertices, (n, 2); `curved` are vertices that end a
    Bézier curve. `box` is what is visible, `full` the box before clipping. Colours are `#rrggbb`
    or empty. `order` is the painting order; `texture` tells patterns of one colour apart."""

    kind: ShapeKind
    points: Points
    box: Box
    full: Box
    fill: str = ""
    stroke: str = ""
    width: float = 0.0
    dashed: bool = False
    curved: bool = False
    closed: bool = False
    order: int = 0
    opacity: float = 1.0
    clip: Box | None = None
    texture: str = ""

    @property
    def color(self) -> str:
        """What the eye takes for its colour."""
        return self.fill or self.stroke

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in px."""
        return self.full[2] - self.full[0], self.full[3] - self.full[1]


def find_shapes(paths: Sequence[Path], frame: Box, zoom: float) -> list[Shape]:
    """All shapes that are visible inside `frame` (points of the page)."""
    shapes: list[Shape] = []
    for path in paths:
        if clipped(path.box, frame) is None:
            continue
        for shape in _shapes(path, frame, zoom, len(shapes)):
            shapes.append(shape)
    return shapes


def hexed(color: Color | None) -> str:
    """`#rrggbb`, or an empty string."""
    if color is None:
        return ""
    return "#" + "".join(f"{min(max(round(255 * part), 0), 255):02x}" for part in color[:3])


def rgb(color: str) -> tuple[int, int, int]:
    """(red, green, blue) of `#rrggbb`."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def is_neutral(color: str) -> bool:
    """Grey, black or white: what axes, grids and backgrounds are drawn in."""
    parts = rgb(color)
    return max(parts) - min(parts) <= 16


def is_white(color: str) -> bool:
    """White or nearly."""
    return min(rgb(color)) >= 248


def color_distance(one: str, other: str) -> float:
    """Euclidean distance of two colours, 0 to 441."""
    return float(np.linalg.norm(np.subtract(rgb(one), rgb(other))))


def is_square(shape: Shape, pt: float) -> bool:
    """Whether a rectangle is as small and as square as a marker; `pt` px make a point."""
    wide, high = shape.size
    return max(wide, high) <= 0.8 * _MARKER_PT * pt and abs(wide - high) < 0.06 * max(wide, high)


def _shapes(path: Path, frame: Box, zoom: float, order: int) -> Iterator[Shape]:
    fill, stroke = _painted(path)
    if not fill and not stroke:
        return
    clip = _to_px(path.clip, frame, zoom) if path.clip else None
    small = max(path.box[2] - path.box[0], path.box[3] - path.box[1]) <= _MARKER_PT
    pieces = list(_pieces(path.items))
    if small and len(pieces) > 1 and not any(piece[2] == "rect" for piece in pieces):
        joined = np.concatenate([piece[0] for piece in pieces])
        pieces = [(joined, any(piece[1] for piece in pieces), "cross")]
    bulges = _bulges(path.items) if any(piece[1] for piece in pieces) else None
    for points, curved, what in pieces:
        px = (points - np.array(frame[:2])) * zoom
        whole = px
        if curved and bulges is not None and len(pieces) == 1:
            whole = np.vstack([px, (bulges - np.array(frame[:2])) * zoom])
        full = (*whole.min(axis=0).tolist(), *whole.max(axis=0).tolist())
        closed = what != "open" or bool(path.fill)
        box = clipped(full, clip) if clip else full
        if box is None:
            continue
        kind = _kind(points, curved, what, bool(fill), path)
        yield Shape(
            kind, px, box, full, fill, stroke, path.width * zoom, path.dashed, curved,
            closed, order, path.fill_opacity, clip, path.texture,
        )  # fmt: skip


def _bulges(items: Sequence[Any]) -> Points:
    """The middles of Bézier curves, (n, 2): of an arc of a half turn its ends do not tell its
    extent."""
    curves = [np.array(item[1:5], dtype=np.float64) for item in items if item[0] == "c"]
    return np.array([(c[0] + 3 * c[1] + 3 * c[2] + c[3]) / 8 for c in curves])


def _painted(path: Path) -> tuple[str, str]:
    """Colours that are seen: a path without area shows its stroke only."""
    fill, stroke = hexed(path.fill), hexed(path.stroke)
    if path.width == 0 and stroke and fill:
        stroke = ""
    return fill, stroke


def _kind(points: Points, curved: bool, what: str, filled: bool, path: Path) -> ShapeKind:
    width, height = np.ptp(points, axis=0)
    if what == "rect":
        thin = min(width, height) <= _THIN_PT and max(width, height) > 3 * _THIN_PT
        # Some programs fill their tick marks, which are lines.
        thin = thin or min(width, height) == 0
        return "rule" if thin and _grey(path) and not path.texture else "rect"
    straight = min(width, height) < 0.05
    if straight and not curved and len(points) <= 3:
        return "rule"
    if max(width, height) <= _MARKER_PT and (what != "open" or filled) and len(points) >= 3:
        return "marker"
    if filled and len(points) >= 3 and not straight:
        return "blob"
    return "line"


def _grey(path: Path) -> bool:
    color = path.fill or path.stroke
    return color is not None and max(color) - min(color) < 0.07


def _to_px(box: Box, frame: Box, zoom: float) -> Box:
    return (
        (box[0] - frame[0]) * zoom,
        (box[1] - frame[1]) * zoom,
        (box[2] - frame[0]) * zoom,
        (box[3] - frame[1]) * zoom,
    )


def _pieces(items: Sequence[Any]) -> Iterator[tuple[Points, bool, str]]:
    """Connected pieces: (vertices, has curves, "rect" | "closed" | "open")."""
    chain: list[tuple[float, float]] = []
    curves: list[Any] = []
    bent = False
    for item in items:
        rect = item[0] in ("re", "qu")
        start, end = (None, None) if rect else (item[1], item[-1])
        broken = start is None or (chain and not _same(chain[-1], start))
        if curves and (broken or item[0] != "c"):
            bent = not _unbent(chain, curves) or bent
            curves = []
            broken = broken and not (start is not None and _same(chain[-1], start))
        if chain and broken:
            yield _finish(chain, bent)
            chain, bent = [], False
        if start is None or end is None:
            yield _rect(item)
            continue
        if not chain:
            chain.append((start[0], start[1]))
        chain.append((end[0], end[1]))
        if item[0] == "c":
            curves.append(item[1:5])
    if curves:
        bent = not _unbent(chain, curves) or bent
    if chain:
        yield _finish(chain, bent)


def _unbent(chain: list[tuple[float, float]], curves: Sequence[Any]) -> bool:
    """Put the data of a B-spline in the place of its segments, which end the chain."""
    points = basis_points(curves)
    if points is None:
        return False
    del chain[-len(curves) - 1 :]
    for x, y in points.tolist():
        if not chain or not _same(chain[-1], (x, y)):
            chain.append((x, y))
    return True


def _rect(item: Any) -> tuple[Points, bool, str]:
    if item[0] == "re":
        left, top, right, bottom = item[1]
        corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
        return np.array(corners, dtype=np.float64), False, "rect"
    upper_left, upper_right, lower_left, lower_right = item[1]
    points = np.array([upper_left, upper_right, lower_right, lower_left], dtype=np.float64)
    return points, False, "rect" if _axis_parallel(points) else "closed"


def _finish(chain: Sequence[tuple[float, float]], curved: bool) -> tuple[Points, bool, str]:
    points = np.array(chain, dtype=np.float64)
    closed = len(points) > 3 and _same(chain[0], chain[-1])
    if not curved and len(points) in (4, 5):
        ring = points[:4]
        if (closed or len(points) == 4) and len(ring) == 4 and _axis_parallel(ring):
            return ring, False, "rect"
    if curved and _is_rounded_rect(points):
        (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
        ring = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
        return ring, False, "rect"
    return points, curved, "closed" if closed else "open"


def _is_rounded_rect(points: Points) -> bool:
    """Whether vertices go round their box, cutting off corners: every one on a side, from one to
    the next along a side (twice at least) or over a corner. Circles and sectors do not."""
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    if size.min() < 10 * _SAME_PT or len(points) < 6:
        return False
    on = np.minimum(np.abs(points - low), np.abs(low + size - points)).min(axis=1) < _SAME_PT
    steps = np.abs(np.diff(np.vstack([points, points[:1]]), axis=0))
    straight = steps.min(axis=1) < _SAME_PT
    sides = int(np.count_nonzero(straight & (steps.max(axis=1) > 4 * _SAME_PT)))
    corners = np.all(steps <= size / 2 + _SAME_PT, axis=1)
    return bool(on.all() and np.all(straight | corners) and sides >= 2)


def _axis_parallel(ring: Points) -> bool:
    """Whether all sides are level or upright, but for what rounding each step of a path to a tenth
    of a pixel makes of them."""
    sides = np.abs(np.diff(np.vstack([ring, ring[:1]]), axis=0))
    slack = np.clip(_LEAN * sides.max(axis=1), 0.05, _STEP_PT)
    return bool(np.all(sides.min(axis=1) < slack))


def _same(one: Sequence[float], other: Sequence[float]) -> bool:
    return abs(one[0] - other[0]) < _SAME_PT and abs(one[1] - other[1]) < _SAME_PT
