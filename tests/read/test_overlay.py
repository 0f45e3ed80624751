"""The overlay picture."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from air_cli.read.overlay import draw_overlay
from air_cli.records import Axis, Chart, Mark, Series, Text, Tick


def _chart(width: int, height: int, **more: object) -> Chart:
    marks = tuple(
        Mark(
            "Sales",
            str(2010 + i),
            10.0 + i,
            9.5 + i,
            10.5 + i,
            "both" if i % 2 else "geometry",
            (width * (0.1 + 0.2 * i), height * 0.3, width * (0.2 + 0.2 * i), height * 0.8),
            "#1f77b4",
            f"{10 + i}",
        )
        for i in range(4)
    )
    texts = (Text("11", (width * 0.3, height * 0.2, width * 0.36, height * 0.26), "label"),)
    ticks = (Tick("2010", None, width * 0.15), Tick("2011", None, width * 0.35))
    axes = (Axis("x", "category", ticks), Axis("y", "linear", (Tick("5", 5.0, height * 0.5),)))
    chart = {"kind": "bar", "axes": axes, "series": (Series("Sales", "#1f77b4"),), "marks": marks}
    return Chart("p1-f1", text=texts, size_px=(width, height), **{**chart, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [(40, 30), (300, 200), (1200, 800), (7000, 400)])
@pytest.mark.parametrize("page", ["white", "#15181d"])
def test_any_size_and_ground(size: tuple[int, int], page: str) -> None:
    image = Image.new("RGB", size, page)
    picture = draw_overlay(image, _chart(*size), [(size[0] * 0.1, 5, size[0] * 0.2, 20)])
    assert picture.mode == "RGB"
    assert max(picture.size) <= 6400
    assert picture.width >= min(size[0], 120)
    assert image.size == size and image.getpixel((0, 0)) == Image.new("RGB", (1, 1), page).getpixel(
        (0, 0)
    ), "the figure itself is left alone"


def test_marks_are_outlined_and_evidence_stands_out() -> None:
    image = Image.new("RGB", (1000, 600), "white")
    plain = np.asarray(draw_overlay(image, _chart(1000, 600)))
    strong = np.asarray(draw_overlay(image, _chart(1000, 600), [(100, 180, 200, 480)]))
    left_edge = plain[250:400, 99:103].reshape(-1, 3)
    assert (np.abs(left_edge.astype(int) - (31, 119, 180)).max(axis=1) < 30).any()
    changed = (np.abs(plain.astype(int) - strong).max(axis=2) > 25)[:600]
    ys, xs = np.nonzero(changed)
    assert changed.sum() > 1500
    assert xs.min() > 60 and xs.max() < 240 and ys.min() > 140 and ys.max() < 520


def test_problems_are_red_at_the_foot() -> None:
    image = Image.new("RGB", (1000, 600), "white")
    without = draw_overlay(image, _chart(1000, 600))
    told = draw_overlay(image, _chart(1000, 600, problems=("the legend is cut off",)))
    assert told.height > without.height
    foot = np.asarray(told)[600:].astype(int)
    assert ((foot[..., 0] > 150) & (foot[..., 1] < 90)).sum() > 50


@pytest.mark.parametrize("kind", ["line", "pie", "scatter", "unknown", "table"])
def test_every_kind_and_gaps_are_drawn(kind: str) -> None:
    gap = Mark("Sales", "2015", None, None, None, "geometry", (10, 10, 16, 16))
    chart = _chart(640, 480, kind=kind)
    marks = () if kind == "unknown" else (*chart.marks, gap)
    chart = _chart(640, 480, kind=kind, marks=marks)
    assert draw_overlay(Image.new("RGB", (640, 480), "white"), chart).height > 480


def test_many_marks_stay_quick_and_legible() -> None:
    marks = tuple(
        Mark("s", str(i), float(i), i - 1.0, i + 1.0, "geometry", (i, i % 400, i + 5, i % 400 + 5))
        for i in range(900)
    )
    picture = draw_overlay(Image.new("RGB", (1000, 500), "white"), _chart(1000, 500, marks=marks))
    assert picture.size[0] == 1000
