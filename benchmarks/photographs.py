"""Photographs of charts: how many are read, refused with a reason, or read wrongly.

    python -m benchmarks.photographs [--count 24] [--seed 0] [--kinds bar,line,…] [--save FOLDER]

Generated charts (see benchmarks/charts) laid on a table, seen from a little aside and turned,
under uneven light, with a camera's blur and noise, and compressed. A photograph counts as read when
the kind is right and four fifths of the values are within 2% of the axis' range; as refused when no
kind was recognised, or values are missing, and a problem says why.
"""

from __future__ import annotations

import argparse
import io
import tempfile
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from air_cli.read.scene import Rgb
from benchmarks.charts import make
from benchmarks.charts.compare import Result, compare
from benchmarks.charts.reading import read_image

Rng = np.random.Generator
_KINDS = "bar,barh,grouped-bar,stacked-bar,line,pie,scatter,dot,area"


def photographed(rng: Rng, picture: Rgb) -> bytes:
    """A JPEG of a picture as a camera would have seen it."""
    height, width = picture.shape[:2]
    pad = round(float(rng.uniform(0.03, 0.1)) * width)
    table = np.array(rng.integers(60, 150, 3), np.uint8)
    sheet = np.empty((height + 2 * pad, width + 2 * pad, 3), np.uint8)
    sheet[:] = table
    sheet[pad:-pad, pad:-pad] = picture
    high, wide = sheet.shape[:2]
    corners = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    turn, lean = np.radians(rng.uniform(-5, 5)), float(rng.uniform(0.0, 0.035))
    spin = np.array([(np.cos(turn), -np.sin(turn)), (np.sin(turn), np.cos(turn))])
    centre = corners.mean(axis=0)
    moved = (corners - centre) @ spin.T * 0.97 + centre
    moved += rng.uniform(-lean, lean, (4, 2)) * (wide, high)
    matrix = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    border = tuple(int(v) for v in table)
    seen = cv2.warpPerspective(
        sheet, matrix, (wide, high), flags=cv2.INTER_AREA, borderValue=border
    ).astype(np.float32)
    ys, xs = np.mgrid[-1 : 1 : high * 1j, -1 : 1 : wide * 1j]
    slope, side = rng.uniform(0.0, 0.22), rng.uniform(0, 2 * np.pi)
    light = 0.86 + slope * (xs * np.cos(side) + ys * np.sin(side)) - 0.06 * (xs**2 + ys**2)
    seen *= light[..., None] * rng.uniform(0.94, 1.0, 3)
    seen = cv2.GaussianBlur(seen, (0, 0), float(rng.uniform(0.4, 0.9)))
    seen += rng.normal(0, float(rng.uniform(1.5, 4.0)), seen.shape)
    buffer = io.BytesIO()
    shot = Image.fromarray(np.clip(seen, 0, 255).astype(np.uint8))
    shot.save(buffer, "JPEG", quality=int(rng.integers(80, 95)))
    return buffer.getvalue()


def outcome(result: Result) -> str:
    """read, refused or wrong."""
    if result.kind_right and result.share(0.02) >= 0.8:
        return "read"
    missing = sum(p.error is None for p in result.points)
    told = result.problems and missing >= 0.5 * len(result.points)
    return "refused" if result.read_as == "unknown" or told else "wrong"


def main() -> None:
    """Make, read, and print a line a photograph and the totals."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.photographs")
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kinds", default=_KINDS)
    parser.add_argument("--save", type=Path, help="write photographs and overlays here")
    options = parser.parse_args()
    renderers = make.load(list(make.RENDERERS))
    total = Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        place = options.save or Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        for number in range(options.count):
            rng = np.random.default_rng([options.seed, number, 7])
            data, truth = make.chart(rng, renderers, options.kinds)
            picture = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), np.uint8)
            file = place / f"{number:03}.jpg"
            file.write_bytes(photographed(rng, picture))
            overlay = place / f"{number:03}-read.png" if options.save else None
            result = compare(truth, read_image(file, overlay))
            total[outcome(result)] += 1
            print(
                f"{number:03} {truth['kind']} by {truth['renderer']}: {outcome(result)}, read as"
                f" {result.read_as}, {result.share(0.02):.0%} of the values;"
                f" {'; '.join(result.problems)[:120]}",
                flush=True,
            )
    print(", ".join(f"{name} {count}" for name, count in total.most_common()))


if __name__ == "__main__":
    main()
