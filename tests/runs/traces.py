"""Small traces made by hand, for tests that need no reader, model or jail."""

from __future__ import annotations

import dataclasses
from typing import Any

from air_cli.records import (
    Answer,
    Axis,
    Chart,
    Evidence,
    Figure,
    Mark,
    Question,
    Series,
    Source,
    Step,
    Tick,
    Trace,
)

REVENUE = {"2019": 10.0, "2020": 12.5, "2021": 11.0, "2022": 15.0, "2023": 19.5}
COSTS = {"2019": 8.0, "2020": 9.0, "2021": 9.5, "2022": 10.0, "2023": 12.0}


def mark(series: str, n: int, category: str, value: float, color: str) -> Mark:
    """A bar of the test chart, with a reading interval of ±1%."""
    left = 60.0 + 100.0 * n + (40.0 if series == "Costs" else 0.0)
    box = (left, 400.0 - 15.0 * value, left + 38.0, 400.0)
    spread = value * 0.01
    return Mark(
        series=series,
        category=category,
        value=value,
        low=value - spread,
        high=value + spread,
        how="geometry",
        bbox_px=box,
        color=color,
        x=float(category),
    )


def chart(figure: str = "p1-f1") -> Chart:
    """A grouped bar chart of two series over five years."""
    colors = {"Revenue": "#1f77b4", "Costs": "#ff7f0e"}
    marks = tuple(
        mark(name, n, year, value, colors[name])
        for name, values in (("Revenue", REVENUE), ("Costs", COSTS))
        for n, (year, value) in enumerate(values.items())
    )
    ticks = tuple(Tick(year, float(year), 80.0 + 100.0 * n) for n, year in enumerate(REVENUE))
    return Chart(
        figure_id=figure,
        kind="grouped-bar",
        title="Revenue and costs, in million $",
        axes=(Axis("x", "time", ticks), Axis("y", "linear", unit="million $", scale=1e6)),
        series=tuple(Series(name, color, "bar") for name, color in colors.items()),
        categories=tuple(REVENUE),
        marks=marks,
        unit="million $",
        scale=1e6,
        confidence=0.9,
        size_px=(600, 450),
    )


def trace(
    code: str | tuple[str, ...] = 'answer(chart.value("Revenue", 2023), unit="million $")',
    value: Any = 19.5,
    unit: str = "million $",
    **changes: Any,
) -> Trace:
    """An answered trace whose steps ran `code`; `changes` replace fields."""
    codes = (code,) if isinstance(code, str) else code
    answer = Answer(value, unit, f"{value} {unit}".strip(), 0.9, "geometry", evidence=evidence())
    steps = tuple(
        Step(n, "code", "arithmetic", code=text, answer=answer if n == len(codes) else None)
        for n, text in enumerate(codes, start=1)
    )
    made = Trace(
        question=Question("q1", "What was revenue in 2023?"),
        sources=(Source("charts/revenue.png", "ab" * 32, "image"),),
        figures=(Figure("p1-f1", "ab" * 32, 1, (0.0, 0.0, 600.0, 450.0), size_px=(600, 450)),),
        charts=(chart(),),
        steps=steps,
        outcome="answered",
        answer=answer,
        mode="code",
        provenance={"versions": {"air": "0.0.0"}},
    )
    return dataclasses.replace(made, **changes)


def evidence() -> tuple[Evidence, ...]:
    """The cell Revenue, 2023."""
    cell = next(m for m in chart().marks if (m.series, m.category) == ("Revenue", "2023"))
    return (Evidence("p1-f1", 1, cell.bbox_px, "Revenue", "2023", cell.value),)
