"""Charts as JSON of `records.Chart`, made from known numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from air_cli.records import Chart, Mark, Series, to_json
from sandbox.toolkit.session import Report, Session, make_session

Json = dict[str, Any]


def chart_of(
    table: Mapping[str, Sequence[float | None]],
    categories: Sequence[str],
    *,
    colors: Sequence[str] = (),
    **facts: Any,
) -> Chart:
    """A grouped bar chart: one series a key, bars side by side from the left."""
    marks = []
    for n, (series, values) in enumerate(table.items()):
        for k, (category, value) in enumerate(zip(categories, values, strict=True)):
            left = 40.0 * k + 10.0 * n
            box = (left, 100.0, left + 8.0, 200.0)
            color = colors[n] if len(colors) == len(table) and colors else ""
            x = float(category) if category.isdigit() and len(category) == 4 else None
            marks.append(Mark(series, category, value, value, value, "label", box, color, "", x))
    names = tuple(
        Series(name, colors[n] if n < len(colors) else "") for n, name in enumerate(table) if name
    )
    facts = {"figure_id": "p1-f1", "kind": "bar" if len(table) == 1 else "grouped-bar", **facts}
    return Chart(series=names, categories=tuple(categories), marks=tuple(marks), **facts)


def no_reader(body: Json) -> tuple[Json, list[bytes]]:
    return {"ok": False, "error": {"kind": "request", "message": f"no reader: {body['what']}"}}, []


def session_of(
    *charts: Chart, request: Callable[[Json], tuple[Json, list[bytes]]] = no_reader
) -> Session:
    return make_session([to_json(chart) for chart in charts], {}, request)


def run(session: Session, code: str) -> Report:
    """Run one step in this process, as the guest would."""
    session.begin()
    exec(compile(code, "<step>", "exec"), session.namespace)
    return session.end()
