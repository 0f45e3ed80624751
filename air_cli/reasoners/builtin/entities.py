"""Link the words of a question to the chart: series, categories, colours, numbers, phrases. Pure.

Names are found by the weight of their words that occur together in the question; a word that many
names share weighs little (inverse document frequency, Spärck Jones 1972).
"""

from __future__ import annotations

import difflib
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from air_cli.reasoners.builtin.lexicon import Lexicon
from air_cli.reasoners.builtin.schema import Schema
from air_cli.reasoners.builtin.tokens import Token, forms, stem, tokenise

LEAST = 0.5
GAP = 2


@dataclass(frozen=True)
class Span:
    """Tokens lo..hi (hi excluded) read as something. `kind`: series, category, color, number,
    year (one the chart lacks), or a kind of the lexicon; `tags` its other readings."""

    kind: str
    value: str | float
    lo: int
    hi: int
    score: float = 1.0
    tags: tuple[tuple[str, str], ...] = ()

    def tag(self, kind: str) -> str | None:
        """The value of another reading of the same words."""
        return next((value for name, value in self.tags if name == kind), None)


@dataclass(frozen=True)
class Linked:
    """A question with what its words were read as, in order, without overlaps."""

    text: str
    tokens: tuple[Token, ...]
    spans: tuple[Span, ...]
    loose: tuple[int, ...]

    def between(self, lo: int, hi: int) -> list[Span]:
        """The spans inside a window of tokens."""
        return [span for span in self.spans if lo <= span.lo and span.hi <= hi]


@dataclass(frozen=True)
class _Unit:
    """One or more tokens as one word of a name."""

    word: str
    lo: int
    hi: int


def link(question: str, schema: Schema, lexicon: Lexicon) -> Linked:
    """Read every word of the question that can be read."""
    tokens = tokenise(_ranges_apart(question, schema))
    taken: list[Span] = []
    money = _money(tokens, lexicon)
    named = [
        span
        for span in _mentions(tokens, schema, lexicon)
        if not any(span.lo < hi and lo < span.hi for lo, hi in money)
    ]
    _take(taken, [span for span in named if span.score >= 0.8])
    phrases = _phrases(tokens, lexicon)
    _take(taken, [span for span in phrases if span.hi - span.lo > 1])
    _take(taken, named)
    _take(taken, phrases)
    _take(taken, _colours(tokens, lexicon))
    _take(taken, _numbers(tokens, schema, lexicon))
    taken.sort(key=lambda span: span.lo)
    used = {n for span in taken for n in range(span.lo, span.hi)}
    loose = tuple(
        n for n, token in enumerate(tokens) if n not in used and _content(token, schema, lexicon)
    )
    return Linked(question, tuple(tokens), tuple(taken), loose)


def _ranges_apart(question: str, schema: Schema) -> str:
    """ "2017-2018" as two years, unless the chart has split years like 2017/18; "between 15 and
    19" as 15-19 where the chart has that name."""
    known = {word for name in (*schema.categories, *schema.series) for word in forms(name)}

    def joined(found: re.Match[str]) -> str:
        name = f"{found[1]}-{found[2]}"
        return name if name in known else found[0]

    question = re.sub(r"(?:\bbetween |\bfrom )?\b(\d+) (?:to|and|until) (\d+)\b", joined, question)
    if any("/" in word for name in schema.categories for word in forms(name)):
        return question
    return re.sub(r"\b((?:1[5-9]|20)\d\d)\s?[-–]\s?((?:1[5-9]|20)\d\d)\b", r"\1 to \2", question)


def _take(taken: list[Span], more: Iterable[Span]) -> None:
    """Add the spans that overlap none taken before; better and longer ones go first."""
    for span in sorted(more, key=lambda s: (-(s.score**4) * (s.hi - s.lo) ** 0.5, s.lo)):
        if all(span.hi <= other.lo or other.hi <= span.lo for other in taken):
            taken.append(span)


def _content(token: Token, schema: Schema, lexicon: Lexicon) -> bool:
    if token.punctuation or token.norm in lexicon.stop or token.norm in lexicon.mark:
        return False
    return token.norm not in schema.words


# --- names ----------------------------------------------------------------------------------


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


def _mentions(tokens: Sequence[Token], schema: Schema, lexicon: Lexicon) -> list[Span]:
    units = _units([token.norm for token in tokens], lexicon)
    pools = (("series", schema.series), ("category", schema.categories))
    entries = [
        (kind, name, [unit.word for unit in _units(forms(name), lexicon)])
        for kind, names in pools
        for name in names
        if name.strip()
    ]
    counts = Counter(word for _, _, words in entries for word in set(words))
    found = []
    for kind, name, words in entries:
        weights = {w: _weight(w, counts[w], len(entries), lexicon) for w in dict.fromkeys(words)}
        for word in _aside(name, weights):
            weights[word] *= 0.25
        for span in [*_windows(kind, name, weights, units), *_glued(kind, name, words, units)]:
            if _allowed(span, tokens, weights, lexicon):
                found.append(span)
    return _best(found)


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


def _windows(kind: str, name: str, weights: dict[str, float], units: Sequence[_Unit]) -> list[Span]:
    """Where words of the name stand together, with the share of its weight that is there."""
    total = sum(weights.values())
    hits = [_hit(unit.word, weights) for unit in units]
    spans = []
    n = 0
    while n < len(units):
        if hits[n] is None:
            n += 1
            continue
        end, covered = n, {}
        k = n
        while k < len(units) and k - end <= GAP:
            hit = hits[k]
            if hit is not None and hit[0] not in covered:
                covered[hit[0]] = hit[1]
                end = k
            k += 1
        recall = sum(weights[word] * fit for word, fit in covered.items()) / total
        width = end - n + 1
        score = recall * (0.8 + 0.2 * len(covered) / width)
        spans.append(Span(kind, name, units[n].lo, units[end].hi, score))
        n += 1
    return spans


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


def _hit(word: str, weights: dict[str, float]) -> tuple[str, float] | None:
    if word in weights:
        return word, 1.0
    if re.fullmatch(r"\d{4}", word):
        for other in weights:
            if re.fullmatch(r"\d{4}/\d\d", other):
                if other.startswith(word):
                    return other, 0.9
                if int(other[:4]) + 1 == int(word):
                    return other, 0.7
    if len(word) < 4 or word[0].isdigit():
        return None
    best = max(((_alike(word, other), other) for other in weights), default=(0.0, ""))
    return (best[1], best[0]) if best[0] > 0.0 else None


def _alike(a: str, b: str) -> float:
    """Fit of two spellings, 0 when they are different words."""
    if len(b) < 4 or b[0].isdigit():
        return 0.0
    if stem(a) == stem(b):
        return 0.95
    if abs(len(a) - len(b)) > 4 or a[0] != b[0]:
        return 0.0
    same = _common_start(a, b)
    if same >= 4 and same >= 0.6 * max(len(a), len(b)) and same >= min(len(a), len(b)) - 2:
        return 0.85
    rate = difflib.SequenceMatcher(None, a, b, autojunk=False).ratio()
    return 0.9 if rate >= 0.86 and min(len(a), len(b)) >= 5 else 0.0


def _common_start(a: str, b: str) -> int:
    for n, (x, y) in enumerate(zip(a, b, strict=False)):
        if x != y:
            return n
    return min(len(a), len(b))


def _allowed(
    span: Span, tokens: Sequence[Token], weights: dict[str, float], lexicon: Lexicon
) -> bool:
    """A mention needs enough of the name; one of little words only must be marked as a name."""
    inside = tokens[span.lo : span.hi]
    plain = [t.norm for t in inside if not t.punctuation]
    before = tokens[span.lo - 1].norm if span.lo else ""
    if plain and all(word.isdigit() for word in plain) and before in ("than", "above", "below"):
        return False
    if not all(word in lexicon.little for word in plain):
        nouns = all(word in lexicon.little | lexicon.nouns for word in plain)
        return span.score >= (0.95 if nouns else LEAST)
    if span.score < (0.7 if span.lo > 0 and inside[0].capital else 0.95):
        return False
    quoted = _quoted(tokens, span) or _labelled(tokens, span, lexicon)
    capital = span.lo > 0 and inside[0].capital
    last = all(token.punctuation for token in tokens[span.hi :])
    long = len(plain) >= 3 or (len(plain) == 2 and span.score >= 0.99)
    return quoted or capital or long or (last and span.lo > 1)


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


# --- other words ----------------------------------------------------------------------------


def _phrases(tokens: Sequence[Token], lexicon: Lexicon) -> list[Span]:
    words = [_spelled(token.norm, lexicon) for token in tokens]
    spans, n = [], 0
    while n < len(words):
        size = next(
            (k for k in range(lexicon.longest, 0, -1) if tuple(words[n : n + k]) in lexicon.phrases
             and n + k <= len(words)), 0,
        )  # fmt: skip
        if size:
            tags = lexicon.phrases[tuple(words[n : n + size])]
            kind, value = tags[0]
            spans.append(Span(kind, value, n, n + size, 1.0, tags))
        n += max(size, 1)
    return spans


def _spelled(word: str, lexicon: Lexicon) -> str:
    """A word of the lexicon in place of a slip of spelling; long words only."""
    if len(word) < 6 or (word,) in lexicon.phrases or word in lexicon.stop | lexicon.mark:
        return word
    near = difflib.get_close_matches(word, lexicon.long_words, 1, 0.86)
    return near[0] if near and near[0][0] == word[0] else word


def _colours(tokens: Sequence[Token], lexicon: Lexicon) -> list[Span]:
    spans = []
    for n, token in enumerate(tokens):
        word = "gray" if token.norm == "grey" else token.norm
        if word in lexicon.colours:
            after = tokens[n + 1].norm if n + 1 < len(tokens) else ""
            if token.capital and n and after not in lexicon.mark and tokens[n - 1].norm != "dark":
                continue
            tone = n > 0 and tokens[n - 1].norm in lexicon.tones
            name = f"{tokens[n - 1].norm} {word}" if tone else word
            spans.append(Span("color", name, n - tone, n + 1))
    return spans


def _money(tokens: Sequence[Token], lexicon: Lexicon) -> list[tuple[int, int]]:
    """Where currencies stand: the United States of "U.S. dollars" is no country of the chart."""
    words = [token.norm for token in tokens]
    return [
        (n, n + size)
        for n in range(len(words))
        for size in (3, 2)
        if tuple(words[n : n + size]) in lexicon.currencies
    ]


def _number_kind(tokens: Sequence[Token], n: int, timed: bool, lexicon: Lexicon) -> str:
    """A number, a year that the chart lacks, or a cardinal that only counts nouns ("the two")."""
    token = tokens[n]
    before = [t.norm for t in tokens[max(n - 2, 0) : n]]
    if token.year and token.text.isdigit():
        dated = {"in", "from", "since", "to", "until", "between", "and", "by", "during", "year",
                 "of", "july", "march", "april", "as", "fiscal"}  # fmt: skip
        if timed or (before and before[-1] in dated):
            return "year"
    compared = any((word,) in lexicon.phrases for word in before if word not in ("the", "of"))
    if token.norm in lexicon.numbers and token.value is None and not compared:
        return "cardinal"
    return "number"


def _numbers(tokens: Sequence[Token], schema: Schema, lexicon: Lexicon) -> list[Span]:
    spans = []
    timed = "year" in schema.dims
    for n, token in enumerate(tokens):
        value = token.value if token.value is not None else lexicon.numbers.get(token.norm)
        if value is None:
            if token.norm in ("not", "never", "n't", "except", "excluding", "without", "including"):
                spans.append(Span("not", token.norm, n, n + 1))
            continue
        spans.append(Span(_number_kind(tokens, n, timed, lexicon), value, n, n + 1))
    return spans
