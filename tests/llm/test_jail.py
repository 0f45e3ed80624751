"""The model's process in a jail: it works as outside, and sees nothing but its files."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from air_cli.analyst_solver import model_process
from air_cli.errors import ItemError
from air_cli.jail.model import starter, wanted
from air_cli.reasoners.llama import Llama
from air_cli.records import Message, Want
from air_cli.settings import Config, ReaderSettings, ReasonerSettings
from tests.llm.models import needs_llama, settings
from tests.loop.script import need_jail, png, task

pytestmark = needs_llama
TALK = (Message("user", "What is this?", (png((90, 70)),)),)
WANT = Want("code", "?", grammar="root ::= [a-z]{30}", max_tokens=60, seconds=30)


def test_a_jailed_model_says_the_same(models: Path) -> None:
    need_jail()
    files = models / "qwen2vl.gguf", models / "qwen2vl_merger.gguf"
    said = []
    for start in (None, starter(files)):
        llama = Llama(settings(*files), start)
        try:
            assert llama.sees
            said.append(llama.open(task("?")).reply(TALK, WANT).text)
            assert llama.facts["jail"] is (start is not None)
            if start is not None:
                assert llama.pid is not None and _namespaces(llama.pid).isdisjoint(_namespaces(0))
        finally:
            llama.close()
    assert said[0] == said[1] and len(said[0]) == 30


def _namespaces(pid: int) -> set[str]:
    """The network and mount namespaces of a process's last descendant (0: of this process)."""
    root = Path("/proc") / (str(_inner(pid)) if pid else "self") / "ns"
    return {str((root / name).readlink()) for name in ("net", "mnt", "pid", "ipc")}


def _inner(pid: int) -> int:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return _inner(int(children[-1])) if children else pid


def test_it_sees_its_own_file_alone(models: Path, tmp_path: Path) -> None:
    need_jail()
    (tmp_path / "secret").write_text("mine")
    llama = Llama(settings(models / "qwen2.gguf"), starter([models / "qwen2.gguf"]))
    try:
        llama.open(task("?"))
        assert llama.pid is not None
        inside = Path(f"/proc/{_inner(llama.pid)}/root")
        assert (inside / str(models / "qwen2.gguf").lstrip("/")).exists()
        assert not (inside / str(models / "llama.gguf").lstrip("/")).exists()
        assert not (inside / "etc" / "passwd").exists()
        assert not (inside / str(tmp_path / "secret").lstrip("/")).exists()
    except PermissionError:
        pytest.skip("only root may look into the jail from outside")
    finally:
        llama.close()


def test_the_death_of_a_jailed_model_is_an_item_error(models: Path) -> None:
    need_jail()
    llama = Llama(settings(models / "qwen2.gguf"), starter([models / "qwen2.gguf"]))
    try:
        llama.open(task("?"))
        assert llama.pid is not None
        timer = threading.Timer(0.4, os.kill, (_inner(llama.pid), signal.SIGKILL))
        timer.start()
        endless = Want("code", "?", grammar='root ::= "a" root', max_tokens=10**6, seconds=30)
        with pytest.raises(ItemError, match="the model's process was ended by SIGKILL") as caught:
            llama.ask(TALK, endless)
        assert caught.value.kind == "crashed"
        assert llama.ask(TALK, WANT).tokens == 30, "the next question gets a new jail"
    finally:
        llama.close()


def test_when_a_model_is_jailed(tmp_path: Path) -> None:
    (tmp_path / "nvidia0").touch()
    if sys.platform.startswith("linux"):
        assert not wanted("auto", tmp_path) and not wanted(12, tmp_path)
    empty = tmp_path / "empty"
    empty.mkdir()
    need_jail()
    assert wanted("auto", empty) and wanted(0, tmp_path)
    llama = ReasonerSettings("llama", model="m.gguf", n_gpu_layers=0)
    assert "start" in model_process(Config(reasoner=llama))
    assert not model_process(Config(reasoner=llama, reader=ReaderSettings(jail=False)))
    assert not model_process(Config(reasoner=ReasonerSettings("llama", model="m", jail="never")))
    assert not model_process(Config())
