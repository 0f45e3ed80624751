"""What a question names and a document never says: years, codes and proper names. Pure functions.

A question about "Recruiter C" of a document that knows A and B, or about 2018 of one that ends in
2014, has no answer in it, however well the other words fit a figure.
"""

from __future__ import annotations

import difflib
import itertools
import re
import unicodedata
from collections.abc import Iterable

from air_cli.wording import without_form

# Letters of text below which a document is a scan, of which nothing can be said.
LEAST_TEXT = 400
_YEAR = re.compile(r"(?<![\d.,$€£])(19[5-9]\d|20[0-4]\d)(?![\d,]|\.\d)")
_CODE = re.compile(r"\b(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9][\w.-]{2,}\b")
_NAME = re.compile(r"(?<=[a-z,;:)] )(?<!the )(?<!The )[\"'“‘]?([A-Z][\w’'&.-]*\w)((?: [A-Z]\w+)*)")
_LETTERED = re.compile(r"\b([A-Z][a-z]+|[a-z]{4,}) ([A-Z]|\d{1,2})\b(?![.:)]\S|[’'%])")
_TIMED = re.compile(
    r"(?:Q[1-4]|[1-4]Q|[HFC]Y?\d?)['’/-]?\d\d(?:\d\d)?[AEF]?|\d+(?:st|nd|rd|th|s|k|m|bn|am|pm|x)",
    re.I,
)
_SPARE = frozenset(
    """january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday the percent usd gbp int float list
    string none yes true false fiscal please write answer format page slide figure table chart
    """.split()  # noqa: SIM905 - sixty words read better as text
)
# Measures that are worked out and need not be said.
MEASURES = frozenset(
    "ebitda ebit capex cagr roe roa roi eps dso dpo fcf yoy qoq after-tax pre-tax".split()  # noqa: SIM905
)
NEAR, SHORT = 0.75, 0.86


def unsaid(question: str, texts: Iterable[str]) -> tuple[str, ...]:
    """The years, codes, proper names and lettered things ("Recruiter C") of the question that the
    texts never mention, nor anything spelled nearly like them. Empty for a scan."""
    text = _folded(" ".join(texts))
    if sum(char.isalpha() for char in text) < LEAST_TEXT:
        return ()
    words = set(re.findall(r"[\w’'&.-]*\w", text))
    said = without_form(question).split("e.g.")[0]
    missing = [year for year in _YEAR.findall(said) if not _dated(year, text)]
    joined = _joined(text)
    names = [name for name in _CODE.findall(said) if not re.fullmatch(r"[YMD-]+", name)]
    names += [
        first
        for first, rest in _NAME.findall(said)
        if not any(_known(_folded(word), words, joined) for word in rest.split())
    ]
    missing += [name for name in names if not _known(_folded(name), words, joined)]
    missing += [
        f"{noun} {letter}"
        for noun, letter in _LETTERED.findall(said)
        if _one_of(noun, letter, text)
    ]
    return tuple(dict.fromkeys(missing))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in plain if not unicodedata.combining(c))


def _dated(year: str, text: str) -> bool:
    """Whether a year is said, in full or by its last digits: 2015, FY15, '15, 4Q15, 2014/15."""
    short = year[2:]
    return year in text or bool(
        re.search(rf"(?:['’/–-]|\b(?:fy|cy|[1-4]q|q[1-4])\s?['’/-]?\s?|^){short}(?!\d)", text)
    )


def _joined(text: str) -> set[str]:
    """The words of a text without punctuation, alone and two together."""
    plain = [re.sub(r"[\W_]", "", word) for word in text.split()]
    return {*plain, *(a + b for a, b in itertools.pairwise(plain))}


def _known(name: str, words: set[str], joined: set[str]) -> bool:
    """Whether a name is in the text, nearly as spelled, or as the parts of a compound."""
    bare = name.strip(".-'’&").removesuffix("'s").removesuffix("’s")
    if bare in _SPARE or _TIMED.fullmatch(bare) or _YEAR.fullmatch(bare) or len(bare) < 3:
        return True
    if bare in words or re.sub(r"[\W_]", "", bare) in joined or bare in MEASURES:
        return True
    if any(char.isdigit() for char in bare):
        return False
    stem = bare[: max(4, len(bare) - (1 if len(bare) < 7 else 3))]
    near = [w for w in words if w[:1] == bare[:1] and abs(len(w) - len(bare)) <= 3]
    return any(w.startswith(stem) for w in near) or bool(
        difflib.get_close_matches(bare, near, 1, NEAR if len(bare) > 5 else SHORT)
    )


def _one_of(noun: str, letter: str, text: str) -> bool:
    """Whether the text has such things under other letters or numbers, and not this one."""
    word = re.escape(_folded(noun))
    others = set(re.findall(rf"\b{word} ([a-z]|\d{{1,2}})\b", text))
    single = {one for one in others if one.isdigit() == letter.isdigit()}
    return len(single - {"a", "i"}) >= 2 - (letter.isalpha() and "a" in others) and (
        _folded(letter) not in others
    )
