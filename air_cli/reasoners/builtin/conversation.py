"""Replies of the builtin reasoner: one conversation a question."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence

from air_cli.reasoners.builtin.direct import direct_answer
from air_cli.reasoners.builtin.parts import combined_code, parts_of
from air_cli.reasoners.builtin.reflect import checking_code
from air_cli.reasoners.builtin.writing import Attempt, attempts, refusal_code
from air_cli.records import Answer, Message, Reply, Task, Want

LANGUAGE = "en"
VERSION = 1
MOST_TRIES = 2  # readings of a question that may fail; the refusal comes before the third fault


class Builtin:
    """Answers plain-word questions by parsing them; sees no images and needs no model."""

    @property
    def name(self) -> str:
        return "builtin"

    @property
    def sees(self) -> bool:
        return False

    @property
    def facts(self) -> Mapping[str, object]:
        return {"language": LANGUAGE, "version": VERSION}

    def open(self, task: Task) -> Conversation:
        """A conversation about the charts of a task."""
        return Conversation(task)

    def close(self) -> None:
        """Nothing is held."""


def make(settings: object) -> Builtin:
    """The factory of the registry; no setting concerns this reasoner."""
    del settings
    return Builtin()


class Conversation:
    """Remembers which candidates it tried: a fault of one leads to the next, never to the same."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._tried: set[tuple[str, str]] = set()
        self._last: dict[str, str] = {}

    def reply(self, history: Sequence[Message], want: Want) -> Reply:
        """The next reply; the history's observations matter only in that another reply is due."""
        started = time.monotonic()
        if want.action == "direct":
            text = self._direct(want.question)
        elif want.action == "plan":
            text = self._plan(want.question)
        elif want.action == "combine":
            text = _code("Put the answers of the parts together.", combined_code(want.parts))
        elif want.action == "reflect" and want.draft is not None:
            text = self._reflect(want.question, want.draft)
        elif want.action == "look":
            text = self._look()
        else:
            text = self._code(want.question)
        return Reply(text=text, tokens=0, seconds=time.monotonic() - started)

    def _absent(self) -> list[str]:
        """What the question names and neither the document's text nor the figures say: pictures
        have words of their own."""
        charts = self._task.charts
        said = [chart.title for chart in charts] + [t.text for c in charts for t in c.text]
        said += [name for c in charts for m in c.marks for name in (m.series, m.category)]
        words = " ".join(said).casefold()
        return [name for name in self._task.unsaid if name.casefold() not in words]

    def _attempts(self, question: str) -> list[Attempt]:
        whole = self._task.question
        if absent := self._absent():
            reason = f"the document never mentions {', '.join(absent)}"
            return [Attempt(refusal_code(reason), "The question names what is not there.")]
        if question != whole.text:
            return attempts(question, self._task.charts)
        return attempts(question, self._task.charts, whole.expects, whole.choices)

    def _code(self, question: str) -> str:
        tries = sum(asked == question for asked, _ in self._tried)
        listed = self._attempts(question)
        for attempt in listed if tries < MOST_TRIES else listed[-1:]:
            if (question, attempt.code) not in self._tried:
                self._tried.add((question, attempt.code))
                self._last[question] = attempt.code
                return _code(attempt.why, attempt.code)
        reason = "every reading of the question failed on this chart"
        return _code("Nothing is left to try.", refusal_code(reason))

    def _direct(self, question: str) -> str:
        answer = direct_answer(question, self._task.charts)
        if absent := self._absent():
            answer = {"unanswerable": f"the document never mentions {', '.join(absent)}"}
        if ("direct", question) in self._tried:
            answer = {"unanswerable": "the value read from the chart was refused"}
        self._tried.add(("direct", question))
        why = "One value, read from the chart." if "value" in answer else "No single value."
        return f"<think>{why}</think>\n<answer>{json.dumps(answer, ensure_ascii=False)}</answer>"

    def _reflect(self, question: str, draft: Answer) -> str:
        if draft.unanswerable is not None:
            return self._code(question)
        code = self._last.get(question, "")
        checking = checking_code(draft, code, self._task.charts)
        if ("reflect", checking) in self._tried:
            checking = checking_code(draft, "", self._task.charts)
        self._tried.add(("reflect", checking))
        return _code("Read the marks behind the draft again and compare.", checking)

    def _plan(self, question: str) -> str:
        listed = json.dumps(parts_of(question), ensure_ascii=False)
        return f"<think>Split the question into its parts.</think>\n<plan>{listed}</plan>"

    def _look(self) -> str:
        figure = self._task.figures[0].id if self._task.figures else ""
        look = json.dumps({"figure": figure, "box": None, "factor": 2})
        return f"<think>Look at the whole figure again.</think>\n<look>{look}</look>"


def _code(why: str, code: str) -> str:
    thought = " ".join(why.replace("<", "‹").split())
    return f"<think>{thought}</think>\n<code>\n{code}</code>"
