"""An analyst whose answers and accidents are in the question, for what no real one does on demand:
to die, to hang, to meet a bug. Importable by worker processes."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Sequence
from pathlib import Path

from air_cli.analyst import Input, Result
from air_cli.config import Config
from air_cli.errors import EnvironmentFault, ItemError
from air_cli.records import Answer, Question, Source
from tests.runs.traces import trace


class FakeAnalyst:
    """The question is a word and perhaps a detail: `answer`, `refuse`, `broken`, `die FILE`,
    `hang`, `bug`, `lacking`, `slow SECONDS`. `die` dies once: it makes FILE first."""

    def __init__(self, config: Config) -> None:
        self.config = config

    def ask(
        self,
        items: Sequence[Input],
        question: Question,
        pages: Sequence[int] | None = None,
        figure: str | None = None,
    ) -> Result:
        word, _, detail = question.text.partition(" ")
        if word == "die" and not Path(detail).exists():
            Path(detail).touch()
            os.kill(os.getpid(), 11)
        if word == "hang":
            time.sleep(60)
        if word == "slow":
            time.sleep(float(detail))
        if word == "broken":
            raise ItemError(f"{items[0].name}: the file is damaged", kind="unreadable")
        if word == "bug":
            raise ZeroDivisionError("a bug")
        if word == "lacking":
            raise EnvironmentFault("bubblewrap is missing", fix="install it")
        source = Source(items[0].name, items[0].sha256, "image")
        made = trace(question=question, sources=(source,))
        if word == "refuse":
            answer = Answer(None, unanswerable="there is no such series")
            made = dataclasses.replace(made, answer=answer, outcome="unanswerable")
        print("noise that must not reach stdout")
        return Result(made, figures={"p1-f1": b"png"}, overlay=lambda: b"png")

    def tabulate(self, item: Input, question: Question) -> Result:
        if b"broken" in item.data:
            raise ItemError(f"{item.name}: the file is damaged", kind="unreadable")
        source = Source(item.name, item.sha256, "image")
        made = trace(question=question, sources=(source,))
        return Result(dataclasses.replace(made, steps=(), answer=None, mode="read"))

    def forget(self) -> None:
        """Nothing to let go of."""

    def close(self) -> None:
        """Nothing to end."""
