"""The host's side of a jail's process: silent, half-spoken, deaf and flooding peers; no jail."""

from __future__ import annotations

import compileall
import os
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from air_cli import wire
from air_cli.errors import EnvironmentFault, ItemError
from air_cli.jail import probe
from air_cli.jail.process import JailProcess
from air_cli.jail.recipe import CODE, READER, sized
from tests.jail.outside import alive
from tests.jail.peers import READY, put_in_place

SMALL = wire.Limits(header=2**16, blobs=2**16)


def peer(monkeypatch: pytest.MonkeyPatch, script: str) -> JailProcess:
    put_in_place(monkeypatch, script)
    return JailProcess(CODE, SMALL)


RAW = "b = b'{}'; out.write(len(b).to_bytes(4, 'big') + b); out.flush(); time.sleep(60)"
DEEP = "[" * 99 + "]" * 99
BROKEN = {
    "silent": ("time.sleep(60)", "timeout", "no reply from the code jail within 0 s"),
    "half a frame": ("out.write(b'\\0\\0\\0\\x40{'); out.flush(); time.sleep(60)", "timeout", ""),
    "half a length": ("out.write(b'\\0'); out.flush()", "crashed", "died (exit status 0)"),
    "huge header": ("out.write(b'\\xff' * 9); out.flush(); time.sleep(60)", "crashed", "broke"),
    "huge blobs": (
        "wire.send(out, {}, [bytes(2**17)]); time.sleep(60)", "crashed", "over the limit",
    ),
    "many blobs": ("wire.send(out, {}, [b''] * 300); time.sleep(60)", "crashed", "lacks its parts"),
    "not finite": (RAW.format('{"blobs":[],"body":{"a":NaN}}'), "crashed", "not finite"),
    "endless": (RAW.format('{"blobs":[],"body":{"a":1e999}}'), "crashed", "not finite"),
    "long number": (RAW.format('{"blobs":[],"body":{"a":1' + "0" * 999 + "}}"), "crashed", "long"),
    "deep": (RAW.format('{"blobs":[],"body":{"a":' + DEEP + "}}"), "crashed", "nest"),
    "gone": ("sys.exit(7)", "crashed", "died (exit status 7)"),
    "killed": ("os.kill(os.getpid(), 11)", "crashed", "died (SIGSEGV)"),
    "last words": ("print('oh no', file=sys.stderr); sys.exit(1)", "crashed", ": oh no"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_peer_that_breaks_the_protocol_is_killed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    script, kind, words = BROKEN[name]
    process = peer(monkeypatch, READY + script)
    process.wait_ready()
    started = time.monotonic()
    with pytest.raises(ItemError) as caught:
        process.receive(0.4 if kind == "timeout" else 5)
    assert time.monotonic() - started < 3
    assert caught.value.kind == kind
    assert words in str(caught.value)
    assert not alive(process.pid)
    with pytest.raises(ItemError, match="closed"):
        process.receive(1)


def test_a_deaf_peer_cannot_hold_us(monkeypatch: pytest.MonkeyPatch) -> None:
    process = peer(monkeypatch, READY + "time.sleep(60)")
    with pytest.raises(ItemError) as caught:
        process.send({}, [bytes(2**20)], 0.4)
    assert caught.value.kind == "timeout"


def test_a_flood_on_stderr_neither_blocks_nor_swells(monkeypatch: pytest.MonkeyPatch) -> None:
    flood = "[sys.stderr.write('x' * 10_000 + chr(10)) for _ in range(2000)]\n"
    process = peer(monkeypatch, READY + flood + "wire.send(out, {'done': 1})\ntime.sleep(60)")
    process.wait_ready()
    assert process.receive(10).body == {"done": 1}
    assert len(process.close()) <= 8192


def test_what_comes_back_is_made_printable(monkeypatch: pytest.MonkeyPatch) -> None:
    say = r"""wire.send(out, {'a': ['\x1b[31mred\x07', 'tab\tline\nend', '\u202eabc', '\x9b']})"""
    process = peer(monkeypatch, READY + say + "\ntime.sleep(60)")
    process.wait_ready()
    assert process.receive(5).body == {
        "a": ["\ufffd[31mred\ufffd", "tab\tline\nend", "\ufffdabc", "\ufffd"]
    }
    process.close()


def test_memory_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    put_in_place(monkeypatch, READY + "hog = bytearray(b'x') * (200 * 2**20)\ntime.sleep(60)")
    process = JailProcess(sized(READER, 100), SMALL)
    process.wait_ready()
    with pytest.raises(ItemError, match="100 MiB of memory") as caught:
        process.receive(10)
    assert caught.value.kind == "memory"


STARTS = {
    "no word": ("", "failed while starting: exit status 0"),
    "import": ("import numpy_is_not_here", "No module named 'numpy_is_not_here'"),
    "other word": (READY.replace("ready", "hello"), "said 'hello' first"),
    "uid map": (
        "print('bwrap: setting up uid map: Permission denied', file=sys.stderr)",
        "user namespaces are",
    ),
    "docker": ("print('bwrap: Creating new namespace failed: x', file=sys.stderr)", "security-opt"),
    "unreachable": (
        "print('bwrap: Can\\'t find source path /x: Permission denied', file=sys.stderr)",
        "readable for other users",
    ),
    "drop": ("print('drop: unshare: Operation not permitted', file=sys.stderr)", "container"),
}


@pytest.mark.parametrize("name", STARTS)
def test_why_it_did_not_start(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    script, words = STARTS[name]
    monkeypatch.setattr("air_cli.jail.diagnose._in_container", lambda: name == "docker")
    process = peer(monkeypatch, f"import sys\n{script}")
    with pytest.raises(EnvironmentFault) as caught:
        process.wait_ready()
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that other users can reach, which pytest's are not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_no_bubblewrap(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    monkeypatch.setenv("PATH", str(place))
    with pytest.raises(EnvironmentFault, match=r"not installed.*apt install bubblewrap"):
        JailProcess(CODE, SMALL)
    findings = probe.examine()
    assert [finding.ok for finding in findings] == [False]
    assert "apt install" in findings[0].fix


def test_a_bubblewrap_that_may_not(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    fake = place / "bwrap"
    fake.write_text(
        "#!/bin/sh\n[ $1 = --version ] && echo bubblewrap 0.11.0 && exit\n"
        "echo 'bwrap: No permissions to create new namespace' >&2; exit 1\n"
    )
    fake.chmod(stat.S_IRWXU | stat.S_IROTH | stat.S_IXOTH)
    monkeypatch.setenv("PATH", f"{place}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(JailProcess, "proved", False)
    probe.require_jail.cache_clear()
    with pytest.raises(EnvironmentFault, match="user namespaces are forbidden"):
        probe.require_jail()
    by_name = {finding.name: finding for finding in probe.examine()}
    assert by_name["bubblewrap"].ok is True
    assert by_name["CVE-2026-87766"].ok is None
    assert by_name["jail"].ok is False
    assert by_name["jail"].fix


def test_not_on_a_mac(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(EnvironmentFault, match=r"Linux only.*jail = false"):
        JailProcess(CODE, SMALL)
    assert [finding.ok for finding in probe.examine()] == [False]


def test_packages_without_bytecode_are_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    package = tmp_path / "air_test_package"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    finding = probe.bytecode(["air_test_package"])
    assert finding.ok is None
    assert finding.fix == f"python -m compileall -q {tmp_path}"
    compileall.compile_dir(package, quiet=2)
    assert probe.bytecode(["air_test_package"]).ok is True
    assert probe.bytecode(["air_has_no_such_package"]).ok is None


def test_the_doctor_finds_this_jail_sound(jail_here: None) -> None:
    findings = {finding.name: finding for finding in probe.examine()}
    for name in ("bubblewrap", "jail", "system call filter", "host files", "/proc", "identity"):
        assert findings[name].ok is True, findings[name]
    facts = probe.try_jail()
    assert facts["seccomp"] == 2
    assert facts["host_uid"] != 0
    assert facts["uid"] == 1000
