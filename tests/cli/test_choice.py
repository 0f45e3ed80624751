"""Which of several figures' answers is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pymupdf
import pytest

from air_cli.analyst_choice import related, settled, surest
from air_cli.records import Answer, Figure, Outcome, Question, Ranked, Trace
from tests.cli.command import ROOT, air, needs_jail
from tests.documents import INCOME, Report

CASH_FLOW = (
    ("(in millions)", "2021", "2022", "2023"),
    ("Net cash provided by operating activities", "$300.2", "$341.7", "$398.1"),
    ("Capital expenditures", "(120.45)", "(139.82)", "(161.19)"),
    ("Dividends paid", "(20.0)", "(22.0)", "(25.0)"),
    ("Net increase in cash", "$159.8", "$179.9", "$211.9"),
)


def trace(outcome: Outcome, confidence: float | None) -> Trace:
    answer = None if confidence is None else Answer(1.0, confidence=confidence)
    return Trace(Question("q1", "?"), (), (), (), (), outcome, answer)


REFUSED = trace("unanswerable", 0.0)
FAILED = trace("failed", None)


@pytest.mark.parametrize(
    ("traces", "kept"),
    [
        ([trace("answered", 0.8), trace("answered", 0.85)], 0),  # not clearly surer
        ([trace("answered", 0.63), trace("answered", 0.96)], 1),
        ([trace("answered", 0.4), REFUSED], 0),
        ([REFUSED, trace("answered", 0.2)], 1),
        ([REFUSED, FAILED], 0),
        ([FAILED], 0),
    ],
)
def test_the_surest_answer_is_kept(traces: list[Trace], kept: int) -> None:
    assert surest(traces) == kept


def test_when_no_other_figure_is_tried() -> None:
    assert settled(trace("answered", 0.9))
    assert settled(FAILED)
    assert not settled(trace("answered", 0.7))
    assert not settled(REFUSED)


def ranked(score: float, figures: int = 2) -> list[list[Ranked]]:
    figure = Figure("p1-f1", "sha", 1, (0.0, 0.0, 1.0, 1.0))
    return [[Ranked(figure, score)] * figures]


def test_an_answer_from_a_figure_of_other_things_is_less_sure() -> None:
    sure = trace("answered", 0.8)
    kept = related(ranked(0.05), sure).answer
    assert kept is not None
    assert kept.confidence == pytest.approx(0.4)
    assert "no word of the question" in kept.why
    assert related(ranked(2.0), sure) == sure
    assert related(ranked(0.05, figures=1), sure) == sure
    assert related(ranked(0.05), REFUSED) == REFUSED


@needs_jail
def test_where_no_figure_answers_the_text_is_quoted(tmp_path: Path) -> None:
    pdf = pymupdf.open(ROOT / "examples/report.pdf")
    page = pdf.new_page()
    said = "As of December 31, 2023, we had approximately 8,900 employees in eleven countries."
    page.insert_textbox((72, 72, 500, 200), said)
    pdf.save(tmp_path / "report.pdf")
    done = air("ask", "report.pdf", "How many employees are there?", cwd=tmp_path)
    assert f"page {len(pdf)} says: “{said}”" in done.out
    assert "doubtful" in done.out or done.out.startswith("cannot be answered")


def two_statements() -> bytes:
    """A report of two pages: an income statement and a cash flow statement."""
    made = Report()
    made.page()
    made.prose((60, 60, 552, 250))
    made.table((60, 300, 552, 460), INCOME)
    made.page()
    made.prose((60, 60, 552, 250))
    made.table((60, 300, 552, 400), CASH_FLOW)
    return made.save()


@needs_jail
def test_two_statements_say_nothing_of_what_is_never_mentioned(tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(two_statements())
    question = "capital expenditures of Zeltronic as a percentage of revenue in 2022"
    done = air("ask", "report.pdf", question, cwd=tmp_path)
    assert done.code == 3
    assert "never mentions Zeltronic" in done.out


@needs_jail
def test_two_statements_are_put_together(tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(two_statements())
    question = "capital expenditures as a percentage of revenue in 2022"
    done = air("ask", "report.pdf", question, "--format", "json", cwd=tmp_path)
    trace = json.loads(done.out)
    assert trace["answer"]["value"] == pytest.approx(100 * 139.82 / 1398.2)
    assert [figure["page"] for figure in trace["figures"]] == [2, 1]
    assert len(trace["sources"]) == 1


@needs_jail
def test_the_key_figures_come_from_the_statements_that_hold_them(tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(two_statements())
    done = air("ask", "report.pdf", "key figures?", "--format", "json", cwd=tmp_path)
    trace = json.loads(done.out)
    assert "2023: $398.1 million (+16.5%)" in trace["answer"]["text"]
    assert {figure["page"] for figure in trace["figures"]} == {1, 2}
    assert trace["answer"]["confidence"] > 0.8


@needs_jail
def test_a_question_of_no_page_finds_the_figures_of_a_long_report(tmp_path: Path) -> None:
    made = Report()
    for _ in range(20):
        made.page()
        made.prose((60, 60, 552, 700))
    made.page()
    made.table((60, 300, 552, 400), CASH_FLOW)
    (tmp_path / "report.pdf").write_bytes(made.save())
    done = air("ask", "report.pdf", "overview?", "--format", "json", cwd=tmp_path)
    assert [figure["page"] for figure in json.loads(done.out)["figures"]] == [21]
