"""What an answer depends on besides its input: versions and settings, for cache and provenance."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from air_cli import __version__
from air_cli.assets import PACKAGE
from air_cli.config import Config, show_value
from air_cli.gguf import GGUFError, read_head
from air_cli.protocol import profile_for
from air_cli.settings import ReasonerSettings, keys

READING = ("rapidocr", "onnxruntime", "opencv-python-headless", "pymupdf", "numpy")


@cache
def reader_version() -> str:
    """A hash of the code that reads and of the packages it reads with: readings made by another
    reader are never reused."""
    digest = hashlib.sha256()
    names = [*(PACKAGE / "read").rglob("*.py"), *PACKAGE.glob("records*.py")]
    for path in sorted(names):
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    for name in READING:
        digest.update(f"{name}={version(name)}\n".encode())
    return digest.hexdigest()[:16]


def version(package: str) -> str:
    """The installed version of a package, or an empty string."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def versions() -> dict[str, str]:
    """AIR, Python, the machine and the packages that read."""
    found = {name: version(name) for name in READING}
    return {
        "air": __version__,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "reader": reader_version(),
        **{name: text for name, text in found.items() if text},
    }


def profile(settings: ReasonerSettings) -> str:
    """The prompt profile: the one that is set, or that of the model's name."""
    if settings.profile != "auto":
        return settings.profile
    if settings.name == "server":
        return profile_for(settings.served_model)
    if settings.name != "llama":
        return profile_for("")
    return profile_for(f"{Path(settings.model).name} {_inner_name(settings.model)}")


@cache
def _inner_name(path: str) -> str:
    """The name that a model file gives itself."""
    try:
        return str(read_head(Path(path)).metadata.get("general.name", ""))
    except (OSError, GGUFError):
        return ""  # whoever loads it says what is wrong


def settings(config: Config) -> dict[str, Any]:
    """The resolved configuration, flat, without secrets and without what cannot change an
    answer."""
    skipped = ("output.", "cache.", "batch.", "models.")
    return {k.name: show_value(config, k) for k in keys() if not k.name.startswith(skipped)}
