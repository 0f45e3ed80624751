"""Why a chart cannot answer a question, in words that say what it holds. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from air_cli.reasoners.builtin.asked import Asked
from air_cli.reasoners.builtin.context import QUARTER, Context
from air_cli.reasoners.builtin.explained import foreign_years
from air_cli.reasoners.builtin.rules_open import in_time
from air_cli.reasoners.builtin.statements import RATIO, load, row_of
from air_cli.reasoners.builtin.uncoloured import asks_colour

_CAUSING = frozenset(("drove", "drive", "drives", "driven", "caused", "cause", "explains"))
_DATED_NOUNS = ("year", "quarter")
_YEAR = re.compile(r"(1[5-9]|20|21)\d\d")


def refusal(ctx: Context, want: Asked) -> str:
    """Why the chart cannot answer, when the question names what it does not hold: a year off its
    axis, a year other than its title's, a country where the chart lists others."""
    schema = ctx.schema
    listed = (*schema.categories, *schema.series)
    if _asks_cause(ctx):
        return "the chart shows what is so, not why"
    said = want.noun in ctx.words(0, ctx.end)  # and not "when", which asks for any time
    if want.kind == "name" and want.noun in _DATED_NOUNS and said and not _numbered(listed):
        return f"none of the chart's names is a {want.noun}"
    moved = _vague_move(ctx)
    if moved and not in_time(schema) and "year" not in schema.series_dims:
        return f"a {moved} needs values in the order of time; the chart holds {_contents(ctx)}"
    absent = foreign_years(ctx)
    rows = [s for s in ctx.linked.spans if s.kind == "category"]
    if any(ctx.heads_in(0, ctx.end, "operation")) or any(s.kind == "compare" for s in
                                                         ctx.linked.spans):  # fmt: skip
        rows = []
    for dims, held in ((schema.dims, schema.categories), (schema.series_dims, schema.series)):
        if absent and "year" in dims and not rows and len(held) > 1:
            return f"no {', '.join(absent)}; the chart covers {held[0]} to {held[-1]}"
    loose = [ctx.linked.tokens[n] for n in ctx.linked.loose]
    lost = [token.text for token in loose if QUARTER.fullmatch(token.norm)]
    if lost and "quarter" in schema.dims:
        held = schema.categories
        return f"no {', '.join(lost)} of that year; the chart covers {held[0]} to {held[-1]}"
    titled = sorted(word for word in schema.words if _YEAR.fullmatch(word))
    if absent and titled and "year" not in schema.dims | schema.series_dims:
        return f"no {', '.join(absent)}; the chart is about {', '.join(titled)}"
    return "" if ctx.heads or want.kind in ("name", "bool") else _no_country(ctx)


def _asks_cause(ctx: Context) -> bool:
    """ "What drove the change in revenue?", "Why did it fall?", without choices."""
    words = ctx.words(0, 4)
    loose = {ctx.linked.tokens[n].norm for n in ctx.linked.loose}
    why = words[:1] == ["why"] or ("what" in words[:2] and bool(loose & _CAUSING))
    return why and not ctx.offer.options and not ctx.heads_in(0, ctx.end, "extreme")


def _vague_move(ctx: Context) -> str:
    """What "growth rate?" or "trend?" and no more asks for; empty for other questions."""
    asked_for = {head.value for head in ctx.heads_in(0, ctx.end, "operation")}
    named = any(span.kind in ("series", "category") for span in ctx.linked.spans)
    if len(ctx.linked.tokens) > 6 or named:
        return ""
    if asked_for & {"growth", "cagr"}:
        return "growth rate"
    return "trend" if "trend" in asked_for else ""


def _numbered(names: Sequence[str]) -> bool:
    return any(char.isdigit() for name in names for char in name)


def _no_country(ctx: Context) -> str:
    sides = (("category", ctx.schema.dims), ("series", ctx.schema.series_dims))
    kinds = [kind for kind, dims in sides if "country" in dims]
    if not kinds or ctx.spans_in(0, ctx.end, *kinds):
        return ""
    tokens = [ctx.linked.tokens[n] for n in ctx.linked.loose]
    absent = [t.text for t in tokens if t.capital and t.norm in ctx.lexicon.countries]
    return f"no {', '.join(absent)}; there is {_contents(ctx)}" if absent else ""


def why_not(ctx: Context) -> str:
    """Why nothing could be answered, with what there is to ask about."""
    named = {
        kind: list(dict.fromkeys(str(s.value) for s in ctx.linked.spans if s.kind == kind))
        for kind in ("series", "category")
    }
    painted = asks_colour(ctx) or any(span.kind == "color" for span in ctx.linked.spans)
    if missing := _missing(ctx):
        reason = missing
    elif painted and not ctx.schema.colors:
        reason = "what has which colour is not known here"
    elif named["series"] and named["category"]:
        pair = f"{', '.join(named['series'])} at {', '.join(named['category'])}"
        reason = f"no reading of the question fits what the chart holds for {pair}"
    elif named["category"] and not ctx.schema.single:
        reason = f"the question does not say which series it means at {named['category'][0]}"
    elif named["series"] or named["category"]:
        names = ", ".join(named["series"] + named["category"])
        reason = f"it is not clear what is asked about {names}"
    else:
        reason = "the question names nothing that was read in the chart"
    return f"{reason}; the chart holds {_contents(ctx)}"


def _missing(ctx: Context) -> str:
    """Which lines a ratio of statements needs that are not here; empty where none is named."""
    named = [str(span.value) for span in ctx.spans_in(0, ctx.end, RATIO)]
    if not named:
        return ""
    ratio = load().ratios[named[0]]
    missing = [line for line in (ratio.a, ratio.b) if not row_of(line, ctx.schema)]
    if not missing:
        return ""
    return f"{named[0]} is made of {ratio.a} and {ratio.b}; there is no {' and no '.join(missing)}"


def _contents(ctx: Context) -> str:
    """What there is to ask about, for refusals."""
    series = ", ".join(repr(name) for name in ctx.schema.series[:8] if name)
    rows = ", ".join(repr(name) for name in ctx.schema.categories[:12] if name)
    parts = [f"series {series}" if series else "", f"categories {rows}" if rows else ""]
    return "; ".join(part for part in parts if part) or "nothing that could be read"
