"""Ways to run many items: local processes, ray. Each module is imported when it is chosen."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from air_cli.errors import UsageError

if TYPE_CHECKING:
    from air_cli.work import Engine, Worker

REGISTRY = {
    "local": ("air_cli.engines.local", "LocalEngine"),
}


def engine_named(name: str, worker: Worker, jobs: int) -> Engine:
    """The engine called `name` with `jobs` workers. Raises `UsageError` for one that is not there
    and `EnvironmentFault` when what it needs is not installed."""
    if name not in REGISTRY:
        known = ", ".join(sorted(REGISTRY))
        raise UsageError(f"batch.engine: there is no engine {name!r} yet; there is {known}")
    module, factory = REGISTRY[name]
    make: Any = getattr(importlib.import_module(module), factory)
    made: Engine = make(worker, jobs)
    return made
