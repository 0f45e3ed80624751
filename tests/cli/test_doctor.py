"""The doctor's checks, each with what is there and what is not."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from air_cli import doctor
from air_cli.config import load
from tests.cli.command import air


def found(tmp_path: Path, **env: str) -> dict[str, doctor.Finding]:
    resolved = load(env={"HOME": str(tmp_path), **env}, cwd=tmp_path)
    return {finding.name: finding for finding in doctor.examine_all(resolved)}


def test_a_model_that_is_configured_must_be_there(tmp_path: Path) -> None:
    done = air("doctor", cwd=tmp_path, env={"AIR_MODEL": "gone.gguf"})
    assert done.code == 4
    line = next(line for line in done.out.splitlines() if line.startswith("LACKS"))
    assert "gone.gguf: No such file" in line
    assert "→" in line


def test_a_file_that_is_no_model(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"PK..")
    finding = found(tmp_path, AIR_MODEL=str(path))["model"]
    assert (finding.ok, finding.fix) == (False, "download it again")
    path.write_bytes(b"GGUF" + bytes(2**20))
    assert found(tmp_path, AIR_MODEL=str(path))["model"].ok is True


def test_no_model_is_no_fault(tmp_path: Path) -> None:
    assert "model" not in found(tmp_path)


def test_a_cache_that_cannot_be_written_is_a_note(tmp_path: Path) -> None:
    finding = found(tmp_path, AIR_CACHE_DIR="/proc/none")["cache"]
    assert finding.ok is None
    assert "AIR_CACHE_DIR" in finding.fix
    assert found(tmp_path, AIR_CACHE_ENABLED="false")["cache"].detail == "switched off"


def test_macos_is_told_what_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    findings = found(tmp_path)
    assert findings["system"].ok is None
    for words in ("no generated code", "`air figures`", "AIR_READER_JAIL=false"):
        assert words in findings["system"].detail
    assert findings["bubblewrap"].ok is False


def test_free_memory_is_a_number_here() -> None:
    free = doctor._free_memory()
    assert free is not None
    assert 0 < free < os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / doctor.MIB
