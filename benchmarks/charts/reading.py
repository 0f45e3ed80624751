"""Reading chart images in this process, with the pictures that show what was read."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from air_cli.errors import ItemError
from air_cli.read.document import Document, open_document
from air_cli.read.overlay import draw_overlay
from air_cli.records import Chart
from air_cli.scoring_tables import Entry, entries


def read_image(path: Path, overlay: Path | None = None) -> list[Chart]:
    """Every figure of an image file, read; `overlay` is the PNG to write (of all figures).

    Never raises for a bad image: it is then no chart at all.
    """
    try:
        document = open_document(path.read_bytes(), path.name)
        figures = [figure.id for figure in document.figures(None)]
        charts = [document.chart(figure)[0] for figure in figures]
    except ItemError as error:
        return [Chart("p1-f1", "unknown", problems=(str(error),))]
    if overlay is not None:
        draw(document, charts, overlay)
    return charts


def draw(document: Document, charts: list[Chart], to: Path) -> None:
    """Write the overlays of `charts`, below one another, as one PNG."""
    pictures = [
        draw_overlay(Image.open(io.BytesIO(document.image(c.figure_id, None, 1.0))), c)
        for c in charts
    ]
    width, height = max(p.width for p in pictures), sum(p.height for p in pictures)
    sheet = Image.new("RGB", (width, height), "white")
    top = 0
    for picture in pictures:
        sheet.paste(picture, (0, top))
        top += picture.height
    to.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(to)


def table_of(charts: list[Chart]) -> list[Entry]:
    """The entries of all figures together."""
    return [entry for chart in charts for entry in entries(*chart.table())]
