"""Share of the printed texts of charts that are read, against boxes with their true text.

    python -m benchmarks.text_recall TRUTH.jsonl [--limit N] [--missed]

A line of TRUTH has `image` (relative to the file) and `text`: a list of {"text", "bbox": {center_x,
center_y, width, height}}. A text counts as read when its letters and digits stand, in order and
next to one another, in what was read where it is: in one text, or in neighbours joined.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from air_cli.read.chart import read_chart
from air_cli.records import Box, Text


def letters(text: str) -> str:
    """What of a text is compared."""
    return "".join(c for c in text.casefold() if c.isalnum())


def box_of(bbox: dict[str, float]) -> Box:
    """(left, top, right, bottom)."""
    x, y, wide, high = (bbox[k] for k in ("center_x", "center_y", "width", "height"))
    return (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)


def is_read(text: str, box: Box, texts: Sequence[Text]) -> bool:
    """Whether the texts that touch `box` say `text`."""
    near = [t for t in texts if _touch(box, t.bbox_px)]
    wanted = letters(text)
    if any(wanted in letters(t.text) for t in near):
        return True
    # Across, down, or upwards for text that is turned.
    for first, second, sign in ((1, 0, 1), (0, 1, 1), (3, 0, -1)):
        ranked = sorted(near, key=lambda t: (sign * round(t.bbox_px[first] / 6), t.bbox_px[second]))
        if wanted in letters("".join(t.text for t in ranked)):
            return True
    return False


def _touch(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def score(row: dict[str, Any], folder: Path) -> tuple[list[str], list[str]]:
    """(texts that were read, texts that were not) of one image."""
    rgb = np.asarray(Image.open(folder / row["image"]).convert("RGB"))
    texts = read_chart(rgb)[0].text
    done: tuple[list[str], list[str]] = ([], [])
    for item in row["text"]:
        if letters(item["text"]):
            done[not is_read(item["text"], box_of(item["bbox"]), texts)].append(item["text"])
    return done


def main() -> None:
    """Print a line an image and the recall over all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("truth", type=Path)
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--missed", action="store_true", help="name the texts that were not read")
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.truth.read_text("utf-8").splitlines() if line]
    found = total = 0
    for row in rows[: options.limit or len(rows)]:
        read, missed = score(row, options.truth.parent)
        found, total = found + len(read), total + len(read) + len(missed)
        print(f"{row['image']}: {len(read)}/{len(read) + len(missed)}", end="")
        print(f"  {missed}" if options.missed and missed else "", flush=True)
    print(f"text recall {found / max(1, total):.3f} ({found} of {total})")


if __name__ == "__main__":
    main()
