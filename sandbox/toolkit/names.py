"""Tolerant matching of names: case, punctuation, plural, abbreviations, OCR slips."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
CONFUSED = str.maketrans({"0": "o", "1": "l", "5": "s", "8": "b", "|": "l", "i": "l", "!": "l"})
SMALL_WORDS = frozenset(("the", "a", "an", "of", "in", "for", "and", "to", "by", "on", "at"))
YEAR = re.compile(r"(?:1[5-9]|20|21)\d\d")
SHORT_YEAR = re.compile(r"(?:^|[^0-9a-z])(?:'|fy|cy)\s?(\d\d)(?!\d)")


class NoSuch(KeyError):
    """No series, category or mark of that name; the message lists the near names."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


def simplified(name: object) -> str:
    """Lower case, no accents, punctuation as single spaces, years in full."""
    text = unicodedata.normalize("NFKD", str(name).strip()).casefold()
    text = "".join(c for c in text if not unicodedata.combining(c)).replace("’", "'")
    text = SHORT_YEAR.sub(lambda found: f" {full_year(found[1])}", text)
    text = re.sub(r"(?<=\d),(?=\d\d\d)", "", text)
    text = re.sub(r"(?<!\d)\.(?!\d)|[^\w.%$€£<>+&-]|_", " ", text).replace("&", " and ")
    text = re.sub(r"(?<=\d)\.0+(?!\d)", "", text)
    return " ".join(text.replace("-", " ").split())


def full_year(two_digits: str) -> str:
    """'09 as 2009 and '85 as 1985 (up to 49 is this century)."""
    return ("20" if int(two_digits) < 50 else "19") + two_digits


def singular(word: str) -> str:
    """An English word without its plural ending, roughly: countries → country, boxes → box."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def words_of(name: object) -> list[str]:
    """The words of a name as they are compared: simplified, singular, months in full."""
    return [_full_month(singular(word)) for word in simplified(name).split()]


def _full_month(word: str) -> str:
    if len(word) < 3 or len(word) > 4:
        return word
    for month in MONTHS:
        if month.startswith(word) or (word == "sept" and month == "september"):
            return month
    return word


def likeness(wanted: object, name: object) -> float:
    """How well a name fits what was asked for, 0..1: 1 is the same word for word, above 0.8 a
    spelling variant or abbreviation, above 0.6 the same words in part."""
    a, b = words_of(wanted), words_of(name)
    if not a or not b:
        return 1.0 if str(wanted).strip() == str(name).strip() else 0.0
    if a == b:
        return 1.0
    if "".join(a) == "".join(b):
        return 0.98
    years_a, years_b = _years(a), _years(b)
    if years_a and years_b and not years_a & years_b:
        return 0.0
    if _number(a) is not None and _number(b) is not None:
        return 0.97 if _number(a) == _number(b) else 0.0
    return max(_same_letters("".join(a), "".join(b)), _shared_words(a, b), _initials(a, b))


def _years(words: Sequence[str]) -> set[str]:
    return {word for word in words if YEAR.fullmatch(word)}


def _number(words: Sequence[str]) -> float | None:
    try:
        return float("".join(words).strip("%$€£"))
    except ValueError:
        return None


def _same_letters(a: str, b: str) -> float:
    """Edit likeness; digits count as they are unless they stand among letters (OCR slips)."""
    if a.translate(CONFUSED) == b.translate(CONFUSED):
        return 0.95
    if re.findall(r"\d+", a) != re.findall(r"\d+", b):
        return 0.0
    rate = difflib.SequenceMatcher(None, a, b, autojunk=False).ratio()
    return 0.93 * rate if rate >= 0.75 else 0.0


def _shared_words(a: Sequence[str], b: Sequence[str]) -> float:
    """Words of the one that are in the other, small words apart; numbers must not contradict."""
    set_a, set_b = (set(words) - SMALL_WORDS or set(words) for words in (a, b))
    digits_a, digits_b = ({w for w in words if w[0].isdigit()} for words in (set_a, set_b))
    if digits_a and digits_b and not (digits_a <= digits_b or digits_b <= digits_a):
        return 0.0
    common = sum(1.0 for word in set_a if any(_word_fits(word, other) for other in set_b))
    back = sum(1.0 for word in set_b if any(_word_fits(word, other) for other in set_a))
    cover = max(common / len(set_a), back / len(set_b))
    balance = (common + back) / (len(set_a) + len(set_b))
    return 0.0 if cover < 1.0 and balance < 0.6 else 0.55 * cover + 0.37 * balance


def _word_fits(a: str, b: str) -> bool:
    if a == b:
        return True
    if min(len(a), len(b)) < 3 or a[0].isdigit() or b[0].isdigit():
        return False
    if (a.startswith(b) or b.startswith(a)) and min(len(a), len(b)) >= 4:
        return True
    return difflib.SequenceMatcher(None, a, b, autojunk=False).ratio() >= 0.85


def _initials(a: Sequence[str], b: Sequence[str]) -> float:
    """UK for United Kingdom, and the reverse."""
    for short, long in ((a, b), (b, a)):
        letters = "".join(short)
        if 2 <= len(letters) <= 5 and len(long) >= 2 and letters.isalpha():
            heads = "".join(word[0] for word in long)
            if letters in (heads, "".join(w[0] for w in long if w not in SMALL_WORDS)):
                return 0.9
    return 0.0


def near_names(wanted: object, names: Iterable[str], limit: int = 6) -> list[str]:
    """The names most like what was asked for, best first, for messages."""
    pool = list(dict.fromkeys(names))
    scored = [
        (max(likeness(wanted, name), 0.5 * _ratio(str(wanted), name)), -n, name)
        for n, name in enumerate(pool)
    ]
    return [name for _, _, name in sorted(scored, reverse=True)[:limit]]


def _ratio(a: str, b: str) -> float:
    return difflib.SequenceMatcher(None, a.casefold(), b.casefold()).ratio()


def best_name(wanted: object, names: Iterable[str], what: str = "name", least: float = 0.7) -> str:
    """The one name that fits best. Raises `NoSuch`, listing near names, when none does or when
    two fit equally well."""
    pool = list(dict.fromkeys(str(name) for name in names))
    scored = sorted(((likeness(wanted, name), -n) for n, name in enumerate(pool)), reverse=True)
    if not scored or scored[0][0] < least:
        near = ", ".join(repr(name) for name in near_names(wanted, pool))
        raise NoSuch(f"no {what} {wanted!r}; there is {near or 'none at all'}")
    score, place = scored[0]
    if score < 0.97 and len(scored) > 1 and scored[1][0] > score - 0.01:
        pair = f"{pool[-place]!r} and {pool[-scored[1][1]]!r}"
        raise NoSuch(f"{what} {wanted!r} could be {pair}: say which")
    return pool[-place]
