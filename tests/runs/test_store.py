"""Run directories: names, keys, whole items, one writer, faults of the file system."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from air_cli.errors import EnvironmentFault, ItemError, UsageError
from air_cli.records import Question
from air_cli.store import (
    NAME_LENGTH,
    Place,
    RunStore,
    distinct_slugs,
    item_key,
    item_record,
    read_lines,
    read_trace,
    slug,
)
from tests.runs.traces import trace

PLACE = Place("revenue.png", "q1")
NAMES = st.text(max_size=80) | st.sampled_from(
    ["..", "../../etc/passwd", "/", "a\x00b", ".git", ""]
)


@given(NAMES)
def test_a_slug_is_a_safe_name(name: str) -> None:
    made = slug(name)
    assert 0 < len(made) <= NAME_LENGTH
    assert made.isascii()
    assert not set(made) & set("/\\\x00 :*?\n")
    assert made[0] not in ".-"
    assert slug(made) == made


@given(st.lists(NAMES, unique=True, max_size=12))
def test_slugs_of_different_names_differ_even_without_case(names: list[str]) -> None:
    made = distinct_slugs(names)
    assert len({text.casefold() for text in made.values()}) == len(names)
    assert distinct_slugs(names[::-1]) == made


def test_slugs_people_will_see() -> None:
    assert slug("charts/revenue 2023.png") == "charts-revenue-2023.png"
    assert slug("Übersicht.pdf") == "Ubersicht.pdf"
    assert slug("年度报告.pdf").startswith("pdf-")
    assert distinct_slugs(["a.png", "b.png"]) == {"a.png": "a.png", "b.png": "b.png"}


def test_the_key_follows_whatever_decides() -> None:
    question = Question("q1", "How much?")
    base = item_key(["ab"], question, {"mode": "auto", "reader": "1"})
    assert base == item_key(["ab"], question, {"reader": "1", "mode": "auto"})
    others = {
        item_key(["ac"], question, {"mode": "auto", "reader": "1"}),
        item_key(["ab"], dataclasses.replace(question, text="How many?"), {"mode": "auto"}),
        item_key(["ab"], question, {"mode": "code", "reader": "1"}),
        item_key(["ab"], question, {"mode": "auto", "reader": "2"}),
        item_key(["ab"], question, {"mode": "auto", "reader": "1"}, pages=[3]),
    }
    assert base not in others
    assert len(others) == 5


def test_an_item_comes_back_under_its_key_only(tmp_path: Path) -> None:
    store = RunStore(tmp_path / "run")
    store.prepare()
    folder = store.save(
        PLACE, "p1-f1", trace(), "k1", {"answer.md": "# 19.5\n", "figure.png": b"x"}
    )
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["answer.md", "figure.png", "step-01.py", "trace.json"]
    found = store.find(PLACE, "k1")
    assert found is not None
    assert found[0] == folder == tmp_path / "run/items/revenue.png/p1-f1/q1"
    assert set(item_record(found[1])["files"]) == {"answer.md", "figure.png", "step-01.py"}
    assert dataclasses.replace(found[1], provenance=trace().provenance) == trace()
    assert store.find(PLACE, "k2") is None
    assert store.find(Place("revenue.png", "q2"), "k1") is None


def test_another_figure_replaces_the_item(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    store.prepare()
    store.save(PLACE, "p1-f1", trace(), "k1", {"overlay.png": b"old"})
    store.save(PLACE, "p2-f3", trace(), "k2", {})
    assert [str(p.relative_to(tmp_path)) for p in tmp_path.rglob("trace.json")] == [
        "items/revenue.png/p2-f3/q1/trace.json"
    ]
    assert not (tmp_path / "items/revenue.png/p1-f1").exists()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"schema": 1}', '{"question": {"id": 5}}'])
def test_a_torn_trace_is_not_complete(tmp_path: Path, content: str) -> None:
    store = RunStore(tmp_path)
    store.prepare()
    folder = store.save(PLACE, "p1-f1", trace(), "k1", {})
    (folder / "trace.json").write_text(content)
    assert store.find(PLACE, "k1") is None
    with pytest.raises(ItemError, match=r"trace\.json: not a trace"):
        read_trace(folder / "trace.json")


def test_only_one_process_works_on_an_item(tmp_path: Path) -> None:
    store, other = RunStore(tmp_path), RunStore(tmp_path)
    with store.claim(PLACE), pytest.raises(ItemError, match="another process") as caught:
        other.claim(PLACE).__enter__()
    assert caught.value.kind == "busy"
    with other.claim(PLACE):
        assert (tmp_path / ".claims").exists()


def test_only_one_run_writes_to_a_folder(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    store.prepare()
    with pytest.raises(UsageError, match="another air is writing there"):
        RunStore(tmp_path).prepare()
    store.finish()
    again = RunStore(tmp_path)
    again.prepare()
    again.finish()
    assert not (tmp_path / ".claims").exists()


def test_a_name_that_is_a_path_is_refused_and_nothing_stays(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    store.prepare()
    with pytest.raises(ValueError, match="no name for a file"):
        store.save(PLACE, "p1-f1", trace(), "k1", {"a.txt": "", "../../x": b""})
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / ".claims/run"]


def test_prepare_removes_what_was_left_half_done(tmp_path: Path) -> None:
    left = tmp_path / "items/revenue.png/.tmp-1-aa"
    left.mkdir(parents=True)
    (left / "answer.md").write_text("half")
    (tmp_path / ".tmp-1-bb").write_text("half")
    RunStore(tmp_path).prepare()
    assert not left.exists()
    assert not (tmp_path / ".tmp-1-bb").exists()


def test_lines_are_appended_whole_and_a_torn_one_is_left_out(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    store.log("started", items=2)
    store.append("results.jsonl", {"id": 1})
    with open(tmp_path / "results.jsonl", "a") as stream:
        stream.write('{"id": 2')
    assert read_lines(tmp_path / "results.jsonl") == [{"id": 1}]
    assert read_lines(tmp_path / "log.jsonl")[0]["event"] == "started"
    assert read_lines(tmp_path / "none.jsonl") == []


def test_an_output_that_cannot_be_written_is_one_line_with_the_fix(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentFault, match=r"cannot write .*file.*\(") as caught:
        RunStore(tmp_path / "file").prepare()
    assert "\n" not in str(caught.value)


# A limit on file size is the nearest thing to a full disk that needs no mount: the write fails
# in the middle of a file, which is the case that matters.
FULL = """
import resource, signal, sys
from pathlib import Path
from air_cli.errors import EnvironmentFault
from air_cli.store import Place, RunStore
from tests.runs.traces import trace
store = RunStore(Path(sys.argv[1]))
store.prepare()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    store.save(Place("revenue.png", "q1"), "p1-f1", trace(), "k1", {"figure.png": b"x" * 5000})
except EnvironmentFault as fault:
    print(fault)
"""


def test_a_disk_that_fills_up_leaves_nothing_half_written(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith(f"cannot write {tmp_path}")
    assert done.stdout.count("\n") == 1
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files == [tmp_path / ".claims/run"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_is_named(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").symlink_to("/dev/full")
    with pytest.raises(EnvironmentFault, match=r"No space left on device.*free some space"):
        RunStore(tmp_path).log("started")


def test_the_trace_on_disk_is_the_trace(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    store.prepare()
    folder = store.save(PLACE, "p1-f1", trace(), "k1", {})
    data = json.loads((folder / "trace.json").read_text())
    assert data["answer"]["value"] == 19.5
    assert data["provenance"]["item"]["key"] == "k1"
