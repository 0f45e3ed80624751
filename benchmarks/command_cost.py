"""CPU time of `air --help` and of `air ask` on the examples, cache off, by process.

    python -m benchmarks.command_cost [--rounds 3]

The jails are killed rather than ended, so `getrusage` misses them: the process tree is sampled
from /proc instead (Linux only), each process counted up to its last sample (20 ms).
For the scale, the same run also times bare rapidocr (import and one picture) in a process of its
own: what of `ask` is OCR and not AIR.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TICK = os.sysconf("SC_CLK_TCK")

OCR = """
import os
os.environ["OMP_NUM_THREADS"] = "1"
from rapidocr import RapidOCR
engine = RapidOCR(params={"EngineConfig.onnxruntime.intra_op_num_threads": 1})
engine(%r)
"""

COMMANDS = {
    "air --help": ["-m", "air_cli", "--help"],
    "air ask revenue.png": ["-m", "air_cli", "ask", "examples/revenue.png", "growth rate?"],
    "air ask subscribers.png": [
        *["-m", "air_cli", "ask", "examples/subscribers.png"],
        "Which region had the most subscribers in Q4 23?",
    ],
    "air ask report.pdf": [
        *["-m", "air_cli", "ask", "examples/report.pdf"],
        "By how much did net sales of Cloud grow from 2022 to 2023?",
    ],
    "bare rapidocr, revenue.png": ["-c", OCR % "examples/revenue.png"],
}


def process_table() -> dict[int, tuple[int, float, str]]:
    """pid -> (parent, CPU seconds, kind) of every process that can be read."""
    table = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            line = (entry / "cmdline").read_bytes()
        except OSError:  # it ended between the listing and the reading
            continue
        kind = next(
            (k for k in ("read.service", "sandbox.guest", "bwrap") if k.encode() in line), ""
        )
        cpu = (int(fields[11]) + int(fields[12])) / TICK
        table[int(entry.name)] = (int(fields[1]), cpu, kind)
    return table


def tree(root: int, table: dict[int, tuple[int, float, str]]) -> set[int]:
    """`root` and its descendants."""
    found = {root}
    while grown := {p for p, (parent, _, _) in table.items() if parent in found} - found:
        found |= grown
    return found


def measure(command: list[str]) -> tuple[float, dict[str, float]]:
    """Wall seconds, and CPU seconds by kind of process."""
    environment = {**os.environ, "AIR_CACHE_ENABLED": "false"}
    start = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    seen: dict[int, tuple[float, str]] = {}
    while (ended := os.wait4(child.pid, os.WNOHANG))[0] == 0:
        table = process_table()
        for pid in tree(child.pid, table):
            if pid in table:
                _, cpu, kind = table[pid]
                # One that has ended but is not reaped yet has lost its command line.
                seen[pid] = (cpu, kind or seen.get(pid, (0.0, "host"))[1])
        time.sleep(0.02)
    totals: dict[str, float] = {}
    for cpu, kind in seen.values():
        totals[kind] = totals.get(kind, 0.0) + cpu
    if set(totals) <= {"host"}:  # no jail: the kernel's own count is exact
        totals["host"] = ended[2].ru_utime + ended[2].ru_stime
    child.returncode = os.waitstatus_to_exitcode(ended[1])
    return time.perf_counter() - start, totals


def main() -> None:
    """Print the medians of `--rounds` runs of each command, interleaved."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    runs: dict[str, list[tuple[float, dict[str, float]]]] = {name: [] for name in COMMANDS}
    for _ in range(rounds):
        for name, command in COMMANDS.items():
            runs[name].append(measure(command))
    print(f"{'command':30}{'wall s':>8}{'CPU s':>8}   by process (CPU s)")
    for name, results in runs.items():
        wall = statistics.median(w for w, _ in results)
        cpu = statistics.median(sum(parts.values()) for _, parts in results)
        kinds = sorted({kind for _, parts in results for kind in parts})
        split = ", ".join(
            f"{kind} {statistics.median(parts.get(kind, 0.0) for _, parts in results):.2f}"
            for kind in kinds
        )
        print(f"{name:30}{wall:8.2f}{cpu:8.2f}   {split}")


if __name__ == "__main__":
    main()
