"""Texts of an image: rapidocr with the models of its own wheel, on one thread, never downloading.

Pictures are enlarged to at least `ENLARGE_TO` pixels on their longer side first, which is where
small tick labels become legible. Merged neighbours are split at the gaps between their words,
upright text (axis titles) is read again turned, and glyphs that are no text are dropped.
"""

from __future__ import annotations

import importlib.util
import itertools
import math
import re
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from air_cli.errors import EnvironmentFault
from air_cli.read.missed import missed_words
from air_cli.read.numbers import parse_number
from air_cli.read.progressions import (
    is_dated,
    row_of_numbers,
    row_of_periods,
    row_of_values,
)
from air_cli.read.scene import Rgb
from air_cli.read.stacked import stack_box, stacks
from air_cli.read.times import joined_years, parse_time
from air_cli.records import Text

ENLARGE_TO = 1200
# Pixels of the longer side on which lines of text are found: in a small picture they are found as
# well as after enlarging, which only their letters need, and in a huge one no finer is needed.
_FIND_PX, _MOST_FIND_PX = 960, 1600
# Height of a line as the recogniser sees it, and the width to which a shorter one is filled up: its
# own default, 320, is four times the width of most labels of an axis, and as much work.
_LINE_PX, _FILLED_PX = 48, 128
_MAX_FACTOR = 4.0
_FIX = "pip install rapidocr onnxruntime"
_GLUED = re.compile(
    r"^(?:[—–_=~•●○■□▪▲△◆◇♦▼★|一©®@\-]+\s*)+(?=[A-Za-zÀ-ÿ])|^[—–_=~•●○■□▪|一\-]+\s+(?=(?:19|20)\d\d$)"
)
_TICKED = re.compile(r"^[+|—–]\s*(?=\w)|(?<=\w)\s*[+|—–]$")  # an upright label with its tick mark
_SIGNS = re.compile(r"[—–_=~•●○■□▪▲△◆◇♦▼★|一\-]+")
_TEXTUAL = re.compile(r"[0-9A-Za-z\u00c0-\uffff%$€£¥]")
_TEN = re.compile(r"^10[-−]?\d$")

_SURE = 0.85  # of a word that only its ink proposed

Quad = NDArray[np.float64]


class Ocr:
    """A loaded recogniser; loading takes about half a second. Use `shared()`."""

    def __init__(self) -> None:
        self._engine = load_engine(finding_at(_FIND_PX))

    @cached_property
    def _engine_for_large(self) -> Any:
        return load_engine(finding_at(_MOST_FIND_PX))

    def read(self, rgb: Rgb, enlarge_to: int = ENLARGE_TO) -> list[Text]:
        """The texts of `rgb` (height, width, 3), boxes in its pixels, top to bottom."""
        height, width = rgb.shape[:2]
        if min(height, width) < 4:
            return []
        factor = min(_MAX_FACTOR, max(1.0, enlarge_to / max(height, width)))
        big = np.ascontiguousarray(rgb[:, :, ::-1])
        if factor > 1:
            big = cv2.resize(big, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
        engine = self._engine if max(height, width) <= _FIND_PX else self._engine_for_large
        out = engine(
            big, use_det=True, use_cls=False, use_rec=True, return_word_box=True, text_score=0.3
        )
        if out.boxes is None or out.txts is None:
            return []
        words: Sequence[Any] = out.word_results or ()
        texts: list[Text] = []
        for i, (quad, text, score) in enumerate(zip(out.boxes, out.txts, out.scores, strict=True)):
            tokens = words[i] if len(words) == len(out.txts) else ()
            texts += self._line(big, np.asarray(quad, dtype=float), text, float(score), tokens)
        texts = self._upright(big, texts)
        texts += self._missed(big, [t for t in texts if _is_text(t)])
        found = [t for t in (_scaled(text, 1 / factor) for text in texts) if _is_text(t)]
        return sorted(found, key=lambda t: (t.bbox_px[1], t.bbox_px[0]))

    def read_line(self, rgb: Rgb) -> tuple[str, float]:
        """The text of a picture that shows one level line and nothing else, and how sure it is."""
        return self._say(rgb[:, :, ::-1])

    def _say(self, bgr: Rgb) -> tuple[str, float]:
        out = self._engine(
            np.ascontiguousarray(bgr),
            use_det=False, use_cls=False, use_rec=True, return_word_box=False,
        )  # fmt: skip
        return (str(out.txts[0]).strip(), float(out.scores[0])) if out.txts else ("", 0.0)

    def _line(
        self, bgr: Rgb, quad: Quad, text: str, score: float, tokens: Sequence[Any]
    ) -> list[Text]:
        wide, high, angle = _shape(quad)
        if high > 1.5 * wide and len(text.strip()) > 1:
            return self._turned(bgr, quad, text, score)
        if _TEN.match(text.strip()) and _raised(bgr, quad):
            plain = text.strip()
            return [Text(f"10^{plain[2:]}", _bounds(quad), confidence=score)]
        if abs(angle) > 10:
            return [Text(text.strip(), _bounds(quad), confidence=score, angle=angle)]
        return [
            Text(_mended(part), _unglued(part, box), confidence=score)
            for part, box in _split(text, quad, tokens, high)
        ]

    def _upright(self, bgr: Rgb, texts: list[Text]) -> list[Text]:
        """The texts, with those that are the letters of upright words made such words."""
        for stack in stacks(texts):
            left, top, right, bottom = stack_box(stack)
            quad = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
            (word,) = self._turned(bgr, quad, "", 0.0)
            letters = sum(len(t.text.strip()) for t in stack)
            worded = any(c.isalpha() for c in word.text) or parse_time(word.text) is not None
            if word.confidence >= _SURE and worded and len(word.text) >= 0.7 * letters:
                texts = [t for t in texts if not any(t is piece for piece in stack)] + [word]
        return texts

    def _missed(self, bgr: Rgb, texts: Sequence[Text]) -> list[Text]:
        """Numbers that detection passed over; other words found this way are too often marks."""
        found = []
        for box in missed_words(bgr[:, :, ::-1], texts):
            reach = 0.3 * (box[3] - box[1])
            left, top = (max(0, round(v - reach)) for v in box[:2])
            said, score = self._say(
                bgr[top : round(box[3] + reach) + 1, left : round(box[2] + reach) + 1]
            )
            if score >= _SURE and parse_number(said) is not None:
                found.append(Text(said, box, confidence=score))
        return found

    def _turned(self, bgr: Rgb, quad: Quad, text: str, score: float) -> list[Text]:
        """Upright text: read it turned both ways, keep the surer reading."""
        left, top, right, bottom = (round(v) for v in _bounds(quad))
        crop = bgr[max(0, top) : bottom, max(0, left) : right]
        best = (text, score, 90.0)
        if min(crop.shape[:2]) >= 4:
            for turns, angle in ((-1, 90.0), (1, -90.0)):
                said, sure = self._say(np.rot90(crop, turns))
                if sure > best[1]:
                    best = (said, sure, angle)
        said = _TICKED.sub("", _mended(best[0]))
        return [Text(said, _bounds(quad), confidence=best[1], angle=best[2])]


@cache
def shared() -> Ocr:
    """The one recogniser of this process."""
    return Ocr()


def finding_at(pixels: int) -> dict[str, Any]:
    """Settings that find lines of text on no more than so many pixels of the longer side."""
    return {"Det.limit_type": "max", "Det.limit_side_len": pixels}


def load_engine(settings: Mapping[str, Any] | None = None) -> Any:
    """rapidocr on one thread with the models of its wheel, `settings` changing what it is told.

    Raises `EnvironmentFault` when rapidocr or its models are missing.
    """
    spec = importlib.util.find_spec("rapidocr")
    if spec is None or spec.origin is None or importlib.util.find_spec("onnxruntime") is None:
        raise EnvironmentFault(
            "text recognition (rapidocr, onnxruntime) is not installed", fix=_FIX
        )
    models = Path(spec.origin).parent / "models"
    paths = {}
    for part in ("det", "rec"):
        found = sorted(models.glob(f"*_{part}_*.onnx"))
        if not found:
            raise EnvironmentFault(f"rapidocr holds no {part} model in {models}", fix=_FIX)
        paths[part] = str(found[-1])
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Det.model_path": paths["det"],
            "Rec.model_path": paths["rec"],
            "Rec.rec_img_shape": [3, _LINE_PX, _FILLED_PX],
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            **(settings or {}),
        }
    )


def _bounds(quad: Quad) -> tuple[float, float, float, float]:
    (left, top), (right, bottom) = quad.min(axis=0), quad.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def _shape(quad: Quad) -> tuple[float, float, float]:
    """(width along the text, height, angle in degrees counter-clockwise)."""
    across, down = quad[1] - quad[0], quad[3] - quad[0]
    angle = -math.degrees(math.atan2(across[1], across[0]))
    return float(np.hypot(*across)), float(np.hypot(*down)), angle


def _scaled(text: Text, factor: float) -> Text:
    left, top, right, bottom = (v * factor for v in text.bbox_px)
    return Text(text.text, (left, top, right, bottom), text.role, text.confidence, text.angle)


def _is_text(text: Text) -> bool:
    """Not a marker or a line taken for a glyph, and not a guess."""
    return text.confidence >= 0.5 and bool(_TEXTUAL.search(text.text))


def _mended(text: str) -> str:
    """Without the legend's dash or marker, doubled spaces, and letters torn off their word."""
    text = re.sub(r"\s+", " ", _GLUED.sub("", text.strip())).strip()
    text = re.sub(r"(?<![\w'’])([b-z]) (?=[a-z]{3,})", r"\1", text)
    return re.sub(r"(?<=[a-z]{3}) ([b-z])(?![\w'’.)])", r"\1", text)


def _unglued(
    text: str, box: tuple[float, float, float, float]
) -> tuple[float, float, float, float]:
    """The box without a legend's dash or marker that was read as the first letters."""
    match = _GLUED.match(text.strip())
    left, top, right, bottom = box
    part = len(match[0]) / len(text.strip()) if match else 0.0
    return left + part * (right - left), top, right, bottom


def _split(
    text: str, quad: Quad, tokens: Sequence[Any], high: float
) -> list[tuple[str, tuple[float, float, float, float]]]:
    """One recognised line as the separate texts it holds.

    Words are apart when their gap is wider than three quarters of the line; numbers and times,
    which do not form sentences, already at half of it. "20052006" without any gap is two years.
    """
    whole = _bounds(quad)
    parts = [(str(t[0]), _bounds(np.asarray(t[2], dtype=float))) for t in tokens if len(t) > 2]
    if "".join(p[0] for p in parts) != text.replace(" ", ""):
        return _years(text.strip(), whole)
    if row := row_of_numbers(parts) or row_of_values(parts) or row_of_periods(parts):
        return row
    if len(parts) == 1:
        return _years(text.strip(), _trimmed(whole, parts[0][1][0], high))
    parts = _without_swatches(parts, high)
    groups: list[list[tuple[str, tuple[float, float, float, float]]]] = [[parts[0]]]
    for before, part in itertools.pairwise(parts):
        gap = part[1][0] - before[1][2]
        room = 0.5 if _apart(before[0], part[0]) else 0.75
        if gap > (1.2 if is_dated(before[0], part[0]) else room) * high:
            groups.append([part])
        else:
            groups[-1].append(part)
    if len(groups) == 1:
        return _years(text.strip(), _trimmed(whole, parts[0][1][0], high))
    result = []
    for group in groups:
        left, right = group[0][1][0], group[-1][1][2]
        result += _years(" ".join(p[0] for p in group), (left, whole[1], right, whole[3]))
    return result


def _without_swatches(
    parts: Sequence[tuple[str, tuple[float, float, float, float]]], high: float
) -> list[tuple[str, tuple[float, float, float, float]]]:
    """The words without the dashes and markers between names of a legend in one line, which are
    farther apart than the words on either side of a dash in a sentence."""
    kept = [parts[0]]
    for n, (before, part) in enumerate(itertools.pairwise(parts), start=1):
        after = parts[n + 1] if n + 1 < len(parts) else None
        signs = _SIGNS.fullmatch(part[0]) is not None
        if not (signs and after and after[1][0] - before[1][2] > 1.6 * high):
            kept.append(part)
    return kept


def _trimmed(
    box: tuple[float, float, float, float], start: float, high: float
) -> tuple[float, float, float, float]:
    """A box without the legend swatch that detection took for its first letter."""
    left, top, right, bottom = box
    return (start - 0.1 * high if start - left > 0.48 * high else left), top, right, bottom


def _apart(left: str, right: str) -> bool:
    """Whether two neighbouring words are labels of their own rather than parts of a number."""
    if re.fullmatch(r"\d{3}", right) and re.fullmatch(r"\d{1,3}", left):
        return False
    return all(
        parse_time(word) is not None or (number is not None and word[-1:] != "$")
        for word in (left, right)
        for number in [parse_number(word)]
    )


def _years(
    text: str, box: tuple[float, float, float, float]
) -> list[tuple[str, tuple[float, float, float, float]]]:
    """Years run together ("200520062007") taken apart, else the text as it is."""
    years = joined_years(text)
    if not years:
        return [(text, box)]
    left, top, right, bottom = box
    step = (right - left) / len(years)
    return [
        (year, (left + i * step, top, left + (i + 1) * step, bottom))
        for i, year in enumerate(years)
    ]


def _raised(bgr: Rgb, quad: Quad) -> bool:
    """Whether the last glyph of the crop stands above the baseline of the first (10²)."""
    left, top, right, bottom = (round(v) for v in _bounds(quad))
    crop = cv2.cvtColor(bgr[max(0, top) : bottom, max(0, left) : right], cv2.COLOR_BGR2GRAY)
    if min(crop.shape) < 6:
        return False
    _, ink = cv2.threshold(crop, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    if np.count_nonzero(ink) > ink.size / 2:
        ink = 255 - ink
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink)
    glyphs = sorted((s for s in stats[1:count] if s[4] >= 6), key=lambda s: s[0])
    # The axis line beside the labels runs through the crop.
    glyphs = [g for g in glyphs if g[3] <= 1.6 * np.median([g[3] for g in glyphs])]
    if len(glyphs) < 3:
        return False
    base = [g[1] + g[3] for g in glyphs]
    smaller = glyphs[-1][3] <= 0.88 * glyphs[0][3]
    return bool(smaller and max(base[:2]) - base[-1] > 0.25 * glyphs[0][3])
