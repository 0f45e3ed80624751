"""Colours as a chart reader needs them: background, distance, names, the palette of a plot.

Colours are `#rrggbb` strings or RGB triples 0..255; Lab is CIE L*a*b* (D65), L in 0..100.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from air_cli.read.scene import Rgb, Scene
from air_cli.records import Box

Floats = NDArray[np.floating[Any]]
Mask = NDArray[np.bool_]

# Reference colours in the words that people use for charts. Several entries may share a word: a
# name covers a region of colour space, not a point.
_NAMES: tuple[tuple[str, str], ...] = (
    ("black", "#000000"),
    ("black", "#1c1c1c"),
    ("dark grey", "#404040"),
    ("dark grey", "#5a5a5a"),
    ("grey", "#808080"),
    ("grey", "#999999"),
    ("light grey", "#bdbdbd"),
    ("light grey", "#dcdcdc"),
    ("white", "#ffffff"),
    ("red", "#ff0000"),
    ("red", "#d62728"),
    ("red", "#e15759"),
    ("dark red", "#8b0000"),
    ("dark red", "#a0161c"),
    ("pink", "#ff9da7"),
    ("pink", "#ffc0cb"),
    ("pink", "#e377c2"),
    ("pink", "#ff69b4"),
    ("magenta", "#e6007e"),
    ("magenta", "#ff00ff"),
    ("orange", "#ff7f0e"),
    ("orange", "#ffa500"),
    ("orange", "#f28e2b"),
    ("dark orange", "#c55a11"),
    ("light orange", "#ffcc99"),
    ("brown", "#8b4513"),
    ("brown", "#8c564b"),
    ("brown", "#9c755f"),
    ("dark brown", "#5c3317"),
    ("tan", "#d2b48c"),
    ("beige", "#f1e3c6"),
    ("gold", "#d4a72c"),
    ("gold", "#bf9000"),
    ("yellow", "#ffff00"),
    ("yellow", "#ffd92f"),
    ("light yellow", "#fff2ae"),
    ("olive", "#808000"),
    ("olive", "#949d48"),
    ("light green", "#90ee90"),
    ("light green", "#b5d99c"),
    ("green", "#00a000"),
    ("green", "#2ca02c"),
    ("green", "#59a14f"),
    ("green", "#70ad47"),
    ("lime", "#99e600"),
    ("dark green", "#006400"),
    ("dark green", "#2f5d3a"),
    ("teal", "#008080"),
    ("teal", "#2a9d8f"),
    ("turquoise", "#40e0d0"),
    ("cyan", "#00ffff"),
    ("light blue", "#add8e6"),
    ("light blue", "#9ecae1"),
    ("light blue", "#76b7e5"),
    ("blue", "#0000ff"),
    ("blue", "#1f77b4"),
    ("blue", "#4472c4"),
    ("blue", "#4e79a7"),
    ("blue", "#2f7ed8"),
    ("dark blue", "#00429d"),
    ("dark blue", "#1a4a7a"),
    ("navy", "#000080"),
    ("navy", "#0f283e"),
    ("navy", "#14213d"),
    ("purple", "#800080"),
    ("purple", "#9467bd"),
    ("purple", "#7b4fa3"),
    ("light purple", "#c5b0d5"),
    ("dark purple", "#4b1d66"),
)


def to_hex(rgb: Sequence[float] | Floats) -> str:
    """`#rrggbb` of an RGB triple."""
    r, g, b = (int(min(255, max(0, round(float(v))))) for v in rgb)
    return f"#{r:02x}{g:02x}{b:02x}"


def from_hex(color: str) -> tuple[int, int, int]:
    """The RGB triple of `#rrggbb` or `#rgb`. Raises `ValueError` for anything else."""
    digits = color.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * d for d in digits)
    if len(digits) != 6:
        raise ValueError(f"not a colour: {color!r}")
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def to_lab(rgb: NDArray[Any]) -> NDArray[np.float32]:
    """Lab of an array of RGB colours (…, 3), any leading shape."""
    flat = np.asarray(rgb, dtype=np.float32).reshape(1, -1, 3) / np.float32(255)
    lab: NDArray[np.float32] = cv2.cvtColor(flat, cv2.COLOR_RGB2LAB)
    return lab.reshape(*np.shape(rgb)[:-1], 3)


def delta_e(first: NDArray[Any], second: NDArray[Any]) -> NDArray[np.float64]:
    """CIEDE2000 difference of Lab colours (…, 3), broadcasting.

    Sharma, Wu & Dalal, "The CIEDE2000 color-difference formula" (2005). About 1 is just visible,
    10 is plainly another shade, 20 another colour.
    """
    l1, a1, b1 = np.moveaxis(np.asarray(first, dtype=np.float64), -1, 0)
    l2, a2, b2 = np.moveaxis(np.asarray(second, dtype=np.float64), -1, 0)
    c7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    g = 0.5 * (1 - np.sqrt(c7 / (c7 + 25.0**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.arctan2(b1, a1) % (2 * np.pi), np.arctan2(b2, a2) % (2 * np.pi)
    colourless = c1 * c2 == 0
    dh = np.where(colourless, 0.0, (h2 - h1 + np.pi) % (2 * np.pi) - np.pi)
    big_dh = 2 * np.sqrt(c1 * c2) * np.sin(dh / 2)
    mean_h = np.where(colourless, h1 + h2, h1 + dh / 2)
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2
    t = (
        1
        - 0.17 * np.cos(mean_h - np.pi / 6)
        + 0.24 * np.cos(2 * mean_h)
        + 0.32 * np.cos(3 * mean_h + np.radians(6))
        - 0.20 * np.cos(4 * mean_h - np.radians(63))
    )
    m7 = mean_c**7
    turn = np.radians(60) * np.exp(-(((np.degrees(mean_h) % 360 - 275) / 25) ** 2))
    s_l = 1 + 0.015 * (mean_l - 50) ** 2 / np.sqrt(20 + (mean_l - 50) ** 2)
    x, y = (c2 - c1) / (1 + 0.045 * mean_c), big_dh / (1 + 0.015 * mean_c * t)
    r_t = -2 * np.sqrt(m7 / (m7 + 25.0**7)) * np.sin(turn)
    squared = ((l2 - l1) / s_l) ** 2 + x**2 + y**2 + r_t * x * y
    result: NDArray[np.float64] = np.sqrt(np.maximum(squared, 0))
    return result


def distance(first: str, second: str) -> float:
    """CIEDE2000 difference of two `#rrggbb` colours."""
    lab = to_lab(np.array([from_hex(first), from_hex(second)]))
    return float(delta_e(lab[0], lab[1]))


_NAME_LAB = to_lab(np.array([from_hex(code) for _, code in _NAMES]))


def color_name(color: str) -> str:
    """The name that people give a `#rrggbb` colour: "navy", "light blue", "dark grey", "brown"."""
    lab = to_lab(np.array(from_hex(color)))
    return _NAMES[int(np.argmin(delta_e(lab, _NAME_LAB)))][0]


_FEW = 2000  # codes that are sorted faster than binned


def background(rgb: Rgb, box: Box | None = None) -> tuple[int, int, int]:
    """The most frequent colour of an image or of a box in it: what the marks are drawn on.

    A plot may have another background than the page: pass the plot's box.
    """
    part = crop(rgb, box) if box else rgb
    if part.size == 0:
        return 255, 255, 255
    pixels = part.reshape(-1, 3)[:: max(1, part.size // 3 // 200_000)]
    codes = bin_codes(pixels)
    top = _commonest(codes)
    r, g, b = np.median(pixels[codes == top], axis=0)
    return int(r), int(g), int(b)


def _commonest(codes: np.ndarray) -> int:
    """The most frequent code, the lowest of several; of few codes without counting all bins."""
    if len(codes) > _FEW:
        return int(np.bincount(codes, minlength=BINS).argmax())
    values, counts = np.unique(codes, return_counts=True)
    return int(values[counts.argmax()])


def ground_at(scene: Scene, box: Box) -> tuple[int, int, int]:
    """The background of a box of a scene's picture, found once."""
    return scene.once(scene.rgb, ("ground at", box), lambda: background(scene.rgb, box))


def page_background(rgb: Rgb) -> tuple[int, int, int]:
    """The colour of the page: the most frequent one along the image's rim. Large fills may cover
    more of the whole image than the page does."""
    height, width = rgb.shape[:2]
    by = max(2, round(0.03 * min(height, width)))
    if min(height, width) < 8 * by:
        return background(rgb)
    sides = (rgb[:by], rgb[-by:], rgb[:, :by], rgb[:, -by:])
    rim = np.concatenate([side.reshape(-1, 3) for side in sides])
    return background(rim[None])


def edge_background(part: Rgb) -> tuple[int, int, int]:
    """The background of a data area that marks may fill almost wholly: the most frequent colour
    is a mark's then, and what lies along the upper edge is a better guess."""
    rows = max(2, round(0.12 * len(part)))
    strip = background(part[min(3, len(part) - 1) : rows + 3])
    if _greyish(strip):
        return strip
    own = background(part)
    return own if _greyish(own) else _common_grey(part) or own


def _greyish(color: tuple[int, int, int]) -> bool:
    return float(chroma(to_lab(np.array(color)))) < 12


def _common_grey(part: Rgb) -> tuple[int, int, int] | None:
    """A colour without much tint that a good share of the pixels has: what lies between wide bars
    under a coloured heading. None where there is none."""
    pixels = part.reshape(-1, 3)[:: max(1, part.size // 3 // 200_000)]
    codes = bin_codes(pixels)
    counts = np.bincount(codes, minlength=BINS)
    for code in np.argsort(counts)[::-1][:6]:
        if counts[code] < 0.12 * len(pixels):
            return None
        r, g, b = np.median(pixels[codes == code], axis=0)
        if _greyish((int(r), int(g), int(b))):
            return int(r), int(g), int(b)
    return None


def crop(rgb: Rgb, box: Box) -> Rgb:
    """The pixels inside a box, clipped to the image (may be empty)."""
    height, width = rgb.shape[:2]
    left, top = max(0, round(box[0])), max(0, round(box[1]))
    right, bottom = min(width, round(box[2])), min(height, round(box[3]))
    return rgb[top : max(top, bottom), left : max(left, right)]


BINS = 1 << 15


def bin_codes(pixels: NDArray[np.uint8]) -> NDArray[np.int32]:
    """RGB quantised to 5 bits a channel, as one number."""
    p = (pixels >> 3).astype(np.int32)
    codes: NDArray[np.int32] = (p[..., 0] << 10) | (p[..., 1] << 5) | p[..., 2]
    return codes


def farthest(offset: NDArray[Any]) -> NDArray[Any]:
    """The largest of three channels, without their signs: (h, w, 3) to (h, w). Numpy's own maximum
    along so short an axis takes five times as long."""
    away = np.abs(offset)
    largest: NDArray[Any] = np.maximum(np.maximum(away[..., 0], away[..., 1]), away[..., 2])
    return largest


def chroma(lab: NDArray[Any]) -> NDArray[np.float64]:
    """Colourfulness: distance from grey in Lab. Below about 10 people say grey."""
    result: NDArray[np.float64] = np.hypot(lab[..., 1], lab[..., 2]).astype(np.float64)
    return result


def ink_color(rgb: Rgb, box: Box) -> str:
    """The colour that a text (or other small thing) in a box is drawn in; empty for a blank box.

    Letters are thin, so most of their pixels are blends; sub-pixel rendering even tints them. The
    mean direction from the background is right all the same, and the strongest pixels tell how far
    the colour lies along it.
    """
    part = crop(rgb, box)
    if part.size == 0:
        return ""
    back = np.array(background(part), dtype=np.float32)
    offset = part.reshape(-1, 3).astype(np.float32) - back
    far = np.abs(offset).max(axis=1)
    if far.max() < 25:
        return ""
    mean = offset[far >= 0.3 * far.max()].mean(axis=0)
    length = float(np.quantile(far[far >= 0.3 * far.max()], 0.93))
    return to_hex(np.clip(back + mean * length / max(1.0, float(np.abs(mean).max())), 0, 255))
