"""`python -m air_cli.reasoners.llama_probe MODEL LAYERS`: tokens a second that a model reads.

Run by `air doctor` in a process of its own: a timing proves an offload, a flag does not.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

TOKENS, ROUNDS = 64, 3


def speed(model: str, layers: int) -> dict[str, Any]:
    """Tokens a second in the best of some rounds, and the layers that are on the card.

    Raises `LoadFailed` when the model cannot be loaded so.
    """
    from air_cli.reasoners.llama_engine import Engine, default_threads
    from air_cli.reasoners.llama_prompt import Said

    engine = Engine(model, n_ctx=1024, n_gpu_layers=layers, threads=default_threads())
    best = 0.0
    for n in range(ROUNDS):
        began = time.perf_counter()
        done = engine.reply(
            [Said("user", f"{n} " * TOKENS)], grammar=None, max_tokens=1, seconds=60.0
        )
        best = max(best, done.evaluated / (time.perf_counter() - began))
    return {"speed": round(best, 1), "layers": engine.gpu_layers}


def main() -> None:
    import llama_cpp

    from air_cli.reasoners.llama_child import listen

    listen(llama_cpp)
    json.dump(speed(sys.argv[1], int(sys.argv[2])), sys.stdout)


if __name__ == "__main__":
    main()
