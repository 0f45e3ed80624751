"""Figures found in generated reports: recall, precision, captions, time, memory.

    python -m benchmarks.documents.reports [--documents 200] [--seed 1] [--folder DIR] [--verbose]

What is on the pages is in `pages.py`; the charts are those of `charts.py`, of every producer.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from air_cli.read.page import area, overlap
from air_cli.read.pdf import PdfDocument
from air_cli.records import Box, Figure
from benchmarks.documents.pages import Truth, made_report
from benchmarks.documents.producers import NAMES, draw
from benchmarks.documents.specs import KINDS, specs

IOU = 0.7


@dataclass
class Counts:
    """What was true, found and right."""

    pages: int = 0
    true: int = 0
    found: int = 0
    right: int = 0
    captions: int = 0
    captioned: int = 0
    seconds: float = 0.0
    misses: list[str] = field(default_factory=list)


def check(data: bytes, truth: Sequence[Truth], counts: Counts) -> None:
    """Add one document to the counts."""
    started = time.process_time()
    document = PdfDocument(data, "report.pdf")
    figures: list[Figure] = []
    for number in range(1, document.source.pages + 1):
        figures += [f for f in document._page_figures(number) if f.kind != "logo"]
    counts.seconds += time.process_time() - started
    counts.pages += document.source.pages
    document.close()
    counts.true += len(truth)
    counts.found += len(figures)
    for true in truth:
        there = [figure for figure in figures if figure.page == true.page]
        best = max(there, key=lambda f: iou(f.bbox_pt, true.box), default=None)
        if best is None or iou(best.bbox_pt, true.box) < IOU:
            seen = [tuple(map(round, f.bbox_pt)) for f in there]
            where = tuple(map(round, true.box))
            counts.misses.append(f"{true.what} p{true.page} {where} found {seen}")
            continue
        counts.right += 1
        counts.captions += 1
        counts.captioned += best.caption == true.caption


def iou(one: Box, other: Box) -> float:
    """Shared area over united area."""
    shared = overlap(one, other)
    return shared / (area(one) + area(other) - shared or 1.0)


def main() -> None:
    """Make, read, count, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=2, help="charts of each kind and producer")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "air-charts")
    parser.add_argument("--verbose", action="store_true")
    wanted = parser.parse_args()
    made = list(specs(wanted.each, wanted.seed, KINDS))
    charts = [
        (name, path) for name in NAMES for path in draw(name, made, wanted.folder / name).values()
    ]
    counts = Counts()
    for number in range(wanted.documents):
        check(*made_report(1000 * wanted.seed + number, charts), counts)
    print(
        f"{wanted.documents} documents, {counts.pages} pages, {counts.true} figures: "
        f"recall {counts.right / counts.true:.3f}, precision {counts.right / counts.found:.3f} "
        f"at IoU {IOU}; captions {counts.captioned / max(counts.captions, 1):.3f}; "
        f"{1000 * counts.seconds / counts.pages:.1f} ms CPU a page; peak memory "
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
    )
    if wanted.verbose:
        print("\n".join(counts.misses[:60]))


if __name__ == "__main__":
    main()
