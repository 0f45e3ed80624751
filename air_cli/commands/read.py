"""`air read`: charts and tables as data, and a picture of what was recognised."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from air_cli.commands.options import (
    STDOUT,
    Cache,
    ConfigFile,
    FigureName,
    Output,
    Pages,
    Quiet,
    Verbose,
    chosen,
    implied,
    page_list,
    settle,
    terminal,
)
from air_cli.errors import Exit, ItemError
from air_cli.events import reporter
from air_cli.output import check_file, to_file, to_stdout

if TYPE_CHECKING:
    from air_cli.analyst import Document, Reading
    from air_cli.config import Config
    from air_cli.records import Figure

FORMATS = ("text", "csv", "json", "md")


def read(
    source: Annotated[str, typer.Argument(help="An image or a PDF (- is standard input).")],
    format: Annotated[
        str | None,
        typer.Option(
            metavar="FORMAT",
            help="text, csv, json or md; by default what the name after -o says, or text.",
            show_default=False,
        ),
    ] = None,
    overlay: Annotated[
        Path | None,
        typer.Option(metavar="PNG", help="Draw what was recognised over the figure."),
    ] = None,
    pages: Pages = None,
    figure: FigureName = None,
    output: Output = None,
    cache: Cache = None,
    config: ConfigFile = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Read charts and tables into data: air read chart.png --overlay seen.png"""
    form = chosen(format or implied(output, FORMATS) or "text", FORMATS, "--format")
    resolved = settle({"cache.enabled": cache}, config, quiet, verbose)
    wanted = page_list(pages)
    check_file(output)
    check_file(overlay)

    from air_cli.analyst import Analyst, read_input
    from air_cli.analyst_inputs import check_path

    check_path(source)
    with Analyst(resolved.config) as analyst:
        analyst.warm(code=False)
        item = read_input(source)
        document = analyst.document(item)
        figures = analyst.figures(item, wanted, figure)
        readings, failed = _read_all(document, figures)
        _write(resolved.config, readings, form, output)
        if overlay is not None:
            _overlays(document, readings, overlay)
    empty = [reading for reading in readings if not reading.chart.marks]
    for reading in empty:
        reporter.warn(f"{item.name}: {reading.figure.id}: no value could be read")
    return Exit.ITEMS if failed or empty else Exit.OK


def _read_all(document: Document, figures: list[Figure]) -> tuple[list[Reading], int]:
    """The readings, and how many figures could not be read; each of those is named."""
    readings, failed = [], 0
    for figure in figures:
        try:
            with reporter.working(f"{document.input.name}: {figure.id}"):
                readings.append(document.reading(figure))
        except ItemError as error:
            if len(figures) == 1:
                raise
            reporter.warn(f"{error} ({figure.id})")
            failed += 1
        else:
            for stage, seconds in readings[-1].seconds.items():
                reporter.detail(f"  {stage}: {seconds:.2f} s")
    return readings, failed


def _overlays(document: Document, readings: list[Reading], path: Path) -> None:
    """One picture a figure; several get the figure's id into their name."""
    for reading in readings:
        several = len(readings) > 1
        name = path.with_name(f"{path.stem}-{reading.figure.id}{path.suffix}") if several else path
        image = document.overlay(reading)
        if name == STDOUT:
            to_stdout(image)
        else:
            to_file(name, image)
            reporter.note(f"air: overlay of {reading.figure.id}: {name}")


def _write(config: Config, readings: list[Reading], form: str, output: Path | None) -> None:
    from air_cli import render

    items = [(reading.chart, reading.figure) for reading in readings]
    if output not in (None, STDOUT):
        assert output is not None
        to_file(output, render.charts(items, form))
        return
    drawn = terminal(config) if form == "text" else None
    if drawn is not None:
        from air_cli import render_rich

        to_stdout(render_rich.charts(items, *drawn))
    else:
        to_stdout(render.charts(items, form))
