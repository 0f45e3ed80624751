"""Charts of Office files: exact values from the data that is kept in the chart's own part."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from air_cli.read.office_numbers import date_text, kind_of
from air_cli.read.office_zip import Element, attribute, every, find, first, local

# (reference, bare numbers?) -> cells by their order.
LookUp = Callable[[str, bool], dict[int, str]]
_MOST = 20_000
_PLOTS = {
    "barChart": "bar",
    "bar3DChart": "bar",
    "lineChart": "line",
    "line3DChart": "line",
    "stockChart": "line",
    "radarChart": "line",
    "areaChart": "area",
    "area3DChart": "area",
    "pieChart": "pie",
    "pie3DChart": "pie",
    "ofPieChart": "pie",
    "doughnutChart": "donut",
    "scatterChart": "scatter",
    "bubbleChart": "bubble",
}
_DEFAULT = ("#4472c4", "#ed7d31", "#a5a5a5", "#ffc000", "#5b9bd5", "#70ad47")
_HEX = re.compile(r"[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class Row:
    """A series: values by category, with x (numeric) and size for scatter and bubbles."""

    name: str
    kind: str
    color: str
    categories: tuple[str, ...]
    values: tuple[float | None, ...]
    xs: tuple[float | None, ...] = ()
    sizes: tuple[float | None, ...] = ()


@dataclass(frozen=True)
class ChartData:
    """What a chart part holds. `unit` is "%" where its numbers are formatted so."""

    kind: str
    title: str
    x_title: str
    y_titles: tuple[str, ...]
    rows: tuple[Row, ...]
    unit: str = ""


def read_chart_part(
    root: Element, theme: Mapping[str, str], look_up: LookUp | None = None
) -> ChartData | None:
    """The data of a chart part; None where it holds none (a link without kept values). `look_up`
    gives the cells of the workbook around it, which some writers do not repeat in the chart."""
    area = find(root, "chart", "plotArea")
    if area is None:
        return None
    rows: list[Row] = []
    kinds: list[str] = []
    percent = 0
    for plot in area:
        kind = _PLOTS.get(local(plot))
        if kind is None:
            continue
        kinds.append(_kind(plot, kind))
        for item in (child for child in plot if local(child) == "ser"):
            rows.append(_row(item, kind, len(rows), theme, look_up))
            code = first(find(item, "val"), "formatCode")
            percent += code is not None and kind_of(code.text or "") == "percent"
    rows = [row for row in rows if any(value is not None for value in row.values)]
    if not rows:
        return None
    if percent == len(rows):
        rows = [_in_percent(row) for row in rows]
    title = _text(find(root, "chart", "title"))
    names = [_text(find(axis, "title")) for axis in area if local(axis) in ("catAx", "dateAx")]
    valued = [_text(find(axis, "title")) for axis in area if local(axis) == "valAx"]
    if kinds[0] in ("scatter", "bubble") and len(valued) > 1:
        names, valued = valued[:1], valued[1:]
    return ChartData(
        _whole_kind(kinds, rows),
        title or (rows[0].name if len(rows) == 1 else ""),
        next((name for name in names if name), ""),
        tuple(name for name in valued if name),
        tuple(rows),
        "%" if percent == len(rows) else "",
    )


def _in_percent(row: Row) -> Row:
    values = tuple(None if v is None else round(100 * v, 12) for v in row.values)
    return Row(row.name, row.kind, row.color, row.categories, values, row.xs, row.sizes)


def _kind(plot: Element, kind: str) -> str:
    grouping = attribute(find(plot, "grouping"))
    stacked = "stacked-" if grouping in ("stacked", "percentStacked") else ""
    if kind == "bar":
        side = "barh" if attribute(find(plot, "barDir")) == "bar" else "bar"
        return stacked + side
    return stacked + kind if kind == "area" else kind


def _whole_kind(kinds: Sequence[str], rows: Sequence[Row]) -> str:
    if len(set(kinds)) > 1:
        return "combo"
    kind = kinds[0]
    return f"grouped-{kind}" if kind in ("bar", "barh") and len(rows) > 1 else kind


def _row(
    item: Element, kind: str, number: int, theme: Mapping[str, str], look_up: LookUp | None
) -> Row:
    named = _cells(find(item, "tx"), look_up, False) or _cache(find(item, "tx"))
    name = " ".join(named.values()) or f"Series {number + 1}"
    points = find(item, "yVal") if kind in ("scatter", "bubble") else find(item, "val")
    values = _numbers(points, look_up)
    count = 1 + max(values, default=-1)
    places = find(item, "xVal") if kind in ("scatter", "bubble") else find(item, "cat")
    xs = _numbers(places, look_up) if kind in ("scatter", "bubble") else {}
    sizes = _numbers(find(item, "bubbleSize"), look_up)
    names = _cells(places, look_up, False) or _cache(places)
    return Row(
        name,
        kind,
        _color(item, number, theme),
        tuple(names.get(n, str(n + 1)) for n in range(count)),
        tuple(values.get(n) for n in range(count)),
        tuple(xs.get(n) for n in range(count)) if xs else (),
        tuple(sizes.get(n) for n in range(count)) if sizes else (),
    )


def _points(element: Element) -> Iterator[tuple[int, str]]:
    for point in every(element, "pt")[:_MOST]:
        value = find(point, "v")
        place = attribute(point, "idx")
        if value is not None and value.text and place.isdigit() and int(place) < _MOST:
            yield int(place), value.text


def _cache(element: Element | None) -> dict[int, str]:
    """Kept texts by index: names of several levels are joined, dates written out."""
    if element is None:
        return {}
    levels = every(element, "lvl")
    if levels:
        return _levels([dict(_points(level)) for level in levels])
    found = dict(_points(element))
    plain = find(element, "v")
    if not found and plain is not None and plain.text:
        return {0: plain.text}
    code = first(element, "formatCode")
    if code is not None and code.text and kind_of(code.text) == "date":
        return {n: _dated(text, code.text) for n, text in found.items()}
    return {n: " ".join(text.split()) for n, text in found.items()}


def _levels(levels: Sequence[Mapping[int, str]]) -> dict[int, str]:
    """The innermost names, each with the outer one that begins at or before it."""
    names = {}
    for place, text in levels[0].items():
        outer = []
        for level in levels[1:]:
            before = [n for n in level if n <= place]
            outer.append(level[max(before)] if before else "")
        names[place] = " ".join([*reversed([part for part in outer if part]), text])
    return names


def _dated(text: str, code: str) -> str:
    try:
        return date_text(float(text), code)
    except ValueError:
        return text


def _cells(element: Element | None, look_up: LookUp | None, bare: bool) -> dict[int, str]:
    reference = first(element, "f")
    if look_up is None or reference is None or every(element, "lvl"):
        return {}
    return look_up(reference.text or "", bare)


def _numbers(element: Element | None, look_up: LookUp | None) -> dict[int, float]:
    kept = dict(_points(element)) if element is not None else {}
    found = {}
    for place, text in (kept or _cells(element, look_up, True)).items():
        try:
            value = float(text)
        except ValueError:
            continue
        if value == value and abs(value) < 1e300:
            found[place] = value
    return found


def _text(element: Element | None) -> str:
    words = "".join(item.text or "" for item in every(element, "t"))
    if not words and element is not None:
        words = " ".join(_cache(find(element, "tx")).values())
    return " ".join(words.split())


def _color(item: Element, number: int, theme: Mapping[str, str]) -> str:
    """The series' fill or line as `#rrggbb`; the theme's next colour where it states none."""
    shape = find(item, "spPr")
    for fill in every(shape, "solidFill"):
        for color in fill:
            if local(color) == "srgbClr" and _HEX.fullmatch(attribute(color)):
                return f"#{attribute(color).lower()}"
            if local(color) == "schemeClr" and attribute(color) in theme:
                return theme[attribute(color)]
    return theme.get(f"accent{number % 6 + 1}", _DEFAULT[number % 6])


def read_theme(root: Element) -> dict[str, str]:
    """The colours of a theme part by name (`accent1` …)."""
    scheme = first(root, "clrScheme")
    colors = {}
    for item in scheme if scheme is not None else ():
        value = attribute(item[0]) or attribute(item[0], "lastClr") if len(item) else ""
        if len(item) and local(item[0]) == "sysClr":
            value = attribute(item[0], "lastClr")
        if _HEX.fullmatch(value):
            colors[local(item)] = f"#{value.lower()}"
    return colors
