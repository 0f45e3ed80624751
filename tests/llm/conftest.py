"""Tiny models, written once, and children that are always ended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from air_cli.reasoners.llama import Llama
from tests.llm.models import Make, settings


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with text models and projectors of random weights."""
    from tests.llm.tiny_gguf import write_projector, write_text

    folder = tmp_path_factory.mktemp("gguf")
    for arch in ("llama", "qwen2", "qwen2vl"):
        write_text(folder / f"{arch}.gguf", arch=arch)
    for kind in ("mlp", "gemma3", "qwen2vl_merger"):
        write_projector(folder / f"{kind}.gguf", kind=kind)
    return folder


@pytest.fixture
def make(models: Path) -> Iterator[Make]:
    """Makes reasoners of the tiny models by name; ends their children."""
    made: list[Llama] = []

    def build(model: str, mmproj: str = "", **more: object) -> Llama:
        projector = models / f"{mmproj}.gguf" if mmproj else None
        made.append(Llama(settings(models / f"{model}.gguf", projector, **more)))
        return made[-1]

    yield build
    for llama in made:
        llama.close()
