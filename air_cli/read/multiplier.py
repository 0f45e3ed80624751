"""The power of ten that stands once at the end of an axis, by which all its labels are multiplied:
matplotlib's "1e8", "×10⁶"."""

from __future__ import annotations

import re
from dataclasses import replace

from air_cli.read.scene import Scene
from air_cli.records import Text

_POWER = re.compile(r"[1lI][eE]\s?\+?([-−]?\d{1,2})|[x×X*]\s?10\^?([-−]?\d{1,2})")
_EXPONENT = re.compile(r"\d\s?[eE]|10\^")
_MOST = 15  # decimal places either way


def apply_multipliers(scene: Scene) -> None:
    """Scale `scene.x`, `scene.y` and `scene.y2` by the powers of ten at their ends."""
    used: set[int] = set()
    for text in scene.texts:
        power = _power(text)
        role = _axis_of(scene, text) if power is not None else ""
        fit = getattr(scene, role) if role else None
        if power is None or fit is None or fit.kind != "linear" or text.role == "tick":
            continue
        if any(_EXPONENT.search(tick.text) for tick in fit.ticks):
            continue  # every label has its own power
        setattr(scene, role, fit.times(10.0**power))
        used.add(id(text))
    if used:
        scene.texts = [replace(t, role="tick") if id(t) in used else t for t in scene.texts]


def _power(text: Text) -> int | None:
    match = _POWER.fullmatch(text.text.strip())
    if match is None:
        return None
    power = int((match[1] or match[2]).replace("−", "-"))
    return power if 0 < abs(power) <= _MOST else None


def _axis_of(scene: Scene, text: Text) -> str:
    """The axis at whose end a text stands: over the upper end of a vertical one, under the right
    end of a horizontal one."""
    left, top, right, bottom = scene.plot
    x, y = (text.bbox_px[0] + text.bbox_px[2]) / 2, (text.bbox_px[1] + text.bbox_px[3]) / 2
    high = text.bbox_px[3] - text.bbox_px[1]
    if top - 4 * high < y < top + 0.5 * high:
        near = 0.15 * (right - left)
        if abs(x - left) < near:
            return "y"
        return "y2" if abs(x - right) < near and scene.y2 is not None else ""
    return "x" if y > bottom and x > right - 0.2 * (right - left) else ""
