"""A second look at printed labels that the geometry contradicts: the crop, enlarged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from air_cli.read.numbers import parse_number
from air_cli.read.ocr import Ocr
from air_cli.read.scene import MarkReading, Rgb
from air_cli.records import Mark, Text

_MOST = 12
_FACTOR_TO = 320  # pixels on the longer side of a label's crop


def reread_labels(
    rgb: Rgb, texts: Sequence[Text], reading: MarkReading, ocr: Ocr
) -> list[Text] | None:
    """The texts with doubtful value labels read anew, or None when none of them changed.

    Doubtful are labels that a mark holds although its geometry, which won, says otherwise.
    """
    result = list(texts)
    changed = False
    doubtful = [m for m in reading.marks if m.label and m.how == "geometry"]
    for mark in doubtful[:_MOST]:
        place = _place(result, mark)
        if place is None:
            continue
        again = _look(rgb, result[place], ocr)
        if again and again != result[place].text:
            result[place] = replace(result[place], text=again)
            changed = True
    return result if changed else None


def _place(texts: Sequence[Text], mark: Mark) -> int | None:
    """Index of the text that is the mark's label: of equal ones the nearest."""
    found = [i for i, t in enumerate(texts) if t.text == mark.label]
    if not found:
        return None

    def away(i: int) -> float:
        left, top, right, bottom = texts[i].bbox_px
        x, y = (left + right) / 2, (top + bottom) / 2
        mx = min(max(x, mark.bbox_px[0]), mark.bbox_px[2])
        my = min(max(y, mark.bbox_px[1]), mark.bbox_px[3])
        return abs(x - mx) + abs(y - my)

    return min(found, key=away)


def _look(rgb: Rgb, text: Text, ocr: Ocr) -> str:
    """The single number in the enlarged crop of a text, else nothing."""
    left, top, right, bottom = (round(v) for v in text.bbox_px)
    margin = max(4, (bottom - top) // 3)
    crop = rgb[max(0, top - margin) : bottom + margin, max(0, left - margin) : right + margin]
    found = [t.text for t in ocr.read(crop, enlarge_to=_FACTOR_TO) if parse_number(t.text)]
    return found[0] if len(found) == 1 else ""
