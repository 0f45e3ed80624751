"""The catalogue of models that AIR knows by name (`catalogue.yaml`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from air_cli.assets import PACKAGE


@dataclass(frozen=True)
class Known:
    """A model of the catalogue. `size` and `memory` in GB, rounded; `files` and `projectors` are
    patterns, the preferred first. `licence` is empty where its repository must be asked."""

    name: str
    repo: str
    parameters: str
    size: float
    memory: float
    suits: str
    files: tuple[str, ...]
    projectors: tuple[str, ...] = ()
    licence: str = ""


ANY = Known("", "", "", 0, 0, "", ("*Q4_K_M.gguf", "*Q8_0.gguf", "*.gguf"), ("*Q8_0.gguf", "*"))


def catalogue() -> list[Known]:
    """Every model of the catalogue, small ones first."""
    import yaml

    text = (PACKAGE / "catalogue.yaml").read_text("utf-8")
    entries: list[dict[str, Any]] = yaml.safe_load(text)
    return [
        Known(**{**entry, **{k: tuple(entry[k]) for k in ("files", "projectors")}})
        for entry in entries
    ]
