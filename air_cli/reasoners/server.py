"""A reasoner behind an OpenAI-compatible endpoint: llama-server, vLLM, Ollama, LM Studio …

Plain requests over the standard library, no redirects, no proxies. What a server does wrong is an
`ItemError` for one question after the retries that are worth it; an address that nobody answers,
a refused key or an unknown model is an `EnvironmentFault`.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from air_cli.errors import EnvironmentFault, ItemError, UsageError
from air_cli.reasoners.server_http import Answer, Endpoint, ServerTimeout, Unreachable
from air_cli.reasoners.server_stream import Stream, whole
from air_cli.records import Message, Reply, Task, Want

if TYPE_CHECKING:
    from air_cli.reasoners import Settings

RETRIES = 2
PAUSE = 0.5
PROBE_SECONDS = 60.0
LOCAL = ("localhost", "127.0.0.1", "::1")
# A white pixel, to learn whether images are taken.
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg=="
)


class Server:
    """An endpoint and the model it serves."""

    name = "server"
    varies = True

    def __init__(self, url: str, model: str = "", key: str = "", seconds: float = 120.0) -> None:
        """Contacts nobody yet. Raises `UsageError` for an address that cannot be one, or that
        would carry the key unencrypted over a network."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError(f"reasoner.url: {url!r} is not an http:// or https:// address")
        if key and parts.scheme == "http" and parts.hostname not in LOCAL:
            raise UsageError(f"reasoner.url: {url} would send the API key unencrypted: use https")
        self._endpoint = Endpoint(url, key)
        self._url, self._model, self._seconds = url, model, seconds
        self._sees: bool | None = None
        # What some servers refuse, and are asked without from then on.
        self._grammar = self._scores = True

    @property
    def sees(self) -> bool:
        """Whether the server takes images; asked once, with an image of one pixel.

        Raises `EnvironmentFault` when the server cannot be used at all.
        """
        if self._sees is None:
            self._name_model()
            body = self._body([Message("user", "?", (PIXEL,))], Want("code", "", max_tokens=1))
            self._sees = self._post(body, PROBE_SECONDS).status == 200
        return self._sees

    @property
    def facts(self) -> Mapping[str, object]:
        asked = {"grammar": self._grammar, "logprobs": self._scores}
        return {"url": self._url, "model": self._model, **asked}

    def open(self, task: Task) -> ServerConversation:
        """A conversation; the server keeps nothing of it."""
        self._name_model()
        return ServerConversation(self)

    def close(self) -> None:
        """Nothing to close."""

    def _name_model(self) -> None:
        """Ask for the served model's name, unless the configuration has it."""
        if self._model:
            return
        answer = self._send("GET", "/models", None, PROBE_SECONDS)
        listed = answer.json().get("data") if answer.status == 200 else None
        names = [item.get("id") for item in listed or [] if isinstance(item, dict)]
        self._model = next((name for name in names if isinstance(name, str)), "default")

    def ask(
        self, history: Sequence[Message], want: Want, on_piece: Callable[[str], None] | None = None
    ) -> Reply:
        """One reply; `on_piece` hears it while it is written. Raises `ItemError` (kinds server,
        timeout, context), `EnvironmentFault`; both name the server."""
        try:
            return self._asked(history, want, on_piece)
        except ItemError as error:
            if str(error).startswith(self._url):
                raise
            raise ItemError(f"{self._url}: {error}", kind=error.kind) from error

    def _asked(
        self, history: Sequence[Message], want: Want, on_piece: Callable[[str], None] | None
    ) -> Reply:
        began = time.monotonic()
        seconds = min(want.seconds, self._seconds)
        stream = Stream(on_piece) if on_piece is not None else None
        answer = self._post(self._body(history, want, stream is not None), seconds, stream)
        while self._yields_to(answer):
            answer = self._post(self._body(history, want, stream is not None), seconds, stream)
        self._check(answer)
        took = round(time.monotonic() - began, 4)
        return whole(answer, took) if stream is None else stream.reply(answer, took)

    def _yields_to(self, answer: Answer) -> bool:
        """Whether a refusal may be of something that can be done without; it is not asked for
        again. Without a grammar the parser alone judges."""
        if _refuses_scores(answer) and self._scores:
            self._scores = False
        elif answer.status not in (400, 422) or _kind(answer) == "context":
            return False
        elif self._grammar:
            self._grammar = False
        elif self._scores:
            self._scores = False
        else:
            return False
        return True

    def _body(self, history: Sequence[Message], want: Want, stream: bool = False) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._model,
            "messages": [_message(message, self._sees is not False) for message in history],
            "max_tokens": want.max_tokens,
            "temperature": want.temperature,
            "seed": want.seed,
            "stream": stream,
        }
        if self._scores:
            body |= {"logprobs": True, "top_logprobs": 1}
        if self._grammar:
            # Some servers punish repetition by default, which code does not survive.
            body["repeat_penalty"] = 1.0
        if want.grammar and self._grammar:
            body["grammar"] = want.grammar
        elif want.stop:
            body["stop"] = list(want.stop)
        return body

    def _post(self, body: dict[str, Any], seconds: float, stream: Stream | None = None) -> Answer:
        return self._send("POST", "/chat/completions", body, seconds, stream)

    def _send(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None,
        seconds: float,
        stream: Stream | None = None,
    ) -> Answer:
        """Send, and again after what may pass: a dropped connection, 429, 5xx. Of a stream that
        has begun nothing is asked for again: it was told already."""
        deadline = time.monotonic() + seconds
        for attempt in range(RETRIES + 1):
            last = attempt == RETRIES
            try:
                feed = stream.feed if stream is not None else None
                answer = self._endpoint.request(method, path, body, deadline, feed)
            except ServerTimeout:
                message = f"{self._url}: no answer within {seconds:.0f} s"
                raise ItemError(message, kind="timeout") from None
            except Unreachable as error:
                fix = "start the server or correct reasoner.url"
                raise EnvironmentFault(
                    f"{self._url}: cannot be reached: {error}", fix=fix
                ) from None
            except ItemError:
                if last or (stream is not None and stream.begun):
                    raise
            else:
                passing = answer.status == 429 or answer.status >= 500
                if last or not passing or _refuses_scores(answer):
                    return answer
            time.sleep(min(PAUSE * (attempt + 1), max(0.0, deadline - time.monotonic())))
        raise AssertionError("the last attempt returns or raises")

    def _check(self, answer: Answer) -> None:
        """Raises unless the answer is a good one."""
        if answer.status == 200:
            return
        said = f"{self._url}: the server says {answer.status}: {answer.said()}"
        if answer.status in (401, 403):
            raise EnvironmentFault(said, fix="set AIR_REASONER_API_KEY")
        if answer.status == 404:
            raise EnvironmentFault(said, fix="correct reasoner.url or reasoner.served_model")
        raise ItemError(said, kind=_kind(answer))


class ServerConversation:
    """One question's exchange with the server."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._on_piece: Callable[[str], None] | None = None

    def listen(self, on_piece: Callable[[str], None]) -> None:
        """Let `on_piece` hear replies while they are written."""
        self._on_piece = on_piece

    def reply(self, history: Sequence[Message], want: Want) -> Reply:
        """The model's next message; the whole history is sent each time."""
        return self._server.ask(history, want, self._on_piece)


def _message(message: Message, sees: bool) -> dict[str, Any]:
    if not message.images or not sees:
        return {"role": message.role, "content": message.text}
    urls = [f"data:image/png;base64,{base64.b64encode(i).decode()}" for i in message.images]
    parts: list[dict[str, Any]] = [{"type": "image_url", "image_url": {"url": u}} for u in urls]
    return {"role": message.role, "content": [*parts, {"type": "text", "text": message.text}]}


def _refuses_scores(answer: Answer) -> bool:
    """Whether log-probabilities are what it will not give; llama-cpp-python says so with a 500."""
    return answer.status >= 400 and "logprob" in answer.said().lower()


def _kind(answer: Answer) -> str:
    """The kind of error of a refusal."""
    return "context" if "context" in answer.said().lower() else "server"


def make(settings: Settings) -> Server:
    """The reasoner of the configuration. Raises `UsageError` without an address."""
    if not settings.url:
        raise UsageError(
            "reasoner.url: set the address of the server, such as http://127.0.0.1:8080/v1"
        )
    return Server(settings.url, settings.served_model, settings.api_key, settings.seconds)
