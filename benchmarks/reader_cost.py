"""What reading a chart costs: CPU time against bare rapidocr, by stage; memory; and how it grows.

    python -m benchmarks.reader_cost IMAGES… [--limit 20] [--seed 0] [--curves]

IMAGES are files or folders. Every image is given to bare rapidocr (its defaults, one thread) and
to the chart reader in turns, in the same process, so that a busy machine slows both. CPU time is
that of the process. The memory is the peak resident set of a process of its own that reads all the
images one after the other; `--curves` draws one chart larger and larger, and with more and more
marks.
"""

from __future__ import annotations

import argparse
import io
import math
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from PIL import Image

from air_cli.read.chart import read_chart

ROOT = Path(__file__).resolve().parent.parent
ENDINGS = {".png", ".jpg", ".jpeg", ".webp", ".bmp"}
_PEAK = r"""
import re, sys
from pathlib import Path
from benchmarks.reader_cost import pixels
from air_cli.read.chart import read_chart
for name in sys.argv[1:]:
    read_chart(pixels(Path(name)))
# Not getrusage, whose peak begins with that of the process that started this one.
status = Path("/proc/self/status").read_text()
print(int(re.search(r"VmHWM:\s+(\d+)", status)[1]) // 1024)
"""


@dataclass
class Cost:
    """CPU seconds of bare OCR and of the reader for one image; wall seconds of the reader's
    stages."""

    bare: float
    reader: float
    stages: dict[str, float] = field(default_factory=dict)
    marks: int = 0

    @property
    def ratio(self) -> float:
        return self.reader / self.bare


def pixels(path: Path) -> Any:
    """An image as (height, width, 3) uint8."""
    return np.asarray(Image.open(path).convert("RGB"))


def bare_engine() -> Callable[[Any], Any]:
    """rapidocr with its defaults on one thread."""
    from rapidocr import RapidOCR

    engine: Callable[[Any], Any] = RapidOCR(
        params={"EngineConfig.onnxruntime.intra_op_num_threads": 1, "Global.log_level": "error"}
    )
    return engine


def measure(engine: Callable[[Any], Any], rgb: Any) -> Cost:
    """Both on the same pixels, one after the other."""
    start = time.process_time()
    engine(rgb[:, :, ::-1])
    between = time.process_time()
    chart, stages = read_chart(rgb)
    return Cost(between - start, time.process_time() - between, stages, len(chart.marks))


def files(places: Sequence[Path], limit: int, seed: int) -> list[Path]:
    """The images below `places`, at most `limit`, drawn by `seed`."""
    found = sorted(
        path
        for place in places
        for path in ([place] if place.is_file() else place.rglob("*"))
        if path.suffix.lower() in ENDINGS
    )
    random.Random(seed).shuffle(found)
    return found[: limit or len(found)]


def peak_memory(paths: Sequence[Path]) -> int:
    """MiB of the largest resident set of a process that reads `paths`."""
    names = [str(path.resolve()) for path in paths]
    done = subprocess.run(
        [sys.executable, "-c", _PEAK, *names], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return int(done.stdout.split()[-1])


def report(costs: Sequence[Cost]) -> str:
    """Ratio and stages of some images."""
    bare, reader = sum(c.bare for c in costs), sum(c.reader for c in costs)
    names = list(dict.fromkeys(name for c in costs for name in c.stages))
    wall = {name: sum(c.stages.get(name, 0.0) for c in costs) for name in names}
    whole = sum(wall.values()) or 1.0
    split = ", ".join(f"{name} {100 * seconds / whole:.0f}%" for name, seconds in wall.items())
    return (
        f"{len(costs)} charts: bare rapidocr {bare / len(costs):.2f} CPU-s a chart, reader"
        f" {reader / len(costs):.2f}; ratio of the sums {reader / bare:.2f}, median"
        f" {statistics.median(c.ratio for c in costs):.2f}, 90% within"
        f" {sorted(c.ratio for c in costs)[int(0.9 * (len(costs) - 1))]:.2f}\nstages: {split}"
    )


def bars(count: int, width: int = 900, scale: float = 1.0) -> Any:
    """A bar chart of `count` bars, `width` x 0.6 `width` pixels times `scale`."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width / 100, width * 0.6 / 100), dpi=100 * scale)
    axes = figure.add_subplot()
    values = np.random.default_rng(count).uniform(10, 90, count)
    axes.bar([str(2000 + i) for i in range(count)], values, color="#1f77b4")
    axes.tick_params(axis="x", labelrotation=90 if count > 12 else 0, labelsize=7)
    axes.set_title("Exports by year")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return np.asarray(Image.open(buffer).convert("RGB"))


def curves(engine: Callable[[Any], Any]) -> Iterator[str]:
    """Lines of CPU seconds by pixels and by marks, and the exponents that fit them."""
    for title, charts in (
        ("Mpx", [(w * w * 0.6 * 1e-6, bars(8, w)) for w in (450, 900, 1300, 1800, 2400)]),
        ("marks", [(float(n), bars(n, 1200)) for n in (4, 8, 16, 32, 64)]),
    ):
        points = [(size, measure(engine, rgb)) for size, rgb in charts]
        for size, cost in points:
            whole = sum(cost.stages.values()) or 1.0
            apart = cost.reader * (1 - cost.stages.get("ocr", 0.0) / whole)
            yield (
                f"{size:7.2f} {title}: bare {cost.bare:.2f}, reader {cost.reader:.2f} CPU-s, of"
                f" which not OCR {apart:.2f} ({cost.marks} marks read)"
            )
        logs = [(math.log(size), math.log(max(1e-3, cost.reader))) for size, cost in points]
        slope = np.polyfit([x for x, _ in logs], [y for _, y in logs], 1)[0]
        yield f"cost grows as {title} to the power of {slope:.2f}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("images", type=Path, nargs="*")
    parser.add_argument("--limit", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--curves", action="store_true")
    options = parser.parse_args()
    engine = bare_engine()
    measure(engine, bars(4, 400))  # both are loaded
    paths = files(options.images, options.limit, options.seed)
    if paths:
        print(report([measure(engine, pixels(path)) for path in paths]), flush=True)
        print(f"peak memory of a reader process over these: {peak_memory(paths)} MiB", flush=True)
    if options.curves:
        for line in curves(engine):
            print(line, flush=True)


if __name__ == "__main__":
    main()
