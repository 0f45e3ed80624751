"""Questions about tables whose cells hold words."""

from __future__ import annotations

import pytest

from air_cli.records import Chart, Mark, Series
from tests.builtin.asking import asked, value


def words_of(rows: dict[str, list[str]], columns: list[str], title: str) -> Chart:
    marks = tuple(
        Mark(c, row, None, None, None, "cell", (60.0 * k, 9.0 * n, 60.0 * k + 50, 9.0 * n + 8),
             label=cell)
        for n, (row, cells) in enumerate(rows.items())
        for k, (c, cell) in enumerate(zip(columns, cells, strict=True))
    )  # fmt: skip
    return Chart("p1-t1", "table", title=title, series=tuple(map(Series, columns)),
                 categories=tuple(rows), marks=marks)  # fmt: skip


BUTTONS = words_of(
    {
        "Press once": ["Measures the pulse", "Wear it tightly"],
        "Press and hold": ["Switches the radio on", "Needs a paired phone"],
        "Turn": ["Makes it louder", "Ten steps"],
    },
    ["Function", "Remarks"],
    "Lower button",
)
PORTS = words_of(
    {
        "P1.0": ["Serial clock of the display"],
        "P1.1": ["Captures the trigger of the timer"],
        "P1.2": ["Analogue input of the sensor"],
    },
    ["Alternative function"],
    "Ports",
)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What will happen when you press and hold the lower button?", "Switches the radio on"),
        ("What are the remarks on press and hold?", "Needs a paired phone"),
        ("What is the function of press once?", "Measures the pulse"),
    ],
)
def test_what_a_row_says(question: str, wanted: str) -> None:
    answer = asked(question, BUTTONS)
    assert answer["value"] == wanted
    (cell,) = answer["evidence"]
    assert cell["bbox_px"][2] > 0, "the cell is the evidence"


def test_which_row_says_it() -> None:
    assert value("Which port captures the trigger of the timer?", PORTS) == "P1.1"


@pytest.mark.parametrize(
    "question",
    [
        "Which port drives the motor of the fan?",
        "What is the average of press and hold?",
        "What does the warranty of the charger cover?",
        "How many ports are there in the United Kingdom?",
    ],
)
def test_what_no_cell_says_is_refused(question: str) -> None:
    assert asked(question, PORTS if "port" in question else BUTTONS).get("unanswerable")
