"""Colours of a question where the chart's colours are not known (a table given as data). Pure.

One series must be what the colour means. Of several, each way to give the colours to the series is
a reading of the question: where all lead to the same answer it does not matter which is right;
where they do not, the likeliest is answered with the others as alternatives and little confidence.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

from air_cli.reasoners.builtin.lexicon import Lexicon
from air_cli.reasoners.builtin.schema import Schema
from air_cli.reasoners.builtin.spans import Linked, Span
from air_cli.reasoners.builtin.tokens import forms

MOST_SERIES = 4
MOST_READINGS = 6


def readings(linked: Linked, schema: Schema, lexicon: Lexicon) -> list[Linked]:
    """The question with its colours read as series, the likeliest first; empty when the colours
    of the chart are known, or when no guess is possible."""
    named = list(dict.fromkeys(str(s.value) for s in linked.spans if s.kind == "color"))
    if schema.colors or not named:
        return []
    if schema.single:
        return [replace(linked, spans=tuple(s for s in linked.spans if s.kind != "color"))]
    if len(schema.series) > MOST_SERIES or len(named) > len(schema.series):
        return []
    ways = list(itertools.permutations(schema.series, len(named)))
    ways.sort(
        key=lambda way: -sum(_fit(c, n, schema, lexicon) for c, n in zip(named, way, strict=True))
    )
    return [_meant(linked, dict(zip(named, way, strict=True))) for way in ways[:MOST_READINGS]]


def _meant(linked: Linked, series: dict[str, str]) -> Linked:
    spans = tuple(
        Span("series", series[str(s.value)], s.lo, s.hi, 0.9) if s.kind == "color" else s
        for s in linked.spans
    )
    return replace(linked, spans=spans)


def _fit(color: str, name: str, schema: Schema, lexicon: Lexicon) -> float:
    """How usual it is that a series of this name or place has this colour."""
    words = set(forms(name))
    meanings = lexicon.meant_by.get(color.split()[-1], frozenset())
    known = 1.0 if words & meanings else 0.0
    place = lexicon.palette.get(color, lexicon.palette.get(color.split()[-1], 2.0))
    return known - 0.2 * abs(schema.series.index(name) - place)
