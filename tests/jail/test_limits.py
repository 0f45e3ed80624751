"""What generated code can use up: processes, memory, time, space, our patience with its output."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from air_cli.errors import ItemError
from air_cli.jail import tree
from air_cli.jail.code import CodeJail
from air_cli.jail.recipe import CODE, MIB
from tests.jail.outside import eventually, none_alive, outside


def fault(jail: CodeJail, code: str, seconds: float = 10) -> tuple[str, str]:
    ran = jail.run(code, seconds)
    assert ran.fault is not None, f"it succeeded: {ran.stdout[:200]}"
    return ran.fault.kind, ran.fault.message


FORKS = """
import os, time
made = []
try:
    for _ in range(60):
        pid = os.fork()
        if pid == 0:
            time.sleep(30)
            os._exit(0)
        made.append(pid)
except OSError as error:
    print('stopped')
print(len(made))
"""


def test_fork_bomb(jail: CodeJail) -> None:
    before = set(tree.processes(jail.pid))
    ran = jail.run(FORKS, 10)
    assert ran.stdout.startswith("stopped\n")
    assert 0 < int(ran.stdout.split()[1]) < CODE.processes
    after = set(tree.processes(jail.pid))
    assert len(after) == len(before)  # nothing outlived the step; the session is the step's fork
    assert jail.run("1 + 1", 10).value == "2"
    kill = "\nfor pid in made: os.kill(pid, 9)"
    assert outside(FORKS + kill) == "60"


def test_a_restless_fork_bomb_ends_with_its_step(fresh: CodeJail) -> None:
    """Every process forks and dies at once, so that the numbers move on."""
    code = "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass"
    pids = tree.processes(fresh.pid)
    try:
        assert fault(fresh, code, 0.5)[0] == "timeout"
        assert fresh.run("1 + 1", 10).value == "2"
        assert len(tree.processes(fresh.pid)) == len(pids)
    except ItemError as error:  # it could not be stopped alone: the jail went with it
        assert error.kind in ("crashed", "timeout")
        assert eventually(lambda: none_alive(pids))


def test_memory_bomb(jail: CodeJail) -> None:
    code = f"block = bytearray({CODE.address_space}); print(len(block))"
    assert fault(jail, code)[0] == "memory"
    assert jail.run("1 + 1", 10).value == "2"
    assert outside(code) == str(CODE.address_space)


SPREAD = """
import os, time
for _ in range(4):
    if os.fork() == 0:
        block = bytearray(b'x') * (120 * 2**20)
        time.sleep(30)
        os._exit(0)
time.sleep({wait})
print('held')
"""


def test_memory_bomb_spread_over_processes(jail_here: None) -> None:
    """The address space is limited for each process: only the watchdog sees the sum."""
    with CodeJail(profile=replace(CODE, memory=400 * MIB)) as small:
        small.load([], {})
        started = time.monotonic()
        with pytest.raises(ItemError, match="400 MiB of memory") as caught:
            small.run(SPREAD.format(wait=30), 40)
        assert caught.value.kind == "memory"
        assert time.monotonic() - started < 15
        assert not small.alive
    at_once = SPREAD.format(wait=0.1).replace("sleep(30)", "sleep(0.1)")
    assert outside(at_once).endswith("held")


def test_the_tree_is_found_without_lists_of_children(
    jail: CodeJail, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = set(tree.processes(jail.pid))
    monkeypatch.setattr(tree, "_kernel_lists_children", lambda: False)
    assert len(found) >= 4
    assert set(tree.processes(jail.pid)) == found


def test_pages_shared_by_forks_count_once(jail_here: None) -> None:
    """The session, its forks and the supervisor share most of what they hold."""
    code = (
        "import os, time\nblock = bytearray(b'x') * (100 * 2**20)\n"
        "for _ in range(6):\n    if os.fork() == 0:\n        time.sleep(3)\n        os._exit(0)\n"
        "time.sleep(0.5)"
    )
    with CodeJail(profile=replace(CODE, memory=400 * MIB)) as small:
        small.load([], {})
        assert small.run(code, 10).fault is None


@pytest.mark.parametrize(
    "code",
    [
        "while True: pass",
        "import re; re.match('(a+)+$', 'a' * 64 + 'b')",
        "import signal, time\nfor s in (1, 2, 14, 15): signal.signal(s, 1)\ntime.sleep(60)",
        "class Slow:\n    def __repr__(self):\n        while True: pass\nSlow()",
        "import os\nos.setsid() if os.fork() == 0 else 0\nwhile True: pass",
    ],
    ids=["loop", "in C", "deaf", "in repr", "setsid"],
)
def test_time_bomb(jail: CodeJail, code: str) -> None:
    started = time.monotonic()
    kind, message = fault(jail, code, 0.3)
    assert (kind, message) == ("timeout", "the step ran longer than 0.3 s")
    assert time.monotonic() - started < 5
    assert jail.run("1 + 1", 10).value == "2"


def test_output_is_cut(jail: CodeJail) -> None:
    ran = jail.run("import os\nprint('a' * 200_000)\nos.write(2, b'b' * 70_000)", 10)
    assert ran.fault is None
    assert ran.stdout.startswith("a" * 65536 + "\n[… 134465 more bytes cut]")
    assert ran.stderr.endswith("more bytes cut]")
    assert len(jail.run("'v' * 10**6", 10).value) < 20_000


def test_output_flood(jail: CodeJail) -> None:
    code = "import os\nwhile True: os.write(1, b'x' * 65536)"
    assert fault(jail, code) == ("output", "printed more than 64 MiB")
    assert jail.run("1 + 1", 10).value == "2"


def test_scratch_is_bounded(jail: CodeJail) -> None:
    code = (
        "import os\nwritten = 0\ntry:\n    for name in range(3):\n"
        "        with open(f'{folder}/air-fill-{name}', 'wb') as file:\n"
        "            for _ in range(40): written += file.write(bytes(2**20))\n"
        "except OSError as error:\n    print(error.errno)\n"
        "for name in range(3):\n    path = f'{folder}/air-fill-{name}'\n"
        "    os.path.exists(path) and os.unlink(path)\nprint(written >> 20)"
    )
    for folder in ("/tmp", "/dev/shm"):
        ran = jail.run(f"folder = {folder!r}\n{code}", 20)
        error, written = ran.stdout.split()
        assert int(error) == 28  # no space left
        assert int(written) <= CODE.scratch // MIB
    assert outside(f"folder = '/tmp'\n{code}") == "120"


def test_links_and_fifos_lead_nowhere(jail: CodeJail) -> None:
    """Results leave as frames: the host never opens a path that the jail made."""
    code = (
        "import os\nos.symlink('/etc/passwd', '/tmp/link'); os.mkfifo('/tmp/fifo')\n"
        "os.symlink('/proc/1/root/etc/passwd', '/tmp/other')\n"
        "print([os.path.exists(f) for f in ('/tmp/link', '/tmp/other')])"
    )
    ran = jail.run(code, 10)
    assert ran.stdout == "[False, False]\n"
    assert jail.run("1 + 1", 10).value == "2"


def test_too_many_images(jail: CodeJail) -> None:
    code = "from PIL import Image\nfor _ in range(9): show(Image.new('RGB', (4, 4)))"
    assert fault(jail, code)[0] == "output"


def test_decompression_bomb(jail: CodeJail) -> None:
    """A small PNG that decodes to 900 MB."""
    code = (
        "import io, struct, zlib\nfrom PIL import Image\n"
        "def chunk(kind, data): return (struct.pack('>I', len(data)) + kind + data"
        " + struct.pack('>I', zlib.crc32(kind + data)))\n"
        "head = struct.pack('>IIBBBBB', 30000, 30000, 1, 0, 0, 0, 0)\n"
        "png = b'\\x89PNG\\r\\n\\x1a\\n' + chunk(b'IHDR', head)"
        " + chunk(b'IDAT', zlib.compress(bytes(3751 * 30000))) + chunk(b'IEND', b'')\n"
        "Image.open(io.BytesIO(png)).load()"
    )
    kind, message = fault(jail, code)
    assert kind == "exception"
    assert "DecompressionBombError" in message


def test_a_busy_host_notices_a_jail_that_grows_while_idle(jail_here: None) -> None:
    """A process left behind by hostile code is watched between requests as well."""
    grow = (
        "import os, time, threading\ndef grow():\n    time.sleep(0.3)\n    global hog\n"
        "    hog = bytearray(b'x') * (360 * 2**20)\n    time.sleep(30)\n"
        "threading.Thread(target=grow, daemon=True).start()"
    )
    with CodeJail(profile=replace(CODE, memory=350 * MIB)) as small:
        small.load([], {})
        assert small.run(grow, 10).fault is None
        assert eventually(lambda: not small.alive, 15)
        with pytest.raises(ItemError) as caught:
            small.run("1", 5)
        assert caught.value.kind == "memory"
