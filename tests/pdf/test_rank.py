"""Which page a question means: other names of a line, numbering, periods, words about form."""

from __future__ import annotations

import pytest

from air_cli.read.rank import Index, score_texts
from air_cli.read.rank_words import terms, understand

INCOME = """Consolidated Statements of Operations
Revenue\n 1,200\n 1,100\nCost of revenue\n 700\n 650\nOperating income\n 210\n 190
Provision for income taxes\n 40\n 35\nNet income\n 150\n 140\n"""
BALANCE = """Consolidated Balance Sheets
Cash and cash equivalents\n 90\n 80\nMerchandise inventories\n 310\n 300
Total current assets\n 600\n 550\nTotal current liabilities\n 400\n 390\nTotal assets\n 2,000\n"""
CASH = """Consolidated Statements of Cash Flows
Net cash provided by operating activities\n 260\nPurchases of property and equipment\n (80)\n"""
TALK = """Our gross margin, working capital and tax rate matter to us. Free cash flow, capital and
inventory are discussed elsewhere; the working capital that we need rises in the fourth quarter."""
PAGES = {1: TALK, 2: INCOME, 3: BALANCE, 4: CASH}


@pytest.mark.parametrize(
    ("question", "page"),
    [
        ("What is the effective tax rate in FY2021? Round to three decimals.", 2),
        ("What is the EBITDA margin?", 2),
        ("What is the net working capital?", 3),
        ("How much inventory was there at year end?", 3),
        ("What was the free cash flow?", 4),
        ("How did capex develop?", 4),
        ("What does page 1 say?", 1),
    ],
)
def test_the_statement_that_holds_a_ratio_comes_first(question: str, page: int) -> None:
    assert Index(question, PAGES).best(1) == [page]


def test_periods_are_one_term_however_written() -> None:
    assert terms("third quarter") == terms("Q3") == ["q3"]
    assert terms("3Q14") == terms("Q3 2014") == ["q3", "2014"]
    assert terms("FY19") == terms("fiscal year 19") == ["2019"]


def test_sentences_about_the_form_of_the_answer_do_not_count() -> None:
    asked = understand("What are the exports? Answer in tonnes, round to two decimals.")
    assert asked.terms == ("export",)
    assert understand("Round table sales").terms  # the only sentence is never dropped


def test_a_longer_name_hides_the_shorter_one_in_it() -> None:
    rows = {name for group in understand("interest coverage ratio").lines for name in group}
    assert frozenset({"interest", "expense"}) in rows
    turnover = understand("inventory turnover").lines
    assert len(turnover) == 2


def test_printed_page_numbers_win_over_counted_ones() -> None:
    index = Index("What is on page 3?", PAGES, {1: "i", 2: "ii", 3: "1", 4: "3"})
    assert index.best(1) == [4]


def test_a_text_without_a_word_of_the_question_scores_nothing() -> None:
    assert score_texts("zebras", [INCOME, TALK]) == [0.0, 0.0]
