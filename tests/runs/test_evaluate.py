"""Evaluations: formats, sampling, scores, predictions, report, resuming."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from air_cli.config import Config
from air_cli.errors import UsageError
from air_cli.evaluate import benchmark_answer, run_eval, score
from air_cli.evaluate_cases import Case, load_cases, sample
from air_cli.evaluate_report import report
from air_cli.records import Value
from air_cli.store import RunStore, read_lines
from air_cli.work import Row
from air_cli.work_run import begin
from tests.runs.test_batch import engine
from tests.runs.traces import COSTS, REVENUE


def row(value: Value, outcome: str = "answered") -> Row:
    return Row("a.png", "1", "?", outcome, value, confidence=0.8)


def case(gold: str, question: str = "?", **more: object) -> Case:
    return Case("1", "a.png", question, gold, **more)  # type: ignore[arg-type]


def test_both_formats(tmp_path: Path) -> None:
    lines = [
        {"id": "a", "image": "images/x.png", "question": "How?", "answer": 12.5, "kind": "human"},
        {"id": "b", "pdf": "y.pdf", "question": " Why? ", "answer": ["a", 2], "other": 1},
        {"id": "c", "image": "x.png", "question": "Q", "answer": "B", "choices": {"A": "1"}},
    ]
    (tmp_path / "q.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n\n")
    a, b, c = load_cases(tmp_path / "q.jsonl")
    assert a == Case(
        "a", str(tmp_path / "images/x.png"), "How?", "12.5", "human", {}, "images/x.png"
    )
    assert (b.path, b.question, b.gold) == (str(tmp_path / "y.pdf"), "Why?", "[a, 2]")
    assert c.choices == {"A": "1"}
    (tmp_path / "test_human.json").write_text('[{"imgname": "1.png", "query": "Q", "label": "7"}]')
    (only,) = load_cases(tmp_path / "test_human.json", tmp_path / "png")
    assert only == Case("1-1", str(tmp_path / "png" / "1.png"), "Q", "7", "human", {}, "1.png")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no questions"),
        ("{", ":1: not JSON"),
        ("3", ":1: not an object"),
        ('{"question": "Q", "answer": 1}', ":1: image or pdf is missing"),
        ('{"image": "x", "answer": 1}', ":1: question is missing"),
        ('{"image": "x", "question": "Q"}', ":1: answer is missing"),
        ('{"id": 1, "image": "x", "question": "Q", "answer": 1}\n' * 2, "'1' occurs twice"),
        ('[{"imgname": "1.png", "query": "Q", "label": "7"}]', "--images DIR"),
    ],
)
def test_files_that_will_not_do(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        load_cases(path)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.integers(0, 60), st.integers(0, 60), st.integers())
def test_a_sample_is_stable_ordered_and_grows(size: int, limit: int, seed: int) -> None:
    cases = [Case(str(n), "a", "?", "1") for n in range(size)]
    drawn = sample(cases, limit, seed)
    assert len(drawn) == min(size, limit)
    assert drawn == sorted(drawn, key=lambda one: int(one.id))
    assert drawn == sample(cases, limit, seed)
    assert {one.id for one in drawn} <= {one.id for one in sample(cases, limit + 5, seed)}


def test_answers_as_the_benchmark_wants_them() -> None:
    assert benchmark_answer(case("57"), row(57.0)) == "57"
    assert benchmark_answer(case("57"), row("57%")) == "57"
    assert benchmark_answer(case("Yes"), row(True)) == "Yes"
    assert benchmark_answer(case("True"), row(True)) == "True"
    assert benchmark_answer(case("B", choices={"A": "2009", "B": "2010"}), row(2010)) == "B"
    assert benchmark_answer(case("57"), row(None, "unanswerable")) is None
    assert benchmark_answer(case("57"), row(57.0, "steps")) is None


def test_scores() -> None:
    near = score(case("57"), row(58.0))
    assert (near.relaxed, near.published, near.strict) == (True, True, False)
    percent = score(case("57.5%"), replace(row(57.5), unit="%"))
    assert (percent.relaxed, percent.published, percent.strict) == (True, False, True)
    assert not score(case("True"), row(False)).relaxed
    assert score(case("B", choices={"A": "2009", "B": "2010"}), row("2010")).strict
    assert not score(case("57"), row(None, "unanswerable")).relaxed
    assert score(case("Not answerable"), row(None, "unanswerable")).strict
    assert not score(case("Not answerable"), row("Not answerable")).relaxed
    assert not score(case("Not answerable"), row(None, "error")).relaxed


def test_an_evaluation_writes_predictions_and_a_report(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_text(name)
    # The fake's chart holds 12.5, and no 3000.
    words = [("answer", "19.5"), ("answer now", "12.5"), ("refuse", "3000"), ("broken", "2")]
    cases = [
        Case(f"case {n}", str(tmp_path / "ab"[n % 2]) + ".png", text, gold, "human")
        for n, (text, gold) in enumerate(words)
    ]
    out = tmp_path / "out"
    found = run_eval(cases, out, Config(), engine())
    assert found.accuracy() == found.accuracy(strict=True) == 0.25
    assert [one.stage for one in found.scored] == [
        "",
        "understanding",
        "reading or computing",
        "crash",
    ]
    lines = read_lines(out / "predictions.jsonl")
    assert [line["id"] for line in lines] == [one.id for one in cases]
    assert [line["answer"] for line in lines] == ["19.5", "19.5", None, None]
    assert set(lines[0]) == {
        *("id", "answer", "unit", "confidence", "outcome", "mode", "seconds"),
    }
    text = (out / "REPORT.md").read_text()
    assert "| human | 4 | 25.0% | 25.0% | 25.0% | 50.0% | 50.0% |" in text
    assert "## Failures (3)" in text
    assert json.loads((out / "run.json").read_text())["score"]["relaxed"] == 1
    with pytest.raises(UsageError, match="holds a run of air eval: choose another"):
        begin(RunStore(out), "batch", Config(), [])
    again = run_eval(cases, out, Config(), engine())
    assert [one.row.resumed for one in again.scored] == [True, True, True, False]
    assert [line["answer"] for line in read_lines(out / "predictions.jsonl")][:2] == ["19.5"] * 2


def test_a_report_of_nothing() -> None:
    assert "Nothing was done" in report([], {})


def test_a_record_with_a_table_and_no_question_is_scored_as_a_table(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("a")
    (tmp_path / "b.png").write_text("broken")
    csv = "Year,Revenue,Costs\n" + "".join(
        f"{year},{REVENUE[year]},{COSTS[year]}\n" for year in REVENUE
    )
    (tmp_path / "t.csv").write_text(csv)
    lines = [
        {"id": "file", "image": "a.png", "table": "t.csv"},
        {"id": "inline", "image": "a.png", "table": csv.replace("19.5", "99")},
        {"id": "broken", "image": "b.png", "table": "t.csv"},
        {"id": "asked", "image": "a.png", "question": "answer", "answer": "19.5", "table": "t.csv"},
    ]
    (tmp_path / "q.jsonl").write_text("\n".join(map(json.dumps, lines)))
    cases = load_cases(tmp_path / "q.jsonl")
    out = tmp_path / "out"
    found = run_eval(cases, out, Config(), engine())
    assert [one.case.id for one in found.tables] == ["file", "inline", "broken"]
    assert [round(one.rms.f1, 3) for one in found.tables] == [1.0, 0.9, 0.0]
    assert [one.case.id for one in found.scored] == ["asked"]
    assert found.accuracy() == 1.0
    text = (out / "REPORT.md").read_text()
    assert "| all | 3 | 96.7 | 63.3 | 63.3 | 63.3 |" in text
    assert "the file is damaged" in text
    assert json.loads((out / "run.json").read_text())["score"]["rms_f1"] == 0.6333
    again = run_eval(cases, out, Config(), engine())
    assert [one.row.resumed for one in again.tables] == [True, True, False]


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text('{"image": "a.png", "table": "none.csv"}')
    with pytest.raises(UsageError, match=r"none\.csv: cannot be read"):
        load_cases(tmp_path / "q.jsonl")
