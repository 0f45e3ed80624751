"""A figure of a PDF read into data: from its drawing operations, else from its pixels."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from air_cli.read import ocr
from air_cli.read.chart import read_chart
from air_cli.read.page import Path
from air_cli.read.scene import Rgb
from air_cli.read.vector import read_vector
from air_cli.read.vector_outlined import read_outlined
from air_cli.read.vector_text import Label
from air_cli.records import Chart, Figure


def drawn(
    paths: Sequence[Path], labels: Sequence[Label], figure: Figure
) -> tuple[list[Path], list[Label]]:
    """The drawing operations and the texts of a figure; letters that are drawn as outlines count
    as text."""
    if not figure.vector:
        return list(paths), list(labels)
    return read_outlined(paths, labels, figure, lambda line: ocr.shared().read_line(line))


def chart_of(
    paths: Sequence[Path], labels: Sequence[Label], figure: Figure, pixels: Callable[[], Rgb]
) -> tuple[Chart, dict[str, float]]:
    """The chart, exact from the operations where they are understood, otherwise from a rendering
    (with the exact texts of the PDF where there are any), and the seconds that it took."""
    started = time.perf_counter()
    paths, labels = drawn(paths, labels, figure)
    chart = read_vector(paths, labels, figure) if figure.vector else None
    seconds = {"vector": time.perf_counter() - started}
    if chart is not None:
        return chart, seconds
    # A few words beside an image (a caption, a source) are not the texts of the chart in it.
    texts = [label.as_text() for label in labels] if figure.vector and len(labels) > 2 else None
    chart, stages = read_chart(pixels(), texts=texts, figure_id=figure.id)
    return chart, seconds | stages
