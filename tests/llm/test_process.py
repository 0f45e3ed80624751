"""The model's child process: what it evaluates again, what it sees, when it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from air_cli.assets import PACKAGE
from air_cli.reasoners.llama_process import ModelProcess, child_environment
from tests.llm.models import needs_llama, settings
from tests.loop.script import png

pytestmark = needs_llama
Line = tuple[str, str, Sequence[bytes]]
SYSTEM: Line = ("system", "rules " * 300, ())


@pytest.fixture
def child() -> Iterator[ModelProcess]:
    process = ModelProcess()
    yield process
    process.close()


def load(
    child: ModelProcess, model: Path, mmproj: Path | None = None, **more: object
) -> dict[str, Any]:
    child.send({"op": "load", **vars(settings(model, mmproj, **more))})
    return child.receive(60)


def ask(child: ModelProcess, lines: Sequence[Line], seconds: float = 30.0) -> dict[str, Any]:
    messages = [{"role": role, "text": text, "images": len(pics)} for role, text, pics in lines]
    limits = {"max_tokens": 8, "seconds": seconds, "temperature": 0.0, "seed": 0}
    body = {"op": "reply", "messages": messages, "grammar": 'root ::= "abc"', **limits}
    child.send(body, [picture for _, _, pictures in lines for picture in pictures])
    return child.receive(60)


def test_nothing_is_evaluated_twice(child: ModelProcess, models: Path) -> None:
    assert load(child, models / "qwen2vl.gguf", models / "qwen2vl_merger.gguf")["ok"]
    picture = png((300, 200), "green")
    first: list[Line] = [SYSTEM, ("user", "chart data", (picture,))]
    one = ask(child, first)
    assert one["text"] == "abc" and one["finish"] == "end"
    assert one["evaluated"] == one["prompt"] > 1900 and one["encoded"] == 1
    # A turn further: the reply, its frame and the new message.
    grown: list[Line] = [*first, ("assistant", "abc", ()), ("user", "and now?", ())]
    assert ask(child, grown)["evaluated"] < 80
    # Another question on the same figure.
    other: list[Line] = [SYSTEM, ("user", "chart data; other question", (picture,))]
    assert ask(child, other)["evaluated"] < 80
    # The very same again costs the last token.
    assert ask(child, other)["evaluated"] == 1
    # Another system prompt is a new start.
    new = ask(child, [("system", "x", ()), *other[1:]])
    # The image is read anew, but not encoded anew: it is known by its content.
    assert new["evaluated"] > 50 and new["encoded"] == 0
    assert ask(child, [("user", "?", (picture, png((300, 200), "red")))])["encoded"] == 1


def test_what_was_evaluated_before_the_time_was_over_is_kept(
    child: ModelProcess, models: Path
) -> None:
    lines: list[Line] = [("system", "rules " * 2000, ()), ("user", "?", ())]
    fresh = ModelProcess()
    try:
        load(fresh, models / "qwen2.gguf", n_ctx=16384)
        whole = ask(fresh, lines)
    finally:
        fresh.close()
    load(child, models / "qwen2.gguf", n_ctx=16384)
    cut = ask(child, lines, whole["seconds"] / 2)
    assert (cut["finish"], cut["text"]) == ("time", "")
    again = ask(child, lines)
    assert again["finish"] == "end" and 0 < again["evaluated"] < whole["evaluated"]
    assert again["logprob"] == pytest.approx(whole["logprob"], abs=1e-3)


def test_the_tokens_of_an_image_are_capped(child: ModelProcess, models: Path) -> None:
    load(child, models / "qwen2vl.gguf", models / "qwen2vl_merger.gguf", image_max_tokens=64)
    assert ask(child, [("user", "x", (png((1600, 1200), "green"),))])["evaluated"] < 120


def test_unknown_requests_are_answered(child: ModelProcess) -> None:
    child.send({"op": "reply", "messages": []})
    answer = child.receive(30)
    assert not answer["ok"] and "no such request" in answer["error"]["message"]


def test_secrets_stay_out_of_the_child() -> None:
    given = {"AIR_REASONER_API_KEY": "x", "HF_TOKEN": "y", "PATH": "/bin", "PYTHONPATH": "/here"}
    seen = child_environment(given)
    assert "x" not in seen.values() and "y" not in seen.values()
    assert seen["PATH"] == "/bin" and seen["OMP_WAIT_POLICY"] == "passive"
    assert seen["PYTHONPATH"].split(os.pathsep) == [str(PACKAGE.parent), "/here"]
    assert child_environment({"OMP_WAIT_POLICY": "active"})["OMP_WAIT_POLICY"] == "active"


HOST = """
import sys, threading, time
from pathlib import Path
from air_cli.records import Want, Message
from air_cli.reasoners.llama import Llama
from tests.llm.models import settings
llama = Llama(settings(Path(sys.argv[1])))
llama.open(None)
print(llama.pid, flush=True)
want = Want("code", "?", grammar='root ::= "a" root', max_tokens=10**6, seconds=60)
llama.ask([Message("user", "go")], want)
"""


def test_the_child_does_not_outlive_a_killed_host(models: Path) -> None:
    argv = [sys.executable, "-c", HOST, str(models / "qwen2.gguf")]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, cwd=PACKAGE.parent) as host:
        assert host.stdout is not None
        pid = int(host.stdout.readline())
        time.sleep(0.3)
        host.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 5
    while _lives(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _lives(pid)


def _lives(pid: int) -> bool:
    """Whether the process runs (a zombie that nobody reaps does not)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rsplit(")", 1)[1].split()[0] != "Z"
