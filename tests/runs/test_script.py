"""answer.py: runs alone with pandas, gives the recorded answer, is laid out as ruff would."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from air_cli.assets import asset
from air_cli.records import Answer, Exchange, Fault, Step, Text, Trace
from air_cli.script import COLUMNS, chart_csv, make_script, replayed_steps
from air_cli.script_closure import Package
from air_cli.script_literal import literal, quoted
from tests.runs.traces import REVENUE, chart, evidence, trace

TOOLKIT = asset("sandbox") / "toolkit"
ALONE = """
import runpy, sys
for name in ("air_cli", "sandbox", "PIL", "matplotlib", "cv2", "pymupdf", "yaml"):
    sys.modules[name] = None
runpy.run_path(sys.argv[1], run_name="__main__")
"""


def run(made: Trace, folder: Path) -> dict[str, str]:
    """Write the script and its data, run it as a stranger would, and read its lines."""
    (folder / "answer.py").write_text(make_script(made, TOOLKIT))
    (folder / "chart.csv").write_text(chart_csv(made.charts))
    done = subprocess.run(
        [sys.executable, "-I", "-c", ALONE, str(folder / "answer.py")],
        capture_output=True,
        text=True,
        cwd="/",
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return dict(line.split(": ", 1) for line in done.stdout.splitlines() if ": " in line)


def assert_formatted(folder: Path) -> None:
    """`answer.py` is as ruff formats it and free of undefined names."""
    ruff = Path(sys.executable).with_name("ruff")
    if not ruff.exists():
        pytest.skip("ruff is not installed")
    script = str(folder / "answer.py")
    for command in (
        ["format", "--diff", "--line-length", "100", "--isolated"],
        ["check", "--isolated", "--select", "F,I,E9"],
    ):
        done = subprocess.run([str(ruff), *command, script], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


CASES: list[tuple[str | tuple[str, ...], Any, str]] = [
    ('answer(chart.value("Revenue", 2023), unit="million $")', 19.5, "million $"),
    (
        (
            'a = chart.value("Revenue", 2019)\nb = chart.value("Revenue", 2023)',
            'print(f"from {a} to {b}")\nanswer(growth_rate(a, b), unit="%")',
        ),
        95.0,
        "%",
    ),
    ('answer(chart.series("Costs").highest().category)', "2023", ""),
    ('answer(chart.color("orange").mean(), unit="million $")', 9.7, "million $"),
    ('answer(float(np.median(chart.df["value"])), evidence=chart.points)', 10.5, ""),
    ('pick = getattr(chart, "order")\nanswer(pick("right")[0].value)', 12.0, ""),
    ('answer(chart.series("Revenue").last(1)[0].value > 15, text="yes, it was")', True, ""),
    (
        'answer([p.category for p in chart.series("Revenue").above(14)])',
        ["2022", "2023"],
        "",
    ),
    ('answer(document.chart("p1-f1").title.split()[0], evidence=chart.points[0])', "Revenue", ""),
]


@pytest.mark.parametrize(("code", "value", "unit"), CASES, ids=[str(c[0])[:30] for c in CASES])
def test_the_script_gives_the_answer_with_pandas_alone(
    tmp_path: Path, code: str | tuple[str, ...], value: Any, unit: str
) -> None:
    printed = run(trace(code, value, unit), tmp_path)
    got = json.loads(printed["value"])
    assert got == (pytest.approx(value) if isinstance(value, float) else value)
    assert printed.get("unit", "") == unit
    assert_formatted(tmp_path)


def test_another_chart_gives_another_answer(tmp_path: Path) -> None:
    made = trace()
    marks = tuple(dataclasses.replace(m, value=2.0 * (m.value or 0)) for m in made.charts[0].marks)
    changed = dataclasses.replace(made, charts=(dataclasses.replace(made.charts[0], marks=marks),))
    assert run(changed, tmp_path)["value"] == "39.0"


def test_failed_steps_are_left_out(tmp_path: Path) -> None:
    code = ("x = chart.value('Revenue', 2022)", "answer(x, unit='million $')")
    made = trace(code, 15.0)
    crash = Step(0, "code", "", code="1 / 0", fault=Fault("exception", "ZeroDivisionError"))
    refused = Step(0, "code", "", code="x = 99; answer(x)", fault=Fault("answer", "no evidence"))
    made = dataclasses.replace(made, steps=(crash, made.steps[0], refused, made.steps[1]))
    assert run(made, tmp_path)["value"] == "15.0"
    assert not {"1 / 0", "x = 99"} & set((tmp_path / "answer.py").read_text().splitlines())


def test_only_the_steps_of_who_answered_count() -> None:
    made = trace(("y = 1", 'answer(chart.value("Revenue", 2023), unit="million $")'))
    first, second = made.steps
    made = dataclasses.replace(
        made, steps=(dataclasses.replace(first, by="llama"), dataclasses.replace(second, by="b"))
    )
    assert [step.n for step in replayed_steps(made)] == [2]


@pytest.mark.parametrize(
    ("answer", "line", "expected"),
    [
        (Answer(19.5, "million $", evidence=evidence()), "value", "19.5"),
        (Answer("2023", evidence=evidence()), "value", '"2023"'),
        (Answer(True, text="Yes", evidence=evidence()), "text", "Yes"),
        (Answer(None, unanswerable="there is no 2030"), "unanswerable", "there is no 2030"),
    ],
)
def test_an_answer_without_code_is_looked_up(
    tmp_path: Path, answer: Answer, line: str, expected: str
) -> None:
    made = trace(steps=(Step(1, "direct", "a printed value", answer=answer),), answer=answer)
    assert run(made, tmp_path)[line] == expected
    assert_formatted(tmp_path)


def test_a_looked_up_answer_comes_from_the_data(tmp_path: Path) -> None:
    answer = Answer(19.5, "million $", evidence=evidence())
    made = trace(steps=(Step(1, "direct", "", answer=answer),), answer=answer)
    make = chart_csv(made.charts).replace("19.5", "20.5")
    run(made, tmp_path)
    (tmp_path / "chart.csv").write_text(make)
    done = subprocess.run(
        [sys.executable, "-I", str(tmp_path / "answer.py")], capture_output=True, text=True
    )
    assert "value: 20.5" in done.stdout


def test_what_the_reader_said_is_replayed(tmp_path: Path) -> None:
    code = (
        "texts = reread((10, 20, 30, 40))\nshow(None)\n"
        'answer(float(texts[0]["text"]), evidence=chart.points[0])'
    )
    said = (Text("12.5", (11.0, 21.0, 29.0, 39.0), confidence=0.98),)
    exchange = Exchange("reread", "p1-f1", (10.0, 20.0, 30.0, 40.0), 3.0, said)
    assert run(trace(code, 12.5, exchanges=(exchange,)), tmp_path)["value"] == "12.5"
    assert_formatted(tmp_path)


def test_hostile_words_stay_words(tmp_path: Path) -> None:
    bad = 'x"""\n\r\u2028import os; os._exit(7)\\'
    made = trace()
    question = dataclasses.replace(made.question, text=bad)
    named = dataclasses.replace(made.charts[0], title=bad, unit="'\"{}")
    step = dataclasses.replace(made.steps[0], reason=bad)
    made = dataclasses.replace(made, question=question, charts=(named,), steps=(step,))
    assert run(made, tmp_path)["value"] == "19.5"


def test_a_trace_without_an_answer_says_so(tmp_path: Path) -> None:
    (tmp_path / "answer.py").write_text(
        make_script(trace(answer=None, outcome="steps", error="8 steps are used up"), TOOLKIT)
    )
    done = subprocess.run(
        [sys.executable, "-I", str(tmp_path / "answer.py")], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (1, "no answer: 8 steps are used up\n")
    assert_formatted(tmp_path)


def test_no_two_modules_of_the_toolkit_define_the_same_name() -> None:
    package = Package(TOOLKIT, "sandbox.toolkit")
    names = [name for module in package.modules.values() for name in module.definitions]
    assert len(names) == len(set(names))


def test_chart_csv_is_tidy_and_exact() -> None:
    lines = chart_csv((chart(), chart("p2-f1"))).splitlines()
    assert lines[0].split(",") == list(COLUMNS)
    assert len(lines) == 1 + 4 * len(REVENUE)
    assert lines[1].startswith("p1-f1,Revenue,2019,2019.0,10.0,9.9,10.1,geometry,million $,#1f77b4")
    assert lines[-1].startswith("p2-f1,Costs,2023")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner),
    max_leaves=12,
)  # fmt: skip


@given(VALUES, st.integers(0, 40))
def test_a_literal_reads_back(value: Any, indent: int) -> None:
    assert eval(literal(value, indent)) == value


@given(st.text())
def test_a_quoted_text_reads_back_and_stays_on_its_line(text: str) -> None:
    assert eval(quoted(text)) == text
    assert len(quoted(text).splitlines()) == 1
