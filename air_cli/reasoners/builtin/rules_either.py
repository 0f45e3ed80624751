"""Rules for questions that offer two words to choose from: "higher or lower". Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from air_cli.reasoners.builtin.asked import Asked
from air_cli.reasoners.builtin.context import Context
from air_cli.reasoners.builtin.program import Choose, Compare, Expression
from air_cli.reasoners.builtin.spans import Span

Proposal = tuple[float, Expression, str]
Comparison = Callable[[Context, int, Span], Compare | None]
# "or less" alone is read as a limit; after "more" it is the other word.
SENSES = {"gt": "gt", "max": "gt", "ge": "gt", "lt": "lt", "min": "lt", "le": "lt"}


def either(ctx: Context, want: Asked, comparison: Comparison) -> Iterator[Proposal]:
    """ "Is A higher or lower than B?": the word that is true, read by `comparison` as if one of
    the two stood alone."""
    for n in range(want.at + 1, ctx.end - 1):
        if ctx.words(n, n + 1) != ["or"]:
            continue
        before = next((span for span in ctx.linked.spans if span.hi == n and _sense(span)), None)
        after = next((s for s in ctx.linked.spans if s.lo in (n, n + 1) and _sense(s)), None)
        if before is None or after is None or {_sense(before), _sense(after)} != {"gt", "lt"}:
            continue
        tail = after.hi + (ctx.words(after.hi, after.hi + 1) == ["than"])
        found = comparison(ctx, want.at, Span("compare", "gt", before.lo, tail))
        if found is None:
            return
        sides = {"gt": found.a, "lt": found.b}
        said = [(_said(ctx, span), sides[_sense(span)]) for span in (before, after)]
        yield 1.25, Choose("highest", tuple(said)), "which of two words is true"
        return


def _sense(span: Span) -> str:
    """What a comparing word says of the two sides: gt, lt or nothing."""
    said = span.value if span.kind == "compare" else span.tag("comparative")
    return SENSES.get(str(said), "")


def _said(ctx: Context, span: Span) -> str:
    """The word itself, as it was typed."""
    at = span.lo + (ctx.words(span.lo, span.lo + 1) == ["or"])
    return ctx.linked.tokens[at].text.lower()
