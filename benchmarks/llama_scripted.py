"""The loop with a GGUF that really writes code: python -m benchmarks.llama_scripted SUITE

SUITE is a folder of generated charts (`python -m benchmarks.charts make … --kinds bar,barh,line`).
The model (`tests/llm/scripted_gguf.py`) reads the question and writes the code that answers it;
`air ask` goes from the picture to the checked answer, which is held against the chart's truth.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.llm.scripted_gguf import write_scripted

ROOT = Path(__file__).resolve().parent.parent
# Of a value that is read; a rate rests on two of them.
NEAR = 0.01
QUESTIONS = {
    "growth": "What is the growth rate from the first to the last?",
    "highest": "Which one has the highest value?",
    "average": "What is the average of them all?",
    "refusal": "What was the cost of the tea?",
}


def wanted(kind: str, values: Mapping[str, float]) -> object:
    """The right answer by the chart's truth."""
    listed = list(values.values())
    if kind == "growth":  # from a loss, relative to its size
        return (listed[-1] - listed[0]) / abs(listed[0]) * 100 if listed[0] else None
    if kind == "highest":
        return max(values, key=lambda name: values[name])
    return sum(listed) / len(listed) if kind == "average" else None


def right(kind: str, trace: Mapping[str, Any], truth: object) -> bool:
    """Whether a trace holds the right answer (or, of what is not shown, none)."""
    if kind == "refusal":
        return bool(trace["outcome"] == "unanswerable")
    value = (trace["answer"] or {}).get("value")
    if isinstance(truth, str):
        return isinstance(value, str) and value.casefold() == truth.casefold()
    if not isinstance(truth, float) or not isinstance(value, int | float):
        return False
    near = 2 * NEAR * (100 + abs(truth)) if kind == "growth" else NEAR * abs(truth)
    return abs(value - truth) <= near


def asked(model: Path, pictures: Sequence[Path], question: str) -> list[dict[str, Any]]:
    """The traces of one question put to all the pictures, by one `air ask`."""
    argv = [sys.executable, "-m", "air_cli", "ask", *map(str, pictures), question]
    argv += ["--model", str(model), "--mode", "code", "--format", "json"]
    own = {"AIR_REASONER_N_CTX": "32768", "AIR_REASONER_FALLBACK": "none"}
    done = subprocess.run(
        argv, capture_output=True, env={**os.environ, **own}, cwd=ROOT, check=False
    )
    if not done.stdout:
        sys.exit(done.stderr.decode())
    return [json.loads(line) for line in done.stdout.splitlines()]


def scored(
    suite: Path, rows: Sequence[dict[str, Any]], model: Path
) -> Iterator[tuple[str, dict[str, Any], dict[str, Any], bool]]:
    """Kind of question, truth, trace, and whether it is right."""
    pictures = [suite / row["image"] for row in rows]
    for kind, question in QUESTIONS.items():
        for row, trace in zip(rows, asked(model, pictures, question), strict=True):
            truth = wanted(kind, row["values"][row["series"][0]])
            yield kind, row, trace, right(kind, trace, truth)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("suite", type=Path)
    parser.add_argument("--limit", type=int, default=30)
    options = parser.parse_args()
    lines = (options.suite / "truth.jsonl").read_text("utf-8").splitlines()
    rows = [row for line in lines if len((row := json.loads(line))["series"]) == 1]
    rows = rows[: options.limit]
    counts, ends = Counter[str](), Counter[str]()
    good = set(range(len(rows)))
    with tempfile.TemporaryDirectory() as folder:
        model = write_scripted(Path(folder) / "scripted.gguf")
        for kind, row, trace, correct in scored(options.suite, rows, model):
            counts[kind] += correct
            ends[trace["outcome"]] += 1
            if not correct:
                good.discard(rows.index(row))
                answer = (trace["answer"] or {}).get("text", trace["error"])
                print(f"{kind}: {row['image']} ({row['kind']}): {answer!s:.90}", flush=True)
    total = len(rows) * len(QUESTIONS)
    print(f"{sum(counts.values())} of {total} right: {dict(counts)} of {len(rows)} each")
    print(f"outcomes: {dict(ends)}; charts with every question right: {len(good)}")


if __name__ == "__main__":
    main()
