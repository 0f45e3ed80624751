"""Printed value labels: numbers in the data area that stand for a mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from air_cli.read.colors import from_hex, ink_color, to_lab
from air_cli.read.numbers import Number, parse_number
from air_cli.read.scene import AxisFit, Scene
from air_cli.records import Box, Text

_VALUE_ROLES = ("label", "annotation", "other", "legend")


@dataclass(frozen=True)
class ValueLabel:
    """A printed number: `lab` is the colour of its letters (Lab), for matching with a series."""

    text: str
    number: Number
    box: Box
    lab: tuple[float, float, float]

    @property
    def x(self) -> float:
        """Horizontal centre in pixels."""
        return (self.box[0] + self.box[2]) / 2

    @property
    def y(self) -> float:
        """Vertical centre in pixels."""
        return (self.box[1] + self.box[3]) / 2

    @property
    def height(self) -> float:
        """Height of the text in pixels."""
        return self.box[3] - self.box[1]

    def gap(self, y: float) -> float:
        """Vertical distance of a point from the box, 0 inside it."""
        return max(0.0, self.box[1] - y, y - self.box[3])

    def best(self, target: float | None) -> float:
        """The printed value, with its suffix ("4.0M") where that is nearer to `target`."""
        if target is None or self.number.scale == 1:
            return self.number.value
        return min(self.number.value, self.number.total, key=lambda v: abs(v - target))


def value_labels(scene: Scene) -> list[ValueLabel]:
    """Numbers printed in or close to the data area that are no ticks, titles or notes."""
    left, top, right, bottom = scene.plot
    room = 0.12 * (right - left)
    above = max(25.0, 0.35 * (bottom - top))  # lines may rise above the highest tick
    keys = {e.bbox_px for e in scene.legend if e.swatch_px != e.bbox_px}
    found = []
    for text in scene.texts:
        if text.role not in _VALUE_ROLES or text.bbox_px in keys:
            continue
        x, y = _centre(text)
        number = parse_number(text.text)
        if number is None or not (
            left - room <= x <= right + room and top - above <= y <= bottom + 8
        ):
            continue
        color = ink_color(scene.rgb, text.bbox_px)
        lab = to_lab(np.array(from_hex(color or "#000000")))
        found.append(
            ValueLabel(
                text.text, number, text.bbox_px, (float(lab[0]), float(lab[1]), float(lab[2]))
            )
        )
    return found


def _centre(text: Text) -> tuple[float, float]:
    left, top, right, bottom = text.bbox_px
    return (left + right) / 2, (top + bottom) / 2


def calibrate(pairs: Sequence[tuple[float, float]]) -> AxisFit | None:
    """A linear y axis from (pixel, printed value) pairs, when most of them agree on one.

    Exhaustive consensus over pairs of labels, then least squares. None when fewer than three
    labels, or fewer than two thirds of them, agree within about their own rounding.
    """
    if len(pairs) < 3:
        return None
    px, value = np.array(pairs, dtype=float).T
    span = np.ptp(px)
    if span < 8 or np.ptp(value) == 0:
        return None
    best = np.zeros(len(px), bool)
    for i in range(len(px)):
        for j in range(i):
            if abs(px[i] - px[j]) < 0.15 * span or value[i] == value[j]:
                continue
            slope = (value[i] - value[j]) / (px[i] - px[j])
            off = np.abs((value - value[i]) / slope - (px - px[i]))
            agree = off < max(2.5, 0.015 * span)
            if slope < 0 and agree.sum() > best.sum():
                best = agree
    if best.sum() < max(3, 0.6 * len(px)):
        return None
    slope, offset = np.polyfit(px[best], value[best], 1)
    rms = float(np.sqrt(np.mean(((value[best] - offset) / slope - px[best]) ** 2)))
    return AxisFit(
        "y", "linear", float(slope), float(offset), (), rms, (float(px.min()), float(px.max()))
    )
