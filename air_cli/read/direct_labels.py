"""Names written in a series' own colour: at a line's end, over a column, beside an area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from air_cli.read.colors import chroma, crop, delta_e, from_hex, ink_color, to_lab
from air_cli.read.ink import cover_boxes
from air_cli.read.palette import Palette
from air_cli.read.scene import LegendEntry, Scene
from air_cli.read.texts import continues, height_of, is_note, union
from air_cli.read.times import parse_time
from air_cli.records import Text

_SENTENCE = 12  # words: a coloured line of more is a remark, not a name
_SAME = 14.0  # CIEDE2000 between a coloured text and its series (thin letters look paler)
_THEME = 7.0  # CIEDE2000 between texts that are printed in one colour


def direct_labels(scene: Scene, words: Sequence[Text]) -> list[LegendEntry]:
    """Those of `words` in the colour of something in the plot, `swatch_px` being the text itself.

    Texts in the colour of the tick labels belong to the axes, whatever else has that colour.
    """
    inside = crop(scene.rgb, scene.plot)
    if inside.size == 0 or not words:
        return []
    left, top = max(0, round(scene.plot[0])), max(0, round(scene.plot[1]))
    boxes = [t.bbox_px for t in scene.texts]
    shifted = [(b[0] - left, b[1] - top, b[2] - left, b[3] - top) for b in boxes]
    palette = Palette(inside, scene.background, ~cover_boxes(inside.shape[:2], shifted))
    inks = [ink for ink in palette.inks if ink.chroma > 12 and ink.pixels > 12]
    if not inks:
        return []
    entries: list[LegendEntry] = []
    for text, color in _colored(scene, words):
        away = paler(color, np.array([ink.rgb for ink in inks]), scene.background)
        best = int(away.argmin())
        if away[best] > _SAME:
            continue
        entry = LegendEntry(text.text, inks[best].color, text.bbox_px, text.bbox_px)
        above = [e for e in entries if e.color == entry.color and continues(_as_text(e), text)]
        if above:
            box = union([above[0].bbox_px, text.bbox_px])
            name = f"{above[0].name} {text.text}"
            entries[entries.index(above[0])] = replace(
                above[0], name=name, bbox_px=box, swatch_px=box
            )
        else:
            entries.append(entry)
    if len(entries) == 1 and (entries[0].bbox_px[1] > scene.plot[3] or _runs_on(scene, entries[0])):
        return []  # a remark under the plot in the colours of the house, or a name at a bar's foot
    return entries


def _runs_on(scene: Scene, entry: LegendEntry) -> bool:
    """Whether the colour of a text is that of a bar that begins in its box and goes on beyond."""
    _, top, right, bottom = entry.bbox_px
    beyond = crop(scene.rgb, (right + 1, top, right + 3, bottom)).astype(np.int16)
    away = np.abs(beyond - np.array(from_hex(entry.color))).max(axis=2)
    return bool(away.size and (away < 16).mean() > 0.5)


def _colored(scene: Scene, words: Sequence[Text]) -> list[tuple[Text, str]]:
    """The words that may be names, with their colours, from the top."""
    theme = [c for t in scene.texts if t.role == "tick" and (c := ink_color(scene.rgb, t.bbox_px))]
    own = to_lab(np.array([from_hex(c) for c in theme])) if theme else None
    usual = float(np.median([height_of(t) for t in scene.texts])) if scene.texts else 0.0
    found = []
    for text in words:
        color = ink_color(scene.rgb, text.bbox_px) if _may_name(scene, text, usual) else ""
        if not color or chroma(to_lab(np.array(from_hex(color)))) <= 16:
            continue
        if own is not None:
            same = delta_e(to_lab(np.array(from_hex(color))), own) < _THEME
            if same.mean() >= 0.5:
                continue
        found.append((text, color))
    return sorted(found, key=lambda item: item[0].bbox_px[1])


def _may_name(scene: Scene, text: Text, usual: float) -> bool:
    """Whether a text may be a name: no sentence, remark or heading. A time names a series only
    beside the plot, where lines end."""
    letters = sum(c.isalpha() for c in text.text)
    if letters < 2 and parse_time(text.text) is None:
        return False
    if len(text.text.split()) > _SENTENCE or text.text[:1] == "(" or is_note(text.text):
        return False
    if parse_time(text.text) is not None and text.bbox_px[0] < scene.plot[2] - 4:
        return False
    heading = text.bbox_px[3] < scene.plot[1] + 4 and height_of(text) > 1.4 * usual
    return not heading


def paler(color: str, inks: np.ndarray, ground: Sequence[float]) -> np.ndarray:
    """CIEDE2000 distance of a text's colour from inks (n, 3), or from blends of them with the
    background: thin letters are paler than the line they name."""
    lab = to_lab(np.array(from_hex(color)))
    base = np.array(ground, dtype=np.float64)
    steps = (1.0, 0.85, 0.7, 0.55)
    each = [delta_e(lab, to_lab(base + a * (inks - base))) + 8 * (1 - a) for a in steps]
    result: np.ndarray = np.min(each, axis=0)
    return result


def _as_text(entry: LegendEntry) -> Text:
    """The entry's last line, as tall as one line: to test whether another continues it."""
    return Text(entry.name, entry.bbox_px)
