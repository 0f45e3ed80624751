"""Where the tests of real llama.cpp find their tiny models."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path

import pytest

from air_cli.reasoners.llama import Llama, ModelSettings

needs_llama = [
    pytest.mark.llama,
    pytest.mark.skipif(
        importlib.util.find_spec("llama_cpp") is None or importlib.util.find_spec("gguf") is None,
        reason="needs llama-cpp-python and gguf",
    ),
]
Make = Callable[..., Llama]


def settings(model: Path, mmproj: Path | None = None, **more: object) -> ModelSettings:
    """Settings for a tiny model: one thread."""
    known = {"n_threads": 1, "seconds": 60.0, **more}
    return ModelSettings(str(model), str(mmproj or ""), **known)  # type: ignore[arg-type]
