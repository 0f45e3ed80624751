"""The measure that a question means where it names no series and the chart holds several. Pure.

Bars and lines of a combination chart measure different things, and the reader calls a series that
the chart does not name by nothing or by its colour. Adding such series up is nonsense: the one that
the question can mean is found by the unit it asks for, by the size of its numbers and by the words
of titles; a chart's own, unnamed measure is the likeliest.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import replace
from typing import Any

from air_cli.reasoners.builtin.context import Context
from air_cli.reasoners.builtin.program import Expression, Marks
from air_cli.reasoners.builtin.schema import Measure, Schema
from air_cli.reasoners.builtin.tokens import forms
from air_cli.records import Chart

LINE = " (line)"
LEAST, CLEAR = 0.9, 0.4
_RATES = frozenset(
    ("percent", "percentage", "%", "rate", "margin", "ratio", "share", "yield", "roe", "return")
)
_PARTED = re.compile(r"\s+(?:and|&|vs\.?|versus|/)\s+|\s*[/|]\s*", re.I)
_MIXED = ("combo",)


def meant_measure(ctx: Context, chart: Chart) -> str | None:
    """The series that a question means which names none; None where it names one, where all of
    them are meant or where none is clearly likelier than the others."""
    measures = ctx.schema.measures
    nameless = [m for m in measures if _nameless(m.series, ctx)]
    if len(measures) < 2 or ctx.spans_in(0, ctx.end, "series", "color"):
        return None
    if ctx.schema.kind not in _MIXED and not any(not m.series for m in measures):
        return None
    pool = nameless or list(measures)
    scored = sorted(((_fit(m, ctx, chart), -n) for n, m in enumerate(pool)), reverse=True)
    best, place = scored[0]
    clear = len(scored) == 1 or best - scored[1][0] >= CLEAR
    return pool[-place].series if best >= LEAST and clear else None


def _nameless(name: str, ctx: Context) -> bool:
    """Whether the reader made the name up: nothing, a mark of its kind or a colour."""
    bare = name.removesuffix(LINE).strip()
    words = [word for word in forms(bare) if word not in ctx.lexicon.tones]
    return all(word in ctx.lexicon.colours for word in words) if bare else True


def _fit(measure: Measure, ctx: Context, chart: Chart) -> float:
    """How well a series fits what is asked for, without a name to go by."""
    score = 1.0 if not measure.series else 0.5 if not measure.series.strip(" ()line") else 0.3
    numbers = [float(s.value) for s in ctx.spans_in(0, ctx.end, "number")]
    fits = [measure.low * 0.5 <= n <= measure.high * 1.5 for n in numbers if n > 0]
    if fits:
        score += 0.6 * (sum(fits) / len(fits) - 0.5)
    words = set(ctx.words(0, ctx.end)) - (ctx.lexicon.mark | ctx.lexicon.stop) | (
        _RATES & set(ctx.words(0, ctx.end))
    )
    rate = _of_a_rate(ctx)
    if measure.unit:
        score += 0.6 if (measure.unit == "%") == rate else -0.3
    return score + _titled(measure, words, ctx.schema, chart)


def _of_a_rate(ctx: Context) -> bool:
    """Whether a rate is asked for: "the average margin", but not "the percentage increase of …" nor
    "by what percentage did …"."""
    words = ctx.words(0, ctx.end)
    inside = {n for head in ctx.heads for n in range(head.lo, head.hi)}
    return any(
        word in _RATES
        and n not in inside
        and words[n + 1 : n + 2] not in (["did"], ["doe"], ["do"])
        for n, word in enumerate(words)
    )


def _titled(measure: Measure, words: set[str], schema: Schema, chart: Chart) -> float:
    """ "Revenue and Volume" of bars and a line: the first part is of the bars. Likewise the titles
    of the axes on either side."""
    second = measure.kind == "line" or measure.series.endswith(LINE)
    titles = [axis.title for axis in chart.axes if axis.role in ("y", "y2") and axis.title]
    parts = titles if len(titles) == 2 else _PARTED.split(chart.title)
    if len(parts) != 2 or len(schema.measures) != 2:
        return 0.0
    own, other = (set(forms(parts[n])) for n in ((1, 0) if second else (0, 1)))
    said = len(words & (own - other)) - len(words & (other - own))
    return 0.8 * max(-1, min(said, 1))


def only_series(schema: Schema, series: str) -> Schema:
    """The schema of one series alone."""
    marks = tuple(mark for mark in schema.marks if mark.series == series)
    held = {mark.category for mark in marks}
    return replace(
        schema,
        series=(series,),
        marks=marks,
        categories=tuple(name for name in schema.categories if name in held),
    )


def within(program: Expression, series: str) -> Expression:
    """The program over one series: wherever it names none."""
    found: Expression = _within(program, series)
    return found


def _within(part: Any, series: str) -> Any:
    if isinstance(part, Marks):
        return part if part.series or part.color else replace(part, series=(series,))
    if isinstance(part, tuple):
        return tuple(_within(one, series) for one in part)
    if dataclasses.is_dataclass(part) and not isinstance(part, type):
        fields = {f.name: _within(getattr(part, f.name), series) for f in dataclasses.fields(part)}
        return type(part)(**fields)
    return part
