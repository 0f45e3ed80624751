"""Follow series of one colour by the shapes of their markers.

At each category every marker's shape is looked for (normalised correlation); dynamic programming
over the categories (Viterbi, 1967) then picks for each series the chain whose markers fit and whose
pieces, straight or smoothed, lie on ink.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from air_cli.read.colors import farthest, from_hex
from air_cli.read.ink import Plot
from air_cli.read.marks.glyphs import Floats, Glyph
from air_cli.read.marks.strokes import Point, Stroke

_TOP = 5  # candidates of each shape at a category
_BOWS = np.array([0.0, -0.1, 0.1, -0.25, 0.25, -0.5, 0.5, -1.0, 1.0])
_SCALES = (1.0, 0.88, 0.94, 1.06, 1.12, 1.18, 1.25, 1.32, 1.4)  # legends often draw markers smaller
_STEPS = 32  # samples along a piece


@dataclass(frozen=True)
class _Places:
    """Candidates at one category: rows `ys` and the fit of every shape there (shapes, places)."""

    x: float
    ys: Floats
    fits: Floats


@dataclass(frozen=True)
class _Piece:
    """Between two categories: the share of ink on the best curve from each place to each, and that
    curve's bows (from, to, 2)."""

    support: Floats
    bows: Floats


def follow_marked(plot: Plot, glyphs: Sequence[Glyph], at: Sequence[float]) -> list[Stroke | None]:
    """For each glyph the stroke through its markers at the abscissas `at` (crop pixels, rising);
    None for a series whose markers are not seen. The strokes know their points."""
    sharp = _ink(plot, glyphs[0].color)
    ink = _soft(sharp)
    glyphs = _sized(ink, glyphs, at)
    at = _moved(ink, glyphs, at)
    places = [_places(ink, glyphs, x) for x in at]
    if any(not len(place.ys) for place in places) or len(places) < 2:
        return [None] * len(glyphs)
    pieces = [_piece(sharp, a, b) for a, b in itertools.pairwise(places)]
    return [_stroke(glyphs, k, places, pieces) for k in range(len(glyphs))]


def _ink(plot: Plot, color: str) -> Floats:
    """How much of each pixel the series' colour covers (0..1), text or not."""
    palette = plot.palette
    offset = palette.crop.astype(np.float32) - palette.background
    toward = np.array(from_hex(color), dtype=np.float32) - palette.background
    amount = (offset @ toward) / max(float(toward @ toward), 1.0)
    rest = farthest(offset - amount[..., None] * toward)
    return np.asarray(np.where(rest < 60, np.clip(amount, 0, 1), 0), dtype=np.float32)


def _soft(ink: Floats) -> Floats:
    """Blurred a little: outlines a pixel wide need not fall on each other exactly."""
    return np.asarray(cv2.GaussianBlur(ink.astype(np.float32), (0, 0), 0.8))


def _sized(ink: Floats, glyphs: Sequence[Glyph], at: Sequence[float]) -> list[Glyph]:
    """The glyphs in the size that markers have in the plot."""
    best: tuple[float, list[Glyph]] = (-1.0, list(glyphs))
    for scale in _SCALES:
        scaled = [replace(g, shape=_soft(_scaled(g.shape, scale))) for g in glyphs]
        fits = [[_fit(ink, g, x, 4)[0].max() for x in at] for g in scaled]
        total = float(np.mean(fits))
        if total > best[0] + 0.01:
            best = total, scaled
    return best[1]


def _scaled(shape: Floats, scale: float) -> Floats:
    if scale == 1:
        return shape
    size = (round(shape.shape[1] * scale), round(shape.shape[0] * scale))
    return np.asarray(cv2.resize(shape.astype(np.float32), size, interpolation=cv2.INTER_LINEAR))


def _moved(ink: Floats, glyphs: Sequence[Glyph], at: Sequence[float]) -> list[float]:
    """The abscissas, all moved to where the markers are: labels may stand beside them."""
    step = min((b - a for a, b in itertools.pairwise(at)), default=30.0)
    reach = int(min(0.3 * step, 1.2 * glyphs[0].size))
    off = []
    for x in at:
        for glyph in glyphs:
            fit, left = _fit(ink, glyph, x, reach)
            place = np.unravel_index(int(fit.argmax()), fit.shape)
            if fit[place] > 0.7:
                off.append(left + float(place[1]) - x)
    return [x + float(np.median(off)) for x in at] if len(off) >= 3 else list(at)


def _fit(ink: Floats, glyph: Glyph, x: float, reach: int) -> tuple[Floats, float]:
    """Correlation of a shape with the ink near an abscissa (rows, columns), and the abscissa of
    its first column; row r is the centre's row."""
    high, wide = glyph.shape.shape
    left = round(x) - reach - wide // 2
    window = np.zeros((len(ink) + high, 2 * reach + wide), np.float32)
    a, b = max(0, left), min(ink.shape[1], left + window.shape[1])
    if b > a:
        window[high // 2 : high // 2 + len(ink), a - left : b - left] = ink[:, a:b]
    shape = glyph.shape.astype(np.float32)
    product = cv2.matchTemplate(window, shape, cv2.TM_CCOEFF)[: len(ink)]
    mean, square = (
        cv2.boxFilter(part, -1, (wide, high), anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)
        for part in (window, window * window)
    )
    spread = (square - mean * mean)[: product.shape[0], : product.shape[1]]
    # Blank places would divide nothing by nothing: some ink is assumed everywhere.
    scale = shape.size * np.sqrt(shape.var() * (np.maximum(spread, 0) + 0.02))
    return np.asarray(product / scale), left + (wide - 1) / 2


def _places(ink: Floats, glyphs: Sequence[Glyph], x: float) -> _Places:
    fits = np.array([_fit(ink, glyph, x, 3)[0].max(axis=1) for glyph in glyphs])
    apart = max(3, round(0.4 * glyphs[0].size))
    rows: list[int] = []
    for fit in fits:
        left = fit.copy()
        for _ in range(_TOP):
            row = int(left.argmax())
            if left[row] < 0.3:
                break
            if all(abs(row - other) > 1 for other in rows):
                rows.append(row)
            left[max(0, row - apart) : row + apart + 1] = -1
    near = [fits[:, max(0, r - 1) : r + 2].max(axis=1) for r in rows]
    return _Places(x, np.array(rows, dtype=float), np.array(near).T)


def _piece(ink: Floats, start: _Places, stop: _Places) -> _Piece:
    """The best curve from each place of one category to each of the next: a cubic whose end slopes
    leave the chord by up to 45 degrees (charts draw lines straight or smoothed)."""
    thick = cv2.dilate(ink, np.ones((3, 1), np.float32))
    t = np.linspace(0.06, 0.94, _STEPS)
    xs = start.x + t * (stop.x - start.x)
    wide = stop.x - start.x
    chords = start.ys[:, None, None] * (1 - t) + stop.ys[None, :, None] * t
    a, b = (wide * _BOWS[:, None, None] * s for s in (1.0, 1.0))
    bow = t * (1 - t) * (a * (1 - t) - b.reshape(1, -1, 1) * t)
    ys = chords[:, :, None, None, :] + bow[None, None]
    columns = np.clip(np.rint(xs).astype(int), 0, ink.shape[1] - 1)
    rows = np.clip(np.rint(ys).astype(int), 0, len(ink) - 1)
    seen = np.minimum(thick[rows, columns] / 0.5, 1.0)
    cost = 0.06 * (np.abs(_BOWS)[:, None] + np.abs(_BOWS)[None, :])
    support = seen.mean(axis=-1) - cost
    flat = support.reshape(*support.shape[:2], -1)
    best = flat.argmax(axis=2)
    bows = np.stack([_BOWS[best // len(_BOWS)], _BOWS[best % len(_BOWS)]], axis=-1)
    return _Piece(flat.max(axis=2), bows)


def _stroke(
    glyphs: Sequence[Glyph], k: int, places: Sequence[_Places], pieces: Sequence[_Piece]
) -> Stroke | None:
    """The chain of one series (Viterbi)."""
    scores = [_belief(place, k) for place in places]
    total, back = scores[0], []
    for piece, own in zip(pieces, scores[1:], strict=True):
        link = total[:, None] + 1.5 * piece.support
        back.append(link.argmax(axis=0))
        total = link.max(axis=0) + own
    path = [int(total.argmax())]
    for choice in reversed(back):
        path.append(int(choice[path[-1]]))
    path.reverse()
    fits = [float(place.fits[k, i]) for place, i in zip(places, path, strict=True)]
    if np.mean(np.array(fits) > 0.5) < 0.3:
        return None
    return _drawn(glyphs[k], places, pieces, path, fits)


def _belief(place: _Places, k: int) -> Floats:
    """How well each place suits a shape: better than the other shapes suit it."""
    own = place.fits[k]
    others = np.delete(place.fits, k, axis=0)
    rival = others.max(axis=0) if len(others) else np.zeros_like(own)
    return np.asarray(1.2 * own + 2.0 * np.clip(own - rival, -0.4, 0.4))


def _drawn(
    glyph: Glyph,
    places: Sequence[_Places],
    pieces: Sequence[_Piece],
    path: Sequence[int],
    fits: Sequence[float],
) -> Stroke:
    """The stroke with its points; where another marker hides one, it is less sure."""
    xs, ys = [], []
    for n, piece in enumerate(pieces):
        start, stop = places[n], places[n + 1]
        i, j = path[n], path[n + 1]
        columns = np.arange(np.ceil(start.x), np.ceil(stop.x), dtype=float)
        t = (columns - start.x) / (stop.x - start.x)
        a, b = (stop.x - start.x) * piece.bows[i, j]
        bow = t * (1 - t) * (a * (1 - t) - b * t)
        xs.append(columns)
        ys.append(start.ys[i] * (1 - t) + stop.ys[j] * t + bow)
    flat_x, flat_y = np.concatenate(xs), np.concatenate(ys)
    half = 1.0
    points = tuple(
        (place.x, Point(float(place.ys[i]), 0.8 if fit > 0.6 else 0.35 * glyph.size, fit <= 0.6))
        for place, i, fit in zip(places, path, fits, strict=True)
    )
    return Stroke(flat_x, flat_y, flat_y - half, flat_y + half, 2.0, glyph.size, points)
