"""Charts by R's base graphics (`pdf` and `cairo_pdf` in turn)."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from benchmarks.documents.specs import Spec

_LEFT_OUT = ("stacked-negative", "donut", "stacked-area", "area", "smooth-line", "combo")


def draw(specs: Sequence[Spec], folder: Path) -> None:
    """Draw all specs in one R process."""
    if not shutil.which("Rscript"):
        return
    code = []
    for number, spec in enumerate(specs):
        if spec.kind in _LEFT_OUT:
            continue
        device = ("pdf", "cairo_pdf")[number % 2]
        code.append(f"{device}('{folder / spec.id}.pdf', width=7, height=4.6)")
        below = 9 if spec.kind == "slanted-bar" else 5
        code += [f"par(mar=c({below}, 4, 4, 2))", *_plot(spec), "invisible(dev.off())"]
    script = folder / "all.R"
    script.write_text("\n".join(code))
    subprocess.run(["Rscript", "--vanilla", str(script)], check=True, timeout=300)


def numbers(values: Sequence[float]) -> str:
    """A vector in R's notation."""
    return f"c({', '.join(map(str, values))})"


def words(values: Sequence[str]) -> str:
    """A character vector in R's notation."""
    return "c(" + ", ".join(f'"{value}"' for value in values) + ")"


def _plot(spec: Spec) -> list[str]:
    if spec.points:
        return _scatter(spec)
    names, labels = words(list(spec.values)), words(spec.categories)
    rows = ", ".join(numbers(row) for row in spec.values.values())
    colours = f"hcl.colors({max(len(spec.values), 2)}, 'Dark 3')[1:{len(spec.values)}]"
    if spec.kind == "pie":
        return [f"pie({rows}, labels={labels}, main='{spec.title}')"]
    if spec.kind == "box":
        columns = [numbers(column) for column in zip(*spec.values.values(), strict=True)]
        return [
            f"bxp(list(stats=cbind({', '.join(columns)}), n=rep(9,{len(columns)}), "
            f"conf=matrix(0,2,{len(columns)}), out=numeric(0), group=numeric(0), "
            f"names={labels}), main='{spec.title}')"
        ]
    if "bar" in spec.shape:
        return [_bars(spec, rows, labels, names, colours)]
    return _lines(spec, rows, labels, names, colours)


def _bars(spec: Spec, rows: str, labels: str, names: str, colours: str) -> str:
    beside = "FALSE" if spec.shape.startswith("stacked") else "TRUE"
    legend = f", legend.text={names}, args.legend=list(x='topright')" * (len(spec.values) > 1)
    flat = ", horiz=TRUE, las=1" if "barh" in spec.kind else ""
    hatch = ", density=20, angle=c(20,60,120,150)[1:nrow(m)]" * (spec.kind == "hatched-bar")
    turned = ", las=2" * (spec.kind == "slanted-bar")
    plot = (
        f"m <- rbind({rows}); b <- barplot(m, beside={beside}, names.arg={labels}, "
        f"col={colours}, main='{spec.title}', cex.names=.65{legend}{flat}{hatch}{turned})"
    )
    return plot + ("; text(b, m, labels=m, pos=3, xpd=NA)" * (spec.kind == "labelled-bar"))


def _lines(spec: Spec, rows: str, labels: str, names: str, colours: str) -> list[str]:
    log = ", log='y'" if spec.log else ""
    how = "o" if spec.kind == "marker-line" else "l"
    x = numbers([float(c) for c in spec.categories]) if spec.numeric_x else "seq_len(nrow(m))"
    axis = "" if spec.numeric_x else ", xaxt='n'"
    code = [
        f"m <- cbind({rows})",
        f"matplot({x}, m, type='{how}', pch=16, lty=1, lwd=2, col={colours}, xlab='', "
        f"ylab='{spec.unit}', main='{spec.title}'{log}{axis})",
    ]
    if not spec.numeric_x:
        code.append(f"axis(1, seq_len(nrow(m)), {labels})")
    if len(spec.values) > 1:
        code.append(f"legend('topleft', {names}, col={colours}, lty=1, lwd=2)")
    return code


def _scatter(spec: Spec) -> list[str]:
    xs = [x for row in spec.points.values() for x, _ in row]
    ys = [y for row in spec.points.values() for _, y in row]
    sizes = [len(row) for row in spec.points.values()]
    log = ", log='y'" if spec.log else ""
    code = [
        f"g <- rep(seq_len({len(sizes)}), times={numbers(sizes)})",
        f"cols <- hcl.colors({max(len(sizes), 2)}, 'Dark 3')",
        f"plot({numbers(xs)}, {numbers(ys)}, col=cols[g], pch=16, xlab='x', "
        f"ylab='{spec.unit}', main='{spec.title}'{log})",
    ]
    if len(sizes) > 1:
        code.append(
            f"legend('topright', {words(list(spec.points))}, col=cols[1:{len(sizes)}], pch=16)"
        )
    return code
