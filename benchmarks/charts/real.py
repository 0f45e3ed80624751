"""Real charts with true tables: one line a chart, and totals.

`chartqa_tables`: RMS-F1 against the table, and the share of its values that were read within 1% of
the table's range under the right key. `eco_charts`: the tables hold more than the charts show, so
each series that was read is held against the column (or the part of a column) that fits it best,
and the share of its values within 2% of the range counts (between two rows: of the line through
them). `financebench`: a performance graph of a
report against the values in the table of the same page (which is no part of the figure).
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import statistics
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from air_cli.errors import ItemError
from air_cli.read.document import open_document
from air_cli.records import Chart
from air_cli.scoring_tables import by_row, number, read_table, rms
from benchmarks.charts.columns import Fit, fit_columns
from benchmarks.charts.reading import draw, read_image, table_of


@dataclass(frozen=True)
class Line:
    """One chart: RMS-F1 where it applies (else None), values that are right, of how many.

    `f1` leaves out the header of a table of one column (`by_row`); `published` is as DePlot's code
    compares, with the header in every key.
    """

    name: str
    kind: str
    f1: float | None
    published: float | None
    right: int
    of: int
    problem: str
    sound: bool = True

    @property
    def share(self) -> float:
        return self.right / self.of if self.of else 0.0


def chartqa_tables(row: dict[str, Any], folder: Path, overlay: Path | None) -> Line:
    """A chart whose table is known."""
    charts = read_image(folder / row["image"], overlay)
    gold = read_table((folder / row["table"]).read_text("utf-8-sig"))
    read = table_of(charts)
    found = rms(by_row(gold), by_row(read))
    values = [v for e in gold if (v := number(e.value)) is not None]
    span = (max([0.0, *values]) - min([0.0, *values])) or 1.0
    right = sum(
        abs(a - b) <= 0.01 * span
        for g, r in found.pairs
        if (a := number(g.value)) is not None and (b := number(r.value)) is not None
    )
    published = rms(gold, read).f1
    sound = is_sound((folder / row["table"]).read_text("utf-8-sig"))
    return Line(
        row["id"], _kinds(charts), found.f1, published, right, len(gold), _problem(charts), sound
    )


def is_sound(table: str) -> bool:
    """Whether a table can be the chart's: some of the published ones hold 0 or `nan` in place of
    values that text recognition did not find, or the same column twice."""
    head, *rows = list(csv.reader(table.splitlines()))
    cells = [cell.strip().lower() for row in rows for cell in row[1:]]
    missing = sum(cell in ("", "nan", "0", "0.0") for cell in cells)
    twice = any(name.endswith(".1") for name in head) or len(set(head)) < len(head)
    return bool(cells) and not twice and missing <= 0.1 * len(cells)


def eco_charts(row: dict[str, Any], folder: Path, overlay: Path | None) -> Line:
    """A published chart with the data it was made from, of which it may show a part."""
    charts = read_image(folder / row["image"], overlay)
    with (folder / row["table"]).open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    fits = [fit for chart in charts for fit in fit_columns(chart, table, along=True)]
    return _fitted(row["id"], charts, fits)


def financebench(row: dict[str, Any], folder: Path, overlay: Path | None) -> Line:
    """The performance graph on a page of a report: the chart on it that fits best."""
    name = f"{Path(row['pdf']).stem} p{row['page']}"
    count = len(next(iter(row["series"].values())))
    table = [
        {"at": str(i), **{s: str(v[i]) for s, v in row["series"].items() if i < len(v)}}
        for i in range(count)
    ]
    try:
        document = open_document((folder / row["pdf"]).read_bytes(), row["pdf"])
        figures = [f for f in document.figures([row["page"]]) if f.kind == "chart"]
        charts = [document.chart(figure.id)[0] for figure in figures]
    except ItemError as error:
        return Line(name, "unknown", None, None, 0, count * len(row["series"]), str(error))
    if overlay is not None and charts:
        draw(document, charts, overlay)
    total = count * len(row["series"])
    lines = [
        _fitted(name, [chart], fit_columns(chart, table, by_place=True), total) for chart in charts
    ]
    return max(
        lines, key=lambda line: line.right, default=Line(name, "-", None, None, 0, total, "none")
    )


def _fitted(name: str, charts: list[Chart], fits: list[Fit], of: int = 0) -> Line:
    right, read = sum(fit.right for fit in fits), sum(fit.of for fit in fits)
    return Line(name, _kinds(charts), None, None, right, max(of, read), _problem(charts))


def _kinds(charts: list[Chart]) -> str:
    return "+".join(chart.kind for chart in charts) or "-"


def _problem(charts: list[Chart]) -> str:
    return "; ".join(dict.fromkeys(p for chart in charts for p in chart.problems))


Reader = Callable[[dict[str, Any], Path, Path | None], Line]
SETS: dict[str, tuple[str, Reader]] = {
    "chartqa_tables": ("questions.jsonl", chartqa_tables),
    "eco_charts": ("charts.jsonl", eco_charts),
    "financebench": ("performance_graph_truth.jsonl", financebench),
}


def rows_of(path: Path, limit: int, seed: int) -> list[dict[str, Any]]:
    """The charts of a file of questions, each once; `limit` of them drawn by `seed` (0: all)."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    once = {row.get("image") or f"{row['pdf']}#{row['page']}": row for row in reversed(rows)}
    drawn = [once[key] for key in sorted(once)]
    random.Random(seed).shuffle(drawn)
    return drawn[: limit or len(drawn)]


def lines_of(data: Path, name: str, limit: int, seed: int, overlays: Path | None) -> Iterator[Line]:
    """Read the charts of one set."""
    file, reader = SETS[name]
    for row in rows_of(data / name / file, limit, seed):
        label = str(row.get("id") or f"{Path(row['pdf']).stem}-p{row['page']}")
        overlay = overlays / name / f"{label}.png" if overlays else None
        yield reader(row, data / name, overlay)


def run(options: argparse.Namespace) -> None:
    """Print a line a chart and the totals of each set."""
    for name in options.sets.split(","):
        if name not in SETS:
            sys.exit(f"{name}: no such set (there are {', '.join(SETS)})")
        lines = []
        for line in lines_of(options.data, name, options.limit, options.seed, options.overlays):
            lines.append(line)
            f1 = "  -  " if line.f1 is None else f"{100 * line.f1:5.1f}"
            print(
                f"{line.name[:48]:48} {line.kind:14} F1 {f1}  values {line.right:3}/{line.of:<3}"
                f" {line.problem[:120]}",
                flush=True,
            )
        print(total(name, lines), flush=True)


def total(name: str, lines: list[Line]) -> str:
    """The figures of a set on one line."""
    if not lines:
        return f"== {name}: no charts"
    f1 = [line.f1 for line in lines if line.f1 is not None]
    values = sum(line.right for line in lines) / max(1, sum(line.of for line in lines))
    good = sum(line.share >= 0.9 for line in lines) / len(lines)
    parts = [f"{len(lines)} charts"]
    if f1:
        published = statistics.fmean(line.published or 0.0 for line in lines)
        parts.append(f"RMS-F1 {100 * statistics.fmean(f1):.1f}")
        sound = [line.f1 or 0.0 for line in lines if line.sound]
        if sound and len(sound) < len(lines):
            parts.append(f"{100 * statistics.fmean(sound):.1f} of the {len(sound)} sound tables")
        parts.append(f"{100 * published:.1f} with the header of single columns")
    parts += [f"values right {values:.1%}", f"charts with >= 90% of the values right {good:.1%}"]
    return f"== {name}: " + ", ".join(parts)
