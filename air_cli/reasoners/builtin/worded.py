"""Tables whose cells are words: what a row says, and which row says something. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from air_cli.reasoners.builtin.asked import asked
from air_cli.reasoners.builtin.context import Context
from air_cli.reasoners.builtin.questions import context_of
from air_cli.reasoners.builtin.spans import Span
from air_cli.reasoners.builtin.spelling import hit
from air_cli.reasoners.builtin.tokens import forms
from air_cli.records import Chart, Mark

# A name counts as said in full from here on; how much of the question a cell must hold to be what
# it describes, and by how much more than any other row's cells.
NAMED, HELD, CLEAR = 0.8, 0.6, 1.25
# How sure an answer is whose row and column are named, and what is left of it for each doubt.
SURE, GUESSED = 0.9, 0.85


@dataclass(frozen=True)
class Worded:
    """Code that answers from a cell of words, why, and how sure that is what was asked."""

    code: str
    why: str
    sure: float


def worded(question: str, chart: Chart) -> Iterator[Worded]:
    """The readings of a question against the cells of a table that hold words, best first."""
    cells = [m for m in chart.marks if m.value is None and m.label.strip()]
    if chart.kind != "table" or not cells:
        return
    # Names are linked as for numbers: every cell counts as having a value.
    held = replace(chart, marks=tuple(replace(m, value=1.0) for m in cells))
    ctx = context_of(question, held)
    want = asked(ctx)
    worked_out = ctx.heads_in(0, ctx.end, "operation", "extreme", "arithmetic")
    if want.kind not in ("name", "value") or worked_out or ctx.words(0, 1) == ["how"]:
        return
    rows, columns = (_named(ctx, kind) for kind in ("category", "series"))
    if len(rows) == 1 and len(columns) <= 1:
        yield from _said_by(ctx, cells, rows[0], columns)
    elif not rows and want.kind == "name":
        yield from _saying(ctx, cells, columns)


def _named(ctx: Context, kind: str) -> list[str]:
    """The names that are said in full."""
    spans: list[Span] = ctx.spans_in(0, ctx.end, kind)
    return list(dict.fromkeys(str(span.value) for span in spans if span.score >= NAMED))


def _said_by(
    ctx: Context, cells: Sequence[Mark], row: str, columns: Sequence[str]
) -> Iterator[Worded]:
    """ "What happens when you press and hold?": the cell of the row, in the column that is named,
    else the first that has words."""
    found = [m for m in cells if m.category == row and (not columns or m.series == columns[0])]
    loose = [n for n in ctx.linked.loose if ctx.linked.tokens[n].norm.isalpha()]
    said = {word for word in _content(ctx) if word.isalpha()}
    if not found or 2 * len(loose) > max(len(said), 1):
        return
    sure = SURE * (1.0 if columns or len(found) == 1 else GUESSED) * (GUESSED if loose else 1.0)
    one = found[0]
    code = f"said = chart.words({one.series!r}, {row!r})\nanswer(said, sure={sure:.2f})\n"
    yield Worded(code, f"what the table says of {row!r}", sure)


def _saying(ctx: Context, cells: Sequence[Mark], columns: Sequence[str]) -> Iterator[Worded]:
    """ "Which port captures the trigger?": the row whose cell holds most of what is described."""
    wanted = _content(ctx) - {word for name in columns for word in forms(name)}
    among = [m for m in cells if not columns or m.series == columns[0]]
    counts = Counter(word for mark in among for word in set(forms(mark.label)))
    weights = {word: math.log(1.0 + len(among) / (counts[word] or 0.5)) for word in wanted}
    whole = sum(weights.values())
    best: dict[str, tuple[float, Mark]] = {}
    for mark in among:
        words = dict.fromkeys(forms(mark.label))
        held = sum(weight for word, weight in weights.items() if hit(word, words)) / (whole or 1.0)
        if held > best.get(mark.category, (0.0, mark))[0]:
            best[mark.category] = (held, mark)
    ranked = sorted(best.values(), key=lambda pair: -pair[0])
    if len(wanted) < 2 or not ranked or ranked[0][0] < HELD:
        return
    if len(ranked) > 1 and ranked[0][0] < CLEAR * ranked[1][0]:
        return
    held, one = ranked[0]
    name = one.category
    code = f"said = chart.words({one.series!r}, {name!r})\n"
    code += f"answer({name!r}, text={name + ': '!r} + said, sure={held * SURE:.2f})\n"
    yield Worded(code, f"the row of which the table says most of this: {one.category!r}", held)


def _content(ctx: Context) -> frozenset[str]:
    """The words of the question that say what is asked about."""
    plain = ctx.lexicon.stop | ctx.lexicon.mark | ctx.schema.words
    tokens = [token.norm for token in ctx.linked.tokens if not token.punctuation]
    return frozenset(word for word in tokens if word not in plain)
