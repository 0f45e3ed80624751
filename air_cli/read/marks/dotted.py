"""The points of a plot that have one colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import Mask

Floats = NDArray[np.floating[Any]]
SHADE = 10.0  # CIEDE2000 between the shades that compression makes of one colour


@dataclass(frozen=True)
class Dots:
    """The points of one colour: centres (n, 2) and tolerances in pixels of the crop, the usual
    diameter, and how dot-like the ink is (0..1). `areas` are pixels, NaN where dots overlap."""

    centres: Floats
    reach: Floats
    areas: Floats
    size: float
    color: str
    mask: Mask
    quality: float
    merged: int
