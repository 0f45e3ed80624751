"""AIR's GGUF engine beside llama-cpp-python in one run: python -m benchmarks.llama_conversation

1. A conversation of 8 turns with two images: total time of AIR (its child process, a live context)
   and of the library's generic multimodal chat handler, which reads everything again each turn.
2. Tokens a second while generating: AIR under the grammar of profile `air`, and a bare loop of
   decode and argmax without a grammar, in turns.
3. Ten questions on one figure: tokens that had to be read, and seconds, for each.
"""

from __future__ import annotations

import argparse
import base64
import ctypes
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from air_cli.loop import Budget, solve
from air_cli.protocol import load_profile
from air_cli.reasoners.llama import Llama, ModelSettings
from air_cli.records import Message, Want
from benchmarks.llama_models import write_pair
from tests.loop.script import png, task

TURNS, IMAGES, WRITTEN = 8, (0, 3), 24
SIZE = (560, 420)
LETTERS = "root ::= [a-z]{24}"


def history(turn: int, said: list[str]) -> list[Message]:
    """The conversation up to a turn; two of its messages carry a picture."""
    messages = [Message("system", "You are a careful analyst. " * 40)]
    for n in range(turn + 1):
        pictures = (png(SIZE, ("red", "blue")[n > 0]),) if n in IMAGES else ()
        messages.append(Message("user", f"Question {n}: what is shown here? " * 4, pictures))
        if n < turn:
            messages.append(Message("assistant", said[n]))
    return messages


def ours(model: Path, eyes: Path, threads: int) -> list[float]:
    """Seconds of each turn, through AIR's child process."""
    llama = Llama(ModelSettings(str(model), str(eyes), n_threads=threads, seconds=600))
    try:
        conversation, said, took = llama.open(task("?")), list[str](), list[float]()
        for turn in range(TURNS):
            began = time.perf_counter()
            want = Want("code", "?", grammar=LETTERS, max_tokens=WRITTEN, seconds=600)
            said.append(conversation.reply(history(turn, said), want).text)
            took.append(time.perf_counter() - began)
        return took
    finally:
        llama.close()


def theirs(model: Path, eyes: Path, threads: int) -> list[float]:
    """Seconds of each turn, through `Llama.create_chat_completion` and `MTMDChatHandler`."""
    from llama_cpp import Llama as Library
    from llama_cpp import LlamaGrammar
    from llama_cpp.llama_chat_format import MTMDChatHandler

    handler = MTMDChatHandler(clip_model_path=str(eyes), verbose=False)
    library = Library(
        str(model), chat_handler=handler, n_ctx=8192, n_batch=512, n_threads=threads, verbose=False
    )
    grammar = LlamaGrammar.from_string(LETTERS, verbose=False)
    said, took = list[str](), list[float]()
    for turn in range(TURNS):
        messages: Any = [_openai(message) for message in history(turn, said)]
        began = time.perf_counter()
        answer: Any = library.create_chat_completion(
            messages, grammar=grammar, max_tokens=WRITTEN, temperature=0.0
        )
        took.append(time.perf_counter() - began)
        said.append(answer["choices"][0]["message"]["content"])
    library.close()
    return took


def _openai(message: Message) -> dict[str, Any]:
    urls = [f"data:image/png;base64,{base64.b64encode(i).decode()}" for i in message.images]
    parts: list[dict[str, Any]] = [{"type": "image_url", "image_url": {"url": u}} for u in urls]
    text = {"type": "text", "text": message.text}
    return {"role": message.role, "content": [*parts, text] if parts else message.text}


def bare_speed(model: Path, threads: int, tokens: int) -> Iterator[float]:
    """Tokens a second of decode and argmax, nothing else; the context grows from yield to yield."""
    import llama_cpp

    llama_cpp.llama_log_set(_QUIET, ctypes.c_void_p(0))
    llama_cpp.llama_backend_init()
    loaded = llama_cpp.llama_model_load_from_file(
        str(model).encode(), llama_cpp.llama_model_default_params()
    )
    params = llama_cpp.llama_context_default_params()
    params.n_ctx, params.n_threads, params.n_threads_batch = 8192, threads, threads
    context = llama_cpp.llama_init_from_model(loaded, params)
    vocab: Any = llama_cpp.llama_model_get_vocab(loaded)
    size = llama_cpp.llama_vocab_n_tokens(vocab)
    token = np.array([5], np.int32)
    while True:
        began = time.perf_counter()
        for _ in range(tokens):
            pointer = token.ctypes.data_as(ctypes.POINTER(ctypes.c_int32))
            llama_cpp.llama_decode(context, llama_cpp.llama_batch_get_one(pointer, 1))
            logits = llama_cpp.llama_get_logits_ith(context, -1)
            token[0] = int(np.argmax(np.ctypeslib.as_array(logits, (size,))))
        yield tokens / (time.perf_counter() - began)


def _silent(level: int, text: bytes, data: Any) -> None:
    """Say nothing."""


try:
    import llama_cpp as _library

    _QUIET = _library.llama_log_callback(_silent)
except ImportError:
    _QUIET = None


def speeds(model: Path, threads: int, rounds: int, tokens: int) -> list[tuple[float, float]]:
    """Tokens a second of AIR under its grammar and of the bare loop, in turns.

    AIR's engine runs in this process for it, and the time is that of generating alone."""
    from air_cli.reasoners.llama_engine import Engine
    from air_cli.reasoners.llama_prompt import Said

    engine = Engine(str(model), n_ctx=8192, threads=threads)
    grammar = load_profile("air").grammar_for(("code",), 4000, 60)
    bare, found = bare_speed(model, threads, tokens), []
    next(bare)
    for n in range(rounds):
        stamps: list[float] = []
        engine.reply([Said("user", f"go {n}")], grammar=grammar, max_tokens=tokens + 1,
                     seconds=600, temperature=0.0, seed=n,
                     tell=lambda piece, stamps=stamps: stamps.append(time.perf_counter()))  # type: ignore[misc]  # fmt: skip
        mine = (len(stamps) - 1) / (stamps[-1] - stamps[0])
        found.append((mine, next(bare)))
    return found


def cost_curve(model: Path, eyes: Path, threads: int) -> list[tuple[int, float]]:
    """Tokens read and seconds for each of ten questions on one figure."""
    settings = ModelSettings(str(model), str(eyes), n_ctx=16384, n_threads=threads, seconds=600)
    llama = Llama(settings)
    curve = []
    try:
        assert llama.sees
        for n in range(10):
            what = task(f"What is the difference of {2019 + n % 4} and {2022 - n % 3}, number {n}?",
                        image=True)  # fmt: skip
            budget = Budget(steps=1, thought_chars=20, seconds=600)
            trace = solve(what, llama, _no_jail, budget, mode="plan", seed=n).trace
            curve.append((trace.steps[0].evaluated, trace.seconds))
    finally:
        llama.close()
    return curve


def _no_jail() -> Any:
    raise AssertionError("a plan needs no jail")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--width", type=int, default=512)
    parser.add_argument("--parts", default="conversation,speed,curve")
    options = parser.parse_args()
    threads, parts = options.threads, options.parts.split(",")
    with tempfile.TemporaryDirectory() as folder:
        model, eyes = write_pair(Path(folder), options.width)
        if "conversation" in parts:
            mine, other = ours(model, eyes, threads), theirs(model, eyes, threads)
            for name, took in (("AIR", mine), ("handler", other)):
                print(f"{name:<8} {sum(took):6.2f} s:", " ".join(f"{t:.2f}" for t in took))
            print(f"8 turns, 2 images: {sum(mine) / sum(other):.3f} of the handler's time")
        if "speed" in parts:
            found = speeds(model, threads, options.rounds, 128)
            print("tokens/s, AIR / bare:", *(f"{a:.0f}/{b:.0f}" for a, b in found))
            print(f"median ratio {statistics.median(a / b for a, b in found):.3f}")
        if "curve" in parts:
            for n, (tokens, seconds) in enumerate(cost_curve(model, eyes, threads), 1):
                print(f"question {n:>2}: {tokens:>6} tokens read, {seconds:.2f} s")


if __name__ == "__main__":
    main()
