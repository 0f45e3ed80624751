"""Rules for names at an end, for all names, and for the time before or after another. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace

from air_cli.reasoners.builtin.asked import Asked
from air_cli.reasoners.builtin.context import Context, marks_in
from air_cli.reasoners.builtin.program import Binary, Expression, Marks, Names, Pick

Proposal = tuple[float, Expression, str]
TIMES = frozenset(("year", "month", "quarter", "date", "day", "week", "season", "period"))
BEFORE = frozenset(("previous", "prior", "preceding"))
AFTER = frozenset(("following", "next", "subsequent"))
# What a change is worked out as: as an amount, and where a rate is asked for.
CHANGES = {
    "difference": ("difference", "growth"),
    "increase": ("difference", "growth"),
    "decrease": ("difference", "decline"),
    "growth": ("difference", "growth"),
    "decline": ("difference", "decline"),
}


def listed(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """Names that need no value: the ends of the time axis, or all that the chart compares."""
    yield from _end(ctx)
    yield from _lone_time(ctx, want)
    yield from _all(ctx, want)
    if want.kind == "value":
        yield from _neighbour(ctx)


def _bare(ctx: Context) -> bool:
    """Whether the question names nothing of the chart and no number."""
    return not ctx.spans_in(0, ctx.end, "series", "category", "number", "color", "compare")


def _end(ctx: Context) -> Iterator[Proposal]:
    """ "What is the last year shown?", "the most recent year in the chart"."""
    heads = ctx.heads_in(0, ctx.end)
    if len(heads) != 1 or heads[0].value not in ("first", "last") or heads[0].take:
        return
    noun, after = ctx.words(heads[0].hi, heads[0].hi + 1), ctx.words(heads[0].hi + 1, ctx.end)
    idle = ctx.lexicon.listing | ctx.lexicon.stop | {"?", ".", "axis", "axi", "x", "horizontal"}
    if set(noun) & TIMES and all(word in idle for word in after) and ctx.schema.ordered:
        pick = Pick(Marks(), heads[0].value, heads[0].rank)
        yield 1.2, Names(pick, "category"), f"the {heads[0].value} of the times"


def _lone_time(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """ "In what year did …" of a chart that is about one year only."""
    alone = ctx.schema.lone and want.noun in ctx.schema.dims and ctx.schema.ordered
    if want.kind == "name" and alone and not ctx.spans_in(0, ctx.end, "category", "year"):
        yield 0.6, Names(Marks(), "category", many=True), "the only time that is shown"


def _all(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """ "Which countries are compared in the chart?": every name."""
    operations = ctx.heads_in(0, ctx.end, "operation", "extreme", "position")
    listing = ctx.lexicon.listing & set(ctx.words(want.at, ctx.end))
    sided = want.kind == "name" and want.dim in ("category", "series")
    if sided and listing and not operations and _bare(ctx):
        yield 0.9, Names(Marks(), want.dim, many=True), f"all names of the {want.dim}"


def _neighbour(ctx: Context) -> Iterator[Proposal]:
    """ "in the previous year", "than the year before": the time before the one named, or before the
    last one."""
    words = ctx.words(0, ctx.end)
    beside = _beside(ctx, words)
    if beside is None or not ctx.schema.ordered:
        return
    at_word, step = beside
    marks = marks_in(ctx, 0, ctx.end)
    times = sorted(ctx.schema.categories, key=_when)
    if len(marks.categories) > 1 or (step > 0 and not marks.categories):
        return
    at = times.index(marks.categories[0]) if marks.categories else len(times) - 1
    if 0 <= at + step < len(times) and (marks.series or ctx.schema.single):
        there = Pick(replace(marks, categories=(times[at + step],), span=False))
        here = Pick(replace(marks, categories=(times[at],), span=False))
        op = _compared(ctx, at_word)
        # The time that is named only leads to the one beside it, and stands unexplained.
        prior = 1.9 if marks.categories and not op else 1.1
        yield prior, Binary(op, there, here) if op else there, "the time beside it"


def _beside(ctx: Context, words: list[str]) -> tuple[int, int] | None:
    """Where "previous year", "the year before" or "the month after May" stands, and which way."""
    dated = {span.lo for span in ctx.spans_in(0, ctx.end, "category")}
    for n, (word, then) in enumerate(itertools.pairwise(words)):
        if word in BEFORE | AFTER and then in TIMES:
            return n, -1 if word in BEFORE else 1
        last = n + 2 in dated or not any(map(str.isalnum, words[n + 2 :]))
        if word in TIMES and then in ("before", "earlier", "after", "later") and last:
            return n, -1 if then in ("before", "earlier") else 1
    return None


def _compared(ctx: Context, at: int) -> str:
    """How a time is set against the one beside it: "how much less … than the year before",
    "compared to the previous year"; empty where it is not."""
    words = ctx.words(0, ctx.end)
    heads = [h.value for h in ctx.heads_in(0, ctx.end, "operation") if h.value in CHANGES]
    against = {"compared", "than", "from", "over", "against", "versus"} & set(words[:at])
    senses = any(span.tag("comparative") for span in ctx.linked.spans)
    if not against or not (heads or (senses and "how" in words)):
        return ""
    much = {"how", "much"} <= set(words[:at])
    rate = {"percent", "percentage", "%", "rate"} & set(words) and "point" not in words
    rate = rate or (bool({"growth", "decline"} & set(heads)) and not much)
    return CHANGES[heads[0]][bool(rate)] if heads else "difference"


def _when(name: str) -> tuple[str, ...]:
    years = re.findall(r"(?:1[5-9]|20|21)\d\d", name)
    return (years[0] if years else "", *re.findall(r"[qQ][1-4]", name))
