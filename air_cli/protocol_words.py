"""How sure an answer is, and how a person writes it. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from air_cli.records import Answer, Chart, Evidence, Mark, Question, Value

# How much a mark's reading is worth by how it was read; geometry is judged by its interval.
_TRUST = {"both": 0.97, "vector": 0.98, "label": 0.93, "cell": 0.95}
# A mean probability of the reasoner's tokens that says nothing against its answer.
LIKELY = 0.6
# From here on confidences are as they come; below, how often an answer of none at all is right.
HONEST, LEAST_RIGHT = 0.8, 0.2
# For one value and for several; in the order in which they are told.
_HOW = {
    "both": ("a printed value that measuring confirms", "printed values that measuring confirms"),
    "label": ("a printed value", "printed values"),
    "vector": ("a value from the exact drawing", "values from the exact drawing"),
    "cell": ("a table cell", "table cells"),
    "geometry": ("a measured value", "measured values"),
}


def calibrated(confidence: float) -> float:
    """A confidence as often right as it says. What speaks against an answer is multiplied, as if
    each doubt were independent of the others, which makes too little of the lower half: of answers
    at .1 a third are right, at .4 a half. Fitted on real charts (expected calibration error .06 →
    .02, on others .09 → .055)."""
    if confidence >= HONEST:
        return round(confidence, 3)
    return round(confidence + LEAST_RIGHT * (1.0 - confidence / HONEST), 3)


def fold(text: str) -> str:
    """Case and space folded, for tolerant comparison of names."""
    return " ".join(text.casefold().split())


def judged(
    evidence: Sequence[Evidence], charts: Sequence[Chart], value: Value, *, computed: bool
) -> tuple[float, str]:
    """A confidence in 0..1 and the reasons in words."""
    marks = [mark for item in evidence if (mark := evidence_mark(item, charts)) is not None]
    used = {item.figure_id for item in evidence}
    chart_level = min((c.confidence for c in charts if c.figure_id in used), default=0.0)
    if not marks:
        return round(0.5 * chart_level, 3), "rests on a region of the figure, not on read marks"
    trust = min(map(_trust, marks))
    confidence = trust * (0.5 + 0.5 * chart_level)
    reasons = [_how_read(marks), f"the chart as a whole was read with {chart_level:.2f}"]
    if not computed:
        reasons.append("looked up without code")
        if not supported(value, marks):
            confidence *= 0.5
            reasons.append("but none of the marks it names shows that value")
    problems = [p for c in charts if c.figure_id in used for p in c.problems]
    if problems:
        reasons.append(f"reported while reading: {problems[0]}")
    return round(confidence, 3), "; ".join(reasons)


def evidence_mark(item: Evidence, charts: Sequence[Chart]) -> Mark | None:
    """The mark that an evidence stands for, if it is one."""
    for chart in charts:
        if chart.figure_id == item.figure_id:
            for mark in chart.marks:
                if mark.bbox_px == item.bbox_px and mark.series == item.series:
                    return mark
    return None


def _trust(mark: Mark) -> float:
    """How much one mark's value is worth: by kind, or by the relative width of its interval."""
    if mark.value is None:
        return _TRUST["cell"] if mark.how == "cell" and mark.label else 0.3
    if mark.how in _TRUST:
        return _TRUST[mark.how]
    if mark.low is None or mark.high is None:
        return 0.5
    half = (mark.high - mark.low) / 2
    relative = half / abs(mark.value) if mark.value else (0.0 if half == 0 else 1.0)
    return 0.9 * max(0.2, 1.0 - 2.0 * relative)


def _how_read(marks: Sequence[Mark]) -> str:
    counts = {how: sum(mark.how == how for mark in marks) for how in _HOW}
    parts = [
        (_HOW[how][0] if len(marks) == 1 else f"{count} {_HOW[how][count > 1].removeprefix('a ')}")
        for how, count in counts.items()
        if count
    ]
    return "rests on " + " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)


def supported(value: Value, marks: Iterable[Mark]) -> bool:
    """Whether `value` is what some mark shows: its value within the interval, or its name."""
    if isinstance(value, list):
        known = list(marks)
        return all(supported(item, known) for item in value)
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, str):
        names = {fold(n) for m in marks for n in (m.series, m.category, m.label)}
        return fold(value) in names
    return any(within(float(value), mark) for mark in marks)


def within(value: float, mark: Mark) -> bool:
    """Whether a number is what a mark shows, within its reading interval."""
    if mark.value is None:
        return False
    slack = 0.005 * abs(mark.value) + 1e-9
    low = mark.low if mark.low is not None else mark.value
    high = mark.high if mark.high is not None else mark.value
    return low - slack <= value <= high + slack


def agreement(answer: Answer, charts: Sequence[Chart]) -> bool:
    """Whether an answer given without code is what the marks of its evidence show."""
    marks = [m for item in answer.evidence if (m := evidence_mark(item, charts)) is not None]
    return answer.unanswerable is not None or supported(answer.value, marks)


def weighed(answer: Answer, logprob: float | None) -> Answer:
    """The answer, less sure where the reasoner was unsure of its own words: `logprob` is the mean
    log-probability of their tokens. Free thought is seldom above 0.6 a token, so only less counts.
    """
    if logprob is None or answer.unanswerable is not None:
        return answer
    chance = math.exp(min(0.0, logprob))
    if chance >= LIKELY:
        return answer
    confidence = round(answer.confidence * (0.7 + 0.3 * chance / LIKELY), 3)
    why = f"{answer.why}; the model was unsure of its words ({chance:.2f} a token)"
    return replace(answer, confidence=confidence, why=why)


def doubted(answer: Answer, dispute: str) -> Answer:
    """The answer of a reasoner that insists on other numbers than the measured ones."""
    why = f"{answer.why}; {dispute}"
    return replace(answer, confidence=round(answer.confidence * 0.5, 3), why=why)


def same_answer(first: Answer, second: Answer) -> bool:
    """Whether two answers say the same: numbers within 0.5%, texts case-folded."""
    if first.unanswerable is not None or second.unanswerable is not None:
        return first.unanswerable is not None and second.unanswerable is not None
    return fold(first.unit) == fold(second.unit) and _same(first.value, second.value)


def _same(a: Value, b: Value) -> bool:
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_same, a, b))
    if isinstance(a, str) and isinstance(b, str):
        return fold(a) == fold(b)
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, int | float) and isinstance(b, int | float):
        return math.isclose(a, b, rel_tol=0.005, abs_tol=1e-12)
    return False


def answer_text(value: Value, unit: str, question: Question) -> str:
    """The answer as a person writes it: `12.5%`, `$4.2 million`, `Yes`, `A, B`."""
    if isinstance(value, list):
        parts = [answer_text(item, unit, question) for item in value]
        # A comma also parts thousands.
        return ("; " if any("," in part for part in parts) else ", ").join(parts)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if not isinstance(value, int | float):
        return str(value)
    text = format_number(value, is_year=_asks_year(question) and not unit)
    if not unit:
        return text
    # After a number, 12 "millions of dollars" are 12 million dollars.
    unit = re.sub(
        r"(?i)\b(thousand|million|billion|trillion)s\b(?: of\b)?", lambda m: m[1].lower(), unit
    )
    if unit[0] in "$€£¥":
        sign = "−" if text.startswith("-") else ""
        return f"{sign}{unit[0]}{text.lstrip('-')} {unit[1:].strip()}".rstrip()
    return f"{text}{unit}" if unit.startswith("%") else f"{text} {unit}"


def _asks_year(question: Question) -> bool:
    return bool(re.search(r"\b(year|when|since)\b", question.text, re.I))


def format_number(value: float, *, is_year: bool = False) -> str:
    """At most four significant decimals, thousands separated (but not in a year)."""
    if abs(value) >= 1e15 or (value and abs(value) < 1e-6):
        return f"{value:.4g}"
    whole = float(value).is_integer()
    if whole and is_year and 1000 <= value <= 2999:
        return str(int(value))
    if whole:
        return f"{int(value):,}"
    digits = max(0, 3 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{max(digits, 2 if abs(value) >= 100 else digits)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
