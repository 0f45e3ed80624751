"""Where the panels of small multiples begin, by the picture: labels alone tell it roughly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from air_cli.read.colors import farthest, page_background
from air_cli.read.facets import Facets
from air_cli.read.scene import Rgb

_TINTED = 6  # levels from the page's colour
_REACH = 0.12  # of the distance from panel to panel


def fitted(facets: Facets, rgb: Rgb) -> Facets:
    """The panels with their beginning moved to the empty strip before the second of them, where it
    would lie within that one: the first would take in a piece of it."""
    if facets.own_y or not facets.across:
        return facets
    shift = round((1 - facets.rows) * facets.down)
    top, foot = round(facets.top) + shift, round(facets.sill) + shift
    at = round(facets.gutter + facets.across)
    first = max(0, at - round(_REACH * facets.across))
    part = rgb[max(0, top) : max(0, foot), first : at + 1].astype(np.int16)
    if part.size == 0:
        return facets
    off = farthest(part - np.array(page_background(rgb), np.int16)) > _TINTED
    empty = np.flatnonzero(off.mean(axis=0) < 0.02)
    if not len(empty) or empty[-1] == part.shape[1] - 1:
        return facets
    by = float(part.shape[1] - 1 - empty[-1])
    return replace(facets, gutter=facets.gutter - by, right=facets.right - by)
