"""What the running text of a document says of a question."""

from __future__ import annotations

import pytest

from air_cli.read.excerpts import excerpts

FILLER = "\n".join(
    f"Acme continued to invest in its {thing} during the year, as described in the notes."
    for thing in ("plants", "brands", "people", "systems", "stores", "warehouses")
)
TEXTS = {
    1: FILLER,
    2: (
        "Employees\nAs of December 31, 2023, we had approximately 8,900 employees.\n"
        "Our employees share in the success of the company through a stock purchase plan.\n"
    ),
    3: (
        "The increase in gross margin was due to a favourable mix of products and to lower\n"
        "freight costs. Acme was incorporated under the laws of Delaware in 1969.\n"
    ),
    4: "Employees 8,900 8,700 8,500\nStores 1,138 1,144 1,159\nEmployees per store 7.8 7.6 7.3\n",
}


@pytest.mark.parametrize(
    ("question", "page", "words"),
    [
        ("How many employees does Acme have?", 2, "approximately 8,900 employees"),
        ("When was Acme incorporated?", 3, "in 1969"),
        ("What drove the increase in gross margin?", 3, "due to a favourable mix"),
    ],
)
def test_the_sentence_that_says_it(question: str, page: int, words: str) -> None:
    found = excerpts(question, TEXTS)
    assert found[0].page == page
    assert words in found[0].text


def test_a_sentence_that_goes_over_lines_is_whole() -> None:
    (first, *_) = excerpts("What drove the increase in gross margin?", TEXTS)
    assert first.text.endswith("lower freight costs.")


@pytest.mark.parametrize(
    "question", ["How many people live in France?", "Who are the largest shareholders?", "?"]
)
def test_nothing_where_nothing_is_said(question: str) -> None:
    assert excerpts(question, TEXTS) == []


def test_cells_of_tables_are_no_sentences() -> None:
    assert all(item.page != 4 for item in excerpts("employees per store", TEXTS))
