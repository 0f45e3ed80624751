"""Find the names of series and categories in a question. Pure.

Names are found by the weight of their words that occur together in the question; a word that many
names share weighs little (inverse document frequency, Spärck Jones 1972).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from air_cli.reasoners.builtin.lexicon import Lexicon
from air_cli.reasoners.builtin.name_words import as_written, in_quotes, words_of
from air_cli.reasoners.builtin.schema import Schema
from air_cli.reasoners.builtin.spans import Span
from air_cli.reasoners.builtin.spelling import hit
from air_cli.reasoners.builtin.tokens import MONTHS, Token, forms
from air_cli.wording import is_placeholder

LEAST = 0.5
LEAST_NAME = 0.4
LEAST_LONG = 0.25
LEAST_INITIALS = 0.3
_YEARS = re.compile(r"(1[5-9]|20|21)\d\d")
_MUCH = {"how", "much"}
_QUARTERS = re.compile(r"q[1-4]|[1-4]q")
_MONTHS = re.compile("|".join(MONTHS))
GAP = 2
JOINED = ([","], ["and"], [",", "and"], ["or"], ["&"], ["/"], ["v"], ["vs"], ["to"], ["the"])
VERSUS = ("v", "vs", "versus")
NEGATIONS = frozenset(("not", "no", "non", "never", "without", "nothing", "none"))


@dataclass(frozen=True)
class _Unit:
    """One or more tokens as one word of a name."""

    word: str
    lo: int
    hi: int


def _units(words: Sequence[str], lexicon: Lexicon) -> list[_Unit]:
    """Words with those that mean the same put under one name, longest phrase first."""
    units, n = [], 0
    while n < len(words):
        for size in (4, 3, 2, 1):
            phrase = tuple(words[n : n + size])
            if len(phrase) == size and (phrase in lexicon.same or size == 1):
                units.append(_Unit(lexicon.same.get(phrase, phrase[0]), n, n + size))
                n += size
                break
    return units


def mentions(tokens: Sequence[Token], schema: Schema, lexicon: Lexicon) -> list[Span]:
    """The mentions of series and categories, the best first; some of them overlap."""
    units = _units([token.norm for token in tokens], lexicon)
    said = frozenset(unit.word for unit in units) | {token.norm for token in tokens}
    pools = (("series", schema.series), ("category", schema.categories))
    entries = [
        (
            kind,
            name,
            [unit.word for unit in _units(words_of(name, schema, said, tokens), lexicon)],
        )
        for kind, names in pools
        for name in names
        if name.strip() and not _colour(name, lexicon) and not is_placeholder(name)
    ]
    counts = Counter(word for _, _, words in entries for word in set(words))
    found: list[Span] = []
    doubtful: list[Span] = []
    for kind, name, words in entries:
        weights = {w: _weight(w, counts[w], len(entries), lexicon) for w in dict.fromkeys(words)}
        for word in _aside(name, weights):
            weights[word] *= 0.02
        windows = _windows(kind, name, weights, units, lexicon.stop | lexicon.mark)
        for span in [*windows, *_glued(kind, name, words, units)]:
            kept = found if _allowed(span, tokens, weights, lexicon) else doubtful
            kept.append(span)
    found += in_quotes(tokens, entries)
    found += as_written(tokens, entries)
    whole = [span for span in doubtful if span.score >= 0.95]
    found += [span for span in whole if _listed(span, [*found, *whole], tokens)]
    kept = _best(_agreeing(found, tokens))
    return [*kept, *_likeliest(doubtful, kept, tokens, lexicon)]


def _likeliest(
    doubtful: Sequence[Span], kept: Sequence[Span], tokens: Sequence[Token], lexicon: Lexicon
) -> list[Span]:
    """Where no series is named, the one long name of which the question says clearly most: "should
    be subjected to more scrutiny" of "Be subject to more scrutiny than people in other groups"."""
    if any(span.kind == "series" and span.score >= LEAST for span in kept):
        return []
    best: dict[str, Span] = {}
    for span in doubtful:
        said = [t.norm for t in tokens[span.lo : span.hi] if not t.punctuation]
        content = [word for word in said if word not in lexicon.little]
        if span.kind == "series" and len(content) >= 2 and LEAST_LONG <= span.score < LEAST:
            name = str(span.value)
            best[name] = max(best.get(name, span), span, key=lambda s: s.score)
    ranked = sorted(best.values(), key=lambda span: -span.score)
    clear = len(ranked) == 1 or (len(ranked) > 1 and ranked[0].score > 1.3 * ranked[1].score)
    return ranked[:1] if clear else []


def _listed(span: Span, found: Sequence[Span], tokens: Sequence[Token]) -> bool:
    """A name of little words in a list of names: "making progress, losing ground and same"."""
    for other in found:
        gap = (other.hi, span.lo) if other.hi <= span.lo else (span.hi, other.lo)
        between = [token.norm for token in tokens[gap[0] : gap[1]]]
        joined = between in JOINED or (len(between) == 2 and between[1] in VERSUS)
        if other.kind == span.kind and other.value != span.value and joined:
            return True
    return False


def _agreeing(found: Sequence[Span], tokens: Sequence[Token]) -> list[Span]:
    """Without the parts of a name right beside more or better parts of another of the same kind,
    with nothing between that joins two names: "Republican/Lean Rep" holds the "Lean" of another
    party's name."""
    weak = [span for span in found if span.score < 0.8]
    lost = set()
    for span in weak:
        beside = [o for o in found if o.kind == span.kind and _touch(span, o, tokens)]
        votes: dict[object, float] = {span.value: span.score}
        for other in beside:
            votes[other.value] = votes.get(other.value, 0.0) + other.score
        if max(votes.values()) > votes[span.value] + 0.01:
            lost.add(id(span))
    return [span for span in found if id(span) not in lost]


def _touch(span: Span, other: Span, tokens: Sequence[Token]) -> bool:
    gap = (other.hi, span.lo) if other.hi <= span.lo else (span.hi, other.lo)
    between = [token.text for token in tokens[gap[0] : gap[1]]]
    return 0 <= gap[1] - gap[0] <= 1 and all(text in "/-(" for text in between)


def _colour(name: str, lexicon: Lexicon) -> bool:
    """Whether a name is but a colour in small letters, as the reader calls a series that has no
    name: colours of a question are looked up as colours."""
    words = [word for word in forms(name) if not word.isdigit() and word not in lexicon.tones]
    plain = bool(words) and all(word in lexicon.colours for word in words)
    return plain and name == name.casefold()


def _aside(name: str, weights: dict[str, float]) -> list[str]:
    """The words of a name that stand in brackets, unless all do: people leave them out."""
    main = set(forms(re.sub(r"[(\[].*?(?:[)\]]|$)", " ", name)))
    aside = [word for word in weights if word not in main]
    return aside if len(aside) < len(weights) and re.search(r"[(\[]", name) else []


def _weight(word: str, count: int, total: int, lexicon: Lexicon) -> float:
    rarity = math.log(1.0 + total / count)
    if word in lexicon.mark:
        return 0.4 * rarity
    if word in lexicon.stop:
        return 0.15 * rarity
    return (0.5 if word in lexicon.little else 1.0) * rarity


def _windows(
    kind: str, name: str, weights: dict[str, float], units: Sequence[_Unit], idle: frozenset[str]
) -> list[Span]:
    """Where words of the name stand together, with the share of its weight that is there; of what
    stands between, idle words count half: "as a percentage of"."""
    total = sum(weights.values())
    hits = [hit(unit.word, weights) for unit in units]
    spans = []
    n = 0
    while n < len(units):
        if hits[n] is None:
            n += 1
            continue
        end, covered = n, {}
        k = n
        gap = 0.0
        while k < len(units) and gap <= GAP:
            found = hits[k]
            if found is not None and found[0] not in covered:
                covered[found[0]] = found[1]
                end, gap = k, 0.0
            gap += 0.5 if units[k].word in idle and k != end else 1.0
            k += 1
        recall = sum(weights[word] * fit for word, fit in covered.items()) / total
        width = end - n + 1
        score = recall * (0.8 + 0.2 * len(covered) / width)
        score *= 1.0 if _in_order(covered, weights) else 0.98
        score *= 0.6 if NEGATIONS & (weights.keys() - covered.keys()) else 1.0
        spans.append(Span(kind, name, units[n].lo, units[end].hi, score))
        n += 1
    return spans


def _in_order(covered: Iterable[str], weights: Iterable[str]) -> bool:
    """Whether the words of a name are said in the order of the name."""
    places = [list(weights).index(word) for word in covered]
    return places == sorted(places)


def _glued(kind: str, name: str, words: Sequence[str], units: Sequence[_Unit]) -> list[Span]:
    """Where the name stands with its spaces elsewhere, as text recognition misplaces them."""
    letters = "".join(words)
    if len(letters) < 5 or letters.isdigit():
        return []
    spans = []
    for n in range(len(units)):
        joined = ""
        for k in range(n, min(n + len(words) + 2, len(units))):
            joined += units[k].word
            if joined == letters:
                spans.append(Span(kind, name, units[n].lo, units[k].hi, 0.97))
            if len(joined) >= len(letters):
                break
    return spans


def _allowed(
    span: Span, tokens: Sequence[Token], weights: dict[str, float], lexicon: Lexicon
) -> bool:
    """A mention needs enough of the name; one of little words only must be marked as a name."""
    inside = tokens[span.lo : span.hi]
    plain = [t.norm for t in inside if not t.punctuation]
    before = tokens[span.lo - 1].norm if span.lo else ""
    if plain and all(word.isdigit() for word in plain) and before in ("than", "above", "below"):
        # "How much greater is it in 2012 than 2011?" compares with a year, no value.
        years = all(_YEARS.fullmatch(word) for word in plain)
        if not (years and _MUCH.issubset(token.norm for token in tokens)):
            return False
    if _contradicted(span, tokens, weights) or _painted(span, tokens, lexicon):
        return False
    if not all(word in lexicon.little for word in plain):
        nouns = all(word in lexicon.little | lexicon.nouns for word in plain)
        content = [t for t in inside if t.capital and t.norm not in lexicon.little]
        least = LEAST_NAME if len(content) >= 2 and span.lo else LEAST
        if any(t.text.isupper() and t.text.isalpha() and len(t.text) > 2 for t in content):
            least = LEAST_INITIALS
        return span.score >= (0.95 if nouns else least)
    if span.score < (0.7 if span.lo > 0 and inside[0].capital else 0.95):
        return False
    if plain in (["total"], ["overall"]) and span.score >= 0.99:
        after = tokens[span.hi].norm if span.hi < len(tokens) else ""
        return after not in ("of", "number", "amount", "sum", "value", "") and before != "sum"
    quoted = _quoted(tokens, span) or _labelled(tokens, span, lexicon)
    capital = span.lo > 0 and inside[0].capital
    last = all(token.punctuation for token in tokens[span.hi :])
    long = len(plain) >= 3 or (len(plain) == 2 and span.score >= 0.99)
    return quoted or capital or long or (last and span.lo > 1)


def _painted(span: Span, tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """A colour before a noun for marks: "the green bars" are no Greens."""
    after = tokens[span.hi].norm if span.hi < len(tokens) else ""
    plain = [token.norm for token in tokens[span.lo : span.hi]]
    return after in lexicon.mark and all(word in lexicon.colours for word in plain)


def _contradicted(span: Span, tokens: Sequence[Token], weights: dict[str, float]) -> bool:
    """A time of another year, quarter or month than the words next to the mention say: Q3 2024 is
    not the Q3 2023 of the chart."""
    around = {token.norm for token in tokens[max(span.lo - 1, 0) : span.hi + 1]}
    for unit in (_YEARS, _QUARTERS, _MONTHS):
        named, said = ({w for w in words if unit.fullmatch(w)} for words in (weights, around))
        if named and said and not named & said:
            return True
    return False


def _labelled(tokens: Sequence[Token], span: Span, lexicon: Lexicon) -> bool:
    """ "the should not value": little words that a noun for marks or answers follows."""
    after = tokens[span.hi].norm if span.hi < len(tokens) else ""
    noun = after in lexicon.mark or after in ("category", "group", "response", "answer", "opinion")
    return noun and span.lo > 0


def _quoted(tokens: Sequence[Token], span: Span) -> bool:
    marks = "'\"“”‘’`"
    before = tokens[span.lo - 1].text if span.lo else ""
    after = tokens[span.hi].text if span.hi < len(tokens) else ""
    return before in marks and after in marks and bool(before and after)


def _best(found: list[Span]) -> list[Span]:
    """Of the readings of the same words keep the best; a tie between two names keeps the first."""
    found.sort(key=lambda s: (-round(s.score, 3), -(s.hi - s.lo)))
    return found
