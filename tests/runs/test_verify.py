"""Verifying runs in the real code jail: what is whole passes, what was changed is found."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from air_cli.assets import asset
from air_cli.errors import EnvironmentFault, UsageError
from air_cli.jail.code import CodeJail, CodeJailPool
from air_cli.records import Answer, Exchange, Fault, Step, Text, Trace, to_json
from air_cli.script import chart_csv, make_script
from air_cli.store import Place, RunStore
from air_cli.store_exchanges import Handler, Recorder
from air_cli.verify import Verdict, find_traces, same_value, verify_run
from tests.runs.traces import evidence, trace

TOOLKIT = asset("sandbox") / "toolkit"


@pytest.fixture(scope="module")
def pool() -> Iterator[CodeJailPool]:
    try:
        made = CodeJailPool(1)
        made.take().close()
    except EnvironmentFault as fault:
        if os.environ.get("AIR_JAIL_REQUIRED"):
            raise
        pytest.skip(str(fault))
    yield made
    made.close()


def stored(folder: Path, made: Trace, name: str = "q1") -> Path:
    """An item on disk, as a run leaves it."""
    files: dict[str, bytes | str] = {
        "chart.csv": chart_csv(made.charts),
        "answer.py": make_script(made, TOOLKIT),
    }
    return RunStore(folder).save(Place("revenue.png", name), "p1-f1", made, "key", files)


def verdict(item: Path, pool: CodeJailPool) -> Verdict:
    def take(handler: Handler) -> CodeJail:
        return pool.take(handler)

    (only,) = verify_run(item, take)
    return only


def edit(path: Path, **changes: Any) -> None:
    data = json.loads(path.read_text())
    data.update(changes)
    path.write_text(json.dumps(data))


GROWTH = (
    'a = chart.value("Revenue", 2019)\nb = chart.value("Revenue", 2023)',
    'answer(growth_rate(a, b), unit="%")',
)


def test_a_run_as_it_was_left_is_reproduced(tmp_path: Path, pool: CodeJailPool) -> None:
    stored(tmp_path, trace(GROWTH, 95.0, "%"))
    stored(tmp_path, trace(), "q2")
    verdicts = verify_run(tmp_path)
    assert [(v.differences, v.replayed) for v in verdicts] == [((), 2), ((), 1)]
    assert verdicts[0].answer == "95%"


def test_a_trace_alone_will_do(tmp_path: Path, pool: CodeJailPool) -> None:
    item = stored(tmp_path, trace(GROWTH, 95.0, "%"))
    alone = tmp_path / "elsewhere.json"
    data = json.loads((item / "trace.json").read_text())
    del data["provenance"]["item"]
    alone.write_text(json.dumps(data))
    assert verdict(alone, pool).same


def test_a_refused_answer_is_taken_back_in_the_replay_too(
    tmp_path: Path, pool: CodeJailPool
) -> None:
    made = trace(GROWTH, 95.0, "%")
    first, second = made.steps
    fault = Fault("answer", "it has no evidence")
    refused = dataclasses.replace(first, n=2, code="a = 1.0\nanswer(a)", fault=fault)
    steps = (first, refused, dataclasses.replace(second, n=3))
    item = stored(tmp_path, dataclasses.replace(made, steps=steps))
    assert verdict(item, pool).differences == ()


@pytest.mark.parametrize("what", ["answer", "unit", "chart", "code", "refusal"])
def test_a_changed_trace_gives_another_answer(
    tmp_path: Path, pool: CodeJailPool, what: str
) -> None:
    made = trace(GROWTH, 95.0, "%")
    assert made.answer is not None
    data = json.loads(json.dumps(to_json(made)))
    if what == "answer":
        data["answer"]["value"] = data["steps"][1]["answer"]["value"] = 59.0
    elif what == "unit":
        data["answer"]["unit"] = data["steps"][1]["answer"]["unit"] = "$"
    elif what == "chart":
        data["charts"][0]["marks"][4]["value"] = 91.5
    elif what == "code":
        data["steps"][0]["code"] = data["steps"][0]["code"].replace("2023", "2022")
    else:
        data["answer"]["unanswerable"] = data["steps"][1]["answer"]["unanswerable"] = "no"
    path = tmp_path / "trace.json"
    path.write_text(json.dumps(data))
    found = verdict(path, pool)
    assert not found.same
    assert "recorded was" in found.differences[-1]


def test_an_answer_that_no_step_gave_is_found(tmp_path: Path, pool: CodeJailPool) -> None:
    item = stored(tmp_path, trace())
    answer = json.loads((item / "trace.json").read_text())["answer"]
    edit(item / "trace.json", answer={**answer, "value": 29.5})
    differences = verdict(item, pool).differences
    assert "trace.json was changed after the run" in differences
    assert "no step gave the recorded answer" in differences


@pytest.mark.parametrize("name", ["chart.csv", "answer.py", "step-01.py"])
def test_changed_and_missing_files_are_found(tmp_path: Path, pool: CodeJailPool, name: str) -> None:
    item = stored(tmp_path, trace())
    (item / name).write_text("changed")
    assert verdict(item, pool).differences == (f"{name} was changed after the run",)
    (item / name).unlink()
    assert verdict(item, pool).differences == (f"{name} is missing",)


def test_a_torn_trace_is_a_difference(tmp_path: Path, pool: CodeJailPool) -> None:
    item = stored(tmp_path, trace())
    (item / "trace.json").write_text('{"question"')
    assert "not a trace of AIR" in verdict(item, pool).differences[0]


def test_another_input_is_found(tmp_path: Path, pool: CodeJailPool) -> None:
    (tmp_path / "in.png").write_bytes(b"another")
    made = trace()
    source = dataclasses.replace(made.sources[0], path=str(tmp_path / "in.png"))
    item = stored(tmp_path / "run", dataclasses.replace(made, sources=(source,)))
    assert verdict(item, pool).differences == (
        f"the input {tmp_path / 'in.png'} is another file now",
    )


def test_failed_steps_fail_again_and_what_the_reader_said_is_replayed(
    tmp_path: Path, pool: CodeJailPool
) -> None:
    first = "said = reread((10, 20, 30, 40))\n"
    code = first + 'answer(float(said[0]["text"]), evidence=chart.points[0])'
    made = trace(("x = 1 / 0", code), 12.5, "")
    failed = dataclasses.replace(made.steps[0], fault=Fault("exception", "ZeroDivisionError"))
    said = Exchange(
        "reread", "p1-f1", (10.0, 20.0, 30.0, 40.0), 3.0, (Text("12.5", (1.0, 2.0, 3.0, 4.0)),)
    )
    made = dataclasses.replace(made, steps=(failed, made.steps[1]), exchanges=(said,))
    assert verdict(stored(tmp_path, made), pool).differences == ()
    forgot = dataclasses.replace(made, exchanges=())
    found = verdict(stored(tmp_path / "b", forgot), pool)
    assert "holds no such request" in found.differences[0]


def test_a_value_mended_by_a_second_look_is_mended_again(
    tmp_path: Path, pool: CodeJailPool
) -> None:
    """The script and the replay have no reader: what it said is in the trace."""

    def reader(request: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        return {"texts": [to_json(Text("10.25", (1.0, 2.0, 3.0, 4.0)))]}, []

    code = (
        'checks = recheck_all([chart.point("Revenue", 2019)])\n'
        'answer(mended(chart, checks).value("Revenue", 2019), unit="million $")'
    )
    made = trace(code, 10.25)
    recorder = Recorder(reader)
    with pool.take(recorder) as jail:
        jail.load(made.charts, {})
        ran = jail.run(code, 20.0)
    assert ran.fault is None
    assert ran.answer is not None
    assert ran.answer["value"] == 10.25
    made = dataclasses.replace(made, exchanges=recorder.exchanges)
    item = stored(tmp_path, made)
    assert verdict(item, pool).differences == ()
    done = subprocess.run(
        [sys.executable, "-I", str(item / "answer.py")], capture_output=True, text=True
    )
    assert "value: 10.25" in done.stdout, done.stderr


def test_an_answer_without_code_must_have_its_evidence(tmp_path: Path, pool: CodeJailPool) -> None:
    answer = Answer(19.5, "million $", evidence=evidence())
    made = trace(steps=(Step(1, "direct", "", answer=answer),), answer=answer)
    assert verdict(stored(tmp_path, made), pool).same
    wrong = dataclasses.replace(answer, evidence=(dataclasses.replace(evidence()[0], value=7.0),))
    made = dataclasses.replace(made, answer=wrong)
    assert "is not in the chart" in verdict(stored(tmp_path, made), pool).differences[0]


def test_nothing_to_verify_is_a_mistake_of_the_user(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"holds no trace\.json"):
        find_traces(tmp_path)
    with pytest.raises(UsageError, match="no such file"):
        find_traces(tmp_path / "none")


def test_values_are_compared_up_to_the_last_bits() -> None:
    assert same_value(0.1 + 0.2, 0.3)
    assert same_value([1, "a"], [1.0, "a"])
    assert not same_value(True, 1)
    assert not same_value("1", 1)
    assert not same_value(1.0, 1.0001)
