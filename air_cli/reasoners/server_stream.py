"""The text of a chat completion, whole or streamed as server-sent events. Pure.

https://html.spec.whatwg.org/multipage/server-sent-events.html, with OpenAI's `data:` objects.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from air_cli.errors import ItemError
from air_cli.reasoners.server_http import Answer
from air_cli.records import Reply

LINE = 2**20
LEAST = -30.0  # of a token's log-probability


class Stream:
    """Puts a streamed completion together; `tell` hears its text as it comes."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._rest = b""
        self._text: list[str] = []
        self._thought: list[str] = []
        self._scores: list[float] = []
        self._tokens = self._pieces = 0
        self._finish: str | None = None
        self._events = False

    @property
    def begun(self) -> bool:
        """Whether any of the text was told."""
        return self._pieces > 0

    def feed(self, data: bytes) -> None:
        """Take what came next. Raises `ItemError` (kind `server`) for what is no event."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LINE:
            raise ItemError("the server's stream is not made of lines", kind="server")
        for line in lines:
            if line.startswith(b"data:"):
                self._events = True
                self._event(line.removeprefix(b"data:").strip())

    def reply(self, answer: Answer, seconds: float) -> Reply:
        """The whole reply. Raises `ItemError` when the stream ended in the middle; a server that
        does not stream has answered with a plain completion."""
        if not self._events:
            return whole(answer, seconds)
        if self._finish is None:
            raise ItemError("the server's stream ended in the middle", kind="server")
        text = _joined("".join(self._thought), "".join(self._text))
        tokens = self._tokens or self._pieces or 1
        return Reply(text, tokens, seconds, _mean(self._scores), self._finish == "length")

    def _event(self, data: bytes) -> None:
        if data == b"[DONE]" or not data:
            return
        try:
            body = json.loads(data)
            if body.get("error"):
                said = f"the server's stream breaks off: {body['error']!s:.300}"
                raise ItemError(said, kind="server")
            usage = body.get("usage")
            self._tokens = int(usage["completion_tokens"]) if usage else self._tokens
            for choice in body.get("choices") or []:
                self._delta(choice.get("delta") or {})
                self._scores += _scores(choice)
                self._finish = choice.get("finish_reason") or self._finish
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            raise ItemError("the server's stream holds what is no event", kind="server") from None

    def _delta(self, delta: Mapping[str, Any]) -> None:
        for piece, kept in ((_thought(delta), self._thought), (delta.get("content"), self._text)):
            if isinstance(piece, str) and piece:
                kept.append(piece)
                self._pieces += 1
                self._tell(piece)


def whole(answer: Answer, seconds: float) -> Reply:
    """The reply out of a plain completion. Raises `ItemError` for any other shape."""
    body = answer.json()
    try:
        choice = body["choices"][0]
        text = choice["message"]["content"]
        usage = body.get("usage") or {}
        tokens = usage.get("completion_tokens", 0)
    except (LookupError, TypeError, AttributeError):
        raise ItemError("the server's answer is no chat completion", kind="server") from None
    if not isinstance(text, str) or type(tokens) is not int:
        raise ItemError("the server's answer has no text", kind="server")
    text = _joined(_thought(choice["message"]), text)
    cut = choice.get("finish_reason") == "length"
    score = _mean(_scores(choice))
    return Reply(text, tokens or max(1, len(text) // 4), seconds, score, cut)


def _thought(message: Mapping[str, Any]) -> str:
    """What a server has taken out of the text as reasoning: llama-server, LM Studio; Ollama and
    later vLLM."""
    found = message.get("reasoning_content") or message.get("reasoning")
    return found if isinstance(found, str) else ""


def _joined(thought: str, text: str) -> str:
    """Text with the thought that a server has taken out of it."""
    return f"<think>{thought}</think>\n{text}" if thought and "<think>" not in text else text


def _scores(choice: Mapping[str, Any]) -> list[float]:
    """The tokens' log-probabilities, from servers that give them: in OpenAI's form for chats, or
    in that of its older completions (llama-cpp-python). A token that was all but impossible may
    come as null or as an absurd number: it counts as very unlikely."""
    found = choice.get("logprobs")
    if not isinstance(found, Mapping):
        return []
    listed = found.get("content")
    scores = (
        [item.get("logprob") for item in listed if isinstance(item, Mapping)]
        if isinstance(listed, list)
        else found.get("token_logprobs")
    )
    if not isinstance(scores, list):
        return []
    return [max(LEAST, float(s)) if isinstance(s, int | float) else LEAST for s in scores]


def _mean(scores: Sequence[float]) -> float | None:
    return min(0.0, sum(scores) / len(scores)) if scores else None
