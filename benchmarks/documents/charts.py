"""How exactly vector charts of several producers are read.

python -m benchmarks.documents.charts [--count 2] [--seed 1] [--producers vega,r] [--kinds bar]
    [--folder DIR] [--verbose]
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from pathlib import Path

from air_cli.errors import ItemError
from air_cli.read.pdf import PdfDocument
from air_cli.read.svg import svg_to_pdf
from air_cli.read.vector import read_vector
from air_cli.records import Chart
from benchmarks.documents.producers import NAMES, draw
from benchmarks.documents.scoring import Score, score
from benchmarks.documents.specs import KINDS, specs


def read(path: Path) -> Chart | None:
    """The largest figure of a document, read from its drawing operations; None without one."""
    data = path.read_bytes()
    drawn = svg_to_pdf(data, path.name) if path.suffix == ".svg" else data
    document = PdfDocument(drawn, path.name)
    try:
        figures = [f for f in document.figures([1]) if f.kind != "table"]
        figures.sort(key=lambda f: f.size_px[0] * f.size_px[1], reverse=True)
        if not figures:
            return None
        best = figures[0]
        return read_vector(*document.drawn(best), best)
    except ItemError:
        return None
    finally:
        document.close()


def total(scores: list[Score]) -> str:
    """A line of figures for some charts."""
    values = sum(item.values for item in scores) or 1
    right = sum(item.right for item in scores)
    names = [sum(item.names[n] for item in scores) for n in range(3)]
    f1 = 2 * names[2] / (names[0] + names[1]) if names[0] + names[1] else 1.0
    kinds = sum(item.kind_right for item in scores)
    return (
        f"{len(scores):4} charts  {100 * right / values:6.2f}% of {values:5} values"
        f"  names F1 {f1:.3f}  kinds {kinds}/{len(scores)}"
    )


def main() -> None:
    """Draw, read, score, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--producers", default=",".join(NAMES))
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "air-charts")
    parser.add_argument("--verbose", action="store_true")
    wanted = parser.parse_args()
    made = list(specs(wanted.count, wanted.seed, tuple(wanted.kinds.split(","))))
    by_kind: dict[str, list[Score]] = defaultdict(list)
    everything: list[Score] = []
    for producer in wanted.producers.split(","):
        paths = draw(producer, made, wanted.folder / producer)
        mine = []
        for spec in made:
            if spec.id not in paths:
                continue
            found = score(spec, read(paths[spec.id]))
            mine.append(found)
            by_kind[spec.kind].append(found)
            if wanted.verbose and (found.wrong or not found.kind_right or found.names_f1 < 1):
                print(
                    f"  {producer:10} {spec.id:24} {found.right}/{found.values}"
                    f" names {found.names} kind {found.kind_right} {found.wrong[:2]}"
                )
        everything += mine
        print(f"{producer:18} {total(mine)}", flush=True)
    for kind, scores in by_kind.items():
        print(f"  {kind:16} {total(scores)}")
    print(f"{'all':18} {total(everything)}")


if __name__ == "__main__":
    main()
