"""Names and printed values of pie slices: inside, outside, along leader lines, in a legend."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from air_cli.read.marks.discs import Sector
from air_cli.read.marks.naming import assign
from air_cli.read.marks.rounds import Disc
from air_cli.read.numbers import Number, parse_number
from air_cli.read.texts import is_note
from air_cli.records import Text

_PIECE = re.compile(
    r"(?P<number>[-−]?[$€£¥]?\s?\d[\d.,]*\s?(?:%|percent|bn|mn|[kKmMbB]\b|billion|million)?)"
)
# An amount beside a percentage: told by its currency, its suffix or its brackets.
_AMOUNT = re.compile(
    r"[([]?\s*(?:[$€£¥]\s?\d[\d.,]*\d|[$€£¥]\s?\d|\d[\d.,]*(?=\s?(?:bn|mn|[kKMB]\b|million|billion)))"
    r"\s?(?:bn|mn|[kKmMbB]\b|million|billion)?\s*[)\]]?|[([]\s*\d[\d.,]*\s*[)\]]"
)
_DOLLAR = re.compile(r"(?<![A-Za-z0-9])[sS](?=\d[\d.,]*\s?(?:bn|mn|[kKMB])\b)")
_BULLET = re.compile(r"^\s*[·•●○◦▪■□◆\-–—]\s+(?=\S)|^\s*[·•●▪■](?=[A-Za-z])")
_NAME_AFTER = re.compile(
    r"\d\s*%?\s*(?:[A-Z][a-z]{3,}|[A-Za-z]{2,}\s+[a-z]{3,}|(?<=%)\s*[A-Za-z]{3,})"
)
_ROLES = ("label", "annotation", "other", "legend", "tick", "axis-title")


@dataclass(frozen=True)
class Note:
    """What is written about one slice: its name and value, where, and the texts it is made of."""

    name: str
    number: Number | None
    printed: str
    turn: float
    inside: bool
    texts: tuple[Text, ...]


def split_value(text: str) -> tuple[str, Number | None, str]:
    """ "Name 23%" as (name, number, printed number); the number is None where there is none.

    Of a percentage and an amount ("$4.2M, 12%") the percentage is the number, both are printed.
    A number that is part of the name ("65+", "2010") is left there unless it is all there is or
    carries a percent sign.
    """
    text = _DOLLAR.sub("$", _BULLET.sub("", text))
    whole = parse_number(text)
    if whole is not None and not _NAME_AFTER.search(text):
        return "", whole, text.strip()
    pieces = [m for m in _PIECE.finditer(text) if parse_number(m["number"].strip())]
    strong = [m for m in pieces if "%" in m["number"] or "percent" in m["number"]]
    chosen = strong[-1] if strong else None
    if chosen is None and whole is not None and pieces:  # "12 No opinion"
        chosen = pieces[0]
    if chosen is None and pieces:
        last = pieces[-1]
        before = text[: last.end() - len(last["number"].lstrip())]
        ends = last.end() >= len(text.rstrip(" )]"))
        at_end = ends and re.search(r"[:,(\s]$", before)
        chosen = last if at_end else None
    if chosen is None:
        return text.strip(), None, ""
    start, stop = chosen.span()
    rest = text[:start] + " " * (stop - start) + text[stop:]
    amount = _AMOUNT.search(rest) if strong else None
    if amount:
        rest = f"{rest[: amount.start()]} {rest[amount.end() :]}"
        start, stop = min(start, amount.start()), max(stop, amount.end())
    name = re.sub(r"\s+", " ", re.sub(r"\(\s*\)|\[\s*\]", " ", rest)).strip(" ,;:-–—|(")
    return name, parse_number(chosen["number"].strip()), text[start:stop].strip()


def read_notes(texts: Sequence[Text], disc: Disc, sectors: Sequence[Sector]) -> list[Note]:
    """The texts in and around a disc as notes; texts of one slice (or one block) are joined."""
    foot = min((t.bbox_px[1] for t in texts if _is_foot(t, disc)), default=np.inf)
    texts = [t for t in texts if t.bbox_px[1] < foot]
    near = [t for t in texts if _distance(t, disc) < _reach(t) * disc.radius]
    inner = [t for t in near if _depth(t, disc) < 0.97 * disc.radius]
    if disc.hole:  # what stands in the hole is a total or a title
        inner = [t for t in inner if _depth(t, disc) > 0.8 * disc.hole]
    notes = []
    for sector in sectors:
        own = [t for t in inner if sector.away(_turn(t, disc)) == 0]
        for block in _blocks(own):
            notes.append(_note(block, disc, inside=True))
    skip = {id(t) for t in texts if _depth(t, disc) < 0.97 * disc.radius}
    outer = [t for t in near if id(t) not in skip]
    around = [_note(block, disc, inside=False) for block in _blocks(outer)]
    if sum(bool(n.name and n.number) for n in around) >= 2:  # then a bare number is no slice's
        around = [n for n in around if n.name]
    return [n for n in notes + around if len(n.name) > 1 or n.number]


def _is_foot(text: Text, disc: Disc) -> bool:
    """Whether a text below the disc begins the notes, which go on from there."""
    return text.bbox_px[1] > disc.y + disc.radius and is_note(text.text)


def _reach(text: Text) -> float:
    """How far from the disc (in radii) a text of this role may be a slice's."""
    if text.role in ("title", "subtitle"):
        name, number, _ = split_value(text.text)
        if name and number and number.unit == "%" and len(name.split()) <= 5:
            return 1.2
        if re.search(r"\b(?:19|20)\d\d\b", text.text):
            return 0.0
        return 0.35 if len(_BULLET.sub("", text.text).split()) <= 2 else 0.0
    if text.role == "source" and "%" in text.text:  # lines right under a pie pass for its foot
        return 1.2
    return 1.2 if text.role in _ROLES else 0.75 if len(text.text) < 30 else 0.0


def _blocks(texts: Sequence[Text]) -> list[list[Text]]:
    """Lines that stand under each other, cut so that a block has one number at most."""
    left = sorted(texts, key=lambda t: (t.bbox_px[1], t.bbox_px[0]))
    blocks: list[list[Text]] = []
    for text in left:
        near = (b for b in blocks if _follows(b[-1], text) or _beside(b[-1], text))
        home = None if _BULLET.match(text.text) else next(near, None)
        if home is None:
            blocks.append([text])
        else:
            home.append(text)
    return [part for block in blocks for part in _one_number(block)]


def _one_number(block: list[Text]) -> list[list[Text]]:
    parted = [split_value(t.text) for t in block]
    flags = [number is not None for _, number, _ in parted]
    ends = [
        bool(n and number and t.text.rstrip(" )").endswith(shown))
        for t, (n, number, shown) in zip(block, parted, strict=True)
    ]
    if sum(flags) <= 1 and not any(ends[:-1]):
        return [block]
    parts: list[list[Text]] = [[]]
    number_first = flags[0] and not flags[-1] and not ends[0]
    for text, flag in zip(block, flags, strict=True):
        if number_first and flag and parts[-1]:
            parts.append([])
        parts[-1].append(text)
        if not number_first and flag:
            parts.append([])
    return [part for part in parts if part]


def _follows(above: Text, below: Text) -> bool:
    a, b = above.bbox_px, below.bbox_px
    height = min(a[3] - a[1], b[3] - b[1])
    overlap = min(a[2], b[2]) - max(a[0], b[0])
    aligned = min(abs(a[0] - b[0]), abs(a[2] - b[2]), abs(a[0] + a[2] - b[0] - b[2]) / 2)
    close = -0.5 * height < b[1] - a[3] < 0.55 * height
    return (
        close
        and overlap > 0
        and (aligned < 1.2 * height or overlap > 0.7 * min(a[2] - a[0], b[2] - b[0]))
    )


def _beside(one: Text, other: Text) -> bool:
    a, b = one.bbox_px, other.bbox_px
    height = min(a[3] - a[1], b[3] - b[1])
    gap = max(a[0], b[0]) - min(a[2], b[2])
    return abs(a[1] + a[3] - b[1] - b[3]) / 2 < 0.35 * height and gap < 0.7 * height


def _note(block: list[Text], disc: Disc, *, inside: bool) -> Note:
    ordered = sorted(block, key=lambda t: t.bbox_px[1])
    name, number, printed = "", None, ""
    words = []
    for text in ordered:
        part, value, shown = split_value(text.text)
        words.append(part)
        if value is not None:
            number, printed = value, shown
    name = " ".join(word for word in words if word)
    boxes = np.array([t.bbox_px for t in ordered])
    box = (boxes[:, 0].min(), boxes[:, 1].min(), boxes[:, 2].max(), boxes[:, 3].max())
    if inside:
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    else:  # the point of the block nearest to the disc, half way to its middle
        x = (np.clip(disc.x, box[0], box[2]) + (box[0] + box[2]) / 2) / 2
        y = (np.clip(disc.y, box[1], box[3]) + (box[1] + box[3]) / 2) / 2
    turn = float(np.arctan2(x - disc.x, disc.y - y) / (2 * np.pi) % 1)
    return Note(name, number, printed, turn, inside, tuple(ordered))


def _middle(text: Text) -> tuple[float, float]:
    left, top, right, bottom = text.bbox_px
    return (left + right) / 2, (top + bottom) / 2


def _depth(text: Text, disc: Disc) -> float:
    x, y = _middle(text)
    return float(np.hypot(x - disc.x, y - disc.y))


def _turn(text: Text, disc: Disc) -> float:
    x, y = _middle(text)
    return float(np.arctan2(x - disc.x, disc.y - y) / (2 * np.pi) % 1)


def _distance(text: Text, disc: Disc) -> float:
    left, top, right, bottom = text.bbox_px
    x, y = np.clip(disc.x, left, right), np.clip(disc.y, top, bottom)
    return float(np.hypot(x - disc.x, y - disc.y)) - disc.radius


def with_first_digits(
    notes: Sequence[Note], sectors: Sequence[Sector], total: float
) -> tuple[list[Note], list[str]]:
    """The notes, those whose first digit was not recognised ("3.8" for 63.8, ".1" for 4.1) with
    the one that makes them fit the angle of their slice; and what was mended."""
    result, problems = [], []
    for note in notes:
        near = sorted(
            (s for s in sectors if s.away(note.turn) < 0.04), key=lambda s: s.away(note.turn)
        )
        number = note.number
        if number is not None and all(_off(note, s, total) > 0.02 for s in near):
            found = (_with_digit(note, number, total, s.share) for s in near)
            if value := next((v for v in found if v), 0.0):
                problems.append(f"the label {note.printed} was read as {value:g}")
                note = replace(note, number=replace(number, value=value))
        result.append(note)
    return result, problems


def _with_digit(note: Note, number: Number, total: float, share: float) -> float:
    """A number with the one digit before it that makes it the share of the whole; 0 for none."""
    if number.value < 0 or total <= 0:
        return 0.0
    digits = len(str(int(number.value)))
    point = any(re.match(r"[.,]\d", text.text) for text in note.texts)
    rest, step = (number.value, 10**digits)
    if point:  # "1" or "0.1" of ".1"
        rest, step = (number.value / 10**digits if number.value >= 1 else number.value), 1
    offs = sorted(
        (abs((rest + digit * step) * number.scale / total - share), rest + digit * step)
        for digit in range(1, 10)
    )
    told = offs[0][0] <= 0.012 and offs[0][0] < 0.4 * offs[1][0]
    return offs[0][1] if told else 0.0


def place_notes(
    notes: Sequence[Note], sectors: Sequence[Sector], total: float
) -> dict[int, list[Note]]:
    """Sector -> its notes. Inside a slice the place decides; outside, direction and the agreement
    of the printed share with the angle together."""
    result: dict[int, list[Note]] = {}
    loose = []
    for note in notes:
        home = [i for i, s in enumerate(sectors) if s.away(note.turn) == 0]
        if note.inside and home and _off(note, sectors[home[0]], total) < 0.12:
            result.setdefault(home[0], []).append(note)
        else:
            loose.append(note)
    # Numbers may be inside and names outside: each kind is placed on its own.
    for wanted in (True, False):
        some = [n for n in loose if (n.number is not None) == wanted]
        if not some:
            continue
        costs = np.array(
            [[_cost(n, s, i, result, total) for i, s in enumerate(sectors)] for n in some]
        )
        for row, i in assign(costs, 6.0).items():
            result.setdefault(i, []).append(some[row])
    return result


def _cost(note: Note, sector: Sector, i: int, placed: dict[int, list[Note]], total: float) -> float:
    taken = placed.get(i, [])
    if note.number is not None and any(other.number for other in taken):
        return 1e3
    if note.name and any(other.name for other in taken):
        return 1e3
    centre = abs((note.turn - sector.middle + 0.5) % 1 - 0.5)
    return 25 * sector.away(note.turn) + 3 * centre + min(150 * _off(note, sector, total), 12)


def _off(note: Note, sector: Sector, total: float) -> float:
    """How far the printed share is from the angle's, as a share of the whole."""
    if note.number is None or total <= 0:
        return 0.0
    return abs(note.number.total / total - sector.share)
