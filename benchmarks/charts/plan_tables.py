"""Plans of charts that show a table: bars, lines, areas."""

from __future__ import annotations

import numpy as np

from benchmarks.charts import words
from benchmarks.charts.plan import (
    TIMED,
    Floats,
    Plan,
    Rng,
    Style,
    choose,
    limits,
    number_format,
    title_of,
)
from benchmarks.charts.words import SUBJECTS, Subject


def table_plan(rng: Rng, kind: str, style: Style) -> Plan:
    """Bars, lines and areas of every sort."""
    many = kind.startswith(("grouped", "stacked")) or (kind == "line" and rng.random() < 0.7)
    subject = pick_subject(rng, kind)
    timed = kind in TIMED or (not kind.endswith("barh") and rng.random() < 0.45)
    categories, what = times(rng, kind) if timed else names(rng, kind)
    count = int(rng.integers(2, 5)) if many else 1
    if kind.startswith("stacked"):
        count = int(rng.integers(2, 6))
    pool: tuple[str, ...] = words.COUNTRIES if timed and rng.random() < 0.5 else words.SEGMENTS
    if not timed or rng.random() < 0.2:
        pool = words.GROUPS if rng.random() < 0.5 else ("2018", "2019", "2020", "2021", "2022")
    percent = kind.startswith("stacked") and rng.random() < 0.35
    if percent and rng.random() < 0.5:
        pool, count = words.ANSWERS, 5
    if kind == "stacked-area":
        pool = words.SEGMENTS
    series = choose(rng, pool, count) if many else ("",)
    if pool == words.ANSWERS or series[0].isdigit():
        series = tuple(sorted(series, key=pool.index))
    values = numbers_for(rng, kind, subject, len(series), len(categories))
    if percent:
        subject = Subject(subject.name, "% of total", 0, 100, 0, "", "%", share=True)
        values = shares(values, 0)
    labels = kind not in ("line", "area", "stacked-area") and rng.random() < 0.5
    log = kind in ("line", "bar") and not subject.signed and not labels and rng.random() < 0.06
    if log:
        values = spread(rng, values, subject.decimals)
    top = values.sum(axis=0, keepdims=True) if kind.startswith("stacked") else values
    if kind.startswith("stacked"):
        top = np.vstack(
            [np.where(values > 0, values, 0).sum(0), np.where(values < 0, values, 0).sum(0)]
        )
    low, high = limits(rng, kind, top, labels and not kind.startswith("stacked"))
    if percent:
        low, high = 0.0, 100.0
    if log:
        low, high = float(np.nanmin(values)) / 2, float(np.nanmax(values)) * 2
    title, subtitle = title_of(rng, subject, what)
    return Plan(
        kind=kind,
        title=title if rng.random() < 0.9 else "",
        subtitle=subtitle if rng.random() < 0.8 else "",
        source=str(rng.choice(words.SOURCES)) if rng.random() < 0.35 else "",
        axis=axis_title(rng, subject),
        categories=categories,
        series=series,
        values=values,
        numbers=number_format(rng, subject),
        style=style,
        low=low,
        high=high,
        labels=labels,
        log=log,
        percent=percent,
        fixed=log or rng.random() < 0.6,
        reverse=kind == "line" and not log and rng.random() < 0.03,
    )


def axis_title(rng: Rng, subject: Subject) -> str:
    """The title of the value axis, often none."""
    form = int(rng.integers(4))
    return (f"{subject.name} ({subject.unit})", subject.unit, "", "")[form]


def pick_subject(rng: Rng, kind: str) -> Subject:
    """A subject that fits the kind: nothing signed in a stack or an area."""
    while True:
        subject = SUBJECTS[int(rng.integers(len(SUBJECTS)))]
        if not (subject.signed and kind in ("area", "stacked-area", "pie", "donut", "dot")):
            return subject


def times(rng: Rng, kind: str) -> tuple[tuple[str, ...], str]:
    """Years, fiscal years, quarters or months in order, and the words for the title."""
    long = kind in TIMED and kind != "combo" and rng.random() < 0.55
    form = int(rng.choice(5, p=[0.55, 0.1, 0.15, 0.12, 0.08]))
    count = int(rng.integers(14, 36)) if long and form == 0 else int(rng.integers(4, 13))
    start = int(rng.integers(1990, 2022 - min(count, 30)))
    if form == 0:
        years = tuple(str(start + i) for i in range(count))
        return years, f"{years[0]}-{years[-1]}"
    if form == 1:
        start = int(rng.integers(2005, 2014))
        return tuple(f"FY{(start + i) % 100:02}" for i in range(count)), "by fiscal year"
    if form == 2:
        start = int(rng.integers(2015, 2022))
        style = int(rng.integers(3))
        marks = [(start + i // 4, i % 4 + 1) for i in range(count)]
        forms = ("Q{1} {0}", "{1}Q{2:02}", "Q{1} '{2:02}")
        return tuple(forms[style].format(y, q, y % 100) for y, q in marks), "by quarter"
    first = int(rng.integers(12))
    if form == 3:
        start = int(rng.integers(2012, 2022))
        marks = [(start + (first + i) // 12, (first + i) % 12) for i in range(count)]
        return tuple(f"{words.MONTHS[m]} {y}" for y, m in marks), "by month"
    return words.MONTHS[: max(6, min(count, 12))], "by month, 2021"


def names(rng: Rng, kind: str) -> tuple[tuple[str, ...], str]:
    """Countries, segments, ages, statements or groups, and the words for the title."""
    most = 14 if kind in ("bar", "barh") else 8
    count = int(rng.integers(3, most + 1))
    form = int(rng.integers(5))
    if form <= 1:
        return choose(rng, words.COUNTRIES, count), f"by country, {int(rng.integers(2010, 2024))}"
    if form == 2 and not kind.endswith("barh"):
        return words.AGES, "by age group"
    if kind.endswith("barh") and form == 3:
        return choose(rng, words.STATEMENTS, min(count, 9)), "by reason"
    return choose(rng, words.SEGMENTS, min(count, 9)), "by segment"


def numbers_for(rng: Rng, kind: str, subject: Subject, rows: int, count: int) -> Floats:
    """Values of the subject's size: walks along time for lines, else spread, rounded as printed."""
    low, high = subject.low, subject.high
    width = (high - low) * float(rng.uniform(0.3, 1.0))
    base = low + float(rng.uniform(0, 1)) * (high - low - width)
    if kind in TIMED:
        steps = rng.normal(0, 0.12, (rows, count)).cumsum(axis=1) + rng.uniform(0.2, 0.8, (rows, 1))
        values = base + width * np.abs(steps)
    else:
        values = rng.uniform(base, base + width, (rows, count))
        if rng.random() < 0.3:
            values = -np.sort(-values, axis=1)
    if subject.signed and kind not in ("area", "stacked-area"):
        values = values * rng.choice([-1.0, 1.0], values.shape, p=[0.3, 0.7])
    return np.asarray(np.round(values, subject.decimals) + 0.0, dtype=float)


def shares(values: Floats, decimals: int) -> Floats:
    """Each column as percentages that sum to 100 after rounding (the largest takes the rest)."""
    parts = np.round(np.abs(values) / np.abs(values).sum(axis=0) * 100, decimals)
    at = parts.argmax(axis=0)
    parts[at, np.arange(parts.shape[1])] += np.round(100 - parts.sum(axis=0), decimals)
    return np.asarray(np.round(parts, decimals), dtype=float)


def spread(rng: Rng, values: Floats, decimals: int) -> Floats:
    """Values over several decades, for a logarithmic axis."""
    drawn = np.round(10 ** rng.uniform(1, 4.5, values.shape), decimals)
    return np.asarray(np.maximum(drawn, 1.0), dtype=float)
