"""The colours that a plot is drawn in, and where each of them is.

Anti-aliased and compressed pixels are blends of a colour and what it lies on. They are given to
the colour that they surround, so that a thin line is one colour and its coverage is sub-pixel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import (
    BINS,
    Floats,
    Mask,
    bin_codes,
    chroma,
    delta_e,
    farthest,
    to_hex,
    to_lab,
)
from air_cli.read.scene import Rgb

_JOIN = 9.0  # Lab distance within which core pixels are one colour (JPEG noise, dithering)
_MOST = 24


@dataclass(frozen=True)
class Ink:
    """One colour of a plot. `pixels` is the number of its core pixels."""

    color: str
    rgb: tuple[float, float, float]
    lab: tuple[float, float, float]
    pixels: int

    @property
    def chroma(self) -> float:
        """Distance from grey."""
        return float(np.hypot(self.lab[1], self.lab[2]))


class Palette:
    """The inks of one crop: `labels` has the index of each pixel's ink, -1 for background/unclear.

    `crop` is (h, w, 3); `allowed` marks the pixels to consider (False for text).
    """

    def __init__(self, crop: Rgb, background: tuple[int, int, int], allowed: Mask | None = None):
        self.crop = crop
        self.background = np.array(background, dtype=np.float32)
        self._offset = crop.astype(np.float32) - self.background
        self._far: Floats = farthest(self._offset)
        self._ink: Mask = np.asarray(self._far > 20)
        self.allowed = np.ones(self._ink.shape, bool) if allowed is None else allowed
        self._ink &= self.allowed
        self.inks, self.labels = self._find()

    @property
    def ink(self) -> Mask:
        """Every pixel that differs from the background and may be looked at."""
        return self._ink

    @property
    def contrast(self) -> Floats:
        """How far each pixel is from the background, 0..255 (largest difference of a channel)."""
        return self._far

    def mask(self, index: int) -> Mask:
        """The core pixels of an ink."""
        result: Mask = np.asarray(self.labels == index)
        return result

    def coverage(self, index: int, reach: int = 1) -> NDArray[np.float32]:
        """How much of each pixel the ink covers, 0..1, edges included (sub-pixel geometry).

        A pixel that is no ink's core and lies within `reach` of this ink's core is taken as a
        blend of ink and background, if it looks like one.
        """
        core = self.mask(index)
        toward = np.array(self.inks[index].rgb, dtype=np.float32) - self.background
        length = max(float(toward @ toward), 1.0)
        near = cv2.dilate(core.astype(np.uint8), np.ones((2 * reach + 1,) * 2, np.uint8)) > 0
        cover: NDArray[np.float32] = np.zeros(core.shape, np.float32)
        amount = (self._offset[core] @ toward) / length
        cover[core] = np.clip(amount, 0.35, 1)
        rim = near & (self.labels < 0)
        offset = self._offset[rim]
        amount = (offset @ toward) / length
        blend = (farthest(offset - amount[:, None] * toward) < 26) & (amount > 0.08)
        cover[rim] = np.where(blend, np.clip(amount, 0, 1), 0)
        return cover

    def nearest(self, color: Floats) -> tuple[int, float]:
        """The ink nearest to a Lab colour and its CIEDE2000 distance; (-1, inf) if none."""
        if not self.inks:
            return -1, float("inf")
        away = delta_e(np.asarray(color), np.array([ink.lab for ink in self.inks]))
        index = int(away.argmin())
        return index, float(away[index])

    def _find(self) -> tuple[list[Ink], NDArray[np.int16]]:
        none = np.full(self._ink.shape, -1, np.int16)
        if not self._ink.any():
            return [], none
        # A core pixel is about as far from the background as any neighbour: edges are not.
        peak = cv2.dilate(self._far, np.ones((3, 3), np.uint8))
        core = self._ink & (self._far >= 0.88 * peak)
        if not core.any():
            return [], none
        codes = bin_codes(self.crop)
        groups = _group(self.crop[core], codes[core], filled=float(core.mean()) > 0.3)
        labels = none
        table = np.full(BINS, -1, np.int16)
        for number, (members, _) in enumerate(groups):
            table[members] = number
        labels[self._ink] = table[codes[self._ink]]
        labels = self._drop_edges(labels, core)
        merged = self._merge_blends(labels, [color for _, color in groups])
        return self._collect(merged)

    def _drop_edges(self, labels: NDArray[np.int16], core: Mask) -> NDArray[np.int16]:
        """Blend pixels whose colour happens to be another ink's: only core pixels vote."""
        return np.where(core, labels, np.int16(-1))

    def _merge_blends(self, labels: NDArray[np.int16], means: list[Floats]) -> NDArray[np.int16]:
        """Join an ink that is a paler edge of another, or a blend of two others, to its source."""
        if not means:
            return labels
        count = len(means)
        sizes = np.bincount(labels[labels >= 0].ravel(), minlength=count)
        offsets = np.array(means) - self.background
        reach = np.linalg.norm(offsets, axis=1)
        wide: dict[int, Mask] = {}

        def near(index: int) -> Mask:
            if index not in wide:
                mask = (labels == index).astype(np.uint8)
                wide[index] = cv2.dilate(mask, np.ones((5, 5), np.uint8)) > 0
            return wide[index]

        target = np.arange(count + 1)
        for pale in np.argsort(reach):
            for full in np.argsort(-sizes):
                kin = _kinship(offsets[pale], offsets[full], sizes[pale], sizes[full])
                if kin == "other":
                    continue
                close = (near(int(full)) & (labels == pale)).sum() / max(1, sizes[pale])
                if kin == "edge" and close > 0.6:
                    target[pale] = full
                    break
                if close > 0.8 and sizes[pale] < 0.12 * sizes[full] and target[full] == pale:
                    target[full], target[pale] = full, full  # the specks of a noisy line
                    break
                if close > 0.8 and sizes[pale] < 0.12 * sizes[full]:
                    target[pale] = count  # a blend of inks: nobody's
                    break
        for pale in np.argsort(reach):  # chains: a paler edge of a paler edge
            for _ in range(count):
                target[pale] = target[target[pale]]
        lookup = np.append(target[:count], -1).astype(np.int16)
        lookup[lookup == count] = -1
        return lookup[labels]

    def _collect(self, labels: NDArray[np.int16]) -> tuple[list[Ink], NDArray[np.int16]]:
        present, sizes = np.unique(labels[labels >= 0], return_counts=True)
        floor = max(10, int(0.0008 * sizes.sum()))
        kept = [(int(s), int(i)) for i, s in zip(present, sizes, strict=True) if s >= floor]
        kept.sort(reverse=True)
        lookup = np.full(int(labels.max(initial=0)) + 2, -1, np.int16)
        inks = []
        for number, (size, index) in enumerate(kept[:_MOST]):
            lookup[index] = number
            inks.append(self._ink_of(labels == index, size))
        return inks, lookup[labels]

    def _ink_of(self, mask: Mask, size: int) -> Ink:
        """The colour of an ink: of the pixels that it covers most, for a thin line is all edge."""
        pixels, far = self.crop[mask], self._far[mask]
        solid = pixels[far >= np.quantile(far, 0.6)]
        rgb = np.median(solid, axis=0)
        lab = to_lab(rgb)
        return Ink(
            to_hex(rgb),
            (float(rgb[0]), float(rgb[1]), float(rgb[2])),
            (float(lab[0]), float(lab[1]), float(lab[2])),
            size,
        )


def _kinship(pale: Floats, full: Floats, few: int, many: int) -> str:
    """What a paler ink may be to another: its "edge" (a blend with the background), a small
    "stain" beside it, or "other". Arguments are offsets from the background and pixel counts."""
    long, short = float(np.linalg.norm(full)), float(np.linalg.norm(pale))
    if long > short * 1.02 and many >= 0.03 * few:
        amount = float(pale @ full) / long**2
        rest = float(np.abs(pale - amount * full).max())
        same_hue = float(pale @ full) > 0.945 * long * short and many > 0.3 * few
        if 0.2 < amount < 1.0 and (rest < 22 or same_hue):
            return "edge"
    return "stain" if few < 0.12 * many else "other"


def _group(
    pixels: NDArray[np.uint8], codes: NDArray[np.int64], *, filled: bool
) -> list[tuple[NDArray[Any], Any]]:
    """Core pixels grouped around the most frequent colours: (bins, mean RGB), largest first."""
    bins, inverse, sizes = np.unique(codes, return_inverse=True, return_counts=True)
    sums = np.stack(
        [np.bincount(inverse, weights=pixels[:, c].astype(np.float64)) for c in range(3)], axis=1
    )
    means = sums / sizes[:, None]
    lab = to_lab(means)
    # Lightness varies along an edge and with compression; hue says more about belonging.
    # Clean drawings use few colours: there, close shades are different colours.
    ranked = np.sort(sizes)[::-1].cumsum()
    clean = int(np.searchsorted(ranked, 0.85 * ranked[-1])) < 40
    scaled = lab * np.array([0.7, 1.0, 1.0], np.float32)
    left = np.ones(len(bins), bool)
    order = np.argsort(-sizes)
    groups: list[tuple[NDArray[Any], Any]] = []
    for seed in order:
        if not left[seed]:
            continue
        if len(groups) >= 2 * _MOST or sizes[seed] < max(3, 2e-4 * len(pixels)):
            break
        reach = 5.0 if clean else _JOIN if chroma(lab[seed]) > 8 else 7.0
        away = np.linalg.norm(scaled - scaled[seed], axis=1)
        # Where most of the plot is filled, close shades that are frequent are a fill each.
        rivals = (sizes > max(0.5 * sizes[seed], 0.05 * len(pixels))) & (away > 3.5)
        rivals &= clean and filled
        members = left & (away < reach) & ~rivals
        left &= ~members
        weight = sizes[members]
        groups.append((bins[members], (means[members] * weight[:, None]).sum(0) / weight.sum()))
    return groups
