"""What a generated chart says and how it looks, before any renderer draws it; all from a seed."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.charts import words
from benchmarks.charts.words import Subject

Rng = np.random.Generator
Floats = NDArray[np.float64]

# How often each kind is drawn. `panels` are small multiples of bars or lines.
KINDS = {
    "bar": 12, "barh": 9, "grouped-bar": 8, "grouped-barh": 5, "stacked-bar": 8,
    "stacked-barh": 6, "waterfall": 3, "range": 2, "line": 16, "area": 4, "stacked-area": 5,
    "pie": 6, "donut": 4, "scatter": 6, "bubble": 2, "dot": 5, "combo": 5, "panels": 4, "box": 3,
    "heatmap": 3,
}  # fmt: skip
BARS = ("bar", "barh", "grouped-bar", "grouped-barh", "stacked-bar", "stacked-barh")
FROM_ZERO = (*BARS, "waterfall", "area", "stacked-area")
TIMED = ("line", "area", "stacked-area", "combo")


@dataclass(frozen=True)
class Numbers:
    """How numbers are printed: `group` and `point` are the separators, `paren` is for (12)."""

    decimals: int = 0
    prefix: str = ""
    suffix: str = ""
    group: str = ","
    point: str = "."
    paren: bool = False

    def text(self, value: float) -> str:
        """`value` as it is printed."""
        digits = f"{abs(value):,.{self.decimals}f}"
        digits = digits.replace(",", "\0").replace(".", self.point).replace("\0", self.group)
        body = f"{self.prefix}{digits}{self.suffix}"
        if value >= 0 or not digits.strip("0.,"):
            return body
        return f"({body})" if self.paren else f"-{body}"


@dataclass(frozen=True)
class Style:
    """How a chart looks. Sizes are pixels; `scale` is the resolution (1: 96 dots an inch)."""

    width: int
    height: int
    scale: float
    font: str
    size: float
    palette: tuple[str, ...]
    dark: bool
    grid: str
    legend: str
    theme: int
    marker: bool
    dashes: bool
    hatch: bool
    edges: bool
    thick: float
    frame: bool


@dataclass(frozen=True)
class Plan:
    """A chart to be drawn. `values` is (series, categories), NaN for a gap; `points` are
    (x, y, series, size) of scatter and bubble; `low`/`high` the limits of the value axis."""

    kind: str
    title: str
    subtitle: str
    source: str
    axis: str
    categories: tuple[str, ...]
    series: tuple[str, ...]
    values: Floats
    numbers: Numbers
    style: Style
    low: float
    high: float
    labels: bool = False
    log: bool = False
    reverse: bool = False
    x_axis: str = ""
    points: tuple[tuple[float, float, str, float], ...] = ()
    totals: tuple[int, ...] = ()
    seconds: tuple[str, ...] = ()
    second_low: float = 0.0
    second_high: float = 1.0
    panel_kind: str = ""
    lollipop: bool = False
    percent: bool = False
    fixed: bool = True
    extra: dict[str, Any] = field(default_factory=dict)

    def truth(self) -> dict[str, Any]:
        """What a reader is expected to find."""
        values = {
            name: {
                c: float(v) for c, v in zip(self.categories, row, strict=True) if math.isfinite(v)
            }
            for name, row in zip(self.series, self.values, strict=True)
        }
        return {
            "kind": self.kind,
            "title": self.title,
            "unit": self.axis,
            "categories": list(self.categories),
            "series": list(self.series),
            "values": values,
            "range": [self.low, self.high],
            "log": self.log,
            "factor": {"bn": 1e9, "M": 1e6}.get(self.numbers.suffix, 1.0),
            "labels": self.labels,
            "points": [list(point) for point in self.points],
            "second": list(self.seconds),
            "second_range": [self.second_low, self.second_high],
            "panel_kind": self.panel_kind,
            "hatch": self.style.hatch,
            "size": [
                round(self.style.width * self.style.scale),
                round(self.style.height * self.style.scale),
            ],
        }


def make_plan(rng: Rng, kind: str, style: Style) -> Plan:
    """A chart of `kind` with random data and words."""
    from benchmarks.charts import plan_special, plan_tables

    special = plan_special.MAKERS.get(kind)
    plan = special(rng, kind, style) if special else plan_tables.table_plan(rng, kind, style)
    return replace(plan, style=_roomy(plan))


def draw_style(rng: Rng) -> Style:
    """A random look. A third of the charts are small, a tenth large."""
    style = _drawn_style(rng)
    return replace(style, palette=_on_dark(style.palette)) if style.dark else style


def _on_dark(palette: tuple[str, ...]) -> tuple[str, ...]:
    """The colours, all brighter where there are some that nobody would see on a dark ground."""
    colors = [[int(color[k : k + 2], 16) for k in (1, 3, 5)] for color in palette]
    if min(map(words.brightness, colors)) > 80:
        return palette
    brighter = ([64 + round(0.75 * part) for part in color] for color in colors)
    return tuple("#{:02x}{:02x}{:02x}".format(*color) for color in brighter)


def _drawn_style(rng: Rng) -> Style:
    wide = int(rng.choice([380, 450, 520, 600, 640, 700, 800, 900, 1000]))
    scale = float(rng.choice([1.0, 1.0, 1.0, 1.25, 1.5, 2.0]))
    scale = min(scale, 2400 / wide)
    return Style(
        width=wide,
        height=round(wide * float(rng.choice([0.5, 0.56, 0.62, 0.7, 0.75, 0.9]))),
        scale=scale,
        font=str(
            rng.choice(
                [
                    "DejaVu Sans",
                    "Liberation Sans",
                    "Lato",
                    "Noto Sans",
                    "Liberation Serif",
                    "Liberation Sans Narrow",
                ]
            )
        ),
        size=float(rng.choice([9.0, 10.0, 10.5, 11.0, 12.0])) * (0.9 if wide < 500 else 1.0),
        palette=_palette(rng),
        dark=bool(rng.random() < 0.08),
        grid=str(rng.choice(["none", "value", "value", "both"])),
        legend=str(rng.choice(["right", "top", "bottom", "inside", "direct"])),
        theme=int(rng.integers(1000)),
        marker=bool(rng.random() < 0.45),
        dashes=bool(rng.random() < 0.2),
        hatch=bool(rng.random() < 0.06),
        edges=bool(rng.random() < 0.25),
        thick=float(rng.uniform(0.5, 0.9)),
        frame=bool(rng.random() < 0.4),
    )


def _palette(rng: Rng) -> tuple[str, ...]:
    colors = list(words.PALETTES[int(rng.integers(len(words.PALETTES)))])
    if rng.random() < 0.5:
        turn = int(rng.integers(len(colors)))
        colors = colors[turn:] + colors[:turn]
    return tuple(colors)


def _roomy(plan: Plan) -> Style:
    """The style with room for what is on it: many bars and long names need a larger picture."""
    style, rows = plan.style, len(plan.categories)
    need_high, need_wide = 230, 350
    if plan.kind.endswith("barh") or plan.kind in ("heatmap", "dot"):
        bars = rows * (len(plan.series) if plan.kind == "grouped-barh" else 1)
        need_high = 150 + 19 * bars
        need_wide = 420
    elif plan.kind in (*BARS, "waterfall", "range", "combo", "box"):
        bars = rows * (len(plan.series) if plan.kind == "grouped-bar" else 1)
        need_wide = 170 + (26 if plan.labels else 17) * bars
    elif plan.kind == "panels":
        need_wide, need_high = 640, 420
    elif plan.kind in ("pie", "donut"):
        need_wide, need_high = 460, 300
    return replace(
        style,
        width=min(1200, max(style.width, need_wide)),
        height=min(1100, max(style.height, need_high)),
    )


def number_format(rng: Rng, subject: Subject, *, world: bool = True) -> Numbers:
    """How this chart prints its numbers: most in English, some as other countries do."""
    group, point = (
        (",", ".")
        if rng.random() < 0.75 or not world
        else ((".", ","), (" ", ","), (" ", "."), ("", "."))[int(rng.integers(4))]
    )
    if subject.high < 10000 and rng.random() < 0.3:
        group = ""
    bare = rng.random() < 0.4 and bool(subject.unit)
    return Numbers(
        subject.decimals,
        "" if bare else subject.prefix,
        "" if bare else subject.suffix,
        group,
        point,
        subject.signed and rng.random() < 0.25,
    )


def limits(rng: Rng, kind: str, values: Floats, labels: bool) -> tuple[float, float]:
    """Limits of the value axis: from zero for bars and areas, else now and then truncated."""
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    zero = kind in FROM_ZERO or rng.random() < 0.5
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    span = (high - low) or abs(high) or 1.0
    room = 0.16 if labels else 0.06
    top = high + room * span if high > 0 else 0.0
    bottom = low - room * span if low < 0 or not zero else 0.0
    return bottom, top


def choose(rng: Rng, pool: tuple[str, ...], count: int) -> tuple[str, ...]:
    """`count` different names in random order."""
    return tuple(str(name) for name in rng.permutation(np.array(pool, dtype=object))[:count])


def title_of(rng: Rng, subject: Subject, what: str) -> tuple[str, str]:
    """(title, subtitle): the subject and its unit, in one of the ways that they are written."""
    name = subject.name
    form = int(rng.integers(5))
    if form == 0:
        return f"{name} {what}", f"{subject.unit[:1].upper()}{subject.unit[1:]}"
    if form == 1:
        return f"{name} ({subject.unit}) {what}", ""
    if form == 2:
        return f"Figure {int(rng.integers(1, 30))}. {name} {what}", subject.unit
    if form == 3:
        verbs = ("fell behind", "picked up again", "varies widely", "kept its level")
        return f"{name} {verbs[int(rng.integers(4))]}", f"{name} {what}, {subject.unit}"
    return f"{name} {what}", ""
