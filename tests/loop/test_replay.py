"""Recorded replies: from a trace, from a file, and strict at their end."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from air_cli.errors import ItemError, UsageError
from air_cli.loop import solve
from air_cli.reasoners import make_reasoner
from air_cli.reasoners.replay import Replay, from_file, from_trace
from air_cli.records import Reply, Want, to_json
from tests.loop.script import Scripted, no_jail, task

ANSWER = '<answer>{"value": 15, "evidence": [{"category": "2021"}]}</answer>'
QUESTION = "What was revenue in 2021?"


def test_a_trace_is_replayed_to_the_same_answer(tmp_path: Path) -> None:
    first = solve(task(QUESTION), Scripted(["?", ANSWER]), no_jail, mode="direct").trace
    again = solve(task(QUESTION), from_trace(first), no_jail, mode="direct").trace
    assert again.answer == first.answer and len(again.steps) == 2
    path = tmp_path / "trace.json"
    path.write_text(json.dumps(to_json(first)))
    filed = solve(task(QUESTION), from_file(path), no_jail, mode="direct").trace
    assert filed.answer == first.answer


def test_json_lines_by_question(tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    lines = [json.dumps("for all"), "", json.dumps({"question": "q1", "reply": ANSWER})]
    path.write_text("\n".join(lines))
    settings = SimpleNamespace(name="replay", replies=str(path))
    reasoner = make_reasoner(settings)
    want = Want("direct", QUESTION)
    assert reasoner.open(task(QUESTION)).reply((), want).text == ANSWER


def test_the_end_is_an_item_error() -> None:
    conversation = Replay({"": [Reply("a")]}).open(task(QUESTION))
    want = Want("direct", QUESTION)
    conversation.reply((), want)
    with pytest.raises(ItemError, match="asks for another") as caught:
        conversation.reply((), want)
    assert caught.value.kind == "exhausted"


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"reply": 3}', '{"reply": "a", "tokens": "b"}'])
def test_bad_files_are_usage_errors(tmp_path: Path, text: str) -> None:
    path = tmp_path / "replies.jsonl"
    path.write_text(text)
    with pytest.raises(UsageError, match="replies"):
        from_file(path)
    with pytest.raises(UsageError, match="none"):
        from_file(tmp_path / "none")
