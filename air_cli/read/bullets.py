"""Clean up after the OCR, with the picture at hand: markers and outlines read as letters, and a
series' name glued to the value beside it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from air_cli.read.colors import (
    background,
    chroma,
    crop,
    farthest,
    from_hex,
    ink_color,
    to_lab,
)
from air_cli.read.scene import Rgb
from air_cli.records import Text

_ROUND = frozenset("OQoCDGcea●•○◦◯°@©®*")
_STROKES = ("1", "l", "I", "|", "!", "i")
_MANY = 3  # lone round letters: points of a scatter plot rather than words
# What the recogniser makes of hollow markers, in a picture that has no Chinese otherwise.
_SIGN = r"[\u2190-\u2bff\u3000-\u303f\u3400-\u9fff\u4e00\uff00-\uffef]"
_DASHES = re.compile(r"[一—–_=~-]{2,}|一")  # what a dashed line is read as
_TAILED = re.compile(rf"^(?P<value>[$€£]?\d[\d.,]*%?)\s*{_SIGN}+$")
_HEADED = re.compile(r"^[●•○◦◯]\s*(?P<value>[-–−(]?[$€£¥]?\d[\d.,]*\s?\S{0,3})$")
_DOLLARS = re.compile(r"S\s?((?:\d[\d.,]*|[Oo])\s?(?:[kKmMbB]|bn|mn)?)")
# A label with the mark of its tick, which was read as a dash.
_TICKED = re.compile(r"^(?P<value>\(?[-−–]?[$€£¥]?\d[\d.,]*\s?(?:%|[a-zA-Z]{1,2})?\)?)\s?[-–—_]$")
_GLUED = re.compile(r"^(?P<name>.*[a-z]{2})(?P<value>\d{1,3}%?)$")


def clean_texts(rgb: Rgb, texts: Sequence[Text]) -> list[Text]:
    """The texts without markers read as letters, and with glued name and value apart."""
    texts = [t for t in texts if not _DASHES.fullmatch(t.text.strip())]
    result: list[Text] = []
    dashes: list[Text] = []  # of a line, read as digits
    shares = any(re.search(r"\d\s?%", t.text) for t in texts)
    valued = False
    plain = not any(re.search(rf"{_SIGN}.*{_SIGN}", t.text) for t in texts)
    dotted = sum(_is_ring(t.text) for t in texts) >= _MANY
    digits = _decimals_of_shares(texts)
    ticked = sum(_TICKED.match(t.text) is not None for t in texts) >= _MANY
    for text in _without_ticks(real_texts(with_dollars(texts))):
        text = _percent(text, digits) if shares else text
        if plain and re.fullmatch(_SIGN, text.text.strip()):
            continue
        if plain and (tailed := _TAILED.match(text.text)):
            text = _head(text, tailed["value"])
        if ticked and (labelled := _TICKED.match(text.text)):
            text = _head(text, labelled["value"])
        if headed := _HEADED.match(text.text):
            text = _tail(text, headed["value"])
        if (dotted and _is_ring(text.text)) or _is_solid(rgb, text) or _is_sample(rgb, text):
            continue
        colorful = is_colorful(rgb, text) if len(text.text) < 40 else False
        if colorful and text.text.strip() and set(text.text.strip()) <= _ROUND:
            continue
        if colorful and _may_be_dash(text):
            dashes.append(text)
        result += _apart(text) if colorful else [text]
        valued |= colorful and text not in dashes and text.text[:1].isdigit()
    return result if valued else [t for t in result if t not in dashes]


def _may_be_dash(text: Text) -> bool:
    """Whether a text in a colour may be a dash or a marker of a line: strokes alone, or a guess at
    something slanted or at one letter."""
    guess = abs(text.angle) > 15 or len(text.text) == 1
    return set(text.text) <= set("1lI|/\\!i") or (guess and text.confidence < 0.8)


def with_dollars(texts: Sequence[Text]) -> list[Text]:
    """The texts with the dollar signs that were read as letters ("S100k", "SO"), in a picture that
    has dollars: told by their signs, or by the word. Of labels with a suffix that all but for their
    first sign have one form ("$30bn", "520bn"), a 5 there is a dollar sign, too."""
    told = any(re.search(r"\$\s?\d|\bdollars?\b|\bUSD\b|US\$", t.text) for t in texts)
    if not told:
        return list(texts)
    signed = [
        replace(t, text="$" + match[1].replace("O", "0").replace("o", "0"))
        if (match := _DOLLARS.fullmatch(t.text.strip()))
        else t
        for t in texts
    ]
    amounts = {_form(t.text) for t in signed if t.text.lstrip()[:1] == "$"}

    def is_five(words: str) -> bool:
        form = _form("$" + words[1:])
        return words[:1] == "5" and form[-1].isalpha() and form in amounts

    return [
        replace(t, text="$" + t.text.strip()[1:]) if is_five(t.text.strip()) else t for t in signed
    ]


def _form(words: str) -> str:
    """A text with a 0 for each of its digits, without the mark of a tick at its end."""
    return re.sub(r"\d", "0", re.sub(r"[\s\-–—=_]+$", "", words.strip()))


def _without_ticks(texts: Sequence[Text]) -> list[Text]:
    """Without tick marks, and many dashes of lines, that were read as a "1" or the like: thin, and
    far lower than letters."""
    if not texts:
        return []
    usual = float(np.quantile([t.bbox_px[3] - t.bbox_px[1] for t in texts], 0.7))
    low = [t for t in texts if t.text.strip() in _STROKES and _letters(t) < 0.8 * usual]
    if len(low) > _MANY and len({t.bbox_px[3] for t in low}) > _MANY:
        texts = [t for t in texts if not any(t is dash for dash in low)]

    def is_tick(text: Text) -> bool:
        left, top, right, bottom = text.bbox_px
        thin = right - left <= max(2.0, 0.35 * (bottom - top))
        return text.text.strip() in _STROKES and thin and bottom - top < 0.6 * usual

    return [t for t in texts if not is_tick(t)]


def _decimals_of_shares(texts: Sequence[Text]) -> int:
    """How many decimals all percentages of a picture have; 0 where they differ."""
    ends = [re.search(r"\d(?:[.,](\d+))?\s?%\)?$", t.text.strip()) for t in texts]
    found = {len(end[1] or "") for end in ends if end}
    return found.pop() if len(found) == 1 else 0


def _percent(text: Text, digits: int) -> Text:
    """A number whose percent sign was read as digits, where they can be nothing else: "80%6",
    "096" for 0%, and "8.496" or "Japan (8.496)" where percentages have one decimal."""
    match = re.fullmatch(r"([-−–(]?\d[\d.,]*)%\d|(0)96", text.text.strip())
    if match:
        return replace(text, text=f"{match[1] or match[2]}%")
    if digits:
        sign = rf"(?<![\d.,])(\d{{1,3}}[.,]\d{{{digits}}})96(\)?)$"
        return replace(text, text=re.sub(sign, r"\1%\2", text.text.strip()))
    return text


def _is_ring(text: str) -> bool:
    """Whether a text is one round letter or sign, as a hollow or filled dot is read."""
    return len(text.strip()) == 1 and text.strip() in _ROUND


def _is_solid(rgb: Rgb, text: Text) -> bool:
    """Whether what was read as one or two round letters or digits ("8": two dots that touch) is
    filled: deeper than any stroke of a letter."""
    if len(text.text) > 2 or not set(text.text) <= _ROUND | set("0368B9"):
        return False
    part = crop(rgb, text.bbox_px)
    if min(part.shape[:2]) < 5:
        return False
    far = farthest(part.astype(np.int16) - np.array(background(rgb, text.bbox_px), np.int16))
    ink = far > 0.5 * float(far.max())
    rows = np.flatnonzero(ink.any(axis=1))
    if far.max() < 40 or not len(rows):
        return False
    depth = cv2.distanceTransform(np.pad(ink.astype(np.uint8), 1), cv2.DIST_L2, 5)
    high = rows[-1] - rows[0] + 1
    return bool(depth.max() > max(0.19 * high, 2.2))


def _is_sample(rgb: Rgb, text: Text) -> bool:
    """Whether what was read as a few letters is one level stroke, with a marker perhaps: a line's
    sample in a legend."""
    part = crop(rgb, text.bbox_px)
    if len(text.text.strip()) > 4 or abs(text.angle) > 10 or min(part.shape[:2]) < 5:
        return False
    far = farthest(part.astype(np.int16) - np.array(background(rgb, text.bbox_px), np.int16))
    ink = np.asarray(far > 0.5 * float(far.max()), np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    left, top, wide, high, area = max(stats[1:].tolist(), key=lambda s: s[4], default=[0] * 5)
    if far.max() < 40 or area < 0.85 * ink.sum() or wide < 1.8 * high or wide < 8:
        return False
    rows = ink[top : top + high, left : left + wide].mean(axis=1)
    full = np.flatnonzero(rows > 0.93)
    return bool(len(full)) and abs(float(full.mean()) - (high - 1) / 2) <= max(1.0, 0.2 * high)


def _head(text: Text, start: str) -> Text:
    """The beginning of a text, its box cut by the number of letters."""
    left, top, right, bottom = text.bbox_px
    wide = (right - left) * len(start) / (len(start) + 1.5)
    return replace(text, text=start, bbox_px=(left, top, left + wide, bottom))


def _tail(text: Text, end: str) -> Text:
    """The end of a text, its box cut by the number of letters (a marker is as wide as two)."""
    left, top, right, bottom = text.bbox_px
    wide = (right - left) * len(end) / (len(end) + 2.5)
    return replace(text, text=end, bbox_px=(right - wide, top, right, bottom))


def real_texts(texts: Sequence[Text]) -> list[Text]:
    """Without what OCR makes of outlines and spokes of marks: single, very large characters."""
    heights = [_letters(t) for t in texts]
    # The letters of an upright text are as high as its box at most is wide.
    lines = [
        min(high, t.bbox_px[2] - t.bbox_px[0]) if len(t.text) > 1 else high
        for t, high in zip(texts, heights, strict=True)
    ]
    usual = float(np.median(lines)) if lines else 0.0
    return [
        t
        for t, high in zip(texts, heights, strict=True)
        if high <= 2.2 * usual or (len(t.text) > 2 and high <= 6 * usual) or _turned(t)
    ]


def _letters(text: Text) -> float:
    """The height of a text's letters, which are about half as wide: a slanted one fills its box
    from corner to corner."""
    high = text.bbox_px[3] - text.bbox_px[1]
    if not 12 < abs(text.angle) < 78:
        return high
    turn = math.radians(abs(text.angle))
    return high / (math.cos(turn) + 0.55 * len(text.text) * math.sin(turn))


def _turned(text: Text) -> bool:
    left, top, right, bottom = text.bbox_px
    return len(text.text) > 1 and bottom - top > 1.5 * (right - left)


def is_colorful(rgb: Rgb, text: Text) -> bool:
    """Whether a text is printed in a colour, as series' names and value labels often are and tick
    labels seldom."""
    color = ink_color(rgb, text.bbox_px)
    return bool(color) and float(chroma(to_lab(np.array(from_hex(color))))) > 16


def _apart(text: Text) -> list[Text]:
    """ "Good32" as "Good" and "32", the box divided by the number of letters."""
    match = _GLUED.match(text.text)
    if match is None:
        return [text]
    left, top, right, bottom = text.bbox_px
    cut = left + (right - left) * len(match["name"]) / len(text.text)
    return [
        replace(text, text=match["name"], bbox_px=(left, top, cut, bottom)),
        replace(text, text=match["value"], bbox_px=(cut, top, right, bottom)),
    ]
