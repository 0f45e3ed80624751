"""What `air batch` and `air eval` share: the engine of the configuration, progress on stderr."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any

from air_cli.events import NORMAL, reporter

if TYPE_CHECKING:
    from air_cli.config import Config
    from air_cli.work import Engine, Row, Worker


def make_engine(config: Config) -> Callable[[Worker], Engine]:
    """The way to run jobs that the configuration names. Raises `EnvironmentFault` when it is not
    installed."""
    from air_cli.engines import engine_named

    return lambda worker: engine_named(config.batch.engine, worker, config.batch.jobs)


class Shown:
    """Progress: a bar on a terminal, with -v a line an item; failures are always named once."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Shown:
        stream = reporter.stderr()
        if reporter.level == NORMAL and stream.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

            console = Console(file=stream, no_color=reporter.color == "never")
            columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self._bar = Progress(*columns, console=console, transient=True)
            self._bar.start()
            self._task = self._bar.add_task("", total=self._total)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
        if isinstance(error, KeyboardInterrupt):
            reporter.note("air: what is done is kept; the same command goes on from there")

    def row(self, row: Row, done: int, total: int) -> None:
        """Tell about an item that is done."""
        if self._bar is not None:
            self._bar.update(self._task, completed=done)
        if not row.done:
            where = row.error if row.source in row.error else f"{row.source}: {row.error}"
            reporter.note(f"air: {where} ({row.question_id}: {row.error_kind})")
        else:
            said = row.text or row.why
            reporter.detail(f"{done}/{total} {row.source}, {row.question_id}: {said}")
