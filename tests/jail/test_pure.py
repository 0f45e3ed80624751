"""The pure parts: recipe, layout, checks of what comes out of a jail."""

from __future__ import annotations

import json
import os
import struct
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from air_cli import wire
from air_cli.errors import ItemError
from air_cli.jail.clean import clean
from air_cli.jail.code import checked_request, parse_ran
from air_cli.jail.intake import read_bytes
from air_cli.jail.layout import this_python
from air_cli.jail.recipe import CODE, MIB, READER, Layout, Mount, bwrap_argv, environment, sized
from tests.jail.outside import IS_ROOT

LAYOUT = Layout(
    "/py/bin/python", (Mount("/py", "/py"), Mount("/x y", "/z")), (("usr/lib", "/lib"),)
)
FIGURES = frozenset({"p1-f1"})


def test_the_recipe() -> None:
    argv = bwrap_argv("/usr/bin/bwrap", CODE, LAYOUT, 9, {"/z": "/stage/1"})
    options = argv[: argv.index("--")]
    for option in ("--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent"):
        assert option in options
    assert "--new-session" in options
    assert not {"--bind", "--bind-try", "--share-net", "--proc", "--dev"} & set(options)
    binds = [options[i + 1 : i + 3] for i, word in enumerate(options) if word == "--ro-bind"]
    assert binds == [["/py", "/py"], ["/stage/1", "/z"]]
    assert [options[i - 1] for i, word in enumerate(options) if word == "--tmpfs"] == [
        str(CODE.scratch), str(CODE.scratch),
    ]  # fmt: skip
    assert options.index("--remount-ro") > options.index("--symlink")
    inside = argv[argv.index("--") + 1 :]
    assert inside[0] == "/py/bin/python"
    assert json.loads(inside[2])["RLIMIT_AS"] == CODE.address_space
    assert inside[3] == "sandbox.guest"


def test_the_environment_is_whole_and_small() -> None:
    env = environment(LAYOUT)
    assert env["PYTHONPATH"] == "/air"
    assert env["OMP_NUM_THREADS"] == "1"
    assert env["PYTHONHASHSEED"] == "0"
    assert not set(env) & {"SSH_AUTH_SOCK", "LD_PRELOAD", "PYTHONSTARTUP"}


def test_sizes() -> None:
    assert sized(READER, 1536).memory == sized(READER, 1536).address_space == 1536 * MIB
    assert sized(CODE, 100).memory == 150 * MIB


def test_the_layout_of_this_python() -> None:
    layout = this_python()
    assert layout.python == sys.executable
    dests = [mount.dest for mount in layout.mounts]
    assert len(dests) == len(set(dests))
    assert not {"/", "/home", "/root", "/etc", "/usr", str(Path.cwd())} & set(dests)
    for mount in layout.mounts:
        assert Path(mount.source).exists()
    numpy = np.__file__
    assert any(numpy.startswith(dest + "/") for dest in dests)


REQUEST = {"what": "zoom", "figure": "p1-f1", "box": [0, 1, 2, 3], "factor": 2}


def test_a_request_is_reduced_to_what_is_allowed() -> None:
    assert checked_request({**REQUEST, "path": "/etc/passwd"}, FIGURES) == {
        "what": "zoom", "figure": "p1-f1", "box": [0.0, 1.0, 2.0, 3.0], "factor": 2.0,
    }  # fmt: skip
    assert checked_request({"what": "reread", "figure": "p1-f1"}, FIGURES)["box"] is None


@pytest.mark.parametrize(
    "change",
    [
        {"what": "open"}, {"what": ["zoom"]}, {"what": None}, {"figure": "p2-f1"}, {"figure": 3},
        {"box": [0, 0, 0, 5]}, {"box": [0, 0, 1]}, {"box": "abcd"}, {"box": [0, 0, 1e9, 1]},
        {"box": [True, 0, 5, 5]}, {"box": [0, 0, float("nan"), 1]}, {"factor": 0}, {"factor": 9},
        {"factor": "2"}, {"factor": True}, {"factor": float("inf")}, {"figure": ["p1-f1"]},
    ],
)  # fmt: skip
def test_other_requests_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ItemError) as caught:
        checked_request({**REQUEST, **change}, FIGURES)
    assert caught.value.kind == "request"


RAN = {
    "op": "ran", "stdout": "", "stderr": "", "value": "1", "seconds": 0.1, "answer": None,
    "touched": [], "fault": None,
}  # fmt: skip


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height) + bytes(20)


PNG = png(4, 4)


def test_a_result_is_read() -> None:
    fault = {"kind": "exception", "message": "x"}
    ran = parse_ran(wire.Frame({**RAN, "fault": fault, "touched": [{"value": 1}]}, [PNG]))
    assert ran.fault is not None
    assert (ran.value, ran.fault.kind, ran.images) == ("1", "exception", (PNG,))


@pytest.mark.parametrize(
    "change",
    [
        {"op": "loaded"}, {"stdout": 5}, {"value": None}, {"seconds": "1"}, {"answer": [1]},
        {"touched": {}}, {"touched": ["a"]}, {"fault": "no"}, {"fault": {"kind": "x", "extra": 1}},
        {"images": ["x"]}, {"more": 1},
    ],
)  # fmt: skip
def test_other_results_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError)):
        parse_ran(wire.Frame({**RAN, **change}, []))


@pytest.mark.parametrize("image", [b"GIF89a", b"", PNG[:20], png(0, 5), png(40_000, 40_000)])
def test_other_images_are_refused(image: bytes) -> None:
    with pytest.raises(ValueError, match="an image"):
        parse_ran(wire.Frame(dict(RAN), [image]))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(JSON)
def test_clean_data_is_printable_and_stays_what_it_is(data: Any) -> None:
    cleaned = clean(data)
    json.dumps(cleaned, ensure_ascii=False).encode("utf-8")
    assert clean(cleaned) == cleaned
    if json.dumps(data).isascii() and isinstance(data, str) and data.isprintable():
        assert cleaned == data


@pytest.mark.parametrize("data", [float("nan"), [float("inf")], {"a": 10**400}])
def test_absurd_numbers_are_refused(data: Any) -> None:
    with pytest.raises(wire.WireError):
        clean(data)


def test_deep_data_is_refused() -> None:
    deep: Any = 0
    for _ in range(100):
        deep = [deep]
    with pytest.raises(wire.WireError, match="deeply"):
        clean(deep)


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    good, empty, fifo = tmp_path / "good", tmp_path / "empty", tmp_path / "fifo"
    good.write_bytes(b"x" * 100)
    empty.touch()
    os.mkfifo(fifo)
    assert read_bytes(good, 100) == b"x" * 100
    bad = {
        tmp_path: "directory", tmp_path / "none": "missing", empty: "empty", fifo: "unreadable",
        Path("/dev/zero"): "unreadable", Path("nul\0l"): "unreadable",
        good / "below": "unreadable",
    }  # fmt: skip
    for path, kind in bad.items():
        with pytest.raises(ItemError) as caught:
            read_bytes(path, 100)
        assert caught.value.kind == kind
        assert str(path) in str(caught.value)
    with pytest.raises(ItemError, match="larger than") as caught:
        read_bytes(good, 99)
    assert caught.value.kind == "too-large"


@pytest.mark.skipif(IS_ROOT, reason="root may read everything")
def test_a_file_of_somebody_else(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.write_text("x")
    closed.chmod(0)
    with pytest.raises(ItemError, match="Permission denied"):
        read_bytes(closed, 100)
