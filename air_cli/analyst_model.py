"""The jail of the model's process, as the configuration has it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from air_cli.settings import Config


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
