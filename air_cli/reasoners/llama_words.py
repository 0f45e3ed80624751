"""A model's vocabulary and chat template: conversations as tokens and images.

Runs in the model's child process.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

import llama_cpp

from air_cli.reasoners.llama_images import Eyes, Unit
from air_cli.reasoners.llama_prompt import CHATML, PLAIN, Said, pieces


class NoTokens(Exception):
    """The text cannot be tokenized."""


class Words:
    """The vocabulary of a model and the template of its turns."""

    def __init__(self, model: Any) -> None:
        self.vocab: Any = llama_cpp.llama_model_get_vocab(model)
        self.size = llama_cpp.llama_vocab_n_tokens(self.vocab)
        self._template = self._chat_template(model)

    @property
    def own_template(self) -> bool:
        """Whether the template is the model's."""
        return self._template not in (CHATML, PLAIN)

    def _chat_template(self, model: Any) -> str:
        found = llama_cpp.llama_model_chat_template(model, None)
        if found:
            return bytes(found).decode("utf-8", "replace")
        return CHATML if len(self._tokenize("<|im_start|>", special=True)) == 1 else PLAIN

    def units(self, messages: Sequence[Said], eyes: Eyes | None) -> list[Unit]:
        """The prompt of a conversation."""
        bos, eos = (llama_cpp.llama_vocab_bos(self.vocab), llama_cpp.llama_vocab_eos(self.vocab))
        parts = pieces(self._template, messages, self._text(bos), self._text(eos))
        units: list[Unit] = []
        for part in parts:
            if part.image:
                units += eyes.units(part.image) if eyes else []
            else:
                units += self._tokenize(part.text, special=part.special)
        if llama_cpp.llama_vocab_get_add_bos(self.vocab) and units[:1] != [bos]:
            units.insert(0, bos)
        return units

    def _tokenize(self, text: str, *, special: bool) -> list[int]:
        raw = text.encode("utf-8", "replace")
        room = len(raw) + 8
        buffer = (llama_cpp.llama_token * room)()
        count = llama_cpp.llama_tokenize(self.vocab, raw, len(raw), buffer, room, False, special)
        if count < 0:
            raise NoTokens("the text cannot be tokenized")
        return list(buffer[:count])

    def piece(self, token: int, *, special: bool = False) -> bytes:
        """The bytes of a token."""
        buffer = ctypes.create_string_buffer(256)
        size = llama_cpp.llama_token_to_piece(self.vocab, token, buffer, 256, 0, special)
        return buffer.raw[: max(0, size)]

    def _text(self, token: int) -> str:
        return self.piece(token, special=True).decode("utf-8", "replace") if token >= 0 else ""
