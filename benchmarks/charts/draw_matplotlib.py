"""Plans drawn by matplotlib, in its own styles and in those of seaborn."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import matplotlib
import numpy as np

matplotlib.use("Agg")
from matplotlib import font_manager, ticker
from matplotlib import style as mpl_style
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.charts import draw_matplotlib_bars as bars
from benchmarks.charts.plan import BARS, KINDS, Plan

CAN = frozenset(KINDS)
_THEMES = (
    "default", "default", "ggplot", "bmh", "fivethirtyeight", "classic", "Solarize_Light2",
    "seaborn-v0_8-whitegrid", "seaborn-v0_8-darkgrid", "seaborn-v0_8-white", "seaborn-v0_8-ticks",
    "grayscale", "tableau-colorblind10", "fast",
)  # fmt: skip
_MARKERS = ("o", "s", "^", "D", "v")
_DASHES = ("-", "--", "-.", ":")
_HATCHES = ("//", "\\\\", "xx", "..", "++")


@cache
def _fonts() -> frozenset[str]:
    """Names of the fonts that can be used, those of the system included."""
    for path in font_manager.findSystemFonts():
        if any(word in path for word in ("Liberation", "Lato", "NotoSans-")):
            font_manager.fontManager.addfont(path)
    return frozenset(font.name for font in font_manager.fontManager.ttflist)


def draw(plan: Plan) -> bytes:
    """The chart as PNG."""
    style = plan.style
    theme = "dark_background" if style.dark else _THEMES[style.theme % len(_THEMES)]
    font = style.font if style.font in _fonts() else "DejaVu Sans"
    rc: Any = {"font.family": font, "font.size": style.size, "axes.grid": False}
    rc |= {f"{part}.titlesize": style.size * 1.25 for part in ("axes", "figure")}
    rc |= {f"{part}.labelsize": style.size for part in ("axes", "xtick", "ytick")}
    rc |= {"legend.fontsize": style.size * 0.95, "hatch.linewidth": 0.7}
    with mpl_style.context(theme), matplotlib.rc_context(rc):
        size = (style.width / 96, style.height / 96)
        figure = Figure(figsize=size, dpi=96 * style.scale, layout="constrained")
        if plan.kind == "panels":
            _panels(figure, plan)
        else:
            axes = figure.add_subplot()
            _one(axes, plan)
            _words(figure, axes, plan)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png")
    return buffer.getvalue()


def _one(axes: Axes, plan: Plan) -> None:
    if plan.kind in ("pie", "donut"):
        _pie(axes, plan)
        return
    drawing = {
        "waterfall": bars.waterfall, "range": bars.ranges, "box": bars.boxes, "combo": bars.combo,
        "line": _lines, "area": _areas, "stacked-area": _areas, "dot": _dots,
        "scatter": _points, "bubble": _points, "heatmap": _heatmap,
    }  # fmt: skip
    (bars.bars if plan.kind in BARS else drawing[plan.kind])(axes, plan)
    if plan.kind != "heatmap":
        _frame(axes, plan)


def _frame(axes: Axes, plan: Plan) -> None:
    """Limits, grid, number format and spines."""
    flat = plan.kind.endswith("barh") or plan.kind == "dot"
    value = axes.xaxis if flat else axes.yaxis
    if plan.log:
        (axes.set_xscale if flat else axes.set_yscale)("log")
    else:
        value.set_major_formatter(ticker.FuncFormatter(lambda v, _: _tick(plan, v, value)))
    if plan.fixed:
        (axes.set_xlim if flat else axes.set_ylim)(plan.low, plan.high)
    if plan.reverse:
        axes.invert_yaxis()
    axes.set_axisbelow(True)
    if plan.style.grid != "none":
        axis: Any = "both" if plan.style.grid == "both" else "x" if flat else "y"
        axes.grid(True, axis=axis, alpha=0.6, linewidth=0.6)
    if not plan.style.frame:
        axes.spines[["top", "right"]].set_visible(False)
    elif plan.style.theme % 3 == 0:
        axes.spines[:].set_visible(False)
    if plan.axis:
        (axes.set_xlabel if flat else axes.set_ylabel)(plan.axis)
    if plan.x_axis:
        axes.set_xlabel(plan.x_axis)
    if plan.labels and len(plan.series) == 1 and plan.style.theme % 5 == 0 and plan.kind in BARS:
        value.set_visible(False)


def _tick(plan: Plan, value: float, axis: Any) -> str:
    """A tick's text: as many decimals as the step between ticks needs."""
    from dataclasses import replace

    ticks = axis.get_majorticklocs()
    step = abs(ticks[1] - ticks[0]) if len(ticks) > 1 else 1.0
    need = max(0, -int(np.floor(np.log10(step) + 1e-9))) if step > 0 else 0
    if need == 0 and abs(step - round(step)) > 1e-6:
        need = 1
    return replace(plan.numbers, decimals=need).text(value)


def _lines(axes: Axes, plan: Plan) -> None:
    style, at = plan.style, np.arange(len(plan.categories))
    grey = style.theme % 17 == 0
    for i, (name, row) in enumerate(zip(plan.series, plan.values, strict=True)):
        color = (
            (
                ("#ffffff", "#aaaaaa", "#777777", "#cccccc")
                if style.dark
                else ("#000000", "#777777", "#444444", "#aaaaaa")
            )[i % 4]
            if grey
            else style.palette[i]
        )
        axes.plot(
            at, row, color=color, label=name or None, linewidth=1.2 + 1.4 * style.thick,
            marker=_MARKERS[i % 5 if style.edges else 0] if style.marker else None, markersize=5,
            linestyle=_DASHES[i % 4] if style.dashes or grey else "-",
        )  # fmt: skip
        if style.legend == "direct" and name:
            axes.annotate(
                name, (at[-1], row[-1]), (5, 0), textcoords="offset points", color=color,
                va="center", annotation_clip=False,
            )  # fmt: skip
    bars.name_categories(axes, plan, sparse=True)


def _areas(axes: Axes, plan: Plan) -> None:
    at, palette = np.arange(len(plan.categories)), list(plan.style.palette)
    axes.stackplot(at, plan.values, colors=palette, labels=plan.series, alpha=0.9)
    axes.margins(x=0)
    bars.name_categories(axes, plan, sparse=True)


def _dots(axes: Axes, plan: Plan) -> None:
    at = np.arange(len(plan.categories))
    if len(plan.series) > 1 and plan.style.edges:
        axes.hlines(at, plan.values.min(0), plan.values.max(0), color="#aaaaaa", zorder=1)
    for i, (name, row) in enumerate(zip(plan.series, plan.values, strict=True)):
        if plan.lollipop:
            axes.hlines(at, 0, row, color=plan.style.palette[i], linewidth=1.5)
        axes.plot(row, at, "o", color=plan.style.palette[i], label=name or None, markersize=7)
        if plan.labels:
            for x, y in zip(row, at, strict=True):
                axes.annotate(
                    plan.numbers.text(x), (x, y), (7, 0), textcoords="offset points", va="center"
                )
    axes.set_yticks(at, plan.categories)
    axes.invert_yaxis()
    axes.margins(y=0.1)


def _points(axes: Axes, plan: Plan) -> None:
    for i, name in enumerate(plan.extra["series"]):
        mine = [p for p in plan.points if p[2] == name]
        size = [p[3] * 45 for p in mine] if plan.kind == "bubble" else 28
        axes.scatter(
            [p[0] for p in mine], [p[1] for p in mine], s=size, color=plan.style.palette[i],
            label=name or None, alpha=0.8, marker=_MARKERS[i if plan.style.marker else 0],
        )  # fmt: skip
    axes.set_xlim(plan.extra["x_low"], plan.extra["x_high"])


def _heatmap(axes: Axes, plan: Plan) -> None:
    cells = plan.values.T
    names = ("viridis", "Blues", "YlOrRd", "RdYlGn", "magma")
    image = axes.imshow(cells, aspect="auto", cmap=names[plan.style.theme % 5])
    axes.set_xticks(range(len(plan.series)), plan.series)
    axes.set_yticks(range(len(plan.categories)), plan.categories)
    middle = (cells.min() + cells.max()) / 2
    if plan.labels:
        for (row, column), value in np.ndenumerate(cells):
            red, green, blue, _ = np.asarray(image.to_rgba(np.array([value]))).ravel()
            light = 0.3 * red + 0.59 * green + 0.11 * blue > 0.55
            color = "black" if light else "white"
            axes.text(column, row, plan.numbers.text(value), ha="center", va="center", color=color)
    if not plan.labels or middle % 2 < 1:
        axes.figure.colorbar(image, ax=axes)


def _pie(axes: Axes, plan: Plan) -> None:
    style, row = plan.style, plan.values[0]
    form = style.theme % 4
    printed = [plan.numbers.text(v) for v in row]
    outside = [f"{n}\n{t}" for n, t in zip(plan.categories, printed, strict=True)]
    names = list(plan.categories) if form == 1 else outside if form == 2 and plan.labels else None
    texts = iter(printed)
    inside = (lambda _: next(texts)) if plan.labels and names is not outside else None
    width = {"width": 0.35 + 0.3 * (style.thick - 0.5)} if plan.kind == "donut" else {}
    made = axes.pie(
        row, labels=names, colors=list(style.palette), autopct=inside,
        startangle=90 if style.theme % 3 else 30 * (style.theme % 12), counterclock=bool(form % 2),
        pctdistance=0.8 if plan.kind == "donut" else 0.65,
        wedgeprops={**width, "edgecolor": "white" if style.edges else None},
    )  # fmt: skip
    if inside:
        for text, wedge in zip(made[2], made[0], strict=True):
            red, green, blue, *_ = wedge.get_facecolor()
            text.set_color("black" if 0.3 * red + 0.59 * green + 0.11 * blue > 0.55 else "white")
    if names is None:
        entries = [f"{n} ({t})" for n, t in zip(plan.categories, printed, strict=True)]
        axes.legend(
            made[0], entries if not plan.labels else plan.categories, loc="center left",
            bbox_to_anchor=(1, 0.5),
        )  # fmt: skip


def _panels(figure: Figure, plan: Plan) -> None:
    count = len(plan.series)
    columns = 2 if count in (2, 4) else 3
    grid = figure.subplots(-(-count // columns), columns, squeeze=False)
    for axes, name, row, color in zip(
        grid.flat, plan.series, plan.values, plan.style.palette * 2, strict=False
    ):
        at = np.arange(len(plan.categories))
        color = plan.style.palette[0] if plan.style.edges else color
        if plan.panel_kind == "line":
            axes.plot(at, row, color=color, linewidth=2)
            bars.name_categories(axes, plan, sparse=True, most=4)
        else:
            made = axes.bar(at, row, plan.style.thick, color=color)
            if plan.labels:
                axes.bar_label(made, [plan.numbers.text(v) for v in row], fontsize="small")
            axes.set_xticks(at, plan.categories)
        axes.set_title(name)
        axes.yaxis.set_major_formatter(
            ticker.FuncFormatter(lambda v, _, a=axes: _tick(plan, v, a.yaxis))
        )
        axes.set_ylim(plan.low, plan.high)
    if plan.title:
        figure.suptitle(plan.title)


def _words(figure: Figure, axes: Axes, plan: Plan) -> None:
    """Legend, title, subtitle and source."""
    handles, names = axes.get_legend_handles_labels()
    if plan.kind == "combo":
        handles, names = plan.extra["handles"], list(plan.series)
    legend = plan.style.legend
    direct = legend == "direct" and plan.kind == "line"
    if len([n for n in names if n]) > 1 and not direct:
        room = int(plan.style.width / (max(map(len, names)) * plan.style.size * 0.75 + 55))
        where: dict[str, Any] = {
            "right": {"loc": "outside right upper"},
            "top": {"loc": "outside upper center", "ncols": max(1, min(3, room, len(names)))},
            "bottom": {"loc": "outside lower center", "ncols": max(1, min(4, room, len(names)))},
        }
        if legend == "inside" and plan.kind in ("line", "scatter"):
            axes.legend(loc="best")
        else:
            figure.legend(handles, names, **where.get(legend, where["bottom"]))
    left = plan.style.theme % 2
    title = plan.title if not plan.subtitle else f"{plan.title}\n{plan.subtitle}"
    if plan.title:
        axes.set_title(title, loc="left" if left else "center", wrap=True)
    if plan.source:
        figure.text(0.01, 0.002, plan.source, fontsize="small", va="bottom", color="#777777")
        layout: Any = figure.get_layout_engine()
        layout.set(rect=(0, 0.05, 1, 0.95))
