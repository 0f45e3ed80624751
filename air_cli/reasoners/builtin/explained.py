"""How completely a program explains the words of a question, and what speaks against it. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from air_cli.reasoners.builtin.asked import Asked
from air_cli.reasoners.builtin.context import Context, number_of
from air_cli.reasoners.builtin.program import Expression, Names, Size
from air_cli.reasoners.builtin.spans import Span

LOST = 0.6
OTHER_THING = 0.45
JOINTS = ("and", "&", "vs", "plus", "minus", "+")
_TIMES = frozenset(("year", "month", "quarter", "date", "time", "period", "day", "decade")) | {
    "when", "name", "label", "axi", "axis", "x", "category", "number", "week", "season", "point"
}  # fmt: skip


def coverage(ctx: Context, program: Expression, want: Asked) -> float:
    """The share of named things of the question that the program uses. A year that stands nowhere
    in the chart counts as a thing not used, a proper name half."""
    kinds = ("series", "category", "number", *(("color",) if ctx.schema.colors else ()))
    named = [
        span
        for span in ctx.linked.spans
        if span.kind in kinds and not (span.score < 0.8 and want.at <= span.lo < want.at + 4)
    ]
    foreign = len(foreign_years(ctx)) + 0.5 * min(len(_proper_names(ctx)), 2)
    if isinstance(program, Size) or not (named or foreign):
        return 1.0
    used = _values(program)
    hit = sum(s.score for s in named if _meant(ctx, s) & used or _rank_word(ctx, s.lo))
    whole = sum(span.score for span in named)
    if not named:
        hit, whole = 1.0, 1.0
    return float(hit / (whole + foreign))


def _meant(ctx: Context, span: Span) -> set[object]:
    """What a span stands for in a program: a number also in the unit of the chart."""
    return {span.value, number_of(ctx, span)} if span.kind == "number" else {span.value}


def foreign_years(ctx: Context) -> list[str]:
    """The years of the question that neither the names nor the titles of the chart hold."""
    years = [str(int(float(s.value))) for s in ctx.linked.spans if s.kind == "year"]
    names = (*ctx.schema.categories, *ctx.schema.series)
    known = ctx.schema.words | {word for name in names for word in ctx.schema.forms(name)}
    return [year for year in years if year not in known]


def _proper_names(ctx: Context) -> list[str]:
    """Capitalised words within the question that are found nowhere in the chart."""
    tokens = [ctx.linked.tokens[n] for n in ctx.linked.loose]
    return [
        t.text for t in tokens if t.capital and t.start and t.text.isalpha() and len(t.text) > 2
    ]


def _rank_word(ctx: Context, at: int) -> bool:
    return any(head.lo <= at < head.hi for head in ctx.heads)


def pieces(program: object) -> Iterator[object]:
    """A program and all that it is made of, down to its words and numbers."""
    yield program
    if dataclasses.is_dataclass(program):
        for field in dataclasses.fields(program):
            yield from pieces(getattr(program, field.name))
    elif isinstance(program, tuple):
        for part in program:
            yield from pieces(part)


def _values(program: Expression) -> set[object]:
    """The names, numbers and colours that a program uses."""
    return {
        piece.removeprefix("color:") if isinstance(piece, str) else piece
        for piece in pieces(program)
        if not (dataclasses.is_dataclass(piece) or isinstance(piece, tuple))
    }


def other_thing(ctx: Context, program: Expression, want: Asked) -> bool:
    """Whether a thing is asked for ("which league") and the program would name a time."""
    if not isinstance(program, Names) or program.dim != "category" or not ctx.schema.ordered:
        return False
    direct = ctx.words(want.at - 1, want.at) in (["which"], ["what"])
    loose = [n for n in ctx.linked.loose if direct and n == want.at]
    nouns = [want.noun] if want.noun else [ctx.linked.tokens[n].norm for n in loose]
    things = [n for n in nouns if not set(n.split("_")) & (_TIMES | ctx.lexicon.mark)]
    return want.kind == "name" and bool(things)


def lost_operand(ctx: Context) -> bool:
    """Whether a name of the question in a list with one that was found was itself not found:
    "the average of Monthly and Stopped using" where nothing is read as the second."""
    joints = [n for n, token in enumerate(ctx.linked.tokens) if token.norm in JOINTS]
    named = ctx.spans_in(0, ctx.end, "series", "category")
    beside = {span.hi for span in named}
    alone = {span.lo for span in named} | {head.lo for head in ctx.heads}
    return any(
        n in beside and not {n + 1, n + 2} & alone and {n + 1, n + 2} & set(ctx.linked.loose)
        for n in joints
    )
