"""The adaptive decision: which action is due next, and why. A pure function of the state."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from air_cli.records import Action, Answer, Chart, Fault, Mode, Outcome, Question
from air_cli.wording import FORM

Task = Literal["lookup", "arithmetic", "comparison", "count", "extreme", "trend", "open"]

PRINTED = frozenset({"label", "both", "vector", "cell"})
SURE = 0.8
# A draft below this is checked against the figure.
UNSURE = 0.57
MANY_MARKS = 60

_ARITHMETIC = re.compile(
    r"\b(sum|total|add(ed|ing)?|average|mean|median|mode|differen\w+|ratio|times|growth|grow|grew|"
    r"increas\w+|decreas\w+|declin\w+|chang\w+|cagr|rate of|per ?cent(age)? (points?|change)|"
    r"multipl\w+|divid\w+|subtract\w*|product|combined|altogether|gap|range|share of|"
    r"how much (more|less|higher|lower|larger|smaller|bigger))\b",
    re.I,
)
_COMPARISON = re.compile(
    r"\b(more|less|fewer|greater|larger|smaller|higher|lower|bigger|better|worse) than\b|"
    r"\b(exceed\w*|above|below|between|compar\w+|equal|same as|is it true)\b",
    re.I,
)
_EXTREME = re.compile(
    r"\b(highest|lowest|largest|smallest|biggest|most|least|max\w*|min\w*|peak\w*|best|worst|"
    r"top|bottom|first|second|third|last|rank\w*|longest|shortest)\b",
    re.I,
)
_COUNT = re.compile(r"\b(how many|number of|count of)\b", re.I)
_TREND = re.compile(r"\b(trend|over time|rising|falling|steadily|fluctuat\w+)\b", re.I)
_VALUE = re.compile(r"\b(what|which|who|whose|when|where|how (much|many)|value)\b", re.I)
# A sentence on the form of the answer ("Round to one decimal.") asks for nothing more.
_PARTS = re.compile(
    rf"[?;]\s+(?!{FORM}[^?]*$)\S|"
    r"\band (also|(?:in |by |for |at )?(?:what|which|how|when|who|where))\b|,\s*and then\b",
    re.I,
)


@dataclass(frozen=True)
class Features:
    """What a question asks for. `parts`: it holds several questions."""

    task: Task
    parts: bool


@dataclass(frozen=True)
class Reading:
    """How sure the charts' readings are: the share of marks with a printed or exact value, the
    lowest confidence of a chart, and whether problems were reported."""

    marks: int
    printed: float
    confidence: float
    problems: int

    @property
    def sure(self) -> bool:
        return self.marks > 0 and self.printed >= 0.9 and self.confidence >= SURE


@dataclass(frozen=True)
class State:
    """All that a decision depends on.

    `faults` counts faults in a row and `last_fault` is the latest of them; `direct_failed` says
    that an answer without code was refused; `parts`/`parts_done` count sub-questions once a plan
    exists; `planned` says that a plan was asked for, `can_plan` that the reasoner knows plans.
    `checkable` says that a second look could tell something: the reasoner sees, something it said
    was refused, or the draft rests on measured marks, whose labels may be read again. `left` holds
    what remains of the budget.
    """

    question: Question
    mode: Mode
    features: Features
    reading: Reading
    sees: bool = False
    can_look: bool = False
    can_plan: bool = True
    looks: int = 0
    planned: bool = False
    parts: int = 0
    parts_done: int = 0
    draft: Answer | None = None
    checkable: bool = True
    confirmed: bool = False
    reflections: int = 0
    reflections_left: int = 0
    faults: int = 0
    last_fault: Fault | None = None
    direct_failed: bool = False
    faults_left: int = 3
    steps_left: int = 1
    seconds_left: float = 1.0
    tokens_left: int = 1


@dataclass(frozen=True)
class Decision:
    """The next action and why. `outcome` is set when the action is `stop`; `allowed` names the
    marks (code, look, plan, answer) that the reply may use."""

    action: Action
    reason: str
    allowed: tuple[str, ...] = ()
    outcome: Outcome | None = None


def features(text: str) -> Features:
    """Classify a question by its words."""
    return Features(task=_task(text), parts=bool(_PARTS.search(text.strip().rstrip("?;"))))


def _task(text: str) -> Task:
    if _COUNT.search(text) and not _EXTREME.search(text):
        return "count"
    for pattern, task in _KINDS:
        if pattern.search(text):
            return task
    return "lookup" if _VALUE.search(text) else "open"


_KINDS: tuple[tuple[re.Pattern[str], Task], ...] = (
    (_ARITHMETIC, "arithmetic"),
    (_COMPARISON, "comparison"),
    (_EXTREME, "extreme"),
    (_TREND, "trend"),
)


def reading(charts: tuple[Chart, ...]) -> Reading:
    """Summarise how sure the readings are."""
    marks = [mark for chart in charts for mark in chart.marks]
    printed = sum(mark.how in PRINTED for mark in marks)
    return Reading(
        marks=len(marks),
        printed=printed / len(marks) if marks else 0.0,
        confidence=min((chart.confidence for chart in charts), default=0.0),
        problems=sum(len(chart.problems) for chart in charts),
    )


def decide(state: State) -> Decision:
    """The next action for `state`: always one that is allowed, always with a reason."""
    return _finished(state) or _exhausted(state) or _next(state)


def another_sample(taken: int, agreeing: int, wanted: int, *, printed: bool) -> tuple[bool, str]:
    """Whether one more attempt is due, and why (not): `agreeing` of the `taken` say the same."""
    if printed:
        return False, "the value is printed: no further sample"
    if 2 * agreeing > wanted:
        return False, f"{agreeing} of {taken} samples agree: no other answer can win"
    if taken >= wanted:
        return False, f"all {taken} samples are taken"
    return True, f"{agreeing} of {taken} samples agree: another is drawn"


def _finished(state: State) -> Decision | None:
    draft = state.draft
    if draft is None:
        return None
    outcome: Outcome = "answered" if draft.unanswerable is None else "unanswerable"
    wanted, why = _reflect_wanted(state)
    spent = _exhausted(state)
    if not wanted:
        return Decision("stop", why, outcome=outcome)
    if spent is not None:
        return Decision("stop", f"the draft stands unchecked: {spent.reason}", outcome=outcome)
    return Decision("reflect", why, _with_look(state, "code", "answer"))


def _reflect_wanted(state: State) -> tuple[bool, str]:
    draft = state.draft
    if state.mode in ("direct", "code") or draft is None:
        return False, "an answer was given"
    if state.confirmed:
        return False, "the check confirmed the answer"
    if state.reflections_left <= 0:
        return False, "no round of checking is left"
    if state.mode == "reflect":
        return True, f"mode reflect: check the draft, round {state.reflections + 1}"
    if state.reflections:
        return False, "the draft was checked and mended"
    if draft.unanswerable is None and draft.confidence < UNSURE:
        if not state.checkable:
            return False, "nothing that the draft rests on would be read otherwise a second time"
        return True, f"the draft's confidence is only {draft.confidence:.2f}: check it"
    return False, "an answer was given and its confidence needs no check"


def _exhausted(state: State) -> Decision | None:
    if state.seconds_left <= 0:
        return Decision("stop", "the time is used up (policy.seconds)", (), "time")
    if state.tokens_left <= 0:
        return Decision("stop", "the tokens are used up (policy.tokens)", (), "tokens")
    if state.faults_left <= 0:
        kind = state.last_fault.kind if state.last_fault else "malformed"
        outcome: Outcome = "malformed" if kind == "malformed" else "failed"
        return Decision("stop", f"{state.faults} faults in a row, the last: {kind}", (), outcome)
    if state.steps_left <= 0:
        return Decision("stop", "the steps are used up (policy.steps)", (), "steps")
    return None


def _next(state: State) -> Decision:
    if state.mode == "direct":
        return Decision("direct", "mode direct", ("answer",))
    if (state.mode == "plan" and state.can_plan) or (state.mode == "auto" and state.planned):
        planned = _plan(state)
        if planned is not None:
            return planned
    if state.mode == "auto":
        return _auto(state)
    return Decision("code", f"mode {state.mode}", _with_look(state, "code"))


def _plan(state: State) -> Decision | None:
    if not state.planned:
        return Decision("plan", "mode plan: split the question", ("plan",))
    if state.parts == 0:
        return None
    if state.parts_done < state.parts:
        reason = f"sub-question {state.parts_done + 1} of {state.parts}"
        return Decision("code", reason, _with_look(state, "code"))
    return Decision("combine", f"all {state.parts} sub-questions have an answer", ("code",))


def _auto(state: State) -> Decision:
    task, how = state.features.task, state.reading
    # Choices answer all parts of a question together: a plan would answer each without them.
    parts = state.features.parts and not state.planned and not state.question.choices
    if parts and state.can_plan and state.steps_left >= 4:
        return Decision("plan", "the question has several parts", ("plan",))
    if state.direct_failed:
        return Decision("code", "the answer without code was refused", _with_look(state, "code"))
    single = task == "lookup" and not state.question.choices and not parts
    if single and how.sure and how.marks <= MANY_MARKS:
        reason = "one value, printed or exact: no code needed"
        return Decision("direct", reason, ("code", "answer"))
    if how.marks == 0:
        return _unread(state)
    if task in ("lookup", "open"):
        reason = f"{task}: {how.printed:.0%} of the values are printed or exact, confidence "
        return Decision("code", f"{reason}{how.confidence:.2f}", _with_look(state, "code"))
    return Decision("code", f"{task} is computed, not guessed", _with_look(state, "code"))


def _unread(state: State) -> Decision:
    """No marks: the reasoner has the texts, and the figure if it sees."""
    if state.can_look and state.sees and state.looks == 0:
        return Decision("look", "no marks were read: look at the figure", ("look", "answer"))
    return Decision("code", "no marks were read", _with_look(state, "code", "answer"))


def _with_look(state: State, *allowed: str) -> tuple[str, ...]:
    extra = ("look",) if state.can_look and "look" not in allowed else ()
    return (*allowed, *extra)
