"""The words of a language as data: phrases with their tags, read from `lexicon.<language>.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from air_cli.reasoners.builtin.tokens import forms

Phrase = tuple[str, ...]
TAGGED = (
    "operation",
    "extreme",
    "position",
    "rank",
    "compare",
    "comparative",
    "arithmetic",
    "sign",
)


@dataclass(frozen=True)
class Lexicon:
    """`phrases` maps the words of a phrase to its tags: (kind, value) pairs such as
    ("extreme", "max"). A phrase may carry several ("top" is an extreme and a position)."""

    stop: frozenset[str]
    mark: frozenset[str]
    phrases: Mapping[Phrase, tuple[tuple[str, str], ...]]
    little: frozenset[str]
    nouns: frozenset[str]
    longest: int
    numbers: Mapping[str, float]
    magnitudes: Mapping[str, float]
    same: Mapping[Phrase, str]
    countries: frozenset[str]
    colours: frozenset[str]
    tones: frozenset[str]
    currencies: frozenset[Phrase]
    long_words: tuple[str, ...]
    whole: frozenset[str]
    everyone: frozenset[str]
    naming: frozenset[str]
    parting: Mapping[str, str]
    listing: frozenset[str]
    series_of: Mapping[str, Mapping[Phrase, str]]
    odd: frozenset[str]
    steady: frozenset[str]
    leading: frozenset[str]
    participle: frozenset[str]
    palette: Mapping[str, float]
    meant_by: Mapping[str, frozenset[str]]
    driven: Mapping[str, str]


@cache
def load(language: str = "en") -> Lexicon:
    """The lexicon of a language. Raises `FileNotFoundError` when there is none."""
    path = Path(__file__).with_name(f"lexicon.{language}.yaml")
    data = yaml.safe_load(path.read_text("utf-8"))
    phrases = _phrases(data)
    return Lexicon(
        stop=_set(data["stop"]),
        mark=_set(data["mark"]),
        phrases=phrases,
        little=_little(data, phrases),
        nouns=frozenset(
            form[0]
            for listed in data["dimension"].values()
            for form in map(forms, map(str, listed))
            if len(form) == 1
        ),
        longest=max(map(len, phrases)),
        numbers={str(word): float(value) for word, value in data["number"].items()},
        magnitudes={str(word): float(value) for word, value in data["magnitude"].items()},
        same=_same(data["same"]),
        countries=_set(data["countries"]),
        colours=_set(data["colours"]),
        tones=_set(data["tones"]),
        long_words=tuple(sorted({p[0] for p in phrases if len(p) == 1 and len(p[0]) >= 6})),
        everyone=frozenset(map(str, data["everyone"])),
        whole=frozenset(map(str, data["whole"])),
        naming=frozenset(map(str, data["naming"])),
        parting={str(w): str(op) for op, words in data["parting"].items() for w in words},
        listing=frozenset(map(str, data["listing"])),
        series_of={
            kind: {forms(phrase): name for name, listed in names.items() for phrase in listed}
            for kind, names in data["series_of"].items()
        },
        odd=frozenset(map(str, data["odd"])),
        steady=frozenset(map(str, data["steady"])),
        leading=frozenset(map(str, data["leading"])),
        participle=frozenset(map(str, data["participle"])),
        palette={str(color): float(place) for color, place in data["palette"].items()},
        meant_by={str(color): _set(words) for color, words in data["meant_by"].items()},
        driven={str(w): str(way) for way, words in data["driven"].items() for w in words},
        currencies=frozenset(forms(str(name)) for name in data["currency"]),
    )


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _phrases(data: Mapping[str, Any]) -> dict[Phrase, tuple[tuple[str, str], ...]]:
    found: dict[Phrase, list[tuple[str, str]]] = {}
    groups = [(kind, data[kind]) for kind in (*TAGGED, "dimension")]
    groups += [("count", {"count": data["count"]}), ("all", {"all": data["all"]})]
    for kind, values in groups:
        for value, listed in values.items():
            for phrase in listed:
                tags = found.setdefault(forms(str(phrase)), [])
                if (kind, str(value)) not in tags:
                    tags.append((kind, str(value)))
    return {phrase: tuple(tags) for phrase, tags in found.items()}


def _little(data: Mapping[str, Any], phrases: Mapping[Phrase, object]) -> frozenset[str]:
    """Words that alone make no name: stop words, nouns for marks, words of operations. Nouns of
    dimensions are not among them, nor rises and falls, which charts like to name."""
    words = {phrase[0] for phrase in phrases if len(phrase) == 1}
    nouns = {form for listed in data["dimension"].values() for form in map(forms, map(str, listed))}
    moves = {forms(str(w)) for key in ("increase", "decrease") for w in data["operation"][key]}
    kept = {phrase[0] for phrase in nouns | moves if len(phrase) == 1}
    return frozenset(words - kept) | _set(data["stop"]) | _set(data["mark"])


def _same(groups: list[list[str]]) -> dict[Phrase, str]:
    return {forms(name): group[0].replace(" ", "_") for group in groups for name in group}
