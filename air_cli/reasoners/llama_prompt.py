"""Apply a model's chat template so that no message can forge a turn.

The template (untrusted text out of a GGUF) runs in jinja's immutable sandbox over placeholders in
place of the messages. What it wrote itself may hold special tokens; what the messages hold is
tokenized as plain text. Runs in the model's child process.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

CHATML = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
PLAIN = (
    "{% for m in messages %}{{ m['role'] + ':\n' + m['content'] + '\n\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ 'assistant:\n' }}{% endif %}"
)


# What a template can raise: its own complaints, the sandbox's, and those of the data it meets.
FAILURES = (
    *(TemplateError, TypeError, ValueError, LookupError, AttributeError),
    *(ArithmeticError, RecursionError, MemoryError),
)


class TemplateFailed(Exception):
    """The model's chat template cannot take this conversation."""


@dataclass(frozen=True)
class Said:
    """One message: its role, text and PNG images."""

    role: str
    text: str
    images: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Piece:
    """A stretch of the prompt: `image`, or text whose special tokens count only if `special`."""

    text: str = ""
    special: bool = False
    image: bytes = field(default=b"", repr=False)


def pieces(template: str, messages: Sequence[Said], bos: str = "", eos: str = "") -> list[Piece]:
    """The prompt of a conversation, ready to be tokenized piece by piece.

    Raises `TemplateFailed` when the template fails, or leaves a message out even after the system
    message was merged into the first of the user.
    """
    failure = ""
    for said in (list(messages), _merged(messages)):
        for as_parts in (False, True):
            nonce = secrets.token_hex(8)
            marks = [f"air{nonce}n{n}end" for n in range(len(said))]
            try:
                text = _render(template, _listed(said, marks, as_parts), bos, eos)
            except FAILURES as error:
                failure = f"the model's chat template fails: {' '.join(str(error).split())}"
                continue
            if re.findall(f"air{nonce}n[0-9]+end", text) == marks:
                return _split(text, nonce, said)
            failure = failure or "the model's chat template leaves messages out"
    raise TemplateFailed(failure)


def _listed(messages: Sequence[Said], marks: Sequence[str], as_parts: bool) -> list[dict[str, Any]]:
    """The messages as templates expect them: content as text, or as a list of typed parts."""
    return [
        {
            "role": message.role,
            "content": [{"type": "text", "text": mark}] if as_parts else mark,
        }
        for message, mark in zip(messages, marks, strict=True)
    ]


def _render(template: str, listed: list[dict[str, Any]], bos: str, eos: str) -> str:
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
    )
    environment.globals["raise_exception"] = _raise
    environment.globals["strftime_now"] = lambda form: "2025-01-01"  # the same every day
    text: str = environment.from_string(template).render(
        messages=listed, add_generation_prompt=True, bos_token=bos, eos_token=eos
    )
    # The grammar opens the thought itself.
    return re.sub(r"<think>\s*\Z", "", text)


def _raise(message: str) -> None:
    raise ValueError(message)


def _merged(messages: Sequence[Said]) -> list[Said]:
    """The system message moved into the first one of the user, for templates without a system."""
    if len(messages) < 2 or messages[0].role != "system":
        return list(messages)
    first = messages[1]
    text = f"{messages[0].text}\n\n{first.text}"
    return [Said(first.role, text, messages[0].images + first.images), *messages[2:]]


def _split(text: str, nonce: str, messages: Sequence[Said]) -> list[Piece]:
    """The rendered text with each placeholder replaced by its message: images, then text."""
    out: list[Piece] = []
    for n, part in enumerate(re.split(f"air{nonce}n[0-9]+end", text)):
        if part:
            out.append(Piece(part, special=True))
        if n < len(messages):
            out += [Piece(image=image) for image in messages[n].images]
            out.append(Piece(messages[n].text))
    return out
