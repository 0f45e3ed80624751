"""Charts by plotly (kaleido)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.documents.specs import Spec

_PATTERNS = ("/", "x", ".", "-", "\\")
_TEMPLATES = ("plotly", "plotly_white", "simple_white")


def draw(specs: Sequence[Spec], folder: Path) -> None:
    """Draw each spec as a PDF by kaleido's scope (one browser for all)."""
    import plotly
    from kaleido.scopes.plotly import PlotlyScope

    script = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    scope = PlotlyScope(plotlyjs=f"file://{script}")
    scope.mathjax = None
    for number, spec in enumerate(specs):
        figure = _figure(spec, _TEMPLATES[number % 3])
        data = scope.transform(figure, format="pdf", width=700, height=440)
        (folder / f"{spec.id}.pdf").write_bytes(data)


def _figure(spec: Spec, template: str) -> dict[str, Any]:
    import plotly.graph_objects as go

    figure = go.Figure(data=list(_traces(spec)))
    figure.update_layout(template=template, title=spec.title)
    value = "xaxis" if "barh" in spec.kind else "yaxis"
    figure.update_layout({value: {"title": spec.unit, "type": "log" if spec.log else "linear"}})
    if spec.shape.startswith("stacked"):
        figure.update_layout(barmode="relative")
    if spec.kind == "slanted-bar":
        figure.update_xaxes(tickangle=-40)
    if spec.kind == "combo":
        figure.update_layout(yaxis2={"overlaying": "y", "side": "right", "rangemode": "tozero"})
        figure.update_layout(legend={"orientation": "h"})
    if not spec.numeric_x and spec.categories and "barh" not in spec.kind:
        figure.update_xaxes(type="category")
    elif "barh" in spec.kind:
        figure.update_yaxes(type="category")
    return json.loads(figure.to_json(engine="json"))


def _traces(spec: Spec) -> Any:
    import plotly.graph_objects as go

    for name, row in spec.points.items():
        xs, ys = zip(*row, strict=True)
        yield go.Scatter(x=xs, y=ys, mode="markers", name=name)
    if spec.kind in ("pie", "donut"):
        (values,) = spec.values.values()
        hole = 0.5 if spec.kind == "donut" else 0
        yield go.Pie(labels=spec.categories, values=values, hole=hole, sort=False)
        return
    if spec.kind == "box":
        low, q1, median, q3, high = spec.values.values()
        yield go.Box(
            x=spec.categories, lowerfence=low, q1=q1, median=median, q3=q3, upperfence=high
        )
        return
    for number, (name, row) in enumerate(spec.values.items()):
        if "bar" in spec.shape:
            yield _bar(spec, name, row, number)
        elif spec.kind == "combo" and number == 0:
            yield go.Bar(x=spec.categories, y=row, name=name)
        else:
            yield _line(spec, name, row, number)


def _bar(spec: Spec, name: str, row: Sequence[float], number: int) -> Any:
    import plotly.graph_objects as go

    extra: dict[str, Any] = {}
    if spec.kind == "hatched-bar":
        extra["marker"] = {"pattern": {"shape": _PATTERNS[number % 5]}}
    if spec.kind == "labelled-bar":
        extra |= {"text": row, "textposition": "outside"}
    if "barh" in spec.kind:
        return go.Bar(y=spec.categories, x=row, name=name, orientation="h", **extra)
    return go.Bar(x=spec.categories, y=row, name=name, **extra)


def _line(spec: Spec, name: str, row: Sequence[float], number: int) -> Any:
    import plotly.graph_objects as go

    xs = [int(c) for c in spec.categories] if spec.numeric_x else list(spec.categories)
    extra: dict[str, Any] = {}
    if spec.kind == "area":
        extra = {"fill": "tozeroy"}
    elif spec.kind == "stacked-area":
        extra = {"stackgroup": "one"}
    elif spec.kind == "combo":
        extra = {"yaxis": "y2"}
    if spec.kind == "smooth-line":
        extra["line"] = {"shape": "spline"}
    mode = "lines+markers" if spec.kind in ("marker-line", "combo") else "lines"
    return go.Scatter(x=xs, y=row, mode=mode, name=name, **extra)
