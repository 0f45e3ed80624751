"""How sure an answer is of what was asked, apart from how sure the reading is. Pure.

The factors were measured: right answers per kind of program, on charts whose values were known.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Sequence

from air_cli.reasoners.builtin.context import Context
from air_cli.reasoners.builtin.doubts import doubts
from air_cli.reasoners.builtin.explained import pieces
from air_cli.reasoners.builtin.program import (
    Across,
    Aggregate,
    Beyond,
    Binary,
    Compare,
    Expression,
    Growth,
    Many,
    Marks,
    Names,
    Number,
    Pick,
    Size,
    Steps,
    Test,
    Trend,
)
from air_cli.reasoners.builtin.spans import Span
from air_cli.reasoners.builtin.statements import load, row_of, said_in
from air_cli.reasoners.builtin.tokens import forms
from air_cli.records import Chart

# A value looked up by a name of the chart is nearly always what was asked for, even where other
# words of the question stay unexplained.
LOOKED_UP = 0.6
OPEN_SERIES = 0.85
# A row of a table named as a whole; what is left of the sureness where it is not.
WHOLLY, LOOSELY = 0.97, 0.5
# What is left where the question names a line of a statement that the table lacks.
MISSING = 0.3
OPERATIONS = {
    "count": 0.7, "sum": 0.85, "product": 0.8, "ratio": 0.75, "minus": 0.8, "growth": 0.8,
    "decline": 0.8, "share": 0.8,
}  # fmt: skip
COMPUTED = 0.88
# What is left where the question speaks of a rise or fall and only levels are looked at.
UNMOVED = 0.5
MOVES = ("increase", "decrease", "growth", "decline")
LEVELS = (Aggregate, Compare, Marks, Many, Names, Number, Pick, Test)
OF_WHOM = 0.8
PROSE = 0.35
# What is left where a name in quotes, of at most so many words, is not in the figure.
ABSENT, SHORT, NEAR = 0.4, 3, 0.75
QUOTED = re.compile(r"[\"“]([^\"“”]{3,60})[\"”]|(?<!\w)['‘]([^'‘’]{3,60})['’](?!\w)")
# What stands behind a name in "did the plan achieve", "does it rank" is a verb.
DOES = frozenset(("do", "does", "did"))
TOTALS = frozenset(("total", "count", "number", "amount", "of", "the"))


def sureness(program: Expression, score: float, ctx: Context, chart: Chart) -> float:
    """How sure it is (0..1) that `program`, which explains the question by `score`, answers it:
    less for computations than for look-ups, less where no series of several is named, less where
    values that it works over were not read."""
    sure = min(score, 1.0) * (ABSENT if _quotes_what_is_absent(ctx) else 1.0)
    if isinstance(program, Names) and chart.kind == "table" and _is_prose(chart.categories):
        return sure * PROSE
    exact = _exact(program, ctx) * (OF_WHOM if _of_another(ctx) else 1.0)
    exact *= UNMOVED if _leaves_out_a_move(program, ctx) else 1.0
    exact *= doubts(program, ctx, chart)
    parts = program.of if isinstance(program, Many) else (program,)
    looked_up = all(isinstance(p, Pick) and p.how == "only" and p.of.named for p in parts)
    if looked_up and sure >= 0.5:
        return exact * (sure + LOOKED_UP * (1.0 - sure))
    sure *= exact * _kind(program)
    chosen = [part for part in pieces(program) if isinstance(part, Marks)]
    # Growth across the columns of a statement is over all of them.
    over_all = isinstance(program, Growth) and "across" in program.want
    open_series = not (over_all or ctx.schema.single or ctx.schema.lone)
    if open_series and any(not (of.series or of.color) for of in chosen):
        sure *= OPEN_SERIES
    return sure * _complete(chosen, chart)


def _leaves_out_a_move(program: Expression, ctx: Context) -> bool:
    """Whether the question speaks of a rise or fall that the chart does not show, and the program
    works none out: it only looks up, adds up and compares levels."""
    names = (*ctx.schema.categories, *ctx.schema.series)
    known = ctx.schema.words | {word for name in names for word in forms(name)}
    moves = [h for h in ctx.heads_in(0, ctx.end, "operation") if h.value in MOVES]
    if not any(not set(ctx.words(head.lo, head.hi)) & known for head in moves):
        return False
    parts = [part for part in pieces(program) if dataclasses.is_dataclass(part)]
    # "Did it grow in 2023": the level there against the one before is the move.
    if any(isinstance(part, Compare) and isinstance(part.b, Pick) for part in parts):
        return False
    return all(isinstance(part, LEVELS) for part in parts)


def _quotes_what_is_absent(ctx: Context) -> bool:
    """Whether the question puts words in quotes that stand nowhere in the figure."""
    names = (*ctx.schema.categories, *ctx.schema.series)
    known = ctx.schema.words | {word for name in names for word in forms(name)}
    known |= ctx.lexicon.stop | ctx.lexicon.mark
    quoted = [forms(a or b) for a, b in QUOTED.findall(ctx.linked.text)]
    return any(
        word not in known and not difflib.get_close_matches(word, known, 1, NEAR)
        for words in quoted
        if len(words) <= SHORT
        for word in words
    )


def _of_another(ctx: Context) -> bool:
    """ "Net sales of Cloud" of a table that knows no Cloud: a company's name, or a part of it that
    another figure may know."""
    if ctx.schema.kind != "table":
        return False
    ends = [
        s.hi for s in ctx.spans_in(0, ctx.end, "category") if ctx.words(s.hi, s.hi + 1) == ["of"]
    ]
    return any(n + 1 in ctx.linked.loose and ctx.linked.tokens[n + 1].capital for n in ends)


def _exact(program: Expression, ctx: Context) -> float:
    """Less for the row of a table that is named in part, or as part of a longer name: its rows are
    as many as its words, and "total liabilities" are no "Total current liabilities"."""
    if ctx.schema.kind != "table":
        return 1.0
    rows = ctx.spans_in(0, ctx.end, "category")
    used = {name for of in pieces(program) if isinstance(of, Marks) for name in of.categories}
    factor = min((_named(span, ctx) for span in rows if span.value in used), default=1.0)
    factor = LOOSELY * factor if factor < WHOLLY else 1.0
    beside = {n for span in rows for n in (span.lo - 1, span.hi)} & set(ctx.linked.loose)
    beside -= {span.hi for span in rows if DOES & set(ctx.words(0, span.lo))}
    words = (ctx.linked.tokens[n] for n in beside)
    narrowed = any(not word.capital and word.norm not in load().plain for word in words)
    rate = bool({"percentage", "percent", "%"} & set(ctx.words(0, ctx.end)))
    rate = rate or ctx.words(0, 3) in (["what", "share", "of"], ["which", "share", "of"])
    amount = rate and isinstance(program, Pick) and "%" not in ctx.schema.unit
    _, lines = said_in(ctx.linked.tokens, ctx.lexicon)
    missing = any(not row_of(str(line.value), ctx.schema) for line in lines)
    return (
        factor
        * (LOOSELY if narrowed else 1.0)
        * (LOOSELY if amount else 1.0)
        * (MISSING if missing else 1.0)
    )


def _named(span: Span, ctx: Context) -> float:
    """How fully a row is named; what it says in brackets, or of its being a total or a count, is
    not missed."""
    plain = re.sub(r"[(\[].*?[)\]]", " ", str(span.value))
    left = set(forms(plain)) - set(ctx.words(span.lo, span.hi)) - TOTALS
    return span.score if left else 1.0


def _is_prose(names: Sequence[str]) -> bool:
    """Whether most rows of a table begin with running text: it is a page laid out in columns."""
    long = sum(len(name.split()) > 6 for name in names)
    return 2 * long > len(names)


def _kind(program: Expression) -> float:
    if isinstance(program, Many) and all(isinstance(part, Binary) for part in program.of):
        return min(map(_kind, program.of))
    if isinstance(program, Many | Marks):
        return 0.6
    if isinstance(program, Aggregate | Binary):
        return OPERATIONS.get(program.op, COMPUTED)
    if isinstance(program, Across | Beyond | Steps | Growth | Trend | Size):
        return COMPUTED
    return 1.0


def _complete(chosen: list[Marks], chart: Chart) -> float:
    """The least share of values that were read among the marks of each choice."""
    shares = [1.0]
    for of in chosen:
        marks = [
            mark
            for mark in chart.marks
            if (not of.series or mark.series in of.series)
            and (of.span or not of.categories or mark.category in of.categories)
        ]
        if marks:
            shares.append(sum(mark.value is not None for mark in marks) / len(marks))
    return min(shares)
