"""The whole path with a GGUF that really reads the question and writes code."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from air_cli.loop import Budget, Solved, solve
from air_cli.reasoners.llama import Llama
from air_cli.records import Chart, Mode
from tests.llm.models import needs_llama, settings
from tests.loop.script import Jails, need_jail, revenue, task

pytestmark = needs_llama
ROOT = Path(__file__).resolve().parents[2]
PICTURE = ROOT / "examples" / "revenue.png"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.llm.scripted_gguf import write_scripted

    return write_scripted(tmp_path_factory.mktemp("scripted") / "scripted.gguf")


@pytest.fixture(scope="module")
def llama(model: Path) -> Iterator[Llama]:
    need_jail()
    made = Llama(settings(model, n_ctx=24576))
    yield made
    made.close()


def chart(seed: int) -> Chart:
    """A chart that nobody has seen: the years of `revenue` with other values."""
    dice = random.Random(seed)
    values = [round(dice.uniform(5, 95), 1) for _ in revenue().marks]
    marks = zip(revenue().marks, values, strict=True)
    return replace(
        revenue(),
        marks=tuple(replace(m, value=v, low=v, high=v, label=str(v)) for m, v in marks),
    )


def ask(
    llama: Llama, question: str, seed: int, mode: Mode = "code", samples: int = 1
) -> tuple[Solved, list[float]]:
    what = task(question, chart=chart(seed))
    solved = solve(what, llama, Jails(), Budget(), mode=mode, samples=samples)
    return solved, [mark.value or 0.0 for mark in what.charts[0].marks]


@pytest.mark.parametrize("seed", [1, 2])
def test_growth_takes_code_an_observation_and_code(llama: Llama, seed: int) -> None:
    solved, values = ask(llama, "What is the growth rate from 2019 to 2022?", seed)
    assert [step.fault for step in solved.trace.steps] == [None, None]
    assert f"{values[0]} {values[-1]}" in solved.trace.steps[0].stdout
    answer = solved.trace.answer
    assert answer is not None and answer.unit == "%"
    assert answer.value == pytest.approx((values[-1] - values[0]) / values[0] * 100)
    assert [e.category for e in answer.evidence] == ["2019", "2022"]


def test_other_questions_get_other_code(llama: Llama) -> None:
    solved, values = ask(llama, "Which year has the highest value?", 3)
    assert solved.trace.answer is not None
    assert solved.trace.answer.value == str(2019 + values.index(max(values)))
    solved, values = ask(llama, "What is the average of all years?", 4)
    assert solved.trace.answer is not None
    assert solved.trace.answer.value == pytest.approx(sum(values) / len(values))
    solved, _ = ask(llama, "What was the cost of 2020?", 5)
    assert solved.trace.outcome == "unanswerable"
    assert all(step.by == "llama" for step in solved.trace.steps)


def test_what_it_claims_to_see_must_agree_with_what_was_measured(llama: Llama) -> None:
    solved, values = ask(llama, "What is the value in the picture?", 6, "auto")
    fault = solved.trace.steps[0].fault
    assert fault is not None and "but measured was: Revenue 2019" in fault.message
    assert solved.trace.answer is not None and solved.trace.answer.value == values[0]


def test_a_model_that_insists_is_believed_less_and_checked(llama: Llama) -> None:
    solved, _ = ask(llama, "What is the value, and insist?", 7, "auto")
    assert solved.trace.answer is not None and solved.trace.answer.value == 98.75
    assert solved.trace.answer.confidence < 0.5
    assert "but measured was" in solved.trace.answer.why
    last = solved.trace.steps[-1]
    assert last.action == "reflect" and "confidence is only" in last.reason


def test_samples_of_a_gguf_agree_by_executed_answers(llama: Llama) -> None:
    solved, values = ask(llama, "What is the average of all years?", 8, samples=3)
    told = solved.trace.provenance["samples"]
    assert len(told) == 2, "two of three agree: no other answer can win"
    assert solved.trace.answer is not None and "all 2 samples agree" in solved.trace.answer.why
    assert solved.trace.answer.value == pytest.approx(sum(values) / len(values))
    assert told[1]["evaluated"] < 10, "the second rewinds to the end of the prompt"


@pytest.mark.slow
def test_air_ask_with_a_gguf_from_a_picture_to_a_checked_answer(model: Path) -> None:
    need_jail()
    question = "What is the growth rate from 2019 to 2023?"
    argv = [sys.executable, "-m", "air_cli", "ask", str(PICTURE), question, "--format", "json"]
    argv += ["--mode", "code", "--model", str(model), "--no-cache"]
    environment = {**os.environ, "AIR_REASONER_N_CTX": "24576", "AIR_REASONER_FALLBACK": "none"}
    done = subprocess.run(argv, capture_output=True, env=environment, cwd=ROOT, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    said = json.loads(done.stdout)
    answer = said["answer"] if "answer" in said else said[0]["answer"]
    # The example is drawn from 4.1 and 6.6, and its bars carry no labels.
    assert answer["value"] == pytest.approx(61.0, abs=1.0) and answer["unit"] == "%"
    assert {item["category"] for item in answer["evidence"]} == {"2019", "2023"}
