"""The generated suite: the same seed makes the same charts, and the scorer sees what is wrong."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from air_cli.read.chart import read_chart
from air_cli.records import Chart, Mark, Series
from benchmarks.charts import draw_matplotlib
from benchmarks.charts.compare import compare, names_f1
from benchmarks.charts.make import chart as make_chart
from benchmarks.charts.plan import KINDS, Numbers
from benchmarks.charts.score import figures, report

ONLY: dict[str, Any] = {"matplotlib": draw_matplotlib}


def perfect(truth: dict[str, Any]) -> list[Chart]:
    """The reading that says exactly what the truth says."""
    box = (0.0, 0.0, 1.0, 1.0)
    if truth["points"]:
        marks = [Mark(s, "", y, y, y, "geometry", box, x=x) for x, y, s, _ in truth["points"]]
        names = list(dict.fromkeys(p[2] for p in truth["points"]))
        return [Chart("f", truth["kind"], series=tuple(map(Series, names)), marks=tuple(marks))]
    panels = truth["kind"] == "panels"
    charts = []
    for group in [[s] for s in truth["series"]] if panels else [truth["series"]]:
        marks = [
            Mark("" if panels else s, c, v, v, v, "geometry", box)
            for s in group
            for c, v in truth["values"][s].items()
        ]
        kind = truth["panel_kind"] or truth["kind"]
        title = group[0] if panels else truth["title"]
        series = () if panels else tuple(map(Series, group))
        categories = tuple(truth["categories"])
        charts.append(Chart("f", kind, title, "", (), series, categories, tuple(marks)))
    return charts


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_perfect_reading_of_every_kind_scores_full_marks(kind: str) -> None:
    data, truth = make_chart(np.random.default_rng([7, 1]), ONLY, kind)
    assert Image.open(io.BytesIO(data)).width >= 340
    result = compare(truth, perfect(truth))
    assert result.kind_right
    assert result.share(0.0) == pytest.approx(1.0)
    assert result.f1 == pytest.approx(1.0)
    assert result.extra == 0
    assert all(point.inside for point in result.points)


def test_the_same_seed_makes_the_same_chart() -> None:
    one, truth = make_chart(np.random.default_rng([7, 2]), ONLY)
    two, again = make_chart(np.random.default_rng([7, 2]), ONLY)
    assert (one, truth) == (two, again)


def test_what_is_wrong_costs() -> None:
    _, truth = make_chart(np.random.default_rng([7, 3]), ONLY, "grouped-bar")
    (right,) = perfect(truth)
    span = truth["range"][1] - truth["range"][0]
    wide = replace(
        right,
        marks=tuple(
            replace(m, value=(m.value or 0) + 0.03 * span, low=m.value, high=(m.value or 0) + span)
            for m in right.marks
        ),
    )
    found = figures([compare(truth, [wide])])
    assert found["values within 1%"] == 0.0
    assert found["median error"] == pytest.approx(0.03)
    assert found["covered"] == 1.0
    assert found["median width"] == pytest.approx(1.0)
    few = compare(truth, [replace(right, marks=right.marks[:-1], kind="bar")])
    assert not few.kind_right
    assert few.points[-1].error is None
    assert few.share() < 1
    unnamed = compare(truth, [replace(right, series=(Series("grey"),))])
    assert unnamed.series_f1 is not None and unnamed.series_f1 < 0.5
    assert "grouped-bar" in report([few])


def test_values_under_unreadable_names_count_by_their_place() -> None:
    _, truth = make_chart(np.random.default_rng([7, 3]), ONLY, "grouped-bar")
    (right,) = perfect(truth)
    names = {name: f"{n}" * 9 for n, name in enumerate(right.categories)}
    marks = tuple(replace(mark, category=names[mark.category]) for mark in right.marks)
    lost = compare(truth, [replace(right, categories=tuple(names.values()), marks=marks)])
    assert (lost.share(), lost.in_place) == (0.0, 1.0)
    span = truth["range"][1] - truth["range"][0]
    wrong = (replace(marks[0], value=(marks[0].value or 0) + 0.03 * span), *marks[1:])
    few = compare(truth, [replace(right, categories=tuple(names.values()), marks=wrong)])
    assert few.in_place == pytest.approx(1 - 1 / len(marks))


def test_names_may_have_one_wrong_letter_in_ten() -> None:
    assert names_f1(["Czech Republic"], ["Czech Republlc"]) == 1.0
    assert names_f1(["2013", "2014"], ["2013", "2015"]) == 0.5
    assert names_f1(["France"], []) == 0.0


def test_numbers_as_the_world_prints_them() -> None:
    assert Numbers(1, group=".", point=",").text(-1234.5) == "-1.234,5"
    assert Numbers(0, "$", "M", paren=True).text(-12.0) == "($12M)"
    assert Numbers(0, paren=True).text(-0.2) == "0"


@pytest.mark.slow
def test_plain_bars_are_read() -> None:
    """A floor, well below what the large suite shows: three charts of the easiest kind."""
    results = []
    for number in (0, 3, 5):
        data, truth = make_chart(np.random.default_rng([11, number]), ONLY, "bar")
        rgb = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
        results.append(compare(truth, [read_chart(rgb)[0]]))
    found = figures(results)
    assert found["kind right"] >= 2 / 3
    assert found["values within 1%"] >= 0.6


def test_a_pie_that_prints_nothing_is_right_in_shares() -> None:
    truth = {
        "kind": "pie", "renderer": "", "title": "", "categories": ["a", "b"], "series": [""],
        "values": {"": {"a": 3.0, "b": 1.0}}, "range": [0.0, 4.0], "log": False, "factor": 1.0,
        "labels": False, "points": [], "second": [], "second_range": [0.0, 1.0],
    }  # fmt: skip
    box = (0.0, 0.0, 1.0, 1.0)
    marks = tuple(Mark("", c, v, v, v, "geometry", box) for c, v in (("a", 75.0), ("b", 25.0)))
    chart = Chart("f", "pie", categories=("a", "b"), marks=marks)
    assert compare(truth, [chart]).share() == 1.0
    assert compare({**truth, "labels": True}, [chart]).share() == 0.0
