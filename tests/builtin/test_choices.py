"""Questions with choices, changes between ends, and statements about how values move."""

from __future__ import annotations

from typing import Any

import pytest

from air_cli.reasoners.builtin import attempts
from air_cli.records import Chart
from tests.builtin.asking import value
from tests.toolkit.charts import chart_of, run, session_of

LINE = chart_of(
    {"": [19.0, 17.5, 14.9, 18.8, 9.9, 12.0]},
    ["2005", "2006", "2007", "2008", "2009", "2010"],
    kind="line",
)
PARTS = chart_of(
    {
        "Cards": [620.0, 624.0, 597.0],
        "Loans": [2500.0, 2491.0, 2837.0],
        "Fees": [490.0, 546.0, 584.0],
    },
    ["4Q13", "2Q14", "4Q14"],
    kind="grouped-bar",
)  # fmt: skip


def chosen(question: str, chart: Chart, *choices: str) -> Any:
    """The choice that the first attempt that runs gives."""
    for attempt in attempts(question, (chart,), "auto", choices):
        try:
            report = run(session_of(chart), attempt.code)
        except Exception:  # noqa: BLE001 - as the loop: the next attempt is tried
            continue
        assert report.answer is not None
        return report.answer.get("value")
    raise AssertionError(question)


@pytest.mark.parametrize(
    ("question", "chart", "choices", "wanted"),
    [
        ("Which year had the lowest value?", LINE, ("2005", "2007", "2008"), 1),
        ("Which year had the highest value?", LINE, ("2007", "2008", "2010"), 1),
        ("What is the trend?", LINE, ("It rose overall", "It remained constant",
                                      "It decreased overall with fluctuations"), 2),
        ("Over which period did it fall most?", LINE, ("2005 to 2006", "2008 to 2009"), 1),
        ("Which part showed the largest increase from 4Q13 to 4Q14?", PARTS,
         ("Cards", "Loans", "Fees"), 1),
        ("Which part decreased from 4Q13 to 4Q14?", PARTS, ("Cards", "Loans", "Fees"), 0),
        ("Which part showed the largest increase from 4Q13 to 4Q14?", PARTS,
         ("$620 to $597", "$2,500 to $2,837", "$490 to $584"), 1),
    ],
)  # fmt: skip
def test_one_of_the_choices(
    question: str, chart: Chart, choices: tuple[str, ...], wanted: int
) -> None:
    assert chosen(question, chart, *choices) == choices[wanted]


@pytest.mark.parametrize(
    ("question", "chart", "wanted"),
    [
        ("By what percentage did it fall from 2005 to its lowest point?", LINE, 47.89),
        ("By how much did it fall from its peak to 2010?", LINE, 7.0),
        ("What is the percentage decrease from its peak in May ($2.82) to its low in June ($1.06)?",
         LINE, 62.41),
        ("Was the value in 2005 higher than the average of $17.6 billion?", LINE, True),
        ("It reached its lowest value in 2009.", LINE, True),
        ("It reached its lowest value in 2007.", LINE, False),
        ("In 2009, the value decreased.", LINE, True),
        ("In 2010, the value decreased.", LINE, False),
        ("Loans were the largest part in every quarter.", PARTS, True),
        ("Cards were the largest part in every quarter.", PARTS, False),
        ("Fees were higher than Cards at any point.", PARTS, False),
        ("In 2008, it was lower than the S&P 500 in 2005.", LINE, True),
    ],
)  # fmt: skip
def test_changes_and_statements(question: str, chart: Chart, wanted: Any) -> None:
    found = value(question, chart)
    assert found == (pytest.approx(wanted, rel=1e-3) if isinstance(wanted, float) else wanted)


@pytest.mark.parametrize(
    ("statement", "truth"),
    [
        ("Loans rose from 2500 in 4Q13 to 2837 in 4Q14.", True),
        ("Loans rose from 2500 in 4Q13 to 2700 in 4Q14.", False),
        ("By 4Q14, Fees had the highest value.", False),
        ("Fees and Loans are both present in 2Q14.", True),
    ],
)
def test_what_a_statement_tells(statement: str, truth: bool) -> None:
    assert value(statement, PARTS) is truth


def test_a_name_is_not_taken_for_one_that_another_series_has() -> None:
    gaps = chart_of({"A": [1.0, None], "B": [2.0, 3.0]}, ["Q1 2016", "after Q1 2016"])
    view = session_of(gaps).namespace["chart"]
    with pytest.raises(KeyError):
        view.point("A", "after Q1 2016")
    assert len(view.select(series="A", category="after Q1 2016")) == 0
