"""`air models`: which models there are, here and to be had."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from air_cli.commands.options import ConfigFile, Quiet, chosen, settle
from air_cli.output import to_stdout

if TYPE_CHECKING:
    from air_cli.models import Store

app = typer.Typer(
    name="models", help="List, fetch and inspect GGUF models.", invoke_without_command=True
)
Name = Annotated[str, typer.Argument(metavar="NAME", help="A model's name.", show_default=False)]
ListForm = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text or json.")]


@app.callback()
def models(context: typer.Context) -> None:
    """List, fetch and inspect GGUF models; without a command: list them."""
    if context.invoked_subcommand is None:
        listing()


@app.command("list")
def listing(format: ListForm = "text", config: ConfigFile = None) -> None:
    """List the models that are here and those that `air models pull` knows."""
    chosen(format, ("text", "json"), "--format")
    resolved = settle({}, config)

    from air_cli.commands import models_text
    from air_cli.models_catalogue import catalogue

    form = models_text.as_json if format == "json" else models_text.as_text
    to_stdout(form(_store(resolved.config.models_dir()), catalogue(), resolved.config))


@app.command()
def pull(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="A name of the list, or OWNER/REPOSITORY.", show_default=False
        ),
    ],
    file: Annotated[
        str | None,
        typer.Option("--file", metavar="PATTERN", help="Which model file, such as *Q8_0.gguf."),
    ] = None,
    projector: Annotated[
        str | None,
        typer.Option("--projector", metavar="PATTERN", help="Which projector; none: without one."),
    ] = None,
    called: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="Keep it under this name.")
    ] = None,
    revision: Annotated[
        str, typer.Option("--revision", metavar="REVISION", help="Branch, tag or commit.")
    ] = "main",
    config: ConfigFile = None,
    quiet: Quiet = False,
) -> None:
    """Fetch a model and its projector; a pull that was broken off goes on where it stopped."""
    resolved = settle({}, config, quiet)

    from air_cli.commands.models_pull import Pull

    Pull(resolved.config, name, file, projector, called or "", revision).run()


@app.command()
def add(
    name: Name,
    model: Annotated[Path, typer.Argument(metavar="GGUF", help="The model file.")],
    mmproj: Annotated[
        Path | None, typer.Option("--mmproj", metavar="GGUF", help="Its multimodal projector.")
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Give a name to files that are here already; they stay where they are."""
    store = _store(settle({}, config).config.models_dir())

    from air_cli.events import reporter

    stored = store.add(name, model, mmproj)
    reporter.note(f"air: {name}: {stored.size / 1e9:.2f} GB; air ask --model {name} …")


@app.command()
def rm(name: Name, config: ConfigFile = None) -> None:
    """Forget a model and delete what was pulled of it."""
    resolved = settle({}, config)

    from air_cli.events import reporter

    freed = _store(resolved.config.models_dir()).remove(name)
    reporter.note(f"air: {name}: removed, {freed / 1e9:.2f} GB free again")
    if resolved.config.reasoner.model == name:
        where = resolved.where["reasoner.model"]
        reporter.note(f"air: reasoner.model is still {name!r} ({where}): air models default none")


@app.command()
def show(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="A model's name, or a GGUF file.", show_default=False),
    ],
    verify: Annotated[
        bool, typer.Option("--verify", help="Read the files whole and compare their sha256.")
    ] = False,
    mmproj: Annotated[
        Path | None,
        typer.Option("--mmproj", metavar="GGUF", help="A projector to hold it against."),
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Show a model: what its file says, its template, its memory, whether the projector fits."""
    resolved = settle({}, config)

    from air_cli.commands.models_show import described

    store = _store(resolved.config.models_dir())
    to_stdout(described(store, name, mmproj, resolved.config.reasoner.n_ctx, verify=verify))


@app.command()
def default(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="A model's name; none: none.", show_default=False),
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Show the model that `air ask` takes, or set it in your own air.toml."""
    resolved = settle({}, config)
    if name is None:
        model = resolved.config.reasoner.model or "none"
        to_stdout(f"{model}  # {resolved.where['reasoner.model']}\n")
        return

    from air_cli.config import user_file
    from air_cli.config_edit import with_key
    from air_cli.errors import UsageError
    from air_cli.events import reporter
    from air_cli.files import write_atomic

    wanted = "" if name == "none" else name
    if wanted:
        _store(resolved.config.models_dir()).get(wanted)
    path = config or user_file()
    try:
        text = path.read_text("utf-8") if path.exists() else ""
        write_atomic(path, with_key(text, "reasoner", "model", wanted))
    except (UsageError, OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {error}") from None
    reporter.note(f"air: reasoner.model is {name} in {path}")


def _store(root: Path) -> Store:
    from air_cli.models import Store

    return Store(root)
