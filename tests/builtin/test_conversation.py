"""The replies: faults lead on, drafts are checked, questions split, parts joined."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from air_cli.protocol import parse
from air_cli.reasoners.builtin import make
from air_cli.records import Answer, Chart, Evidence, How, Want
from tests.builtin.asking import code_for, task_of
from tests.toolkit.charts import Json, chart_of, run, session_of

SALES = chart_of(
    {"Revenue": [20.0, 24.0], "Costs": [15.0, 16.0]}, ["2021", "2022"], unit="$M", confidence=1.0
)


def _direct(question: str, *charts: Chart) -> dict[str, Any]:
    reply = make(None).open(task_of(question, *charts)).reply([], Want("direct", question))
    return parse(reply.text, ["answer"]).answer


def test_every_reply_speaks_the_protocol() -> None:
    question = "What is the difference between revenue and costs in 2021?"
    conversation = make(None).open(task_of(question, SALES))
    draft = Answer(5.0, "$M", "5", evidence=(Evidence("p1-f1", 1, (0, 0, 1, 1), "Costs", "2021"),))
    for action, tag in (
        ("code", "code"), ("direct", "answer"), ("plan", "plan"), ("reflect", "code"),
        ("look", "look"),
    ):  # fmt: skip
        reply = conversation.reply([], Want(action, question, draft=draft))  # type: ignore[arg-type]
        assert parse(reply.text).action == tag


def test_direct_gives_a_printed_value_with_its_mark() -> None:
    assert _direct("What was the revenue in 2022?", SALES) == {
        "value": 24.0,
        "unit": "$M",
        "evidence": [{"figure_id": "p1-f1", "series": "Revenue", "category": "2022"}],
    }


def test_direct_refuses_what_has_to_be_computed() -> None:
    assert "unanswerable" in _direct("What is the sum of revenue in 2021 and 2022?", SALES)


def test_the_same_code_is_never_tried_twice_and_the_end_is_a_refusal() -> None:
    conversation = make(None).open(task_of("What was sold in 2022?", SALES))
    replies = [conversation.reply([], Want("code", "What was sold in 2022?")) for _ in range(6)]
    codes = [parse(reply.text).code for reply in replies]
    distinct = list(dict.fromkeys(codes))
    assert len(distinct) >= 2 and "unanswerable" in codes[-1]
    assert codes[: len(distinct)] == distinct


def test_a_chart_without_values_is_refused_with_its_problems() -> None:
    empty = Chart("p1-f1", "bar", problems=("hatched bars cannot be read",))
    assert "hatched bars" in code_for("What is the highest value?", empty)


def _reflected(read: str, value: float, how: How) -> dict[str, Any]:
    mark = replace(SALES.marks[0], value=value, low=value - 1.0, high=value + 1.0, how=how)
    chart = replace(SALES, marks=(mark, *SALES.marks[1:]))
    question = "What was the revenue in 2021?"
    conversation = make(None).open(task_of(question, chart))
    conversation.reply([], Want("code", question))
    evidence = (Evidence("p1-f1", 1, mark.bbox_px, "Revenue", "2021", value),)
    draft = Answer(value, "$M", f"{value:g}", evidence=evidence)
    code = parse(conversation.reply([], Want("reflect", question, draft=draft)).text).code

    def reader(body: Json) -> tuple[Json, list[bytes]]:
        return {"ok": True, "texts": [{"text": read, "bbox_px": [0, 0, 1, 1]}]}, []

    report = run(session_of(chart, request=reader), code)
    assert report.answer is not None
    return report.answer


def test_reflection_keeps_what_the_label_confirms() -> None:
    assert _reflected("20.0", 20.0, "geometry")["value"] == 20.0


def test_reflection_mends_a_measured_value_by_the_printed_one() -> None:
    assert _reflected("20.4", 20.0, "geometry")["value"] == 20.4


@pytest.mark.parametrize("read", ["57", "", "no number"])
def test_reflection_leaves_alone_what_the_geometry_does_not_allow(read: str) -> None:
    assert _reflected(read, 20.0, "geometry")["value"] == 20.0


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("What was the revenue in 2021?", 1),
        ("What was the highest revenue and in which year?", 2),
        ("What were the costs in 2021? And is that more than in 2022?", 2),
        ("What is the sum of revenue and costs?", 1),
    ],
)
def test_questions_are_split_at_their_asking_words(question: str, parts: int) -> None:
    reply = make(None).open(task_of(question, SALES)).reply([], Want("plan", question))
    found = re.search(r"<plan>(.*)</plan>", reply.text)
    assert found and len(json.loads(found[1])) == parts


def test_parts_are_combined_with_their_evidence() -> None:
    question = "What was the highest revenue and in which year?"
    evidence = (Evidence("p1-f1", 1, (40.0, 100.0, 48.0, 200.0), "Revenue", "2022", 24.0),)
    parts = (
        ("What was the highest revenue?", Answer(24.0, "$M", "$24M", evidence=evidence)),
        ("in which year?", Answer("2022", text="2022", evidence=evidence)),
    )
    conversation = make(None).open(task_of(question, SALES))
    code = parse(conversation.reply([], Want("combine", question, parts=parts)).text).code
    report = run(session_of(SALES), code)
    assert report.answer is not None
    assert report.answer["value"] == [24.0, "2022"] and report.answer["text"] == "$24M; 2022"
    assert len(report.answer["evidence"]) == 2


def test_a_part_without_an_answer_is_told() -> None:
    question = "Which year had the highest revenue, and how many people work there?"
    parts = (
        ("Which year had the highest revenue?", Answer("2022", text="2022")),
        ("how many people work there?", Answer(None, text="", unanswerable="no people")),
    )
    conversation = make(None).open(task_of(question, SALES))
    code = parse(conversation.reply([], Want("combine", question, parts=parts)).text).code
    answer = run(session_of(SALES), code).answer
    assert answer is not None and answer["value"] == "2022"
    assert answer["text"] == "2022; “how many people work there?” is not answered"


def test_of_several_charts_the_one_that_fits_is_used() -> None:
    other = chart_of({"": [7.0, 8.0]}, ["Cats", "Dogs"], figure_id="p2-f1", kind="bar")
    code = code_for("How many dogs are there?", SALES, other)
    report = run(session_of(SALES, other), code)
    assert report.answer is not None
    assert report.answer["value"] == 8.0
    assert report.answer["evidence"][0]["figure_id"] == "p2-f1"
