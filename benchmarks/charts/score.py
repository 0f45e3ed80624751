"""Reads a generated suite and reports by kind and by renderer, against the bars that were set."""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from benchmarks.charts.compare import Result, compare
from benchmarks.charts.reading import read_image

BARS = {
    "kind right": 0.98, "series F1": 0.97, "categories F1": 0.97, "values within 1%": 0.95,
    "covered": 0.95,
}  # fmt: skip
_HEAD = (
    "kind right", "series F1", "categories F1", "RMS-F1", "values within 1%", "or by place",
    "median error", "covered", "median width", "not read", "extra",
)  # fmt: skip


def run(options: argparse.Namespace) -> None:
    """Read the suite (or a sample of it) and print the report."""
    lines = (options.suite / "truth.jsonl").read_text("utf-8").splitlines()
    truths = [json.loads(line) for line in lines]
    if options.kinds:
        truths = [t for t in truths if t["kind"] in options.kinds.split(",")]
    if options.limit:
        truths = random.Random(options.seed).sample(truths, min(options.limit, len(truths)))
    results = []
    for number, truth in enumerate(truths, 1):
        image = options.suite / truth["image"]
        overlay = (
            options.overlays / f"{image.stem}-{truth['kind']}.png" if options.overlays else None
        )
        results.append(compare(truth, read_image(image, overlay)))
        if sys.stderr.isatty() or number % 50 == 0:
            print(f"{number}/{len(truths)}", file=sys.stderr, flush=True)
    print(report(results, options.worst))


def report(results: Sequence[Result], worst: int = 25) -> str:
    """The tables and the worst charts, as Markdown."""
    parts = [f"{len(results)} charts", ""]
    parts += [*table("kind", results, lambda r: r.kind), ""]
    parts += [*table("renderer", results, lambda r: r.renderer), ""]
    parts += ["Kinds that were taken for another: " + _confusions(results), ""]
    parts += ["Causes (the first problem of charts with less than 90% of the values):", ""]
    parts += [*causes(results), "", f"The {worst} worst:", ""]
    ranked = sorted(results, key=lambda r: (r.share(), r.f1))
    parts += [_line(r) for r in ranked[:worst]]
    return "\n".join(parts)


def table(title: str, results: Sequence[Result], key: Callable[[Result], str]) -> list[str]:
    """A row for each value of `key`, and one for all."""
    groups: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        groups[key(result)].append(result)
    lines = [f"| {title} | charts | " + " | ".join(_HEAD) + " |", "|---" * (len(_HEAD) + 2) + "|"]
    rows = [(name, groups[name]) for name in sorted(groups)]
    if len(rows) > 1:
        rows.append(("**all**", list(results)))
    for name, members in rows:
        cells = [_cell(head, value) for head, value in figures(members).items()]
        lines.append(f"| {name} | {len(members)} | " + " | ".join(cells) + " |")
    return lines


def figures(results: Sequence[Result]) -> dict[str, float]:
    """The figures of some charts, by name. Values count equally, whatever chart they are in;
    errors and widths are shares of the axis' range."""
    points = [p for r in results for p in r.points]
    errors = [p.error for p in points if p.error is not None]
    spans = [p for p in points if p.width is not None]
    return {
        "kind right": _mean(r.kind_right for r in results),
        "series F1": _mean(r.series_f1 for r in results if r.series_f1 is not None),
        "categories F1": _mean(r.categories_f1 for r in results if r.categories_f1 is not None),
        "RMS-F1": _mean(r.f1 for r in results),
        "values within 1%": _mean(p.error is not None and p.error <= 0.01 for p in points),
        "or by place": sum(r.in_place * len(r.points) for r in results) / max(1, len(points)),
        "median error": statistics.median(errors) if errors else math.nan,
        "covered": _mean(p.inside for p in spans),
        "median width": statistics.median(p.width or 0.0 for p in spans) if spans else math.nan,
        "not read": _mean(p.error is None for p in points),
        "extra": sum(r.extra for r in results) / max(1, len(points)),
    }


def _mean(values: Iterable[float]) -> float:
    found = [float(v) for v in values]
    return statistics.fmean(found) if found else math.nan


def _cell(head: str, value: float) -> str:
    if math.isnan(value):
        return "-"
    text = (
        f"{value:.3f}"
        if head.endswith("F1")
        else f"{100 * value:.{2 if 'median' in head else 1}f}%"
    )
    return text if value >= BARS.get(head, -1.0) else f"*{text}*"


def _confusions(results: Sequence[Result]) -> str:
    wrong = Counter((r.kind, r.read_as) for r in results if not r.kind_right)
    return ", ".join(f"{a} as {b} {n}" for (a, b), n in wrong.most_common(25)) or "none"


def causes(results: Sequence[Result], most: int = 15) -> list[str]:
    """The commonest first problems of charts that were read badly, names and numbers left out."""
    found: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        if result.share() < 0.9:
            kind = "" if result.kind_right else f" (a {result.kind} taken for {result.read_as})"
            first = result.problems[0] if result.problems else "no problem is told"
            found[re.sub(r'"[^"]*"|\d[\d.,]*', "…", first)[:90] + kind].append(result)
    ranked = sorted(found.items(), key=lambda item: -len(item[1]))[:most]
    return [f"- {len(rs)} × {cause}: {', '.join(_name(r) for r in rs[:6])}" for cause, rs in ranked]


def _name(result: Result) -> str:
    return Path(result.image).stem


def _line(result: Result) -> str:
    return (
        f"- {_name(result)} {result.kind} by {result.renderer}, read as {result.read_as}:"
        f" {result.share():.0%} of {len(result.points)} values; {'; '.join(result.problems)[:160]}"
    )
