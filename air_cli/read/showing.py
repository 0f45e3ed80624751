"""What a picture shows that is no chart: a photograph, a logo, a table, a page of text, a diagram.

A chart says what its marks are worth: it has a value axis, printed values, or slices that make up
a whole. What has none of these is refused, whatever its shapes look like, and named by its colours
(graphics are flat, photographs are not) and by its words.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from air_cli.read.numbers import parse_number
from air_cli.read.scene import AxisFit, MarkReading, Rgb, Scene
from air_cli.records import Text

NO_CHART = "this does not look like a chart: no axis with numbers and no printed values"
# In graphics few colours of a coarse palette cover nearly everything.
_FEW_COLORS, _FLAT = 10, 0.72
_SMOOTH_GROUND = 0.25
_CELLS = 6  # printed numbers that make a table
_PROSE = 28  # letters in a line of running text


def refusal(scene: Scene, reading: MarkReading | None) -> str:
    """Why the picture of a scene is no chart, in plain words; empty where it may be one."""
    fits = fits_of(scene, reading)
    cells = reading is not None and "bar" in reading.kind and _are_cells(scene, fits, reading)
    if reading is not None and not cells and is_told(fits, reading):
        return ""
    shown = named(scene.rgb, scene.texts)
    if fits and not cells:  # axes without marks that could be read: a chart all the same
        return "" if reading is None else "nothing tells what the marks are worth"
    return f"this seems to be {shown}, not a chart"


def fits_of(scene: Scene, reading: MarkReading | None) -> list[AxisFit]:
    """The axes of a chart: the reading's own, or else the scene's."""
    if reading is not None and reading.axes is not None:
        return list(reading.axes)
    return [fit for fit in (scene.x, scene.y, scene.y2) if fit]


def is_told(fits: Sequence[AxisFit], reading: MarkReading) -> bool:
    """Whether anything tells what the marks of a reading are worth."""
    if reading.kind in ("pie", "donut"):
        told = [m for m in reading.marks if m.label or m.how in ("label", "both")]
        named = reading.problems and sum("no name found" in p for p in reading.problems)
        return len(told) >= 2 or 2 * (named or 0) < len(reading.marks)
    # Of an axis of two ticks hardly anything is left over where it is a chart.
    least = 2 if reading.score > 0.8 else 3
    values = [fit for fit in fits if fit.kind in ("linear", "log") and len(fit.ticks) >= least]
    labelled = [m for m in reading.marks if m.how in ("label", "both")]
    return bool(values) or len(labelled) >= 2 or (len(labelled) == len(reading.marks) == 1)


def _are_cells(scene: Scene, fits: Sequence[AxisFit], reading: MarkReading) -> bool:
    """Whether bars are the cells of a ruled table: numbers in columns, none as long as it says."""
    valued = any(fit.kind in ("linear", "log") for fit in fits)
    told = sum(m.how == "label" for m in reading.marks)
    agreed = any(m.how == "both" for m in reading.marks)
    return not valued and not agreed and told >= _CELLS and _is_table(scene.texts)


def named(rgb: Rgb, texts: Sequence[Text]) -> str:
    """What a picture that is no chart seems to be, with its article."""
    wide = [t for t in texts if len(t.text) >= _PROSE]
    letters = sum(len(t.text) for t in texts)
    if is_photograph(rgb):
        return "a photograph" if letters < 200 else "a picture with text"
    if _is_table(texts):
        return "a table"
    if len(wide) >= 3 or letters > 600:
        return "a page of text"
    if len(texts) >= 4:
        return "a diagram"
    return "a logo or a drawing" if letters < 60 else "a heading or a few words"


def is_photograph(rgb: Rgb) -> bool:
    """Whether no few colours make up most of the picture, (height, width, 3)."""
    part = rgb[:: max(1, rgb.shape[0] // 240), :: max(1, rgb.shape[1] // 240)]
    coarse = (part >> 4).astype(np.int64)
    codes = (coarse[..., 0] << 8) | (coarse[..., 1] << 4) | coarse[..., 2]
    counts = np.sort(np.bincount(codes.ravel()))[::-1]
    ground, few = counts[0] / codes.size, counts[:_FEW_COLORS].sum() / codes.size
    return bool(few < _FLAT and ground < _SMOOTH_GROUND) or bool(few < 0.6)


def _is_table(texts: Sequence[Text]) -> bool:
    """Whether numbers stand under each other in several columns."""
    numbers = [t for t in texts if parse_number(t.text) is not None]
    if len(numbers) < 6 or len(numbers) < 0.3 * len(texts):
        return False
    high = float(np.median([t.bbox_px[3] - t.bbox_px[1] for t in numbers]))
    rights = np.sort([t.bbox_px[2] for t in numbers])
    columns = np.split(rights, np.flatnonzero(np.diff(rights) > 1.5 * high) + 1)
    return sum(len(column) >= 2 for column in columns) >= 2
