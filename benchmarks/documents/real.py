"""Published vector charts against what is known of their data.

    python -m benchmarks.documents.real eco --data DIR [--verbose]
    python -m benchmarks.documents.real literals --data DIR [--verbose]

`eco`: charts as SVG, laid on the page of a PDF. Each series that was read is held against the
column of the chart's data that fits it best, row by row of the same category (`fit_columns`): a
value is right within 0.2% of the axis' range. Of what a chart draws but was not read this says
nothing, save for charts that give nothing at all, which are counted.

`literals`: charts as PDF whose source code held some numbers literally. Each array of them that can
be data (no limits, ticks, widths, colours) is held against the series that were read, each for one
array: a number counts as recovered when the series has a value, or an abscissa, within 0.1% of the
axis' range. Code may plot something computed from them, so this is a lower bound.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from air_cli.errors import ItemError
from air_cli.read.pdf import PdfDocument
from air_cli.read.svg import svg_to_pdf
from air_cli.read.vector import read_vector
from air_cli.records import Chart, Mark
from air_cli.scoring_tables import assign
from benchmarks.charts.columns import fit_columns

_NO_DATA = re.compile(
    r"tick|lim|width|colou?r|size|position|legend|anchor|rect|bins|explode|inset|line|annot|err"
    r"|std|hatch|marker|fill|range|index|gradient|order"
)
_KEYED, _LITERAL = 0.002, 0.001


@dataclass(frozen=True)
class Line:
    """One chart: the kinds read, right values, of how many, what was wrong with it."""

    name: str
    group: str
    kind: str
    right: int
    of: int
    problem: str = ""


def read_all(data: bytes, name: str) -> list[Chart]:
    """Every figure of a document that is read from its drawing operations."""
    document = PdfDocument(data, name)
    charts = []
    try:
        for figure in document.figures(None):
            chart = read_vector(*document.drawn(figure), figure)
            if chart is not None:
                charts.append(chart)
    finally:
        document.close()
    return charts


def eco(data: Path) -> Iterator[Line]:
    """Charts as SVG with their data."""
    folder = data / "eco_charts"
    for row in _rows(folder / "charts.jsonl"):
        if not row.get("svg") or not (folder / row["svg"]).exists():
            continue
        with (folder / row["table"]).open(encoding="utf-8", newline="") as file:
            table = list(csv.DictReader(file))
        charts = _charts(folder / row["svg"])
        fits = [fit for chart in charts for fit in fit_columns(chart, table, near=_KEYED)]
        kind = "+".join(sorted({chart.kind for chart in charts})) or "-"
        weak = [
            f"{f.series or 'series'}: {f.right}/{f.of} {f.column}" for f in fits if f.right < f.of
        ]
        yield Line(row["id"], kind.partition("+")[0], kind, sum(f.right for f in fits),
                   sum(f.of for f in fits), "; ".join(weak))  # fmt: skip


def literals(data: Path) -> Iterator[Line]:
    """Charts as PDF with the literal numbers of their code."""
    folder = data / "chartmimic_vector"
    for row in _rows(folder / "charts.jsonl"):
        truth = json.loads((folder / row["truth"]).read_text("utf-8"))
        arrays = dict(_arrays(truth))
        charts = _charts(folder / row["pdf"])
        kind = "+".join(sorted({chart.kind for chart in charts})) or "-"
        found = _recovered(list(arrays.values()), charts)
        short = [
            f"{name} {n}/{len(a)}"
            for (name, a), n in zip(arrays.items(), found, strict=True)
            if n < len(a)
        ]
        of = sum(map(len, arrays.values()))
        yield Line(row["id"], row["chart_type"], kind, sum(found), of, "; ".join(short))


def _charts(path: Path) -> list[Chart]:
    try:
        data = path.read_bytes()
        return read_all(svg_to_pdf(data, path.name) if path.suffix == ".svg" else data, path.name)
    except ItemError:
        return []


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _arrays(truth: Any, name: str = "") -> Iterator[tuple[str, list[float]]]:
    """Arrays of two and more numbers that can be data, with their names."""
    if _NO_DATA.search(name.lower().rpartition(".")[2]):
        return
    if isinstance(truth, dict):
        if any(key.startswith("np.") for key in truth):
            return
        for key, value in truth.items():
            yield from _arrays(value, f"{name}.{key}".strip("."))
    elif isinstance(truth, list) and truth:
        if all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in truth):
            if len(truth) > 1:
                yield name, [float(v) for v in truth]
        elif all(isinstance(v, list) for v in truth):
            for n, row in enumerate(truth):
                yield from _arrays(row, f"{name}.{n}")


def _recovered(arrays: Sequence[list[float]], charts: Sequence[Chart]) -> list[int]:
    """How many numbers of each array one series has; no series counts for two arrays."""
    tracks = [track for chart in charts for track in _tracks(chart)]
    if not arrays or not tracks:
        return [0] * len(arrays)
    hits = np.array([[_hits(a, *track) for track in tracks] for a in arrays], dtype=float)
    found = [0] * len(arrays)
    for i, j in assign(-hits):
        found[i] = int(hits[i, j])
    return found


def _tracks(chart: Chart) -> Iterator[tuple[list[float], float]]:
    """The values, and the abscissae, of each series (or category) with what counts as equal."""
    groups: dict[str, list[Mark]] = defaultdict(list)
    for mark in chart.marks:
        groups[f"s{mark.series}"].append(mark)
        # The series of several panels are called "panel: series".
        panel, colon, _ = mark.series.rpartition(": ")
        groups[f"c{panel}{colon}{mark.category}"].append(mark)
    whole = [m.value for m in chart.marks if m.value is not None]
    for key, marks in groups.items():
        if key[0] == "c" and len(groups) > 60:
            continue
        values = [m.value for m in marks if m.value is not None]
        yield values, _LITERAL * _spread(whole)
        if chart.kind in ("stacked-bar", "stacked-barh", "stacked-area"):
            yield [float(v) for v in np.cumsum(values)], _LITERAL * _spread(whole)
        places = [m.x for m in marks if m.x is not None]
        if places and key[0] == "s":
            yield places, _LITERAL * _spread(places)


def _spread(values: Sequence[float]) -> float:
    return max([0.0, *values]) - min([0.0, *values]) or 1.0


def _hits(array: Sequence[float], values: Sequence[float], slack: float) -> int:
    """Numbers of `array` that `values` has, each of them used once."""
    left = sorted(values)
    count = 0
    for number in sorted(array):
        near = next((v for v in left if abs(v - number) <= slack + 1e-9), None)
        if near is not None:
            left.remove(near)
            count += 1
    return count


def main() -> None:
    """Print a line a chart where something is wrong, and the totals by kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set", choices=("eco", "literals"))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--verbose", action="store_true")
    wanted = parser.parse_args()
    lines = []
    for line in (eco if wanted.set == "eco" else literals)(wanted.data):
        lines.append(line)
        if wanted.verbose:
            print(f"{line.name[-44:]:44} {line.kind[:24]:24} {line.right:4}/{line.of:<4} "
                  f"{line.problem[:170]}", flush=True)  # fmt: skip
    groups = sorted({line.group for line in lines})
    for group in [*groups, "all"]:
        part = [line for line in lines if group in ("all", line.group)]
        right, of = sum(x.right for x in part), sum(x.of for x in part)
        read = sum(x.kind != "-" for x in part)
        print(f"  {group:14} {len(part):4} charts, {read:4} read, "
              f"{100 * right / (of or 1):6.2f}% of {of:5} values")  # fmt: skip


if __name__ == "__main__":
    main()
