"""A value axis whose labels are slanted: they end beside their ticks, all by the same distance."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from air_cli.read.axes import fit_axis
from air_cli.read.colors import crop
from air_cli.read.plot import Frame, find_frame, ticks_beside
from air_cli.read.scene import Scene
from air_cli.read.texts import height_of, is_numeric, union
from air_cli.read.tick_labels import Candidate
from air_cli.records import Box, Text

_FARTHEST = 12.0  # pixels from a label's end to its tick
_LEAST = 3


def slanted_values(scene: Scene, frame: Frame) -> list[Candidate]:
    """The value axes (at most one) that numbers form which stand aslant in a row; short ones among
    them ("0") look level."""
    numbers = [t for t in scene.texts if t.role == "other" and is_numeric(t)]
    slanted = [t for t in numbers if 12 < abs(t.angle) < 78]
    if len(slanted) < 2:
        return []
    angle = statistics.median(t.angle for t in slanted)
    high = statistics.median(height_of(t) for t in slanted)
    top = statistics.median(t.bbox_px[1] for t in slanted)
    row = [t for t in numbers if abs(t.bbox_px[1] - top) < 0.6 * high and abs(t.angle) < 78]
    if len(row) < _LEAST:
        return []
    box = union([t.bbox_px for t in row])
    ticks = _ticks(scene, (box[0] - 10, top - 14, box[2] + 10, top + 6))
    ticks += [line.at for line in frame.vertical if line.start < top + 2 < line.stop + 20]
    ends = [upper_end(t, angle, letters(slanted)) for t in row]
    fit = fit_axis("x", _moved(ends, ticks), ticks)
    if fit is None or fit.kind not in ("linear", "log") or len(fit.ticks) < _LEAST:
        return []
    wide = (box[2] - box[0]) / scene.rgb.shape[1]
    return [Candidate(fit, tuple(row), len(fit.ticks) + wide)] if fit.residual_px <= 3 else []


def _ticks(scene: Scene, strip: Box) -> list[float]:
    """Tick marks over the labels, in the picture with its text: the boxes of slanted texts hold
    them, and painting texts over paints them over."""
    part = np.ascontiguousarray(crop(scene.rgb, strip))
    if min(part.shape[:2]) < 4:
        return []
    frame = find_frame(part)
    whole = (0.0, 0.0, float(part.shape[1]), float(part.shape[0]))
    return [at + max(0, round(strip[0])) for at in ticks_beside(frame, "x", whole)]


def letters(slanted: Sequence[Text]) -> float:
    """The height of the letters of texts at 45 degrees or so, from their upright boxes: a letter is
    about half as wide as high."""
    each = [
        math.sqrt(2) * (t.bbox_px[3] - t.bbox_px[1]) / (1 + 0.55 * len(t.text)) for t in slanted
    ]
    return statistics.median(each)


def upper_end(text: Text, angle: float, high: float) -> Text:
    """The upper end of a slanted text, which is nearest to its tick; the corner of its box lies
    further out by most of the letters' height."""
    left, top, right, bottom = text.bbox_px
    at = right - 0.62 * high if angle > 0 else left + 0.62 * high
    return replace(text, bbox_px=(at - 6, top, at + 6, bottom))


def _moved(ends: Sequence[Text], ticks: Sequence[float]) -> list[Text]:
    """The ends of labels moved to their ticks, all by the same distance, if each has one there."""
    places = np.array([(t.bbox_px[0] + t.bbox_px[2]) / 2 for t in ends])
    every = np.array(sorted(ticks))
    best: tuple[float, float] | None = None
    for shift in (every[None] - places[:, None]).ravel():
        off = np.abs(every[None] - (places + shift)[:, None]).min(axis=1)
        cost = float(off.mean()) + 0.2 * abs(shift)
        if abs(shift) <= _FARTHEST and off.max() < 4 and (best is None or cost < best[0]):
            best = cost, float(shift)
    by = best[1] if best else 0.0
    return [
        replace(t, bbox_px=(t.bbox_px[0] + by, t.bbox_px[1], t.bbox_px[2] + by, t.bbox_px[3]))
        for t in ends
    ]
