"""The same conversation in process and through a real HTTP server gives the same text."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from air_cli.loop import Reasoner
from air_cli.reasoners.llama import Llama
from air_cli.reasoners.server import Server
from air_cli.records import Message, Reply, Want
from tests.llm.models import needs_llama, settings
from tests.loop.script import task

needs_server = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("uvicorn", "fastapi", "sse_starlette")),
    reason="needs llama-cpp-python[server]",
)
pytestmark = [*needs_llama, needs_server]


@pytest.fixture(scope="module")
def url(models: Path) -> Iterator[str]:
    """llama-cpp-python's own server. (It drops tokens of more than 32 bytes, as the scripted model
    has them: hence random weights here.)"""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    argv = [
        sys.executable,
        "-m",
        "llama_cpp.server",
        "--model",
        str(models / "qwen2.gguf"),
        "--n_ctx",
        "2048",
    ]
    argv += ["--host", "127.0.0.1", "--port", str(port), "--n_threads", "1", "--verbose", "false"]
    environment = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()}
    process = subprocess.Popen(
        argv, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}/v1"
    try:
        deadline = time.monotonic() + 90
        while not _answers(f"{address}/models"):
            assert process.poll() is None and time.monotonic() < deadline, "the server starts"
            time.sleep(0.2)
        yield address
    finally:
        process.kill()
        process.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except (urllib.error.URLError, OSError):
        return False


def talk(reasoner: Reasoner) -> list[Reply]:
    """Three turns, each under a grammar, the earlier replies in the history."""
    history = [Message("system", "You are exact."), Message("user", "How much?")]
    conversation, said = reasoner.open(task("?")), list[Reply]()
    for turn in range(3):
        want = Want("code", "?", grammar='root ::= [a-zA-Z ]{30,60} "."', max_tokens=80, seconds=60)
        said.append(conversation.reply(history, want))
        history += [Message("assistant", said[-1].text), Message("user", f"And {turn}? äöü")]
    return said


def test_engines_agree(models: Path, url: str) -> None:
    llama = Llama(settings(models / "qwen2.gguf"))
    try:
        here = talk(llama)
    finally:
        llama.close()
    texts = [reply.text for reply in here]
    assert len(set(texts)) == 3 and all(30 < len(text) <= 61 for text in texts)
    there = talk(Server(url))
    assert [reply.text for reply in there] == texts
    for one, other in zip(here, there, strict=True):
        # The server counts the end of the turn too.
        assert one.logprob is not None and other.logprob == pytest.approx(one.logprob, abs=0.02)


def test_a_stream_says_the_same(url: str) -> None:
    want = Want("code", "?", grammar="root ::= [a-z]{40}", max_tokens=80, seconds=60)
    conversation, told = Server(url).open(task("?")), list[str]()
    plain = conversation.reply([Message("user", "go")], want)
    conversation.listen(told.append)
    streamed = conversation.reply([Message("user", "go")], want)
    assert streamed.text == plain.text == "".join(told) and len(told) > 3
    assert not streamed.cut and streamed.tokens >= 40
    assert streamed.logprob == pytest.approx(plain.logprob)
