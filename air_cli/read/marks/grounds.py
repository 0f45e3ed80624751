"""What lies under the lines of a plot and says nothing itself: graded fills and tinted strips.

A fill that pales gives a palette dozens of colours, in which the lines drown; a strip in another
tint has another background. The first is told by its smoothness: from pixel to pixel it hardly
changes, over its whole extent it does. The second fills whole rows with one pale colour.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from air_cli.read.colors import Mask, crop, farthest
from air_cli.read.scene import Rgb, Scene

_SMOOTH = 4  # grey levels between neighbours within a graded fill
_TRAVEL = 24.0  # grey levels that it changes in all
_SAME = 6  # grey levels within which pixels have one tint
_PALE = 200  # least channel of a tint
_FRINGE = 10  # grey levels that the rim of a fill may be off its inside


@dataclass(frozen=True)
class Ground:
    """The graded fills of a plot and its tinted strips together (`mask`), the fills alone
    (`graded`), both (h, w) of the image, and the image with the background in their place."""

    mask: Mask
    graded: Mask
    rgb: Rgb


def bare(scene: Scene) -> Scene:
    """The scene with graded fills and tinted strips of its plot made background."""
    found = ground_of(scene)
    return scene if found is None else replace(scene, rgb=found.rgb)


def ground_of(scene: Scene) -> Ground | None:
    """The graded fills and tinted strips of a scene's plot, None where it has none."""
    key = ("ground", scene.plot, scene.background)
    return scene.once(scene.rgb, key, lambda: _find_ground(scene))


def _find_ground(scene: Scene) -> Ground | None:
    left, first = max(0, round(scene.plot[0])), max(0, round(scene.plot[1]))
    # Fills may leave the ticks' span.
    top = max(0, first - round(0.35 * (scene.plot[3] - first)))
    part = crop(scene.rgb, (left, top, scene.plot[2] + 2, scene.plot[3] + 2))
    if min(part.shape[:2], default=0) < 40:
        return None
    back = np.array(scene.background, np.int16)
    graded = _graded(part, back)
    near, inside = graded.copy(), part[first - top :]
    near[first - top :] |= _tinted(inside, back)
    near[first - top :] |= _tinted(np.ascontiguousarray(inside.transpose(1, 0, 2)), back).T
    if not near.any():
        return None
    window = slice(top, top + part.shape[0]), slice(left, left + part.shape[1])
    mask, fill = np.zeros(scene.rgb.shape[:2], bool), np.zeros(scene.rgb.shape[:2], bool)
    mask[window], fill[window] = near, graded
    rgb = scene.rgb.copy()
    rgb[mask] = scene.background
    return Ground(mask, fill, rgb)


def _graded(part: Rgb, back: np.ndarray) -> Mask:
    """The pixels of fills that pale, the background that they pale into left out."""
    pixels = part.astype(np.int16)
    smooth = np.ones(part.shape[:2], bool)
    smooth[:, 1:] &= farthest(pixels[:, 1:] - pixels[:, :-1]) <= _SMOOTH
    smooth[1:] &= farthest(pixels[1:] - pixels[:-1]) <= _SMOOTH
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        smooth.astype(np.uint8), connectivity=4
    )
    found = np.zeros(part.shape[:2], bool)
    rest = []
    for n in range(1, count):
        x, y, wide, high, size = stats[n].tolist()
        if size < max(25, 0.0005 * labels.size):
            continue
        window = slice(y, y + high), slice(x, x + wide)
        own = labels[window] == n
        shades = pixels[window][own]
        away = farthest(shades - back)
        if size >= 0.02 * labels.size and _is_gradual(shades, away):
            found[window] |= own
        elif np.median(away) > _TRAVEL:
            rest.append(labels == n)
    if not found.any():
        return found
    for own in rest:  # the fill goes on beyond a grid line
        found |= own & _touching(pixels, own, found)
    return _with_rim(pixels, found) & (farthest(pixels - back) > 2)


def _is_gradual(shades: np.ndarray, away: np.ndarray) -> bool:
    """Whether colours, (n, 3), pass from one to another: noise about one colour has not pixels at
    every shade on the way. `away` is how far each is from the background."""
    if np.ptp(shades, axis=0).max() < _TRAVEL:
        return False
    low, high = np.quantile(shades, (0.02, 0.98), axis=0)
    spread = np.histogram(away, bins=6)[0]
    return bool(np.max(high - low) >= _TRAVEL and (spread > 0.03 * len(shades)).sum() >= 4)


def _touching(pixels: np.ndarray, own: Mask, found: Mask) -> bool:
    """Whether a smooth piece lies right above or below a fill, in its colour there."""
    strip = np.ones((9, 1), np.uint8)
    near = (cv2.dilate(found.astype(np.uint8), strip) > 0) & own
    facing = (cv2.dilate(own.astype(np.uint8), strip) > 0) & found
    if near.sum() < 5 or facing.sum() < 5:
        return False
    apart = np.median(pixels[near], axis=0) - np.median(pixels[facing], axis=0)
    return bool(np.abs(apart).max() < 2 * _FRINGE)


def _with_rim(pixels: np.ndarray, mask: Mask) -> Mask:
    """A mask with the pixels beside it that look like what they touch."""
    inside = np.where(mask[..., None], pixels, 0).astype(np.float32)
    weight = cv2.blur(mask.astype(np.float32), (5, 5))
    typical = cv2.blur(inside, (5, 5)) / np.maximum(weight, 1e-6)[..., None]
    return np.asarray(mask | ((weight > 0) & (farthest(pixels - typical) <= _FRINGE)))


def _tinted(part: Rgb, back: np.ndarray) -> Mask:
    """The pixels of strips in one pale tint that fill whole rows, a tenth of them at least. (Those
    that fill columns, in a picture turned on its side.)"""
    pixels = part.astype(np.int16)
    height, width = part.shape[:2]
    found = np.zeros((height, width), bool)
    least = np.minimum(np.minimum(part[..., 0], part[..., 1]), part[..., 2])
    pale = (least > _PALE) & (farthest(pixels - back) > 4)
    if pale.mean() < 0.08:
        return found
    left = pale.copy()
    for _ in range(3):
        if left.mean() < 0.05:
            break
        codes = (part[left].astype(int) // 4) @ np.array([1, 64, 4096])
        values, counts = np.unique(codes, return_counts=True)
        tint = np.median(part[left][codes == values[counts.argmax()]], axis=0)
        same = pale & (farthest(pixels - tint) <= _SAME)
        rows = same.mean(axis=1) > 0.5
        sides = same[:, : max(2, width // 30)].any(axis=1) & same[:, -max(2, width // 30) :].any(
            axis=1
        )
        if rows.sum() >= max(8, 0.1 * height) and (rows & sides).sum() > 0.7 * rows.sum():
            found |= same
        left &= ~same
    return found
