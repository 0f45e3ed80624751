"""Names of neighbouring bars that were recognised as one text, taken apart by the bars' places."""

from __future__ import annotations

import itertools
import math
import re
import statistics
from collections.abc import Sequence
from dataclasses import replace

from air_cli.read.scene import AxisFit
from air_cli.records import Text, Tick

_MOST_WAYS = 20_000  # of sharing words out among bars
_RUN_IN = re.compile(r"(?P<name>.*[^\W\d].*?)\s*[-–—_|]?\s*(?P<value>[$€£¥]?\d[\d.,]*\s?\S{0,2})$")
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
    best: tuple[float, list[str]] | None = None
    if math.comb(len(words) - 1, len(over) - 1) > _MOST_WAYS:
        return []
    for cuts in itertools.combinations(range(1, len(words)), len(over) - 1):
        groups = [words[a:b] for a, b in itertools.pairwise((0, *cuts, len(words)))]
        off = max(abs((g[0][1] + g[-1][2]) / 2 - c) for g, c in zip(groups, over, strict=True))
        if best is None or off < best[0]:
            best = off, [" ".join(word for word, *_ in group) for group in groups]
    if best is None or best[0] > _OFF * pitch:
        return []
    return list(zip(best[1], over, strict=True))


def parted_at_feet(texts: Sequence[Text], feet: float) -> list[Text]:
    """The texts; a name beside lying bars that was recognised together with the number in its bar
    is cut at the bars' `feet`, where the number begins. A tick mark there is read as a dash."""
    result: list[Text] = []
    for text in texts:
        match = _RUN_IN.match(text.text.strip())
        left, top, right, bottom = text.bbox_px
        high = bottom - top
        if match is None or abs(text.angle) > 10 or not left + high < feet < right - 0.6 * high:
            result.append(text)
            continue
        begins = left + (right - left) * match.start("value") / len(text.text.strip())
        if abs(begins - feet) > 1.3 * high:
            result.append(text)
            continue
        result.append(replace(text, text=match["name"].rstrip(), bbox_px=(left, top, feet, bottom)))
        box = (feet, top, right, bottom)
        result.append(replace(text, text=match["value"], bbox_px=box, role="label"))
    return result


def _words(text: Text) -> list[tuple[str, float, float]]:
    """(word, left, right) of a text, by the number of letters; a capital after a small letter
    begins a word as well."""
    left, _, right, _ = text.bbox_px
    letter = (right - left) / max(1, len(text.text))
    # A small letter of any alphabet, for one at the seam may be misread.
    found = re.finditer(r"\S+?(?=\s|$|(?<=[^\W\d_A-Z])(?=[A-Z][a-z]))", text.text)
    return [(m[0], left + m.start() * letter, left + m.end() * letter) for m in found]


def _over(text: Text, px: float) -> bool:
    return text.bbox_px[0] - 2 <= px <= text.bbox_px[2] + 2
