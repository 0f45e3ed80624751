"""`air verify`: run the steps of every trace again in a fresh jail and compare the answers.

It claims that the code reproduces the answer from the chart as it was read; never that a model
would say the same again. Beside that it finds what was changed after the run: the trace, the files
beside it (by their hashes), and the input, where it is still there. Hashes guard against accidents
and careless edits, not against someone who recomputes them.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from air_cli.errors import ItemError, ReasonerFault, UsageError
from air_cli.jail.code import CodeJailPool
from air_cli.loop import Jail
from air_cli.protocol import check_answer
from air_cli.records import Answer, Ran, Step, Task, Trace, Value
from air_cli.script import chart_csv, replayed_steps
from air_cli.store import item_record, read_trace, trace_digest
from air_cli.store_exchanges import Handler, Replayer

# A slow machine must not fail what a fast one did: the limit of a step is the recorded one, longer.
PATIENCE = 3.0
STEP_SECONDS = 20.0

TakeJail = Callable[[Handler], Jail]
OnVerdict = Callable[["Verdict"], None]


@dataclass(frozen=True)
class Verdict:
    """What came of one trace. `differences` is empty when it was reproduced; `replayed` is the
    number of steps that ran (0: the answer was given without code, or there was none)."""

    path: str
    question: str
    differences: tuple[str, ...] = ()
    replayed: int = 0
    answer: str = ""
    seconds: float = 0.0

    @property
    def same(self) -> bool:
        return not self.differences


def verify_run(
    path: Path, take: TakeJail | None = None, on_verdict: OnVerdict = lambda verdict: None
) -> list[Verdict]:
    """Verify a run directory, an item's folder or a `trace.json`.

    `take` gives a fresh jail with the answerer of its requests; by default from a pool.
    Raises `UsageError` when there is nothing to verify, `EnvironmentFault` without a jail.
    """
    paths = find_traces(path)
    pool = CodeJailPool(1, total=len(paths)) if take is None else None
    try:
        verdicts = []
        for one in paths:
            verdicts.append(_verify(one, take or (pool.take if pool is not None else _no_jail)))
            on_verdict(verdicts[-1])
        return verdicts
    finally:
        if pool is not None:
            pool.close()


def _no_jail(handler: Handler) -> Jail:
    raise AssertionError("a pool or a way to take a jail is always there")


def find_traces(path: Path) -> list[Path]:
    """The traces below `path`, in order. Raises `UsageError` when there is none."""
    if path.is_file():
        return [path]
    if not path.exists():
        raise UsageError(f"{path}: no such file or directory")
    if (path / "trace.json").is_file():
        return [path / "trace.json"]
    found = sorted(
        one
        for one in path.rglob("trace.json")
        if not any(part.startswith(".") for part in one.relative_to(path).parts)
    )
    if not found:
        raise UsageError(f"{path}: holds no trace.json: not a run of air")
    return found


def _verify(path: Path, take: TakeJail) -> Verdict:
    start = time.perf_counter()
    try:
        trace = read_trace(path)
    except ItemError as error:
        return Verdict(str(path), "", (str(error),))
    differences = list(changed_files(path.parent, trace))
    steps = replayed_steps(trace)
    answer = ""
    if trace.answer is not None and not steps and any(step.code for step in trace.steps):
        giving = [s for s in trace.steps if s.answer is not None]
        if not any(_same_answer(s.answer, trace.answer) for s in giving):
            differences.append("no step gave the recorded answer")
    if steps and not trace.charts:
        differences.append("the trace holds no chart to replay the steps on")
        steps = []
    if steps:
        replayed, said = replay(trace, steps, path.parent, take)
        differences += said
        answer = _said(replayed)
    elif trace.answer is not None:
        differences += evidence_differences(trace)
        answer = _said(trace.answer)
    seconds = round(time.perf_counter() - start, 3)
    text = trace.question.text
    return Verdict(str(path), text, tuple(differences), len(steps), answer, seconds)


def replay(
    trace: Trace, steps: Sequence[Step], folder: Path, take: TakeJail
) -> tuple[Answer | None, list[str]]:
    """Run `steps` in order in a fresh jail; the answer of the last one, and what differs."""
    jail = take(Replayer(trace.exchanges, _pictures(folder, trace)))
    differences: list[str] = []
    touched: list[Mapping[str, Any]] = []
    ran = Ran()
    try:
        jail.load(trace.charts, _figures(folder, trace))
        for step in steps:
            ran = jail.run(step.code, PATIENCE * _limit(trace))
            if step.fault is not None and ran.answer is not None:
                jail.undo()  # as the host did, which refused the answer
            else:
                touched += ran.touched
            differences += _step_differences(step, ran)
    except ItemError as error:
        return None, [*differences, f"the replay broke: {error}"]
    finally:
        jail.close()
    if ran.answer is None:
        return None, [*differences, "the last step gives no answer"]
    task = Task(trace.question, trace.figures, trace.charts)
    try:
        answer = check_answer(ran.answer, touched, task, computed=True)
    except ReasonerFault as error:
        return None, [*differences, f"the answer is refused: {error}"]
    if not _same_answer(answer, trace.answer):
        differences.append(f"the answer is {_shown(answer)}, recorded was {_shown(trace.answer)}")
    return answer, differences


def _step_differences(step: Step, ran: Ran) -> Iterator[str]:
    """A step must succeed or fail as it did. An answer that the host refused ran well in the
    jail."""
    before = step.fault.kind if step.fault is not None and step.fault.kind != "answer" else ""
    after = ran.fault.kind if ran.fault is not None else ""
    if after and not before:
        message = (ran.fault.message if ran.fault else "").partition("\n")[0]
        yield f"step {step.n} fails now: {after}: {message}"
    elif before and not after:
        yield f"step {step.n} failed then ({before}) and succeeds now"


def evidence_differences(trace: Trace) -> Iterator[str]:
    """For an answer without code: whether the cells it names are in the charts as it says."""
    assert trace.answer is not None
    cells = {
        (chart.figure_id, mark.series, mark.category, mark.value)
        for chart in trace.charts
        for mark in chart.marks
    }
    for item in trace.answer.evidence:
        named = (item.figure_id, item.series, item.category, item.value)
        if item.value is not None and named not in cells:
            where = ", ".join(part for part in (item.series, item.category) if part)
            yield f"the evidence {where} = {item.value:g} is not in the chart"


def changed_files(folder: Path, trace: Trace) -> Iterator[str]:
    """What is no longer as the run left it: trace, files beside it, input."""
    item = item_record(trace)
    if item and item.get("trace") != trace_digest(trace):
        yield "trace.json was changed after the run"
    files = item.get("files")
    for name, wanted in sorted(files.items()) if isinstance(files, Mapping) else ():
        path = folder / Path(str(name)).name
        if not path.is_file():
            yield f"{path.name} is missing"
        elif _sha256(path) != wanted:
            yield f"{path.name} was changed after the run"
    table = folder / "chart.csv"
    if not item and table.is_file() and table.read_text("utf-8") != chart_csv(trace.charts):
        yield "chart.csv does not hold the charts of the trace"
    for source in trace.sources:
        path = Path(source.path)
        if source.sha256 and path.is_file() and _sha256(path) != source.sha256:
            yield f"the input {source.path} is another file now"


def _sha256(path: Path) -> str:
    try:
        with open(path, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


def _figures(folder: Path, trace: Trace) -> dict[str, bytes]:
    """The figures' pictures by id, where they lie beside the trace (as `item_files` names them)."""
    names = {
        figure.id: "figure.png" if number == 1 else f"figure-{number}.png"
        for number, figure in enumerate(trace.figures, 1)
    }
    return {id: data for id, name in names.items() if (data := _content(folder / name))}


def _pictures(folder: Path, trace: Trace) -> dict[str, bytes]:
    names = [Path(e.image).name for e in trace.exchanges if e.image]
    return {name: data for name in names if (data := _content(folder / name))}


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _limit(trace: Trace) -> float:
    budget = trace.provenance.get("budget")
    seconds = budget.get("step_seconds") if isinstance(budget, Mapping) else None
    return float(seconds) if isinstance(seconds, int | float) and seconds > 0 else STEP_SECONDS


def _same_answer(one: Answer | None, other: Answer | None) -> bool:
    if one is None or other is None:
        return one is other
    if (one.unanswerable is None) != (other.unanswerable is None):
        return False
    return one.unit == other.unit and same_value(one.value, other.value)


def same_value(one: Value, other: Value) -> bool:
    """Equal values; numbers up to the last bits, which another processor may round otherwise."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_value, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    return one == other


def _said(answer: Answer | None) -> str:
    """As a person reads it; `_shown` is for telling two answers apart."""
    return answer.text if answer is not None and answer.text else _shown(answer)


def _shown(answer: Answer | None) -> str:
    if answer is None:
        return "none"
    if answer.unanswerable is not None:
        return f"unanswerable: {answer.unanswerable}"
    return f"{answer.value} {answer.unit}".strip()
