"""The reasoners by name. Each module is imported when its reasoner is made."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Protocol

from air_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from air_cli.records import Message, Reply, Task, Want

# name -> module and the factory in it, called with the settings.
REGISTRY = {
    "builtin": ("air_cli.reasoners.builtin", "make"),
    "llama": ("air_cli.reasoners.llama", "make"),
    "server": ("air_cli.reasoners.server", "make"),
    "replay": ("air_cli.reasoners.replay", "make"),
}


class Settings(Protocol):
    """What of the section `[reasoner]` of the configuration the reasoners use."""

    @property
    def name(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def mmproj(self) -> str: ...
    @property
    def n_gpu_layers(self) -> int | str: ...
    @property
    def n_ctx(self) -> int: ...
    @property
    def n_threads(self) -> int: ...
    @property
    def seed(self) -> int: ...
    @property
    def image_max_tokens(self) -> int: ...
    @property
    def seconds(self) -> float: ...
    @property
    def url(self) -> str: ...
    @property
    def served_model(self) -> str: ...
    @property
    def api_key(self) -> str: ...
    @property
    def replies(self) -> str: ...


class MadeConversation(Protocol):
    """The shape of `air_cli.loop_types.Conversation`, which this layer must not import."""

    def reply(self, history: Sequence[Message], want: Want) -> Reply: ...


class MadeReasoner(Protocol):
    """The shape of `air_cli.loop_types.Reasoner`, which this layer must not import."""

    @property
    def name(self) -> str: ...
    @property
    def sees(self) -> bool: ...
    @property
    def facts(self) -> Mapping[str, object]: ...
    def open(self, task: Task) -> MadeConversation: ...
    def close(self) -> None: ...


def make_reasoner(settings: Settings, **more: Any) -> MadeReasoner:
    """The reasoner that `settings.name` names; `more` is for its factory alone (`start`, the maker
    of its process, for llama).

    Raises `UsageError` for a name without a reasoner, `EnvironmentFault` when what it needs
    (package, model file) is missing.
    """
    if settings.name not in REGISTRY:
        known = ", ".join(sorted(REGISTRY))
        raise UsageError(f"reasoner.name: there is no reasoner {settings.name!r}; there is {known}")
    module, factory = REGISTRY[settings.name]
    make: Any = getattr(importlib.import_module(module), factory)
    made: MadeReasoner = make(settings, **more)
    return made
