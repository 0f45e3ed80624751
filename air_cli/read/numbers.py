"""Numbers and units as charts write them. Pure functions, standard library only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# Labels whose meaning is kept: a chart's few are asked about hundreds of times.
REMEMBERED = 4096

_MINUS = str.maketrans(dict.fromkeys("−–—‐‑‒﹣－", "-"))
_SPACES = str.maketrans(dict.fromkeys("\xa0\u2007\u2009\u202f\u2008\u200a", " "))
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")

_CURRENCY = (
    r"US\$|USD|EUR|GBP|JPY|CHF|CNY|RMB|INR|AUD|CAD|C\$|A\$|HK\$|NZ\$|S\$|R\$|Rs\.?|kr\.?|"
    r"[$€£¥₹₩₽₺₪]"
)
SCALE_SUFFIXES = {
    "k": 1e3, "tsd": 1e3, "thousand": 1e3, "m": 1e6, "mm": 1e6, "mn": 1e6, "mln": 1e6,
    "mio": 1e6, "mil": 1e6, "million": 1e6, "millions": 1e6, "b": 1e9, "bn": 1e9, "bln": 1e9,
    "billion": 1e9, "billions": 1e9, "mrd": 1e9, "t": 1e12, "tn": 1e12, "trn": 1e12,
    "trillion": 1e12, "trillions": 1e12, "thousands": 1e3,
}  # fmt: skip
_GROUPED = r"\d{1,3}(?:[ ,.'’]\d{3})+(?:[.,]\d+)?|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?"
_BODY = rf"{_GROUPED}|\d+[.,]\d+|[.,]\d+|\d+"
_NUMBER = re.compile(
    rf"""^(?P<open>\()?\s*(?P<about>[<>~≈≤≥])?\s*(?P<sign>[-+])?\s*(?P<cur>{_CURRENCY})?\s*
    (?P<sign2>[-+])?\s*(?P<body>{_BODY})
    (?:\s?[x×·*]\s?10(?:\s?\^\s?(?P<power>-?\d+)|(?P<sup>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+))|[eE](?P<exp>[-+]?\d+))?
    \s*(?P<cur2>{_CURRENCY})?\s*(?P<rest>[^\d()]*)\s*(?P<close>\))?\s*(?P<rest2>%?)[*†‡]*$""",
    re.VERBOSE,
)
# "$(50)M": the bracket that stands for a minus around the digits alone.
_BRACKETED = re.compile(
    rf"(?P<cur>{_CURRENCY})?\s*\((?P<body>{_BODY})\)\s*(?P<rest>[A-Za-z]{{0,8}}%?)"
)
_TEN = re.compile(r"^(?P<sign>-)?10(?:\s?\^\s?\{?(?P<power>-?\d+)\}?|(?P<sup>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+))$")
_GLUED_SCALE = re.compile(r"^((?:thousand|million|billion|trillion)s?+)(?=[a-z]\b)", re.IGNORECASE)
_PERCENT = re.compile(r"^(?:%|percent|per cent|pct\.?)", re.IGNORECASE)


MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH_PATTERN = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)


@dataclass(frozen=True)
class Number:
    """A number as printed. `value` is what is written; `value * scale` is `total`.

    `unit`: "%", a currency sign, or the words that follow. `decimals`: digits after the point.
    `other`: the value under the other reading of an ambiguous separator ("1.234"), else None.
    `bound`: "<" or ">" where the print gives only a bound.
    """

    value: float
    unit: str = ""
    scale: float = 1.0
    decimals: int = 0
    other: float | None = None
    bound: str = ""

    @property
    def total(self) -> float:
        """The value with its suffix applied: "$4.0M" is 4e6."""
        return self.value * self.scale

    @property
    def half(self) -> float:
        """Half a unit of the last printed digit, suffix applied: the rounding of the print."""
        return float(0.5 * 10.0**-self.decimals * self.scale)


def plain_signs(text: str) -> str:
    """A text with ordinary spaces and minus signs for the typographic ones."""
    return text.translate(_SPACES).translate(_MINUS).strip()


@lru_cache(maxsize=REMEMBERED)
def parse_number(text: str) -> Number | None:
    """The number that `text` prints, or None when it is not one number (with a unit at most)."""
    text = plain_signs(text)
    if ten := _TEN.match(text):
        power = int(ten["power"] or ten["sup"].translate(_SUPERSCRIPT))
        return Number((-1 if ten["sign"] else 1) * 10.0**power) if abs(power) < 300 else None
    match = _NUMBER.match(_bracketed(text))
    if not match or (match["open"] is None) != (match["close"] is None):
        return None
    rest = (match["rest"] or "").strip().strip("*†‡").strip() + (match["rest2"] or "")
    parts = _unit(rest, money=bool(match["cur"] or match["cur2"]))
    if parts is None:
        return None
    unit, scale = parts
    unit = match["cur"] or match["cur2"] or unit
    value, decimals, other = _body(match["body"])
    power = int(match["power"] or (match["sup"] or "0").translate(_SUPERSCRIPT) or 0)
    power += int(match["exp"] or 0)
    if abs(power) > 300:
        return None
    negative = "-" in (match["sign"], match["sign2"]) or match["open"] is not None
    factor = (-1.0 if negative else 1.0) * 10.0**power
    return Number(
        value * factor,
        unit,
        scale,
        max(0, decimals - power),
        None if other is None else other * factor,
        {"≤": "<", "≥": ">"}.get(match["about"] or "", (match["about"] or "").strip("~≈")),
    )


def _bracketed(text: str) -> str:
    """A text with the bracket of a negative number drawn around its currency and suffix as well."""
    match = _BRACKETED.fullmatch(text)
    if match is None or not (match["cur"] or match["rest"].lower() in SCALE_SUFFIXES):
        return text
    return f"({match['cur'] or ''}{match['body']}{match['rest']})"


def _unit(rest: str, *, money: bool = False) -> tuple[str, float] | None:
    """What follows the digits: (unit, scale), or None when it is no unit.

    "t" is tonnes unless it is a capital or the number is `money`: then trillions.
    """
    rest = re.sub(r"(?<=\w)[-_|]+$", "", rest)  # a tick mark that the OCR read with its label
    if not rest:
        return "", 1.0
    if _PERCENT.match(rest):
        return "%", 1.0
    if len(rest) > 32 or not re.match(r"[A-Za-zÀ-ÿ°µ€£$¥₹]", rest):
        return None
    first, _, more = _GLUED_SCALE.sub(r"\1 ", rest).partition(" ")
    if first == "t" and not money:
        return rest, 1.0
    scale = SCALE_SUFFIXES.get(first.rstrip(".").lower())
    if scale is not None and not (first == "T" and more):
        return more.strip(), scale
    if re.match(MONTH_PATTERN + r"\b|(?:st|nd|rd|th)\b|[-/]|to\b|and\b|or\b", rest, re.IGNORECASE):
        return None
    return (rest, 1.0) if len(rest.split()) <= 2 else None


def _body(text: str) -> tuple[float, int, float | None]:
    """(value, decimals, other reading) of digits with separators."""
    text = re.sub(r"[ '’]", "", text)
    last = max(text.rfind(","), text.rfind("."))
    if last < 0:
        return float(text), 0, None
    mark, tail = text[last], text[last + 1 :]
    plain = re.sub(r"[.,]", "", text)
    head = re.sub(r"[.,]", "", text[:last])
    as_decimal = float(f"{head or '0'}.{tail}")
    both = "," in text and "." in text
    if both:
        return as_decimal, len(tail), None
    if text.count(mark) > 1:
        return float(plain), 0, None
    if len(tail) == 3 and head not in ("", "0"):
        if mark == ",":
            return float(plain), 0, as_decimal
        return as_decimal, 3, float(plain)
    return as_decimal, len(tail), None


_CONFUSED = {
    "O": "0", "o": "0", "Q": "0", "D": "0", "l": "1", "I": "1", "i": "1", "|": "1", "S": "5",
    "s": "5", "B": "8", "Z": "2", "z": "2", "g": "9", "q": "9", "b": "6", "G": "6",
}  # fmt: skip


def repaired(text: str) -> Iterator[str]:
    """Readings of `text` with letters that OCR confuses with digits put right, likeliest first.

    Used only where a number is expected; the caller decides by consistency with its neighbours.
    """
    yield text
    if re.fullmatch(r"[QH][1-4]|[1-4][QH]", text):
        return  # a quarter
    if zero := re.fullmatch(r"([$€£¥]?)[OoQ]([KMBk%]|bn|mn)?", text):
        yield f"{zero[1]}0{zero[2] or ''}"
    if any(c.isdigit() for c in text) or (text and all(c in _CONFUSED for c in text)):
        swapped = "".join(_CONFUSED.get(c, c) for c in text)
        if swapped != text:
            yield swapped
    if re.fullmatch(r"\(?[-−–]?[$€£¥]?[OoQD](?:[%KkBM]|[mb]n)?\)?", text) and len(text) > 1:
        yield re.sub("[OoQD]", "0", text, count=1)
    stripped = re.sub(r"^[^\w(\-−–+$€£¥<.]+|[^\w%)$€£¥]+$", "", text)
    if stripped and stripped != text:
        yield stripped
    spaced = re.sub(r"(?<=\d)([.,]) (?=\d)|(?<=\d) ([.,])(?=\d)", r"\1\2", text)
    if spaced != text:
        yield spaced


# Units in titles

_WORDS = (
    (r"trillions?|tn|trn", 1e12),
    (r"billions?|bn|bln|milliards?|mrd", 1e9),
    (r"millions?|mn|mln|mio|mm|m", 1e6),
    (r"thousands?|k|'?000s?|’000s?|tsd", 1e3),
)
_CUR_WORD = rf"(?:{_CURRENCY}|U\.?S\.? dollars?|dollars?|euros?|pounds?|yen|yuan)"
_IN_SCALE = tuple(
    (re.compile(rf"\bin (?P<all>(?:{_CUR_WORD}\s?)?(?:{w})\b(?: of)?[^,;()\n]*)", re.IGNORECASE), s)
    for w, s in _WORDS
)
_BARE_SCALE = tuple(
    (re.compile(rf"^(?:{_CUR_WORD}[\s,]*)?(?:{w})\b|{_CUR_WORD}[\s,]*(?:{w})\b", re.IGNORECASE), s)
    for w, s in _WORDS
)
_ALONE = tuple(
    (
        re.compile(
            rf"(?:{_CUR_WORD}[\s,]*(?:{w})|"
            rf"(?:{w.replace('|mm|m', '')})(?: of(?: [\w.$€£-]+){{1,4}}|(?: [\w.$€£-]+){{1,2}})?)",
            re.IGNORECASE,
        ),
        s,
    )
    for w, s in _WORDS
)
_IN_PERCENT = re.compile(
    r"(?:^|\bin )(?:%|percent\b|per ?cent\b)|\(%\)|^%|^(?:share|percentage|proportion) of\b|"
    r"\bpercentage\b|\bas % of\b|\bpercent of\b",
    re.IGNORECASE,
)
_IN_UNIT = re.compile(rf"\bin (?P<all>{_CUR_WORD}\b[^,;()\n]*)", re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[]([^()\[\]]{1,40})[)\]]")


def parse_unit(text: str) -> tuple[str, float]:
    """The unit and scale that a title, subtitle or axis title states: ("", 1.0) where none.

    "Revenue in millions of U.S. dollars" is ("millions of U.S. dollars", 1e6); "(€m)" is
    ("€m", 1e6); "Share of voters" is ("%", 1.0).
    """
    text = text.translate(_SPACES)
    for inner in (*reversed(_BRACKETS.findall(text)), ""):
        found = _scaled(inner.strip()) if inner else None
        if found:
            return found
    for pattern, scale in _IN_SCALE:
        if match := pattern.search(text):
            return match["all"].strip(" ."), scale
    if _IN_PERCENT.search(text):
        return "%", 1.0
    if match := _IN_UNIT.search(text):
        return match["all"].strip(" ."), 1.0
    for inner in reversed(_BRACKETS.findall(text)):
        if not any(c.isdigit() for c in inner) and len(inner.split()) <= 4:
            return inner.strip(), 1.0
    return "", 1.0


def parse_axis_unit(title: str) -> tuple[str, float]:
    """Unit and scale of an axis title, which may be nothing but its unit: "Millions", "USD bn",
    "Revenue, thousands of dollars"; else as `parse_unit`."""
    unit, scale = parse_unit(title)
    if unit:
        return unit, scale
    phrase = re.split(r"[,:;]\s+", title.translate(_SPACES).strip())[-1].strip(" .")
    for pattern, factor in _ALONE:
        if pattern.fullmatch(phrase):
            return phrase, factor
    return (phrase, 1.0) if re.fullmatch(_CUR_WORD, phrase, re.IGNORECASE) else ("", 1.0)


def _scaled(inner: str) -> tuple[str, float] | None:
    if _IN_PERCENT.search(inner):
        return "%", 1.0
    inner = re.sub(r"^in ", "", inner, flags=re.IGNORECASE)
    if letter := re.fullmatch(rf"{_CUR_WORD}\s?([KBT])", inner):
        return inner, {"K": 1e3, "B": 1e9, "T": 1e12}[letter[1]]
    for pattern, scale in _BARE_SCALE:
        if pattern.search(inner):
            return inner, scale
    return None
