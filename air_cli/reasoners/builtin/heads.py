"""Turn spans into the heads of phrases: operations, extremes with rank, positions. Pure.

"second highest", "two smallest", "top 3", "last 3 years", "third bar from the left" each become
one head, with what it takes.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

from air_cli.reasoners.builtin.spans import Linked, Span

MOST = 20
# What stands at a side of the chart, and what joins two sides.
_PLACED = frozenset(
    ("bar", "line", "most", "side", "end", "hand", "half", "part", "column", "segment", "section")
) | frozenset(("value", "point", "datum", "data", "and", "or", "of", "in", "one", "slice", "box"))


@dataclass(frozen=True)
class Head:
    """`kind`: operation, extreme, position or arithmetic. `take` > 0 asks for several marks."""

    kind: str
    value: str
    lo: int
    hi: int
    rank: int = 1
    take: int = 0


def heads_of(linked: Linked) -> list[Head]:
    """The heads of a question, in order."""
    found: list[Head] = []
    spans = linked.spans
    n = 0
    while n < len(spans):
        head, used = _head(linked, spans, n)
        if head is not None:
            found.append(head)
        n += used
    return _sided(_changes_total(found), linked)


def _changes_total(heads: list[Head]) -> list[Head]:
    """ "The total increase" is an increase and no sum."""
    moves = ("increase", "decrease", "growth", "decline", "difference")
    return [
        head
        for head, after in itertools.zip_longest(heads, heads[1:])
        if not (head.value == "sum" and after and after.value in moves and after.lo == head.hi)
    ]


def _head(linked: Linked, spans: tuple[Span, ...], n: int) -> tuple[Head | None, int]:
    """The head that starts at span n, and how many spans it uses."""
    span = spans[n]
    after = spans[n + 1] if n + 1 < len(spans) else None
    close = after is not None and after.lo - span.hi <= 1
    if span.kind in ("number", "cardinal") and after is not None and _beside(linked, span, after):
        if _small(span) and _ranks(after) and not _value_like(linked, span, after):
            return _ranked(after, span.lo, after.hi, take=int(span.value)), 2
        return None, 1
    if span.tag("rank") and close and after is not None and after.tag("extreme"):
        return _ranked(after, span.lo, after.hi, rank=int(span.tag("rank") or 1)), 2
    counted = (
        close
        and after is not None
        and after.kind in ("number", "cardinal")
        and _counted(linked, after)
    )
    if _ranks(span) and counted and after is not None:
        return _ranked(span, span.lo, after.hi, take=int(after.value)), 2
    if span.kind == "operation" and span.value in ("ratio", "product") and _measured(linked, span):
        return None, 1
    if span.kind in ("operation", "arithmetic"):
        return Head(span.kind, str(span.value), span.lo, span.hi), 1
    if span.tag("extreme") and span.tag("position") and _on_mark(linked, span):
        return Head("position", str(span.tag("position")), span.lo, span.hi), 1
    if span.tag("extreme"):
        return Head("extreme", str(span.tag("extreme")), span.lo, span.hi), 1
    if span.tag("comparative") and _paired_extreme(linked, spans, n):
        return Head("extreme", str(span.tag("comparative")), span.lo, span.hi), 1
    if span.tag("rank"):
        rank = int(span.tag("rank") or 1)
        return Head("position", "first", span.lo, span.hi, rank=rank), 1
    if span.tag("position") and not _no_place(linked, span):
        return Head("position", str(span.tag("position")), span.lo, span.hi), 1
    return None, 1


def _no_place(linked: Linked, span: Span) -> bool:
    """ "The right thing", "left the country": no sides of the chart."""
    said = [token.norm for token in linked.tokens[span.lo : span.hi]]
    after = next((token for token in linked.tokens[span.hi : span.hi + 1]), None)
    if said not in (["left"], ["right"]) or after is None or after.punctuation:
        return False
    before = linked.tokens[span.lo - 1].norm if span.lo else ""
    beside = any(
        s.lo == span.hi and s.kind in ("color", "series", "category", "number", "cardinal")
        for s in linked.spans
    )
    placed = after.norm in _PLACED or beside
    return not placed or before in ("do", "doing", "did", "done", "wa", "was", "were", "are", "is")


def _paired_extreme(linked: Linked, spans: tuple[Span, ...], n: int) -> bool:
    """ "The lowest and higher value": a comparative that is said for an extreme."""
    before = spans[n - 1] if n else None
    if before is None or not before.tag("extreme") or not 0 <= spans[n].lo - before.hi <= 2:
        return False
    joined = {token.norm for token in linked.tokens[before.hi : spans[n].lo]} & {"and", "to"}
    return bool(joined)


def _beside(linked: Linked, number: Span, after: Span) -> bool:
    """ "two smallest", "two of the": but "of the three costs most" counts the things compared."""
    between = [token.norm for token in linked.tokens[number.hi : after.lo]]
    return not between or (len(between) == 1 and between[0] in ("of", "the", "data", "-"))


def _measured(linked: Linked, span: Span) -> bool:
    """ "The charge-off ratio", "domestic product": what the chart shows, not one to work out."""
    before = linked.tokens[span.lo - 1].norm if span.lo else ""
    if span.value == "product":
        return span.lo - 1 in linked.loose and before.isalpha()
    after = linked.tokens[span.hi].norm if span.hi < len(linked.tokens) else ""
    return (
        span.lo - 1 in linked.loose
        and after not in ("of", "between", "to", "for")
        and (before.isalpha())
    )


def _ranks(span: Span) -> bool:
    return bool(span.tag("extreme") or span.tag("position"))


def _small(span: Span) -> bool:
    value = float(span.value)
    return value.is_integer() and 1 <= value <= MOST


def _ranked(span: Span, lo: int, hi: int, rank: int = 1, take: int = 0) -> Head:
    extreme, position = span.tag("extreme"), span.tag("position")
    if take and position == "bottom":
        extreme = "min"
    if take and position == "top":
        extreme = "max"
    if extreme:
        return Head("extreme", extreme, lo, hi, rank, take)
    return Head("position", str(position), lo, hi, rank, take)


def _value_like(linked: Linked, number: Span, after: Span) -> bool:
    """ "above 20 at the top": the number belongs to what stands before it."""
    before = [span for span in linked.spans if span.hi <= number.lo]
    return bool(before) and before[-1].kind == "compare" and number.lo - before[-1].hi <= 2


def _counted(linked: Linked, number: Span) -> bool:
    """A number that counts nouns is written as a plain small integer: "top 3 bars"."""
    return linked.tokens[number.lo].text.isalnum() and _small(number)


def _on_mark(linked: Linked, span: Span) -> bool:
    """ "top bar" is a place; "top country" is a rank."""
    after = linked.tokens[span.hi : span.hi + 3]
    words = [token.norm for token in after]
    places = ("bar", "segment", "line", "most", "and", "bottom", "part", "section")
    return bool(words) and (words[0] in places)


def _sided(heads: list[Head], linked: Linked) -> list[Head]:
    """ "second bar from the left": the side joins the ordinal before or after it."""
    merged: list[Head] = []
    for head in heads:
        last = merged[-1] if merged else None
        near = last is not None and head.lo - last.hi <= 4
        if last is not None and near and last.kind == head.kind == "position":
            if last.value == "first" and head.value not in ("first", "last"):
                merged[-1] = replace(last, value=head.value, hi=head.hi)
                continue
            if head.value == "first" and last.value != "first":
                merged[-1] = replace(last, rank=head.rank, hi=head.hi)
                continue
        merged.append(head)
    return merged
