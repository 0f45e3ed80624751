"""What every format says of an answer, a chart and a figure, as plain strings. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from air_cli.records import Box, Chart, Evidence, Figure, Mark, Trace, Value

OUTCOMES = {
    "unanswerable": "cannot be answered",
    "steps": "no answer: the steps ran out",
    "time": "no answer: the time ran out",
    "tokens": "no answer: the tokens ran out",
    "malformed": "no answer: the replies were malformed",
    "failed": "no answer",
}


_REFUSAL = re.compile(r"unanswerable\([^\n]*\)")
# A reading interval narrower than this share of the value is not worth a word.
EXACT = 1e-4


def number(value: Value) -> str:
    """A value as people write it: 12 significant digits at most, no exponent where it fits."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(number(item) for item in value)
    if isinstance(value, int) and abs(value) < 10**15:
        return str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            return str(value)
        if value == int(value) and abs(value) < 1e15:
            return str(int(value))
        return f"{value:.6g}" if 1e-4 <= abs(value) < 1e15 else f"{value:.4e}"
    return str(value)


def counted(number: int, what: str) -> str:
    """`1 step`, `2 steps`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def printable(text: str) -> str:
    """Text out of a document without control characters: it must not steer a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def headline(trace: Trace) -> str:
    """The answer in a line, or why there is none."""
    answer = trace.answer
    if trace.outcome == "answered" and answer is not None:
        text = answer.text or f"{number(answer.value)} {answer.unit}".strip()
        return printable(text)
    reason = (answer.unanswerable if answer is not None else None) or trace.error
    said = OUTCOMES.get(trace.outcome, trace.outcome)
    return printable(f"{said}: {reason}" if reason else said)


def sureness(confidence: float) -> str:
    """The confidence in words."""
    steps = ((0.9, "sure"), (0.75, "fairly sure"), (0.5, "not sure"))
    return next((word for least, word in steps if confidence >= least), "doubtful")


def box(sides: Box) -> str:
    """`412,96–470,388`: left, top – right, bottom."""
    left, top, right, bottom = (f"{side:.0f}" for side in sides)
    return f"{left},{top}–{right},{bottom}"


@dataclass(frozen=True)
class Row:
    """A line of evidence as text."""

    place: str
    series: str
    category: str
    value: str
    box: str

    def name(self) -> str:
        return " / ".join(part for part in (self.series, self.category) if part)


def evidence_rows(trace: Trace) -> list[Row]:
    """The evidence of the answer, in the order in which it was used."""
    items = trace.answer.evidence if trace.answer is not None else ()
    several = len(trace.sources) > 1
    return [_row(item, trace, several) for item in items]


def _row(item: Evidence, trace: Trace, several: bool) -> Row:
    figure = next((f for f in trace.figures if f.id == item.figure_id), None)
    where = f"{item.figure_id}, page {figure.page_name if figure else item.page}"
    if several and figure is not None:
        path = next((s.path for s in trace.sources if s.sha256 == figure.source_sha), "")
        where = f"{path}, {where}" if path else where
    mark = _mark_of(item, trace)
    return Row(
        printable(where),
        printable(item.series),
        printable(item.category),
        number(item.value) if mark is None else reading(mark, slack=True),
        box(item.bbox_px),
    )


def _mark_of(item: Evidence, trace: Trace) -> Mark | None:
    """The mark that the evidence names."""
    wanted = (item.series, item.category, item.value)
    marks = (m for c in trace.charts if c.figure_id == item.figure_id for m in c.marks)
    return next((m for m in marks if (m.series, m.category, m.value) == wanted), None)


def reading(mark: Mark, *, slack: bool = False) -> str:
    """The mark's value with the digits that its reading interval supports.

    `12.1096` read as 12.08–12.14 is `12.11`, with `slack` `12.11 ±0.03`; a printed value is as it
    was printed, and one within EXACT of the truth stands alone.
    """
    value = mark.value
    printed = mark.how in ("label", "both", "cell")
    if value is None or printed or mark.low is None or mark.high is None or mark.high <= mark.low:
        return number(value)
    half = (mark.high - mark.low) / 2
    places = -math.floor(math.log10(half))
    rounded = round(value, places)
    if half <= EXACT * abs(value):
        return number(rounded)
    measured = 0 < places < 12 and mark.how != "vector"  # where the zeros say how exact it is
    shown = f"{rounded:.{places}f}" if measured else number(rounded)
    return f"{shown} ±{number(round(half, places))}" if slack else shown


def figure_name(figure: Figure) -> str:
    """The figure's label and caption in a line."""
    caption = printable(figure.caption).strip()
    if figure.label and not caption.lower().startswith(figure.label.lower()):
        caption = f"{printable(figure.label)}: {caption}" if caption else printable(figure.label)
    return caption


def final_code(trace: Trace) -> str:
    """The code of the steps that count, in order, or nothing when no code ran."""
    codes = [step.code.strip() for step in trace.steps if step.code and step.fault is None]
    # A bare refusal would only say the headline again.
    return "\n\n".join(code for code in codes if code and not _REFUSAL.fullmatch(code))


def faults(trace: Trace) -> list[str]:
    """A line for each step that failed."""
    return [
        printable(f"step {step.n}: {step.fault.kind}: {step.fault.message}")
        for step in trace.steps
        if step.fault is not None
    ]


def chart_head(chart: Chart) -> str:
    """Kind, title and unit in a line."""
    parts = [chart.kind, printable(chart.title).strip(), printable(chart.unit).strip()]
    return " · ".join(part for part in parts if part)


def table_of(chart: Chart) -> tuple[list[str], list[list[str]]]:
    """The chart's table as text cells, each with the digits that its reading supports."""
    head, rows = chart.table()
    shown = {(m.series, m.category): reading(m) for m in reversed(chart.marks)}
    names = list(dict.fromkeys([s.name for s in chart.series] + [m.series for m in chart.marks]))
    used = [name for name in names if any((name, row[0]) in shown for row in rows)]
    cells = [[str(row[0]), *(shown.get((name, str(row[0])), "") for name in used)] for row in rows]
    return [printable(name) for name in head], [[printable(c) for c in row] for row in cells]


def columns(
    head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[str], indent: str = ""
) -> list[str]:
    """Lines of a table in plain text; the columns named in `right` are set to the right."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    lines = []
    for row in [head, ["-" * width for width in widths], *rows]:
        cells = [
            cell.rjust(width) if name in right else cell.ljust(width)
            for name, cell, width in zip(head, row, widths, strict=True)
        ]
        lines.append((indent + "  ".join(cells)).rstrip())
    return lines
