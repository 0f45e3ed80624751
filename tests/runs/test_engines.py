"""The engines by name; ray where it is installed."""

from __future__ import annotations

import dataclasses
import importlib.util
from pathlib import Path
from typing import Any, cast

import pytest

from air_cli.batch import plan_batch, run_batch
from air_cli.config import Config
from air_cli.engines import engine_named
from air_cli.engines.local import LocalEngine
from air_cli.errors import EnvironmentFault, UsageError
from air_cli.work import Engine, Worker
from tests.runs.fakes import FakeAnalyst
from tests.runs.test_batch import asks

RAY = importlib.util.find_spec("ray") is not None


def test_engines_are_found_by_name(tmp_path: Path) -> None:
    worker = Worker(Config(), tmp_path)
    assert isinstance(engine_named("local", worker, 2), LocalEngine)
    with pytest.raises(UsageError, match="no engine 'spark'; there is local, ray"):
        engine_named("spark", worker, 1)


@pytest.mark.skipif(RAY, reason="ray is installed")
def test_without_ray_the_fault_says_how_to_install_it(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match=r'python -m pip install "air-cli\[ray\]"'):
        engine_named("ray", Worker(Config(), tmp_path), 1)


@pytest.mark.slow
@pytest.mark.skipif(not RAY, reason="ray is not installed")
def test_a_batch_on_ray(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a.png", "b.png"):
        (folder / name).write_text(name)
    words = asks("answer", "broken", f"die {tmp_path / 'died'}")
    plan = plan_batch(folder, words, tmp_path / "run")

    def make(worker: Worker) -> Engine:
        return engine_named("ray", dataclasses.replace(worker, make=cast(Any, FakeAnalyst)), 2)

    progress = run_batch(plan, tmp_path / "run", Config(), make)
    assert progress.counts == {"answered": 4, "error": 2}
