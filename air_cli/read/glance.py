"""What a scanned page is about, in a fraction of a second: its largest texts first.

Recognising costs about a millisecond a letter, finding lines nearly nothing; titles, headings and
legends are larger than the rest and tell pages apart. `ocr.py` reads figures; this only ranks.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from air_cli.read.ocr import finding_at, load_engine
from air_cli.read.scene import Rgb

# Pixels of a page's longer side that are legible, and those on which lines are found.
PAGE_PX, _FIND_PX = 1000, 640
_SURE = 0.5


class Glance:
    """A recogniser set for speed. Use `shared()`."""

    def __init__(self) -> None:
        self._engine = load_engine({**finding_at(_FIND_PX), "Global.text_score": _SURE})

    def read(self, rgb: Rgb, letters: float) -> str:
        """About `letters` letters of a page (height, width, 3), the tallest lines first, put in
        their order on the page, a line each."""
        bgr = np.ascontiguousarray(rgb[:, :, ::-1])
        found = self._engine(bgr, use_det=True, use_cls=False, use_rec=False)
        boxes = [_bounds(quad) for quad in (found.boxes if found.boxes is not None else ())]
        chosen: list[tuple[int, int, int, int]] = []
        for box in sorted(boxes, key=lambda b: b[1] - b[3]):
            if letters <= 0:
                break
            # A letter is about half as wide as its line is high.
            letters -= 2 * (box[2] - box[0]) / max(box[3] - box[1], 1)
            chosen.append(box)
        lines = [self._line(bgr, box) for box in sorted(chosen, key=lambda b: (b[1], b[0]))]
        return "\n".join(line for line in lines if line)

    def _line(self, bgr: Rgb, box: tuple[int, int, int, int]) -> str:
        left, top, right, bottom = box
        crop = np.ascontiguousarray(bgr[max(top, 0) : bottom, max(left, 0) : right])
        if min(crop.shape[:2]) < 4:
            return ""
        out = self._engine(crop, use_det=False, use_cls=False, use_rec=True, return_word_box=False)
        if not out.txts or float(out.scores[0]) < _SURE:
            return ""
        return str(out.txts[0]).strip()


@cache
def shared() -> Glance:
    """The one recogniser of this process. Raises `EnvironmentFault` where OCR is missing."""
    return Glance()


def _bounds(quad: Any) -> tuple[int, int, int, int]:
    points = np.asarray(quad, dtype=float)
    left, top = np.floor(points.min(axis=0)).astype(int)
    right, bottom = np.ceil(points.max(axis=0)).astype(int)
    return int(left), int(top), int(right), int(bottom)
