"""Rules for what series do beside each other: move together, part, overtake, stay above. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from air_cli.reasoners.builtin.across import across_of
from air_cli.reasoners.builtin.asked import Asked
from air_cli.reasoners.builtin.context import Context
from air_cli.reasoners.builtin.program import (
    Across,
    Binary,
    Compare,
    Expression,
    Marks,
    Pick,
    Test,
    Together,
)
from air_cli.reasoners.builtin.yearly import before_said

Proposal = tuple[float, Expression, str]
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
STEADY = frozenset(("always", "never", "consistently", "throughout", "constantly", "strictly"))
TURNING = frozenset(
    ("overtake", "overtook", "overtaken", "surpass", "surpassed", "outpace", "outpaced")
) | frozenset(("exceed", "exceeded"))


def beside(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """Programs about two series or more, side by side."""
    if want.kind == "bool":
        yield from _parting(ctx)
        yield from _always(ctx)
    elif want.kind in ("name", "count"):
        yield from _together(ctx, want)
        yield from _turning(ctx, want)
        yield from _changing(ctx, want)


def between_times(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """Rises and falls of the categories where the series are the times: "which country rose most
    from 2010 to 2020", "how many fell"."""
    moves = _moves(ctx)
    dated = any(re.search(r"\d{4}|'\d\d", name) for name in ctx.schema.categories)
    if not moves or "year" not in ctx.schema.series_dims or (ctx.schema.ordered and dated):
        return
    named = [str(s.value) for s in ctx.spans_in(0, ctx.end, "series")]
    # "2015 vs. 2014" is no time but a change, which the table has worked out itself.
    single = [name for name in ctx.schema.series if len(set(_YEAR.findall(name))) <= 1]
    times = sorted(dict.fromkeys(named) if len(set(named)) == 2 else single)
    if len(times) < 2 or not set(times) | set(named) <= set(single):
        return
    rows = tuple(str(s.value) for s in ctx.spans_in(0, ctx.end, "category"))
    up = moves[0] == "increase"
    a, b = times[0], times[-1]
    extremes = ctx.heads_in(0, ctx.end, "extreme")
    across = Across("category", "minus", "highest" if up else "lowest", b, a)
    if want.kind == "value" and len(rows) == 1 and len(set(named)) != 1 and not before_said(ctx):
        ends = [Pick(Marks(series=(name,), categories=rows)) for name in (a, b)]
        percent = {"percentage", "percent", "%"} & set(ctx.words(0, ctx.end))
        growth = "growth" if up else "decline"
        yield 1.15, Binary(growth if percent else "difference", *ends), "from time to time"
    elif want.kind in ("name", "value") and extremes and not rows:
        wanted = "name" if want.kind == "name" else "number"
        yield 1.2, replace(across, want=wanted), "the largest move from time to time"
    elif want.kind in ("name", "count") and not ctx.spans_in(0, ctx.end, "number") and not rows:
        test = Test("gt" if up else "lt", 0.0)
        wanted = "names" if want.kind == "name" else "count"
        yield 1.2, replace(across, want=wanted, test=test), "what moves so from time to time"


def _moves(ctx: Context) -> list[str]:
    heads = ctx.heads_in(0, ctx.end, "operation")
    return [
        head.value
        for head in heads
        if head.value in ("increase", "decrease") and "change" not in ctx.words(head.lo, head.hi)
    ]


def _together(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """ "In which year did both A and B decrease?", "… did A rise while B fell?"."""
    moves, words = _moves(ctx), ctx.words(0, ctx.end)
    named = [str(s.value) for s in ctx.spans_in(0, ctx.end, "series")]
    lines = list(dict.fromkeys(named))
    if "both" in words and not lines and len(ctx.schema.series) == 2:
        lines = list(ctx.schema.series)
    others = ctx.heads_in(0, ctx.end, "extreme") or ctx.spans_in(0, ctx.end, "number", "compare")
    if len(lines) < 2 or not moves or others or not ctx.schema.ordered:
        return
    if len(moves) == 1:
        moves = moves * len(lines)
    if len(moves) == len(lines):
        wanted = "count" if want.kind == "count" else "names"
        found = Together(tuple(zip(lines, moves, strict=True)), wanted)
        yield 1.2, found, "where all of them move so"


def _pair(ctx: Context) -> Across | None:
    return across_of(ctx, "difference", "", "names")


def _parting(ctx: Context) -> Iterator[Proposal]:
    """ "Are the lines diverging?": the gap at the end against the gap at the start."""
    ops = [ctx.lexicon.parting[w] for w in ctx.words(0, ctx.end) if w in ctx.lexicon.parting]
    pair = _pair(ctx)
    if not ops or pair is None or pair.dim != "category" or pair.a.startswith("color:"):
        return
    gaps = [
        Binary("difference", *(Pick(Marks(series=(n,)), end) for n in (pair.a, pair.b)))
        for end in ("last", "first")
    ]
    yield 1.1, Compare(ops[0], gaps[0], gaps[1]), "the gap at the end against that at the start"


def _sense(ctx: Context) -> str:
    """Which way the question compares: gt, lt, or nothing."""
    found = [str(s.value) for s in ctx.spans_in(0, ctx.end, "compare") if s.value in ("gt", "lt")]
    found += [
        "gt" if s.tag("comparative") == "max" else "lt"
        for s in ctx.linked.spans
        if s.tag("comparative")
    ]
    return found[0] if found else ""


def _always(ctx: Context) -> Iterator[Proposal]:
    """ "Does A always stay below B?"."""
    steady = STEADY & set(ctx.words(0, ctx.end))
    sense, pair = _sense(ctx), _pair(ctx)
    numbers = ctx.spans_in(0, ctx.end, "number")
    named = {s.value for s in ctx.spans_in(0, ctx.end, "series", "category", "color")}
    ever = "any" in ctx.words(0, ctx.end) and not steady
    if not (steady or ever) or not sense or pair is None or numbers or len(named) < 2:
        return
    if ever:
        yield 1.1, replace(pair, op="minus", want="any", test=Test(sense, 0.0)), "at some place"
        return
    if "never" in steady:
        sense = {"gt": "le", "lt": "ge"}[sense]
    yield 1.2, replace(pair, op="minus", want="every", test=Test(sense, 0.0)), "at every place"


def _turning(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """ "When did A overtake B?": the first time after which one is above the other."""
    words = set(ctx.words(0, ctx.end))
    first = "first" in words and "time" in words
    sense, pair = _sense(ctx), _pair(ctx)
    named = {s.value for s in ctx.spans_in(0, ctx.end, "series", "color")}
    timed = ctx.schema.ordered and want.kind == "name" and want.dim in ("category", "")
    if not (words & TURNING or first) or not sense or pair is None or not timed or len(named) < 2:
        return
    if ctx.spans_in(0, ctx.end, "number"):
        return
    found = replace(pair, op="minus", want="first", test=Test(sense, 0.0))
    yield 1.15, found, "where one first passes the other"


def _changing(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """ "Which line has the bigger changes?", "which country changed most?"."""
    words = set(ctx.words(0, ctx.end))
    senses = [s.tag("comparative") for s in ctx.linked.spans if s.tag("comparative")]
    senses += [head.value for head in ctx.heads_in(0, ctx.end, "extreme")]
    changed = words & {
        "change",
        "changed",
        "vary",
        "varied",
        "fluctuate",
        "fluctuated",
        "variation",
    }
    if not changed or not senses or want.kind != "name" or want.dim != "series":
        return
    how = "highest" if senses[0] == "max" else "lowest"
    categories = tuple(str(s.value) for s in ctx.spans_in(0, ctx.end, "category"))
    among = Marks(categories=categories, span=len(categories) == 2)
    yield 1.15, Across("series", "range", how, among=among), f"the {how} range of all"
