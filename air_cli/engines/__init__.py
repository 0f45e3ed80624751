"""Ways to run many items: local processes, ray."""

from __future__ import annotations

from typing import TYPE_CHECKING

from air_cli.errors import UsageError

if TYPE_CHECKING:
    from air_cli.work import Engine, Worker

NAMES = ("local", "ray")


def engine_named(name: str, worker: Worker, jobs: int) -> Engine:
    """The engine called `name` with `jobs` workers like `worker`.

    An item gets twice the seconds that the configuration grants a question and the reading of its
    figures; what takes longer hangs. Raises `UsageError` for another name, `EnvironmentFault` when
    the engine is not installed.
    """
    config = worker.config
    seconds = 2.0 * (config.policy.seconds + 3.0 * config.reader.seconds) + 60.0
    if name == "local":
        from air_cli.engines.local import LocalEngine

        return LocalEngine(worker, jobs, seconds)
    if name == "ray":
        from air_cli.engines.ray import RayEngine

        return RayEngine(worker, jobs, seconds)
    raise UsageError(f"no engine {name!r}; there is {', '.join(NAMES)}")
