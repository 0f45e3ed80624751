"""Pick tokens under a grammar: greedy, or by Gumbel noise at a temperature.

The most likely token is tried alone first, then the best hundred, then all: a grammar over a large
vocabulary is dear, and mostly the first choice is allowed. With the noise drawn before, the result
is an exact sample of the constrained distribution. Runs in the model's child process.
"""

from __future__ import annotations

import ctypes
from typing import Any

import llama_cpp
import numpy as np
from numpy.typing import NDArray

WIDTHS = (1, 128)
_DATA = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])


class BadGrammar(Exception):
    """llama.cpp refuses the grammar."""


class NothingFits(Exception):
    """No token is allowed: the grammar is at its end and the model has no end-of-turn token."""


class Sampler:
    """One reply's sampler. Call `close` when done."""

    def __init__(self, vocab: Any, grammar: str | None, temperature: float, seed: int) -> None:
        self._grammar: Any = None
        if grammar is not None:
            # NULL for a bad one; using a bad grammar in any other way is a segmentation fault.
            self._grammar = llama_cpp.llama_sampler_init_grammar(vocab, grammar.encode(), b"root")
            if not self._grammar:
                raise BadGrammar("llama.cpp refuses the grammar of the profile")
        self._temperature = temperature
        self._noise = np.random.default_rng(seed)

    def close(self) -> None:
        """Free the grammar."""
        if self._grammar:
            llama_cpp.llama_sampler_free(self._grammar)
            self._grammar = None

    def pick(self, logits: NDArray[np.float32]) -> tuple[int, float]:
        """A token and its log-probability in the unconstrained distribution."""
        scores = logits
        if self._temperature > 0:
            gumbel = self._noise.gumbel(size=logits.shape).astype(np.float32)
            scores = logits / np.float32(self._temperature) + gumbel
        token = self._best(scores)
        top = float(logits.max())
        total = float(np.log(np.exp(logits - top, dtype=np.float32).sum(dtype=np.float64)))
        return token, float(logits[token]) - top - total

    def accept(self, token: int) -> None:
        """Advance the grammar."""
        if self._grammar:
            llama_cpp.llama_sampler_accept(self._grammar, token)

    def _best(self, scores: NDArray[np.float32]) -> int:
        if not self._grammar:
            return int(np.argmax(scores))
        for width in (*WIDTHS, len(scores)):
            if width >= len(scores):
                tried = np.arange(len(scores), dtype=np.int32)
            elif width == 1:
                tried = np.array([np.argmax(scores)], np.int32)
            else:
                tried = np.argpartition(scores, -width)[-width:].astype(np.int32)
            left = self._allowed(tried, scores)
            if left is not None:
                return left
        raise NothingFits("no token fits the grammar")

    def _allowed(self, tried: NDArray[np.int32], scores: NDArray[np.float32]) -> int | None:
        """The best of the tried tokens that the grammar allows."""
        data = np.zeros(len(tried), _DATA)
        data["id"], data["logit"] = tried, scores[tried]
        array = llama_cpp.llama_token_data_array(
            data=data.ctypes.data_as(ctypes.POINTER(llama_cpp.llama_token_data)),
            size=len(tried),
            selected=-1,
            sorted=False,
        )
        llama_cpp.llama_sampler_apply(self._grammar, ctypes.byref(array))
        best = int(np.argmax(data["logit"]))
        return int(data["id"][best]) if np.isfinite(data["logit"][best]) else None
