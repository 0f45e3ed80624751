"""`air figures`: the figures of documents, with page, box, caption and image files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from air_cli.commands.options import (
    STDOUT,
    ConfigFile,
    Output,
    Pages,
    Quiet,
    Verbose,
    chosen,
    page_list,
    settle,
)
from air_cli.errors import EnvironmentFault, Exit, ItemError, UsageError
from air_cli.events import reporter
from air_cli.output import check_file, to_file, to_stdout

if TYPE_CHECKING:
    from air_cli.analyst import Analyst, Document
    from air_cli.records import Figure, Page

FORMATS = ("text", "json", "csv")
CHARTS = ("chart", "unknown")


def figures(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="PDF...", help="Documents (- is standard input).", show_default=False
        ),
    ],
    everything: Annotated[
        bool, typer.Option("--all", help="Tables, photos, diagrams and logos too.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write the figures there as PNG files."),
    ] = None,
    format: Annotated[str, typer.Option(metavar="FORMAT", help="text, json or csv.")] = "text",
    pages: Pages = None,
    output: Output = None,
    config: ConfigFile = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """List the figures of documents: air figures report.pdf --out figures/"""
    form = chosen(format, FORMATS, "--format")
    resolved = settle({}, config, quiet, verbose)
    wanted = page_list(pages)
    check_file(output)

    from air_cli import render
    from air_cli.analyst import Analyst
    from air_cli.analyst_inputs import check_path
    from air_cli.store import distinct_slugs, slug

    for source in sources:
        check_path(source)
    stems = {source: Path(source).stem for source in sources}
    unique = len(set(stems.values())) == len(sources)
    slugs = {s: slug(stems[s]) for s in sources} if unique else distinct_slugs(sources)
    found: list[tuple[str, Figure]] = []
    failed = 0
    with Analyst(resolved.config) as analyst:
        analyst.warm(code=False)
        for source in sources:
            try:
                found += _of(analyst, source, wanted, everything, out, slugs[source])
            except (ItemError, UsageError) as error:
                if len(sources) == 1:
                    raise
                reporter.warn(str(error))
                failed += 1
    text = render.figures(found, form, len(sources) > 1)
    if output not in (None, STDOUT):
        assert output is not None
        to_file(output, text)
    else:
        to_stdout(text)
    return Exit.ITEMS if failed else Exit.OK


def _of(
    analyst: Analyst,
    source: str,
    pages: list[Page] | None,
    everything: bool,
    out: Path | None,
    name: str,
) -> list[tuple[str, Figure]]:
    """A document's figures. Raises `ItemError` when it cannot be read or has none."""
    from air_cli.analyst import no_figure, read_input

    item = read_input(source)
    document = analyst.document(item)
    with reporter.working(f"{item.name}: looking for figures"):
        figures = document.figures(pages)
    for problem in document.problems:
        reporter.warn(problem)
    kept = [figure for figure in figures if everything or figure.kind in CHARTS]
    if not kept:
        if figures:
            kinds = ", ".join(sorted({figure.kind for figure in figures}))
            raise ItemError(
                f"{item.name}: no chart was found, but {len(figures)} other figures ({kinds}):"
                " see them with --all",
                kind="no-figure",
            )
        raise no_figure(item, document.source, pages)
    if out is not None:
        kept = [_saved(document, figure, out, name) for figure in kept]
    return [(item.name, figure) for figure in kept]


def _saved(document: Document, figure: Figure, out: Path, name: str) -> Figure:
    path = out / f"{name}-{figure.id}.png"
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentFault(f"{out}: cannot be made: {error.strerror}") from error
    to_file(path, document.image(figure.id))
    return replace(figure, image=str(path))
