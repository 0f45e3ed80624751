"""Which page and which figure fits a question: BM25 over what is written in and around each.

Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with fields
weighted by repeating their terms (BM25F in its simple form). What financial questions name and
statements print under other names is matched line by line (`rank_words`). Pure functions.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from air_cli.read.caption_labels import is_caption
from air_cli.read.rank_words import Group, Wanted, mentions, terms, understand, words
from air_cli.records import Figure, Ranked

__all__ = ["Described", "Index", "Passage", "score_texts", "terms"]

_K1, _B = 1.4, 0.6
_KIND = {"chart": 1.0, "unknown": 0.85, "table": 0.9, "diagram": 0.5, "photo": 0.25, "logo": 0.05}
_FIELDS = {"caption": 4, "texts": 2, "near": 1}
# Weights against BM25's scale of about 3 for a rare term.
_PAIR, _LINES, _TITLE, _NAMED = 0.5, 8.0, 6.0, 20.0
_PAGE_SHARE = 0.5
# A statement's title stands among the first lines of its page.
_TITLE_LINES = 14
_CAPTION_WEIGHT = 3
_LONG_LINE = 110


@dataclass(frozen=True)
class Described:
    """A figure with what is written about it, line by line: `caption`, `texts` in it, `near` it."""

    figure: Figure
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Passage:
    """A text ready to be scored: how often it has each term and pair of neighbours, and its short
    lines as sets of words."""

    bag: Counter[str]
    pairs: Counter[tuple[str, str]]
    lines: tuple[frozenset[str], ...]

    @property
    def size(self) -> int:
        """Its length in terms."""
        return sum(self.bag.values())


def passage(text: str, only: frozenset[tuple[str, str]] = frozenset()) -> Passage:
    """A text as a passage; of the pairs only those in `only` are counted. Captions weigh more."""
    bag: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    lines: list[frozenset[str]] = []
    last: str | None = None
    for line in text.splitlines():
        weight = _CAPTION_WEIGHT if is_caption(line) else 1
        for term in terms(line):
            bag[term] += weight
            if last is not None and (last, term) in only:
                pairs[last, term] += weight
            last = term
        if len(line) <= _LONG_LINE:
            name = frozenset(words(line))
            if name:
                lines.append(name)
    return Passage(bag, pairs, tuple(lines))


def score_texts(question: str, texts: Sequence[str]) -> list[float]:
    """How well each text fits the question; 0 where they share no word."""
    return list(Index(question, dict(enumerate(texts, 1))).scores.values())


class Index:
    """The pages of a document, scored for one question.

    `texts` are the pages' texts by page number, `labels` the numbers as printed on them.
    """

    def __init__(
        self, question: str, texts: Mapping[int, str], labels: Mapping[int, str] | None = None
    ) -> None:
        self._wanted = wanted = understand(question)
        self._texts = texts
        passages = [passage(text, wanted.pairs) for text in texts.values()]
        self._rarity = _rarity(wanted, passages)
        printed = {n for n, label in (labels or {}).items() if label.upper() in wanted.printed}
        self._named = printed or wanted.pages
        bases = _bm25(self._rarity, passages)
        self.scores: dict[int, float] = {
            number: base + _lines(wanted, page) + (_NAMED if number in self._named else 0.0)
            for number, base, page in zip(texts, bases, passages, strict=True)
        }

    def best(self, count: int) -> list[int]:
        """The best pages, best first."""
        return sorted(self.scores, key=lambda number: (-self.scores[number], number))[:count]

    def rank(self, described: Sequence[Described]) -> list[Ranked]:
        """Figures best first: their own words, their page's, their kind, and whether the question
        names them ("Figure 3", "page 7")."""
        wanted = self._wanted
        own = [_own(item, wanted) for item in described]
        ranked = []
        for item, mine, base in zip(described, own, _bm25(self._rarity, own), strict=True):
            figure = item.figure
            around = _PAGE_SHARE * self.scores.get(figure.page, 0.0)
            score = (base + _lines(wanted, mine) + around + 0.05) * _KIND.get(figure.kind, 0.5)
            if mentions(figure.label) & wanted.labels:
                score += _NAMED
            ranked.append(Ranked(figure, round(score, 4), self._why(figure, mine)))
        return sorted(ranked, key=lambda entry: -entry.score)

    def _why(self, figure: Figure, mine: Passage) -> str:
        wanted = self._wanted
        if mentions(figure.label) & wanted.labels:
            return f"the question names {figure.label}"
        if figure.page in self._named:
            return f"the question names page {figure.page}"
        article = "an" if figure.kind[:1] in "aeiou" else "a"
        kind = "a figure" if figure.kind == "unknown" else f"{article} {figure.kind}"
        asked = dict.fromkeys(wanted.terms)
        shared = [f"“{term}”" for term in asked if mine.bag[term]]
        if shared:
            return f"{kind} with " + ", ".join(shared[:5])
        if _lines(wanted, mine):
            return f"{kind} with the lines that this is made from"
        around = set(terms(self._texts.get(figure.page, "")))
        shared = [f"“{term}”" for term in asked if term in around]
        if shared:
            return f"{kind} on a page with " + ", ".join(shared[:5])
        return f"{kind}; no word of the question is near it"


def _rarity(wanted: Wanted, pages: Sequence[Passage]) -> dict[str | tuple[str, str], float]:
    """Inverse document frequency of the terms and pairs asked for."""
    rarity: dict[str | tuple[str, str], float] = {}
    for term in set(wanted.terms):
        rarity[term] = _idf(sum(term in page.bag for page in pages), len(pages))
    for pair in wanted.pairs:
        rarity[pair] = _PAIR * _idf(sum(pair in page.pairs for page in pages), len(pages))
    return rarity


def _idf(holding: int, count: int) -> float:
    return math.log(1 + (count - holding + 0.5) / (holding + 0.5))


def _bm25(rarity: Mapping[str | tuple[str, str], float], pages: Sequence[Passage]) -> list[float]:
    mean = sum(page.size for page in pages) / len(pages) if pages else 1.0
    scores = []
    for page in pages:
        norm = _K1 * (1 - _B + _B * page.size / (mean or 1.0))
        score = 0.0
        for key, weight in rarity.items():
            count = page.bag[key] if isinstance(key, str) else page.pairs[key]
            score += weight * count * (_K1 + 1) / (count + norm) if count else 0.0
        scores.append(score)
    return scores


def _lines(wanted: Wanted, page: Passage) -> float:
    """For the lines that a statement should have, and its title at the top of the page."""
    if not wanted.lines:
        return 0.0
    held = sum(_held(group, page.lines) for group in wanted.lines) / len(wanted.lines)
    top = page.lines[:_TITLE_LINES]
    title = max((_held(group, top) for group in wanted.titles), default=0.0)
    return _LINES * held + _TITLE * title * held


def _held(group: Group, lines: Iterable[frozenset[str]]) -> float:
    """How nearly a line says what one of the alternatives says: 1 for the very words, 0 when less
    than half of the line is that."""
    best = 0.0
    for line in lines:
        for name in group:
            if name <= line:
                best = max(best, len(name) / len(line))
    return best if best >= 0.5 else 0.0


def _own(item: Described, wanted: Wanted) -> Passage:
    bag: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    lines: list[frozenset[str]] = []
    for name, weight in _FIELDS.items():
        part = passage(item.fields.get(name, ""), wanted.pairs)
        for term, count in part.bag.items():
            bag[term] += weight * count
        for pair, count in part.pairs.items():
            pairs[pair] += weight * count
        lines += part.lines
    return Passage(bag, pairs, tuple(lines))
