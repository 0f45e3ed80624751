"""The words of a name as the question may have them: other spaces, abbreviations written out, in
quotes, brackets and signs as they are written. Pure.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from air_cli.reasoners.builtin.schema import Schema
from air_cli.reasoners.builtin.spans import Span
from air_cli.reasoners.builtin.spelling import alike
from air_cli.reasoners.builtin.tokens import Token, tokenise

_SHORT = re.compile(r"\b([A-Za-z]{2,6})\.(?!\w)")


def words_of(name: str, schema: Schema, said: frozenset[str], tokens: Sequence[Token]) -> list[str]:
    """The compared words of a name, spaced and written out as the question has them."""
    return _respaced(_written_out(name, schema, said), said, tokens)


def _written_out(name: str, schema: Schema, said: frozenset[str]) -> list[str]:
    """The words of a name, its abbreviations as the question writes them out: "Op. income" where it
    says "operating income"."""
    short = {word.casefold() for word in _SHORT.findall(name)}
    full = {
        word: {one for one in said if len(one) > len(word) and one.startswith(word)}
        for word in short
    }
    return [
        next(iter(full[word])) if len(full.get(word, ())) == 1 else word
        for word in schema.forms(name)
    ]


def _respaced(words: Sequence[str], said: frozenset[str], tokens: Sequence[Token]) -> list[str]:
    """The words of a name with the spaces that text recognition put in or left out as the question
    has them: "favora bility", "factoryworkers"."""
    pairs = {a.norm + b.norm: (a.norm, b.norm) for a, b in itertools.pairwise(tokens)}
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] not in said and _said_whole(joined[-1] + word, said):
            joined[-1] += word
        elif word not in said and word in pairs:
            joined += pairs[word]
        else:
            joined.append(word)
    return joined


def _said_whole(word: str, said: frozenset[str]) -> bool:
    """Whether the question has a word put together of two parts, if with another ending."""
    return word in said or (len(word) >= 8 and any(alike(one, word) for one in said if one[3:]))


def in_quotes(tokens: Sequence[Token], entries: Sequence[tuple[str, str, list[str]]]) -> list[Span]:
    """Words in quotes that all stand in one name and in no other: 'After Hedges'."""
    marks = [n for n, token in enumerate(tokens) if token.text in "'\"“”‘’`"]
    spans = []
    for lo, hi in zip(marks[::2], marks[1::2], strict=False):
        said = [token.norm for token in tokens[lo + 1 : hi] if not token.punctuation]
        fits = [(kind, name) for kind, name, words in entries if said and set(said) <= set(words)]
        if len(fits) == 1 and len(said) <= 8:
            spans.append(Span(*fits[0], lo + 1, hi, 0.94))
    return spans


def as_written(
    tokens: Sequence[Token], entries: Sequence[tuple[str, str, list[str]]]
) -> list[Span]:
    """Names with brackets that stand in the question as they are written, signs and all: "Loans
    (> 5 years)" is not "Loans (<= 5 years)"."""
    said = [token.text.casefold() for token in tokens]
    spans = []
    for kind, name, _ in entries:
        written = [token.text.casefold() for token in tokenise(name)] if "(" in name else []
        for n in range(len(said) - len(written) + 1 if written else 0):
            if said[n : n + len(written)] == written:
                spans.append(Span(kind, name, n, n + len(written)))
    return spans
