"""A picture of a table read by its recognised texts: what the layout of words tells of a PDF page
tells as much of an image."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import replace

from air_cli.read.numbers import parse_number
from air_cli.read.texts import height_of
from air_cli.records import Chart, Figure, Text

# Table finding measures in points: letters of this height are usual there.
_LINE_PT = 10.0
_LEAST_SHARE = 0.5


def read_grid(texts: Sequence[Text], size_px: tuple[int, int], figure_id: str) -> Chart | None:
    """The table that texts (boxes in pixels) form, as a chart of kind `table`; None where they
    form none, or most of the numbers stand outside of it. Cells are as good as the recognition:
    `confidence` is at most 0.7, and `problems` says so."""
    from air_cli.read.page import Line, PageContent
    from air_cli.read.table_layout import find_grids
    from air_cli.read.tables import read_table

    flat = [t for t in texts if abs(t.angle) < 10]
    numbers = [t for t in flat if parse_number(t.text) is not None]
    if len(numbers) < 4:
        return None
    k = _LINE_PT / max(1.0, statistics.median(height_of(t) for t in flat))
    words = [
        (t.bbox_px[0] * k, t.bbox_px[1] * k, t.bbox_px[2] * k, t.bbox_px[3] * k, t.text)
        for t in flat
    ]
    grids = find_grids(words)
    if not grids:
        return None
    grid = max(grids, key=lambda g: sum(len(row.numbers) for row in g.rows))
    cells = sum(len(row.numbers) for row in grid.rows)
    if cells < max(4, _LEAST_SHARE * len(numbers)):
        return None
    wide, high = size_px[0] * k, size_px[1] * k
    figure = Figure(figure_id, "", 1, (0.0, 0.0, wide, high), "table", dpi=72 / k, size_px=size_px)
    lines = [Line(w[4], w[:4], w[3] - w[1]) for w in words]
    above = [t for t in flat if t.bbox_px[3] * k < grid.box[1] + 2 and len(t.text) > 3]
    title = min(above, key=lambda t: (-height_of(t), t.bbox_px[1])).text if above else ""
    chart = read_table(
        replace(figure, caption=title), grid, PageContent(1, wide, high, lines=lines)
    )
    note = "the table was read from pixels: its cells are as the text was recognised"
    return replace(
        chart,
        text=tuple(texts),
        confidence=min(chart.confidence, 0.7),
        problems=(*chart.problems, note),
    )
