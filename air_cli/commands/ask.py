"""`air ask`: questions on charts and documents."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from air_cli.commands.options import (
    Cache,
    ConfigFile,
    FigureName,
    Form,
    Model,
    ModeName,
    Output,
    Pages,
    Quiet,
    ReasonerName,
    Samples,
    Telling,
    chosen,
    implied,
    page_list,
    settle,
)
from air_cli.errors import ItemError, UsageError
from air_cli.output import check_file

if TYPE_CHECKING:
    from air_cli.records import Question

EXPECTS = ("auto", "number", "text", "bool", "list")


def ask(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SOURCE", help="Images or PDFs (- is standard input).", show_default=False
        ),
    ] = None,
    question: Annotated[
        str | None,
        typer.Argument(
            metavar="QUESTION", help="Comes last; with -Q, a further source.", show_default=False
        ),
    ] = None,
    questions: Annotated[
        str | None,
        typer.Option("-Q", "--questions", metavar="FILE", help="A file with a question a line."),
    ] = None,
    pages: Pages = None,
    figure: FigureName = None,
    together: Annotated[
        bool, typer.Option("--together", help="One answer from all sources, not one for each.")
    ] = False,
    expects: Annotated[
        str, typer.Option(metavar="TYPE", help="auto, number, text, bool or list.")
    ] = "auto",
    mode: ModeName = None,
    reasoner: ReasonerName = None,
    model: Model = None,
    samples: Samples = None,
    format: Form = None,
    output: Output = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write a run directory with all evidence."),
    ] = None,
    cache: Cache = None,
    config: ConfigFile = None,
    quiet: Quiet = False,
    verbose: Telling = False,
) -> int:
    """Answer questions on charts: air ask chart.png "Which year was highest?" """
    flags = {
        "policy.mode": mode,
        "reasoner.name": reasoner,
        "reasoner.model": model,
        "policy.samples": samples,
        "output.format": format or implied(output, ("text", "md", "json")),
        "cache.enabled": cache,
    }
    resolved = settle(flags, config, quiet, verbose)
    chosen(expects, EXPECTS, "--expects")
    named, asked = _split(
        [*(sources or []), *([question] if question is not None else [])], questions, expects
    )
    wanted = page_list(pages)
    check_file(output)

    from air_cli.commands.asking import Asking

    return Asking(
        resolved,
        named,
        asked,
        pages=wanted,
        figure=figure,
        together=together,
        output=output,
        out=out,
    ).run()


def _split(
    arguments: list[str], questions: str | None, expects: str
) -> tuple[list[str], list[Question]]:
    """Sources and questions. Raises `UsageError`, before anything is started."""
    from air_cli.analyst_inputs import STDIN, check_path
    from air_cli.records import Question

    if questions is not None:
        if questions == STDIN and STDIN in arguments:
            raise UsageError("- cannot be both the source and the questions")
        sources, texts = arguments, _question_lines(questions)
        if not sources:
            raise UsageError("the source is missing: air ask chart.png -Q questions.txt")
    else:
        *sources, text = arguments or [""]
        if not sources:
            given = Path(text).is_file() or text == STDIN
            missing = "the question" if given else "the source"
            raise UsageError(f'{missing} is missing: air ask chart.png "Which year was highest?"')
        if _is_file(text):
            raise UsageError(f"{text}: is a file, but the question comes last (or -Q FILE)")
        texts = [text]
    if not any(text.strip() for text in texts):
        raise UsageError(
            "the question is empty" if questions is None else f"{questions}: no questions"
        )
    if sources.count(STDIN) > 1:
        raise UsageError("- can be given once")
    for source in sources:
        check_path(source)
    width = len(str(len(texts)))
    return sources, [
        Question(f"q{number:0{width}}", text.strip(), expects)
        for number, text in enumerate(texts, 1)
    ]


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):  # a question can be longer than a file name may be
        return False


def _question_lines(name: str) -> list[str]:
    from air_cli.analyst_inputs import read_input

    try:
        text = read_input(name).data.decode("utf-8-sig")
    except ItemError as error:
        raise UsageError(str(error)) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{name}: the questions are not UTF-8 text") from error
    return [line.strip() for line in text.splitlines() if line.strip()]
