"""Rules for facts of the chart and for vague questions. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from air_cli.reasoners.builtin.asked import Asked
from air_cli.reasoners.builtin.context import Context, marks_in
from air_cli.reasoners.builtin.program import Expression, Fact, Growth, Marks, Summary, Trend
from air_cli.reasoners.builtin.schema import Schema

Proposal = tuple[float, Expression, str]
FACTS = {
    "title": ("title", "heading", "headline", "caption", "topic"),
    "legend": ("legend",),
    "unit": ("unit",),
    "source": ("source",),
    "kind": ("type", "kind"),
}
SUMMARY = frozenset(("summary", "summarise", "summarize", "overview", "describe", "insight")) | {
    "highlight", "finding", "takeaway", "conclusion", "analyse", "analyze", "explain"
}  # fmt: skip
ABOUT = frozenset(("about", "show", "display", "depict", "illustrate", "tell", "represent"))
GROWN = frozenset(("rate", "growth", "annual", "yearly", "total", "overall", "percent", "period"))
CHARTED = frozenset(("chart", "graph", "figure", "plot", "diagram", "table", "it", "this"))


def facts(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """Titles, axes, legend, unit, kind of chart."""
    words = ctx.words(0, ctx.end)
    if ctx.spans_in(0, ctx.end, "series", "category", "number") or ctx.heads:
        return
    if "axis" in words or "axi" in words:
        side = "y" if {"y", "vertical"} & set(words) else "x"
        if want.kind == "value" or want.kind == "name":
            time = next((t for t in ("year", "month", "quarter") if t in ctx.schema.dims), "")
            default = time.capitalize() if side == "x" and not ctx.schema.horizontal else ""
            yield 1.1, Fact(side, default), f"the title of the {side} axis"
    for what, listed in FACTS.items():
        hit = any(word in listed for word in words)
        about = any(word in ("chart", "graph", "figure", "plot", "what", "which") for word in words)
        if hit and about and want.kind != "bool" and want.kind != "count":
            charted = any(word in ("chart", "graph", "figure", "plot") for word in words)
            if what != "kind" or charted:
                yield 1.1, Fact(what), f"the {what} of the chart"


def in_time(schema: Schema) -> bool:
    """Whether the categories follow one another, as times do: growth along names is nonsense."""
    numbered = sum(any(char.isdigit() for char in name) for name in schema.categories)
    lines = schema.kind in ("line", "area", "stacked-area", "combo")
    return schema.ordered or lines or numbered > len(schema.categories) / 2


def _about(ctx: Context) -> bool:
    """ "What is this chart about?", "what does the graph show?" and nothing more."""
    words = [word for word in ctx.words(0, ctx.end) if word not in ("?", ".", "!")]
    plain = ABOUT | CHARTED | ctx.lexicon.stop | ctx.lexicon.mark
    return (
        bool(set(words) & ABOUT)
        and bool(set(words) & CHARTED)
        and all(word in plain for word in words)
        and len(words) <= 8
    )


def _growth(ctx: Context, over: Marks, compound: bool) -> Iterator[Proposal]:
    """ "growth rate?", "revenue growth?": of every line, or of the rows that are named where the
    years stand side by side. A word that the chart does not hold ("revenue" put to earnings a
    share) makes the answer to it unlikely."""
    tokens = ctx.linked.tokens
    foreign = [
        n for n in ctx.linked.loose if tokens[n].norm.isalpha() and not _known(ctx, tokens[n].norm)
    ]
    weight = 0.6 if foreign else 1.2
    if in_time(ctx.schema):
        if not over.categories:
            want = "cagr" if compound else "both"
            yield weight, Growth(over, want), "the change over the period and the rate a period"
    elif "year" in ctx.schema.series_dims and len(over.series) != 1:
        why = "the change of each from the first year to the last"
        yield weight, Growth(over, "across cagr" if compound else "across"), why


def _known(ctx: Context, word: str) -> bool:
    plain = ctx.lexicon.stop | ctx.lexicon.mark | CHARTED
    return word in plain or word in ctx.schema.words or word in GROWN


def overviews(ctx: Context, want: Asked) -> Iterator[Proposal]:
    """ "growth rate?", "trend?", "summary?": what is useful, computed per series."""
    words = set(ctx.words(0, ctx.end))
    marks = marks_in(ctx, 0, ctx.end)
    over = Marks(series=marks.series, categories=marks.categories, color=marks.color,
                 span=len(marks.categories) == 2)  # fmt: skip
    operations = {head.value for head in ctx.heads_in(0, ctx.end, "operation")}
    across = "year" in ctx.schema.series_dims and not in_time(ctx.schema)
    alone = operations <= {"trend", "growth", "increase", "decrease"}
    alone = alone and not ctx.heads_in(0, ctx.end, "extreme")
    if "trend" in operations and alone and want.kind in ("value", "name"):
        if across:
            yield 1.1, Growth(over, "across"), "the change of each from the first year to the last"
        else:
            yield 1.1, Trend(over), "the direction of each series"
    ranked = ctx.heads_in(0, ctx.end, "extreme")
    if operations & {"growth", "cagr"} and len(ctx.linked.tokens) <= 8 and not ranked:
        yield from _growth(ctx, over, compound="cagr" in operations)
    key = "key" in words and words & {"figure", "finding", "number", "value", "point", "message"}
    if want.kind in ("value", "name") and _about(ctx):
        yield 1.0, Fact("about"), "what the chart is about"
    notable = {"stand", "out"} <= words or "notable" in words
    if (words & SUMMARY or key or notable) and not operations and len(ctx.linked.tokens) <= 12:
        timed = "across" if across else "time" if in_time(ctx.schema) else ""
        yield 1.1, Summary(over, timed), "the key figures"
