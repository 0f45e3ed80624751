"""From a question to candidate programs, best first. Pure.

Each rule proposes a program for the kind of answer that is asked for. Candidates are scored by the
rule's prior and by how much of what the question names the program uses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from air_cli.reasoners.builtin.asked import Asked, asked
from air_cli.reasoners.builtin.context import Context
from air_cli.reasoners.builtin.entities import link
from air_cli.reasoners.builtin.explained import (
    LOST,
    OTHER_THING,
    coverage,
    lost_operand,
    other_thing,
)
from air_cli.reasoners.builtin.heads import Head, heads_of
from air_cli.reasoners.builtin.kinds import possible, suits
from air_cli.reasoners.builtin.lexicon import Lexicon, load
from air_cli.reasoners.builtin.measures import meant_measure, only_series, within
from air_cli.reasoners.builtin.offer import NO_OFFER, Offer, offer_of
from air_cli.reasoners.builtin.parts import asking
from air_cli.reasoners.builtin.program import (
    Across,
    Aggregate,
    Agreed,
    Binary,
    Choose,
    Compare,
    Direction,
    Expression,
    Fact,
    Growth,
    Marks,
    Names,
    Pick,
    Summary,
    Trend,
)
from air_cli.reasoners.builtin.quantity import FOLDED
from air_cli.reasoners.builtin.refusals import refusal
from air_cli.reasoners.builtin.rules_analyst import analysed
from air_cli.reasoners.builtin.rules_bool import truths
from air_cli.reasoners.builtin.rules_count import counts
from air_cli.reasoners.builtin.rules_lines import beside, between_times
from air_cli.reasoners.builtin.rules_list import listed
from air_cli.reasoners.builtin.rules_moves import moves
from air_cli.reasoners.builtin.rules_name import names
from air_cli.reasoners.builtin.rules_open import facts, overviews
from air_cli.reasoners.builtin.rules_shape import shapes
from air_cli.reasoners.builtin.rules_statement import ratios
from air_cli.reasoners.builtin.rules_vague import vague
from air_cli.reasoners.builtin.rules_value import holding, values
from air_cli.reasoners.builtin.rules_yearly import yearly
from air_cli.reasoners.builtin.schema import Schema, describe
from air_cli.reasoners.builtin.spans import Linked
from air_cli.reasoners.builtin.statements import RATIO, is_held
from air_cli.reasoners.builtin.uncoloured import asks_colour, premises, readings
from air_cli.records import Chart

KEPT = 4
# What is left of the score of a program over all rows where the question names one, not found.
UNSAID = 0.2
# What is left of the score of a level where a change is asked for.
UNMOVED = 0.4
MOVING = ("growth", "decline", "cagr", "increase", "decrease", "ratio")


@dataclass(frozen=True)
class Candidate:
    """A program, how well it explains the question (0..1), and why in words; `doubts` are the same
    program for other meanings of a word that the chart does not settle."""

    program: Expression
    score: float
    why: str
    doubts: tuple[Expression, ...] = ()


@dataclass(frozen=True)
class Understanding:
    """The candidates, best first, and what of the question found no place."""

    candidates: tuple[Candidate, ...]
    context: Context
    asked: Asked
    refusal: str = ""


def context_of(question: str, chart: Chart, options: Sequence[str] = ()) -> Context:
    """The question linked to the chart, with the choices that it leaves."""
    lexicon = load()
    schema = describe(chart, lexicon)
    linked = link(asking(question), schema, lexicon)
    return _context(linked, schema, lexicon, offer_of(options, chart))


def _context(linked: Linked, schema: Schema, lexicon: Lexicon, offer: Offer = NO_OFFER) -> Context:
    heads = heads_of(linked)
    shown = [head for head in heads if not _is_shown(head, heads, linked, schema)]
    return Context(linked, schema, tuple(shown), lexicon, offer)


def _is_shown(head: Head, heads: Sequence[Head], linked: Linked, schema: Schema) -> bool:
    """Whether an operation is what the chart shows: "the highest growth rate" of growth rates,
    "the average total cost" of total costs."""
    words = {token.norm for token in linked.tokens[head.lo : head.hi]}
    told = words - {"rate", "percentage", "percent"} or words
    before = {h.kind for h in heads if 0 <= head.lo - h.hi <= 1}
    ranked = bool(before & {"extreme", "position"})
    folded = any(h.value in FOLDED for h in heads if 0 <= head.lo - h.hi <= 2)
    # Of growth rates the highest less the lowest is asked for, not their growth.
    rates = schema.unit == "%" and head.value in ("growth", "decline")
    apart = rates and any(h.value in ("difference", "mean", "median") for h in heads)
    moving = head.value in MOVING and (ranked or folded or apart)
    lines = {span.value for span in linked.spans if span.kind == "series"}
    one = schema.single or len(lines) == 1
    part = any(h.value == "share" and 0 <= head.lo - h.hi <= 1 for h in heads)
    summed = head.value == "sum" and (part or (one and (ranked or "operation" in before)))
    after = tuple(token.norm for token in linked.tokens[head.lo : head.hi + 1])
    summed = summed or (one and head.value == "sum" and len(after) == 2 and after in schema.pairs)
    return head.kind == "operation" and (moving or summed) and told <= schema.words


def understand(
    question: str, chart: Chart, expects: str = "auto", options: Sequence[str] = ()
) -> Understanding:
    """Read a question against a chart; its colours as series where the chart's are not known."""
    ctx = context_of(question, chart, options)
    plain = _read(ctx, expects)
    measure = meant_measure(ctx, chart)
    if measure is not None and not _of_all(plain):
        return _of_measure(ctx, measure, expects)
    guesses = readings(ctx.linked, ctx.schema, ctx.lexicon)
    if not guesses or _about_colour(plain):
        return plain
    contexts = [_context(guess, ctx.schema, ctx.lexicon, ctx.offer) for guess in guesses]
    first, *others = _likely([_read(context, expects) for context in contexts])
    return replace(first, candidates=tuple(_doubted(first, others)))


def _of_measure(ctx: Context, measure: str, expects: str) -> Understanding:
    """The question read as one about this series."""
    read = _read(replace(ctx, schema=only_series(ctx.schema, measure)), expects)
    found = (replace(one, program=within(one.program, measure)) for one in read.candidates)
    return replace(read, candidates=tuple(found), context=ctx)


def _of_all(read: Understanding) -> bool:
    """Whether the question is about the whole chart, or about which series."""
    program = read.candidates[0].program if read.candidates else None
    vague = isinstance(program, Growth | Trend) and not read.context.linked.loose
    return read.asked.dim in ("series", "color") or vague or isinstance(program, Fact | Summary)


def _about_colour(read: Understanding) -> bool:
    """Whether the question asks for a colour, or for what one stands for."""
    programs = [one.program for one in read.candidates if isinstance(one.program, Names)]
    of = [one.of for one in programs if isinstance(one.of, Marks)]
    meant = any(one.color and one.test is None for one in of)
    return read.asked.dim == "color" or meant


def _likely(reads: Sequence[Understanding]) -> list[Understanding]:
    """The readings without those whose premises the values deny, where others' hold; first those
    whose premises hold."""
    fits = [premises(r.candidates[0].program, r.context.schema) if r.candidates else 0.0
            for r in reads]  # fmt: skip
    kept = [n for n, fit in enumerate(fits) if fit > 0.0] or [*range(len(reads))]
    return [reads[n] for n in sorted(kept, key=lambda n: -fits[n])]


def _doubted(first: Understanding, others: Sequence[Understanding]) -> Iterator[Candidate]:
    """The candidates of the first reading, each with what it would be in the others."""
    for n, candidate in enumerate(first.candidates):
        same = [read.candidates[n].program for read in others if n < len(read.candidates)]
        doubts = tuple(dict.fromkeys(program for program in same if program != candidate.program))
        yield replace(candidate, score=0.8 * candidate.score, doubts=doubts)


def _read(ctx: Context, expects: str) -> Understanding:
    want = asked(ctx)
    if expects == "bool" and want.kind != "bool":
        want = Asked("bool")
    if ctx.offer.dim and want.kind != "bool":
        want = replace(want, kind="name", dim=ctx.offer.dim)
    amount = asks_amount(ctx)
    found: dict[Expression, Candidate] = {}
    painted = asks_colour(ctx) and want.kind in ("name", "value")
    for prior, program, why in _proposals(ctx, want):
        if painted and not (isinstance(program, Names) and program.dim == "color"):
            continue
        if expects == "bool" and isinstance(program, Agreed):
            program = replace(program, forced=True)
        if not possible(program, want, amount, expects):
            continue
        score = prior * (0.4 + 0.6 * coverage(ctx, program, want)) * suits(program, expects)
        score *= OTHER_THING if other_thing(ctx, program, want) else 1.0
        score *= OTHER_THING if _not_offered(ctx, program) else 1.0
        score *= LOST if lost_operand(ctx) and not isinstance(program, Names) else 1.0
        score *= UNSAID if _whole_column(ctx, program) else 1.0
        score *= UNMOVED if _unmoved(ctx, program) else 1.0
        if program not in found or found[program].score < score:
            found[program] = Candidate(program, round(score, 4), why)
    ranked = sorted(found.values(), key=lambda candidate: -candidate.score)
    return Understanding(tuple(ranked[:KEPT]), ctx, want, refusal(ctx, want))


def _whole_column(ctx: Context, program: Expression) -> bool:
    """Whether a table's column would be added up, or listed, for a row that was not found: its
    rows are different things."""
    ratios = ctx.spans_in(0, ctx.end, RATIO)
    held = any(is_held(str(span.value), ctx.schema) for span in ratios)
    named = held or ctx.spans_in(0, ctx.end, "category") or not (ctx.linked.loose or ratios)
    if ctx.schema.kind != "table" or named:
        return False
    if ratios:
        return True
    summed = isinstance(program, Aggregate) and not ctx.heads_in(0, ctx.end, "operation")
    return summed or isinstance(program, Marks | Binary)


def _unmoved(ctx: Context, program: Expression) -> bool:
    """Whether a level of a statement, or a sum of levels, is given where a change is asked for."""
    moves = any(head.value in MOVING[:-1] for head in ctx.heads_in(0, ctx.end, "operation"))
    level = isinstance(program, Pick | Marks) or (
        isinstance(program, Aggregate) and all(isinstance(part, Marks) for part in program.of)
    )
    return moves and level and ctx.schema.kind == "table"


def _not_offered(ctx: Context, program: Expression) -> bool:
    """Whether the answer would be another kind of thing than the choices are."""
    offer = ctx.offer
    dim = program.dim if isinstance(program, Names | Across) else ""
    named = isinstance(program, Names) or (isinstance(program, Across) and program.want == "name")
    if offer.dim and named:
        return dim != offer.dim
    return offer.moves and not isinstance(program, Trend | Direction | Compare | Choose)


def asks_amount(ctx: Context) -> bool:
    """Whether the question asks how much or how many, at its start or after "by"."""
    words = ctx.words(0, ctx.end)
    at = next((n for n, word in enumerate(words[:-1]) if word == "how"), None)
    return at is not None and words[at + 1] in ("much", "many")


def _proposals(ctx: Context, want: Asked) -> Iterator[tuple[float, Expression, str]]:
    yield from facts(ctx, want)
    yield from overviews(ctx, want)
    yield from beside(ctx, want)
    yield from between_times(ctx, want)
    yield from listed(ctx, want)
    yield from moves(ctx, want)
    yield from vague(ctx, want)
    yield from shapes(ctx, want)
    yield from ratios(ctx, want)
    yield from yearly(ctx, want)
    yield from analysed(ctx, want)
    if want.kind in ("name", "value"):
        yield from holding(ctx, 1.0 if want.kind == "name" else 0.8)
    if want.kind == "bool":
        yield from truths(ctx, want)
        return
    if want.kind == "count":
        yield from counts(ctx, want)
        yield from values(ctx, 0.8)
        return
    if want.kind == "name":
        yield from names(ctx, want)
        yield from values(ctx, 0.6)
        return
    yield from values(ctx, 1.0)
    yield from names(ctx, want, 0.5)
