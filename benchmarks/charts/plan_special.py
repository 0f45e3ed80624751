"""Plans of the kinds that are more than a table of bars or lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from benchmarks.charts import words
from benchmarks.charts.plan import (
    Numbers,
    Plan,
    Rng,
    Style,
    choose,
    limits,
    number_format,
    title_of,
)
from benchmarks.charts.plan_tables import (
    axis_title,
    names,
    numbers_for,
    pick_subject,
    shares,
    table_plan,
    times,
)
from benchmarks.charts.words import Subject


def _plan(rng: Rng, kind: str, style: Style, subject: Subject, what: str, **parts: object) -> Plan:
    title, subtitle = title_of(rng, subject, what)
    values = parts["values"]
    assert isinstance(values, np.ndarray)
    low, high = limits(rng, kind, values, bool(parts.get("labels")))
    defaults: dict[str, object] = {
        "kind": kind,
        "title": title,
        "subtitle": subtitle if rng.random() < 0.7 else "",
        "source": str(rng.choice(words.SOURCES)) if rng.random() < 0.3 else "",
        "axis": axis_title(rng, subject),
        "numbers": number_format(rng, subject),
        "style": style,
        "low": low,
        "high": high,
    }
    return Plan(**{**defaults, **parts})  # type: ignore[arg-type]


def pie(rng: Rng, kind: str, style: Style) -> Plan:
    """A pie or donut of percentages that sum to 100, or now and then of amounts."""
    subject = pick_subject(rng, kind)
    count = int(rng.integers(3, 8))
    pool = words.SEGMENTS if rng.random() < 0.5 else words.COUNTRIES
    weights = rng.dirichlet(np.full(count, 2.5))
    share = rng.random() < 0.7
    decimals = int(rng.integers(2))
    if share:
        values = shares(np.maximum(weights, 0.025)[:, None], decimals).T
        form = Numbers(decimals, "", "%", ",", "." if rng.random() < 0.8 else ",")
    else:
        values = np.round(np.maximum(weights, 0.03) * subject.high, subject.decimals)[None, :]
        form = replace(number_format(rng, subject), suffix="")
    plan = _plan(
        rng, kind, style, subject, f"by segment, {int(rng.integers(2010, 2024))}",
        values=values, categories=choose(rng, pool, count), series=("",), numbers=form,
        labels=rng.random() < 0.75,
    )  # fmt: skip
    return replace(plan, low=0.0, high=float(values.sum()), subtitle="" if share else plan.subtitle)


def waterfall(rng: Rng, kind: str, style: Style) -> Plan:
    """A start, signed changes, and the total that they lead to."""
    subject = Subject("Operating profit", "$ million", 100, 800, 0, "$")
    count = int(rng.integers(3, 8))
    start = float(np.round(rng.uniform(200, 800)))
    changes = np.round(rng.uniform(-0.22, 0.28, count) * start)
    changes[changes == 0] = 11
    total = start + changes.sum()
    labels = ("Prices", "Volumes", "Currency", "Cost savings", "Wages", "Energy", "Other", "Mix")
    first = str(int(rng.integers(2015, 2023)))
    categories = (first, *choose(rng, labels, count), str(int(first) + 1))
    values = np.array([[start, *changes, total]])
    tops = np.array([[0.0, start, *(start + changes.cumsum())]])
    plan = _plan(
        rng, kind, style, subject, f"bridge {first}-{int(first) + 1}", values=values,
        categories=categories, series=("",), totals=(0, count + 1), labels=rng.random() < 0.8,
    )  # fmt: skip
    return replace(plan, low=0.0, high=float(tops.max()) * 1.12)


def ranges(rng: Rng, kind: str, style: Style) -> Plan:
    """Floating bars, from one value to another."""
    subject = pick_subject(rng, "area")
    categories, what = names(rng, "bar")
    both = np.sort(numbers_for(rng, "bar", subject, 2, len(categories)), axis=0)
    gap = 0.08 * (subject.high - subject.low)
    both[1] = np.round(np.maximum(both[1], both[0] + gap), subject.decimals)
    return _plan(
        rng, kind, style, subject, f"range {what}", values=both, categories=categories,
        series=("from", "to"), labels=False,
    )  # fmt: skip


def dots(rng: Rng, kind: str, style: Style) -> Plan:
    """Dots on a line for each category: one series (often a lollipop), or two or three."""
    subject = pick_subject(rng, kind)
    categories, what = names(rng, "barh")
    count = 1 if rng.random() < 0.5 else int(rng.integers(2, 4))
    series = choose(rng, words.GROUPS, count) if count > 1 else ("",)
    values = numbers_for(rng, "bar", subject, count, len(categories))
    lollipop = count == 1 and rng.random() < 0.6
    plan = _plan(
        rng, kind, style, subject, what, values=values, categories=categories, series=series,
        labels=count == 1 and rng.random() < 0.4, lollipop=lollipop,
    )  # fmt: skip
    return replace(plan, low=0.0, high=float(values.max()) * 1.12) if lollipop else plan


def scatter(rng: Rng, kind: str, style: Style) -> Plan:
    """Points that correlate somewhat; bubbles have a size as well."""
    x_subject, subject = pick_subject(rng, "area"), pick_subject(rng, "area")
    groups = int(rng.choice([1, 1, 2, 3]))
    series = choose(rng, words.GROUPS, groups) if groups > 1 else ("",)
    each = int(rng.integers(8, 40)) // groups if kind == "scatter" else int(rng.integers(5, 11))
    points = []
    for name in series:
        x = rng.uniform(0.05, 0.95, each)
        y = np.clip(x * rng.uniform(-0.6, 0.8) + rng.normal(0.45, 0.16, each), 0.03, 0.97)
        size = rng.uniform(1, 10, each).round(1) if kind == "bubble" else np.ones(each)
        xs = x_subject.low + x * (x_subject.high - x_subject.low)
        ys = subject.low + y * (subject.high - subject.low)
        points += [
            (float(a), float(b), name, float(s)) for a, b, s in zip(xs, ys, size, strict=True)
        ]
    plan = _plan(
        rng, kind, style, subject, f"and {x_subject.name.lower()}",
        values=np.array([[p[1] for p in points]]), categories=(), series=(), points=tuple(points),
        x_axis=f"{x_subject.name} ({x_subject.unit})", axis=f"{subject.name} ({subject.unit})",
    )  # fmt: skip
    span = x_subject.high - x_subject.low
    extra = {
        "x_low": x_subject.low - 0.02 * span,
        "x_high": x_subject.high + 0.02 * span,
        "x_decimals": 1 if span < 30 else 0,
        "series": series,
    }
    return replace(plan, values=np.zeros((0, 0)), extra=extra)


def combo(rng: Rng, kind: str, style: Style) -> Plan:
    """Bars against the left axis, a line against the right one (or, now and then, the same)."""
    base = table_plan(rng, "grouped-bar" if rng.random() < 0.3 else "bar", style)
    subject = pick_subject(rng, "area")
    categories, what = times(rng, "combo")
    bars = numbers_for(rng, "bar", subject, len(base.series), len(categories))
    line = np.round(rng.normal(0, 3, len(categories)).cumsum() + rng.uniform(12, 40), 1)
    line = line - min(0.0, float(line.min()))
    names_ = base.series if len(base.series) > 1 else (subject.name,)
    plan = _plan(
        rng, kind, style, subject, what, values=np.vstack([bars, line]), categories=categories,
        series=(*names_, "Growth rate (%)"), seconds=("Growth rate (%)",),
        labels=len(names_) == 1 and rng.random() < 0.4,
    )  # fmt: skip
    high = float(bars.max()) * float(rng.choice([1.1, 1.3, 1.6]))
    return replace(plan, low=0.0, high=high, second_low=0.0, second_high=float(line.max()) * 1.15)


def panels(rng: Rng, kind: str, style: Style) -> Plan:
    """Small multiples: the same bars or lines, one panel a series."""
    inner = "line" if rng.random() < 0.5 else "bar"
    subject = pick_subject(rng, "area")
    categories, what = times(rng, inner) if inner == "line" else names(rng, "grouped-bar")
    if inner == "bar":
        categories = tuple(f"20{10 + i}" for i in range(int(rng.integers(3, 6))))
    count = int(rng.choice([2, 3, 4, 6]))
    values = numbers_for(rng, inner, subject, count, len(categories))
    plan = _plan(
        rng, kind, style, subject, what, values=values, categories=categories,
        series=choose(rng, words.COUNTRIES, count), panel_kind=inner,
        labels=inner == "bar" and rng.random() < 0.4,
    )  # fmt: skip
    return replace(plan, low=0.0, high=float(values.max()) * 1.15, subtitle="")


def boxes(rng: Rng, kind: str, style: Style) -> Plan:
    """Box plots by their five numbers."""
    subject = pick_subject(rng, "area")
    categories, what = names(rng, "grouped-bar")
    rows = np.sort(rng.uniform(0.04, 0.96, (5, len(categories))), axis=0)
    values = subject.low + rows * (subject.high - subject.low)
    series = ("minimum", "lower quartile", "median", "upper quartile", "maximum")
    return _plan(
        rng, kind, style, subject, what, values=values, categories=categories, series=series
    )  # fmt: skip


def heatmap(rng: Rng, kind: str, style: Style) -> Plan:
    """A grid of cells by colour, most with their values printed."""
    subject = pick_subject(rng, "area")
    rows, what = names(rng, "grouped-bar")
    columns = (
        words.MONTHS[: int(rng.integers(4, 9))]
        if rng.random() < 0.5
        else tuple(str(2015 + i) for i in range(int(rng.integers(4, 8))))
    )
    values = numbers_for(rng, "bar", subject, len(columns), len(rows))
    return _plan(
        rng, kind, style, subject, what, values=values, categories=rows, series=columns,
        labels=rng.random() < 0.7,
    )  # fmt: skip


MAKERS: dict[str, Callable[[Rng, str, Style], Plan]] = {
    "pie": pie, "donut": pie, "waterfall": waterfall, "range": ranges, "dot": dots,
    "scatter": scatter, "bubble": scatter, "combo": combo, "panels": panels, "box": boxes,
    "heatmap": heatmap,
}  # fmt: skip
