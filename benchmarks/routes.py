"""Every question by each forced route and by `auto`: accuracy and cost, beside the best mixture.

    python -m benchmarks.routes QUESTIONS --out DIR [--images DIR] [--limit N] [--seed S]

The questions are answered once for each mode of the policy into DIR/MODE; the charts are read once
and come from the cache afterwards, so that the seconds are those of reasoning. The *oracle* takes
for every question a route that is right, where there is one: what the policy could reach at most.
The last lines say what reflection mended and spoiled, question by question, against `code`.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path

from air_cli.config import load
from air_cli.engines import engine_named
from air_cli.evaluate import run_eval
from air_cli.evaluate_cases import load_cases, sample
from air_cli.evaluate_report import Scored
from air_cli.store import read_trace_or_none

ROUTES = ("direct", "code", "reflect", "plan")
MODES = ("auto", *ROUTES)


def run(args: argparse.Namespace, mode: str) -> dict[str, Scored]:
    """The scores of one mode by question."""
    config = load({"policy.mode": mode, "batch.jobs": args.jobs}).config
    cases = sample(load_cases(args.questions, args.images), args.limit, args.seed)
    done = run_eval(
        cases,
        args.out / mode,
        config,
        lambda worker: engine_named(config.batch.engine, worker, config.batch.jobs),
    )
    return {one.case.id: one for one in done.scored}


def cost(one: Scored, out: Path) -> tuple[int, float]:
    """(steps, seconds of reasoning) of one question, from its trace."""
    trace = read_trace_or_none(out / one.row.item / "trace.json") if one.row.item else None
    if trace is None:
        return 0, 0.0
    return len(trace.steps), sum(step.seconds for step in trace.steps)


def row(name: str, scored: Sequence[Scored], costs: Sequence[tuple[int, float]]) -> str:
    """A line of the table."""
    right = statistics.fmean(one.relaxed for one in scored)
    strict = statistics.fmean(one.strict for one in scored)
    said = sum(one.predicted is not None for one in scored)
    steps = statistics.fmean(steps for steps, _ in costs)
    seconds = statistics.median(spent for _, spent in costs)
    shares = f"{right:.1%} | {strict:.1%} | {said / len(scored):.1%}"
    return f"| {name} | {shares} | {steps:.2f} | {seconds:.3f} |"


def oracle(
    by_mode: Mapping[str, Mapping[str, Scored]], ids: Sequence[str]
) -> list[tuple[str, Scored]]:
    """For every question the first route that is right, the cheapest first; else `direct`."""
    best = []
    for one in ids:
        right = [mode for mode in ROUTES if by_mode[mode][one].relaxed]
        mode = right[0] if right else "direct"
        best.append((mode, by_mode[mode][one]))
    return best


def main() -> None:
    """Run the modes and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("questions", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--images", type=Path)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    args = parser.parse_args()
    by_mode = {mode: run(args, mode) for mode in MODES}
    ids = [one for one in by_mode["auto"] if all(one in by_mode[mode] for mode in MODES)]
    print(f"{len(ids)} questions of {args.questions.name}\n")
    print("| route | relaxed | strict | answered | steps | seconds (median) |")
    print("|---|---|---|---|---|---|")
    for mode in MODES:
        scored = [by_mode[mode][one] for one in ids]
        print(row(mode, scored, [cost(one, args.out / mode) for one in scored]))
    best = oracle(by_mode, ids)
    print(row("oracle", [s for _, s in best], [cost(s, args.out / m) for m, s in best]))
    for mode in ("reflect", "auto"):
        mended = [i for i in ids if by_mode[mode][i].relaxed and not by_mode["code"][i].relaxed]
        spoiled = [i for i in ids if by_mode["code"][i].relaxed and not by_mode[mode][i].relaxed]
        print(f"\n{mode} against code: {len(mended)} mended, {len(spoiled)} spoiled.")


if __name__ == "__main__":
    main()
