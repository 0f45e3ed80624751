"""How many layers of a model fit into the memory of a graphics card: arithmetic on file heads.

The memory itself is asked of ggml (`devices`), in the model's child process.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from air_cli.gguf import Head, read_head

MIB, GIB = 2**20, 2**30
BATCH = 512
# Left to others and to what is not counted: a share of the free memory, and at least so much.
SHARE, LEAST = 0.05, 256 * MIB
GPU_KINDS = (1, 2)  # of ggml's devices: a card of its own, or one that shares the memory


@dataclass(frozen=True)
class Device:
    """A device for computing; `free` and `total` in bytes."""

    name: str
    free: int
    total: int


@dataclass(frozen=True)
class Fit:
    """How many layers to offload (one more than the model has: the output too), and in words."""

    layers: int
    why: str


def fit(model: Path, mmproj: Path | None, n_ctx: int, device: Device) -> Fit:
    """The layers of a model file that fit a device, its projector put there first.

    Raises `GGUFError`, `OSError` for files that cannot be read.
    """
    eyes = mmproj.stat().st_size if mmproj is not None else 0
    return fitted(read_head(model), eyes, n_ctx, device)


def fitted(head: Head, eyes: int, n_ctx: int, device: Device) -> Fit:
    """As `fit`, from the head of the model and the bytes of the projector."""
    layers = len(head.layers)
    if not layers:
        return Fit(999, f"all on {device.name}: its layers are not known")
    heaviest = max(head.layers.values()) + head.kv_bytes * n_ctx
    spare = max(LEAST, int(SHARE * device.free))
    room = device.free - spare - working(head) - eyes
    free = f"{device.free / GIB:.1f} GiB free"
    each = f"a layer takes {heaviest / MIB:.0f} MiB with its cache"
    whole = sum(head.layers.values()) + layers * head.kv_bytes * n_ctx
    if whole + head.other <= room:
        return Fit(layers + 1, f"all {layers} layers on {device.name}: {free}, {each}")
    count = max(0, min(layers - 1, room // heaviest))
    if not count:
        return Fit(0, f"no layer on {device.name}: {free}, {each}")
    return Fit(count, f"{count} of {layers} layers on {device.name}: {free}, {each}")


def working(head: Head) -> int:
    """Bytes of working space: the logits and the widest activations of a batch, at 32 bits."""
    vocabulary = head.metadata.get("tokenizer.ggml.tokens", 0)
    words = vocabulary if type(vocabulary) is int else 0
    widest = 4 * head.number("embedding_length") + 2 * head.number("feed_forward_length")
    return 4 * BATCH * (words + widest) + 64 * MIB


def cache_fault(head: Head, n_ctx: int, on_card: int, free: int) -> str:
    """Why the cache of a context cannot be had, with `on_card` layers on a graphics card and `free`
    bytes of memory (0: not known); nothing when it can. Asked before llama.cpp tries: it would
    touch all of it."""
    trained, layers = head.number("context_length"), head.number("block_count")
    tokens = min(n_ctx, trained) if trained else n_ctx
    needed = max(0, layers - on_card) * head.kv_bytes * tokens
    if not free or needed <= free:
        return ""
    return (
        f"the cache of a context of {tokens:,} tokens needs {needed / GIB:.1f} GiB, and"
        f" {free / GIB:.1f} GiB are free: lower reasoner.n_ctx"
    )


def free_memory() -> int:
    """Bytes of memory that processes can have now; where the system does not say (macOS), all
    that it has; 0 when not even that is known."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        found = dict(line.split(":", 1) for line in lines if ":" in line)
        return int(found.get("MemAvailable", "").split()[0]) * 1024
    with contextlib.suppress(OSError, ValueError, AttributeError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return 0


def tries(layers: int) -> list[int]:
    """What to try in turn, should the memory not do after all."""
    return list(dict.fromkeys([layers, layers * 3 // 4, layers // 2, 0]))


def devices(libggml: Any) -> list[Device]:
    """The graphics cards that this build of ggml can use; libggml: the loaded library."""
    for name in ("get", "name", "memory", "type"):
        getattr(libggml, f"ggml_backend_dev_{name}").restype = ctypes.c_void_p
    libggml.ggml_backend_dev_count.restype = ctypes.c_size_t
    libggml.ggml_backend_dev_get.argtypes = [ctypes.c_size_t]
    libggml.ggml_backend_dev_name.argtypes = [ctypes.c_void_p]
    libggml.ggml_backend_dev_name.restype = ctypes.c_char_p
    libggml.ggml_backend_dev_type.argtypes = [ctypes.c_void_p]
    libggml.ggml_backend_dev_type.restype = ctypes.c_int
    sizes = ctypes.POINTER(ctypes.c_size_t)
    libggml.ggml_backend_dev_memory.argtypes = [ctypes.c_void_p, sizes, sizes]
    libggml.ggml_backend_dev_memory.restype = None
    found = []
    for n in range(libggml.ggml_backend_dev_count()):
        device = libggml.ggml_backend_dev_get(n)
        if libggml.ggml_backend_dev_type(device) not in GPU_KINDS:
            continue
        free, total = ctypes.c_size_t(0), ctypes.c_size_t(0)
        libggml.ggml_backend_dev_memory(device, ctypes.byref(free), ctypes.byref(total))
        name = (libggml.ggml_backend_dev_name(device) or b"GPU").decode("utf-8", "replace")
        found.append(Device(name, free.value, total.value))
    return found
