"""Plans drawn by Vega-Lite through vl-convert."""

from __future__ import annotations

from benchmarks.charts.draw_vega_encodings import (
    Spec,
    category_axis,
    rows_of,
    series_color,
    value_axis,
)
from benchmarks.charts.draw_vega_special import boxes, dots, floating, heatmap, panels
from benchmarks.charts.plan import BARS, KINDS, Plan
from benchmarks.charts.words import label_ink

CAN = frozenset(KINDS)
_THEMES: tuple[Spec, ...] = (
    {},
    {"axis": {"domain": False, "ticks": False, "labelPadding": 6}, "view": {"stroke": None}},
    {"axis": {"grid": True, "gridColor": "#e5e5e5", "domainColor": "#555555"}},
    {"view": {"fill": "#ebebeb", "stroke": None}, "axis": {"gridColor": "white", "domain": False}},
    {"axis": {"gridDash": [2, 3], "tickColor": "#888888"}, "view": {"stroke": "#cccccc"}},
    {"background": "#f6f1e9", "view": {"stroke": None}, "axis": {"domainColor": "#333333"}},
)


def draw(plan: Plan) -> bytes:
    """The chart as PNG. Raises ImportError where vl-convert is not installed."""
    import vl_convert

    locale = {
        "decimal": plan.numbers.point,
        "thousands": plan.numbers.group,
        "grouping": [3],
        "currency": ["", ""],
    }
    spec = _spec(plan)
    return bytes(vl_convert.vegalite_to_png(spec, scale=plan.style.scale, format_locale=locale))


def _spec(plan: Plan) -> Spec:
    style = plan.style
    makers = {
        "line": _lines, "area": _areas, "stacked-area": _areas, "pie": _pie, "donut": _pie,
        "scatter": _points, "bubble": _points, "dot": dots, "combo": _combo, "panels": panels,
        "box": boxes, "heatmap": heatmap, "waterfall": floating, "range": floating,
    }  # fmt: skip
    body = (_bars if plan.kind in BARS else makers[plan.kind])(plan)
    small = plan.kind == "panels"
    head: Spec = {"anchor": "start" if style.theme % 2 else "middle", "text": plan.title}
    if plan.subtitle:
        head["subtitle"] = plan.subtitle
    spec: Spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "config": _config(plan),
        "padding": 8,
        **body,
    }
    if plan.title:
        spec["title"] = head
    if not small:
        spec |= {"width": int(style.width * 0.72), "height": int(style.height * 0.72)}
    return spec


def _config(plan: Plan) -> Spec:
    style = plan.style
    theme = _THEMES[style.theme % len(_THEMES)]
    base: Spec = {
        "font": style.font,
        "axis": {"labelFontSize": style.size, "titleFontSize": style.size, "labelLimit": 260},
        "legend": {"labelFontSize": style.size, "titleFontSize": style.size, "labelLimit": 260},
        "title": {"fontSize": style.size * 1.3, "subtitleFontSize": style.size, "limit": 1200},
        "range": {"category": list(style.palette)},
    }
    if style.dark:
        ink = {"labelColor": "#dddddd", "titleColor": "#dddddd", "gridColor": "#444444"}
        base |= {"background": "#1b1e23", "view": {"stroke": "#555555"}}
        base["axis"] |= ink
        base["legend"] |= {"labelColor": "#dddddd", "titleColor": "#dddddd"}
        base["title"] |= {"color": "#eeeeee", "subtitleColor": "#cccccc"}
        return base
    for key, value in theme.items():
        base[key] = {**base.get(key, {}), **value} if isinstance(value, dict) else value
    return base


def _bars(plan: Plan) -> Spec:
    flat = plan.kind.endswith("barh")
    value, category = ("x", "y") if flat else ("y", "x")
    encoding: Spec = {
        value: value_axis(plan),
        category: category_axis(plan, turn=not flat),
        "color": series_color(plan),
    }
    if plan.kind.startswith("grouped"):
        encoding[category + "Offset"] = {"field": "s", "sort": None}
    if plan.kind.startswith("stacked"):
        encoding["order"] = {"field": "o"}
        encoding[value]["stack"] = "zero"
    if plan.log:  # from the axis' foot: Vega-Lite would have them begin at zero, and draw none
        encoding[value]["stack"] = None
        encoding[value + "2"] = {"datum": plan.low}
    mark: Spec = {"type": "bar"}
    if plan.style.edges:
        mark |= {"stroke": "white", "strokeWidth": 1}
    if plan.style.theme % 4 == 0 and not plan.kind.startswith("stacked"):
        mark["cornerRadiusEnd"] = 3
    layers: list[Spec] = [{"mark": mark, "encoding": encoding}]
    if plan.labels:
        layers.append(_bar_labels(plan, encoding, value, flat))
    return {"data": {"values": rows_of(plan)}, "layer": layers}


def _bar_labels(plan: Plan, encoding: Spec, value: str, flat: bool) -> Spec:
    ink = "#dddddd" if plan.style.dark else "#222222"
    mark: Spec = {"type": "text", "fontSize": plan.style.size * 0.9, "color": ink}
    over = {key: dict(part) for key, part in encoding.items() if key != "color"}
    over["text"] = {"field": "t"}
    if plan.kind.startswith("stacked"):
        over[value] |= {"stack": "zero", "bandPosition": 0.5}
        over["detail"] = {"field": "s"}
        inks = [label_ink(color) for color in plan.style.palette[: len(plan.series)]]
        over["color"] = {"field": "s", "type": "nominal", "legend": None,
                         "scale": {"domain": list(plan.series), "range": inks}}  # fmt: skip
        over["opacity"] = {
            "condition": {"test": f"abs(datum.v) < {0.07 * (plan.high - plan.low)}", "value": 0},
            "value": 1,
        }
        return {"mark": mark, "encoding": over}
    sign = "datum.v < 0"
    if flat:
        mark |= {
            "align": {"expr": f"{sign} ? 'right' : 'left'"},
            "dx": {"expr": f"{sign} ? -4 : 4"},
        }
    else:
        mark |= {
            "baseline": {"expr": f"{sign} ? 'top' : 'bottom'"},
            "dy": {"expr": f"{sign} ? 3 : -3"},
        }
    return {"mark": mark, "encoding": over}


def _lines(plan: Plan) -> Spec:
    mark: Spec = {"type": "line", "strokeWidth": 1 + 2 * plan.style.thick}
    mark["point"] = {"size": 36} if plan.style.marker else False
    encoding: Spec = {"x": category_axis(plan), "y": value_axis(plan), "color": series_color(plan)}
    if not plan.fixed:
        encoding["y"]["scale"] = {"zero": plan.low == 0}
    if plan.style.dashes and len(plan.series) > 1:
        encoding["strokeDash"] = {"field": "s", "sort": None, "legend": None}
    layers: list[Spec] = [{"mark": mark, "encoding": encoding}]
    if plan.style.legend == "direct" and len(plan.series) > 1:
        encoding["color"] = {**encoding["color"], "legend": None}
        last = {"filter": f"datum.c == '{plan.categories[-1]}'"}
        text = {"type": "text", "align": "left", "dx": 6, "fontSize": plan.style.size}
        layers.append(
            {"transform": [last], "mark": text, "encoding": {**encoding, "text": {"field": "s"}}}
        )
        layers[-1]["encoding"].pop("strokeDash", None)
    return {"data": {"values": rows_of(plan)}, "layer": layers}


def _areas(plan: Plan) -> Spec:
    encoding = {
        "x": category_axis(plan),
        "y": value_axis(plan),
        "color": series_color(plan),
        "order": {"field": "o"},
    }
    encoding["y"]["stack"] = "zero"
    return {
        "data": {"values": rows_of(plan)},
        "mark": {"type": "area", "opacity": 0.9},
        "encoding": encoding,
    }


def _pie(plan: Plan) -> Spec:
    rows = [{**row, "n": i} for i, row in enumerate(rows_of(plan))]
    outer = int(min(plan.style.width, plan.style.height) * 0.3)
    shown = bool(plan.labels)
    domain = [r["c"] if shown else f"{r['c']} ({r['t']})" for r in rows]
    rows = [{**row, "k": name} for row, name in zip(rows, domain, strict=True)]
    base: Spec = {
        "theta": {"field": "v", "type": "quantitative", "stack": True},
        "order": {"field": "n"},
        "color": {
            "field": "k", "type": "nominal", "sort": None, "legend": {"title": None},
            "scale": {"domain": domain, "range": list(plan.style.palette[: len(rows)])},
        },
    }  # fmt: skip
    hole = outer * 0.55 if plan.kind == "donut" else 0
    arc: Spec = {"type": "arc", "outerRadius": outer, "innerRadius": hole}
    if plan.style.edges:
        arc["stroke"] = "white"
    layers: list[Spec] = [{"mark": arc}]
    if shown:
        inside = plan.style.theme % 2
        radius = outer * (0.78 if hole else 0.65) if inside else outer + 22
        ink = "white" if inside else "#dddddd" if plan.style.dark else "#222222"
        layers.append(
            {
                "mark": {
                    "type": "text",
                    "radius": radius,
                    "fontSize": plan.style.size,
                    "fill": ink,
                },
                "encoding": {"text": {"field": "t"}},
            }
        )
    return {"data": {"values": rows}, "encoding": base, "layer": layers}


def _points(plan: Plan) -> Spec:
    rows = [{"x": x, "v": y, "s": s or "all", "z": z} for x, y, s, z in plan.points]
    names = list(plan.extra["series"])
    x = {
        "field": "x", "type": "quantitative", "title": plan.x_axis,
        "scale": {"domain": [plan.extra["x_low"], plan.extra["x_high"]], "nice": False},
        "axis": {"grid": plan.style.grid == "both"},
    }  # fmt: skip
    encoding: Spec = {"x": x, "y": value_axis(plan)}
    encoding["color"] = {"value": plan.style.palette[0]}
    if len(names) > 1:
        encoding["color"] = {
            "field": "s", "sort": None, "legend": {"title": None},
            "scale": {"domain": names, "range": list(plan.style.palette[: len(names)])},
        }  # fmt: skip
    if plan.kind == "bubble":
        encoding["size"] = {
            "field": "z",
            "type": "quantitative",
            "legend": None,
            "scale": {"range": [40, 700]},
        }
    kind = "circle" if plan.style.theme % 3 else "point"
    mark: Spec = {"type": kind, "opacity": 0.85}
    if plan.kind != "bubble":
        mark["size"] = 45
    return {"data": {"values": rows}, "mark": mark, "encoding": encoding}


def _combo(plan: Plan) -> Spec:
    rows = rows_of(plan)
    line = [row for row in rows if row["s"] in plan.seconds]
    bars = [row for row in rows if row["s"] not in plan.seconds]
    color: Spec = {
        "field": "s", "sort": None, "legend": {"title": None, "orient": "bottom"},
        "scale": {"domain": list(plan.series), "range": list(plan.style.palette[: len(plan.series)])},
    }  # fmt: skip
    first: Spec = {"x": category_axis(plan), "y": value_axis(plan), "color": color}
    if len(plan.series) > 2:
        first["xOffset"] = {"field": "s", "sort": None}
    second = {
        "field": "v", "type": "quantitative", "title": plan.series[-1], "axis": {"grid": False},
        "scale": {"domain": [plan.second_low, plan.second_high], "nice": False},
    }  # fmt: skip
    other: Spec = {"x": category_axis(plan), "y": second, "color": color}
    mark = {"type": "line", "point": bool(plan.style.theme % 2), "strokeWidth": 2.5}
    return {
        "layer": [
            {"data": {"values": bars}, "mark": "bar", "encoding": first},
            {"data": {"values": line}, "mark": mark, "encoding": other},
        ],
        "resolve": {"scale": {"y": "independent"}},
    }
