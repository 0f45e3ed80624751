"""Sentences of a document that speak of what is asked: said where no chart or table answers. Pure.

Only whole sentences of running text count: the cells of tables and the words of figures are no
sentences, and a sentence that shares but one word with the question says nothing of it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping

from air_cli.read.rank import terms
from air_cli.read.rank_words import understand
from air_cli.records import Excerpt

# Sentences given, and the share of the question's weight that one must hold.
_GIVEN, _LEAST = 2, 0.55
# Lines of running text are longer than this; sentences lie between these lengths.
_PROSE = 36
_SHORT, _LONG = 30, 420
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"(])")
_AMOUNT = re.compile(r"\bhow (?:many|much)\b|\b(?:percentage|number|amount|rate)\b", re.I)
# A number that is no year and no day.
_NUMBER = re.compile(
    r"(?<![\w.])(?!(?:19|20)\d\d\b)\d[\d,.]*(?:%|\b)(?<!\b[12]\d)(?<!\b3[01])(?<!\b\d)|\d%"
)
# A name within the question that this share of all sentences has is the company's own, which its
# report mostly says as "we".
_NAME, _OFTEN, _NAMED = re.compile(r"(?<=\w )[A-Z][\w&.]*"), 0.01, 0.05
# How much better a sentence with a number is, where one is asked for; how little longer ones lose.
_COUNTED, _PER_LETTER = 1.4, 0.0008


def excerpts(question: str, texts: Mapping[int, str]) -> list[Excerpt]:
    """At most two sentences, the fittest first; `texts` are the pages' texts by number.

    A sentence is weighed by the question's words in it, each by its rarity among all sentences
    (inverse document frequency, Spärck Jones 1972)."""
    wanted = set(understand(question).terms)
    found: list[tuple[Excerpt, set[str]]] = []
    total, held = 0, Counter[str]()
    for page, text in texts.items():
        for sentence in _sentences(text):
            total += 1
            if shared := wanted & set(terms(sentence)):
                held.update(shared)
                found.append((Excerpt(page, sentence), shared))
    names = {term for name in _NAME.findall(question) for term in terms(name)}
    own = {name for name in names if held[name] > _OFTEN * total}
    # A word that no sentence holds weighs as one that a single sentence holds.
    weights = {
        term: math.log(1.0 + total / (held[term] or 1)) * (_NAMED if term in own else 1.0)
        for term in wanted
    }
    whole = sum(weights.values())
    counted = bool(_AMOUNT.search(question))
    scored: list[tuple[float, int]] = []
    for n, (item, shared) in enumerate(found):
        score = sum(weights[term] for term in shared) / whole
        if score >= _LEAST:
            score *= _COUNTED if counted and _NUMBER.search(item.text) else 1.0
            scored.append((score - _PER_LETTER * len(item.text), n))
    scored.sort(key=lambda pair: (-pair[0], pair[1]))
    return [found[n][0] for _, n in scored[:_GIVEN]]


def _sentences(text: str) -> Iterator[str]:
    for paragraph in _paragraphs(text):
        for sentence in _END.split(paragraph):
            if _SHORT <= len(sentence) <= _LONG and sentence[-1:] in '.!?”"':
                yield sentence


def _paragraphs(text: str) -> Iterator[str]:
    """The running text: long lines, each with the shorter one that ends its paragraph."""
    lines: list[str] = []
    for line in [*text.splitlines(), ""]:
        line = " ".join(line.split())
        letters = sum(char.isalpha() for char in line)
        prose = len(line) > _PROSE and letters > 0.6 * len(line)
        if prose or (lines and letters > 0.4 * len(line) and line):
            lines.append(line)
        if lines and not prose:
            yield " ".join(lines)
            lines = []
