"""Command line: `python -m benchmarks.charts real …`; see benchmarks/README.md."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.charts import make, real, score


def main() -> None:
    """Parse and run one of the commands."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.charts")
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("real", help="real charts with true tables")
    one.add_argument("--data", type=Path, required=True, help="the folder that holds the sets")
    one.add_argument("--sets", default="chartqa_tables,eco_charts", help=", ".join(real.SETS))
    one.add_argument("--limit", type=int, default=0, help="charts a set (0: all)")
    one.add_argument("--seed", type=int, default=0, help="which charts are drawn")
    one.add_argument("--overlays", type=Path, help="write what was read over each picture here")
    one.set_defaults(run=real.run)
    two = commands.add_parser("make", help="a suite of generated charts with their truth")
    two.add_argument("out", type=Path)
    two.add_argument("--count", type=int, default=300)
    two.add_argument("--seed", type=int, default=0)
    two.add_argument("--renderers", default="", help=", ".join(make.RENDERERS))
    two.add_argument("--kinds", default="", help="only these kinds, with commas between")
    two.set_defaults(run=make.run)
    three = commands.add_parser("score", help="read a generated suite and report")
    three.add_argument("suite", type=Path)
    three.add_argument("--limit", type=int, default=0, help="charts (0: all)")
    three.add_argument("--seed", type=int, default=0, help="which charts are drawn")
    three.add_argument("--kinds", default="", help="only these kinds, with commas between")
    three.add_argument("--worst", type=int, default=25, help="how many charts are listed")
    three.add_argument("--overlays", type=Path, help="write what was read over each picture here")
    three.set_defaults(run=score.run)
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
