"""Link the words of a question to the chart: names, colours, numbers, phrases. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence

from air_cli.reasoners.builtin.lexicon import Lexicon
from air_cli.reasoners.builtin.mentions import mentions
from air_cli.reasoners.builtin.schema import Schema
from air_cli.reasoners.builtin.spans import Linked, Span
from air_cli.reasoners.builtin.statements import RATIO, STATEMENT, spans_of
from air_cli.reasoners.builtin.tokens import MONTHS, Token, forms, full_year, tokenise

_TIMES = frozenset(("year", "month", "quarter", "decade", "period", "day", "week", "hour"))
SHORT = 4  # letters of a date that could be a number: 08, '08
JOINTS = frozenset(
    ("and", "or", ",", "&", "to", "than", "then", "vs", "from", "with", "between", "/", "plus")
)


def link(question: str, schema: Schema, lexicon: Lexicon) -> Linked:
    """Read every word of the question that can be read."""
    tokens = tokenise(_months_apart(_ranges_apart(question, schema), schema))
    taken: list[Span] = []
    money = _money(tokens, lexicon)
    rows = spans_of(tokens, schema, lexicon)
    _take(taken, [span for span in rows if span.kind in (RATIO, STATEMENT)])
    named = [
        span
        for span in (*rows, *mentions(tokens, schema, lexicon))
        if not any(span.lo < hi and lo < span.hi for lo, hi in money)
        and not _year_of_many(span, tokens, schema)
    ]
    _take(taken, _parts_of_kind(tokens, schema, lexicon))
    _take(taken, [span for span in named if span.score >= 0.8])
    phrases = _phrases(tokens, lexicon)
    _take(taken, [span for span in phrases if span.hi - span.lo > 1])
    _take(taken, named)
    _take(taken, phrases)
    _take(taken, _colours(tokens, schema, lexicon))
    _take(taken, _numbers(tokens, schema, lexicon))
    taken = _without_echoes(sorted(taken, key=lambda span: span.lo), tokens)
    used = {n for span in taken for n in range(span.lo, span.hi)}
    loose = tuple(
        n for n, token in enumerate(tokens) if n not in used and _content(token, schema, lexicon)
    )
    return Linked(question, tuple(tokens), tuple(taken), loose)


def _parts_of_kind(tokens: Sequence[Token], schema: Schema, lexicon: Lexicon) -> list[Span]:
    """The series of a box plot or of floating bars by what people call them: "third quartile"."""
    known = lexicon.series_of.get(schema.kind, {})
    words = tuple(token.norm for token in tokens)
    return [
        Span("series", name, n, n + len(phrase))
        for n in range(len(words))
        for phrase, name in known.items()
        if words[n : n + len(phrase)] == phrase and name in schema.series
    ]


def _ranges_apart(question: str, schema: Schema) -> str:
    """ "2017-2018" as two years, unless the chart has split years like 2017/18; "between 15 and
    19" as 15-19 where the chart has that name."""
    known = {word for name in (*schema.categories, *schema.series) for word in forms(name)}

    def open_ended(found: re.Match[str]) -> str:
        return f"{found[1]}+" if f"{found[1]}+" in known else found[0]

    older = r"\b(\d+)(?: years)?(?: of age)?,? (?:and|or|&) (?:older|over|above|up|more)\b"
    question = re.sub(older, open_ended, question)

    def joined(found: re.Match[str]) -> str:
        name = f"{found[1]}-{found[2]}"
        return name if name in known else found[0]

    question = re.sub(r"(?:\bbetween |\bfrom )?\b(\d+) (?:to|and|until) (\d+)\b", joined, question)
    if any("/" in word for name in schema.categories for word in forms(name)):
        return question

    def apart(found: re.Match[str]) -> str:
        name = f"{found[1]}-{found[2]}"
        return name if name in known else f"{found[1]} to {found[2]}"

    return re.sub(r"\b((?:1[5-9]|20)\d\d)\s?[-–]\s?((?:1[5-9]|20)\d\d)\b", apart, question)


def _months_apart(question: str, schema: Schema) -> str:
    """The dates of the chart in words, as its names are compared; "Oct 14" as October 2014 where
    the categories are months of years."""
    for name, words in schema.written.items():
        if len(name) > SHORT and name in question:
            exact = rf"(?<![\w/-]){re.escape(name)}(?![\w/-])"
            question = re.sub(exact, " ".join(words), question)
    if not schema.written or "month" not in schema.dims:
        return question
    months = "|".join(month[:3] for month in MONTHS)
    pattern = rf"\b((?:{months})[a-z]*\.?) (\d\d)\b(?!\s?(?:%|,|percent|million|billion))"
    return re.sub(pattern, lambda m: f"{m[1]} {full_year(m[2])}", question, flags=re.I)


def _year_of_many(span: Span, tokens: Sequence[Token], schema: Schema) -> bool:
    """Whether but a year is said, of which the chart has several months or days."""
    said = [token.norm for token in tokens[span.lo : span.hi] if not token.punctuation]
    return span.kind == "category" and all(word in schema.years for word in said)


def _take(taken: list[Span], more: Iterable[Span]) -> None:
    """Add the spans that overlap none taken before; better and longer ones go first."""
    for span in sorted(more, key=lambda s: (-(s.score**4) * (s.hi - s.lo) ** 0.5, s.lo)):
        if all(span.hi <= other.lo or other.hi <= span.lo for other in taken):
            taken.append(span)


def _without_echoes(taken: list[Span], tokens: Sequence[Token]) -> list[Span]:
    """Without the weak likenesses to a name where another of its kind is named in full and nothing
    joins the two: "the total amount of advertising" names no "Outdoor advertising" beside "Total".
    """
    joints = {n for n, token in enumerate(tokens) if token.norm in JOINTS}

    def echo(span: Span) -> bool:
        if span.kind not in ("series", "category") or span.score >= 0.7:
            return False
        full = [o for o in taken if o.kind == span.kind and o.score >= 0.95]
        gaps = [range(min(o.hi, span.hi), max(o.lo, span.lo)) for o in full]
        nearest: Sequence[int] = min(gaps, key=lambda gap: len(gap), default=())
        return bool(full) and not joints & set(nearest)

    return [span for span in taken if not echo(span)]


def _content(token: Token, schema: Schema, lexicon: Lexicon) -> bool:
    if token.punctuation or token.norm in lexicon.stop or token.norm in lexicon.mark:
        return False
    return token.norm not in schema.words


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
            if kind not in ("extreme", "position") or not _proper(tokens, n, n + size):
                spans.append(Span(kind, value, n, n + size, 1.0, tags))
        n += max(size, 1)
    return spans


def _proper(tokens: Sequence[Token], lo: int, hi: int) -> bool:
    """Whether words are part of a proper name, as "Best" is of "Best Foods", unless the question is
    written in capitals throughout."""
    after = tokens[hi] if hi < len(tokens) else None
    words = [token for token in tokens if token.norm.isalpha()]
    titled = sum(token.capital for token in words) > 0.5 * len(words)
    capital = lo > 0 and all(token.capital for token in tokens[lo:hi])
    return capital and after is not None and after.capital and after.norm.isalpha() and not titled


def _spelled(word: str, lexicon: Lexicon) -> str:
    """A word of the lexicon in place of a slip of spelling; long words only."""
    if len(word) < 6 or (word,) in lexicon.phrases or word in lexicon.stop | lexicon.mark:
        return word
    near = difflib.get_close_matches(word, lexicon.long_words, 1, 0.86)
    return near[0] if near and near[0][0] == word[0] else word


def _colours(tokens: Sequence[Token], schema: Schema, lexicon: Lexicon) -> list[Span]:
    """The colours that the question names; "brown coal" is none where all marks look alike."""
    spans = []
    plain = lexicon.stop | lexicon.mark | {phrase[0] for phrase in lexicon.phrases}
    for n, token in enumerate(tokens):
        word = "gray" if token.norm == "grey" else token.norm
        if word in lexicon.colours:
            after = tokens[n + 1].norm if n + 1 < len(tokens) else ""
            if token.capital and n and after not in lexicon.mark and tokens[n - 1].norm != "dark":
                continue
            if len(schema.colors) == 1 and after.isalpha() and after not in plain:
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
        dated |= {f"q{n}" for n in range(1, 5)} | set(MONTHS)
        day = before[-1:] == [","] and bool(
            {t.norm for t in tokens[max(n - 4, 0) : n]} & set(MONTHS)
        )
        if timed or day or (before and before[-1] in dated):
            return "year"
    compared = any((word,) in lexicon.phrases for word in before if word not in ("the", "of"))
    after = tokens[n + 1].norm if n + 1 < len(tokens) else ""
    compared = compared or after in ("percent", "%", *lexicon.magnitudes)
    if before[-1:] == ["the"] and after in _TIMES:
        return "cardinal"  # "over the five years": how many there are, and no limit
    if token.norm in lexicon.numbers and token.value is None and not compared:
        return "cardinal"
    return "number"


def _day_or_age(tokens: Sequence[Token], n: int) -> bool:
    """ "June 8" and "4-year-olds": numbers that are no values."""
    beside = {token.norm for token in tokens[max(n - 1, 0) : n + 2] if token is not tokens[n]}
    after = [token.norm for token in tokens[n + 1 : n + 6]]
    day = tokens[n].norm.isdigit() and float(tokens[n].value or 99) <= 31
    aged = "old" in after and "year" in after[: after.index("old")]
    return (day and bool(beside & set(MONTHS) - {"may"})) or (aged and len(after) > 1)


def _in_a_name(tokens: Sequence[Token], n: int, lexicon: Lexicon) -> bool:
    """ "S&P 500", "Fortune 500": part of a name that the chart does not have, and no value."""
    token, before = tokens[n], tokens[n - 1] if n > 1 else None
    after = tokens[n + 1].norm if n + 1 < len(tokens) else ""
    plain = token.text.isdigit() and len(token.text) == 3 and after not in lexicon.magnitudes
    known = lexicon.stop | lexicon.mark | set(MONTHS)
    return (
        plain
        and before is not None
        and before.capital
        and before.text.isalpha()
        and before.norm not in known
        and (before.norm,) not in lexicon.phrases
        and after not in ("%", "percent")
    )


def _numbers(tokens: Sequence[Token], schema: Schema, lexicon: Lexicon) -> list[Span]:
    spans = []
    timed = "year" in schema.dims
    for n, token in enumerate(tokens):
        value = token.value if token.value is not None else lexicon.numbers.get(token.norm)
        if value is None:
            if token.norm in ("not", "never", "n't", "except", "excluding", "without", "outside",
                              "including"):  # fmt: skip
                spans.append(Span("not", token.norm, n, n + 1))
            continue
        if _day_or_age(tokens, n) or _in_a_name(tokens, n, lexicon):
            continue
        spans.append(Span(_number_kind(tokens, n, timed, lexicon), value, n, n + 1))
    return spans
