"""Plans drawn by plotly.js through kaleido 0.2.1 (which works with plotly 5)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.charts.plan import BARS, KINDS, Plan

CAN = frozenset(KINDS)
_TEMPLATES = (
    "plotly",
    "plotly_white",
    "simple_white",
    "ggplot2",
    "seaborn",
    "none",
    "presentation",
)
_DASHES = ("solid", "dash", "dot", "dashdot")
_MARKS = ("circle", "square", "diamond", "triangle-up", "x")
Spec = dict[str, Any]


@cache
def _scope() -> Any:
    import plotly
    from kaleido.scopes.plotly import PlotlyScope

    return PlotlyScope(plotlyjs=str(Path(plotly.__file__).parent / "package_data/plotly.min.js"))


@cache
def _template(name: str) -> Spec:
    import plotly.io
    from plotly.io.json import to_json_plotly

    found: Spec = json.loads(to_json_plotly(plotly.io.templates[name]))
    return found


def draw(plan: Plan) -> bytes:
    """The chart as PNG. Raises ImportError where plotly or kaleido is not installed."""
    style = plan.style
    figure = {"data": _traces(plan), "layout": _layout(plan)}
    return bytes(
        _scope().transform(
            figure, format="png", width=style.width, height=style.height, scale=style.scale
        )
    )


def _layout(plan: Plan) -> Spec:
    style = plan.style
    theme = "plotly_dark" if style.dark else _TEMPLATES[style.theme % len(_TEMPLATES)]
    text = plan.title if not plan.subtitle else f"{plan.title}<br><sub>{plan.subtitle}</sub>"
    layout: Spec = {
        "template": _template(theme),
        "font": {"family": style.font, "size": style.size},
        "title": {"text": text, "x": 0.5 if style.theme % 2 else 0.03, "y": 0.97, "yanchor": "top"},
        "colorway": list(style.palette),
        "barmode": "relative" if plan.kind.startswith("stacked") else "group",
        "bargap": 1 - style.thick,
        "separators": plan.numbers.point + (plan.numbers.group or ""),
        "margin": {"t": 100 if style.legend == "top" else 64, "b": 80, "l": 60, "r": 40},
        "showlegend": len(plan.series) > 1 or len(plan.extra.get("series", ())) > 1,
    }
    if style.legend in ("top", "bottom"):
        at = 1.02 if style.legend == "top" else -0.12 - 36 / style.height
        edge = "bottom" if style.legend == "top" else "top"
        layout["legend"] = {"orientation": "h", "y": at, "yanchor": edge, "x": 0}
    flat = plan.kind.endswith("barh") or plan.kind == "dot"
    value = _value_axis(plan)
    category: Spec = {"type": "category", "automargin": True}
    if flat:
        layout |= {"xaxis": value, "yaxis": {**category, "autorange": "reversed"}}
    else:
        layout |= {"xaxis": category, "yaxis": value}
    _special(plan, layout)
    if plan.source:
        note = {"text": plan.source, "showarrow": False, "xref": "paper", "yref": "paper"}
        note |= {
            "x": 0,
            "y": -0.02,
            "yanchor": "top",
            "yshift": -52,
            "font": {"size": style.size - 1},
        }
        layout["annotations"] = [*layout.get("annotations", []), note]
    return layout


def _value_axis(plan: Plan) -> Spec:
    axis: Spec = {"title": {"text": plan.axis}, "automargin": True}
    axis["showgrid"] = plan.style.grid != "none"
    if plan.numbers.prefix:
        axis["tickprefix"] = plan.numbers.prefix
    if plan.numbers.suffix:
        axis["ticksuffix"] = plan.numbers.suffix
    if plan.numbers.group and plan.style.theme % 3:
        axis["tickformat"] = ","
    if plan.log:
        axis["type"] = "log"
    elif plan.fixed and plan.kind != "heatmap":
        axis["range"] = [plan.high, plan.low] if plan.reverse else [plan.low, plan.high]
    elif plan.reverse:
        axis["autorange"] = "reversed"
    return axis


def _special(plan: Plan, layout: Spec) -> None:
    if plan.kind in ("scatter", "bubble"):
        layout["xaxis"] = {
            "range": [plan.extra["x_low"], plan.extra["x_high"]],
            "title": {"text": plan.x_axis},
        }
    elif plan.kind == "combo":
        layout["yaxis2"] = {
            "overlaying": "y", "side": "right", "range": [plan.second_low, plan.second_high],
            "title": {"text": plan.series[-1]}, "showgrid": False,
        }  # fmt: skip
        layout["legend"] = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}
    elif plan.kind == "panels":
        _panel_axes(plan, layout)
    elif plan.kind == "heatmap":
        layout["yaxis"] = {"autorange": "reversed", "automargin": True, "type": "category"}
        layout["xaxis"] = {"type": "category"}
        layout["showlegend"] = False
    elif plan.kind in ("range", "box"):
        layout["showlegend"] = False
    elif plan.kind in ("pie", "donut"):
        layout["showlegend"] = plan.style.theme % 4 >= 2


def _panel_axes(plan: Plan, layout: Spec) -> None:
    count = len(plan.series)
    columns = 2 if count in (2, 4) else 3
    rows = -(-count // columns)
    layout |= {"showlegend": False, "annotations": []}
    wide, high = 1 / columns, 1 / rows
    for i, name in enumerate(plan.series):
        column, row = i % columns, i // columns
        left, top = column * wide, 1 - row * high
        x = [left + 0.1 * wide, left + 0.95 * wide]
        y = [top - 0.75 * high, top - 0.12 * high]
        mark = "" if i == 0 else str(i + 1)
        layout[f"xaxis{mark}"] = {
            "domain": x,
            "anchor": f"y{mark}",
            "type": "category",
            "nticks": 4,
        }
        layout[f"yaxis{mark}"] = {
            "domain": y, "anchor": f"x{mark}", "range": [plan.low, plan.high],
            "tickprefix": plan.numbers.prefix, "ticksuffix": plan.numbers.suffix,
        }  # fmt: skip
        layout["annotations"].append({
            "text": name, "showarrow": False, "xref": "paper", "yref": "paper",
            "x": sum(x) / 2, "y": y[1], "yanchor": "bottom", "font": {"size": plan.style.size * 1.1},
        })  # fmt: skip


def _traces(plan: Plan) -> list[Spec]:
    makers = {
        "pie": _pie, "donut": _pie, "scatter": _points, "bubble": _points, "waterfall": _waterfall,
        "range": _ranges, "box": _boxes, "heatmap": _heatmap, "combo": _combo, "panels": _panels,
    }  # fmt: skip
    if plan.kind in makers:
        return makers[plan.kind](plan)
    return _bars(plan) if plan.kind in BARS else _lines(plan)


def _texts(plan: Plan, row: Any) -> list[str]:
    return [plan.numbers.text(float(v)) for v in row]


def _bars(plan: Plan) -> list[Spec]:
    flat, traces = plan.kind.endswith("barh"), []
    for i, (name, row) in enumerate(zip(plan.series, plan.values, strict=True)):
        values, names = [float(v) for v in row], list(plan.categories)
        trace: Spec = {"type": "bar", "name": name, "marker": {"color": plan.style.palette[i]}}
        trace |= (
            {"x": values, "y": names, "orientation": "h"} if flat else {"x": names, "y": values}
        )
        if plan.labels:
            inside = plan.kind.startswith("stacked")
            trace |= {"text": _texts(plan, row), "textposition": "inside" if inside else "outside"}
            trace |= {"cliponaxis": False, "textangle": 0}
            if inside:
                trace["insidetextanchor"] = "middle"
        if plan.style.hatch:
            trace["marker"]["pattern"] = {"shape": ("/", "\\", "x", ".", "+")[i % 5]}
        if plan.style.edges:
            trace["marker"]["line"] = {"color": "white", "width": 1}
        traces.append(trace)
    return traces


def _lines(plan: Plan) -> list[Spec]:
    traces = []
    for i, (name, row) in enumerate(zip(plan.series, plan.values, strict=True)):
        color = plan.style.palette[i]
        values, names = [float(v) for v in row], list(plan.categories)
        trace: Spec = {"type": "scatter", "name": name, "x": names, "y": values}
        if plan.kind == "dot":
            trace |= {
                "x": values,
                "y": names,
                "mode": "markers",
                "marker": {"color": color, "size": 11},
            }
            if plan.lollipop:
                trace["error_x"] = {
                    "type": "data", "symmetric": False, "array": [0.0] * len(values),
                    "arrayminus": values, "width": 0, "color": color,
                }  # fmt: skip
            if plan.labels:
                trace |= {"mode": "markers+text", "text": _texts(plan, row)}
                trace |= {"textposition": "middle right", "cliponaxis": False}
        else:
            trace["mode"] = "lines+markers" if plan.style.marker else "lines"
            trace["line"] = {"color": color, "width": 1 + 2 * plan.style.thick}
            if plan.style.edges:
                trace["marker"] = {"symbol": _MARKS[i % 5], "size": 7}
            if plan.style.dashes:
                trace["line"]["dash"] = _DASHES[i % 4]
            if "area" in plan.kind:
                trace |= {"stackgroup": "one", "mode": "lines", "fillcolor": color}
        traces.append(trace)
    return traces


def _pie(plan: Plan) -> list[Spec]:
    names, printed = list(plan.categories), _texts(plan, plan.values[0])
    inside = plan.style.theme % 4
    legend = inside >= 2
    if plan.labels:
        texts = printed if legend else [f"{n}<br>{t}" for n, t in zip(names, printed, strict=True)]
    else:
        texts = [""] * len(names) if legend else names
    return [{
        "type": "pie", "labels": names, "values": [float(v) for v in plan.values[0]],
        "text": texts, "textinfo": "text", "sort": False, "direction": "clockwise",
        "textposition": "outside" if inside % 2 or not legend else "inside",
        "hole": 0.5 if plan.kind == "donut" else 0, "rotation": 30 * (plan.style.theme % 7),
        "marker": {
            "colors": list(plan.style.palette),
            "line": {"color": "white", "width": 1.5 if plan.style.edges else 0},
        },
    }]  # fmt: skip


def _points(plan: Plan) -> list[Spec]:
    traces = []
    for i, name in enumerate(plan.extra["series"]):
        mine = [p for p in plan.points if p[2] == name]
        size: Any = [6 + 3 * p[3] for p in mine] if plan.kind == "bubble" else 7
        traces.append({
            "type": "scatter", "mode": "markers", "name": name, "x": [p[0] for p in mine],
            "y": [p[1] for p in mine],
            "marker": {"color": plan.style.palette[i], "size": size, "opacity": 0.8},
        })  # fmt: skip
    return traces


def _waterfall(plan: Plan) -> list[Spec]:
    measure = ["total" if i in plan.totals else "relative" for i in range(len(plan.categories))]
    measure[0] = "absolute"
    trace: Spec = {
        "type": "waterfall", "x": list(plan.categories), "y": [float(v) for v in plan.values[0]],
        "measure": measure, "connector": {"visible": plan.style.edges},
    }  # fmt: skip
    if plan.style.theme % 2:
        trace["totals"] = {"marker": {"color": plan.style.palette[0]}}
    if plan.labels:
        trace |= {"text": _texts(plan, plan.values[0]), "textposition": "outside"}
    return [trace]


def _ranges(plan: Plan) -> list[Spec]:
    low, high = plan.values
    return [{
        "type": "bar", "x": list(plan.categories), "base": [float(v) for v in low],
        "y": [float(v) for v in high - low], "marker": {"color": plan.style.palette[0]},
    }]  # fmt: skip


def _boxes(plan: Plan) -> list[Spec]:
    a, b, c, d, e = ([float(v) for v in row] for row in plan.values)
    return [{
        "type": "box", "x": list(plan.categories), "lowerfence": a, "q1": b, "median": c, "q3": d,
        "upperfence": e, "marker": {"color": plan.style.palette[0]},
    }]  # fmt: skip


def _heatmap(plan: Plan) -> list[Spec]:
    scales = ("Blues", "Viridis", "YlOrRd", "RdBu", "Cividis")
    trace: Spec = {
        "type": "heatmap", "x": list(plan.series), "y": list(plan.categories),
        "z": [[float(v) for v in row] for row in plan.values.T],
        "colorscale": scales[plan.style.theme % 5],
    }  # fmt: skip
    if plan.labels:
        trace |= {"text": [_texts(plan, row) for row in plan.values.T], "texttemplate": "%{text}"}
    return [trace]


def _combo(plan: Plan) -> list[Spec]:
    traces = []
    for i, (name, row) in enumerate(zip(plan.series, plan.values, strict=True)):
        trace: Spec = {"name": name, "x": list(plan.categories), "y": [float(v) for v in row]}
        if name in plan.seconds:
            trace |= {"type": "scatter", "mode": "lines+markers", "yaxis": "y2"}
            trace["line"] = {"color": plan.style.palette[i], "width": 2.5}
        else:
            trace |= {"type": "bar", "marker": {"color": plan.style.palette[i]}}
            if plan.labels:
                trace |= {"text": _texts(plan, row), "textposition": "outside"}
        traces.append(trace)
    return traces


def _panels(plan: Plan) -> list[Spec]:
    traces = []
    for i, (name, row) in enumerate(zip(plan.series, plan.values, strict=True)):
        mark = "" if i == 0 else str(i + 1)
        trace: Spec = {
            "name": name, "x": list(plan.categories), "y": [float(v) for v in row],
            "xaxis": f"x{mark}", "yaxis": f"y{mark}",
        }  # fmt: skip
        if plan.panel_kind == "line":
            trace |= {"type": "scatter", "mode": "lines", "line": {"color": plan.style.palette[0]}}
        else:
            trace |= {"type": "bar", "marker": {"color": plan.style.palette[0]}}
            if plan.labels:
                trace |= {"text": _texts(plan, row), "textposition": "outside"}
        traces.append(trace)
    return traces
