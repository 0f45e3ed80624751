"""Rules for questions that count. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from air_cli.reasoners.builtin.across import PAIRED, across_of
from air_cli.reasoners.builtin.asked import Asked
from air_cli.reasoners.builtin.context import Context, marks_in, number_of, without_wholes
from air_cli.reasoners.builtin.program import (
    Across,
    Aggregate,
    Beyond,
    Binary,
    Crosses,
    Expression,
    Marks,
    Moves,
    Pick,
    Size,
    Test,
)
from air_cli.reasoners.builtin.quantity import quantity
from air_cli.reasoners.builtin.tokens import forms

TIMES = frozenset(("year", "month", "quarter", "date", "time", "period", "day", "week"))
Proposal = tuple[float, Expression, str]


def counts(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """Programs whose answer is how many there are."""
    marks = marks_in(ctx, 0, ctx.end)
    if want.dim == "category" and len(marks.categories) == 1 and not ctx.schema.single:
        marks = replace(marks, categories=())
    if want.dim == "category" and ctx.schema.single and not marks.span:
        marks = replace(marks, categories=())
    numbers = [n for n in ctx.spans_in(want.at, ctx.end, "number")
               if not any(h.lo <= n.lo < h.hi for h in ctx.heads)]  # fmt: skip
    if any(h.value == "crossing" for h in ctx.heads_in(0, ctx.end, "operation")):
        across = across_of(ctx, "difference", "lowest", "name")
        if across is not None:
            yield 1.1, Crosses(across.a, across.b, "count"), "crossings counted"
    yield from beyond(ctx, want, "count")
    yield from _moves(ctx, want, marks)
    yield from _alike(ctx, want)
    yield from _relation(ctx, want, marks)
    countable = bool(want.noun)
    same = {"same", "similar", "equal", "identical"} & set(ctx.words(want.at, ctx.end))
    if same and not numbers and len(marks.series) < 2:
        yield 1.1, Size("same", replace(marks, test=None)), "the marks that share their value"
    test = marks.test
    if test is None and numbers and countable:
        test = Test("eq", number_of(ctx, numbers[0]))
    stacked = ctx.schema.kind.startswith("stacked") and want.noun == "bar" and not marks.named
    if test is not None and stacked:
        found = Across("category", "sum", "", want="count", test=test)
        yield 1.1, found, "whole bars that pass"
    if test is not None:
        counted = replace(marks, test=test)
        if want.noun and want.noun not in ctx.lexicon.mark and want.dim in ("category", "series"):
            counted = without_wholes(ctx, counted, want.dim)
        yield 1.05 if countable else 0.9, Aggregate("count", (counted,)), "the marks that pass"
        several = not ctx.schema.single and not ctx.schema.lone
        other = counted.categories if want.dim == "series" else counted.series or counted.color
        if several and want.dim in ("series", "category") and not other:
            yield 1.08, Size(want.dim, counted), f"the names of the {want.dim} that pass"
    elif _shown(ctx, want):
        whole = "series" if ctx.schema.ordered and not ctx.schema.single else "category"
        yield 0.7, Size(want.dim or whole), "what the chart shows, counted"
    elif countable and not ctx.heads_in(want.at, ctx.end, "operation"):
        yield from _sizes(ctx, want, marks)


def _shown(ctx: Context, want: Asked) -> bool:
    """ "How many uses are shown in the chart?": a noun that the chart is made of."""
    words = set(ctx.words(want.at, ctx.end))
    named = ctx.spans_in(0, ctx.end, "series", "category", "number", "color") or ctx.heads
    return not named and not want.noun and bool(
        words & {"shown", "included", "listed", "displayed", "represented", "chart", "graph",
                 "compared", "depicted", "mentioned", "present", "there"}
    )  # fmt: skip


def beyond(ctx: Context, want: Asked, dim: str) -> Iterator[Proposal]:
    """ "How many bars are smaller than the bar of Sunday": compared with a mark, not a number."""
    compares = [s for s in ctx.spans_in(want.at, ctx.end, "compare") if s.value in ("gt", "lt")]
    than = [n for n, word in enumerate(ctx.words(0, ctx.end)) if word in ("than", "then")]
    senses = [s for s in ctx.linked.spans if s.tag("comparative") and than and s.hi <= than[-1]]
    if compares:
        op, at = str(compares[0].value), compares[0].hi
    elif senses:
        op, at = ("gt" if senses[0].tag("comparative") == "max" else "lt"), than[-1] + 1
    else:
        return
    if ctx.spans_in(at, ctx.end, "number") or not ctx.linked.between(at, ctx.end):
        return
    if dim == "count" and not want.noun and ctx.words(at - 1, at + 1) == ["over", "the"]:
        return  # "the number of people … over the holidays": nothing that could be counted
    before = marks_in(ctx, want.at, at)
    limit = quantity(ctx, at, ctx.end, replace(before, categories=(), test=None))
    if isinstance(limit, Pick | Binary | Aggregate):
        series = limit.of.series if isinstance(limit, Pick) else ()
        base = replace(before, series=before.series or series, test=None)
        base = replace(base, categories=()) if dim == "category" else base
        things = dim in ("category", "series") or want.noun not in (*ctx.lexicon.mark, "")
        base = (
            without_wholes(ctx, base, "series" if dim == "series" else "category")
            if things
            else base
        )
        yield 1.15, Beyond(base, op, limit, dim), "compared with another mark"


def _moves(ctx: Context, want: Asked, marks: Marks) -> Iterator[Proposal]:
    """ "How many times does the value increase?"."""
    heads = ctx.heads_in(want.at, ctx.end, "operation")
    moving = [head for head in heads if head.value in ("increase", "decrease")]
    often = want.noun in ("time", "year", "month", "quarter") or "often" in ctx.words(0, want.at)
    if moving and often and not ctx.spans_in(want.at, ctx.end, "number", "compare"):
        over = replace(marks, span=len(marks.categories) == 2)
        runs = "axi" in ctx.words(0, ctx.end) or "axis" in ctx.words(0, ctx.end)
        yield 1.1, Moves(over, moving[0].value, runs), "the steps that go this way"


def _sizes(ctx: Context, want: Asked, marks: Marks) -> Iterator[Proposal]:
    """How many there are of something, without a condition."""
    if want.dim == "color":
        dim = "color" if ctx.schema.colors else "series" if not ctx.schema.single else "color"
        yield 1.05, Size(dim, replace(marks, color="")), "the colours counted"
        return
    thing = want.noun and not want.dim and want.noun not in TIMES | ctx.lexicon.mark
    if thing and ctx.schema.ordered and not ctx.schema.single:
        yield 1.0, Size("series"), "the series counted"
        return
    if want.noun in ("bar", "value", "data_point", "point", "dot", "segment", "slice", "data"):
        yield 1.0, Size("mark", marks), "the marks counted"
    elif want.dim:
        yield 1.0, Size(want.dim), f"the names of the {want.dim} counted"
    else:
        yield 0.7, Size("category"), "the categories counted"


def _alike(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """ "How many areas in NY are there?": the names that hold a word of the question, which is the
    whole of none."""
    plain = ctx.heads or ctx.spans_in(0, ctx.end, "number", "compare", "series")
    named = any(s.score >= 0.8 for s in ctx.spans_in(0, ctx.end, "category"))
    listing = ctx.lexicon.listing & set(ctx.words(want.at, ctx.end))
    if plain or named or not listing or want.dim == "series":
        return
    tokens = ctx.linked.tokens[want.at :]
    words = {token.norm for token in tokens if token.capital or len(token.norm) > 3}
    words -= ctx.lexicon.stop | ctx.lexicon.mark | ctx.lexicon.listing | ctx.schema.words
    for word in sorted(words - {want.noun}):
        names = tuple(name for name in ctx.schema.categories if word in forms(name))
        if 2 <= len(names) < len(ctx.schema.categories):
            yield 1.1, Size("category", Marks(categories=names)), f"the names with {word!r}"


def _relation(ctx: Context, want: Asked, marks: Marks) -> Iterator[Proposal]:
    """ "In how many years is A above B", "… is the difference of A and B above 5"."""
    compares = [
        s for s in ctx.spans_in(want.at, ctx.end, "compare") if s.value in ("gt", "lt", "eq")
    ]
    if len(marks.series) == 2 and compares and marks.test is None:
        lines = ctx.spans_in(want.at, ctx.end, "series")
        a, b = (str(span.value) for span in lines[:2])
        test = Test(str(compares[0].value), 0.0)
        found = Across("category", "minus", "", a, b, want="count", test=test)
        yield 1.0, found, "one above the other"
    heads = [h for h in ctx.heads_in(want.at, ctx.end, "operation") if h.value in PAIRED]
    if heads and marks.test is not None:
        across = across_of(ctx, heads[0].value, "", "count")
        if across is not None:
            yield 1.1, replace(across, test=marks.test), "differences that pass"
