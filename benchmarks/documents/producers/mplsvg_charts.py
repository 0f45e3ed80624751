"""Charts by matplotlib as SVG, in which every letter is an outline."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.documents.producers import matplotlib_charts
from benchmarks.documents.specs import Spec


def draw(specs: Sequence[Spec], folder: Path) -> None:
    """Draw each spec as an SVG."""
    matplotlib_charts.draw(specs, folder, "svg")
