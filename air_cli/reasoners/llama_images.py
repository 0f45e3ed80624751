"""Images for a vision GGUF: decoded, encoded once by content, decoded into the context.

Runs in the model's child process.
"""

from __future__ import annotations

import ctypes
import hashlib
import io
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from llama_cpp import llama_cpp, mtmd_cpp
from numpy.typing import NDArray
from PIL import Image

# Embeddings that are kept, in bytes: some 20 figures of a 7B model.
KEPT = 512 * 2**20
UNITS = 64
PIXELS = 40_000_000
SHRINKS = 3


class ImageFailed(Exception):
    """The projector cannot take an image, or does not fit the model."""


class Chunk:
    """A chunk of the library's, freed with this object."""

    def __init__(self, pointer: Any) -> None:
        self.pointer = mtmd_cpp.mtmd_input_chunk_copy(pointer)

    def __del__(self) -> None:
        if self.pointer and mtmd_cpp is not None:
            mtmd_cpp.mtmd_input_chunk_free(self.pointer)


@dataclass(frozen=True)
class ImageUnit:
    """A chunk of image embeddings in a prompt; equal when content and place in it are equal."""

    sha256: str
    index: int
    n_pos: int
    n_tokens: int
    chunk: Chunk = field(compare=False, repr=False)


Unit = int | ImageUnit


class Eyes:
    """The projector of a model. Owned by one thread of one process."""

    def __init__(
        self, path: str, model: Any, threads: int, max_tokens: int, share: int, *, use_gpu: bool
    ) -> None:
        """`max_tokens` is told to the projector (0: its own limit); a picture that takes more
        cells than `share` is made smaller, where that helps."""
        params = mtmd_cpp.mtmd_context_params_default()
        params.use_gpu, params.print_timings, params.warmup = use_gpu, False, False
        params.n_threads = threads
        if max_tokens > 0:
            params.image_max_tokens = max_tokens
        self._model, self._share = model, share
        self._shrunk: set[str] = set()
        self._context = mtmd_cpp.mtmd_init_from_file(path.encode(), model, params)
        if not self._context or not mtmd_cpp.mtmd_support_vision(self._context):
            raise ImageFailed(f"{path}: this projector cannot be used with the model")
        self._marker = mtmd_cpp.mtmd_get_marker(self._context) or b"<__media__>"
        self._units: OrderedDict[str, list[Unit]] = OrderedDict()
        self.encoded = 0  # chunks, by content: how often the encoder ran
        self._embeddings: OrderedDict[tuple[str, int], NDArray[np.float32]] = OrderedDict()

    def _kept_bytes(self) -> int:
        return sum(array.nbytes for array in self._embeddings.values())

    def units(self, png: bytes) -> list[Unit]:
        """An image as the tokens and embedding chunks that stand for it."""
        sha256 = hashlib.sha256(png).hexdigest()
        if sha256 not in self._units:
            self._units[sha256] = self._chunks(png, sha256)
            if len(self._units) > UNITS:
                self._units.popitem(last=False)
        self._units.move_to_end(sha256)
        return self._units[sha256]

    def shrunk(self, pictures: Sequence[Sequence[bytes]]) -> int:
        """How many of these pictures were made smaller."""
        seen = {hashlib.sha256(png).hexdigest() for each in pictures for png in each}
        return len(seen & self._shrunk)

    def _chunks(self, png: bytes, sha256: str) -> list[Unit]:
        """The chunks of a picture, made smaller while it takes more than its share. Encoders of a
        fixed size, or of a few tiles, take the same whatever the size: those are left alone."""
        pixels = _pixels(png)
        units = self._tokenized(pixels, sha256)
        for _ in range(SHRINKS):
            size = _cells(units)
            if size <= self._share:
                break
            smaller = _scaled(pixels, 0.97 * (self._share / size) ** 0.5)
            fewer = self._tokenized(smaller, sha256)
            if _cells(fewer) >= size:
                break
            pixels, units = smaller, fewer
            self._shrunk.add(sha256)
        return units

    def _tokenized(self, pixels: NDArray[np.uint8], sha256: str) -> list[Unit]:
        height, width = pixels.shape[:2]
        raw = (ctypes.c_uint8 * pixels.size).from_buffer_copy(pixels.tobytes())
        bitmap = mtmd_cpp.mtmd_bitmap_init(width, height, raw)
        chunks = mtmd_cpp.mtmd_input_chunks_init()
        if not bitmap or not chunks:
            raise ImageFailed("out of memory for an image")
        try:
            text = mtmd_cpp.mtmd_input_text(self._marker, len(self._marker), False, True)
            bitmaps = (mtmd_cpp.mtmd_bitmap_p_ctypes * 1)(bitmap)
            code = mtmd_cpp.mtmd_tokenize(self._context, chunks, ctypes.byref(text), bitmaps, 1)
            if code != 0:
                raise ImageFailed(f"the projector refuses an image of {width}×{height} px ({code})")
            count = mtmd_cpp.mtmd_input_chunks_size(chunks)
            found = [mtmd_cpp.mtmd_input_chunks_get(chunks, n) for n in range(count)]
            return [unit for n, chunk in enumerate(found) for unit in _units_of(chunk, sha256, n)]
        finally:
            mtmd_cpp.mtmd_input_chunks_free(chunks)
            mtmd_cpp.mtmd_bitmap_free(bitmap)

    def evaluate(self, context: Any, unit: ImageUnit, position: int, batch: int) -> int:
        """Decode a chunk into the context at `position`; returns the position after it."""
        embeddings = self._encoded(unit)
        after = llama_cpp.llama_pos(0)
        code = mtmd_cpp.mtmd_helper_decode_image_chunk(
            self._context,
            context,
            unit.chunk.pointer,
            embeddings.ctypes.data_as(ctypes.POINTER(ctypes.c_float)),
            llama_cpp.llama_pos(position),
            llama_cpp.llama_seq_id(0),
            batch,
            ctypes.byref(after),
            mtmd_cpp.mtmd_helper_post_decode_callback(),
            None,
        )
        if code != 0:
            raise ImageFailed(f"an image cannot be decoded into the context ({code})")
        return int(after.value)

    def _encoded(self, unit: ImageUnit) -> NDArray[np.float32]:
        key = (unit.sha256, unit.index)
        if key not in self._embeddings:
            code = mtmd_cpp.mtmd_encode_chunk(self._context, unit.chunk.pointer)
            output = mtmd_cpp.mtmd_get_output_embd(self._context)
            if code != 0 or not output:
                raise ImageFailed(f"an image cannot be encoded ({code})")
            size = unit.n_tokens * llama_cpp.llama_model_n_embd_inp(self._model)
            self._embeddings[key] = np.ctypeslib.as_array(output, (size,)).copy()
            self.encoded += 1
            while len(self._embeddings) > 1 and self._kept_bytes() > KEPT:
                self._embeddings.popitem(last=False)
        self._embeddings.move_to_end(key)
        return self._embeddings[key]


def _units_of(chunk: Any, sha256: str, index: int) -> list[Unit]:
    if mtmd_cpp.mtmd_input_chunk_get_type(chunk) == mtmd_cpp.MTMD_INPUT_CHUNK_TYPE_TEXT:
        count = ctypes.c_size_t(0)
        tokens = mtmd_cpp.mtmd_input_chunk_get_tokens_text(chunk, ctypes.byref(count))
        return [int(tokens[n]) for n in range(count.value)] if tokens else []
    return [
        ImageUnit(
            sha256,
            index,
            int(mtmd_cpp.mtmd_input_chunk_get_n_pos(chunk)),
            int(mtmd_cpp.mtmd_input_chunk_get_n_tokens(chunk)),
            Chunk(chunk),
        )
    ]


def _cells(units: Sequence[Unit]) -> int:
    return sum(unit.n_tokens for unit in units if not isinstance(unit, int))


def _scaled(pixels: NDArray[np.uint8], factor: float) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS))


def _pixels(png: bytes) -> NDArray[np.uint8]:
    """Rows of RGB. Only PNG, and of bounded size: the bytes come out of a jail."""
    try:
        with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
            if image.width * image.height > PIXELS:
                raise ImageFailed(f"an image of {image.width}×{image.height} px is too large")
            return np.asarray(image.convert("RGB"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ImageFailed(f"an image cannot be read: {error}") from error
