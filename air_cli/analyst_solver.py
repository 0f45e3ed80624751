"""What answers: the reasoner, its fall-back and the code jails, made when first needed and kept."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from air_cli import analyst_facts as facts
from air_cli.config import Config
from air_cli.errors import EnvironmentFault
from air_cli.jail.code import CodeJailPool
from air_cli.jail.recipe import CODE, sized
from air_cli.loop import Budget, Jail, Looker, OnEvent, Reasoner, Solved, solve
from air_cli.records import Task
from air_cli.store_exchanges import Handler


class Solver:
    """Solves tasks one after the other. `on_event(kind, data)` hears what the loop does."""

    def __init__(self, config: Config, on_event: OnEvent | None = None) -> None:
        self.config, self.on_event = config, on_event
        self._reasoner: Reasoner | None = None
        self._fallback: Reasoner | None = None
        self._pool: CodeJailPool | None = None

    def warm(self) -> None:
        """Make the reasoner, and a code jail where there may be one, without waiting.

        Raises `EnvironmentFault` when the model cannot run or no jail can be made.
        """
        self._reasoners()
        # Where the reader has no jail there may be none for code: seen when it is due.
        if self.config.reader.jail and self.config.jail.ready:
            self._jails()

    def close(self) -> None:
        """End every process. Safe to call twice."""
        with contextlib.ExitStack() as stack:
            for part in (self._pool, self._reasoner, self._fallback):
                if part is not None:
                    stack.callback(part.close)
            self._pool = self._reasoner = self._fallback = None

    def solve(self, task: Task, look: Looker, answerer: Handler) -> Solved:
        """The task by the loop; `look` and `answerer` are the reader's answers to the reasoner and
        to its code. Raises `EnvironmentFault` and `Interrupted`."""
        policy, settings = self.config.policy, self.config.reasoner
        budget = Budget(
            steps=policy.steps,
            faults=policy.faults,
            seconds=policy.seconds,
            step_seconds=self.config.jail.seconds,
            tokens=policy.tokens,
            reply_tokens=settings.max_tokens,
            reflections=policy.reflections,
        )

        def make_jail() -> Jail:
            try:
                return self._jails().take(answerer)
            except EnvironmentFault as fault:
                hint = "; without a jail, --mode direct looks up printed values"
                raise EnvironmentFault(fault.cause, fix=fault.fix + hint) from fault

        return solve(
            task,
            self._reasoners()[0],
            make_jail,
            budget,
            mode=policy.mode,
            seed=settings.seed,
            temperature=settings.temperature,
            profile=facts.profile(settings),
            look=look,
            fallback=self._reasoners()[1],
            on_event=self.on_event,
            samples=policy.samples,
        )

    def _jails(self) -> CodeJailPool:
        if self._pool is None:
            settings = self.config.jail
            self._pool = CodeJailPool(settings.ready, profile=sized(CODE, settings.memory_mb))
        return self._pool

    def _reasoners(self) -> tuple[Reasoner, Reasoner | None]:
        """The reasoner and the one that answers when it fails."""
        if self._reasoner is None:
            from air_cli.reasoners import make_reasoner

            settings = self.config.reasoner
            self._reasoner = make_reasoner(settings, **model_process(self.config))
            if settings.fallback == "builtin" and settings.name in ("llama", "server"):
                self._fallback = make_reasoner(replace(settings, name="builtin"))
        return self._reasoner, self._fallback


def model_process(config: Config) -> dict[str, Any]:
    """What `make_reasoner` is told of the process of a GGUF: how to start it in a jail.

    `auto` means: where the user has not switched jails off, there is bubblewrap, and no graphics
    card takes part.
    """
    settings = config.reasoner
    if settings.name != "llama" or settings.jail == "never":
        return {}
    from air_cli.jail.model import starter, wanted

    if settings.jail == "auto" and not (config.reader.jail and wanted(settings.n_gpu_layers)):
        return {}
    return {"start": starter([Path(p) for p in (settings.model, settings.mmproj) if p])}
