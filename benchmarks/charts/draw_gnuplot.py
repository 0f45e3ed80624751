"""Plans drawn by gnuplot (its cairo terminal)."""

from __future__ import annotations

import shutil
import subprocess

import numpy as np

from benchmarks.charts.plan import Plan

CAN = frozenset(
    {
        "bar", "grouped-bar", "stacked-bar", "line", "area", "stacked-area", "scatter", "combo",
        "box", "waterfall",
    }
)  # fmt: skip


def draw(plan: Plan) -> bytes:
    """The chart as PNG. Raises ImportError where gnuplot is not installed."""
    program = shutil.which("gnuplot")
    if program is None:
        raise ImportError("gnuplot is not installed")
    script = "\n".join([*_head(plan), *_body(plan)])
    done = subprocess.run(
        [program], input=script.encode(), capture_output=True, timeout=60, check=False
    )
    if not done.stdout.startswith(b"\x89PNG"):
        raise RuntimeError(f"gnuplot: {done.stderr.decode()[:300]}\n{script[:600]}")
    return done.stdout


def _head(plan: Plan) -> list[str]:
    style = plan.style
    size = f"{round(style.width * style.scale)},{round(style.height * style.scale)}"
    ink, ground = ("#dddddd", "#14171c") if style.dark else ("#000000", "#ffffff")
    lines = [
        f'set terminal pngcairo size {size} font "{style.font},{style.size * style.scale * 0.9:.1f}"'
        f' background "{ground}" pointscale {style.scale:.2f} linewidth {style.scale:.2f} noenhanced',
        "set encoding utf8",
        f'set border {11 if style.frame else 3} lc rgb "{ink}"',
        f'set tics textcolor rgb "{ink}" {"nomirror" if not style.frame else ""}',
        f'set key textcolor rgb "{ink}"',
    ]
    if plan.title:
        lines.append(f'set title "{_quoted(plan.title)}" textcolor rgb "{ink}"')
    if plan.axis:
        lines.append(f'set ylabel "{_quoted(plan.axis)}" textcolor rgb "{ink}"')
    if plan.x_axis:
        lines.append(f'set xlabel "{_quoted(plan.x_axis)}" textcolor rgb "{ink}"')
    if style.grid != "none":
        both = "" if style.grid == "both" else "noxtics "
        lines.append(
            f'set grid {both}ytics lc rgb "#bbbbbb" {"dt 3" if style.theme % 2 else "lt 1"}'
        )
    where = {"right": "outside right top", "top": "outside top center horizontal",
             "bottom": "outside bottom center horizontal"}  # fmt: skip
    shown = len(plan.series) > 1 or len(plan.extra.get("series", ())) > 1
    lines.append(
        f"set key {where.get(style.legend, 'outside right top')}" if shown else "unset key"
    )
    if plan.log:
        lines.append("set logscale y")
    low, high = (plan.high, plan.low) if plan.reverse else (plan.low, plan.high)
    if plan.fixed:
        lines.append(f"set yrange [{low}:{high}]")
    elif plan.low == 0:
        lines.append("set yrange [0:*]")
    prefix, suffix = _quoted(plan.numbers.prefix), _quoted(plan.numbers.suffix)
    if not plan.log:
        form = "%.1f" if plan.high - plan.low < 4 else "%g" if plan.high < 1e6 else "%.0f"
        lines.append(f'set format y "{prefix}{form}{suffix.replace("%", "%%")}"')
    return lines


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("`", "'")


def _body(plan: Plan) -> list[str]:
    if plan.kind == "scatter":
        return _points(plan)
    long = max(map(len, plan.categories)) * plan.style.size * 0.75 * len(plan.categories)
    beside = len(plan.series) > 1 and plan.style.legend not in ("top", "bottom")
    room = plan.style.width * (0.55 if beside else 0.8)  # the legend's names take a quarter
    turn = " rotate by -40" if long > room else ""
    every = 1
    if plan.kind in ("line", "area", "stacked-area") and turn:
        every, turn = -(-int(long) // int(plan.style.width * 0.7)), ""
    names = ", ".join(
        f'"{_quoted(c)}" {i}' for i, c in enumerate(plan.categories) if i % every == 0
    )
    mirror = "" if plan.style.frame else " nomirror"
    lines = [f"set xtics{mirror} ({names}){turn}", *_data(plan)]
    makers = {
        "line": _lines, "area": _areas, "stacked-area": _areas, "combo": _combo, "box": _boxes,
        "waterfall": _waterfall,
    }  # fmt: skip
    return lines + makers.get(plan.kind, _bars)(plan)


def _data(plan: Plan) -> list[str]:
    """The values as a data block: x, then a column a series."""
    rows = [
        f"{i} " + " ".join(f"{v:.10g}" for v in column) for i, column in enumerate(plan.values.T)
    ]
    return ["$data << EOD", *rows, "EOD"]


def _bars(plan: Plan) -> list[str]:
    many, thick, style = len(plan.series), plan.style.thick, plan.style
    solid = "pattern" if style.hatch else "solid 1.0"
    border = "border lc rgb 'black'" if style.edges or style.hatch else "noborder"
    parts, above = [], np.zeros_like(plan.values)
    if plan.kind.startswith("stacked"):
        return _stacked(plan, border)
    thick = thick / many
    for i, name in enumerate(plan.series):
        shift = (i - (many - 1) / 2) * thick
        fill = f"pattern {i + 1}" if style.hatch else solid
        parts.append(
            f"$data using ($1+{shift:.4f}):{i + 2}:({thick:.4f}) with boxes lc rgb"
            f" '{style.palette[i]}' fillstyle {fill} {border} title '{_single(name)}'"
        )
        if plan.labels:
            for k, value in enumerate(plan.values[i]):
                above[i, k] = value
                parts.append(_label(plan, k + shift, float(value), plan.numbers.text(float(value))))
    edge = f"set xrange [-0.7:{len(plan.categories) - 0.3}]"
    zero = ["set xzeroaxis lt -1"] if plan.low < 0 else []
    return [edge, *zero, *[p for p in parts if p.startswith("set")],
            "plot " + ", ".join(p for p in parts if not p.startswith("set"))]  # fmt: skip


def _label(plan: Plan, x: float, y: float, text: str) -> str:
    ink = "#dddddd" if plan.style.dark else "#000000"
    side = "0.6" if y >= 0 else "-0.8"
    return (
        f'set label "{_quoted(text)}" at {x:.4f},{y:.10g} center offset 0,{side}'
        f' front textcolor rgb "{ink}"'
    )


def _single(text: str) -> str:
    return text.replace("'", "''")


def _stacked(plan: Plan, border: str) -> list[str]:
    """Each segment as a box from its foot to its head, above or below zero."""
    high, low = np.zeros(len(plan.categories)), np.zeros(len(plan.categories))
    blocks, parts, labels = [], [], []
    for i, name in enumerate(plan.series):
        row = plan.values[i]
        foot = np.where(row >= 0, high, low)
        blocks.append(f"$s{i} << EOD")
        blocks += [
            f"{k} {a:.10g} {a + v:.10g}" for k, (a, v) in enumerate(zip(foot, row, strict=True))
        ]
        blocks.append("EOD")
        half = plan.style.thick / 2
        parts.append(
            f"$s{i} using 1:2:($1-{half:.4f}):($1+{half:.4f}):2:3 with boxxyerror lc rgb"
            f" '{plan.style.palette[i]}' fillstyle solid 1.0 {border} title '{_single(name)}'"
        )
        if plan.labels:
            labels += [
                f'set label "{_quoted(plan.numbers.text(float(v)))}" at {k},{a + v / 2:.10g} center front'
                for k, (a, v) in enumerate(zip(foot, row, strict=True))
                if abs(v) > 0.08 * (plan.high - plan.low)
            ]
        high, low = high + np.maximum(row, 0), low + np.minimum(row, 0)
    edge = f"set xrange [-0.7:{len(plan.categories) - 0.3}]"
    return [*blocks, edge, *labels, "plot " + ", ".join(parts)]


def _lines(plan: Plan) -> list[str]:
    parts, style = [], plan.style
    for i, name in enumerate(plan.series):
        how = "linespoints pt 7 ps 0.8" if style.marker else "lines"
        dash = f"dt {i % 4 + 1}" if style.dashes else "dt 1"
        width = 1 + 2 * style.thick
        parts.append(
            f"$data using 1:{i + 2} with {how} lc rgb '{style.palette[i]}' lw {width:.1f} {dash}"
            f" title '{_single(name)}'"
        )
    return ["plot " + ", ".join(parts)]


def _areas(plan: Plan) -> list[str]:
    parts = []
    for i, name in reversed(list(enumerate(plan.series))):
        total = "+".join(f"${k + 2}" for k in range(i + 1))
        parts.append(
            f"$data using 1:({total}) with filledcurves y1=0 lc rgb '{plan.style.palette[i]}'"
            f" fillstyle solid 1.0 title '{_single(name)}'"
        )
    edge = f"set xrange [0:{len(plan.categories) - 1}]"
    return [edge, "plot " + ", ".join(parts)]


def _points(plan: Plan) -> list[str]:
    lines: list[str] = []
    parts, style = [], plan.style
    for i, name in enumerate(plan.extra["series"]):
        mine = [p for p in plan.points if p[2] == name]
        lines += [f"$p{i} << EOD", *(f"{p[0]:.8g} {p[1]:.8g}" for p in mine), "EOD"]
        mark = (7, 5, 9, 13)[i % 4] if plan.style.marker else 7
        parts.append(
            f"$p{i} using 1:2 with points pt {mark} ps {0.9 + style.thick:.2f} lc rgb '{plan.style.palette[i]}'"
            f" title '{_single(name)}'"
        )
    lines.append(f"set xrange [{plan.extra['x_low']}:{plan.extra['x_high']}]")
    return [*lines, "plot " + ", ".join(parts)]


def _combo(plan: Plan) -> list[str]:
    many = len(plan.series) - 1
    thick = plan.style.thick / many
    parts = [
        f"$data using ($1+{(i - (many - 1) / 2) * thick:.4f}):{i + 2}:({thick:.4f}) with boxes lc rgb"
        f" '{plan.style.palette[i]}' fillstyle solid 1.0 noborder title '{_single(plan.series[i])}'"
        for i in range(many)
    ]
    parts.append(
        f"$data using 1:{many + 2} axes x1y2 with linespoints pt 7 lw 2 lc rgb"
        f" '{plan.style.palette[many]}' title '{_single(plan.series[-1])}'"
    )
    return [
        "set border 11", "set ytics nomirror", "set y2tics",
        f"set y2range [{plan.second_low}:{plan.second_high}]",
        f'set y2label "{_quoted(plan.series[-1])}"',
        f"set xrange [-0.7:{len(plan.categories) - 0.3}]",
        "plot " + ", ".join(parts),
    ]  # fmt: skip


def _boxes(plan: Plan) -> list[str]:
    color, half = plan.style.palette[0], plan.style.thick / 2
    return [
        f"set boxwidth {half:.3f}",
        f"set xrange [-0.7:{len(plan.categories) - 0.3}]",
        f"plot $data using 1:3:2:6:5 with candlesticks lc rgb '{color}' lw 1.5 fillstyle"
        f" {'solid 0.4' if plan.style.theme % 2 else 'empty'} notitle whiskerbars 0.6,"
        " $data using 1:4:4:4:4 with candlesticks lt -1 lw 2 notitle",
    ]


def _waterfall(plan: Plan) -> list[str]:
    level = 0.0
    blocks: dict[str, list[str]] = {"total": [], "up": [], "down": []}
    labels = []
    for i, value in enumerate(float(v) for v in plan.values[0]):
        foot = 0.0 if i in plan.totals else level
        level = foot + value
        kind = "total" if i in plan.totals else "up" if value > 0 else "down"
        blocks[kind].append(f"{i} {foot:.8g} {level:.8g}")
        if plan.labels:
            labels.append(_label(plan, i, max(foot, level), plan.numbers.text(value)))
    colors = {"total": plan.style.palette[0], "up": "#3b8f4a", "down": "#c0392b"}
    lines, parts, half = [], [], plan.style.thick / 2
    for kind, rows in blocks.items():
        if rows:
            lines += [f"${kind} << EOD", *rows, "EOD"]
            parts.append(
                f"${kind} using 1:2:($1-{half:.4f}):($1+{half:.4f}):2:3 with boxxyerror lc rgb"
                f" '{colors[kind]}' fillstyle solid 1.0 noborder notitle"
            )
    edge = f"set xrange [-0.7:{len(plan.categories) - 0.3}]"
    return [*lines, edge, *labels, "plot " + ", ".join(parts)]
