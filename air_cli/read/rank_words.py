"""What a question asks for, as words to look for: its terms, the lines of a statement that hold a
ratio it names, the pages and figures it names. Word lists are data, in `words/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from air_cli.wording import without_form

_DATA = Path(__file__).resolve().parent / "words"
_WORD = re.compile(r"[^\W\d_](?:&[^\W\d_])+|[qh][1-4]\b|[^\W\d_]+(?:'[a-z]+)?|\d+(?:[.,]\d+)*%?")
# "third quarter", "Q3", "3Q14": one term; "FY15", "fiscal '15": the year.
_ORDINAL = {"first": "1", "second": "2", "third": "3", "fourth": "4", "1st": "1", "2nd": "2"}
_ORDINAL |= {"3rd": "3", "4th": "4"}
_QUARTER = re.compile(r"\b(first|second|third|fourth|1st|2nd|3rd|4th)[\s-]+(quarter|half)\b")
_QUARTER_YEAR = re.compile(r"\b([1-4])([qh])[\s']*(\d{2})?\b|\b([qh][1-4])[\s']*(\d{2})\b")
_FISCAL = re.compile(r"\b(?:fy|fiscal(?: year)?)\s?'?(\d{2})\b")
_MENTION = re.compile(
    r"\b(figure|fig|chart|exhibit|graph|table|diagram)\.?\s*([A-Z]?[.\-]?\d+(?:[.\-]\d+)*)",
    re.IGNORECASE,
)
_PAGE = re.compile(r"\b(?:page|slide|p\.)\s*([A-Z]{1,3}-\d+|\d+)\b", re.IGNORECASE)
_SMALL = frozenset({"the", "and", "of", "in", "on", "a", "by", "for", "s"})

# Alternatives for one line of a statement, each a set of words.
Group = tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Concept:
    """A ratio or line of a financial statement. `names`: how a question says it; `lines`: a group
    for each line it is made from; `titles`: of the statements that have them."""

    names: tuple[tuple[str, ...], ...]
    lines: tuple[Group, ...]
    titles: tuple[Group, ...]


@dataclass(frozen=True)
class Wanted:
    """A question as words. `terms` in its order; `labels` like `("fig", "3")`; `printed` the pages
    it names ("7", "F-12")."""

    terms: tuple[str, ...]
    lines: tuple[Group, ...] = ()
    titles: tuple[Group, ...] = ()
    labels: frozenset[tuple[str, str]] = frozenset()
    printed: frozenset[str] = frozenset()

    @property
    def pages(self) -> frozenset[int]:
        """The page numbers among them."""
        return frozenset(int(page) for page in self.printed if page.isdecimal())

    @property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Neighbouring terms."""
        return frozenset(zip(self.terms, self.terms[1:], strict=False))


def understand(question: str) -> Wanted:
    """What to look for. Never empty-handed where the question has any word."""
    text = without_form(question)
    lines: list[Group] = []
    titles: list[Group] = []
    for concept in _named(words(text)):
        lines += [group for group in concept.lines if group not in lines]
        titles += [group for group in concept.titles if group not in titles]
    return Wanted(
        tuple(terms(text)),
        tuple(lines),
        tuple(titles),
        mentions(text),
        pages_named(text),
    )


def terms(text: str) -> list[str]:
    """Lower-case words and numbers without stop words, plurals folded, periods normalised.

    >>> terms("What were the net sales of Europe in FY21?")
    ['net', 'sale', 'europe', '2021']
    >>> terms("operating income, third quarter")
    ['operating', 'income', 'q3']
    """
    stop = _stop()
    return [_fold(word) for word in _WORD.findall(_periods(text.lower())) if word not in stop]


def words(text: str) -> list[str]:
    """Words without the smallest, plurals folded; numbers left out: a row's or title's name.

    >>> words("Total current assets .... 12,345 11,001")
    ['total', 'current', 'asset']
    """
    found = _WORD.findall(text.lower())
    return [_fold(word) for word in found if word not in _SMALL and not word[0].isdigit()]


def mentions(text: str) -> frozenset[tuple[str, str]]:
    """The figures a text names.

    >>> sorted(mentions("Compare Figure 3 with Table A-1"))
    [('fig', '3'), ('tab', 'a-1')]
    """
    found = _MENTION.findall(text)
    return frozenset((word.lower()[:3], number.lower()) for word, number in found)


def pages_named(text: str) -> frozenset[str]:
    """The pages a text names, as they would be printed.

    >>> sorted(pages_named("the table on page F-12, and page 7"))
    ['7', 'F-12']
    """
    return frozenset(name.upper() for name in _PAGE.findall(text))


def _periods(text: str) -> str:
    text = _QUARTER.sub(lambda m: f"{m[2][0]}{_ORDINAL[m[1]]}", text)
    text = _FISCAL.sub(r"20\1", text)
    return _QUARTER_YEAR.sub(_quarter, text)


def _quarter(match: re.Match[str]) -> str:
    name = match[4] or f"{match[2]}{match[1]}"
    year = match[5] or match[3]
    return f"{name} 20{year}" if year else name


def _fold(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _named(found: Sequence[str]) -> list[Concept]:
    """The concepts a question names; a longer name hides the shorter ones inside it."""
    spans: list[tuple[int, int, Concept]] = []
    for concept in _concepts():
        for name in concept.names:
            size = len(name)
            for start in range(len(found) - size + 1):
                if tuple(found[start : start + size]) == name:
                    spans.append((start, start + size, concept))
    kept = [
        concept
        for start, end, concept in spans
        if not any(a <= start and end <= b and b - a > end - start for a, b, _ in spans)
    ]
    return list(dict.fromkeys(kept))


@cache
def _stop() -> frozenset[str]:
    return frozenset(word for line in _data("question.txt") for word in line.split())


@cache
def _concepts() -> tuple[Concept, ...]:
    titles: dict[str, Group] = {}
    concepts: list[Concept] = []
    for line in _data("finance.txt"):
        if line.startswith("["):
            continue
        name, _, rest = line.partition("=")
        if "|" not in name and not concepts and "@" not in rest:
            titles[name.strip()] = _group(rest)
            continue
        rows, _, statements = rest.partition("@")
        concepts.append(
            Concept(
                tuple(tuple(words(one)) for one in name.split("|")),
                tuple(_group(row) for row in rows.split(";")),
                tuple(titles[one.strip()] for one in statements.split(",")),
            )
        )
    return tuple(concepts)


def _group(text: str) -> Group:
    return tuple(frozenset(words(one)) for one in text.split("|"))


def _data(name: str) -> Iterator[str]:
    for line in (_DATA / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()
