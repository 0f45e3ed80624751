"""`air models`: pull, add, rm, show, default, and models by name; against a hub on this machine."""

from __future__ import annotations

import json
import os
import shutil
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest.importorskip("gguf")

from air_cli import gguf as head
from air_cli import models_hub
from air_cli.cli import run
from air_cli.config import load
from air_cli.config_edit import with_key
from air_cli.errors import UsageError
from air_cli.models import Store, resolve
from air_cli.models_catalogue import catalogue
from tests.llm.hub import COMMIT, FakeHub, serving

REPO = "someone/Tiny-VL-GGUF"
FILES = {"Tiny-Q4_K_M.gguf": "qwen2.gguf", "mmproj-Tiny-Q8_0.gguf": "mlp.gguf"}


@dataclass
class Air:
    """Runs `air` in this process; `root` is where the models are."""

    root: Path
    hub: FakeHub
    out: Callable[[], tuple[str, str]]

    def __call__(self, *arguments: object, status: int = 0) -> str:
        found = run([str(part) for part in arguments])
        out, err = self.out()
        assert found == status, f"{found}: {out}{err}"
        assert not status or err.count("\n") == 1, err
        return out + err


@pytest.fixture
def air(
    models: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Iterator[Air]:
    repo = {name: (models / file).read_bytes() for name, file in FILES.items()}
    repo |= {"Tiny-Q8_0.gguf": repo["Tiny-Q4_K_M.gguf"], "README.md": b"# Tiny"}
    monkeypatch.setattr(models_hub, "PAUSE", 0.01)
    monkeypatch.chdir(tmp_path)
    for name in [*filter(lambda n: n.startswith(("AIR_", "HF_")), os.environ), "http_proxy"]:
        monkeypatch.delenv(name, raising=False)
    with serving({REPO: repo}) as hub:
        for folder in ("DATA", "CONFIG", "CACHE"):
            monkeypatch.setenv(f"XDG_{folder}_HOME", str(tmp_path / folder))
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        yield Air(tmp_path / "DATA" / "air" / "models", hub, capfd.readouterr)


def test_pull_keeps_both_files_their_sums_and_their_origin(air: Air) -> None:
    said = air("models", "pull", REPO)
    assert "matches" in said and "apache-2.0" in said
    stored = Store(air.root).get("tiny-vl")
    assert (stored.model, stored.mmproj) == tuple(FILES)
    assert stored.revision == COMMIT and stored.licence == "apache-2.0"
    for name, sha256 in stored.files.items():
        assert (air.root / "tiny-vl" / f"{name}.sha256").read_text() == f"{sha256}  {name}\n"
    assert "tiny-vl" in air("models") and "sees pictures" in air("models", "list")
    before = air.hub.sent
    assert "here already" in air("models", "pull", REPO)
    assert air.hub.sent == before, "nothing is fetched twice"


def test_a_broken_connection_goes_on_where_it_stopped(air: Air) -> None:
    air.hub.drops = [1000, 70_000]
    air("models", "pull", REPO)
    ranges = [h["Range"] for path, h in air.hub.seen if "/storage/" in path]
    assert ranges == ["bytes=0-", "bytes=1000-", "bytes=71000-", "bytes=0-"]
    assert air.hub.sent == Store(air.root).get("tiny-vl").size


def test_a_pull_that_was_given_up_is_resumed_by_the_next(air: Air) -> None:
    air.hub.drops = [5000, 0, 0, 0, 0, 0]
    assert "pull again" in air("models", "pull", REPO, "-q", status=4)
    assert "no model is here" in air("models")
    air("models", "pull", REPO)
    assert air.hub.sent == Store(air.root).get("tiny-vl").size


def test_a_wrong_byte_is_found_and_thrown_away(air: Air) -> None:
    air.hub.flip = True
    assert "the hub says" in air("models", "pull", REPO, "-q", status=4)
    assert not list(air.root.rglob("*.gguf")) and not list(air.root.rglob("*.part"))


def test_a_disk_that_is_too_small_is_said_before_anything_is_fetched(
    air: Air, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage("/")._replace(free=10**6)
    monkeypatch.setattr("air_cli.models.shutil.disk_usage", lambda path: usage)
    assert "needed" in air("models", "pull", REPO, status=4)
    assert air.hub.sent == 0


@pytest.mark.parametrize(
    ("status", "exit", "said"),
    [(404, 2, "there is no"), (401, 4, "HF_TOKEN"), (500, 4, "500"), (302, 4, "hub")],
)
def test_what_a_hub_may_say(air: Air, status: int, exit: int, said: str) -> None:
    air.hub.status = status
    assert said in air("models", "pull", REPO, status=exit)


def test_the_token_stays_with_the_hub(air: Air, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "secret")
    air("models", "pull", REPO)
    for path, headers in air.hub.seen:
        assert ("Authorization" in headers) is not path.startswith("/storage/"), path
    monkeypatch.setenv("HF_ENDPOINT", "http://far.example")
    assert "unencrypted" in air("models", "pull", REPO, status=2)


def test_the_library_of_the_hub_gets_the_same_from_this_server(
    air: Air, tmp_path: Path, models: Path
) -> None:
    """So that the server of these tests is not merely what AIR believes a hub to be."""
    library = pytest.importorskip("huggingface_hub")
    info = library.HfApi(endpoint=air.hub.url, token=False).model_info(
        REPO, revision="main", files_metadata=True
    )
    sizes = {item.rfilename: item.size for item in info.siblings}
    assert sizes["Tiny-Q4_K_M.gguf"] == (models / "qwen2.gguf").stat().st_size
    assert info.sha == COMMIT


def test_which_files_are_taken(air: Air) -> None:
    air("models", "pull", REPO, "--file", "*q8_0.gguf", "--projector", "none", "--as", "plain")
    stored = Store(air.root).get("plain")
    assert (stored.model, stored.mmproj) == ("Tiny-Q8_0.gguf", "")
    assert "no file" in air("models", "pull", REPO, "--file", "*Q2*", "--as", "x", status=2)
    assert "no projector" in air("models", "pull", REPO, "--projector", "*x", "--as", "y", status=2)


def test_names_that_are_none(air: Air) -> None:
    assert "perhaps you meant qwen3-vl-4b" in air("models", "pull", "qwen3-vl-4", status=2)
    assert "no name" in air("models", "add", "../x", "m.gguf", status=2)
    assert "no model" in air("models", "rm", "nothing", status=2)
    assert "no model" in air("models", "show", "nothing", status=2)
    assert "air models pull smolvlm2-2.2b" in air("ask", "x.png", "q?", "--model", "smolvlm2-2.2b",
                                                  status=2)  # fmt: skip


def test_add_links_and_rm_leaves_what_was_added(air: Air, models: Path) -> None:
    air("models", "add", "mine", models / "qwen2.gguf", "--mmproj", models / "mlp.gguf")
    assert Store(air.root).get("mine").linked
    assert "already" in air("models", "add", "mine", models / "qwen2.gguf", status=2)
    air("models", "rm", "mine")
    assert (models / "qwen2.gguf").is_file() and not (air.root / "mine").exists()


def test_files_that_are_no_pair(air: Air, models: Path, tmp_path: Path) -> None:
    text, eyes = models / "qwen2.gguf", models / "mlp.gguf"
    assert "not a language model" in air("models", "add", "x", eyes, status=2)
    assert "not a projector" in air("models", "add", "x", text, "--mmproj", text, status=2)
    from tests.llm.tiny_gguf import EMBED

    other = tmp_path / "other.gguf"
    data = eyes.read_bytes()
    key = b"clip.vision.projection_dim" + struct.pack("<I", 4)
    assert key in data
    other.write_bytes(data.replace(key + struct.pack("<I", EMBED), key + struct.pack("<I", 100)))
    assert "another model" in air("models", "add", "x", text, "--mmproj", other, status=2)
    assert not air.root.exists()


def test_show(air: Air, models: Path, tmp_path: Path) -> None:
    air("models", "pull", REPO)
    said = air("models", "show", "tiny-vl", "--verify")
    for word in ("qwen2", "renders a conversation", "matches", "as recorded", "GiB of cache"):
        assert word in said, said
    path = air.root / "tiny-vl" / "Tiny-Q4_K_M.gguf"
    path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    assert "pull or add it again" in air("models", "show", "tiny-vl", "--verify", status=2)
    path.write_bytes(path.read_bytes()[:5000])
    assert "incomplete" in air("models", "show", path, status=2)


def test_a_hostile_template_is_tried_in_the_sandbox(air: Air, tmp_path: Path) -> None:
    pytest.importorskip("jinja2")
    from tests.llm.tiny_gguf import write_text

    bad = "{{ ''.__class__.__mro__[1].__subclasses__() }}"
    path = write_text(tmp_path / "bad.gguf", template=bad)
    assert "unusable" in air("models", "show", path)


def test_default_is_written_and_used(air: Air, models: Path, tmp_path: Path) -> None:
    air("models", "pull", REPO)
    own = tmp_path / "CONFIG" / "air" / "air.toml"
    own.parent.mkdir(parents=True)
    own.write_text("# mine\n[reasoner]\nseed = 7  # lucky\n\n[policy]\nsteps = 4\n")
    air("models", "default", "tiny-vl")
    assert own.read_text().startswith('# mine\n[reasoner]\nmodel = "tiny-vl"\nseed = 7  # lucky\n')
    assert "* tiny-vl" in air("models") and "tiny-vl  #" in air("models", "default")
    config = resolve(load({}).config)
    assert config.reasoner.name == "llama" and config.reasoner.seed == 7
    assert Path(config.reasoner.model).read_bytes() == (models / "qwen2.gguf").read_bytes()
    assert Path(config.reasoner.mmproj).name == "mmproj-Tiny-Q8_0.gguf"
    air("models", "default", "none")
    assert "model" not in own.read_text() and "seed = 7  # lucky" in own.read_text()
    assert "no model" in air("models", "default", "nothing", status=2)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("", '[reasoner]\nmodel = "m"\n'),
        ("[a]\nb = 1\n", '[a]\nb = 1\n\n[reasoner]\nmodel = "m"\n'),
        (
            "[reasoner]\n model='x' # old\n[b]\nmodel = 1",
            '[reasoner]\nmodel = "m"\n[b]\nmodel = 1\n',
        ),
    ],
)
def test_one_key_is_set_and_the_rest_stays(text: str, made: str) -> None:
    assert with_key(text, "reasoner", "model", "m") == made


@pytest.mark.parametrize(
    "text", ["reasoner = {}", "reasoner.seed = 1", "[reasoner", "x = '''\n[reasoner]\n'''"]
)
def test_what_cannot_be_edited_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        with_key(text, "reasoner", "model", "m")


# --- the head of a file ---------------------------------------------------------------------------


def test_a_head_agrees_with_the_library(models: Path) -> None:
    from gguf import GGUFReader
    from gguf.constants import GGML_QUANT_SIZES

    for kind, block in GGML_QUANT_SIZES.items():
        assert head.BLOCKS.get(int(kind), tuple(block)) == tuple(block)
    for path in models.glob("*.gguf"):
        found, known = head.read_head(path), GGUFReader(str(path))
        assert found.tensors == len(known.tensors) and not found.unsized
        tensors = sum(int(tensor.n_bytes) for tensor in known.tensors)
        assert found.other + sum(found.layers.values()) == tensors
        assert found.size - 64 < found.needed <= found.size


def _hostile() -> Iterator[tuple[str, bytes]]:
    start = b"GGUF" + struct.pack("<I", 3)
    yield "version", b"GGUF" + struct.pack("<IQQ", 99, 0, 0)
    yield "tensors", start + struct.pack("<QQ", 2**60, 0)
    yield "keys", start + struct.pack("<QQ", 0, 2**60)
    yield "text", start + struct.pack("<QQQ", 0, 1, 2**40)
    pair = struct.pack("<QQQ", 0, 1, 1) + b"k"
    yield "list", start + pair + struct.pack("<IIQ", 9, 8, 2**50)
    yield "kind", start + pair + struct.pack("<I", 77)
    yield "nested", start + pair + struct.pack("<IIQ", 9, 9, 1)
    yield "empty", b""
    tensor = struct.pack("<Q", 1) + b"t" + struct.pack("<IQQIQ", 2, 2**40, 2**40, 0, 0)
    yield "shape", start + struct.pack("<QQ", 1, 0) + tensor


HOSTILE = dict(_hostile())


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_head_is_refused_at_once(tmp_path: Path, what: str) -> None:
    path = tmp_path / "x.gguf"
    path.write_bytes(HOSTILE[what])
    with pytest.raises(head.GGUFError):
        head.read_head(path)


def test_any_cut_of_a_file_is_found(models: Path, tmp_path: Path) -> None:
    data = (models / "llama.gguf").read_bytes()
    path = tmp_path / "cut.gguf"
    for size in (3, 4, 11, 100, 1000, 4000, len(data) // 2, len(data) - 40):
        path.write_bytes(data[:size])
        with pytest.raises(head.GGUFError):
            head.read_head(path)


def test_the_catalogue_is_well_formed() -> None:
    known = catalogue()
    names = [one.name for one in known]
    assert len(set(names)) == len(names) >= 10
    for one in known:
        assert one.repo.count("/") == 1 and one.files
        assert bool(one.projectors) is ("sees no pictures" not in one.suits)
        assert 0 < one.size < one.memory
    sizes: Sequence[float] = [one.memory for one in known]
    assert list(sizes) == sorted(sizes), "small ones first"
    assert json.dumps(names)


def test_what_is_not_known_for_sure_is_shown_so(air: Air) -> None:
    listing = air("models")
    rows = [line for line in listing.splitlines() if " GB" in line and line.startswith("  q")]
    assert rows and all(row.count("~") == 2 for row in rows)
    listed = json.loads(air("models", "list", "--format", "json"))["catalogue"]
    assert all(one["approximate"] for one in listed)


def test_a_pulled_file_that_was_changed_since_is_not_loaded(air: Air) -> None:
    from air_cli.errors import EnvironmentFault
    from air_cli.reasoners.llama import check_unchanged, sha256_of

    air("models", "pull", REPO)
    stored = Store(air.root).get("tiny-vl")
    path = Store(air.root).paths(stored)[0]
    check_unchanged(path)
    assert sha256_of(path) == stored.files[path.name]
    os.utime(path, (2**32, 2**32))  # touched: read again, and still the same
    check_unchanged(path)
    path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    os.utime(path, (2**32, 2**32))
    with pytest.raises(EnvironmentFault, match="sha256"):
        check_unchanged(path)
