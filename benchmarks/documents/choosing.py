"""Whether the page that a question needs is among the first that are chosen.

    python -m benchmarks.documents.choosing QUESTIONS.jsonl [--first 3] [--sources Chart,Table]
        [--zero-based FIELD] [--limit N] [--verbose]

A question file has an object a line: `pdf` (relative to the file), `question`, and the pages of the
evidence, `evidence_pages` from 1 or another field that counts from 0.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from air_cli.errors import ItemError
from air_cli.read.pdf import PdfDocument


def wanted(path: Path, field: str, zero: bool, sources: set[str]) -> dict[str, list[Any]]:
    """Questions with evidence, by document: (question, pages from 1)."""
    found: dict[str, list[Any]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        pages = [int(page) + zero for page in item.get(field) or ()]
        kinds = set(item.get("evidence_sources") or ())
        if pages and (not sources or not kinds or kinds & sources):
            found[item["pdf"]].append((item["question"], pages))
    return found


def first_pages(document: PdfDocument, question: str, count: int) -> list[int]:
    """The pages of the best figures, each once, best first."""
    pages = dict.fromkeys(ranked.figure.page for ranked in document.rank(question, None))
    return list(pages)[:count]


def main() -> None:
    """Rank for each question, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--first", type=int, default=3)
    parser.add_argument("--sources", default="")
    parser.add_argument("--zero-based", default="")
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args()
    field = args.zero_based or "evidence_pages"
    sources = {one for one in args.sources.split(",") if one}
    by_pdf = wanted(args.questions, field, bool(args.zero_based), sources)
    right, all_right, total, started = 0, 0, 0, time.process_time()
    for pdf, questions in sorted(by_pdf.items()):
        try:
            document = PdfDocument((args.questions.parent / pdf).read_bytes(), pdf)
        except ItemError as error:
            print(error)
            continue
        for question, pages in questions[: args.limit or None]:
            chosen = first_pages(document, question, args.first)
            hit = bool(set(chosen) & set(pages))
            total, right = total + 1, right + hit
            all_right += set(pages) <= set(chosen)
            if args.verbose and not hit:
                print(f"  {pdf} {question[:110]!r} needs {pages}, chosen {chosen}", flush=True)
        document.close()
    seconds = (time.process_time() - started) / max(total, 1)
    print(
        f"{right} of {total} ({100 * right / max(total, 1):.1f}%) with a page of the evidence among"
        f" the first {args.first}; {all_right} with all of them; {seconds:.2f} CPU-s a question"
    )


if __name__ == "__main__":
    main()
