"""Charts of R, Vega and gnuplot as cairo writes them to SVG, its letters as outlines."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from benchmarks.documents.producers import gnuplot_charts, r_charts, vega_charts
from benchmarks.documents.specs import Spec

_BY = (r_charts, vega_charts, gnuplot_charts)


def draw(specs: Sequence[Spec], folder: Path) -> None:
    """Draw each spec as an SVG; those who draw alternate."""
    program = shutil.which("pdftocairo")
    if not program:
        return
    plain = folder / "plain"
    plain.mkdir(exist_ok=True)
    for n, module in enumerate(_BY):
        module.draw([spec for k, spec in enumerate(specs) if k % len(_BY) == n], plain)
    for spec in specs:
        drawn = plain / f"{spec.id}.pdf"
        if drawn.exists():
            command = [program, "-svg", str(drawn), str(folder / f"{spec.id}.svg")]
            subprocess.run(command, check=True, timeout=60, capture_output=True)
