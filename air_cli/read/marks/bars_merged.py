"""Names of neighbouring bars that were recognised as one text, taken apart by the bars' places."""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Sequence
from dataclasses import replace

from air_cli.read.scene import AxisFit
from air_cli.records import Text, Tick

_OFF = 0.4  # of the bars' pitch that a name's middle may be off


def with_parted_ticks(fit: AxisFit, texts: Sequence[Text], centres: Sequence[float]) -> AxisFit:
    """A horizontal axis whose ticks over several bars are taken apart, one for each bar."""
    ticks: list[Tick] = []
    for tick in fit.ticks:
        source = next((t for t in texts if t.text == tick.text and _over(t, tick.px)), None)
        names = parted(source, centres) if source is not None else []
        ticks += [Tick(name, None, px) for name, px in names] or [tick]
    return replace(fit, ticks=tuple(ticks))


def with_row_mates(fit: AxisFit, texts: Sequence[Text], centres: Sequence[float]) -> AxisFit:
    """A horizontal axis with the texts of its ticks' row that stand under bars without a name: what
    lies beyond the plot that was found was taken for no tick."""
    own = [t for t in texts if t.role == "tick" and any(t.text == k.text for k in fit.ticks)]
    if not own or len(centres) < 2:
        return fit
    middle = statistics.median((t.bbox_px[1] + t.bbox_px[3]) / 2 for t in own)
    pitch = min(b - a for a, b in itertools.pairwise(sorted(centres)))
    added: list[Tick] = []
    for text in texts:
        left, top, right, bottom = text.bbox_px
        at = (left + right) / 2
        bar = min(centres, key=lambda c: abs(c - at))
        held = any(abs(tick.px - bar) < 0.6 * pitch for tick in (*fit.ticks, *added))
        other = text.role in ("tick", "title", "legend") or abs(text.angle) > 10
        if not other and not held and top < middle < bottom and abs(at - bar) < _OFF * pitch:
            added.append(Tick(text.text, None, bar))
    return replace(fit, ticks=tuple(sorted((*fit.ticks, *added), key=lambda tick: tick.px)))


def parted(text: Text, centres: Sequence[float]) -> list[tuple[str, float]]:
    """(name, place) for each of the bars that a level text stands under; empty where it is under
    one only, or its words do not fit the bars."""
    left, _, right, _ = text.bbox_px
    over = sorted(c for c in centres if left < c < right)
    words = _words(text)
    if len(over) < 2 or len(words) < len(over) or abs(text.angle) > 10:
        return []
    pitch = min(b - a for a, b in itertools.pairwise(over))
    # Each word goes to the bar it is nearest to: the words of one name stay together.
    groups: list[list[tuple[str, float, float]]] = [[] for _ in over]
    for word in words:
        middle = (word[1] + word[2]) / 2
        groups[min(range(len(over)), key=lambda n: abs(over[n] - middle))].append(word)
    if not all(groups):
        return []
    middles = [(group[0][1] + group[-1][2]) / 2 for group in groups]
    if max(abs(m - c) for m, c in zip(middles, over, strict=True)) > _OFF * pitch:
        return []
    names = [" ".join(word for word, *_ in group) for group in groups]
    return list(zip(names, over, strict=True))


def _words(text: Text) -> list[tuple[str, float, float]]:
    """(word, left, right) of a text, by the number of letters; a capital after a small letter
    begins a word as well."""
    left, _, right, _ = text.bbox_px
    letter = (right - left) / max(1, len(text.text))
    found = re.finditer(r"\S+?(?=\s|$|(?<=[a-z])(?=[A-Z][a-z]))", text.text)
    return [(m[0], left + m.start() * letter, left + m.end() * letter) for m in found]


def _over(text: Text, px: float) -> bool:
    return text.bbox_px[0] - 2 <= px <= text.bbox_px[2] + 2
