"""The `air` command: its subcommands, and the one place where errors become exit statuses."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sys
import time
from collections.abc import Sequence
from types import FrameType
from typing import Annotated

import typer

from air_cli import __version__
from air_cli.commands.ask import ask
from air_cli.commands.batch import batch
from air_cli.commands.config import config
from air_cli.commands.doctor import doctor
from air_cli.commands.evaluate import evaluate
from air_cli.commands.figures import figures
from air_cli.commands.models import app as models
from air_cli.commands.read import read
from air_cli.commands.verify import verify
from air_cli.errors import AirError, Exit
from air_cli.events import VERBOSE, reporter
from air_cli.output import BrokenOutput, discard, guard, to_stdout

# 128 + SIGPIPE: what a shell reports of a program whose reader went away.
PIPE = 141
# Seconds in which an interrupted command puts everything away undisturbed.
PATIENCE = 2.0

app = typer.Typer(
    name="air",
    help="Ask questions of charts and documents, locally, and check the answers.",
    epilog="Exit status: 0 answered; 1 a bug in AIR; 2 usage or configuration; 3 some items"
    " unanswered or failed; 4 the environment lacks something; 5 verification differs;"
    " 130 interrupted.",
    # Rich help would cost a third of the time that `air --help` takes.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        to_stdout(f"air {__version__}\n")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        to_stdout(context.get_help() + "\n")


app.command()(ask)
app.command()(read)
app.command()(figures)
app.command()(verify)
app.command()(batch)
app.command("eval")(evaluate)
app.command()(doctor)
app.command()(config)
app.add_typer(models)


class Interrupt:
    """The first signal unwinds, so that everything is put away. Those that follow at once (a
    terminal and a parent may both send one) must not break into that; a later one ends it."""

    first: float | None = None

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if Interrupt.first is None:
            Interrupt.first = time.monotonic()
            raise KeyboardInterrupt
        if time.monotonic() - Interrupt.first > PATIENCE:
            os._exit(Exit.INTERRUPTED)  # what was started ends with its parent


def main() -> None:
    """Entry point: run and exit."""
    guard()
    # Cron and init systems end with SIGTERM: leave as after Ctrl-C, with everything put away.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, Interrupt())
    status = run(sys.argv[1:])
    if status == Exit.INTERRUPTED:  # Python would end of a second one while it shuts down
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # And of the first, where that broke into code from a string (a dataclass being made): it
        # notes this, and forgets it when the next such code runs.
        exec("")
    try:
        sys.stdout.flush()
    except OSError:
        discard()
    sys.exit(status)


def run(arguments: Sequence[str]) -> int:
    """Run one command line; its exit status. Every error ends here as one line on stderr."""
    try:
        # Not standalone: errors come here, and a status that a command returns comes back.
        result = typer.main.get_command(app).main(
            list(arguments), prog_name="air", standalone_mode=False
        )
        status = int(result) if isinstance(result, int) else Exit.OK
        if status == Exit.INTERRUPTED:  # typer turns KeyboardInterrupt into this
            reporter.warn("interrupted")
        return status
    except AirError as error:
        reporter.warn(_one_line(str(error)))
        return error.exit
    except (KeyboardInterrupt, typer.Abort):
        reporter.warn("interrupted")
        return Exit.INTERRUPTED
    except BrokenOutput:
        return PIPE
    except Exception as error:  # noqa: BLE001 - the boundary: whatever is left is a bug
        return _unexpected(error)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _unexpected(error: Exception) -> int:
    if hasattr(error, "format_message") and hasattr(error, "exit_code"):  # usage, by typer
        context = getattr(error, "ctx", None)
        path = getattr(context, "command_path", "air")
        reporter.warn(f"{_one_line(error.format_message())} (see {path} --help)")
        return Exit.USAGE
    if isinstance(error, MemoryError):
        reporter.warn("out of memory")
        return Exit.ENVIRONMENT
    full = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
    if isinstance(error, OSError) and error.errno in full:
        reporter.warn(f"{error.filename or 'a file'}: cannot be written: {error.strerror}")
        return Exit.ENVIRONMENT
    reporter.warn(f"a bug in AIR: {type(error).__name__}: {_one_line(str(error))[:300]}")
    _report(error)
    return Exit.BUG


def _report(error: Exception) -> None:
    """The traceback: on stderr with -v, otherwise in a file that the user can send."""
    import traceback

    text = "".join(traceback.format_exception(error))
    if reporter.level < VERBOSE:
        with contextlib.suppress(OSError, AirError):
            from air_cli.config import load

            path = load().config.cache_dir() / "bug.log"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"air {__version__}, Python {sys.version}\n{text}", encoding="utf-8")
            reporter.warn(f"please report it with {path}")
            return
    reporter.warn(text)
