"""What -v tells while AIR works, and that nothing of it is told otherwise."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace

import pytest

from air_cli.commands.narrating import Narrator
from air_cli.events import NORMAL, VERBOSE, reporter
from air_cli.records import Answer, Fault, Step

DECISION = {"n": 1, "action": "code", "reason": "mode code"}
STEP = Step(1, "code", "mode code", stdout="a\nb\n", value="3")


@pytest.fixture
def told() -> Iterator[io.StringIO]:
    """What goes to standard error with -v."""
    before = reporter.level, reporter.stream
    stream = io.StringIO()
    reporter.level, reporter.stream = VERBOSE, stream
    yield stream
    reporter.level, reporter.stream = before


def test_a_turn(told: io.StringIO) -> None:
    narrator = Narrator()
    narrator("decision", DECISION)
    narrator("reply", {"n": 1, "text": "<code>\nx\n</code>"})
    narrator("step", {"step": replace(STEP, answer=Answer(3.0, text="3 %", confidence=0.9))})
    assert told.getvalue() == (
        "  step 1: code: mode code\n    <code>\n    x\n    </code>\n"
        "  printed:\n    a\n    b\n  value:\n    3\n  answer: 3 % (confidence 0.90)\n"
    )


def test_a_reply_in_pieces_is_told_once(told: io.StringIO) -> None:
    narrator = Narrator()
    narrator("decision", DECISION)
    for piece in ("<co", "de>\nx", "\n", "</code>"):
        narrator("piece", {"text": piece})
    narrator("reply", {"n": 1, "text": "<code>\nx\n</code>"})
    narrator("step", {"step": replace(STEP, stdout="", value="", fault=Fault("syntax", "no"))})
    assert told.getvalue() == (
        "  step 1: code: mode code\n    <code>\n    x\n    </code>\n  step 1 failed: syntax: no\n"
    )


def test_quiet_by_default(told: io.StringIO) -> None:
    reporter.level = NORMAL
    narrator = Narrator()
    narrator("decision", DECISION)
    narrator("piece", {"text": "<co"})
    narrator("reply", {"n": 1, "text": "<code>"})
    narrator("step", {"step": STEP})
    assert told.getvalue() == ""


def test_a_model_cannot_steer_the_terminal(told: io.StringIO) -> None:
    Narrator()("piece", {"text": "\x1b[2J\rhidden\x9b"})
    assert told.getvalue() == "    \ufffd[2J\ufffdhidden\ufffd"
    reporter.detail("")
