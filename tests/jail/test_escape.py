"""What generated code must not reach. Each attack has a control: outside, it succeeds."""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from air_cli.jail import launch, tree
from air_cli.jail.code import CodeJail
from air_cli.jail.layout import this_python
from air_cli.jail.recipe import Mount
from sandbox.processes import PR_SET_CHILD_SUBREAPER
from tests.jail.outside import IS_ROOT, alive, eventually, none_alive, outside


def attack(jail: CodeJail, code: str) -> str:
    """What the code printed in the jail; it must handle its own exceptions."""
    ran = jail.run(code, 10)
    assert ran.fault is None, ran.fault
    return ran.stdout.strip()


def refused(jail: CodeJail, code: str) -> str:
    """The exception that the code ends with in the jail."""
    ran = jail.run(code, 10)
    assert ran.fault is not None, f"it succeeded: {ran.stdout}"
    return ran.fault.message


@pytest.fixture
def listener() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_no_network(jail: CodeJail, listener: int) -> None:
    code = f"import socket; socket.create_connection(('127.0.0.1', {listener}), 3); print('in')"
    assert outside(code) == "in"
    assert "PermissionError" in refused(jail, code)


def test_no_abstract_socket_of_the_host(jail: CodeJail) -> None:
    """Unix sockets work in the jail, so this shows the network namespace and not the filter."""
    name = f"\\0air-test-{os.getpid()}"
    code = f"import socket; s = socket.socket(socket.AF_UNIX); s.connect('{name}'); print('in')"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0air-test-{os.getpid()}")
        server.listen()
        assert outside(code) == "in"
        assert "ConnectionRefusedError" in refused(jail, code)


def test_no_files_of_the_host(jail: CodeJail, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("tell nobody")
    for path in (secret, Path("/etc/passwd"), Path("/etc/hostname"), Path(__file__)):
        code = f"print(len(open({str(path)!r}).read()) > 0)"
        assert outside(code) == "True"
        assert "FileNotFoundError" in refused(jail, code)


@pytest.mark.skipif(not IS_ROOT, reason="only root can read it outside")
def test_no_shadow(jail: CodeJail) -> None:
    code = "print(len(open('/etc/shadow').read()) > 0)"
    assert outside(code) == "True"
    assert "FileNotFoundError" in refused(jail, code)


@pytest.mark.skipif(not IS_ROOT, reason="is about jails that root starts")
def test_roots_jail_is_not_root(jail_here: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even a file that is bound into the jail stays closed when it is root's alone."""
    with tempfile.TemporaryDirectory() as folder:
        closed = Path(folder, "closed")
        closed.write_text("root's")
        closed.chmod(0o600)
        open_ = Path(folder, "open")
        open_.write_text("everybody's")
        layout = this_python()
        extra = (Mount(str(closed), "/closed"), Mount(str(open_), "/open"))
        seen = replace(layout, mounts=(*layout.mounts, *extra))
        monkeypatch.setattr(launch, "this_python", lambda: seen)
        with CodeJail() as jail:
            jail.load([], {})
            assert outside(f"print(open({str(closed)!r}).read())") == "root's"
            assert attack(jail, "print(open('/open').read())") == "everybody's"
            assert "PermissionError" in refused(jail, "open('/closed').read()")


def test_the_payload_is_nobody_special_outside(jail: CodeJail) -> None:
    pids = tree.processes(jail.pid)
    assert len(pids) >= 4  # bubblewrap, its first process inside, the supervisor, the session
    for pid in pids:
        status = Path(f"/proc/{pid}/status").read_text()
        fields = dict(line.split(":", 1) for line in status.splitlines())
        uids = set(fields["Uid"].split())
        assert "0" not in uids
        assert uids == {str(launch.unprivileged_id() or os.getuid())}
    for pid in pids[2:]:
        status = Path(f"/proc/{pid}/status").read_text()
        fields = dict(line.split(":", 1) for line in status.splitlines())
        assert int(fields["CapEff"], 16) == int(fields["CapBnd"], 16) == 0
        assert (fields["NoNewPrivs"].strip(), fields["Seccomp"].strip()) == ("1", "2")


def test_no_environment_of_the_caller(jail_here: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither inside nor in the environment that the outer processes keep readable."""
    monkeypatch.setenv("AIR_TEST_SECRET", "c0ffee")
    code = "import os; print(os.environ.get('AIR_TEST_SECRET'))"
    assert outside(code) == "c0ffee"
    with CodeJail() as jail:
        jail.load([], {})
        assert attack(jail, code) == "None"
        assert "FileNotFoundError" in refused(jail, "open('/proc/1/environ', 'rb').read()")
        for pid in tree.processes(jail.pid):
            assert b"c0ffee" not in Path(f"/proc/{pid}/environ").read_bytes()


def test_nothing_writable_but_scratch(jail: CodeJail) -> None:
    code = (
        "import os, sys\n"
        "found = set()\n"
        "for folder in ['/', '/air', '/air/air_cli', '/air/sandbox', '/usr', '/usr/lib', '/dev',"
        " '/dev/shm', '/tmp', '/proc', sys.prefix + '/lib', sys.base_prefix + '/lib',"
        " os.path.dirname(os.__file__)]:\n"
        "    try:\n"
        "        open(folder + '/air-probe', 'w').close()\n"
        "        found.add(folder)\n"
        "        os.unlink(folder + '/air-probe')\n"
        "    except OSError:\n"
        "        continue\n"
        "print(sorted(found))\n"
    )
    assert attack(jail, code) == "['/dev/shm', '/tmp']"
    assert "'/tmp'" in outside(code)  # the walk itself can find a place


def test_existing_files_cannot_be_changed(jail: CodeJail) -> None:
    attempts = "[lambda: open(f, 'r+'), lambda: os.chmod(f, 0o777), lambda: os.unlink(f)]"
    code = (
        f"import os; f = os.__file__; refused = 0\nfor attempt in {attempts}:\n"
        "    try:\n        attempt()\n    except OSError:\n        refused += 1\nprint(refused)"
    )
    assert attack(jail, code) == "3"
    with tempfile.NamedTemporaryFile(delete=False) as own:
        assert outside(code.replace("os.__file__", repr(own.name))) == "0"


def test_no_sysctl(jail: CodeJail) -> None:
    """As root, 763 of them were writable through a /proc of the jail; there is none."""
    code = (
        "import os\nprint(sum(os.access(os.path.join(folder, name), os.W_OK) for folder, _, names"
        " in os.walk('/proc/sys/kernel') for name in names), os.path.exists('/proc/sys'))"
    )
    assert attack(jail, code) == "0 False"
    count, exists = outside(code).split()
    assert exists == "True"
    assert int(count) > 50 if IS_ROOT else int(count) >= 0


def test_the_host_cannot_be_killed(jail: CodeJail) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as victim:
        code = f"import os; os.kill({victim.pid}, 9)"
        assert "ProcessLookupError" in refused(jail, code)
        assert alive(victim.pid)
        outside(code)
        assert victim.wait(5) == -9


def test_no_devices(jail: CodeJail) -> None:
    code = "import os; print(sorted(os.listdir('/dev')))"
    assert attack(jail, code) == "['null', 'random', 'shm', 'urandom', 'zero']"
    assert "'tty'" in outside(code)


_PARENT = """
import sys, time
from air_cli.jail.code import CodeJail
from air_cli.jail import tree
jail = CodeJail()
jail.load([], {})
print(*tree.processes(jail.pid), flush=True)
time.sleep(60)
"""


def test_the_jail_dies_with_its_parent(jail_here: None) -> None:
    command = [sys.executable, "-c", _PARENT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pids = [int(word) for word in parent.stdout.readline().split()]
        assert len(pids) >= 4
        assert all(map(alive, pids))
        parent.kill()
    assert eventually(lambda: none_alive(pids))
    # The control: an ordinary child survives its parent.
    code = (
        "import subprocess, sys; print(subprocess.Popen([sys.executable, '-c',"
        " 'import time; time.sleep(60)'], stdout=-3, stderr=-3).pid)"
    )
    orphan = int(outside(code))
    assert alive(orphan)
    os.kill(orphan, 9)


def test_the_jail_outlives_the_thread_that_asked_for_it(jail_here: None) -> None:
    """`--die-with-parent` follows the spawning thread: it must be a long-lived one."""
    made: list[CodeJail] = []
    thread = threading.Thread(target=lambda: made.append(CodeJail()))
    thread.start()
    thread.join()
    with made[0] as jail:
        jail.load([], {})
        assert attack(jail, "print(1)") == "1"


def test_closing_kills_everything(jail_here: None) -> None:
    jail = CodeJail()
    jail.load([], {})
    pids = tree.processes(jail.pid)
    jail.close()
    assert eventually(lambda: none_alive(pids))
    assert eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))


def test_closing_leaves_no_zombie_to_adopt(jail_here: None) -> None:
    """In a container there may be nobody who reaps orphans: here this process is the one."""
    libc = ctypes.CDLL(None)
    assert libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
    try:
        for _ in range(3):
            jail = CodeJail()
            jail.load([], {})
            pids = tree.processes(jail.pid)
            jail.close()
            assert eventually(partial(none_alive, pids))
            assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    finally:
        libc.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
