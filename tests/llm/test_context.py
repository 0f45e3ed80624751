"""The context of a real GGUF: measured before it is filled, in cells, pictures among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from air_cli.loop import Budget, solve
from air_cli.reasoners.llama import Llama
from air_cli.records import Message, Reply, Size, Task, Want
from tests.llm.models import Make, needs_llama
from tests.loop.script import Jails, need_jail, png, task

pytestmark = needs_llama
TALK = (Message("system", "Be exact."), Message("user", "What is it? äö"))


class Saying:
    """A GGUF whose grammar leaves it one thing to say."""

    name, sees, varies = "llama", True, True

    def __init__(self, llama: Llama, grammar: str) -> None:
        self._llama, self._grammar = llama, grammar
        self.facts = llama.facts

    def open(self, task: Task) -> Saying:
        return self

    def close(self) -> None:
        """The fixture closes the model."""

    def measure(self, history: Sequence[Message]) -> Size:
        return self._llama.measure(history)

    def reply(self, history: Sequence[Message], want: Want) -> Reply:
        return self._llama.ask(history, replace(want, grammar=self._grammar))


def seen(size: tuple[int, int]) -> tuple[Message, ...]:
    return (*TALK, Message("user", "?", (png(size),)))


@pytest.mark.parametrize(
    ("arch", "kind", "pictures", "fewer"),
    [("qwen2", "mlp", 16, 0), ("qwen2", "gemma3", 4, 0), ("qwen2vl", "qwen2vl_merger", 300, 280)],
)
def test_a_prompt_is_measured_as_it_is_read(
    make: Make, arch: str, kind: str, pictures: int, fewer: int
) -> None:
    """M-RoPE: 20 × 15 patches are 300 cells of the cache and 20 positions."""
    llama = make(arch, kind)
    size = llama.measure(seen((560, 420)))
    given = llama.open(task("?")).reply(seen((560, 420)), Want("code", "?", max_tokens=1))
    assert size.prompt == given.evaluated and size.pictures == pictures
    assert size.prompt - size.positions == fewer
    assert (size.limit, size.least, size.shrunk) == (8192, 512, 0)
    assert llama.measure(TALK).pictures == 0 and llama.measure(TALK).prompt < size.prompt


def test_a_large_picture_takes_no_more_than_its_share(make: Make) -> None:
    for n_ctx in (2048, 8192):
        llama = make("qwen2vl", "qwen2vl_merger", n_ctx=n_ctx)
        size = llama.measure(seen((2000, 1500)))
        assert n_ctx // 6 < size.pictures <= n_ctx // 4 and size.shrunk == 1
        want = Want("code", "?", max_tokens=1)
        assert llama.open(task("?")).reply(seen((2000, 1500)), want).evaluated == size.prompt
    fixed = make("qwen2", "mlp", n_ctx=512).measure(seen((2000, 1500)))
    assert (fixed.pictures, fixed.shrunk) == (16, 0)


def test_old_observations_are_condensed_before_the_context_overflows(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One token a byte: a few observations fill the context of a model that only prints."""
    need_jail()
    monkeypatch.setattr("air_cli.protocol_render.toolkit_description", lambda: "-")
    llama = make("qwen2vl", "qwen2vl_merger", n_ctx=6144)
    budget = Budget(steps=6, thought_chars=1, code_lines=1, reply_tokens=600)
    saying = Saying(llama, code_that_prints(800))
    trace = solve(task("?", image=True), saying, Jails(), budget, mode="code").trace
    assert [step.fault for step in trace.steps] == [None] * 6
    reasons = [step.reason for step in trace.steps if "shortened: beside the" in step.reason]
    assert 0 < len(reasons) < 4, "not at every turn"
    assert not any("to fit the context" in step.reason for step in trace.steps), "never refused"
    context = trace.provenance["context"]
    assert context["limit"] == 6144 and 0 < context["pictures"] < context["prompt"]


def code_that_prints(count: int) -> str:
    return f"root ::= \"<think>x</think>\\n<code>\\nprint('a' * {count})\\n</code>\""
