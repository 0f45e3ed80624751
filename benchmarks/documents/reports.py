"""Figures found in generated reports: recall, precision, captions, time, memory.

    python -m benchmarks.documents.reports [--documents 200] [--seed 1] [--folder DIR] [--verbose]

Each document has six to nine pages of prose, tables, photographs, a logo and charts of all
producers (`charts.py` draws them), with captions above or below, alone or side by side.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf

from air_cli.read.page import area, overlap
from air_cli.read.pdf import PdfDocument
from air_cli.records import Box, Figure
from benchmarks.documents.producers import NAMES, draw
from benchmarks.documents.specs import KINDS, specs
from tests.documents import INCOME, Report

_LABELS = ("Figure", "Chart", "Exhibit", "Fig.", "Graph")
_WORDS = ("Net sales by region", "Output per worker", "Trade in goods", "Energy use", "Prices")
_IOU = 0.7


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


def made_report(
    seed: int, charts: list[tuple[str, Path]]
) -> tuple[bytes, list[tuple[int, Box, str, str]]]:
    """A document and the truth: (page, box, caption, what) of each figure."""
    rng = np.random.default_rng([7, seed])
    report, truth, number = Report(seed), [], 0
    for _ in range(int(rng.integers(6, 10))):
        page = report.page(logo=bool(rng.random() < 0.7))
        kind = rng.choice(["prose", "one", "one", "two", "table", "photo"])
        if kind == "prose":
            report.prose((60, 60, 552, 740))
            continue
        report.prose((60, 60, 552, 190))
        above = bool(rng.random() < 0.4)
        if kind in ("one", "two"):
            places = [(70.0, 240.0, 540.0, 520.0)]
            if kind == "two":
                places = [(60.0, 240.0, 300.0, 400.0), (318.0, 240.0, 552.0, 400.0)]
            for place in places:
                number += 1
                name, path = charts[int(rng.integers(len(charts)))]
                box = _placed(report.doc[page - 1], path, place)
                caption = f"{rng.choice(_LABELS)} {number}: {rng.choice(_WORDS)}"
                y = box[1] - 8 if above else box[3] + 13
                report.doc[page - 1].insert_text((box[0], y), caption, fontsize=9)
                truth.append((page, box, caption, f"{name}/{path.stem}"))
        elif kind == "photo":
            number += 1
            caption = f"Figure {number}. The new plant"
            report.photo((90, 240, 420, 460), caption)
            truth.append((page, (90.0, 240.0, 420.0, 460.0), caption, "photo"))
        else:
            shaded, ruled = bool(rng.random() < 0.5), bool(rng.random() < 0.5)
            report.table((60, 240, 552, 400), INCOME, ruled=ruled, shaded=shaded)
        report.prose((60, 560, 552, 740))
    return report.save(), truth


def _placed(page: Any, path: Path, place: Box) -> Box:
    """Put a chart's ink into a place, keeping its proportions; where the ink then is."""
    with pymupdf.open(path) as chart:
        rect = chart[0].rect
        zoom = min((place[2] - place[0]) / rect.width, (place[3] - place[1]) / rect.height)
        box = (place[0], place[1], place[0] + zoom * rect.width, place[1] + zoom * rect.height)
        page.show_pdf_page(pymupdf.Rect(box), chart, 0)
        ink = _ink(chart[0])
    left, top = place[0], place[1]
    return (left + zoom * ink[0], top + zoom * ink[1], left + zoom * ink[2], top + zoom * ink[3])


def _ink(page: Any) -> Box:
    """What of a page is not white, in points."""
    pixmap = page.get_pixmap(dpi=72, colorspace=pymupdf.csGRAY, alpha=False)
    grey = np.frombuffer(pixmap.samples_mv, np.uint8).reshape(pixmap.height, pixmap.stride)
    rows, columns = np.where(grey[:, : pixmap.width] < 250)
    if not len(rows):
        return (0.0, 0.0, float(pixmap.width), float(pixmap.height))
    return (float(columns.min()), float(rows.min()), columns.max() + 1.0, rows.max() + 1.0)


def check(data: bytes, truth: list[tuple[int, Box, str, str]], counts: Counts) -> None:
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
    for page, box, caption, what in truth:
        best = max(
            (f for f in figures if f.page == page), key=lambda f: _iou(f.bbox_pt, box), default=None
        )
        if best is None or _iou(best.bbox_pt, box) < _IOU:
            seen = [tuple(map(round, f.bbox_pt)) for f in figures if f.page == page]
            counts.misses.append(f"{what} p{page} {tuple(map(round, box))} found {seen}")
            continue
        counts.right += 1
        counts.captions += 1
        counts.captioned += best.caption == caption


def _iou(one: Box, other: Box) -> float:
    shared = overlap(one, other)
    return shared / (area(one) + area(other) - shared or 1.0)


def main() -> None:
    """Make, read, count, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "air-charts")
    parser.add_argument("--verbose", action="store_true")
    wanted = parser.parse_args()
    made = list(specs(1, wanted.seed, KINDS))
    charts = [
        (name, path) for name in NAMES for path in draw(name, made, wanted.folder / name).values()
    ]
    counts = Counts()
    for number in range(wanted.documents):
        check(*made_report(1000 * wanted.seed + number, charts), counts)
    print(
        f"{wanted.documents} documents, {counts.pages} pages, {counts.true} figures: "
        f"recall {counts.right / counts.true:.3f}, precision {counts.right / counts.found:.3f} "
        f"at IoU {_IOU}; captions {counts.captioned / max(counts.captions, 1):.3f}; "
        f"{1000 * counts.seconds / counts.pages:.1f} ms CPU a page; peak memory "
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
    )
    if wanted.verbose:
        print("\n".join(counts.misses[:60]))


if __name__ == "__main__":
    main()
