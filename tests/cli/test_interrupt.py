"""Ctrl-C during `air ask`, with real processes: quick, one line, nothing left running, a trace."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from air_cli.jail import tree
from air_cli.records import Trace, from_json, to_json
from tests.cli import inputs
from tests.cli.command import home, needs_jail
from tests.llm.models import needs_llama

pytestmark = needs_jail
QUESTION = "What is the average of the sales?"
HANGING = (
    "<think>count for ever</think>\n<code>\nprint('begun', flush=True)\nwhile True: pass\n</code>"
)
FIRST = "<think>look</think>\n<code>\nkept = chart.value(2019)\nprint('looked', kept)\n</code>"
# Idle it takes 0.2 to 0.4 s; the tests may share the machine.
SOON = 3.0


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a chart, and replies of which the second runs without end."""
    folder = tmp_path_factory.mktemp("home")
    inputs.bar_chart(folder / "chart.png")
    (folder / "replies.jsonl").write_text(json.dumps(FIRST) + "\n" + json.dumps(HANGING) + "\n")
    return folder


class Asked:
    """A running `air ask`."""

    def __init__(self, place: Path, *options: str, env: Mapping[str, str] | None = None) -> None:
        self.said = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "air_cli", "ask", "chart.png", QUESTION, *options],
            cwd=place,
            env={**home(place), "AIR_JAIL_SECONDS": "60", **(env or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert self.process.stderr is not None
        os.set_blocking(self.process.stderr.fileno(), False)

    def hear(self, pattern: str, seconds: float = 60.0) -> None:
        """Wait until standard error holds `pattern`."""
        assert self.process.stderr is not None
        deadline = time.monotonic() + seconds
        while not re.search(pattern, self.said):
            assert time.monotonic() < deadline and self.process.poll() is None, self.said
            self.said += (self.process.stderr.read() or b"").decode()
            time.sleep(0.02)

    def interrupt(self, times: int = 1) -> None:
        """Press Ctrl-C and check how it ends."""
        children = tree.processes(self.process.pid)[1:]
        assert children, "there is something to end"
        began = time.monotonic()
        for _ in range(times):
            self.process.send_signal(signal.SIGINT)
            time.sleep(0.05)
        assert self.process.stderr is not None
        os.set_blocking(self.process.stderr.fileno(), True)
        out, err = self.process.communicate(timeout=30)
        self.said += err.decode()
        assert time.monotonic() - began < SOON
        assert (self.process.returncode, out) == (130, b""), self.said
        assert "Traceback" not in self.said
        assert self.said.endswith("\nair: interrupted\n")
        deadline = time.monotonic() + SOON
        while any(map(_lives, children)):
            assert time.monotonic() < deadline, "a process is left"
            time.sleep(0.02)


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.fixture
def asked(place: Path) -> Iterator[list[Asked]]:
    """Processes that are ended whatever happens."""
    made: list[Asked] = []
    yield made
    for one in made:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()


def stored(out: Path) -> Trace:
    """The trace of the one item, which survives JSON."""
    (path,) = out.rglob("trace.json")
    trace = from_json(Trace, json.loads(path.read_text()))
    assert from_json(Trace, json.loads(json.dumps(to_json(trace)))) == trace
    assert (trace.outcome, trace.error, trace.answer) == ("failed", "interrupted", None)
    return trace


@pytest.mark.parametrize("times", [1, 3])
def test_in_a_step_the_trace_holds_the_steps_so_far(
    place: Path, asked: list[Asked], tmp_path: Path, times: int
) -> None:
    """Also when the key is pressed again at once."""
    replies = {"AIR_REASONER_REPLIES": "replies.jsonl"}
    options = ("--reasoner", "replay", "--mode", "code", "-v", "--out", str(tmp_path / "run"))
    asked.append(Asked(place, *options, env=replies))
    asked[0].hear("while True")
    time.sleep(0.3)
    asked[0].interrupt(times)
    assert "printed:\n    looked 20" in asked[0].said
    trace = stored(tmp_path / "run")
    first, second = trace.steps
    assert first.fault is None and "looked 20" in first.stdout
    assert second.reply == HANGING and second.fault is not None
    assert second.fault.kind == "interrupted"
    assert trace.provenance["versions"] and trace.sources[0].path == "chart.png"
    run = json.loads((tmp_path / "run" / "run.json").read_text())
    assert (run["complete"], run["counts"]) == (False, {"failed": 1})
    assert "interrupted" in (tmp_path / "run" / "REPORT.md").read_text()


def test_while_it_reads_the_row_says_so(place: Path, asked: list[Asked], tmp_path: Path) -> None:
    asked.append(Asked(place, "--no-cache", "--out", str(tmp_path / "run")))
    deadline = time.monotonic() + 30
    while not (tmp_path / "run" / "items").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.5)
    asked[0].said = "\n"  # nothing else must be said
    asked[0].interrupt()
    assert asked[0].said == "\nair: interrupted\n"
    (row,) = (tmp_path / "run" / "results.jsonl").read_text().splitlines()
    assert json.loads(row)["error"] == "interrupted"


@pytest.mark.llama
@needs_llama[1]
def test_in_a_reply_of_a_model(place: Path, asked: list[Asked], tmp_path: Path) -> None:
    from tests.llm.tiny_gguf import write_text

    model = write_text(tmp_path / "tiny.gguf")
    env = {"AIR_REASONER_N_CTX": "16384", "AIR_REASONER_N_THREADS": "1"}
    options = ("--model", str(model), "--mode", "code", "-v", "--out", str(tmp_path / "run"))
    asked.append(Asked(place, *options, env=env))
    asked[0].hear(r"step 1: code.*\n    <think>.")
    asked[0].interrupt()
    said = stored(tmp_path / "run").provenance["reasoner"]
    assert said["name"] == "llama" and len(said["model_sha256"]) == 64
