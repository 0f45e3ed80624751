"""What a picture on a page shows, by its colours: graphics are flat, photographs are not."""

from __future__ import annotations

import numpy as np

from air_cli.read.page import area
from air_cli.read.scene import Rgb
from air_cli.records import Figure

# Graphics have one ground colour over this share of their pixels, and few others.
_GROUND, _FEW = 0.3, 0.72
_LOGO_PT2 = 9_000.0


def picture_kind(rgb: Rgb, figure: Figure) -> str:
    """chart, logo or photo, from the pixels of a thumbnail, (height, width, 3).

    Counts colours in a palette of 4 bits a channel: in graphics a ground and a few inks cover
    nearly everything, in photographs no colours do. Cheap, and wrong for posterised photographs.
    """
    coarse = (rgb >> 4).astype(np.int64)
    codes = (coarse[..., 0] << 8) | (coarse[..., 1] << 4) | coarse[..., 2]
    counts = np.sort(np.bincount(codes.ravel()))[::-1]
    ground, few = counts[0] / codes.size, counts[:8].sum() / codes.size
    if ground < _GROUND or few < _FEW:
        return "photo"
    return "logo" if area(figure.bbox_pt) < _LOGO_PT2 and not figure.label else "chart"
