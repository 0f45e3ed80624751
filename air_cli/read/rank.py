"""Which figure fits a question: BM25 over what is written in and around each figure.

Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with fields
weighted by repeating their terms (BM25F in its simple form). Pure functions, standard library only.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from air_cli.records import Figure, Ranked

_K1, _B = 1.4, 0.6
_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?|\d+(?:[.,]\d+)*%?")
_STOP = frozenset(
    word
    for line in (
        "a an the of in on at to for from by with and or is are was were be been it its this that",
        "these those what which who whom whose when where why how many much did do does has have",
        "had than as between into over per there their they according figure chart graph table",
        "shown show shows page please give tell me value values number total",
    )
    for word in line.split()
)
_KIND = {"chart": 1.0, "unknown": 0.85, "table": 0.8, "diagram": 0.5, "photo": 0.25, "logo": 0.05}
_FIELDS = {"caption": 4, "texts": 2, "near": 1}
_MENTION = re.compile(
    r"\b(figure|fig|chart|exhibit|graph|table|diagram)\.?\s*([A-Z]?\d+(?:[.\-]\d+)*)", re.IGNORECASE
)


@dataclass(frozen=True)
class Described:
    """A figure with what is written about it. `near` is the text around it, `page` its page."""

    figure: Figure
    fields: Mapping[str, str] = field(default_factory=dict)
    page: str = ""


def terms(text: str) -> list[str]:
    """Lower-case words and numbers without stop words, plurals folded.

    >>> terms("What were the net sales of Europe in 2021?")
    ['net', 'sale', 'europe', '2021']
    """
    return [_fold(word) for word in _WORD.findall(text.lower()) if word not in _STOP]


def _fold(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def score_texts(question: str, texts: Sequence[str]) -> list[float]:
    """BM25 score of each text for the question."""
    return _bm25(terms(question), [Counter(terms(text)) for text in texts])


def _bm25(wanted: Sequence[str], bags: Sequence[Counter[str]]) -> list[float]:
    sizes = [sum(bag.values()) for bag in bags]
    mean = sum(sizes) / len(sizes) if sizes else 1.0
    idf = {}
    for term in set(wanted):
        holding = sum(term in bag for bag in bags)
        idf[term] = math.log(1 + (len(bags) - holding + 0.5) / (holding + 0.5))
    scores = []
    for bag, size in zip(bags, sizes, strict=True):
        norm = _K1 * (1 - _B + _B * size / (mean or 1.0))
        scores.append(
            sum(idf[t] * bag[t] * (_K1 + 1) / (bag[t] + norm) for t in set(wanted) if bag[t])
        )
    return scores


def rank_figures(question: str, described: Sequence[Described]) -> list[Ranked]:
    """Figures best first: their own words, a little of their page's, their kind, and whether the
    question names them ("Figure 3")."""
    wanted = terms(question)
    bags = [_bag(item) for item in described]
    own = _bm25(wanted, bags)
    page = _bm25(wanted, [Counter(terms(item.page)) for item in described])
    named = _mentions(question)
    ranked = []
    for item, bag, mine, around in zip(described, bags, own, page, strict=True):
        kind = item.figure.kind
        weight = _KIND.get(kind, 0.5)
        if kind == "table" and re.search(r"\btable\b", question, re.IGNORECASE):
            weight = 1.2
        score = (mine + 0.3 * around + 0.05) * weight
        label = _mentions(item.figure.label)
        if label and label & named:
            score += 20.0
        ranked.append(Ranked(item.figure, round(score, 4), _why(item, bag, wanted, label & named)))
    return sorted(ranked, key=lambda entry: -entry.score)


def _bag(item: Described) -> Counter[str]:
    bag: Counter[str] = Counter()
    for name, weight in _FIELDS.items():
        for term in terms(item.fields.get(name, "")):
            bag[term] += weight
    return bag


def _mentions(text: str) -> set[tuple[str, str]]:
    return {(word.lower()[:3], number.lower()) for word, number in _MENTION.findall(text)}


def _why(
    item: Described, bag: Counter[str], wanted: Sequence[str], named: set[tuple[str, str]]
) -> str:
    if named:
        return f"the question names {item.figure.label}"
    shared = [term for term in dict.fromkeys(wanted) if bag[term]]
    if shared:
        return f"a {item.figure.kind} with " + ", ".join(f"“{term}”" for term in shared[:5])
    around = Counter(terms(item.page))
    shared = [term for term in dict.fromkeys(wanted) if around[term]]
    if shared:
        return f"a {item.figure.kind} on a page with " + ", ".join(f"“{t}”" for t in shared[:5])
    return f"a {item.figure.kind}; no word of the question is near it"
