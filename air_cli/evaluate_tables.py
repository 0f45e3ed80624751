"""Charts that are to be read into tables: how they are scored and reported."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from air_cli.evaluate_cases import Case
from air_cli.scoring_tables import Rms, by_row, entries, read_table, rms
from air_cli.store import read_trace_or_none
from air_cli.work import Row

_WORST = 50


@dataclass(frozen=True)
class Tabulated:
    """A chart whose table is known. `rms` leaves out the header of a table of one column;
    `published` has it in every key, as DePlot's code has."""

    case: Case
    row: Row
    rms: Rms
    published: float


def tabulated(cases: Sequence[Case], rows: Sequence[Row | None], out: Path) -> list[Tabulated]:
    """The scores of the cases that ask for a table; `rows` are None for what was not done."""
    return [
        score_table(case, row, out)
        for case, row in zip(cases, rows, strict=True)
        if row is not None and not case.question
    ]


def score_table(case: Case, row: Row, out: Path) -> Tabulated:
    """What was read of all figures of a document against the true table; 0 where it failed."""
    trace = read_trace_or_none(out / row.item / "trace.json") if row.item else None
    charts = trace.charts if trace is not None else ()
    read = [entry for chart in charts for entry in entries(*chart.table())]
    gold = read_table(case.gold)
    return Tabulated(case, row, rms(by_row(gold), by_row(read)), rms(gold, read).f1)


def tables_section(tables: Sequence[Tabulated]) -> list[str]:
    """The section of `REPORT.md`."""
    kinds = sorted({one.case.kind for one in tables})
    lines = [
        "## Tables",
        "",
        "Relative mapping similarity (Liu et al. 2023) of the charts as read to their true tables;"
        " a table of one column is compared without its header, and in the last column with it.",
        "",
        "| kind | charts | precision | recall | RMS-F1 | with the header |",
        "|---|---|---|---|---|---|",
    ]
    groups = [(kind or "all", [t for t in tables if t.case.kind == kind]) for kind in kinds]
    if len(groups) > 1:
        groups.append(("**all**", list(tables)))
    lines += [_line(name, members) for name, members in groups]
    low = sorted((t for t in tables if t.rms.f1 < 0.9), key=lambda one: one.rms.f1)[:_WORST]
    return [*lines, "", "The lowest:", "", *map(_low, low)] if low else lines


def _line(name: str, tables: Sequence[Tabulated]) -> str:
    scores = [(t.rms.precision, t.rms.recall, t.rms.f1, t.published) for t in tables]
    means = [statistics.fmean(column) for column in zip(*scores, strict=True)]
    return f"| {name} | {len(tables)} | " + " | ".join(f"{100 * mean:.1f}" for mean in means) + " |"


def _low(one: Tabulated) -> str:
    link = f" [item]({one.row.item}/answer.md)" if one.row.item else ""
    return f"- **{one.case.id}** {100 * one.rms.f1:.1f} {one.row.error}".rstrip() + link
