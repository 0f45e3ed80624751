"""Colours of a question where the chart's colours are not known (a table given as data). Pure.

One series must be what the colour means. Of several, each way to give the colours to the series is
a reading of the question: where all lead to the same answer it does not matter which is right;
where they do not, the likeliest is answered with the others as alternatives and little confidence.
Readings whose premises the values deny are left out.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Iterator, Sequence
from dataclasses import replace

from air_cli.reasoners.builtin.context import Context
from air_cli.reasoners.builtin.lexicon import Lexicon
from air_cli.reasoners.builtin.program import (
    Aggregate,
    Expression,
    Marks,
    Names,
    Pick,
    Size,
    Test,
)
from air_cli.reasoners.builtin.schema import Schema
from air_cli.reasoners.builtin.spans import Linked, Span
from air_cli.reasoners.builtin.tokens import forms

MOST_SERIES = 4
MOST_FOR_ONE = 6
MOST_READINGS = 6
NEAR = 0.005


def readings(linked: Linked, schema: Schema, lexicon: Lexicon) -> list[Linked]:
    """The question with its colours read as series, the likeliest first; empty when the colours
    of the chart are known, or when no guess is possible."""
    named = list(dict.fromkeys(str(s.value) for s in linked.spans if s.kind == "color"))
    if schema.colors or not named:
        return []
    if schema.single:
        return [replace(linked, spans=tuple(s for s in linked.spans if s.kind != "color"))]
    most = MOST_FOR_ONE if len(named) == 1 else MOST_SERIES
    if len(schema.series) > most or len(named) > len(schema.series):
        return []
    ways = list(itertools.permutations(schema.series, len(named)))
    ways.sort(
        key=lambda way: -sum(_fit(c, n, schema, lexicon) for c, n in zip(named, way, strict=True))
    )
    return [_meant(linked, dict(zip(named, way, strict=True))) for way in ways[:MOST_READINGS]]


def asks_colour(ctx: Context) -> bool:
    """Whether a colour is what is asked for: "what is the colour of A?", "which bar color …"."""
    words = ctx.words(0, 6)
    at = next((n for n, word in enumerate(words) if word in ("what", "which")), None)
    named = any(span.kind == "color" for span in ctx.linked.spans)
    return at is not None and "color" in words[at + 1 :] and not named


def premises(program: Expression, schema: Schema) -> float:
    """Whether what a reading takes for granted is so: 0 denied, 0.5 nothing told, 1 confirmed.
    "Which blue bar is 32?" takes one of 32 for granted, "how many are above 5?" some and not all,
    "in which year is it above 5?" best a single one."""
    of = program.of if isinstance(program, Names | Size) else None
    if isinstance(program, Aggregate) and program.op == "count":
        of = program.of[0]
    if isinstance(of, Pick) and of.how == "nearest":
        return 1.0 if any(_near(v, of.value) for v in _values(of.of, schema)) else 0.0
    if not isinstance(of, Marks) or of.test is None:
        return 0.5
    values = _values(of, schema)
    hits = sum(_passes(value, of.test) for value in values)
    single = isinstance(program, Names) and hits == 1
    return 0.0 if not hits else 0.5 if hits == len(values) and not single else 1.0


def _values(of: Marks, schema: Schema) -> list[float]:
    return [
        mark.value
        for mark in schema.marks
        if mark.value is not None
        and (not of.series or mark.series in of.series)
        and (of.span or not of.categories or mark.category in of.categories)
    ]


def _passes(value: float, test: Test) -> bool:
    if test.op == "between":
        return test.value <= value <= test.upper
    if test.op == "eq":
        return _near(value, test.value)
    return bool(getattr(operator, test.op)(value, test.value))


def _near(value: float, other: float) -> bool:
    return abs(value - other) <= NEAR * max(abs(other), 1e-9)


def _meant(linked: Linked, series: dict[str, str]) -> Linked:
    spans = tuple(
        Span("series", series[str(s.value)], s.lo, s.hi, 0.9) if s.kind == "color" else s
        for s in linked.spans
    )
    return replace(linked, spans=spans)


def stood_for(
    ctx: Context, color: str, dim: str, prior: float
) -> Iterator[tuple[float, Expression, str]]:
    """What a colour stands for; where the chart's colours are not known, the only name there is, or
    the only one to which the colour is usually given."""
    other = "series" if not ctx.schema.single else "category"
    if not ctx.schema.colors:
        side = dim if dim in ("category", "series") else other
        names = ctx.schema.series if side == "series" else ctx.schema.categories
        likely = names if len(names) == 1 else usual(color, names, ctx.lexicon)
        if len(likely) == 1:
            chosen = Marks(series=likely) if side == "series" else Marks(categories=likely)
            sure = 0.9 if len(names) == 1 else 0.65
            yield prior * sure, Names(chosen, side), "what the colour usually stands for"
    if dim not in ("category", "series") or dim == other:
        weight = 0.9 if ctx.schema.colors else 0.5
        yield prior * weight, Names(Marks(color=color), other), "what a colour stands for"


def usual(color: str, names: Sequence[str], lexicon: Lexicon) -> tuple[str, ...]:
    """The names whose words this colour is usually given to."""
    meanings = lexicon.meant_by.get(color.split()[-1], frozenset())
    return tuple(name for name in names if meanings & set(forms(name)))


def _fit(color: str, name: str, schema: Schema, lexicon: Lexicon) -> float:
    """How usual it is that a series of this name or place has this colour."""
    known = float(bool(usual(color, [name], lexicon)))
    place = lexicon.palette.get(color, lexicon.palette.get(color.split()[-1], 2.0))
    return known - 0.2 * abs(schema.series.index(name) - place)
