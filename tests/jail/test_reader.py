"""The reader jail: real files through the real service, and what a hostile one can send."""

from __future__ import annotations

import io
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from PIL import Image, ImageDraw

from air_cli.errors import EnvironmentFault, ItemError
from air_cli.jail import tree
from air_cli.jail.reader import Reader, ReaderLimits
from air_cli.jail.recipe import READER, sized
from air_cli.records import Chart
from tests.jail.outside import eventually, none_alive
from tests.jail.peers import READY, put_in_place


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reader") / "picture.png"
    image = Image.new("RGB", (320, 200), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 80, 100, 160), fill="steelblue")
    draw.text((60, 40), "Revenue 1234", fill="black", font_size=24)
    image.save(path)
    return path


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reader") / "paper.pdf"
    with pymupdf.open() as document:
        for text in ("One page", "Another page"):
            document.new_page().insert_text((72, 72), text)
        document.save(path)
    return path


@pytest.fixture(scope="module")
def reader(jail_here: None) -> Iterator[Reader]:
    with Reader(isolation="run") as made:
        yield made


def test_a_picture(reader: Reader, picture: Path) -> None:
    source = reader.open(picture)
    assert (source.path, source.kind, source.pages) == (str(picture), "image", 1)
    (figure,) = reader.figures()
    assert figure.size_px == (320, 200)
    assert figure.source_sha == source.sha256
    with Image.open(io.BytesIO(reader.image(figure.id, (60, 80, 100, 160), 2.0))) as crop:
        assert crop.size == (80, 160)
        assert crop.convert("RGB").getpixel((40, 80)) == (70, 130, 180)
    chart = reader.chart(figure.id)
    assert chart.figure_id == figure.id
    assert any("1234" in text.text for text in chart.text)
    assert all(value >= 0 for value in reader.seconds.values())
    again = reader.reread(figure.id, (50, 30, 260, 75), 3.0)
    assert "1234" in " ".join(text.text for text in again)
    assert [ranked.figure.id for ranked in reader.rank("revenue?")] == [figure.id]


def test_an_overlay(reader: Reader, picture: Path) -> None:
    pytest.importorskip("air_cli.read.overlay")
    reader.open(picture)
    drawn = reader.overlay("p1-f1", Chart("p1-f1", "bar"), [(1, 1, 50, 50)])
    with Image.open(io.BytesIO(drawn)) as image:
        assert image.width >= 320


def test_answers_for_the_code_jail(reader: Reader, picture: Path) -> None:
    reader.open(picture)
    request = {"what": "zoom", "figure": "p1-f1", "box": [0.0, 0.0, 10.0, 10.0], "factor": 1.0}
    body, blobs = reader.answer(request)
    assert body == {}
    assert blobs[0].startswith(b"\x89PNG")


def test_a_pdf_in_the_same_jail(reader: Reader, picture: Path, paper: Path) -> None:
    reader.open(picture)
    pid = reader.pid
    assert reader.open(paper).pages == 2
    assert reader.pid == pid
    assert reader.figures() == []


def test_errors_of_the_item_keep_the_jail(reader: Reader, picture: Path, tmp_path: Path) -> None:
    reader.open(picture)
    pid = reader.pid
    text, cut = tmp_path / "text.png", tmp_path / "cut.png"
    text.write_text("hello")
    cut.write_bytes(picture.read_bytes()[:100])
    for path, kinds in ((text, ("unsupported", "unreadable")), (cut, ("unreadable",))):
        with pytest.raises(ItemError) as caught:
            reader.open(path)
        assert caught.value.kind in kinds
        assert path.name in str(caught.value)
        assert "\n" not in str(caught.value)
    with pytest.raises(ItemError, match="no source is open"):
        reader.figures()
    reader.open(picture)
    with pytest.raises(ItemError):
        reader.chart("p9-f9")
    assert reader.pid == pid


def test_a_jail_for_each_source(jail_here: None, picture: Path, paper: Path) -> None:
    with Reader(isolation="source") as reader:
        reader.open(picture)
        first = reader.pid
        reader.open(picture)
        assert reader.pid == first
        reader.open(paper)
        assert reader.pid != first
        second = reader.pid
        reader.open(picture)  # its jail was started while the one before was in use
        assert reader.pid not in (first, second)
        pids = tree.processes(reader.pid or 0)
    assert eventually(lambda: none_alive(pids))


def test_a_jail_that_died_is_replaced(jail_here: None, picture: Path) -> None:
    with Reader() as reader:
        reader.open(picture)
        for pid in tree.processes(reader.pid or 0)[1:]:
            os.kill(pid, signal.SIGKILL)
        with pytest.raises(ItemError) as caught:
            reader.figures()
        assert caught.value.kind == "crashed"
        assert str(picture) in str(caught.value)
        assert len(reader.figures()) == 1  # a new jail has opened the source again


def test_a_jail_is_replaced_after_its_number_of_items(jail_here: None, paper: Path) -> None:
    with Reader(isolation="run", limits=ReaderLimits(items=2)) as reader:
        pids = set()
        for _ in range(4):
            reader.open(paper)
            pids.add(reader.pid)
        assert len(pids) == 2


def test_too_little_memory_is_said(jail_here: None, picture: Path) -> None:
    with Reader(profile=sized(READER, 40)) as reader:
        with pytest.raises((ItemError, EnvironmentFault)) as caught:
            reader.open(picture)
        assert "Traceback" not in str(caught.value)


def test_without_a_jail_only_when_asked(picture: Path) -> None:
    assert Reader().jailed
    with Reader(jailed=False) as reader:
        reader.open(picture)
        assert len(tree.processes(reader.pid or 0)) == 1
        assert len(reader.figures()) == 1


# What a reader that was taken over can send.

SERVE = """
import json
answers = json.loads(ANSWERS)
while True:
    op = wire.receive(source).body["op"]
    body = {"ok": True, **answers.get(op, {})}
    if op == "open" and op not in answers:
        body["source"] = {"path": "/etc/passwd", "sha256": "0", "kind": "pdf"}
    time.sleep(body.pop("sleep", 0))
    wire.send(out, body, [b"GIF89a"] if op == "image" else [])
"""


def serve(answers: dict[str, Any]) -> str:
    """A program that answers operations with what it is told."""
    return READY + SERVE.replace("ANSWERS", repr(json.dumps(answers)))


FIGURE: dict[str, Any] = {"id": "p1-f1", "source_sha": "0", "page": 1, "bbox_pt": [0, 0, 1, 1]}
CHART: dict[str, Any] = {"figure_id": "p1-f1", "kind": "bar"}
NONSENSE: dict[str, dict[str, Any]] = {
    "path in an id": {"figures": {"figures": [{**FIGURE, "id": "../../../tmp/x"}]}},
    "dots": {"figures": {"figures": [{**FIGURE, "id": ".."}]}},
    "wrong type": {"figures": {"figures": [{**FIGURE, "page": "1"}]}},
    "unknown key": {"figures": {"figures": [{**FIGURE, "run": "rm"}]}},
    "no list": {"figures": {"figures": {}}},
    "other chart": {"chart": {"chart": {**CHART, "figure_id": "p2-f1"}}},
    "no chart": {"chart": {}},
    "bad mark": {"chart": {"chart": {**CHART, "marks": [{"series": 1}]}}},
    "no png": {"image": {}},
    "bad texts": {"reread": {"texts": [{"text": "x"}]}},
    "bad rank": {"rank": {"ranked": [{"figure": {**FIGURE, "id": "a/b"}, "score": 1}]}},
    "bad kind": {"open": {"source": {"path": "", "sha256": "", "kind": "exe"}}},
    "no source": {"open": {"source": None}},
}


def ask(reader: Reader, op: str, path: Path) -> object:
    reader.open(path)
    calls: dict[str, Any] = {
        "open": lambda: None,
        "figures": reader.figures,
        "chart": lambda: reader.chart("p1-f1"),
        "image": lambda: reader.image("p1-f1"),
        "reread": lambda: reader.reread("p1-f1"),
        "rank": lambda: reader.rank("?"),
    }
    return calls[op]()


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_from_a_hostile_reader(
    name: str, monkeypatch: pytest.MonkeyPatch, picture: Path
) -> None:
    answers = NONSENSE[name]
    put_in_place(monkeypatch, serve(answers))
    with Reader() as reader:
        with pytest.raises(ItemError) as caught:
            ask(reader, next(iter(answers)), picture)
        assert caught.value.kind == "crashed"
        assert str(picture) in str(caught.value)
        assert reader.pid is None  # not trusted any more


def test_a_deadline(monkeypatch: pytest.MonkeyPatch, picture: Path) -> None:
    put_in_place(monkeypatch, serve({"figures": {"sleep": 60}}))
    with Reader(limits=ReaderLimits(seconds=1.0)) as reader:
        reader.open(picture)
        first = reader.pid
        with pytest.raises(ItemError, match="no reply") as caught:
            reader.figures()
        assert caught.value.kind == "timeout"
        put_in_place(monkeypatch, serve({"figures": {"figures": [FIGURE]}}))
        assert len(reader.figures()) == 1
        assert reader.pid != first


def test_a_hostile_reader_cannot_stop_the_run(
    monkeypatch: pytest.MonkeyPatch, picture: Path
) -> None:
    """That the machine lacks something is believed of a fresh reader only."""
    lacking = {"kind": "environment", "message": "no OCR here", "fix": "pip install it"}
    put_in_place(monkeypatch, serve({"figures": {"ok": False, "error": lacking}}))
    with Reader() as reader:
        reader.open(picture)
        with pytest.raises(ItemError, match="no OCR here"):
            reader.figures()
    both = {op: {"ok": False, "error": lacking} for op in ("figures", "check")}
    put_in_place(monkeypatch, serve(both))
    with Reader() as reader:
        reader.open(picture)
        with pytest.raises(EnvironmentFault, match=r"no OCR here.*pip install it"):
            reader.figures()


def test_a_hostile_reader_cannot_name_the_source(
    monkeypatch: pytest.MonkeyPatch, picture: Path
) -> None:
    answers = {"figures": {"figures": [FIGURE]}, "chart": {"chart": CHART}}
    put_in_place(monkeypatch, serve(answers))
    with Reader() as reader:
        source = reader.open(picture)
        assert source.path == str(picture)
        assert len(source.sha256) == 64
        (figure,) = reader.figures()
        assert figure.source_sha == source.sha256
        assert reader.chart("p1-f1") == Chart("p1-f1", "bar")
