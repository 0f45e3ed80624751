"""`air ask -v` on a terminal: a GGUF's words as they come, in colours; Ctrl-C typed there."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from air_cli.commands.styling import STYLES, Styler
from air_cli.records import Trace, from_json
from tests.cli import inputs
from tests.cli.command import air, home, needs_jail
from tests.llm.models import needs_llama

REPLY = "<think>a < b</think>\n<code>\n```python\nx = a <b\n```\n</code>\n<answer>{}</answer>"
SOON = 3.0  # idle it takes 0.2 to 0.4 s until all is put away


def styled(*pieces: str) -> dict[str, str]:
    """The text of each style."""
    styler, found = Styler(), dict[str, str]()
    for text, style in [part for piece in pieces for part in styler.feed(piece)] + styler.end():
        found[style] = found.get(style, "") + text
    return found


def test_a_reply_is_styled_alike_wherever_it_is_cut() -> None:
    whole = styled(REPLY)
    assert whole[STYLES["think"]] == "a < b" and whole[STYLES["answer"]] == "{}"
    assert whole[STYLES["code"]] == "\nx = a <b\n"
    assert "".join(whole.values()).count("<") == REPLY.count("<")
    assert styled(*REPLY) == whole
    for cut in range(len(REPLY)):
        assert styled(REPLY[:cut], REPLY[cut:]) == whole


class Terminal:
    """`air` in a session of its own whose terminal is ours."""

    def __init__(self, *arguments: str, cwd: Path, env: Mapping[str, str]) -> None:
        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "air_cli", *arguments],
            cwd=cwd,
            env={**home(cwd), "TERM": "xterm-256color", **env},
            stdout=subprocess.DEVNULL,
            preexec_fn=lambda: os.login_tty(os.dup(theirs)),
        )
        os.close(theirs)
        self.said = ""
        self.heard: list[tuple[float, str]] = []

    def hear(self, pattern: str, seconds: float = 90.0) -> None:
        """Read until what was said holds `pattern`, or the other side is closed."""
        deadline = time.monotonic() + seconds
        while not re.search(pattern, self.said):
            assert time.monotonic() < deadline, self.said
            try:
                text = os.read(self._ours, 4096).decode("utf-8", "replace")
            except OSError:  # nobody has it open any more
                return
            self.heard.append((time.monotonic(), text))
            self.said += text

    def type(self, keys: bytes) -> None:
        os.write(self._ours, keys)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._ours)


@pytest.mark.llama
@needs_llama[1]
@needs_jail
def test_words_come_in_colours_and_an_interrupt_is_at_once(tmp_path: Path) -> None:
    from tests.llm.tiny_gguf import write_text

    model = write_text(tmp_path / "tiny.gguf")
    inputs.bar_chart(tmp_path / "chart.png")
    env = {"AIR_REASONER_N_CTX": "16384", "AIR_REASONER_N_THREADS": "1"}
    options = ("ask", "chart.png", "What is the average?", "--model", str(model), "--mode", "code")
    terminal = Terminal(*options, "-v", "--out", "run", cwd=tmp_path, env=env)
    try:
        terminal.hear(r"step 1: code[^\n]*\n[^\n]*<think>.*\x1b\[3;")
        terminal.hear(f"(?s).{{{len(terminal.said) + 200}}}")
        assert terminal.heard[-1][0] - terminal.heard[0][0] > 0.1, "not all at once"
        assert terminal.process.poll() is None
        began = time.monotonic()
        terminal.type(b"\x03")
        terminal.hear("air: interrupted")
        assert terminal.process.wait(30) == 130 and time.monotonic() - began < SOON
    finally:
        terminal.close()
    (path,) = (tmp_path / "run").rglob("trace.json")
    trace = from_json(Trace, json.loads(path.read_text()))
    assert (trace.outcome, trace.error) == ("failed", "interrupted")


@pytest.mark.llama
@needs_llama[1]
@needs_jail
def test_no_colours_for_what_is_no_terminal(tmp_path: Path) -> None:
    (tmp_path / "replies.jsonl").write_text(json.dumps("<think>x</think>\n<code>\n1/0\n</code>"))
    inputs.bar_chart(tmp_path / "chart.png")
    options = ("--reasoner", "replay", "--mode", "code", "-v")
    env = {"AIR_REASONER_REPLIES": "replies.jsonl", "TERM": "xterm-256color"}
    done = air("ask", "chart.png", "What is the average?", *options, cwd=tmp_path, env=env)
    assert "<think>x</think>" in done.err and "\x1b" not in done.err
    loud = air(
        "ask", "chart.png", "What is the average?", *options, cwd=tmp_path,
        env={**env, "AIR_OUTPUT_COLOR": "always"},
    )  # fmt: skip
    assert "\x1b[36m1/0" in loud.err.replace("    ", "")
