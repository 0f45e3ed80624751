"""What kind of answer a question asks for: yes or no, a count, a name, a value, … Pure."""

from __future__ import annotations

from dataclasses import dataclass

from air_cli.reasoners.builtin.context import Context
from air_cli.reasoners.builtin.spans import Span
from air_cli.reasoners.builtin.tokens import forms

BOOLS = frozenset(
    ("is", "are", "was", "were", "do", "doe", "does", "did", "has", "have", "had", "can", "will")
) | frozenset(("would", "could", "isn't", "aren't", "don't", "doesn't"))
WHICH = frozenset(
    [
        "which",
        "what",
        "who",
        "whom",
        "when",
        "where",
        "whose",
        "name",
        "find",
        "identify",
        "tell",
        "list",
        "what's",
        "whats",
    ]
)
MOVED = ("increase", "decrease", "growth", "decline")
ORDERS = ("find", "tell", "identify", "list", "name")
NUMERIC = frozenset(
    [
        "value",
        "percentage",
        "percent",
        "rate",
        "amount",
        "share",
        "level",
        "data",
        "datum",
        "figure",
        "number",
        "point",
    ]
)
MEANINGS = (["represent"], ["denote"], ["indicate"], ["depict"], ["stand"], ["signify"], ["mean"])
BE = frozenset(("is", "are", "was", "were", "'", "s", "wa"))


@dataclass(frozen=True)
class Asked:
    """`kind`: bool, count, name, value. `dim` for names and counts: category, series, color or
    "" when open. `at` is the token after the asking words."""

    kind: str
    dim: str = ""
    at: int = 0
    noun: str = ""


def asked(ctx: Context) -> Asked:
    """The kind of answer wanted, from the asking words."""
    start = _start(ctx)
    words = ctx.words(0, ctx.end)
    first = words[start] if start < len(words) else ""
    if first in BOOLS:
        return Asked("bool", at=start + 1)
    counted = next((s for s in ctx.linked.spans if s.kind == "count"), None)
    if counted is not None and _amount(ctx, counted):
        return Asked("value", at=counted.hi)
    which = next((n for n, word in enumerate(words) if word in WHICH), None)
    if counted is not None and (which is None or counted.lo < which or _counts(ctx, which)):
        return _count(ctx, counted.hi)
    if "name" in words[:7] and "of" in words[:9]:
        return Asked("name", "", words.index("name") + 1)
    if which is not None:
        return _which(ctx, which)
    if words[:1] == ["rank"] or _of_movers(words):
        return Asked("name", at=0)
    if (named := _ranked_noun(ctx, words)) is not None:
        return named
    if words and (_bool_tail(ctx) or _statement(ctx)):
        return Asked("bool", at=0)
    return Asked("value", at=0)


def _amount(ctx: Context, counted: Span) -> bool:
    """ "How many millions", "by how many homes did it grow": an amount, of which nothing on the
    chart is counted."""
    if set(ctx.words(counted.hi, counted.hi + 1)) & ctx.lexicon.magnitudes.keys():
        return True
    moved = [h for h in ctx.heads_in(counted.hi, ctx.end, "operation") if h.value in MOVED]
    if ctx.words(counted.hi, counted.hi + 1) == ["point"] and "%" in ctx.schema.unit and moved:
        return True
    return ctx.words(counted.lo - 1, counted.lo) == ["by"] and bool(moved)


def _ranked_noun(ctx: Context, words: list[str]) -> Asked | None:
    """ "Best year?", "top 2 regions in 2023": an extreme, then the noun of what is to be named."""
    head = next(iter(ctx.heads_in(0, min(3, ctx.end), "extreme")), None)
    if head is None or head.lo > 1 or head.hi >= ctx.end or ctx.words(0, 1) == ["how"]:
        return None
    noun, dim = noun_at(ctx, head.hi)
    plain = noun and noun == words[head.hi] and noun not in NUMERIC
    if not plain or noun in ctx.lexicon.mark or noun in ctx.schema.words - ctx.schema.dims:
        thing = noun and noun == words[head.hi] and noun in ctx.lexicon.nouns
        if not thing or noun in ctx.lexicon.mark:
            return None
    return Asked("name", dim, head.hi, noun)


def _of_movers(words: list[str]) -> bool:
    """ "Fastest growing?", "biggest mover?": a name is wanted."""
    fast = {"fastest", "biggest", "largest", "slowest", "strongest"} & set(words[:2])
    moves = {"growing", "mover", "riser", "gainer", "faller", "loser"} & set(words[:4])
    return bool(fast and moves) and len(words) <= 5


def _counts(ctx: Context, which: int) -> bool:
    """ "What is the number of …", but not "which disease has the highest number of …"."""
    counted = next(s.lo for s in ctx.linked.spans if s.kind == "count")
    if ctx.words(which, which + 1)[0] in ORDERS:
        return counted - which <= 4
    direct = ctx.words(which + 1, which + 2)[:1] in (["is"], ["was"], ["are"], ["the"], ["were"])
    return direct and counted - which <= 5 and not ctx.heads_in(which, counted)


def _start(ctx: Context) -> int:
    """Where the question begins: after "Based on the graph," or "In 2015,", not after "In how many
    years,"."""
    words = ctx.words(0, ctx.end)
    if "," in words[:-3]:
        at = words.index(",") + 1
        asking = any(word == "how" or word in WHICH for word in words[: at - 1])
        if words[at] in BOOLS and at <= 9 and not asking:
            return at
    return 0


def _statement(ctx: Context) -> bool:
    """A sentence that is true or false: it has a verb and asks or orders nothing."""
    words = ctx.words(0, ctx.end)
    moving = _moving(ctx)
    orders = [
        head
        for head in ctx.heads_in(0, 2, "operation", "arithmetic")
        if head.value not in ("increase", "decrease") and not (moving and head.lo > 0)
    ]
    if "?" in words or orders or {"how", *WHICH} & set(words):
        return False
    verbs = BOOLS | {"exceed", "exceeded", "remained", "stayed", "reached", "show", "showed"}
    verbs |= {"make", "account", "represent"}
    moved = any(h.value in ("increase", "decrease") for h in ctx.heads_in(1, ctx.end, "operation"))
    return len(words) >= 5 and (moved or any(word in verbs for word in words[1:]))


def _moving(ctx: Context) -> bool:
    """Whether a verb says that something rose or fell: "increased", where "increase" is a noun."""
    heads = ctx.heads_in(1, ctx.end, "operation")
    moves = [head for head in heads if head.value in ("increase", "decrease")]
    verbs = ("rose", "fell", "grew", "went", "risen")
    said = [ctx.linked.tokens[head.lo].text.casefold() for head in moves]
    return any(word.endswith("ed") or word in verbs for word in said)


def _bool_tail(ctx: Context) -> bool:
    """A statement with a comparison and no asking word: "A more than B?"."""
    words = ctx.words(0, ctx.end)
    if "how" in words:
        return False
    compared = any(s.kind == "compare" and s.value in ("gt", "lt") for s in ctx.linked.spans)
    return compared and words[-1:] == ["?"] and not ctx.heads_in(0, 1)


def _count(ctx: Context, at: int) -> Asked:
    noun, dim = noun_at(ctx, at)
    return Asked("count", dim, at, noun)


def _which(ctx: Context, n: int) -> Asked:
    words = ctx.words(n, ctx.end)
    if words[0] in ("who", "whom"):
        return Asked("name", "", n + 1, "person")
    if words[0] == "when":
        return Asked("name", _dimension(ctx, "year"), n + 1, "year")
    if words[0] == "where":
        return Asked("name", _dimension(ctx, "country"), n + 1, "country")
    at = n + 1
    while at < ctx.end and ctx.words(at, at + 1)[0] in (*BE, "the", "of", "a", "two", "three"):
        at += 1
    direct = at == n + 1
    noun, dim = noun_at(ctx, at)
    named = direct or dim == "color" or noun in ("year", "month", "country", "category")
    if noun and named and (noun not in NUMERIC or words[0] == "which" or dim == "color"):
        return Asked("name", dim, at, noun)
    if words[0] == "which":
        return Asked("name", _counted_dim(ctx, words), at, noun)
    if time := _time_at_end(ctx, n + 1):
        return Asked("name", "category", at, time)
    if ctx.words(at, at + 2)[1:] == ["by"] and ctx.heads_in(at, ctx.end, "extreme", "position"):
        return Asked("name", "", at, "")  # "what is represented by the smallest bar?"
    if ctx.spans_in(n, ctx.end, "color") and _meaning(ctx):
        return Asked("name", "", at, "")
    if _with_extreme(ctx, at) or _naming(ctx, at):
        return Asked("name", noun and dim, at, noun)
    if direct and ctx.schema.kind == "waterfall" and words[1:2] and words[1] in ctx.lexicon.driven:
        return Asked("name", "category", at, "")
    if direct and _open_name(ctx, at):
        return Asked("name", "", at, "")
    return Asked("value", at=n + 1)


def _meaning(ctx: Context) -> bool:
    """ "What does the green line represent?": a verb of meaning ends the question, and no value is
    asked for."""
    words = [word for word in ctx.words(0, ctx.end) if word not in ("?", ".", "for")]
    return words[-1:] in MEANINGS and not NUMERIC & set(words)


def _counted_dim(ctx: Context, words: list[str]) -> str:
    """ "Which of the three …": the dimension that has three names, where only one has."""
    if words[1:3] != ["of", "the"] or len(words) < 4:
        return ""
    count = ctx.lexicon.numbers.get(words[3], 0.0)
    sides = (("series", ctx.schema.series), ("category", ctx.schema.categories))
    fits = [side for side, names in sides if len(names) == count]
    return fits[0] if len(fits) == 1 else ""


def _time_at_end(ctx: Context, at: int) -> str:
    """ "What is the last year shown?": the noun of the times that the chart covers."""
    head = next((h for h in ctx.heads_in(at, at + 6, "position")), None)
    if head is None or head.value not in ("first", "last") or head.take:
        return ""
    noun = ctx.words(head.hi, head.hi + 1)
    rest = (*ctx.words(at, head.lo), *ctx.words(head.hi + 1, ctx.end))
    idle = ctx.lexicon.listing | ctx.lexicon.stop | {"?", ".", "axis", "axi", "x", "horizontal"}
    times = {"year", "month", "quarter", "date", "day", "period"} & set(noun)
    return noun[0] if times and ctx.schema.ordered and all(word in idle for word in rest) else ""


def _naming(ctx: Context, at: int) -> bool:
    """ "What is the largest island …": an extreme of a thing, where the things are categories."""
    head = next((h for h in ctx.heads if at <= h.lo <= at + 1 and h.kind == "extreme"), None)
    if head is None:
        return False
    after = bool(set(ctx.words(head.hi, head.hi + 1)) & ctx.lexicon.participle)
    if not after and not set(ctx.words(head.lo, head.hi)) & ctx.lexicon.naming:
        return False
    nouns = ctx.words(head.hi + after, head.hi + after + 2)
    known = ctx.schema.words | {w for name in ctx.schema.series for w in forms(name)}
    taken = any(
        s.lo <= head.hi < s.hi and s.kind != "dimension" and s.score >= 0.9
        for s in ctx.linked.spans
    )
    if set(ctx.words(head.lo, head.hi)) & {"most", "least"}:
        known = frozenset()
    values = known | NUMERIC | ctx.lexicon.mark | ctx.lexicon.stop
    plain = any(noun.isalpha() and noun not in values for noun in nouns)
    return plain and not taken and not set(nouns[:1]) & (NUMERIC | ctx.lexicon.mark)


def _with_extreme(ctx: Context, at: int) -> bool:
    """ "What was the station with the highest …": a noun that is told by its value."""
    words = ctx.words(at, ctx.end)
    for n, word in enumerate(words[:6]):
        if word in ("with", "that", "having", "whose") and n:
            head = ctx.words(at, at + n)
            plain = all(w not in NUMERIC and w not in ctx.lexicon.mark for w in head)
            taken = ctx.heads_in(at, at + n)
            return plain and not taken and bool(ctx.heads_in(at + n, ctx.end, "extreme"))
    return False


def _open_name(ctx: Context, at: int) -> bool:
    """ "What soccer club had the highest …": a plain noun, then an extreme or a number."""
    words = ctx.words(at, at + 1)
    if not words or words[0] in ctx.lexicon.mark or words[0] in ctx.lexicon.stop:
        return words == ["doe"] or words == ["does"]
    taken = any(s.lo <= at < s.hi and s.kind not in ("dimension",) for s in ctx.linked.spans)
    return not taken and bool(
        ctx.heads_in(at, ctx.end, "extreme") or ctx.spans_in(at, ctx.end, "number", "compare")
    )


def noun_at(ctx: Context, at: int) -> tuple[str, str]:
    """The dimension noun within the next words and what it ranges over in this chart."""
    for n in range(at, min(at + 4, ctx.end)):
        for span in ctx.linked.spans:
            if span.lo <= n < span.hi:
                word = "_".join(ctx.words(span.lo, span.hi))
                named = span.tag("dimension") or (
                    str(span.value) if span.kind == "dimension" else None
                )
                if named:
                    return word, _dimension(ctx, named, ctx.words(span.lo, span.hi))
                if span.kind != "color" and (n > at or span.kind not in ("category", "series")):
                    return "", ""
        word = ctx.words(n, n + 1)[0]
        if word in ctx.schema.dims:
            return word, "category"
        if word in ctx.schema.series_dims:
            return word, "series"
        if word in ctx.lexicon.mark:
            return word, _dimension(ctx, "any")
        if word in BE or word in ("doe", "does", "do", "did", "has", "have", "had", "in", "of"):
            return "", ""
    return "", ""


def _dimension(ctx: Context, named: str, words: list[str] | None = None) -> str:
    schema = ctx.schema
    if named == "colour":
        return "color"
    if named == "line":
        return "series" if not schema.single else "category"
    for word in [named, *(words or [])]:
        if word in schema.dims:
            return "category"
        if word in schema.series_dims:
            return "series"
    return ""


def _parts(ctx: Context, noun: str) -> bool:
    """Whether a sector or a segment is a part of the thing shown and no piece of the drawing: where
    no pie is drawn."""
    return noun in ("sector", "segment", "section") and ctx.schema.kind not in ("pie", "donut")


def free_dimension(ctx: Context, series: bool, category: bool, noun: str = "") -> str:
    """The dimension that the question leaves open. Things are no times: "which sector" over years
    asks for a series."""
    times = ("year", "month", "quarter", "date", "time", "period")
    mark = noun in ctx.lexicon.mark and not _parts(ctx, noun)
    thing = bool(noun) and noun not in times and not mark
    if thing and ctx.schema.ordered and not ctx.schema.single and not series:
        return "series"
    if ctx.schema.single or (series and not ctx.schema.lone):
        return "category"
    if ctx.schema.lone or category:
        return "series"
    return "category"
