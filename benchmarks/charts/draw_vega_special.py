"""Vega-Lite specs of dot plots, box plots, heat maps, floating bars and small multiples."""

from __future__ import annotations

from typing import Any

from benchmarks.charts.draw_vega_encodings import (
    Spec,
    category_axis,
    rows_of,
    series_color,
    value_axis,
)
from benchmarks.charts.plan import Plan


def dots(plan: Plan) -> Spec:
    """Dots or lollipops that lie."""
    encoding: Spec = {
        "x": value_axis(plan),
        "y": category_axis(plan, turn=False),
        "color": series_color(plan),
    }
    layers: list[Spec] = [
        {"mark": {"type": "point", "filled": True, "size": 90, "opacity": 1}, "encoding": encoding}
    ]
    if plan.lollipop:
        rule = {
            "x": encoding["x"],
            "y": encoding["y"],
            "x2": {"datum": 0},
            "color": encoding["color"],
        }
        layers.insert(0, {"mark": {"type": "rule", "strokeWidth": 2}, "encoding": rule})
    if plan.labels:
        ink = "#dddddd" if plan.style.dark else "#222222"
        text = {
            "type": "text",
            "align": "left",
            "dx": 8,
            "color": ink,
            "fontSize": plan.style.size * 0.9,
        }
        layers.append(
            {
                "mark": text,
                "encoding": {"x": encoding["x"], "y": encoding["y"], "text": {"field": "t"}},
            }
        )
    return {"data": {"values": rows_of(plan)}, "layer": layers}


def panels(plan: Plan) -> Spec:
    """A panel a series, with shared axes."""
    columns = 2 if len(plan.series) in (2, 4) else 3
    mark: Any = {"type": "line", "strokeWidth": 2.5} if plan.panel_kind == "line" else "bar"
    encoding: Spec = {
        "x": category_axis(plan),
        "y": value_axis(plan),
        "color": {"value": plan.style.palette[0]},
    }
    encoding["facet"] = {"field": "s", "title": None, "sort": list(plan.series), "columns": columns}
    wide = int(plan.style.width * 0.85 / columns)
    if plan.panel_kind == "line":
        encoding["x"]["axis"]["labelOverlap"] = True
    return {"data": {"values": rows_of(plan)}, "mark": mark, "encoding": encoding, "width": wide,
            "height": int(wide * 0.7)}  # fmt: skip


def boxes(plan: Plan) -> Spec:
    """Boxes from five numbers each, in layers."""
    keys = ("a", "b", "m", "d", "e")
    rows = [
        {"c": c, **dict(zip(keys, map(float, five), strict=True))}
        for c, five in zip(plan.categories, plan.values.T, strict=True)
    ]
    color, x = plan.style.palette[0], category_axis(plan)
    size = max(12, int(plan.style.width * 0.4 / len(rows)))
    ink = "#dddddd" if plan.style.dark else "#222222"
    layers: list[Spec] = [
        {
            "mark": {"type": "rule", "color": ink},
            "encoding": {"x": x, "y": value_axis(plan, "a"), "y2": {"field": "e"}},
        },
        {
            "mark": {"type": "bar", "size": size, "color": color},
            "encoding": {"x": x, "y": value_axis(plan, "b"), "y2": {"field": "d"}},
        },
        {
            "mark": {"type": "tick", "size": size, "color": "white", "thickness": 2},
            "encoding": {"x": x, "y": value_axis(plan, "m")},
        },
    ]
    if plan.style.edges:
        for end in ("a", "e"):
            layers.append(
                {
                    "mark": {"type": "tick", "size": size // 2, "color": ink},
                    "encoding": {"x": x, "y": value_axis(plan, end)},
                }
            )
    return {"data": {"values": rows}, "layer": layers}


def heatmap(plan: Plan) -> Spec:
    """Coloured cells, with their values where the plan has labels."""
    schemes = ("blues", "viridis", "yelloworangered", "redyellowgreen", "tealblues")
    x = {"field": "s", "type": "nominal", "sort": None, "title": None, "axis": {"labelAngle": 0}}
    y = {"field": "c", "type": "nominal", "sort": None, "title": None}
    scale = {"scheme": schemes[plan.style.theme % 5]}
    color = {"field": "v", "type": "quantitative", "scale": scale, "title": None}
    layers: list[Spec] = [{"mark": "rect", "encoding": {"x": x, "y": y, "color": color}}]
    if plan.labels:
        middle = float(plan.values.mean())
        test = f"datum.v > {middle}" if plan.style.theme % 5 not in (1,) else f"datum.v < {middle}"
        ink = {"condition": {"test": test, "value": "white"}, "value": "black"}
        if plan.style.theme % 5 == 3:
            ink = {"value": "black"}
        layers.append(
            {
                "mark": {"type": "text", "fontSize": plan.style.size},
                "encoding": {"x": x, "y": y, "text": {"field": "t"}, "color": ink},
            }
        )
    return {"data": {"values": rows_of(plan)}, "layer": layers}


def floating(plan: Plan) -> Spec:
    """Waterfalls and ranges: bars from one value to another."""
    rows: list[Spec] = []
    level = 0.0
    for i, name in enumerate(plan.categories):
        if plan.kind == "range":
            rows.append(
                {"c": name, "a": float(plan.values[0, i]), "b": float(plan.values[1, i]), "k": "n"}
            )
            continue
        value = float(plan.values[0, i])
        base = 0.0 if i in plan.totals else level
        level = base + value
        kind = "total" if i in plan.totals else "up" if value > 0 else "down"
        rows.append(
            {
                "c": name,
                "a": base,
                "b": level,
                "k": kind,
                "t": plan.numbers.text(value),
                "h": max(base, level),
            }
        )
    colors = {
        "domain": ["total", "up", "down", "n"],
        "range": [plan.style.palette[0], "#3a9d5d", "#c8443c", plan.style.palette[0]],
    }
    encoding: Spec = {"x": category_axis(plan), "y": value_axis(plan, "a"), "y2": {"field": "b"},
                      "color": {"field": "k", "scale": colors, "legend": None}}  # fmt: skip
    layers: list[Spec] = [{"mark": {"type": "bar"}, "encoding": encoding}]
    if plan.kind == "waterfall" and plan.labels:
        ink = "#dddddd" if plan.style.dark else "#222222"
        text = {"type": "text", "dy": -7, "fontSize": plan.style.size * 0.9, "color": ink}
        layers.append(
            {
                "mark": text,
                "encoding": {
                    "x": encoding["x"],
                    "y": value_axis(plan, "h"),
                    "text": {"field": "t"},
                },
            }
        )
    return {"data": {"values": rows}, "layer": layers}
