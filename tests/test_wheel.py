"""The built wheel works like the checkout: assets found, a question answered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the unpacked wheel and nothing of the checkout."""
    pytest.importorskip("build")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    (wheel,) = folder.glob("*.whl")
    target = folder / "site"
    zipfile.ZipFile(wheel).extractall(target)
    return target


def air(site: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    # PYTHONPATH comes before the editable install's path, so that the wheel is what runs.
    environment = {**os.environ, "PYTHONPATH": str(site), "XDG_CACHE_HOME": str(cwd / "cache")}
    command = [sys.executable, "-m", "air_cli", *arguments]
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=300
    )


def test_the_wheel_holds_its_assets(installed: Path) -> None:
    assets = installed / "air_cli" / "_assets"
    assert (assets / "sandbox" / "guest.py").is_file()
    assert (assets / "prompts" / "air").is_dir()
    assert (assets / "air.toml.example").is_file()
    assert (installed / "air_cli" / "py.typed").is_file()
    assert not list(installed.rglob("tests"))


def test_the_wheel_answers_and_verifies(installed: Path, tmp_path: Path) -> None:
    picture = ROOT / "examples" / "revenue.png"
    run = tmp_path / "run"
    asked = air(
        installed,
        *["ask", str(picture), "What was the revenue in 2021?"],
        *["--format", "json", "--mode", "code", "--out", str(run)],
        cwd=tmp_path,
    )
    assert asked.returncode == 0, asked.stderr
    answer = json.loads(asked.stdout)["answer"]
    assert abs(float(answer["value"]) - 5.2) < 0.06
    checked = air(installed, "verify", str(run), cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout + checked.stderr
