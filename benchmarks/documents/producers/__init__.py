"""Programs that draw a Spec as a one-page PDF. Each module has `draw(specs, folder)`.

A producer that is not installed draws nothing; a kind that it does not have is left out.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.documents.specs import Spec

NAMES = ("matplotlib", "vega", "plotly", "gnuplot", "r", "ggplot", "office", "reportlab")


def draw(name: str, specs: Sequence[Spec], folder: Path) -> dict[str, Path]:
    """PDFs by spec id, drawn by the producer `name` into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    module = importlib.import_module(f"benchmarks.documents.producers.{name}_charts")
    make: Callable[[Sequence[Spec], Path], None] = module.draw
    missing = [spec for spec in specs if not (folder / f"{spec.id}.pdf").exists()]
    if missing:
        make(missing, folder)
    made = {spec.id: folder / f"{spec.id}.pdf" for spec in specs}
    return {name: path for name, path in made.items() if path.exists()}
