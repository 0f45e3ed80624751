"""Pages a second for finding figures, beside pymupdf4llm and pdfplumber; growth with pages; memory.

    python -m benchmarks.documents.speed FILE.pdf… [--pages 60] [--others PYTHON] [--growth]
        [--long 2000]

`--others` is the interpreter of an environment that has `pymupdf4llm` and `pdfplumber`: they need
another PyMuPDF than AIR. Each program reads the same pages in a process of its own; imports are not
counted. `--long N` makes a PDF of N pages with a damaged one in the middle, and reads all of it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pymupdf

_HEAD = """
import json, resource, sys, time
path, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
"""
_TAIL = """
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": time.process_time() - started, "found": found, "peak_mb": peak}))
"""
_PROGRAMS = {
    "air figures": """
from air_cli.errors import ItemError
from air_cli.read.pdf import PdfDocument
started, found = time.process_time(), 0
document = PdfDocument(open(path, "rb").read(), path)
for number in range(first, last + 1):
    try:
        found += len(document._page_figures(number))
    except ItemError as error:
        print(error, file=sys.stderr)
""",
    "air figures+tables": """
from air_cli.read.pdf import PdfDocument
started, found = time.process_time(), 0
document = PdfDocument(open(path, "rb").read(), path)
for number in range(first, last + 1):
    found += len(document.listed([number]))
""",
    "pymupdf4llm": """
import os, tempfile
import pymupdf4llm
started = time.process_time()
folder = tempfile.mkdtemp()
pages = list(range(first - 1, last))
pymupdf4llm.to_markdown(path, pages=pages, write_images=True, image_path=folder)
found = len(os.listdir(folder))
""",
    "pdfplumber": """
import pdfplumber
started, found = time.process_time(), 0
with pdfplumber.open(path, pages=range(first, last + 1)) as document:
    for page in document.pages:
        drawn = page.images + page.curves + page.rects + page.lines
        found += len(page.images)
        page.close()
""",
}
_OURS = ("air figures", "air figures+tables")


def measured(program: str, python: str, path: Path, first: int, last: int) -> dict[str, float]:
    """CPU seconds, figures found and peak memory (MB) of one program on some pages."""
    code = _HEAD + _PROGRAMS[program] + _TAIL
    done = subprocess.run(
        [python, "-W", "ignore", "-c", code, str(path), str(first), str(last)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def side_by_side(paths: list[Path], pages: int, others: str) -> None:
    """A line for each program: the same pages of the same files."""
    programs = [(name, sys.executable) for name in _OURS]
    programs += [(name, others) for name in _PROGRAMS if name not in _OURS and others]
    for name, python in programs:
        seconds, read, found, peak = 0.0, 0, 0.0, 0.0
        for path in paths:
            with pymupdf.open(path) as doc:
                last = min(int(doc.page_count), pages)
            told = measured(name, python, path, 1, last)
            seconds, read = seconds + told["seconds"], read + last
            found, peak = found + told["found"], max(peak, told["peak_mb"])
        print(
            f"{name:20} {read:5} pages  {read / seconds:7.1f} pages/s"
            f"  {1000 * seconds / read:7.1f} ms CPU a page  {found:5.0f} found"
            f"  peak {peak:5.0f} MB",
            flush=True,
        )


def growth(path: Path) -> None:
    """How time and memory grow with the pages of one file."""
    with pymupdf.open(path) as doc:
        count = int(doc.page_count)
    for last in [n for n in (1, 10, 50, 100, 200, 300, 400) if n < count] + [count]:
        told = measured("air figures", sys.executable, path, 1, last)
        each = 1000 * told["seconds"] / last
        print(f"{last:5} pages  {told['seconds']:6.2f} s  {each:5.1f} ms a page"
              f"  peak {told['peak_mb']:.0f} MB", flush=True)  # fmt: skip


def long_document(source: Path, count: int, folder: Path) -> Path:
    """A PDF of `count` pages, those of `source` again and again, one with a damaged content."""
    with pymupdf.open() as made, pymupdf.open(source) as doc:
        while made.page_count < count:
            made.insert_pdf(doc, to_page=min(doc.page_count, count - made.page_count) - 1)
        page = made[count // 2]
        made.xref_set_key(page.xref, "MediaBox", "null")
        made.xref_set_key(page.xref, "Contents", "[999999 0 R]")
        made.xref_set_key(page.xref, "Resources", "(nothing)")
        path = folder / f"long-{count}.pdf"
        made.save(path, garbage=1)
    return path


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--others", default="")
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--long", type=int, default=0)
    args = parser.parse_args()
    side_by_side(args.files, args.pages, args.others)
    if args.growth:
        growth(args.files[0])
    if args.long:
        with tempfile.TemporaryDirectory() as folder:
            path = long_document(args.files[0], args.long, Path(folder))
            print(f"{args.long} pages, {path.stat().st_size / 1e6:.0f} MB:")
            growth(path)


if __name__ == "__main__":
    main()
