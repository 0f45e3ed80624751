"""Plans drawn by R's ggplot2, in one R process that is kept."""

from __future__ import annotations

import atexit
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from benchmarks.charts.plan import BARS, KINDS, Plan
from benchmarks.charts.words import label_ink

CAN = frozenset(KINDS) - {"combo", "waterfall"}
_THEMES = ("grey", "bw", "minimal", "classic", "light", "linedraw")


@cache
def _process() -> subprocess.Popen[str]:
    program = shutil.which("R")
    if program is None:
        raise ImportError("R is not installed")
    child = subprocess.Popen(
        [program, "--vanilla", "--no-echo"], text=True, encoding="utf-8",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    atexit.register(child.kill)
    if "no package" in _ask(child, "suppressMessages(library(ggplot2)); library(scales)"):
        raise ImportError("R has no ggplot2")
    return child


def _ask(child: subprocess.Popen[str], code: str) -> str:
    """Run R code; what it printed, or the error."""
    assert child.stdin is not None and child.stdout is not None
    wrapped = (
        f'tryCatch({{\n{code}\n}}, error = function(e) cat("ERROR", conditionMessage(e), "\\n"))\n'
    )
    child.stdin.write(wrapped + 'cat("<<done>>\\n")\n')
    child.stdin.flush()
    lines = []
    while (line := child.stdout.readline()) and "<<done>>" not in line:
        lines.append(line)
    return "".join(lines)


def draw(plan: Plan) -> bytes:
    """The chart as PNG. Raises ImportError where R or ggplot2 is not installed."""
    child, style = _process(), plan.style
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder) / "chart.png"
        code = _code(plan)
        width, height = round(style.width * style.scale), round(style.height * style.scale)
        end = (
            f'png("{at}", width={width}, height={height}, res={96 * style.scale:.1f}, type="cairo")\n'
            "tryCatch(print(p), finally = invisible(dev.off()))"
        )
        said = _ask(child, f"{code}\n{end}")
        if not at.exists() or "ERROR" in said:
            raise RuntimeError(f"R: {said[:300]}\n{code[:800]}")
        return at.read_bytes()


def _r(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _c(items: list[str]) -> str:
    return f"c({', '.join(items)})"


def _code(plan: Plan) -> str:
    parts = [*_data(plan), f"p <- {_plot(plan)}", *_dressed(plan)]
    return "\n".join(parts)


def _data(plan: Plan) -> list[str]:
    """`d`: a row a value, with `c` and `s` as ordered factors and the printed text `t`."""
    if plan.points:
        rows = list(zip(*plan.points, strict=True))
        x, y, size = (_c([f"{v:.8g}" for v in rows[k]]) for k in (0, 1, 3))
        names = [_r(str(n) or "all") for n in rows[2]]
        order = list(dict.fromkeys(names))
        return [
            f"d <- data.frame(x={x}, v={y}, z={size}, s=factor({_c(names)}, levels={_c(order)}))"
        ]
    cells = [
        (c, s or "all", float(v))
        for s, row in zip(plan.series, plan.values, strict=True)
        for c, v in zip(plan.categories, row, strict=True)
    ]
    levels = [_c([_r(n or "all") for n in names]) for names in (plan.categories, plan.series)]
    columns = [
        f"c=factor({_c([_r(c) for c, _, _ in cells])}, levels={levels[0]})",
        f"s=factor({_c([_r(s) for _, s, _ in cells])}, levels={levels[1]})",
        f"v={_c([f'{v:.10g}' for _, _, v in cells])}",
        f"t={_c([_r(plan.numbers.text(v)) for _, _, v in cells])}",
    ]
    return [f"d <- data.frame({', '.join(columns)})"]


def _plot(plan: Plan) -> str:
    makers = {
        "line": _lines, "area": _areas, "stacked-area": _areas, "pie": _pie, "donut": _pie,
        "scatter": _points, "bubble": _points, "dot": _dots, "range": _ranges, "box": _boxes,
        "heatmap": _heatmap, "panels": _panels,
    }  # fmt: skip
    return (_bars if plan.kind in BARS else makers[plan.kind])(plan)


def _bars(plan: Plan) -> str:
    flat, many = plan.kind.endswith("barh"), len(plan.series) > 1
    where = (
        "position_stack(reverse=TRUE)"
        if plan.kind.startswith("stacked")
        else "position_dodge(0.85)"
    )
    color = "" if many else f', fill="{plan.style.palette[0]}"'
    edge = ', colour="white"' if plan.style.edges else ""
    thick = 0.8 if many and not plan.kind.startswith("stacked") else plan.style.thick
    fill = "fill=s" if many else ""
    text = f"ggplot(d, aes(x=c, y=v, {fill})) + geom_col(position={where}, width={thick:.2f}{color}{edge})"
    if plan.labels:
        size = plan.style.size * 0.3
        if plan.kind.startswith("stacked"):
            small = 0.07 * (plan.high - plan.low)
            inks = _c([_r(label_ink(c)) for c in plan.style.palette[: len(plan.series)]])
            text += (
                f' + geom_text(aes(label=ifelse(abs(v) > {small:.6g}, t, "")), size={size:.2f},'
                f" colour=rep({inks}, each={len(plan.categories)}),"
                " position=position_stack(vjust=0.5, reverse=TRUE))"
            )
        else:
            nudge = (
                "hjust=ifelse(d$v < 0, 1.15, -0.15)" if flat else "vjust=ifelse(d$v < 0, 1.4, -0.4)"
            )
            text += f" + geom_text(aes(label=t), size={size:.2f}, position={where}, {nudge}{_ink(plan)})"
    if flat:
        text += " + coord_flip() + scale_x_discrete(limits=rev)"
    return text


def _ink(plan: Plan) -> str:
    return ', colour="#dddddd"' if plan.style.dark else ""


def _lines(plan: Plan) -> str:
    many = len(plan.series) > 1
    color = "colour=s, " if many else ""
    fixed = "" if many else f', colour="{plan.style.palette[0]}"'
    dash = "linetype=s, " if many and plan.style.dashes else ""
    text = (
        f"ggplot(d, aes(x=c, y=v, {color}{dash}group=s)) +"
        f" geom_line(linewidth={0.4 + 0.8 * plan.style.thick:.2f}{fixed})"
    )
    if plan.style.marker:
        text += f" + geom_point(size=2{fixed})"
    if many and plan.style.legend == "direct":
        last = _r(plan.categories[-1])
        text += (
            f" + geom_text(data=d[d$c == {last},], aes(label=s), hjust=-0.1,"
            f" size={plan.style.size * 0.3:.2f}, show.legend=FALSE)"
            " + coord_cartesian(clip='off')"
        )
    return text


def _areas(plan: Plan) -> str:
    fixed = "" if len(plan.series) > 1 else f', fill="{plan.style.palette[0]}"'
    fill = "fill=s, " if len(plan.series) > 1 else ""
    return f"ggplot(d, aes(x=c, y=v, {fill}group=s)) + geom_area(position=position_stack(reverse=TRUE){fixed})"


def _pie(plan: Plan) -> str:
    outside = plan.labels and not plan.style.theme % 2
    rim = 1.9 if outside else 1.5  # a ring fills its plot: labels outside need room of their own
    wide, left = ("1", "") if plan.kind == "pie" else ("0.9", f" + xlim(-0.6, {rim})")
    edge = ', colour="white"' if plan.style.edges else ""
    names = "" if plan.labels else ' (", d$t, ")'
    label = "d$c" if plan.labels else f'paste0(d$c, "{names}")'
    text = (
        f"ggplot(transform(d, k=factor({label}, levels=unique({label}))), aes(x=1, y=v, fill=k)) +"
        f" geom_col(width={wide}{edge}, position=position_stack(reverse=TRUE)) +"
        f' coord_polar(theta="y"){left}'
    )
    if plan.labels:
        colors = (plan.style.palette * 2)[: len(plan.categories)]
        inks = _c([_r(label_ink(color)) for color in colors])
        x, ink = ("1.72", _ink(plan)) if outside else ("1.1", f", colour={inks}")
        text += (
            f" + geom_text(aes(x={x}, label=t), size={plan.style.size * 0.3:.2f}{ink},"
            " position=position_stack(vjust=0.5, reverse=TRUE))"
        )
    return text


def _points(plan: Plan) -> str:
    many = len(plan.extra["series"]) > 1
    color = ", colour=s" if many else ""
    fixed = "" if many else f', colour="{plan.style.palette[0]}"'
    size = ", size=z" if plan.kind == "bubble" else ""
    shape = ", shape=s" if many and plan.style.marker else ""
    text = f"ggplot(d, aes(x=x, y=v{color}{size}{shape})) + geom_point(alpha=0.85{fixed}"
    text += ")" if size else ", size=2)"
    if size:
        text += ' + scale_size(range=c(2, 9), guide="none")'
    return text + f" + coord_cartesian(xlim=c({plan.extra['x_low']}, {plan.extra['x_high']}))"


def _dots(plan: Plan) -> str:
    many = len(plan.series) > 1
    color, fixed = (", colour=s", "") if many else ("", f', colour="{plan.style.palette[0]}"')
    text = f"ggplot(d, aes(x=v, y=c{color}))"
    if plan.lollipop:
        text += f" + geom_segment(aes(x=0, xend=v, yend=c){fixed})"
    text += f" + geom_point(size=3.2{fixed}) + scale_y_discrete(limits=rev)"
    if plan.labels:
        text += (
            f" + geom_text(aes(label=t), hjust=-0.4, size={plan.style.size * 0.3:.2f}{_ink(plan)})"
        )
    return text


def _ranges(plan: Plan) -> str:
    wide = 0.5 * plan.style.thick
    return (
        'ggplot(data.frame(c=d$c[d$s=="from"], a=d$v[d$s=="from"], b=d$v[d$s=="to"])) +'
        f" geom_rect(aes(xmin=as.numeric(c)-{wide:.2f}, xmax=as.numeric(c)+{wide:.2f}, ymin=a, ymax=b),"
        f' fill="{plan.style.palette[0]}") + scale_x_continuous(breaks=seq_along(levels(d$c)), labels=levels(d$c))'
    )


def _boxes(plan: Plan) -> str:
    take = ", ".join(
        f'{key}=d$v[d$s=="{name}"]' for key, name in zip("abmqe", plan.series, strict=True)
    )
    return (
        f"ggplot(data.frame(c=levels(d$c)[seq_len(nlevels(d$c))], {take}),"
        " aes(x=factor(c, levels=c), ymin=a, lower=b, middle=m, upper=q, ymax=e)) +"
        f' geom_boxplot(stat="identity", width={plan.style.thick * 0.8:.2f}, fill="{plan.style.palette[0]}",'
        " alpha=0.6)"
    )


def _heatmap(plan: Plan) -> str:
    high = ("#08519c", "#a50f15", "#00441b", "#3f007d", "#7f2704")[plan.style.theme % 5]
    text = f'ggplot(d, aes(x=s, y=c, fill=v)) + geom_tile() + scale_fill_gradient(low="#f7f7f7", high="{high}")'
    text += " + scale_y_discrete(limits=rev)"
    if plan.labels:
        middle = float(plan.values.mean())
        text += (
            f" + geom_text(aes(label=t), size={plan.style.size * 0.3:.2f},"
            f' colour=ifelse(d$v > {middle:.6g}, "white", "black"))'
        )
    return text


def _panels(plan: Plan) -> str:
    columns = 2 if len(plan.series) in (2, 4) else 3
    color = plan.style.palette[0]
    draw = (
        f'geom_line(aes(group=s), colour="{color}", linewidth=0.9)'
        if plan.panel_kind == "line"
        else f'geom_col(fill="{color}", width={plan.style.thick:.2f})'
    )
    text = f"ggplot(d, aes(x=c, y=v)) + {draw} + facet_wrap(~s, ncol={columns})"
    if plan.labels:
        text += f" + geom_text(aes(label=t), vjust=-0.4, size={plan.style.size * 0.27:.2f})"
    return text


def _dressed(plan: Plan) -> list[str]:
    """Scales, words and theme."""
    style = plan.style
    theme = "void" if plan.kind in ("pie", "donut") else _THEMES[style.theme % len(_THEMES)]
    family = style.font if style.font else "sans"
    labs = [f"title={_r(plan.title)}", "fill=NULL", "colour=NULL", "linetype=NULL", "shape=NULL"]
    labs += [f"subtitle={_r(plan.subtitle)}"] if plan.subtitle else []
    labs += [f"caption={_r(plan.source)}"] if plan.source else []
    sideways = plan.kind == "dot"
    value, other = (
        _r(plan.axis) if plan.axis else "NULL",
        _r(plan.x_axis) if plan.x_axis else "NULL",
    )
    if plan.kind == "heatmap":
        value = other = "NULL"
    labs += [f"x={value if sideways else other}", f"y={other if sideways else value}"]
    lines = [
        f"p <- p + labs({', '.join(labs)}) + theme_{theme}(base_size={style.size + 1:.1f}, base_family={_r(family)})",
        *_scales(plan, sideways),
    ]
    colors = _c([_r(c) for c in style.palette])
    lines.append(
        f"p <- p + scale_colour_manual(values={colors})"
        + ("" if plan.kind == "heatmap" else f" + scale_fill_manual(values={colors})")
    )
    where = style.legend if style.legend in ("right", "top", "bottom") else "right"
    where = "none" if style.legend == "direct" and plan.kind == "line" else where
    extra = [f'legend.position="{where}"']
    if style.grid == "none" and theme != "void":
        extra.append("panel.grid=element_blank()")
    elif style.dark:
        extra.append('panel.grid=element_line(colour="#444444")')
    if style.dark:
        extra += [
            'plot.background=element_rect(fill="#1a1d22")', 'panel.background=element_rect(fill="#1a1d22")',
            'text=element_text(colour="#dddddd")', 'axis.text=element_text(colour="#cccccc")',
            'legend.background=element_rect(fill="#1a1d22")',
            'legend.key=element_rect(fill="#1a1d22")',
        ]  # fmt: skip
    if plan.categories and _tight(plan) and not plan.kind.endswith("barh") and theme != "void":
        extra.append("axis.text.x=element_text(angle=45, hjust=1)")
    if style.legend == "direct" and plan.kind == "line":
        extra.append("plot.margin=margin(6, 110, 6, 6)")
    return [*lines, f"p <- p + theme({', '.join(extra)})"]


def _scales(plan: Plan, sideways: bool) -> list[str]:
    if plan.kind in ("pie", "donut", "heatmap"):
        return []
    numbers = plan.numbers
    label = (
        f"label_number(big.mark={_r(numbers.group)}, decimal.mark={_r(numbers.point)},"
        f" prefix={_r(numbers.prefix)}, suffix={_r(numbers.suffix)}"
        + (', style_negative="parens")' if numbers.paren else ")")
    )
    kind = "log10" if plan.log else "reverse" if plan.reverse else "continuous"
    parts = [f"labels={label}"]
    if plan.log and plan.kind in BARS:  # they begin at 1, below the axis' foot: cut them there
        parts += ["oob=oob_squish"]
    if plan.fixed and not plan.reverse:
        parts += [f"limits=c({plan.low:.8g}, {plan.high:.8g})"]
        parts += ["expand=expansion(0)"] if plan.style.theme % 2 else []
    lines = [f"p <- p + scale_{'x' if sideways else 'y'}_{kind}({', '.join(parts)})"]
    sparse = plan.kind in ("line", "area", "stacked-area") or plan.panel_kind == "line"
    if sparse and _tight(plan):
        room = max(
            2, int(plan.style.width / (max(map(len, plan.categories)) * plan.style.size * 0.8 + 14))
        )
        room = 4 if plan.kind == "panels" else room
        step = -(-len(plan.categories) // room)
        lines.append(f"p <- p + scale_x_discrete(breaks=levels(d$c)[seq(1, nlevels(d$c), {step})])")
    return lines


def _tight(plan: Plan) -> bool:
    shown = plan.style.width * (0.45 if plan.kind == "panels" else 0.8)
    return (
        len(plan.categories) * (max(map(len, plan.categories)) * plan.style.size * 0.62 + 8) > shown
    )
