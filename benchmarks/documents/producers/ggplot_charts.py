"""Charts by ggplot2 on R's `pdf` device."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from benchmarks.documents.producers.r_charts import numbers, words
from benchmarks.documents.specs import Spec

_LEFT_OUT = ("hatched-bar", "donut", "combo", "box", "smooth-line")


def draw(specs: Sequence[Spec], folder: Path) -> None:
    """Draw all specs in one R process."""
    if not shutil.which("Rscript"):
        return
    code = ["suppressMessages(library(ggplot2))"]
    for number, spec in enumerate(specs):
        if spec.kind in _LEFT_OUT:
            continue
        theme = ("theme_grey", "theme_minimal", "theme_classic")[number % 3]
        code += [*_plot(spec, theme), f"pdf('{folder / spec.id}.pdf', width=7, height=4.4)",
                 "print(p)", "invisible(dev.off())"]  # fmt: skip
    script = folder / "all.R"
    script.write_text("\n".join(code))
    subprocess.run(["Rscript", "--vanilla", str(script)], check=True, timeout=600)


def _plot(spec: Spec, theme: str) -> list[str]:
    if spec.points:
        return _scatter(spec, theme)
    size, count = len(spec.categories), len(spec.values)
    flat = [value for row in spec.values.values() for value in row]
    x = numbers([float(c) for c in spec.categories]) if spec.numeric_x else words(spec.categories)
    code = [f"d <- data.frame(c=rep({x}, times={count}), v={numbers(flat)}, "
            f"s=rep({words(list(spec.values))}, each={size}))",
            f"d$s <- factor(d$s, levels={words(list(spec.values))})"]  # fmt: skip
    if not spec.numeric_x:
        code.append(f"d$c <- factor(d$c, levels={words(spec.categories)})")
    return [*code, f"p <- ggplot(d, {_mapping(spec)}) + {_layer(spec)} + {theme}() + "
            f"labs(title='{spec.title}', x=NULL, y='{spec.unit}', fill=NULL, colour=NULL)"
            f"{_extras(spec)}"]  # fmt: skip


def _mapping(spec: Spec) -> str:
    if spec.kind == "pie":
        return "aes(x='', y=v, fill=c)"
    colour = ""
    if len(spec.values) > 1:
        colour = ", colour=s, group=s" if spec.shape == "line" else ", fill=s, group=s"
    elif spec.shape in ("line", "area"):
        colour = ", group=1"
    return f"aes(x=c, y=v{colour})"


def _layer(spec: Spec) -> str:
    if spec.kind == "pie":
        return "geom_col() + coord_polar('y')"
    if "bar" in spec.shape:
        place = "'stack'" if spec.shape.startswith("stacked") else "position_dodge()"
        layer = f"geom_col(position={place})"
        if spec.kind == "labelled-bar":
            layer += " + geom_text(aes(label=v), position=position_dodge(.9), vjust=-.4)"
        return layer
    if spec.kind.endswith("area"):
        place = "'stack'" if spec.kind == "stacked-area" else "'identity'"
        return f"geom_area(position={place}, alpha=.8)"
    return "geom_line(linewidth=.8)" + " + geom_point()" * (spec.kind == "marker-line")


def _extras(spec: Spec) -> str:
    extras = ""
    if spec.log:
        extras += " + scale_y_log10()"
    if "barh" in spec.kind:
        extras += " + coord_flip()"
    if spec.kind == "slanted-bar":
        extras += " + theme(axis.text.x=element_text(angle=40, hjust=1))"
    return extras


def _scatter(spec: Spec, theme: str) -> list[str]:
    rows = [(x, y, s) for s, row in spec.points.items() for x, y in row]
    colour = ", colour=s" if len(spec.points) > 1 else ""
    log = " + scale_y_log10()" if spec.log else ""
    return [
        f"d <- data.frame(x={numbers([r[0] for r in rows])}, y={numbers([r[1] for r in rows])}, "
        f"s={words([r[2] for r in rows])})",
        f"p <- ggplot(d, aes(x, y{colour})) + geom_point() + {theme}() + "
        f"labs(title='{spec.title}', y='{spec.unit}', colour=NULL){log}",
    ]
