"""The commands as a user runs them, on real files, with the real jail."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from air_cli.reasoners import REGISTRY
from air_cli.records import Chart, Trace, from_json
from tests.cli import inputs
from tests.cli.command import ROOT, air, home, needs_jail

QUESTION = "What were the sales in 2021?"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a chart."""
    folder = tmp_path_factory.mktemp("home")
    inputs.bar_chart(folder / "chart.png")
    return folder


@needs_jail
def test_ask_answers_with_evidence_and_code(place: Path) -> None:
    done = air("ask", "chart.png", QUESTION, cwd=place)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[0] == "50"
    assert "p1-f1, page 1" in done.out
    assert "2021" in done.out


@needs_jail
def test_ask_in_json_is_a_trace(place: Path) -> None:
    done = air("ask", "chart.png", QUESTION, "--format", "json", "-q", cwd=place)
    trace = from_json(Trace, json.loads(done.out))
    assert trace.outcome == "answered"
    assert trace.answer is not None
    assert trace.answer.value == 50
    assert [item.category for item in trace.answer.evidence] == ["2021"]
    settings = trace.provenance["settings"]
    assert settings["reasoner.name"] == "builtin"
    assert trace.provenance["versions"]["reader"]


@needs_jail
def test_ask_from_standard_input(place: Path) -> None:
    data = (place / "chart.png").read_bytes()
    done = air("ask", "-", QUESTION, cwd=place, stdin=data)
    assert done.out.splitlines()[0] == "50"
    data = f"{QUESTION}\n".encode()
    done = air("ask", "chart.png", "-Q", "-", cwd=place, stdin=data)
    assert "50" in done.out.splitlines()


@needs_jail
def test_a_scan_is_searched_by_what_its_figures_say(place: Path) -> None:
    charts = {
        "Apples picked, in tons": {"2019": 11, "2020": 22, "2021": 33, "2022": 44},
        "Bicycles repaired": {"2019": 80, "2020": 60, "2021": 40, "2022": 20},
    }
    inputs.scanned_pdf(place / "scan.pdf", charts)
    question = "How many bicycles were repaired in 2021?"
    done = air("ask", "scan.pdf", question, "--format", "json", cwd=place)
    trace = from_json(Trace, json.loads(done.out))
    assert [figure.page for figure in trace.figures] == [2]
    assert trace.answer is not None
    assert trace.answer.value == 40
    assert "used" in trace.considered[0]
    assert any("recognised" in line for line in trace.considered)


@needs_jail
def test_an_unanswerable_question_ends_with_3(place: Path) -> None:
    done = air("ask", "chart.png", "What was the weather in Paris?", cwd=place)
    assert done.code == 3
    assert done.out.startswith("cannot be answered")


@needs_jail
def test_ask_keeps_the_run_and_verify_replays_it(place: Path) -> None:
    done = air("ask", "chart.png", QUESTION, "--out", "run", "-o", "answer.md", cwd=place)
    assert (done.code, done.out) == (0, "")
    assert "**50**" in (place / "answer.md").read_text()
    (item,) = (place / "run/items").glob("*/*/*")
    names = {path.name for path in item.iterdir()}
    assert {
        "trace.json",
        "answer.md",
        "chart.csv",
        "figure.png",
        "overlay.png",
        "answer.py",
    } <= names
    for name in ("run.json", "results.jsonl", "results.csv", "REPORT.md", "log.jsonl"):
        assert (place / "run" / name).stat().st_size > 0
    script = subprocess.run(
        [sys.executable, str(item / "answer.py")],
        capture_output=True,
        text=True,
        cwd=item,
        check=True,
    )
    assert "50" in script.stdout
    assert air("verify", "run", cwd=place).code == 0
    trace = item / "trace.json"
    changed = json.loads(trace.read_text())
    changed["answer"]["value"] = 51
    trace.write_text(json.dumps(changed))
    differs = air("verify", "run", cwd=place)
    assert differs.code == 5
    assert "DIFFERS" in differs.out


@needs_jail
def test_a_wrong_page_leaves_no_run_behind(place: Path) -> None:
    done = air("ask", "chart.png", QUESTION, "--pages", "7", "--out", "gone", cwd=place)
    done.failed(2, "no page 7")
    assert not (place / "gone").exists()


@needs_jail
def test_read_gives_the_data_in_every_format(place: Path) -> None:
    done = air("read", "chart.png", "--format", "csv", cwd=place)
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert {row["category"]: float(row["value"]) for row in rows} == pytest.approx(inputs.VALUES)
    data = json.loads(air("read", "chart.png", "--format", "json", cwd=place).out)
    assert len(from_json(Chart, data["chart"]).marks) == 4
    assert "| 2021 | 50 |" in air("read", "chart.png", "--format", "md", cwd=place).out
    assert air("read", "chart.png", "-o", "chart.csv", cwd=place).out == ""
    assert (place / "chart.csv").read_text() == done.out


@needs_jail
def test_read_draws_an_overlay(place: Path) -> None:
    done = air("read", "chart.png", "--overlay", "seen.png", cwd=place)
    assert "overlay of p1-f1: seen.png" in done.err
    assert (place / "seen.png").read_bytes().startswith(b"\x89PNG")


@needs_jail
def test_figures_lists_and_writes_them(place: Path) -> None:
    report = ROOT / "examples/report.pdf"
    done = air("figures", report, "--out", "figs", "--format", "json", cwd=place)
    found = json.loads(done.out)
    assert [item["page"] for item in found] == sorted(item["page"] for item in found)
    assert found
    for item in found:
        assert (place / item["image"]).read_bytes().startswith(b"\x89PNG")
    everything = json.loads(air("figures", report, "--all", "--format", "json", cwd=place).out)
    assert len(everything) > len(found)


@needs_jail
def test_batch_and_its_resumption(place: Path) -> None:
    docs = place / "docs"
    docs.mkdir()
    inputs.bar_chart(docs / "a.png")
    (docs / "b.png").write_text("not a picture")
    (place / "q.yaml").write_text(f'sales: "{QUESTION}"\n')
    for again in (False, True):
        done = air("batch", "docs", "--ask", "q.yaml", "--out", "batch", cwd=place)
        assert done.code == 3
        assert done.out == "batch/REPORT.md\n"
        rows = [json.loads(line) for line in (place / "batch/results.jsonl").open()]
        assert [(row["source"], row["outcome"]) for row in rows] == [
            ("a.png", "answered"),
            ("b.png", "error"),
        ]
        assert rows[0]["resumed"] is again
    refused = air("batch", "docs", "--ask", "q.yaml", "--out", "batch", "--no-resume", cwd=place)
    refused.failed(2, "batch", "--resume")


@needs_jail
def test_eval_scores(place: Path) -> None:
    lines = [
        {"id": "1", "image": "chart.png", "question": QUESTION, "answer": "50"},
        {"id": "2", "image": "chart.png", "question": "Sales in 2020?", "answer": "99"},
    ]
    (place / "gold.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    done = air("eval", "gold.jsonl", "--out", "eval", cwd=place)
    assert "relaxed 50.0%" in done.out
    predictions = [json.loads(line) for line in (place / "eval/predictions.jsonl").open()]
    assert [(p["id"], p["answer"]) for p in predictions] == [("1", "50"), ("2", "35")]


@needs_jail
def test_the_cache_is_used_and_can_be_left(place: Path) -> None:
    def cached(*flags: str) -> list[str]:
        done = air("ask", "chart.png", QUESTION, "--format", "json", *flags, cwd=place)
        found: list[str] = json.loads(done.out)["provenance"]["read_from_cache"]
        return found

    cached()
    assert cached() == ["p1-f1"]
    assert cached("--no-cache") == []


@needs_jail
def test_each_flag_reaches_what_it_is_for(place: Path) -> None:
    def trace(*flags: str) -> Trace:
        done = air("ask", "chart.png", QUESTION, "--format", "json", *flags, cwd=place)
        return from_json(Trace, json.loads(done.out))

    assert trace("--mode", "reflect").provenance["mode"] == "reflect"
    assert trace("--expects", "number").question.expects == "number"
    assert trace("--figure", "p1-f1").figures[0].id == "p1-f1"
    (place / "replies.jsonl").write_text(json.dumps("<code>answer(chart.value('2020'))</code>"))
    (place / "air.toml").write_text("[reasoner]\nreplies = 'replies.jsonl'\n[policy]\nsteps = 1\n")
    replayed = trace("--reasoner", "replay")
    (place / "air.toml").unlink()
    assert replayed.provenance["settings"]["policy.steps"] == 1
    assert replayed.steps[0].by == "replay"


def test_quiet_and_verbose(place: Path) -> None:
    air("config", "--bogus", cwd=place).failed(2, "--bogus", "air config --help")
    air("ask", "chart.png", QUESTION, "-q", "-v", cwd=place).failed(2, "exclude")


@needs_jail
def test_verbose_tells_the_seconds_of_each_stage(place: Path) -> None:
    done = air("ask", "chart.png", QUESTION, "-v", "--no-cache", cwd=place)
    assert "read.ocr" in done.err
    assert "solve" in done.err


def test_config_shows_values_and_origins(place: Path) -> None:
    done = air("config", cwd=place, env={"AIR_MODE": "code"})
    assert 'mode = "code"' in done.out
    assert "# AIR_MODE" in done.out
    values = json.loads(air("config", "--format", "json", cwd=place).out)["values"]
    assert values["policy.mode"] == {
        "value": "auto",
        "from": "default",
        "variable": "AIR_POLICY_MODE",
    }


@needs_jail
def test_doctor_has_a_line_for_each_fact(place: Path) -> None:
    done = air("doctor", "--format", "json", cwd=place)
    names = {item["name"] for item in json.loads(done.out)}
    wanted = {"bubblewrap", "jail", "/proc", "ocr", "fonts", "llama.cpp", "cache", "memory", "disk"}
    assert wanted <= names
    assert done.code == 0, done.out
    assert air("doctor", cwd=place).out.count("\n") == len(names)


def test_version_help_and_completion(place: Path) -> None:
    assert air("--version", cwd=place).out.startswith("air 0.")
    for arguments in ([], ["--help"], ["-h"]):
        done = air(*arguments, cwd=place)
        assert done.code == 0
        assert "Exit status" in done.out
    env = {"_AIR_COMPLETE": "complete_bash", "COMP_WORDS": "air ver", "COMP_CWORD": "1"}
    assert "verify" in air(cwd=place, env=env).out


def test_help_is_light(place: Path) -> None:
    """A tenth of a second of CPU on a quiet machine, the best of five; a busy one takes half as
    much again, and a heavy import several times as much."""
    program = (
        "import os, subprocess, sys\n"
        "def once():\n"
        "    before = os.times()\n"
        "    command = [sys.executable, '-m', 'air_cli', '--help']\n"
        "    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)\n"
        "    after = os.times()\n"
        "    return sum(after[2:4]) - sum(before[2:4])\n"
        "print(min(once() for _ in range(5)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=home(place), check=True
    )
    assert float(done.stdout) < 0.2


@needs_jail
def test_an_interrupt_leaves_nothing_behind(place: Path) -> None:
    import signal

    for number in (signal.SIGINT, signal.SIGTERM):
        process = subprocess.Popen(
            [sys.executable, "-m", "air_cli", "read", "chart.png", "--no-cache", "-o", "late.csv"],
            cwd=place,
            env=home(place),
            stderr=subprocess.PIPE,
            text=True,
        )
        time.sleep(1.0)
        os.kill(process.pid, number)
        _, err = process.communicate(timeout=30)
        if process.returncode == 0:
            pytest.skip("it was done before it could be interrupted")
        assert (process.returncode, err) == (130, "air: interrupted\n")
        assert not (place / "late.csv").exists()


@pytest.mark.parametrize("command", ["ask", "batch", "eval"])
def test_help_names_every_reasoner(place: Path, command: str) -> None:
    (line,) = (
        line for line in air(command, "--help", cwd=place).out.splitlines() if "--reasoner" in line
    )
    assert all(name in line for name in REGISTRY)
