"""Programs that draw a Spec as a one-page PDF or SVG. Each module has `draw(specs, folder)`.

A producer that is not installed draws nothing; a kind that it does not have is left out.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.documents.specs import Spec

NAMES = ("matplotlib", "vega", "plotly", "gnuplot", "r", "ggplot", "office", "reportlab",
         "mplsvg", "cairo", "echarts", "highcharts")  # fmt: skip


def draw(name: str, specs: Sequence[Spec], folder: Path) -> dict[str, Path]:
    """Files by spec id, drawn by the producer `name` into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    module = importlib.import_module(f"benchmarks.documents.producers.{name}_charts")
    make: Callable[[Sequence[Spec], Path], None] = module.draw
    missing = [spec for spec in specs if _made(folder, spec) is None]
    if missing:
        make(missing, folder)
    made = {spec.id: _made(folder, spec) for spec in specs}
    return {name: path for name, path in made.items() if path is not None}


def _made(folder: Path, spec: Spec) -> Path | None:
    paths = [folder / f"{spec.id}{suffix}" for suffix in (".pdf", ".svg")]
    return next((path for path in paths if path.exists()), None)
