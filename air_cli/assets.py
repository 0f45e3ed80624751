"""Finds `prompts/`, `sandbox/` and `air.toml.example`, in a wheel as in a checkout."""

from __future__ import annotations

from pathlib import Path

from air_cli.errors import EnvironmentFault

PACKAGE = Path(__file__).resolve().parent


def asset(name: str) -> Path:
    """Path of `name` (`prompts`, `sandbox`, `air.toml.example`).

    A wheel carries them in `air_cli/_assets`; a checkout beside `air_cli`.
    Raises `EnvironmentFault` when the installation is incomplete.
    """
    for folder in (PACKAGE / "_assets", PACKAGE.parent):
        path = folder / name
        if path.exists():
            return path
    raise EnvironmentFault(
        f"AIR's own files are incomplete: {name} is missing", fix="reinstall air-cli"
    )


def sandbox_root() -> Path:
    """Folder whose child is the `sandbox` package: what goes on `sys.path` inside the jail."""
    return asset("sandbox").parent
