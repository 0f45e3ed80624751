"""A question in reading: its spans, heads and the marks that a stretch of words chooses. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from air_cli.reasoners.builtin.heads import Head
from air_cli.reasoners.builtin.lexicon import Lexicon
from air_cli.reasoners.builtin.magnitudes import in_scale
from air_cli.reasoners.builtin.offer import NO_OFFER, Offer
from air_cli.reasoners.builtin.program import Marks, Test
from air_cli.reasoners.builtin.schema import Schema
from air_cli.reasoners.builtin.spans import Linked, Span
from air_cli.reasoners.builtin.tokens import MONTHS, forms

NOWHERE = Marks()
QUARTER = re.compile(r"q[1-4]|[1-4]q")
OPENERS = ("from", "between", "since", "starting")
SINCE = ("since",)
CLOSERS = ("to", "until", "till", "through", "thru", "and", "-", "–", "up")


@dataclass(frozen=True)
class Context:
    """What every rule reads."""

    linked: Linked
    schema: Schema
    heads: tuple[Head, ...]
    lexicon: Lexicon
    offer: Offer = NO_OFFER

    @property
    def end(self) -> int:
        """The number of tokens."""
        return len(self.linked.tokens)

    def words(self, lo: int, hi: int) -> list[str]:
        """The compared forms of a stretch of tokens."""
        return [token.norm for token in self.linked.tokens[max(lo, 0) : hi]]

    def heads_in(self, lo: int, hi: int, *kinds: str) -> list[Head]:
        """The heads inside a stretch, of the kinds named or of all."""
        inside = [head for head in self.heads if lo <= head.lo and head.hi <= hi]
        return [head for head in inside if not kinds or head.kind in kinds]

    def spans_in(self, lo: int, hi: int, *kinds: str) -> list[Span]:
        """The spans inside a stretch of the kinds named."""
        return [span for span in self.linked.between(lo, hi) if span.kind in kinds]


def marks_in(ctx: Context, lo: int, hi: int, shared: Marks = NOWHERE) -> Marks:
    """The marks that the words lo..hi choose; what they leave open comes from `shared`."""
    series = _values(ctx, lo, hi, "series")
    categories = _values(ctx, lo, hi, "category")
    colors = _values(ctx, lo, hi, "color")
    span = _is_span(ctx, lo, hi)
    if not categories and not series:
        series, categories = _of_years(ctx, lo, hi)
    if not any(_values(ctx, lo, hi, "category")) and (dated := _of_shared_years(ctx, lo, hi)):
        categories, span = dated
    if len(categories) == 1 and (open_ended := _open_ended(ctx, lo, hi)):
        categories, span = open_ended, len(open_ended) > 1
    without: tuple[str, ...] = ()
    if excluded := _excluded(ctx, lo, hi):
        series = tuple(name for name in series if name not in excluded)
        categories = tuple(name for name in categories if name not in excluded)
        without = excluded
    color = colors[0] if colors and not series else ""
    if not series and not color:
        series, color = shared.series, shared.color
    return Marks(
        series=series,
        categories=categories or shared.categories,
        color=color,
        span=span if categories else shared.span,
        test=test_in(ctx, lo, hi) or shared.test,
        without=without or shared.without,
    )


def _of_years(ctx: Context, lo: int, hi: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The series or the categories whose names hold a year of the question: its quarters, say."""
    years = {
        str(int(float(span.value)))
        for span in ctx.spans_in(lo, hi, "year")
        if not any(
            QUARTER.fullmatch(word) or word in MONTHS
            for word in ctx.words(span.lo - 1, span.hi + 1)
        )
    }
    series, categories = (
        tuple(name for name in names if years & set(forms(name)))
        for names in (ctx.schema.series, ctx.schema.categories)
    )
    return ((), categories) if categories else (series if len(series) == 1 else (), ())


def _of_shared_years(ctx: Context, lo: int, hi: int) -> tuple[tuple[str, ...], bool] | None:
    """The months or days of the year that is named; of two years that are the ends of a stretch the
    first and the last of all."""
    named = [
        (span, str(int(float(span.value))))
        for span in ctx.spans_in(lo, hi, "year", "number")
        if float(span.value).is_integer()
    ]
    years = [(span, ctx.schema.years[year]) for span, year in named if year in ctx.schema.years]
    if len(years) == 2 and _joined(ctx, years[0][0], years[1][0]):
        return (years[0][1][0], years[1][1][-1]), True
    return (years[0][1], False) if len(years) == 1 else None


def merge(first: Marks, then: Marks) -> Marks:
    """`first`, with what it leaves open taken from `then`."""
    chosen = bool(first.series or first.color)
    return replace(
        first,
        series=first.series if chosen else then.series,
        color=first.color if chosen else then.color,
        categories=first.categories or then.categories,
        span=first.span if first.categories else then.span,
        test=first.test or then.test,
        without=first.without or then.without,
    )


def _values(ctx: Context, lo: int, hi: int, kind: str) -> tuple[str, ...]:
    spans = ctx.spans_in(lo, hi, kind)
    return tuple(dict.fromkeys(str(span.value) for span in spans))


def _excluded(ctx: Context, lo: int, hi: int) -> tuple[str, ...]:
    """Names right after "except", "excluding" or "without", in the same brackets."""
    names = []
    for span in ctx.spans_in(lo, hi, "not"):
        negated = span.value == "including" and "not" in ctx.words(span.lo - 1, span.lo)
        if negated or span.value in ("except", "excluding", "without", "outside"):
            rest = ctx.words(span.hi, hi)
            end = span.hi + rest.index(")") if ")" in rest else hi
            after = ctx.spans_in(span.hi, end, "series", "category")
            names += [str(name.value) for name in after[:1]]
    return tuple(names)


def _is_span(ctx: Context, lo: int, hi: int) -> bool:
    """Whether two categories are the ends of a stretch: "from 2018 to 2021"."""
    spans = ctx.spans_in(lo, hi, "category")
    return len(spans) == 2 and ctx.schema.ordered and _joined(ctx, spans[0], spans[1])


def _open_ended(ctx: Context, lo: int, hi: int) -> tuple[str, ...]:
    """ "After 2020", "through 2026", "since 2019": the first and the last time on that side; empty
    where the question gives no such end, or where nothing is on that side."""
    spans = ctx.spans_in(lo, hi, "category")
    names = ctx.schema.categories
    if len(spans) != 1 or not ctx.schema.ordered or ctx.schema.kind == "table":
        return ()
    word = next(iter(ctx.words(spans[0].lo - 1, spans[0].lo)), "")
    if ctx.words(spans[0].lo - 3, spans[0].lo - 2) == ["the"]:
        return ()  # "the year before 2017" is one time
    at = names.index(str(spans[0].value))
    if word in SINCE and not {"it", "this"} & set(ctx.words(lo, hi)):
        chosen = names[at:]
    else:
        chosen = {"after": names[at + 1 :], "beyond": names[at + 1 :], "before": names[:at],
                  "through": names[: at + 1]}.get(word, ())  # fmt: skip
    # A year that several names share is no end, and neither is a list that runs backwards.
    forward = list(chosen) == sorted(chosen) and all(name[:4].isdigit() for name in chosen)
    return tuple(dict.fromkeys((chosen[0], chosen[-1]))) if chosen and forward else ()


def _joined(ctx: Context, first: Span, second: Span) -> bool:
    """Whether two times are the ends of a stretch."""
    before = ctx.words(first.lo - 3, first.lo)
    middle = ctx.words(first.hi, second.lo)
    opened = any(word in OPENERS for word in before)
    joined = any(word in CLOSERS for word in middle)
    return joined and (opened or any(w in ("to", "until", "till", "through") for w in middle))


def without_wholes(ctx: Context, marks: Marks, dim: str) -> Marks:
    """Rows like "Total" or "Median" take no part in a contest of names."""
    names = ctx.schema.series if dim == "series" else ctx.schema.categories
    chosen = {*marks.series, *marks.categories, *marks.without}
    wholes = tuple(
        name
        for name in names
        if name not in chosen and forms(name) and set(forms(name)) <= ctx.lexicon.whole
    )
    if not wholes or len(names) - len(wholes) < 2:
        return marks
    return replace(marks, without=(*marks.without, *wholes))


def whole_row(ctx: Context) -> str:
    """The one category that stands for all: "Total", "All adults"; empty when there is none."""
    known = ctx.lexicon.whole | ctx.lexicon.everyone
    glued = {a + b for a in known for b in known}
    wholes = [
        name
        for name in ctx.schema.categories
        if (words := forms(name)) and (set(words) <= known or "".join(words) in glued)
    ]
    return wholes[0] if len(wholes) == 1 and len(ctx.schema.categories) > 2 else ""


def test_in(ctx: Context, lo: int, hi: int) -> Test | None:
    """A condition on values: "above 50", "at least 3", "5 or more", "between 20 and 30"."""
    for sign in ctx.spans_in(lo, hi, "sign"):
        return Test(str(sign.value), 0.0)
    spans = [s for s in ctx.linked.between(lo, hi) if s.kind in ("number", "compare")]
    for n, span in enumerate(spans):
        before = spans[n - 1] if n else None
        after = spans[n + 1] if n + 1 < len(spans) else None
        if span.kind != "number":
            continue
        value = number_of(ctx, span)
        if after is not None and after.kind == "number" and _pair(ctx, span, after):
            return Test("between", value, number_of(ctx, after))
        close = after is not None and after.lo - span.hi <= 1
        if after is not None and close and after.value in ("ge", "le"):
            return Test(str(after.value), value)
        if before is not None and before.kind == "compare" and span.lo - before.hi <= 3:
            return Test(_sharper(before, after), value)
    return None


def _sharper(before: Span, after: Span | None) -> str:
    """ "above or equal to" comes as two comparisons when words stand between."""
    if after is not None and after.value == "eq" and before.value in ("gt", "lt"):
        return "ge" if before.value == "gt" else "le"
    return str(before.value)


def _pair(ctx: Context, first: Span, second: Span) -> bool:
    before, middle = ctx.words(first.lo - 2, first.lo), ctx.words(first.hi, second.lo)
    return ("between" in before or "from" in before) and any(w in ("and", "to") for w in middle)


def number_of(ctx: Context, span: Span) -> float:
    """A number of the question in the chart's unit: "35 million" is 35 where the chart counts
    millions; "50%" is 0.5 where its values are shares of one."""
    value = float(span.value)
    sizes = [abs(mark.value) for mark in ctx.schema.marks if mark.value]
    top = max(sizes, default=1.0)
    after = ctx.words(span.hi, span.hi + 1)
    factor = ctx.lexicon.magnitudes.get(after[0], 1.0) if after else 1.0
    text = ctx.linked.tokens[span.lo].text
    if (text.endswith("%") or after[:1] in (["%"], ["percent"])) and top <= 1.0 < value:
        return value / 100.0
    if factor > 1.0 and (told := in_scale(value, factor, ctx.schema.scale, top)) is not None:
        return told
    while value > 100.0 * top and value >= 1000.0:
        value /= 1000.0
    return value
