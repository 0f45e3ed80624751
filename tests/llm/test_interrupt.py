"""An interrupt while a GGUF writes: at once, with a valid trace of what there was."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import replace

import pytest

from air_cli.loop import Budget, Interrupted, solve
from air_cli.protocol import load_profile
from air_cli.reasoners.llama import Llama
from air_cli.records import Message, Reply, Task, Trace, Want, from_json, to_json
from tests.llm.models import Make, needs_llama
from tests.loop.script import no_jail, png, task

pytestmark = needs_llama
AT_ONCE = 0.2


class Endless:
    """A GGUF that is given a grammar without an end."""

    name, sees = "llama", False

    def __init__(self, llama: Llama) -> None:
        self._llama = llama
        self.facts = llama.facts

    def open(self, task: Task) -> Endless:
        return self

    def close(self) -> None:
        """The fixture closes the model."""

    def reply(self, history: Sequence[Message], want: Want) -> Reply:
        endless = replace(want, grammar='root ::= "a" root', max_tokens=10**6)
        return self._llama.ask(history, endless, lambda text: None)


def test_an_interrupt_stops_a_reply_at_once(make: Make) -> None:
    llama = make("qwen2", n_ctx=16384)
    llama.open(task("?"))
    took = []
    for _ in range(3):  # the machine may be busy: once must be enough
        pressed: list[float] = []

        def press(pressed: list[float] = pressed) -> None:
            pressed.append(time.monotonic())
            os.kill(os.getpid(), signal.SIGINT)

        timer = threading.Timer(1.5, press)
        timer.start()
        with pytest.raises(Interrupted) as caught:
            solve(task("?"), Endless(llama), no_jail, Budget(), mode="code")
        took.append(time.monotonic() - pressed[0])
        trace = caught.value.solved.trace
        assert (trace.outcome, trace.error) == ("failed", "interrupted")
        assert from_json(Trace, json.loads(json.dumps(to_json(trace)))) == trace
        if took[-1] < AT_ONCE:
            break
        llama.open(task("?"))
    assert min(took) < AT_ONCE, took
    # The child that was writing is gone; the next question gets a new one.
    again = llama.open(task("?")).reply((Message("user", "go"),), Want("code", "?", max_tokens=3))
    assert again.tokens == 3


@pytest.mark.parametrize("temperature", [0.0, 0.9])
def test_a_question_gives_the_same_bytes_twice(make: Make, temperature: float) -> None:
    """On one machine, with one build, one thread and one seed, fresh context or not."""
    grammar = load_profile("air").grammar_for(("code", "plan"), 60, 3)
    want = Want("code", "?", grammar=grammar, max_tokens=400, temperature=temperature, seed=4)
    talk = (Message("system", "Be exact."), Message("user", "What is it?", (png((90, 70)),)))

    def run(llama: Llama) -> str:
        return llama.open(task("?")).reply(talk, want).text

    first = make("qwen2vl", "qwen2vl_merger")
    fresh = run(first)
    first.open(task("?")).reply((Message("user", "?", (png(),)),), replace(want, max_tokens=5))
    assert run(first) == fresh, "after another conversation"
    assert run(make("qwen2vl", "qwen2vl_merger")) == fresh, "in another process"
