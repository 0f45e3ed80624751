"""The server reasoner against real HTTP: good answers, and everything a server can do wrong."""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from air_cli.errors import EnvironmentFault, ItemError, UsageError
from air_cli.loop import solve
from air_cli.reasoners.server import Server
from air_cli.records import Message, Want
from tests.loop.script import no_jail, png, task

ANSWER = '<answer>{"value": 15, "evidence": [{"category": "2021"}]}</answer>'
HISTORY = (Message("system", "S"), Message("user", "U", (png(),)))
WANT = Want("direct", "?", grammar='root ::= "a"', max_tokens=50, seconds=5.0, seed=3)
Handle = Callable[["Handler", dict[str, Any]], None]


class Handler(BaseHTTPRequestHandler):
    """Serves what `server.handle` says and remembers the requests."""

    server: TestServer

    def do_GET(self) -> None:
        self.give(200, {"data": [{"id": "tiny"}]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append(body)
        self.server.keys.append(self.headers.get("Authorization", ""))
        self.server.handle(self, body)

    def give(self, status: int, body: object, length: int = 0) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data) + length))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class TestServer(ThreadingHTTPServer):
    """A server on a free port of this machine."""

    __test__ = False
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.handle: Handle = good
        self.seen: list[dict[str, Any]] = []
        self.keys: list[str] = []

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that left early is what some tests are about."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


def completion(text: object, finish: str = "stop", **message: object) -> dict[str, Any]:
    choice = {"message": {"content": text, **message}, "finish_reason": finish}
    return {"choices": [choice], "usage": {"completion_tokens": 7}}


def good(handler: Handler, body: dict[str, Any]) -> None:
    handler.give(200, completion(ANSWER))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[TestServer]:
    monkeypatch.setattr("air_cli.reasoners.server.PAUSE", 0.01)
    with TestServer() as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.02,))
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def test_a_question_is_answered(server: TestServer) -> None:
    reasoner = Server(server.url, key="secret")
    solved = solve(task("What was revenue in 2021?", image=True), reasoner, no_jail, mode="direct")
    assert solved.trace.answer is not None and solved.trace.answer.value == 15
    assert solved.trace.provenance["reasoner"]["model"] == "tiny"
    assert "secret" not in json.dumps(solved.trace.provenance)
    body = server.seen[-1]
    assert body["model"] == "tiny" and "root ::=" in body["grammar"]
    picture, text = body["messages"][1]["content"]
    assert picture["image_url"]["url"].startswith("data:image/png;base64,iVBOR")
    assert "What was revenue" in text["text"]
    assert set(server.keys) == {"Bearer secret"}


def test_a_server_without_eyes_gets_no_images(server: TestServer) -> None:
    def blind(handler: Handler, body: dict[str, Any]) -> None:
        listed = [m for m in body["messages"] if isinstance(m["content"], list)]
        handler.give(400 if listed else 200, completion(ANSWER))

    server.handle = blind
    reasoner = Server(server.url)
    assert not reasoner.sees
    assert reasoner.open(task("?")).reply(HISTORY, WANT).text == ANSWER


def test_a_server_without_grammars_is_asked_without(server: TestServer) -> None:
    def strict(handler: Handler, body: dict[str, Any]) -> None:
        known = "grammar" not in body
        handler.give(200 if known else 400, completion(ANSWER) if known else {"error": "grammar?"})

    server.handle = strict
    reasoner = Server(server.url, "m")
    for _ in range(2):
        assert reasoner.open(task("?")).reply(HISTORY, WANT).text == ANSWER
    assert len(server.seen) == 3 and reasoner.facts["grammar"] is False


def test_limits_and_thoughts_are_passed_on(server: TestServer) -> None:
    server.handle = lambda h, b: h.give(200, completion("<code>x", "length", reasoning_content="t"))
    given = Server(server.url, "m").open(task("?")).reply(HISTORY, WANT)
    assert given.cut and given.tokens == 7 and given.text == "<think>t</think>\n<code>x"
    assert (server.seen[0]["max_tokens"], server.seen[0]["seed"]) == (50, 3)


OPENAI = {"content": [{"token": "a", "logprob": -0.5}, {"token": "b", "logprob": -1.5}]}
OLDER = {"tokens": ["a", "b"], "token_logprobs": [-0.5, -1.5]}


@pytest.mark.parametrize(
    ("given", "mean"),
    [
        (OPENAI, -1.0),
        (OLDER, -1.0),
        ({"content": [{"logprob": None}, {"logprob": -9999.0}, {"logprob": float("nan")}]}, -30.0),
        ({"content": [{"logprob": float("inf")}]}, 0.0),
        (None, None),
        ({"content": None}, None),
        ("none", None),
    ],
)
def test_log_probabilities_of_either_form(
    server: TestServer, given: object, mean: float | None
) -> None:
    body = completion(ANSWER)
    body["choices"][0]["logprobs"] = given
    server.handle = lambda h, b: h.give(200, body)
    assert Server(server.url, "m").open(task("?")).reply(HISTORY, WANT).logprob == mean
    assert server.seen[0]["logprobs"] is True and server.seen[0]["top_logprobs"] == 1


def test_an_unsure_server_is_believed_less(server: TestServer) -> None:
    """The confidence weighs what the server says of its tokens."""
    sure = {}
    for score in (-0.1, -3.0):
        body = completion(ANSWER)
        body["choices"][0]["logprobs"] = {"content": [{"logprob": score}]}
        server.handle = lambda h, b, body=body: h.give(200, body)  # type: ignore[misc]
        solved = solve(task("What was revenue in 2021?"), Server(server.url), no_jail)
        assert solved.trace.answer is not None and solved.trace.steps[0].logprob == score
        sure[score] = solved.trace.answer
    assert sure[-3.0].confidence < sure[-0.1].confidence
    assert "unsure of its words (0.05 a token)" in sure[-3.0].why


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (500, {"error": {"message": "logprobs is not supported for models created with …"}}),
        (400, {"detail": "logprobs: extra inputs are not permitted"}),
        (403, {"message": "You are not allowed to request logprobs from this model"}),
    ],
)
def test_a_server_without_log_probabilities_is_asked_without(
    server: TestServer, status: int, error: dict[str, Any]
) -> None:
    def strict(handler: Handler, body: dict[str, Any]) -> None:
        known = "logprobs" not in body
        handler.give(200 if known else status, completion(ANSWER) if known else error)

    server.handle = strict
    reasoner = Server(server.url, "m")
    for _ in range(2):
        assert reasoner.open(task("?")).reply(HISTORY, WANT).text == ANSWER
    facts = reasoner.facts
    assert len(server.seen) == 3 and (facts["logprobs"], facts["grammar"]) == (False, True)


def test_a_server_that_knows_neither_is_asked_plainly(server: TestServer) -> None:
    def plain(handler: Handler, body: dict[str, Any]) -> None:
        known = not {"grammar", "repeat_penalty", "logprobs", "top_logprobs"} & set(body)
        handler.give(200 if known else 422, completion(ANSWER) if known else {"detail": "extra"})

    server.handle = plain
    assert Server(server.url, "m").open(task("?")).reply(HISTORY, WANT).text == ANSWER
    assert len(server.seen) == 3


def ask(server: TestServer, handle: Handle, seconds: float = 5.0) -> str:
    """The kind of the error that comes of `handle`."""
    server.handle = handle
    want = Want("direct", "?", seconds=seconds)
    with pytest.raises(ItemError) as caught:
        Server(server.url, "m").open(task("?")).reply(HISTORY, want)
    assert "\n" not in str(caught.value) and str(caught.value).startswith(server.url)
    return caught.value.kind


@pytest.mark.parametrize(
    "body",
    [b"", b"nonsense", b"[]", b"{}", {"choices": []}, {"choices": [{"message": None}]},
     completion(None), completion(3), b"[" * 100_000],
)  # fmt: skip
def test_garbage_is_an_item_error(server: TestServer, body: object) -> None:
    assert ask(server, lambda handler, _: handler.give(200, body)) == "server"


def test_errors_that_may_pass_are_retried(server: TestServer) -> None:
    codes = iter([500, 429, 200])
    server.handle = lambda h, b: h.give(next(codes), completion(ANSWER))
    assert Server(server.url, "m").open(task("?")).reply(HISTORY, WANT).text == ANSWER
    assert len(server.seen) == 3
    assert ask(server, lambda h, b: h.give(503, {"error": {"message": "busy"}})) == "server"


def test_half_an_answer_and_a_dropped_connection(server: TestServer) -> None:
    assert ask(server, lambda h, b: h.give(200, b'{"choices": [', 500)) == "server"
    assert ask(server, lambda h, b: h.connection.shutdown(socket.SHUT_RDWR)) == "server"


def test_a_server_that_stalls_or_drips_cannot_outstay_the_time(server: TestServer) -> None:
    def drip(handler: Handler, body: dict[str, Any]) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        for _ in range(40):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.05)

    for stall in (drip, lambda h, b: time.sleep(2)):
        began = time.monotonic()
        assert ask(server, stall, 0.4) == "timeout"
        assert time.monotonic() - began < 1.5


# --- streams --------------------------------------------------------------------------------------


def events(*deltas: dict[str, Any], finish: str | None = "stop", tail: bytes = b"") -> bytes:
    choices: list[dict[str, Any]] = [{"delta": d, "finish_reason": None} for d in deltas]
    choices += [{"delta": {}, "finish_reason": finish}] if finish else []
    lines = [b": comment\n", *(b"data: " + json.dumps({"choices": [c]}).encode() for c in choices)]
    return b"\n\n".join([*lines, tail or b"data: [DONE]\n\n"])


def listened(server: TestServer) -> tuple[str, list[str]]:
    told: list[str] = []
    conversation = Server(server.url, "m").open(task("?"))
    conversation.listen(told.append)
    return conversation.reply(HISTORY, WANT).text, told


def test_a_reply_is_streamed(server: TestServer) -> None:
    def drip(handler: Handler, body: dict[str, Any]) -> None:
        data = events(
            {"role": "assistant"},
            {"reasoning_content": "hm"},
            {"content": "<co"},
            {"content": "dé>"},
        )
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        for start in range(0, len(data), 7):  # within lines and characters
            handler.wfile.write(data[start : start + 7])
            handler.wfile.flush()

    server.handle = drip
    text, told = listened(server)
    assert told == ["hm", "<co", "dé>"] and text == "<think>hm</think>\n<codé>"
    assert server.seen[0]["stream"] is True


def test_another_style_of_stream(server: TestServer) -> None:
    """As vLLM and Ollama stream: CRLF, thoughts as `reasoning`, log-probabilities with the text,
    a last object without choices that counts the tokens."""
    deltas: list[dict[str, Any]] = [
        {"choices": [{"delta": {"role": "assistant", "content": ""}}]},
        {"choices": [{"delta": {"reasoning": "hm"}, "logprobs": None}]},
        {"choices": [{"delta": {"content": "<co"}, "logprobs": {"content": [{"logprob": -1}]}}]},
        {
            "choices": [
                {
                    "delta": {"content": "de>"},
                    "logprobs": {"content": [{"logprob": -2}]},
                    "finish_reason": "stop",
                }
            ]
        },
        {"choices": [], "usage": {"completion_tokens": 9}},
    ]
    lines = [b"data: " + json.dumps(each).encode() for each in deltas]
    data = b"\r\n\r\n".join([b"event: message", *lines, b"data: [DONE]\r\n\r\n"])
    server.handle = lambda handler, _: handler.give(200, data)
    told: list[str] = []
    conversation = Server(server.url, "m").open(task("?"))
    conversation.listen(told.append)
    given = conversation.reply(HISTORY, WANT)
    assert (given.text, told) == ("<think>hm</think>\n<code>", ["hm", "<co", "de>"])
    assert (given.tokens, given.logprob, given.cut) == (9, -1.5, False)


def test_a_server_that_does_not_stream_is_heard_all_the_same(server: TestServer) -> None:
    assert listened(server) == (ANSWER, [])


@pytest.mark.parametrize(
    "data",
    [
        events({"content": "half"}, finish=None, tail=b"\n\n"),
        events({"content": "half"}, finish=None)[:-20],
        events({"content": "x"}, tail=b"data: {nonsense\n\n"),
        events({"content": "x"}, tail=b'data: {"error": {"message": "out of memory"}}\n\n'),
        b"data: [1]\n\n",
        b"x" * 3_000_000,
    ],
)
def test_half_a_stream_is_an_error_and_not_half_an_answer(server: TestServer, data: bytes) -> None:
    server.handle = lambda handler, _: handler.give(200, data)
    with pytest.raises(ItemError) as caught:
        listened(server)
    assert caught.value.kind == "server"
    if b"content" in data:
        assert len(server.seen) == 1, "what was told is not asked for again"


def test_a_stream_that_stalls_cannot_outstay_the_time(server: TestServer) -> None:
    def stall(handler: Handler, body: dict[str, Any]) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        handler.wfile.write(b'data: {"choices": [{"delta": {"content": "a"}}]}\n\n')
        handler.wfile.flush()
        time.sleep(1.5)

    server.handle = stall
    told: list[str] = []
    conversation = Server(server.url, "m").open(task("?"))
    conversation.listen(told.append)
    with pytest.raises(ItemError, match="no answer within"):
        conversation.reply(HISTORY, Want("direct", "?", seconds=0.4))
    assert told == ["a"]


def test_a_full_context_is_told_apart(server: TestServer) -> None:
    error = {"error": {"message": "the request exceeds the available context size"}}
    assert ask(server, lambda h, b: h.give(400, error)) == "context"


@pytest.mark.parametrize(("status", "fix"), [(401, "API_KEY"), (404, "served_model")])
def test_what_can_never_work_is_an_environment_fault(
    server: TestServer, status: int, fix: str
) -> None:
    server.handle = lambda h, b: h.give(status, {"error": {"message": "no"}})
    with pytest.raises(EnvironmentFault, match=fix):
        Server(server.url, "m").open(task("?")).reply(HISTORY, WANT)


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    with pytest.raises(EnvironmentFault, match="cannot be reached"):
        Server(url).open(task("?"))


@pytest.mark.parametrize("url", ["", "ftp://x/v1", "127.0.0.1:80", "http://", "http://far.example"])
def test_addresses(url: str) -> None:
    with pytest.raises(UsageError, match=r"reasoner\.url"):
        Server(url, key="secret")
