"""Kinds that AIR does not read are said to be so, never read as another kind."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from air_cli.read.pdf import PdfDocument
from air_cli.records import Chart


def read(figure: Figure) -> Chart:
    file = io.BytesIO()
    figure.savefig(file, format="pdf")
    document = PdfDocument(file.getvalue(), "chart.pdf")
    (found,) = [f for f in document.figures(None) if f.kind != "table"]
    return document.chart(found.id)[0]


def axes(projection: str | None = None) -> tuple[Figure, Any]:
    figure = Figure(figsize=(5, 4))
    return figure, figure.add_subplot(projection=projection)


def radar(_: np.random.Generator) -> Figure:
    figure, ax = axes("polar")
    turns = np.linspace(0, 2 * np.pi, 6)
    ax.plot(turns, [3, 4, 2, 5, 1, 3])
    ax.set_thetagrids(np.degrees(turns[:-1]), ["Speed", "Cost", "Size", "Noise", "Range"])
    return figure


def web(_: np.random.Generator) -> Figure:
    """A radar chart as spreadsheets draw it: polygons and spokes on plain axes."""
    figure, ax = axes()
    ax.set_axis_off()
    ax.set_aspect("equal")
    turns = np.linspace(0, 2 * np.pi, 6)
    ring = np.column_stack([np.sin(turns), np.cos(turns)])
    for n in range(1, 5):
        ax.plot(*(n * ring).T, color="0.8", lw=0.8)
        ax.text(0, n, str(n))
    for x, y in 4 * ring[:-1]:
        ax.plot([0, x], [0, y], color="0.8", lw=0.8)
    ax.plot(*(ring.T * [3, 4, 2, 3.5, 1, 3]), color="tab:blue")
    return figure


def solid(rng: np.random.Generator) -> Figure:
    figure, ax = axes("3d")
    ax.scatter(*rng.uniform(0, 9, (3, 12)))
    return figure


def violins(rng: np.random.Generator) -> Figure:
    figure, ax = axes()
    ax.violinplot([rng.normal(n, 1, 80) for n in range(3)], showextrema=False)
    return figure


def circles(_: np.random.Generator) -> Figure:
    """Amounts as packed circles, their values printed in them."""
    figure, ax = axes()
    ax.set_axis_off()
    for n, amount in enumerate([153, 77, 65, 54, 49, 32, 19, 8]):
        at = (2.4 * (n % 4), 2.4 * (n // 4))
        ax.add_patch(Circle(at, 0.09 * amount**0.5, color=f"C{n % 3}"))
        ax.text(*at, f"Food {n}\n£{amount}M", ha="center", va="center", fontsize=6)
    ax.set_xlim(-1.5, 9)
    ax.set_ylim(-1.5, 4)
    ax.set_aspect("equal")
    return figure


def timeline(rng: np.random.Generator) -> Figure:
    figure, ax = axes()
    ax.scatter(np.arange(1990, 2020), [1] * 30, s=rng.uniform(10, 200, 30))
    ax.scatter(np.arange(1990, 2020), [2] * 30, s=rng.uniform(10, 200, 30))
    ax.set_yticks([])
    ax.set_title("Extreme events")
    return figure


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (circles, "circles"),
        (timeline, "circles"),
        (radar, "polar"),
        (web, "polar"),
        (solid, "three-dim"),
        (violins, "violin"),
    ],
)
def test_it_says_what_it_does_not_read(draw: Any, said: str) -> None:
    chart = read(draw(np.random.default_rng(3)))
    assert (chart.kind, chart.marks) == ("unknown", ())
    assert said in chart.problems[0]


def test_circles_in_a_grid_with_their_numbers_are_not_refused() -> None:
    figure, ax = axes()
    for n in range(12):
        at, value = (n % 4, n // 4), 10 + 7 * n
        ax.add_patch(Circle(at, 0.04 * value**0.5, color=(0.2, 0.4, 0.3 + n / 20)))
        ax.text(*at, str(value), ha="center", va="center", fontsize=7)
    ax.set_xticks(range(4), ["Depth", "Edge", "Flow", "Mask"])
    ax.set_yticks(range(3), ["Mean", "Best", "Worst"])
    ax.set_aspect("equal")
    assert not any("circles" in problem for problem in read(figure).problems)


def test_bubbles_on_axes_are_read() -> None:
    rng = np.random.default_rng(5)
    figure, ax = axes()
    ax.scatter(rng.uniform(1, 9, 20), rng.uniform(1, 9, 20), s=rng.uniform(10, 300, 20))
    assert len(read(figure).marks) >= 18


def test_a_hump_a_ring_and_slopes_are_read() -> None:
    figure, ax = axes()
    xs = np.linspace(-3, 3, 61)
    ax.fill_between(xs, np.exp(-(xs**2)))
    assert read(figure).kind == "area"
    figure, ax = axes()
    ax.pie([20, 30, 50], labels=["Gas", "Coal", "Wind"], wedgeprops={"width": 0.4})
    assert read(figure).kind == "donut"
    figure, ax = axes()
    for n, (a, b) in enumerate([(1, 4), (2, 5), (3, 6), (6, 3), (5, 2), (4, 1), (2, 2.5), (7, 6)]):
        ax.plot([2000, 2010], [a, b], color=f"C{n}")
    assert read(figure).kind == "line"
