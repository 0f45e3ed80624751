"""The model's child process: `python -m air_cli.reasoners.llama_child`, frames of `wire.py`.

Requests and responses on the original stdin and stdout; file descriptor 1 is pointed at stderr
first, because C libraries print. A native crash ends this process alone.
"""

from __future__ import annotations

import codecs
import ctypes
import os
import re
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from air_cli import wire

if TYPE_CHECKING:
    from air_cli.reasoners.llama_prompt import Said

# Errors that llama.cpp, ggml and mtmd logged: the real reason of a failure.
LOG: deque[str] = deque(maxlen=200)
ERROR = 4  # of ggml's levels
EVERY = 0.1
Send = Callable[[dict[str, Any]], None]
_KEEP: list[Any] = []


def main() -> None:
    """Serve requests until the host closes the stream."""
    stdin, stdout = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    parent = os.getppid()
    server = Server(lambda: os.getppid() == parent, lambda body: wire.send(stdout, body))
    while True:
        try:
            frame = wire.receive(stdin)
        except wire.Closed:
            return
        answer(stdout, server, frame)


def answer(stdout: BinaryIO, server: Server, frame: wire.Frame) -> None:
    """Serve one request; every failure is a response. This is the process's error boundary."""
    try:
        body = server.serve(frame)
    except Exception as error:  # noqa: BLE001 - reported to the host
        kind = KINDS.get(type(error).__name__, "failed")
        body = {"ok": False, "error": {"kind": kind, "message": reason(str(error))}}
    wire.send(stdout, body)


KINDS = {
    "LoadFailed": "model",
    "ImageFailed": "image",
    "ContextFull": "context",
    "BadGrammar": "grammar",
    "TemplateFailed": "template",
}


def reason(message: str) -> str:
    """A failure with the first error that the libraries logged: the later ones follow from it."""
    said = next((re.sub(r"^\w+: (error( loading model)?: )?", "", line) for line in LOG), "")
    return f"{message}: {said}" if said and said not in message else message


class Pieces:
    """Tells the host of a reply while it is written: whole characters, ten times a second."""

    def __init__(self, send: Send) -> None:
        self._send, self._held, self._sent = send, "", time.monotonic()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def __call__(self, piece: bytes) -> None:
        self._held += self._decoder.decode(piece)
        if time.monotonic() - self._sent >= EVERY:
            self.flush()

    def flush(self) -> None:
        """Send what is held back."""
        if self._held:
            self._send({"piece": self._held})
        self._held, self._sent = "", time.monotonic()


class Server:
    """Serves `load`, `measure` and `reply`; with `stream` a reply is sent in pieces too, ahead of
    it."""

    def __init__(self, alive: Callable[[], bool], send: Send) -> None:
        self._alive, self._send = alive, send
        self._engine: Any = None

    def serve(self, frame: wire.Frame) -> dict[str, Any]:
        """The response to a request."""
        LOG.clear()
        if frame.body.get("op") == "load":
            return self._load(frame.body)
        if frame.body.get("op") == "reply" and self._engine is not None:
            return self._reply(frame)
        if frame.body.get("op") == "measure" and self._engine is not None:
            return {"ok": True, **self._engine.measure(said(frame))}
        raise ValueError(f"no such request: {frame.body.get('op')!r}")

    def _load(self, body: dict[str, Any]) -> dict[str, Any]:
        import llama_cpp

        listen(llama_cpp)
        from air_cli.reasoners.llama_engine import Engine, LoadFailed, default_threads

        offload = bool(llama_cpp.llama_supports_gpu_offload())
        tried, notes = plan_layers(body, offload)
        for layers in tried:
            try:
                if said := cache_fault(body, layers):
                    raise LoadFailed(f"{body['model']}: {said}")
                self._engine = Engine(
                    body["model"],
                    body["mmproj"],
                    n_ctx=body["n_ctx"],
                    n_gpu_layers=layers,
                    threads=body["n_threads"] or default_threads(),
                    image_max_tokens=body["image_max_tokens"],
                    alive=self._alive,
                )
                break
            except LoadFailed as error:
                if layers == tried[-1]:
                    raise
                notes.append(f"{layers} layers were too many: {reason(str(error))}")
        facts = {**self._engine.facts(), "gpu_offload": offload, "notes": notes}
        return {"ok": True, "facts": facts, "sees": self._engine.sees}

    def _reply(self, frame: wire.Frame) -> dict[str, Any]:
        body = frame.body
        pieces = Pieces(self._send)
        done = self._engine.reply(
            said(frame),
            grammar=body["grammar"],
            max_tokens=body["max_tokens"],
            seconds=body["seconds"],
            temperature=body["temperature"],
            seed=body["seed"],
            **({"tell": pieces} if body.get("stream") else {}),
        )
        pieces.flush()
        return {"ok": True, **vars(done)}


def said(frame: wire.Frame) -> list[Said]:
    """The conversation of a request."""
    from air_cli.reasoners.llama_prompt import Said

    blobs = iter(frame.blobs)
    return [
        Said(m["role"], m["text"], tuple(next(blobs) for _ in range(m["images"])))
        for m in frame.body["messages"]
    ]


def plan_layers(body: dict[str, Any], offload: bool) -> tuple[list[int], list[str]]:
    """The numbers of layers on the card to try in turn, and what was reckoned, in words."""
    if body["n_gpu_layers"] != "auto":
        return [int(body["n_gpu_layers"])], []
    if not offload:
        return [0], []
    from llama_cpp._ggml import libggml

    from air_cli.gguf import GGUFError
    from air_cli.reasoners.llama_fit import devices, fit, tries

    cards = devices(libggml)
    if len(cards) != 1:  # none: ggml decides; several: it splits over them
        return [999, 0], [f"{len(cards)} graphics cards"]
    eyes = Path(body["mmproj"]) if body["mmproj"] else None
    try:
        found = fit(Path(body["model"]), eyes, body["n_ctx"], cards[0])
    except (OSError, GGUFError) as error:
        return [999, 0], [f"its layers cannot be counted: {error}"]
    return tries(found.layers), [found.why]


def cache_fault(body: dict[str, Any], layers: int) -> str:
    """Why the cache does not fit into memory; nothing when it does or the head cannot be read."""
    from air_cli.gguf import GGUFError, read_head
    from air_cli.reasoners import llama_fit

    try:
        head = read_head(Path(body["model"]))
    except (OSError, GGUFError):  # llama.cpp says better what is wrong with it
        return ""
    return llama_fit.cache_fault(head, body["n_ctx"], layers, body.get("memory", 0))


def listen(llama_cpp: Any) -> None:
    """Keep what the libraries log instead of printing it."""
    from llama_cpp import mtmd_cpp

    callback = llama_cpp.llama_log_callback(_logged)
    _KEEP.append(callback)  # the libraries hold only a pointer to it
    llama_cpp.llama_log_set(callback, ctypes.c_void_p(0))
    for name in ("mtmd_log_set", "mtmd_helper_log_set"):
        if hasattr(mtmd_cpp, name):
            getattr(mtmd_cpp, name)(callback, ctypes.c_void_p(0))


def _logged(level: int, text: bytes, data: Any) -> None:
    line = " ".join(text.decode("utf-8", "replace").split())
    if line and level == ERROR:
        LOG.append(line)


if __name__ == "__main__":
    main()
