"""Photographs of charts."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from air_cli.read.photo import is_taken, straightened
from air_cli.read.scene import Rgb
from tests.read.scenes import new_axes


def _chart() -> Rgb:
    figure, axes = new_axes(6.0, 4.0)
    axes.bar(range(5), [20, 35, 60, 45, 80], color="#1f4e79")
    axes.set_axisbelow(True)
    axes.grid(axis="y")
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())[..., :3].copy()  # type: ignore[attr-defined]


def _photographed(picture: Rgb, turn: float, lean: float) -> Rgb:
    """The picture on a dark table, turned by degrees, its right side `lean` shorter; uneven light
    and noise."""
    sheet = cv2.copyMakeBorder(picture, 50, 50, 60, 60, cv2.BORDER_CONSTANT, value=(70, 80, 95))
    high, wide = sheet.shape[:2]
    corners = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    cos, sin = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    moved = (corners - (wide / 2, high / 2)) @ np.array([(cos, sin), (-sin, cos)])
    moved[1, 1] += lean * high
    moved[2, 1] -= lean * high
    moved += (wide / 2, high / 2)
    matrix = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    seen = cv2.warpPerspective(sheet, matrix, (wide, high), borderValue=(70, 80, 95))
    light = np.linspace(0.7, 1.0, wide)[None, :, None]
    noise = np.random.default_rng(3).normal(0, 3, seen.shape)
    return np.asarray(np.clip(seen * light + noise, 0, 255), np.uint8)


@pytest.mark.parametrize(("turn", "lean"), [(4.0, 0.0), (-3.0, 0.04), (0.0, 0.06)])
def test_a_photograph_is_made_upright_and_evenly_lit(turn: float, lean: float) -> None:
    photo = _photographed(_chart(), turn, lean)
    assert is_taken(photo)
    made = straightened(photo)
    bars = np.all(np.abs(made.astype(int) - (31, 78, 121)) < 60, axis=2)
    bars = cv2.morphologyEx(bars.astype(np.uint8), cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(bars)
    boxes = sorted(tuple(int(v) for v in s) for s in stats[1:count] if s[4] > 400)
    assert len(boxes) == 5
    for _, _, wide, high, area in boxes:  # upright again: they fill their boxes
        assert area > 0.93 * wide * high
    feet = [y + h for _, y, _, h, _ in boxes]
    assert max(feet) - min(feet) <= 4
    ground = made[:12].reshape(-1, 3)
    assert np.median(ground) > 240


def test_drawings_are_no_photographs() -> None:
    picture = _chart()
    assert not is_taken(picture)
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=60)
    assert not is_taken(np.asarray(Image.open(buffer).convert("RGB")))
