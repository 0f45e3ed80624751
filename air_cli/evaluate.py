"""`air eval`: a benchmark run like a batch, scored as the field scores it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from air_cli import scoring
from air_cli.config import Config
from air_cli.errors import EnvironmentFault
from air_cli.evaluate_cases import Case
from air_cli.evaluate_report import Scored, report
from air_cli.evaluate_tables import Tabulated, tabulated
from air_cli.records import Question, Trace, canonical
from air_cli.scoring_evidence import hits
from air_cli.scoring_meant import meant_match
from air_cli.store import Place, RunStore, distinct_slugs, read_trace_or_none
from air_cli.work import Engine, Job, Row, Worker
from air_cli.work_run import OnRow, Progress, begin, finish, run_jobs

EngineMaker = Callable[[Worker], Engine]


@dataclass(frozen=True)
class Evaluation:
    """What came of it: the run, and a score for every question and every table that was done."""

    progress: Progress
    scored: tuple[Scored, ...]
    tables: tuple[Tabulated, ...] = ()

    def accuracy(self, *, strict: bool = False) -> float:
        """Share of right answers among all cases that were done; a refusal is right only where the
        question has no answer."""
        right = sum(one.strict if strict else one.relaxed for one in self.scored)
        return right / len(self.scored) if self.scored else 0.0


def run_eval(
    cases: Sequence[Case],
    out: Path,
    config: Config,
    make_engine: EngineMaker,
    on_row: OnRow = lambda row, done, total: None,
) -> Evaluation:
    """Answer and score `cases` in the run directory `out`.

    Writes `predictions.jsonl` (id, answer as a benchmark wants it, unit, confidence, outcome, mode,
    seconds) and `REPORT.md`, also when the run is interrupted; started again, it goes on.
    Raises `EnvironmentFault`, `KeyboardInterrupt`.
    """
    jobs = _jobs(cases)
    store = RunStore(out)
    begin(store, "eval", config, jobs)
    progress = Progress(jobs)
    try:
        engine = make_engine(Worker(config, out, files="trace"))
        run_jobs(store, config, engine, progress, on_row)
    except (KeyboardInterrupt, EnvironmentFault) as error:
        progress.stopped = str(error) or "interrupted"
        raise
    finally:
        scored = _scored(cases, jobs, progress, out)
        tables = tabulated(cases, [progress.rows.get(job) for job in jobs], out)
        lines = [canonical(prediction(one.case, one.row)) + "\n" for one in scored]
        store.write("predictions.jsonl", "".join(lines))
        store.write("REPORT.md", report(scored, progress.counts, progress.stopped, tables))
        finish(store, "eval", config, progress, score=_score(scored, tables))
    return Evaluation(progress, tuple(scored), tuple(tables))


def _jobs(cases: Sequence[Case]) -> tuple[Job, ...]:
    names = {case.path: case.name or case.path for case in cases}
    sources = distinct_slugs(list(dict.fromkeys(names.values())))
    ids = distinct_slugs([case.id for case in cases])
    return tuple(
        Job(
            path=case.path,
            name=names[case.path],
            question=Question(
                case.id, case.question, _expects(case), choices=tuple(case.choices.values())
            ),
            place=Place(sources[names[case.path]], ids[case.id]),
        )
        for case in cases
    )


def _expects(case: Case) -> str:
    """What the benchmark's own format says of the answer; never anything that the gold says."""
    return "bool" if case.kind.casefold() in ("tf", "true/false", "bool") else "auto"


def _scored(
    cases: Sequence[Case], jobs: Sequence[Job], progress: Progress, out: Path
) -> list[Scored]:
    return [
        _traced(score(case, progress.rows[job]), out)
        for case, job in zip(cases, jobs, strict=True)
        if job in progress.rows and case.question
    ]


def _traced(one: Scored, out: Path) -> Scored:
    """With what only its trace tells: where it went wrong, and its evidence against the gold's."""
    if one.relaxed and not one.case.boxes:
        return one
    trace = read_trace_or_none(out / one.row.item / "trace.json") if one.row.item else None
    if not one.relaxed:
        one = replace(one, stage=stage(one, trace))
    if one.case.boxes and trace is not None and trace.answer is not None:
        said = [item.bbox_pt or item.bbox_px for item in trace.answer.evidence]
        one = replace(one, evidence=hits(one.case.boxes, said))
    return one


def stage(one: Scored, trace: Trace | None) -> str:
    """Where a wrong answer went wrong, as far as the trace tells.

    `crash`: no trace at all; `loop`: no answer and no refusal; `understanding`: what was asked for
    stands in the chart as it was read; otherwise `reading or computing`.
    """
    if one.row.outcome == "error":
        return "crash"
    if not one.row.done:
        return "loop"
    charts = trace.charts if trace is not None else ()
    held = {text for c in charts for m in c.marks for text in (m.series, m.category)}
    held |= {scoring.bare(m.value) or "" for c in charts for m in c.marks}
    gold = one.case.choices.get(one.case.gold, one.case.gold)
    if any(scoring.strict_match(gold, text) for text in held if text):
        return "understanding"
    return "reading or computing"


def score(case: Case, row: Row) -> Scored:
    """A case with what was answered: by what it means, by the published scorer, and strict."""
    predicted = benchmark_answer(case, row)
    if scoring.is_refusal(case.gold):
        right = row.outcome == "unanswerable"
        return Scored(case, row, predicted, right, right, published=right)
    if case.choices or case.gold in ("True", "False"):
        right = predicted is not None and predicted.casefold() == case.gold.casefold()
        return Scored(case, row, predicted, right, right, published=right)
    told = scoring.sentence_match(case.gold, predicted, case.question)
    strict = told or scoring.strict_match(case.gold, predicted, case.question)
    published = scoring.relaxed_match(case.gold, predicted)
    if predicted is None:
        return Scored(case, row, predicted, False, False)
    meant = meant_match(case.gold, row.value, row.unit)
    if meant and not (published or strict):
        strict = meant_match(case.gold, row.value, row.unit, scoring.STRICT)
    return Scored(case, row, predicted, told or meant, strict, published=published)


def benchmark_answer(case: Case, row: Row) -> str | None:
    """The answer as the benchmark wants it: a bare number or text, a letter where there are
    choices, True or False where the gold is; None when refused or failed."""
    if row.outcome != "answered":
        return None
    answer = scoring.bare(row.value)
    if case.choices:
        return scoring.choose(answer, case.choices)
    if case.gold in ("True", "False"):
        return scoring.truth(answer)
    return answer


def prediction(case: Case, row: Row) -> dict[str, Any]:
    """A line of `predictions.jsonl`."""
    return {
        "id": case.id,
        "answer": benchmark_answer(case, row),
        "unit": row.unit,
        "confidence": row.confidence,
        "outcome": row.outcome,
        "mode": row.mode,
        "seconds": row.seconds,
    }


def _score(scored: Sequence[Scored], tables: Sequence[Tabulated]) -> dict[str, Any]:
    f1 = round(sum(one.rms.f1 for one in tables) / len(tables), 4) if tables else None
    return {
        **({"tables": len(tables), "rms_f1": f1} if tables else {}),
        "cases": len(scored),
        "relaxed": sum(one.relaxed for one in scored),
        "published": sum(one.published for one in scored),
        "strict": sum(one.strict for one in scored),
        "answered": sum(one.predicted is not None for one in scored),
    }
