"""Random conversations with GGUFs of random weights: python -m benchmarks.llama_random [--count N]

Each is a question through the whole loop with a model, a profile, a mode, a temperature and a
context of its own; code is not run but succeeds, fails or breaks by chance. Every one must end in a
valid outcome without a malformed reply; the model's process must neither die nor grow.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from air_cli import protocol_render
from air_cli.errors import ItemError
from air_cli.loop import Budget, Looked, solve
from air_cli.protocol import Look
from air_cli.reasoners.llama import Llama, ModelSettings
from air_cli.records import Chart, Fault, Ran, Trace
from tests.llm.tiny_gguf import write_projector, write_text
from tests.loop.script import png, task

PAIRS = (("llama", ""), ("qwen2", "mlp"), ("qwen2", "gemma3"), ("qwen2vl", "qwen2vl_merger"))
PROFILES = ("air", "air", "interpreter", "pyvision", "deepeyes", "thyme")
# Conversations that share a profile, so that its long prompt is read once.
BLOCK = 160
TENTHS = 10
MODES = ("auto", "direct", "code", "reflect", "plan")
OUTCOMES = {"answered", "unanswerable", "steps", "time", "tokens", "failed", "malformed"}
QUESTIONS = (
    "What is the growth rate from 2019 to 2022?",
    "Which year was highest? And by how much?",
    "What was revenue in 2020?",
    "How many years are above 12?",
)


@dataclass
class Chance:
    """A jail in which code succeeds, fails, answers or breaks by chance."""

    dice: random.Random

    def load(self, charts: Sequence[Chart], images: Mapping[str, bytes]) -> None:
        """Nothing to load."""

    def run(self, code: str, seconds: float) -> Ran:
        kind = self.dice.randrange(6)
        if kind == 0:
            return Ran(fault=Fault("exception", "NameError: x"))
        if kind == 1:
            raise ItemError("the jail broke", kind="crashed")
        if kind == 2:
            shown = (png((60 + self.dice.randrange(200), 50), "green"),)
            return Ran(stdout="seen " * self.dice.randrange(80), images=shown)
        if kind == 3:
            mark = {"figure_id": "p1-f1", "series": "Revenue", "category": "2020"}
            return Ran(answer={"value": self.dice.choice([12, 13.5, "2020"]), "evidence": [mark]})
        return Ran(stdout=str(self.dice.random()), touched=())

    def undo(self) -> None:
        """Nothing to undo."""

    def close(self) -> None:
        """Nothing to close."""


@dataclass(frozen=True)
class Ended:
    """How a conversation ended; `memory` is the child's resident size in MiB."""

    pair: tuple[str, str]
    trace: Trace
    pid: int
    memory: float


def conversations(
    folder: Path, count: int, seed: int = 0, pairs: Sequence[tuple[str, str]] = PAIRS
) -> Iterator[Ended]:
    """So many conversations, in turns with every model; one child each for all of them."""
    models = {pair: _make(folder, *pair) for pair in pairs}
    # One token a byte: the description of the toolkit would be most of the work.
    render: Any = protocol_render
    told, render.toolkit_description = render.toolkit_description, lambda: "-"
    try:
        for n in range(count):
            pair = pairs[n % len(pairs)]
            profile = PROFILES[n // BLOCK % len(PROFILES)]
            trace = _one(models[pair], random.Random(seed * 10**6 + n), bool(pair[1]), profile)
            pid = models[pair].pid
            yield Ended(pair, trace, pid or 0, _resident(pid) if pid else 0.0)
    finally:
        render.toolkit_description = told
        for llama in models.values():
            llama.close()


def _make(folder: Path, arch: str, eyes: str) -> Llama:
    model = write_text(folder / f"{arch}.gguf", arch=arch)
    projector = write_projector(folder / f"{eyes}.gguf", kind=eyes) if eyes else ""
    return Llama(ModelSettings(str(model), str(projector), 12288, n_threads=1, seconds=300))


def _one(llama: Llama, dice: random.Random, sees: bool, profile: str) -> Trace:
    budget = Budget(
        steps=dice.randint(1, 4),
        faults=dice.randint(1, 3),
        seconds=600,
        reply_tokens=dice.choice([60, 500, 2048]),
        thought_chars=dice.choice([1, 30, 80]),
        code_lines=dice.choice([1, 3]),
    )

    def look(wanted: Look) -> Looked:
        return Looked(png((40 + dice.randrange(100), 40), "blue"))

    return solve(
        task(dice.choice(QUESTIONS), image=sees and dice.random() < 0.7),
        llama,
        lambda: Chance(dice),
        budget,
        mode=dice.choice(MODES),  # type: ignore[arg-type]
        seed=dice.randrange(10**6),
        temperature=dice.choice([0.0, 0.7, 1.5]),
        profile=profile,
        look=look,
        samples=dice.choice([1, 1, 1, 2]),
    ).trace


def _resident(pid: int) -> float:
    """Resident MiB of a process (Linux)."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, ValueError):
        return 0.0
    return pages * 4096 / 2**20


def wrong(ended: Ended) -> str:
    """What is wrong with how a conversation ended, or nothing. A reply that a limit cut off is
    no malformed reply: the grammar was not at its end. What fails by chance is the code alone."""
    trace = ended.trace
    if trace.outcome not in OUTCOMES:
        return f"outcome {trace.outcome}"
    for step in trace.steps:
        fault = step.fault
        if fault and fault.kind == "malformed" and "cut off" not in fault.message:
            return f"malformed: {fault.message}: {step.reply[-200:]!r}"
    if trace.outcome == "failed" and "faults in a row" not in trace.error:
        return trace.error
    return ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    outcomes: Counter[str] = Counter()
    memory: dict[tuple[str, str], list[float]] = {pair: [] for pair in PAIRS}
    pids: dict[tuple[str, str], set[int]] = {pair: set() for pair in PAIRS}
    bad, steps, began = 0, 0, time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        for n, ended in enumerate(conversations(Path(folder), options.count, options.seed), 1):
            outcomes[ended.trace.outcome] += 1
            steps += len(ended.trace.steps)
            memory[ended.pair].append(ended.memory)
            pids[ended.pair].add(ended.pid)
            if said := wrong(ended):
                bad += 1
                print(f"conversation {n}: {said}", flush=True)
            if n % 50 == 0:
                print(f"{n}: {dict(outcomes)}, {time.perf_counter() - began:.0f} s", flush=True)
    print(f"{options.count} conversations, {steps} replies, {bad} wrong: {dict(outcomes)}")
    for pair, sizes in memory.items():
        step = max(1, -(-len(sizes) // TENTHS))
        curve = " ".join(f"{max(sizes[n : n + step]):.0f}" for n in range(0, len(sizes), step))
        name = " + ".join(filter(None, pair))
        print(f"{name}: {len(pids[pair])} process, MiB resident by tenths: {curve}")


if __name__ == "__main__":
    main()
