"""An interrupt in the middle of a question: the trace so far, and no jail left."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Mapping, Sequence

import pytest

from air_cli.loop import Interrupted, solve
from air_cli.records import Message, Trace, Want, from_json, to_json
from tests.loop.script import Jails, Scripted, code, need_jail, task


def _pressed(history: Sequence[Message], want: Want) -> str:
    raise KeyboardInterrupt


def stopped(script: Scripted, jails: Jails, fallback: Scripted | None = None) -> Trace:
    """The trace of a question that is interrupted."""
    with pytest.raises(Interrupted) as caught:
        solve(task("?"), script, jails, mode="code", fallback=fallback)
    trace = caught.value.solved.trace
    assert from_json(Trace, json.loads(json.dumps(to_json(trace)))) == trace
    assert (trace.outcome, trace.error, trace.answer) == ("failed", "interrupted", None)
    assert jails.open == 0
    return trace


def test_while_the_reasoner_writes() -> None:
    need_jail()
    trace = stopped(Scripted([code("print(1)"), _pressed]), Jails())
    assert [(step.n, step.stdout, step.fault) for step in trace.steps] == [(1, "1\n", None)]
    assert trace.provenance["reasoner"] == {"name": "scripted"}


def test_while_code_runs() -> None:
    need_jail()
    timer = threading.Timer(1.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    trace = stopped(Scripted([code("while True: pass")]), Jails())
    (step,) = trace.steps
    assert "while True" in step.reply
    assert step.fault is not None and step.fault.kind == "interrupted"


def test_in_the_fall_back_the_steps_of_both_are_kept() -> None:
    need_jail()
    first = Scripted([code("1 / 0")] * 3)
    second = Scripted([code("print(2)"), _pressed], name="second")
    trace = stopped(first, Jails(), second)
    assert [step.by for step in trace.steps] == ["scripted"] * 3 + ["second"]


def test_what_is_told_as_it_comes() -> None:
    """The reply is told before its code runs."""
    need_jail()
    told: list[str] = []

    def on_event(kind: str, data: Mapping[str, object]) -> None:
        told.append(kind)

    script = Scripted([code("print(1)"), code("answer(chart.value(2019))")])
    solve(task("?"), script, Jails(), mode="code", on_event=on_event)
    assert told == ["decision", "reply", "step"] * 2
