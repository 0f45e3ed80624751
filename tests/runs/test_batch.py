"""Batches: questions, documents, rows for everything, crashes, budgets, resuming after kill -9."""

from __future__ import annotations

import csv
import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from air_cli.batch import Plan, find_documents, plan_batch, run_batch
from air_cli.batch_questions import Ask, parse_questions
from air_cli.config import Config
from air_cli.engines.local import LocalEngine
from air_cli.errors import EnvironmentFault, Exit, UsageError
from air_cli.records import Question
from air_cli.settings import BatchSettings
from air_cli.store import read_lines
from air_cli.work import Engine, Worker
from air_cli.work_run import Progress, rows_csv
from tests.runs.fakes import FakeAnalyst


def engine(jobs: int = 1, seconds: float = 60.0) -> Callable[[Worker], Engine]:
    def make(worker: Worker) -> Engine:
        return LocalEngine(dataclasses.replace(worker, make=cast(Any, FakeAnalyst)), jobs, seconds)

    return make


def asks(*texts: str) -> list[Ask]:
    return [Ask(Question(f"q{n}", text)) for n, text in enumerate(texts, 1)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    (made / "sub").mkdir(parents=True)
    for name in ("b.png", "A.pdf", "sub/c.PNG"):
        (made / name).write_bytes(name.encode())
    (made / "notes.txt").write_text("")
    (made / ".hidden.png").write_text("x")
    return made


def run(plan: Plan, out: Path, jobs: int = 1, seconds: float = 60.0, **batch: Any) -> Progress:
    config = Config(batch=BatchSettings(**batch))
    return run_batch(plan, out, config, engine(jobs, seconds))


# --- questions.yaml -------------------------------------------------------------------------


def test_all_shapes_of_questions() -> None:
    full = """
questions:
  - id: growth
    ask: How much did it  grow?
    expects: number
    unit: "%"
    match: [a*.pdf, "*.png"]
    pages: 3-5,8
  - Which was highest?
"""
    first, second = parse_questions(full)
    assert first == Ask(
        Question("growth", "How much did it grow?", "number", "%"),
        ("a*.pdf", "*.png"),
        (3, 4, 5, 8),
    )
    assert second.question == Question("q2", "Which was highest?")
    assert [a.question.id for a in parse_questions("a: What?\nb: {ask: Why}")] == ["a", "b"]
    assert first.fits("sub/x.png")
    assert not first.fits("b.pdf")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "f: no questions"),
        ("questions: []", "f: no questions"),
        (
            "- ask: What?\n  exepcts: number",
            "f:2: unknown key 'exepcts': perhaps you meant expects?",
        ),
        ("- ask: What?\n  colour: red", "f:2: unknown key 'colour'; there is id, ask"),
        ("- id: a", "f:1: a question needs ask:"),
        ("- ask: A\n- ask: ' '", "f:2: the question is empty"),
        ("- {id: a, ask: A}\n- {id: a, ask: B}", "f:2: the id 'a' was given before"),
        ("- {ask: A, pages: 5-3}", "f:1: pages: '5-3' is not a page"),
        ("- {ask: A, pages: x}", "f:1: pages: 'x' is not a page"),
        ("- {ask: A, expects: nubmer}", "f:1: expects: 'nubmer' is not one of auto"),
        ("- {ask: A, id: }", "f:1: id must be a text"),
        ("- ask: A\n   id: [", "f:2: not valid YAML"),
        ("just text", "f:1: expected a list of questions"),
        ("ask: A", "f:1: a single question needs a list"),
        ("questions: [A]\nmodel: x", "f:1: 'model' stands beside questions:"),
        ("- [a]", "f:1: a question is a text or has the keys"),
        ("[" * 5000, "f"),
    ],
)
def test_mistakes_are_named_with_their_line(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_questions(text, "f")
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


# --- documents ------------------------------------------------------------------------------


def test_documents_are_found_in_a_stable_order(folder: Path) -> None:
    (folder / "run").mkdir()
    (folder / "run" / "overlay.png").write_text("")
    (folder / "loop").symlink_to(folder)
    found, skipped = find_documents(folder, folder / "run")
    assert [path.name for path in found] == ["A.pdf", "b.png", "c.PNG"]
    assert skipped == 1


def test_folders_that_will_not_do(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(UsageError, match="no such directory"):
        find_documents(tmp_path / "none")
    with pytest.raises(UsageError, match="is not a directory"):
        find_documents(folder / "b.png")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no documents"):
        plan_batch(tmp_path / "empty", asks("What?"))
    with pytest.raises(UsageError, match="no question fits"):
        plan_batch(folder, [Ask(Question("q1", "What?"), ("*.tiff",))])


def test_names_that_would_clash_have_places_of_their_own(tmp_path: Path) -> None:
    for name in ("a b.png", "a-b.png", "A-B.png"):
        (tmp_path / name).write_text(name)
    plan = plan_batch(tmp_path, asks("What?"))
    assert len({job.place.source.casefold() for job in plan.jobs}) == len(plan.jobs) == 3


# --- running --------------------------------------------------------------------------------


def test_every_document_and_question_gets_a_row(folder: Path, tmp_path: Path, capfd: Any) -> None:
    out = tmp_path / "run"
    plan = plan_batch(folder, asks("answer", "refuse", "broken", "bug"), out)
    progress = run(plan, out, jobs=2)
    assert capfd.readouterr().out == ""
    assert progress.exit == Exit.ITEMS
    assert progress.counts == {"answered": 3, "unanswerable": 3, "error": 6}
    lines = read_lines(out / "results.jsonl")
    assert [(line["source"], line["question_id"]) for line in lines] == [
        (name, f"q{n}") for name in ("A.pdf", "b.png", "sub/c.PNG") for n in (1, 2, 3, 4)
    ]
    assert lines[2]["error"] == f"{folder}/A.pdf: the file is damaged"
    assert lines[3]["error_kind"] == "bug"
    assert "ZeroDivisionError" in lines[3]["error"]
    table = list(csv.DictReader((out / "results.csv").open()))
    assert len(table) == 12
    report = (out / "REPORT.md").read_text()
    assert "### unreadable (3)" in report
    for line in lines:
        if line["item"]:
            assert (out / line["item"] / "trace.json").exists()
            assert f"({line['item']}/answer.md)" in report
    item = out / lines[0]["item"]
    names = {path.name for path in item.iterdir()}
    assert {"answer.md", "chart.csv", "answer.py", "figure.png", "overlay.png"} <= names
    about = json.loads((out / "run.json").read_text())
    assert about["complete"] is True
    assert len(about["inputs"]["b.png"]) == 64
    assert not (out / ".claims").exists()


def test_all_answered_is_exit_0_and_a_second_run_does_nothing(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    plan = plan_batch(folder, asks("answer"), out)
    assert run(plan, out).exit == Exit.OK
    stamps = {path: path.stat().st_mtime_ns for path in out.rglob("trace.json")}
    again = run(plan, out)
    assert again.exit == Exit.OK
    assert all(row.resumed for row in again.ordered)
    assert {path: path.stat().st_mtime_ns for path in out.rglob("trace.json")} == stamps


def test_what_changed_is_done_again(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    run(plan_batch(folder, asks("answer"), out), out)
    (folder / "b.png").write_bytes(b"another picture")
    again = run(plan_batch(folder, asks("answer"), out), out)
    assert [row.resumed for row in again.ordered] == [True, False, True]
    other = run(plan_batch(folder, asks("answer please"), out), out)
    assert not any(row.resumed for row in other.ordered)


def test_a_worker_that_dies_is_replaced_and_its_item_tried_again(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    plan = plan_batch(folder, asks("answer", f"die {tmp_path / 'died'}", "answer on"), out)
    assert run(plan, out, retries=1).exit == Exit.OK
    events = [line["event"] for line in read_lines(out / "log.jsonl")]
    assert events.count("retry") == 1


def test_without_retries_a_death_is_a_named_error(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    plan = plan_batch(folder, asks(f"die {tmp_path / 'died'}", "answer"), out)
    progress = run(plan, out, retries=0)
    assert progress.counts == {"answered": 5, "error": 1}
    assert progress.ordered[0].error == "the worker ended by signal 11"


def test_a_worker_that_hangs_is_ended(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    plan = plan_batch(folder, [Ask(Question("q1", "hang"), ("b.png",)), *asks()], out)
    progress = run(plan, out, seconds=1.5, retries=0)
    assert [row.error_kind for row in progress.ordered] == ["timeout"]


def test_the_failure_budget_stops_the_run(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    plan = plan_batch(folder, asks("broken", "answer"), out)
    progress = run(plan, out, max_failures=2)
    assert progress.stopped == "2 items failed (max_failures = 2)"
    assert progress.exit == Exit.ITEMS
    assert progress.counts["not done"] > 0
    assert "stopped early" in (out / "REPORT.md").read_text()


def test_a_lacking_environment_ends_the_run(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    plan = plan_batch(folder, asks("lacking"), out)
    with pytest.raises(EnvironmentFault, match=r"bubblewrap is missing \(install it\)"):
        run(plan, out)
    assert json.loads((out / "run.json").read_text())["complete"] is False


DRIVER = """
import dataclasses, sys
from pathlib import Path
from air_cli.batch import plan_batch, run_batch
from air_cli.config import Config
from tests.runs.test_batch import asks, engine
if __name__ == "__main__":
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    plan = plan_batch(folder, asks("slow 0.2", "slow 0.21", "slow 0.22"), out)
    run_batch(plan, out, Config(), engine(2))
"""


def start(tmp_path: Path, folder: Path, out: Path) -> subprocess.Popen[str]:
    driver = tmp_path / "driver.py"
    driver.write_text(DRIVER)
    root = Path(__file__).resolve().parents[2]
    return subprocess.Popen(
        [sys.executable, str(driver), str(folder), str(out)],
        text=True,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(root)},
        start_new_session=True,
    )


def wait_for_rows(out: Path, count: int) -> None:
    deadline = time.monotonic() + 30
    while len(read_lines(out / "results.jsonl")) < count:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_run_killed_in_the_middle_is_resumed(tmp_path: Path, folder: Path) -> None:
    out = tmp_path / "run"
    process = start(tmp_path, folder, out)
    wait_for_rows(out, 3)
    process.kill()
    process.wait()
    process.communicate()
    done = len(list(out.rglob("trace.json")))
    assert 3 <= done < 9
    second = start(tmp_path, folder, out)
    _, errors = second.communicate(timeout=60)
    assert second.returncode == 0, errors
    lines = read_lines(out / "results.jsonl")
    assert len(lines) == 9
    assert sum(line["resumed"] for line in lines) >= 3
    assert not [path for path in out.rglob("*") if path.name.startswith(".tmp")]


def test_an_interrupt_leaves_a_report_and_no_process(tmp_path: Path, folder: Path) -> None:
    out = tmp_path / "run"
    process = start(tmp_path, folder, out)
    wait_for_rows(out, 2)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert "KeyboardInterrupt" in errors
    assert "interrupted" in (out / "REPORT.md").read_text()
    assert json.loads((out / "run.json").read_text())["complete"] is False
    deadline = time.monotonic() + 10
    while lives(process.pid):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def lives(group: int) -> bool:
    """Whether a process of the group is left (Python's resource tracker goes a moment later)."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_spreadsheet_takes_no_text_for_a_formula(folder: Path, tmp_path: Path) -> None:
    progress = run(plan_batch(folder, asks("answer"), tmp_path / "run"), tmp_path / "run")
    row = dataclasses.replace(progress.ordered[0], text='=HYPERLINK("x")', value=-3.5)
    (line,) = list(csv.DictReader(rows_csv([row]).splitlines()))
    assert line["text"] == '\'=HYPERLINK("x")'
    assert line["value"] == "-3.5"
