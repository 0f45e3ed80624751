"""CPU time of a question with a warm reader, by process: chart not seen before, and already read.

    python -m benchmarks.question_cost QUESTIONS [--images DIR] [--limit N] [--seed S] [--mode auto]

One Analyst is warmed and answers every question twice, without a cache on disk: first the chart is
read, then it is known. The jails are killed rather than ended, so the process tree is sampled from
/proc (Linux only) and each process counted up to its last sample; what sampling costs is taken off.
"""

from __future__ import annotations

import argparse
import os
import statistics
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from air_cli.analyst import Analyst
from air_cli.analyst_inputs import read_input
from air_cli.config import load
from air_cli.errors import ItemError
from air_cli.evaluate_cases import Case, load_cases, sample
from air_cli.records import Question
from benchmarks.command_cost import process_table, tree

EVERY = 0.03


class Meter:
    """CPU seconds of this process and all it starts, by kind of process."""

    def __init__(self) -> None:
        self._seen: dict[int, tuple[float, str]] = {}
        self._spent = 0.0
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def read(self) -> dict[str, float]:
        """The CPU seconds so far, without what watching takes."""
        with self._lock:
            self._sample()
            totals: dict[str, float] = {}
            for pid, (cpu, kind) in self._seen.items():
                name = "host" if pid == os.getpid() else kind or "host"
                totals[name] = totals.get(name, 0.0) + cpu
            totals["host"] = totals.get("host", 0.0) - self._spent
            return totals

    def close(self) -> None:
        """Stop watching."""
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(EVERY):
            with self._lock:
                self._sample()

    def _sample(self) -> None:
        begun = time.thread_time()
        table = process_table()
        for pid in tree(os.getpid(), table) & table.keys():
            _, cpu, kind = table[pid]
            # One that has ended but is not reaped yet has lost its command line.
            self._seen[pid] = (cpu, kind or self._seen.get(pid, (0.0, ""))[1])
        self._spent += time.thread_time() - begun


def spent(meter: Meter, analyst: Analyst, case: Case) -> dict[str, float] | None:
    """CPU seconds of one question by kind of process; None when it could not be asked."""
    before = meter.read()
    try:
        analyst.ask([read_input(case.path)], Question(case.id, case.question))
    except ItemError:
        return None
    time.sleep(0.3)  # the next question's jail is made ready
    after = meter.read()
    return {kind: after[kind] - before.get(kind, 0.0) for kind in after}


def line(name: str, rows: Sequence[dict[str, float]]) -> str:
    """Medians of the whole and of each kind of process."""
    kinds = sorted({kind for row in rows for kind in row})
    whole = statistics.median(sum(row.values()) for row in rows)
    split = ", ".join(
        f"{kind} {statistics.median(row.get(kind, 0.0) for row in rows):.2f}" for kind in kinds
    )
    return f"{name:24}{whole:8.2f} s   {split}   ({len(rows)} questions)"


def main() -> None:
    """Ask every question twice and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("questions", type=Path)
    parser.add_argument("--images", type=Path)
    parser.add_argument("--limit", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--mode", default="auto")
    args = parser.parse_args()
    config = load({"policy.mode": args.mode, "cache.enabled": False}).config
    cases = sample(load_cases(args.questions, args.images), args.limit, args.seed)
    new, known = [], []
    meter = Meter()
    with Analyst(config) as analyst:
        analyst.warm()
        time.sleep(8.0)
        for case in cases:
            first = spent(meter, analyst, case)
            again = spent(meter, analyst, case) if first is not None else None
            if first is not None and again is not None:
                new.append(first)
                known.append(again)
            analyst.forget()
    meter.close()
    print(line("chart not seen before", new))
    print(line("chart already read", known))


if __name__ == "__main__":
    main()
