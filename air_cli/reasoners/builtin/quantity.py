"""Read a stretch of words as a quantity: nested operations, extremes, look-ups. Pure.

The reader is an island parser: words it does not know are passed over, and operands are found by
a principle of parallelism: the dimension that is named twice or more holds the operands, what is
named once is shared by them.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from air_cli.reasoners.builtin.across import PAIRED, extreme_operations, stack_at
from air_cli.reasoners.builtin.choices import (
    NAMED,
    alternate,
    cell_named,
    lookup,
    of_spans,
    pairs,
    picked,
    placed,
    single,
    size_of,
    two,
)
from air_cli.reasoners.builtin.context import (
    NOWHERE,
    Context,
    marks_in,
    merge,
    number_of,
    without_wholes,
)
from air_cli.reasoners.builtin.folding import at_that_time, each, ends, folded_alike, leaving_out
from air_cli.reasoners.builtin.heads import Head
from air_cli.reasoners.builtin.program import (
    Aggregate,
    Binary,
    Expression,
    Marks,
    Number,
    Pick,
)
from air_cli.reasoners.builtin.spans import Span

JOINTS = frozenset(
    ("and", "to", "from", "with", "or", ",", "v", "vs", "versus", "than", "then", "&", "against")
) | frozenset(("by", "minus", "plus", ":"))

FOLDED = ("sum", "mean", "median", "mode", "product", "range")

SIDES = {"left": "left", "right": "right", "top": "top", "bottom": "bottom"}


def quantity(ctx: Context, lo: int, hi: int, shared: Marks = NOWHERE) -> Expression | None:
    """What the words lo..hi ask for, or None when they ask for nothing."""
    sums = ctx.heads_in(lo, hi, "arithmetic")
    if sums and (found := _arithmetic(ctx, lo, hi, sums[0], shared)) is not None:
        return found
    operation = _outermost(ctx.heads_in(lo, hi, "operation"))
    if operation is not None:
        if _trails(ctx, lo, hi, operation):
            return _operation(ctx, operation, lo, operation.lo, shared)
        context = _around(ctx, lo, hi, operation, shared)
        return _operation(ctx, operation, operation.hi, hi, context)
    heads = ctx.heads_in(lo, hi, "extreme", "position")
    marks = marks_in(ctx, lo, hi, shared)
    if heads and heads[0].take and set(ctx.words(heads[0].hi, heads[0].hi + 1)) & ctx.schema.dims:
        marks = without_wholes(ctx, marks, "category")
    stack = stack_at(ctx, heads[0], marks, "number") if heads and _of_whole(ctx, heads[0]) else None
    if stack is not None:
        return stack
    if heads and not (heads[0].kind == "position" and cell_named(ctx, marks)):
        return picked(ctx, *placed(ctx, heads, marks))
    numbers = ctx.spans_in(lo, hi, "number")
    if numbers and not ctx.spans_in(lo, hi, *NAMED):
        return Number(number_of(ctx, numbers[0]))
    if marks.categories and size_of(ctx, marks) == 1:
        marks = replace(marks, test=None)  # one mark is left: the condition is part of its name
    return lookup(ctx, marks)


def _of_whole(ctx: Context, head: Head) -> bool:
    """Whether an extreme is one of bars or times: "the highest year", "the lowest bar"."""
    others = {"and", "or", "the"} | {w for h in ctx.heads for w in ctx.words(h.lo, h.hi)}
    after = (word for word in ctx.words(head.hi, ctx.end) if word not in others)
    return next(after, "") in {*ctx.schema.dims, "bar"}


def _outermost(heads: Sequence[Head]) -> Head | None:
    """The operation that holds the others: the first, but a difference before what it is of."""
    known = [head for head in heads if head.value in (*PAIRED, *FOLDED)]
    if len(known) > 1 and known[1].value in PAIRED and known[1].lo - known[0].hi <= 1:
        return known[1]
    return known[0] if known else None


def _trails(ctx: Context, lo: int, hi: int, head: Head) -> bool:
    """ "The last two forms combined": an operation after all that it is about."""
    kinds = (*NAMED, "number", "operation", "extreme", "position", "rank")
    return not ctx.spans_in(head.hi, hi, *kinds) and bool(
        ctx.heads_in(lo, head.lo) or len(ctx.spans_in(lo, head.lo, *NAMED)) > 1
    )


def _around(ctx: Context, lo: int, hi: int, head: Head, shared: Marks) -> Marks:
    """What stands before an operation and holds for all of it: "In 2015, the sum of …"."""
    if not ctx.spans_in(head.hi, hi, *NAMED) and not ctx.heads_in(head.hi, hi):
        return marks_in(ctx, lo, hi, shared)
    return marks_in(ctx, lo, head.lo, shared)


def _operation(ctx: Context, head: Head, lo: int, hi: int, shared: Marks) -> Expression | None:
    if head.value in FOLDED and (rest := leaving_out(ctx, lo, hi, shared)) is not None:
        return Aggregate(head.value, (rest,))
    of_all: list[Expression] = list(extreme_operations(ctx, lo, hi))
    parts = of_all if len(of_all) > 1 else operands(ctx, lo, hi, shared, head.value)
    if head.value in FOLDED and (given := _given(ctx, head, lo, hi)) is not None:
        return given
    if head.value in PAIRED:
        if len(parts) == 1 and isinstance(parts[0], Marks) and (parts[0].take or ("", 0))[1] == 2:
            parts = two(parts[0])
        if len(parts) != 2:
            return _lone_mark(ctx, head, hi, shared)
        parts = folded_alike(parts)
        parts = at_that_time(ctx, lo, hi, parts)
        a, b = (single(part) for part in parts)
        if a == b and (totals := ends(marks_in(ctx, lo, hi, shared))):
            a, b = totals
        return None if a == b else Binary(head.value, a, b)
    if not parts:
        return None
    parts = folded_alike(parts) if len(parts) == 2 else parts
    inner = _outermost(ctx.heads_in(lo, hi, "operation"))
    if len(parts) == 1 and inner is not None and isinstance(parts[0], Aggregate):
        several = each(ctx, parts[0])
        # "The average total area": of one series there is nothing to be added up first.
        if len(several) == 1 and isinstance(several[0], Aggregate):
            several = several[0].of
        return Aggregate(head.value, several)
    return Aggregate(head.value, tuple(parts))


def _given(ctx: Context, head: Head, lo: int, hi: int) -> Number | None:
    """ "The average of $17.6 billion": the question gives the number itself."""
    numbers = ctx.spans_in(lo, hi, "number")
    written = len(numbers) == 1 and 0 < numbers[0].lo - head.hi <= 2
    unit = written and not ctx.linked.tokens[numbers[0].lo].text.isdigit()
    named = ctx.spans_in(lo, hi, *NAMED) or ctx.heads_in(lo, hi)
    plain = ctx.words(head.hi, head.hi + 1) == ["of"] and not named
    return Number(number_of(ctx, numbers[0])) if unit and plain else None


def _lone_mark(ctx: Context, head: Head, hi: int, shared: Marks) -> Expression | None:
    """A chart may show differences or ratios themselves: then one mark is what is asked for, unless
    the question says from when to when: then the chart lacks one of them."""
    words = ctx.words(0, ctx.end)
    if "from" in words and "to" in words[words.index("from") :]:
        return None
    # "The difference between A and B", "A exceeds B": one of the two is missing, unless the chart
    # calls what it shows so.
    two_named = {"between", "and"} <= set(words)
    two_named |= any(s.value in ("gt", "lt") for s in ctx.spans_in(0, ctx.end, "compare"))
    if two_named and not set(ctx.words(head.lo, head.hi)) & ctx.schema.words:
        return None
    found = lookup(ctx, marks_in(ctx, 0, hi, shared))
    return found if isinstance(found, Pick) else None


def operands(ctx: Context, lo: int, hi: int, shared: Marks, op: str) -> list[Expression]:
    """The operands in the words lo..hi."""
    heads = ctx.heads_in(lo, hi, "operation", "extreme", "position")
    heads = [h for h in heads if h.kind != "operation" or h.value in (*PAIRED, *FOLDED)]
    heads = [h for h in heads if not h.value == op == "sum"]  # "the combined share of the total"
    if heads:
        parts = _parts(ctx, lo, hi, op, heads)
        found = [_part(ctx, parts, n, shared) for n in range(len(parts))]
        return [part for part in found if part is not None]
    return _atoms(ctx, lo, hi, shared, op)


def _parts(ctx: Context, lo: int, hi: int, op: str, heads: Sequence[Head]) -> list[tuple[int, int]]:
    """Cut the words at the joints between operands."""
    cuts = [n for n in range(lo + 1, hi) if _joint(ctx, lo, hi, n)]
    joined = [n for n in cuts if ctx.words(n, n + 1) == ["and"]]
    if "between" in ctx.words(lo - 1, lo + 2) and joined:
        cuts = joined
    if op in PAIRED:
        both = [n for n in cuts if ctx.heads_in(lo, n) and ctx.heads_in(n, hi)]
        before_head = [n for n in cuts if any(0 < head.lo - n <= 3 for head in heads)]
        for choice in ([n for n in both if n in before_head], both, before_head, cuts):
            if choice:
                return [(lo, choice[0]), (choice[0] + 1, hi)]
        return [(lo, hi)]
    kept = [n for n in cuts if len(heads) == 1 or any(0 < h.lo - n <= 3 for h in heads)]
    edges = [lo, *kept, hi]
    return [(a if a == lo else a + 1, b) for a, b in itertools.pairwise(edges)]


def _joint(ctx: Context, lo: int, hi: int, n: int) -> bool:
    token = ctx.linked.tokens[n]
    if token.norm not in JOINTS or any(s.lo <= n < s.hi for s in ctx.linked.spans
                                       if s.kind in NAMED):  # fmt: skip
        return False
    if _range_joint(ctx, lo, hi, n):
        return False
    kinds = (*NAMED, "number", "operation", "extreme", "position", "rank")
    return bool(ctx.spans_in(lo, n, *kinds) and ctx.spans_in(n + 1, hi, *kinds))


def _range_joint(ctx: Context, lo: int, hi: int, n: int) -> bool:
    """A joint between two categories that are the ends of a stretch joins no operands."""
    before = [s for s in ctx.linked.between(lo, n) if s.kind in (*NAMED, "number", "extreme")]
    after = [s for s in ctx.linked.between(n, hi) if s.kind in (*NAMED, "number", "extreme")]
    if not before or not after:
        return False
    return (
        before[-1].kind == after[0].kind == "category"
        and ctx.schema.ordered
        and ctx.linked.tokens[n].norm in ("to", "until", "-")
    )


def _part(
    ctx: Context, parts: Sequence[tuple[int, int]], n: int, shared: Marks
) -> Expression | None:
    """One operand, with what only the last one says and the others leave open."""
    lo, hi = parts[n]
    last = marks_in(ctx, *parts[-1])
    own = marks_in(ctx, lo, hi)
    handed = shared
    if n < len(parts) - 1:
        bare = not any(w in ctx.lexicon.mark and w != "value" for w in ctx.words(lo, hi))
        given = Marks(categories=last.categories, span=last.span)
        if bare and not own.series and not own.color:
            given = replace(given, series=last.series, color=last.color, test=last.test)
        if own.series and own.categories:
            given = NOWHERE
        handed = merge(given, shared)
    elif len(parts) > 1 and not own.named:
        first = marks_in(ctx, *parts[0])
        handed = merge(Marks(), merge(first, shared))
    return quantity(ctx, lo, hi, handed)


def _atoms(ctx: Context, lo: int, hi: int, shared: Marks, op: str) -> list[Expression]:
    """Operands without heads of their own: names and numbers."""
    names = ctx.spans_in(lo, hi, *NAMED)
    marks = marks_in(ctx, lo, hi, shared)
    lines = [s for s in names if s.kind in ("series", "color")]
    rows = [s for s in names if s.kind == "category"]
    numbers = ctx.spans_in(lo, hi, "number")
    if op in FOLDED and marks.test is not None:
        return [marks]
    if op in FOLDED and (len(lines) < 2 or len(rows) < 2):
        if not names and len(numbers) >= 2 and marks.test is None:
            return [Number(number_of(ctx, span)) for span in numbers]
        if len([s for s in lines if s.kind == "color"]) < 2:
            return [marks]
    if len(lines) >= 2 and len(rows) >= 2 and alternate(names):
        return [_cell(ctx, pair, shared) for pair in pairs(names)]
    several = lines if len(lines) >= 2 else rows
    if len(several) >= 2:
        rest = [span for span in names if span not in several]
        common = merge(of_spans(rest), shared)
        return [lookup(ctx, merge(of_spans([span]), common)) for span in several]
    if len(names) == 1 and len(numbers) == 1 and marks.test is None:
        return [lookup(ctx, marks), Number(number_of(ctx, numbers[0]))]
    return _unnamed(ctx, marks, op)


def _unnamed(ctx: Context, marks: Marks, op: str) -> list[Expression]:
    """Two operands that the question leaves unsaid: the only two there are."""
    schema = ctx.schema
    if len(marks.series) == 2 and marks.categories:
        return [lookup(ctx, replace(marks, series=(name,))) for name in marks.series]
    if len(marks.categories) == 2:
        return [lookup(ctx, replace(marks, categories=(n,), span=False)) for n in marks.categories]
    if len(schema.series) == 2 and not marks.series and not marks.color and marks.categories:
        return [lookup(ctx, replace(marks, series=(name,))) for name in schema.series]
    if len(schema.categories) == 2 and not marks.categories:
        return [lookup(ctx, replace(marks, categories=(name,))) for name in schema.categories]
    return [marks] if op in FOLDED else []


def _cell(ctx: Context, pair: Sequence[Span], shared: Marks) -> Expression:
    return lookup(ctx, merge(of_spans(pair), shared))


def _arithmetic(ctx: Context, lo: int, hi: int, head: Head, shared: Marks) -> Expression | None:
    """ "A minus B", "deduct A from B", "divide A by B", "add A and B, then divide by 2"."""
    if head.value in ("minus", "plus", "times", "over"):
        a = quantity(ctx, lo, head.lo, shared)
        b = quantity(ctx, head.hi, hi, shared)
        return _binary({"over": "ratio"}.get(head.value, head.value), a, b)
    before = ctx.heads_in(lo, head.lo, "operation", "arithmetic", "extreme")
    words = ctx.words(head.hi, hi)
    joint = next((head.hi + n for n, w in enumerate(words) if w in ("from", "by", "with")), 0)
    if before:
        first = quantity(ctx, lo, head.lo, shared)
        tail = quantity(ctx, head.hi, joint if joint and head.value == "subtract" else hi, shared)
        return _binary({"subtract": "minus", "multiply": "times"}.get(head.value, "ratio"),
                       first, tail)  # fmt: skip
    if not joint:
        joint = next((head.hi + n for n, w in enumerate(words) if w == "and"), 0)
    if not joint:
        return None
    a, b = quantity(ctx, head.hi, joint, shared), quantity(ctx, joint + 1, hi, shared)
    if head.value == "subtract":
        return _binary("minus", b, a)
    return _binary("times" if head.value == "multiply" else "ratio", a, b)


def _binary(op: str, a: Expression | None, b: Expression | None) -> Expression | None:
    """None where a side is missing, or names nothing: then it would be all there is."""
    if a is None or b is None or NOWHERE in (a, b):
        return None
    return Binary(op, single(a), single(b))
