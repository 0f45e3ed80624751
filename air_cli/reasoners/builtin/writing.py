"""Candidates of a question as pieces of code, in the order to try them. Pure."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from air_cli.reasoners.builtin.codegen import write
from air_cli.reasoners.builtin.digest import digest_code, is_digest
from air_cli.reasoners.builtin.joint import joint_code, joint_of
from air_cli.reasoners.builtin.lexicon import load
from air_cli.reasoners.builtin.magnitudes import asked_in, scale_of, told_in, unit_in
from air_cli.reasoners.builtin.parts import choices_in, parts_of
from air_cli.reasoners.builtin.program import Aggregate, Binary, Expression, Number, Pick
from air_cli.reasoners.builtin.questions import Candidate, Understanding, understand
from air_cli.reasoners.builtin.refusals import why_not
from air_cli.reasoners.builtin.sureness import sureness
from air_cli.reasoners.builtin.worded import worded
from air_cli.records import Chart

_PERCENT = re.compile(r"\b(?:percent(?:age)?s?|per cent|shares?)\b|%", re.I)
LEAST = 0.3
# Shares of a whole add up to so much, in the middle of all rows to this; so many show it.
WHOLE, MIDDLE, LEAST_WHOLES = (80.0, 101.5), 90.0, 3
RIVAL = 0.8


@dataclass(frozen=True)
class Attempt:
    """Code to try, and why in words."""

    code: str
    why: str


def attempts(
    question: str, charts: Sequence[Chart], expects: str = "auto", choices: Sequence[str] = ()
) -> list[Attempt]:
    """Code for each candidate that explains the question well enough, best first; the last one
    refuses, saying what there is. With `choices` (or choices written in the question) a candidate
    whose value is none of them fails, so that the next is tried."""
    question, written = choices_in(question)
    options = tuple(choices) or written
    american = bool(re.search(r"\bcolor|\bgray", question, re.I))
    if not any(mark.value is not None for chart in charts for mark in chart.marks):
        problems = [problem for chart in charts for problem in chart.problems]
        refusal = _refused("; ".join(problems) or "no values were read from the figure")
        return [*_of_words(question, charts), refusal]
    found: dict[str, Attempt] = {}
    reasons = []
    magnitude = asked_in(question, load())
    if len(charts) > 1 and (joint := joint_of(question)) and (code := joint_code(joint, charts)):
        found[code] = Attempt(code, _thought(f"{joint.name}, from two tables", 1.0))
    if len(charts) > 1 and is_digest(question) and (code := digest_code(charts)):
        found[code] = Attempt(code, _thought("the key lines of the statements", 1.0))
    if options and len(parts := parts_of(question)) > 1:
        question = parts[0]  # the choices answer all parts together: the first one decides
    for chart, read in ranked(question, charts, expects, options):
        if read.refusal:
            reasons.append(read.refusal)
            continue
        reasons.append(why_not(read.context))
        place = charts.index(chart)
        for candidate in read.candidates:
            if candidate.score < LEAST:
                continue
            sure = sureness(candidate.program, candidate.score, read.context, chart)
            for other in _rivals(candidate, read):
                notes = notes_of(read, candidate.why)
                notes += [f"another reading: {other.why}"] if other else []
                notes += ["the chart's colours are not known"] if candidate.doubts else []
                others = (other.program,) if other else candidate.doubts
                code = _written(candidate.program, notes, sure, others, options, magnitude, chart)
                code = code.replace("colour_name(", "color_name(") if american else code
                code = _in_percent(code) if percent_asked(question, chart) else code
                code = f"chart = charts[{place}]\n{code}" if place else code
                found.setdefault(code, Attempt(code, _thought(candidate.why, candidate.score)))
    tried = [*found.values()]
    return [*(tried or _of_words(question, charts)), _refused(reasons[0])]


def _written(
    program: Expression,
    notes: list[str],
    sure: float,
    others: Sequence[Expression],
    options: tuple[str, ...],
    magnitude: str,
    chart: Chart,
) -> str:
    """The code of a program, its amount in the magnitude that is asked for."""
    words = load()
    scale = scale_of(chart, words)
    told = [told_in(one, magnitude, scale, words) for one in (program, *others)]
    if not magnitude or options or not all(told):
        return write(program, notes, sure, others, options)
    first, *rest = [one for one in told if one is not None]
    code = write(first, notes, sure, rest).replace("chart.unit", "unit")
    return f"unit = {unit_in(chart.unit, magnitude, words)!r}\n{code}"


def _of_words(question: str, charts: Sequence[Chart]) -> list[Attempt]:
    """Code for what the tables' cells of words say, the surest first."""
    listed = [(one, place) for place, chart in enumerate(charts) for one in worded(question, chart)]
    listed.sort(key=lambda pair: -pair[0].sure)
    return [
        Attempt(f"chart = charts[{place}]\n{one.code}" if place else one.code, one.why)
        for one, place in listed
    ]


def percent_asked(question: str, chart: Chart) -> bool:
    """Whether a question asks for percentages of a chart whose reading shows no unit, though its
    values may be ones, or do make up wholes of a hundred."""
    values = [mark.value for mark in chart.marks if mark.value is not None]
    shares = bool(values) and min(values) >= 0.0 and 1.5 < max(values) <= 100.0
    asked_for = bool(_PERCENT.search(question))
    return not chart.unit and ((shares and asked_for) or _make_up_wholes(chart))


def _make_up_wholes(chart: Chart) -> bool:
    """Whether the series are the shares of a whole at nearly every category, a few undecided ones
    left out: they add up to a hundred or little less."""
    if chart.kind == "table" or len(chart.series) < 2:
        return False
    rows = [[m.value for m in chart.marks if m.category == name] for name in chart.categories]
    full = [[v for v in row if v is not None] for row in rows if len(row) == len(chart.series)]
    sums = [sum(row) for row in full if len(row) == len(chart.series) and min(row) >= 0.0]
    if len(sums) < LEAST_WHOLES:
        return False
    whole = sum(WHOLE[0] <= one <= WHOLE[1] for one in sums)
    return whole >= 0.75 * len(sums) and statistics.median(sums) >= MIDDLE


def _in_percent(code: str) -> str:
    """The code with percent for the unit that was not read."""
    written = re.sub(r"\bchart\.unit\b", "unit", code)
    return written if written == code else f'unit = "%"\n{written}'


def _rivals(candidate: Candidate, read: Understanding) -> list[Candidate | None]:
    """The reading to give as an alternative, where none wins; then the candidate alone."""
    if candidate.doubts:
        return [None]
    computed = _is_computed(candidate.program, read)
    single = (Pick, Aggregate, Binary)
    rivals: list[Candidate | None] = [
        other
        for other in read.candidates
        if other is not candidate
        and candidate.score >= other.score >= RIVAL * candidate.score
        and isinstance(candidate.program, single)
        and isinstance(other.program, single)
        and not (computed and isinstance(other.program, Pick))
    ]
    return [*rivals[:1], None]


def _is_computed(program: Expression, read: Understanding) -> bool:
    """Whether a program works out what the question asks to be worked out: then a value that is
    merely looked up is no rival of it."""
    if isinstance(program, Binary):
        return not isinstance(program.a, Number)
    asked_for = read.context.heads_in(0, read.context.end, "operation")
    return isinstance(program, Aggregate) and any(h.value == program.op for h in asked_for)


def ranked(
    question: str, charts: Sequence[Chart], expects: str = "auto", options: Sequence[str] = ()
) -> list[tuple[Chart, Understanding]]:
    """Each chart with its reading of the question, the best first."""
    read = [(chart, understand(question, chart, expects, options)) for chart in charts]
    return sorted(read, key=lambda pair: -_fit(pair[1]))


def _fit(read: Understanding) -> float:
    best = max((candidate.score for candidate in read.candidates), default=0.0)
    return best - (0.5 if read.refusal else 0.0) - 0.02 * len(read.context.linked.loose)


def _thought(why: str, score: float) -> str:
    return f"{why[:1].upper()}{why[1:]} (fit {score:.2f})."


def _refused(reason: str) -> Attempt:
    return Attempt(refusal_code(reason), "The chart does not hold what is asked for.")


def refusal_code(reason: str) -> str:
    """Code that refuses."""
    return f"unanswerable({reason!r})\n"


def notes_of(read: Understanding, why: str) -> list[str]:
    """What was matched, for people: one comment a name."""
    tokens = read.context.linked.tokens
    notes = [why]
    for span in read.context.linked.spans:
        if span.kind in ("series", "category"):
            words = " ".join(token.text for token in tokens[span.lo : span.hi])
            notes.append(f"{words!r} is the {span.kind} {span.value!r}")
        elif span.kind == "color":
            notes.append(f"{span.value} is a colour")
    return [" ".join(note.split()) for note in notes]
