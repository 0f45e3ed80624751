"""The session in the code jail: transactional steps, what a step reports, requests, frames."""

from __future__ import annotations

import io
import os
from typing import Any

import pytest
from PIL import Image

from air_cli.errors import ItemError
from air_cli.jail import tree
from air_cli.jail.code import CodeJail, CodeJailPool
from air_cli.jail.recipe import CODE
from air_cli.records import Chart, Fault, Mark
from tests.jail.outside import eventually, none_alive

CHART = Chart(
    "p1-f1",
    "bar",
    title="Revenue",
    unit="$m",
    marks=tuple(
        Mark("Revenue", str(year), value, value - 0.1, value + 0.1, "label", (0, 0, 9, 9))
        for year, value in ((2022, 10.0), (2023, 12.5))
    ),
)


def png(color: str = "red") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), color).save(buffer, "PNG")
    return buffer.getvalue()


def value(jail: CodeJail, code: str) -> str:
    ran = jail.run(code, 10)
    assert ran.fault is None, ran.fault
    return ran.value


SET_UP = "import pandas as pd\nitems, table = [1], {'a': [1]}\nframe = pd.DataFrame({'x': [1, 2]})"
STATE = "(items, table, frame.x.tolist(), 'new' in globals())"
CHANGE = "items.append(2); table['a'].append(3); table['b'] = 0; frame.loc[0, 'x'] = 9; new = 1\n"
INTACT = "([1], {'a': [1]}, [1, 2], False)"


@pytest.mark.parametrize(
    ("ending", "kind"),
    [
        ("1 / 0", "exception"),
        ("import time; time.sleep(9)", "timeout"),
        ("bytearray(4 << 30)", "memory"),
        ("import os; os._exit(0)", "crashed"),
        ("import os; os.kill(os.getpid(), 11)", "crashed"),
        ("exit()", "exception"),
        ("raise KeyboardInterrupt", "exception"),
        ("def f(: pass", "syntax"),
        ("import ctypes; ctypes.string_at(0)", "crashed"),
        ("f = lambda: f()\nf()", "exception"),
    ],
)
def test_a_failing_step_leaves_no_trace(jail: CodeJail, ending: str, kind: str) -> None:
    """The control is the same change without the failure."""
    jail.run(SET_UP, 10)
    ran = jail.run(CHANGE + ending, 0.5)
    assert ran.fault is not None
    assert ran.fault.kind == kind
    assert value(jail, STATE) == INTACT
    assert jail.run(CHANGE, 10).fault is None
    assert value(jail, STATE) == "([1, 2], {'a': [1, 3], 'b': 0}, [9, 2], True)"
    jail.run("del new", 10)


def test_what_a_step_reports(jail: CodeJail) -> None:
    ran = jail.run("import sys\nprint('out')\nprint('err', file=sys.stderr)\n[1, 2]", 10)
    assert (ran.stdout, ran.stderr, ran.value, ran.fault) == ("out\n", "err\n", "[1, 2]", None)
    assert 0 < ran.seconds < 5
    assert value(jail, "x = 5") == ""
    assert value(jail, "None") == ""
    assert value(jail, "# nothing") == ""


def test_output_of_c_and_children_is_caught(jail: CodeJail) -> None:
    code = (
        "import ctypes, os\nlibc = ctypes.CDLL(None)\nlibc.puts(b'from C'); libc.fflush(None)\n"
        "if os.fork() == 0:\n    os.write(1, b'from a child\\n')\n    os._exit(0)\nos.wait()[1]"
    )
    assert jail.run(code, 10).stdout == "from C\nfrom a child\n"


def test_tracebacks_show_the_users_lines_only(fresh: CodeJail) -> None:
    fresh.run("def half(x):\n    return 1 / x", 10)
    ran = fresh.run("import json\ny = 3\nhalf(0)", 10)
    assert ran.fault is not None
    lines = ran.fault.message.splitlines()
    assert lines[0] == "ZeroDivisionError: division by zero"
    assert lines[1] == '  File "step-02.py", line 3, in <module>'
    assert "half(0)" in lines[2]
    assert '  File "step-01.py", line 2, in half' in lines
    library = fresh.run("import json\njson.loads('{')", 10)
    assert library.fault is not None
    assert "json/decoder" not in library.fault.message
    assert "json.loads('{')" in library.fault.message


def test_a_syntax_error_shows_its_place(jail: CodeJail) -> None:
    fault = jail.run("x = 1\ny = (", 10).fault
    assert fault is not None
    assert fault.message.startswith("SyntaxError: '(' was never closed\n")
    assert "line 2" in fault.message


def test_broken_streams_are_a_fault(jail: CodeJail) -> None:
    fault = jail.run("import sys; sys.stdout.close()", 10).fault
    assert fault == Fault("output", "what was printed is lost: I/O operation on closed file.")
    assert jail.run("print('back')", 10).stdout == "back\n"


def test_charts_answers_and_images(jail_here: None) -> None:
    with CodeJail() as jail:
        jail.load([CHART], {"p1-f1": png()})
        assert value(jail, "float(chart.df.value.sum())") == "22.5"
        ran = jail.run("show(chart.image)\nanswer(chart.value('Revenue', 2023), unit='$m')", 10)
        assert ran.fault is None
        assert ran.answer is not None
        assert (ran.answer["value"], ran.answer["unit"]) == (12.5, "$m")
        assert [mark["category"] for mark in ran.touched] == ["2023"]
        (shown,) = ran.images
        with Image.open(io.BytesIO(shown)) as image:
            assert image.size == (40, 30)
        failed = jail.run("answer(1)\n1 / 0", 10)
        assert failed.answer is None


def test_steps_are_deterministic(jail_here: None) -> None:
    code = (
        "import random, numpy, time\n"
        "(random.random(), numpy.random.rand(), hash('a'), time.tzname[0], list({'x', 'y', 'z'}))"
    )
    values = []
    for _ in range(2):
        with CodeJail() as jail:
            jail.load([], {})
            values.append(value(jail, code))
    assert values[0] == values[1]
    assert "'UTC'" in values[0]


def test_requests_make_the_round_trip(jail_here: None) -> None:
    asked: list[dict[str, Any]] = []

    def reader(request: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        asked.append(request)
        if request["factor"] == 7.0:
            raise ItemError("the page is damaged", kind="unreadable")
        if request["what"] == "zoom":
            return {}, [png("blue")]
        return {"texts": [{"text": "12.5", "bbox_px": [1, 2, 3, 4], "confidence": 0.9}]}, []

    with CodeJail(reader) as jail:
        jail.load([CHART], {"p1-f1": png()})
        assert value(jail, "zoom((0, 0, 10, 10), 2).getpixel((0, 0))") == "(0, 0, 255)"
        assert value(jail, "reread((0, 0, 10, 10))[0]['text']") == "'12.5'"
        assert asked[0] == {
            "what": "zoom", "figure": "p1-f1", "box": [0, 0, 10, 10], "factor": 2.0,
        }  # fmt: skip
        for code, words in {
            "zoom((0, 0, 9, 9), 7)": "the page is damaged",
            "zoom((0, 0, 9, 9), 99)": "factor must be between",
            "zoom((0, 0, 9, 9), figure='../../etc')": "no figure",
            "zoom((0, 0, 9e9, 9))": "box must be",
        }.items():
            fault = jail.run(code, 10).fault
            assert fault is not None
            assert words in fault.message
        assert len(asked) == 3
        endless = "while True:\n    try: zoom((0, 0, 9, 9), 99)\n    except Exception: pass"
        fault = jail.run(endless, 10).fault
        assert fault is not None
        assert fault.kind in ("request", "crashed")
        assert value(jail, "1") == "1"


HOSTILE = (
    "import os\nfor fd in range(3, 60):\n    try: os.write(fd, {junk})\n    except OSError: pass"
)


@pytest.mark.parametrize(
    "junk",
    [
        "b'\\xff' * 64",
        "b'\\x00\\x00\\x00\\x02{}'",
        "(16).to_bytes(4, 'big') + b'not json at all!'",
        "(40).to_bytes(4, 'big') + b'{\"blobs\": [999999999999], \"body\": {}}   '",
        '(56).to_bytes(4, "big") + b\'{"blobs": [], "body": {"op": "ran", "value": 5}}\'.ljust(56)',
        "(64).to_bytes(4, 'big') + b'half'",
    ],
    ids=["huge header", "no parts", "no json", "huge blob", "wrong types", "half a frame"],
)
def test_malformed_frames_cost_the_step(jail: CodeJail, junk: str) -> None:
    """Generated code that writes into the supervisor's sockets fails alone."""
    jail.run("kept = 7", 10)
    ran = jail.run(HOSTILE.format(junk=junk) + "\nos._exit(0)", 3)
    assert ran.fault is not None
    assert ran.fault.kind in ("crashed", "timeout")
    assert value(jail, "kept") == "7"


def test_killing_the_supervisor_costs_the_jail(fresh: CodeJail) -> None:
    pids = tree.processes(fresh.pid)
    with pytest.raises(ItemError) as caught:
        fresh.run("import os, time\nos.kill(2, 9)\ntime.sleep(5)", 10)
    assert caught.value.kind == "crashed"
    assert eventually(lambda: none_alive(pids))
    with pytest.raises(ItemError, match="closed"):
        fresh.run("1", 5)


def test_killing_the_session_costs_the_jail(fresh: CodeJail) -> None:
    with pytest.raises(ItemError) as caught:
        fresh.run("import os, time\nos.kill(os.getppid(), 9)\ntime.sleep(0.3)\n1 / 0", 10)
    assert caught.value.kind == "crashed"


def test_charts_that_cannot_be_loaded(jail_here: None) -> None:
    with CodeJail() as jail, pytest.raises(ItemError, match="could not be loaded"):
        jail.load([CHART], {"p1-f1": b"not a picture"})


def test_the_pool_hands_each_out_once(jail_here: None) -> None:
    pool = CodeJailPool(1, total=2, profile=CODE)
    (ahead,) = pool.waiting
    with pool.take() as first:
        assert first is ahead
        assert not list(pool.waiting)
        first.load([], {})
        assert value(first, "2 * 3") == "6"
    (successor,) = pool.waiting
    with pool.take() as second:
        assert second is successor
        assert second.pid != first.pid
    assert not list(pool.waiting)
    with pool.take() as third:  # more than announced: made when asked for
        third.load([], {})
        assert value(third, "1") == "1"
    pool.close()


def test_the_pool_replaces_what_died_waiting(jail_here: None) -> None:
    pool = CodeJailPool(1, total=1)
    os.kill(pool.waiting[0].pid, 9)
    assert eventually(lambda: not pool.waiting[0].alive)
    with pool.take() as jail:
        jail.load([], {})
        assert value(jail, "1") == "1"
    pool.close()


def test_the_pool_kills_what_nobody_took(jail_here: None) -> None:
    pool = CodeJailPool(2)
    pids = [jail.pid for jail in pool.waiting]
    assert len(pids) == 2
    pool.close()
    assert eventually(lambda: none_alive(pids))


def test_a_step_that_answered_can_be_undone(fresh: CodeJail) -> None:
    """The control is the same step without the undoing."""
    fresh.run(SET_UP, 10)
    for undone in (True, False):
        ran = fresh.run(CHANGE + "answer(1)", 10)
        assert ran.fault is None and ran.answer is not None
        if undone:
            fresh.undo()
            assert value(fresh, STATE) == INTACT
    assert value(fresh, STATE) == "([1, 2], {'a': [1, 3], 'b': 0}, [9, 2], True)"


def test_only_one_session_is_left_of_answers_kept_and_undone(fresh: CodeJail) -> None:
    def count() -> int:
        return len(tree.processes(fresh.pid))

    fresh.run("x = 0", 10)
    alone = count()
    for _ in range(3):
        fresh.run("x += 1; answer(1)", 10)
        assert count() == alone + 1, "what it may be undone to"
        fresh.undo()
        assert count() == alone
        fresh.run("x += 1; answer(1)", 10)
        assert value(fresh, "x").isdecimal()
        assert count() == alone
    assert value(fresh, "x") == "3"


def test_a_step_without_an_answer_cannot_be_undone(fresh: CodeJail) -> None:
    fresh.run("x = 0", 10)
    with pytest.raises(ItemError, match="undo"):
        fresh.undo()
    assert not fresh.alive
