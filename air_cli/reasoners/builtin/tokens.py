"""Questions and names as tokens: words in singular lower case, numbers with their value. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
    '\d\d(?!\d)                            # '09
  | \d+(?:[-–]\d+)+(?![\d.])(?:\s?%)?      # 18-29, 2019-20
  | \d+/\d+                                # 2018/19
  | [$€£¥]?(?:\d{1,3}(?:,\d{3})+(?!\d|[\d,]*,\d{1,2}\b)|\d+)   # 1,234.5 65+ 2nd 1990s; 35,51 is two
    (?:\.\d+)?(?:%|\+|(?:st|nd|rd|th|s|k|m|bn)\b)?
  | [$€£¥]?\.\d+%?
  | (?:[A-Za-z]\.){2,}                      # U.S.
  | \w+(?:[.'’]\w+)*                       # words, U.S, don't
  | [^\w\s]
    """,
    re.X,
)
_NUMBER = re.compile(r"[$€£¥]?(\d[\d,]*(?:\.\d+)?|\.\d+)(%|k|m|bn)?")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_FACTORS = {"k": 1e3, "m": 1e6, "bn": 1e9}
_ORDINALS = ("fir", "sec", "thi", "fou", "1st", "2nd", "3rd", "4th")
_QUARTER = re.compile(r"\b(first|second|third|fourth|1st|2nd|3rd|4th) quarter\b(?: of\b)?", re.I)
_SPLIT_YEAR = re.compile(r"(\d{4}|\d{2})[/–-](\d{4}|\d{2})")
_KEEP = frozenset(
    ("is", "was", "has", "does", "this", "us", "its", "as", "yes", "less", "his", "always")
)
_SPELLED = {"colour": "color", "grey": "gray", "coloured": "colored", "favour": "favor"}


@dataclass(frozen=True)
class Token:
    """`norm` is what is compared; `value` the number it is, or None; `percent` a % sign."""

    text: str
    norm: str
    start: int
    value: float | None = None

    @property
    def capital(self) -> bool:
        return self.text[:1].isupper()

    @property
    def punctuation(self) -> bool:
        return not re.match(r"[\w'$€£¥.]", self.text) or self.text == "."

    @property
    def year(self) -> bool:
        return bool(re.fullmatch(r"(1[5-9]|20|21)\d\d", self.norm))


def tokenise(text: str) -> list[Token]:
    """The tokens of a question, in order."""
    clean = unicodedata.normalize("NFKC", text).replace("’", "'").replace("�", "'")
    clean = re.sub(r"(?<![\d.,/-])(\d{1,3})\s?[-–—]\s?(\d{1,3})(?![\d/-])", r"\1-\2", clean)
    clean = _times_apart(clean)
    clean = _QUARTER.sub(lambda m: f"Q{_ORDINALS.index(m[1].lower()[:3]) % 4 + 1}", clean)
    clean = re.sub(r"(?<=\w\.)-(?=\w)", " ", clean)
    clean = re.sub(r"(?<=\w)-(?=[A-Za-z])|(?<=[A-Za-z])-(?=\w)|_", " ", clean)
    clean = re.sub(r"\bv/s\b", "vs", clean, flags=re.I)
    clean = re.sub(r"(?<=[A-Za-z])/(?=[A-Za-z])", " ", clean)
    return [_token(m[0], m.start()) for m in _TOKEN.finditer(clean)]


def _times_apart(text: str) -> str:
    """Quarters, halves, fiscal years and months with a short year, written out: 1Q15, Q1-15,
    FY4Q24, FY'21, Mar-12 become Q1 2015, Q4 2024, 2021, Mar 2012."""
    text = re.sub(r"\b(?:fiscal |financial )?year[- ]end(?:ed|ing)?\b", " ", text, flags=re.I)
    text = re.sub(r"\b(?:FY)?([1-4])Q(?=\b|'|\d|-)", r"Q\1 ", text, flags=re.I)
    text = re.sub(r"\b(?:FY)?Q([1-4])(?=['\d/-])", r"Q\1 ", text, flags=re.I)
    text = re.sub(r"\b(Q[1-4])\s*[-'/]?\s*(\d\d)(?=[AEF]?\b)(?!\s?%)", _long_year, text, flags=re.I)
    text = re.sub(r"\b()(?:FY|CY)\s?['-]?(\d\d)(?=[AEF]?\b)", _long_year, text, flags=re.I)
    text = re.sub(r"\b(?:FY|CY)\s?(?=\d{4})", "", text, flags=re.I)
    months = "|".join(month[:3] for month in MONTHS)
    return re.sub(rf"\b((?:{months})[a-z]*)\s?[-'](\d\d)\b", _long_year, text, flags=re.I)


def _long_year(found: re.Match[str]) -> str:
    return f"{found[1]} {full_year(found[2])} ".lstrip()


def full_year(digits: str) -> str:
    """A year of two digits in full; up to 49 is this century."""
    return ("20" if int(digits) < 50 else "19") + digits


def _token(text: str, start: int) -> Token:
    number = _NUMBER.fullmatch(text)
    if number and re.search(r"\d", text):
        value = float(number[1].replace(",", "")) * _FACTORS.get(number[2] or "", 1.0)
        norm = number[1].replace(",", "") + (number[2] or "")
        return Token(text, re.sub(r"\.0+$", "", norm), start, value)
    if split := _SPLIT_YEAR.fullmatch(text):
        return Token(text, _split_year(split[1], split[2]) or text.replace("–", "-"), start)
    if re.fullmatch(r"'\d\d", text):
        return Token(text, full_year(text[1:]), start)
    return Token(text, _form(text), start)


def _split_year(first: str, second: str) -> str:
    """2019/2020, 2019-20 and 19/20 as 2019/20; empty when they are no neighbouring years."""
    if (int(first) + 1) % 100 != int(second) % 100 or len(first) < len(second) == 4:
        return ""
    if len(first) == 4 and (not 1500 <= int(first) < 2200 or int(second) < 100 != len(second) == 4):
        return ""
    whole = first if len(first) == 4 else full_year(first)
    return f"{whole}/{second[-2:]}"


def _form(word: str) -> str:
    """One word as it is compared: lower case, no accents, singular, months in full."""
    text = unicodedata.normalize("NFKD", word).casefold()
    text = "".join(c for c in text if not unicodedata.combining(c)).replace("’", "'")
    text = re.sub(r"'s$|s'$", lambda m: "s" if m[0] == "s'" else "", text)
    text = text.replace(".", "") if re.fullmatch(r"(\w\.)+\w?", text) else text
    text = _SPELLED.get(text, text)
    if text in _KEEP or len(text) < 4:
        return _month(text)
    if text.endswith("ies") and len(text) > 4:
        text = text[:-3] + "y"
    elif text.endswith(("sses", "shes", "ches", "xes", "zes")):
        text = text[:-2]
    elif text.endswith("s") and not text.endswith(("ss", "us", "is")):
        text = text[:-1]
    return _month(_SPELLED.get(text, text))


def _month(word: str) -> str:
    if 3 <= len(word) <= 4:
        for month in MONTHS:
            if month.startswith(word) or (word == "sept" and month == "september"):
                return month
    return word


def forms(text: str) -> tuple[str, ...]:
    """The compared forms of the words of a name or phrase."""
    return tuple(token.norm for token in tokenise(text) if not token.punctuation)


def stem(word: str) -> str:
    """A word without common endings, for loose comparison only."""
    for ending in ("ization", "ation", "ition", "ment", "ness", "ity", "ing", "ed", "er", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word[:-1] if word.endswith("e") and len(word) > 4 else word
