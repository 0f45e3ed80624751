"""The rim around a chart that was pasted on a sheet of another colour: a screenshot's border."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from air_cli.read.colors import farthest, page_background
from air_cli.read.scene import Rgb
from air_cli.records import Text

_SAME = 12  # grey levels
_OWN = 4  # grey levels by which the chart's page differs from the sheet, at least
_EDGE = 2  # pixels: a seam blurred by compression, or a frame


def without_rim(rgb: Rgb, texts: Sequence[Text]) -> Rgb:
    """The picture with such a rim in the colour of the chart's own page, so that nothing takes the
    sheet for the page; the picture itself where it has none. Nothing moves."""
    sheet = np.array(page_background(rgb), np.int16)
    far = farthest(rgb.astype(np.int16) - sheet) > _SAME
    across, down = _inner(far.mean(axis=0)), _inner(far.mean(axis=1))
    if across is None or down is None:
        return rgb
    (left, right), (top, bottom) = across, down
    if (right - left) * (bottom - top) < 0.5 * far.size or min(right - left, bottom - top) < 60:
        return rgb
    page = _page(rgb[top:bottom, left:right])
    if page is None or farthest(page[None] - sheet)[0] < _OWN:
        return rgb
    if any(not (left < x < right and top < y < bottom) for x, y in map(_middle, texts)):
        return rgb
    result = np.empty_like(rgb)
    result[:] = page.astype(np.uint8)
    result[top:bottom, left:right] = rgb[top:bottom, left:right]
    return result


def _inner(far: NDArray[np.floating]) -> tuple[int, int] | None:
    """From where to where rows (or columns) hold something else than the sheet, seams left out;
    None where the sheet does not show on both sides."""
    places = np.flatnonzero(far > 0.4)
    if not len(places):
        return None
    first, last = int(places[0]), int(places[-1]) + 1
    if first < _EDGE or len(far) - last < _EDGE:
        return None
    outside = np.concatenate((far[: first - 1], far[last + 1 :]))
    if len(outside) and outside.max() > 0.02:
        return None
    return first + _EDGE, last - _EDGE


def _page(part: Rgb) -> NDArray[np.int16] | None:
    """The one colour that all four edges of a chart have, else None."""
    edges = [part[:2], part[-2:], part[:, :2], part[:, -2:]]
    pixels = np.concatenate([edge.reshape(-1, 3) for edge in edges]).astype(np.int16)
    color = np.median(pixels, axis=0).astype(np.int16)
    shares = [(farthest(edge.astype(np.int16) - color) <= _SAME).mean() for edge in edges]
    return color if min(shares) > 0.9 else None


def _middle(text: Text) -> tuple[float, float]:
    left, top, right, bottom = text.bbox_px
    return (left + right) / 2, (top + bottom) / 2
