"""Whether pictures that are no charts are recognised as such.

    python -m benchmarks.not_charts [--pdfs FOLDER] [--each 12] [--seed 0] [--save FOLDER]

Drawn here: flow charts, maps, logos, tables, pages of text, gradients in place of photographs.
With `--pdfs`, taken from the PDFs below that folder as well: photographs (embedded pictures with
hardly two equal neighbouring pixels), tables that have rules, and pages of text alone. A picture is
recognised when no figure in it is read as a kind of chart: `unknown`, or `table` for a table or a
page of text.
"""

from __future__ import annotations

import argparse
import io
import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch, Polygon, Wedge
from PIL import Image

from benchmarks.charts.reading import read_image
from benchmarks.charts.words import COUNTRIES, PALETTES, SEGMENTS, STATEMENTS

Rng = np.random.Generator
_WORDS = " ".join([*COUNTRIES, *SEGMENTS, *STATEMENTS]).lower().split()


def _png(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def _sheet(rng: Rng) -> tuple[Figure, Any]:
    size = (float(rng.uniform(5, 9)), float(rng.uniform(3.5, 6.5)))
    figure = Figure(figsize=size, dpi=int(rng.choice([80, 100, 130])))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set(xlim=(0, 1), ylim=(0, 1))
    return figure, axes


def flow_chart(rng: Rng) -> bytes:
    """Boxes with words, in rows, with arrows between them."""
    figure, axes = _sheet(rng)
    palette = PALETTES[int(rng.integers(len(PALETTES)))]
    rows, columns = int(rng.integers(2, 5)), int(rng.integers(2, 4))
    places = []
    for row in range(rows):
        for column in range(columns):
            x, y = (column + 0.5) / columns, 1 - (row + 0.5) / rows
            wide, high = 0.6 / columns, 0.45 / rows
            style = "round,pad=0.01" if rng.random() < 0.6 else "square,pad=0.01"
            color = palette[int(rng.integers(4))] if rng.random() < 0.5 else "#eef3f8"
            corner = (x - wide / 2, y - high / 2)
            axes.add_patch(FancyBboxPatch(corner, wide, high, style, fc=color, ec="#333333"))
            words = "\n".join(str(w) for w in rng.choice(_WORDS, 2))
            axes.text(x, y, words, ha="center", va="center", fontsize=8)
            places.append((x, y, wide, high))
    for (x, y, wide, _), (u, v, *_rest) in itertools.pairwise(places):
        if abs(v - y) < 1e-6:
            arrow = {"arrowstyle": "->", "color": "#333333"}
            axes.annotate("", (u - wide / 2 - 0.01, v), (x + wide / 2 + 0.01, y), arrowprops=arrow)
    return _png(figure)


def map_of_cells(rng: Rng) -> bytes:
    """Coloured cells like the provinces of a country, some with names."""
    figure, axes = _sheet(rng)
    palette = PALETTES[int(rng.integers(len(PALETTES)))]
    count = int(rng.integers(4, 8))
    grid = np.linspace(0.08, 0.92, count + 1)
    shift = rng.uniform(-0.35, 0.35, (count + 1, count + 1, 2)) * (grid[1] - grid[0])
    for i in range(count):
        for j in range(count):
            if rng.random() < 0.2:
                continue
            at = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)]
            corners = [(grid[a] + shift[a, b, 0], grid[b] + shift[a, b, 1]) for a, b in at]
            color = palette[int(rng.integers(5))]
            axes.add_patch(Polygon(corners, fc=color, ec="white", lw=0.8))
            if rng.random() < 0.3:
                x, y = np.mean(corners, axis=0)
                axes.text(x, y, str(rng.choice(COUNTRIES)), ha="center", fontsize=7)
    return _png(figure)


def logo(rng: Rng) -> bytes:
    """A few shapes and a name."""
    figure, axes = _sheet(rng)
    palette = PALETTES[int(rng.integers(len(PALETTES)))]
    for _ in range(int(rng.integers(1, 4))):
        x, y, r = rng.uniform(0.15, 0.4), rng.uniform(0.4, 0.6), rng.uniform(0.06, 0.16)
        color = palette[int(rng.integers(5))]
        start = float(rng.uniform(0, 360))
        shapes = (Circle((x, y), r, fc=color), Wedge((x, y), r, start, start + 200, fc=color))
        axes.add_patch(shapes[int(rng.integers(2))])
    name = str(rng.choice(_WORDS)).capitalize()
    axes.text(0.5, 0.5, name, fontsize=int(rng.integers(24, 44)), va="center", weight="bold")
    return _png(figure)


def table(rng: Rng) -> bytes:
    """A table of numbers with a head, with or without rules."""
    figure, axes = _sheet(rng)
    rows, columns = int(rng.integers(4, 9)), int(rng.integers(2, 6))
    names = rng.choice(SEGMENTS, rows)
    cells = [[f"{rng.uniform(1, 9999):,.1f}" for _ in range(columns)] for _ in range(rows)]
    made = axes.table(
        cells, rowLabels=list(names), colLabels=[str(2015 + i) for i in range(columns)],
        bbox=(0.28, 0.05, 0.7, 0.9),
    )  # fmt: skip
    made.auto_set_font_size(False)
    made.set_fontsize(8)
    if rng.random() < 0.5:
        for cell in made.get_celld().values():
            cell.set_linewidth(0)
    return _png(figure)


def text_page(rng: Rng) -> bytes:
    """Lines of words."""
    figure, axes = _sheet(rng)
    lines = [
        " ".join(str(w) for w in rng.choice(_WORDS, 9)) for _ in range(int(rng.integers(8, 20)))
    ]
    axes.text(0.05, 0.95, "\n".join(lines), va="top", fontsize=8, linespacing=1.4)
    return _png(figure)


def gradient(rng: Rng) -> bytes:
    """Smooth light and shade with grain, for want of a photograph."""
    wide, high = int(rng.integers(400, 900)), int(rng.integers(300, 700))
    coarse = rng.uniform(0, 255, (6, 8, 3)).astype(np.uint8)
    smooth = np.asarray(Image.fromarray(coarse).resize((wide, high), Image.Resampling.BICUBIC))
    grain = rng.normal(0, 7, smooth.shape)
    buffer = io.BytesIO()
    Image.fromarray(np.clip(smooth + grain, 0, 255).astype(np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


DRAWN: dict[str, Callable[[Rng], bytes]] = {
    "flow chart": flow_chart, "map": map_of_cells, "logo": logo, "table": table,
    "text": text_page, "gradient": gradient,
}  # fmt: skip


def from_pdfs(folder: Path, each: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """(kind, PNG) of photographs, ruled tables and pages of text from the PDFs below `folder`."""
    import pymupdf

    paths = sorted(folder.rglob("*.pdf"))
    random.Random(seed).shuffle(paths)
    left = Counter({"photo of a PDF": each, "table of a PDF": each, "text of a PDF": each})
    for path in paths:
        try:
            document = pymupdf.open(path)
        except RuntimeError:
            continue
        pages = random.Random(seed).sample(range(len(document)), min(12, len(document)))
        for number in pages:
            for kind, data in _of_page(document, document[number]):
                if left[kind] > 0:
                    left[kind] -= 1
                    yield kind, data
        if not +left:
            return


def _of_page(document: Any, page: Any) -> Iterator[tuple[str, bytes]]:
    images, drawings = page.get_images(full=True), page.get_drawings()
    if not images and len(drawings) < 3 and len(page.get_text()) > 1500:
        yield "text of a PDF", page.get_pixmap(dpi=90).tobytes("png")
    if 10 < len(drawings) < 300 and not images:
        for found in page.find_tables().tables[:1]:
            if found.row_count >= 3 and found.col_count >= 3:
                yield "table of a PDF", page.get_pixmap(dpi=120, clip=found.bbox).tobytes("png")
    for image in images[:2]:
        data = document.extract_image(image[0])["image"]
        picture = Image.open(io.BytesIO(data))
        if min(picture.size) >= 200 and picture.mode == "RGB" and _grain(picture) > 0.8:
            buffer = io.BytesIO()
            picture.thumbnail((1200, 1200))
            picture.save(buffer, "PNG")
            yield "photo of a PDF", buffer.getvalue()


def _grain(picture: Image.Image) -> float:
    """Share of neighbouring pixels that differ: near 1 in a photograph, near 0 in a drawing."""
    rgb = np.asarray(picture.resize((300, 300), Image.Resampling.NEAREST)).astype(int)
    return float((np.abs(np.diff(rgb, axis=1)).sum(axis=2) > 0).mean())


def main() -> None:
    """Print what each picture was taken for that was not recognised, and the shares."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pdfs", type=Path)
    parser.add_argument("--each", type=int, default=12, help="pictures of each kind")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--save", type=Path, required=True, help="where the pictures go")
    options = parser.parse_args()
    pictures = [
        (kind, make(np.random.default_rng([options.seed, number, i])))
        for i, (kind, make) in enumerate(DRAWN.items())
        for number in range(options.each)
    ]
    if options.pdfs:
        pictures += list(from_pdfs(options.pdfs, options.each, options.seed))
    total, right = Counter[str](), Counter[str]()
    options.save.mkdir(parents=True, exist_ok=True)
    for number, (kind, data) in enumerate(pictures):
        path = options.save / f"{number:03}-{kind.replace(' ', '-')}.png"
        path.write_bytes(data)
        kinds = {chart.kind for chart in read_image(path)}
        good = kinds <= ({"unknown", "table"} if "table" in kind or "text" in kind else {"unknown"})
        total[kind] += 1
        right[kind] += good
        if not good:
            print(f"{path.name}: taken for {', '.join(sorted(kinds))}", flush=True)
    for kind in total:
        print(f"{kind}: {right[kind]} of {total[kind]}")
    print(f"recognised as no chart: {right.total() / max(1, total.total()):.1%} of {total.total()}")


if __name__ == "__main__":
    main()
