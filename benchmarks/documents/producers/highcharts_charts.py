"""Charts by Highcharts as SVG (`npm install highcharts jsdom`, `NODE_PATH`)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.documents.producers import node_charts
from benchmarks.documents.specs import Spec


def draw(specs: Sequence[Spec], folder: Path) -> None:
    """Draw each spec as an SVG."""
    node_charts.draw("highcharts", specs, folder)
