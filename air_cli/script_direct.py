"""`answer.py` for an answer that was given without code: its cells, looked up with pandas alone."""

from __future__ import annotations

from collections.abc import Iterator

from air_cli.records import Answer, Trace
from air_cli.script_literal import literal, quoted

_CELL = '''import json
from pathlib import Path

import pandas as pd

TABLE = Path(__file__).with_name("chart.csv")
ROWS = pd.read_csv(TABLE, dtype=str, keep_default_na=False)


def cell(figure, series, category):
    """The row of chart.csv for one mark."""
    place = {"figure": figure, "series": series, "category": category}
    rows = ROWS[(ROWS[list(place)] == list(place.values())).all(axis=1)]
    if rows.empty:
        raise SystemExit(f"chart.csv holds no {place}")
    return rows.iloc[0]'''


def direct_parts(trace: Trace) -> Iterator[str]:
    """The script below its header, in parts with a blank line between them."""
    answer = trace.answer
    assert answer is not None
    if answer.unanswerable is not None:
        yield f"print({quoted('unanswerable:')}, {quoted(answer.unanswerable)})"
        return
    known = {(c.figure_id, m.series, m.category) for c in trace.charts for m in c.marks}
    places = [(e.figure_id, e.series, e.category) for e in answer.evidence]
    cells = list(dict.fromkeys(place for place in places if place in known))
    yield f"{_CELL}\n" if cells else "import json"
    yield "# --- Answered without code: read off the chart ---"
    names = ["mark" if len(cells) == 1 else f"mark_{n}" for n in range(1, len(cells) + 1)]
    lines = [
        f"{name} = cell({', '.join(map(quoted, place))})"
        for name, place in zip(names, cells, strict=True)
    ]
    lines += [
        f"value = {_value(answer, cells, names, trace)}",
        'print("value:", json.dumps(value, ensure_ascii=False))',
        f"print({quoted('unit:')}, {quoted(answer.unit)})",
        f"print({quoted('text:')}, {quoted(answer.text)})",
    ]
    yield "\n".join(lines)


def _value(
    answer: Answer, cells: list[tuple[str, str, str]], names: list[str], trace: Trace
) -> str:
    """The value as what the cells give, or as it is where none gives it."""
    values = {
        (chart.figure_id, mark.series, mark.category): mark.value
        for chart in reversed(trace.charts)
        for mark in reversed(chart.marks)
    }
    for name, place in zip(names, cells, strict=True):
        if type(answer.value) in (int, float) and values[place] == answer.value:
            return f'float({name}["value"])'
        for column, text in zip(("figure", "series", "category"), place, strict=True):
            if column != "figure" and text and text == answer.value:
                return f'{name}["{column}"]'
    return literal(answer.value)
