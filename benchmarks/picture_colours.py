"""The colours of a chart whose values are known from a table, as its picture was read.

A table holds no colours. For questions on them the picture is read, and of that reading nothing but
the colours is kept: those of the series (or, for one series, of the categories) that match the
table's by name or by values.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from air_cli.records import Chart, Mark
from benchmarks.charts.reading import read_image

LIKE = 0.6
NEAR = 0.02


def with_colours(chart: Chart, picture: Path) -> Chart:
    """The chart of a table with the colours of its picture, where they could be matched."""
    read = max(read_image(picture), key=lambda one: len(one.marks))
    seen = [mark for mark in read.marks if mark.value is not None]
    if len(chart.series) > 1:
        groups = {one.name: [m for m in seen if m.series == one.name] for one in read.series}
        own = {one.name: [m for m in chart.marks if m.series == one.name] for one in chart.series}
        colours = {one.name: one.color for one in read.series}
        found = {name: colours[match] for name, match in _matched(own, groups).items()}
        marks = tuple(replace(mark, color=found.get(mark.series, "")) for mark in chart.marks)
        series = tuple(replace(one, color=found.get(one.name, "")) for one in chart.series)
        return replace(chart, series=series, marks=marks, kind=read.kind)
    groups = {mark.category: [mark] for mark in seen}
    own = {mark.category: [mark] for mark in chart.marks}
    plain = {one.name: one.color for one in read.series}
    colours = {mark.category: mark.color or plain.get(mark.series, "") for mark in seen}
    found = {name: colours[match] for name, match in _matched(own, groups).items()}
    marks = tuple(replace(mark, color=found.get(mark.category, "")) for mark in chart.marks)
    return replace(chart, marks=marks, kind=read.kind)


def _matched(
    own: Mapping[str, Sequence[Mark]], read: Mapping[str, Sequence[Mark]]
) -> dict[str, str]:
    """Each name of the table with the name in the picture that is likest, each used once."""
    pairs = sorted(
        ((_likeness(a, b, own[a], read[b]), a, b) for a in own for b in read), reverse=True
    )
    found: dict[str, str] = {}
    for score, a, b in pairs:
        if score >= LIKE and a not in found and b not in found.values():
            found[a] = b
    return found


def _likeness(a: str, b: str, own: Sequence[Mark], read: Sequence[Mark]) -> float:
    """How alike two groups of marks are: by name, or by the share of their values."""
    names = difflib.SequenceMatcher(None, a.casefold(), b.casefold()).ratio()
    values = [mark.value for mark in read if mark.value is not None]
    held = [mark.value for mark in own if mark.value]
    shared = sum(any(abs(x - y) <= NEAR * abs(y) for x in values) for y in held)
    return max(names, shared / len(held) if held else 0.0)
