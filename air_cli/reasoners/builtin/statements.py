"""The lines of financial statements by their usual names, read from `statements.<language>.yaml`:
what "R&D" and "capex" are called in the table at hand, and which two lines make a margin. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import yaml

from air_cli.reasoners.builtin.lexicon import Lexicon
from air_cli.reasoners.builtin.schema import Schema
from air_cli.reasoners.builtin.spans import Span
from air_cli.reasoners.builtin.tokens import Token, forms

Phrase = tuple[str, ...]
# Kinds of spans: a ratio of two lines, and the name of a statement, which says nothing more.
RATIO, STATEMENT = "statement ratio", "statement"
_PART = re.compile(r"\b(?:quarter|q[1-4]|(?:three|six|nine) months|half)\b", re.I)
_YEAR = re.compile(r"(?:19|20)\d\d")
_SPAN = re.compile(r"\d\d\s?(?:-|–|to|through|until)\s?(?:FY\s?)?(?:19|20)?\d\d", re.I)
# A name before an item may be the company's, or narrow the item down: "Oracle revenue".
NARROWED = 0.85


@dataclass(frozen=True)
class Ratio:
    """Two lines put together: `op` is share (in percent), ratio, minus or plus; `amount` is the
    line that goes by the same name."""

    op: str
    a: str
    b: str
    amount: str = ""


@dataclass(frozen=True)
class Statements:
    """`items`: a phrase of a question to the line it means; `rows`: a line to what its row may be
    called, the likeliest first; `ratios`: a phrase to its name, and a name to its two lines."""

    items: Mapping[Phrase, str]
    rows: Mapping[str, tuple[Phrase, ...]]
    ratio_names: Mapping[Phrase, str]
    ratios: Mapping[str, Ratio]
    paid: frozenset[str]
    names: frozenset[Phrase]
    plain: frozenset[str]
    key: tuple[str, ...]
    longest: int


@cache
def load(language: str = "en") -> Statements:
    """The lines of a language. Raises `FileNotFoundError` when there are none."""
    path = Path(__file__).with_name(f"statements.{language}.yaml")
    data = yaml.safe_load(path.read_text("utf-8"))
    rows = {item: tuple(map(forms, entry["rows"])) for item, entry in data["items"].items()}
    items: dict[Phrase, str] = {}
    for item, entry in data["items"].items():
        for phrase in (*map(forms, entry["said"]), *rows[item]):
            items.setdefault(phrase, item)
    ratios = {
        name: Ratio(entry["as"], entry["of"][0], entry["of"][1], entry.get("amount", ""))
        for name, entry in data["ratios"].items()
    }
    names = {
        forms(phrase): name for name, entry in data["ratios"].items() for phrase in entry["said"]
    }
    called = frozenset(map(forms, data["names"]))
    longest = max(map(len, (*items, *names, *called)))
    return Statements(
        items,
        rows,
        names,
        ratios,
        frozenset(data["paid"]),
        called,
        frozenset(data["plain"]),
        tuple(data["key"]),
        longest,
    )


def row_of(item: str, schema: Schema) -> str:
    """What a line is called in this table, or which series of a chart over time it is; empty where
    there is none."""
    held: dict[Phrase, str] = {}
    for name in schema.categories if schema.kind == "table" else schema.series:
        for form in _row_forms(name):
            held.setdefault(form, name)
    return next((held[form] for form in load().rows[item] if form in held), "")


def columns_of(series: Sequence[str]) -> dict[str, str]:
    """The columns of a table by the year that each names; the first of a year counts, parts of a
    year do not."""
    found: dict[str, str] = {}
    for name in series:
        if _PART.search(name):
            continue
        years = [word for word in forms(name) if _YEAR.fullmatch(word)]
        if len(years) == 1:
            found.setdefault(years[0], name)
    return found


def latest_column(schema: Schema) -> str:
    """The series of the latest year, where the series are years; empty where they are not."""
    timed = "year" in schema.series_dims and not schema.single
    return max(schema.series) if timed else ""


def years_in(tokens: Sequence[Token], question: str) -> tuple[str, ...]:
    """The years that a question names; of "FY2015 - FY2017" those between as well."""
    words = dict.fromkeys(token.norm for token in tokens if _YEAR.fullmatch(token.norm))
    if len(words) == 2 and _SPAN.search(question):
        return tuple(str(year) for year in range(int(min(words)), int(max(words)) + 1))
    return tuple(words)


def is_held(ratio: str, schema: Schema) -> bool:
    """Whether the table has both lines of a ratio."""
    lines = load().ratios[ratio]
    return bool(row_of(lines.a, schema) and row_of(lines.b, schema))


def _row_forms(name: str) -> Iterator[Phrase]:
    """A row's name without brackets and notes, then without what it is net of: "Accounts
    receivable, net of allowances"."""
    plain = re.sub(r"[(\[][^)\]]*[)\]]|[¹²³⁴*†‡]|(?<=s)['’](?=\s)", " ", name)
    yield forms(plain)
    short = re.sub(r",\s*(?:net|less|at cost|including|excluding)\b.*", "", plain)
    # "Earnings before income taxes and equity in income of affiliates".
    short = re.sub(r",?\s+and (?:equity|share) (?:in|of)\b.*", "", short)
    if short != plain:
        yield forms(short)


def spans_of(tokens: Sequence[Token], schema: Schema, lexicon: Lexicon) -> list[Span]:
    """The rows of a table that the question means by other names, and the ratios it asks for; of a
    chart the ratios of which it shows both lines."""
    ratios, lines = said_in(tokens, lexicon, lambda line: bool(row_of(line, schema)))
    if schema.kind != "table":
        return [r for r in ratios if r.kind == RATIO and is_held(str(r.value), schema)]
    rows = [replace(span, value=row_of(str(span.value), schema)) for span in lines]
    return [*ratios, *rows]


def said_in(
    tokens: Sequence[Token], lexicon: Lexicon, has: Callable[[str], bool] = bool
) -> tuple[list[Span], list[Span]]:
    """The ratios and statements that a question names, and the lines that `has` is true for. The
    longest name wins, and the words of a ratio name no line: "return on assets" asks for none."""
    known = load()
    ratios: list[Span] = []
    lines: list[Span] = []
    places = [n for n, token in enumerate(tokens) if not token.punctuation and token.norm != "'"]
    words = [tokens[n].norm for n in places]
    for at in range(len(words)):
        for size in range(min(known.longest, len(words) - at), 0, -1):
            phrase = tuple(words[at : at + size])
            lo, hi = places[at], places[at + size - 1] + 1
            if phrase in known.names:
                ratios.append(Span(STATEMENT, " ".join(phrase), lo, hi))
            name = known.ratio_names.get(phrase, "")
            if name and _told(known.ratios[name], has):
                ratios.append(Span(RATIO, name, lo, hi))
            score = _alone(tokens, lo, hi, lexicon)
            if score and phrase in known.items and has(known.items[phrase]):
                lines.append(Span("category", known.items[phrase], lo, hi, score))
                break
    ratios = [r for r in ratios if not any(_inside(r, o) for o in ratios)]
    lines = [line for line in lines if not any(_inside(line, o) for o in (*ratios, *lines))]
    return ratios, lines


def _told(ratio: Ratio, has: Callable[[str], bool]) -> bool:
    """Whether a ratio's name means it; where its lines are missing, the amount may be meant."""
    return (has(ratio.a) and has(ratio.b)) or not (ratio.amount and has(ratio.amount))


def _inside(span: Span, other: Span) -> bool:
    """Whether a name stands within a longer one."""
    return other.lo <= span.lo and span.hi <= other.hi and span.hi - span.lo < other.hi - other.lo


def _alone(tokens: Sequence[Token], lo: int, hi: int, lexicon: Lexicon) -> float:
    """How surely the words stand for themselves, and are no part of a longer name: "deferred
    revenue" is no revenue, "asset turnover" neither."""
    before = tokens[lo - 1] if lo else None
    after = tokens[hi] if hi < len(tokens) else None
    if after is not None and hi - lo == 1 and _content(after, lexicon) and not after.capital:
        return 0.0
    if before is None or not _content(before, lexicon) or before.text.endswith(("'s", "s'")):
        return 1.0
    return NARROWED if before.capital else 0.0


def _content(token: Token, lexicon: Lexicon) -> bool:
    plain = token.norm in lexicon.stop | lexicon.mark | load().plain
    plain = plain or (token.norm,) in lexicon.phrases
    return token.norm.isalpha() and not plain and token.norm not in lexicon.little
