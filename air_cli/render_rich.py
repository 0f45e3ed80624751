"""Answers and charts for a terminal, with rich. The same content as `render`'s plain text."""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from air_cli import render
from air_cli import render_parts as parts
from air_cli.records import Chart, Figure, Trace


def answers(traces: Sequence[Trace], width: int, color: bool) -> str:
    """Several answers, drawn for a terminal of this width."""
    return _drawn([_answer(trace) for trace in traces], width, color)


def charts(items: Sequence[tuple[Chart, Figure]], width: int, color: bool) -> str:
    """Several charts, drawn for a terminal of this width."""
    return _drawn([_chart(chart, figure) for chart, figure in items], width, color)


def _drawn(parts: Sequence[RenderableType], width: int, color: bool) -> str:
    out = io.StringIO()
    console = Console(
        file=out,
        force_terminal=color,
        color_system="truecolor" if color else None,
        width=width,
        highlight=False,
    )
    for part in parts:
        console.print(part)
    text = out.getvalue()
    return text if color else "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def _answer(trace: Trace) -> RenderableType:
    answered = trace.outcome == "answered"
    style = "green" if answered else "yellow"
    body: list[RenderableType] = [Text(parts.headline(trace), style=f"bold {style}")]
    answer = trace.answer
    if answered and answer is not None:
        body.append(Text(render.confidence(trace), style="dim"))
        body += [Text(f"or: {parts.printable(other)}") for other in answer.alternatives]
    where = ", ".join(source.path for source in trace.sources)
    panel = Panel(
        Group(*body),
        title=Text(parts.printable(trace.question.text), style="bold"),
        subtitle=Text(parts.printable(where), style="dim"),
        title_align="left",
        subtitle_align="right",
        border_style=style,
    )
    return Group(panel, *_below(trace))


def _below(trace: Trace) -> list[RenderableType]:
    below: list[RenderableType] = []
    rows = parts.evidence_rows(trace)
    if rows:
        below.append(_evidence(rows))
    code = parts.final_code(trace)
    if code:
        # Control characters in code would steer the terminal; newlines and tabs are its own.
        clean = "\n".join(parts.printable(line) for line in code.expandtabs(4).splitlines())
        below.append(Padding(Syntax(clean, "python", theme="ansi_dark", word_wrap=True), (1, 2)))
    lines = [(line, "yellow") for line in parts.faults(trace) if trace.outcome != "answered"]
    lines += [(parts.printable(line), "dim") for line in trace.considered]
    problems = [p for chart in trace.charts for p in chart.problems]
    lines += [(f"! {parts.printable(problem)}", "yellow") for problem in problems]
    below += [Padding(Text(line, style=style), (0, 2)) for line, style in lines]
    return below


def _evidence(rows: Sequence[parts.Row]) -> RenderableType:
    table = Table(box=None, padding=(0, 2), header_style="dim")
    table.add_column("figure", style="dim")
    table.add_column("mark")
    table.add_column("value", justify="right", style="cyan")
    table.add_column("box (px)", style="dim")
    for row in rows[: render.EVIDENCE_SHOWN]:
        table.add_row(*(Text(cell) for cell in (row.place, row.name(), row.value, row.box)))
    if len(rows) > render.EVIDENCE_SHOWN:
        table.add_row("", f"… and {len(rows) - render.EVIDENCE_SHOWN} more", "", "")
    return table


def _chart(chart: Chart, figure: Figure) -> RenderableType:
    title = Text(f"{figure.id}, page {figure.page_name}: {parts.chart_head(chart)}", style="bold")
    table = Table(box=None, padding=(0, 2), header_style="dim")
    head, rows = parts.table_of(chart)
    for name in head:
        table.add_column(Text(name), justify="left" if name == head[0] else "right")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    notes = [Text(render.reading_line(chart), style="dim")]
    notes += [Text(f"! {parts.printable(p)}", style="yellow") for p in chart.problems]
    return Group(title, table, *(Padding(note, (0, 2)) for note in notes))
