"""Charts by Vega-Lite (vl-convert), as Vega and D3 draw them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.documents.specs import Spec

_TURNED = {"labelAngle": -40}


def draw(specs: Sequence[Spec], folder: Path) -> None:
    """Draw each spec as a PDF."""
    import vl_convert

    for spec in specs:
        chart = _chart(spec)
        if chart is not None:
            data = vl_convert.vegalite_to_pdf(chart)
            (folder / f"{spec.id}.pdf").write_bytes(data)


def _rows(spec: Spec) -> list[dict[str, Any]]:
    return [
        {"c": category, "v": value, "s": name}
        for name, row in spec.values.items()
        for category, value in zip(spec.categories, row, strict=True)
    ]


def _chart(spec: Spec) -> dict[str, Any] | None:
    top = {"title": spec.title, "width": 420, "height": 260, "data": {"values": _rows(spec)}}
    if spec.kind in ("hatched-bar", "box"):
        return None
    if spec.points:
        return top | _scatter(spec)
    if spec.kind in ("pie", "donut"):
        hole = {"innerRadius": 60} if spec.kind == "donut" else {}
        return top | {
            "mark": {"type": "arc", **hole},
            "encoding": {
                "theta": {"field": "v", "type": "quantitative"},
                "color": {"field": "c", "type": "nominal", "title": None},
            },
        }
    if spec.kind == "combo":
        return top | _combo(spec)
    return top | _axes_chart(spec)


def _axes_chart(spec: Spec) -> dict[str, Any]:
    names: dict[str, Any] = {"field": "c", "type": "ordinal", "sort": None, "title": None}
    if spec.numeric_x:
        names = {"field": "c", "type": "quantitative", "title": None, "axis": {"format": "d"},
                 "scale": {"zero": False}}  # fmt: skip
    if spec.kind == "slanted-bar":
        names["axis"] = _TURNED
    value: dict[str, Any] = {"field": "v", "type": "quantitative", "title": spec.unit}
    if spec.log:
        value["scale"] = {"type": "log"}
    flat = "barh" in spec.kind
    encoding = {"y": names, "x": value} if flat else {"x": names, "y": value}
    if len(spec.values) > 1:
        encoding["color"] = {"field": "s", "type": "nominal", "title": None, "sort": None}
        if spec.shape.startswith("grouped"):
            encoding["yOffset" if flat else "xOffset"] = {"field": "s", "sort": None}
        elif spec.shape in ("area",):
            value["stack"] = None
    layer: dict[str, Any] = {"mark": _mark(spec), "encoding": encoding}
    if spec.kind == "labelled-bar":
        text = {"mark": {"type": "text", "dy": -6},
                "encoding": encoding | {"text": {"field": "v"}}}  # fmt: skip
        text["encoding"].pop("color", None)
        return {"layer": [layer, text]}
    return layer


def _mark(spec: Spec) -> dict[str, Any] | str:
    if spec.kind == "smooth-line":
        return {"type": "line", "interpolate": "monotone"}
    if spec.kind == "marker-line":
        return {"type": "line", "point": True}
    if spec.kind.endswith("area"):
        return "area"
    return "line" if spec.shape == "line" else "bar"


def _combo(spec: Spec) -> dict[str, Any]:
    first, second = spec.values
    x = {"field": "c", "type": "ordinal", "sort": None, "title": None}
    layers = []
    for name, mark in ((first, "bar"), (second, {"type": "line", "point": True})):
        layers.append({
            "transform": [{"filter": {"field": "s", "equal": name}}],
            "mark": mark,
            "encoding": {"x": x, "y": {"field": "v", "type": "quantitative", "title": name},
                         "color": {"field": "s", "title": None, "sort": None}},
        })  # fmt: skip
    return {"layer": layers, "resolve": {"scale": {"y": "independent"}}}


def _scatter(spec: Spec) -> dict[str, Any]:
    rows = [{"x": x, "y": y, "s": s} for s, row in spec.points.items() for x, y in row]
    y: dict[str, Any] = {"field": "y", "type": "quantitative", "title": spec.unit}
    if spec.log:
        y["scale"] = {"type": "log"}
    encoding: dict[str, Any] = {"x": {"field": "x", "type": "quantitative"}, "y": y}
    if len(spec.points) > 1:
        encoding["color"] = {"field": "s", "type": "nominal", "title": None, "sort": None}
    return {"data": {"values": rows}, "mark": {"type": "circle"}, "encoding": encoding}
