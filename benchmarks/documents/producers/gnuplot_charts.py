"""Charts by gnuplot (pdfcairo)."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from benchmarks.documents.specs import Spec

_LEFT_OUT = ("pie", "donut", "stacked-negative", "box", "stacked-area", "barh", "grouped-barh")


def draw(specs: Sequence[Spec], folder: Path) -> None:
    """Draw each spec as a PDF."""
    if not shutil.which("gnuplot"):
        return
    for spec in specs:
        if spec.kind in (*_LEFT_OUT, "stacked-barh"):
            continue
        script = _script(spec, folder / f"{spec.id}.pdf")
        subprocess.run(["gnuplot", "-"], input=script.encode(), check=True, timeout=60)


def _script(spec: Spec, path: Path) -> str:
    lines = [
        "set terminal pdfcairo size 7in,4.4in",
        f"set output '{path}'",
        f"set title '{spec.title}'",
        f"set ylabel '{spec.unit}'",
        "set key outside" if max(len(spec.values), len(spec.points)) > 1 else "unset key",
    ]
    if spec.log:
        lines += ["set logscale y", "set format y '10^{%L}'"]
    if spec.points:
        return "\n".join([*lines, *_scatter(spec)])
    table = [
        "$data << EOD",
    ]
    for n, category in enumerate(spec.categories):
        row = " ".join(str(values[n]) for values in spec.values.values())
        name = category if spec.numeric_x else f'"{category}"'
        table.append(f"{name} {row}")
    return "\n".join([*lines, *table, "EOD", *_style(spec), _plot(spec)])


def _style(spec: Spec) -> list[str]:
    if "bar" in spec.shape or spec.kind == "combo":
        kind = "rowstacked" if spec.shape.startswith("stacked") else "clustered gap 1"
        fill = "pattern 2 border" if spec.kind == "hatched-bar" else "solid border -1"
        style = [f"set style histogram {kind}", "set style data histograms",
                 f"set style fill {fill}", "set boxwidth 0.9", "set grid y"]  # fmt: skip
        if spec.kind != "negative-bar":
            style.append("set yrange [0:*]")
        if spec.kind == "combo":
            style += ["set y2tics", "set y2range [0:*]", "set ytics nomirror"]
        return [*style, "set xtics rotate by 40 right"] if spec.kind == "slanted-bar" else style
    return ["set style fill solid 0.7 noborder"]


def _plot(spec: Spec) -> str:
    parts = []
    for n, name in enumerate(spec.values):
        x = "1" if spec.numeric_x else "0"
        ticks = "" if spec.numeric_x else ":xtic(1)"
        column = n + 2
        if "bar" in spec.shape or (spec.kind == "combo" and n == 0):
            parts.append(f"$data every ::0 using {column}:xtic(1) title '{name}'")
        elif spec.kind == "combo":
            parts.append(f"$data every ::0 using 0:{column} with linespoints axes x1y2 "
                         f"title '{name}'")  # fmt: skip
        elif spec.kind == "area":
            parts.append(f"$data every ::0 using {x}:{column}{ticks} with filledcurves y1=0 "
                         f"title '{name}'")  # fmt: skip
        else:
            how = "linespoints" if spec.kind == "marker-line" else "lines"
            smooth = "smooth csplines" if spec.kind == "smooth-line" else ""
            parts.append(f"$data every ::0 using {x}:{column}{ticks} {smooth} with {how} lw 2 "
                         f"title '{name}'")  # fmt: skip
    return "plot " + ", ".join(parts)


def _scatter(spec: Spec) -> list[str]:
    blocks = []
    for n, row in enumerate(spec.points.values()):
        blocks += [f"$d{n} << EOD", *(f"{x} {y}" for x, y in row), "EOD"]
    plots = [f"$d{n} with points pt 7 title '{name}'" for n, name in enumerate(spec.points)]
    return [*blocks, "plot " + ", ".join(plots)]
