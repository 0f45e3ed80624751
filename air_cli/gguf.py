"""The head of a GGUF file, read without trust: sizes are checked before anything is allocated.

Standard library only. The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import math
import os
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

KEYS, TENSORS, STRING, ARRAY, NAME = 4096, 65_536, 4 * 2**20, 2**24, 256
SCALARS = {
    0: "B",
    1: "b",
    2: "H",
    3: "h",
    4: "I",
    5: "i",
    6: "f",
    7: "?",
    10: "Q",
    11: "q",
    12: "d",
}
_STRING, _ARRAY = 8, 9
# Kinds of whole numbers, and what may be a list with a number for each layer.
WHOLE, LAYERS = (0, 1, 2, 3, 4, 5, 10, 11), 4096
_BY_LAYER = (".attention.head_count", ".attention.head_count_kv", ".feed_forward_length")
# ggml's types by values in a block and bytes of a block.
_SIZES = {
    (1, 1): (24,),
    (1, 2): (1, 25, 30),
    (1, 4): (0, 26),
    (1, 8): (27, 28),
    (32, 17): (39,),
    (32, 18): (2, 20),
    (32, 20): (3,),
    (32, 22): (6,),
    (32, 24): (7,),
    (32, 34): (8,),
    (256, 50): (19,),
    (256, 54): (34,),
    (256, 56): (29,),
    (256, 66): (16, 35),
    (256, 74): (17,),
    (256, 82): (22,),
    (256, 84): (10,),
    (256, 98): (18,),
    (256, 110): (11, 21),
    (256, 136): (23,),
    (256, 144): (12,),
    (256, 176): (13,),
    (256, 210): (14,),
}
BLOCKS = {kind: block for block, kinds in _SIZES.items() for kind in kinds}
_LAYER = re.compile(r"blk\.(\d+)\.")


class GGUFError(ValueError):
    """The file is no GGUF, or a broken or oversized one."""


@dataclass(frozen=True)
class Head:
    """What the head of a GGUF says.

    `metadata` has scalars and texts; of an array only its length, but the largest of numbers that
    may differ by layer (heads, widths). `layers` maps the number of a
    layer to its bytes; `other` is what belongs to none; `unsized` counts tensors of types that
    are not known here. `size` is the file's, `needed` what the tensors ask for (0: not known).
    """

    metadata: Mapping[str, Any]
    size: int
    needed: int = 0
    layers: Mapping[int, int] = field(default_factory=dict)
    other: int = 0
    tensors: int = 0
    unsized: int = 0

    @property
    def architecture(self) -> str:
        return str(self.metadata.get("general.architecture", ""))

    def number(self, name: str) -> int:
        """A whole number of the architecture's own (`block_count`), 0 where there is none."""
        value = self.metadata.get(f"{self.architecture}.{name}")
        return value if type(value) is int else 0

    @property
    def kv_bytes(self) -> int:
        """Bytes of one token in the key-value cache of one layer, at 16 bits."""
        heads = self.number("attention.head_count")
        width = self.number("embedding_length") // heads if heads else 0
        keys = self.number("attention.key_length") or width
        values = self.number("attention.value_length") or width
        return 2 * (self.number("attention.head_count_kv") or heads) * (keys + values)


def read_head(path: Path) -> Head:
    """Read the head of `path`.

    Raises `GGUFError` when it is not a whole GGUF, `OSError` when it cannot be read.
    """
    with path.open("rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        reader = _Reader(stream, size)
        if reader.take(4) != b"GGUF":
            raise GGUFError("not a GGUF file")
        version = reader.number("I")
        if version not in (2, 3):
            raise GGUFError(f"GGUF version {version} is not known")
        tensors, keys = reader.count(TENSORS, "tensors"), reader.count(KEYS, "keys")
        metadata = dict(reader.pair() for _ in range(keys))
        sized = [reader.tensor() for _ in range(tensors)]
        return _head(metadata, sized, reader.at, size)


def _head(metadata: dict[str, Any], sized: list[tuple[str, int, int]], at: int, size: int) -> Head:
    layers: dict[int, int] = {}
    other = 0
    for name, _, length in sized:
        found = _LAYER.match(name)
        if found:
            layers[int(found[1])] = layers.get(int(found[1]), 0) + max(0, length)
        else:
            other += max(0, length)
    alignment = metadata.get("general.alignment", 32)
    if type(alignment) is not int or not 0 < alignment <= 2**20:
        raise GGUFError("its alignment is not a sensible number")
    start = -(-at // alignment) * alignment
    needed = max((start + offset + max(0, length) for _, offset, length in sized), default=0)
    if needed > size:
        raise GGUFError(f"incomplete: {size} bytes of {needed}")
    unsized = sum(length < 0 for _, _, length in sized)
    return Head(metadata, size, needed, layers, other, len(sized), unsized)


class _Reader:
    """Reads the parts of a head; never more than the file has."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream, self._size, self.at = stream, size, 0

    def take(self, length: int) -> bytes:
        if length > self._size - self.at:
            raise GGUFError("incomplete: it ends within its head")
        self.at += length
        return self._stream.read(length)

    def skip(self, length: int) -> None:
        if length > self._size - self.at:
            raise GGUFError("incomplete: it ends within its head")
        self.at += length
        self._stream.seek(length, os.SEEK_CUR)

    def number(self, form: str) -> Any:
        return struct.unpack("<" + form, self.take(struct.calcsize("<" + form)))[0]

    def count(self, limit: int, what: str) -> int:
        found = int(self.number("Q"))
        if found > limit:
            raise GGUFError(f"it claims {found} {what}; {limit} is the most that is read")
        return found

    def text(self, limit: int = STRING) -> str:
        return self.take(self.count(limit, "bytes of a text")).decode("utf-8", "replace")

    def pair(self) -> tuple[str, Any]:
        name = self.text(NAME)
        return name, self._value(self.number("I"), most=name.endswith(_BY_LAYER))

    def _value(self, kind: int, *, most: bool = False) -> Any:
        if kind in SCALARS:
            return self.number(SCALARS[kind])
        if kind == _STRING:
            return self.text()
        if kind != _ARRAY:
            raise GGUFError(f"a value of kind {kind} is not known")
        inner, length = self.number("I"), self.count(ARRAY, "items of a list")
        if most and inner in WHOLE and 0 < length <= LAYERS:
            return max(self.number(SCALARS[inner]) for _ in range(length))
        if inner in SCALARS:
            self.skip(length * struct.calcsize("<" + SCALARS[inner]))
        elif inner == _STRING:
            for _ in range(length):
                self.skip(self.count(STRING, "bytes of a text"))
        else:
            raise GGUFError(f"a list of kind {inner} is not known")
        return length

    def tensor(self) -> tuple[str, int, int]:
        """Name, offset and bytes (−1 for a type that is not known)."""
        name = self.text(NAME)
        dimensions = self.number("I")
        if dimensions > 4:
            raise GGUFError(f"a tensor of {dimensions} dimensions")
        values = math.prod(int(self.number("Q")) for _ in range(dimensions))
        kind, offset = self.number("I"), int(self.number("Q"))
        if values >= 2**48 or offset >= 2**48:
            raise GGUFError("a tensor of absurd size")
        block, length = BLOCKS.get(kind, (1, -1))
        return name, offset, values // block * length if length > 0 else -1
