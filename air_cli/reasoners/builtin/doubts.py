"""What speaks against an answer besides how well its program explains the question. Pure.

Each doubt is a factor on the sureness, measured on charts whose values were known: names that the
question says in part, places on a chart whose shape is not known, a colour where none is
known, a percentage held against amounts, a value that stands far out of all others.
"""

from __future__ import annotations

from air_cli.reasoners.builtin.context import Context
from air_cli.reasoners.builtin.explained import pieces
from air_cli.reasoners.builtin.program import (
    Aggregate,
    Compare,
    Expression,
    Marks,
    Names,
    Number,
    Pick,
    Test,
)
from air_cli.reasoners.builtin.spans import Span
from air_cli.reasoners.builtin.tokens import forms
from air_cli.records import Chart, Mark

# A name of which the question says this much or more is certain; what is left at none.
FULLY, NAMELESS = 0.75, 0.25
OTHER_NOUN = 0.45
PLACED = 0.7
GUESSED = 0.85
NO_SHARE = 0.5
UNSAID = 0.4
UNOFFERED, MOST = 0.6, 0.7
UNRANKED = 0.4
WEIGHTY = frozenset(("double", "twice", "triple", "half", "rank", "ranked", "ranking"))
# A value so many times the next largest, of at least so many, may be two labels read as one.
FAR_OUT, OF_SO_MANY, GLUED = 10.0, 5, 0.6


def doubts(program: Expression, ctx: Context, chart: Chart) -> float:
    """What is left (0..1) of how sure a program is of answering the question."""
    return (
        _loosely_named(program, ctx)
        * (PLACED if _of_unknown_shape(program, chart) else 1.0)
        * (GUESSED if _colour_unknown(ctx) else 1.0)
        * (NO_SHARE if _share_of_amounts(program, ctx, chart) else 1.0)
        * (UNOFFERED if _lacks_choices(program, ctx) else 1.0)
        * (UNSAID if _leaves_out_a_word(program, ctx) else 1.0)
        * (UNRANKED if _any_line(program, ctx) else 1.0)
        * (GLUED if _rests_on_far_out(program, chart) else 1.0)
    )


def _loosely_named(program: Expression, ctx: Context) -> float:
    """Less where a series or category is used of which the question says but a part; the rows of a
    table are judged by their own rule."""
    if ctx.schema.kind == "table":
        return 1.0
    used = {
        name
        for of in pieces(program)
        if isinstance(of, Marks)
        for name in (*of.series, *of.categories)
    }
    spans = [s for s in ctx.spans_in(0, ctx.end, "series", "category") if s.value in used]
    if any(_other_noun(span, ctx) for span in spans):
        return OTHER_NOUN
    best = {s.value: max(o.score for o in spans if o.value == s.value) for s in spans}
    least = min(best.values(), default=1.0)
    return 1.0 if least >= FULLY else NAMELESS + (1.0 - NAMELESS) * least / FULLY


def _other_noun(span: Span, ctx: Context) -> bool:
    """Whether a name is said without its last word and another noun in its place: "operating
    profit" is not the "Operating margin"."""
    name = forms(str(span.value))
    said = ctx.words(span.lo, span.hi)
    first = len(name) > 1 and name[-1] not in said and name[: len(said)] == tuple(said)
    return span.score < FULLY and first and span.hi in ctx.linked.loose


def _of_unknown_shape(program: Expression, chart: Chart) -> bool:
    """Whether a bar at the top or bottom is chosen where nothing tells how the chart is drawn."""
    placed = any(isinstance(p, Pick) and p.how in ("top", "bottom") for p in pieces(program))
    return chart.kind == "unknown" and placed


def _colour_unknown(ctx: Context) -> bool:
    """Whether a colour is spoken of where the colours are not known: it may be of another mark."""
    names = (*ctx.schema.categories, *ctx.schema.series)
    known = ctx.schema.words | {word for name in names for word in forms(name)}
    said = set(ctx.words(0, ctx.end)) & ctx.lexicon.colours
    return bool(said - known) and not ctx.schema.colors


def _share_of_amounts(program: Expression, ctx: Context, chart: Chart) -> bool:
    """Whether amounts are held against a percentage: "greater than 20%"."""
    numbers = [ctx.linked.tokens[s.lo].text for s in ctx.spans_in(0, ctx.end, "number")]
    sizes = sorted(abs(mark.value) for mark in chart.marks if mark.value is not None)
    amounts = "%" not in chart.unit and bool(sizes) and sizes[len(sizes) // 2] > 100.0
    if not amounts or not any(text.endswith("%") for text in numbers):
        return False
    level = isinstance(program, Compare) and {type(program.a), type(program.b)} <= {Pick, Number}
    return level or any(isinstance(piece, Test) for piece in pieces(program))


def _leaves_out_a_word(program: Expression, ctx: Context) -> bool:
    """Whether "double", "half" or a rank is asked for and a value as it stands is given."""
    words = set(ctx.words(0, ctx.end))
    level = isinstance(program, Pick) or (
        isinstance(program, Aggregate) and all(isinstance(part, Marks) for part in program.of)
    )
    known = {word for name in ctx.schema.categories for word in forms(name)} | ctx.schema.words
    return level and bool((WEIGHTY - known) & words)


def _lacks_choices(program: Expression, ctx: Context) -> bool:
    """Whether a name is chosen, and of the choices but few are names of the chart: then it was read
    in part."""
    if not isinstance(program, Names) or not ctx.offer.options:
        return False
    names = (*ctx.schema.series, *ctx.schema.categories)
    known = [set(forms(name)) for name in names]
    listed = [set(forms(option)) for option in ctx.offer.options]
    return sum(any(words & one for one in known) for words in listed) < MOST * len(listed)


def _any_line(program: Expression, ctx: Context) -> bool:
    """Whether an extreme is sought among all the rows of a statement, which are unlike things."""
    of = program.of if isinstance(program, Names) else program
    return (
        ctx.schema.kind == "table"
        and "year" in ctx.schema.series_dims
        and isinstance(of, Pick)
        and of.how in ("highest", "lowest")
        and not of.of.categories
    )


def _rests_on_far_out(program: Expression, chart: Chart) -> bool:
    """Whether a mark is used whose value is many times all others'."""
    marks = [mark for mark in chart.marks if mark.value is not None]
    sizes = sorted(abs(mark.value or 0.0) for mark in marks)
    if len(sizes) < OF_SO_MANY or sizes[-1] < FAR_OUT * max(sizes[-2], 1.0):
        return False
    far = max(marks, key=lambda mark: abs(mark.value or 0.0))
    return any(isinstance(of, Marks) and _holds(of, far) for of in pieces(program))


def _holds(of: Marks, mark: Mark) -> bool:
    row = of.span or not of.categories or mark.category in of.categories
    return row and (not of.series or mark.series in of.series)
