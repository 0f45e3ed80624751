"""Bad input: one clear line that names the file, the right status, nothing half-written."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli import inputs
from tests.cli.command import CACHE, ROOT, air, home, needs_jail


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    return inputs.bar_chart(tmp_path / "chart.png")


@pytest.mark.parametrize("command", ["ask", "read", "figures"])
def test_a_missing_file_and_a_directory(tmp_path: Path, command: str) -> None:
    more = ["q?"] if command == "ask" else []
    air(command, "absent.png", *more, cwd=tmp_path).failed(2, "absent.png", "no such file")
    air(command, tmp_path, *more, cwd=tmp_path).failed(2, str(tmp_path), "is a directory")


def test_a_second_question_in_the_place_of_a_file_is_told_where_it_goes(tmp_path: Path) -> None:
    chart = inputs.bar_chart(tmp_path / "chart.png")
    air("ask", chart, "growth rate?", "trend?", cwd=tmp_path).failed(2, "growth rate?", "-Q FILE")


def test_a_name_that_no_file_can_have(tmp_path: Path) -> None:
    air("read", "x" * 300, cwd=tmp_path).failed(2, "no such file")


@needs_jail
def test_files_that_are_not_what_they_seem(tmp_path: Path) -> None:
    empty = tmp_path / "empty.png"
    empty.touch()
    text = tmp_path / "text.png"
    text.write_text("not a picture\n")
    half = inputs.truncated_png(tmp_path / "half.png")
    locked = inputs.pdf_without_figures(tmp_path / "locked.pdf", password="secret")
    words = inputs.pdf_without_figures(tmp_path / "words.pdf", pages=2)
    for path, reason in (
        (empty, "empty"),
        (text, "this is text"),
        (half, "truncated"),
        (locked, "encrypted"),
        (words, "no chart or table was found on its 2 pages"),
    ):
        for command in (["ask", path.name, "q?"], ["read", path.name], ["figures", path.name]):
            if command[0] == "figures" and path == half:
                continue  # decoding starts with the first look at the pixels
            air(*command, cwd=tmp_path).failed(3, path.name, reason)


@needs_jail
def test_a_password_opens_what_is_encrypted(tmp_path: Path) -> None:
    locked = inputs.pdf_without_figures(tmp_path / "locked.pdf", password="secret")
    for password, words in (("wrong", "password is wrong"), ("secret", "no chart or table")):
        done = air("read", locked, cwd=tmp_path, env={"AIR_READER_PASSWORD": password})
        done.failed(3, "locked.pdf", words)
        assert "secret" not in done.err


def test_a_file_name_cannot_steer_the_terminal(tmp_path: Path) -> None:
    done = air("read", "a\x1b[31mred.png", cwd=tmp_path)
    done.failed(2, "no such file")
    assert "\x1b" not in done.err


@needs_jail
def test_a_page_or_figure_that_does_not_exist(tmp_path: Path, chart: Path) -> None:
    words = inputs.pdf_without_figures(tmp_path / "words.pdf", pages=2)
    air("ask", words, "q?", "--pages", "3", cwd=tmp_path).failed(2, "has 2 pages", "no page 3")
    air("read", chart, "--figure", "9", cwd=tmp_path).failed(2, "chart.png", "no figure '9'")
    for pages in ("0", "2-1", "a", "1-", ""):
        air("read", words, "--pages", pages, cwd=tmp_path).failed(2, "--pages")


def test_questions_that_are_none(tmp_path: Path, chart: Path) -> None:
    (tmp_path / "none.txt").write_text("\n \n")
    (tmp_path / "latin.txt").write_bytes(b"\xff\xfe\x00x")
    for arguments, words in (
        ([chart, ""], "the question is empty"),
        ([chart, "  "], "the question is empty"),
        ([chart], "the question is missing"),
        (["which?"], "the source is missing"),
        ([], "the source is missing"),
        ([chart, chart], "is a file, but the question comes last"),
        ([chart, "-Q", "none.txt"], "none.txt: no questions"),
        ([chart, "-Q", "latin.txt"], "latin.txt: the questions are not UTF-8"),
        ([chart, "-Q", "absent.txt"], "absent.txt: no such file"),
        (["-", "-Q", "-"], "- cannot be both"),
    ):
        air("ask", *arguments, cwd=tmp_path).failed(2, words)


@needs_jail
def test_an_empty_standard_input(tmp_path: Path) -> None:
    air("ask", "-", "q?", cwd=tmp_path).failed(3, "standard input", "empty")


@pytest.mark.parametrize(
    ("flag", "value", "near"),
    [
        ("--format", "jsn", "perhaps you meant json?"),
        ("--mode", "refelct", "perhaps you meant reflect?"),
        ("--expects", "numbr", "perhaps you meant number?"),
        ("--reasoner", "lama", "perhaps you meant llama?"),
        ("--bogus", "1", "--bogus"),
    ],
)
def test_a_wrong_flag_has_a_near_match(
    tmp_path: Path, chart: Path, flag: str, value: str, near: str
) -> None:
    air("ask", chart, "q?", flag, value, cwd=tmp_path).failed(2, flag, near)


@needs_jail
def test_outputs_that_cannot_be_written(tmp_path: Path, chart: Path) -> None:
    before = sorted(tmp_path.iterdir())
    air("read", chart, "-o", "no/such/x.csv", cwd=tmp_path).failed(2, "no/such", "does not exist")
    air("read", chart, "-o", tmp_path, cwd=tmp_path).failed(2, "is a directory")
    air("read", chart, "--overlay", "no/x.png", cwd=tmp_path).failed(2, "does not exist")
    air("read", chart, "-o", "/dev/full", cwd=tmp_path).failed(4, "/dev/full", "No space left")
    air("ask", chart, "q?", "--out", chart, cwd=tmp_path).failed(4, "chart.png")
    assert sorted(tmp_path.iterdir()) == before


@needs_jail
def test_a_full_standard_output(tmp_path: Path, chart: Path) -> None:
    with open("/dev/full", "wb") as full:
        air("read", chart, cwd=tmp_path, stdout=full.fileno()).failed(
            4, "standard output", "No space left"
        )


@needs_jail
def test_a_reader_of_the_output_that_goes_away(tmp_path: Path, chart: Path) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = air("read", chart, cwd=tmp_path, stdout=write_end)
    os.close(write_end)
    assert (done.code, done.err) == (141, "")


@needs_jail
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_standard_streams(tmp_path: Path, chart: Path, closed: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f'"$0" -m air_cli read chart.png -o out.csv {closed}', sys.executable],
        cwd=tmp_path,
        env=home(tmp_path),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert (tmp_path / "out.csv").read_text().startswith("figure,page,series")


@needs_jail
def test_a_model_that_is_none(tmp_path: Path, chart: Path) -> None:
    (tmp_path / "junk.gguf").write_bytes(b"junk" * 100)
    air("ask", chart, "q?", "--model", "none.gguf", cwd=tmp_path).failed(4, "none.gguf")
    air("ask", chart, "q?", "--model", "junk.gguf", cwd=tmp_path).failed(4, "junk.gguf", "GGUF")
    air("ask", chart, "q?", "--reasoner", "llama", cwd=tmp_path).failed(4, "reasoner.model")


def test_no_bubblewrap(tmp_path: Path, chart: Path) -> None:
    empty = tmp_path / "bin"
    empty.mkdir()
    done = air("ask", chart, "q?", cwd=tmp_path, env={"PATH": str(empty)})
    done.failed(4, "bubblewrap", "install")
    doctor = air("doctor", cwd=tmp_path, env={"PATH": str(empty)})
    assert doctor.code == 4
    assert "LACKS bubblewrap" in doctor.out


def test_what_works_without_a_jail(tmp_path: Path, chart: Path) -> None:
    """As on macOS, and only when the user has asked for it."""
    empty = tmp_path / "bin"
    empty.mkdir()
    env = {"PATH": str(empty), "AIR_READER_JAIL": "false"}
    assert "2021" in air("read", chart, cwd=tmp_path, env=env).out
    question = "What were the sales in 2021?"
    done = air("ask", chart, question, "--mode", "direct", cwd=tmp_path, env=env)
    assert (done.code, done.out.splitlines()[0]) == (0, "50")
    done = air("ask", chart, "growth rate?", cwd=tmp_path, env=env)
    done.failed(4, "bubblewrap", "--mode direct")


@needs_jail
def test_a_bad_document_does_not_stop_the_others(tmp_path: Path, chart: Path) -> None:
    (tmp_path / "text.png").write_text("not a picture")
    (tmp_path / "q.txt").write_text("What were the sales in 2021?\nWhat were the sales in 2020?\n")
    done = air("ask", "text.png", chart.name, "-Q", "q.txt", cwd=tmp_path)
    assert done.code == 3
    assert done.err.count("text.png") == 1
    assert "2 of 4 answered" in done.err
    assert [line for line in done.out.splitlines() if line in ("50", "35")] == ["50", "35"]


def test_a_bug_is_reported_as_one(tmp_path: Path) -> None:
    """A broken cache folder setting cannot hide the message; the traceback goes to a file."""
    program = (
        "import sys, air_cli.commands.config as c, air_cli.cli as cli\n"
        "def broken(*_, **__): raise RuntimeError('inner\\nworkings')\n"
        "c.settle = broken\n"
        "sys.argv = ['air', 'config']\n"
        "cli.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=home(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "a bug in AIR: RuntimeError: inner workings" in done.stderr
    assert "Traceback" not in done.stderr
    log = CACHE / "air/bug.log"
    assert str(log) in done.stderr
    assert "RuntimeError: inner" in log.read_text()


@needs_jail
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small file system")
def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path, chart: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)], check=False
    )
    if mounted.returncode != 0:
        pytest.skip("no file system can be mounted here")
    try:
        (small / "filler").write_bytes(b"x" * 40_000)
        done = air(
            "ask", chart, "What were the sales in 2021?", "--out", small / "run", cwd=tmp_path
        )
        assert done.code == 4, done
        assert "No space left" in done.err
        assert "Traceback" not in done.err
        traces = list((small / "run").rglob("trace.json"))
        assert not traces
        overlay = small / "overlay.csv"
        again = air("read", chart, "--format", "json", "-o", overlay, cwd=tmp_path)
        assert again.code in (0, 4)
        assert not overlay.exists() or overlay.stat().st_size > 1000
        assert stat.S_ISDIR(small.stat().st_mode)
    finally:
        subprocess.run(["umount", str(small)], check=True)
