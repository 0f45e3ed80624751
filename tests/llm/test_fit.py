"""Layers that fit: the arithmetic, and the timing that `air doctor` gives."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from air_cli.gguf import Head, read_head
from air_cli.reasoners.llama_fit import (
    GIB,
    LEAST,
    MIB,
    Device,
    Fit,
    cache_fault,
    fit,
    fitted,
    free_memory,
    tries,
    working,
)
from tests.llm.models import needs_llama


def head(layers: int = 28, each: int = 140 * MIB, other: int = 600 * MIB) -> Head:
    """A model like a 7B at 4 bits: grouped heads, a large vocabulary."""
    about = {
        "general.architecture": "qwen2vl",
        "qwen2vl.block_count": layers,
        "qwen2vl.embedding_length": 3584,
        "qwen2vl.feed_forward_length": 18944,
        "qwen2vl.attention.head_count": 28,
        "qwen2vl.attention.head_count_kv": 4,
        "tokenizer.ggml.tokens": 152_064,
    }
    size = layers * each + other
    return Head(about, size, size, dict.fromkeys(range(layers), each), other, 339)


def on(gib: float, n_ctx: int = 8192, eyes: int = 0) -> Fit:
    return fitted(head(), eyes, n_ctx, Device("CUDA0", int(gib * GIB), 24 * GIB))


def test_a_token_of_cache() -> None:
    # Keys and values of 4 heads of 128 numbers, 2 bytes each.
    assert head().kv_bytes == 2 * 4 * (128 + 128) == 2048


def test_everything_fits_a_large_card() -> None:
    found = on(24)
    assert found.layers == 29, "the output too"
    assert found.why.startswith("all 28 layers on CUDA0: 24.0 GiB free, a layer takes 156 MiB")


def test_as_many_as_fit_a_small_one() -> None:
    found = on(3)
    spent = working(head()) + LEAST + found.layers * (140 * MIB + 2048 * 8192)
    assert 0 < found.layers < 28
    assert spent <= 3 * GIB < spent + 140 * MIB + 2048 * 8192
    assert f"{found.layers} of 28 layers" in found.why


def test_context_and_projector_cost_layers() -> None:
    assert on(3, n_ctx=65536).layers < on(3).layers
    assert on(3, eyes=GIB).layers < on(3).layers
    assert on(3).layers <= on(4).layers <= on(6).layers


@pytest.mark.parametrize("gib", [0.0, 0.1, 0.5])
def test_nothing_fits_nothing(gib: float) -> None:
    assert on(gib).layers == 0 and "no layer" in on(gib).why


def test_a_cache_that_memory_cannot_hold_is_not_tried() -> None:
    a_token = 28 * 2048
    assert cache_fault(head(), 8192, 0, 8192 * a_token) == ""
    said = cache_fault(head(), 8192, 0, 8192 * a_token - 1)
    assert said.startswith("the cache of a context of 8,192 tokens needs 0.4 GiB, and 0.4 GiB are")
    assert cache_fault(head(), 8192, 14, 8192 * a_token // 2) == "", "half of it is on the card"
    assert cache_fault(head(), 8192, 999, 1) == "" == cache_fault(head(), 8192, 0, 0)
    assert free_memory() > 2**26


def test_numbers_by_layer_count_by_the_largest(tmp_path: Path) -> None:
    gguf = pytest.importorskip("gguf")
    writer = gguf.GGUFWriter(str(tmp_path / "layers.gguf"), "llama")
    writer.add_head_count([8, 8, 8])
    writer.add_head_count_kv([2, 4, 1])
    writer.add_array("llama.others", [5, 6])
    writer.add_embedding_length(64)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    found = read_head(tmp_path / "layers.gguf")
    assert found.number("attention.head_count_kv") == 4 and found.metadata["llama.others"] == 2
    assert found.kv_bytes == 2 * 4 * (8 + 8)


def test_what_is_tried_when_the_reckoning_was_wrong() -> None:
    assert tries(28) == [28, 21, 14, 0] and tries(0) == [0] and tries(1) == [1, 0]


def test_a_file_whose_layers_are_not_known() -> None:
    assert fitted(Head({}, 10), 0, 512, Device("CUDA0", GIB, GIB)).layers == 999


def test_real_files(models: Path) -> None:
    assert len(read_head(models / "qwen2vl.gguf").layers) == 2
    card = Device("Vulkan0", 8 * GIB, 8 * GIB)
    assert fit(models / "qwen2vl.gguf", models / "qwen2vl_merger.gguf", 8192, card).layers == 3


@pytest.mark.llama
def test_the_devices_of_this_build_are_listed() -> None:
    pytest.importorskip("llama_cpp")
    program = (
        "import llama_cpp\nfrom llama_cpp._ggml import libggml\n"
        "from air_cli.reasoners.llama_fit import devices\n"
        "found = devices(libggml)\n"
        "assert bool(found) == bool(llama_cpp.llama_supports_gpu_offload()), found\n"
        "assert all(0 < card.free <= card.total for card in found)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


class TestDoctor:
    pytestmark = needs_llama

    def test_a_model_is_timed(self, models: Path) -> None:
        argv = ["-m", "air_cli.reasoners.llama_probe", str(models / "qwen2.gguf"), "0"]
        done = subprocess.run([sys.executable, *argv], capture_output=True, check=True, timeout=60)
        assert json.loads(done.stdout)["speed"] > 0

    def test_doctor_says_how_fast_it_is(self, models: Path) -> None:
        from air_cli.doctor import _speed
        from air_cli.settings import ReasonerSettings

        (found,) = _speed(ReasonerSettings("llama", model=str(models / "qwen2.gguf")))
        assert found.ok and "tokens a second read by the processor" in found.detail
        assert not _speed(ReasonerSettings("llama", model="/nowhere.gguf"))
