"""What a picture on a page shows, by its colours: graphics are flat, photographs are not."""

from __future__ import annotations

import numpy as np

from air_cli.read.page import area
from air_cli.read.scene import Rgb
from air_cli.records import Figure

# Graphics have one ground colour over this share of their pixels, and few others.
_GROUND, _FEW = 0.3, 0.72
# In graphics so many pixels have the colour of those right of and below them, within levels; in
# photographs less than half.
_FLAT, _SAME = 0.6, 2
_LOGO_PT2 = 9_000.0


def picture_kind(rgb: Rgb, figure: Figure) -> str:
    """chart, logo or photo, from the pixels of a thumbnail, (height, width, 3).

    Counts colours in a palette of 4 bits a channel: in graphics a ground and a few inks cover
    nearly everything, in photographs no colours do. Heat maps have many colours, but cells of one
    colour each. Cheap, and wrong for posterised photographs.
    """
    coarse = (rgb >> 4).astype(np.int64)
    codes = (coarse[..., 0] << 8) | (coarse[..., 1] << 4) | coarse[..., 2]
    counts = np.sort(np.bincount(codes.ravel()))[::-1]
    ground, few = counts[0] / codes.size, counts[:8].sum() / codes.size
    if ground < _GROUND or (few < _FEW and _flatness(rgb) < _FLAT):
        return "photo"
    return "logo" if area(figure.bbox_pt) < _LOGO_PT2 and not figure.label else "chart"


def _flatness(rgb: Rgb) -> float:
    """The share of pixels that look as their neighbours to the right and below."""
    levels = rgb.astype(np.int16)
    across = np.abs(np.diff(levels, axis=1)).max(axis=2)[:-1] <= _SAME
    along = np.abs(np.diff(levels, axis=0)).max(axis=2)[:, :-1] <= _SAME
    return float((across & along).mean()) if across.size else 0.0
