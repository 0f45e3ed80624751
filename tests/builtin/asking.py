"""Ask the builtin reasoner in this process, as the loop would through the jail."""

from __future__ import annotations

import re
from typing import Any

from air_cli.reasoners.builtin import make
from air_cli.records import Action, Chart, Figure, Question, Task, Want
from tests.toolkit.charts import run, session_of

CODE = re.compile(r"<code>\n(.*?)</code>", re.S)


def task_of(question: str, *charts: Chart, expects: str = "auto") -> Task:
    figures = tuple(Figure(c.figure_id, "sha", 1, (0.0, 0.0, 1.0, 1.0)) for c in charts)
    return Task(Question("q1", question, expects), figures, charts)


def code_for(question: str, *charts: Chart, action: Action = "code", expects: str = "auto") -> str:
    conversation = make(None).open(task_of(question, *charts, expects=expects))
    found = CODE.search(conversation.reply([], Want(action, question)).text)
    assert found, "the reply holds no code"
    return found[1]


def asked(question: str, *charts: Chart, tries: int = 4) -> dict[str, Any]:
    """The raw answer of the first attempt that runs; what fails leads to the next attempt."""
    conversation = make(None).open(task_of(question, *charts))
    last: Exception | None = None
    for _ in range(tries):
        found = CODE.search(conversation.reply([], Want("code", question)).text)
        assert found, "the reply holds no code"
        try:
            report = run(session_of(*charts), found[1])
        except Exception as error:  # noqa: BLE001 - the loop would report it and ask again
            last = error
            continue
        assert report.answer is not None
        return report.answer
    raise AssertionError(f"{question}: no attempt ran") from last


def value(question: str, *charts: Chart) -> Any:
    answer = asked(question, *charts)
    return answer.get("value", answer)
