"""A GGUF on one live context: append what is new, rewind what changed, generate.

Runs in the model's child process, in one thread. A prompt is a list of units (tokens and image
chunks); what it has in common with the units already in the context is not evaluated again.
"""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import llama_cpp
import numpy as np

from air_cli.reasoners.llama_images import Eyes, ImageUnit, Unit
from air_cli.reasoners.llama_prompt import Said
from air_cli.reasoners.llama_sampler import NothingFits, Sampler
from air_cli.reasoners.llama_words import Words

BATCH = 512
# A reply of fewer tokens would be cut off: then the conversation must be made shorter first.
ROOM = 512
# One picture takes at most this part of the context.
PICTURE = 4


class LoadFailed(Exception):
    """The model cannot be loaded."""


class ContextFull(Exception):
    """The prompt does not fit into the context."""


class Aborted(Exception):
    """The time is over."""


class DecodeFailed(Exception):
    """llama.cpp cannot evaluate."""


@dataclass(frozen=True)
class Generated:
    """What came of a request. `finish`: end, tokens, time, context. `prompt` and `evaluated` count
    tokens, those of images among them; `encoded` the chunks of images that the encoder ran on."""

    text: str
    tokens: int
    logprob: float | None
    finish: str
    prompt: int
    evaluated: int
    seconds: float = 0.0
    encoded: int = 0


class Engine:
    """One model, its projector and its context."""

    def __init__(
        self,
        model: str,
        mmproj: str = "",
        *,
        n_ctx: int = 8192,
        n_gpu_layers: int = 0,
        threads: int = 1,
        image_max_tokens: int = 0,
        alive: Callable[[], bool] = lambda: True,
    ) -> None:
        llama_cpp.llama_backend_init()
        params = llama_cpp.llama_model_default_params()
        params.n_gpu_layers = n_gpu_layers
        self._model = llama_cpp.llama_model_load_from_file(model.encode(), params)
        if not self._model:
            raise LoadFailed(f"{model}: llama.cpp cannot load it")
        self._words = Words(self._model)
        trained = llama_cpp.llama_model_n_ctx_train(self._model)
        self.n_ctx = min(n_ctx, trained) if trained > 0 else n_ctx
        self._deadline, self._alive = float("inf"), alive
        self._context = self._new_context(threads)
        gpu = n_gpu_layers > 0
        self._eyes = (
            Eyes(mmproj, self._model, threads, image_max_tokens, self.n_ctx // PICTURE, use_gpu=gpu)
            if mmproj
            else None
        )
        self._batch = llama_cpp.llama_batch_init(BATCH, 0, 1)
        self._live: list[Unit] = []
        # Under M-RoPE an image takes fewer positions than cells of the cache.
        self._position = self._cells = self._evaluated = 0
        offload = llama_cpp.llama_supports_gpu_offload()
        most = llama_cpp.llama_model_n_layer(self._model) + 1 if offload else 0
        self.gpu_layers = min(n_gpu_layers, most)

    def _new_context(self, threads: int) -> Any:
        params = llama_cpp.llama_context_default_params()
        params.n_ctx, params.n_batch, params.n_ubatch = self.n_ctx, BATCH, BATCH
        params.n_threads = params.n_threads_batch = threads
        # A pruned sliding-window cache could not be rewound.
        params.swa_full, params.no_perf = True, True
        context = llama_cpp.llama_init_from_model(self._model, params)
        if not context:
            raise LoadFailed(f"no context of {self.n_ctx} tokens: not enough memory")
        # Kept as an attribute: llama.cpp holds only a pointer to it.
        self._stop = llama_cpp.ggml_abort_callback(lambda _: self._over())
        llama_cpp.llama_set_abort_callback(context, self._stop, None)
        return context

    def _over(self) -> bool:
        return time.monotonic() > self._deadline or not self._alive()

    @property
    def sees(self) -> bool:
        return self._eyes is not None

    def facts(self) -> dict[str, object]:
        """What the provenance says of the model."""
        buffer = ctypes.create_string_buffer(256)
        llama_cpp.llama_model_desc(self._model, buffer, 256)
        return {
            "model": buffer.value.decode("utf-8", "replace"),
            "parameters": int(llama_cpp.llama_model_n_params(self._model)),
            "n_ctx": self.n_ctx,
            "gpu_layers": self.gpu_layers,
            "layers": int(llama_cpp.llama_model_n_layer(self._model)),
            "llama_cpp_python": llama_cpp.__version__,
            "chat_template": "model" if self._words.own_template else "default",
        }

    def reply(
        self,
        messages: Sequence[Said],
        *,
        grammar: str | None,
        max_tokens: int,
        seconds: float,
        temperature: float = 0.0,
        seed: int = 0,
        tell: Callable[[bytes], None] = lambda piece: None,
    ) -> Generated:
        """Evaluate what is new of the conversation and generate the next message; `tell` hears it
        token by token."""
        began = time.monotonic()
        self._deadline = began + seconds
        units = self._units(messages, max_tokens)
        sampler = Sampler(self._words.vocab, grammar, temperature, seed)
        prompt, before = cells(units), self._eyes.encoded if self._eyes else 0
        self._evaluated = 0
        text, tokens, logprob, finish = "", 0, None, "time"
        try:
            self._feed(units)
            prompted = self._evaluated
            text, tokens, logprob, finish = self._generate(sampler, max_tokens, tell)
        except Aborted:
            self._trim()
            prompted = self._evaluated
        except BaseException:
            self._forget()
            raise
        finally:
            sampler.close()
            self._deadline = float("inf")
        took = round(time.monotonic() - began, 4)
        encoded = (self._eyes.encoded if self._eyes else 0) - before
        return Generated(text, tokens, logprob, finish, prompt, prompted, took, encoded)

    # --- prompt -------------------------------------------------------------------------------

    def measure(self, messages: Sequence[Said]) -> dict[str, int]:
        """The fields of `records.Size` for a conversation; nothing is evaluated for it."""
        units = self._words.units(messages, self._eyes)
        seen = [unit for unit in units if not isinstance(unit, int)]
        return {
            "prompt": cells(units),
            "limit": self.n_ctx,
            "least": self._least(ROOM),
            "pictures": cells(seen),
            "positions": positions(units),
            "shrunk": self._eyes.shrunk([m.images for m in messages]) if self._eyes else 0,
        }

    def _least(self, max_tokens: int) -> int:
        return min(max_tokens, ROOM, self.n_ctx // 8)

    def _units(self, messages: Sequence[Said], max_tokens: int) -> list[Unit]:
        """The prompt, when it leaves room for the reply. Raises `ContextFull`."""
        units = self._words.units(messages, self._eyes)
        size, room = cells(units), self._least(max_tokens)
        if size + room > self.n_ctx:
            raise ContextFull(
                f"the conversation has {size} tokens and the reply needs {room}; the context holds"
                f" {self.n_ctx} (raise reasoner.n_ctx)"
            )
        return units

    # --- context ------------------------------------------------------------------------------

    def _feed(self, units: list[Unit]) -> None:
        """Make the context hold `units`, evaluating what is not in it yet."""
        same = 0
        for old, new in zip(self._live, units[:-1], strict=False):
            if old != new:
                break
            same += 1
        self._rewind(same)
        pending = list[int]()
        for unit in units[len(self._live) :]:
            if isinstance(unit, int):
                pending.append(unit)
                continue
            self._decode(pending)
            self._decode_image(unit)
            pending = []
        self._decode(pending)

    def _rewind(self, keep: int) -> None:
        if keep == len(self._live):
            return
        self._live = self._live[:keep]
        self._position = positions(self._live)
        self._cells = cells(self._live)
        self._trim()

    def _trim(self) -> None:
        """Take out of the context what is not in `_live`: an aborted batch stays in part."""
        memory = llama_cpp.llama_get_memory(self._context)
        if not llama_cpp.llama_memory_seq_rm(memory, 0, self._position, -1):
            self._forget()  # a recurrent model cannot go back

    def _forget(self) -> None:
        llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(self._context), True)
        self._live, self._position, self._cells = [], 0, 0

    def _decode(self, tokens: Sequence[int]) -> None:
        """Append tokens; logits are kept for the last."""
        for start in range(0, len(tokens), BATCH):
            part = tokens[start : start + BATCH]
            batch = self._batch
            batch.n_tokens = len(part)
            for n, token in enumerate(part):
                batch.token[n], batch.pos[n] = token, self._position + n
                batch.n_seq_id[n], batch.seq_id[n][0] = 1, 0
                batch.logits[n] = n == len(part) - 1
            self._check(llama_cpp.llama_decode(self._context, batch))
            self._live += part
            self._position += len(part)
            self._cells += len(part)
            self._evaluated += len(part)

    def _decode_image(self, unit: ImageUnit) -> None:
        if self._over():
            raise Aborted
        assert self._eyes is not None
        after = self._eyes.evaluate(self._context, unit, self._position, BATCH)
        self._live.append(unit)
        self._position += unit.n_pos
        self._cells += unit.n_tokens
        self._evaluated += unit.n_tokens
        if after != self._position:
            raise DecodeFailed(f"an image ends at position {after}, not {self._position}")

    def _check(self, code: int) -> None:
        if self._over() or code == 2:
            raise Aborted
        if code == 1:
            raise ContextFull("the context is full (raise reasoner.n_ctx)")
        if code != 0:
            raise DecodeFailed(f"llama.cpp cannot evaluate ({code})")

    # --- generation ---------------------------------------------------------------------------

    def _generate(
        self, sampler: Sampler, max_tokens: int, tell: Callable[[bytes], None]
    ) -> tuple[str, int, float | None, str]:
        out, scores, finish = bytearray(), list[float](), "tokens"
        words, size = self._words, self._words.size
        try:
            while len(scores) < max_tokens:
                logits = llama_cpp.llama_get_logits_ith(self._context, -1)
                token, score = sampler.pick(np.ctypeslib.as_array(logits, (size,)))
                if llama_cpp.llama_vocab_is_eog(words.vocab, token):
                    finish = "end"
                    break
                sampler.accept(token)
                scores.append(score)
                piece = words.piece(token)
                out += piece
                tell(piece)
                if self._cells + 1 >= self.n_ctx:
                    finish = "context"
                    break
                self._decode([token])
        except NothingFits:
            finish = "end"
        except Aborted:
            self._trim()
            finish = "time"
        mean = sum(scores) / len(scores) if scores else None
        return out.decode("utf-8", "replace"), len(scores), mean, finish


def cells(units: Sequence[Unit]) -> int:
    """Cells of the cache that a prompt takes: one a token, those of images among them."""
    return sum(1 if isinstance(unit, int) else unit.n_tokens for unit in units)


def positions(units: Sequence[Unit]) -> int:
    """Positions that a prompt takes: under M-RoPE an image takes fewer than cells."""
    return sum(1 if isinstance(unit, int) else unit.n_pos for unit in units)


def default_threads() -> int:
    """The processors that this process may use."""
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1)
