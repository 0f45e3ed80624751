"""Encodings that the Vega-Lite specs of all kinds of chart share."""

from __future__ import annotations

from typing import Any

from benchmarks.charts.plan import Plan

Spec = dict[str, Any]


def rows_of(plan: Plan) -> list[Spec]:
    """The data: a row a value, with its category `c`, series `s`, printed label `t`, order `o`."""
    return [
        {
            "c": c, "s": s or "all", "v": float(v), "t": plan.numbers.text(float(v)), "o": i,
        }
        for i, (s, row) in enumerate(zip(plan.series, plan.values, strict=True))
        for c, v in zip(plan.categories, row, strict=True)
    ]  # fmt: skip


def value_axis(plan: Plan, field: str = "v") -> Spec:
    """The encoding of the value axis, with its format and limits."""
    axis: Spec = {"grid": plan.style.grid != "none"}
    prefix, suffix = plan.numbers.prefix, plan.numbers.suffix
    if not plan.log:
        number = "format(datum.value, ',')" if plan.numbers.group else "format(datum.value, '')"
        if plan.numbers.paren:
            number = "(datum.value < 0 ? '(' + format(-datum.value, ',') + ')' : format(datum.value, ','))"
        axis["labelExpr"] = f"'{prefix}' + {number} + '{suffix}'"
    scale: Spec = {}
    if plan.log:
        scale = {"type": "log", "domain": [plan.low, plan.high]}
    elif plan.fixed:
        scale = {"domain": [plan.low, plan.high], "nice": bool(plan.style.theme % 2)}
    if plan.reverse:
        scale["reverse"] = True
    return {
        "field": field,
        "type": "quantitative",
        "title": plan.axis or None,
        "axis": axis,
        "scale": scale,
    }


def category_axis(plan: Plan, *, turn: bool = True) -> Spec:
    """The encoding of the categories in their order; with `turn`, labels too long are slanted."""
    axis: Spec = {"grid": plan.style.grid == "both"}
    if turn:
        axis["labelAngle"] = (0, -45, -90)[plan.style.theme % 3] if is_tight(plan) else 0
        axis["labelOverlap"] = plan.kind in ("line", "area", "stacked-area")
    return {"field": "c", "type": "nominal", "sort": None, "title": None, "axis": axis}


def is_tight(plan: Plan) -> bool:
    """Whether the longest category name is wider than its place."""
    room = plan.style.width * 0.72 / max(1, len(plan.categories))
    return max(map(len, plan.categories)) * plan.style.size * 0.6 + 6 > room


def series_color(plan: Plan) -> Spec:
    """The colour of each series, with a legend where there are several."""
    if len(plan.series) < 2:
        return {"value": plan.style.palette[0]}
    where = plan.style.legend if plan.style.legend in ("right", "top", "bottom") else "right"
    legend = {"orient": where, "title": None}
    return {"field": "s", "type": "nominal", "sort": None, "legend": legend,
            "scale": {"domain": list(plan.series), "range": list(plan.style.palette[: len(plan.series)])}}  # fmt: skip
