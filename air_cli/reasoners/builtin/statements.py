"""The lines of financial statements by their usual names, read from `statements.<language>.yaml`:
what "R&D" and "capex" are called in the table at hand, and which two lines make a margin. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from air_cli.reasoners.builtin.lexicon import Lexicon
from air_cli.reasoners.builtin.schema import Schema
from air_cli.reasoners.builtin.spans import Span
from air_cli.reasoners.builtin.tokens import Token, forms

Phrase = tuple[str, ...]
RATIO = "statement ratio"
# A name before an item may be the company's, or narrow the item down: "Oracle revenue".
NARROWED = 0.85


@dataclass(frozen=True)
class Ratio:
    """Two lines put together: `op` is share (in percent), ratio or minus; `amount` is the line that
    goes by the same name."""

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
    longest = max(map(len, (*items, *names)))
    return Statements(items, rows, names, ratios, frozenset(data["paid"]), longest)


def row_of(item: str, schema: Schema) -> str:
    """What a line is called in this table; empty where it has none."""
    held: dict[Phrase, str] = {}
    for name in schema.categories:
        for form in _row_forms(name):
            held.setdefault(form, name)
    return next((held[form] for form in load().rows[item] if form in held), "")


def _row_forms(name: str) -> Iterator[Phrase]:
    """A row's name without brackets and notes, then without what it is net of: "Accounts
    receivable, net of allowances"."""
    plain = re.sub(r"[(\[][^)\]]*[)\]]|[¹²³⁴*†‡]", " ", name)
    yield forms(plain)
    short = re.sub(r",\s*(?:net|less|at cost|including|excluding)\b.*", "", plain)
    if short != plain:
        yield forms(short)


def spans_of(tokens: Sequence[Token], schema: Schema, lexicon: Lexicon) -> list[Span]:
    """The rows of a table that the question means by other names, and the ratios it asks for."""
    if schema.kind != "table":
        return []
    known, found = load(), []
    places = [n for n, token in enumerate(tokens) if not token.punctuation]
    words = [tokens[n].norm for n in places]
    for at in range(len(words)):
        for size in range(min(known.longest, len(words) - at), 0, -1):
            phrase = tuple(words[at : at + size])
            lo, hi = places[at], places[at + size - 1] + 1
            name = known.ratio_names.get(phrase)
            if name and all(row_of(item, schema) for item in _lines(known.ratios[name])):
                found.append(Span(RATIO, name, lo, hi))
            score = _alone(tokens, lo, hi, lexicon)
            if score and phrase in known.items and (row := row_of(known.items[phrase], schema)):
                found.append(Span("category", row, lo, hi, score))
                break
    return found


def _lines(ratio: Ratio) -> tuple[str, str]:
    return ratio.a, ratio.b


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
    plain = token.norm in lexicon.stop | lexicon.mark or (token.norm,) in lexicon.phrases
    return token.norm.isalpha() and not plain and token.norm not in lexicon.little
